//! The audit trail, and other tables of the module `system`.

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::Psa;

#[tokio::test]
async fn a_change_leaves_a_line_for_each_field() {
    let psa = Psa::new().await;
    let ann = psa.ann();
    let id = ann.rsplit('/').next().expect("an id").to_owned();
    let trail = format!("/system/audittrail?type=Contact&id={id}");
    let before = psa.get(&trail).await.as_array().map_or(0, Vec::len);
    psa.patch(&ann, "replace", "/title", json!("Director")).await;
    psa.patch(&ann, "replace", "/title", json!("Director")).await;
    let lines = psa.get(&trail).await;
    assert_eq!(lines.as_array().map(Vec::len), Some(before + 1), "a change of nothing leaves none: {lines}");
    let line = &lines[before];
    assert_eq!(line["enteredBy"], "ConnectActive");
    assert_eq!(line["text"], "title changed from \"Owner\" to \"Director\".");

    let (agreement, addition) = {
        let world = psa.simulator.world();
        let world = world.lock();
        let row = world.records(psa_simulator::Kind::Addition).next().expect("an addition");
        (row["agreementId"].clone(), row["id"].clone())
    };
    let path = format!("/finance/agreements/{agreement}/additions/{addition}");
    psa.patch(&path, "replace", "/quantity", json!(77)).await;
    let lines = psa.get(&format!("/system/audittrail?type=AgreementAddition&id={addition}")).await;
    let said = |part: &str| lines.to_string().contains(part);
    assert!(said("quantity changed from") && said("extPrice changed from"), "{lines}");
}

#[tokio::test]
async fn a_trail_is_seen_by_who_sees_the_record() {
    let psa = Psa::new().await;
    let id = psa.ann().rsplit('/').next().expect("an id").to_owned();
    let trail = format!("/system/audittrail?type=Contact&id={id}");
    let seen = |member: &'static str| {
        let request = psa.call_as(member, Method::GET, &trail);
        async move { request.send().await.expect("an answer").status().as_u16() }
    };
    assert_eq!((seen("Viewer1").await, seen("Tech1").await), (200, 403));
    let nothing = psa.call(Method::GET, "/system/audittrail").send().await.expect("an answer");
    assert_eq!(nothing.status(), 400);
}

#[tokio::test]
async fn api_members_show_no_keys_and_fields_of_contacts_are_described() {
    let psa = Psa::new().await;
    let members = psa.get("/system/apiMembers").await;
    assert_eq!(members[0]["identifier"], "ConnectActive");
    assert!(!members.to_string().contains(psa_simulator::PRIVATE_KEY));
    let contact = psa.get(&psa.ann()).await;
    let field = psa.get(&format!("/system/userDefinedFields/{}", contact["customFields"][0]["id"])).await;
    assert_eq!(field["caption"], contact["customFields"][0]["caption"]);
    let (status, _) = psa.send(Method::POST, "/system/userDefinedFields", &Value::Null).await;
    assert_eq!(status, 405);
}
