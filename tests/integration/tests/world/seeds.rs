//! Worlds at random: people come, leave and change their titles, somebody edits the PSA by hand, requests
//! go wrong, the power fails, days pass, persons sync and undo, and nights run by themselves.
//!
//! `WORLDS=10000 cargo test -p integration --test world` runs ten thousand; a seed that fails is
//! printed, and `WORLD=seed` runs it alone.

use std::{collections::BTreeMap, time::Duration};

use integration::history::History;
use psa_simulator::{Fault, FaultKind, Kind};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use reconcile::{Account, AccountId};

use super::{
    company::{GIVEN, LEFT_BY_HAND, OUTSIDE, address, begin, fast_folder, id, person},
    invariants::{Checked, always, at_rest},
};

const FEW: u64 = 150;
const ROUNDS: usize = 8;

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

/// One of the directory's days.
fn change(rng: &mut StdRng, people: &mut BTreeMap<AccountId, Account>) {
    let person = person(rng.random_range(0..GIVEN.len()));
    let many = people.len() > 3;
    match people.get_mut(&person.id) {
        None => {
            people.insert(person.id, person);
        }
        Some(_) if many && rng.random_bool(0.15) => {
            people.remove(&person.id);
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

/// Somebody changes a title in the PSA by hand.
fn edit_by_hand(rng: &mut StdRng, history: &History) {
    let (number, title) = (rng.random_range(0..GIVEN.len()), rng.random_range(0..100));
    let world = history.psa().world();
    let mut world = world.lock();
    let contact =
        world.contacts_with_email(&address(number)).first().and_then(|contact| contact["id"].as_i64());
    if let Some(contact) = contact {
        world.edit(Kind::Contact, contact, |contact| {
            contact.insert("title".into(), format!("By hand {title}").into());
        });
    }
}

/// Something that is done, as far as the power lasts.
async fn act(rng: &mut StdRng, history: &mut History) -> Checked {
    let power = rng.random_bool(0.4).then(|| rng.random_range(0..60));
    history.restart(power).await.map_err(|error| format!("it does not start: {error:#}"))?;
    // It may fail, or be interrupted: then nothing was done, or it is found out next time.
    match rng.random_range(0..10) {
        0..5 => drop(history.power().during(history.sync()).await),
        5..9 => drop(history.power().during(history.look_at_the_queue()).await),
        _ => {
            let runs = history.runs().await.map_err(|error| format!("{error:#}"))?;
            if let Some(run) = runs.iter().find(|run| run.counts.written() > 0) {
                drop(history.power().during(history.undo(&run.id)).await);
            }
        }
    }
    history.restart(None).await.map_err(|error| format!("it does not start: {error:#}"))
}

async fn come_to_rest(history: &mut History) -> Checked {
    history.restart(None).await.map_err(|error| format!("it does not start: {error:#}"))?;
    for _ in 0..20 {
        history.pass(Duration::from_mins(15));
        let begun = history.look_at_the_queue().await.map_err(|error| format!("{error:#}"))?;
        always(history)?;
        if begun == 0 {
            return Ok(());
        }
    }
    Err("I7: it does not come to rest".to_owned())
}

async fn run(seed: u64) -> Checked {
    let mut rng = StdRng::seed_from_u64(seed);
    let folder = fast_folder();
    let mut history = begin(folder.path(), &[0, 1, 4, 5, 6]).await;
    history.people(|people| {
        people.get_mut(&id(6)).expect("Gerda is there").enabled = false;
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
        act(&mut rng, &mut history).await?;
        let at_most = [5, 60, 400, 100_000][rng.random_range(0..4)];
        history.pass(Duration::from_secs(rng.random_range(0..at_most)));
        always(&history)?;
        if rng.random_bool(0.3) {
            edit_by_hand(&mut rng, &history);
        }
        for _ in 0..rng.random_range(1..4) {
            history.people(|people| change(&mut rng, people));
        }
    }
    world.lock().clear_faults();
    come_to_rest(&mut history).await?;
    for _ in 0..2 {
        history.pass(Duration::from_mins(15));
        history.sync().await.map_err(|problem| format!("without faults: {problem:?}"))?;
        come_to_rest(&mut history).await?;
    }
    world.lock().reset_log();
    let last = history.sync().await.map_err(|problem| format!("without faults: {problem:?}"))?;
    let wrote = world.lock().requests().iter().any(|request| request.method != "GET");
    if wrote {
        return Err(format!("it does not come to an end: {last:?}"));
    }
    at_rest(&history).await?;
    as_the_directory_says(&history).await
}

/// When nothing is left to do, each contact is as its account, unless somebody said otherwise.
async fn as_the_directory_says(history: &History) -> Checked {
    let (service, company) = history.parts();
    let left = integration::audit::taken_back(&service.store, &company.key)
        .await
        .map_err(|error| format!("{error:#}"))?;
    let people = history.people(|people| people.clone());
    let world = history.psa().world();
    let world = world.lock();
    let by_hand = address(LEFT_BY_HAND);
    for person in people.values().filter(|person| !left.contains(&person.id)) {
        let address = person.mail.as_deref().unwrap_or_default();
        if address == by_hand {
            continue;
        }
        let contact = world.contacts_with_email(address).first().copied();
        let Some(contact) = contact else {
            if person.enabled {
                return Err(format!("{address} is missing"));
            }
            continue;
        };
        let active = contact["inactiveFlag"] == false;
        if active != person.enabled {
            return Err(format!("{address} is active: {active}, enabled: {}", person.enabled));
        }
        let title = contact.get("title").and_then(|title| title.as_str());
        if person.enabled && title != person.title.as_deref() {
            return Err(format!("{address} is {title:?}, not {:?}", person.title));
        }
    }
    assert!(!world.contacts_with_email(OUTSIDE).is_empty(), "the checks look at contacts that are there");
    Ok(())
}

#[tokio::test]
async fn i1_i2_whatever_happens_nobody_is_there_twice_and_nobody_is_wrongly_inactive() {
    server::web::install_tls_provider();
    let number = |name| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let seeds = match number("WORLD") {
        Some(seed) => seed..seed + 1,
        None => 0..number("WORLDS").unwrap_or(FEW),
    };
    let mut failed = Vec::new();
    for seed in seeds {
        if let Err(why) = run(seed).await {
            println!("WORLD={seed}: {why}");
            failed.push(seed);
        }
    }
    assert!(failed.is_empty(), "{} worlds failed: {failed:?}", failed.len());
}
