//! Records as they are answered: without nulls and secrets, with the `_info` addresses that
//! nobody should follow (they name the screens' host and carry a double slash).

use serde_json::{Value, json};

use crate::schema::{Access, Kind, Record, Schema, Shape};
use crate::world::World;

/// A stored record as the PSA shows it, or only some `fields` of it.
pub(super) fn present(world: &World, schema: &Schema, record: &Record, fields: &[String]) -> Value {
    let mut shown = Record::new();
    let asked = |name: &str| {
        let head = |path: &String| path.split('/').next().is_some_and(|own| own.eq_ignore_ascii_case(name));
        fields.is_empty() || fields.iter().any(head)
    };
    for (name, value) in record.iter().filter(|(name, _)| asked(name)) {
        let field = schema.field(name);
        let unknown_stamp = name == "_info" && field.is_none();
        if value.is_null() || unknown_stamp || field.is_some_and(|field| field.access == Access::Secret) {
            continue;
        }
        let mut value = value.clone();
        match field.map(|field| field.shape) {
            Some(Shape::Reference(Some(kind))) => address(world, kind, &mut value),
            Some(Shape::Items(_)) if name != "customFields" => drop_nulls(&mut value),
            _ => {}
        }
        shown.insert(name.clone(), value);
    }
    if let (Some(Value::Object(info)), Some(id)) =
        (shown.get_mut("_info"), record.get("id").and_then(Value::as_i64))
    {
        for (name, path) in related(schema, id) {
            info.insert(name.into(), world.place.href(&path).into());
        }
    }
    if fields.is_empty() {
        return Value::Object(shown);
    }
    Value::Object(selected(&shown, fields))
}

fn drop_nulls(items: &mut Value) {
    for item in items.as_array_mut().into_iter().flatten() {
        if let Some(item) = item.as_object_mut() {
            item.retain(|_, value| !value.is_null());
        }
    }
}

fn address(world: &World, kind: Kind, reference: &mut Value) {
    let Some(id) = reference["id"].as_i64() else {
        return;
    };
    let schema = kind.schema();
    // Sites and notes hang below a company that the reference does not name.
    if !schema.path.contains("{parent}") {
        let name = format!("{}_href", schema.resource);
        let href = world.place.href(&format!("{}/{id}", schema.path));
        reference["_info"] = json!({ name: href });
    }
}

fn related(schema: &Schema, id: i64) -> Vec<(&'static str, String)> {
    let path = schema.path;
    match path {
        "/company/companies" => vec![
            ("contacts_href", format!("/company/contacts?conditions=company/id={id}")),
            ("notes_href", format!("{path}/{id}/notes")),
            ("sites_href", format!("{path}/{id}/sites")),
        ],
        "/company/contacts" => vec![("communications_href", format!("{path}/{id}/communications"))],
        _ => Vec::new(),
    }
}

fn selected(shown: &Record, fields: &[String]) -> Record {
    let mut picked = Record::new();
    for path in fields {
        let (head, tail) = match path.split_once('/') {
            Some((head, tail)) => (head, Some(tail)),
            None => (path.as_str(), None),
        };
        let Some((name, value)) = shown.iter().find(|(name, _)| name.eq_ignore_ascii_case(head)) else {
            continue;
        };
        let Some(tail) = tail else {
            picked.insert(name.clone(), value.clone());
            continue;
        };
        match value {
            Value::Object(object) => {
                let entry = picked.entry(name.clone()).or_insert_with(|| json!({}));
                if let (Some(inner), Some(entry)) = (object.get(tail), entry.as_object_mut()) {
                    entry.insert(tail.into(), inner.clone());
                }
            }
            Value::Array(elements) => {
                let entry = picked
                    .entry(name.clone())
                    .or_insert_with(|| elements.iter().map(|_| json!({})).collect());
                for (element, picked) in elements.iter().zip(entry.as_array_mut().into_iter().flatten()) {
                    if let Some(inner) = element.get(tail) {
                        picked[tail] = inner.clone();
                    }
                }
            }
            _ => {}
        }
    }
    picked
}
