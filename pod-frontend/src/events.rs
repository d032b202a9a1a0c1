//! From clicks and keys to what they mean. Listeners stand on `#pod` once; what is drawn in it
//! only carries `data-` attributes.

use pod_view::review;
use reconcile::{AccountId, ContactId, Decision, RowKind, Subject};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, HtmlInputElement};

use crate::{dom, pod::Pod, review::ReviewScreen, settings, who};

pub(crate) fn listen(pod: &Pod) {
    for (event, react) in [
        ("click", click as fn(&Pod, &Event, &Element)),
        ("change", change),
        ("input", typed),
        ("submit", submit),
        ("click", who::click),
        ("submit", who::submit),
        ("keydown", who::key),
    ] {
        let pod = pod.clone();
        let listener = Closure::<dyn Fn(Event)>::new(move |event: Event| {
            if let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) {
                react(&pod, &event, &target);
            }
        });
        dom::root()
            .add_event_listener_with_callback(event, listener.as_ref().unchecked_ref())
            .expect("an element takes listeners");
        // It listens as long as the page lives.
        listener.forget();
    }
}

fn click(pod: &Pod, _event: &Event, target: &Element) {
    let Some(button) = dom::closest(target, "[data-action]") else { return };
    let Some(action) = button.get_attribute("data-action") else { return };
    match action.as_str() {
        "start" => pod.start(),
        "sync" => pod.sync(),
        "cancel" | "back" => pod.back(),
        "retry" => pod.retry(),
        "settings" => pod.open_settings(),
        "apply" => pod.apply(),
        "runs" => pod.show_runs(),
        "run" => pod.show_run(button.get_attribute("data-run").unwrap_or_default()),
        "undo-run" => pod.ask_to_undo(None),
        "undo-row" => {
            let row = button.get_attribute("data-undo").and_then(|place| place.parse().ok());
            pod.ask_to_undo(Some(row.unwrap_or(usize::MAX)));
        }
        "undo-confirmed" => pod.undo_asked(),
        "undo-cancelled" => dom::say_nothing(),
        "save" => {
            dom::say_nothing();
            pod.save();
        }
        "undo-last" => pod.undo_last(),
        "keep-all" => pod.decide_many(Decision::Ignore),
        "deactivate-all" => pod.decide_many(Decision::Deactivate),
        "teach" => {
            if let Some(rule) = button.get_attribute("data-rule") {
                pod.teach(&rule);
            }
        }
        "match" => pair(pod, &button),
        "undo" => undo(pod, &button),
        "create" | "ignore" | "person" | "deactivate" | "keep" | "move" => answer(pod, &button, &action),
        other => on_review(pod, |screen| look(screen, &button, other)),
    }
}

/// What changes the view only.
fn look(screen: &mut ReviewScreen, button: &Element, action: &str) {
    match action {
        "toggle" => {
            if let Some(subject) = subject(button) {
                screen.review.toggle_row(subject);
            }
        }
        "toggle-group" => {
            if let Some(kind) = group(button) {
                screen.review.toggle_group(kind);
            }
        }
        "show-all" => {
            if let Some(kind) = group(button) {
                screen.review.show_all(kind);
            }
        }
        "go" => {
            let Some(kind) = button.get_attribute("data-kind").and_then(|code| kind(&code)) else { return };
            screen.review.open_group(kind);
            screen.draw();
            go_to(kind);
            return;
        }
        _ => return,
    }
    screen.draw();
}

fn go_to(kind: RowKind) {
    let Some(section) = dom::find(&format!("[data-group=\"{}\"]", kind.code())) else { return };
    if let Some(list) = dom::closest(&section, ".scroll") {
        let distance = section.get_bounding_client_rect().top() - list.get_bounding_client_rect().top();
        #[expect(clippy::cast_possible_truncation, reason = "a list has fewer than 2^31 pixels")]
        list.set_scroll_top(list.scroll_top() + distance as i32);
    }
    if let Some(head) = dom::find_in(&section, "[data-action=toggle-group]") {
        dom::focus(&head);
    }
}

fn pair(pod: &Pod, button: &Element) {
    let account = button.get_attribute("data-account").and_then(|id| id.parse::<AccountId>().ok());
    let contact = button.get_attribute("data-contact").and_then(|id| id.parse().ok()).map(ContactId);
    if let (Some(account), Some(contact)) = (account, contact) {
        pod.decide(Subject::Account(account), Some(Decision::Match(contact)));
    }
}

fn undo(pod: &Pod, button: &Element) {
    let decided = pod.with(|inner| {
        let review = &inner.review()?.review;
        let row = review.row_of(subject(button)?)?;
        review.decision_of(row)
    });
    if let Some(Some((subject, _))) = decided {
        pod.decide(subject, None);
    }
}

fn answer(pod: &Pod, button: &Element, action: &str) {
    let answer = pod.with(|inner| {
        let review = &inner.review()?.review;
        let row = review.row_of(subject(button)?)?;
        review::answers(row, review.both()).0.into_iter().find(|answer| answer.action == action)
    });
    if let Some(Some(answer)) = answer {
        pod.decide(answer.subject, Some(answer.decision));
    }
}

fn change(pod: &Pod, _event: &Event, target: &Element) {
    let Some(input) = target.dyn_ref::<HtmlInputElement>() else { return };
    if input.name() == "security" {
        settings::follow_security(&input.value());
    }
    let Some(check) = input.get_attribute("data-check") else { return };
    on_review(pod, |screen| {
        match (check.as_str(), subject(target), group(target)) {
            ("apply", Some(subject), _) => screen.review.tick(subject, input.checked()),
            ("pick", Some(Subject::Contact(contact)), _) => screen.review.pick(contact, input.checked()),
            ("group", _, Some(kind)) => screen.review.tick_group(kind, input.checked()),
            _ => return,
        }
        screen.draw();
    });
}

fn typed(pod: &Pod, _event: &Event, target: &Element) {
    let Some(input) = target.dyn_ref::<HtmlInputElement>() else { return };
    on_review(pod, |screen| {
        if input.id() == "filter" {
            screen.review.set_filter(&input.value());
            screen.draw();
        } else if input.has_attribute("data-search")
            && let Some(row) = subject(target).and_then(|subject| screen.review.row_of(subject))
            && let Some(list) =
                dom::closest(target, ".search").and_then(|search| dom::find_in(&search, "[data-finds]"))
        {
            list.set_inner_html(&review::finds(row, &screen.review, &input.value()).into_string());
        }
    });
}

fn submit(pod: &Pod, event: &Event, target: &Element) {
    event.prevent_default();
    if target.id() == "settings-form" {
        pod.save_settings();
    }
}

fn on_review(pod: &Pod, work: impl FnOnce(&mut ReviewScreen)) {
    pod.with(|inner| {
        if let Some(screen) = inner.review() {
            work(screen);
        }
    });
}

/// Whom the row around an element is about.
fn subject(element: &Element) -> Option<Subject> {
    dom::closest(element, "[data-row]")?.get_attribute("data-row")?.parse().ok()
}

/// The group around an element.
fn group(element: &Element) -> Option<RowKind> {
    kind(&dom::closest(element, "[data-group]")?.get_attribute("data-group")?)
}

fn kind(code: &str) -> Option<RowKind> {
    review::KINDS.into_iter().find(|kind| kind.code() == code)
}
