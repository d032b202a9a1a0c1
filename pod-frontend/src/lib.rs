//! The pod in the browser: asks who the member is, shows where the company stands, lets a person
//! review a plan, decide and apply, and changes settings. The talk with the PSA's page is the
//! first script's (`assets/boot.js`); the words and the views are `pod_view`'s.

mod apply;
mod decisions;
mod dom;
mod events;
mod focus;
mod host;
mod keys;
mod net;
mod pod;
mod read;
mod review;
mod runs;
mod settings;
mod trial;
mod visit;

use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the pod: from here on it follows the record on the PSA's screen. Where the first look
/// has opened that company, it goes on from there: `opened` is what the service answered, `at` when,
/// in milliseconds of the browser's clock.
#[wasm_bindgen]
pub fn take_over(company: Option<f64>, opened: Option<String>, at: f64) {
    let pod = pod::Pod::default();
    events::listen(&pod);
    let mut seen = company.map(host::record_id).zip(opened).and_then(|(company, opened)| {
        pod.take_over(company, serde_json::from_slice(opened.as_bytes()).ok()?, at);
        Some(company)
    });
    host::on_record(move |company| {
        if company.is_none() || seen.take() != company {
            pod.open(company);
        }
    });
}
