//! Runs by the schedule: what they write by themselves, what they leave to a person, and when.

use std::time::Duration;

use integration::{
    history::History,
    staff::{EIGHT, OUTSIDE, SEVEN, address, begin, disable, id, night, person, settled},
};
use pod_view::wire::{Counts, RunKind, RunState, Settings, When};
use psa_simulator::{Kind, Record};
use reconcile::{ContactId, Decision, RowKind, Subject};
use serde_json::{Value, json};
use server::store::NewRun;
use tempfile::TempDir;

const DAY: Duration = Duration::from_hours(24);

/// So many people, each with a contact; and where their store is.
async fn company(people: usize) -> (TempDir, History) {
    server::web::install_tls_provider();
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let history = settled(folder.path(), people).await.expect("the first review works");
    (folder, history)
}

fn promote(history: &History, numbers: impl IntoIterator<Item = usize>, title: &str) {
    history.people(|people| {
        for number in numbers {
            people.get_mut(&id(number)).expect("they are in the directory").title = Some(title.to_owned());
        }
    });
}

fn hire(history: &History, number: usize) {
    history.people(|people| drop(people.insert(id(number), person(number))));
}

fn contact(history: &History, number: usize) -> Value {
    history.contact(&address(number)).expect("they have a contact")
}

fn is_active(history: &History, number: usize) -> bool {
    contact(history, number)["inactiveFlag"] == false
}

/// How many requests since the last look at this wrote something.
fn writes(history: &History) -> usize {
    let world = history.psa().world();
    let mut world = world.lock();
    let writes = world.requests().iter().filter(|request| request.method != "GET").count();
    world.reset_log();
    writes
}

fn record(value: &Value) -> Record {
    value.as_object().cloned().expect("a record is an object")
}

#[tokio::test]
async fn the_first_run_of_a_company_writes_nothing_and_waits_for_a_review() {
    server::web::install_tls_provider();
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let history = begin(folder.path(), 3).await.expect("it begins");
    writes(&history);
    for _ in 0..2 {
        let run = night(&history).await;
        assert_eq!(run.state, RunState::Waiting);
        assert_eq!(run.counts, Counts { held: 3, ..Counts::default() });
        assert_eq!(writes(&history), 0);
    }
    assert_eq!(history.sync().await.expect("the review works").created, 3);
    hire(&history, 3);
    promote(&history, [0], "Head clerk");
    let run = night(&history).await;
    assert_eq!((run.state, run.undoable), (RunState::Done, 2));
    assert_eq!(run.counts, Counts { created: 1, updated: 1, ..Counts::default() });
    assert_eq!(contact(&history, 0)["title"], "Head clerk");
    assert_eq!(contact(&history, 3)["firstName"], "Dirk");
    assert_eq!(history.contact(OUTSIDE).expect("nobody touched him")["inactiveFlag"], false);
}

#[tokio::test]
async fn d11_a_disabled_account_leaves_at_once_a_missing_one_when_it_was_missing_twice() {
    let (_folder, history) = company(10).await;
    let every_four_hours = |settings: &mut Settings| {
        settings.schedule.when = When::Cron("0 */4 * * *".to_owned());
    };
    history.set(every_four_hours).await.expect("they are good settings");
    disable(&history, [0]);
    history.people(|people| drop(people.remove(&id(1))));
    let run = night(&history).await;
    assert_eq!((run.state, run.counts.deactivated, run.counts.held), (RunState::Held, 1, 1));
    assert_eq!((is_active(&history, 0), is_active(&history, 1)), (false, true));

    // Four hours later it is missing since too short a time; then it was there in between.
    assert_eq!(night(&history).await.state, RunState::Held);
    hire(&history, 1);
    assert_eq!(night(&history).await.state, RunState::Done);
    history.people(|people| drop(people.remove(&id(1))));
    for _ in 0..2 {
        assert_eq!(night(&history).await.state, RunState::Held);
        assert!(is_active(&history, 1));
    }
    let run = night(&history).await;
    assert_eq!((run.state, run.counts.deactivated), (RunState::Done, 1));
    assert!(!is_active(&history, 1));

    // Who comes back is brought back: we put them away.
    hire(&history, 1);
    let run = night(&history).await;
    assert_eq!((run.state, run.counts.reactivated), (RunState::Done, 1));
    assert!(is_active(&history, 1));
}

