//! The operations of an OpenAPI 3.0 file: their paths, parameters, bodies and answers.

use std::collections::HashMap;

use serde_json::Value;

/// In capitals, as requests have them, and as the file has them.
const METHODS: [(&str, &str); 5] =
    [("GET", "get"), ("POST", "post"), ("PUT", "put"), ("PATCH", "patch"), ("DELETE", "delete")];

#[derive(Debug)]
pub(super) struct Operation {
    /// In capitals.
    pub(super) method: &'static str,
    /// As the file has it.
    pub(super) path: String,
    segments: Vec<Segment>,
    pub(super) query: Vec<Parameter>,
    pub(super) body: Option<Body>,
    /// By status, `2xx` or `default`.
    answers: HashMap<String, Described>,
}

#[derive(Debug)]
enum Segment {
    Word(String),
    Number,
    Anything,
}

/// A parameter of the query.
#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) required: bool,
    pub(super) schema: Value,
}

/// A JSON body.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) required: bool,
    pub(super) schema: Value,
}

/// What is said of an answer.
#[derive(Debug)]
pub(super) struct Described {
    /// Of its JSON, if it has any.
    pub(super) schema: Option<Value>,
}

/// Every operation of a file.
pub(super) fn operations(file: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, item) in file["paths"].as_object().into_iter().flatten() {
        let item = resolved(file, item);
        for (method, key) in METHODS {
            if item[key].is_object() {
                operations.push(Operation::read(file, path, item, method, &item[key]));
            }
        }
    }
    operations
}

/// What a reference refers to; anything else is itself.
fn resolved<'a>(file: &'a Value, value: &'a Value) -> &'a Value {
    let target = value["$ref"].as_str().and_then(|target| file.pointer(target.strip_prefix('#')?));
    target.unwrap_or(value)
}

/// The schema of the JSON that a body or an answer holds.
fn json_schema(holder: &Value) -> Option<Value> {
    let content = holder["content"].as_object()?;
    content.iter().find(|(kind, _)| kind.contains("json")).map(|(_, media)| media["schema"].clone())
}

impl Operation {
    fn read(file: &Value, path: &str, item: &Value, method: &'static str, operation: &Value) -> Self {
        // What the operation says of a parameter goes before what its path says.
        let parameters: Vec<&Value> = [&operation["parameters"], &item["parameters"]]
            .into_iter()
            .filter_map(Value::as_array)
            .flatten()
            .map(|parameter| resolved(file, parameter))
            .collect();
        let segment = |part: &str| {
            let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) else {
                return Segment::Word(part.to_owned());
            };
            let declared = parameters.iter().find(|own| own["in"] == "path" && own["name"] == name);
            match declared {
                Some(parameter) if parameter["schema"]["type"] == "integer" => Segment::Number,
                _ => Segment::Anything,
            }
        };
        let query = parameters.iter().filter(|own| own["in"] == "query").map(|own| Parameter {
            name: own["name"].as_str().unwrap_or_default().to_owned(),
            required: own["required"] == true,
            schema: own["schema"].clone(),
        });
        let body = resolved(file, &operation["requestBody"]);
        let answers = operation["responses"].as_object().into_iter().flatten();
        Self {
            method,
            path: path.to_owned(),
            segments: path.trim_matches('/').split('/').map(segment).collect(),
            query: query.collect(),
            body: json_schema(body).map(|schema| Body { required: body["required"] == true, schema }),
            answers: answers
                .map(|(status, answer)| {
                    (status.to_lowercase(), Described { schema: json_schema(resolved(file, answer)) })
                })
                .collect(),
        }
    }

    /// Whether a path has this form, its words in any case; and how many words they have in common.
    pub(super) fn words_in_common(&self, segments: &[&str]) -> Option<usize> {
        let fits = |(own, segment): (&Segment, &&str)| match own {
            Segment::Word(word) => word.eq_ignore_ascii_case(segment),
            Segment::Number => segment.parse::<i64>().is_ok(),
            Segment::Anything => !segment.is_empty(),
        };
        let same = self.segments.len() == segments.len() && self.segments.iter().zip(segments).all(fits);
        same.then(|| self.segments.iter().filter(|own| matches!(own, Segment::Word(_))).count())
    }

    /// What is said of an answer with this status, if anything is.
    pub(super) fn answer(&self, status: u16) -> Option<&Described> {
        let class = format!("{}xx", status / 100);
        let names = [status.to_string(), class, "default".to_owned()];
        names.iter().find_map(|name| self.answers.get(name))
    }
}
