//! Short ways to make invented people.

#![allow(dead_code, reason = "each test program uses its own part")]
#![expect(unreachable_pub, reason = "a test program's module has nobody outside")]

pub mod company;

use std::sync::Arc;

use reconcile::{
    Account, AccountId, Communication, Contact, ContactId, Coverage, Decisions, Link, Plan, Policy, Row,
    RowKind, Slot, Snapshot, prepare,
};

pub fn guid(n: u128) -> AccountId {
    format!("{n:032x}").parse().expect("32 digits are a GUID")
}

pub fn account(n: u128, given: &str, family: &str) -> Account {
    let local = format!("{given}.{family}").to_lowercase();
    Account {
        id: guid(n),
        dn: format!("CN={given} {family},OU=Staff,DC=corp,DC=harbor,DC=example"),
        logon_name: local.clone(),
        principal_name: Some(format!("{local}@corp.harbor.example")),
        given_name: Some(given.to_owned()),
        surname: Some(family.to_owned()),
        display_name: Some(format!("{given} {family}")),
        mail: Some(format!("{local}@harbor.example")),
        enabled: true,
        ..Account::default()
    }
}

pub fn item(id: i64, slot: Slot, value: &str) -> Communication {
    Communication { id, slot, value: value.to_owned(), default: true }
}

pub fn contact(n: i64, given: &str, family: &str) -> Contact {
    Contact {
        id: ContactId(n),
        first_name: given.to_owned(),
        last_name: family.to_owned(),
        communications: vec![item(
            1,
            Slot::Email,
            &format!("{given}.{family}@harbor.example").to_lowercase(),
        )],
        ..Contact::default()
    }
}

pub fn link(account: u128, contact: i64) -> Link {
    Link::new(guid(account), ContactId(contact))
}

pub fn no_decisions() -> Decisions {
    Decisions::new()
}

pub fn plan(accounts: &[Account], contacts: &[Contact], links: &[Link], decisions: &Decisions) -> Plan {
    let snapshot = Snapshot { accounts: accounts.to_vec(), coverage: Coverage::Complete };
    prepare(snapshot, contacts.to_vec(), &Policy::default()).plan(links, decisions)
}

pub fn rows_of(plan: &Plan, kind: RowKind) -> Vec<Arc<Row>> {
    plan.rows.iter().filter(|row| row.kind == kind).cloned().collect()
}
