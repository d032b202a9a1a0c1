//! Taking back what was written to a contact.

use reconcile::{Contact, Field, FieldChange};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Caller, CompanyRecord, Psa, PsaError, References, Write,
    contacts::{PROMPTLY, Reference, SOON, held_against, property},
};

/// What takes back a change of a contact.
#[derive(Debug)]
pub struct Restoration<'a> {
    /// The contact as it was read just now, with the new values.
    pub contact: &'a Contact,
    /// The changes that were made; each is made undone.
    pub fields: &'a [FieldChange],
    /// Deactivate (`Some(true)`), bring back (`Some(false)`), or neither.
    pub inactive: Option<bool>,
}

/// One type of a contact (ConnectWise PSA REST API, GET /company/contacts/{id}/typeAssociations).
#[derive(Debug, Deserialize)]
struct TypeOfContact {
    id: i64,
    #[serde(rename = "type")]
    kind: Option<Reference>,
}

impl Psa {
    /// Gives a contact its old values back, in one PATCH; types that it got are taken from it one by one.
    /// A value that it did not have before is taken away.
    pub async fn restore_contact(
        &self,
        restoration: &Restoration<'_>,
        company: &CompanyRecord,
        references: &References,
    ) -> Result<Write<()>, PsaError> {
        let Restoration { contact, fields, inactive } = restoration;
        for change in fields.iter().filter(|change| change.field == Field::Type) {
            match self.take_type(contact, &change.new).await? {
                Write::Applied(()) => {}
                other => return Ok(other),
            }
        }
        let mut operations = Vec::new();
        if let Some(inactive) = inactive {
            operations.push(json!({ "op": "replace", "path": "/inactiveFlag", "value": inactive }));
        }
        for change in fields.iter().filter(|c| c.field != Field::Type && !c.field.is_communication()) {
            let path = format!("/{}", property(change.field, references));
            let Some(old) = &change.old else {
                operations.push(json!({ "op": "remove", "path": path }));
                continue;
            };
            let before = FieldChange { new: old.clone(), ..change.clone() };
            match self.value(&before, references).await? {
                Write::Applied(value) => {
                    operations.push(json!({ "op": "replace", "path": path, "value": value }));
                }
                Write::Rejected(rejection) => return Ok(Write::Rejected(rejection)),
                Write::Unknown => return Ok(Write::Unknown),
            }
        }
        operations.extend(of_items(contact, fields));
        if operations.is_empty() {
            return Ok(Write::Applied(()));
        }
        let by_place = fields.iter().any(|change| change.field.is_communication());
        let time = if by_place { PROMPTLY } else { SOON };
        let id = contact.id.to_string();
        let path = ["company", "contacts", &id];
        let body = Value::Array(operations);
        let written = self.write_within(Some(time), Method::PATCH, &path, &body).await?;
        self.doubt_references_of(&written).await;
        Ok(held_against(written, contact.id, company, references, |now| {
            let mut patched = fields.iter().filter(|change| change.field != Field::Type);
            inactive.is_none_or(|inactive| now.inactive == inactive)
                && patched.all(|change| change.is_undone(now))
        }))
    }

    /// Takes a type from a contact. One that it does not have is no matter.
    async fn take_type(&self, contact: &Contact, name: &str) -> Result<Write<()>, PsaError> {
        let id = contact.id.to_string();
        let list = ["company", "contacts", &id, "typeAssociations"];
        let types: Vec<TypeOfContact> =
            self.list(Caller::Integrator, &list, &[], |of: &TypeOfContact| of.id, |_| {}).await?;
        let named = |of: &&TypeOfContact| of.kind.as_ref().is_some_and(|kind| kind.name == name);
        let Some(of) = types.iter().find(named) else { return Ok(Write::Applied(())) };
        let path = ["company", "contacts", &id, "typeAssociations", &of.id.to_string()];
        let written = self.write_within(Some(SOON), Method::DELETE, &path, &Value::Null).await?;
        Ok(written.and_then(|_| Some(())))
    }
}

/// The operations on communication items: values first; then what is taken away, the last place first,
/// because each removal moves what comes after it.
fn of_items(contact: &Contact, fields: &[FieldChange]) -> Vec<Value> {
    let mut values = Vec::new();
    let mut removed = Vec::new();
    for change in fields.iter().filter(|change| change.field.is_communication()) {
        let Some(place) = change.place_in(contact) else { continue };
        match &change.old {
            Some(old) => values.push(json!({
                "op": "replace", "path": format!("/communicationItems/{place}/value"), "value": old,
            })),
            None => removed.push(place),
        }
    }
    removed.sort_unstable();
    removed.dedup();
    values.extend(
        removed
            .into_iter()
            .rev()
            .map(|place| json!({ "op": "remove", "path": format!("/communicationItems/{place}") })),
    );
    values
}
