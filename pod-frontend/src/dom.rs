//! The few things that the pod does with the page.

use maud::Markup;
use pod_view::text::Language;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Element, HtmlElement, HtmlInputElement, Window};

/// Why none of this can fail: the shell holds these elements, and nothing removes them.
const SHELL: &str = "the shell holds it";

pub(crate) fn window() -> Window {
    web_sys::window().expect("the pod runs in a window")
}

pub(crate) fn document() -> Document {
    window().document().expect("a window has a document")
}

/// `#pod`.
pub(crate) fn root() -> HtmlElement {
    document().get_element_by_id("pod").and_then(|element| element.dyn_into().ok()).expect(SHELL)
}

fn app() -> Element {
    document().get_element_by_id("app").expect(SHELL)
}

/// The value of a `data-` attribute of the document's body.
pub(crate) fn body_data(name: &str) -> String {
    document().body().and_then(|body| body.get_attribute(&format!("data-{name}"))).unwrap_or_default()
}

/// Replaces the screen. Keyboards and screen readers go on at its title, unless the person is
/// elsewhere in the PSA.
pub(crate) fn show(state: &str, screen: Markup) {
    let was_here = document().has_focus().unwrap_or(false);
    app().set_inner_html(&screen.into_string());
    set_state(state);
    if was_here && let Some(title) = find("#app h1") {
        focus(&title);
    }
}

/// Removes everything of the company.
pub(crate) fn clear() {
    app().set_inner_html("");
    say_nothing();
}

/// The language of the document, which is the pod's.
pub(crate) fn language() -> Language {
    let tag = document().document_element().and_then(|page| page.get_attribute("lang"));
    tag.and_then(|tag| Language::tagged(&tag)).unwrap_or_default()
}

/// What stands on the screen.
pub(crate) fn state() -> Option<String> {
    root().get_attribute("data-state")
}

pub(crate) fn set_state(state: &str) {
    // Already set is not set again: tests and styles watch the attribute.
    if self::state().as_deref() != Some(state) {
        set(&root(), "data-state", state);
    }
}

/// Puts words where they are seen and read aloud.
pub(crate) fn say(words: Markup) {
    let Some(message) = find("#message") else { return };
    let was_here = document().active_element().is_some_and(|at| message.contains(Some(&at)));
    message.set_inner_html(&words.into_string());
    // A button in the message goes with it: the keyboard goes on where the screen acts.
    if was_here && let Some(next) = find("#apply:enabled").or_else(|| find("#app h1")) {
        focus(&next);
    }
}

/// Adds to what was said.
pub(crate) fn say_more(words: Markup) {
    let Some(message) = find("#message") else { return };
    let more = create("div");
    more.set_inner_html(&words.into_string());
    message.append_child(&more).expect("a message takes more words");
}

/// Waits until the screen shows what was drawn.
pub(crate) async fn drawn() {
    let frame = js_sys::Promise::new(&mut |resolve, _| {
        window().request_animation_frame(&resolve).expect("a window has frames");
    });
    let _ = JsFuture::from(frame).await;
    // Asked just before the frame is drawn, the next task comes after that.
    pause(0).await;
}

/// Waits for so many milliseconds.
pub(crate) async fn pause(milliseconds: i32) {
    let over = js_sys::Promise::new(&mut |resolve, _| {
        window()
            .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds)
            .expect("a window has a clock");
    });
    let _ = JsFuture::from(over).await;
}

pub(crate) fn say_nothing() {
    say(maud::html! {});
}

pub(crate) fn find(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

pub(crate) fn find_in(within: &Element, selector: &str) -> Option<Element> {
    within.query_selector(selector).ok().flatten()
}

pub(crate) fn closest(element: &Element, selector: &str) -> Option<Element> {
    element.closest(selector).ok().flatten()
}

pub(crate) fn create(tag: &str) -> Element {
    document().create_element(tag).expect("it is the name of an element")
}

pub(crate) fn set(element: &Element, name: &str, value: &str) {
    element.set_attribute(name, value).expect("it is the name of an attribute");
}

/// Puts `element` where `next` stands, without touching it when it stands there already.
pub(crate) fn place(within: &Element, element: &Element, next: &mut Option<Element>) {
    if next.as_ref() == Some(element) {
        *next = element.next_element_sibling();
    } else {
        within.insert_before(element, next.as_deref()).expect("the place is in the list");
    }
}

/// Sets the text of the element that `selector` finds.
pub(crate) fn set_text(selector: &str, text: &str) {
    if let Some(element) = find(selector) {
        element.set_text_content(Some(text));
    }
}

/// Fills an element anew only when that changes it.
pub(crate) fn fill(element: &Element, markup: Markup, held: &mut String) {
    let markup = markup.into_string();
    if *held != markup {
        element.set_inner_html(&markup);
        *held = markup;
    }
}

pub(crate) fn input(selector: &str) -> Option<HtmlInputElement> {
    find(selector).and_then(|element| element.dyn_into().ok())
}

/// The name of the time zone that the browser shows times in, when it knows it.
pub(crate) fn time_zone() -> Option<String> {
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    let zone = js_sys::Reflect::get(&format.resolved_options(), &"timeZone".into()).ok()?.as_string()?;
    (zone != "Etc/Unknown").then_some(zone)
}

/// A moment (RFC 3339) on the browser's clock, as `2027-01-31T14:05`.
pub(crate) fn on_the_clock(moment: &str) -> Option<String> {
    let date = js_sys::Date::new(&moment.into());
    let (year, month, day) = (date.get_full_year(), date.get_month() + 1, date.get_date());
    let (hour, minute) = (date.get_hours(), date.get_minutes());
    (!date.get_time().is_nan()).then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}"))
}

/// Focuses and shows an element. The browser's own scrolling would move the PSA's page around the
/// pod as well, so only the pod's own list is scrolled.
pub(crate) fn focus(element: &Element) {
    let Some(target) = element.dyn_ref::<HtmlElement>() else { return };
    let options = js_sys::Object::new();
    let quiet = js_sys::Reflect::set(&options, &"preventScroll".into(), &true.into());
    if quiet.is_ok()
        && let Ok(focus) = js_sys::Reflect::get(target, &"focus".into())
        && let Ok(focus) = focus.dyn_into::<js_sys::Function>()
        && focus.call1(target, &options).is_ok()
    {
        reveal(element);
    }
}

/// Scrolls the pod's list so far that the element is seen.
pub(crate) fn reveal(element: &Element) {
    let Some(list) = closest(element, ".scroll") else { return };
    let (seen, wanted) = (list.get_bounding_client_rect(), element.get_bounding_client_rect());
    #[expect(clippy::cast_possible_truncation, reason = "a screen has fewer than 2^31 pixels")]
    if wanted.top() < seen.top() {
        list.set_scroll_top(list.scroll_top() + (wanted.top() - seen.top() - 8.0) as i32);
    } else if wanted.bottom() > seen.bottom() {
        list.set_scroll_top(list.scroll_top() + (wanted.bottom() - seen.bottom() + 8.0) as i32);
    }
}
