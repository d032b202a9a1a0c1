//! Communication items: within their contact, and as `/company/contacts/{id}/communications`.

use serde_json::{Value, json};

use super::body::{absorb, broken_rules};
use super::call::Call;
use super::collection::{count_of, found, list_of, replace};
use super::patch;
use super::present::present;
use super::reply::{Answer, FieldError, Refusal, Reply};
use crate::schema::{COMMUNICATION, Kind, Record};
use crate::world::{World, items};

/// The kind of a communication type: its flag and its word.
const KINDS: [(&str, &str); 3] = [("emailFlag", "Email"), ("phoneFlag", "Phone"), ("faxFlag", "Fax")];

/// Complete the items of a contact: ids, types, kinds, domains, one default per kind.
pub(super) fn settle(world: &mut World, old: Option<&Record>, contact: &mut Record) -> Vec<FieldError> {
    let Some(Value::Array(mut list)) = contact.remove("communicationItems") else {
        return Vec::new();
    };
    let mut errors = Vec::new();
    for item in &mut list {
        errors.extend(settle_item(world, item));
    }
    let was_default = |item: &Value| {
        let before = old.map_or(&[][..], items);
        before.iter().any(|old| old["id"] == item["id"] && old["defaultFlag"] == true)
    };
    for (_, kind) in KINDS {
        let of_kind = || list.iter().enumerate().filter(|(_, item)| item["communicationType"] == kind);
        let flagged = || of_kind().filter(|(_, item)| item["defaultFlag"] == true);
        // A new default takes the place of the old one; without any, the first item is it.
        let default = flagged()
            .find(|(_, item)| !was_default(item))
            .or_else(|| flagged().next())
            .or_else(|| of_kind().next())
            .map(|(index, _)| index);
        for (index, item) in list.iter_mut().enumerate() {
            if item["communicationType"] == kind {
                item["defaultFlag"] = (Some(index) == default).into();
            }
        }
    }
    contact.insert("communicationItems".into(), list.into());
    errors
}

fn settle_item(world: &mut World, item: &mut Value) -> Vec<FieldError> {
    let Some(given) = item.as_object() else {
        let message = "A communication item must be an object.".to_owned();
        return vec![FieldError::invalid("communicationItems", message)];
    };
    let mut record = Record::new();
    if let Err(refusal) = absorb(world, &COMMUNICATION, &mut record, given) {
        return refusal.errors;
    }
    let mut errors = broken_rules(&COMMUNICATION, &record, |field| field.limit);
    let type_row = record
        .get("type")
        .and_then(|reference| reference["id"].as_i64())
        .and_then(|id| world.record(Kind::CommunicationType, id));
    if let Some(type_row) = type_row {
        let kinds: Vec<&str> = KINDS
            .iter()
            .filter(|(flag, _)| type_row.get(*flag) == Some(&json!(true)))
            .map(|(_, kind)| *kind)
            .collect();
        let wanted = record.get("communicationType").and_then(Value::as_str);
        match (wanted, kinds.first()) {
            (Some(wanted), _) if !kinds.contains(&wanted) => {
                let message = format!("The communicationType {wanted} does not agree with the type.");
                errors.push(FieldError::invalid("communicationType", message));
            }
            (None, Some(kind)) => {
                record.insert("communicationType".into(), json!(kind));
            }
            _ => {}
        }
    }
    let value = record.get("value").and_then(Value::as_str).unwrap_or_default();
    let email = record.get("communicationType") == Some(&json!("Email"));
    if let Some((_, domain)) = value.rsplit_once('@').filter(|_| email) {
        record.insert("domain".into(), format!("@{domain}").into());
    }
    let id = given.get("id").and_then(Value::as_i64);
    let id = id.unwrap_or_else(|| world.tables.next_item_id());
    record.insert("id".into(), id.into());
    record.entry("defaultFlag").or_insert(json!(false));
    *item = Value::Object(record);
    errors
}

