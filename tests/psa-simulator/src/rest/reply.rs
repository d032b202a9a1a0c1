//! Answers and refusals, in the words of the PSA.

use serde_json::{Value, json};

/// What is answered.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// JSON; none for 204.
    pub(crate) body: Option<Value>,
    pub(crate) headers: Vec<(&'static str, String)>,
}

/// An answer, or why there is none.
pub(crate) type Answer = Result<Reply, Refusal>;

impl Reply {
    pub(crate) fn ok(body: impl Into<Value>) -> Self {
        Self::with(200, body)
    }

    pub(crate) fn with(status: u16, body: impl Into<Value>) -> Self {
        Self { status, body: Some(body.into()), headers: Vec::new() }
    }

    pub(crate) fn nothing() -> Self {
        Self { status: 204, body: None, headers: Vec::new() }
    }
}

/// A refusal: `{code, message, errors}`.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) errors: Vec<FieldError>,
}

/// One entry of `errors`.
#[derive(Clone, Debug)]
pub(crate) struct FieldError {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) field: String,
}

impl FieldError {
    pub(crate) fn new(code: &'static str, field: &str, message: String) -> Self {
        Self { code, message, field: field.into() }
    }

    pub(crate) fn required(field: &str) -> Self {
        let message = format!("The {field} field is required.");
        Self::new("MissingRequiredField", field, message)
    }

    pub(crate) fn invalid(field: &str, message: String) -> Self {
        Self::new("InvalidField", field, message)
    }

    pub(crate) fn too_long(field: &str, limit: usize) -> Self {
        let message = format!("The field {field} must be a string with a maximum length of {limit}.");
        Self::invalid(field, message)
    }
}

impl Refusal {
    pub(crate) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), errors: Vec::new() }
    }

    /// 400 for a query string.
    pub(crate) fn query(message: impl Into<String>) -> Self {
        Self::new(400, "InvalidArgument", message)
    }

    /// 400 for a PATCH body.
    pub(crate) fn patch(message: impl Into<String>) -> Self {
        Self::new(400, "InvalidPatch", message)
    }

    /// 400 for a record that breaks a rule.
    pub(crate) fn object(resource: &str, errors: Vec<FieldError>) -> Self {
        Self { status: 400, code: "InvalidObject", message: format!("{resource} object is invalid"), errors }
    }

    pub(crate) fn no_record(title: &str, id: i64) -> Self {
        Self::new(404, "NotFound", format!("{title} {id} not found"))
    }

    pub(crate) fn no_endpoint() -> Self {
        Self::new(404, "ConnectWiseApi", "The endpoint does not exist.")
    }

    pub(crate) fn unauthorized(message: &str) -> Self {
        Self::new(401, "Unauthorized", message)
    }

    pub(crate) fn forbidden() -> Self {
        let message = "You do not have security permission to perform this action.";
        Self::new(403, "Forbidden", message)
    }

    pub(crate) fn tls_required() -> Self {
        Self::new(403, "Security", "SSL is required.")
    }

    /// The odd one: it says `error` where all others say `code`.
    pub(crate) fn too_many(seconds: &str) -> Reply {
        let message = format!("Too many requests. Please try again in {seconds} seconds.");
        let mut reply = Reply::with(429, json!({"error": "ConnectWiseAPI", "message": message}));
        reply.headers.push(("Retry-After", seconds.into()));
        reply
    }

    /// `resource` is what `errors[].resource` says.
    pub(crate) fn into_reply(self, resource: &str) -> Reply {
        let row = |error: FieldError| {
            json!({
                "code": error.code,
                "message": error.message,
                "resource": resource,
                "field": error.field,
            })
        };
        let errors =
            if self.errors.is_empty() { Value::Null } else { self.errors.into_iter().map(row).collect() };
        let body = json!({"code": self.code, "message": self.message, "errors": errors});
        Reply::with(self.status, body)
    }
}
