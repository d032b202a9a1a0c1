//! What must hold for every company.

mod common;

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use common::{
    account,
    company::{Company, told},
    contact, guid, link,
};
use proptest::prelude::*;
use reconcile::{
    Account, AccountState, Contact, ContactId, Coverage, Decision, Decisions, Link, LinkElsewhere,
    OtherCompany, Planning, Policy, Prepared, Reason, Row, RowKind, Snapshot, Subject,
    guard::{Limits, Past, holds},
    prepare,
};

const GIVEN: [&str; 4] = ["Ann", "Bea", "A", "Carl"];
const FAMILY: [&str; 3] = ["Smith", "Jones", "de Boer"];

// Few names and addresses for many people, so that most of them collide.
fn accounts() -> impl Strategy<Value = Vec<Account>> {
    prop::collection::vec((0..4usize, 0..3usize, 0..8usize, any::<bool>(), 0..10u8), 0..9).prop_map(
        |people| {
            people
                .into_iter()
                .enumerate()
                .map(|(n, (given, family, mail, enabled, kind))| {
                    let mut account = account(n as u128, GIVEN[given], FAMILY[family]);
                    account.enabled = enabled;
                    account.principal_name = None;
                    account.mail = (mail < 6).then(|| format!("m{mail}@harbor.example"));
                    if kind == 0 {
                        account.logon_name = format!("svc-{n}");
                    }
                    account
                })
                .collect()
        },
    )
}

fn contacts() -> impl Strategy<Value = Vec<Contact>> {
    prop::collection::vec((0..4usize, 0..3usize, 0..8usize, any::<bool>()), 0..9).prop_map(|people| {
        people
            .into_iter()
            .enumerate()
            .map(|(n, (given, family, mail, inactive))| {
                let mut contact = contact(i64::try_from(n).expect("few"), GIVEN[given], FAMILY[family]);
                contact.inactive = inactive;
                contact.communications[0].value = format!("m{mail}@harbor.example");
                contact
            })
            .collect()
    })
}

/// Links between any two, present or not; each key at most once, as the store guarantees.
fn links() -> impl Strategy<Value = Vec<Link>> {
    prop::collection::vec((0..12u128, 0..12i64, any::<bool>()), 0..6).prop_map(|pairs| {
        let (mut accounts, mut contacts) = (HashSet::new(), HashSet::new());
        pairs
            .into_iter()
            .filter(|(account, contact, _)| accounts.insert(*account) && contacts.insert(*contact))
            .map(|(account, contact, ours)| Link { deactivated_by_us: ours, ..link(account, contact) })
            .collect()
    })
}

/// Stands for the state that an account has: nobody knows it before both sides are prepared.
fn as_it_is() -> AccountState {
    "f".repeat(32).parse().expect("32 digits are a state")
}

/// The decision with the state of its account where it stands for that.
fn meant(subject: Subject, decision: Decision, prepared: &Prepared) -> Decision {
    match (subject, decision) {
        (Subject::Account(id), Decision::Left(state)) if state == as_it_is() => {
            Decision::Left(prepared.state_of(id))
        }
        _ => decision,
    }
}

fn all_meant(decisions: BTreeMap<u128, (Subject, Option<Decision>)>, prepared: &Prepared) -> Decisions {
    let made = decisions.into_values().filter_map(|(subject, decision)| Some((subject, decision?)));
    made.map(|(subject, decision)| (subject, meant(subject, decision, prepared))).collect()
}

fn decision() -> impl Strategy<Value = (Subject, Option<Decision>)> {
    prop_oneof![
        (0..12u128, 0..10u8, 0..12i64).prop_map(|(account, what, contact)| {
            let decision = match what {
                0 | 1 => Some(Decision::Match(ContactId(contact))),
                2 => Some(Decision::Create),
                3 => Some(Decision::Ignore),
                4 => Some(Decision::Person),
                5 => Some(Decision::Move),
                6 | 7 => Some(Decision::Left(as_it_is())),
                8 => Some(Decision::Left(AccountState::MISSING)),
                _ => None,
            };
            (Subject::Account(guid(account)), decision)
        }),
        (0..12i64, 0..3u8).prop_map(|(contact, what)| {
            let decision = match what {
                0 => Some(Decision::Deactivate),
                1 => Some(Decision::Ignore),
                _ => None,
            };
            (Subject::Contact(ContactId(contact)), decision)
        }),
    ]
}

