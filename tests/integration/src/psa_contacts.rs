//! The PSA's contacts of a company, as a test looks at them.

use psa_simulator::Record;
use serde_json::Value;

use crate::service::Deployment;

/// One contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PsaContact {
    /// The PSA's record id.
    pub id: i64,
    /// `firstName` and `lastName`.
    pub name: (String, String),
    /// `title`.
    pub title: String,
    /// `inactiveFlag`.
    pub inactive: bool,
    /// E-mail addresses in lower case.
    pub addresses: Vec<String>,
    /// Every value of a communication item, as stored.
    pub communications: Vec<String>,
}

/// All contacts of a company, by id.
#[must_use]
pub fn psa_contacts(deployment: &Deployment, company: i64) -> Vec<PsaContact> {
    let world = deployment.psa.world();
    let world = world.lock();
    let mut contacts: Vec<PsaContact> = world.contacts_of(company).into_iter().map(contact).collect();
    contacts.sort_by_key(|contact| contact.id);
    contacts
}

fn contact(record: &Record) -> PsaContact {
    let text = |name: &str| record.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let items = record.get("communicationItems").and_then(Value::as_array).cloned().unwrap_or_default();
    let values = |kind: Option<&str>| -> Vec<String> {
        items
            .iter()
            .filter(|item| kind.is_none_or(|kind| item["communicationType"] == kind))
            .filter_map(|item| item["value"].as_str().map(str::to_owned))
            .collect()
    };
    PsaContact {
        id: record.get("id").and_then(Value::as_i64).unwrap_or_default(),
        name: (text("firstName"), text("lastName")),
        title: text("title"),
        inactive: record.get("inactiveFlag").and_then(Value::as_bool).unwrap_or_default(),
        addresses: values(Some("Email")).iter().map(|address| address.to_lowercase()).collect(),
        communications: values(None),
    }
}

/// How many requests the PSA had that write.
#[must_use]
pub fn writes(deployment: &Deployment) -> usize {
    let world = deployment.psa.world();
    let world = world.lock();
    world.requests().iter().filter(|request| request.method != "GET").count()
}
