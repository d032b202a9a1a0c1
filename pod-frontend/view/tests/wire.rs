//! What the pod and the service say to each other.

use pod_view::wire::{ApplyRequest, Schedule, Security, Settings, Trust, When};
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
        schedule: Schedule::default(),
        generation: 7,
        password_set: true,
        shared_rules: String::new(),
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
fn s10_settings_are_logged_without_what_is_secret() {
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

#[test]
fn a_schedule_reads_as_it_was_written() {
    for (when, text) in [
        (When::Off, "off"),
        (When::Daily, "daily"),
        (When::DailyAt { hour: 3, minute: 30 }, "daily 03:30"),
        (When::Cron("30 3 * * 1-5".to_owned()), "cron 30 3 * * 1-5"),
    ] {
        assert_eq!(when.to_string(), text);
        assert_eq!(text.parse(), Ok(when));
    }
    for text in
        ["", "hourly", "cron", "daily at 3", "daily 24:00", "daily 03:60", "daily +3:30", "daily 03:3"]
    {
        assert!(text.parse::<When>().is_err(), "{text}");
    }
}

#[test]
fn settings_from_before_schedules_are_daily() {
    let mut value = serde_json::to_value(settings()).expect("they are JSON");
    value.as_object_mut().expect("of fields").remove("schedule");
    let read: Settings = serde_json::from_value(value.clone()).expect("the schedule may be missing");
    assert_eq!(read, settings());
    value["schedule"] = serde_json::json!({ "when": "off", "zone": "UTC" });
    assert!(serde_json::from_value::<Settings>(value).is_err(), "an unknown field is a mistake");
}
