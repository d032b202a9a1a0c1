//! The one ticket of a company: there while something needs a person, and only then.

use integration::{
    history::History,
    staff::{SEVEN, address, begin, disable, id, night, person, settled},
};
use pod_view::wire::{Counts, RunState};
use psa_simulator::{Fault, FaultKind, Kind, Level, Record};
use serde_json::{Value, json};
use tempfile::TempDir;

const TICKETS: &str = "/service/tickets";
const TICKET: &str = "/service/tickets/*";
/// The sample's boards.
const BOARD: i64 = 1;
const OTHER_BOARD: i64 = 2;
const THREE_HELD: &str = "ConnectActive: 3 changes held for you";

/// Ten people, each with a contact, and a board for tickets in a PSA that mails whenever it may.
async fn company() -> (TempDir, History) {
    server::web::install_tls_provider();
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let history = settled(folder.path(), 10).await.expect("the first review works");
    (folder, with_a_board(history).await)
}

async fn with_a_board(mut history: History) -> History {
    history.set_board(BOARD).await.expect("the store works");
    edit_all(&history, Kind::Board, |board| {
        for flag in ["sendToContactFlag", "sendToResourceFlag", "sendToCCFlag"] {
            board.insert(flag.into(), json!(true));
        }
    });
    edit_all(&history, Kind::BoardStatus, |status| {
        status.insert("emailTemplate".into(), json!({ "id": 1, "name": "To everybody" }));
    });
    touched(&history);
    history
}

fn edit_all(history: &History, kind: Kind, change: impl Fn(&mut Record)) {
    let world = history.psa().world();
    let mut world = world.lock();
    let ids: Vec<i64> = world.records(kind).filter_map(|record| record["id"].as_i64()).collect();
    for id in ids {
        world.edit(kind, id, &change);
    }
}

/// Of each ticket of ours: its id, its title, and whether it is open. Nobody was ever mailed about one.
fn tickets(history: &History) -> Vec<(i64, String, bool)> {
    let world = history.psa().world();
    let world = world.lock();
    assert_eq!(world.mails(), [], "nobody outside hears of it");
    world
        .records(Kind::Ticket)
        .filter(|ticket| ticket.get("externalXRef").is_some())
        .map(|ticket| {
            assert_eq!(ticket["company"]["id"], SEVEN);
            assert_eq!(ticket.get("contact"), None);
            let summary = ticket["summary"].as_str().expect("it has a title").to_owned();
            (ticket["id"].as_i64().expect("it has an id"), summary, ticket["closedFlag"] == false)
        })
        .collect()
}

/// The only ticket, which says this.
#[track_caller]
fn only(history: &History, summary: &str, open: bool) -> i64 {
    match tickets(history).as_slice() {
        [(id, said, is_open)] => {
            assert_eq!((said.as_str(), *is_open), (summary, open));
            *id
        }
        others => panic!("{others:?}"),
    }
}

/// The texts of a ticket's notes, which only members see.
fn notes(history: &History, ticket: i64) -> Vec<String> {
    let world = history.psa().world();
    let world = world.lock();
    world
        .records(Kind::TicketNote)
        .filter(|note| note["ticketId"] == ticket)
        .map(|note| {
            let seen = (&note["internalFlag"], &note["externalFlag"]);
            assert_eq!(seen, (&json!(true), &json!(false)));
            note["text"].as_str().expect("it has a text").to_owned()
        })
        .collect()
}

/// How many requests since the last look at this wrote something about tickets.
fn touched(history: &History) -> usize {
    let world = history.psa().world();
    let mut world = world.lock();
    let about = |path: &str| path.starts_with("/service/");
    let count =
        world.requests().iter().filter(|request| request.method != "GET" && about(&request.path)).count();
    world.reset_log();
    count
}

fn change(history: &History, ticket: i64, with: &Value) {
    let world = history.psa().world();
    world.lock().edit(Kind::Ticket, ticket, |record| {
        record.extend(with.as_object().cloned().expect("a change is an object"));
    });
}

