//! The REST interface over HTTP: from a web request to an exchange, and how its answer travels.

use std::convert::Infallible;

use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};

use crate::connection::cut;
use crate::rest::{Disturbance, Head, Payload, carry_out, exchange};
use crate::world::SharedWorld;

/// Everything that no other route takes: the REST interface, or nothing.
pub(crate) async fn serve(request: HttpRequest, body: Bytes, world: Data<SharedWorld>) -> HttpResponse {
    let head = Head::read(&request);
    let Some((codebase, path)) = rest_path(&head.path) else {
        return HttpResponse::NotFound()
            .content_type("text/html; charset=utf-8")
            .body("<!DOCTYPE html><title>Not found</title><h1>404 - File or directory not found.</h1>");
    };
    let latency = world.lock().latency;
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let done = exchange(&mut world.lock(), &head, codebase, path, &body);
    let status = StatusCode::from_u16(done.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    for header in done.headers {
        response.append_header(header);
    }
    let text = match done.reply {
        Payload::Json(value) => Bytes::from(value.to_string()),
        Payload::Html(page) => Bytes::from(page),
        Payload::Nothing => Bytes::new(),
    };
    match done.disturbance {
        None if text.is_empty() => response.finish(),
        None => response.body(text),
        Some(Disturbance::Delay(time)) => {
            tokio::time::sleep(time).await;
            response.body(text)
        }
        Some(Disturbance::Drop | Disturbance::Refuse) => gone(&request),
        Some(Disturbance::Later(time)) => {
            let (codebase, path) = (codebase.to_owned(), path.to_owned());
            let world = world.get_ref().clone();
            tokio::spawn(async move {
                tokio::time::sleep(time).await;
                carry_out(&mut world.lock(), &head, &codebase, &path, &body);
            });
            gone(&request)
        }
        Some(Disturbance::Truncate) => response.body(half(request, &text)),
    }
}

fn gone(request: &HttpRequest) -> HttpResponse {
    cut(request);
    HttpResponse::InternalServerError().finish()
}

/// `/{codebase}/apis/3.0/...` as its two parts.
pub(crate) fn rest_path(path: &str) -> Option<(&str, &str)> {
    let (codebase, rest) = path.strip_prefix('/')?.split_once('/')?;
    let path = rest.strip_prefix("apis/3.0")?;
    path.starts_with('/').then_some((codebase, path))
}

/// A body that ends in its middle, together with the connection.
fn half(
    request: HttpRequest,
    text: &Bytes,
) -> SizedStream<impl futures_util::Stream<Item = Result<Bytes, Infallible>> + use<>> {
    let length = text.len() as u64;
    let first = text.slice(..text.len() / 2);
    let stream = futures_util::stream::unfold((request, Some(first)), |(request, first)| async move {
        if let Some(first) = first {
            return Some((Ok(first), (request, None)));
        }
        // The server writes out what it has when the body gives nothing for a moment.
        tokio::task::yield_now().await;
        cut(&request);
        None
    });
    SizedStream::new(length, stream)
}
