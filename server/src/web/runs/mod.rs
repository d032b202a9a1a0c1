//! `/i/{installation}/companies/{company}/runs`: what was done, what is being done, and taking it back.

mod lines;
mod list;
mod show;
mod undo;

use actix_web::{HttpResponse, http::StatusCode, web::Path};
use pod_view::wire::Code;
use tokio::sync::mpsc::unbounded_channel;
use tokio_stream::wrappers::UnboundedReceiverStream;

pub(super) use self::{lines::follow, list::list, show::show, undo::undo};
use super::{State, bearer::Asking, error::ApiError};
use crate::{
    store::RunRow,
    sync::{self, Actor, Asked},
};

/// The run in the address.
async fn named(asking: &Asking, path: &Path<(String, i64, String)>) -> Result<RunRow, ApiError> {
    let (_, _, id) = &**path;
    let run = asking.service.store.run(&asking.company.key, id).await?;
    run.ok_or_else(|| {
        ApiError::new(
            StatusCode::NOT_FOUND,
            Code::NoSuchRun,
            "There is no such run of this company.",
            "Refresh the company screen.",
        )
    })
}

/// Begins what a member asked for with a token that is good once.
pub(super) async fn begin(state: &State, asking: Asking, asked: Asked) -> Result<HttpResponse, ApiError> {
    let Asking { claims, company, service, .. } = asking;
    if !service.store.use_token(&claims.jti, claims.exp, service.clock.now()).await? {
        return Err(ApiError::new(
            StatusCode::CONFLICT,
            Code::AlreadyApplied,
            "These changes were sent already.",
            "Sync again to see what is left to do.",
        ));
    }
    let id = sync::ask(&service, &company, &Actor::from(&claims), &asked).await?;
    let (sender, receiver) = unbounded_channel();
    // On its own, and known to the service: what was begun is ended, also when the pod is closed.
    let runs = service.runs.clone();
    runs.spawn_on(sync::do_run(service, company, id, sender), &state.runtime);
    Ok(super::lines::answer(UnboundedReceiverStream::new(receiver)))
}
