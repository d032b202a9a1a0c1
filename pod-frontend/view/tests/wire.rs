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
        rules: String::new(),
        generation: 7,
        password_set: true,
    }
}

fn changed(change: impl FnOnce(&mut Settings)) -> Settings {
    let mut settings = settings();
    change(&mut settings);
    settings
}

#[test]
fn a_connection_is_a_place_an_account_and_a_protection() {
    let same = [
        changed(|to| to.host = " DC1.Harbor.example ".to_owned()),
        changed(|to| to.bind_name = " reader@harbor.example\t".to_owned()),
        changed(|to| to.base = "OU=Staff,DC=harbor,DC=example".to_owned()),
        changed(|to| to.filter = Some("(cn=a)".to_owned())),
        changed(|to| to.password = Some("another".to_owned())),
        changed(|to| to.generation = 8),
    ];
    let other = [
        changed(|to| to.host = "dc1.harbor.example.".to_owned()),
        changed(|to| to.port = 3269),
        changed(|to| to.security = Security::StartTls),
        changed(|to| to.trust = Trust::Pinned("ab".repeat(32))),
        changed(|to| to.bind_name = "admin@harbor.example".to_owned()),
        changed(|to| to.bind_name = "Reader@harbor.example".to_owned()),
    ];
    for to in same {
        assert!(settings().same_connection(&to) && to.same_connection(&settings()), "{to:?}");
    }
    for to in other {
        assert!(!settings().same_connection(&to) && !to.same_connection(&settings()), "{to:?}");
    }
}

#[test]
fn settings_are_logged_without_what_is_secret() {
    let secret = changed(|to| to.password = Some("hunter2".to_owned()));
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
