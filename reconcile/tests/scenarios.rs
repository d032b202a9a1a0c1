//! What a dispatcher would expect of a plan, one situation after the other.

mod common;

use common::{account, contact, guid, link, no_decisions, plan, rows_of};
use reconcile::{
    Contact, ContactId, Coverage, Decision, Exclusion, Field, Places, Policy, Protection, Reason, RowKind,
    Snapshot, Subject, prepare,
};

#[test]
fn a_newcomer_is_created_with_the_fields_that_the_directory_has() {
    let mut ann = account(1, "Ann", "Smith");
    ann.title = Some("  Head\tof Sales ".into());
    ann.telephone = Some("+31 10 555 0142".into());
    let plan = plan(&[ann], &[], &[], &no_decisions());
    let row = &plan.rows[0];
    assert_eq!(row.kind, RowKind::Create);
    let fields: Vec<_> = row.changes.iter().map(|change| (change.field, change.new.as_str())).collect();
    assert_eq!(
        fields,
        [
            (Field::FirstName, "Ann"),
            (Field::LastName, "Smith"),
            (Field::Title, "Head of Sales"),
            (Field::Email, "ann.smith@harbor.example"),
            (Field::Direct, "+31 10 555 0142"),
        ]
    );
}

#[test]
fn an_address_with_agreeing_names_matches_and_only_real_differences_are_changes() {
    let mut ann = account(1, "Ann", "Smith");
    ann.telephone = Some("+31 10 555 0142".into());
    ann.title = Some("Director".into());
    let mut there = contact(7, "ANN", "Smith");
    there.communications[0].value = "Ann.Smith@Harbor.example".into();
    there.communications.push(common::item(2, reconcile::Slot::Direct, "010-555 01 42"));
    there.title = "Manager".into();
    let plan = plan(&[ann], &[there], &[], &no_decisions());
    let row = &plan.rows[0];
    assert_eq!((row.kind, row.contact), (RowKind::Update, Some(ContactId(7))));
    assert_eq!(row.reasons, [Reason::SameAddress]);
    assert_eq!(row.changes.len(), 1, "{:?}", row.changes);
    assert_eq!(row.changes[0].old.as_deref(), Some("Manager"));
}

#[test]
fn a_blank_never_overwrites() {
    let mut ann = account(1, "Ann", "Smith");
    ann.title = None;
    ann.telephone = Some("   ".into());
    let mut there = contact(7, "Ann", "Smith");
    there.title = "Manager".into();
    there.communications.push(common::item(2, reconcile::Slot::Direct, "010-555 01 42"));
    let plan = plan(&[ann], &[there], &[link(1, 7)], &no_decisions());
    assert_eq!(plan.rows[0].kind, RowKind::Unchanged);
}

#[test]
fn d9_an_address_whose_names_contradict_is_a_question() {
    let mut newcomer = account(2, "Bea", "Jones");
    newcomer.mail = Some("ann.smith@harbor.example".into());
    let plan = plan(&[newcomer], &[contact(7, "Ann", "Smith")], &[], &no_decisions());
    let question = &rows_of(&plan, RowKind::NeedsDecision)[0];
    assert_eq!(question.reasons, [Reason::NamesContradict]);
    assert_eq!(question.contacts[0].id, ContactId(7));
    assert_eq!(plan.count(RowKind::Create), 0);
    // The contact is not taken for granted either.
    assert_eq!(rows_of(&plan, RowKind::PsaOnly).len(), 1);
}

#[test]
fn a_leavers_address_given_to_a_newcomer_deactivates_the_leaver_and_asks_about_the_newcomer() {
    let mut leaver = account(1, "Ann", "Smith");
    leaver.enabled = false;
    leaver.mail = None;
    let mut newcomer = account(2, "Bea", "Jones");
    newcomer.mail = Some("ann.smith@harbor.example".into());
    let plan = plan(&[leaver, newcomer], &[contact(7, "Ann", "Smith")], &[link(1, 7)], &no_decisions());
    assert_eq!(rows_of(&plan, RowKind::Deactivate)[0].contact, Some(ContactId(7)));
    assert_eq!(rows_of(&plan, RowKind::NeedsDecision)[0].account, Some(guid(2)));
}

