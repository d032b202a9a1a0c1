//! Tickets: what they need, what they begin with, and how they are closed.

use psa_simulator::{Kind, Mail, Occasion, Recipient};
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{ACME, BOLT, Psa};

const TICKETS: &str = "/service/tickets";

#[tokio::test]
async fn a_ticket_takes_a_summary_and_a_company_and_begins_on_its_board() {
    let psa = Psa::new().await;
    let post = |body: Value| {
        let psa = &psa;
        async move { psa.send(Method::POST, TICKETS, &body).await }
    };
    let (status, refused) = post(json!({ "company": { "id": ACME } })).await;
    assert_eq!((status, &refused["errors"][0]["field"]), (400, &json!("summary")));
    let (status, refused) = post(json!({ "summary": "x".repeat(101), "company": { "id": ACME } })).await;
    assert_eq!((status, &refused["errors"][0]["field"]), (400, &json!("summary")));
    let body = json!({ "summary": "Contacts need a look", "company": { "id": ACME },
        "initialInternalAnalysis": "four questions", "closedFlag": true });
    let (status, made) = post(body).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!([&made["board"]["name"], &made["status"]["name"]], ["Help Desk", "New"]);
    assert_eq!((&made["closedFlag"], made.get("initialInternalAnalysis")), (&json!(false), None));
    // Somebody else's contact does not belong on it.
    let other = psa.get(&format!("/company/contacts?conditions=company/id={BOLT}")).await;
    let one = format!("{TICKETS}/{}", made["id"]);
    let (status, refused) = psa.patch(&one, "replace", "/contact", json!({ "id": other[0]["id"] })).await;
    assert_eq!((status, &refused["errors"][0]["field"]), (400, &json!("contact")));
}

#[tokio::test]
async fn a_ticket_is_closed_by_a_status_and_counted_by_its_contact() {
    let psa = Psa::new().await;
    let ann = psa.ann().rsplit('/').next().map(str::to_owned).expect("an id");
    let open = format!("{TICKETS}/count?conditions=contact/id={ann} and closedFlag=false");
    assert_eq!(psa.get(&open).await["count"], 1);
    let listed = psa.get(&format!("{TICKETS}?conditions=contact/id={ann} and closedFlag=false")).await;
    let ticket = format!("{TICKETS}/{}", listed[0]["id"]);
    let statuses = psa.get("/service/boards/1/statuses").await;
    let rows = statuses.as_array().expect("rows");
    let closed = rows.iter().find(|status| status["closedStatus"] == true).expect("one closes");
    let (status, done) = psa.patch(&ticket, "replace", "/status", json!({ "id": closed["id"] })).await;
    assert_eq!((status, &done["closedFlag"]), (200, &json!(true)));
    assert!(done["closedDate"].is_string());
    assert_eq!(psa.get(&open).await["count"], 0);
    // A status of another board is none of its own.
    let others = psa.get("/service/boards/2/statuses").await;
    let (status, refused) = psa.patch(&ticket, "replace", "/status", json!({ "id": others[0]["id"] })).await;
    assert_eq!((status, &refused["errors"][0]["field"]), (400, &json!("status")));
    let seen = psa.call_as("Viewer1", Method::GET, TICKETS).send().await.expect("an answer");
    assert_eq!(seen.status(), 403);
}

#[tokio::test]
async fn what_refers_to_a_contact_is_counted() {
    let psa = Psa::new().await;
    let usages = psa.get(&format!("{}/usages", psa.ann())).await;
    let types: Vec<_> = usages.as_array().expect("rows").iter().map(|usage| usage["type"].clone()).collect();
    assert_eq!(types, ["Ticket", "Agreement", "Company default contact", "Company billing contact"]);
    assert_eq!(usages[0]["count"], 2);
}