#[tokio::test]
async fn d6_after_a_change_of_what_is_in_sight_nobody_leaves_until_it_was_reviewed() {
    let changes: [fn(&mut Settings); 4] = [
        |settings| settings.base = "OU=Staff,DC=history,DC=example".to_owned(),
        |settings| settings.filter = Some("(objectClass=user)".to_owned()),
        |settings| settings.bind_name = "other@history.example".to_owned(),
        |settings| settings.rules = "person logon nobody.*".to_owned(),
    ];
    for (which, change) in changes.into_iter().enumerate() {
        let (_folder, history) = company(10).await;
        disable(&history, [0]);
        promote(&history, [1], "Head clerk");
        history.set(change).await.expect("they are good settings");
        let run = night(&history).await;
        assert_eq!((run.state, run.counts.held, run.counts.updated), (RunState::Held, 1, 1), "{which}");
        assert_eq!(night(&history).await.state, RunState::Held, "{which}: time alone settles nothing");
        assert!(is_active(&history, 0), "{which}");
        history.sync_approving(&[], |_| false).await.expect("the review works");
        let run = night(&history).await;
        assert_eq!((run.state, run.counts.deactivated), (RunState::Done, 1), "{which}");
    }
    // A change that decides nothing about who is in sight holds nobody.
    let (_folder, mut history) = company(10).await;
    disable(&history, [0]);
    let later = |settings: &mut Settings| settings.schedule.when = When::DailyAt { hour: 3, minute: 30 };
    history.set(later).await.expect("they are good settings");
    assert_eq!(night(&history).await.counts.deactivated, 1);
    // The rules of all companies are this one's as well.
    disable(&history, [1]);
    history.set_rules_for_all("person logon nobody.*").await.expect("they are good rules");
    let run = night(&history).await;
    assert_eq!((run.state, run.counts.held), (RunState::Held, 1));
}

#[tokio::test]
async fn d5_where_too_many_seem_to_have_left_all_of_them_wait_and_the_rest_goes_ahead() {
    let (_folder, history) = company(10).await;
    disable(&history, [0, 1, 2]);
    promote(&history, [3], "Head clerk");
    hire(&history, 10);
    let run = night(&history).await;
    assert_eq!(run.state, RunState::Held);
    assert_eq!(run.counts, Counts { held: 3, created: 1, updated: 1, ..Counts::default() });
    assert!((0..3).all(|number| is_active(&history, number)));
    // A person has looked at them.
    assert_eq!(history.sync().await.expect("the review works").deactivated, 3);
    assert_eq!(night(&history).await.state, RunState::Done);
}

#[tokio::test]
async fn d5_what_seven_days_may_bring_is_counted_over_nights() {
    let (_folder, history) = company(10).await;
    disable(&history, [0, 1]);
    assert_eq!(night(&history).await.counts.deactivated, 2);
    disable(&history, [2]);
    assert_eq!(night(&history).await.counts.deactivated, 1);
    disable(&history, [3]);
    for _ in 2..7 {
        let run = night(&history).await;
        assert_eq!((run.state, run.counts.held), (RunState::Held, 1));
        assert!(is_active(&history, 3));
    }
    // By then the first two left more than seven days ago.
    history.pass(DAY + Duration::from_hours(1));
    assert_eq!(night(&history).await.counts.deactivated, 1);
}

#[tokio::test]
async fn d7_one_field_that_changes_in_too_many_waits() {
    let (_folder, history) = company(10).await;
    promote(&history, 0..4, "Manager");
    let numbers = ["+32 9 555 01 01", "+32 9 555 01 02", "+32 9 555 01 03"];
    history.people(|people| {
        for (number, telephone) in (4..).zip(numbers) {
            people.get_mut(&id(number)).expect("they are there").telephone = Some(telephone.to_owned());
        }
    });
    let run = night(&history).await;
    assert_eq!(run.state, RunState::Held);
    assert_eq!(run.counts, Counts { held: 4, updated: 3, ..Counts::default() });
    assert!((0..4).all(|number| contact(&history, number)["title"] == "Clerk"));
    assert_eq!(history.sync().await.expect("the review works").updated, 4);
}

