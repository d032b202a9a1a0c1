//! Answers that come line by line.

use std::convert::Infallible;

use actix_web::{HttpResponse, http::header, web::Bytes};
use futures_util::stream;
use serde::Serialize;
use tokio::sync::mpsc::UnboundedReceiver;

/// An NDJSON answer of whatever comes through `lines`, until it closes.
pub(super) fn answer<T: Serialize + 'static>(lines: UnboundedReceiver<T>) -> HttpResponse {
    let body = stream::unfold(lines, |mut lines| async move {
        let line = lines.recv().await?;
        let mut bytes = serde_json::to_vec(&line).expect("lines are texts, numbers and lists of them");
        bytes.push(b'\n');
        Some((Ok::<_, Infallible>(Bytes::from(bytes)), lines))
    });
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/x-ndjson; charset=utf-8"))
        // A proxy that collects the answer would hide the progress.
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(body)
}
