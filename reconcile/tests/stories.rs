//! What happens to people, sync after sync, each time as the whole plan.

mod common;

use common::{
    account,
    company::{Company, told, two},
    guid, item, link,
};
use reconcile::{ContactId, Decision, RowKind, Slot, Subject};

/// Syncs and compares the plan; a second sync has nothing to do.
#[track_caller]
fn next(company: &mut Company, expected: &str) {
    assert_eq!(told(&company.sync()), expected);
    assert_eq!(company.plan().writing().count(), 0, "{}", told(&company.plan()));
}

const QUIET: &str = "unchanged a1 c1 because [Linked]\nunchanged a2 c2 because [Linked]\n";

#[test]
fn a_joiner_is_created_and_linked() {
    let mut company = two();
    company.accounts.push(account(3, "Carl", "Berg"));
    next(
        &mut company,
        "create a3 - first_name[>Carl] last_name[>Berg] email[>carl.berg@harbor.example] because [NoContact]\n\
         unchanged a1 c1 because [Linked]\nunchanged a2 c2 because [Linked]\n",
    );
    next(
        &mut company,
        "unchanged a1 c1 because [Linked]\nunchanged a2 c2 because [Linked]\n\
         unchanged a3 c3 because [Linked]\n",
    );
}

#[test]
fn a_leaver_is_deactivated_disabled_or_gone() {
    let mut company = two();
    company.account(guid(1)).enabled = false;
    next(
        &mut company,
        "deactivate a1 c1 because [Linked, AccountDisabled]\nunchanged a2 c2 because [Linked]\n",
    );
    let disabled = "unchanged a1 c1 because [AccountDisabled]\nunchanged a2 c2 because [Linked]\n";
    next(&mut company, disabled);

    let mut company = two();
    company.accounts.remove(0);
    next(&mut company, "deactivate a1 c1 because [AccountMissing]\nunchanged a2 c2 because [Linked]\n");
    next(&mut company, "unchanged a1 c1 because [AccountMissing]\nunchanged a2 c2 because [Linked]\n");
}

#[test]
fn who_returns_comes_back_ten_times_without_a_question_or_a_second_contact() {
    let mut company = two();
    for _ in 0..5 {
        company.account(guid(1)).enabled = false;
        next(
            &mut company,
            "deactivate a1 c1 because [Linked, AccountDisabled]\nunchanged a2 c2 because [Linked]\n",
        );
        company.account(guid(1)).enabled = true;
        next(&mut company, "reactivate a1 c1 because [Linked]\nunchanged a2 c2 because [Linked]\n");
        next(&mut company, QUIET);
    }
    assert_eq!(company.contacts, two().contacts, "nothing is left of it");
}

#[test]
fn a_read_that_misses_and_finds_somebody_ten_times_ends_where_it_began() {
    let mut company = two();
    let ann = company.accounts[0].clone();
    for _ in 0..5 {
        company.accounts.retain(|account| account.id != ann.id);
        next(&mut company, "deactivate a1 c1 because [AccountMissing]\nunchanged a2 c2 because [Linked]\n");
        company.accounts.insert(0, ann.clone());
        next(&mut company, "reactivate a1 c1 because [Linked]\nunchanged a2 c2 because [Linked]\n");
    }
    assert_eq!(company.contacts, two().contacts);
}

#[test]
fn whom_a_person_put_away_is_a_question_once() {
    let mut company = two();
    company.contact(1).inactive = true;
    let asked = "needs_decision a1 c1 because [Linked, ContactInactive]\nunchanged a2 c2 because [Linked]\n";
    next(&mut company, asked);
    let mut brought_back = company.clone();
    brought_back.decisions.insert(Subject::Account(guid(1)), Decision::Match(ContactId(1)));
    next(&mut brought_back, "reactivate a1 c1 because [ChosenByPerson]\nunchanged a2 c2 because [Linked]\n");
    next(&mut brought_back, QUIET);
    company.decisions.insert(Subject::Contact(ContactId(1)), Decision::Ignore);
    let left = "ignored a1 c1 because [IgnoredByPerson]\nunchanged a2 c2 because [Linked]\n";
    next(&mut company, left);
    next(&mut company, left);
}

#[test]
fn a_rename_changes_the_name_and_nothing_else() {
    let mut company = two();
    company.account(guid(1)).given_name = Some("Anna".into());
    company.account(guid(1)).display_name = Some("Anna Smith".into());
    next(
        &mut company,
        "update a1 c1 first_name[Ann>Anna] because [Linked]\nunchanged a2 c2 because [Linked]\n",
    );
    next(&mut company, QUIET);
}

