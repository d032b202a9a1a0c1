//! The settings form on the screen.

use maud::html;
use pod_view::{
    problem, screens,
    settings::{self, Complaint, Form, Input, Opening},
    text,
    wire::Code,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, HtmlTextAreaElement};

use crate::{
    dom,
    net::Failure,
    pod::{Pod, Retry, Screen},
};

impl Pod {
    /// Fetches the settings and opens the form.
    pub(crate) fn open_settings(&self) {
        dom::say_nothing();
        dom::show("loading", screens::waiting(text::LOADING));
        self.run(Retry::Settings, |pod, visit| async move {
            let opening = match visit.get("settings").await {
                Ok(stored) => Opening::Change(stored),
                // Saving them anew is the way out.
                Err(Failure::Refused { problem, .. })
                    if problem.code == Code::SettingsNotAccepted.as_str() =>
                {
                    Opening::Repair(problem)
                }
                Err(failure) => return Err(failure),
            };
            pod.show_settings(opening);
            Ok(())
        });
    }

    pub(crate) fn show_settings(&self, opening: Opening) {
        dom::show("settings", settings::view(&self.company(), &opening));
        suggest_time_zone();
        self.with(|inner| inner.turn_to(Screen::Settings(opening)));
    }

    /// Shows what is in force by the rules as they stand in the form.
    pub(crate) fn show_in_force(&self) {
        let shared = self.with(|inner| match &inner.screen {
            Screen::Settings(opening) => opening.stored().map(|stored| stored.shared_rules.clone()),
            _ => None,
        });
        let own = element(Input::Rules).as_ref().map(value).unwrap_or_default();
        if let Some(list) = dom::find("#in-force") {
            let rules = format!("{own}\n{}", shared.flatten().unwrap_or_default());
            list.set_inner_html(&settings::in_force(&rules).into_string());
        }
    }

    /// Checks what is filled in and saves it.
    pub(crate) fn save_settings(&self) {
        let checked = self.with(|inner| match &inner.screen {
            Screen::Settings(opening) => Some(filled_in().settings(opening.stored())),
            _ => None,
        });
        let Some(Some(checked)) = checked else { return };
        complain(checked.as_ref().err().map_or(&[], Vec::as_slice));
        let Ok(settings) = checked else {
            dom::say(html! { span { (text::NOT_YET) } });
            return;
        };
        set_busy(true);
        dom::say(html! { span { (text::LOADING) } });
        self.run(Retry::Start, |pod, visit| async move {
            match visit.put("settings", &settings).await {
                Ok(()) => {
                    pod.to_status(&visit).await?;
                    dom::say(html! { span { (text::SAVED) } });
                    Ok(())
                }
                Err(Failure::Stale) => Err(Failure::Stale),
                // What was typed stays for another try.
                Err(failure) => {
                    set_busy(false);
                    if let Some(problem) = failure.problem() {
                        dom::say(html! {
                            span #problem data-code=(problem.code) { (problem::line(&problem)) }
                        });
                    }
                    Ok(())
                }
            }
        });
    }
}

/// Writes a rule under those that are there, for the person to change.
pub(crate) fn begin_rule(rule: &str) {
    let Some(rules) = element(Input::Rules).and_then(|rules| rules.dyn_into::<HtmlTextAreaElement>().ok())
    else {
        return;
    };
    let before = rules.value();
    let before = before.trim_end();
    // Of two rules that set one figure the first counts.
    if !before.lines().any(|line| line.trim() == rule) {
        rules.set_value(format!("{rule}\n{before}").trim_end_matches('\n'));
    }
    dom::focus(&rules);
    // On to the end of the rule's own line; a browser that cannot leaves the caret where it is.
    let end = u32::try_from(rule.len()).unwrap_or_default();
    let _ = rules.set_selection_range(end, end);
}

/// Fills in the browser's own time zone where none was chosen.
fn suggest_time_zone() {
    let Some(field) = dom::input(&format!("#{}", Input::TimeZone.id())) else { return };
    if field.value().is_empty()
        && let Some(zone) = dom::time_zone()
    {
        field.set_value(&zone);
    }
}

/// Another protection usually means another port: changed with it while it is the usual one.
pub(crate) fn follow_security(security: &str) {
    let Some(port) = dom::input(&format!("#{}", Input::Port.id())) else { return };
    let usual = if security == "ldaps" { "636" } else { "389" };
    if matches!(port.value().as_str(), "" | "636" | "389") {
        port.set_value(usual);
    }
}

pub(crate) fn filled_in() -> Form {
    let chosen = |name: &str| {
        dom::input(&format!("#settings-form [name={name}]:checked"))
            .map(|one| one.value())
            .unwrap_or_default()
    };
    Form {
        texts: Input::ALL.map(|input| element(input).as_ref().map(value).unwrap_or_default()),
        security: chosen("security"),
        trust: chosen("trust"),
        schedule: chosen("schedule"),
        scope: chosen("scope"),
    }
}

fn element(input: Input) -> Option<Element> {
    dom::find(&format!("#{}", input.id()))
}

fn value(element: &Element) -> String {
    match element.dyn_ref::<HtmlTextAreaElement>() {
        Some(area) => area.value(),
        None => element.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::value).unwrap_or_default(),
    }
}

/// Marks the fields that are wrong, with the reason below each, and goes to the first.
pub(crate) fn complain(wrong: &[(Input, Complaint)]) {
    for input in Input::ALL {
        let complaint = wrong.iter().find(|(about, _)| *about == input).map(|(_, complaint)| *complaint);
        dom::set_text(
            &format!("#{}", settings::about(input)),
            &complaint.map(text::complaint).unwrap_or_default(),
        );
        if let Some(element) = element(input) {
            dom::set(&element, "aria-invalid", if complaint.is_some() { "true" } else { "false" });
        }
    }
    if let Some(first) = wrong.first().and_then(|(input, _)| element(*input)) {
        dom::focus(&first);
    }
}

fn set_busy(busy: bool) {
    if let Some(save) = dom::find("#settings-save") {
        dom::set(&save, "aria-disabled", if busy { "true" } else { "false" });
    }
}
