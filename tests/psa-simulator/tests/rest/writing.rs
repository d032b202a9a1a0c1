//! Creating, changing and deleting; and the faults of writing.

use std::time::Duration;

use crate::common::{ACME, Psa, options};
use psa_simulator::{Fault, FaultKind, Inactivation, Kind, Options};
use reqwest::Method;
use serde_json::{Value, json};

const CONTACTS: &str = "/company/contacts";

fn codes(body: &Value) -> Vec<(&str, &str)> {
    let rows = body["errors"].as_array().map_or(&[][..], Vec::as_slice);
    rows.iter()
        .map(|row| (row["code"].as_str().unwrap_or("?"), row["field"].as_str().unwrap_or("?")))
        .collect()
}

#[tokio::test]
async fn a_new_contact_has_its_defaults() {
    let psa = Psa::new().await;
    let body = json!({
        "firstName": "Dan", "company": {"identifier": "acme"}, "typeIds": [2],
        "communicationItems": [
            {"type": {"name": "Mobile"}, "value": "+32 9"},
            {"type": {"id": 1}, "value": "dan@acme.example"},
        ],
        "somethingNew": 5,
    });
    let (status, dan) = psa.send(Method::POST, CONTACTS, &body).await;
    assert_eq!(status, 201, "{dan}");
    assert_eq!(dan["company"]["id"], ACME);
    assert_eq!(dan["site"]["name"], "Main");
    assert_eq!(dan["disablePortalLoginFlag"], true);
    assert_eq!(dan["inactiveFlag"], false);
    assert_eq!(dan["types"][0]["name"], "Approver");
    assert_eq!(dan["communicationItems"][0]["communicationType"], "Phone");
    assert_eq!(dan["communicationItems"][0]["defaultFlag"], true, "the first becomes the default");
    assert_eq!(dan["defaultPhoneNbr"], "+32 9");
    assert!(dan.get("typeIds").is_none() && dan.get("somethingNew").is_none());

    let (_, next) = psa.send(Method::POST, CONTACTS, &json!({"firstName": "Dan"})).await;
    assert!(next["id"].as_i64() > dan["id"].as_i64(), "ids grow, and duplicates are allowed");
    assert!(next.get("site").is_none());
}

#[tokio::test]
async fn limits_and_requirements_are_enforced() {
    let psa = Psa::new().await;
    let (status, body) = psa.send(Method::POST, CONTACTS, &json!({"lastName": "x"})).await;
    assert_eq!((status, &body["code"]), (400, &json!("InvalidObject")));
    assert_eq!(body["message"], "contact object is invalid");
    assert_eq!(body["errors"][0]["message"], "The firstName field is required.");
    assert_eq!(codes(&body), [("MissingRequiredField", "firstName")]);

    for (field, limit) in
        [("firstName", 30), ("lastName", 30), ("title", 100), ("nickName", 30), ("userDefinedField10", 50)]
    {
        let mut contact = json!({"firstName": "x"});
        contact[field] = "é".repeat(limit).into();
        assert_eq!(psa.send(Method::POST, CONTACTS, &contact).await.0, 201, "{field}");
        contact[field] = "é".repeat(limit + 1).into();
        let (status, body) = psa.send(Method::POST, CONTACTS, &contact).await;
        assert_eq!(status, 400, "{field}");
        assert_eq!(codes(&body), [("InvalidField", field)]);
    }
    psa.simulator.world().lock().switches.title_limit = 50;
    let long = json!({"firstName": "x", "title": "t".repeat(51)});
    assert_eq!(psa.send(Method::POST, CONTACTS, &long).await.0, 400);

    let item = |item: Value| json!({"firstName": "x", "communicationItems": [item]});
    for wrong in [
        json!({"type": {"id": 77}, "value": "x"}),
        json!({"type": {"id": 1}}),
        json!({"type": {"id": 1}, "value": "x@y.example", "communicationType": "Phone"}),
        json!({"type": {"id": 2}, "value": "1".repeat(251)}),
        json!({"type": {"id": 2}, "value": "1", "extension": "1".repeat(16)}),
    ] {
        assert_eq!(psa.send(Method::POST, CONTACTS, &item(wrong.clone())).await.0, 400, "{wrong}");
    }
    let milliseconds = json!({"firstName": "x", "birthDay": "2026-07-01T00:00:00.000Z"});
    let (status, body) = psa.send(Method::POST, CONTACTS, &milliseconds).await;
    assert_eq!((status, &body["message"]), (400, &json!("Unsupported format applied to birthDay.")));
}

