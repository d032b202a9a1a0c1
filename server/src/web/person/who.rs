//! `POST /i/{installation}/companies/{company}/who`: whom the directory knows by an address, a telephone
//! number or a name. Nothing of it is kept.

use actix_web::web::Json;
use pod_view::wire::{Problem, Record, Who, WhoRequest};
use reconcile::ContactId;

use super::super::{bearer::Asking, error::ApiError};
use crate::sync::find_person;

pub(in crate::web) async fn who(asking: Asking, request: Json<WhoRequest>) -> Result<Json<Who>, ApiError> {
    let Asking { claims, company, service, language } = asking.in_the_pod()?;
    let on_screen = match claims.record {
        Some(Record::Contact(id)) => Some(ContactId(id)),
        Some(Record::Ticket(_)) | None => None,
    };
    let found = find_person(&service, &company, &request.text, on_screen, language).await;
    found.map(Json).map_err(|error| Problem::from(error).into())
}