#[test]
fn a_marriage_changes_name_and_address_of_the_same_contact() {
    let mut company = two();
    let ann = company.account(guid(1));
    ann.surname = Some("Miller".into());
    ann.dn = "CN=Ann Miller,OU=Staff,DC=corp,DC=harbor,DC=example".into();
    ann.mail = Some("ann.miller@harbor.example".into());
    ann.proxy_addresses = vec!["ann.miller@harbor.example".into(), "ann.smith@harbor.example".into()];
    next(
        &mut company,
        "update a1 c1 last_name[Smith>Miller] email[ann.smith@harbor.example>ann.miller@harbor.example] \
         because [Linked]\nunchanged a2 c2 because [Linked]\n",
    );
    next(&mut company, QUIET);
    // Before they were ever linked, the old address that is still hers is evidence.
    let mut unlinked = Company { links: vec![link(2, 2)], contacts: two().contacts, ..company };
    next(
        &mut unlinked,
        "needs_decision a1 - because [NamesContradict]\npsa_only - c1 because [NeverLinked]\n\
         unchanged a2 c2 because [Linked]\n",
    );
}

#[test]
fn a_domain_migration_changes_addresses_and_makes_nobody_twice() {
    let mut company = two();
    for account in &mut company.accounts {
        account.mail = account.mail.as_ref().map(|mail| mail.replace("harbor.example", "port.example"));
        account.principal_name = account.mail.clone();
    }
    next(
        &mut company,
        "update a1 c1 email[ann.smith@harbor.example>ann.smith@port.example] because [Linked]\n\
         update a2 c2 email[bea.jones@harbor.example>bea.jones@port.example] because [Linked]\n",
    );
    next(&mut company, QUIET);
    // The same before anybody was linked: name and mailbox are the same, only the domain is not.
    let mut unlinked = Company { links: vec![], contacts: two().contacts, ..company };
    next(
        &mut unlinked,
        "update a1 c1 email[ann.smith@harbor.example>ann.smith@port.example] because [SameName]\n\
         update a2 c2 email[bea.jones@harbor.example>bea.jones@port.example] because [SameName]\n",
    );
}

#[test]
fn somebody_hired_again_with_a_new_account_is_a_question_and_keeps_the_contact() {
    let mut company = two();
    company.account(guid(1)).enabled = false;
    company.sync();
    company.accounts.remove(0);
    company.accounts.push(account(3, "Ann", "Smith"));
    next(
        &mut company,
        "needs_decision a3 - because [AccountReplaced]\nunchanged a1 c1 because [AccountMissing]\n\
         unchanged a2 c2 because [Linked]\n",
    );
    company.decisions.insert(Subject::Account(guid(3)), Decision::Match(ContactId(1)));
    next(&mut company, "reactivate a3 c1 because [ChosenByPerson]\nunchanged a2 c2 because [Linked]\n");
    next(&mut company, "unchanged a2 c2 because [Linked]\nunchanged a3 c1 because [Linked]\n");
}

#[test]
fn a_move_between_units_changes_nothing() {
    let mut company = two();
    company.account(guid(1)).dn = "CN=Ann Smith,OU=Berlin,DC=corp,DC=harbor,DC=example".into();
    next(&mut company, QUIET);
}

#[test]
fn a_number_written_otherwise_is_no_change() {
    let mut company = two();
    company.account(guid(1)).telephone = Some("+31 (0)10 555 01 42".into());
    company.contact(1).communications.push(item(2, Slot::Direct, "010-5550142"));
    company.contact(2).first_name = "BEA".into();
    next(&mut company, QUIET);
}

#[test]
fn a_decision_of_a_person_stands_against_all_evidence() {
    let mut company = two();
    company.links.clear();
    // The two are exchanged, whatever names and addresses say.
    company.decisions.insert(Subject::Account(guid(1)), Decision::Match(ContactId(2)));
    company.decisions.insert(Subject::Account(guid(2)), Decision::Match(ContactId(1)));
    let plan = company.sync();
    let pairs: Vec<_> = plan.rows.iter().map(|row| (row.kind, row.account, row.contact)).collect();
    assert_eq!(
        pairs,
        [
            (RowKind::Update, Some(guid(1)), Some(ContactId(2))),
            (RowKind::Update, Some(guid(2)), Some(ContactId(1)))
        ]
    );
    assert_eq!(company.plan().writing().count(), 0);
}
