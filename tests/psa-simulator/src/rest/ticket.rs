//! What holds for tickets: the defaults of their board, whether they are closed, and who is mailed.

use serde_json::{Value, json};

use super::call::Call;
use super::reply::FieldError;
use crate::clock;
use crate::schema::{Kind, Record};
use crate::world::{Mail, Occasion, Recipient, World, owner, parent, reference_id};

/// Who is mailed by a ticket, and the flag of its board that says so where the ticket's own is not said.
const MAILED: [(Recipient, &str, &str); 3] = [
    (Recipient::Contact, "automaticEmailContactFlag", "sendToContactFlag"),
    (Recipient::Resources, "automaticEmailResourceFlag", "sendToResourceFlag"),
    (Recipient::Copies, "automaticEmailCcFlag", "sendToCCFlag"),
];

fn is_on(record: &Record, flag: &str) -> bool {
    record.get(flag) == Some(&json!(true))
}

fn default_row(world: &World, kind: Kind, fits: impl Fn(&Record) -> bool) -> Option<Value> {
    let row =
        world.records(kind).filter(|row| fits(row)).find(|row| row.get("defaultFlag") == Some(&json!(true)));
    row.and_then(|row| row.get("id")?.as_i64()).and_then(|id| world.reference(kind, id))
}

/// Fill in the board, its first status, priority, source and site; follow the status.
pub(super) fn settle(
    world: &World,
    call: &Call,
    old: Option<&Record>,
    record: &mut Record,
) -> Vec<FieldError> {
    if !record.contains_key("board") {
        let first = world.records(Kind::Board).next().and_then(|board| board.get("id")?.as_i64());
        if let Some(board) = first.and_then(|id| world.reference(Kind::Board, id)) {
            record.insert("board".into(), board);
        }
    }
    record.remove("processNotifications");
    let board = reference_id(record, "board");
    if let Some(board) = board.and_then(|id| world.record(Kind::Board, id)).filter(|_| old.is_none()) {
        for (_, own, of_board) in MAILED.iter().filter(|(_, own, _)| call.body[own].is_null()) {
            record.insert((*own).into(), is_on(board, of_board).into());
        }
    }
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
    let closed = status.is_some_and(|status| is_on(status, "closedStatus"));
    let was_closed = old.is_some_and(|old| is_on(old, "closedFlag"));
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
    let of_a_kind = ["detailDescriptionFlag", "internalAnalysisFlag", "resolutionFlag"];
    if !of_a_kind.iter().any(|flag| is_on(record, flag)) {
        record.insert("detailDescriptionFlag".into(), json!(true));
    }
    let internal = is_on(record, "internalAnalysisFlag");
    let external = is_on(record, "detailDescriptionFlag") || is_on(record, "resolutionFlag");
    record.insert("internalFlag".into(), internal.into());
    record.insert("externalFlag".into(), external.into());
    record.entry("createdBy").or_insert_with(|| call.member.identifier.clone().into());
    record.entry("dateCreated").or_insert_with(|| clock::stamp().into());
    record.remove("processNotifications");
}

/// The two texts of the beginning become the ticket's first notes; whoever is to hear of it is mailed.
pub(super) fn after(world: &mut World, call: &Call, old: Option<&Record>, id: i64) {
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
    let Some(ticket) = world.record(Kind::Ticket, id).cloned() else { return };
    let status = reference_id(&ticket, "status");
    match old {
        None => mail(world, call, &ticket, Occasion::Created, |to| is_asked_for(&ticket, to)),
        Some(old) if reference_id(old, "status") != status => {
            let status = status.and_then(|id| world.record(Kind::BoardStatus, id));
            let has_template = status.is_some_and(|status| status.contains_key("emailTemplate"));
            mail(world, call, &ticket, Occasion::Status, |to| has_template && to != Recipient::Copies);
        }
        Some(_) => {}
    }
}

/// Mails about a note that was made.
pub(super) fn after_note(world: &mut World, call: &Call, old: Option<&Record>, id: i64) {
    let Some(note) = world.record(Kind::TicketNote, id).filter(|_| old.is_none()) else { return };
    let external = is_on(note, "externalFlag");
    let ticket = parent(Kind::TicketNote, note).and_then(|id| world.record(Kind::Ticket, id)).cloned();
    let Some(ticket) = ticket else { return };
    mail(world, call, &ticket, Occasion::Note, |to| {
        is_asked_for(&ticket, to) && (external || to == Recipient::Resources)
    });
}

fn is_asked_for(ticket: &Record, to: Recipient) -> bool {
    MAILED.iter().any(|(recipient, flag, _)| *recipient == to && is_on(ticket, flag))
}

/// Nobody tried what a real PSA mails; here it is as much as its description leaves possible, unless
/// the call says otherwise.
fn mail(world: &mut World, call: &Call, ticket: &Record, occasion: Occasion, to: impl Fn(Recipient) -> bool) {
    if is_silent(call) {
        return;
    }
    let there = |recipient: Recipient| match recipient {
        Recipient::Contact => ticket.contains_key("contact"),
        Recipient::Resources => true,
        Recipient::Copies => ticket.contains_key("automaticEmailCc"),
    };
    let Some(id) = ticket.get("id").and_then(Value::as_i64) else { return };
    let mails = MAILED.iter().map(|(recipient, ..)| *recipient).filter(|one| to(*one) && there(*one));
    world.mails.extend(mails.map(|to| Mail { ticket: id, to, occasion }));
}

/// Whether the call turns notifications off (API description 2025.16, `processNotifications`).
fn is_silent(call: &Call) -> bool {
    const NAME: &str = "processNotifications";
    let is_off = |operation: &Value| {
        let path = operation["path"].as_str().unwrap_or_default();
        path.trim_start_matches('/') == NAME && operation["value"] == false
    };
    match &call.body {
        Value::Array(operations) => operations.iter().any(is_off),
        body => body[NAME] == false,
    }
}
