//! Lists, pages, conditions and single records.

use std::fmt::Write as _;

use crate::common::{ACME, Psa, options, outcome};
use psa_simulator::{Csv, Kind, Options};
use reqwest::Method;
use serde_json::{Value, json};

async fn psa_with_contacts(count: usize) -> Psa {
    let mut contacts = String::from(
        "company,first_name,last_name,title,email,direct,mobile,fax,inactive,default,billing,portal\n",
    );
    for number in 0..count {
        writeln!(contacts, "Acme,First{number},Last,,,,,,,,,").expect("a string takes any text");
    }
    Psa::with(Options { contacts: Csv::Text(contacts), ..options() }).await
}

fn link_of(response: &reqwest::Response) -> Option<String> {
    let link = response.headers().get("link")?;
    Some(link.to_str().expect("text").to_owned())
}

#[tokio::test]
async fn forward_only_pages_go_by_id_and_end_with_an_empty_link() {
    let psa = psa_with_contacts(6).await;
    let page = |query: String| {
        psa.call(Method::GET, &format!("/company/contacts?pageSize=4{query}"))
            .header("pagination-type", "forward-only")
    };
    let first = page("&page=9".into()).send().await.expect("an answer");
    let link = link_of(&first).expect("a link");
    assert!(link.ends_with("rel=\"next\"") && !link.contains("page=9"), "{link}");
    let ids: Vec<Value> = first.json().await.expect("a list");
    assert_eq!(ids.len(), 4, "page is ignored");
    let last = ids[3]["id"].as_i64().expect("an id");
    assert!(link.contains(&format!("pageId={last}")), "{link}");

    let second = page(format!("&pageId={last}")).send().await.expect("an answer");
    assert_eq!(link_of(&second).as_deref(), Some(""), "always there, empty at the end");
    let rest: Vec<Value> = second.json().await.expect("a list");
    assert_eq!(rest.len(), 2);
    assert!(rest.iter().all(|row| row["id"].as_i64() > Some(last)));

    // A row that is new meanwhile comes in its place; nothing is seen twice.
    psa.simulator.world().lock().edit(Kind::Contact, last, |contact| {
        contact.insert("firstName".into(), "Changed".into());
    });
    let again = page(format!("&pageId={last}")).send().await.expect("an answer");
    assert_eq!(again.json::<Vec<Value>>().await.expect("a list").len(), 2);

    let refused = page("&orderBy=id".into()).send().await.expect("an answer");
    assert_eq!(refused.status(), 400);
}

#[tokio::test]
async fn numbered_pages_have_a_default_a_cap_and_links() {
    let psa = psa_with_contacts(30).await;
    let first = psa.call(Method::GET, "/company/contacts").send().await.expect("an answer");
    let link = link_of(&first).expect("a link");
    assert!(link.contains("rel=\"next\"") && link.contains("rel=\"last\""), "{link}");
    assert!(!link.contains("rel=\"prev\""), "{link}");
    assert!(link.contains("//apis/3.0/"), "the web address has a double slash: {link}");
    assert_eq!(first.json::<Vec<Value>>().await.expect("a list").len(), 25);

    let second = psa.call(Method::GET, "/company/contacts?page=2").send().await.expect("an answer");
    let link = link_of(&second).expect("a link");
    assert!(link.contains("rel=\"prev\"") && !link.contains("rel=\"next\""), "{link}");
    assert_eq!(second.json::<Vec<Value>>().await.expect("a list").len(), 5);

    let beyond = psa.get("/company/contacts?page=7").await;
    assert_eq!(beyond, json!([]));
    let wrong = psa.call(Method::GET, "/company/contacts?pageSize=0").send().await;
    assert_eq!(wrong.expect("an answer").status(), 400);
    assert_eq!(psa.get("/company/contacts/count").await, json!({"count": 30}));

    let large = "/company/contacts?pageSize=1001";
    assert_eq!(psa.get(large).await.as_array().map(Vec::len), Some(30));
    psa.simulator.world().lock().switches.refuse_large_pages = true;
    let refused = psa.call(Method::GET, large).send().await.expect("an answer");
    assert_eq!(refused.status(), 400);
}

