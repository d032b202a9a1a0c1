//! `GET` and `PUT /i/{installation}/companies/{company}/settings`.

use actix_web::{HttpResponse, web::Json};
use pod_view::wire::Settings;

use super::{bearer::Asking, error::ApiError};
use crate::sync::{load_settings, save_settings};

/// The settings without the password; 204 when there are none yet.
pub(super) async fn show(asking: Asking) -> Result<HttpResponse, ApiError> {
    let Asking { company, service, .. } = asking.who_may_set()?;
    Ok(match load_settings(&service, &company).await? {
        Some(loaded) => HttpResponse::Ok().json(loaded.settings),
        None => HttpResponse::NoContent().finish(),
    })
}

/// Saves the settings and answers them as they are now.
pub(super) async fn save(asking: Asking, settings: Json<Settings>) -> Result<Json<Settings>, ApiError> {
    let Asking { company, service, claims } = asking.who_may_set()?;
    // In a task of its own: a pod that is closed meanwhile leaves nothing half done.
    let runs = service.runs.clone();
    let saving = runs.spawn(async move { save_settings(&service, &company, settings.into_inner()).await });
    let saved = saving.await.map_err(|_| ApiError::unexpected())??;
    tracing::info!(
        member = claims.member,
        company = claims.company,
        generation = saved.generation,
        "settings saved"
    );
    Ok(Json(saved))
}
