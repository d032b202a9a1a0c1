//! The planner on our own labelled lists. Everybody in them is invented.
//!
//! `orchid` is a client of an MSP with every trouble that we know of, named in the column `phenomenon`;
//! `heather` has names and nothing else, badly typed.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use labelled::{Answer, Lists};

fn lists(company: &str) -> Lists {
    let file = |side: &str| -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("data/{company}_{side}.csv"))
    };
    Lists::read(&file("accounts"), &file("contacts")).expect("they can be read")
}

/// The least that is done for each account of a phenomenon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Least {
    /// Nobody is the account's person: nothing may be done unasked.
    NeverUnasked,
    /// The right contact is the first answer.
    First,
    /// It is matched unasked.
    Unasked,
}

const PHENOMENA: [(&str, Least); 38] = [
    ("a name that is a word", Least::Unasked),
    ("a remark in the name", Least::Unasked),
    ("a role for a last name", Least::First),
    ("address is the logon name", Least::Unasked),
    ("address of a leaver", Least::NeverUnasked),
    ("diacritics", Least::First),
    ("double surname", Least::First),
    ("entered twice", Least::First),
    ("exchanged halves", Least::Unasked),
    ("half a name, the logon name in the address", Least::First),
    ("initial", Least::First),
    ("left", Least::Unasked),
    ("left, and away in the PSA", Least::First),
    ("married, nothing kept", Least::First),
    ("married, old logon name kept", Least::First),
    ("moved domain", Least::Unasked),
    ("new", Least::NeverUnasked),
    ("newcomer of a known name", Least::NeverUnasked),
    ("no address in the PSA", Least::First),
    ("not a person", Least::NeverUnasked),
    ("particles", Least::First),
    ("number behind a switchboard", Least::First),
    ("particle behind the given name", Least::First),
    ("pet form", Least::First),
    ("private address", Least::First),
    ("renamed, old address kept", Least::First),
    ("same address", Least::Unasked),
    ("same address, other case", Least::Unasked),
    ("second account", Least::NeverUnasked),
    ("siblings", Least::NeverUnasked),
    ("telephone", Least::First),
    ("the name in a private address", Least::First),
    ("titles", Least::Unasked),
    ("two of one name", Least::Unasked),
    ("typing error", Least::First),
    ("typing error in the address", Least::Unasked),
    ("whole name in one field", Least::First),
    ("in the PSA only", Least::NeverUnasked),
];

#[test]
fn no_automatic_match_is_wrong_and_nobody_is_lost() {
    for (company, top1, top3) in [("orchid", 0.95, 0.98), ("heather", 0.95, 0.98)] {
        let lists = lists(company);
        let answers = lists.answers();
        let wrong: Vec<_> = answers
            .pairs
            .iter()
            .filter(|answer| answer.automatic && !lists.is_right(answer.account, answer.contact))
            .map(|answer| (&lists.accounts[answer.account].id, &lists.contacts[answer.contact].id))
            .collect();
        assert!(wrong.is_empty(), "{company}: {wrong:?}");
        let figures = lists.figures(&answers);
        assert!(figures.auto_recall > 0.0, "{company}: {figures:?}");
        assert!(figures.top1_f1 >= top1 && figures.top3_recall >= top3, "{company}: {figures:?}");
    }
}

#[test]
fn who_is_not_a_person_is_recognised_and_nobody_else() {
    let lists = lists("orchid");
    let figures = lists.figures(&lists.answers());
    assert!(figures.kind_precision >= 0.97 && figures.kind_recall >= 0.97, "{figures:?}");
}

#[test]
fn each_trouble_is_handled_at_least_so_well() {
    let lists = lists("orchid");
    let answers = lists.answers();
    let mut of_account: BTreeMap<usize, Vec<Answer>> = BTreeMap::new();
    for answer in &answers.pairs {
        of_account.entry(answer.account).or_default().push(*answer);
    }
    let none = Vec::new();
    for (at, account) in lists.accounts.iter().enumerate() {
        let (_, least) = PHENOMENA
            .iter()
            .find(|(name, _)| *name == account.phenomenon)
            .unwrap_or_else(|| panic!("{} is not in the table", account.phenomenon));
        let own = of_account.get(&at).unwrap_or(&none);
        let has_contact = lists
            .contacts
            .iter()
            .any(|contact| !account.person.is_empty() && contact.person == account.person);
        let right = own.iter().find(|answer| lists.is_right(at, answer.contact));
        let told = format!("{} ({}): {own:?}", account.id, account.phenomenon);
        if !has_contact {
            assert!(own.iter().all(|answer| !answer.automatic), "{told}");
            continue;
        }
        match least {
            Least::NeverUnasked => assert!(right.is_some(), "{told}"),
            Least::First => assert!(right.is_some_and(|answer| answer.rank == 1), "{told}"),
            Least::Unasked => assert!(right.is_some_and(|answer| answer.automatic), "{told}"),
        }
    }
    let seen: Vec<&str> = lists.accounts.iter().map(|row| row.phenomenon.as_str()).collect();
    let contacts: Vec<&str> = lists.contacts.iter().map(|row| row.phenomenon.as_str()).collect();
    for (name, _) in PHENOMENA {
        assert!(seen.contains(&name) || contacts.contains(&name), "nobody stands for {name}");
    }
}
