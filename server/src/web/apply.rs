//! `POST /i/{installation}/companies/{company}/apply`: writes what was approved. Needs a token that
//! was asked for with a fresh proof, for exactly this request, and never used before.

use actix_web::{HttpResponse, http::StatusCode, web::Json};
use pod_view::wire::ApplyRequest;
use tokio::sync::mpsc::unbounded_channel;

use super::{bearer::Asking, error::ApiError, lines};
use crate::sync::{self, Actor};

pub(super) async fn apply(asking: Asking, request: Json<ApplyRequest>) -> Result<HttpResponse, ApiError> {
    let Asking { claims, company, service } = asking;
    let request = request.into_inner();
    if claims.apply.as_deref() != Some(request.digest().as_str()) || !claims.may_apply {
        tracing::warn!(
            member = claims.member,
            company = claims.company,
            "a token was used for another request"
        );
        return Err(ApiError::unauthorized());
    }
    if request.decisions.iter().any(|(subject, decision)| !decision.fits(*subject)) {
        return Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            "bad_decision",
            "One of the decisions cannot be made about that row.",
            "Refresh the company screen and decide again.",
        ));
    }
    if !service.store.use_token(&claims.jti, claims.exp, service.clock.now()).await? {
        return Err(ApiError::new(
            StatusCode::CONFLICT,
            "already_applied",
            "These changes were sent already.",
            "Sync again to see what is left to do.",
        ));
    }
    let (sender, receiver) = unbounded_channel();
    let actor = Actor::from(&claims);
    // Of its own: what was begun is ended, also when the pod is closed.
    tokio::spawn(sync::apply(service, company, actor, request, sender));
    Ok(lines::answer(receiver))
}
