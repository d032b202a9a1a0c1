//! `GET /i/{installation}/companies/{company}/settings`.

use actix_web::HttpResponse;

use crate::{
    sync::load_settings,
    web::{bearer::Asking, error::ApiError},
};

/// The settings without the password; 204 when there are none yet.
pub(in crate::web) async fn show(asking: Asking) -> Result<HttpResponse, ApiError> {
    let Asking { company, service, .. } = asking.who_may_set()?;
    Ok(match load_settings(&service, &company).await? {
        Some(loaded) => HttpResponse::Ok().json(loaded.settings),
        None => HttpResponse::NoContent().finish(),
    })
}