#[tokio::test]
async fn a_patch_follows_its_rules() {
    let psa = Psa::new().await;
    let ann = psa.ann();
    let object = json!({"op": "replace", "path": "title", "value": "Boss"});
    let (status, body) = psa.send(Method::PATCH, &ann, &object).await;
    assert_eq!((status, &body["code"]), (400, &json!("InvalidPatch")), "an object is no patch");

    for path in ["title", "/title"] {
        let (status, contact) = psa.patch(&ann, "replace", path, json!(path)).await;
        assert_eq!((status, &contact["title"]), (200, &json!(path)));
    }
    let (status, _) = psa.patch(&ann, "replace", "Title", json!("no")).await;
    assert_eq!(status, 400, "the path is case sensitive");
    let (status, contact) = psa.patch(&ann, "remove", "/title", Value::Null).await;
    assert_eq!((status, contact.get("title")), (200, None));

    let before = psa.get(&ann).await;
    let (status, after) = psa.patch(&ann, "replace", "company/identifier", json!("Bolt")).await;
    assert_eq!(status, 200, "a false 200");
    assert_eq!(after["company"], before["company"], "and nothing done");
    let (status, moved) = psa.patch(&ann, "replace", "company", json!({"identifier": "Bolt"})).await;
    assert_eq!((status, &moved["company"]["id"]), (200, &json!(251)));

    let (status, body) = psa.patch(&ann, "replace", "communicationItems", json!("x")).await;
    assert_eq!(status, 400);
    let message = body["message"].as_str().expect("a message");
    assert!(
        message.starts_with("Could not cast or convert from System.String to ConnectWise.Apis"),
        "{message}"
    );
    assert!(message.ends_with("ContactCommunicationItem[]."), "{message}");
    assert_eq!(psa.patch(&ann, "replace", "inactiveFlag", json!("true")).await.0, 400);
    assert_eq!(psa.patch(&ann, "replace", "customFields/0/value", json!("x")).await.0, 400);

    let two = json!([
        {"op": "replace", "path": "lastName", "value": "Changed"},
        {"op": "replace", "path": "nowhere", "value": 1},
    ]);
    assert_eq!(psa.send(Method::PATCH, &ann, &two).await.0, 400);
    assert_eq!(psa.get(&ann).await["lastName"], "Lee", "all or nothing");
}

#[tokio::test]
async fn a_patch_reaches_items_by_index() {
    let psa = Psa::new().await;
    let ann = psa.ann();
    let (status, contact) = psa.patch(&ann, "replace", "/communicationItems/1/value", json!("+32 77")).await;
    assert_eq!((status, &contact["communicationItems"][1]["value"]), (200, &json!("+32 77")));

    let item = json!({"type": {"id": 9}, "value": "+32 5", "defaultFlag": true});
    let (_, contact) = psa.patch(&ann, "add", "/communicationItems/0", item.clone()).await;
    assert_eq!(contact["communicationItems"][3]["value"], "+32 5", "appended all the same");
    assert_eq!(contact["communicationItems"][3]["defaultFlag"], false, "and no default");

    let (_, contact) = psa.patch(&ann, "add", "/communicationItems/4", item).await;
    assert_eq!(contact["communicationItems"][4]["defaultFlag"], true);
    assert_eq!(contact["communicationItems"][1]["defaultFlag"], false, "one default per kind");

    let (_, contact) = psa.patch(&ann, "remove", "/communicationItems/4", Value::Null).await;
    let items = contact["communicationItems"].as_array().expect("items");
    assert_eq!(items.len(), 4);
    assert_eq!(items[1]["defaultFlag"], true, "some phone is always the default");
    assert_eq!(psa.patch(&ann, "remove", "/communicationItems/4", Value::Null).await.0, 400);
    assert_eq!(psa.patch(&ann, "add", "/communicationItems/9", json!({})).await.0, 400);
}

#[tokio::test]
async fn a_patch_meets_what_was_wrong_before() {
    let psa = Psa::new().await;
    let world = psa.simulator.world();
    world.lock().edit(Kind::Company, ACME, |company| {
        company.insert("yearEstablished".into(), 0.into());
    });
    let path = format!("/company/companies/{ACME}");
    let (status, body) = psa.patch(&path, "replace", "city", json!("Bruges")).await;
    assert_eq!(status, 400);
    assert_eq!(codes(&body), [("OutOfRange", "yearEstablished")]);
    assert_eq!(body["errors"][0]["message"], "The field yearEstablished must be between 1900 and 9999.");
}

