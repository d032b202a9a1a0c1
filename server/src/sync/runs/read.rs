//! What a run begins with: both sides, what became of earlier writes, and the plan.

use reconcile::{Decisions, Link, Plan, Prepared, prepare};

use super::{
    Stop,
    settle::{Settled, settle},
    writing::Writing,
};
use crate::{
    psa::{CompanyRecord, ReadContacts, References},
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
    pub(super) decisions: Decisions,
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
    let prepared = prepare(snapshot, contacts, &sides.policy);
    let plan = prepared.plan(&links, &decisions);
    Ok(Read {
        record,
        references,
        prepared,
        plan,
        settled,
        links,
        decisions,
        scope: sides.scope,
        contacts_read_at: read_at,
        directory_read_at: now,
    })
}
