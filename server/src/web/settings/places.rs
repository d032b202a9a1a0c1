//! `POST /i/{installation}/companies/{company}/settings/places`: which groups or units the directory has by a
//! name, read by settings that nobody has saved.

use actix_web::web::Json;
use pod_view::wire::{Places, PlacesRequest, Problem};

use crate::{
    sync::find_places,
    web::{bearer::Asking, error::ApiError},
};

pub(in crate::web) async fn places(
    asking: Asking,
    request: Json<PlacesRequest>,
) -> Result<Json<Places>, ApiError> {
    let Asking { company, service, claims, .. } = asking.who_may_set()?;
    tracing::info!(member = claims.member, company = claims.company, "places looked for");
    let found = find_places(&service, &company, request.into_inner()).await;
    found.map(Json).map_err(|error| Problem::from(error).into())
}
