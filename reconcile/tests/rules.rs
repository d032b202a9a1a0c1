//! What rules of an installation and a company change in a plan.

mod common;

use common::{account, contact, guid, item, link, no_decisions, rows_of};
use std::sync::Arc;

use reconcile::{
    Account, Contact, ContactId, Coverage, Decision, Exclusion, Field, Link, LinkElsewhere, OtherCompany,
    Places, Plan, Planning, Policy, Protection, Reason, RowKind, Rule, Slot, Snapshot, Subject, prepare,
    rules,
};

fn policy(text: &str) -> Policy {
    Policy { rules: rules::parse(text).expect("rules"), ..Policy::default() }
}

fn plan_with(policy: &Policy, accounts: &[Account], contacts: &[Contact], links: &[Link]) -> Plan {
    let snapshot = Snapshot { accounts: accounts.to_vec(), coverage: Coverage::Complete };
    prepare(snapshot, contacts.to_vec(), policy).plan(links, &no_decisions())
}

/// Field and value of each change of the only row.
fn changes(plan: &Plan) -> Vec<(Field, &str)> {
    assert_eq!(plan.rows.len(), 1, "{:?}", plan.rows);
    plan.rows[0].changes.iter().map(|change| (change.field, change.new.as_str())).collect()
}

#[test]
fn a_rule_leaves_out_and_an_earlier_one_takes_back() {
    let mut in_the_unit = account(1, "Ann", "Smith");
    in_the_unit.dn = "CN=Ann Smith,OU=Kiosk,OU=Staff,DC=harbor,DC=example".into();
    let people = [in_the_unit.clone()];
    let out = plan_with(&policy("leave out ou kiosk"), &people, &[], &[]);
    assert_eq!(out.rows[0].reasons, [Reason::LeftOut(Exclusion::Rule(0))]);

    let taken_back = policy("person logon ann.*\nleave out ou kiosk");
    assert_eq!(plan_with(&taken_back, &people, &[], &[]).count(RowKind::Create), 1);
    let too_late = policy("leave out ou kiosk\nperson logon ann.*");
    assert_eq!(plan_with(&too_late, &people, &[], &[]).count(RowKind::Excluded), 1);
}

#[test]
fn a_rule_overrules_what_an_account_looks_like_and_a_decision_overrules_both() {
    let mut service = account(1, "Ann", "Smith");
    service.logon_name = "svc-ann".into();
    let people = [service];
    assert_eq!(plan_with(&policy(""), &people, &[], &[]).count(RowKind::Excluded), 1);
    assert_eq!(plan_with(&policy("person logon svc-*"), &people, &[], &[]).count(RowKind::Create), 1);

    let out = policy("leave out logon svc-*");
    let snapshot = Snapshot { accounts: people.to_vec(), coverage: Coverage::Complete };
    let decisions = [(Subject::Account(guid(1)), Decision::Person)].into_iter().collect();
    assert_eq!(prepare(snapshot, vec![], &out).plan(&[], &decisions).count(RowKind::Create), 1);
}

#[test]
fn a_kept_field_is_not_written_and_a_taken_one_is() {
    let mut ann = account(1, "Ann", "Smith");
    ann.title = Some("Director".into());
    ann.proxy_addresses = vec![
        "ann.smith@harbor.example".into(),
        "A.Smith@old.example".into(),
        "ann@harbor.onmicrosoft.com".into(),
    ];
    let usual = plan_with(&policy(""), &[ann.clone()], &[contact(7, "Ann", "Smith")], &[link(1, 7)]);
    assert_eq!(changes(&usual), [(Field::Title, "Director")]);
    let ruled = policy("keep title\ntake aliases");
    let plan = plan_with(&ruled, &[ann.clone()], &[contact(7, "Ann", "Smith")], &[link(1, 7)]);
    assert_eq!(changes(&plan), [(Field::Aliases, "A.Smith@old.example")]);

    // A new contact has nothing to keep yet.
    let new = plan_with(&policy("keep title\nkeep first name"), &[ann.clone()], &[], &[]);
    assert_eq!(
        changes(&new)[..3],
        [(Field::FirstName, "Ann"), (Field::LastName, "Smith"), (Field::Title, "Director")]
    );

    let mut has_it = contact(7, "Ann", "Smith");
    has_it.communications.push(item(2, Slot::OtherEmail, "a.smith@OLD.example"));
    assert_eq!(plan_with(&ruled, &[ann], &[has_it], &[link(1, 7)]).rows[0].kind, RowKind::Unchanged);
}

