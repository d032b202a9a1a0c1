//! Following a run that another replica, or another request, is doing: by what the store says of it.

use std::collections::HashSet;

use pod_view::wire::{ApplyLine, Counts, Problem, RowOutcome, RunState};
use tokio::sync::mpsc::UnboundedSender;

use super::{LOOK, goes_on, shown};
use crate::sync::{Company, Service};

/// Tells `lines` of a run until it ends.
pub async fn follow(
    service: &Service,
    company: &Company,
    id: &str,
    lines: &UnboundedSender<ApplyLine>,
) -> Result<Counts, Problem> {
    let failed = |error| {
        tracing::error!(%error, run = id, "the store failed while a run was followed");
        goes_on()
    };
    let mut told = HashSet::new();
    let mut said = None;
    loop {
        let run = service.store.run(&company.key, id).await.map_err(failed)?.ok_or_else(goes_on)?;
        let line = match run.state {
            RunState::Queued => Some(ApplyLine::Waiting),
            RunState::Reading => Some(ApplyLine::Reading(run.progress.reading)),
            _ if run.progress.to_write > 0 => Some(ApplyLine::Writing(run.progress.to_write)),
            _ => None,
        };
        if line != said {
            said.clone_from(&line);
            if let Some(line) = line {
                // Nobody needs to listen.
                let _ = lines.send(line);
            }
        }
        for row in service.store.approved(id).await.map_err(failed)? {
            if let Some(outcome) = row.outcome
                && told.insert(row.approved.key)
            {
                let (key, kind) = (row.approved.key, Some(row.approved.kind));
                let _ = lines.send(ApplyLine::Row(RowOutcome { key, kind, outcome }));
            }
        }
        match run.state {
            RunState::Failed => return Err(shown::problem(service, &run).unwrap_or_else(goes_on)),
            state if !state.is_live() => return Ok(run.counts),
            _ => {}
        }
        if service.stopping.is_cancelled() || lines.is_closed() {
            return Err(goes_on());
        }
        service.transport.wait(LOOK).await;
    }
}
