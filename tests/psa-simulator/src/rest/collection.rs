//! The verbs on collections, alike for every kind of record.

use serde_json::Value;

use super::body::{absorb, default_of};
use super::call::Call;
use super::patch;
use super::present::present;
use super::reply::{Answer, Refusal, Reply};
use super::rules;
use crate::schema::{Access, Kind, Record, Schema, Shape};
use crate::world::{World, above, parent, parent_field};

/// GET of a collection.
pub(super) fn list(world: &World, call: &Call, kind: Kind) -> Answer {
    list_of(world, call, kind.schema(), visible(world, call, kind)?)
}

/// The rows of a collection that the caller may see, below the company in the path if there is one.
fn visible<'a>(
    world: &'a World,
    call: &'a Call,
    kind: Kind,
) -> Result<impl Iterator<Item = &'a Record>, Refusal> {
    let owned = owned_by_path(world, call, kind)?;
    let company = call.query(world, kind.schema())?.company();
    let all = company.is_none().then(|| world.records(kind));
    let around = company.map(|company| world.tables.around(kind, company));
    let rows = all.into_iter().flatten().chain(around.into_iter().flatten());
    Ok(rows.filter(move |record| {
        in_reach(world, call, kind, record) && owned.is_none_or(|above| parent(kind, record) == Some(above))
    }))
}

/// GET of rows from anywhere.
pub(super) fn list_of<'a>(
    world: &World,
    call: &Call,
    schema: &Schema,
    rows: impl Iterator<Item = &'a Record>,
) -> Answer {
    let query = call.query(world, schema)?;
    let (rows, link) = query.page(rows, &world.place.href(&call.path));
    let shown: Vec<Value> =
        rows.into_iter().map(|record| present(world, schema, record, &query.fields)).collect();
    let mut reply = Reply::ok(shown);
    reply.headers.extend(link.map(|link| ("Link", link)));
    Ok(reply)
}

/// GET of `/count`.
pub(super) fn count(world: &World, call: &Call, kind: Kind) -> Answer {
    count_of(world, call, kind.schema(), visible(world, call, kind)?)
}

pub(super) fn count_of<'a>(
    world: &World,
    call: &Call,
    schema: &Schema,
    rows: impl Iterator<Item = &'a Record>,
) -> Answer {
    let query = call.query(world, schema)?;
    let count = rows.filter(|record| query.matches(record)).count();
    Ok(Reply::ok(serde_json::json!({ "count": count })))
}

/// GET of one record.
pub(super) fn read(world: &World, call: &Call, kind: Kind) -> Answer {
    let record = found(world, call, kind)?;
    let query = call.query(world, kind.schema())?;
    Ok(Reply::ok(present(world, kind.schema(), record, &query.fields)))
}

/// POST: the record is answered with 201.
pub(super) fn create(world: &mut World, call: &Call, kind: Kind) -> Answer {
    let schema = kind.schema();
    let mut record = Record::new();
    absorb(world, schema, &mut record, call.object()?)?;
    if let (Some(id), Some(holder)) = (owned_by_path(world, call, kind)?, above(kind)) {
        let field = parent_field(kind);
        let by_id = field.ends_with("Id");
        let value = if by_id { id.into() } else { world.reference(holder, id).unwrap_or_default() };
        record.insert(field.into(), value);
    }
    rules::settle(world, call, kind, None, &mut record)?;
    if !in_reach(world, call, kind, &record) && world.company_of(kind, &record).is_some() {
        return Err(Refusal::forbidden());
    }
    let id = world.tables.next_id(kind);
    world.store(kind, id, record, &call.member.identifier);
    rules::after(world, call, kind, None, id);
    stored(world, kind, id, 201)
}

/// PATCH: an array of operations, all of them or none.
pub(super) fn patch(world: &mut World, call: &Call, kind: Kind) -> Answer {
    let old = found(world, call, kind)?.clone();
    let mut record = old.clone();
    patch::apply(world, kind.schema(), &mut record, &call.body)?;
    replace(world, call, kind, &old, record)
}

