//! Finding out how writes ended whose answer did not come, by reading; never by writing again.

use std::collections::HashSet;

use reconcile::{Contact, ContactId, FieldChange, RowKey, RowKind};

use super::{
    Company, Service,
    execute::{Body, intent_place, remember},
};
use crate::store::{Intent, IntentState, StoreError};

/// A created contact may appear in lists with a delay: until this many seconds have passed,
/// "not there" is not an answer.
const SETTLING_SECONDS: i64 = 120;

/// What became of writes whose answer did not come, by the keys of their rows.
#[derive(Debug, Default)]
pub(super) struct Settled {
    /// Not known yet: nothing may be written for these rows.
    pub(super) open: HashSet<RowKey>,
    /// Certainly not written.
    pub(super) not_written: HashSet<RowKey>,
}

/// Settles the company's open intents by what the PSA has now.
pub(super) async fn settle(
    service: &Service,
    company: &Company,
    contacts: &[Contact],
) -> Result<Settled, StoreError> {
    let mut settled = Settled::default();
    for intent in service.store.unsettled_intents(&company.key).await? {
        let key = RowKey { account: intent.account, contact: intent.contact };
        let place = intent_place(company, &intent.id);
        let body: Option<Body> = service
            .master_key
            .derive("intent")
            .open(&[&place[0], &place[1], &place[2]], &intent.body)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok());
        // Without its body nothing can be compared; the plan then sees the PSA as it is, and asks.
        let end = match body {
            None => End::NotWritten,
            Some(body) => look(service, company, &intent, &body, contacts).await?,
        };
        match end {
            End::Written(contact) => {
                remember(service, company, intent.kind, intent.account, contact).await?;
                service.store.settle_intent(&intent.id, IntentState::Applied).await?;
            }
            End::NotWritten => {
                service.store.settle_intent(&intent.id, IntentState::Rejected).await?;
                settled.not_written.insert(key);
            }
            End::TooEarly => {
                settled.open.insert(key);
            }
        }
    }
    Ok(settled)
}

enum End {
    Written(ContactId),
    NotWritten,
    TooEarly,
}

async fn look(
    service: &Service,
    company: &Company,
    intent: &Intent,
    body: &Body,
    contacts: &[Contact],
) -> Result<End, StoreError> {
    let Some(id) = intent.contact else {
        let linked: HashSet<ContactId> =
            service.store.links(&company.key).await?.into_iter().map(|link| link.contact).collect();
        let made: Vec<&Contact> = contacts
            .iter()
            .filter(|contact| {
                !linked.contains(&contact.id) && !contact.inactive && holds(contact, &body.fields)
            })
            .collect();
        return Ok(match made.as_slice() {
            [contact] => End::Written(contact.id),
            [] if service.clock.now() - intent.created_at < SETTLING_SECONDS => End::TooEarly,
            // None: it was not made. Several: the plan finds them and asks.
            _ => End::NotWritten,
        });
    };
    let written = contacts.iter().find(|contact| contact.id == id).is_some_and(|contact| {
        body.inactive.is_none_or(|inactive| contact.inactive == inactive) && holds(contact, &body.fields)
    });
    // A link alone writes nothing in the PSA: it is simply made again.
    Ok(if written && intent.kind != RowKind::Link { End::Written(id) } else { End::NotWritten })
}

/// Whether the contact has every one of these values.
fn holds(contact: &Contact, fields: &[FieldChange]) -> bool {
    use reconcile::Field;
    fields.iter().all(|change| match change.field {
        Field::FirstName => contact.first_name == change.new,
        Field::LastName => contact.last_name == change.new,
        Field::Title => contact.title == change.new,
        Field::Email | Field::Direct | Field::Mobile | Field::Fax => {
            change.field.slot().is_some_and(|slot| {
                contact.communications.iter().any(|item| item.slot == slot && item.value == change.new)
            })
        }
    })
}
