//! A PSA that is stopped and started again.

use psa_simulator::{Options, Pod};
use reqwest::Method;
use serde_json::json;

use crate::common::{Psa, options};

#[tokio::test]
async fn a_person_goes_on_where_they_stopped() {
    let dir = tempfile::tempdir().expect("a folder");
    let pod = Pod {
        description: "Contacts".into(),
        url: "http://127.0.0.1:1/pod?id=[cw_id]".into(),
        origin: "http://127.0.0.1:1".into(),
        height: 300,
    };
    let with = || Options {
        data: Some(dir.path().join("psa.json")),
        cloud: true,
        switches: psa_simulator::Switches { plain_http_in_cloud: true, ..Default::default() },
        pods: vec![pod.clone()],
        ..options()
    };
    let psa = Psa::with(with()).await;
    let hash = psa.simulator.world().lock().hash_of("Viewer1");
    psa.simulator.world().lock().release("v2026_5");
    let (status, _) = psa.patch(&psa.ann(), "replace", "/title", json!("Director")).await;
    assert_eq!(status, 200);
    let setups = psa.get("/system/connectwisehostedsetups").await;
    let setup = format!("/system/connectwisehostedsetups/{}", setups[0]["id"]);
    let (status, _) = psa.patch(&setup, "replace", "/disabledFlag", json!(true)).await;
    assert_eq!(status, 200);
    let ann = psa.ann();
    psa.simulator.stop().await;

    let psa = Psa::with(with()).await;
    assert_eq!(psa.simulator.world().lock().codebase(), "v2026_5/");
    assert_eq!(psa.simulator.world().lock().hash_of("Viewer1"), hash, "the session goes on");
    assert_eq!(psa.get(&ann).await["title"], "Director");
    let id = ann.rsplit('/').next().expect("an id");
    let trail = psa.get(&format!("/system/audittrail?type=Contact&id={id}")).await;
    assert!(trail.to_string().contains("Director"), "{trail}");
    assert_eq!(psa.get(&setup).await["disabledFlag"], true, "the pod stays as an administrator left it");

    psa.simulator.stop().await;
    std::fs::write(dir.path().join("psa.json"), r#"{"tables":{},"next_item":1}"#).expect("a file");
    let error = psa_simulator::start(with()).await.expect_err("a file of another version").to_string();
    assert!(error.contains("begin anew"), "{error}");
}

#[tokio::test]
async fn the_sample_has_a_company_that_was_wrong_before() {
    let psa = Psa::with(Options::default()).await;
    let found = psa.get("/company/companies?conditions=identifier='OldMill'").await;
    let mill = format!("/company/companies/{}", found[0]["id"]);
    let (status, refused) = psa.patch(&mill, "replace", "/city", json!("Bruges")).await;
    assert_eq!((status, &refused["errors"][0]["field"]), (400, &json!("yearEstablished")));
    let both = json!([{ "op": "replace", "path": "/city", "value": "Bruges" },
        { "op": "replace", "path": "/yearEstablished", "value": 1907 }]);
    assert_eq!(psa.send(Method::PATCH, &mill, &both).await.0, 200);
}