#[test]
fn a_name_matches_only_when_unique_on_both_sides() {
    let nameless_mail = |n, given, family| Contact { communications: vec![], ..contact(n, given, family) };
    let alone =
        plan(&[account(1, "Ann", "Smith")], &[nameless_mail(7, "Smith", "Ann")], &[], &no_decisions());
    assert_eq!(alone.rows[0].reasons, [Reason::SameName]);

    let mut other = account(2, "Ann", "Smith");
    other.mail = Some("ann2@harbor.example".into());
    other.principal_name = None;
    let two =
        plan(&[account(1, "Ann", "Smith"), other], &[nameless_mail(7, "Ann", "Smith")], &[], &no_decisions());
    assert_eq!(rows_of(&two, RowKind::NeedsDecision).len(), 2);

    let duplicates = plan(
        &[account(1, "Ann", "Smith")],
        &[nameless_mail(7, "Ann", "Smith"), nameless_mail(8, "Ann", "Smith")],
        &[],
        &no_decisions(),
    );
    assert_eq!(duplicates.rows.len(), 1);
    assert_eq!(duplicates.rows[0].reasons, [Reason::EnteredTwice]);
    assert_eq!(duplicates.rows[0].contacts.len(), 2);
}

#[test]
fn a_disabled_account_deactivates_its_contact_linked_or_recognised() {
    let mut gone = account(1, "Ann", "Smith");
    gone.enabled = false;
    for links in [vec![], vec![link(1, 7)]] {
        let plan = plan(
            &[gone.clone(), account(9, "X", "Y")],
            &[contact(7, "Ann", "Smith")],
            &links,
            &no_decisions(),
        );
        let row = &rows_of(&plan, RowKind::Deactivate)[0];
        assert!(row.reasons.contains(&Reason::AccountDisabled));
        assert!(row.approved_by_default());
    }
}

#[test]
fn a_missing_account_deactivates_only_on_a_complete_read() {
    let accounts = vec![account(2, "Bea", "Jones")];
    let contacts = vec![contact(7, "Ann", "Smith")];
    for (coverage, accounts, deactivations) in [
        (Coverage::Complete, accounts.clone(), 1),
        (Coverage::Partial, accounts, 0),
        (Coverage::Complete, vec![], 0),
    ] {
        let prepared = prepare(Snapshot { accounts, coverage }, contacts.clone(), &Policy::default());
        let plan = prepared.plan(&[link(1, 7)], &no_decisions());
        assert_eq!(plan.count(RowKind::Deactivate), deactivations, "{coverage:?}");
    }
}

#[test]
fn a_disabled_account_deactivates_nobody_on_a_partial_read() {
    let mut gone = account(1, "Ann", "Smith");
    gone.enabled = false;
    let prepared = prepare(
        Snapshot { accounts: vec![gone], coverage: Coverage::Partial },
        vec![contact(7, "Ann", "Smith")],
        &Policy::default(),
    );
    assert_eq!(prepared.plan(&[link(1, 7)], &no_decisions()).count(RowKind::Deactivate), 0);
}

#[test]
fn a_contact_that_never_had_an_account_is_a_question() {
    let mut decisions = no_decisions();
    let people = [account(1, "Ann", "Smith")];
    let contacts = [contact(8, "Carl", "Accountant")];
    let asked = plan(&people, &contacts, &[], &decisions);
    assert_eq!(rows_of(&asked, RowKind::PsaOnly)[0].reasons, [Reason::NeverLinked]);

    decisions.insert(Subject::Contact(ContactId(8)), Decision::Deactivate);
    assert_eq!(plan(&people, &contacts, &[], &decisions).count(RowKind::Deactivate), 1);
    decisions.insert(Subject::Contact(ContactId(8)), Decision::Ignore);
    assert_eq!(plan(&people, &contacts, &[], &decisions).count(RowKind::Ignored), 1);
}

