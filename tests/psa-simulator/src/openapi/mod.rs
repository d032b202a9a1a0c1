//! Holding what is answered, and what is accepted, against an OpenAPI 3.0 file of the PSA.
//!
//! The PSA's own file describes shapes and not rules: it says nothing of lengths that the server
//! enforces, and it has mistakes. So a body that the simulator refuses is not judged, and what is
//! known to be wrong in the file stands in [`EXCEPTIONS`].

mod convert;
mod operation;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use anyhow::{Context as _, Result, bail};
use jsonschema::Validator;
use serde_json::{Value, json};

use operation::{Operation, Parameter, operations};

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
    /// Its schemas as JSON Schema, by how closely a value is held against them.
    schemas: [Value; 3],
    operations: Vec<Operation>,
    validators: Mutex<HashMap<(String, Closeness), Arc<Validator>>>,
}

/// How closely a value is held against a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Closeness {
    /// An answer: all that is required and nothing else.
    Whole,
    /// An answer of some fields only: nothing is required.
    Partial,
    /// What was sent: the PSA overlooks what it does not know.
    Open,
}

/// What a call was and what came of it.
pub(crate) struct Judged<'a> {
    pub(crate) method: &'a str,
    /// The path after `apis/3.0`.
    pub(crate) path: &'a str,
    /// Decoded.
    pub(crate) query: &'a [(String, String)],
    /// The JSON that was sent.
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

    fn new(mut file: Value) -> Result<Self> {
        let version = file["openapi"].as_str().unwrap_or_default();
        if !version.starts_with("3.0") {
            bail!("it says version {version:?}");
        }
        let operations = operations(&file);
        if operations.is_empty() {
            bail!("it has no paths");
        }
        let schemas = &mut file["components"]["schemas"];
        for (schema, property, exception) in EXCEPTIONS {
            let Some(place) = schemas.pointer_mut(&format!("/{schema}/properties/{property}")) else {
                continue;
            };
            match exception {
                Exception::Nullable => place["nullable"] = true.into(),
                Exception::Anything => *place = json!({}),
            }
        }
        let whole = convert::components(schemas, true);
        let mut partial = whole.clone();
        convert::drop_required(&mut partial);
        let open = convert::components(schemas, false);
        Ok(Self { schemas: [whole, partial, open], operations, validators: Mutex::default() })
    }

    pub(crate) fn judge(&self, call: &Judged<'_>) -> Judgement {
        if call.status >= 400 {
            return self.judge_refusal(call);
        }
        let Some(operation) = self.find(call.method, call.path) else {
            return Judgement::Undescribed(format!("{} {}", call.method, call.path));
        };
        let name = format!("{} {}", operation.method, operation.path);
        match self.accepted(operation, &name, call) {
            Ok(()) => Judgement::Fits,
            Err(why) => Judgement::Misfit(format!("{name}: {why}")),
        }
    }

    fn accepted(&self, operation: &Operation, name: &str, call: &Judged<'_>) -> Result<(), String> {
        let said = operation.answer(call.status);
        let said = said.ok_or_else(|| format!("the file has no answer {}", call.status))?;
        for parameter in &operation.query {
            self.parameter(parameter, name, call.query)?;
        }
        if let Some(body) = &operation.body {
            match call.body {
                Some(sent) => {
                    let what = "the body that was sent";
                    self.fits(name, what, &body.schema, sent, Closeness::Open)?;
                }
                None if body.required => return Err("no body was sent".into()),
                None => {}
            }
        }
        let some_fields = call.query.iter().any(|(name, fields)| is(name, "fields") && !fields.is_empty());
        let closeness = if some_fields { Closeness::Partial } else { Closeness::Whole };
        match (&said.schema, call.answer) {
            (Some(schema), Some(answer)) => self.fits(name, "the answer", schema, answer, closeness),
            (Some(_), None) => Err("the answer is empty".into()),
            (None, Some(_)) if call.status == 204 => Err("the answer is not empty".into()),
            (None, _) => Ok(()),
        }
    }

    fn parameter(&self, parameter: &Parameter, name: &str, query: &[(String, String)]) -> Result<(), String> {
        let sent = query.iter().find(|(own, _)| is(own, &parameter.name));
        match sent {
            Some((own, text)) => {
                let value = typed(text, &parameter.schema);
                let what = format!("{own} in the query");
                self.fits(name, &what, &parameter.schema, &value, Closeness::Open)
            }
            None if parameter.required => Err(format!("{} is not in the query", parameter.name)),
            None => Ok(()),
        }
    }

    fn judge_refusal(&self, call: &Judged<'_>) -> Judgement {
        let known = self.schemas[0].get("ErrorResponseMessage").is_some();
        // The answer to too many requests has another shape (ConnectWise Developer Guide).
        let (Some(answer), true) = (call.answer.filter(|_| call.status != 429), known) else {
            return Judgement::Fits;
        };
        let schema = json!({ "$ref": "#/components/schemas/ErrorResponseMessage" });
        match self.fits("error", "the answer", &schema, answer, Closeness::Whole) {
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
        let validator = self.validator(format!("{name} {what}"), schema, closeness)?;
        match validator.iter_errors(value).next() {
            None => Ok(()),
            Some(error) => Err(format!("{what}: {error} at {:?}", error.instance_path().as_str())),
        }
    }

    /// Validators are made when they are first needed: a file has thousands, a run needs dozens.
    fn validator(&self, key: String, schema: &Value, closeness: Closeness) -> Result<Arc<Validator>, String> {
        let key = (key, closeness);
        let mut validators = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = validators.get(&key) {
            return Ok(Arc::clone(known));
        }
        let mut schema = schema.clone();
        convert::convert(&mut schema, closeness != Closeness::Open);
        let schemas = &self.schemas[closeness as usize];
        let document = json!({ "components": { "schemas": schemas }, "allOf": [schema] });
        let validator = jsonschema::draft4::new(&document).map_err(|error| error.to_string())?;
        let validator = Arc::new(validator);
        validators.insert(key, Arc::clone(&validator));
        Ok(validator)
    }

    /// The operation whose path has the most words in common.
    fn find(&self, method: &str, path: &str) -> Option<&Operation> {
        let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
        self.operations
            .iter()
            .filter(|operation| operation.method == method)
            .filter_map(|operation| Some((operation.words_in_common(&segments)?, operation)))
            .max_by_key(|(words, _)| *words)
            .map(|(_, operation)| operation)
    }
}

/// Names in a query are taken in any case.
fn is(name: &str, own: &str) -> bool {
    name.eq_ignore_ascii_case(own)
}

/// The text of a query as the type that the schema wants, if it can be read as that.
fn typed(text: &str, schema: &Value) -> Value {
    match schema["type"].as_str() {
        Some("integer" | "number" | "boolean") if text.is_empty() => Value::Null,
        Some("integer") => text.parse::<i64>().map_or_else(|_| text.into(), Value::from),
        Some("number") => text.parse::<f64>().map_or_else(|_| text.into(), Value::from),
        Some("boolean") => text.to_lowercase().parse::<bool>().map_or_else(|_| text.into(), Value::from),
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests;
