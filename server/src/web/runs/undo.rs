//! `POST /i/{installation}/companies/{company}/runs/{run}/undo`: takes back rows of a run. Needs a token as for
//! applying.

use std::collections::HashSet;

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Json, Path},
};
use pod_view::wire::{Code, Purpose, RunKind, UndoRequest};
use reconcile::RowKey;

use super::{
    super::{State, bearer::Asking, error::ApiError},
    begin, named,
};
use crate::{
    store::ApprovedRow,
    sync::{self, Asked},
};

pub(in crate::web) async fn undo(
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
            Code::BadUndo,
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
            Code::UndoneAlready,
            "Some of it was taken back already, or can be taken back no more.",
            "Open the run again to see what is left.",
        ));
    }
    let rows = request.rows.into_iter().map(ApprovedRow::from).collect();
    begin(&state, asking, Asked { kind: RunKind::Undo, undoes: Some(run.id), rows }).await
}
