//! A company whose plans are applied as the service would: to contacts and links in memory.

use std::fmt::Write as _;

use reconcile::{
    Account, AccountId, Communication, Contact, ContactId, Coverage, Decision, Decisions, Field, FieldChange,
    Link, Plan, Policy, Prepared, Row, RowKind, Slot, Snapshot, Subject, prepare,
};

use super::{account, contact, link};

#[derive(Clone, Debug, Default)]
pub struct Company {
    pub accounts: Vec<Account>,
    pub contacts: Vec<Contact>,
    pub links: Vec<Link>,
    pub decisions: Decisions,
    pub policy: Policy,
    /// New contacts have ids above this.
    pub least_new_id: i64,
}

/// Ann and Bea are in both and linked; Bea is up to date.
pub fn two() -> Company {
    Company {
        accounts: vec![account(1, "Ann", "Smith"), account(2, "Bea", "Jones")],
        contacts: vec![contact(1, "Ann", "Smith"), contact(2, "Bea", "Jones")],
        links: vec![link(1, 1), link(2, 2)],
        ..Company::default()
    }
}

impl Company {
    fn prepared(&self) -> Prepared {
        let snapshot = Snapshot { accounts: self.accounts.clone(), coverage: Coverage::Complete };
        prepare(snapshot, self.contacts.clone(), &self.policy)
    }

    pub fn plan(&self) -> Plan {
        self.prepared().plan(&self.links, &self.decisions)
    }

    /// Plans, and applies each row that writes; the plan.
    pub fn sync(&mut self) -> Plan {
        let prepared = self.prepared();
        let plan = prepared.plan(&self.links, &self.decisions);
        for row in plan.writing() {
            let is_left_out = row.account.and_then(|id| prepared.exclusion(id)).is_some();
            self.apply(row, is_left_out);
        }
        // A contact that is active again was brought back; that it is put away later is not our doing.
        let active = |id| self.contacts.iter().any(|contact: &Contact| contact.id == id && !contact.inactive);
        for link in self.links.iter_mut().filter(|link| active(link.contact)) {
            link.deactivated_by_us = false;
        }
        plan
    }

    /// Leaves the account as it is now, as undoing what was written of it does.
    pub fn leave(&mut self, id: AccountId) {
        let left = Decision::Left(self.prepared().state_of(id));
        self.decisions.insert(Subject::Account(id), left);
    }

    pub fn account(&mut self, id: AccountId) -> &mut Account {
        self.accounts.iter_mut().find(|account| account.id == id).expect("the account is there")
    }

    pub fn contact(&mut self, id: i64) -> &mut Contact {
        self.contacts.iter_mut().find(|contact| contact.id == ContactId(id)).expect("the contact is there")
    }

    fn apply(&mut self, row: &Row, is_left_out: bool) {
        // The PSA gives no id twice, not even one of a contact that it lost.
        let known =
            self.contacts.iter().map(|contact| contact.id).chain(self.links.iter().map(|link| link.contact));
        let newest = known.map(|id| id.0).max().unwrap_or(0).max(self.least_new_id);
        let id = row.contact.unwrap_or(ContactId(newest + 1));
        if row.contact.is_none() {
            self.contacts.push(Contact { id, ..Contact::default() });
        }
        let contact = self.contact(id.0);
        for change in &row.changes {
            write(contact, change);
        }
        match row.kind {
            RowKind::Deactivate => contact.inactive = true,
            RowKind::Reactivate => contact.inactive = false,
            _ => {}
        }
        if let Some(account) = row.account {
            self.links.retain(|link| link.account != account && link.contact != id);
            let deactivated_by_us = row.kind == RowKind::Deactivate;
            self.links.push(Link { deactivated_by_us, ..Link::new(account, id) });
            self.use_up(Subject::Account(account), is_left_out.then_some(Decision::Person));
        }
        self.use_up(Subject::Contact(id), None);
    }

    fn use_up(&mut self, subject: Subject, leaves: Option<Decision>) {
        if let Some(decision) = self.decisions.get(&subject).copied()
            && decision.is_used_up_by_a_write()
        {
            self.decisions.remove(&subject);
            self.decisions
                .extend(leaves.filter(|_| decision.says_somebody()).map(|leaves| (subject, leaves)));
        }
    }
}

fn write(contact: &mut Contact, change: &FieldChange) {
    let FieldChange { field, new, .. } = change;
    let new = new.clone();
    match field {
        Field::FirstName => contact.first_name = new,
        Field::LastName => contact.last_name = new,
        Field::Title => contact.title = new,
        Field::Department => contact.department = new,
        Field::Site => contact.site = new,
        Field::EmployeeId => contact.employee_id = new,
        Field::AccountId => contact.account_id = new,
        Field::Type => contact.types.push(new),
        Field::Manager => contact.manager = new.parse().ok().map(ContactId),
        Field::Aliases => add(contact, Slot::OtherEmail, new),
        Field::Email | Field::Direct | Field::Mobile | Field::Fax => {
            let slot = field.slot().expect("a communication item has a slot");
            let held = contact.in_slot(slot).map(|item| item.id);
            match contact.communications.iter_mut().find(|item| Some(item.id) == held) {
                Some(item) => item.value = new,
                None => add(contact, slot, new),
            }
        }
    }
}

fn add(contact: &mut Contact, slot: Slot, value: String) {
    let id = contact.communications.iter().map(|item| item.id).max().unwrap_or(0) + 1;
    contact.communications.push(Communication { id, slot, value, default: false });
}

/// A plan as a text, a row a line: kind, account, contact, changes, reasons.
pub fn told(plan: &Plan) -> String {
    let mut text = String::new();
    for row in &plan.rows {
        let account = row.account.map_or_else(|| "-".to_owned(), |id| format!("a{}", id.0.as_u128()));
        let contact = row.contact.map_or_else(|| "-".to_owned(), |id| format!("c{id}"));
        write!(text, "{} {account} {contact}", row.kind.code()).expect("a text takes everything");
        for change in &row.changes {
            let old = change.old.as_deref().unwrap_or("");
            write!(text, " {}[{old}>{}]", change.field.code(), change.new).expect("a text takes everything");
        }
        writeln!(text, " because {:?}", row.reasons).expect("a text takes everything");
    }
    text
}