/// Somebody closes the ticket by hand.
fn close(history: &History, ticket: i64) {
    change(history, ticket, &json!({ "closedFlag": true, "status": { "id": 34, "name": ">Closed" } }));
}

fn fault(history: &History, method: &str, path: &str, kind: FaultKind) {
    history.psa().world().lock().fault(Fault::once(method, path, kind));
}

fn set_right(history: &History, level: Level) {
    let world = history.psa().world();
    let mut world = world.lock();
    let member = world.member_mut("ConnectActive").expect("it is the integrator");
    let right = member.role.right_mut("Service Desk", "Service Tickets").expect("the role has a line for it");
    (right.add, right.edit, right.inquire) = (level, level, level);
}

#[tokio::test]
async fn a_ticket_lives_while_something_needs_a_person() {
    let (_folder, history) = company().await;
    history.people(|people| people.get_mut(&id(9)).expect("she is there").title = Some("Owner".to_owned()));
    assert_eq!(night(&history).await.state, RunState::Done);
    assert_eq!((tickets(&history), touched(&history)), (Vec::new(), 0));

    disable(&history, 0..3);
    assert_eq!(night(&history).await.counts.held, 3);
    let ticket = only(&history, THREE_HELD, true);
    let said = notes(&history, ticket);
    assert_eq!(said.len(), 1);
    assert!(said[0].contains("press Sync"), "{said:?}");
    touched(&history);
    for _ in 0..2 {
        assert_eq!(night(&history).await.counts.held, 3);
    }
    assert_eq!((touched(&history), only(&history, THREE_HELD, true)), (0, ticket), "nothing is otherwise");

    // Another one leaves, and somebody is put away by hand.
    disable(&history, [3]);
    history.edit(&address(4), |contact| drop(contact.insert("inactiveFlag".into(), json!(true))));
    night(&history).await;
    let changed = "ConnectActive: 1 question, 4 changes held for you";
    assert_eq!(only(&history, changed, true), ticket);
    let said = notes(&history, ticket);
    assert_eq!(said.len(), 2);
    assert!(said[1].starts_with(changed), "{said:?}");

    // A review settles a part of it, then the rest.
    assert_eq!(history.sync().await.expect("the review works").deactivated, 4);
    assert_eq!(only(&history, "ConnectActive: 1 question for you", true), ticket);
    history.edit(&address(4), |contact| drop(contact.insert("inactiveFlag".into(), json!(false))));
    assert_eq!(night(&history).await.state, RunState::Done);
    assert_eq!(only(&history, "ConnectActive: 1 question for you", false), ticket);
    let said = notes(&history, ticket);
    assert_eq!((said.len(), said[3].contains("by itself")), (4, true), "{said:?}");
    touched(&history);
    night(&history).await;
    assert_eq!(touched(&history), 0);

    // What comes later has a ticket of its own.
    history.edit(&address(4), |contact| drop(contact.insert("inactiveFlag".into(), json!(true))));
    night(&history).await;
    let open: Vec<bool> = tickets(&history).into_iter().map(|(_, _, open)| open).collect();
    assert_eq!(open, [false, true]);
}

#[tokio::test]
async fn a_company_that_nobody_reviewed_yet_has_a_ticket_until_somebody_does() {
    server::web::install_tls_provider();
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let history = with_a_board(begin(folder.path(), 3).await.expect("it begins")).await;
    assert_eq!(night(&history).await.state, RunState::Waiting);
    let ticket = only(&history, THREE_HELD, true);
    assert!(notes(&history, ticket)[0].starts_with("The first sync of a company"));
    history.sync().await.expect("the review works");
    assert_eq!(only(&history, THREE_HELD, false), ticket);
}

