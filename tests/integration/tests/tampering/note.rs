//! The settings note: what stands in it, and what happens when it is changed in the PSA behind the
//! service's back.

use std::net::TcpListener;

use integration::{
    harbor::set_up,
    pod::{Pod, settings_for},
    psa_contacts::writes,
    service::Deployment,
};
use pod_view::wire::{ApplyRequest, Problem, Schedule, Settings, State, When};
use psa_simulator::Kind;
use sample_directory::SampleDirectory;
use serde_json::json;

/// The id and the text of a company's settings note.
fn note(deployment: &Deployment, company: i64) -> (i64, String) {
    let world = deployment.psa.world();
    let world = world.lock();
    let notes = world.notes_of(company);
    let ours =
        notes.iter().find(|note| note["text"].as_str().is_some_and(|text| text.contains("ConnectActive")));
    let note = ours.expect("the settings are kept in a note");
    (note["id"].as_i64().expect("notes have ids"), note["text"].as_str().expect("and texts").to_owned())
}

/// Gives the note another text, as a person in the PSA does.
fn edit(deployment: &Deployment, id: i64, text: &str) {
    let found = deployment.psa.world().lock().edit(Kind::Note, id, |note| {
        note.insert("text".into(), json!(text));
    });
    assert!(found);
}

async fn state(pod: &Pod) -> State {
    pod.status().await.expect("the status is there").state
}

/// Expects that the company pauses, says why, and that nothing is read or written.
async fn is_paused(deployment: &Deployment, pod: &Pod, why: &str) {
    let before = writes(deployment);
    let State::Paused(problem) = state(pod).await else { panic!("{why}: not paused") };
    let nothing = ApplyRequest { changes: Vec::new(), approved: Vec::new() };
    let review = pod.review().await.err().expect("a paused company is not reviewed");
    let applied = pod.apply(&nothing).await.expect_err("nothing is written for a paused company");
    let settings = pod.call::<Option<Settings>>(reqwest::Method::GET, &pod.at("settings"), None::<&()>).await;
    for Problem { code, message, advice, .. } in
        [problem, review, applied, settings.expect_err("they are not in force").problem]
    {
        assert_eq!(code, "settings_not_accepted", "{why}");
        assert!(message.contains(why), "{message:?} does not say {why:?}");
        assert!(!advice.is_empty());
    }
    assert_eq!(writes(deployment), before, "{why}");
}