/// The contact of the path, as collections find it.
fn contact<'a>(world: &'a World, call: &Call) -> Result<&'a Record, Refusal> {
    let parent = Call {
        ids: vec![call.parent()],
        query: Vec::new(),
        forward_only: false,
        body: Value::Null,
        member: call.member.clone(),
        reach: call.reach,
        path: String::new(),
    };
    found(world, &parent, Kind::Contact)
}

fn rows(contact: &Record) -> Vec<Record> {
    let row = |item: &Value| {
        let mut row = item.as_object().cloned().unwrap_or_default();
        row.insert("contactId".into(), contact.get("id").cloned().unwrap_or_default());
        if let Some(info) = contact.get("_info") {
            row.insert("_info".into(), info.clone());
        }
        row
    };
    items(contact).iter().map(row).collect()
}

fn place(contact: &Record, id: i64) -> Result<usize, Refusal> {
    items(contact)
        .iter()
        .position(|item| item["id"] == id)
        .ok_or_else(|| Refusal::no_record(COMMUNICATION.title, id))
}

pub(super) fn list(world: &World, call: &Call) -> Answer {
    let rows = rows(contact(world, call)?);
    list_of(world, call, &COMMUNICATION, rows.iter())
}

pub(super) fn count(world: &World, call: &Call) -> Answer {
    let rows = rows(contact(world, call)?);
    count_of(world, call, &COMMUNICATION, rows.iter())
}

pub(super) fn read(world: &World, call: &Call) -> Answer {
    let contact = contact(world, call)?;
    let at = place(contact, call.id())?;
    Ok(Reply::ok(present(world, &COMMUNICATION, &rows(contact)[at], &[])))
}

pub(super) fn create(world: &mut World, call: &Call) -> Answer {
    let contact = contact(world, call)?.clone();
    let mut item = Record::new();
    absorb(world, &COMMUNICATION, &mut item, call.object()?)?;
    let at = items(&contact).len();
    save(world, call, &contact, at, item).map(|mut reply| {
        reply.status = 201;
        reply
    })
}

pub(super) fn patch(world: &mut World, call: &Call) -> Answer {
    let contact = contact(world, call)?.clone();
    let at = place(&contact, call.id())?;
    let mut item = items(&contact)[at].as_object().cloned().unwrap_or_default();
    patch::apply(world, &COMMUNICATION, &mut item, &call.body)?;
    save(world, call, &contact, at, item)
}

pub(super) fn put(world: &mut World, call: &Call) -> Answer {
    let contact = contact(world, call)?.clone();
    let at = place(&contact, call.id())?;
    let mut item = Record::new();
    item.insert("id".into(), call.id().into());
    absorb(world, &COMMUNICATION, &mut item, call.object()?)?;
    save(world, call, &contact, at, item)
}

pub(super) fn delete(world: &mut World, call: &Call) -> Answer {
    let old = contact(world, call)?.clone();
    let at = place(&old, call.id())?;
    let mut record = old.clone();
    if let Some(Value::Array(items)) = record.get_mut("communicationItems") {
        items.remove(at);
    }
    replace(world, call, Kind::Contact, &old, record)?;
    Ok(Reply::nothing())
}

/// Store the contact with this item at its place, and answer the item.
fn save(world: &mut World, call: &Call, old: &Record, at: usize, item: Record) -> Answer {
    let mut record = old.clone();
    let list = record.entry("communicationItems").or_insert_with(|| json!([]));
    if let Value::Array(items) = list {
        items.truncate(items.len().max(at));
        if at < items.len() {
            items[at] = Value::Object(item);
        } else {
            items.push(Value::Object(item));
        }
    }
    replace(world, call, Kind::Contact, old, record)?;
    let stored = contact(world, call)?;
    Ok(Reply::ok(present(world, &COMMUNICATION, &rows(stored)[at], &[])))
}
