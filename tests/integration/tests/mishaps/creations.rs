//! A contact that is made, and is not there yet or not there in full.

use std::time::Duration;

use psa_simulator::{Fault, FaultKind, Kind, Record};
use serde_json::{Value, json};

use crate::company::{EIGHT, SEVEN, address, begin, contacts, employ, found, writes};

const CONTACTS: &str = "/company/contacts";

#[tokio::test]
async fn p5_a_contact_that_is_made_after_its_answer_got_lost_is_made_once() {
    let (_folder, history) = begin(&[]).await;
    employ(&history, 1, "Ann", "Aerts");
    let later = Fault { delay_ms: 90_000, ..Fault::once("POST", CONTACTS, FaultKind::DoneLater) };
    history.psa().world().lock().fault(later);
    let first = history.sync().await.expect("both sides can be read");
    assert_eq!((first.created, first.unknown), (0, 1), "{first:?}");

    // It does not show yet, and that says nothing.
    history.psa().world().lock().reset_log();
    history.pass(Duration::from_mins(1));
    let second = history.sync().await.expect("both sides can be read");
    assert_eq!((second.created, second.unknown, writes(&history)), (0, 1, 0), "{second:?}");
    assert_eq!(contacts(&history), 0);

    history.pass(Duration::from_mins(1));
    let third = history.sync().await.expect("both sides can be read");
    assert_eq!((third.created, third.unknown, third.already_so), (0, 0, 1), "{third:?}");
    assert_eq!(contacts(&history), 1);
    assert_eq!(history.links().await.expect("the store works").len(), 1, "it is hers");
}

#[tokio::test]
async fn p5_a_contact_that_was_made_and_is_not_in_lists_is_not_made_again() {
    let (_folder, history) = begin(&[("Walter", "Outside")]).await;
    employ(&history, 1, "Ann", "Aerts");
    assert_eq!(history.sync().await.expect("it is applied").created, 1);
    let contact = found(&history, &address("Ann", "Aerts"))[0]["id"].as_i64().expect("it has an id");
    let belongs_to = |company: i64| {
        let world = history.psa().world();
        let found = world.lock().edit(Kind::Contact, contact, |contact| {
            contact.insert("company".into(), json!({ "id": company }));
        });
        assert!(found);
    };
    // As a list is that does not know of it.
    belongs_to(EIGHT);
    history.psa().world().lock().reset_log();
    let counts = history.sync().await.expect("both sides can be read");
    assert_eq!((counts.created, counts.questions, writes(&history)), (0, 1, 0), "{counts:?}");
    belongs_to(SEVEN);
    let counts = history.sync().await.expect("both sides can be read");
    assert_eq!((counts.questions, writes(&history), contacts(&history)), (0, 0, 2), "{counts:?}");
}

/// The numbers and addresses of a contact.
fn values(contact: &Record) -> Vec<&str> {
    let items = contact["communicationItems"].as_array().expect("it has items");
    items.iter().filter_map(|item| item["value"].as_str()).collect()
}

#[tokio::test]
async fn p6_a_new_contact_that_lacks_an_item_gets_it_and_no_double() {
    for missing in ["Email", "Phone"] {
        let (_folder, history) = begin(&[]).await;
        employ(&history, 1, "Ann", "Aerts");
        // Its answer gets lost, and so does every list until it was edited.
        let world = history.psa().world();
        let mut was_made = false;
        world.lock().fault_by(move |method, path| {
            was_made |= method == "POST" && path == CONTACTS;
            let kind = if method == "POST" { FaultKind::LostAfterWrite } else { FaultKind::Status503 };
            (was_made && path == CONTACTS).then(|| Fault::once(method, path, kind))
        });
        let first = history.sync().await.expect("both sides can be read");
        assert_eq!((first.created, first.unknown), (0, 1), "{missing}: {first:?}");
        world.lock().clear_faults();
        let made = world.lock().records(Kind::Contact).next().expect("it was made")["id"].as_i64();
        world.lock().edit(Kind::Contact, made.expect("it has an id"), |contact| {
            let items = contact["communicationItems"].as_array_mut().expect("it has items");
            items.retain(|item| item["communicationType"] != missing);
        });

        let unsettled = history.sync().await.expect("both sides can be read");
        assert_eq!((unsettled.created, unsettled.unknown), (0, 1), "{missing}: {unsettled:?}");
        history.pass(Duration::from_mins(3));
        let last = history.sync().await.expect("both sides can be read");
        assert_eq!((last.created, last.updated), (0, 1), "{missing}: {last:?}");
        assert_eq!(contacts(&history), 1, "{missing}");
        let ann = found(&history, &address("Ann", "Aerts"));
        let mut there = values(&ann[0]);
        there.sort_unstable();
        assert_eq!(there, ["+32 9 0000001", "ann.aerts@history.example"], "{missing}");
    }
}

#[tokio::test]
async fn p6_a_type_that_was_not_given_is_given_by_the_next_run() {
    let (_folder, history) = begin(&[("Ann", "Aerts")]).await;
    employ(&history, 1, "Ann", "Aerts");
    history
        .set_rules("type \"Approver\" for title *\ntype \"End User\" for title *")
        .await
        .expect("they are rules");
    let path = "/company/contacts/*/typeAssociations";
    let failing = Fault { skip: 1, ..Fault::once("POST", path, FaultKind::Status500) };
    history.psa().world().lock().fault(failing);
    let first = history.sync().await.expect("both sides can be read");
    assert_eq!((first.updated, first.unknown), (0, 1), "{first:?}");
    history.pass(Duration::from_mins(3));
    history.psa().world().lock().reset_log();
    let second = history.sync().await.expect("both sides can be read");
    assert_eq!((second.updated, second.unknown), (1, 0), "{second:?}");
    let given = history.psa().world().lock().requests().iter().filter(|sent| sent.method == "POST").count();
    assert_eq!(given, 1, "only the one that was missing");
    let ann = &found(&history, &address("Ann", "Aerts"))[0];
    let name = |kind: &Value| kind["name"].as_str().unwrap_or_default().to_owned();
    let mut types: Vec<String> = ann["types"].as_array().expect("it has types").iter().map(name).collect();
    types.sort();
    assert_eq!(types, ["Approver", "End User"]);
    assert_eq!(contacts(&history), 1);
}
