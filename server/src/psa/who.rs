//! A ticket and a contact as the member has them on the screen, and who is on a ticket.

use pod_view::wire::Proof;
use reconcile::ContactId;
use reqwest::Method;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;

use super::{Caller, Psa, PsaError, Rejection, Write, contacts::Reference};

/// A ticket that a member has opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenTicket {
    /// The company that it is about.
    pub company: i64,
    /// Its contact.
    pub contact: Option<(ContactId, String)>,
    /// What the PSA knows of who it came from: the sender of a mail, else the address, the number or the
    /// name on it. Empty where it knows nothing.
    pub known: String,
}

/// A contact that a member has opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenContact {
    /// The company that it belongs to.
    pub company: i64,
    /// Its name.
    pub name: String,
    /// It is inactive.
    pub inactive: bool,
    /// Its address, else its number, else its name.
    pub known: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TicketRecord {
    id: i64,
    company: Option<Reference>,
    contact: Option<Reference>,
    #[serde(default)]
    contact_name: Option<String>,
    #[serde(default)]
    contact_phone_number: Option<String>,
    #[serde(default)]
    contact_email_address: Option<String>,
    #[serde(default)]
    initial_description_from: Option<String>,
    #[serde(default)]
    contact_email_lookup: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ContactRecord {
    id: i64,
    company: Option<Reference>,
    #[serde(default)]
    first_name: Option<String>,
    #[serde(default)]
    last_name: Option<String>,
    #[serde(default)]
    inactive_flag: bool,
    #[serde(default)]
    communication_items: Option<Vec<Item>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    #[serde(default)]
    communication_type: Option<String>,
    #[serde(default)]
    value: Option<String>,
    #[serde(default)]
    default_flag: bool,
}

/// The first text with something in it.
fn first(texts: impl IntoIterator<Item = Option<String>>) -> String {
    texts
        .into_iter()
        .flatten()
        .map(|text| text.trim().to_owned())
        .find(|text| !text.is_empty())
        .unwrap_or_default()
}

impl TicketRecord {
    fn known(self) -> String {
        let is_address = |text: &String| text.contains('@');
        first([
            // Who wrote says more than the contact that the PSA put there for lack of a better one.
            self.initial_description_from.filter(is_address),
            self.contact_email_lookup.filter(is_address),
            self.contact_email_address,
            self.contact_phone_number,
            self.contact_name,
        ])
    }
}

impl ContactRecord {
    fn item(&self, kind: &str) -> Option<String> {
        let of_kind = |item: &&Item| {
            item.communication_type.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(kind))
        };
        let mut items: Vec<&Item> = self.communication_items.iter().flatten().filter(of_kind).collect();
        items.sort_by_key(|item| !item.default_flag);
        items.first().and_then(|item| item.value.clone())
    }
}

impl Psa {
    /// A ticket as the member sees it, whose proof was accepted before; `Forbidden` when they may not, or
    /// when there is none (ConnectWise PSA REST API, GET /service/tickets/{id}).
    pub async fn ticket_of_member(&self, proof: &Proof, id: i64) -> Result<OpenTicket, PsaError> {
        let record: TicketRecord = self.of_member(proof, &["service", "tickets", &id.to_string()]).await?;
        let company = record.company.as_ref().filter(|_| record.id == id).ok_or(PsaError::Forbidden)?.id;
        let contact = record.contact.as_ref().map(|contact| (ContactId(contact.id), contact.name.clone()));
        Ok(OpenTicket { company, contact, known: record.known() })
    }

    /// A contact as the member sees it, whose proof was accepted before; `Forbidden` when they may not, or
    /// when there is none (ConnectWise PSA REST API, GET /company/contacts/{id}).
    pub async fn contact_of_member(&self, proof: &Proof, id: i64) -> Result<OpenContact, PsaError> {
        let record: ContactRecord = self.of_member(proof, &["company", "contacts", &id.to_string()]).await?;
        let company = record.company.as_ref().filter(|_| record.id == id).ok_or(PsaError::Forbidden)?.id;
        let parts = [record.first_name.as_deref(), record.last_name.as_deref()];
        let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ").trim().to_owned();
        let known = first([record.item("Email"), record.item("Phone"), Some(name.clone())]);
        Ok(OpenContact { company, name, inactive: record.inactive_flag, known })
    }