#[tokio::test]
async fn somebody_on_whom_something_depends_does_not_leave_by_night() {
    let (_folder, history) = company(10).await;
    let protections: [fn(&History); 3] = [
        |history| {
            history.edit(&address(0), |contact| drop(contact.insert("defaultFlag".into(), json!(true))));
        },
        |history| {
            let portal = |contact: &mut Record| {
                contact.insert("disablePortalLoginFlag".into(), json!(false));
            };
            history.edit(&address(1), portal);
        },
        |history| {
            let ticket = json!({
                "summary": "Printer", "company": { "id": SEVEN }, "closedFlag": false,
                "contact": { "id": contact(history, 2)["id"], "name": "Cleo Claes" },
            });
            history.psa().world().lock().add(Kind::Ticket, record(&ticket));
        },
    ];
    for (number, protect) in protections.into_iter().enumerate() {
        protect(&history);
        disable(&history, [number]);
        let run = night(&history).await;
        assert_eq!((run.state, run.counts.held), (RunState::Held, 1), "{number}");
        assert!(is_active(&history, number));
        // Back at work, so that the next one stands alone.
        hire(&history, number);
    }
}

#[tokio::test]
async fn a_draft_is_a_persons_to_apply() {
    let (_folder, history) = company(3).await;
    let outside = history.contact(OUTSIDE).and_then(|contact| contact["id"].as_i64());
    let outside = Subject::Contact(ContactId(outside.expect("he is there")));
    hire(&history, 3);
    let new = Subject::Account(id(3));
    history.decide(&[(outside, Decision::Deactivate), (new, Decision::Create)]).await;
    writes(&history);
    let run = night(&history).await;
    assert_eq!(run.state, RunState::Questions);
    assert_eq!(run.counts, Counts { questions: 2, ..Counts::default() });
    assert_eq!(writes(&history), 0);
    assert_eq!(history.decisions().await.len(), 2);
    let counts = history.sync_approving(&[], |row| row.decision.is_some()).await.expect("it is applied");
    assert_eq!((counts.created, counts.deactivated), (1, 1));
    assert_eq!(night(&history).await.state, RunState::Done);
}

#[tokio::test]
async fn an_account_whose_contact_is_elsewhere_is_asked_about_and_a_move_is_a_draft() {
    let (_folder, seven) = company(3).await;
    let eight = seven.beside(EIGHT, "only title Clerk").await.expect("it is set up");
    eight.sync_approving(&[], |_| false).await.expect("the review works");
    eight.decide(&[(Subject::Account(id(0)), Decision::Move)]).await;
    seven.set(|settings| settings.schedule.when = When::Off).await.expect("they are good settings");
    let run = night(&eight).await;
    assert_eq!((run.state, run.counts.questions, run.counts.written()), (RunState::Questions, 3, 0));
    assert_eq!(contact(&seven, 0)["company"]["id"], SEVEN);
}

#[tokio::test]
async fn a_question_stays_one() {
    let (_folder, history) = company(3).await;
    for _ in 0..2 {
        let namesake = json!({
            "firstName": "Dirk", "lastName": "Dewit", "company": { "id": SEVEN, "name": "Seven Ltd" },
            "inactiveFlag": false, "communicationItems": [],
        });
        history.psa().world().lock().add(Kind::Contact, record(&namesake));
    }
    hire(&history, 3);
    promote(&history, [0], "Head clerk");
    let run = night(&history).await;
    assert_eq!(run.state, RunState::Questions);
    assert_eq!(run.counts, Counts { questions: 1, updated: 1, ..Counts::default() });
    writes(&history);
    for _ in 0..3 {
        let run = night(&history).await;
        assert_eq!((run.state, run.counts.questions), (RunState::Questions, 1));
    }
    assert_eq!(writes(&history), 0);
}

#[tokio::test]
async fn p12_a_contact_that_a_person_put_away_is_not_brought_back() {
    let (_folder, history) = company(3).await;
    history.edit(&address(0), |contact| drop(contact.insert("inactiveFlag".into(), json!(true))));
    promote(&history, [0], "Head clerk");
    writes(&history);
    for _ in 0..2 {
        let run = night(&history).await;
        assert_eq!((run.state, run.counts.questions), (RunState::Questions, 1));
    }
    assert_eq!(writes(&history), 0);

    // Also where we had put it away before, and a person brought it back in between.
    disable(&history, [1]);
    assert_eq!(night(&history).await.counts.deactivated, 1);
    hire(&history, 1);
    for away in [false, true] {
        history.edit(&address(1), |contact| drop(contact.insert("inactiveFlag".into(), json!(away))));
        let run = night(&history).await;
        assert_eq!(run.counts.questions, 1 + u64::from(away));
    }
    assert!(!is_active(&history, 1));
}

