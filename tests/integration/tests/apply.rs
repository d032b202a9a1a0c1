//! Applying, through the service's own endpoints: on a simulated PSA and the sample directory.

use integration::{
    pod::Pod,
    psa_contacts::{psa_contacts, writes},
    service::Deployment,
};
use pod_view::wire::Outcome;
use psa_simulator::{Fault, FaultKind, Kind};
use reconcile::{Decision, RowKind, Subject};
use sample_directory::{Person, SampleDirectory};
use serde_json::json;
use server::psa::Change;

async fn set_up() -> (Deployment, SampleDirectory, Pod) {
    integration::harbor::set_up().await.expect("Harbor Manufacturing is set up")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_is_applied_and_a_second_sync_writes_nothing() {
    let (deployment, directory, pod) = set_up().await;
    let before = psa_contacts(&deployment, pod.company);
    let review = pod.review().await.expect("both sides can be read");
    let request = review.approve(reconcile::Row::approved_by_default);
    assert!(request.approved.len() > 50, "the sample asks for more: {}", request.approved.len());
    deployment.psa.world().lock().reset_log();
    let applied = pod.apply(&request).await.expect("the run ends");
    // A link is ours alone: it costs the PSA nothing, a change and a new contact one write. Only
    // what names several communication items by their places costs a look of its own.
    let links = request.approved.iter().filter(|approved| approved.kind == RowKind::Link).count();
    let creates = request.approved.iter().filter(|approved| approved.kind == RowKind::Create).count();
    assert!(links > 50 && creates > 5, "{links} {creates}");
    let changed = request.approved.len() - links - creates;
    assert_eq!(writes(&deployment), creates + changed);
    let plan = review.plan();
    let by_place = plan.writing().filter(|row| row.approved_by_default() && row.kind != RowKind::Create);
    let by_place = by_place.filter(|row| {
        let contact = row.contact.and_then(|id| review.prepared.contact(id)).expect("a change has a contact");
        Change { contact, fields: &row.changes, inactive: None }.depends_on_the_items()
    });
    let by_place = by_place.filter(|row| row.kind != RowKind::Link).count();
    assert!(by_place > 0 && by_place < changed, "{by_place} of {changed}");
    assert_eq!(looks(&deployment), by_place);
    let failed: Vec<_> = applied.rows.iter().filter(|row| row.outcome != Outcome::Applied).collect();
    assert!(failed.is_empty(), "{failed:?}");

    let after = psa_contacts(&deployment, pod.company);
    assert_eq!(after.len() as u64, before.len() as u64 + applied.counts.created);
    let active_then = before.iter().filter(|contact| !contact.inactive).count() as u64;
    let active_now = after.iter().filter(|contact| !contact.inactive).count() as u64;
    assert_eq!(
        active_now,
        active_then + applied.counts.created + applied.counts.reactivated - applied.counts.deactivated
    );

    deployment.psa.world().lock().reset_log();
    let again = pod.review().await.expect("both sides can be read");
    let left: Vec<_> = again.plan().writing().filter(|row| row.approved_by_default()).cloned().collect();
    assert!(left.is_empty(), "{left:?}");
    let nothing = pod.apply(&again.approve(reconcile::Row::approved_by_default)).await.expect("the run ends");
    assert_eq!(nothing.rows, []);
    assert_eq!(writes(&deployment), 0);
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_seen_last_stands_in_the_status_until_an_undo() {
    let (_deployment, _directory, pod) = set_up().await;
    let glance = async || pod.status().await.expect("the status is there").glance;
    let counts = |plan: &reconcile::Plan| {
        let mut counts = std::collections::BTreeMap::<RowKind, u64>::new();
        plan.rows.iter().for_each(|row| *counts.entry(row.kind).or_default() += 1);
        counts
    };
    assert_eq!(glance().await, None);
    let review = pod.review().await.expect("both sides can be read");
    let seen = glance().await.expect("both sides were read");
    assert_eq!(seen.counts, counts(&review.plan()));
    let applied = pod.apply(&review.approve(reconcile::Row::approved_by_default)).await;
    applied.expect("the run ends");
    let seen = glance().await.expect("the run is counted");
    let again = pod.review().await.expect("both sides can be read");
    assert_eq!(seen.counts, counts(&again.plan()));
    let run = pod.runs().await.expect("they are listed").remove(0);
    let details = pod.run(&run.id).await.expect("it is there");
    pod.undo(&run.id, &details.rows).await.expect("it can be taken back");
    assert_eq!(glance().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn c6_what_moved_since_the_review_is_not_written_and_holds_up_nothing_else() {
    let (deployment, directory, pod) = set_up().await;
    let review = pod.review().await.expect("both sides can be read");
    let request = review.approve(|row| row.kind == RowKind::Update);
    let first = request.approved[0];
    let contact = first.key.contact.expect("an update has a contact");
    deployment.psa.world().lock().edit(Kind::Contact, contact.0, |record| {
        record.insert("title".into(), json!("Edited In Between"));
        record.insert("firstName".into(), json!("Somebody"));
    });
    let applied = pod.apply(&request).await.expect("the run ends");
    assert_eq!((applied.counts.moved, applied.counts.updated), (1, request.approved.len() as u64 - 1));
    let moved = applied.rows.iter().find(|row| row.key == first.key).expect("each row is answered");
    assert!(matches!(moved.outcome, Outcome::Moved(_)));
    let there = psa_contacts(&deployment, pod.company);
    let there = there.iter().find(|there| there.id == contact.0).expect("it is still there");
    assert_eq!(there.title, "Edited In Between");
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c5_what_somebody_else_applied_first_counts_as_done() {
    let (_deployment, directory, pod) = set_up().await;
    let review = pod.review().await.expect("both sides can be read");
    let request = review.approve(reconcile::Row::approved_by_default);
    pod.apply(&request).await.expect("the first run ends");
    let second = pod.apply(&request).await.expect("the second run ends");
    assert_eq!(second.counts.already_so, request.approved.len() as u64, "{:?}", second.counts);
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p3_an_answer_lost_after_a_create_makes_no_second_contact() {
    let (deployment, directory, pod) = set_up().await;
    let review = pod.review().await.expect("both sides can be read");
    let request = review.approve(|row| row.kind == RowKind::Create);
    let before = psa_contacts(&deployment, pod.company).len();
    for _ in 0..3 {
        deployment.psa.world().lock().fault(Fault::once(
            "POST",
            "/company/contacts",
            FaultKind::LostAfterWrite,
        ));
    }
    let applied = pod.apply(&request).await.expect("the run ends");
    assert_eq!(applied.counts.created, request.approved.len() as u64, "{:?}", applied.rows);
    let contacts = psa_contacts(&deployment, pod.company);
    assert_eq!(contacts.len(), before + request.approved.len());
    let again = pod.review().await.expect("both sides can be read");
    assert_eq!(again.plan().count(RowKind::Create), 0);
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p2_a_write_that_the_psa_failed_at_is_unknown_and_held_until_it_is_known() {
    let (deployment, directory, pod) = set_up().await;
    let review = pod.review().await.expect("both sides can be read");
    let request = review.approve(|row| row.kind == RowKind::Deactivate && row.protections.is_empty());
    assert!(!request.approved.is_empty());
    let contact = request.approved[0].key.contact.expect("a deactivation has a contact");
    let path = format!("/company/contacts/{contact}");
    let world = deployment.psa.world();
    world.lock().fault(Fault::once("PATCH", &path, FaultKind::Status500));
    let applied = pod.apply(&request).await.expect("the run ends");
    let others = request.approved.len() as u64 - 1;
    assert_eq!((applied.counts.unknown, applied.counts.deactivated), (1, others));

    // Asked again at once, nothing is sent: the first request may still be carried out.
    world.lock().reset_log();
    let again = pod.review().await.expect("both sides can be read");
    let again = pod.apply(&again.approve(|row| row.contact == Some(contact))).await.expect("the run ends");
    assert_eq!((again.counts.unknown, writes(&deployment)), (1, 0));

    // It was, late: that counts.
    world.lock().edit(Kind::Contact, contact.0, |record| {
        record.insert("inactiveFlag".into(), json!(true));
    });
    let settled = pod.review().await.expect("both sides can be read");
    let link = settled.context.links.iter().find(|link| link.contact == contact).expect("it is linked now");
    assert!(link.deactivated_by_us);
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p9_a_contact_edited_while_the_run_is_under_way_is_not_written_over() {
    let (deployment, directory, pod) = set_up().await;
    let review = pod.review().await.expect("both sides can be read");
    let request = review.approve(|row| row.kind == RowKind::Update);
    let contact = request.approved[0].key.contact.expect("an update has a contact");
    // The answer to the read just before the write is slow; somebody is faster.
    let path = format!("/company/contacts/{contact}");
    let world = deployment.psa.world();
    world.lock().fault(Fault::once("GET", &path, FaultKind::Status503));
    world.lock().reset_log();
    let applying = pod.apply(&request);
    let editing = async {
        let deadline = tokio::time::Instant::now() + std::time::Duration::from_mins(1);
        while world.lock().count("GET", &path) == 0 {
            assert!(tokio::time::Instant::now() < deadline, "the contact was not read again");
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        world.lock().edit(Kind::Contact, contact.0, |record| {
            record.insert("nickName".into(), json!("Unseen"));
            record.insert("title".into(), json!("Edited Meanwhile"));
        });
    };
    let (applied, ()) = tokio::join!(applying, editing);
    let applied = applied.expect("the run ends");
    assert_eq!(applied.counts.moved, 1, "{:?}", applied.counts);
    let there = psa_contacts(&deployment, pod.company);
    let there = there.iter().find(|there| there.id == contact.0).expect("it is still there");
    assert_eq!(there.title, "Edited Meanwhile");
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p9_somebody_whom_another_creates_meanwhile_is_not_created_again() {
    let (deployment, directory, pod) = set_up().await;
    let review = pod.review().await.expect("both sides can be read");
    let row = review.plan().rows.iter().find(|row| row.kind == RowKind::Create).cloned();
    let row = row.expect("the sample has newcomers");
    let request = review.approve(|other| other.key() == row.key());
    // The look for newer contacts just before the create is slow; a technician is faster.
    let world = deployment.psa.world();
    world.lock().reset_log();
    world.lock().fault(Fault { skip: 1, ..Fault::once("GET", "/company/contacts", FaultKind::Status503) });
    let applying = pod.apply(&request);
    let creating = async {
        let deadline = tokio::time::Instant::now() + std::time::Duration::from_mins(1);
        while world.lock().count("GET", "/company/contacts") < 2 {
            assert!(tokio::time::Instant::now() < deadline, "nobody looked for newer contacts");
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        let mut record = world.lock().contacts_of(pod.company)[0].clone();
        record.remove("communicationItems");
        for change in &row.changes {
            match change.field.code() {
                "first_name" => record.insert("firstName".into(), json!(change.new)),
                "last_name" => record.insert("lastName".into(), json!(change.new)),
                _ => None,
            };
        }
        world.lock().add(Kind::Contact, record);
    };
    let (applied, ()) = tokio::join!(applying, creating);
    assert_eq!(applied.expect("the run ends").counts.moved, 1);
    assert_eq!(writes(&deployment), 0);
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p3_a_namesake_is_not_taken_for_the_contact_whose_answer_was_lost() {
    let (deployment, directory, pod) = set_up().await;
    let world = deployment.psa.world();
    let terry = Person { mail: None, ..Person::new("ttwin", "Terry", "Twin", "Sales") };
    directory.people().hire(terry);
    for _ in 0..2 {
        let mut record = world.lock().contacts_of(pod.company)[0].clone();
        record.remove("communicationItems");
        record.insert("firstName".into(), json!("Terry"));
        record.insert("lastName".into(), json!("Twin"));
        world.lock().add(Kind::Contact, record);
    }
    let mut review = pod.review().await.expect("both sides can be read");
    let terry = review.prepared.accounts().iter().find(|account| account.logon_name == "ttwin");
    let terry = terry.expect("he was hired").id;
    let question = review.plan().rows.iter().find(|row| row.account == Some(terry)).map(|row| row.kind);
    assert_eq!(question, Some(RowKind::NeedsDecision));

    // Neither of the two, says the dispatcher; the PSA fails without making a third.
    review.decide(Subject::Account(terry), Decision::Create);
    world.lock().fault(Fault::once("POST", "/company/contacts", FaultKind::Status500));
    let applied = pod.apply(&review.approve(|row| row.account == Some(terry))).await.expect("the run ends");
    assert_eq!(applied.counts.unknown, 1, "{:?}", applied.rows);
    let after = pod.review().await.expect("both sides can be read");
    assert!(after.context.links.iter().all(|link| link.account != terry));
    assert_eq!(after.context.decisions.get(&Subject::Account(terry)), Some(&Decision::Create));
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c1_killed_while_writing_it_starts_again_to_the_same_end() {
    let (mut deployment, directory, mut pod) = set_up().await;
    let review = pod.review().await.expect("both sides can be read");
    let request = review.approve(|row| row.kind == RowKind::Create);
    // The fifth create is made, and its answer takes so long that the process is killed waiting.
    let world = deployment.psa.world();
    world.lock().reset_log();
    world.lock().fault(slow_creates());
    let digest = pod_view::wire::Purpose::Apply(request.digest());
    let token = pod.session(digest).await.expect("Dispatch1 may").token;
    let applying = {
        let request = request.clone();
        let other = Pod::unopened(&deployment, pod.proof.clone(), pod.company);
        tokio::spawn(async move { other.apply_with(&token, &request).await })
    };
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_mins(1);
    while world.lock().count("POST", "/company/contacts") < 4 {
        assert!(tokio::time::Instant::now() < deadline, "nothing was written");
        tokio::task::yield_now().await;
    }
    deployment.kill();
    assert!(applying.await.is_err(), "the answer must have been cut off");
    world.lock().clear_faults();

    deployment.serve().expect("the service starts again");
    pod = Pod::open(&deployment, "Dispatch1", pod.company).await.expect("Dispatch1 may");
    let run = pod.runs().await.expect("they are listed").remove(0);
    let applied = pod.follow(&run.id).await.expect("it goes on by itself");
    assert_eq!(applied.counts.created, request.approved.len() as u64, "{:?}", applied.counts);
    let contacts = psa_contacts(&deployment, pod.company);
    let mut names: Vec<_> = contacts.iter().map(|contact| (&contact.name, &contact.addresses)).collect();
    let all = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all, "somebody is there twice");
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c3_told_to_stop_it_ends_what_is_being_written_and_goes_on_at_the_next_start() {
    let (mut deployment, directory, pod) = set_up().await;
    let review = pod.review().await.expect("both sides can be read");
    let request = review.approve(|row| row.kind == RowKind::Create);
    let world = deployment.psa.world();
    world.lock().reset_log();
    world.lock().fault(Fault { delay_ms: 300, ..slow_creates() });
    let purpose = pod_view::wire::Purpose::Apply(request.digest());
    let token = pod.session(purpose).await.expect("Dispatch1 may").token;
    let applying = {
        let (pod, request) = (Pod::unopened(&deployment, pod.proof.clone(), pod.company), request.clone());
        tokio::spawn(async move { pod.apply_with(&token, &request).await })
    };
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_mins(1);
    while world.lock().count("POST", "/company/contacts") == 0 {
        assert!(tokio::time::Instant::now() < deadline, "nothing was written");
        tokio::task::yield_now().await;
    }
    // The pod is closed, and the operator stops the service.
    applying.abort();
    deployment.terminate().await.expect("the service stops");
    let made = world.lock().count("POST", "/company/contacts");
    assert!(made < request.approved.len(), "it stopped in the middle");

    deployment.serve().expect("the service starts again");
    let pod = Pod::open(&deployment, "Dispatch1", pod.company).await.expect("Dispatch1 may");
    let run = pod.runs().await.expect("they are listed").remove(0);
    let applied = pod.follow(&run.id).await.expect("it goes on by itself");
    let all = request.approved.len();
    assert_eq!(applied.counts.created, all as u64);
    assert_eq!(world.lock().count("POST", "/company/contacts"), all, "what was under way was ended");
    let last = pod.status().await.expect("the status is there").last_run.expect("the run ended");
    assert_eq!((last.id, last.counts), (run.id, applied.counts));
    directory.stop().await;
}

/// How many contacts the PSA was asked for one by one.
fn looks(deployment: &Deployment) -> usize {
    let world = deployment.psa.world();
    let world = world.lock();
    let one =
        |path: &str| path.strip_prefix("/company/contacts/").is_some_and(|id| id.parse::<i64>().is_ok());
    world.requests().iter().filter(|request| request.method == "GET" && one(&request.path)).count()
}

fn slow_creates() -> Fault {
    let mut fault = Fault::once("POST", "/company/contacts", FaultKind::Slow);
    fault.times = 1_000;
    fault.delay_ms = 60_000;
    fault
}

#[tokio::test(flavor = "multi_thread")]
async fn decisions_are_kept_as_drafts_and_followed() {
    let (deployment, directory, pod) = set_up().await;
    let review = pod.review().await.expect("both sides can be read");
    let plan = review.plan();
    let newcomer =
        plan.rows.iter().find(|row| row.kind == RowKind::Create).expect("the sample has newcomers");
    let account = newcomer.account.expect("a creation has an account");
    let only = plan
        .rows
        .iter()
        .find(|row| row.kind == RowKind::PsaOnly)
        .expect("the sample has contacts of its own");
    let contact = only.contact.expect("it is a contact");
    pod.save_decisions(vec![
        (Subject::Account(account), Some(Decision::Ignore)),
        (Subject::Contact(contact), Some(Decision::Deactivate)),
    ])
    .await
    .expect("Dispatch1 may decide");

    // Another viewer starts from them.
    let other = Pod::open(&deployment, "Admin1", pod.company).await.expect("Admin1 may");
    let review = other.review().await.expect("both sides can be read");
    let plan = review.plan();
    let kind_of = |key| plan.rows.iter().find(|row| row.account == Some(key)).map(|row| row.kind);
    assert_eq!(kind_of(account), Some(RowKind::Ignored));
    let applied =
        other.apply(&review.approve(|row| row.contact == Some(contact))).await.expect("the run ends");
    assert_eq!(applied.counts.deactivated, 1);
    let status = pod.status().await.expect("the status is there");
    assert_eq!((status.ignored, status.drafts), (1, 0));
    assert_eq!(status.last_run.map(|run| run.member).as_deref(), Some("Admin1"));
    directory.stop().await;
}
