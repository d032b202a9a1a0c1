//! `POST /i/{installation}/companies/{company}/settings/preview`: what settings that nobody has saved would
//! do, beside those that are saved.

use actix_web::{HttpResponse, web::Json};
use pod_view::wire::{Settings, TrialLine};

use crate::{
    sync::preview as compare,
    web::{bearer::Asking, error::ApiError, lines},
};

pub(in crate::web) async fn preview(
    asking: Asking,
    settings: Json<Settings>,
) -> Result<HttpResponse, ApiError> {
    let Asking { company, service, language, .. } = asking.who_may_set()?;
    Ok(lines::tried(async move |told| {
        let preview = compare(&service, &company, settings.into_inner(), language, told).await;
        preview.map_or_else(TrialLine::Failed, TrialLine::Preview)
    }))
}
