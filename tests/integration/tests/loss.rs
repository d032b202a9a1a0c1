//! The store is lost, or an old copy of it is put back: settings, links and ignores come back from the PSA
//! before anything is written.

use integration::history::{Ground, History, account};
use psa_simulator::{Csv, Kind, Options};
use reconcile::{Decision, Link, Subject};

const COMPANY: i64 = 7;

fn options() -> Options {
    Options {
        companies: Csv::Text(format!(
            "id,identifier,name,status,city\n{COMPANY},Seven,Seven Ltd,Active,Ghent\n"
        )),
        contacts: Csv::Text(
            "company,first_name,last_name,title,email,direct,mobile,fax,inactive,default,billing,portal\n\
             Seven,Ann,Aerts,Clerk,ann.aerts@history.example,,,,false,,,\n\
             Seven,Walter,Outside,Supplier,walter@elsewhere.example,,,,false,,,\n"
                .to_owned(),
        ),
        ..Options::default()
    }
}

fn contacts(history: &History) -> usize {
    history.psa().world().lock().records(Kind::Contact).count()
}

fn notes(history: &History) -> Vec<String> {
    let world = history.psa().world();
    let world = world.lock();
    let text = |note: &serde_json::Map<_, _>| note["text"].as_str().unwrap_or_default().to_owned();
    world.records(Kind::Note).map(text).collect()
}

async fn ignored(history: &History) -> usize {
    let (service, company) = history.parts();
    let decisions = service.store.decisions(&company.key).await.expect("the store works");
    decisions.values().filter(|decision| **decision == Decision::Ignore).count()
}

/// A company with links that the PSA knows as well, and `ignored` accounts that are left alone.
async fn settled(folder: &std::path::Path, many: u128) -> (Ground, History) {
    server::web::install_tls_provider();
    let ground = Ground::new(folder).await.expect("the store opens");
    let history = History::begin(&ground, &options(), COMPANY).await.expect("it begins");
    history.set_rules("account id in field 10").await.expect("it is a rule");
    history.people(|people| {
        for (number, given, family) in [(0, "Ann", "Aerts"), (1, "Ben", "Brouwer")] {
            let person = account(number, given, family, true);
            people.insert(person.id, person);
        }
        for number in 0..many {
            let person = account(1_000 + number, "Left", &format!("Alone{number}"), true);
            people.insert(person.id, person);
        }
    });
    let left: Vec<(Subject, Decision)> = (0..many)
        .map(|number| account(1_000 + number, "", "", true).id)
        .map(|id| (Subject::Account(id), Decision::Ignore))
        .collect();
    history.sync_deciding(&left).await.expect("it is applied");
    assert_eq!(history.links().await.expect("the store works").len(), 2);
    assert_eq!(contacts(&history), 3, "Ben is new, nobody else");
    (ground, history)
}

#[tokio::test]
async fn c10_a_store_that_was_lost_comes_back_from_the_psa() {
    let folder = tempfile::tempdir().expect("there is room");
    let (ground, history) = settled(folder.path(), 250).await;
    let links = history.links().await.expect("the store works");
    let kept = notes(&history).into_iter().filter(|text| text.starts_with("ConnectActive ignores")).count();
    assert_eq!(kept, 3, "250 keys need three notes");
    let writes = history.psa().world().lock().requests().len();
    history.sync().await.expect("it is applied");
    let again = history.psa().world();
    assert!(again.lock().requests()[writes..].iter().all(|asked| asked.method == "GET"), "once is enough");

    let elsewhere = tempfile::tempdir().expect("there is room");
    let new = Ground::after(&ground, elsewhere.path()).await.expect("a new store");
    let history = history.on(&new, &options()).await.expect("it joins again");
    history.plan().await.expect("both sides can be read");
    assert_eq!(ignored(&history).await, 250, "nobody is asked a second time");
    let counts = history.sync().await.expect("it is applied");
    assert_eq!((counts.created, counts.updated), (0, 0), "{counts:?}");
    assert_eq!(contacts(&history), 3);
    let back: Vec<Link> = history.links().await.expect("the store works");
    assert_eq!(back, links);
}

#[tokio::test]
async fn c10_an_id_that_stands_in_two_contacts_links_neither() {
    let folder = tempfile::tempdir().expect("there is room");
    let (ground, history) = settled(folder.path(), 0).await;
    // Somebody made a contact by copying Ben's.
    {
        let world = history.psa().world();
        let mut world = world.lock();
        let ben = world.contacts_with_email("ben.brouwer@history.example")[0].clone();
        let mut copy = ben;
        copy.remove("id");
        copy.insert("firstName".into(), "Benno".into());
        copy.remove("communicationItems");
        world.add(Kind::Contact, copy);
    }
    let elsewhere = tempfile::tempdir().expect("there is room");
    let new = Ground::after(&ground, elsewhere.path()).await.expect("a new store");
    let history = history.on(&new, &options()).await.expect("it joins again");
    history.review().await.expect("both sides can be read");
    history.sync().await.expect("it is applied");
    let links = history.links().await.expect("the store works");
    let ben = account(1, "Ben", "Brouwer", true).id;
    let linked = links.iter().find(|link| link.account == ben).map(|link| link.contact);
    let by_address =
        history.psa().world().lock().contacts_with_email("ben.brouwer@history.example")[0]["id"].as_i64();
    assert_eq!(linked.map(|contact| contact.0), by_address, "the address says which of them is Ben");
    assert_eq!(contacts(&history), 4, "nobody is made a third time");
}

#[tokio::test]
async fn p10_a_copy_of_ignores_that_was_changed_by_hand_is_not_followed() {
    let folder = tempfile::tempdir().expect("there is room");
    let (ground, history) = settled(folder.path(), 2).await;
    {
        let world = history.psa().world();
        let mut world = world.lock();
        let (id, text) = world
            .records(Kind::Note)
            .map(|note| {
                (note["id"].as_i64().expect("it has one"), note["text"].as_str().unwrap_or("").to_owned())
            })
            .find(|(_, text)| text.starts_with("ConnectActive ignores"))
            .expect("there is one");
        let changed = text.replacen("list=", "list=ic1,", 1);
        assert!(world.edit(Kind::Note, id, |note| {
            note.insert("text".into(), changed.into());
        }));
    }
    let elsewhere = tempfile::tempdir().expect("there is room");
    let new = Ground::after(&ground, elsewhere.path()).await.expect("a new store");
    let history = history.on(&new, &options()).await.expect("it joins again");
    history.plan().await.expect("both sides can be read");
    assert_eq!(ignored(&history).await, 0);
}
