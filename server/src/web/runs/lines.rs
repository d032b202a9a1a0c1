//! `GET /i/{installation}/companies/{company}/runs/{run}/lines`: a run as it goes, for whoever did not ask
//! for it.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use pod_view::wire::ApplyLine;
use tokio::sync::mpsc::unbounded_channel;
use tokio_stream::wrappers::UnboundedReceiverStream;

use super::{
    super::{State, bearer::Asking, error::ApiError, lines},
    named,
};
use crate::sync;

pub(in crate::web) async fn follow(
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
