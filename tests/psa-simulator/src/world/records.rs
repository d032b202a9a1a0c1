//! Records: how tests look at them and change them, and how a change is stamped.

use serde_json::{Value, json};

use super::World;
use crate::clock;
use crate::schema::{Kind, Record, Shape};

/// Who changes a record when a test does it by hand.
const BY_HAND: &str = "simulator";

/// The custom field that every contact has, without a value.
pub(crate) fn custom_field_row() -> Value {
    json!({
        "id": 45,
        "caption": "Preferred Language",
        "type": "Text",
        "entryMethod": "EntryField",
        "numberOfDecimals": 0,
        "value": null,
        "connectWiseId": "7c7c86b5-0000-4000-8000-0000000000cf",
    })
}

impl World {
    /// A record as it is stored.
    pub fn record(&self, kind: Kind, id: i64) -> Option<&Record> {
        self.tables.get(kind, id)
    }

    /// All records of a kind, by growing id.
    pub fn records(&self, kind: Kind) -> impl Iterator<Item = &Record> {
        self.tables.rows(kind).values()
    }

    /// The id of the company with this identifier.
    pub fn company_id(&self, identifier: &str) -> Option<i64> {
        self.tables
            .rows(Kind::Company)
            .iter()
            .find(|(_, company)| company.get("identifier").is_some_and(|own| own == identifier))
            .map(|(id, _)| *id)
    }

    /// The contacts of a company, inactive ones included.
    pub fn contacts_of(&self, company: i64) -> Vec<&Record> {
        self.owned_by(Kind::Contact, company)
    }

    /// The notes of a company.
    pub fn notes_of(&self, company: i64) -> Vec<&Record> {
        self.owned_by(Kind::Note, company)
    }

    pub(crate) fn owned_by(&self, kind: Kind, company: i64) -> Vec<&Record> {
        self.records(kind).filter(|record| owner(kind, record) == Some(company)).collect()
    }

    /// The contacts that carry this e-mail address, in any case.
    pub fn contacts_with_email(&self, address: &str) -> Vec<&Record> {
        let carries = |contact: &&Record| {
            items(contact)
                .iter()
                .any(|item| item["value"].as_str().is_some_and(|value| value.eq_ignore_ascii_case(address)))
        };
        self.records(Kind::Contact).filter(carries).collect()
    }

    /// Add a record as a person in the PSA would, without any check; gives its id.
    pub fn add(&mut self, kind: Kind, record: Record) -> i64 {
        let id = self.tables.next_id(kind);
        self.store(kind, id, record, BY_HAND);
        id
    }

    /// Change a record by hand, without any check; false when there is none.
    pub fn edit(&mut self, kind: Kind, id: i64, change: impl FnOnce(&mut Record)) -> bool {
        let Some(mut record) = self.tables.get(kind, id).cloned() else {
            return false;
        };
        change(&mut record);
        self.store(kind, id, record, BY_HAND);
        true
    }

    /// Take a record away by hand; gives it back.
    pub fn remove(&mut self, kind: Kind, id: i64) -> Option<Record> {
        self.take(kind, id, BY_HAND)
    }

    /// Take a record away, and what belongs to it; gives it back.
    pub(crate) fn take(&mut self, kind: Kind, id: i64, by: &str) -> Option<Record> {
        let gone = self.tables.rows_mut(kind).remove(&id);
        if let Some(gone) = &gone {
            self.changed(kind, id, Some(gone), None, by);
        }
        if kind == Kind::Company {
            for owned in [Kind::Contact, Kind::Note, Kind::Site, Kind::Agreement, Kind::Ticket] {
                self.tables.rows_mut(owned).retain(|_, record| owner(owned, record) != Some(id));
            }
        }
        for owned in
            [Kind::Addition, Kind::TicketNote, Kind::TypeAssociation, Kind::BoardStatus, Kind::BoardType]
        {
            if above(owned) == Some(kind) {
                self.tables.rows_mut(owned).retain(|_, record| parent(owned, record) != Some(id));
            }
        }
        gone
    }

    /// Store a record with its id and its stamp, and let references to it carry its name.
    pub(crate) fn store(&mut self, kind: Kind, id: i64, mut record: Record, by: &str) {
        record.insert("id".into(), id.into());
        record.retain(|_, value| !value.is_null());
        let before = self.tables.get(kind, id).cloned();
        let entered = before
            .as_ref()
            .and_then(|old| old.get("_info"))
            .and_then(|info| info.get("dateEntered"))
            .cloned();
        let renamed = before.as_ref().is_some_and(|old| name(kind, old) != name(kind, &record));
        let stamp = clock::stamp();
        record.insert(
            "_info".into(),
            json!({
                "lastUpdated": stamp,
                "updatedBy": by,
                "dateEntered": entered.unwrap_or_else(|| stamp.clone().into()),
            }),
        );
        self.changed(kind, id, before.as_ref(), Some(&record), by);
        self.tables.put(kind, id, record);
        if renamed {
            self.rename(kind, id);
        }
    }

