//! Holding what is answered, and what is accepted, against an OpenAPI 3.0 file of the PSA.
//!
//! The PSA's own file describes shapes and not rules: it says nothing of lengths that the server
//! enforces, and it has mistakes. So a body that the simulator refuses is not judged, and what is
//! known to be wrong in the file stands in [`EXCEPTIONS`].

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use anyhow::{Context as _, Result, bail};
use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// Where the file differs from what the PSA does: the schema, the property, and how it really is.
const EXCEPTIONS: [(&str, &str, Exception); 3] = [
    // The file says object; values of every kind are sent and taken.
    ("PatchOperation", "value", Exception::Anything),
    // Recorded answers carry `"errors": null`.
    ("ErrorResponseMessage", "errors", Exception::Nullable),
    // Recorded answers carry `"value": null` for a custom field without a value.
    ("CustomFieldValue", "value", Exception::Anything),
];

#[derive(Clone, Copy)]
enum Exception {
    Nullable,
    Anything,
}

/// A file, made ready.
#[derive(Debug)]
pub(crate) struct Description {
    /// As JSON Schema, by how closely a value is held against it.
    roots: [Value; 3],
    operations: Vec<Operation>,
    validators: Mutex<HashMap<(String, Closeness), Arc<Validator>>>,
}

#[derive(Debug)]
struct Operation {
    method: String,
    path: String,
    segments: Vec<String>,
    body: Option<Value>,
    answers: HashMap<u16, Value>,
}

/// How closely a value is held against a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Closeness {
    /// An answer: all that is required and nothing else.
    Whole,
    /// An answer of some fields only: nothing is required.
    Partial,
    /// A body that was sent: the PSA overlooks what it does not know.
    Open,
}

/// What a call was and what came of it.
pub(crate) struct Judged<'a> {
    pub(crate) method: &'a str,
    /// The path after `apis/3.0`.
    pub(crate) path: &'a str,
    /// The caller asked for some fields only.
    pub(crate) some_fields: bool,
    pub(crate) body: Option<&'a Value>,
    pub(crate) status: u16,
    pub(crate) answer: Option<&'a Value>,
}

/// How a call stands to the file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Judgement {
    Fits,
    /// The file does not have the operation.
    Undescribed(String),
    /// Where and why it does not fit.
    Misfit(String),
}

impl Description {
    /// Reads a file, once per process.
    pub(crate) fn read(path: &Path) -> Result<Arc<Self>> {
        static READ: LazyLock<Mutex<HashMap<PathBuf, Arc<Description>>>> = LazyLock::new(Mutex::default);
        let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = read.get(path) {
            return Ok(Arc::clone(known));
        }
        let shown = path.display();
        let text = std::fs::read_to_string(path).with_context(|| format!("read the OpenAPI file {shown}"))?;
        let file = serde_json::from_str(&text).with_context(|| format!("{shown} is not JSON"))?;
        let description =
            Arc::new(Self::new(file).with_context(|| format!("{shown} cannot be used as OpenAPI 3.0"))?);
        read.insert(path.to_owned(), Arc::clone(&description));
        Ok(description)
    }

    pub(crate) fn new(file: Value) -> Result<Self> {
        let version = file["openapi"].as_str().unwrap_or_default();
        if !version.starts_with("3.0") {
            bail!("it says version {version:?}");
        }
        let operations = operations(&file);
        if operations.is_empty() {
            bail!("it has no paths");
        }
        let mut whole = file;
        for (schema, property, exception) in EXCEPTIONS {
            let place = &mut whole["components"]["schemas"][schema]["properties"][property];
            match exception {
                _ if place.is_null() => {}
                Exception::Nullable => place["nullable"] = true.into(),
                Exception::Anything => *place = json!({}),
            }
        }
        let mut open = whole.clone();
        convert(&mut whole, true);
        convert(&mut open, false);
        let mut partial = whole.clone();
        drop_required(&mut partial);
        Ok(Self { roots: [whole, partial, open], operations, validators: Mutex::default() })
    }

