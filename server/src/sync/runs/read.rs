//! What a run begins with: both sides, what became of earlier writes and decisions, and the plan.

use std::collections::{HashMap, HashSet};

use reconcile::{AccountId, ContactId, Decision, Decisions, Link, Plan, Prepared, RowKind, Subject, prepare};

use super::{
    Stop,
    settle::{Settled, settle},
    writing::Writing,
};
use crate::{
    psa::{CompanyRecord, ReadContacts, References},
    store::StoreError,
    sync::{links, read_both},
};

/// Both sides and the plan that follows, with earlier writes settled.
pub(super) struct Read {
    pub(super) record: CompanyRecord,
    pub(super) references: References,
    pub(super) prepared: Prepared,
    pub(super) plan: Plan,
    pub(super) settled: Settled,
    pub(super) links: Vec<Link>,
    /// What decides who is in sight, as it is now.
    pub(super) scope: String,
    /// When the contacts were read, by the client's clock.
    pub(super) contacts_read_at: std::time::Duration,
    /// When the directory was read, seconds since 1970.
    pub(super) directory_read_at: i64,
}

pub(super) async fn read(writing: &Writing<'_>) -> Result<Read, Stop> {
    let Writing { service, company, .. } = writing;
    let sides = tokio::select! {
        sides = read_both(service, company, |progress| writing.told.reading(progress)) => sides?,
        () = service.stopping.cancelled() => return Err(Stop::Stopping),
    };
    let ReadContacts { company: record, contacts, references, read_at } = sides.contacts;
    let now = sides.contacts_read_at;
    let settled = settle(service, company, &contacts, sides.contacts_read_at).await?;
    links::rebuilt(service, company, &contacts).await?;
    let snapshot = sides.snapshot.into_snapshot();
    let pairs = links::seen(service, company, &snapshot, now).await?;
    let links = links::current(service, company, &contacts, pairs).await?;
    let decisions = service.store.decisions(&company.key).await?;
    let (policy, by_links, by_decisions) = (sides.policy, links.clone(), decisions.clone());
    let planned = service.off_thread(move || {
        let prepared = prepare(snapshot, contacts, &policy);
        let plan = prepared.plan(&by_links, &by_decisions);
        (prepared, plan)
    });
    let (prepared, plan) = planned.await;
    let read = Read {
        record,
        references,
        prepared,
        plan,
        settled,
        links,
        scope: sides.scope,
        contacts_read_at: read_at,
        directory_read_at: now,
    };
    retire_decisions(writing, &read, &decisions).await?;
    Ok(read)
}

/// Ends decisions that came true without a write of ours: a draft that stayed would speak again
/// when things change later.
async fn retire_decisions(
    writing: &Writing<'_>,
    read: &Read,
    decisions: &Decisions,
) -> Result<(), StoreError> {
    let Read { prepared, links, .. } = read;
    let linked: HashMap<AccountId, ContactId> =
        links.iter().map(|link| (link.account, link.contact)).collect();
    let unchanged: HashSet<AccountId> = read
        .plan
        .rows
        .iter()
        .filter(|row| row.kind == RowKind::Unchanged)
        .filter_map(|row| row.account)
        .collect();
    let inactive = |id| prepared.contact(id).is_some_and(|contact| contact.inactive);
    let active = |id| prepared.contact(id).is_some_and(|contact| !contact.inactive);
    for (&subject, &decision) in decisions {
        let came_true = match (subject, decision) {
            (Subject::Account(account), Decision::Match(contact)) => {
                linked.get(&account) == Some(&contact) && active(contact)
            }
            (Subject::Contact(contact), Decision::Deactivate) => inactive(contact),
            // It changed, and nothing is left to ask: should it change back one day, that is another matter.
            (Subject::Account(account), Decision::Left(state)) => {
                state != prepared.state_of(account) && unchanged.contains(&account)
            }
            _ => false,
        };
        if came_true {
            let account = if let Subject::Account(account) = subject { Some(account) } else { None };
            let overruled = account.and_then(|account| prepared.exclusion(account));
            let leaves = overruled.filter(|_| decision.says_somebody()).map(|_| Decision::Person);
            let key = &writing.company.key;
            writing.service.store.use_up_decision(key, subject, decision, leaves).await?;
        }
    }
    Ok(())
}
