//! What holds for a whole record whenever it is written. POST, PUT and PATCH all end here, so
//! a PATCH of one field also meets what was already wrong with the others.

use serde_json::{Value, json};

use super::body::{broken_rules, default_of};
use super::call::Call;
use super::reply::{FieldError, Refusal};
use super::{callback, contact, finance, ticket, types};
use crate::clock;
use crate::schema::{Access, Field, Kind, Record, Shape};
use crate::world::World;

/// Fill in what the caller left out, and refuse what breaks a rule. `old` is the record as it
/// was stored; none for a new one.
pub(super) fn settle(
    world: &mut World,
    call: &Call,
    kind: Kind,
    old: Option<&Record>,
    record: &mut Record,
) -> Result<(), Refusal> {
    let schema = kind.schema();
    for field in schema.fields {
        let value = default_of(field);
        if !value.is_null() && field.access != Access::Secret && !record.contains_key(field.name) {
            record.insert(field.name.into(), value);
        }
    }
    let mut errors = match kind {
        Kind::Company => company(world, old, record),
        Kind::Contact => contact::settle(world, old, record)?,
        Kind::Note => note(world, call, old, record),
        Kind::NoteType => {
            note_type(record);
            Vec::new()
        }
        Kind::CommunicationType => communication_type(record),
        Kind::HostedSetup => hosted_setup(world, call, old, record),
        Kind::Agreement => finance::agreement(record),
        Kind::Addition => finance::addition(world, record),
        Kind::Ticket => ticket::settle(world, call, old, record),
        Kind::TicketNote => {
            ticket::note(call, record);
            Vec::new()
        }
        Kind::TypeAssociation => types::settle(world, record),
        Kind::Callback => callback::settle(world, call, record),
        _ => Vec::new(),
    };
    if kind.is_setup_table() {
        errors.extend(taken_name(world, kind, record));
    }
    let switches = &world.switches;
    let limit_of = |field: &Field| match (kind, field.name) {
        (Kind::Contact, "firstName" | "lastName") => Some(switches.name_limit),
        (Kind::Contact, "title") => Some(switches.title_limit),
        (Kind::Note, "text") => switches.note_limit,
        _ => field.limit,
    };
    errors.extend(broken_rules(schema, record, limit_of));
    if errors.is_empty() { Ok(()) } else { Err(Refusal::object(schema.resource, errors)) }
}

/// What the writing of a record brings with it. `old` is as in [`settle`].
pub(super) fn after(world: &mut World, call: &Call, kind: Kind, old: Option<&Record>, id: i64) {
    match kind {
        Kind::Company => {
            let without_site =
                world.record(Kind::Company, id).is_some_and(|company| !company.contains_key("site"));
            if without_site {
                world.add_main_site(id, &call.member.identifier);
            }
        }
        Kind::Contact => {
            contact::after(world, id);
            types::follow(world, id, &call.member.identifier);
        }
        Kind::TypeAssociation => types::made(world, id, &call.member.identifier),
        Kind::Ticket => ticket::after(world, call, old, id),
        Kind::TicketNote => ticket::after_note(world, call, old, id),
        _ => {}
    }
}

fn text<'a>(record: &'a Record, field: &str) -> &'a str {
    record.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn company(world: &World, old: Option<&Record>, record: &mut Record) -> Vec<FieldError> {
    if !record.contains_key("status")
        && let Some(active) = world.reference(Kind::CompanyStatus, 1)
    {
        record.insert("status".into(), active);
    }
    let mut errors = Vec::new();
    for field in ["yearEstablished", "revenueYear"] {
        let year = record.get(field).and_then(Value::as_i64);
        if year.is_some_and(|year| !(1900..=9999).contains(&year)) {
            let message = format!("The field {field} must be between 1900 and 9999.");
            errors.push(FieldError::new("OutOfRange", field, message));
        }
    }
    let own = old.and_then(|old| old.get("id")).and_then(Value::as_i64);
    let taken = world.company_id(text(record, "identifier")).is_some_and(|id| Some(id) != own);
    if taken {
        let message = "A matching company entry already exists".to_owned();
        errors.push(FieldError::new("ObjectExists", "identifier", message));
    }
    errors
}

fn note(world: &World, call: &Call, old: Option<&Record>, record: &mut Record) -> Vec<FieldError> {
    if world.switches.fold_note_whitespace {
        let folded = fold(text(record, "text"));
        record.insert("text".into(), folded.into());
    }
    if !record.contains_key("type")
        && let Some(comments) = world.reference(Kind::NoteType, 1)
    {
        record.insert("type".into(), comments);
    }
    let entered = old.and_then(|old| old.get("enteredBy")).cloned();
    let entered = entered.unwrap_or_else(|| call.member.identifier.clone().into());
    record.insert("enteredBy".into(), entered);
    Vec::new()
}

/// Each run of line breaks and tabs is one space ("Not Supported" in the Developer Guide's
/// table of escapes).
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut within = false;
    for character in text.chars() {
        let control = matches!(character, '\n' | '\r' | '\t' | '\u{8}' | '\u{c}');
        if !control {
            folded.push(character);
        } else if !within {
            folded.push(' ');
        }
        within = control;
    }
    folded
}

fn note_type(record: &mut Record) {
    if !record.contains_key("identifier") {
        let identifier: String = text(record, "name").chars().take(15).collect();
        record.insert("identifier".into(), identifier.into());
    }
}

/// A setup table takes each name once. Public sources show this refusal for other records only,
/// so that it holds here is a guess.
fn taken_name(world: &World, kind: Kind, record: &Record) -> Option<FieldError> {
    let field = kind.name_field();
    let (own, name) = (record.get("id"), text(record, field));
    let taken = world
        .records(kind)
        .any(|other| other.get("id") != own && text(other, field).eq_ignore_ascii_case(name));
    let message = || format!("A matching {} entry already exists", kind.schema().resource);
    taken.then(|| FieldError::new("ObjectExists", field, message()))
}

fn communication_type(record: &Record) -> Vec<FieldError> {
    let any = ["phoneFlag", "faxFlag", "emailFlag"]
        .iter()
        .any(|flag| record.get(*flag) == Some(&Value::Bool(true)));
    if any {
        return Vec::new();
    }
    let message = "At least one flag is required to be true -- phone, fax, or email.".to_owned();
    vec![FieldError::invalid("phoneFlag", message)]
}

fn hosted_setup(world: &World, call: &Call, old: Option<&Record>, record: &mut Record) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let screen = record.get("screenId").and_then(Value::as_i64);
    if screen.is_some_and(|id| world.record(Kind::HostedScreen, id).is_none()) {
        let message = "The screenId does not exist.".to_owned();
        errors.push(FieldError::invalid("screenId", message));
    }
    if text(record, "type") == "ToolbarButton" && text(record, "toolbarButtonText").is_empty() {
        errors.push(FieldError::required("toolbarButtonText"));
    }
    if url::Url::parse(text(record, "url")).is_err() && record.contains_key("url") {
        errors.push(FieldError::invalid("url", "Invalid URL".into()));
    }
    if old.is_none() {
        // "Only required if not already set" (API description 2025.16): the caller's own is set.
        let client_id = || world.client_id.clone().into();
        record.entry("clientId").or_insert_with(client_id);
        record.insert("createdBy".into(), json!(call.member.identifier));
        record.insert("dateCreated".into(), json!(clock::stamp()));
    }
    errors
}

/// Whether a field is an array whose elements have fields.
pub(super) fn is_items(field: &Field) -> bool {
    matches!(field.shape, Shape::Items(_))
}
