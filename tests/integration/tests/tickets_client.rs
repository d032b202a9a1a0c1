//! The client's tickets: made once, found again, closed, and never mailed about.

use std::{collections::BTreeSet, sync::Arc};

use integration::{
    documented::{OPERATIONS, operation},
    history::Carrier,
};
use psa_simulator::{Fault, FaultKind, Kind, Level, Options, Record};
use serde_json::{Value, json};
use server::psa::{
    BoardStatus, NewTicket, Psa, PsaError, Rejection, Ticket, TicketChange, TicketReference, Write,
};

const TICKETS: &str = "/service/tickets";
/// The sample's first board.
const BOARD: i64 = 1;

struct Bench {
    carrier: Arc<Carrier>,
    psa: Psa,
    company: i64,
    reference: TicketReference,
}

/// A PSA that mails whenever it may: its boards do unless a ticket says otherwise, and each status has a
/// template.
fn bench() -> Bench {
    let options = Options::default();
    server::web::install_tls_provider();
    let carrier = Arc::new(Carrier::new(&options).expect("the sample can be read"));
    let psa = carrier.client(&options);
    let company = carrier.psa().world().lock().company_id("LindenLaw").expect("it is one of the sample's");
    let reference = TicketReference::new("ConnectActive-test-1").expect("it is plain");
    let bench = Bench { carrier, psa, company, reference };
    bench.edit_all(Kind::Board, |board| {
        for flag in ["sendToContactFlag", "sendToResourceFlag", "sendToCCFlag"] {
            board.insert(flag.into(), json!(true));
        }
    });
    bench.edit_all(Kind::BoardStatus, |status| {
        status.insert("emailTemplate".into(), json!({ "id": 1, "name": "To everybody" }));
    });
    bench
}

impl Bench {
    fn edit_all(&self, kind: Kind, change: impl Fn(&mut Record)) {
        let world = self.carrier.psa().world();
        let mut world = world.lock();
        let ids: Vec<i64> = world.records(kind).filter_map(|record| record["id"].as_i64()).collect();
        for id in ids {
            world.edit(kind, id, &change);
        }
    }

    fn fault(&self, method: &str, path: &str, kind: FaultKind) {
        self.carrier.psa().world().lock().fault(Fault::once(method, path, kind));
    }

    fn record(&self, kind: Kind, id: i64) -> Value {
        let world = self.carrier.psa().world();
        world.lock().record(kind, id).cloned().map_or(Value::Null, Value::Object)
    }

    fn notes(&self, ticket: i64) -> Vec<Value> {
        let world = self.carrier.psa().world();
        let world = world.lock();
        let notes = world.records(Kind::TicketNote).filter(|note| note["ticketId"] == ticket);
        notes.cloned().map(Value::Object).collect()
    }

    async fn create(&self) -> Result<Write<i64>, PsaError> {
        let new = NewTicket {
            company: self.company,
            board: BOARD,
            summary: "Contacts need a look",
            analysis: "Four accounts have no contact yet.",
            reference: &self.reference,
        };
        self.psa.create_ticket(&new).await
    }

    async fn created(&self) -> Ticket {
        let written = self.create().await;
        let Ok(Write::Applied(id)) = written else { panic!("{written:?}") };
        self.psa.ticket(self.company, id).await.expect("it can be read").expect("it was just made")
    }

    async fn find(&self) -> Option<Ticket> {
        self.psa.ticket_by_reference(self.company, BOARD, &self.reference).await.expect("tickets can be read")
    }

    async fn closing(&self) -> Option<BoardStatus> {
        let statuses = self.psa.board_statuses(BOARD).await.expect("they can be read");
        BoardStatus::closing(&statuses).cloned()
    }
}

