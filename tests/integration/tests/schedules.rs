//! Random schedules of faults over create, update and deactivate. Whatever goes wrong with whichever
//! request: nobody is there twice, nobody is wrongly inactive, and in the end every write is known.
//!
//! `SCHEDULES=10000 cargo test -p integration --test schedules` runs ten thousand; a seed that fails
//! is printed, and `SCHEDULE=seed` runs it alone.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use integration::history::{Ground, History, account};
use psa_simulator::{Csv, Fault, FaultKind, Kind, Options};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use reconcile::{Account, AccountId};

const COMPANY: i64 = 7;
const FEW: u64 = 300;
const ROUNDS: usize = 5;

/// What can go wrong with one request.
const KINDS: [FaultKind; 14] = [
    FaultKind::Status429,
    FaultKind::Html429,
    FaultKind::Status500,
    FaultKind::Timeout500,
    FaultKind::Html502,
    FaultKind::Status503,
    FaultKind::Html520,
    FaultKind::Html200,
    FaultKind::Slow,
    FaultKind::Refused,
    FaultKind::DropBefore,
    FaultKind::LostAfterWrite,
    FaultKind::DoneLater,
    FaultKind::Truncated,
];

const GIVEN: [&str; 14] = [
    "Ann", "Ben", "Cleo", "Dirk", "Eva", "Finn", "Gerda", "Hugo", "Ilse", "Joris", "Karel", "Lotte", "Marc",
    "Nele",
];
const FAMILY: [&str; 14] = [
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

const DIRK: &str = "dirk.dewit@history.example";

/// The company's contacts at the start: who has an account as well, who had one, and one who never
/// did and must not be touched.
fn options() -> Options {
    let mut contacts = String::from(
        "company,first_name,last_name,title,email,direct,mobile,fax,inactive,default,billing,portal\n",
    );
    for at in 0..4 {
        let (given, family) = (GIVEN[at], FAMILY[at]);
        let name = format!("{given}.{family}").to_lowercase();
        let row =
            format!("Seven,{given},{family},Old title,{name}@history.example,+32 9 1,,,{},,,\n", at == 3);
        contacts.push_str(&row);
    }
    contacts += "Seven,Walter,Outside,Supplier,walter@elsewhere.example,,,,false,,,\n";
    Options {
        companies: Csv::Text(format!(
            "id,identifier,name,status,city\n{COMPANY},Seven,Seven Ltd,Active,Ghent\n"
        )),
        contacts: Csv::Text(contacts),
        ..Options::default()
    }
}

/// One of the directory's days.
fn change(rng: &mut StdRng, people: &mut BTreeMap<AccountId, Account>) {
    let number: usize = rng.random_range(0..GIVEN.len());
    let person = account(number as u128, GIVEN[number], FAMILY[number], true);
    match people.get_mut(&person.id) {
        None => {
            people.insert(person.id, person);
        }
        Some(there) if rng.random_bool(0.5) => there.enabled = !there.enabled,
        Some(there) => there.title = Some(format!("Title {}", rng.random_range(0..100))),
    }
    // An empty directory, or one where nobody works, is no directory.
    if let Some(first) = people.values_mut().next() {
        first.enabled = true;
    }
}

fn fault(rng: &mut StdRng) -> Fault {
    let kind = KINDS[rng.random_range(0..KINDS.len())];
    let retry_after = match rng.random_range(0..5) {
        0 => None,
        1 => Some("2".to_owned()),
        2 => Some("0.5".to_owned()),
        3 => Some("86400".to_owned()),
        _ => Some("soon".to_owned()),
    };
    Fault { retry_after, delay_ms: rng.random_range(0..90_000), ..Fault::once("GET", "/", kind) }
}

async fn run(ground: &Ground, seed: u64) -> Result<(), String> {
    let mut rng = StdRng::seed_from_u64(seed);
    // The store takes each login company once.
    let options = Options { login_company: format!("history{seed}"), ..options() };
    let history = History::begin(ground, &options, COMPANY).await.map_err(|error| format!("{error:#}"))?;
    history.people(|people| {
        for number in [0, 1, 2, 4, 5, 6] {
            let person = account(number as u128, GIVEN[number], FAMILY[number], number != 2);
            people.insert(person.id, person);
        }
    });
    let world = history.psa().world();
    for _ in 0..ROUNDS {
        // A round whose reads fail writes nothing, so reads fail less often.
        let reads = [0.0, 0.02, 0.2][rng.random_range(0..3)];
        let writes = [0.1, 0.3, 0.7][rng.random_range(0..3)];
        let mut faults = StdRng::seed_from_u64(rng.random());
        world.lock().fault_by(move |method, _| {
            let often = if method == "GET" { reads } else { writes };
            faults.random_bool(often).then(|| fault(&mut faults))
        });
        // It may fail: then nothing was done, or it is found out next time.
        let _ = history.sync().await;
        let at_most = [5, 60, 400][rng.random_range(0..3)];
        history.pass(Duration::from_secs(rng.random_range(0..at_most)));
        check(&history)?;
        for _ in 0..rng.random_range(1..4) {
            history.people(|people| change(&mut rng, people));
        }
    }
    world.lock().clear_faults();
    // Long enough that whatever was under way is done, and that "not there" is an answer.
    for _ in 0..2 {
        history.pass(Duration::from_mins(15));
        history.sync().await.map_err(|problem| format!("without faults: {problem:?}"))?;
        check(&history)?;
    }
    history.pass(Duration::from_mins(15));
    world.lock().reset_log();
    let last = history.sync().await.map_err(|problem| format!("without faults: {problem:?}"))?;
    let wrote = world.lock().requests().iter().any(|request| request.method != "GET");
    if wrote {
        return Err(format!("it does not come to rest: {last:?}"));
    }
    let unsettled = history.unsettled().await.map_err(|error| format!("{error:#}"))?;
    if unsettled > 0 {
        return Err(format!("{unsettled} writes are still unknown"));
    }
    at_rest(&history)
}

/// What holds at any moment.
fn check(history: &History) -> Result<(), String> {
    let world = history.psa().world();
    let world = world.lock();
    for (given, family) in GIVEN.iter().zip(FAMILY) {
        let address = format!("{given}.{family}@history.example");
        let count = world.contacts_with_email(&address).len();
        if count > 1 {
            return Err(format!("{address} is there {count} times"));
        }
    }
    let outside = world.contacts_with_email("walter@elsewhere.example");
    if outside.len() != 1 || outside[0]["inactiveFlag"] != false {
        return Err("somebody who never had an account was touched".to_owned());
    }
    // A person deactivated Dirk: only a person's answer brings him back.
    let dirk = world.contacts_with_email(DIRK);
    if dirk.len() != 1 || dirk[0]["inactiveFlag"] != true {
        return Err("somebody whom a person deactivated was brought back".to_owned());
    }
    Ok(())
}

/// What holds when nothing is left to do.
fn at_rest(history: &History) -> Result<(), String> {
    let people = history.people(|people| people.clone());
    let world = history.psa().world();
    let world = world.lock();
    for person in people.values().filter(|person| person.mail.as_deref() != Some(DIRK)) {
        let address = person.mail.as_deref().unwrap_or_default();
        let contact = world.contacts_with_email(address).first().copied();
        let state = contact.map(|contact| contact["inactiveFlag"] == false);
        let titles = contact.map(|contact| (contact.get("title").cloned(), person.title.clone()));
        match state {
            Some(active) if active != person.enabled => {
                return Err(format!("{address} is active: {active}, enabled: {}", person.enabled));
            }
            None if person.enabled => return Err(format!("{address} is missing")),
            _ => {}
        }
        if let Some((Some(there), Some(here))) = titles
            && person.enabled
            && there != *here
        {
            return Err(format!("{address} is {there}, not {here}"));
        }
    }
    let contacts = world.records(Kind::Contact).count();
    if contacts > GIVEN.len() + 1 {
        return Err(format!("{contacts} contacts"));
    }
    Ok(())
}

/// Where a file costs no wait for a disk, if there is such a place.
fn fast_folder() -> tempfile::TempDir {
    let memory = PathBuf::from("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    folder.expect("there is room for a folder")
}

#[tokio::test]
async fn whatever_goes_wrong_nobody_is_there_twice_and_nobody_is_wrongly_inactive() {
    server::web::install_tls_provider();
    let folder = fast_folder();
    let ground = Ground::new(folder.path()).await.expect("the store opens");
    let number = |name| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let seeds = match number("SCHEDULE") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SCHEDULES").unwrap_or(FEW),
    };
    let mut failed = Vec::new();
    for seed in seeds {
        if let Err(why) = run(&ground, seed).await {
            println!("SCHEDULE={seed}: {why}");
            failed.push(seed);
        }
    }
    assert!(failed.is_empty(), "{} schedules failed: {failed:?}", failed.len());
}