#[tokio::test]
async fn c2_what_the_psa_refuses_three_nights_is_set_aside_until_it_changes() {
    let (_folder, history) = company(3).await;
    // The PSA takes no change of a contact in which something else is wrong.
    let nickname = |value: Value| {
        history.edit(&address(0), |contact| drop(contact.insert("nickName".into(), value)));
    };
    nickname(json!("x".repeat(40)));
    promote(&history, [0], "Head clerk");
    for _ in 0..3 {
        let run = night(&history).await;
        assert_eq!((run.state, run.counts.rejected, run.counts.set_aside), (RunState::Questions, 1, 0));
    }
    promote(&history, [1], "Bookkeeper");
    writes(&history);
    let run = night(&history).await;
    assert_eq!(run.state, RunState::Questions);
    assert_eq!(run.counts, Counts { set_aside: 1, updated: 1, ..Counts::default() });
    assert_eq!(writes(&history), 1);
    // That it would do by now is not found out by trying.
    nickname(Value::Null);
    assert_eq!(night(&history).await.counts.set_aside, 1);
    assert_eq!(writes(&history), 0);
    promote(&history, [0], "Office manager");
    let run = night(&history).await;
    assert_eq!((run.state, run.counts.updated), (RunState::Done, 1));

    // Nor does it count what was refused before.
    nickname(json!("x".repeat(40)));
    promote(&history, [0], "Head clerk");
    for _ in 0..3 {
        assert_eq!(night(&history).await.counts.rejected, 1);
    }
    // A person may try at any time.
    nickname(Value::Null);
    assert_eq!(history.sync().await.expect("the review works").updated, 1);
    assert_eq!(night(&history).await.state, RunState::Done);
}

#[tokio::test]
async fn what_was_undone_is_not_repeated_and_asked_again_when_the_account_changes() {
    let (_folder, history) = company(6).await;
    hire(&history, 6);
    disable(&history, [0]);
    promote(&history, [1], "Head clerk");
    let run = night(&history).await;
    assert_eq!((run.counts.written(), run.undoable), (3, 3));
    let undone = history.undo(&run.id).await.expect("it is taken back");
    assert_eq!(undone.undone, 3, "{undone:?}");
    let as_it_was = || {
        assert_eq!((is_active(&history, 0), is_active(&history, 6)), (true, false));
        assert_eq!(contact(&history, 1)["title"], "Clerk");
    };
    as_it_was();
    writes(&history);
    for _ in 0..2 {
        let run = night(&history).await;
        assert_eq!((run.state, run.counts), (RunState::Done, Counts::default()), "nobody is asked");
    }
    assert_eq!(writes(&history), 0);

    promote(&history, [0, 1, 6], "Office manager");
    let run = night(&history).await;
    // Of whom somebody put away, it is asked whether they come back.
    assert_eq!((run.state, run.counts.held, run.counts.questions), (RunState::Held, 2, 1));
    assert_eq!((run.counts.written(), writes(&history)), (0, 0));
    as_it_was();
    let back = Decision::Match(ContactId(contact(&history, 6)["id"].as_i64().expect("it has an id")));
    let counts = history.sync_approving(&[(Subject::Account(id(6)), back)], |_| true).await;
    let counts = counts.expect("the review works");
    assert_eq!((counts.deactivated, counts.updated, counts.reactivated), (1, 1, 1), "{counts:?}");
    assert_eq!(night(&history).await.state, RunState::Done);
    assert!(history.decisions().await.is_empty(), "what was approved after all is as ever");
}

#[tokio::test]
async fn a_company_whose_schedule_is_off_is_left_alone() {
    let (_folder, history) = company(2).await;
    history.set(|settings| settings.schedule.when = When::Off).await.expect("they are good settings");
    assert_eq!(history.next_slot().await.expect("the store works"), None);
    promote(&history, [0], "Head clerk");
    writes(&history);
    history.pass(3 * DAY);
    assert_eq!(history.look_at_the_queue().await.expect("the store works"), 0);
    assert_eq!((scheduled(&history).await, writes(&history)), (0, 0));
    history.set(|settings| settings.schedule.when = When::Daily).await.expect("they are good settings");
    assert_eq!(night(&history).await.counts.updated, 1);
}

async fn scheduled(history: &History) -> usize {
    let runs = history.runs().await.expect("the store works");
    runs.iter().filter(|run| run.kind == RunKind::Schedule).count()
}

