//! `PUT /i/{installation}/companies/{company}/decisions`: decisions as they are made, so that a
//! reload or another viewer starts from them.

use actix_web::{HttpResponse, http::StatusCode, web::Json};
use pod_view::wire::{Code, DecisionChanges};
use reconcile::{Decision, Subject};

use super::{bearer::Asking, error::ApiError};

pub(super) async fn save(asking: Asking, request: Json<DecisionChanges>) -> Result<HttpResponse, ApiError> {
    let Asking { claims, company, service, .. } = asking.who_may_decide()?;
    let changes = request.into_inner().changes;
    check(&changes)?;
    service.store.save_decisions(&company.key, &changes, claims.member_id, service.clock.now()).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Refuses decisions that make no sense for their subject.
pub(super) fn check(changes: &[(Subject, Option<Decision>)]) -> Result<(), ApiError> {
    if changes.iter().all(|(subject, decision)| decision.is_none_or(|decision| decision.fits(*subject))) {
        return Ok(());
    }
    Err(ApiError::new(
        StatusCode::BAD_REQUEST,
        Code::BadDecision,
        "One of the decisions cannot be made about that row.",
        "Refresh the company screen and decide again.",
    ))
}
