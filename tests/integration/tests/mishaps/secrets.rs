//! Secrets where they do not belong.

use std::{sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use integration::history::History;
use pod_view::wire::{Outcome, Refusal};
use psa_simulator::{CLIENT_ID, PRIVATE_KEY, PUBLIC_KEY};
use reconcile::Row;
use reqwest::{
    Method, Request, StatusCode,
    header::{CONTENT_TYPE, HeaderMap, HeaderValue},
};
use secrecy::ExposeSecret;
use serde_json::json;
use server::{
    config::StoreOptions,
    joining::{self, Link},
    psa::{Answer, Credentials, SendError, Transport},
    security::keys::MasterKey,
    store::Invitation,
    sync::{self, Company, Service, load_settings},
};

use crate::company::{apply, approved, begin, employ, replica};

/// A way to a PSA that answers requests for contacts of one method with an error which repeats what it was
/// sent, headers and all.
struct Echo {
    rest: Arc<dyn Transport>,
    method: Option<Method>,
}

impl std::fmt::Debug for Echo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("echo")
    }
}

impl Transport for Echo {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Answer, SendError>> {
        let echoes = self.method.as_ref() == Some(request.method());
        if !echoes || !request.url().path().ends_with("/company/contacts") {
            return self.rest.send(request);
        }
        let header =
            |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (client_id, authorization) = (header("clientid"), header("authorization"));
        let words = format!("clientId {client_id} of {PUBLIC_KEY}:{PRIVATE_KEY} ({authorization})");
        let error = json!({ "code": "InvalidObject", "message": words, "errors": [] });
        let json = HeaderValue::from_static("application/json");
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, json)]);
        let answer = Answer { status: StatusCode::BAD_REQUEST, headers, body: error.to_string().into() };
        Box::pin(async move { Ok(answer) })
    }

    fn now(&self) -> Duration {
        self.rest.now()
    }

    fn wait(&self, time: Duration) -> BoxFuture<'_, ()> {
        self.rest.wait(time)
    }
}

async fn echoing(history: &History, method: Option<Method>) -> (Arc<Service>, Company) {
    let (one, _) = history.parts();
    let echo = Echo { rest: Arc::clone(&one.transport), method };
    replica(history, one.clock.clone(), Arc::new(echo)).await
}

fn has_no_secret(words: &str) {
    let basic = words.split("Basic ").nth(1).map(|rest| rest.trim_start_matches("(secret)"));
    assert!(basic.is_none_or(|rest| rest.starts_with(')')), "{words}");
    for secret in [PRIVATE_KEY, CLIENT_ID] {
        assert!(!words.contains(secret), "{words}");
    }
}

#[tokio::test]
async fn s10_what_a_psa_repeats_of_a_request_is_shown_without_its_secrets() {
    let (_folder, history) = begin(&[]).await;
    employ(&history, 1, "Ann", "Aerts");
    let rows = approved(history.parts(), &[], Row::approved_by_default).await;
    let (service, company) = echoing(&history, Some(Method::POST)).await;
    let (outcomes, _) = apply((&service, &company), rows).await;
    let [Outcome::Rejected(Refusal::Psa(words))] = &outcomes[..] else { panic!("{outcomes:?}") };
    assert!(words.contains(PUBLIC_KEY), "the PSA's words are shown: {words}");
    has_no_secret(words);

    let (service, company) = echoing(&history, Some(Method::GET)).await;
    let problem = sync::read_both(&service, &company, |_| {}).await.expect_err("the list is refused");
    let words = format!("{problem:?}");
    assert!(words.contains(PUBLIC_KEY), "the PSA's words are shown: {words}");
    has_no_secret(&words);
}

#[tokio::test]
async fn s10_nothing_shows_a_secret_when_it_is_debugged() {
    const SECRET: &str = "hunter2";
    let (_folder, history) = begin(&[]).await;
    let (service, company) = echoing(&history, None).await;
    let settings =
        load_settings(&service, &company).await.expect("they can be read").expect("there are some");
    let password = settings.password.expose_secret().to_owned();
    let options = StoreOptions {
        database_url: format!("postgres://service:{SECRET}@db.example/contacts").into(),
        key_file: "/run/key".into(),
        client_id: SECRET.into(),
        psa_ca_file: None,
        private_networks: Vec::new(),
        psa_ports: Vec::new(),
    };
    let credentials = Credentials {
        public_key: PUBLIC_KEY.to_owned(),
        private_key: SECRET.into(),
        client_id: Some(SECRET.into()),
    };
    let request: joining::Request =
        serde_json::from_value(json!({ "private_key": SECRET, "client_id": SECRET })).expect("it is one");
    let link = Link { invitation: Invitation { installation: None }, code: Some(SECRET.into()) };
    let key = MasterKey::generate();
    let texts = [
        format!("{service:?}"),
        format!("{company:?}"),
        format!("{:?}", company.psa()),
        format!("{:?}", settings.settings),
        format!("{:?}", settings.password),
        format!("{options:?}"),
        format!("{credentials:?}"),
        format!("{request:?}"),
        format!("{link:?}"),
        format!("{key:?} {:?}", key.derive("purpose")),
    ];
    for text in texts {
        for secret in [SECRET, PRIVATE_KEY, CLIENT_ID, &format!("\"{password}\"")] {
            assert!(!text.contains(secret), "{secret} is in {text}");
        }
    }
}
