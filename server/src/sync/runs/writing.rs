//! Writing the rows of a run.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use futures_util::{StreamExt, stream};
use pod_view::wire::{Approved, Outcome, Refusal};
use reconcile::{ContactId, Row, RowKind, Wants};

use super::{
    Actor, Stop,
    execute::{Executor, Stopped, Writer},
    looks::Looks,
    read::Read,
    settle::settle,
    told::Told,
};
use crate::{
    psa::PsaError,
    store::{ApprovedRow, Intent, Lease, RunRow, StoreError},
    sync::{Company, Service},
};

/// Rows written at the same time: they have no keys in common, and the PSA answers one by one.
pub(super) const AT_ONCE: usize = 4;

/// A run that has begun.
pub(super) struct Writing<'a> {
    pub(super) service: &'a Arc<Service>,
    pub(super) company: &'a Company,
    pub(super) run: &'a RunRow,
    pub(super) lease: &'a Lease,
    /// Its rows, as they were when it was begun.
    pub(super) approved: &'a [ApprovedRow],
    pub(super) told: &'a Told<'a>,
}

/// What is to be done about a row.
pub(super) enum Verdict {
    Write(Arc<Row>),
    Told(Option<RowKind>, Outcome),
}

impl Verdict {
    fn contact_to_write(&self) -> Option<ContactId> {
        match self {
            Self::Write(row) => row.contact.filter(|_| row.kind != RowKind::Move),
            Self::Told(..) => None,
        }
    }
}

impl Writing<'_> {
    pub(super) fn actor(&self) -> Actor {
        Actor { member_id: self.run.member_id, member: self.run.member.clone() }
    }

    pub(super) fn writer<'a>(&'a self, actor: &'a Actor) -> Writer<'a> {
        Writer { service: self.service, company: self.company, actor, lease: self.lease, run: &self.run.id }
    }

    /// The run's rows, once what earlier writes came to is settled. When the run was begun before and
    /// its process ended in the middle, rows that were written then are told of now.
    pub(super) async fn rows(&self) -> Result<Vec<ApprovedRow>, StoreError> {
        let mut rows = self.approved.to_vec();
        if self.run.attempts <= 1 {
            return Ok(rows);
        }
        let written = self.service.store.undoable(&self.company.key, &self.run.id).await?;
        for row in rows.iter_mut().filter(|row| row.is_open()) {
            let key = row.approved.key;
            let is_its = |intent: &&Intent| match key.account {
                Some(_) => intent.account == key.account,
                None => intent.contact == key.contact,
            };
            if written.iter().any(|intent| is_its(&intent)) {
                self.told.row(&row.approved, Some(row.approved.kind), Outcome::Applied).await?;
                row.outcome = Some(Outcome::Applied);
            }
        }
        Ok(rows)
    }

    /// Writes the rows that are to be written, and tells what became of each.
    pub(super) async fn write(&self, read: &Read, verdicts: Vec<(Approved, Verdict)>) -> Result<(), Stop> {
        let to_write = verdicts.iter().filter(|(_, verdict)| matches!(verdict, Verdict::Write(_))).count();
        self.told.writing(to_write).await?;
        let actor = self.actor();
        let executor = &Executor {
            writer: self.writer(&actor),
            looks: Looks {
                psa: self.company.psa(),
                record: &read.record,
                references: &read.references,
                prepared: &read.prepared,
                read_at: read.contacts_read_at,
                order: verdicts.iter().filter_map(|(_, verdict)| verdict.contact_to_write()).collect(),
                seen: tokio::sync::Mutex::default(),
            },
            made: Mutex::default(),
        };
        let stopped = &AtomicBool::new(false);
        let stopping = &self.service.stopping;
        // Each row is written and told of within its own future: a row that is not polled must not
        // hold the store's write lock while another waits for it. Once a run has to stop, what is
        // being written is ended, and nothing more is begun.
        let mut rows = stream::iter(verdicts)
            .map(|(approved, verdict)| async move {
                let done = match verdict {
                    Verdict::Write(_) if stopped.load(Ordering::Relaxed) => Ok(None),
                    Verdict::Write(_) if stopping.is_cancelled() => Err(Stop::Stopping),
                    Verdict::Write(row) => self.write_and_tell(executor, approved, &row).await,
                    Verdict::Told(kind, outcome) => {
                        self.told.row(&approved, kind, outcome).await.map(|()| None).map_err(Stop::from)
                    }
                };
                if done.is_err() {
                    stopped.store(true, Ordering::Relaxed);
                }
                done
            })
            .buffer_unordered(AT_ONCE);
        let (mut unknown, mut stop) = (Vec::new(), None);
        while let Some(done) = rows.next().await {
            match done {
                Ok(row) => unknown.extend(row),
                Err(error) => stop = stop.or(Some(error)),
            }
        }
        drop(rows);
        if !unknown.is_empty() {
            self.look_again(Wants::of(&read.prepared.policy().rules), unknown).await?;
        }
        stop.map_or(Ok(()), Err)
    }

    /// Writes a row and tells what became of it, unless that is not known yet.
    async fn write_and_tell(
        &self,
        executor: &Executor<'_>,
        approved: Approved,
        row: &Row,
    ) -> Result<Option<(Approved, RowKind)>, Stop> {
        match executor.write(row).await.map_err(Stop::from)? {
            Outcome::Unknown => Ok(Some((approved, row.kind))),
            outcome => {
                self.told.row(&approved, Some(row.kind), outcome).await?;
                Ok(None)
            }
        }
    }

    /// An answer that did not come is looked up before anybody is told "unknown". The rows are those
    /// that this run wrote.
    pub(super) async fn look_again(
        &self,
        wants: Wants,
        unknown: Vec<(Approved, RowKind)>,
    ) -> Result<(), StoreError> {
        let read_at = self.service.now();
        let contacts = self.company.psa().contacts(self.company.key.company, wants, |_| {}).await;
        let settled = match contacts {
            Ok(again) => Some(settle(self.service, self.company, &again.contacts, read_at).await?),
            Err(_) => None,
        };
        for (approved, kind) in unknown {
            let outcome = match &settled {
                Some(settled) if settled.was_not_written(&approved.key) => {
                    Outcome::Rejected(Refusal::Problem(PsaError::TimedOut.problem()))
                }
                Some(settled) if !settled.is_open(&approved.key) => Outcome::Applied,
                _ => Outcome::Unknown,
            };
            self.told.row(&approved, Some(kind), outcome).await?;
        }
        Ok(())
    }
}

impl From<Stopped> for Stop {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::Store(error) => Self::Lost(error),
            Stopped::Psa(error) => Self::from(error),
        }
    }
}
