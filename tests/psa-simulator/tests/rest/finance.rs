//! Agreements, additions and products.

use psa_simulator::{Kind, Level, Record, Switches};
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{ACME, Psa, options};

/// The additions of a company's agreement.
async fn additions(psa: &Psa, company: i64) -> String {
    let agreements = psa.get(&format!("/finance/agreements?conditions=company/id={company}")).await;
    format!("/finance/agreements/{}/additions", agreements[0]["id"])
}

fn edit(psa: &Psa, kind: Kind, id: &Value, change: impl FnOnce(&mut Record)) {
    let id = id.as_i64().expect("an id");
    assert!(psa.simulator.world().lock().edit(kind, id, change));
}

#[tokio::test]
async fn an_addition_takes_its_prices_from_its_product_and_its_sums_are_computed() {
    let psa = Psa::new().await;
    let path = additions(&psa, ACME).await;
    let body = json!({ "product": { "identifier": "MS-USER" }, "billCustomer": "Billable", "quantity": 7,
        "lessIncluded": 2, "extPrice": 1 });
    let (status, made) = psa.send(Method::POST, &path, &body).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!((&made["unitPrice"], &made["billedQuantity"]), (&json!(45.0), &json!(5.0)));
    assert_eq!(
        (&made["extPrice"], &made["extCost"], &made["margin"]),
        (&json!(225.0), &json!(84.0), &json!(141.0))
    );
    let one = format!("{path}/{}", made["id"]);
    let (_, free) = psa.patch(&one, "replace", "/billCustomer", json!("NoCharge")).await;
    assert_eq!((&free["extPrice"], &free["margin"]), (&json!(0.0), &json!(-84.0)));
    // Of its first month a prorating agreement charges the rest.
    let (_, later) = psa.patch(&one, "replace", "/effectiveDate", json!("2026-04-16T00:00:00Z")).await;
    assert_eq!(later["proratePrice"], json!(22.5));
    let count = psa.get(&format!("{path}/count")).await;
    assert_eq!(count["count"], 3);
}

#[tokio::test]
async fn what_cannot_be_an_addition_is_refused() {
    let psa = Psa::new().await;
    let path = additions(&psa, ACME).await;
    let field = |answer: &(u16, Value)| (answer.0, answer.1["errors"][0]["field"].clone());
    let send = |body: Value| {
        let (psa, path) = (&psa, &path);
        async move { psa.send(Method::POST, path, &body).await }
    };
    let bundle = send(json!({ "product": { "identifier": "ONBOARDING" }, "billCustomer": "Billable" })).await;
    assert_eq!(field(&bundle), (400, json!("product")));
    let nothing = send(json!({ "billCustomer": "Billable" })).await;
    assert_eq!(field(&nothing), (400, json!("product")));
    let unbilled = send(json!({ "product": { "identifier": "MS-USER" } })).await;
    assert_eq!(field(&unbilled), (400, json!("billCustomer")));
    let negative =
        send(json!({ "product": { "identifier": "MS-USER" }, "billCustomer": "Billable", "quantity": -1 }))
            .await;
    assert_eq!(field(&negative), (400, json!("quantity")));
    let other = psa.send(Method::POST, "/finance/agreements/1/additions", &json!({})).await;
    assert_eq!((other.0, &other.1["message"]), (404, &json!("Agreement 1 not found")));
}

#[tokio::test]
async fn a_cancelled_agreement_takes_no_additions_unless_the_switch_says_so() {
    for refuse in [true, false] {
        let switches = Switches { refuse_additions_of_cancelled_agreements: refuse, ..Switches::default() };
        let psa = Psa::with(psa_simulator::Options { switches, ..options() }).await;
        let path = additions(&psa, ACME).await;
        let agreement = path.split('/').nth(3).expect("an id");
        let cancelled = psa
            .patch(&format!("/finance/agreements/{agreement}"), "replace", "/cancelledFlag", json!(true))
            .await;
        assert_eq!(cancelled.1["agreementStatus"], "Cancelled");
        let body = json!({ "product": { "identifier": "MS-USER" }, "billCustomer": "Billable" });
        let (status, _) = psa.send(Method::POST, &path, &body).await;
        assert_eq!(status, if refuse { 400 } else { 201 });
    }
}

#[tokio::test]
async fn agreements_take_their_own_rights_and_follow_their_company() {
    let psa = Psa::new().await;
    let path = additions(&psa, ACME).await;
    let status = |member: &'static str, path: String| {
        let psa = &psa;
        async move { psa.call_as(member, Method::GET, &path).send().await.expect("an answer").status().as_u16() }
    };
    assert_eq!(status("Dispatch1", path.clone()).await, 200);
    assert_eq!(status("Viewer1", path.clone()).await, 403);
    psa.simulator.world().lock().hide_company("Dispatch1", ACME);
    assert_eq!(status("Dispatch1", path.clone()).await, 403);
    psa.simulator.world().lock().show_company("Dispatch1", ACME);
    {
        let world = psa.simulator.world();
        let mut world = world.lock();
        let member = world.member_mut("Dispatch1").expect("a member");
        member.role.right_mut("Finance", "Agreements").expect("a line").inquire = Level::My;
    }
    assert_eq!(status("Dispatch1", "/finance/agreements".to_owned()).await, 200);
    let shown = psa.call_as("Dispatch1", Method::GET, "/finance/agreements").send().await.expect("an answer");
    assert_eq!(shown.json::<Value>().await.expect("JSON"), json!([]));
    // A product that was renamed is renamed in the additions as well.
    let product = psa.get("/procurement/catalog?conditions=identifier=\"MS-USER\"").await;
    edit(&psa, Kind::Product, &product[0]["id"], |record| {
        record.insert("identifier".into(), json!("MS-SEAT"));
    });
    let named = psa.get(&format!("{path}?conditions=product/identifier=\"MS-SEAT\"")).await;
    assert_eq!(named.as_array().map(Vec::len), Some(1));
}
