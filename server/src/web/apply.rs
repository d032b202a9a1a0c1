//! `POST /i/{installation}/companies/{company}/apply`: writes what was approved. Needs a token that
//! was asked for with a fresh proof, for exactly this request, and never used before.

use std::collections::HashSet;

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Json},
};
use pod_view::wire::{ApplyRequest, Code, Purpose, RunKind};
use reconcile::RowKey;

use super::{State, bearer::Asking, decisions, error::ApiError, runs};
use crate::{store::ApprovedRow, sync::Asked};

pub(super) async fn apply(
    state: Data<State>,
    asking: Asking,
    request: Json<ApplyRequest>,
) -> Result<HttpResponse, ApiError> {
    let request = request.into_inner();
    let asking = asking.who_may_write(&Purpose::Apply(request.digest()))?;
    decisions::check(&request.changes)?;
    let keys: HashSet<RowKey> = request.approved.iter().map(|approved| approved.key).collect();
    if keys.len() != request.approved.len() {
        return Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            Code::ApprovedTwice,
            "A row was approved twice in one request.",
            "Refresh the company screen and sync again.",
        ));
    }
    // Before anything else, and whatever becomes of the run: decisions are never lost.
    let Asking { claims, company, service, .. } = &asking;
    let now = service.clock.now();
    service.store.save_decisions(&company.key, &request.changes, claims.member_id, now).await?;
    let rows = request.approved.into_iter().map(ApprovedRow::from).collect();
    runs::begin(&state, asking, Asked { kind: RunKind::Review, undoes: None, rows }).await
}
