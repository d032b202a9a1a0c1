//! `GET /i/{installation}/pod`: the pod's document. It holds no data: who looks at it is not known
//! yet. Its words are in the language that the browser asks for, and the pod goes on in that one.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Data, Path},
};
use maud::Markup;
use pod_view::{Shell, shell, text};

use super::{
    State,
    error::{self, ApiError},
    listener::listener,
};
use crate::assets;

pub(super) async fn pod(
    request: HttpRequest,
    state: Data<State>,
    installation: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let Some(installation) = state.service.installation(&installation).await? else {
        return Ok(error::not_found(request).await);
    };
    let origins = [installation.psa.site().origin()];
    let page = Shell {
        installation: &installation.id,
        origins: &origins,
        boot_js: &assets::boot_js().address(),
        glance_js: &assets::glance_js().address(),
        pod_js: &assets::pod_js().address(),
        pod_wasm: &assets::pod_wasm().address(),
        pod_css: &assets::pod_css().address(),
    };
    let page = text::speaking(listener(&request, None), || shell(&page));
    let mut answer = framed(&origins.join(" "), page);
    answer.headers_mut().insert(header::VARY, header::HeaderValue::from_static("Accept-Language"));
    Ok(answer)
}

/// A document that exactly these origins may frame.
pub(super) fn framed(origins: &str, page: Markup) -> HttpResponse {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors {origins}"
    );
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .body(page.into_string())
}
