//! Which types a contact has: a row for each in `/company/contacts/{id}/typeAssociations` and in
//! `/company/contactTypeAssociations`. The rows follow the contact's own list.

use serde_json::Value;

use super::call::Call;
use super::collection::found;
use super::reply::{Answer, FieldError, Reply};
use crate::schema::{Kind, Record};
use crate::world::{World, reference_id};

fn types(contact: &Record) -> Vec<i64> {
    let types = contact.get("types").and_then(Value::as_array).into_iter().flatten();
    types.filter_map(|chosen| chosen["id"].as_i64()).collect()
}

/// Let the rows be those of the contact's list.
pub(super) fn follow(world: &mut World, contact: i64, by: &str) {
    let wanted = world.record(Kind::Contact, contact).map(types).unwrap_or_default();
    let rows: Vec<(i64, Option<i64>)> = world
        .records(Kind::TypeAssociation)
        .filter(|row| reference_id(row, "contact") == Some(contact))
        .filter_map(|row| Some((row.get("id")?.as_i64()?, reference_id(row, "type"))))
        .collect();
    for (row, _) in rows.iter().filter(|(_, chosen)| chosen.is_none_or(|chosen| !wanted.contains(&chosen))) {
        world.remove(Kind::TypeAssociation, *row);
    }
    for chosen in wanted.into_iter().filter(|chosen| !rows.iter().any(|(_, own)| own == &Some(*chosen))) {
        let mut row = Record::new();
        row.insert("contact".into(), world.reference(Kind::Contact, contact).unwrap_or_default());
        row.insert("type".into(), world.reference(Kind::ContactType, chosen).unwrap_or_default());
        let id = world.tables.next_id(Kind::TypeAssociation);
        world.store(Kind::TypeAssociation, id, row, by);
    }
}

/// A contact has each type once.
pub(super) fn settle(world: &World, record: &Record) -> Vec<FieldError> {
    let key = |row: &Record| (reference_id(row, "contact"), reference_id(row, "type"));
    let own = record.get("id");
    let taken =
        world.records(Kind::TypeAssociation).any(|other| other.get("id") != own && key(other) == key(record));
    let message = || "A matching contactTypeAssociation entry already exists".to_owned();
    if taken { vec![FieldError::new("ObjectExists", "type", message())] } else { Vec::new() }
}

/// The list of a contact follows a row that was made or changed.
pub(super) fn made(world: &mut World, id: i64, by: &str) {
    let Some(row) = world.record(Kind::TypeAssociation, id) else { return };
    let Some(contact) = reference_id(row, "contact") else { return };
    set(world, contact, by);
}

/// DELETE of a row.
pub(super) fn delete(world: &mut World, call: &Call) -> Answer {
    let contact = reference_id(found(world, call, Kind::TypeAssociation)?, "contact");
    world.remove(Kind::TypeAssociation, call.id());
    if let Some(contact) = contact {
        set(world, contact, &call.member.identifier);
    }
    Ok(Reply::nothing())
}

fn set(world: &mut World, contact: i64, by: &str) {
    let chosen: Vec<Value> = world
        .records(Kind::TypeAssociation)
        .filter(|row| reference_id(row, "contact") == Some(contact))
        .filter_map(|row| world.reference(Kind::ContactType, reference_id(row, "type")?))
        .collect();
    if let Some(mut record) = world.record(Kind::Contact, contact).cloned() {
        record.insert("types".into(), chosen.into());
        world.store(Kind::Contact, contact, record, by);
    }
}