    pub(crate) fn judge(&self, call: &Judged<'_>) -> Judgement {
        if call.status >= 400 {
            return self.judge_error(call);
        }
        let Some(operation) = self.find(call.method, call.path) else {
            return Judgement::Undescribed(format!("{} {}", call.method, call.path));
        };
        let name = format!("{} {}", operation.method, operation.path);
        let Some(answer) = operation.answers.get(&call.status) else {
            return Judgement::Misfit(format!("{name}: the file has no answer {}", call.status));
        };
        let answered = if call.some_fields { Closeness::Partial } else { Closeness::Whole };
        let sides = [
            ("the body that was sent", operation.body.as_ref(), call.body, Closeness::Open),
            ("the answer", Some(answer).filter(|answer| !answer.is_null()), call.answer, answered),
        ];
        for (what, schema, value, closeness) in sides {
            let (Some(schema), Some(value)) = (schema, value) else { continue };
            if let Err(why) = self.fits(&name, what, schema, value, closeness) {
                return Judgement::Misfit(format!("{name}: {what}: {why}"));
            }
        }
        Judgement::Fits
    }

    fn judge_error(&self, call: &Judged<'_>) -> Judgement {
        let known = !self.roots[0]["components"]["schemas"]["ErrorResponseMessage"].is_null();
        // The answer to too many requests has another shape (ConnectWise Developer Guide).
        let (Some(answer), true) = (call.answer.filter(|_| call.status != 429), known) else {
            return Judgement::Fits;
        };
        let schema = json!({ "$ref": "#/components/schemas/ErrorResponseMessage" });
        match self.fits("error", "the answer", &schema, answer, Closeness::Open) {
            Ok(()) => Judgement::Fits,
            Err(why) => Judgement::Misfit(format!("the refusal {}: {why}", call.status)),
        }
    }

    fn fits(
        &self,
        name: &str,
        what: &str,
        schema: &Value,
        value: &Value,
        closeness: Closeness,
    ) -> Result<(), String> {
        let key = (format!("{name} {what}"), closeness);
        let mut validators = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
        let validator = if let Some(known) = validators.get(&key) {
            Arc::clone(known)
        } else {
            let root = &self.roots[closeness as usize];
            let mut schema = schema.clone();
            convert(&mut schema, closeness != Closeness::Open);
            let mut document = json!({ "components": root["components"] });
            document["allOf"] = json!([schema]);
            let validator = jsonschema::draft4::new(&document).map_err(|error| error.to_string())?;
            let validator = Arc::new(validator);
            validators.insert(key, Arc::clone(&validator));
            validator
        };
        drop(validators);
        match validator.iter_errors(value).next() {
            None => Ok(()),
            Some(error) => Err(format!("{} at {}", error, error.instance_path())),
        }
    }

    /// The operation whose path has the most words in common.
    fn find(&self, method: &str, path: &str) -> Option<&Operation> {
        let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
        self.operations
            .iter()
            .filter(|operation| operation.method == method && matches(&operation.segments, &segments))
            .max_by_key(|operation| operation.segments.iter().filter(|own| !own.starts_with('{')).count())
    }
}

fn matches(template: &[String], segments: &[&str]) -> bool {
    template.len() == segments.len()
        && template.iter().zip(segments).all(|(own, segment)| {
            own.eq_ignore_ascii_case(segment) || (own.starts_with('{') && segment.parse::<i64>().is_ok())
        })
}

fn operations(file: &Value) -> Vec<Operation> {
    let schema_of = |holder: &Value| {
        let content = holder["content"].as_object()?;
        content.values().next().map(|media| media["schema"].clone())
    };
    let mut operations = Vec::new();
    for (path, methods) in file["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let answers = operation["responses"].as_object().into_iter().flatten();
            let answers = answers.filter_map(|(status, answer)| {
                Some((status.parse().ok()?, schema_of(answer).unwrap_or_default()))
            });
            operations.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                segments: path.trim_matches('/').split('/').map(str::to_owned).collect(),
                body: schema_of(&operation["requestBody"]),
                answers: answers.collect(),
            });
        }
    }
    operations
}

