//! Checks of a connection, used to look around.

use std::net::TcpListener;

use agent::{
    Password, Source,
    source::{Limits, Security, Trust},
};
use integration::service::Deployment;
use psa_simulator::Options;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use server::{
    directory::{Reader, ReaderProgram},
    security::egress::Egress,
};

/// Checks that are let through in a minute.
const MOST: usize = 90;

async fn check(deployment: &Deployment, site: &str) -> (StatusCode, String) {
    let body = json!({ "site": site, "login_company": "training" });
    let request = server::psa::http(&[]).request(Method::POST, format!("{}/join/check", deployment.url));
    let answer = request.json(&body).send().await.expect("the service answers");
    let status = answer.status();
    (status, answer.text().await.expect("the answer ends"))
}

#[tokio::test(flavor = "multi_thread")]
async fn s12_whoever_joins_learns_nothing_of_ports_and_not_for_long() {
    let mut deployment = Deployment::unjoined(Options::default()).await.expect("a PSA starts");
    deployment.set("CONNECTACTIVE_JOINING", "open");
    deployment.set("CONNECTACTIVE_PRIVATE_NETWORKS", "10.99.0.0/16");
    deployment.serve().expect("it starts");
    // The simulated PSA listens at the first address, nobody at the second.
    let open = deployment.psa.url().to_owned();
    let closed = open.replace("127.0.0.1", "127.0.0.2");
    assert_ne!(open, closed);
    let (status, of_open) = check(&deployment, &open).await;
    assert_eq!(status, StatusCode::OK);
    let told: Value = serde_json::from_str(&of_open).expect("it is JSON");
    assert_eq!(told["steps"][0]["state"], "bad", "{told}");
    let (_, of_closed) = check(&deployment, &closed).await;
    assert_eq!(of_closed.replace("127.0.0.2", "127.0.0.1"), of_open);
    assert_eq!(deployment.psa.world().lock().requests().len(), 0, "it was not even connected to");

    for number in 2..MOST {
        assert_eq!(check(&deployment, &closed).await.0, StatusCode::OK, "{number}");
    }
    let (status, words) = check(&deployment, &closed).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{words}");
    assert!(words.contains("too_many_attempts"), "{words}");
}

#[tokio::test]
async fn s12_a_directory_at_a_place_that_is_not_allowed_is_open_and_closed_alike() {
    let there = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    there.set_nonblocking(true).expect("a socket may be so");
    let port = there.local_addr().expect("it has an address").port();
    let egress = Egress { allowed_networks: Vec::new(), allowed_ports: vec![port] };
    let program = ReaderProgram { program: "/nonexistent/reader".into(), arguments: Vec::new() };
    let reader = Reader::new(program, egress);
    let words = async |host: &str, port| {
        let source = Source {
            host: host.to_owned(),
            address: None,
            port,
            security: Security::Ldaps,
            trust: Trust::PublicAuthorities,
            bind_name: "reader".into(),
            password: Password::new("secret".into()),
            base: "DC=corp,DC=example".into(),
            filter: None,
            find: None,
            places: None,
            groups: false,
            page_size: 100,
            limits: Limits::default(),
        };
        let failure = reader.read(source, |_| {}).await.expect_err("nobody is read there");
        format!("{:?}", failure.problem()).replace(host, "the host")
    };
    let open = words("127.0.0.1", port).await;
    assert!(open.contains("address_not_allowed"), "{open}");
    assert_eq!(words("127.0.0.2", port).await, open);
    let of_port = words("127.0.0.1", port ^ 1).await;
    assert!(of_port.contains("port_not_allowed"), "{of_port}");
    assert_eq!(words("127.0.0.2", port ^ 1).await, of_port);
    assert_eq!(there.accept().expect_err("nobody came").kind(), std::io::ErrorKind::WouldBlock);
}