#[test]
fn a_department_is_one_that_the_psa_has_or_may_get() {
    let mut ann = account(1, "Ann", "Smith");
    ann.department = Some("sales & marketing".into());
    let there = [contact(7, "Ann", "Smith")];
    let places = |departments: &[&str]| Places {
        departments: Some(departments.iter().map(|&name| name.to_owned()).collect()),
        ..Places::default()
    };
    let with = |text: &str, departments: &[&str]| {
        let policy = Policy { places: places(departments), ..policy(text) };
        plan_with(&policy, &[ann.clone()], &there, &[link(1, 7)])
    };
    // As the PSA writes it.
    assert_eq!(changes(&with("", &["Sales & Marketing"])), [(Field::Department, "Sales & Marketing")]);
    let missing = with("", &["IT"]);
    assert_eq!(missing.rows[0].kind, RowKind::Unchanged);
    assert_eq!(missing.rows[0].unplaced[0].value, "sales & marketing");
    assert_eq!(changes(&with("create departments", &["IT"])), [(Field::Department, "sales & marketing")]);
    // What was not read is not planned for.
    let unread = plan_with(&policy("create departments"), &[ann.clone()], &there, &[link(1, 7)]);
    assert_eq!(unread.rows[0].kind, RowKind::Unchanged);
}

#[test]
fn site_type_and_employee_id_follow_their_rules() {
    let mut ann = account(1, "Ann", "Smith");
    ann.office = Some("R2".into());
    ann.title = Some("Sales manager".into());
    ann.employee_id = Some("0042".into());
    let text = "keep title\nsite \"harbor\" for city Hamburg\nsite \"rotterdam\" for office R*\n\
                site \"Nowhere\" for office *\ntype \"Manager\" for title *manager*\n\
                type \"Unknown\" for title *\nemployee id in field 3";
    let names = |list: &[&str]| Some(list.iter().map(|&name| name.to_owned()).collect());
    let places = Places {
        sites: names(&["Main", "Rotterdam"]),
        types: names(&["Manager", "User"]),
        ..Places::default()
    };
    let policy = Policy { places, ..policy(text) };
    let plan = plan_with(&policy, &[ann.clone()], &[contact(7, "Ann", "Smith")], &[link(1, 7)]);
    assert_eq!(
        changes(&plan),
        [(Field::Site, "Rotterdam"), (Field::Type, "Manager"), (Field::EmployeeId, "0042")]
    );
    assert_eq!(plan.rows[0].unplaced.len(), 1, "{:?}", plan.rows[0].unplaced);

    let made = Contact {
        site: "Rotterdam".into(),
        types: vec!["User".into(), "Manager".into()],
        employee_id: "0042".into(),
        ..contact(7, "Ann", "Smith")
    };
    assert_eq!(plan_with(&policy, &[ann], &[made], &[link(1, 7)]).rows[0].kind, RowKind::Unchanged);
}

#[test]
fn a_manager_is_the_contact_that_the_managers_account_is_linked_to() {
    let boss = account(1, "Bea", "Jones");
    let mut ann = account(2, "Ann", "Smith");
    ann.manager = Some(boss.dn.to_uppercase());
    let people = [boss, ann];
    let contacts = [contact(7, "Bea", "Jones"), contact(8, "Ann", "Smith")];
    let of_ann = |links: &[Link]| {
        let plan = plan_with(&policy("take manager"), &people, &contacts, links);
        plan.rows.iter().find(|row| row.account == Some(guid(2))).expect("a row").changes.clone()
    };
    assert_eq!(of_ann(&[link(1, 7), link(2, 8)])[0].new, "7");
    // Before the manager is linked there is nobody to name.
    assert!(of_ann(&[link(2, 8)]).is_empty());
}

