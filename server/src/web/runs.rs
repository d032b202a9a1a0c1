//! `/i/{installation}/companies/{company}/runs`: what was done, what is being done, and taking it back.

use std::collections::{BTreeMap, HashSet};

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Json, Path},
};
use pod_view::wire::{ApplyLine, Purpose, Run, RunDetails, RunKind, UndoRequest, UndoRow};
use reconcile::{ContactId, RowKey, Wants};
use tokio::sync::mpsc::unbounded_channel;
use tokio_stream::wrappers::UnboundedReceiverStream;

use super::{State, bearer::Asking, error::ApiError, lines};
use crate::{
    psa::{Caller, MOST_AT_A_LOOK},
    store::{ApprovedRow, RunRow},
    sync::{self, Actor, Asked, Company},
};

/// Runs that are listed.
const MOST_RUNS: i64 = 30;

/// `GET runs`: the last ones, the newest first.
pub(super) async fn list(asking: Asking) -> Result<Json<Vec<Run>>, ApiError> {
    let Asking { company, service, .. } = asking.in_the_pod()?;
    let mut runs = Vec::new();
    for run in service.store.last_runs(&company.key, MOST_RUNS).await? {
        runs.push(sync::shown(&service, &run).await?);
    }
    Ok(Json(runs))
}

async fn named(asking: &Asking, path: &Path<(String, i64, String)>) -> Result<RunRow, ApiError> {
    let (_, _, id) = &**path;
    let run = asking.service.store.run(&asking.company.key, id).await?;
    run.ok_or_else(|| {
        ApiError::new(
            StatusCode::NOT_FOUND,
            "no_such_run",
            "There is no such run of this company.",
            "Refresh the company screen.",
        )
    })
}

/// `GET runs/{run}`: one run, with what of it can be taken back.
pub(super) async fn show(
    asking: Asking,
    path: Path<(String, i64, String)>,
) -> Result<Json<RunDetails>, ApiError> {
    let asking = asking.in_the_pod()?;
    let run = named(&asking, &path).await?;
    let Asking { company, service, .. } = &asking;
    let undoable = sync::undoable(service, company, &run).await?;
    let ids: Vec<ContactId> = undoable.iter().filter_map(|row| row.contact).collect();
    let names = Box::pin(names(company, &ids)).await?;
    let rows = undoable
        .into_iter()
        .map(|row| UndoRow {
            name: row.contact.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
            approved: row.approved,
            changes: row.changes,
        })
        .collect();
    Ok(Json(RunDetails { run: sync::shown(service, &run).await?, rows }))
}

/// What contacts are called now: names are the PSA's, and we keep none.
async fn names(company: &Company, ids: &[ContactId]) -> Result<BTreeMap<ContactId, String>, ApiError> {
    let mut names = BTreeMap::new();
    if ids.is_empty() {
        return Ok(names);
    }
    let psa = company.psa();
    let id = company.key.company;
    let (record, references) =
        tokio::try_join!(psa.company(Caller::Integrator, id), psa.references(id, Wants::default()))?;
    for some in ids.chunks(MOST_AT_A_LOOK) {
        for contact in psa.contacts_again(&record, some, &references).await? {
            let name = format!("{} {}", contact.first_name, contact.last_name);
            names.insert(contact.id, name.trim().to_owned());
        }
    }
    Ok(names)
}

/// `GET runs/{run}/lines`: a run as it goes, for whoever did not ask for it.
pub(super) async fn follow(
    state: Data<State>,
    asking: Asking,
    path: Path<(String, i64, String)>,
) -> Result<HttpResponse, ApiError> {
    let asking = asking.in_the_pod()?;
    let run = named(&asking, &path).await?;
    let Asking { company, service, .. } = asking;
    let (sender, receiver) = unbounded_channel();
    state.runtime.spawn(async move {
        let last = match sync::follow(&service, &company, &run.id, &sender).await {
            Ok(counts) => ApplyLine::End(counts),
            Err(problem) => ApplyLine::Failed(problem),
        };
        // The listener may have left.
        let _ = sender.send(last);
    });
    Ok(lines::answer(UnboundedReceiverStream::new(receiver)))
}

/// `POST runs/{run}/undo`: takes back rows of a run. Needs a token as for applying.
pub(super) async fn undo(
    state: Data<State>,
    asking: Asking,
    path: Path<(String, i64, String)>,
    request: Json<UndoRequest>,
) -> Result<HttpResponse, ApiError> {
    let request = request.into_inner();
    let asking = asking.who_may_write(&Purpose::Apply(request.digest()))?;
    let run = named(&asking, &path).await?;
    let keys: HashSet<RowKey> = request.rows.iter().map(|row| row.key).collect();
    if run.id != request.run || keys.len() != request.rows.len() || keys.is_empty() {
        return Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            "bad_undo",
            "This is not what can be taken back of that run.",
            "Refresh the company screen and open the run again.",
        ));
    }
    let can: HashSet<_> = sync::undoable(&asking.service, &asking.company, &run)
        .await?
        .iter()
        .map(|row| row.approved)
        .collect();
    if !request.rows.iter().all(|row| can.contains(row)) {
        return Err(ApiError::new(
            StatusCode::CONFLICT,
            "undone_already",
            "Some of it was taken back already, or can be taken back no more.",
            "Open the run again to see what is left.",
        ));
    }
    let rows = request.rows.into_iter().map(ApprovedRow::from).collect();
    begin(&state, asking, Asked { kind: RunKind::Undo, undoes: Some(run.id), rows }).await
}

/// Begins what a member asked for with a token that is good once.
pub(super) async fn begin(state: &State, asking: Asking, asked: Asked) -> Result<HttpResponse, ApiError> {
    let Asking { claims, company, service } = asking;
    if !service.store.use_token(&claims.jti, claims.exp, service.clock.now()).await? {
        return Err(ApiError::new(
            StatusCode::CONFLICT,
            "already_applied",
            "These changes were sent already.",
            "Sync again to see what is left to do.",
        ));
    }
    let id = sync::ask(&service, &company, &Actor::from(&claims), &asked).await?;
    let (sender, receiver) = unbounded_channel();
    // On its own, and known to the service: what was begun is ended, also when the pod is closed.
    let runs = service.runs.clone();
    runs.spawn_on(sync::do_run(service, company, id, sender), &state.runtime);
    Ok(lines::answer(UnboundedReceiverStream::new(receiver)))
}
