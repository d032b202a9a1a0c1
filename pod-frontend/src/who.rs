//! Finding one person on a ticket's or a contact's screen, and what is done about them.

use pod_view::{
    problem, screens,
    text::{self, Local},
    who::{self, Deed, Scene},
    wire::{ApplyLine, OnTicket, Outcome, Problem, Purpose, Record, Session, Status, Who, WhoRequest},
};
use web_sys::{Element, Event};

use crate::{
    dom, host, keys,
    net::{Failure, Lines},
    pod::{Inner, Pod, Retry, Screen},
    visit::Visit,
};

/// A question for somebody, and who was found.
#[derive(Debug)]
pub(crate) struct WhoScreen {
    scene: Scene,
    who: Option<Who>,
    deeds: Vec<Deed>,
    /// The directory is being asked.
    asking: bool,
}

impl Inner {
    fn who_screen(&mut self) -> Option<&mut WhoScreen> {
        match &mut self.screen {
            Screen::Who(screen) => Some(screen),
            _ => None,
        }
    }
}

pub(crate) fn click(pod: &Pod, _event: &Event, target: &Element) {
    match dom::closest(target, "[data-who]").and_then(|button| button.get_attribute("data-who")).as_deref() {
        None => {}
        Some("refresh") => host::refresh(),
        Some(number) => pod.do_it(number.parse().unwrap_or(usize::MAX)),
    }
}

pub(crate) fn submit(pod: &Pod, _event: &Event, target: &Element) {
    if target.id() == "who-form" {
        pod.look_for_somebody();
    }
}

/// Among those found, the number of a button is as good as the button.
pub(crate) fn key(pod: &Pod, event: &Event, target: &Element) {
    let deaf = pod.with(|inner| inner.deaf_to_keys).unwrap_or_default();
    if deaf || dom::closest(target, "#found").is_none() || dom::find("#found [data-who]").is_none() {
        return;
    }
    let Some(event) = keys::alone(event).filter(|event| !event.repeat()) else { return };
    if let Ok(number @ 1..=9) = event.key().parse::<usize>() {
        pod.do_it(number - 1);
    }
}

impl Pod {
    /// The pod at rest on a ticket's or a contact's screen.
    pub(crate) fn ask_who(&self, record: Record, session: &Session, status: &Status) {
        let Some(on) = session.record.clone() else { return };
        let scene = Scene { record, on, rights: session.rights };
        dom::show("who", who::ask(session, &scene, status));
        self.hold_who(record, session);
    }

    /// The same where the first look has drawn it.
    pub(crate) fn hold_who(&self, record: Record, session: &Session) {
        let Some(on) = session.record.clone() else { return };
        let scene = Scene { record, on, rights: session.rights };
        let screen = WhoScreen { scene, who: None, deeds: Vec::new(), asking: false };
        self.with(|inner| inner.turn_to(Screen::Who(Box::new(screen))));
    }

    /// Asks the directory for whatever stands in the field.
    fn look_for_somebody(&self) {
        let Some(input) = dom::input("#who-text") else { return };
        let text = input.value();
        let free = self.with(|inner| {
            let screen = inner.who_screen().filter(|screen| !screen.asking)?;
            screen.asking = true;
            screen.who = None;
            screen.deeds.clear();
            Some(())
        });
        if free.flatten().is_none() {
            return;
        }
        dom::say_nothing();
        show_found(maud::html! { p.busy role="status" { (text::LOOKING) } });
        self.run(Retry::Start, |pod, visit| async move {
            let answer: Result<Who, Failure> = visit.post("who", &WhoRequest { text: text.clone() }).await;
            visit.check()?;
            let drawn = pod.with(|inner| {
                let screen = inner.who_screen()?;
                screen.asking = false;
                let words = match answer {
                    Ok(who) => {
                        screen.deeds = screen.scene.deeds(&who);
                        let words = who::found(&screen.scene, &who, text.trim(), &screen.deeds);
                        screen.who = Some(who);
                        words
                    }
                    Err(failure) => problem(&failure.problem()?),
                };
                Some(words)
            });
            if let Some(Some(words)) = drawn {
                show_found(words);
                // Whoever types on is not taken away from that.
                let typed_on = dom::document().active_element().is_some_and(|at| at.id() == "who-text")
                    && dom::input("#who-text").is_some_and(|input| input.value() != text);
                let here = dom::document().has_focus().unwrap_or(false);
                if let Some(title) = dom::find("#found-title").filter(|_| here && !typed_on) {
                    dom::focus(&title);
                }
            }
            Ok(())
        });
    }

    /// Does what the button of this number says.
    fn do_it(&self, number: usize) {
        let chosen = self.with(|inner| {
            let screen = inner.who_screen()?;
            let deed = screen.deeds.get(number)?.clone();
            // Once: a second press while it is being done finds nothing.
            screen.deeds.clear();
            let name = screen.who.as_ref()?.people.get(deed.person)?.name.clone();
            Some((deed, name))
        });
        let Some(Some((deed, name))) = chosen else { return };
        dom::show("applying", screens::applying(&self.company(), text::DOING));
        self.run(Retry::Start, |pod, visit| async move {
            let body = serde_json::to_string(&deed.request).map_err(|_| Failure::local(Local::Unclear))?;
            let purpose = Purpose::Person(deed.request.digest());
            let mut lines = visit.write_as(purpose, "person", &body).await?;
            let (outcome, ticket, cut) = follow(&mut lines, &visit).await?;
            let company = pod.company();
            let screen = who::done(&company, &deed, &name, outcome.as_ref(), ticket.as_ref(), cut.as_ref());
            pod.with(|inner| inner.turn_to(Screen::Plain));
            dom::show("result", screen);
            Ok(())
        });
    }
}

fn show_found(words: maud::Markup) {
    if let Some(found) = dom::find("#found") {
        found.set_inner_html(&words.into_string());
    }
}

fn problem(problem: &Problem) -> maud::Markup {
    maud::html! {
        div.warning #found-title tabindex="-1" role="alert" data-code=(problem.code) {
            (problem::told(problem))
        }
    }
}

/// Follows it to its end: what became of the contact, of the ticket, and why it broke off.
async fn follow(
    lines: &mut Lines,
    visit: &Visit,
) -> Result<(Option<Outcome>, Option<OnTicket>, Option<Problem>), Failure> {
    let (mut outcome, mut ticket) = (None, None);
    loop {
        let line = lines.next::<ApplyLine>().await;
        visit.check()?;
        match line {
            Ok(Some(ApplyLine::Waiting)) => {
                dom::set_text("#writing-count", text::WAITING_FOR_ANOTHER.words());
            }
            Ok(Some(ApplyLine::Reading(progress))) => {
                dom::set_text("#writing-count", &text::progress(progress));
            }
            Ok(Some(ApplyLine::Writing(_))) => dom::set_text("#writing-count", ""),
            Ok(Some(ApplyLine::Row(row))) => outcome = Some(row.outcome),
            Ok(Some(ApplyLine::Ticket(told))) => ticket = Some(told),
            Ok(Some(ApplyLine::End(_))) => return Ok((outcome, ticket, None)),
            Ok(Some(ApplyLine::Failed(problem))) => return Ok((outcome, ticket, Some(problem))),
            Ok(None) | Err(_) => return Ok((outcome, ticket, Some(text::local(Local::ApplyCutOff)))),
        }
    }
}