#[tokio::test]
async fn a_put_of_a_contact_is_a_trap() {
    let psa = Psa::new().await;
    let ann = psa.ann();
    let with_items = json!({"firstName": "Ann", "communicationItems": []});
    assert_eq!(psa.send(Method::PUT, &ann, &with_items).await.0, 400);
    let (status, contact) = psa.send(Method::PUT, &ann, &json!({"firstName": "Ann"})).await;
    assert_eq!((status, contact.get("lastName"), contact.get("company")), (200, None, None));
    assert_eq!(contact["communicationItems"].as_array().map(Vec::len), Some(3));
    assert_eq!(contact["customFields"][0]["caption"], "Preferred Language");
}

#[tokio::test]
async fn communications_are_written_one_by_one() {
    let psa = Psa::new().await;
    let path = format!("{}/communications", psa.ann());
    let new = json!({"type": {"id": 5}, "value": "lee@home.example", "defaultFlag": true});
    let (status, item) = psa.send(Method::POST, &path, &new).await;
    assert_eq!((status, &item["domain"]), (201, &json!("@home.example")), "{item}");
    let old = psa.get(&psa.ann()).await["communicationItems"][0].clone();
    assert_eq!(old["defaultFlag"], false, "the new default took its place");

    let own = format!("{path}/{}", item["id"]);
    let (status, item) = psa.patch(&own, "replace", "value", json!("lee@new.example")).await;
    assert_eq!((status, &item["value"]), (200, &json!("lee@new.example")));
    assert_eq!(psa.get(&format!("{path}/count")).await, json!({"count": 4}));
    let gone = psa.call(Method::DELETE, &own).send().await.expect("an answer");
    assert_eq!(gone.status(), 204);
    let missing = psa.call(Method::GET, &own).send().await.expect("an answer");
    assert_eq!(missing.status(), 404);
}

#[tokio::test]
async fn notes_are_folded_and_stamped() {
    let psa = Psa::new().await;
    let path = format!("/company/companies/{ACME}/notes");
    let text = json!({"text": "one\r\n\ttwo three", "type": {"name": "Comments"}});
    let (status, note) = psa.send(Method::POST, &path, &text).await;
    assert_eq!((status, &note["text"]), (201, &json!("one two three")));
    assert_eq!(note["enteredBy"], "ConnectActive");
    assert_eq!(psa.send(Method::POST, &path, &json!({"text": ""})).await.0, 400);

    let world = psa.simulator.world();
    world.lock().switches.fold_note_whitespace = false;
    world.lock().switches.note_limit = Some(4000);
    let own = format!("{path}/{}", note["id"]);
    let (_, note) = psa.patch(&own, "replace", "text", json!("a\nb")).await;
    assert_eq!(note["text"], "a\nb");
    assert_eq!(psa.patch(&own, "replace", "text", json!("x".repeat(4001))).await.0, 400);
    let elsewhere = own.replace("/250/", "/251/");
    let other = psa.call(Method::GET, &elsewhere).send().await.expect("an answer");
    assert_eq!(other.status(), 404, "a note belongs to its company");
    let nobody = psa.call(Method::GET, "/company/companies/9/notes").send().await;
    assert_eq!(nobody.expect("an answer").status(), 404);
}

#[tokio::test]
async fn what_nobody_knows_is_a_switch() {
    let psa = Psa::new().await;
    let world = psa.simulator.world();
    let inactive = |value: bool| psa.patch_ann("inactiveFlag", json!(value));
    assert_eq!(inactive(true).await, 200, "allowed unless said otherwise");
    assert_eq!(inactive(false).await, 200);
    for (switch, status) in [(Inactivation::BadRequest, 400), (Inactivation::Conflict, 409)] {
        world.lock().switches.inactivation = switch;
        assert_eq!(inactive(true).await, status);
    }
    let same = json!({"firstName": "ann", "lastName": "LEE", "company": {"id": ACME}});
    world.lock().switches.refuse_duplicate_contacts = true;
    let (status, body) = psa.send(Method::POST, CONTACTS, &same).await;
    assert_eq!((status, codes(&body)), (400, vec![("ObjectExists", "firstName")]));
    let mut wanted = same.clone();
    wanted["ignoreDuplicates"] = true.into();
    assert_eq!(psa.send(Method::POST, CONTACTS, &wanted).await.0, 201);
}

impl Psa {
    async fn patch_ann(&self, field: &str, value: Value) -> u16 {
        self.patch(&self.ann(), "replace", field, value).await.0
    }
}

