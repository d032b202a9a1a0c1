//! The guard at its edges, and its table in the documents.

mod common;

use std::collections::HashMap;

use common::{account, contact, guid, link, no_decisions};
use reconcile::{
    Account, AccountId, Contact, Field, Link, Plan, Protection, RowKind,
    guard::{Hold, Limits, Past, holds, is_exodus},
};

/// A given name of its own for each number, in letters: a number in a name is no person's.
fn name(number: u128) -> String {
    let digits = number.to_string();
    let letters = digits.bytes().map(|digit| char::from(b'a' + digit - b'0'));
    format!("P{}", letters.collect::<String>())
}

/// A company of `linked` people, of whom the first `leavers` are disabled.
fn company(linked: u128, leavers: u128) -> (Vec<Account>, Vec<Contact>, Vec<Link>) {
    let number = |n: u128| i64::try_from(n).expect("few");
    let accounts =
        (1..=linked).map(|n| Account { enabled: n > leavers, ..account(n, &name(n), "Smith") }).collect();
    let contacts = (1..=linked).map(|n| contact(number(n), &name(n), "Smith")).collect();
    (accounts, contacts, (1..=linked).map(|n| link(n, number(n))).collect())
}

fn with_leavers(linked: u128, leavers: u128) -> Plan {
    let (accounts, contacts, links) = company(linked, leavers);
    let plan = common::plan(&accounts, &contacts, &links, &no_decisions());
    assert_eq!(plan.count(RowKind::Deactivate) as u128, leavers);
    plan
}

fn past(linked: usize) -> Past {
    Past { linked, read_at: 1_000_000, ..Past::default() }
}

fn held(plan: &Plan, past: &Past) -> Vec<Hold> {
    holds(plan, past, &Limits::default()).into_values().collect()
}

/// Numbers of a row of the table.
fn figures(line: &str) -> Option<Vec<usize>> {
    let cells = line.trim_matches('|').split('|').map(|cell| cell.trim().replace(',', ""));
    cells.map(|cell| cell.parse().ok()).collect()
}

#[test]
fn the_table_in_the_documents_is_what_the_guard_does() {
    let text = include_str!("../../docs/guard.md");
    let table: Vec<Vec<usize>> =
        text.lines().filter(|line| line.starts_with('|')).filter_map(figures).collect();
    let linked: Vec<usize> = table.iter().map(|row| row[0]).collect();
    assert_eq!(linked, [2, 5, 8, 15, 50, 500, 5_000]);
    let limits = Limits::default();
    for row in table {
        let linked = row[0];
        let figures = [
            limits.deactivations_of(linked),
            limits.in_seven_days_of(linked),
            limits.additions_of(linked),
            limits.same_field_of(linked),
        ];
        assert_eq!(row[1..], figures, "{linked} linked contacts");
    }
}

#[test]
fn as_many_leavers_as_allowed_go_ahead_and_one_more_holds_all() {
    for (linked, allowed) in [(2, 1), (5, 2), (8, 2), (15, 2), (50, 5), (500, 50)] {
        let past = past(usize::try_from(linked).expect("few"));
        assert_eq!(held(&with_leavers(linked, allowed), &past), [], "{linked}");
        let more = held(&with_leavers(linked, allowed + 1), &past);
        assert_eq!(more.len() as u128, allowed + 1, "{linked}");
    }
}

#[test]
fn seven_days_count_together() {
    let week = |linked, before, leavers| {
        let past = Past { deactivated_in_seven_days: before, ..past(linked as usize) };
        held(&with_leavers(linked, leavers), &past)
    };
    assert_eq!(week(13, 2, 1), []);
    assert_eq!(week(13, 2, 2), [Hold::ManyInSevenDays; 2]);
    // Nine per cent a day is not a way around.
    assert_eq!(week(80, 20, 7), [Hold::ManyInSevenDays; 7]);
}

#[test]
fn more_than_half_is_said_so() {
    assert_eq!(held(&with_leavers(2, 2), &past(2)), [Hold::MoreThanHalf; 2]);
    assert_eq!(held(&with_leavers(1, 1), &past(1)), [Hold::MoreThanHalf]);
}

#[test]
fn in_a_review_many_leavers_are_an_exodus_and_a_few_are_not() {
    for (linked, leavers, expected) in [
        (2, 2, false),
        (8, 5, false),
        (8, 6, true),
        (50, 5, false),
        (50, 6, true),
        (500, 50, false),
        (500, 51, true),
    ] {
        let plan = with_leavers(linked, leavers);
        assert_eq!(is_exodus(&plan, &Limits::default()), expected, "{leavers} of {linked}");
    }
}