#[tokio::test]
async fn notes_of_a_ticket_are_internal_or_for_the_customer() {
    let psa = Psa::new().await;
    let body = json!({ "summary": "Contacts need a look", "company": { "id": ACME },
        "initialDescription": "for all", "initialInternalAnalysis": "for us" });
    let (_, ticket) = psa.send(Method::POST, TICKETS, &body).await;
    let notes = format!("{TICKETS}/{}/notes", ticket["id"]);
    let seen = psa.get(&notes).await;
    let flags: Vec<_> = seen
        .as_array()
        .expect("notes")
        .iter()
        .map(|note| [&note["text"], &note["internalFlag"], &note["externalFlag"]].map(Clone::clone))
        .collect();
    let (yes, no) = (json!(true), json!(false));
    assert_eq!(flags, [[json!("for all"), no.clone(), yes.clone()], [json!("for us"), yes, no]]);
    let (status, refused) = psa.send(Method::POST, &notes, &json!({ "internalAnalysisFlag": true })).await;
    assert_eq!((status, &refused["errors"][0]["field"]), (400, &json!("text")));
    let (status, made) = psa.send(Method::POST, &notes, &json!({ "text": "settled" })).await;
    assert_eq!(
        (status, &made["createdBy"], &made["externalFlag"]),
        (201, &json!("ConnectActive"), &json!(true))
    );
    assert_eq!(psa.get(&format!("{notes}/count")).await["count"], 3);
    let seen = psa.call_as("Viewer1", Method::GET, &notes).send().await.expect("an answer");
    assert_eq!(seen.status(), 403);
}

#[tokio::test]
async fn a_ticket_is_found_by_the_reference_of_whoever_made_it() {
    let psa = Psa::new().await;
    let body =
        json!({ "summary": "Contacts need a look", "company": { "id": ACME }, "externalXRef": "sync 7" });
    let (status, made) = psa.send(Method::POST, TICKETS, &body).await;
    assert_eq!((status, &made["externalXRef"]), (201, &json!("sync 7")));
    let found = psa.get(&format!("{TICKETS}?conditions=company/id={ACME} and externalXRef=\"sync 7\"")).await;
    assert_eq!((found.as_array().map(Vec::len), &found[0]["id"]), (Some(1), &made["id"]));
}

#[tokio::test]
async fn a_ticket_mails_whom_its_board_its_status_and_its_notes_say_unless_told_not_to() {
    use Occasion::{Created, Note, Status};
    use Recipient::{Contact, Copies, Resources};
    let psa = Psa::new().await;
    let world = psa.simulator.world();
    let template = |record: &mut psa_simulator::Record| {
        record.insert("emailTemplate".into(), json!({ "id": 1, "name": "To the customer" }));
    };
    let all = |record: &mut psa_simulator::Record| {
        let flags = ["sendToContactFlag", "sendToResourceFlag", "sendToCCFlag"];
        record.extend(flags.map(|flag| (flag.to_owned(), json!(true))));
    };
    assert!(world.lock().edit(Kind::Board, 1, all) && world.lock().edit(Kind::BoardStatus, 34, template));
    let ann = psa.get(&psa.ann()).await["id"].clone();
    let made = async |more: Value| {
        let mut body = json!({ "summary": "Contacts need a look", "company": { "id": ACME } });
        body.as_object_mut().expect("it is one").extend(more.as_object().cloned().unwrap_or_default());
        psa.send(Method::POST, TICKETS, &body).await.1["id"].as_i64().expect("it was made")
    };
    let mailed = |ticket: i64| {
        let world = world.lock();
        let of_ticket = world.mails().iter().filter(|mail| mail.ticket == ticket);
        of_ticket.map(|Mail { to, occasion, .. }| (*to, *occasion)).collect::<Vec<_>>()
    };

    let loud = made(json!({ "contact": { "id": ann }, "automaticEmailCc": "boss@acme.example" })).await;
    let created = [(Contact, Created), (Resources, Created), (Copies, Created)];
    assert_eq!(mailed(loud), created);
    let one = format!("{TICKETS}/{loud}");
    psa.patch(&one, "replace", "/status", json!({ "id": 34 })).await;
    let internal = json!({ "text": "for us", "internalAnalysisFlag": true });
    psa.send(Method::POST, &format!("{one}/notes"), &internal).await;
    let later = [(Contact, Status), (Resources, Status), (Resources, Note)];
    assert_eq!(mailed(loud)[3..], later);

    let off = json!({ "automaticEmailContactFlag": false, "automaticEmailResourceFlag": false,
        "automaticEmailCcFlag": false });
    let quiet = made(off).await;
    assert_eq!(mailed(quiet), []);
    let one = format!("{TICKETS}/{quiet}");
    let silently = json!([{ "op": "replace", "path": "/status", "value": { "id": 34 } },
        { "op": "replace", "path": "/processNotifications", "value": false }]);
    let (status, closed) = psa.send(Method::PATCH, &one, &silently).await;
    assert_eq!(
        (status, &closed["closedFlag"], closed.get("processNotifications")),
        (200, &json!(true), None)
    );
    psa.send(Method::POST, &format!("{one}/notes"), &internal).await;
    assert_eq!(mailed(quiet), []);
    let silent = made(json!({ "processNotifications": false })).await;
    assert_eq!(mailed(silent), []);
}
