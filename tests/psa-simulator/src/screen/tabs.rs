//! The tabs of a record: our own, and those that the hosted API adds.

use super::frames::setups;
use super::kind::Screen;
use super::search::text;
use crate::schema::Record;
use crate::world::World;

/// A tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    /// The record's own form.
    Form,
    Contacts,
    Notes,
    Sites,
    Agreements,
    Tickets,
    /// A hosted page of type Tab, by its row.
    Hosted(i64),
}

/// A tab with the last word of its address and its label.
pub(super) struct Entry {
    pub(super) tab: Tab,
    pub(super) name: String,
    pub(super) label: String,
}

/// The tabs of a screen, its form first.
pub(super) fn tabs(world: &World, screen: Screen) -> Vec<Entry> {
    let own: &[(Tab, &str, &str)] = match screen {
        Screen::Company => &[
            (Tab::Form, "company", "Company"),
            (Tab::Contacts, "contacts", "Contacts"),
            (Tab::Notes, "notes", "Notes"),
            (Tab::Sites, "sites", "Sites"),
            (Tab::Agreements, "agreements", "Agreements"),
            (Tab::Tickets, "tickets", "Tickets"),
        ],
        Screen::Contact => &[(Tab::Form, "contact", "Contact"), (Tab::Tickets, "tickets", "Tickets")],
        Screen::Ticket => &[(Tab::Form, "ticket", "Ticket"), (Tab::Notes, "notes", "Notes")],
    };
    let own = own.iter().map(|&(tab, name, label)| Entry { tab, name: name.into(), label: label.into() });
    let hosted = |(id, row): (i64, &Record)| Entry {
        tab: Tab::Hosted(id),
        name: format!("hosted-{id}"),
        label: text(row, "description").into(),
    };
    own.chain(setups(world, screen, "Tab").into_iter().map(hosted)).collect()
}

impl Tab {
    /// By the last word of its address; the form's may be left out.
    pub(super) fn named(world: &World, screen: Screen, name: &str) -> Option<Self> {
        let wanted = if name.is_empty() { screen.name() } else { name };
        tabs(world, screen).into_iter().find(|entry| entry.name == wanted).map(|entry| entry.tab)
    }
}
