//! A run as the pod shows it.

use pod_view::wire::{Problem, Run};

use crate::{
    clock::rfc3339,
    security::keys::Key,
    store::{RunRow, StoreError},
    sync::Service,
};

/// The words of a problem may name the client's server: they are sealed.
fn key(service: &Service) -> Key {
    service.master_key.derive("problem of a run")
}

pub(super) fn seal(service: &Service, run: &RunRow, problem: &Problem) -> String {
    let bytes = serde_json::to_vec(problem).expect("texts can be written as JSON");
    key(service).seal(&[&run.key.installation, &run.id], &bytes)
}

/// Why a run failed; none when that is no longer to be read.
pub(super) fn problem(service: &Service, run: &RunRow) -> Option<Problem> {
    let sealed = run.problem.as_deref()?;
    let bytes = key(service).open(&[&run.key.installation, &run.id], sealed).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// A run, in the pod's terms.
pub async fn shown(service: &Service, run: &RunRow) -> Result<Run, StoreError> {
    let undoable = if run.state.is_live() { 0 } else { super::undo::count(service, run).await? };
    Ok(Run {
        id: run.id.clone(),
        kind: run.kind,
        state: run.state,
        member: run.member.clone(),
        queued_at: rfc3339(run.queued_at),
        ended_at: run.ended_at.map(rfc3339),
        progress: run.progress,
        counts: run.counts,
        problem: problem(service, run),
        undoes: run.undoes.clone(),
        undoable,
    })
}
