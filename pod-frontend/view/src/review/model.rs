//! The state of a review: the plan as the decisions stand, and what is ticked, open and filtered.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use reconcile::{
    Account, Contact, ContactId, Decision, Plan, Planning, Prepared, Row, RowKey, RowKind, Subject, normal,
};

use super::ticks::Ticks;
use crate::{
    people::{account_name, contact_name, row_name, row_subject},
    wire::{ApplyRequest, Approved},
};

/// How many rows a group shows before it is asked for all.
pub const PER_GROUP: usize = 50;

/// The kinds in the order of their groups.
pub const KINDS: [RowKind; 10] = [
    RowKind::NeedsDecision,
    RowKind::Deactivate,
    RowKind::Reactivate,
    RowKind::Create,
    RowKind::Update,
    RowKind::Link,
    RowKind::PsaOnly,
    RowKind::Ignored,
    RowKind::Excluded,
    RowKind::Unchanged,
];

/// One group of rows as it is shown now.
#[derive(Clone, Debug)]
pub struct Group {
    /// What its rows would do.
    pub kind: RowKind,
    /// Rows of this kind.
    pub all: usize,
    /// Of these, rows that the filter leaves.
    pub matching: usize,
    /// Of these, the rows that are shown.
    pub rows: Vec<Arc<Row>>,
    /// Whether the group is open.
    pub open: bool,
}

/// What a decision did beside what it says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// Questions about others that are answered with it.
    pub settled: usize,
    /// Other rows about others that changed.
    pub changed: usize,
}

/// A review in progress.
#[derive(Debug)]
pub struct Review {
    planning: Planning,
    plan: Plan,
    names: HashMap<Subject, String>,
    ticks: Ticks,
    picked: BTreeSet<ContactId>,
    open_rows: BTreeSet<Subject>,
    closed_groups: BTreeSet<RowKind>,
    whole_groups: BTreeSet<RowKind>,
    filter: String,
}

impl Review {
    /// A review of this plan, with everything ticked that may be approved unseen.
    #[must_use]
    pub fn new(planning: Planning) -> Self {
        let both = planning.prepared();
        let accounts =
            both.accounts().iter().map(|account| (Subject::Account(account.id), account_text(account)));
        let contacts =
            both.contacts().iter().map(|contact| (Subject::Contact(contact.id), contact_text(contact)));
        Self {
            names: accounts.chain(contacts).collect(),
            plan: planning.plan(),
            planning,
            ticks: Ticks::default(),
            picked: BTreeSet::new(),
            open_rows: BTreeSet::new(),
            closed_groups: BTreeSet::from([RowKind::Unchanged]),
            whole_groups: BTreeSet::new(),
            filter: String::new(),
        }
    }

    /// Both sides.
    #[must_use]
    pub fn both(&self) -> &Prepared {
        self.planning.prepared()
    }

    /// The plan as the decisions stand.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Rows by kind, kinds without rows left out.
    #[must_use]
    pub fn counts(&self) -> Vec<(RowKind, usize)> {
        counted(self.plan.rows.iter().map(|row| row.kind))
    }

    /// Questions that only a person can answer.
    #[must_use]
    pub fn questions(&self) -> usize {
        self.plan.count(RowKind::NeedsDecision)
    }

    /// The groups that have rows, in the plan's order.
    #[must_use]
    pub fn groups(&self) -> Vec<Group> {
        KINDS
            .into_iter()
            .filter_map(|kind| {
                let all = self.plan.count(kind);
                let matching = self.matching(kind);
                // A group that a filter was typed for opens: the find would be hidden otherwise.
                let open =
                    !self.closed_groups.contains(&kind) || (!self.filter.is_empty() && !matching.is_empty());
                let shown = match (open, self.whole_groups.contains(&kind)) {
                    (false, _) => 0,
                    (true, true) => matching.len(),
                    (true, false) => matching.len().min(PER_GROUP),
                };
                (all > 0).then(|| Group {
                    kind,
                    all,
                    matching: matching.len(),
                    rows: matching[..shown].iter().map(|row| Arc::clone(row)).collect(),
                    open,
                })
            })
            .collect()
    }

    /// The rows of a kind that the filter leaves.
    fn matching(&self, kind: RowKind) -> Vec<&Arc<Row>> {
        self.plan.rows.iter().filter(|row| row.kind == kind && self.passes(row)).collect()
    }

    fn passes(&self, row: &Row) -> bool {
        let fits = |subject| self.names.get(&subject).is_some_and(|name| name.contains(&self.filter));
        self.filter.is_empty()
            || row.account.is_some_and(|id| fits(Subject::Account(id)))
            || row.contact.is_some_and(|id| fits(Subject::Contact(id)))
    }

