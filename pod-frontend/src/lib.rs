//! The pod in the browser: asks who the member is, shows where the company stands, lets a person
//! review a plan, decide and apply, finds one person, and changes settings. The talk with the PSA's page is the
//! first script's (`assets/boot.js`); the words and the views are `pod_view`'s.

mod apply;
mod decisions;
mod dom;
mod events;
mod focus;
mod host;
mod net;
mod pod;
mod read;
mod review;
mod runs;
mod settings;
mod visit;
mod who;

use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the pod: from here on it follows the record on the PSA's screen.
#[wasm_bindgen(start)]
pub fn start() {
    let pod = pod::Pod::default();
    events::listen(&pod);
    host::on_record(move |place| pod.open(place));
}
