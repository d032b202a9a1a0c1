//! What is told of a run while it goes: to whoever listens, and in the store for everybody else.

use std::sync::Mutex;

use pod_view::wire::{ApplyLine, Approved, Counts, Outcome, Progress, RowOutcome, RunProgress, RunState};
use reconcile::RowKind;
use tokio::sync::mpsc::UnboundedSender;

use crate::{
    store::{ApprovedRow, Lease, RunRow, StoreError},
    sync::Service,
};

pub(super) struct Told<'a> {
    service: &'a Service,
    run: &'a RunRow,
    lease: &'a Lease,
    lines: &'a UnboundedSender<ApplyLine>,
    now: Mutex<Now>,
}

#[derive(Clone, Copy, PartialEq)]
struct Now {
    state: RunState,
    progress: RunProgress,
    counts: Counts,
    noted: bool,
}

impl<'a> Told<'a> {
    /// Begins with what became of rows when the run was begun earlier.
    pub(super) fn new(
        service: &'a Service,
        run: &'a RunRow,
        lease: &'a Lease,
        lines: &'a UnboundedSender<ApplyLine>,
        rows: &[ApprovedRow],
    ) -> Self {
        let mut now = Now {
            state: RunState::Reading,
            progress: RunProgress::default(),
            counts: Counts::default(),
            noted: true,
        };
        for row in rows {
            if let Some(outcome) = row.outcome.as_ref().filter(|outcome| **outcome != Outcome::Unknown) {
                now.counts.add_of(run.kind, Some(row.approved.kind), outcome);
            }
        }
        Self { service, run, lease, lines, now: Mutex::new(now) }
    }

    fn change(&self, change: impl FnOnce(&mut Now)) {
        let mut now = self.now.lock().expect("nobody panics holding it");
        change(&mut now);
        now.noted = false;
    }

    pub(super) fn counts(&self) -> Counts {
        self.now.lock().expect("nobody panics holding it").counts
    }

    pub(super) fn count(&self, change: impl FnOnce(&mut Counts)) {
        self.change(|now| change(&mut now.counts));
    }

    pub(super) fn reading(&self, progress: Progress) {
        self.change(|now| now.progress.reading = progress);
        let _ = self.lines.send(ApplyLine::Reading(progress));
    }

    pub(super) async fn writing(&self, rows: usize) -> Result<(), StoreError> {
        self.change(|now| {
            now.state = RunState::Applying;
            now.progress.to_write = rows as u64;
        });
        let _ = self.lines.send(ApplyLine::Writing(rows as u64));
        self.note().await
    }

    pub(super) async fn row(
        &self,
        approved: &Approved,
        kind: Option<RowKind>,
        outcome: Outcome,
    ) -> Result<(), StoreError> {
        self.change(|now| {
            now.counts.add_of(self.run.kind, kind, &outcome);
            now.progress.told += 1;
        });
        self.service.store.settle_approval(&self.run.id, &approved.key, &outcome).await?;
        let _ = self.lines.send(ApplyLine::Row(RowOutcome { key: approved.key, kind, outcome }));
        Ok(())
    }

    /// Notes in the store how far the run is, if that has changed.
    pub(super) async fn note(&self) -> Result<(), StoreError> {
        let now = *self.now.lock().expect("nobody panics holding it");
        if now.noted {
            return Ok(());
        }
        self.service.store.note_progress(self.lease, now.state, &now.progress, &now.counts).await?;
        let mut then = self.now.lock().expect("nobody panics holding it");
        then.noted = *then == now;
        Ok(())
    }
}