/// OpenAPI 3.0 as JSON Schema: a schema that is `nullable` takes null as well, and, where it is
/// `closed`, an object that lists its properties has no others.
fn convert(value: &mut Value, closed: bool) {
    match value {
        Value::Object(object) => {
            object.values_mut().for_each(|value| convert(value, closed));
            if object.remove("nullable") == Some(Value::Bool(true)) {
                take_null(object);
            }
            if closed
                && object.get("properties").is_some_and(Value::is_object)
                && object.get("type").is_some_and(|kind| kind == "object")
                && !object.contains_key("additionalProperties")
            {
                object.insert("additionalProperties".into(), false.into());
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| convert(value, closed)),
        _ => {}
    }
}

fn take_null(schema: &mut Map<String, Value>) {
    if let Some(kind) = schema.get_mut("type") {
        *kind = json!([kind, "null"]);
    }
    if let Some(Value::Array(words)) = schema.get_mut("enum") {
        words.push(Value::Null);
    }
}

fn drop_required(value: &mut Value) {
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

    fn description() -> Description {
        let file = json!({
            "openapi": "3.0.1",
            "paths": {
                "/things/{id}": {
                    "get": { "responses": { "200": { "content": { "application/json": {
                        "schema": { "$ref": "#/components/schemas/Thing" } } } } } },
                },
                "/things/types": {
                    "get": { "responses": { "200": { "content": { "application/json": {
                        "schema": { "type": "array", "items": { "type": "string" } } } } } } },
                },
                "/things": {
                    "post": {
                        "requestBody": { "content": { "application/json": {
                            "schema": { "$ref": "#/components/schemas/Thing" } } } },
                        "responses": { "201": { "content": { "application/json": {
                            "schema": { "$ref": "#/components/schemas/Thing" } } } } },
                    },
                },
            },
            "components": { "schemas": {
                "Thing": { "type": "object", "required": ["name"], "properties": {
                    "id": { "type": "integer", "format": "int32" },
                    "name": { "type": "string" },
                    "kind": { "type": "string", "nullable": true, "enum": ["One", "Two"] },
                } },
                "ErrorResponseMessage": { "type": "object", "properties": {
                    "code": { "type": "string" }, "message": { "type": "string" },
                    "errors": { "type": "array", "items": { "type": "object" } },
                } },
            } },
        });
        Description::new(file).unwrap()
    }

    fn judge(method: &str, path: &str, status: u16, body: Option<&Value>, answer: &Value) -> Judgement {
        let call = Judged { method, path, some_fields: false, body, status, answer: Some(answer) };
        description().judge(&call)
    }

    #[test]
    fn what_fits_fits_and_what_does_not_is_named() {
        let get = |answer: Value| judge("GET", "/Things/7", 200, None, &answer);
        assert_eq!(get(json!({ "id": 7, "name": "x", "kind": null })), Judgement::Fits);
        for (answer, part) in [
            (json!({ "id": "7", "name": "x" }), "/id"),
            (json!({ "id": 7 }), "name"),
            (json!({ "name": "x", "kind": "Three" }), "/kind"),
            (json!({ "name": "x", "kindness": 1 }), "kindness"),
        ] {
            let judgement = get(answer);
            assert!(matches!(&judgement, Judgement::Misfit(why) if why.contains(part)), "{judgement:?}");
        }
    }

    #[test]
    fn the_body_is_judged_as_well_and_so_is_a_refusal() {
        let thing = json!({ "name": "x" });
        assert_eq!(judge("POST", "/things", 201, Some(&thing), &thing), Judgement::Fits);
        let bad = judge("POST", "/things", 201, Some(&json!({ "name": 1 })), &thing);
        assert!(matches!(&bad, Judgement::Misfit(why) if why.contains("sent")), "{bad:?}");
        let other = judge("POST", "/things", 200, None, &thing);
        assert!(matches!(&other, Judgement::Misfit(why) if why.contains("200")), "{other:?}");
        let refusal = json!({ "code": "X", "message": "no", "errors": null });
        assert_eq!(judge("GET", "/things/7", 404, None, &refusal), Judgement::Fits);
        assert!(matches!(judge("GET", "/things/7", 404, None, &json!({ "code": 1 })), Judgement::Misfit(_)));
    }

    #[test]
    fn a_word_goes_before_a_number_and_what_is_not_there_is_told() {
        assert_eq!(judge("GET", "/things/types", 200, None, &json!(["a"])), Judgement::Fits);
        let unknown = judge("GET", "/others", 200, None, &json!([]));
        assert_eq!(unknown, Judgement::Undescribed("GET /others".into()));
    }

    #[test]
    fn some_fields_lack_what_is_required() {
        let answer = json!({ "id": 7 });
        let call = Judged {
            method: "GET",
            path: "/things/7",
            some_fields: true,
            body: None,
            status: 200,
            answer: Some(&answer),
        };
        assert_eq!(description().judge(&call), Judgement::Fits);
    }
}
