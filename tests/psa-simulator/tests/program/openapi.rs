//! A simulator that is held against a file: what does not fit fails loudly.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use psa_simulator::{Arrival, CLIENT_ID, InProcess, Options, PRIVATE_KEY, PUBLIC_KEY, Sent, start};
use serde_json::{Value, json};

/// The file, in which two operations are described wrongly.
pub(crate) fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/program/psa.json")
}

fn held() -> InProcess {
    InProcess::new(&Options { openapi: Some(file()), ..Options::default() }).expect("a simulator")
}

fn call(psa: &InProcess, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
    let url = format!("{}/v4_6_release/apis/3.0{path}", psa.url());
    let keys = STANDARD.encode(format!("training+{PUBLIC_KEY}:{PRIVATE_KEY}"));
    let basic = format!("Basic {keys}");
    let headers =
        vec![("authorization", &*basic), ("clientid", CLIENT_ID), ("content-type", "application/json")];
    let body = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
    match psa.call(Sent { method, url: &url, headers, body }) {
        Arrival::Answered(received) => {
            (received.status, serde_json::from_slice(&received.body).unwrap_or_default())
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_fits_and_what_is_not_described_are_answered_as_ever() {
    let psa = held();
    assert_eq!(call(&psa, "GET", "/company/noteTypes?pageSize=2", None).0, 200);
    assert_eq!(call(&psa, "GET", "/company/NOTETYPES?fields=id", None).0, 200, "in any case, some fields");
    assert_eq!(call(&psa, "GET", "/company/contacts/57901", None).0, 200);
    assert_eq!(call(&psa, "GET", "/company/contacts/57902", None).0, 200);
    assert_eq!(call(&psa, "GET", "/company/contacts/99", None).0, 404, "a refusal that fits");
    let world = psa.world();
    let mut world = world.lock();
    assert_eq!(world.undescribed().collect::<Vec<_>>(), ["GET /company/contacts/{id}"]);
    assert_eq!(world.take_misfits(), Vec::<String>::new());
}

#[test]
fn an_answer_that_does_not_fit_is_an_error_with_its_place_and_reason() {
    let psa = held();
    let (status, refusal) = call(&psa, "GET", "/company/contacts/departments", None);
    assert_eq!((status, &refusal["code"]), (500, &json!("Misfit")));
    let misfits = psa.world().lock().take_misfits();
    assert_eq!(misfits, [refusal["message"].as_str().expect("a reason")]);
    for part in ["GET /company/contacts/departments", "/0/name", "integer"] {
        assert!(misfits[0].contains(part), "{part}: {misfits:?}");
    }
}

#[test]
fn only_bodies_that_were_accepted_are_judged() {
    let psa = held();
    let post =
        |name: Value| call(&psa, "POST", "/company/contacts/departments", Some(&json!({"name": name})));
    assert_eq!(post(json!("Legal")).0, 201);
    assert_eq!(post(json!(7)).0, 400, "the simulator refuses it, which is right");
    assert_eq!(psa.world().lock().take_misfits().len(), 0);
    let (status, refusal) = post(json!("Longer"));
    assert_eq!(status, 500, "it is accepted, and the file says that it should not be");
    assert!(refusal["message"].as_str().is_some_and(|why| why.contains("sent")), "{refusal}");
    assert_eq!(psa.world().lock().take_misfits().len(), 1);
}

/// The message of the panic that this ends with.
fn panic_of(end: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(end)).expect_err("a panic");
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[test]
fn a_test_with_misfits_fails() {
    let psa = held();
    call(&psa, "GET", "/company/contacts/departments", None);
    assert!(panic_of(|| drop(psa)).contains("departments"));
}

#[tokio::test]
async fn a_simulator_that_stops_with_misfits_panics() {
    let psa = start(Options { openapi: Some(file()), ..Options::default() }).await.expect("a simulator");
    assert_eq!(departments(psa.url()).await, 500);
    let stopped = tokio::spawn(psa.stop()).await.expect_err("a panic").into_panic();
    assert!(stopped.downcast_ref::<String>().is_some_and(|why| why.contains("departments")));
}

/// The status of a call that the file describes wrongly.
#[expect(clippy::disallowed_methods, reason = "the service's client would hide what the simulator does")]
pub(crate) async fn departments(origin: &str) -> u16 {
    let url = format!("{origin}/v4_6_release/apis/3.0/company/contacts/departments");
    // A second provider is refused; the first one does as well.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let client = reqwest::Client::builder().tls_certs_only([]).build().expect("a client");
    let request = client
        .get(url)
        .header("clientId", CLIENT_ID)
        .basic_auth(format!("training+{PUBLIC_KEY}"), Some(PRIVATE_KEY));
    request.send().await.expect("an answer").status().as_u16()
}

#[test]
fn a_file_that_is_none_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("psa.json");
    for (text, part) in [("{", "not JSON"), (r#"{"swagger": "2.0"}"#, "OpenAPI 3.0")] {
        std::fs::write(&path, text).expect("a file");
        let error = InProcess::new(&Options { openapi: Some(path.clone()), ..Options::default() });
        let error = format!("{:#}", error.expect_err("no simulator"));
        assert!(error.contains(part) && error.contains("psa.json"), "{error}");
    }
}

/// Runs in this process as it is, and once more, with the file named, in the next test.
#[test]
fn nobody_said_which_file() {
    let psa = InProcess::new(&Options::default()).expect("a simulator");
    assert_eq!(call(&psa, "GET", "/company/contacts/departments", None).0, 200);
}

#[test]
fn the_environment_names_the_file_when_nobody_else_does() {
    let again = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "openapi::nobody_said_which_file"])
        .env("PSA_OPENAPI", file())
        .output()
        .expect("a run");
    let text = String::from_utf8_lossy(&again.stdout);
    assert!(!again.status.success() && text.contains("1 failed"), "{text}");
}
