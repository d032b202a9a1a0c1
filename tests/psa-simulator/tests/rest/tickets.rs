//! Tickets: what they need, what they begin with, and how they are closed.

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
