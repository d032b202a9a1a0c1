//! What holds for tickets: the defaults of their board, and whether they are closed.

use serde_json::{Value, json};

use super::call::Call;
use super::reply::FieldError;
use crate::clock;
use crate::schema::{Kind, Record};
use crate::world::{World, owner, parent, reference_id};

fn default_row(world: &World, kind: Kind, fits: impl Fn(&Record) -> bool) -> Option<Value> {
    let row =
        world.records(kind).filter(|row| fits(row)).find(|row| row.get("defaultFlag") == Some(&json!(true)));
    row.and_then(|row| row.get("id")?.as_i64()).and_then(|id| world.reference(kind, id))
}

/// Fill in the board, its first status, priority, source and site; follow the status.
pub(super) fn settle(world: &World, old: Option<&Record>, record: &mut Record) -> Vec<FieldError> {
    if !record.contains_key("board") {
        let first = world.records(Kind::Board).next().and_then(|board| board.get("id")?.as_i64());
        if let Some(board) = first.and_then(|id| world.reference(Kind::Board, id)) {
            record.insert("board".into(), board);
        }
    }
    let board = reference_id(record, "board");
    let of_board = |status: &Record| parent(Kind::BoardStatus, status) == board;
    let defaults = [
        ("status", default_row(world, Kind::BoardStatus, of_board)),
        ("priority", default_row(world, Kind::Priority, |_| true)),
        ("source", default_row(world, Kind::Source, |_| true)),
        ("recordType", Some(json!("ServiceTicket"))),
        ("severity", Some(json!("Medium"))),
        ("impact", Some(json!("Medium"))),
    ];
    for (field, value) in defaults {
        if let Some(value) = value {
            record.entry(field).or_insert(value);
        }
    }
    let mut errors = Vec::new();
    let status = reference_id(record, "status").and_then(|id| world.record(Kind::BoardStatus, id));
    if status.is_some_and(|status| !of_board(status)) {
        errors.push(FieldError::invalid("status", "The status does not belong to the board.".into()));
    }
    let contact = reference_id(record, "contact").and_then(|id| world.record(Kind::Contact, id));
    if contact.is_some_and(|contact| owner(Kind::Contact, contact) != reference_id(record, "company")) {
        errors.push(FieldError::invalid("contact", "The contact does not belong to the company.".into()));
    }
    let closed = status.is_some_and(|status| status.get("closedStatus") == Some(&json!(true)));
    let was_closed = old.is_some_and(|old| old.get("closedFlag") == Some(&json!(true)));
    record.insert("closedFlag".into(), closed.into());
    match (was_closed, closed) {
        (false, true) => record.insert("closedDate".into(), clock::stamp().into()),
        (_, false) => record.remove("closedDate"),
        _ => None,
    };
    errors
}

/// Who wrote a note, and who sees it: what is not internal is for the customer as well.
pub(super) fn note(call: &Call, record: &mut Record) {
    let is = |record: &Record, flag: &str| record.get(flag) == Some(&json!(true));
    let of_a_kind = ["detailDescriptionFlag", "internalAnalysisFlag", "resolutionFlag"];
    if !of_a_kind.iter().any(|flag| is(record, flag)) {
        record.insert("detailDescriptionFlag".into(), json!(true));
    }
    let internal = is(record, "internalAnalysisFlag");
    let external = is(record, "detailDescriptionFlag") || is(record, "resolutionFlag");
    record.insert("internalFlag".into(), internal.into());
    record.insert("externalFlag".into(), external.into());
    record.entry("createdBy").or_insert_with(|| call.member.identifier.clone().into());
    record.entry("dateCreated").or_insert_with(|| clock::stamp().into());
    record.remove("processNotifications");
}

/// The two texts of the beginning become the ticket's first notes.
pub(super) fn after(world: &mut World, call: &Call, id: i64) {
    for (text, flag) in
        [("initialDescription", "detailDescriptionFlag"), ("initialInternalAnalysis", "internalAnalysisFlag")]
    {
        let given = world.tables.get_mut(Kind::Ticket, id).and_then(|ticket| ticket.remove(text));
        let Some(given) = given else { continue };
        let mut record = Record::new();
        record.extend([("ticketId".into(), id.into()), ("text".into(), given), (flag.into(), json!(true))]);
        note(call, &mut record);
        let note = world.tables.next_id(Kind::TicketNote);
        world.store(Kind::TicketNote, note, record, &call.member.identifier);
    }
}
