//! What becomes of rows that were undone: left as they were, until the account changes.

mod common;

use common::{
    account,
    company::{Company, told, two},
    contact, guid, link,
};
use reconcile::{
    AccountId, AccountState, Contact, ContactId, Coverage, Decision, Field, Owner, Plan, Policy, Protection,
    RowKind, Rule, Snapshot, Subject,
    guard::{Hold, Limits, Past, holds, is_exodus},
    prepare,
};

const BEA: &str = "unchanged a2 c2 because [Linked]\n";

/// Ann's line of the plan; Bea has nothing to do.
#[track_caller]
fn of_ann(company: &Company) -> String {
    let text = told(&company.plan());
    text.replacen(BEA, "", 1).trim_end().to_owned()
}

/// Ann's row asks for a person: it is not ticked by itself, and no unattended run writes it.
#[track_caller]
fn waits_for_a_person(plan: &Plan) {
    let row = plan.rows.iter().find(|row| row.account == Some(guid(1))).expect("Ann has a row");
    assert!(row.kind.writes() && !row.approved_by_default(), "{row:?}");
    let past = Past { linked: 50, read_at: 1_000_000, ..Past::default() };
    assert_eq!(holds(plan, &past, &Limits::default()).get(&row.key()), Some(&Hold::ChangedSinceLeft));
}

const LEFT: &str = "ignored a1 c1 because [LeftAsItWas]";

#[test]
fn a_creation_that_was_undone_is_asked_again_when_the_title_changes() {
    let mut company = two();
    company.links.remove(0);
    company.contacts.remove(0);
    assert_eq!(company.plan().count(RowKind::Create), 1);
    company.leave(guid(1));
    assert_eq!(of_ann(&company), "ignored a1 - because [LeftAsItWas]");
    assert_eq!(company.sync().writing().count(), 0);
    company.account(guid(1)).title = Some("Director".into());
    assert!(of_ann(&company).ends_with(
        "title[>Director] email[>ann.smith@harbor.example] because [NoContact, ChangedSinceLeft]"
    ));
    waits_for_a_person(&company.plan());
    // Approved by a person, it is used up.
    company.sync();
    assert!(company.decisions.is_empty());
    company.account(guid(1)).title = Some("Owner".into());
    assert!(company.plan().writing().all(|row| row.approved_by_default()));
}

#[test]
fn an_update_that_was_undone_is_left_as_it_was() {
    let mut company = two();
    company.account(guid(1)).title = Some("Director".into());
    company.leave(guid(1));
    assert_eq!(of_ann(&company), LEFT);
    let row = &company.plan().rows[0];
    assert_eq!(row.decision, company.decisions.get(&Subject::Account(guid(1))).copied());
    assert!(row.changes.is_empty());
    company.account(guid(1)).title = Some("Owner".into());
    assert_eq!(of_ann(&company), "update a1 c1 title[>Owner] because [Linked, ChangedSinceLeft]");
    waits_for_a_person(&company.plan());
    // What the contact has by now is no question, and nobody is asked.
    company.contact(1).title = "Owner".into();
    assert_eq!(of_ann(&company), "unchanged a1 c1 because [Linked]");
    assert_eq!(company.plan().rows[0].decision, None);
}

#[test]
fn a_link_that_was_undone_is_not_made_again() {
    let mut company = two();
    company.links.remove(0);
    assert_eq!(of_ann(&company), "link a1 c1 because [SameAddress]");
    company.leave(guid(1));
    assert_eq!(of_ann(&company), LEFT);
}

#[test]
fn the_deactivation_of_a_disabled_account_that_was_undone_stays_undone() {
    let mut company = two();
    company.account(guid(1)).enabled = false;
    company.leave(guid(1));
    assert_eq!(of_ann(&company), LEFT);
    company.account(guid(1)).office = Some("Archive".into());
    assert_eq!(of_ann(&company), "deactivate a1 c1 because [Linked, AccountDisabled, ChangedSinceLeft]");
    waits_for_a_person(&company.plan());
    company.account(guid(1)).enabled = true;
    assert_eq!(of_ann(&company), "unchanged a1 c1 because [Linked]");
}

