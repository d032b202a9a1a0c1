//! `POST /i/{installation}/open`: the member's proof for a token of ours, where the company stands,
//! and the screen that says so: all that an opening pod needs, in one answer.

use actix_web::{
    HttpRequest,
    web::{Data, Json, Path},
};
use pod_view::{
    screens,
    text::{Language, speaking},
    wire::{OpenRequest, Opened, Purpose, SessionRequest},
};

use super::{State, error::ApiError, listener::listener, session::enter, status::status_of};
use crate::sync::Company;

pub(super) async fn open(
    http: HttpRequest,
    state: Data<State>,
    installation: Path<String>,
    request: Json<OpenRequest>,
) -> Result<Json<Opened>, ApiError> {
    let OpenRequest { proof, company, record, lang, zone } = request.into_inner();
    let request = SessionRequest { proof, company, record, purpose: Purpose::Pod };
    let (session, installation) = enter(&http, &state, &installation, request).await?;
    let company = session.record.as_ref().map_or(company, |on| on.company);
    let status = status_of(&state.service, &Company::new(installation, company)).await?;
    let mut listener = listener(&http, zone.as_deref());
    if let Some(language) = lang.as_deref().and_then(Language::tagged) {
        listener.language = language;
    }
    Ok(Json(speaking(listener, || screens::opened(session, status, record))))
}