#[test]
fn the_first_run_and_a_changed_scope_wait() {
    let plan = with_leavers(20, 1);
    assert_eq!(held(&plan, &Past { never_reviewed: true, ..past(20) }), [Hold::FirstRun]);
    assert_eq!(held(&plan, &Past { scope_changed: true, ..past(20) }), [Hold::ScopeChanged]);
}

#[test]
fn a_missing_account_waits_for_six_hours() {
    let (mut accounts, contacts, links) = company(20, 0);
    accounts.remove(0);
    let plan = common::plan(&accounts, &contacts, &links, &no_decisions());
    let since = |seconds: i64| HashMap::from([(guid(1), 1_000_000 - seconds)]);
    let after = |missing_since: HashMap<AccountId, i64>| held(&plan, &Past { missing_since, ..past(20) });
    assert_eq!(after(HashMap::new()), [Hold::JustMissing]);
    assert_eq!(after(since(0)), [Hold::JustMissing]);
    assert_eq!(after(since(6 * 3600 - 1)), [Hold::JustMissing]);
    assert_eq!(after(since(6 * 3600)), []);
    // A clock that was set back is no proof.
    assert_eq!(after(since(-3600)), [Hold::JustMissing]);
}

#[test]
fn a_protected_contact_waits_and_the_others_go() {
    let (accounts, mut contacts, links) = company(20, 2);
    contacts[0].protections = vec![Protection::OpenTickets];
    let plan = common::plan(&accounts, &contacts, &links, &no_decisions());
    assert_eq!(held(&plan, &past(20)), [Hold::Protected]);
}

#[test]
fn a_wave_of_newcomers_waits_and_a_leaver_among_them_goes() {
    let newcomers = |count: u128| {
        let (mut accounts, contacts, links) = company(20, 1);
        accounts.extend((100..100 + count).map(|n| account(n, &name(n), "Comer")));
        held(&common::plan(&accounts, &contacts, &links, &no_decisions()), &past(20))
    };
    assert_eq!(newcomers(10), []);
    assert_eq!(newcomers(11), [Hold::ManyAdditions; 11]);
}

#[test]
fn one_field_that_changes_everywhere_waits_and_other_changes_go() {
    let changed = |titles: usize| {
        let (mut accounts, contacts, links) = company(20, 0);
        for account in accounts.iter_mut().take(titles) {
            account.title = Some("Associate".into());
        }
        accounts[19].telephone = Some("+31 10 555 0142".into());
        held(&common::plan(&accounts, &contacts, &links, &no_decisions()), &past(20))
    };
    assert_eq!(changed(5), []);
    assert_eq!(changed(6), [Hold::SameField(Field::Title); 6]);
}

#[test]
fn a_companys_rules_set_its_figures() {
    let limits = |text: &str| Limits::of(&reconcile::rules::parse(text).expect("they are rules"));
    assert_eq!(limits("keep title"), Limits::default());
    let set = limits(
        "at most 4 deactivations\nat most 6 or 30% deactivations in seven days\nat most 0 additions\n\
         at most 1 or 50% changes of one field\nmissing for 12 hours\n\
         at most 90 or 90% deactivations\nmissing for 1 hours",
    );
    let expected = Limits {
        deactivations: 4,
        deactivations_percent: 0,
        most_deactivations: 50,
        in_seven_days: 6,
        in_seven_days_percent: 30,
        additions: 0,
        additions_percent: 0,
        same_field: 1,
        same_field_percent: 50,
        missing_for_seconds: 12 * 3600,
    };
    assert_eq!(set, expected, "of two for one figure the first counts");
    assert_eq!(Limits::of(&set.rules()), set, "what is in force is told by rules that say it again");
    assert_eq!(limits("at most 80 deactivations").deactivations_of(1_000), 80);
    assert_eq!(limits("at most 80 deactivations").deactivations_of(100), 50, "never more than half");

    let plan = with_leavers(100, 12);
    let held = |text: &str| holds(&plan, &past(100), &limits(text)).into_values().collect::<Vec<_>>();
    assert_eq!(held(""), [Hold::ManyDeactivations; 12]);
    assert_eq!(held("at most 12 deactivations"), []);
    assert_eq!(
        held("at most 12 deactivations\nat most 5 deactivations in seven days"),
        [Hold::ManyInSevenDays; 12]
    );
    assert!(!is_exodus(&plan, &limits("at most 12 deactivations")) && is_exodus(&plan, &limits("")));
}
