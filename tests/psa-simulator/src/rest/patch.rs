//! PATCH: an array of `{op, path, value}`.
//!
//! ConnectWise Developer Guide, "Patch": the path is case sensitive, with or without its
//! leading slash; an object is replaced as a whole, and a path *into* an object "may give a
//! false 200". Items of `communicationItems` can be reached by index; `customFields` only as
//! the whole array.

use serde_json::Value;

use super::body::{Mismatch, default_of, shaped, unsupported_format};
use super::reply::Refusal;
use super::rules::is_items;
use crate::schema::{Access, COMMUNICATION, Field, Record, Schema, Shape};
use crate::world::World;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    Add,
    Replace,
    Remove,
}

/// Apply every operation of a body to a record; with one refused, nothing is stored.
pub(super) fn apply(
    world: &World,
    schema: &Schema,
    record: &mut Record,
    body: &Value,
) -> Result<(), Refusal> {
    let operations = body.as_array().ok_or_else(|| {
        Refusal::patch("The body must be an array of operations: [{\"op\", \"path\", \"value\"}].")
    })?;
    for operation in operations {
        let kind = match operation["op"].as_str() {
            Some("add") => Operation::Add,
            Some("replace") => Operation::Replace,
            Some("remove") => Operation::Remove,
            _ => return Err(Refusal::patch("op must be add, replace or remove.")),
        };
        let path = operation["path"].as_str().ok_or_else(|| Refusal::patch("An operation has no path."))?;
        let value = operation.get("value").unwrap_or(&Value::Null);
        apply_one(world, schema, record, kind, path, value)?;
    }
    Ok(())
}

fn apply_one(
    world: &World,
    schema: &Schema,
    record: &mut Record,
    operation: Operation,
    path: &str,
    value: &Value,
) -> Result<(), Refusal> {
    let segments: Vec<&str> = path.strip_prefix('/').unwrap_or(path).split('/').collect();
    let nowhere = || Refusal::patch(format!("The path {path} does not exist."));
    let field = schema.field(segments[0]).ok_or_else(nowhere)?;
    match (segments.as_slice(), field.shape) {
        ([_], _) => whole_field(world, record, field, operation, value),
        // The false 200: nothing is said and nothing is done.
        ([_, _], Shape::Reference(_)) => Ok(()),
        ([_, rest @ ..], Shape::Items(_)) if field.name == "communicationItems" => {
            let Some(Value::Array(items)) = record.get_mut(field.name) else {
                return Err(nowhere());
            };
            item(world, items, operation, rest, value).ok_or_else(nowhere)?
        }
        _ => Err(nowhere()),
    }
}

fn whole_field(
    world: &World,
    record: &mut Record,
    field: &Field,
    operation: Operation,
    value: &Value,
) -> Result<(), Refusal> {
    let new = if operation == Operation::Remove { default_of(field) } else { fitting(world, field, value)? };
    // What only the server writes is taken and forgotten.
    if field.access == Access::Computed {
        return Ok(());
    }
    if new.is_null() {
        record.remove(field.name);
    } else {
        record.insert(field.name.into(), new);
    }
    Ok(())
}

fn fitting(world: &World, field: &Field, value: &Value) -> Result<Value, Refusal> {
    shaped(world, field, value).map_err(|mismatch| match mismatch {
        Mismatch::Date => unsupported_format(field.name),
        Mismatch::NoRecord(message) => Refusal::patch(message),
        Mismatch::Type(_) => Refusal::patch(format!(
            "Could not cast or convert from {} to {}.",
            type_of(value),
            model_of(field)
        )),
    })
}

/// An operation on the items by index; none when the path leads nowhere.
fn item(
    world: &World,
    items: &mut Vec<Value>,
    operation: Operation,
    path: &[&str],
    value: &Value,
) -> Option<Result<(), Refusal>> {
    let length = items.len();
    let index = match path.first() {
        Some(&"-") => length,
        Some(index) => index.parse().ok()?,
        None => return None,
    };
    match (path, operation) {
        ([_], Operation::Add) if index <= length => {
            if !value.is_object() {
                let given = type_of(value);
                return Some(Err(Refusal::patch(format!(
                    "Could not cast or convert from {given} to {ITEM_MODEL}."
                ))));
            }
            let mut item = value.clone();
            // Added before the end it lands at the end all the same, and is no default.
            if index < length {
                item["defaultFlag"] = false.into();
            }
            items.push(item);
        }
        ([_], Operation::Remove) if index < length => {
            items.remove(index);
        }
        ([_], Operation::Replace) if index < length && value.is_object() => {
            let id = items[index]["id"].clone();
            items[index] = value.clone();
            items[index]["id"] = id;
        }
        ([_, name], _) if index < length => {
            let field = COMMUNICATION.field(name)?;
            let item = items[index].as_object_mut()?;
            // A default that is taken away by another item's flag is settled afterwards.
            return Some(whole_field(world, item, field, operation, value));
        }
        _ => return None,
    }
    Some(Ok(()))
}

const ITEM_MODEL: &str = "ConnectWise.Apis.v3_0.v2015_3.Company.Contacts.ContactCommunicationItem";

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "System.Boolean",
        Value::Number(number) if number.is_f64() => "System.Double",
        Value::Number(_) => "System.Int64",
        Value::String(_) => "System.String",
        Value::Array(_) => "Newtonsoft.Json.Linq.JArray",
        Value::Object(_) => "Newtonsoft.Json.Linq.JObject",
    }
}

fn model_of(field: &Field) -> String {
    if field.name == "communicationItems" {
        return format!("{ITEM_MODEL}[]");
    }
    match field.shape {
        Shape::Text => "System.String".into(),
        Shape::Integer => "System.Int32".into(),
        Shape::Number => "System.Double".into(),
        Shape::Flag => "System.Boolean".into(),
        Shape::Date => "System.DateTime".into(),
        _ if is_items(field) => format!("{}[]", field.name),
        _ => field.name.into(),
    }
}