#[tokio::test]
async fn without_a_board_there_is_no_ticket() {
    server::web::install_tls_provider();
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let history = settled(folder.path(), 10).await.expect("the first review works");
    disable(&history, 0..3);
    touched(&history);
    assert_eq!(night(&history).await.counts.held, 3);
    assert_eq!((tickets(&history), touched(&history)), (Vec::new(), 0));
}

#[tokio::test]
async fn a_ticket_that_somebody_closed_stays_closed_until_the_matter_is_another() {
    let (_folder, history) = company().await;
    disable(&history, 0..3);
    night(&history).await;
    let first = only(&history, THREE_HELD, true);
    close(&history, first);
    touched(&history);
    night(&history).await;
    assert_eq!((only(&history, THREE_HELD, false), touched(&history)), (first, 0));

    disable(&history, [3]);
    night(&history).await;
    let four = "ConnectActive: 4 changes held for you".to_owned();
    let [_, second] = tickets(&history).try_into().expect("there are two");
    assert_eq!((&second.1, second.2), (&four, true));
    assert_eq!(notes(&history, first).len(), 1, "the first is as somebody left it");

    // Settled after somebody closed it, there is nothing to say.
    close(&history, second.0);
    touched(&history);
    history.sync().await.expect("the review works");
    night(&history).await;
    assert_eq!(touched(&history), 0);
    // And what was the matter before may be it again.
    for number in 0..4 {
        history.people(|people| drop(people.insert(id(number), person(number))));
    }
    history.sync().await.expect("the review works");
    history.pass(std::time::Duration::from_hours(8 * 24));
    history.look_at_the_queue().await.expect("the store works");
    disable(&history, 0..4);
    night(&history).await;
    let [_, _, third] = tickets(&history).try_into().expect("there are three");
    assert_eq!((third.1, third.2), (four, true));
}

#[tokio::test]
async fn a_ticket_that_was_deleted_is_made_anew_if_it_is_needed() {
    let (_folder, history) = company().await;
    disable(&history, 0..3);
    night(&history).await;
    let world = history.psa().world();
    let delete = |ticket| drop(world.lock().remove(Kind::Ticket, ticket));
    let first = only(&history, THREE_HELD, true);
    delete(first);
    night(&history).await;
    let second = only(&history, THREE_HELD, true);
    assert_ne!(first, second);
    delete(second);
    history.sync().await.expect("the review works");
    night(&history).await;
    assert_eq!(tickets(&history), []);
}

#[tokio::test]
async fn p3_a_ticket_whose_answer_was_lost_is_found_by_its_reference() {
    let (_folder, history) = company().await;
    disable(&history, 0..3);
    fault(&history, "POST", TICKETS, FaultKind::DropBefore);
    let run = night(&history).await;
    assert_eq!((run.state, tickets(&history)), (RunState::Held, Vec::new()));
    fault(&history, "POST", TICKETS, FaultKind::LostAfterWrite);
    night(&history).await;
    let ticket = only(&history, THREE_HELD, true);
    night(&history).await;
    assert_eq!(only(&history, THREE_HELD, true), ticket);
    // From then on it is known, wherever somebody moves it.
    change(
        &history,
        ticket,
        &json!({
            "board": { "id": OTHER_BOARD, "name": "Administration" }, "status": { "id": 35, "name": "New" },
        }),
    );
    disable(&history, [3]);
    night(&history).await;
    assert_eq!(only(&history, "ConnectActive: 4 changes held for you", true), ticket);
    history.sync().await.expect("the review works");
    assert_eq!(only(&history, "ConnectActive: 4 changes held for you", false), ticket);
}

#[tokio::test]
async fn p3_a_ticket_is_closed_in_the_end_whatever_becomes_of_the_answers() {
    for kind in [FaultKind::DropBefore, FaultKind::LostAfterWrite] {
        let (_folder, history) = company().await;
        disable(&history, 0..3);
        night(&history).await;
        let ticket = only(&history, THREE_HELD, true);
        fault(&history, "PATCH", TICKET, kind);
        history.sync().await.expect("the review works");
        only(&history, THREE_HELD, kind == FaultKind::DropBefore);
        night(&history).await;
        assert_eq!(only(&history, THREE_HELD, false), ticket);
        touched(&history);
        night(&history).await;
        assert_eq!(touched(&history), 0);
    }
}

