//! What the first script offers: the record on the PSA's screen, the member's proof, the mark for
//! unsaved changes.

use pod_view::wire::{Proof, Record};
use wasm_bindgen::{JsValue, closure::Closure, prelude::wasm_bindgen};

#[wasm_bindgen(js_namespace = connectactive)]
extern "C" {
    #[wasm_bindgen(js_name = onRecord)]
    fn listen(callback: &Closure<dyn FnMut(Option<String>)>);

    #[wasm_bindgen(catch, js_name = proof)]
    async fn ask() -> Result<JsValue, JsValue>;

    /// Loads the PSA's screen again.
    pub(crate) fn refresh();

    #[wasm_bindgen(js_name = setDirty)]
    fn mark(dirty: bool);
}

/// Where the pod is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    Company(i64),
    Record(Record),
}

impl Place {
    /// From what the first script calls it: the screen and the id.
    pub(crate) fn called(text: &str) -> Option<Self> {
        let (screen, id) = text.split_once('/')?;
        let id = id.parse().ok()?;
        Some(match screen {
            "company" => Self::Company(id),
            "contact" => Self::Record(Record::Contact(id)),
            "ticket" => Self::Record(Record::Ticket(id)),
            _ => return None,
        })
    }
}

/// Calls back with what the first script calls the record on the screen, whenever it changes; `None` when it
/// is none of ours.
pub(crate) fn on_record(callback: impl FnMut(Option<String>) + 'static) {
    let closure = Closure::new(callback);
    listen(&closure);
    // It listens as long as the page lives.
    closure.forget();
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
