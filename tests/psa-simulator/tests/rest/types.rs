//! Types of contacts.

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{BOLT, Psa};

fn names(contact: &Value) -> Vec<&str> {
    let types = contact["types"].as_array().expect("types");
    types.iter().filter_map(|chosen| chosen["name"].as_str()).collect()
}

#[tokio::test]
async fn types_are_given_at_the_beginning_and_changed_by_their_rows() {
    let psa = Psa::new().await;
    let body = json!({ "firstName": "Eva", "company": { "id": BOLT }, "typeIds": [1, 4] });
    let (status, eva) = psa.send(Method::POST, "/company/contacts", &body).await;
    assert_eq!((status, names(&eva)), (201, vec!["End User", "VIP"]));
    let contact = format!("/company/contacts/{}", eva["id"]);
    let rows = format!("{contact}/typeAssociations");
    let listed = psa.get(&rows).await;
    assert_eq!(listed[1]["type"]["name"], "VIP");
    let (status, _) = psa.send(Method::DELETE, &format!("{rows}/{}", listed[1]["id"]), &Value::Null).await;
    assert_eq!(status, 204);
    let wanted = json!({ "type": { "id": 2 }, "contact": { "id": eva["id"] } });
    let (status, made) = psa.send(Method::POST, "/company/contactTypeAssociations", &wanted).await;
    assert_eq!((status, &made["contact"]["id"]), (201, &eva["id"]));
    let (status, again) = psa.send(Method::POST, &rows, &wanted).await;
    assert_eq!((status, &again["errors"][0]["code"]), (400, &json!("ObjectExists")));
    assert_eq!(names(&psa.get(&contact).await), ["End User", "Approver"]);

    // What a PATCH says of them is overlooked, unless the switch says otherwise.
    let (status, same) = psa.patch(&contact, "replace", "/types", json!([{ "id": 3 }])).await;
    assert_eq!((status, names(&same)), (200, vec!["End User", "Approver"]));
    psa.simulator.world().lock().switches.patch_contact_types = true;
    let (_, changed) = psa.patch(&contact, "replace", "/types", json!([{ "id": 3 }])).await;
    assert_eq!(names(&changed), ["Accounts Payable"]);
    assert_eq!(psa.get(&format!("{rows}/count")).await["count"], 1);
    let (status, _) = psa.send(Method::DELETE, &contact, &Value::Null).await;
    assert_eq!(
        (status, psa.get("/company/contactTypeAssociations/count").await["count"].clone()),
        (204, json!(0))
    );
}