#[test]
fn somebody_who_was_brought_back_and_put_away_again_stays_away() {
    let mut company = two();
    company.contact(1).inactive = true;
    company.links[0].deactivated_by_us = true;
    assert_eq!(of_ann(&company), "reactivate a1 c1 because [Linked]");
    company.leave(guid(1));
    assert_eq!(of_ann(&company), LEFT);
    // Nor is it asked about, if it was a person who put the contact away.
    company.links[0].deactivated_by_us = false;
    assert_eq!(of_ann(&company), LEFT);
    company.account(guid(1)).title = Some("Director".into());
    assert_eq!(of_ann(&company), "needs_decision a1 c1 because [Linked, ContactInactive, ChangedSinceLeft]");
}

#[test]
fn the_deactivation_for_a_missing_account_stays_undone_until_it_returns() {
    let mut company = two();
    let ann = company.accounts.remove(0);
    company.leave(ann.id);
    assert_eq!(company.decisions[&Subject::Account(ann.id)], Decision::Left(AccountState::MISSING));
    assert_eq!(of_ann(&company), LEFT);
    company.accounts.insert(0, ann);
    assert_eq!(of_ann(&company), "unchanged a1 c1 because [Linked]");
}

#[test]
fn one_that_was_left_and_then_goes_missing_is_asked_about() {
    let mut company = two();
    company.account(guid(1)).enabled = false;
    company.leave(guid(1));
    company.accounts.remove(0);
    assert_eq!(of_ann(&company), "deactivate a1 c1 because [AccountMissing, ChangedSinceLeft]");
    waits_for_a_person(&company.plan());
    company.sync();
    assert!(company.decisions.is_empty());
}

#[test]
fn another_decision_takes_its_place() {
    let mut company = two();
    company.links.remove(0);
    company.contacts.remove(0);
    company.leave(guid(1));
    let ann = Subject::Account(guid(1));
    for (decision, expected) in [
        (Decision::Create, "because [CreationChosen]"),
        (Decision::Ignore, "ignored a1 - because [IgnoredByPerson]"),
        (Decision::Match(ContactId(2)), "because [ChosenByPerson]"),
    ] {
        company.decisions.insert(ann, decision);
        let text = told(&company.plan());
        assert!(text.lines().any(|line| line.ends_with(expected)), "{expected}: {text}");
    }
}

#[test]
fn a_deactivation_that_is_asked_for_is_not_left_undone() {
    let mut company = two();
    company.account(guid(1)).recipient_type_details = Some(4);
    company.leave(guid(1));
    let question = "needs_decision a1 c1 because [LeftOut(SharedMailbox)]";
    assert_eq!(of_ann(&company), question, "a question stays one");
    company.decisions.insert(Subject::Contact(ContactId(1)), Decision::Deactivate);
    assert_eq!(of_ann(&company), "deactivate a1 c1 because [DeactivationChosen]");
    assert!(company.plan().rows.iter().all(|row| !row.was_undone()));
    company.sync();
    assert!(company.decisions.is_empty(), "its write ends both: {:?}", company.decisions);
}

#[test]
fn being_left_says_nothing_of_who_an_account_is() {
    let mut company = two();
    company.accounts.push(account(3, "Ann", "Smith"));
    company.accounts[2].logon_name = "svc-ann".into();
    company.leave(guid(3));
    assert_eq!(company.plan().count(RowKind::Excluded), 1);
    // Nor once a write has ended it: a leaver's mailbox that was made a shared one.
    let mut company = two();
    company.account(guid(1)).recipient_type_details = Some(4);
    company.leave(guid(1));
    company.account(guid(1)).enabled = false;
    assert_eq!(company.sync().count(RowKind::Deactivate), 1);
    assert!(company.decisions.is_empty());
}

#[test]
fn who_was_left_is_no_leaver() {
    let number = |n: u128| i64::try_from(n).expect("few");
    let names = ["Ann", "Bea", "Carl", "Dora", "Emil", "Fred", "Gina", "Hugo"];
    let people = || (1..).zip(names);
    let mut company = Company {
        accounts: people().map(|(n, given)| account(n, given, "Smith")).collect(),
        contacts: people()
            .map(|(n, given)| Contact {
                protections: vec![Protection::OpenTickets],
                ..contact(number(n), given, "Smith")
            })
            .collect(),
        links: people().map(|(n, _)| link(n, number(n))).collect(),
        ..Company::default()
    };
    let gone: Vec<AccountId> = (1..=6).map(guid).collect();
    for id in &gone {
        company.account(*id).enabled = false;
    }
    assert!(is_exodus(&company.plan(), &Limits::default()));
    for id in gone {
        company.leave(id);
    }
    let plan = company.plan();
    assert_eq!(plan.count(RowKind::Ignored), 6);
    assert!(!is_exodus(&plan, &Limits::default()));
    assert!(plan.rows.iter().all(|row| !row.leaves_unasked() && row.protections.is_empty()));
    assert!(holds(&plan, &Past { linked: 8, ..Past::default() }, &Limits::default()).is_empty());
}

