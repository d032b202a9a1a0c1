//! Finding out how writes ended whose answer did not come, by reading; never by writing again.

use std::{collections::HashSet, sync::Arc};

use reconcile::{AccountId, Contact, ContactId, RowKey, RowKind};

use super::{
    Actor,
    execute::{self, Body, End},
};
use crate::{
    security::keys::random_id,
    store::{StoreError, Unsettled},
    sync::{Company, Service},
};

/// A request whose answer did not come may still be carried out, and a contact may appear in
/// lists with a delay: until this many seconds have passed, "not there" is not an answer.
const SETTLING_SECONDS: i64 = 120;

/// What became of writes whose answer did not come.
#[derive(Debug, Default)]
pub(super) struct Settled {
    accounts: HashSet<AccountId>,
    contacts: HashSet<ContactId>,
    not_written: HashSet<RowKey>,
}

impl Settled {
    /// Whether a write about this account or this contact is still unsettled: nothing may be
    /// written about either until it is.
    pub(super) fn is_open(&self, key: &RowKey) -> bool {
        key.account.is_some_and(|account| self.accounts.contains(&account))
            || key.contact.is_some_and(|contact| self.contacts.contains(&contact))
    }

    /// Whether the row's write was certainly not made.
    pub(super) fn was_not_written(&self, key: &RowKey) -> bool {
        self.not_written.contains(key)
    }
}

/// What is seen of a write in the PSA.
enum Found {
    Written(ContactId),
    NotThere,
    /// It could not be looked up just now.
    CannotSay,
}

impl From<Option<ContactId>> for Found {
    fn from(contact: Option<ContactId>) -> Self {
        contact.map_or(Self::NotThere, Self::Written)
    }
}

/// Settles the company's open intents, unless a run is under way, which does it itself. In a task
/// of its own: a pod that is closed meanwhile leaves no lease behind.
pub async fn settle_if_idle(
    service: &Arc<Service>,
    company: &Company,
    contacts: &[Contact],
    read_at: i64,
) -> Result<(), StoreError> {
    if service.store.unsettled_intents(&company.key).await?.is_empty() {
        return Ok(());
    }
    let (service, company, contacts) = (Arc::clone(service), company.clone(), contacts.to_vec());
    let runs = service.runs.clone();
    let task = runs.spawn(async move {
        let store = &service.store;
        let Some(lease) = store.take_lease(&company.key, &random_id()).await? else { return Ok(()) };
        let settled = settle(&service, &company, &contacts, read_at).await.map(drop);
        store.release_lease(&lease).await?;
        settled
    });
    // A task that panicked has said so in the log, and settled nothing.
    task.await.unwrap_or(Ok(()))
}

/// Settles the company's open intents by the contacts that the PSA had at `read_at`. Whoever calls
/// this holds the company's lease, so nobody is writing.
pub(super) async fn settle(
    service: &Service,
    company: &Company,
    contacts: &[Contact],
    read_at: i64,
) -> Result<Settled, StoreError> {
    let mut settled = Settled::default();
    let links = service.store.links(&company.key).await?;
    let mut linked: HashSet<ContactId> = links.iter().map(|link| link.contact).collect();
    for unsettled in service.store.unsettled_intents(&company.key).await? {
        let Unsettled { intent, member_id, member, since } = &unsettled;
        let actor = Actor { member_id: *member_id, member: member.clone() };
        let body = execute::open(service, company, intent);
        let own = intent.account.and_then(|account| links.iter().find(|link| link.account == account));
        let found = match (&body, intent.contact) {
            (None, _) => Found::NotThere,
            (Some(body), None) => created(body, own.map(|link| link.contact), &linked, contacts).into(),
            (Some(body), Some(id)) => match body.undone.as_ref().and_then(|undone| undone.back_to) {
                // Once it went back it is in no list of this company's.
                Some(home) => went_back(company, id, home).await,
                None => contacts
                    .iter()
                    .find(|contact| contact.id == id && body.is_so(contact))
                    // A link alone writes nothing in the PSA: it is simply made again.
                    .filter(|_| intent.kind != RowKind::Link)
                    .map(|contact| contact.id)
                    .into(),
            },
        };
        let end = match found {
            Found::Written(contact) => {
                linked.insert(contact);
                End::Applied(contact)
            }
            Found::NotThere if intent.kind == RowKind::Link || read_at - since >= SETTLING_SECONDS => {
                settled.not_written.insert(RowKey { account: intent.account, contact: intent.contact });
                End::Rejected
            }
            Found::NotThere | Found::CannotSay => {
                settled.accounts.extend(intent.account);
                settled.contacts.extend(intent.contact);
                continue;
            }
        };
        execute::conclude(service, company, intent, &actor, body.as_ref(), end).await?;
    }
    Ok(settled)
}

/// Where a contact is that was to go back to the company that it was brought from.
async fn went_back(company: &Company, contact: ContactId, home: i64) -> Found {
    match company.psa().home_of(contact).await {
        Ok(now) => (now == Some(home)).then_some(contact).into(),
        Err(_) => Found::CannotSay,
    }
}

/// The contact that a creation made: newer than any that was there before, with exactly its
/// values, and linked to nobody but the creation's own account. Of several the oldest: the others
/// came after ours.
fn created(
    body: &Body,
    own: Option<ContactId>,
    linked: &HashSet<ContactId>,
    contacts: &[Contact],
) -> Option<ContactId> {
    contacts
        .iter()
        .filter(|contact| contact.id.0 > body.newest && body.is_so(contact))
        .filter(|contact| own == Some(contact.id) || !linked.contains(&contact.id))
        .map(|contact| contact.id)
        .min()
}