    /// Shows only rows with this in a name or an address.
    pub fn set_filter(&mut self, text: &str) {
        self.filter = normal::fold(text);
    }

    /// Opens or closes a row.
    pub fn toggle_row(&mut self, subject: Subject) {
        if !self.open_rows.remove(&subject) {
            self.open_rows.insert(subject);
        }
    }

    /// Whether a row is open.
    #[must_use]
    pub fn row_is_open(&self, subject: Subject) -> bool {
        self.open_rows.contains(&subject)
    }

    /// Opens or closes a group.
    pub fn toggle_group(&mut self, kind: RowKind) {
        if !self.closed_groups.remove(&kind) {
            self.closed_groups.insert(kind);
        }
    }

    /// Opens a group.
    pub fn open_group(&mut self, kind: RowKind) {
        self.closed_groups.remove(&kind);
    }

    /// Shows all rows of a group.
    pub fn show_all(&mut self, kind: RowKind) {
        self.whole_groups.insert(kind);
    }

    /// The row about this subject: its own, or the one in which it is the other half.
    #[must_use]
    pub fn row_of(&self, subject: Subject) -> Option<&Arc<Row>> {
        self.plan.rows.iter().find(|row| row_subject(row) == Some(subject)).or_else(|| {
            self.plan.rows.iter().find(|row| match subject {
                Subject::Account(id) => row.account == Some(id),
                Subject::Contact(id) => row.contact == Some(id),
            })
        })
    }

    /// The name of whom a row or a decision is about.
    #[must_use]
    pub fn name_of(&self, subject: Subject) -> String {
        let both = self.both();
        match subject {
            Subject::Account(id) => both.account(id).map(account_name),
            Subject::Contact(id) => both.contact(id).map(contact_name),
        }
        .or_else(|| self.row_of(subject).map(|row| row_name(row, both)))
        .unwrap_or_else(|| crate::text::SOMEBODY.to_owned())
    }

    /// The decision that a row follows, with its subject.
    #[must_use]
    pub fn decision_of(&self, row: &Row) -> Option<(Subject, Decision)> {
        let subjects = [row.account.map(Subject::Account), row.contact.map(Subject::Contact)];
        subjects
            .into_iter()
            .flatten()
            .find_map(|subject| self.standing(subject).map(|decision| (subject, decision)))
    }

    /// The decision that stands about a subject.
    #[must_use]
    pub fn standing(&self, subject: Subject) -> Option<Decision> {
        self.planning.decisions().get(&subject).copied()
    }

    /// Makes decisions or takes them back (`None`), plans again, and says what else that did.
    pub fn decide(&mut self, decisions: &[(Subject, Option<Decision>)]) -> Decided {
        let mut own: HashSet<Subject> = HashSet::new();
        for &(subject, decision) in decisions {
            own.insert(subject);
            let earlier = self.standing(subject);
            own.extend([decision, earlier].into_iter().flatten().filter_map(|decision| match decision {
                Decision::Match(contact) => Some(Subject::Contact(contact)),
                _ => None,
            }));
            // What was decided about is not picked any more.
            if let Subject::Contact(contact) = subject {
                self.picked.remove(&contact);
            }
        }
        self.planning.decide_all(decisions.iter().copied());
        let before = std::mem::replace(&mut self.plan, self.planning.plan());

        let about_others = |row: &&Arc<Row>| {
            !row.account.is_some_and(|id| own.contains(&Subject::Account(id)))
                && !row.contact.is_some_and(|id| own.contains(&Subject::Contact(id)))
        };
        let question = |kind| matches!(kind, RowKind::NeedsDecision | RowKind::PsaOnly);
        let after: HashMap<RowKey, &Arc<Row>> =
            self.plan.rows.iter().filter(about_others).map(|row| (row.key(), row)).collect();
        let mut decided = Decided::default();
        for row in before.rows.iter().filter(about_others) {
            match after.get(&row.key()) {
                Some(now) if now.fingerprint == row.fingerprint => {}
                Some(now) if question(row.kind) && !question(now.kind) => decided.settled += 1,
                None if question(row.kind) => decided.settled += 1,
                _ => decided.changed += 1,
            }
        }
        decided
    }

    /// Ticks or unticks a row.
    pub fn tick(&mut self, subject: Subject, ticked: bool) {
        if let Some(row) = self.row_of(subject).map(Arc::clone) {
            self.ticks.set(&row, ticked);
        }
    }

    /// Ticks all rows of a group that may be approved unseen, or unticks all; those that the
    /// filter leaves.
    pub fn tick_group(&mut self, kind: RowKind, ticked: bool) {
        let rows: Vec<Arc<Row>> = self.matching(kind).into_iter().map(Arc::clone).collect();
        for row in rows.iter().filter(|row| !ticked || row.approved_by_default()) {
            self.ticks.set(row, ticked);
        }
    }