#[test]
fn a_state_is_of_what_is_written_about_a_person() {
    let manager = || account(2, "Bea", "Jones");
    let takes_managers =
        || Policy { rules: vec![Rule::Owner(Field::Manager, Owner::Directory)], ..Policy::default() };
    let state = |changed: &dyn Fn(&mut reconcile::Account), manager: reconcile::Account, policy: &Policy| {
        let mut ann = account(1, "Ann", "Smith");
        ann.manager = Some(manager.dn.clone());
        ann.proxy_addresses = ["ann.smith@harbor.example", "ann@harbor.example", "as@harbor.example"]
            .map(str::to_owned)
            .to_vec();
        changed(&mut ann);
        let snapshot = Snapshot { accounts: vec![ann, manager], coverage: Coverage::Complete };
        prepare(snapshot, Vec::new(), policy).state_of(guid(1))
    };
    let of = |changed: &dyn Fn(&mut reconcile::Account)| state(changed, manager(), &takes_managers());
    let before = of(&|_| ());
    assert_ne!(before, AccountState::MISSING);
    let text = before.to_string();
    assert_eq!(text.parse(), Ok(before));
    assert_eq!(serde_json::to_string(&before).expect("it is a text"), format!("\"{text}\""));
    for wrong in ["", "12", &format!("+{}", &text[1..]), &format!("{text}0")] {
        assert!(wrong.parse::<AccountState>().is_err(), "{wrong}");
    }

    let changes: [&dyn Fn(&mut reconcile::Account); 10] = [
        &|ann| ann.enabled = false,
        &|ann| ann.given_name = Some("Anna".into()),
        &|ann| ann.logon_name = "asmith".into(),
        &|ann| ann.mail = Some("ann@harbor.example".into()),
        &|ann| ann.proxy_addresses.truncate(2),
        &|ann| ann.mobile = Some("+31 6 5550 1042".into()),
        &|ann| ann.department = Some("Sales".into()),
        &|ann| ann.city = Some("Ghent".into()),
        &|ann| ann.employee_id = Some("42".into()),
        &|ann| ann.manager = None,
    ];
    let mut states: Vec<AccountState> = changes.into_iter().map(of).collect();
    states.push(before);
    states.sort_unstable();
    states.dedup();
    assert_eq!(states.len(), 11, "each is a change, and none is another");

    let same: [&dyn Fn(&mut reconcile::Account); 6] = [
        &|ann| ann.dn = "CN=Ann Smith,OU=Berlin,DC=corp,DC=harbor,DC=example".into(),
        &|ann| ann.groups = vec!["CN=Sales,DC=corp,DC=harbor,DC=example".into()],
        &|ann| ann.proxy_addresses.swap(1, 2),
        &|ann| ann.mail = Some("Ann.Smith@Harbor.example".into()),
        &|ann| ann.title = Some(" ".into()),
        &|ann| ann.manager = ann.manager.as_ref().map(|dn| dn.to_uppercase()),
    ];
    assert!(same.into_iter().all(|changed| of(changed) == before));

    // A manager is somebody, wherever the account stands; and nobody where managers are not taken.
    let mut moved = manager();
    moved.dn = moved.dn.replace("Staff", "Berlin");
    assert_eq!(state(&|_| (), moved, &takes_managers()), before);
    let nobody = |ann: &mut reconcile::Account| ann.manager = None;
    let policy = Policy::default();
    assert_eq!(state(&nobody, manager(), &policy), state(&|_| (), manager(), &policy));
}

#[test]
fn a_decision_to_leave_fits_an_account_only() {
    let left = Decision::Left(AccountState::MISSING);
    assert!(left.fits(Subject::Account(guid(1))) && !left.fits(Subject::Contact(ContactId(1))));
    assert!(!left.is_draft() && left.is_used_up_by_a_write());
    assert!(!left.says_who() && !left.says_somebody());
    let json = serde_json::to_string(&left).expect("it is a value");
    assert_eq!(json, format!("{{\"left\":\"{}\"}}", "0".repeat(32)));
    assert_eq!(serde_json::from_str::<Decision>(&json).expect("it is one"), left);
}
