//! The review by keyboard alone. Single keys are heard inside the pod only, and not where somebody types.

use maud::html;
use pod_view::{
    review::{self, Reply},
    text,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlDialogElement, HtmlElement, HtmlInputElement, KeyboardEvent};

use crate::{
    dom,
    events::{answer, group, not_today, on_review, subject, undo},
    list::row_after,
    pod::Pod,
};

/// What the keyboard stands at when it stands at a row.
const TOGGLE: &str = ".head [data-action=toggle]";

/// A key that was pressed by itself, and not as a part of a letter that is being put together.
pub(crate) fn alone(event: &Event) -> Option<&KeyboardEvent> {
    let chord = |event: &&KeyboardEvent| {
        event.ctrl_key() || event.alt_key() || event.meta_key() || event.is_composing()
    };
    event.dyn_ref::<KeyboardEvent>().filter(|event| !chord(event))
}

pub(crate) fn pressed(pod: &Pod, event: &Event, target: &Element) {
    let Some(event) = alone(event) else { return };
    // Also while a review is applied it is kept, but not shown.
    let reviewing = dom::state().as_deref() == Some("review");
    if !reviewing || dom::closest(target, "dialog").is_some() {
        return;
    }
    let key = event.key();
    let heard = if is_typed_into(target) {
        typing(target, &key)
    } else if key == "Escape" {
        close(pod, target)
    } else {
        let deaf = pod.with(|inner| inner.deaf_to_keys).unwrap_or_default();
        // The way to hear keys again is a key as well.
        (!deaf || key == "?") && command(pod, &key)
    };
    if heard {
        event.prevent_default();
    }
}

fn is_typed_into(target: &Element) -> bool {
    match target.dyn_ref::<HtmlInputElement>() {
        Some(input) => !matches!(input.type_().as_str(), "checkbox" | "radio"),
        None => target.tag_name() == "TEXTAREA" || target.tag_name() == "SELECT",
    }
}

/// The keys that leave a field: whatever else is pressed is typed.
fn typing(target: &Element, key: &str) -> bool {
    match key {
        "Escape" | "Enter" if target.id() == "filter" => step(None, 1),
        "Escape" => at(dom::closest(target, "[data-row]").and_then(|row| dom::find_in(&row, TOGGLE))),
        "Enter" if target.has_attribute("data-search") => {
            let search = dom::closest(target, ".search");
            press(search.and_then(|search| dom::find_in(&search, "[data-finds] [data-action=match]")))
        }
        _ => false,
    }
}

/// The keys that say something of the row where the keyboard is.
const ANSWERS: &str = "xmnitpd123456789";

fn command(pod: &Pod, key: &str) -> bool {
    let answers = key.len() == 1 && ANSWERS.contains(key);
    match key {
        "j" => return next(pod),
        "k" => return step(here().as_ref(), -1),
        "/" => {
            let filter = dom::input("#filter");
            if let Some(filter) = &filter {
                // What stands there is typed over.
                filter.select();
            }
            return at(filter.map(Into::into));
        }
        "a" => return at(dom::find("#apply:enabled").or_else(|| dom::find("#back"))),
        "?" => {
            show_help(pod);
            return true;
        }
        _ if (answers || key == "u") && !pod.may_decide() => {
            dom::say(html! { (text::LOOK_ONLY) });
            return true;
        }
        "u" if here().is_some_and(|row| undo(pod, &row)) => return true,
        "u" => {
            pod.undo_last();
            return true;
        }
        _ if answers => {}
        _ => return false,
    }
    let Some(row) = here() else {
        dom::say(html! { (text::NO_ROW) });
        return true;
    };
    let done = match key {
        "x" => press(dom::find_in(&row, ".head > [data-check]")),
        "m" => pair(pod, &row),
        "n" => answer(pod, &row, Reply::Create),
        "i" => answer(pod, &row, Reply::Ignore) || answer(pod, &row, Reply::Keep),
        "p" => answer(pod, &row, Reply::Person) || answer(pod, &row, Reply::Nobody),
        "d" => answer(pod, &row, Reply::Deactivate),
        "t" => not_today(pod, &row),
        number => {
            let place = number.parse::<usize>().unwrap_or(1);
            let one = format!(".candidates > :nth-child({place}) [data-action=match]");
            press(dom::find_in(&row, &one))
        }
    };
    if !done {
        dom::say(html! { (text::NO_SUCH_ANSWER) });
    }
    true
}

