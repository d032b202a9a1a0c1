//! The audit trail: who changed what of a contact, an agreement or an addition.
//!
//! The API description (2026.4, `AuditTrailEntry`) gives the fields; what stands in them is a guess.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::World;
use crate::clock;
use crate::schema::{Kind, Record};

/// One line of the trail.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Entry {
    kind: Kind,
    id: i64,
    /// The company of the record at that time.
    company: Option<i64>,
    text: String,
    entered: String,
    by: String,
    action: String,
}

impl Entry {
    /// As it is answered.
    pub(crate) fn record(&self) -> Record {
        let value = json!({
            "text": self.text, "enteredDate": self.entered, "enteredBy": self.by,
            "auditType": "Record", "auditSubType": self.action, "auditSource": "API",
        });
        value.as_object().cloned().unwrap_or_default()
    }

    pub(crate) fn company(&self) -> Option<i64> {
        self.company
    }
}

/// What the query calls the kinds whose changes are kept.
pub(crate) fn audited(name: &str) -> Option<Kind> {
    match name {
        "Contact" => Some(Kind::Contact),
        "Agreement" => Some(Kind::Agreement),
        "AgreementAddition" => Some(Kind::Addition),
        _ => None,
    }
}

impl World {
    /// The lines of one record, the oldest first.
    pub(crate) fn trail(&self, kind: Kind, id: i64) -> impl Iterator<Item = &Entry> {
        self.audit.iter().filter(move |entry| entry.kind == kind && entry.id == id)
    }

    /// Keep what changed: a line for the beginning or the end of a record, else one for each field.
    pub(super) fn keep_trail(
        &mut self,
        kind: Kind,
        id: i64,
        before: Option<&Record>,
        after: Option<&Record>,
        by: &str,
    ) {
        if !matches!(kind, Kind::Contact | Kind::Agreement | Kind::Addition) {
            return;
        }
        let (action, texts) = match (before, after) {
            (None, _) => ("Added", vec![format!("{} {id} was added.", kind.schema().title)]),
            (_, None) => ("Deleted", vec![format!("{} {id} was deleted.", kind.schema().title)]),
            (Some(before), Some(after)) => ("Updated", differences(before, after)),
        };
        let company = after.or(before).and_then(|record| self.company_of(kind, record));
        let line = |text| Entry {
            kind,
            id,
            company,
            text,
            entered: clock::stamp(),
            by: by.to_owned(),
            action: action.to_owned(),
        };
        self.audit.extend(texts.into_iter().map(line));
    }
}

fn differences(before: &Record, after: &Record) -> Vec<String> {
    let mut names: Vec<&String> = before.keys().chain(after.keys()).filter(|name| *name != "_info").collect();
    names.sort_unstable();
    names.dedup();
    let said = |value: Option<&Value>| match value {
        None => "nothing".to_owned(),
        Some(Value::String(text)) => format!("\"{text}\""),
        Some(other) => other.to_string(),
    };
    // A field that was left out, an empty list and a flag that is off say the same.
    let something = |value: Option<&Value>| {
        value.filter(|value| **value != json!([]) && **value != Value::Bool(false)).cloned()
    };
    names
        .into_iter()
        .filter(|name| something(before.get(*name)) != something(after.get(*name)))
        .map(|name| format!("{name} changed from {} to {}.", said(before.get(name)), said(after.get(name))))
        .collect()
}
