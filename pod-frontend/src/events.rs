//! From clicks and keys to what they mean. Listeners stand on `#pod` once; what is drawn in it
//! only carries `data-` attributes.

use pod_view::{
    review::{self, Answer, Reply},
    settings::Input,
    text,
};
use reconcile::{AccountId, ContactId, Day, Decision, NotADay, RowKind, Subject};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, HtmlInputElement};

use crate::{dom, keys, places, pod::Pod, review::ReviewScreen, settings, trial, who};

pub(crate) fn listen(pod: &Pod) {
    for (event, react) in [
        ("click", click as fn(&Pod, &Event, &Element)),
        ("change", change),
        ("input", typed),
        ("submit", submit),
        ("click", who::click),
        ("submit", who::submit),
        ("keydown", who::key),
        ("keydown", places::key),
        ("keydown", keys::pressed),
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
    let pod = pod.clone();
    let listener = Closure::<dyn Fn()>::new(move || on_review(&pod, ReviewScreen::scrolled));
    // Scrolling does not bubble: it is heard on its way down.
    dom::root()
        .add_event_listener_with_callback_and_bool("scroll", listener.as_ref().unchecked_ref(), true)
        .expect("an element takes listeners");
    listener.forget();
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
        "test" | "preview" => pod.try_settings(&action),
        "rule" => settings::begin_rule(&button.get_attribute("data-value").unwrap_or_default()),
        "place" => places::take(&button),
        "pin" | "base" => pod.take_found(&action, &button.get_attribute("data-value").unwrap_or_default()),
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
        "help" => keys::show_help(pod),
        "close-help" => keys::close_help(),
        "story" => story(pod, &button),
        "teach" => {
            if let Some(rule) = button.get_attribute("data-rule") {
                pod.teach(&rule);
            }
        }
        "match" => pair(pod, &button),
        "undo" => {
            undo(pod, &button);
        }
        "today" => {
            not_today(pod, &button);
        }
        other => {
            match (Reply::coded(other), other.strip_suffix("-all").and_then(Reply::coded), group(&button)) {
                (Some(reply), ..) => {
                    answer(pod, &button, reply);
                }
                (_, Some(reply), Some(kind)) => pod.answer_many(kind, reply),
                _ => on_review(pod, |screen| look(screen, &button, other)),
            }
        }
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
        "show-more" => {
            if let Some(kind) = group(button) {
                screen.extend(kind);
            }
            return;
        }
        "reason" => {
            let place = button.get_attribute("data-reason").and_then(|place| place.parse::<usize>().ok());
            let (Some(kind), Some(place)) = (group(button), place) else { return };
            let reason = screen.review.reasons_of(kind).get(place).map(|&(reason, _)| reason);
            let again = screen.review.chosen_reason(kind) == reason;
            screen.review.choose_reason(kind, reason.filter(|_| !again));
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

/// Asks what was done to whom a row is about, and tells it in place of the button.
fn story(pod: &Pod, button: &Element) {
    let place = dom::closest(button, ".story");
    let key =
        pod.with(|inner| inner.review()?.review.row_of(subject(button)?).map(|row| row.key())).flatten();
    if let (Some(place), Some(key)) = (place, key) {
        pod.tell_story(key, place);
    }
}

fn pair(pod: &Pod, button: &Element) {
    let account = button.get_attribute("data-account").and_then(|id| id.parse::<AccountId>().ok());
    let contact = button.get_attribute("data-contact").and_then(|id| id.parse().ok()).map(ContactId);
    if let (Some(account), Some(contact)) = (account, contact) {
        pod.decide(Subject::Account(account), Some(Decision::Match(contact)));
    }
}

/// Takes back what was decided about the row around an element.
pub(crate) fn undo(pod: &Pod, button: &Element) -> bool {
    let decided = pod.with(|inner| {
        let review = &inner.review()?.review;
        let row = review.row_of(subject(button)?)?;
        review.decision_of(row)
    });
    let Some(Some((subject, _))) = decided else { return false };
    pod.decide(subject, None);
    true
}

/// Gives an answer to the row around an element: for good, or until the day that was chosen beside it.
pub(crate) fn answer(pod: &Pod, at: &Element, reply: Reply) -> bool {
    let Some(Answer { subject, decision, .. }) = taken(pod, at, reply) else { return false };
    let decision = match (decision, until(at)) {
        (Decision::Ignore, Ok(Some(day))) if today(pod).is_none_or(|today| day >= today) => {
            Decision::IgnoreUntil(day)
        }
        (Decision::Ignore, Ok(Some(_)) | Err(NotADay)) => {
            dom::say(maud::html! { (text::UNTIL_IS_OVER) });
            return true;
        }
        (decision, _) => decision,
    };
    pod.decide(subject, Some(decision));
    true
}

/// Leaves the row around an element alone until today is over.
pub(crate) fn not_today(pod: &Pod, at: &Element) -> bool {
    let left = taken(pod, at, Reply::Ignore).or_else(|| taken(pod, at, Reply::Keep));
    let (Some(answer), Some(today)) = (left, today(pod)) else { return false };
    pod.decide(answer.subject, Some(Decision::IgnoreUntil(today)));
    true
}

/// The date at the company.
fn today(pod: &Pod) -> Option<Day> {
    pod.with(|inner| inner.review()?.review.today()).flatten()
}

/// The answer, where the row around an element takes it.
fn taken(pod: &Pod, at: &Element, reply: Reply) -> Option<Answer> {
    pod.with(|inner| {
        let review = &inner.review()?.review;
        let row = review.row_of(subject(at)?)?;
        review::answers(row, review.both()).0.into_iter().find(|answer| answer.reply == reply)
    })
    .flatten()
}

/// The last day that was chosen in the row around an element. Half a date is none, and not the same as nothing.
fn until(element: &Element) -> Result<Option<Day>, NotADay> {
    let input = dom::closest(element, "[data-row]").and_then(|row| dom::find_in(&row, "[data-until]"));
    let Some(input) = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) else {
        return Ok(None);
    };
    match input.value().as_str() {
        "" if input.check_validity() => Ok(None),
        text => text.parse().map(Some),
    }
}

fn change(pod: &Pod, _event: &Event, target: &Element) {
    trial::outdated(target);
    let Some(input) = target.dyn_ref::<HtmlInputElement>() else { return };
    if input.name() == "security" {
        settings::follow_security(&input.value());
    }
    let Some(check) = input.get_attribute("data-check") else { return };
    if check == "keys" {
        pod.with(|inner| inner.deaf_to_keys = !input.checked());
    }
    on_review(pod, |screen| {
        match (check.as_str(), subject(target), group(target)) {
            ("apply", Some(subject), _) => screen.review.tick(subject, input.checked()),
            ("pick", Some(subject), _) => screen.review.pick(subject, input.checked()),
            ("group", _, Some(kind)) => screen.review.tick_group(kind, input.checked()),
            _ => return,
        }
        screen.draw();
    });
}

fn typed(pod: &Pod, _event: &Event, target: &Element) {
    trial::outdated(target);
    places::typed(pod, target);
    if target.id() == Input::Rules.id() {
        pod.show_in_force();
    }
    let Some(input) = target.dyn_ref::<HtmlInputElement>() else { return };
    on_review(pod, |screen| {
        if input.id() == "filter" {
            screen.review.set_filter(&input.value());
            screen.draw_list();
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

pub(crate) fn on_review(pod: &Pod, work: impl FnOnce(&mut ReviewScreen)) {
    pod.with(|inner| {
        if let Some(screen) = inner.review() {
            work(screen);
        }
    });
}

/// Whom the row around an element is about.
pub(crate) fn subject(element: &Element) -> Option<Subject> {
    dom::closest(element, "[data-row]")?.get_attribute("data-row")?.parse().ok()
}

/// The group around an element.
pub(crate) fn group(element: &Element) -> Option<RowKind> {
    kind(&dom::closest(element, "[data-group]")?.get_attribute("data-group")?)
}

fn kind(code: &str) -> Option<RowKind> {
    review::KINDS.into_iter().find(|kind| kind.code() == code)
}