#[tokio::test]
async fn conditions_filter_and_refuse() {
    let psa = Psa::new().await;
    let names = async |query: &str| {
        let rows = psa.get(&format!("/company/contacts?{query}")).await;
        let rows = rows.as_array().cloned().unwrap_or_default();
        let names: Vec<String> =
            rows.iter().map(|row| row["firstName"].as_str().unwrap_or("?").into()).collect();
        names.join(",")
    };
    assert_eq!(names("conditions=company/id=250 and inactiveFlag=false").await, "Ann");
    assert_eq!(names("conditions=company/id in (250,251)&orderBy=firstName desc").await, "Cas,Ben,Ann");
    let by_mail = "childConditions=communicationItems/value=\"CAS@bolt.example\"";
    assert_eq!(names(by_mail).await, "Cas");
    assert_eq!(names("conditions=lastUpdated > [2020-01-01T00:00:00Z]").await, "Ann,Ben,Cas");
    assert_eq!(names("customFieldConditions=caption=\"Preferred Language\" AND value != null").await, "");
    assert_eq!(psa.get("/company/contacts/count?conditions=company/id=250").await, json!({"count": 2}));

    for wrong in ["surname=\"x\"", "firstName=", "firstName=\"x", "communicationItems/value=\"x\""] {
        let path = format!("/company/contacts?conditions={wrong}");
        let answer = psa.call(Method::GET, &path).send().await.expect("an answer");
        let (status, body) = outcome(answer).await;
        assert_eq!(status, 400, "{wrong}");
        assert_eq!(body["errors"], Value::Null);
        assert!(body["message"].is_string());
    }
}

#[tokio::test]
async fn a_record_has_its_shape() {
    let psa = Psa::new().await;
    let ann = psa.get(&psa.ann()).await;
    assert_eq!(ann["company"]["identifier"], "Acme");
    assert!(
        ann["company"]["_info"]["company_href"]
            .as_str()
            .is_some_and(|href| href.contains("//apis/3.0/company/companies/250"))
    );
    assert_eq!(ann["communicationItems"][0]["domain"], "@acme.example");
    assert_eq!(ann["communicationItems"][1]["defaultFlag"], true);
    assert_eq!(ann["communicationItems"][2]["defaultFlag"], false, "one default per kind");
    assert_eq!(ann["customFields"][0]["value"], Value::Null);
    assert!(ann["customFields"][0].as_object().is_some_and(|field| field.contains_key("value")));
    assert!(!ann.as_object().is_some_and(|record| record.contains_key("nickName")), "nulls are left out");
    let updated = ann["_info"]["lastUpdated"].as_str().expect("a stamp");
    assert_eq!(updated.len(), "2026-07-01T00:00:00Z".len(), "whole seconds");

    let some = psa.get(&format!("{}?fields=id,company/id,_info/lastUpdated", psa.ann())).await;
    assert_eq!(some["company"], json!({"id": ACME}));
    assert_eq!(some.as_object().map(serde_json::Map::len), Some(3), "{some}");

    let (status, body) =
        outcome(psa.call(Method::GET, "/company/contacts/99").send().await.expect("an answer")).await;
    assert_eq!(
        (status, body),
        (404, json!({"code": "NotFound", "message": "Contact 99 not found", "errors": null}))
    );
    let nowhere = psa.call(Method::GET, "/company/contact").send().await.expect("an answer");
    let (status, body) = outcome(nowhere).await;
    assert_eq!((status, &body["message"]), (404, &json!("The endpoint does not exist.")));
    let doubled = psa.get("//company/companies/250").await;
    assert_eq!(doubled["site"]["name"], "Main");
}