/// PUT: what the body leaves out goes back to its default.
pub(super) fn put(world: &mut World, call: &Call, kind: Kind) -> Answer {
    let old = found(world, call, kind)?.clone();
    let body = call.object()?;
    if kind == Kind::Contact && body.contains_key("communicationItems") {
        let message = "Cannot have communication items when the contact already exists.";
        let error = super::reply::FieldError::invalid("communicationItems", message.into());
        return Err(Refusal::object("contact", vec![error]));
    }
    let mut record = Record::new();
    for field in kind.schema().fields {
        let kept = field.access == Access::Computed || matches!(field.shape, Shape::Items(_));
        let value = match old.get(field.name) {
            Some(value) if kept => value.clone(),
            _ => default_of(field),
        };
        if !value.is_null() && field.access != Access::Secret {
            record.insert(field.name.into(), value);
        }
    }
    let custom_fields = record.get("customFields").cloned();
    absorb(world, kind.schema(), &mut record, body)?;
    if let Some(custom_fields) = custom_fields {
        record.insert("customFields".into(), custom_fields);
    }
    replace(world, call, kind, &old, record)
}

/// DELETE.
pub(super) fn delete(world: &mut World, call: &Call, kind: Kind) -> Answer {
    found(world, call, kind)?;
    world.take(kind, call.id(), &call.member.identifier);
    Ok(Reply::nothing())
}

/// Store what PATCH or PUT made of a record, if its rules allow it.
pub(super) fn replace(
    world: &mut World,
    call: &Call,
    kind: Kind,
    old: &Record,
    mut record: Record,
) -> Answer {
    rules::settle(world, call, kind, Some(old), &mut record)?;
    if !in_reach(world, call, kind, &record) {
        return Err(Refusal::forbidden());
    }
    let id = old.get("id").and_then(Value::as_i64).unwrap_or_default();
    world.store(kind, id, record, &call.member.identifier);
    rules::after(world, call, kind, Some(old), id);
    stored(world, kind, id, 200)
}

/// The record that the path names: 404 when it is not there (or not below this parent), 403
/// when the member may not reach it.
pub(super) fn found<'a>(world: &'a World, call: &Call, kind: Kind) -> Result<&'a Record, Refusal> {
    let owned = owned_by_path(world, call, kind)?;
    let id = call.id();
    let record = world
        .record(kind, id)
        .filter(|record| owned.is_none_or(|above| parent(kind, record) == Some(above)))
        .ok_or_else(|| Refusal::no_record(kind.schema().title, id))?;
    if in_reach(world, call, kind, record) { Ok(record) } else { Err(Refusal::forbidden()) }
}

fn stored(world: &World, kind: Kind, id: i64, status: u16) -> Answer {
    let record = world.record(kind, id).ok_or_else(|| Refusal::no_record(kind.schema().title, id))?;
    let shown = present(world, kind.schema(), record, &[]);
    Ok(Reply::with(status, shown))
}

/// What a path like `/company/companies/{id}/notes` is below, which must exist and be visible. The
/// types of contacts have a path below their contact and one below nothing.
fn owned_by_path(world: &World, call: &Call, kind: Kind) -> Result<Option<i64>, Refusal> {
    let everywhere = Kind::TypeAssociation.schema().path;
    let Some(above) = above(kind).filter(|_| !call.path.to_ascii_lowercase().starts_with(everywhere)) else {
        return Ok(None);
    };
    let id = call.parent();
    let record = world.record(above, id).ok_or_else(|| Refusal::no_record(above.schema().title, id))?;
    if world.company_of(above, record).is_some_and(|company| call.member.hidden.contains(&company)) {
        return Err(Refusal::forbidden());
    }
    Ok(Some(id))
}

fn in_reach(world: &World, call: &Call, kind: Kind, record: &Record) -> bool {
    let everybodys = !matches!(kind, Kind::Company | Kind::Contact | Kind::Agreement | Kind::Ticket)
        && matches!(above(kind), None | Some(Kind::Board));
    everybodys || call.reaches(world.company_of(kind, record))
}