    /// Whether a row is ticked. A tick that was given to other content does not count; an untick
    /// stays whatever the row becomes.
    #[must_use]
    pub fn is_ticked(&self, row: &Row) -> bool {
        self.ticks.of(row)
    }

    /// Ticked and tickable rows of a group that the filter leaves.
    #[must_use]
    pub fn ticked_in(&self, kind: RowKind) -> (usize, usize) {
        let rows = self.matching(kind);
        (rows.iter().filter(|row| self.is_ticked(row)).count(), rows.len())
    }

    /// Picks a contact in the PSA only for what is done to many, or drops it again.
    pub fn pick(&mut self, contact: ContactId, picked: bool) {
        if picked {
            self.picked.insert(contact);
        } else {
            self.picked.remove(&contact);
        }
    }

    /// Whether a contact is picked.
    #[must_use]
    pub fn is_picked(&self, contact: ContactId) -> bool {
        self.picked.contains(&contact)
    }

    /// How many are picked.
    #[must_use]
    pub fn picked(&self) -> usize {
        self.picked.len()
    }

    /// The contacts in the PSA only that a decision about many is for: the picked ones, or all
    /// that the filter leaves when none is.
    #[must_use]
    pub fn many(&self) -> Vec<Subject> {
        let picked = |row: &&Arc<Row>| {
            self.picked.is_empty() || row.contact.is_some_and(|contact| self.picked.contains(&contact))
        };
        let rows = self.matching(RowKind::PsaOnly);
        rows.into_iter().filter(picked).filter_map(|row| row.contact.map(Subject::Contact)).collect()
    }

    /// The ticked rows, by kind.
    #[must_use]
    pub fn ticked_counts(&self) -> Vec<(RowKind, usize)> {
        counted(self.plan.writing().filter(|row| self.is_ticked(row)).map(|row| row.kind))
    }

    /// What is sent when the person applies. `unsaved` are the decisions that the service does not
    /// have yet.
    #[must_use]
    pub fn request(&self, unsaved: &BTreeMap<Subject, Option<Decision>>) -> ApplyRequest {
        let mut approved: Vec<Approved> = self
            .plan
            .writing()
            .filter(|row| self.is_ticked(row))
            .map(|row| Approved { key: row.key(), kind: row.kind, fingerprint: row.fingerprint })
            .collect();
        approved.sort_unstable();
        let changes = unsaved.iter().map(|(&subject, &decision)| (subject, decision)).collect();
        ApplyRequest { changes, approved }
    }

    /// Contacts with this in a name or address, in the order of their names.
    #[must_use]
    pub fn find_contacts(&self, text: &str, most: usize) -> Vec<&Contact> {
        let fits = |contact: &&Contact| self.fits(Subject::Contact(contact.id), text);
        first_by_name(self.both().contacts().iter().filter(fits), contact_name, most)
    }

    /// Accounts with this in a name or address, in the order of their names.
    #[must_use]
    pub fn find_accounts(&self, text: &str, most: usize) -> Vec<&Account> {
        let fits = |account: &&Account| self.fits(Subject::Account(account.id), text);
        first_by_name(self.both().accounts().iter().filter(fits), account_name, most)
    }

    fn fits(&self, subject: Subject, text: &str) -> bool {
        let wanted = normal::fold(text);
        !wanted.is_empty() && self.names.get(&subject).is_some_and(|name| name.contains(&wanted))
    }
}

fn counted(kinds: impl Iterator<Item = RowKind>) -> Vec<(RowKind, usize)> {
    let mut counts = KINDS.map(|kind| (kind, 0));
    for kind in kinds {
        if let Some(count) = counts.iter_mut().find(|count| count.0 == kind) {
            count.1 += 1;
        }
    }
    counts.into_iter().filter(|(_, rows)| *rows > 0).collect()
}

fn first_by_name<'a, T>(
    found: impl Iterator<Item = &'a T>,
    name: impl Fn(&T) -> String,
    most: usize,
) -> Vec<&'a T> {
    let mut found: Vec<&T> = found.collect();
    found.sort_by_cached_key(|one| name(one).to_lowercase());
    found.truncate(most);
    found
}

/// What the filter and the searches look at: the name, its parts, the addresses.
fn account_text(account: &Account) -> String {
    let parts =
        [account.given_name.as_deref(), account.surname.as_deref(), Some(account.logon_name.as_str())];
    let texts: Vec<&str> = parts.into_iter().flatten().chain(account.addresses()).collect();
    normal::fold(&format!("{} {}", account_name(account), texts.join(" ")))
}

fn contact_text(contact: &Contact) -> String {
    normal::fold(&format!("{} {}", contact_name(contact), contact.addresses().collect::<Vec<_>>().join(" ")))
}