#[tokio::test]
async fn a_lost_answer_was_written_and_a_dropped_call_was_not() {
    let psa = Psa::new().await;
    let world = psa.simulator.world();
    let contact = json!({"firstName": "Eve", "company": {"id": ACME}});
    let post = || psa.call(Method::POST, CONTACTS).json(&contact).send();

    world.lock().fault(Fault::once("POST", CONTACTS, FaultKind::LostAfterWrite));
    assert!(post().await.is_err(), "no answer arrives");
    assert_eq!(world.lock().contacts_of(ACME).len(), 3, "but it is there");

    world.lock().fault(Fault::once("POST", CONTACTS, FaultKind::DropBefore));
    assert!(post().await.is_err());
    assert_eq!(world.lock().contacts_of(ACME).len(), 3);

    world.lock().fault(Fault::once("POST", CONTACTS, FaultKind::Truncated));
    let answer = post().await.expect("a head");
    assert_eq!(answer.status(), 201);
    assert!(answer.text().await.is_err(), "the body ends too early");
    assert_eq!(world.lock().contacts_of(ACME).len(), 4);

    assert_eq!(post().await.expect("an answer").status(), 201, "each fault hits once");
    let statuses: Vec<Option<u16>> = world.lock().requests().iter().map(|request| request.status).collect();
    assert_eq!(statuses, [None, None, Some(201), Some(201)]);
}

#[tokio::test]
async fn a_slow_answer_was_written_long_before() {
    let psa = Psa::new().await;
    let world = psa.simulator.world();
    let fault = Fault { delay_ms: 600_000, ..Fault::once("POST", CONTACTS, FaultKind::Slow) };
    world.lock().fault(fault);
    let contact = json!({"firstName": "Eve", "company": {"id": ACME}});
    let impatient = psa.call(Method::POST, CONTACTS).json(&contact).timeout(Duration::from_millis(500));
    assert!(impatient.send().await.is_err_and(|error| error.is_timeout()));
    assert_eq!(world.lock().contacts_of(ACME).len(), 3);
}

#[tokio::test]
async fn records_outlive_the_simulator_in_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = Some(folder.path().join("psa.json"));
    let first = Psa::with(Options { data: data.clone(), ..options() }).await;
    let (status, eve) = first.send(Method::POST, CONTACTS, &json!({"firstName": "Eve"})).await;
    assert_eq!(status, 201);
    first.simulator.stop().await;

    let second = Psa::with(Options { data, ..options() }).await;
    assert_eq!(second.get(&format!("{CONTACTS}/{}", eve["id"])).await, with_origin(&eve, &second));
    let (_, next) = second.send(Method::POST, CONTACTS, &json!({"firstName": "Fay"})).await;
    assert!(next["id"].as_i64() > eve["id"].as_i64(), "ids go on");
}

/// The record as another simulator shows it: the addresses inside name its own port.
fn with_origin(record: &Value, psa: &Psa) -> Value {
    let text = record.to_string();
    let (_, rest) = text.split_once("http://").expect("an address");
    let (old, _) = rest.split_once('/').expect("a path");
    let new = psa.simulator.url().trim_start_matches("http://");
    serde_json::from_str(&text.replace(old, new)).expect("JSON")
}

#[tokio::test]
async fn faults_answer_in_place_of_the_psa() {
    let psa = Psa::new().await;
    let control = format!("{}/simulator/faults", psa.simulator.url());
    let contact = json!({"firstName": "Eve"});
    for (kind, status, html) in [
        ("status_429", 429, false),
        ("html_429", 429, true),
        ("status_500", 500, false),
        ("timeout_500", 500, false),
        ("html_502", 502, true),
        ("status_503", 503, false),
        ("html_520", 520, true),
        ("html_200", 200, true),
    ] {
        let fault = json!({"method": "POST", "path": CONTACTS, "kind": kind, "retry_after": "2", "times": 1});
        let accepted = psa.control(&control, &fault).await;
        assert_eq!(accepted, 204);
        let answer = psa.call(Method::POST, CONTACTS).json(&contact).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), status, "{kind}");
        let content_type = answer.headers()["content-type"].to_str().expect("text").to_owned();
        assert_eq!(content_type.contains("html"), html, "{kind}");
        let says_when = answer.headers().contains_key("retry-after");
        assert_eq!(says_when, matches!(kind, "status_429" | "html_429" | "status_503"), "{kind}");
        if kind == "status_429" {
            let body: Value = answer.json().await.expect("JSON");
            assert_eq!(
                body,
                json!({"error": "ConnectWiseAPI", "message": "Too many requests. Please try again in 2 seconds."})
            );
        }
    }
    assert_eq!(psa.simulator.world().lock().count("POST", CONTACTS), 8);
    assert_eq!(psa.simulator.world().lock().records(Kind::Contact).count(), 3, "nothing was written");
}
