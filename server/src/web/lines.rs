//! Answers that come line by line.

use std::{convert::Infallible, time::Duration};

use actix_web::{HttpResponse, http::header, web::Bytes};
use futures_util::{Stream, StreamExt};
use pod_view::wire::TrialLine;
use serde::Serialize;
use tokio::sync::mpsc::{Sender, channel};
use tokio_stream::wrappers::ReceiverStream;

/// Lines of a trial that wait for the listener: all of its steps, and some of its progress.
const LINES_UNSENT: usize = 32;
/// Of those, what progress leaves to the steps.
const LEFT_TO_STEPS: usize = 16;
/// How long a listener may take nothing before it counts as gone.
const PATIENCE: Duration = Duration::from_mins(1);

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

/// The lines of a trial as it goes, and the one that it ends with. When the listener goes, it ends.
pub(super) fn tried(
    trial: impl AsyncFnOnce(&mut dyn FnMut(TrialLine)) -> TrialLine + 'static,
) -> HttpResponse {
    let (sender, receiver) = channel(LINES_UNSENT);
    actix_web::rt::spawn(async move {
        let gone = sender.clone();
        let mut told = |line| tell(&sender, line);
        tokio::select! {
            // Nobody is there to read it when this fails.
            end = trial(&mut told) => drop(sender.send_timeout(end, PATIENCE).await),
            () = gone.closed() => {}
        }
    });
    answer(ReceiverStream::new(receiver))
}

/// Steps are few, and each has a place; when the listener is behind, the next progress tells more.
fn tell(lines: &Sender<TrialLine>, line: TrialLine) {
    if !matches!(line, TrialLine::Progress(_)) || lines.capacity() > LEFT_TO_STEPS {
        let _ = lines.try_send(line);
    }
}
