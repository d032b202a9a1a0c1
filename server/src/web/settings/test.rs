//! `POST /i/{installation}/companies/{company}/settings/test`: a read of the directory by settings that
//! nobody has saved, told step by step.

use actix_web::{HttpResponse, web::Json};
use pod_view::wire::{Settings, TrialLine};

use crate::{
    sync::probe,
    web::{bearer::Asking, error::ApiError, lines},
};

pub(in crate::web) async fn test(asking: Asking, settings: Json<Settings>) -> Result<HttpResponse, ApiError> {
    let Asking { company, service, claims, .. } = asking.who_may_set()?;
    tracing::info!(member = claims.member, company = claims.company, "settings tried");
    Ok(lines::tried(async move |told| {
        let found = probe(&service, &company, settings.into_inner(), told).await;
        found.map_or_else(TrialLine::Failed, TrialLine::Found)
    }))
}
