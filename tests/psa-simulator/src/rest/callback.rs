//! What holds for callbacks, and the key that their messages are signed with.

use serde_json::{Value, json};

use super::call::Call;
use super::reply::{FieldError, Reply};
use crate::schema::{Kind, Record};
use crate::world::{World, callback_levels};

pub(super) fn settle(world: &World, call: &Call, record: &mut Record) -> Vec<FieldError> {
    let text = |record: &Record, field: &str| {
        record.get(field).and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase()
    };
    let mut errors = Vec::new();
    if record.contains_key("url") && url::Url::parse(&text(record, "url")).is_err() {
        errors.push(FieldError::invalid("url", "Invalid URL".into()));
    }
    let level = text(record, "level");
    let levels = callback_levels(&text(record, "type"));
    if !levels.is_some_and(|levels| levels.contains(&level.as_str())) {
        let message = "Unrecognized level for type, see documentation...".to_owned();
        errors.push(FieldError::new("InvalidObject", "level", message));
    }
    if level == "owner" {
        record.insert("objectId".into(), json!(1));
    }
    record.entry("memberId").or_insert(json!(call.member.id));
    let key = |row: &Record| {
        let object = row.get("objectId").and_then(Value::as_i64);
        (text(row, "url"), text(row, "type"), text(row, "level"), object, row.get("memberId").cloned())
    };
    let own = record.get("id");
    if world.records(Kind::Callback).any(|other| other.get("id") != own && key(other) == key(record)) {
        let message = "A matching callback entry already exists".to_owned();
        errors.push(FieldError::new("ObjectExists", "url", message));
    }
    errors
}

/// GET of the key that `Metadata.key_url` names.
pub(super) fn key(world: &World) -> Reply {
    Reply::ok(json!({ "signing_key": world.signing_key() }))
}