#[test]
fn a_learned_domain_and_a_learned_name_settle_questions() {
    let mut bob = account(1, "Wolfhard", "Hill");
    bob.mail = Some("whill@new.example".into());
    bob.principal_name = None;
    let mut there = contact(7, "Bobo", "Hill");
    there.communications[0].value = "whill@old.example".into();
    let kind = |text: &str| plan_with(&policy(text), &[bob.clone()], &[there.clone()], &[]).rows[0].kind;
    assert_eq!(kind("domain old.example is new.example"), RowKind::NeedsDecision, "the names contradict");
    assert_eq!(kind("name Bobo is Wolfhard"), RowKind::NeedsDecision);
    let both = "domain old.example is new.example\nname Bobo is Wolfhard";
    assert_eq!(kind(both), RowKind::Update);
}

#[test]
fn of_a_shared_source_each_company_takes_its_own_and_what_nobody_takes_is_shown() {
    let of_unit = |n, given: &str, unit: &str| Account {
        dn: format!("CN={given},OU={unit},DC=harbor,DC=example"),
        ..account(n, given, "Smith")
    };
    let people = [of_unit(1, "Ann", "North"), of_unit(2, "Bea", "South"), of_unit(3, "Carl", "West")];
    let other = OtherCompany {
        id: 99,
        takes: vec!["ou South".parse().expect("a test"), "name Ann*".parse().expect("a test")],
        linked: vec![],
        ..OtherCompany::default()
    };
    let policy = Policy { others: vec![other], ..policy("only ou North") };
    let plan = plan_with(&policy, &people, &[], &[]);
    let reason = |n| &plan.rows.iter().find(|row| row.account == Some(guid(n))).expect("a row").reasons;
    assert_eq!(reason(1), &[Reason::ClaimedTwice(99)]);
    assert_eq!(reason(2), &[Reason::LeftOut(Exclusion::OtherCompany(99))]);
    assert_eq!(reason(3), &[Reason::LeftOut(Exclusion::Unclaimed)]);
    assert_eq!(plan.count(RowKind::Create), 0);
}

#[test]
fn an_account_linked_in_another_company_is_a_question_until_somebody_says() {
    let ann = account(1, "Ann", "Smith");
    let other = OtherCompany {
        id: 99,
        linked: vec![LinkElsewhere { account: guid(1), contact: ContactId(70) }],
        ..OtherCompany::default()
    };
    let policy = Policy { others: vec![other], ..Policy::default() };
    for contacts in [vec![], vec![contact(7, "Ann", "Smith")]] {
        let plan = plan_with(&policy, std::slice::from_ref(&ann), &contacts, &[]);
        let row = &rows_of(&plan, RowKind::NeedsDecision)[0];
        assert_eq!(row.reasons, [Reason::LinkedElsewhere(99)]);
        let snapshot = Snapshot { accounts: vec![ann.clone()], coverage: Coverage::Complete };
        let decisions = [(Subject::Account(guid(1)), Decision::Create)].into_iter().collect();
        let second = prepare(snapshot, contacts, &policy).plan(&[], &decisions);
        assert_eq!(second.count(RowKind::Create), 1);
    }
    // Brought here, the contact is the one that it was there.
    let moved = |contacts: Vec<Contact>| {
        let snapshot = Snapshot { accounts: vec![ann.clone()], coverage: Coverage::Complete };
        let decisions = [(Subject::Account(guid(1)), Decision::Move)].into_iter().collect();
        let plan = prepare(snapshot, contacts, &policy).plan(&[], &decisions);
        (plan.rows[0].kind, plan.rows[0].contact)
    };
    assert_eq!(moved(vec![]), (RowKind::Move, Some(ContactId(70))));
    // Somebody did so in the PSA meanwhile.
    assert_eq!(moved(vec![contact(70, "Ann", "Smith")]), (RowKind::Link, Some(ContactId(70))));
    // And somebody said to leave it alone here: it is in one row, and not brought here again.
    let snapshot = Snapshot { accounts: vec![ann.clone()], coverage: Coverage::Complete };
    let decisions =
        [(Subject::Account(guid(1)), Decision::Move), (Subject::Contact(ContactId(70)), Decision::Ignore)];
    let both = prepare(snapshot, vec![contact(70, "Ann", "Smith")], &policy);
    let plan = both.plan(&[], &decisions.into_iter().collect());
    assert_eq!(rows_of(&plan, RowKind::NeedsDecision)[0].reasons, [Reason::ContactTaken]);
    assert_eq!((plan.rows.len(), plan.count(RowKind::Ignored)), (2, 1));
    // Linked here as well, it was said already.
    let linked = plan_with(&policy, &[ann], &[contact(7, "Ann", "Smith")], &[link(1, 7)]);
    assert_eq!(linked.rows[0].kind, RowKind::Unchanged);
}

