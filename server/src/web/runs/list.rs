//! `GET /i/{installation}/companies/{company}/runs`: the last ones, the newest first.

use actix_web::web::Json;
use pod_view::wire::Run;

use super::super::{bearer::Asking, error::ApiError};
use crate::sync;

/// Runs that are listed.
const MOST_RUNS: i64 = 30;

pub(in crate::web) async fn list(asking: Asking) -> Result<Json<Vec<Run>>, ApiError> {
    let Asking { company, service, .. } = asking.in_the_pod()?;
    let mut runs = Vec::new();
    for run in service.store.last_runs(&company.key, MOST_RUNS).await? {
        runs.push(sync::shown(&service, &run).await?);
    }
    Ok(Json(runs))
}