/// Rules of a few kinds, and another company that has some of the accounts.
fn policy() -> impl Strategy<Value = Policy> {
    let rules = prop::sample::subsequence(
        vec![
            "leave out name Bea*",
            "person logon svc-*",
            "only name *n*",
            "keep first name",
            "name A is Carl",
        ],
        0..5,
    );
    let linked = prop::collection::vec((0..12u128, 0..20i64), 0..3).prop_map(|pairs| {
        let (mut accounts, mut contacts) = (HashSet::new(), HashSet::new());
        pairs
            .into_iter()
            .filter(|(account, contact)| accounts.insert(*account) && contacts.insert(*contact))
            .map(|(account, contact)| LinkElsewhere { account: guid(account), contact: ContactId(contact) })
            .collect()
    });
    (rules, linked).prop_map(|(rules, linked)| Policy {
        rules: rules.into_iter().map(|rule| rule.parse().expect("a rule")).collect(),
        others: vec![OtherCompany {
            id: 99,
            takes: vec!["name *Jones".parse().expect("a test")],
            linked,
            ..OtherCompany::default()
        }],
        ..Policy::default()
    })
}

fn coverage() -> impl Strategy<Value = Coverage> {
    prop_oneof![Just(Coverage::Complete), Just(Coverage::Partial)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn planning_again_in_part_equals_planning_from_nothing(
        accounts in accounts(), contacts in contacts(), links in links(),
        decisions in prop::collection::vec(decision(), 0..12), coverage in coverage(), policy in policy(),
    ) {
        let prepared = Arc::new(prepare(Snapshot { accounts, coverage }, contacts, &policy));
        let mut planning = Planning::new(Arc::clone(&prepared), &links, Decisions::new());
        for (subject, decision) in decisions {
            planning.decide(subject, decision.map(|decision| meant(subject, decision, &prepared)));
            let whole = prepared.plan(&links, planning.decisions());
            for row in &whole.rows {
                if let Some(account) = row.account {
                    prop_assert_eq!(planning.row_of(account), Some(Arc::clone(row)));
                }
            }
            prop_assert_eq!(planning.plan(), whole);
        }
    }

    #[test]
    fn i1_i2_nobody_twice_and_nobody_gone_without_cause(
        accounts in accounts(), contacts in contacts(), links in links(),
        decisions in prop::collection::btree_map(0..12u128, decision(), 0..12), coverage in coverage(),
        policy in policy(),
    ) {
        let complete = coverage == Coverage::Complete && !accounts.is_empty();
        let prepared = prepare(Snapshot { accounts, coverage }, contacts, &policy);
        let decisions = all_meant(decisions, &prepared);
        let plan = prepared.plan(&links, &decisions);
        let (mut seen_accounts, mut seen_contacts) = (HashSet::new(), HashSet::new());
        for row in &plan.rows {
            if let Some(account) = row.account {
                prop_assert!(seen_accounts.insert(account), "an account in two rows: {:?}", row);
            }
            if let Some(contact) = row.contact {
                prop_assert!(seen_contacts.insert(contact), "a contact in two rows: {:?}", row);
                // Only one that is to be brought here is not here.
                prop_assert!(prepared.contact(contact).is_some() != (row.kind == RowKind::Move), "{:?}", row);
            }
            if row.kind == RowKind::Deactivate {
                prop_assert!(complete);
                let account = row.account.and_then(|id| prepared.account(id));
                let asked = row.contact
                    .is_some_and(|id| decisions.get(&Subject::Contact(id)) == Some(&Decision::Deactivate));
                let linked_and_missing = account.is_none()
                    && links.iter().any(|link| Some(link.account) == row.account && Some(link.contact) == row.contact);
                prop_assert!(asked || linked_and_missing || account.is_some_and(|account| !account.enabled));
            }
            if row.kind == RowKind::Create {
                let account = prepared.account(row.account.expect("a creation has an account")).expect("present");
                prop_assert!(account.enabled);
                prop_assert!(row.changes.iter().any(|change| change.field == reconcile::Field::FirstName));
            }
            prop_assert!(row.changes.iter().all(|change| !change.new.trim().is_empty()));
        }
        // Every account that the directory has is in exactly one row.
        for account in prepared.accounts() {
            prop_assert!(seen_accounts.contains(&account.id));
        }
    }

    #[test]
    fn after_a_plan_was_applied_there_is_nothing_left_to_write(
        accounts in accounts(), contacts in contacts(), links in links(),
        decisions in prop::collection::btree_map(0..12u128, decision(), 0..6),
    ) {
        let snapshot = Snapshot { accounts: accounts.clone(), coverage: Coverage::Complete };
        let prepared = prepare(snapshot, Vec::new(), &Policy::default());
        let decisions = all_meant(decisions, &prepared);
        let mut company = Company { accounts, contacts, links, decisions, least_new_id: 100, ..Company::default() };
        let first = company.sync();
        let second = company.plan();
        // A question may be answered by what was written for others: its candidate is somebody else's now.
        let was_asked = |row: &Row| {
            first.rows.iter().any(|asked| asked.kind == RowKind::NeedsDecision && asked.account == row.account)
        };
        let again = second.writing().filter(|row| !was_asked(row)).count();
        prop_assert_eq!(again, 0, "first:\n{}second:\n{}", told(&first), told(&second));
        company.sync();
        company.sync();
        let end = company.plan();
        prop_assert_eq!(end.writing().count(), 0, "it comes to rest:\n{}", told(&end));
    }

    #[test]
    fn a_decision_of_a_person_is_never_overruled(
        accounts in accounts(), contacts in contacts(), links in links(),
        decisions in prop::collection::btree_map(0..12u128, decision(), 0..12), coverage in coverage(),
    ) {
        let prepared = prepare(Snapshot { accounts, coverage }, contacts, &Policy::default());
        let decisions = all_meant(decisions, &prepared);
        let plan = prepared.plan(&links, &decisions);
        let past = Past { linked: 1_000, ..Past::default() };
        let held = holds(&plan, &past, &Limits::default());
        for row in &plan.rows {
            let of_account = row.account.and_then(|id| decisions.get(&Subject::Account(id)));
            let of_contact = row.contact.and_then(|id| decisions.get(&Subject::Contact(id)));
            if [of_account, of_contact].contains(&Some(&Decision::Ignore)) {
                prop_assert!(!row.kind.writes(), "{:?}", row);
            }
            let asked = row.reasons.contains(&Reason::DeactivationChosen);
            if let (Some(Decision::Left(state)), Some(account), false) = (of_account, row.account, asked) {
                let is_as_it_was = *state == prepared.state_of(account);
                let waits = !row.approved_by_default() && held.contains_key(&row.key());
                prop_assert!(!row.kind.writes() || !is_as_it_was && waits, "{:?}", row);
                prop_assert!(is_as_it_was || !row.reasons.contains(&Reason::LeftAsItWas), "{:?}", row);
            }
            // One whose account is gone is decided about by what becomes of the contact.
            let is_there = row.account.is_some_and(|id| prepared.account(id).is_some());
            if of_account == Some(&Decision::Create) && is_there {
                prop_assert!(row.contact.is_none(), "{:?}", row);
            }
            if let (Some(Decision::Match(chosen)), Some(contact), true) = (of_account, row.contact, is_there) {
                prop_assert_eq!(*chosen, contact);
            }
        }
    }

    #[test]
    fn the_order_of_the_lists_changes_nothing(
        accounts in accounts(), contacts in contacts(), links in links(),
        decisions in prop::collection::btree_map(0..12u128, decision(), 0..6),
    ) {
        let snapshot = Snapshot { accounts: accounts.clone(), coverage: Coverage::Complete };
        let prepared = prepare(snapshot, Vec::new(), &Policy::default());
        let decisions = all_meant(decisions, &prepared);
        let forward = common::plan(&accounts, &contacts, &links, &decisions);
        let reversed: Vec<_> = accounts.into_iter().rev().collect();
        let contacts: Vec<_> = contacts.into_iter().rev().collect();
        prop_assert_eq!(forward, common::plan(&reversed, &contacts, &links, &decisions));
    }
}