#[test]
fn a_contact_entered_twice_is_shown_as_such() {
    let twice = [contact(7, "Ann", "Smith"), contact(8, "Ann", "Smith")];
    let plan = plan_with(&policy(""), &[account(1, "Ann", "Smith")], &twice, &[]);
    assert_eq!(rows_of(&plan, RowKind::NeedsDecision)[0].reasons, [Reason::EnteredTwice]);

    let linked = plan_with(&policy(""), &[account(1, "Ann", "Smith")], &twice, &[link(1, 7)]);
    let row = &rows_of(&linked, RowKind::PsaOnly)[0];
    assert_eq!((row.contact, row.reasons[1]), (Some(ContactId(8)), Reason::DuplicateOf(ContactId(7))));

    // Two of one name, each with an address of her own, are two.
    let mut namesake = contact(8, "Ann", "Smith");
    namesake.communications[0].value = "ann2@harbor.example".into();
    let two = plan_with(
        &policy(""),
        &[account(1, "Ann", "Smith")],
        &[contact(7, "Ann", "Smith"), namesake],
        &[link(1, 7)],
    );
    assert_eq!(rows_of(&two, RowKind::PsaOnly)[0].reasons, [Reason::NeverLinked]);
}

/// What a match of account 1 with contact 1 teaches.
fn taught(accounts: &[Account], contacts: &[Contact]) -> Vec<(String, usize)> {
    let snapshot = Snapshot { accounts: accounts.to_vec(), coverage: Coverage::Complete };
    let prepared = Arc::new(prepare(snapshot, contacts.to_vec(), &Policy::default()));
    let mut planning = Planning::new(prepared, &[], no_decisions());
    planning.decide(Subject::Account(guid(1)), Some(Decision::Match(ContactId(1))));
    planning.lessons(guid(1)).into_iter().map(|lesson| (lesson.rule.to_string(), lesson.settles)).collect()
}

/// Somebody with an address, and nothing else that has one.
fn at(n: u128, given: &str, family: &str, mail: &str) -> Account {
    Account { mail: Some(mail.into()), principal_name: None, ..account(n, given, family) }
}

fn known_as(n: i64, given: &str, family: &str, mail: &str) -> Contact {
    let mut known = contact(n, given, family);
    known.communications[0].value = mail.into();
    known
}

#[test]
fn a_match_across_domains_teaches_that_one_is_the_other() {
    let people = [
        at(1, "Ann", "Smith", "asm@new.example"),
        at(2, "Bea", "Jones", "bjo@new.example"),
        at(3, "Carl", "Berg", "cbe@new.example"),
    ];
    let half = |n, family: &str, mail: &str| known_as(n, family, "", mail);
    let contacts = [
        half(1, "Smith", "asm@old.example"),
        half(2, "Jones", "bjo@old.example"),
        half(3, "Berg", "cbe@old.example"),
    ];
    assert_eq!(taught(&people, &contacts), [("domain old.example is new.example".to_owned(), 2)]);
    // A mail provider is not the company's old domain.
    let private: Vec<Contact> = contacts
        .iter()
        .map(|contact| {
            let mail = contact.communications[0].value.replace("old.example", "gmail.com");
            half(contact.id.0, &contact.first_name, &mail)
        })
        .collect();
    assert_eq!(taught(&people, &private), []);
}

