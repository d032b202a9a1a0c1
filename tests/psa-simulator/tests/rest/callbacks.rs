//! Callbacks: who registers, what a listener hears, and how it can be sure.

use actix_web::rt::System;
use actix_web::web::{Bytes, Data, to};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::common::{ACME, BOLT, Psa};

const CALLBACKS: &str = "/system/callbacks";

/// What a listener heard: the path with its query, the signature, and the body.
type Heard = (String, String, Bytes);

async fn hear(request: HttpRequest, body: Bytes, ears: Data<UnboundedSender<Heard>>) -> HttpResponse {
    let signature = request.headers().get("x-content-signature");
    let signature = signature.and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let again = request.path() == "/busy" && !request.query_string().contains("deleted");
    ears.send((request.uri().to_string(), signature, body)).expect("the test listens");
    if again { HttpResponse::TooManyRequests().finish() } else { HttpResponse::NoContent().finish() }
}

/// A listener on a thread of its own: where it is, and what it hears.
fn listen() -> (String, UnboundedReceiver<Heard>) {
    let (ears, heard) = unbounded_channel();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let origin = format!("http://{}", listener.local_addr().expect("its address"));
    std::thread::spawn(move || {
        let server =
            HttpServer::new(move || App::new().app_data(Data::new(ears.clone())).default_service(to(hear)));
        System::new().block_on(server.workers(1).disable_signals().listen(listener).expect("a server").run())
    });
    (origin, heard)
}

fn registration(url: &str, level: &str, object: i64) -> Value {
    json!({ "url": url, "type": "contact", "level": level, "objectId": object, "isSelfSuppressedFlag": false })
}

#[tokio::test]
async fn a_callback_is_registered_once_and_at_a_level_of_its_type() {
    let psa = Psa::new().await;
    let post = async |body: &Value| psa.send(Method::POST, CALLBACKS, body).await;
    let (status, made) = post(&registration("https://l.example/?id=", "Owner", 0)).await;
    assert_eq!((status, &made["objectId"]), (201, &json!(1)), "the owner is number one: {made}");
    for (body, code, field) in [
        (registration("https://l.example/?id=", "Owner", 1), "ObjectExists", "url"),
        (registration("nowhere", "Owner", 1), "InvalidField", "url"),
        (registration("https://l.example/?id=", "Territory", 1), "InvalidObject", "level"),
        (json!({ "type": "contact", "level": "owner", "objectId": 1 }), "MissingRequiredField", "url"),
    ] {
        let (status, refused) = post(&body).await;
        let errors = refused["errors"].as_array().expect("errors").clone();
        assert_eq!(status, 400);
        assert!(errors.iter().any(|error| error["code"] == code && error["field"] == field), "{refused}");
    }
}

#[tokio::test]
async fn a_listener_hears_a_signed_message_for_each_change() {
    let psa = Psa::new().await;
    let (origin, mut heard) = listen();
    let url = format!("{origin}/psa?recordId=");
    psa.send(Method::POST, CALLBACKS, &registration(&url, "Company", ACME)).await;
    let suppressed = json!({ "url": format!("{origin}/own?recordId="), "type": "contact", "level": "owner",
        "objectId": 1, "isSelfSuppressedFlag": true });
    psa.send(Method::POST, CALLBACKS, &suppressed).await;

    let other = json!({ "firstName": "Not", "lastName": "There", "company": { "id": BOLT } });
    psa.send(Method::POST, "/company/contacts", &other).await;
    let body = json!({ "firstName": "Eva", "company": { "id": ACME } });
    let (_, eva) = psa.send(Method::POST, "/company/contacts", &body).await;
    let (address, signature, body) = heard.recv().await.expect("a message");
    assert_eq!(address, format!("/psa?recordId={}&action=added", eva["id"]), "the first of its company");
    let message: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(
        (&message["Action"], &message["Type"], &message["ID"]),
        (&json!("added"), &json!("contact"), &eva["id"])
    );
    let entity: Value =
        serde_json::from_str(message["Entity"].as_str().expect("a text")).expect("JSON in JSON");
    assert_eq!((&entity["firstName"], entity.get("communicationItems")), (&json!("Eva"), None));

    let key_url = message["Metadata"]["key_url"].as_str().expect("an address").to_owned();
    let path = key_url.split_once("apis/3.0").expect("of the interface").1;
    let key = psa.get(path).await["signing_key"].as_str().expect("a key").to_owned();
    let mut mac = Hmac::<Sha256>::new_from_slice(&Sha256::digest(key.as_bytes())).expect("a key");
    mac.update(&body);
    assert_eq!(STANDARD.encode(mac.finalize().into_bytes()), signature);

    psa.send(Method::DELETE, &format!("/company/contacts/{}", eva["id"]), &Value::Null).await;
    let (address, _, body) = heard.recv().await.expect("a message");
    assert!(address.ends_with("&action=deleted"), "not a word of its own doings: {address}");
    let message: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(message["Entity"], Value::Null);
}

#[tokio::test]
async fn a_busy_listener_is_asked_three_times() {
    let psa = Psa::new().await;
    let (origin, mut heard) = listen();
    psa.send(Method::POST, CALLBACKS, &registration(&format!("{origin}/busy?recordId="), "Owner", 1)).await;
    let ann = psa.ann();
    psa.patch(&ann, "replace", "/title", json!("Director")).await;
    for _ in 0..3 {
        let (address, ..) = heard.recv().await.expect("an attempt");
        assert!(address.ends_with("&action=updated"), "{address}");
    }
    psa.send(Method::DELETE, &ann, &Value::Null).await;
    let (address, ..) = heard.recv().await.expect("the next message");
    assert!(address.ends_with("&action=deleted"), "there is no fourth attempt: {address}");
}