#[tokio::test]
async fn a_ticket_is_made_changed_and_closed_and_nobody_is_mailed() {
    let bench = bench();
    let boards = bench.psa.boards().await.expect("they can be read");
    let names: Vec<(i64, &str, bool)> =
        boards.iter().map(|board| (board.id, board.name.as_str(), board.inactive)).collect();
    assert_eq!(names, [(1, "Help Desk", false), (2, "Administration", false)]);
    let statuses = bench.psa.board_statuses(BOARD).await.expect("they can be read");
    let begins: Vec<&str> =
        statuses.iter().filter(|status| status.is_default).map(|status| status.name.as_str()).collect();
    assert_eq!(begins, ["New"]);

    let ticket = bench.created().await;
    assert_eq!((ticket.company, ticket.board, ticket.closed), (bench.company, Some(BOARD), false));
    assert_eq!(ticket.summary, "Contacts need a look");
    let record = bench.record(Kind::Ticket, ticket.id);
    assert_eq!(record.get("contact"), None);
    // What others write on it later is not mailed either.
    for flag in ["automaticEmailContactFlag", "automaticEmailResourceFlag", "automaticEmailCcFlag"] {
        assert_eq!(record[flag], json!(false), "{flag}");
    }
    let notes = bench.notes(ticket.id);
    assert_eq!(notes.len(), 1);
    assert_eq!((&notes[0]["internalFlag"], &notes[0]["externalFlag"]), (&json!(true), &json!(false)));

    let written = bench.psa.add_ticket_note(&ticket, "Three of them have one by now.").await;
    let Ok(Write::Applied(note)) = written else { panic!("{written:?}") };
    let note = bench.record(Kind::TicketNote, note);
    assert_eq!((&note["internalFlag"], &note["externalFlag"]), (&json!(true), &json!(false)));

    let closing = bench.closing().await.expect("the sample's board has one");
    let long = "One account has no contact yet. ".repeat(5);
    let change = TicketChange { summary: Some(&long), status: Some(closing.id) };
    assert_eq!(bench.psa.change_ticket(&ticket, &change).await, Ok(Write::Applied(())));
    let closed = bench.psa.ticket(bench.company, ticket.id).await.expect("it can be read");
    let closed = closed.expect("it is there");
    assert_eq!((closed.closed, closed.status, closed.summary.chars().count()), (true, Some(closing.id), 99));
    let reopened = TicketChange { status: ticket.status, ..TicketChange::default() };
    assert_eq!(bench.psa.change_ticket(&closed, &reopened).await, Ok(Write::Applied(())));
    assert_eq!(
        bench.psa.change_ticket(&ticket, &TicketChange::default()).await,
        Ok(Write::Applied(())),
        "nothing is nothing to do"
    );

    let world = bench.carrier.psa().world();
    let world = world.lock();
    assert_eq!(world.mails(), []);
    let called: BTreeSet<String> = world.requests().iter().map(operation).collect();
    let api = called.iter().filter(|operation| operation.contains(" /service/"));
    let missing: Vec<&String> = api.filter(|operation| !OPERATIONS.contains(operation.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?} are not in the document");
}

#[tokio::test]
async fn a_ticket_whose_answer_was_lost_is_found_by_its_reference() {
    let bench = bench();
    assert_eq!(bench.find().await, None);
    bench.fault("POST", TICKETS, FaultKind::DropBefore);
    assert_eq!(bench.create().await, Ok(Write::Unknown));
    assert_eq!(bench.find().await, None, "it was not made");
    bench.fault("POST", TICKETS, FaultKind::LostAfterWrite);
    assert_eq!(bench.create().await, Ok(Write::Unknown));
    let found = bench.find().await.expect("it was made");
    assert_eq!((found.summary.as_str(), found.company), ("Contacts need a look", bench.company));
    assert_eq!(bench.carrier.psa().world().lock().count("POST", TICKETS), 2, "each was sent once");

    // A copy that somebody makes of it is theirs; so is one with a like reference, or at another company.
    let copy =
        bench.carrier.psa().world().lock().record(Kind::Ticket, found.id).cloned().expect("it is there");
    let other = bench.carrier.psa().world().lock().company_id("HarborMfg").expect("it is the sample's");
    bench.carrier.psa().world().lock().add(Kind::Ticket, copy);
    assert_eq!(bench.find().await, Some(found.clone()));
    let like = TicketReference::new("ConnectActive-test-10").expect("it is plain");
    assert_eq!(bench.psa.ticket_by_reference(bench.company, BOARD, &like).await, Ok(None));
    assert_eq!(bench.psa.ticket_by_reference(other, BOARD, &bench.reference).await, Ok(None));

    // So is the answer to a change, and to a note.
    bench.fault("PATCH", &format!("{TICKETS}/{}", found.id), FaultKind::LostAfterWrite);
    let change = TicketChange { summary: Some("Settled"), ..TicketChange::default() };
    assert_eq!(bench.psa.change_ticket(&found, &change).await, Ok(Write::Unknown));
    assert_eq!(bench.find().await.map(|ticket| ticket.summary).as_deref(), Some("Settled"));
    bench.fault("POST", &format!("{TICKETS}/{}/notes", found.id), FaultKind::LostAfterWrite);
    assert_eq!(bench.psa.add_ticket_note(&found, "Settled.").await, Ok(Write::Unknown));
    assert_eq!(bench.notes(found.id).len(), 2);
}

#[tokio::test]
async fn a_ticket_that_was_deleted_or_moved_away_is_no_longer_ours() {
    let bench = bench();
    let ticket = bench.created().await;
    let world = bench.carrier.psa().world();
    let other = world.lock().company_id("HarborMfg").expect("it is the sample's");
    let of_the_other = world.lock().record(Kind::Company, other).map(|record| record["name"].clone());
    world.lock().edit(Kind::Ticket, ticket.id, |record| {
        record.insert("company".into(), json!({ "id": other, "name": of_the_other }));
    });
    assert_eq!(bench.psa.ticket(bench.company, ticket.id).await, Ok(None));
    assert_eq!(bench.find().await, None);

    world.lock().remove(Kind::Ticket, ticket.id);
    assert_eq!(bench.psa.ticket(bench.company, ticket.id).await, Ok(None));
    let change = TicketChange { summary: Some("Settled"), ..TicketChange::default() };
    let written = bench.psa.change_ticket(&ticket, &change).await;
    assert_eq!(written, Ok(Write::Rejected(Rejection::NotFound)));
    let written = bench.psa.add_ticket_note(&ticket, "Settled.").await;
    assert_eq!(written, Ok(Write::Rejected(Rejection::NotFound)));
}

#[tokio::test]
async fn a_board_may_have_no_status_that_closes() {
    let bench = bench();
    let retired = bench.closing().await.expect("the sample's board has one").id;
    let world = bench.carrier.psa().world();
    world.lock().edit(Kind::BoardStatus, retired, |status| {
        status.insert("inactive".into(), json!(true));
    });
    assert_eq!(bench.closing().await, None, "one that is retired is none");
    bench.edit_all(Kind::BoardStatus, |status| {
        status.insert("closedStatus".into(), json!(false));
    });
    assert_eq!(bench.closing().await, None);

    // A status of another board is refused, with the PSA's reason.
    let ticket = bench.created().await;
    let others = bench.psa.board_statuses(2).await.expect("they can be read");
    let change = TicketChange { status: Some(others[0].id), ..TicketChange::default() };
    let written = bench.psa.change_ticket(&ticket, &change).await;
    let Ok(Write::Rejected(Rejection::Refused { fields, .. })) = written else { panic!("{written:?}") };
    assert_eq!(fields, ["status"]);
    // So is a board that is gone.
    world.lock().remove(Kind::Board, BOARD);
    let written = bench.create().await;
    let Ok(Write::Rejected(Rejection::Refused { words, .. })) = written else { panic!("{written:?}") };
    assert!(words.contains("board"), "{words}");
    assert_eq!(bench.psa.board_statuses(BOARD).await, Err(PsaError::NotFound));
}

#[tokio::test]
async fn without_the_right_there_is_no_ticket() {
    let bench = bench();
    let ticket = bench.created().await;
    let world = bench.carrier.psa().world();
    let set = |level| {
        let mut world = world.lock();
        let member = world.member_mut("ConnectActive").expect("it is the integrator");
        let right =
            member.role.right_mut("Service Desk", "Service Tickets").expect("the role has a line for it");
        (right.add, right.edit, right.inquire) = (level, level, level);
    };
    set(Level::None);
    assert_eq!(bench.create().await, Err(PsaError::Forbidden));
    assert_eq!(bench.psa.ticket(bench.company, ticket.id).await, Err(PsaError::Forbidden));
    assert_eq!(bench.psa.add_ticket_note(&ticket, "Settled.").await, Err(PsaError::Forbidden));
    let found = bench.psa.ticket_by_reference(bench.company, BOARD, &bench.reference).await;
    assert_eq!(found, Err(PsaError::Forbidden));
    // The boards are a setup table, which anybody may read.
    assert!(bench.psa.boards().await.is_ok());
}
