//! A ticket on its screen.

use maud::{Markup, html};
use serde_json::Value;

use super::kind::Screen;
use super::panel::{flag, linked, named, stamp};
use super::search::text;
use crate::schema::{Kind, Record};
use crate::world::{World, parent};

pub(super) fn title(ticket: &Record) -> String {
    format!("#{} {}", ticket.get("id").unwrap_or(&Value::Null), text(ticket, "summary"))
}

pub(super) fn beneath(ticket: &Record) -> Markup {
    html! {
        (linked(ticket, "company", Screen::Company)) " · " (named(ticket, "board"))
        span.badge.off[flag(ticket, "closedFlag")] { (named(ticket, "status")) }
    }
}

/// The lines below the form.
pub(super) fn facts(ticket: &Record) -> Markup {
    html! {
        dt { "Contact" } dd { (linked(ticket, "contact", Screen::Contact)) }
        @for (field, label) in [("priority", "Priority"), ("source", "Source")] {
            dt { (label) } dd { (named(ticket, field)) }
        }
    }
}

/// The notes of a ticket.
pub(super) fn notes(world: &World, ticket: i64) -> Markup {
    let of_ticket = |note: &&Record| parent(Kind::TicketNote, note) == Some(ticket);
    let notes: Vec<&Record> = world.records(Kind::TicketNote).filter(of_ticket).collect();
    html! {
        div id="notes" {
            @for note in &notes {
                article.note {
                    p.sub { @if flag(note, "internalAnalysisFlag") { "Internal" } @else { "Discussion" } " · " (stamp(note)) }
                    p { (text(note, "text")) }
                }
            }
            @if notes.is_empty() { p.empty { "This ticket has no notes yet." } }
        }
    }
}
