//! What the first script offers: the record on the PSA's screen, the member's proof, the mark for
//! unsaved changes.

use pod_view::wire::Proof;
use wasm_bindgen::{JsValue, closure::Closure, prelude::wasm_bindgen};

#[wasm_bindgen(js_namespace = connectactive)]
extern "C" {
    #[wasm_bindgen(js_name = onRecord)]
    fn listen(callback: &Closure<dyn FnMut(Option<f64>)>);

    #[wasm_bindgen(catch, js_name = proof)]
    async fn ask() -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = setDirty)]
    fn mark(dirty: bool);
}

/// Calls back with the company on the screen whenever it changes; `None` when there is none.
pub(crate) fn on_record(mut callback: impl FnMut(Option<i64>) + 'static) {
    let closure = Closure::new(move |record: Option<f64>| callback(record.map(record_id)));
    listen(&closure);
    // It listens as long as the page lives.
    closure.forget();
}

/// A record's id as the first script passes it.
#[expect(clippy::cast_possible_truncation, reason = "the first script passes whole numbers below 10^15")]
pub(crate) const fn record_id(id: f64) -> i64 {
    id as i64
}

/// Asks the PSA for the member's proof. `None` when it did not answer, or not in full.
pub(crate) async fn proof() -> Option<Proof> {
    let answer = ask().await.ok()?;
    let text = js_sys::JSON::stringify(&answer).ok()?.as_string()?;
    serde_json::from_slice(text.as_bytes()).ok()
}

/// Tells the PSA whether leaving the screen would lose something.
pub(crate) fn set_dirty(dirty: bool) {
    mark(dirty);
}