/// Opens the row and goes to the first match that is offered, else to the search; from there on to the search.
fn pair(pod: &Pod, row: &Element) -> bool {
    let Some(subject) = subject(row) else { return false };
    on_review(pod, |screen| {
        if !screen.review.row_is_open(subject) {
            screen.review.toggle_row(subject);
            screen.draw();
        }
    });
    let now = dom::document().active_element();
    let offered = now.filter(|now| dom::closest(now, ".candidates").is_none());
    let offered = offered.and_then(|_| dom::find_in(row, ".candidates [data-action=match]"));
    at(offered.or_else(|| dom::find_in(row, "[data-search]")))
}

/// Closes the open row around an element.
fn close(pod: &Pod, target: &Element) -> bool {
    let Some((row, subject)) =
        dom::closest(target, "[data-row]").and_then(|row| Some((row.clone(), subject(&row)?)))
    else {
        return false;
    };
    on_review(pod, |screen| {
        if screen.review.row_is_open(subject) {
            screen.review.toggle_row(subject);
            screen.draw();
        }
    });
    at(dom::find_in(&row, TOGGLE))
}

/// The row around the keyboard.
fn here() -> Option<Element> {
    dom::closest(&dom::document().active_element()?, "[data-row]")
}

/// To the next row; at the end of what a group shows, more of it comes first.
fn next(pod: &Pod) -> bool {
    let from = here();
    let last = from.as_ref().filter(|row| row_after(row).is_none());
    if let Some(kind) = last.and_then(group) {
        on_review(pod, |screen| screen.extend(kind));
    }
    step(from.as_ref(), 1)
}

/// Puts the keyboard so many rows further, or to the first one.
fn step(from: Option<&Element>, by: i32) -> bool {
    let Ok(rows) = dom::document().query_selector_all(&format!("#groups {TOGGLE}")) else { return false };
    let own = from.and_then(|row| dom::find_in(row, TOGGLE));
    let all = (0..rows.length()).filter_map(|place| rows.item(place)?.dyn_into::<Element>().ok());
    let all: Vec<Element> = all.collect();
    let place = own.and_then(|own| all.iter().position(|row| *row == own));
    let target = match (place, by) {
        (None, _) => 0,
        (Some(place), 1) => place + 1,
        (Some(place), _) => place.saturating_sub(1),
    };
    at(all.into_iter().nth(target))
}

/// Puts the keyboard there; whether there was such a place.
fn at(element: Option<Element>) -> bool {
    element.map(|element| dom::focus(&element)).is_some()
}

/// Clicks it; whether there was something to click.
fn press(element: Option<Element>) -> bool {
    element
        .and_then(|element| element.dyn_into::<HtmlElement>().ok())
        .map(|element| element.click())
        .is_some()
}

/// Shows the keys over the screen.
pub(crate) fn show_help(pod: &Pod) {
    let on = !pod.with(|inner| inner.deaf_to_keys).unwrap_or_default();
    let help = dom::find("#help").and_then(|help| help.dyn_into::<HtmlDialogElement>().ok());
    let help = help.unwrap_or_else(|| {
        let help = dom::create("dialog");
        dom::set(&help, "id", "help");
        dom::set(&help, "aria-labelledby", "help-title");
        dom::root().append_child(&help).expect("the pod takes parts");
        help.unchecked_into()
    });
    help.set_inner_html(&review::help(on).into_string());
    if !help.open() {
        // Only one that is open already refuses.
        let _ = help.show_modal();
    }
}

/// Closes them; the keyboard goes back by itself.
pub(crate) fn close_help() {
    if let Some(help) = dom::find("#help").and_then(|help| help.dyn_into::<HtmlDialogElement>().ok()) {
        help.close();
    }
}
