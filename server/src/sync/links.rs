//! The company's links, and what a read of both sides says about them.

use std::collections::{BTreeMap, HashSet};

use reconcile::{AccountId, Contact, ContactId, Link, Snapshot};

use super::{Company, Service};
use crate::store::StoreError;

/// The links, with the time since when accounts are missing by this complete read of the directory.
pub async fn seen(
    service: &Service,
    company: &Company,
    snapshot: &Snapshot,
    read_at: i64,
) -> Result<Vec<Link>, StoreError> {
    let there: HashSet<AccountId> = snapshot.accounts.iter().map(|account| account.id).collect();
    let mut links = service.store.links(&company.key).await?;
    let mut changed = Vec::new();
    for link in &mut links {
        let missing = !there.contains(&link.account);
        if missing != link.missing_since.is_some() {
            link.missing_since = missing.then_some(read_at);
            changed.push((link.account, link.missing_since));
        }
    }
    service.store.set_missing(&company.key, &changed).await?;
    Ok(links)
}

/// Makes links again that the PSA still knows of and our store does not: it was lost, or an old copy of it
/// was put back. An account id that stands in two contacts, or whose account or contact is linked, says
/// nothing: people copy contacts.
pub async fn rebuilt(service: &Service, company: &Company, contacts: &[Contact]) -> Result<(), StoreError> {
    let mut claims: BTreeMap<AccountId, Vec<ContactId>> = BTreeMap::new();
    for contact in contacts {
        if let Ok(account) = contact.account_id.trim().parse() {
            claims.entry(account).or_default().push(contact.id);
        }
    }
    if claims.is_empty() {
        return Ok(());
    }
    let links = service.store.links(&company.key).await?;
    let accounts: HashSet<AccountId> = links.iter().map(|link| link.account).collect();
    let linked: HashSet<ContactId> = links.iter().map(|link| link.contact).collect();
    for (account, claiming) in claims {
        if let [contact] = claiming[..]
            && !accounts.contains(&account)
            && !linked.contains(&contact)
        {
            service.store.save_link(&company.key, &Link::new(account, contact)).await?;
        }
    }
    Ok(())
}

/// The links as a run has to take them. A contact that we deactivated and that is active again was
/// brought back by a person: should a person deactivate it later, that is no longer our doing.
pub(super) async fn current(
    service: &Service,
    company: &Company,
    contacts: &[Contact],
    mut links: Vec<Link>,
) -> Result<Vec<Link>, StoreError> {
    let active: HashSet<ContactId> =
        contacts.iter().filter(|contact| !contact.inactive).map(|contact| contact.id).collect();
    for link in links.iter_mut().filter(|link| link.deactivated_by_us && active.contains(&link.contact)) {
        link.deactivated_by_us = false;
        service.store.save_link(&company.key, link).await?;
    }
    Ok(links)
}
