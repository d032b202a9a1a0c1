//! A run that writes what a person approved: each approved row that is planned again as it was.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use pod_view::wire::{Approved, Outcome, RunKind, RunState};
use reconcile::{AccountId, ContactId, Plan, Prepared, Row, RowKind};

use super::{
    Stop,
    read::read,
    settle::Settled,
    writing::{Verdict, Writing},
};
use crate::sync::glance::seen_after;

pub(super) async fn work(writing: &Writing<'_>) -> Result<RunState, Stop> {
    let read = read(writing).await?;
    let rows = writing.rows().await?;
    let by_key = Index::new(&read.plan);
    let verdicts = rows
        .iter()
        .filter(|row| row.is_open())
        .map(|row| (row.approved, by_key.verdict(&row.approved, &read.prepared, &read.settled)))
        .collect();
    writing.write(&read, verdicts).await?;
    seen_after(writing.service, writing.company, read.directory_read_at, &read.plan, &writing.run.id).await?;
    // One person says nothing of the others.
    if writing.run.kind == RunKind::Person {
        return Ok(if writing.told.counts().need_a_person() { RunState::Questions } else { RunState::Done });
    }
    let store = &writing.service.store;
    store.set_reviewed_scope(&writing.company.key, &read.scope).await?;
    let approved: HashSet<_> = rows.iter().map(|row| row.approved.key).collect();
    let asked = |row: &&Arc<Row>| row.kind == RowKind::NeedsDecision && !approved.contains(&row.key());
    let questions = read.plan.rows.iter().filter(asked).count() as u64;
    writing.told.count(|counts| counts.questions = questions);
    Ok(if writing.told.counts().need_a_person() { RunState::Questions } else { RunState::Done })
}

/// The rows of the new plan by what approved rows name.
struct Index<'a> {
    by_account: HashMap<AccountId, &'a Arc<Row>>,
    by_contact: HashMap<ContactId, &'a Arc<Row>>,
}

impl<'a> Index<'a> {
    fn new(plan: &'a Plan) -> Self {
        Self {
            by_account: plan.rows.iter().filter_map(|row| Some((row.account?, row))).collect(),
            by_contact: plan.rows.iter().filter_map(|row| Some((row.contact?, row))).collect(),
        }
    }

    fn verdict(&self, approved: &Approved, prepared: &Prepared, settled: &Settled) -> Verdict {
        let row = match (approved.key.account, approved.key.contact) {
            (Some(account), contact) => self
                .by_account
                .get(&account)
                .or_else(|| contact.and_then(|contact| self.by_contact.get(&contact))),
            (None, Some(contact)) => self.by_contact.get(&contact),
            (None, None) => None,
        };
        let told = |outcome| Verdict::Told(Some(approved.kind), outcome);
        if settled.is_open(&approved.key) {
            return told(Outcome::Unknown);
        }
        match row {
            Some(row)
                if row.key() == approved.key
                    && row.fingerprint == approved.fingerprint
                    && row.kind.writes() =>
            {
                Verdict::Write(Arc::clone(row))
            }
            row if is_already_so(approved, row, prepared) => told(Outcome::AlreadySo),
            row => told(Outcome::Moved(row.map(|row| row.kind))),
        }
    }
}

/// Whether what was approved is how things are now, by somebody else's doing or an earlier run's.
fn is_already_so(approved: &Approved, row: Option<&&Arc<Row>>, prepared: &Prepared) -> bool {
    let contact = |id: Option<ContactId>| id.and_then(|id| prepared.contact(id));
    if approved.kind == RowKind::Deactivate {
        return contact(approved.key.contact).is_some_and(|contact| contact.inactive);
    }
    row.is_some_and(|row| {
        row.kind == RowKind::Unchanged
            && (approved.key.contact.is_none() || row.contact == approved.key.contact)
            && contact(row.contact).is_some_and(|contact| !contact.inactive)
            && row.account.and_then(|id| prepared.account(id)).is_some_and(|account| account.enabled)
    })
}