    async fn of_member<T: DeserializeOwned>(&self, proof: &Proof, path: &[&str]) -> Result<T, PsaError> {
        let form = *self.shared.form.lock().expect("nobody panics holding it");
        match self.get(Caller::Member(proof, form), path, &[]).await {
            Err(PsaError::NotFound) => Err(PsaError::Forbidden),
            read => read,
        }
    }

    /// Who is on a ticket of a company; none when it was deleted or is another company's by now.
    pub async fn on_ticket(
        &self,
        company: i64,
        ticket: i64,
    ) -> Result<Option<Option<(ContactId, String)>>, PsaError> {
        let path = ["service", "tickets", &ticket.to_string()];
        let record: TicketRecord = match self.get(Caller::Integrator, &path, &[]).await {
            Err(PsaError::NotFound) => return Ok(None),
            read => read?,
        };
        let is_its = record.id == ticket && record.company.is_some_and(|of| of.id == company);
        Ok(is_its.then(|| record.contact.map(|contact| (ContactId(contact.id), contact.name))))
    }

    /// Whether a contact is an active one of this company.
    pub async fn is_active_contact(&self, company: i64, id: ContactId) -> Result<bool, PsaError> {
        let path = ["company", "contacts", &id.to_string()];
        let record: ContactRecord = match self.get(Caller::Integrator, &path, &[]).await {
            Err(PsaError::NotFound) => return Ok(false),
            read => read?,
        };
        let is_its = record.id == id.0 && record.company.is_some_and(|of| of.id == company);
        Ok(is_its && !record.inactive_flag)
    }

    /// Puts a contact on a ticket, in one PATCH. Nobody is mailed because of it (ConnectWise PSA REST API,
    /// PATCH /service/tickets/{id}).
    pub async fn put_on_ticket(&self, ticket: i64, contact: ContactId) -> Result<Write<()>, PsaError> {
        let path = ["service", "tickets", &ticket.to_string()];
        let operations = json!([
            { "op": "replace", "path": "/contact", "value": { "id": contact.0 } },
            { "op": "replace", "path": "/processNotifications", "value": false },
        ]);
        let written =
            self.write_within(Some(super::contacts::SOON), Method::PATCH, &path, &operations).await?;
        Ok(match written {
            Write::Applied(record) if record["id"] != ticket => Write::Unknown,
            Write::Applied(record) if record["contact"]["id"] != contact.0 => {
                Write::Rejected(Rejection::NotMade)
            }
            Write::Applied(_) => Write::Applied(()),
            Write::Rejected(rejection) => Write::Rejected(rejection.of_change(&["contact"])),
            Write::Unknown => Write::Unknown,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_wrote_says_more_than_the_contact_that_the_psa_put_there() {
        let ticket = |record| serde_json::from_value::<TicketRecord>(record).unwrap().known();
        let record = json!({
            "id": 1, "contactName": "Ann Smith", "contactPhoneNumber": "020 7946 0018",
            "contactEmailAddress": "reception@harbor.example",
            "initialDescriptionFrom": "Ann <ann@harbor.example>",
        });
        assert_eq!(ticket(record.clone()), "Ann <ann@harbor.example>");
        let without = |names: &[&str]| {
            let mut record = record.clone();
            for name in names {
                record.as_object_mut().unwrap().remove(*name);
            }
            ticket(record)
        };
        assert_eq!(without(&["initialDescriptionFrom"]), "reception@harbor.example");
        assert_eq!(without(&["initialDescriptionFrom", "contactEmailAddress"]), "020 7946 0018");
        assert_eq!(ticket(json!({ "id": 1, "contactName": "Ann Smith" })), "Ann Smith");
        assert_eq!(ticket(json!({ "id": 1, "contactEmailAddress": " " })), "");
    }
}