#[test]
fn a_match_of_two_given_names_teaches_that_one_is_a_form_of_the_other() {
    let people = [
        at(1, "Wolfhard", "Hill", "w.hill@harbor.example"),
        at(2, "Wolfhard", "Berg", "w.berg@harbor.example"),
    ];
    let contacts = [
        known_as(1, "Bobo", "Hill", "w.hill@harbor.example"),
        known_as(2, "Bobo", "Berg", "w.berg@harbor.example"),
    ];
    assert_eq!(taught(&people, &contacts), [("name Bobo is Wolfhard".to_owned(), 1)]);
    // Nothing else would be settled: nothing is offered.
    assert_eq!(taught(&people[..1], &contacts[..1]), []);
}

#[test]
fn a_rule_says_what_protects_nobody() {
    let gone = Account { enabled: false, ..account(1, "Ann", "Smith") };
    let mut there = contact(7, "Ann", "Smith");
    there.protections = vec![Protection::PortalLogin, Protection::OpenTickets];
    let protections = |text: &str| {
        let people = [gone.clone(), account(2, "Bea", "Jones")];
        let plan = plan_with(&policy(text), &people, &[there.clone()], &[link(1, 7)]);
        rows_of(&plan, RowKind::Deactivate)[0].protections.clone()
    };
    assert_eq!(protections(""), there.protections);
    assert_eq!(protections("unprotected portal login"), [Protection::OpenTickets]);
}

#[test]
fn a_rule_protects_contacts_by_their_type() {
    let gone = Account { enabled: false, ..account(1, "Ann", "Smith") };
    let there =
        Contact { types: vec!["Approver".into(), "VIP Customer".into()], ..contact(7, "Ann", "Smith") };
    let row = |text: &str| {
        let people = [gone.clone(), account(2, "Bea", "Jones")];
        let plan = plan_with(&policy(text), &people, std::slice::from_ref(&there), &[link(1, 7)]);
        rows_of(&plan, RowKind::Deactivate)[0].clone()
    };
    for text in ["", "protect type VIP", "protect type Decision maker"] {
        assert!(row(text).approved_by_default(), "{text}");
    }
    let protected = row("protect type vip customer");
    assert_eq!(protected.protections, [Protection::ContactType]);
    assert!(!protected.approved_by_default());
    assert_ne!(protected.fingerprint, row("").fingerprint, "what was approved without it is not this");
}

#[test]
fn of_two_who_are_alike_the_department_says_who_comes_first() {
    let mut ann = account(1, "Ann", "Smith");
    ann.department = Some("Sales".into());
    let without_mail = |n, department: &str| Contact {
        communications: vec![],
        department: department.into(),
        ..contact(n, "Ann", "Smith")
    };
    let plan = plan_with(&policy(""), &[ann], &[without_mail(7, "IT"), without_mail(8, "sales")], &[]);
    assert_eq!(rows_of(&plan, RowKind::NeedsDecision)[0].contacts[0].id, ContactId(8));
}

#[test]
fn each_line_of_the_document_is_a_rule() {
    let text = include_str!("../../docs/rules.md");
    let blocks: Vec<&str> = text.split("```").skip(1).step_by(2).collect();
    let lines: Vec<&str> =
        blocks.iter().flat_map(|block| block.lines()).filter(|line| !line.is_empty()).collect();
    assert!(lines.len() >= 15, "{lines:?}");
    for line in &lines {
        let rule: Rule = line.parse().unwrap_or_else(|problem| panic!("{line}: {problem}"));
        assert_eq!(rule.to_string(), *line);
    }
    // Nothing that can be said is left out of it.
    let beginnings = [
        "leave out",
        "person",
        "only",
        "keep",
        "take",
        "create departments",
        "site",
        "type",
        "employee id",
        "default phone",
        "unprotected",
        "domain",
        "name",
    ];
    for beginning in beginnings {
        assert!(lines.iter().any(|line| line.starts_with(beginning)), "{beginning}");
    }
}
