//! What the administrator's page asks for.

use actix_web::{
    HttpResponse,
    web::{Data, Json},
};
use serde::Serialize;

use super::super::{State, bearer::Administering, error::ApiError};
use crate::{
    joining::{Missing, Registered},
    psa::Caller,
};

#[derive(Serialize)]
struct Standing {
    site: String,
    login_company: String,
    missing: Vec<Missing>,
    pieces: Vec<There>,
}

#[derive(Serialize)]
pub(super) struct There {
    code: &'static str,
    words: &'static str,
    /// Why it is not there.
    problem: Option<String>,
}

impl From<Registered> for There {
    fn from(one: Registered) -> Self {
        Self { code: one.piece.code(), words: one.piece.words(), problem: one.problem }
    }
}

/// `GET state`: what is in the PSA, and what the API member may not do.
pub(super) async fn state(state: Data<State>, asking: Administering) -> Result<HttpResponse, ApiError> {
    let psa = &asking.installation.psa;
    let permissions = psa.permissions(Caller::Integrator).await?;
    let pieces = state.joining.look(&asking.installation.id, psa).await?;
    Ok(HttpResponse::Ok().json(Standing {
        site: psa.site().origin(),
        login_company: psa.login_company().to_owned(),
        missing: Missing::of(&permissions),
        pieces: pieces.into_iter().map(There::from).collect(),
    }))
}

/// `POST registration`: puts everything that is missing or differs into the PSA again.
pub(super) async fn register(
    state: Data<State>,
    asking: Administering,
) -> Result<Json<Vec<There>>, ApiError> {
    let joining = state.joining.clone();
    let installation = asking.installation;
    tracing::info!(member = asking.claims.member, installation = installation.id, "registering again");
    let task = state.service.runs.spawn_on(
        async move { joining.put_in_order(&installation.id, &installation.psa).await },
        &state.runtime,
    );
    let registered = task.await.map_err(|_| ApiError::unexpected())??;
    Ok(Json(registered.into_iter().map(There::from).collect()))
}
