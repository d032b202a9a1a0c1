//! Finding one person: on a ticket's screen who is asking, on a contact's who that is in the directory.

pub mod wire;

use maud::{Markup, html};
use reconcile::FieldChange;

use crate::{
    problem, text,
    wire::{
        Act, Fitting, Named, OnRecord, OnTicket, Outcome, Person, PersonRequest, Problem, Put, Record,
        Rights, Session, State, Status, Who,
    },
};

/// The record on the screen, and what the member may do about it.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The record.
    pub record: Record,
    /// What the PSA has of it.
    pub on: OnRecord,
    /// What the member may do.
    pub rights: Rights,
}

/// What one button does.
#[derive(Clone, Debug)]
pub struct Deed {
    /// Whom it is about, by their place in [`Who::people`].
    pub person: usize,
    /// Which of their contacts it is about; none for a new one.
    pub contact: Option<usize>,
    /// What stands on it.
    pub label: text::Text,
    /// What is asked of the service.
    pub request: PersonRequest,
}

impl Scene {
    /// Everything that can be done about those who were found, in the order of the buttons: one key for
    /// each.
    #[must_use]
    pub fn deeds(&self, who: &Who) -> Vec<Deed> {
        let people = who.people.iter().enumerate();
        people.flat_map(|(at, person)| self.deeds_of(at, person)).collect()
    }

    fn deeds_of(&self, at: usize, person: &Person) -> Vec<Deed> {
        let deed = |contact: Option<usize>, is_linked, act: Option<&Act>, put: Option<Put>| {
            let request = PersonRequest {
                decision: act.and_then(|act| act.decision),
                approved: act.map(|act| act.approved),
                put,
            };
            let kind = act.map(|act| act.approved.kind);
            Deed { person: at, contact, label: text::deed(kind, is_linked, put.is_some()), request }
        };
        let mut deeds = Vec::new();
        for (place, fitting) in person.contacts.iter().enumerate() {
            let Fitting { contact, how, act } = fitting;
            let is_linked = *how == crate::wire::How::Linked;
            let act = act.as_ref().filter(|_| self.rights.apply);
            let one = match self.record {
                Record::Ticket(_) if self.is_on_it(contact) => None,
                Record::Ticket(_) if contact.inactive => {
                    act.map(|act| deed(Some(place), is_linked, Some(act), self.put(Some(contact))))
                }
                Record::Ticket(_) => {
                    self.put(Some(contact)).map(|put| deed(Some(place), is_linked, None, Some(put)))
                }
                // What is to be said of another contact is said on its own screen.
                Record::Contact(id) if id == contact.id.0 => {
                    act.map(|act| deed(Some(place), is_linked, Some(act), None))
                }
                Record::Contact(_) => None,
            };
            deeds.extend(one);
        }
        let create = person.create.as_ref().filter(|_| self.rights.apply);
        deeds.extend(create.map(|act| deed(None, false, Some(act), self.put(None))));
        deeds
    }

    /// Puts a contact on the ticket, or the one that is made; none where that cannot be.
    fn put(&self, contact: Option<&Named>) -> Option<Put> {
        let Record::Ticket(ticket) = self.record else { return None };
        let seen = self.on.contact.as_ref().map(|contact| contact.id);
        self.rights.tickets.then(|| Put { ticket, seen, contact: contact.map(|contact| contact.id) })
    }

    fn is_on_it(&self, contact: &Named) -> bool {
        self.on.contact.as_ref().is_some_and(|on| on.id == contact.id)
    }
}

/// The pod at rest: which company it is, whether it is set up, and one field. `#found` takes [`found`].
#[must_use]
pub fn ask(session: &Session, scene: &Scene, status: &Status) -> Markup {
    html! {
        div.scroll {
            header {
                p.company { (session.company) }
                h1 tabindex="-1" { (text::on_record(scene.record, scene.on.contact.as_ref())) }
                @match &status.state {
                    State::NotSetUp => { p { (text::NOT_SET_UP) } p.note { (text::WHO_SETS_UP_THERE) } }
                    State::Ready => {
                        @if let Some(source) = &status.source { p.note #source { (text::asks(source)) } }
                    }
                    State::Paused(problem) => {
                        (problem::paused(problem))
                        p.note { (text::WHO_SETS_UP_THERE) }
                    }
                }
            }
            @if status.state == State::Ready {
                form #who-form {
                    label for="who-text" { (text::WHO_KNOWN) }
                    div {
                        input #who-text type="search" maxlength="200" autocomplete="off" value=(scene.on.known);
                        button.primary #who-ask type="submit" data-action="who" { (text::WHO) }
                    }
                }
                div #found {}
            }
        }
    }
}

