//! What a caller may write: shapes, references and dates, field by field.

use serde_json::{Value, json};

use super::reply::{FieldError, Refusal};
use crate::query::whole_seconds;
use crate::schema::{Access, Field, Kind, Record, Schema, Shape};
use crate::world::World;

/// Take the writable fields of a body over into a record. Unknown fields are ignored, as the
/// PSA does; null takes a field away.
pub(super) fn absorb(
    world: &World,
    schema: &Schema,
    record: &mut Record,
    body: &Record,
) -> Result<(), Refusal> {
    let mut errors = Vec::new();
    for field in schema.fields.iter().filter(|field| field.access != Access::Computed) {
        let Some(value) = body.get(field.name) else {
            continue;
        };
        match shaped(world, field, value) {
            Ok(Value::Null) => {
                record.remove(field.name);
            }
            Ok(value) => {
                record.insert(field.name.into(), value);
            }
            Err(Mismatch::Date) => return Err(unsupported_format(field.name)),
            Err(Mismatch::Type(wanted)) => {
                let message = format!("The {} field must be {wanted}.", field.name);
                errors.push(FieldError::invalid(field.name, message));
            }
            Err(Mismatch::NoRecord(message)) => {
                errors.push(FieldError::invalid(field.name, message));
            }
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Refusal::object(schema.resource, errors)) }
}

pub(super) fn unsupported_format(field: &str) -> Refusal {
    Refusal::new(400, "InvalidObject", format!("Unsupported format applied to {field}."))
}

/// Why a value does not fit a field.
#[derive(Debug)]
pub(super) enum Mismatch {
    /// It has another type; the word for the right one.
    Type(&'static str),
    /// A date that is not in whole seconds UTC.
    Date,
    /// A reference to nothing.
    NoRecord(String),
}

/// A value as it is stored in this field.
pub(super) fn shaped(world: &World, field: &Field, value: &Value) -> Result<Value, Mismatch> {
    if value.is_null() {
        return Ok(Value::Null);
    }
    let (fits, wanted) = match field.shape {
        Shape::Text => (value.is_string(), "a string"),
        Shape::Integer => (value.is_i64() || value.is_u64(), "an integer"),
        Shape::Number => (value.is_number(), "a number"),
        Shape::Flag => (value.is_boolean(), "a boolean"),
        Shape::Choice(words) => {
            let known = value.as_str().is_some_and(|word| words.contains(&word));
            (known, "one of the documented words")
        }
        Shape::Date => {
            let text = value.as_str().ok_or(Mismatch::Type("a date"))?;
            return whole_seconds(text).map(Value::from).ok_or(Mismatch::Date);
        }
        Shape::Items(_) | Shape::List => (value.is_array(), "an array"),
        Shape::Reference(Some(kind)) => {
            let reference = value.as_object().ok_or(Mismatch::Type("an object"))?;
            return resolved(world, kind, field.name, reference);
        }
        Shape::Reference(None) | Shape::Info => (value.is_object(), "an object"),
    };
    if fits { Ok(value.clone()) } else { Err(Mismatch::Type(wanted)) }
}

/// A reference by id, or by identifier or name; the id counts when both are there.
fn resolved(world: &World, kind: Kind, field: &str, reference: &Record) -> Result<Value, Mismatch> {
    let id = match reference.get("id").and_then(Value::as_i64) {
        Some(id) => Some(id),
        None => by_name(world, kind, reference),
    };
    id.and_then(|id| world.reference(kind, id)).ok_or_else(|| {
        let given = Value::Object(reference.clone());
        Mismatch::NoRecord(format!("The {field} {given} does not exist."))
    })
}

fn by_name(world: &World, kind: Kind, reference: &Record) -> Option<i64> {
    let fields = [("identifier", "identifier"), ("name", kind.name_field())];
    fields.iter().find_map(|(given, own)| {
        let wanted = reference.get(*given)?.as_str()?;
        world
            .tables
            .rows(kind)
            .iter()
            .find(|(_, record)| {
                record.get(*own).and_then(Value::as_str).is_some_and(|name| name.eq_ignore_ascii_case(wanted))
            })
            .map(|(id, _)| *id)
    })
}

/// What is wrong with a whole record: what is missing and what is too long.
pub(super) fn broken_rules(
    schema: &Schema,
    record: &Record,
    limit_of: impl Fn(&Field) -> Option<usize>,
) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for field in schema.fields {
        let value = record.get(field.name).unwrap_or(&Value::Null);
        let blank = value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
        if field.required && blank {
            errors.push(FieldError::required(field.name));
        }
        if let (Some(limit), Some(text)) = (limit_of(field), value.as_str())
            && text.chars().count() > limit
        {
            errors.push(FieldError::too_long(field.name, limit));
        }
    }
    errors
}

/// The default of a field that a record does not carry.
pub(super) fn default_of(field: &Field) -> Value {
    match field.shape {
        Shape::Flag => json!(field.on),
        Shape::Items(_) | Shape::List => json!([]),
        _ => Value::Null,
    }
}
