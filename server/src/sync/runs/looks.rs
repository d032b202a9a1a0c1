//! Looking again, just before a write: the PSA has no precondition on a write, and the plan may be
//! minutes old. One request looks at many contacts, and what was read a moment ago is not read
//! again, so a look costs next to nothing.

use std::{collections::HashMap, time::Duration};

use reconcile::{Contact, ContactId, Prepared};
use tokio::sync::Mutex;

use crate::psa::{CompanyRecord, MOST_AT_A_LOOK, Psa, PsaError, References};

/// How old a look may be when a contact is changed.
const FRESH: Duration = Duration::from_secs(10);
/// How old a look for new contacts may be when one is made: two of a kind are worse than a call.
const FRESH_FOR_A_CREATION: Duration = Duration::from_secs(1);

/// The contacts that a run writes, as they are now.
pub(super) struct Looks<'a> {
    pub(super) psa: &'a Psa,
    pub(super) record: &'a CompanyRecord,
    pub(super) references: &'a References,
    pub(super) prepared: &'a Prepared,
    /// When the plan's contacts were read, by the client's clock.
    pub(super) read_at: Duration,
    /// The contacts that will be written, in that order.
    pub(super) order: Vec<ContactId>,
    pub(super) seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
pub(super) struct Seen {
    contacts: HashMap<ContactId, (Duration, Option<Contact>)>,
    newer: Option<(Duration, Vec<Contact>)>,
}

impl Looks<'_> {
    fn is_younger(&self, at: Duration, age: Duration) -> bool {
        self.psa.now().saturating_sub(at) < age
    }

    /// The contact as it is; `None` when the company no longer has it.
    pub(super) async fn contact(&self, id: ContactId) -> Result<Option<Contact>, PsaError> {
        if self.is_younger(self.read_at, FRESH) {
            return Ok(self.prepared.contact(id).cloned());
        }
        // Held while looking: whoever else is about to write waits for this look, and shares it.
        let mut seen = self.seen.lock().await;
        if let Some((at, contact)) = seen.contacts.get(&id)
            && self.is_younger(*at, FRESH)
        {
            return Ok(contact.clone());
        }
        let now = self.psa.now();
        let from = self.order.iter().position(|own| *own == id).unwrap_or_default();
        let some: Vec<ContactId> = self.order.iter().skip(from).take(MOST_AT_A_LOOK).copied().collect();
        let found = self.psa.contacts_again(self.record, &some, self.references).await?;
        let mut found: HashMap<ContactId, Contact> =
            found.into_iter().map(|contact| (contact.id, contact)).collect();
        for one in some {
            seen.contacts.insert(one, (now, found.remove(&one)));
        }
        Ok(seen.contacts.get(&id).and_then(|(_, contact)| contact.clone()))
    }

    /// The contact as it is at this moment: for a change that names its communication items by
    /// their places.
    pub(super) async fn contact_now(&self, id: ContactId) -> Result<Option<Contact>, PsaError> {
        match self.psa.contact(id, self.record, self.references).await {
            Ok(contact) => Ok(Some(contact)),
            Err(PsaError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The highest contact id in the list that the plan was made from.
    pub(super) fn newest(&self) -> i64 {
        self.prepared.contacts().last().map_or(0, |contact| contact.id.0)
    }

    /// Contacts that the company got since the plan's were read.
    pub(super) async fn newer(&self) -> Result<Vec<Contact>, PsaError> {
        let mut seen = self.seen.lock().await;
        if let Some((at, newer)) = &seen.newer
            && self.is_younger(*at, FRESH_FOR_A_CREATION)
        {
            return Ok(newer.clone());
        }
        let now = self.psa.now();
        let newer = self.psa.contacts_newer_than(self.record, self.newest(), self.references).await?;
        seen.newer = Some((now, newer.clone()));
        Ok(newer)
    }
}
