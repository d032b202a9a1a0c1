//! `PUT /i/{installation}/companies/{company}/decisions`: decisions as they are made, so that a
//! reload or another viewer starts from them.

use actix_web::{HttpResponse, http::StatusCode, web::Json};
use pod_view::wire::DecisionChanges;

use super::{bearer::Asking, error::ApiError};

pub(super) async fn save(asking: Asking, request: Json<DecisionChanges>) -> Result<HttpResponse, ApiError> {
    let Asking { claims, company, service } = asking.who_may_decide()?;
    let changes = request.into_inner().changes;
    if changes.iter().any(|(subject, decision)| decision.is_some_and(|decision| !decision.fits(*subject))) {
        return Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            "bad_decision",
            "One of the decisions cannot be made about that row.",
            "Refresh the company screen and decide again.",
        ));
    }
    service.store.save_decisions(&company.key, &changes, claims.member_id, service.clock.now()).await?;
    Ok(HttpResponse::NoContent().finish())
}
