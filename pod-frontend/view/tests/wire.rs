//! What the pod and the service say to each other.

use pod_view::wire::{ApplyRequest, Security, Settings, Trust};
use reconcile::{ContactId, Decision, Subject};

fn settings() -> Settings {
    Settings {
        host: "dc1.harbor.example".to_owned(),
        port: 636,
        security: Security::Ldaps,
        trust: Trust::PublicAuthorities,
        base: "DC=harbor,DC=example".to_owned(),
        bind_name: "reader@harbor.example".to_owned(),
        password: None,
        filter: None,
        generation: 7,
        password_set: true,
    }
}

#[test]
fn settings_are_logged_without_what_is_secret() {
    let secret = Settings { password: Some("hunter2".to_owned()), ..settings() };
    assert!(!format!("{secret:?}").contains("hunter2"));
}

#[test]
fn one_request_has_one_digest() {
    let changes = vec![
        (Subject::Contact(ContactId(7)), Some(Decision::Deactivate)),
        (Subject::Contact(ContactId(8)), None),
    ];
    let request = ApplyRequest { changes, approved: Vec::new() };
    let text = serde_json::to_string(&request).expect("it is JSON");
    let again: ApplyRequest = serde_json::from_str(&text).expect("it was a request");
    assert_eq!(request.digest(), again.digest());
    assert_eq!(request.digest().len(), 64);
    let other = ApplyRequest { changes: Vec::new(), approved: Vec::new() };
    assert_ne!(request.digest(), other.digest(), "decisions are part of what a token is good for");
}