#[test]
fn only_a_contact_that_we_deactivated_comes_back_unasked() {
    let mut inactive = contact(7, "Ann", "Smith");
    inactive.inactive = true;
    let people = [account(1, "Ann", "Smith")];
    let ours = reconcile::Link { deactivated_by_us: true, ..link(1, 7) };
    assert_eq!(
        plan(&people, std::slice::from_ref(&inactive), &[ours], &no_decisions()).rows[0].kind,
        RowKind::Reactivate
    );
    let asked = plan(&people, std::slice::from_ref(&inactive), &[link(1, 7)], &no_decisions());
    assert_eq!(asked.rows[0].kind, RowKind::NeedsDecision);
    let never_linked = plan(&people, std::slice::from_ref(&inactive), &[], &no_decisions());
    assert_eq!(never_linked.rows[0].reasons, [Reason::ContactInactive]);

    let mut decisions = no_decisions();
    decisions.insert(Subject::Account(guid(1)), Decision::Match(ContactId(7)));
    assert_eq!(plan(&people, &[inactive], &[link(1, 7)], &decisions).rows[0].kind, RowKind::Reactivate);
}

#[test]
fn d10_an_account_made_again_is_a_question_and_its_contact_stays() {
    let rehired = account(2, "Ann", "Smith");
    let contacts = [contact(7, "Ann", "Smith")];
    let asked = plan(std::slice::from_ref(&rehired), &contacts, &[link(1, 7)], &no_decisions());
    assert_eq!(rows_of(&asked, RowKind::NeedsDecision)[0].reasons, [Reason::AccountReplaced]);
    assert_eq!(asked.count(RowKind::Deactivate), 0);

    let mut decisions = no_decisions();
    decisions.insert(Subject::Account(guid(2)), Decision::Match(ContactId(7)));
    let matched = plan(std::slice::from_ref(&rehired), &contacts, &[link(1, 7)], &decisions);
    assert_eq!(matched.rows.iter().map(|row| row.kind).collect::<Vec<_>>(), [RowKind::Link]);

    decisions.insert(Subject::Account(guid(2)), Decision::Create);
    let apart = plan(&[rehired], &contacts, &[link(1, 7)], &decisions);
    assert_eq!((apart.count(RowKind::Deactivate), apart.count(RowKind::Create)), (1, 1));
}

#[test]
fn d8_d9_a_linked_account_keeps_its_contact_through_a_rename() {
    let mut married = account(1, "Ann", "Miller");
    married.proxy_addresses = vec!["ann.miller@harbor.example".into(), "ann.smith@harbor.example".into()];
    let plan = plan(&[married], &[contact(7, "Ann", "Smith")], &[link(1, 7)], &no_decisions());
    let row = &plan.rows[0];
    assert_eq!(row.kind, RowKind::Update);
    let fields: Vec<_> = row.changes.iter().map(|change| change.field).collect();
    assert_eq!(fields, [Field::LastName, Field::Email]);
}

#[test]
fn p8_a_linked_contact_that_the_psa_lost_is_a_question_not_a_second_contact() {
    let plan = plan(&[account(1, "Ann", "Smith")], &[], &[link(1, 7)], &no_decisions());
    assert_eq!(plan.rows[0].kind, RowKind::NeedsDecision);
    assert_eq!(plan.rows[0].reasons, [Reason::ContactGone]);
}

