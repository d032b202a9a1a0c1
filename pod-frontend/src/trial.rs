//! Trying the form as it stands: a test of the connection, or a preview of what it would do.

use pod_view::{
    settings::Input,
    text::{self, Local},
    trial,
    wire::{Problem, TrialFailure, TrialLine, TrialStep},
};
use web_sys::{AbortController, Element};

use crate::{
    dom,
    net::{Failure, Lines},
    pod::{Pod, Retry, Screen},
    settings::{complain, filled_in},
};

impl Pod {
    /// Tests (`test`) or previews (`preview`) what is filled in, without saving it.
    pub(crate) fn try_settings(&self, what: &str) {
        // When to sync by itself does not matter here.
        let form = pod_view::settings::Form { schedule: String::new(), ..filled_in() };
        let checked = self.with(|inner| match &inner.screen {
            Screen::Settings(opening) => Some(form.settings(opening.stored())),
            _ => None,
        });
        let Some(Some(checked)) = checked else { return };
        complain(checked.as_ref().err().map_or(&[], Vec::as_slice));
        let Ok(settings) = checked else {
            dom::say(maud::html! { span { (text::NOT_TRIED) } });
            return;
        };
        let (Ok(reading), Some(place)) = (AbortController::new(), dom::find("#trial")) else { return };
        let signal = reading.signal();
        self.cancel_reading();
        self.with(|inner| {
            inner.reading = Some(reading);
            // A person who tries again wants to know.
            inner.refused = None;
        });
        dom::say_nothing();
        dom::set(&place, "data-old", "");
        place.set_inner_html(&trial::begun(what == "test").into_string());
        if let Some(title) = dom::find_in(&place, "h2") {
            dom::focus(&title);
        }
        let path = format!("settings/{what}");
        self.run(Retry::Settings, |_, visit| async move {
            let told = async {
                let mut lines = visit.stream_of(&path, &settings, signal).await?;
                follow(&mut lines, &settings.bind_name, &settings.base).await
            };
            match told.await {
                // What was typed stays for another try.
                Err(failure @ (Failure::Broken(_) | Failure::Refused { .. })) => {
                    if let Some(problem) = failure.problem() {
                        broken(problem);
                    }
                    Ok(())
                }
                other => other,
            }
        });
    }

    /// Takes over what a test found: the certificate to pin, or a base; and tests again.
    pub(crate) fn take_found(&self, what: &str, value: &str) {
        let field = if what == "pin" { Input::Pin } else { Input::Base };
        if what == "pin"
            && let Some(choice) = dom::input("#settings-form [name=trust][value=pinned]")
        {
            choice.set_checked(true);
        }
        if let Some(field) = dom::input(&format!("#{}", field.id())) {
            field.set_value(value);
            self.try_settings("test");
        }
    }
}

/// Draws the lines as they come.
async fn follow(lines: &mut Lines, bind_name: &str, base: &str) -> Result<(), Failure> {
    loop {
        let Some(line) = lines.next::<TrialLine>().await? else {
            return Err(Failure::local(Local::CutOff));
        };
        if let TrialLine::Progress(progress) = &line {
            dom::set_text("#trial-now", &text::trial_progress(*progress));
            continue;
        }
        if let Some(next) = trial::next(&line) {
            dom::set_text("#trial-now", text::trial_step_now(next).words());
        }
        add(&line, bind_name, base);
        if line.is_last() {
            return Ok(());
        }
    }
}

fn add(line: &TrialLine, bind_name: &str, base: &str) {
    let Some(list) = dom::find("#trial-steps") else { return };
    let item = dom::create("li");
    let (step, mark) = trial::place(line);
    dom::set(&item, "data-step", step);
    dom::set(&item, "data-mark", mark);
    item.set_inner_html(&trial::step(line, bind_name, base).into_string());
    list.append_child(&item).expect("a list takes items");
    dom::reveal(&item);
    if line.is_last()
        && let Some(now) = dom::find("#trial-now")
    {
        now.remove();
    }
}

fn broken(problem: Problem) {
    add(&TrialLine::Failed(TrialFailure::new(TrialStep::Outcome, problem)), "", "");
}

/// Says that what was found belongs to the form as it was before something in it changed.
pub(crate) fn outdated(target: &Element) {
    if dom::closest(target, "#settings-form").is_some()
        && let Some(place) = dom::find("#trial:not(:empty)")
    {
        dom::set(&place, "data-old", text::TRIAL_OLD.words());
    }
}
