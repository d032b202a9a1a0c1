//! `POST /i/{installation}/companies/{company}/apply`: writes what was approved. Needs a token that
//! was asked for with a fresh proof, for exactly this request, and never used before.

use std::collections::HashSet;

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Json},
};
use pod_view::wire::{ApplyRequest, Purpose};
use reconcile::RowKey;
use tokio::sync::mpsc::unbounded_channel;
use tokio_stream::wrappers::UnboundedReceiverStream;

use super::{State, bearer::Asking, decisions, error::ApiError, lines};
use crate::sync::{self, Actor};

pub(super) async fn apply(
    state: Data<State>,
    asking: Asking,
    request: Json<ApplyRequest>,
) -> Result<HttpResponse, ApiError> {
    let Asking { claims, company, service } = asking;
    let request = request.into_inner();
    if claims.purpose != Purpose::Apply(request.digest()) || !claims.rights.apply {
        tracing::warn!(
            member = claims.member,
            company = claims.company,
            "a token was used for another request"
        );
        return Err(ApiError::unauthorized());
    }
    decisions::check(&request.changes)?;
    let keys: HashSet<RowKey> = request.approved.iter().map(|approved| approved.key).collect();
    if keys.len() != request.approved.len() {
        return Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            "approved_twice",
            "A row was approved twice in one request.",
            "Refresh the company screen and sync again.",
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
    // On its own, and known to the service: what was begun is ended, also when the pod is closed
    // or the service is told to stop.
    let runs = service.runs.clone();
    runs.spawn_on(sync::apply(service, company, actor, request, sender), &state.runtime);
    Ok(lines::answer(UnboundedReceiverStream::new(receiver)))
}