#[test]
fn who_is_not_a_person_is_excluded_with_the_reason() {
    let shared = |details| {
        let mut account = account(1, "Front", "Desk");
        account.recipient_type_details = Some(details);
        account
    };
    let named = |logon: &str| {
        let mut account = account(1, "Ann", "Smith");
        account.logon_name = logon.into();
        account
    };
    let mut nameless = account(1, "", "");
    nameless.given_name = None;
    nameless.surname = None;
    nameless.display_name = Some("Zephyr".into());
    for (account, why) in [
        (shared(4), Exclusion::SharedMailbox),
        (shared(34_359_738_368), Exclusion::SharedMailbox),
        (shared(16), Exclusion::Room),
        (shared(32), Exclusion::Equipment),
        (shared(8_388_608), Exclusion::System),
        (named("svc-backup"), Exclusion::Service),
        (named("MSOL_0123456789ab"), Exclusion::System),
        (named("adm-ann"), Exclusion::Admin),
        (named("test1"), Exclusion::Test),
        (nameless, Exclusion::NoPersonName),
    ] {
        let plan = plan(std::slice::from_ref(&account), &[], &[], &no_decisions());
        assert_eq!(plan.rows[0].reasons, [Reason::LeftOut(why)], "{}", account.logon_name);
    }
    // Somebody's real name may look like a pattern without being one.
    let plan = plan(&[named("testa.maria")], &[], &[], &no_decisions());
    assert_eq!(plan.rows[0].kind, RowKind::Create);
}

#[test]
fn a_person_overrules_an_exclusion_and_ignores_an_account() {
    let mut service = account(1, "Ann", "Smith");
    service.logon_name = "svc-ann".into();
    let mut decisions = no_decisions();
    decisions.insert(Subject::Account(guid(1)), Decision::Person);
    assert_eq!(plan(std::slice::from_ref(&service), &[], &[], &decisions).rows[0].kind, RowKind::Create);
    decisions.insert(Subject::Account(guid(1)), Decision::Ignore);
    assert_eq!(plan(&[service], &[], &[], &decisions).rows[0].kind, RowKind::Ignored);
}

#[test]
fn an_account_that_is_nobodys_is_left_out_and_its_contact_asked_about() {
    let desk = account(1, "Front", "Desk");
    let mut decisions = no_decisions();
    decisions.insert(Subject::Account(guid(1)), Decision::NotAPerson);
    let alone = plan(std::slice::from_ref(&desk), &[], &[], &decisions);
    assert_eq!((alone.rows[0].kind, alone.rows[0].left_out()), (RowKind::Excluded, Some(Exclusion::SaidSo)));
    // Whom it had is not put away for that.
    let linked = plan(&[desk], &[contact(7, "Front", "Desk")], &[link(1, 7)], &decisions);
    assert_eq!(linked.rows[0].kind, RowKind::NeedsDecision);
}

#[test]
fn what_is_ignored_until_a_day_is_ignored() {
    let until = Decision::IgnoreUntil("2027-01-31".parse().unwrap());
    let mut gone = account(1, "Ann", "Smith");
    gone.enabled = false;
    for subject in [Subject::Account(guid(1)), Subject::Contact(ContactId(7))] {
        let decisions = [(subject, until)].into();
        let plan =
            plan(std::slice::from_ref(&gone), &[contact(7, "Ann", "Smith")], &[link(1, 7)], &decisions);
        assert_eq!(plan.rows[0].kind, RowKind::Ignored, "{subject}");
    }
}

#[test]
fn a_protected_contact_is_not_approved_unseen() {
    let mut gone = account(1, "Ann", "Smith");
    gone.enabled = false;
    let mut billing = contact(7, "Ann", "Smith");
    billing.protections = vec![Protection::BillingContact];
    let plan = plan(&[gone], &[billing], &[link(1, 7)], &no_decisions());
    let row = &rows_of(&plan, RowKind::Deactivate)[0];
    assert!(!row.approved_by_default());
    assert_eq!(row.protections, [Protection::BillingContact]);
}

