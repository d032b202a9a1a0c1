//! `PUT /i/{installation}/companies/{company}/settings`.

use actix_web::web::Json;
use pod_view::wire::Settings;

use crate::{
    sync::save_settings,
    web::{bearer::Asking, error::ApiError},
};

/// Saves the settings and answers them as they are now.
pub(in crate::web) async fn save(
    asking: Asking,
    settings: Json<Settings>,
) -> Result<Json<Settings>, ApiError> {
    let Asking { company, service, claims, .. } = asking.who_may_set()?;
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
