//! Answers that come line by line.

use std::convert::Infallible;

use actix_web::{HttpResponse, http::header, web::Bytes};
use futures_util::{Stream, StreamExt};
use serde::Serialize;

/// An NDJSON answer of whatever comes as `lines`, until they end.
pub(super) fn answer<T: Serialize>(lines: impl Stream<Item = T> + 'static) -> HttpResponse {
    let body = lines.map(|line| {
        let mut bytes = serde_json::to_vec(&line).expect("lines are texts, numbers and lists of them");
        bytes.push(b'\n');
        Ok::<_, Infallible>(Bytes::from(bytes))
    });
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/x-ndjson; charset=utf-8"))
        // A proxy that collects the answer would hide the progress.
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(body)
}