#[test]
fn c7_two_decisions_for_one_contact_leave_one_question() {
    let mut decisions = no_decisions();
    decisions.insert(Subject::Account(guid(1)), Decision::Match(ContactId(7)));
    decisions.insert(Subject::Account(guid(2)), Decision::Match(ContactId(7)));
    let plan = plan(
        &[account(1, "Ann", "Smith"), account(2, "Bea", "Jones")],
        &[contact(7, "Carl", "Other")],
        &[],
        &decisions,
    );
    assert_eq!(plan.count(RowKind::NeedsDecision), 1);
    assert_eq!(rows_of(&plan, RowKind::NeedsDecision)[0].reasons, [Reason::ContactTaken]);
}

#[test]
fn a_long_name_is_cut_and_says_so() {
    let given = "Wolfeschlegelsteinhausenbergerdorff";
    let plan = plan(&[account(1, given, "Smith")], &[], &[], &no_decisions());
    let change = &plan.rows[0].changes[0];
    assert!(change.shortened);
    assert_eq!(change.new.chars().count(), 30);
    // Once written, it is not a difference again.
    let written = contact(7, &given[..30], "Smith");
    let again = common::plan(&[account(1, given, "Smith")], &[written], &[link(1, 7)], &no_decisions());
    let changed: Vec<_> = again.rows[0].changes.iter().map(|change| change.field).collect();
    assert!(!changed.contains(&Field::FirstName), "{changed:?}");
}

#[test]
fn a_fingerprint_moves_with_what_is_written_and_with_nothing_else() {
    let mut ann = account(1, "Ann", "Smith");
    ann.title = Some("Director".into());
    let before = plan(&[ann.clone()], &[contact(7, "Ann", "Smith")], &[], &no_decisions());
    let with_a_hire =
        plan(&[ann.clone(), account(2, "Bea", "Jones")], &[contact(7, "Ann", "Smith")], &[], &no_decisions());
    assert_eq!(before.rows[0].fingerprint, rows_of(&with_a_hire, RowKind::Update)[0].fingerprint);
    ann.title = Some("Owner".into());
    let moved = plan(&[ann], &[contact(7, "Ann", "Smith")], &[], &no_decisions());
    assert_ne!(before.rows[0].fingerprint, moved.rows[0].fingerprint);
}

#[test]
fn a_name_alone_deactivates_nobody() {
    let mut gone = account(1, "Ann", "Smith");
    gone.enabled = false;
    gone.mail = None;
    gone.principal_name = None;
    let plan = plan(&[gone, account(9, "X", "Y")], &[contact(7, "Ann", "Smith")], &[], &no_decisions());
    assert_eq!(plan.count(RowKind::Deactivate), 0);
    let question = &rows_of(&plan, RowKind::PsaOnly)[0];
    assert_eq!(question.accounts[0].id, guid(1));
}

#[test]
fn a_field_that_the_psa_has_no_place_for_is_not_planned() {
    let mut ann = account(1, "Ann", "Smith");
    ann.mobile = Some("+31 6 5550 1042".into());
    let policy =
        Policy { places: Places { without: vec![Field::Mobile], ..Places::default() }, ..Policy::default() };
    for contacts in [vec![], vec![contact(7, "Ann", "Smith")]] {
        let snapshot = Snapshot { accounts: vec![ann.clone()], coverage: Coverage::Complete };
        let plan = prepare(snapshot, contacts, &policy).plan(&[], &no_decisions());
        assert!(
            plan.rows[0].changes.iter().all(|change| change.field != Field::Mobile),
            "{:?}",
            plan.rows[0]
        );
    }
}

#[test]
fn a_name_that_the_psa_had_to_cut_does_not_contradict() {
    let family = "Wolfeschlegelsteinhausenbergerdorff";
    let cut = contact(7, "Ann", &family[..30]);
    let mut ann = account(1, "Ann", family);
    ann.mail = Some(cut.communications[0].value.clone());
    let plan = plan(&[ann], &[cut], &[], &no_decisions());
    assert_eq!(plan.rows[0].reasons, [Reason::SameAddress], "{:?}", plan.rows[0]);
}