/// Saves everything anew, as a person does who enters it again, and expects that it is in force.
async fn heal(pod: &Pod, directory: &SampleDirectory, why: &str) {
    pod.save_settings(&settings_for(directory)).await.unwrap_or_else(|refused| panic!("{why}: {refused:?}"));
    assert_eq!(state(pod).await, State::Ready, "{why}");
    pod.review().await.unwrap_or_else(|problem| panic!("{why}: {problem:?}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn p10_s8_an_edited_note_pauses_and_the_host_in_it_hears_nothing() {
    let (deployment, directory, pod) = set_up().await.expect("Harbor Manufacturing is set up");
    let (id, text) = note(&deployment, pod.company);
    let port = directory.address().port();
    let elsewhere = TcpListener::bind(("127.0.0.2", port)).expect("the port is free on that address");
    elsewhere.set_nonblocking(true).expect("a socket may be so");
    let edited = text.replace("host=127.0.0.1 ", "host=127.0.0.2 ");
    assert_ne!(edited, text);
    edit(&deployment, id, &edited);
    is_paused(&deployment, &pod, "changed outside this pod (last changed by simulator)").await;
    let called = elsewhere.accept().expect_err("the service called the host that somebody wrote there");
    assert_eq!(called.kind(), std::io::ErrorKind::WouldBlock);

    for (from, to) in [
        (format!("port={port}"), format!("port={}", port ^ 1)),
        ("security=ldaps".into(), "security=plain_text_on_purpose".into()),
        ("trust=pinned".into(), "trust=public_authorities&x=pinned".into()),
        ("bind_name=".into(), "bind_name=x".into()),
        ("filter=".into(), "filter=%28cn%3D*%29".into()),
        (" tag=".into(), " host=127.0.0.2 tag=".into()),
        ("by hand".into(), "by  nobody".into()),
    ] {
        let edited = text.replacen(&from, &to, 1);
        assert_ne!(edited, text, "{from}");
        edit(&deployment, id, &edited);
        is_paused(&deployment, &pod, "changed outside this pod").await;
    }
    let (_, tag) = text.rsplit_once(" tag=").expect("it ends with its tag");
    for cut in [text.replace(tag, ""), text.replace(tag, "00"), text[..text.len() / 2].to_owned()] {
        edit(&deployment, id, &cut);
        is_paused(&deployment, &pod, "changed outside this pod").await;
    }
    heal(&pod, &directory, "entered again").await;
    assert_eq!(note(&deployment, pod.company).0, id, "in the same note");
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p10_white_space_alone_changes_nothing() {
    let (deployment, directory, pod) = set_up().await.expect("Harbor Manufacturing is set up");
    let (id, text) = note(&deployment, pod.company);
    edit(&deployment, id, &format!("  {}\n", text.replace(' ', "  \t")));
    assert_eq!(state(&pod).await, State::Ready);
    pod.review().await.expect("it can be read");
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p10_a_note_that_is_gone_doubled_old_or_of_another_company_pauses() {
    let (deployment, directory, pod) = set_up().await.expect("Harbor Manufacturing is set up");
    let (id, first) = note(&deployment, pod.company);
    let linden = deployment.company("LindenLaw");
    let other = Pod::open(&deployment, "Dispatch1", linden).await.expect("Dispatch1 may");
    other.save_settings(&settings_for(&directory)).await.expect("the settings are good");
    let (_, others) = note(&deployment, linden);

    edit(&deployment, id, &others);
    is_paused(&deployment, &pod, "belongs to another company").await;
    heal(&pod, &directory, "another company's").await;
    assert_eq!(state(&other).await, State::Ready, "the other company goes on");

    edit(&deployment, id, &first);
    is_paused(&deployment, &pod, "is an older one, put back").await;
    heal(&pod, &directory, "an older one").await;

    let (_, present) = note(&deployment, pod.company);
    let copy = deployment.psa.world().lock().record(Kind::Note, id).expect("it is there").clone();
    let copy = deployment.psa.world().lock().add(Kind::Note, copy);
    is_paused(&deployment, &pod, "exists more than once").await;
    let twice = pod.save_settings(&settings_for(&directory)).await.expect_err("which one?");
    assert_eq!(twice.problem.code, "settings_twice");
    deployment.psa.world().lock().remove(Kind::Note, copy);
    assert_eq!(state(&pod).await, State::Ready);

    deployment.psa.world().lock().remove(Kind::Note, id);
    is_paused(&deployment, &pod, "is gone").await;
    heal(&pod, &directory, "deleted").await;
    let (anew, _) = note(&deployment, pod.company);
    assert_ne!(anew, id);
    edit(&deployment, anew, &present);
    is_paused(&deployment, &pod, "is an older one, put back").await;
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s8_a_stored_password_is_never_sent_elsewhere() {
    let (deployment, directory, pod) = set_up().await.expect("Harbor Manufacturing is set up");
    let saved: Settings =
        pod.call(reqwest::Method::GET, &pod.at("settings"), None::<&()>).await.expect("they are in force");
    assert_eq!((&saved.password, saved.password_set), (&None, true), "the password stays in the service");
    let before = note(&deployment, pod.company);
    for changed in [
        Settings { host: "127.0.0.2".into(), ..saved.clone() },
        Settings { port: saved.port ^ 1, ..saved.clone() },
        Settings { bind_name: "admin@corp.harbor.example".into(), ..saved.clone() },
        Settings { security: pod_view::wire::Security::StartTls, ..saved.clone() },
        Settings { trust: pod_view::wire::Trust::PublicAuthorities, ..saved.clone() },
    ] {
        for password in [None, Some(String::new())] {
            let refused = pod.save_settings(&Settings { password, ..changed.clone() }).await;
            let refused = refused.expect_err("the password must be entered again");
            assert_eq!((refused.status.as_u16(), refused.problem.code.as_str()), (422, "password_needed"));
        }
    }
    assert_eq!(note(&deployment, pod.company), before);

    // What does not concern the password is saved without it; from an old form it is not.
    let narrower = Settings { base: format!("OU=Staff,{}", saved.base), ..saved.clone() };
    let answered = pod.save_settings(&narrower).await.expect("the same server and account");
    assert!(answered.generation > saved.generation);
    assert_eq!((answered.password_set, answered.password), (true, None));
    let moved = pod.save_settings(&saved).await.expect_err("somebody saved in between");
    assert_eq!((moved.status.as_u16(), moved.problem.code.as_str()), (422, "settings_moved"));
    pod.save_settings(&Settings { generation: answered.generation, ..saved })
        .await
        .expect("the same server and account");
    pod.review().await.expect("the stored password is still the right one");
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_stands_in_the_note_for_people_to_read_and_can_be_followed() {
    let (deployment, directory, pod) = set_up().await.expect("Harbor Manufacturing is set up");
    let saved = pod.settings().await.expect("they are in force");
    let with = |when, time_zone: &str| Settings {
        schedule: Schedule { when, time_zone: time_zone.to_owned() },
        ..saved.clone()
    };
    for (wrong, code) in [
        (with(When::Cron("* * * * *".to_owned()), ""), "cron_wrong"),
        (with(When::Daily, "Europe/Brusels"), "time_zone_unknown"),
    ] {
        let refused = pod.save_settings(&wrong).await.expect_err("it cannot be followed");
        assert_eq!((refused.status.as_u16(), refused.problem.code.as_str()), (422, code));
    }
    assert_eq!(pod.settings().await.expect("they are still in force"), saved);

    let chosen = with(When::Cron("30 3 * * 1-5".to_owned()), "Europe/Brussels");
    pod.save_settings(&chosen).await.expect("it can be followed");
    assert_eq!(pod.settings().await.expect("they are in force").schedule, chosen.schedule);
    let (id, text) = note(&deployment, pod.company);
    let readable = "schedule=cron%2030%203%20*%20*%201-5 time_zone=Europe/Brussels";
    assert!(text.contains(readable), "{text}");
    edit(&deployment, id, &text.replace("cron%2030", "cron%2031"));
    is_paused(&deployment, &pod, "was changed outside this pod").await;
    directory.stop().await;
}