#[tokio::test]
async fn one_night_that_failed_says_nothing_and_the_second_in_a_row_does() {
    const FAILED: &str = "ConnectActive: the contacts of this company are not synced";
    let (_folder, history) = company().await;
    for _ in 0..2 {
        history.break_the_directory(true);
        assert_eq!(night(&history).await.state, RunState::Failed);
        assert_eq!(tickets(&history), []);
        history.break_the_directory(false);
        assert_eq!(night(&history).await.state, RunState::Done);
    }
    history.break_the_directory(true);
    night(&history).await;
    assert_eq!(tickets(&history), []);
    // A person sees their own failure, and it is no night.
    history.sync().await.expect_err("it cannot be read");
    assert_eq!(tickets(&history), []);
    night(&history).await;
    let ticket = only(&history, FAILED, true);
    let said = notes(&history, ticket);
    assert!(said[0].contains("The directory read ended before its end"), "{said:?}");
    touched(&history);
    night(&history).await;
    assert_eq!((only(&history, FAILED, true), touched(&history)), (ticket, 0));

    // Where something else needs a person then, the ticket goes on with that.
    history.break_the_directory(false);
    disable(&history, 0..3);
    night(&history).await;
    assert_eq!(only(&history, THREE_HELD, true), ticket);
    history.break_the_directory(true);
    night(&history).await;
    assert_eq!(only(&history, THREE_HELD, true), ticket);
    night(&history).await;
    assert_eq!(only(&history, FAILED, true), ticket);
    history.break_the_directory(false);
    history.sync().await.expect("the review works");
    assert_eq!(only(&history, FAILED, false), ticket);
}

#[tokio::test]
async fn p11_without_a_ticket_the_run_is_unharmed() {
    let (_folder, history) = company().await;
    disable(&history, 0..3);
    history.people(|people| people.get_mut(&id(9)).expect("she is there").title = Some("Owner".to_owned()));
    set_right(&history, Level::None);
    let run = night(&history).await;
    assert_eq!((run.state, run.problem), (RunState::Held, None));
    assert_eq!(run.counts, Counts { held: 3, updated: 1, ..Counts::default() });
    set_right(&history, Level::All);
    assert_eq!(tickets(&history), []);
    night(&history).await;
    let ticket = only(&history, THREE_HELD, true);

    // Nor is it by one that cannot be closed: neither without the right, nor where no status closes.
    set_right(&history, Level::None);
    assert_eq!(history.sync().await.expect("the review works").deactivated, 3);
    set_right(&history, Level::All);
    let closes = |closes: bool| {
        edit_all(&history, Kind::BoardStatus, |status| {
            if status["name"] == ">Closed" {
                status.insert("closedStatus".into(), json!(closes));
            }
        });
    };
    closes(false);
    assert_eq!(night(&history).await.state, RunState::Done);
    assert_eq!(only(&history, THREE_HELD, true), ticket);
    assert_eq!(notes(&history, ticket).len(), 1, "it does not say that it is closed");
    closes(true);
    night(&history).await;
    assert_eq!(only(&history, THREE_HELD, false), ticket);
}

#[tokio::test]
async fn an_undo_says_nothing_on_the_ticket() {
    let (_folder, history) = company().await;
    disable(&history, 0..3);
    history.people(|people| people.get_mut(&id(9)).expect("she is there").title = Some("Owner".to_owned()));
    let run = night(&history).await;
    let ticket = only(&history, THREE_HELD, true);
    touched(&history);
    assert_eq!(history.undo(&run.id).await.expect("it is taken back").undone, 1);
    assert_eq!((only(&history, THREE_HELD, true), touched(&history)), (ticket, 0));
}
