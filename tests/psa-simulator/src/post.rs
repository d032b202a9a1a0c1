//! Sends the messages of callbacks, in the background.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, StatusCode};

use crate::clock;
use crate::world::{Delivery, SharedWorld};

/// How long a listener may take (ConnectWise Developer Guide, "Callbacks").
const DEADLINE: Duration = Duration::from_secs(5);
/// The times before each attempt.
const ATTEMPTS: [Duration; 3] = [Duration::ZERO, Duration::from_secs(2), Duration::from_secs(4)];

/// Sends whatever is there, for as long as the simulator runs.
pub(crate) async fn send_all(world: SharedWorld) {
    let post = Arc::clone(&world.lock().post);
    let mut client = None;
    loop {
        post.notified().await;
        let deliveries = world.lock().take_deliveries();
        for delivery in deliveries {
            let client = client.get_or_insert_with(client_of_its_own).clone();
            tokio::spawn(send(client, world.clone(), delivery));
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the service's client belongs to the service; this is the world outside"
)]
fn client_of_its_own() -> Client {
    // Whoever runs this may have installed one already.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let redirects = reqwest::redirect::Policy::none();
    Client::builder()
        .timeout(DEADLINE)
        .redirect(redirects)
        .build()
        .expect("a client from settings that never change")
}

async fn send(client: Client, world: SharedWorld, delivery: Delivery) {
    let mut good = false;
    for wait in ATTEMPTS {
        tokio::time::sleep(wait).await;
        let sent = client
            .post(&delivery.url)
            .header(CONTENT_TYPE, "application/json")
            .header("x-content-signature", &delivery.signature)
            .body(delivery.body.clone())
            .send()
            .await;
        let status = sent.map(|answer| answer.status()).ok();
        good = status.is_some_and(|status| status.is_success());
        let again = [StatusCode::NOT_FOUND, StatusCode::CONFLICT, StatusCode::TOO_MANY_REQUESTS]
            .into_iter()
            .any(|own| Some(own) == status)
            || status.is_some_and(|status| status.as_u16() == 419);
        if !again {
            break;
        }
    }
    world.lock().delivered(delivery.callback, good, clock::now());
}