    /// What follows a change: a line in the trail, and a message to whoever asked for it.
    fn changed(&mut self, kind: Kind, id: i64, before: Option<&Record>, after: Option<&Record>, by: &str) {
        self.keep_trail(kind, id, before, after, by);
        self.tell(kind, id, before, after, by);
    }

    /// The reference to a record: its id and its names.
    pub(crate) fn reference(&self, kind: Kind, id: i64) -> Option<Value> {
        let record = self.tables.get(kind, id)?;
        let mut reference = Record::new();
        reference.insert("id".into(), id.into());
        if kind == Kind::Company
            && let Some(identifier) = record.get("identifier")
        {
            reference.insert("identifier".into(), identifier.clone());
        }
        // An item of the catalogue is named by its identifier alone.
        let called = if kind == Kind::Product { "identifier" } else { "name" };
        reference.insert(called.into(), name(kind, record).into());
        Some(Value::Object(reference))
    }

    fn rename(&mut self, renamed: Kind, id: i64) {
        let Some(reference) = self.reference(renamed, id) else {
            return;
        };
        for kind in [Kind::Company, Kind::Contact, Kind::Note, Kind::Site, Kind::Agreement, Kind::Addition] {
            for field in kind.schema().fields {
                if !matches!(field.shape, Shape::Reference(Some(target)) if target == renamed) {
                    continue;
                }
                for record in self.tables.rows_mut(kind).values_mut() {
                    if let Some(value) = record.get_mut(field.name)
                        && value["id"] == id
                    {
                        *value = reference.clone();
                    }
                }
            }
        }
    }

    /// The company that a record belongs to, through what it hangs below if it names none.
    pub(crate) fn company_of(&self, kind: Kind, record: &Record) -> Option<i64> {
        match above(kind) {
            Some(holder) if holder != Kind::Company => {
                let holding = self.record(holder, parent(kind, record)?)?;
                owner(holder, holding)
            }
            _ => owner(kind, record),
        }
    }
}

/// The company a record names; a company belongs to itself.
pub(crate) fn owner(kind: Kind, record: &Record) -> Option<i64> {
    match kind {
        Kind::Company => record.get("id").and_then(Value::as_i64),
        Kind::Contact | Kind::Note | Kind::Site | Kind::Agreement | Kind::Ticket => {
            reference_id(record, "company")
        }
        _ => None,
    }
}

/// The id in a reference.
pub(crate) fn reference_id(record: &Record, field: &str) -> Option<i64> {
    record.get(field).and_then(|reference| reference["id"].as_i64())
}

/// The kind of record that this one hangs below.
pub(crate) fn above(kind: Kind) -> Option<Kind> {
    match kind {
        Kind::Addition => Some(Kind::Agreement),
        Kind::BoardStatus | Kind::BoardType => Some(Kind::Board),
        Kind::TicketNote => Some(Kind::Ticket),
        Kind::TypeAssociation => Some(Kind::Contact),
        Kind::Note | Kind::Site => Some(Kind::Company),
        _ => None,
    }
}

/// The field that says what a record hangs below: an id, or a reference.
pub(crate) fn parent_field(kind: Kind) -> &'static str {
    match above(kind) {
        Some(Kind::Agreement) => "agreementId",
        Some(Kind::Ticket) => "ticketId",
        Some(Kind::Board) => "board",
        Some(Kind::Contact) => "contact",
        _ => "company",
    }
}

/// The record that this one hangs below; a company itself.
pub(crate) fn parent(kind: Kind, record: &Record) -> Option<i64> {
    if above(kind).is_none() {
        return owner(kind, record);
    }
    let field = parent_field(kind);
    record.get(field).and_then(Value::as_i64).or_else(|| reference_id(record, field))
}

/// A contact's communication items.
pub(crate) fn items(contact: &Record) -> &[Value] {
    contact.get("communicationItems").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// How a reference names this record.
pub(crate) fn name(kind: Kind, record: &Record) -> String {
    let text = |field: &str| record.get(field).and_then(Value::as_str).unwrap_or_default();
    if kind == Kind::Contact {
        let full = format!("{} {}", text("firstName"), text("lastName"));
        full.trim().to_owned()
    } else {
        text(kind.name_field()).to_owned()
    }
}