/// Whom the directory knows by what was `wanted`.
#[must_use]
pub fn found(scene: &Scene, who: &Who, wanted: &str, deeds: &[Deed]) -> Markup {
    let is_ticket = matches!(scene.record, Record::Ticket(_));
    let number = |person: usize, contact: Option<usize>| {
        deeds.iter().position(|deed| deed.person == person && deed.contact == contact)
    };
    html! {
        h2 #found-title tabindex="-1" { (text::found_people(who, wanted)) }
        @if who.people.is_empty() { p.note { (text::NOBODY_FOUND) } }
        @else {
            @if !deeds.is_empty() { p.note { (text::NUMBERS) } }
            @if is_ticket && !scene.rights.tickets { p.note { (text::NO_TICKETS) } }
            @if !scene.rights.apply { p.note { (text::NO_CONTACTS) } }
        }
        @if who.linked_unseen { p.note { (text::LINKED_UNSEEN) } }
        ul.people {
            @for (at, person) in who.people.iter().enumerate() {
                li data-person=(person.account) {
                    p { strong { (person.name) } @if !person.facts.is_empty() { " " span.muted { (person.facts.join(" · ")) } } }
                    @if let Some(words) = text::standing(&person.standing) { p.open { (words) } }
                    @for (place, fitting) in person.contacts.iter().enumerate() {
                        div.fitting data-contact=(fitting.contact.id) {
                            p {
                                (text::fitting(&fitting.contact, fitting.how))
                                @if is_ticket && scene.is_on_it(&fitting.contact) { " " (text::ON_IT) }
                            }
                            @if scene.record == Record::Contact(fitting.contact.id.0) {
                                @if let Some(act) = &fitting.act { (differences(&act.changes)) }
                            }
                            (button(number(at, Some(place)), deeds, person))
                        }
                    }
                    @if person.contacts.is_empty() { p { (text::HAS_NO_CONTACT) } }
                    (button(number(at, None), deeds, person))
                }
            }
        }
        @if who.more { p.note { (text::MORE) } }
    }
}

fn button(number: Option<usize>, deeds: &[Deed], person: &Person) -> Markup {
    html! {
        @if let Some((number, deed)) = number.and_then(|number| Some((number, deeds.get(number)?))) {
            @let key = (number < 9).then_some(number + 1);
            button data-who=(number) aria-label=(text::deed_for(key, deed.label, person)) {
                @if let Some(key) = key { kbd { (key) } " " }
                (deed.label)
            }
        }
    }
}

/// What differs, field by field.
fn differences(changes: &[FieldChange]) -> Markup {
    html! {
        @if let Some(words) = text::differs(changes) {
            p.note { (words) }
            ul.differences {
                @for change in changes {
                    li data-field=(change.field.code()) {
                        (text::capitalised(text::field(change.field).words())) ": "
                        @if let Some(old) = &change.old { del { (old) } span.arrow aria-label=(text::BECOMES) { " → " } }
                        ins { (change.new) }
                    }
                }
            }
        }
    }
}

/// What came of it: of the contact, where something was to be written of it, and of the ticket.
#[must_use]
pub fn done(
    company: &str,
    deed: &Deed,
    name: &str,
    outcome: Option<&Outcome>,
    ticket: Option<&OnTicket>,
    cut: Option<&Problem>,
) -> Markup {
    html! {
        div.scroll {
            header { p.company { (company) } h1 tabindex="-1" { (text::RESULT) } }
            div #who-done role="status" {
                @if let Some(approved) = &deed.request.approved {
                    @if cut.is_none() || outcome.is_some() {
                        p #who-contact data-outcome=[outcome.map(Outcome::code)] {
                            (text::of_contact(approved.kind, outcome, name))
                        }
                    }
                }
                @if let Some(ticket) = ticket { p #who-ticket { (text::of_ticket(ticket, name)) } }
                @if let Some(problem) = cut {
                    p #problem data-code=(problem.code) { (problem::line(problem)) }
                }
            }
        }
        footer {
            button.primary #refresh data-who="refresh" { (text::REFRESH) }
            button #again data-action="start" { (text::ASK_SOMEBODY_ELSE) }
        }
    }
}