#[tokio::test]
async fn c12_slots_that_were_missed_are_made_up_for_once() {
    let (_folder, history) = company(2).await;
    history.pass(9 * DAY);
    let now = history.parts().0.clock.now();
    assert!(history.next_slot().await.expect("the store works").expect("it is due") < now);
    assert_eq!(history.look_at_the_queue().await.expect("the store works"), 1);
    assert_eq!(history.look_at_the_queue().await.expect("the store works"), 0);
    assert_eq!(scheduled(&history).await, 1);
    let next = history.next_slot().await.expect("the store works").expect("it is due again");
    assert!(now < next && next - now <= 24 * 3600, "{next} after {now}");
}

#[tokio::test]
async fn c4_a_slot_is_run_once_whoever_finds_it_first() {
    let (_folder, history) = company(2).await;
    promote(&history, [0], "Head clerk");
    history.pass(2 * DAY);
    // Whoever looked before somebody else queued it, still believes that it is due.
    history.review().await.expect("both sides can be read");
    let (service, company) = history.parts();
    let due = service.store.due_companies(10).await.expect("the store works").remove(0);
    let (one, other) = tokio::join!(history.look_at_the_queue(), history.look_at_the_queue());
    assert_eq!(one.expect("the store works") + other.expect("the store works"), 1);
    let run = NewRun {
        id: "late",
        key: &company.key,
        kind: RunKind::Schedule,
        undoes: None,
        member_id: 0,
        member: "",
        rows: &[],
    };
    for next in [None, Some(due.slot)] {
        assert!(!service.store.queue_slot(&due, &run, next).await.expect("the store works"));
    }
    assert_eq!(history.look_at_the_queue().await.expect("the store works"), 0);
    assert_eq!(scheduled(&history).await, 1);
    let next = history.next_slot().await.expect("the store works");
    assert!(next.is_some_and(|next| next > due.slot), "whoever is late changes nothing");
}

#[tokio::test]
async fn p10_a_settings_note_that_somebody_changed_is_not_followed() {
    let (_folder, history) = company(3).await;
    disable(&history, [0]);
    let world = history.psa().world();
    let note = world.lock().notes_of(SEVEN)[0].clone();
    let note_id = note["id"].as_i64().expect("it has an id");
    let change = |text: &str| {
        world.lock().edit(Kind::Note, note_id, |note| drop(note.insert("text".into(), json!(text))));
    };
    let text = note["text"].as_str().expect("it has a text");
    let other = text.replacen("host=127.0.0.1", "host=127.0.0.2", 1);
    assert_ne!(other, text);
    change(&other);
    writes(&history);
    let run = night(&history).await;
    assert_eq!((run.state, run.counts), (RunState::Failed, Counts::default()));
    let problem = run.problem.expect("it says why");
    assert_eq!(problem.code, "settings_not_accepted");
    assert!(problem.message.contains("changed outside this pod"), "{problem:?}");
    assert_eq!(writes(&history), 0);
    change(text);
    assert_eq!(night(&history).await.counts.deactivated, 1, "as it was, it is good again");
}

#[tokio::test]
async fn d4_a_directory_that_is_read_in_part_or_has_nobody_in_it_deactivates_nobody() {
    let (_folder, history) = company(10).await;
    writes(&history);
    history.people(|people| drop(people.pop_first()));
    history.break_the_directory(true);
    for _ in 0..2 {
        let run = night(&history).await;
        assert_eq!((run.state, run.counts), (RunState::Failed, Counts::default()));
        assert!(run.problem.is_some());
    }
    let links = history.links().await.expect("the store works");
    assert!(
        links.iter().all(|link| link.missing_since.is_none()),
        "a part of it says nothing of who is gone"
    );
    history.break_the_directory(false);

    let everybody = history.people(std::mem::take);
    for _ in 0..2 {
        let run = night(&history).await;
        assert_eq!((run.state, run.counts), (RunState::Failed, Counts::default()));
    }
    assert_eq!(writes(&history), 0);
    assert!((0..10).all(|number| is_active(&history, number)));

    history.people(|people| *people = everybody);
    assert_eq!(night(&history).await.counts, Counts { held: 1, ..Counts::default() });
    assert_eq!(night(&history).await.counts.deactivated, 1);
    let plan = history.plan().await.expect("both sides can be read");
    assert_eq!(plan.count(RowKind::Deactivate), 0);
}
