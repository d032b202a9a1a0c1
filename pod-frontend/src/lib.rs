//! The pod in the browser: asks who the member is, shows where the company stands, lets a person
//! review a plan, decide and apply, finds one person, and changes settings. The talk with the PSA's page is the
//! first script's (`assets/boot.js`); the words and the views are `pod_view`'s.

mod apply;
mod decisions;
mod dom;
mod events;
mod focus;
mod host;
mod keys;
mod list;
mod net;
mod places;
mod pod;
mod read;
mod review;
mod runs;
mod settings;
mod trial;
mod visit;
mod who;

use pod_view::text::{Clock, Listener, speak};
use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the pod: from here on it follows the record on the PSA's screen. Where the first look
/// has opened it, it goes on from there: `opened` is what the service answered, `at` when,
/// in milliseconds of the browser's clock.
#[wasm_bindgen]
pub fn take_over(record: Option<String>, opened: Option<String>, at: f64) {
    speak(Listener { language: dom::language(), clock: Some(Clock::new(dom::on_the_clock)) });
    let pod = pod::Pod::default();
    events::listen(&pod);
    let mut seen = record.zip(opened).and_then(|(record, opened)| {
        let place = host::Place::called(&record)?;
        pod.take_over(place, serde_json::from_slice(opened.as_bytes()).ok()?, at);
        Some(record)
    });
    host::on_record(move |record| {
        if record.is_none() || seen.take() != record {
            pod.open(record.as_deref().and_then(host::Place::called));
        }
    });
}
