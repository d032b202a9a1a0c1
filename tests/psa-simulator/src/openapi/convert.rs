//! OpenAPI 3.0 schemas as JSON Schema (OpenAPI Specification 3.0, "Schema Object").

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

const REFERENCE: &str = "#/components/schemas/";

/// The schemas of a file's components. `closed`: an object that lists its properties has no others.
pub(super) fn components(schemas: &Value, closed: bool) -> Value {
    let mut parts = BTreeSet::new();
    parts_of_others(schemas, false, &mut parts);
    let converted = schemas.as_object().into_iter().flatten().map(|(name, schema)| {
        let mut schema = schema.clone();
        convert(&mut schema, closed && !parts.contains(name));
        (name.clone(), schema)
    });
    Value::Object(converted.collect())
}

/// The names of schemas that are parts of an `allOf`: each sees the properties of the others, so none
/// of them can be closed.
fn parts_of_others(value: &Value, within: bool, parts: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            if let Some(name) = object.get("$ref").and_then(Value::as_str).filter(|_| within) {
                parts.insert(name.trim_start_matches(REFERENCE).to_owned());
            }
            for (key, value) in object {
                parts_of_others(value, key == "allOf", parts);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| parts_of_others(value, within, parts)),
        _ => {}
    }
}

/// A schema that is `nullable` takes null as well; `closed` is as for [`components`].
pub(super) fn convert(value: &mut Value, closed: bool) {
    match value {
        Value::Object(object) => {
            for (key, value) in object.iter_mut() {
                convert(value, closed && key != "allOf");
            }
            if closed
                && object.get("properties").is_some_and(Value::is_object)
                && object.get("type").is_some_and(|kind| kind == "object")
                && !object.contains_key("additionalProperties")
            {
                object.insert("additionalProperties".into(), false.into());
            }
            // A property may be called "nullable" too: that one is a schema.
            if let Some(nullable) = object.get("nullable").and_then(Value::as_bool) {
                object.remove("nullable");
                if nullable {
                    take_null(object);
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| convert(value, closed)),
        _ => {}
    }
}

fn take_null(schema: &mut Map<String, Value>) {
    if ["$ref", "allOf", "anyOf", "oneOf"].iter().any(|key| schema.contains_key(*key)) {
        let other = std::mem::take(schema);
        schema.insert("anyOf".into(), json!([other, {"type": "null"}]));
        return;
    }
    if let Some(kind) = schema.get_mut("type") {
        *kind = json!([kind, "null"]);
    }
    if let Some(Value::Array(words)) = schema.get_mut("enum") {
        words.push(Value::Null);
    }
}

/// For an answer of some fields only: nothing is required.
pub(super) fn drop_required(value: &mut Value) {
    match value {
        Value::Object(object) => {
            if object.get("required").is_some_and(Value::is_array) {
                object.remove("required");
            }
            object.values_mut().for_each(drop_required);
        }
        Value::Array(values) => values.iter_mut().for_each(drop_required),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(mut schema: Value, closed: bool) -> Value {
        convert(&mut schema, closed);
        schema
    }

    #[test]
    fn nullable_takes_null_beside_a_type_a_choice_and_a_reference() {
        let choice = json!({"type": "string", "enum": ["A"], "nullable": true});
        assert_eq!(converted(choice, true), json!({"type": ["string", "null"], "enum": ["A", null]}));
        let reference = json!({"$ref": "#/components/schemas/A", "nullable": true});
        let either = json!({"anyOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}]});
        assert_eq!(converted(reference, true), either);
        assert_eq!(converted(json!({"type": "string", "nullable": false}), true), json!({"type": "string"}));
    }

    #[test]
    fn a_property_may_bear_the_name_of_a_keyword() {
        let schema = json!({"type": "object", "properties": {"nullable": {"type": "boolean"}}});
        let kept = converted(schema, true);
        assert_eq!(kept["properties"]["nullable"], json!({"type": "boolean"}));
        assert_eq!(kept["additionalProperties"], false);
    }

    #[test]
    fn what_is_part_of_another_stays_open() {
        let object = |name: &str| json!({"type": "object", "properties": {name: {"type": "string"}}});
        let schemas = json!({
            "Base": object("a"),
            "Whole": {"allOf": [{"$ref": "#/components/schemas/Base"}, object("b")]},
            "Alone": object("c"),
        });
        let closed = components(&schemas, true);
        assert_eq!(closed["Alone"]["additionalProperties"], false);
        assert_eq!(closed["Base"], object("a"));
        assert_eq!(closed["Whole"]["allOf"][1], object("b"));
    }
}
