//! People of an invented company, by number, and the company in which each of them has a contact.

use std::path::Path;

use pod_view::wire::Run;
use psa_simulator::{Csv, Options};
use reconcile::{Account, AccountId};

use crate::history::{Ground, History, account};

/// Given names.
pub const GIVEN: [&str; 14] = [
    "Ann", "Ben", "Cleo", "Dirk", "Eva", "Finn", "Gerda", "Hugo", "Ilse", "Joris", "Karel", "Lotte", "Marc",
    "Nele",
];
/// Family names.
pub const FAMILY: [&str; 14] = [
    "Aerts",
    "Brouwer",
    "Claes",
    "Dewit",
    "Engelen",
    "Fransen",
    "Goossens",
    "Hendrickx",
    "Ingels",
    "Jansen",
    "Kerkhof",
    "Lambert",
    "Maes",
    "Nijs",
];

/// The address of one of them.
#[must_use]
pub fn address(number: usize) -> String {
    format!("{}.{}@history.example", GIVEN[number], FAMILY[number]).to_lowercase()
}

/// One of them, as the directory has people.
#[must_use]
pub fn person(number: usize) -> Account {
    account(number as u128, GIVEN[number], FAMILY[number], true)
}

/// The key of one of them.
#[must_use]
pub fn id(number: usize) -> AccountId {
    person(number).id
}

/// The company of these people.
pub const SEVEN: i64 = 7;
/// Another company of the same PSA, with nobody in it.
pub const EIGHT: i64 = 8;
/// Somebody of the company who never had an account.
pub const OUTSIDE: &str = "walter@elsewhere.example";

/// A PSA of both companies, on a store of its own in `folder`; the first so many people are in the
/// directory, and nobody has synced yet.
pub async fn begin(folder: &Path, people: usize) -> anyhow::Result<History> {
    let options = Options {
        companies: Csv::Text(format!(
            "id,identifier,name,status,city\n{SEVEN},Seven,Seven Ltd,Active,Ghent\n\
             {EIGHT},Eight,Eight Ltd,Active,Bruges\n"
        )),
        contacts: Csv::Text(format!(
            "company,first_name,last_name,title,email,direct,mobile,fax,inactive,default,billing,portal\n\
             Seven,Walter,Outside,Supplier,{OUTSIDE},,,,false,,,\n"
        )),
        ..Options::default()
    };
    let ground = Ground::new(folder).await?;
    let history = History::begin(&ground, &options, SEVEN).await?;
    history.people(|directory| directory.extend((0..people).map(|number| (id(number), person(number)))));
    Ok(history)
}

/// The same after the first review, by which each of the people got a contact.
pub async fn settled(folder: &Path, people: usize) -> anyhow::Result<History> {
    let history = begin(folder, people).await?;
    let counts = history.sync().await.map_err(|problem| anyhow::anyhow!("{problem:?}"))?;
    anyhow::ensure!(counts.created == people as u64, "{counts:?}");
    Ok(history)
}

/// The company's next night.
///
/// # Panics
/// When the company is not due.
pub async fn night(history: &History) -> Run {
    history.night().await.expect("the company is due, and its run is begun")
}

/// Disables the accounts of these people.
///
/// # Panics
/// When one of them has none.
pub fn disable(history: &History, numbers: impl IntoIterator<Item = usize>) {
    history.people(|people| {
        for number in numbers {
            people.get_mut(&id(number)).expect("they are in the directory").enabled = false;
        }
    });
}
