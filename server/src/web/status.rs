//! `GET /i/{installation}/companies/{company}/status`: where the company stands.

use actix_web::web::Json;
use pod_view::wire::{Glance, RunState, State as CompanyState, Status};
use reconcile::Decision;

use super::{bearer::Asking, error::ApiError};
use crate::{
    clock::rfc3339,
    sync::{Company, Service, SettingsError, load_settings, shown},
};

pub(super) async fn status(asking: Asking) -> Result<Json<Status>, ApiError> {
    let Asking { company, service, .. } = asking.in_the_pod()?;
    status_of(&service, &company).await.map(Json)
}

/// Where a company stands, for who was let in to it.
pub(super) async fn status_of(service: &Service, company: &Company) -> Result<Status, ApiError> {
    let store = &service.store;
    let (state, source) = match load_settings(service, company).await {
        Ok(None) => (CompanyState::NotSetUp, None),
        Ok(Some(loaded)) => (CompanyState::Ready, Some(loaded.settings.host)),
        Err(error @ SettingsError::NotAccepted { .. }) => (CompanyState::Paused(error.problem()), None),
        Err(error) => return Err(error.into()),
    };
    let decisions = store.decisions(&company.key).await?;
    let count = |which: fn(&Decision) -> bool| {
        i64::try_from(decisions.values().filter(|decision| which(decision)).count()).unwrap_or(i64::MAX)
    };
    let last = store.last_runs(&company.key, 1).await?.into_iter().next();
    let last_run = match store.last_good_run(&company.key).await? {
        Some(run) => Some(shown(service, &run).await?),
        None => None,
    };
    let run = match last {
        Some(run) if run.state.is_live() || run.state == RunState::Failed => {
            Some(shown(service, &run).await?)
        }
        _ => None,
    };
    let glance = store.glance(&company.key).await?.map(|seen| Glance {
        seen_at: rfc3339(seen.seen_at),
        since: rfc3339(seen.since),
        counts: seen.counts,
    });
    let next_run = store.next_slot(&company.key).await?.map(rfc3339);
    Ok(Status {
        state,
        source,
        glance,
        linked: i64::try_from(store.links(&company.key).await?.len()).unwrap_or(i64::MAX),
        ignored: count(|decision| decision.leaves_alone()),
        drafts: count(|decision| decision.is_draft()),
        last_run,
        run,
        next_run,
    })
}
