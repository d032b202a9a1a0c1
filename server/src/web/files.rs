//! `GET /assets/{file}`: the pod's files. Their names carry their hash, so they never change.

use actix_web::{HttpRequest, HttpResponse, http::header, web::Path};

use super::error;
use crate::assets;

pub(super) async fn file(request: HttpRequest, name: Path<String>) -> HttpResponse {
    let Some(asset) = assets::find(&name) else { return error::not_found(request).await };
    let takes_brotli = request
        .headers()
        .get_all(header::ACCEPT_ENCODING)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| coding.split(';').next().is_some_and(|name| name.trim() == "br"));
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((header::CONTENT_TYPE, asset.content_type))
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::VARY, "Accept-Encoding"))
        .insert_header(("Cross-Origin-Resource-Policy", "same-origin"));
    if takes_brotli {
        answer.insert_header((header::CONTENT_ENCODING, "br")).body(asset.brotli)
    } else {
        answer.body(asset.plain)
    }
}
