//! A contact on its screen.

use maud::{Markup, html};
use serde_json::Value;

use super::kind::Screen;
use super::panel::{flag, linked, named};
use super::search::text;
use crate::schema::Record;
use crate::world::items;

pub(super) fn name(contact: &Record) -> String {
    format!("{} {}", text(contact, "firstName"), text(contact, "lastName")).trim().to_owned()
}

pub(super) fn beneath(contact: &Record) -> Markup {
    html! {
        (linked(contact, "company", Screen::Company)) " · " (contact.get("id").unwrap_or(&Value::Null))
        @if flag(contact, "inactiveFlag") { span.badge.off { "Inactive" } } @else { span.badge { "Active" } }
    }
}

/// The lines below the form.
pub(super) fn facts(contact: &Record) -> Markup {
    let types = contact.get("types").and_then(Value::as_array);
    let types: Vec<&str> = types.into_iter().flatten().filter_map(|chosen| chosen["name"].as_str()).collect();
    html! {
        @for item in items(contact) {
            dt { (item["type"]["name"].as_str().unwrap_or_default()) }
            dd.default[item["defaultFlag"] == true] { (item["value"].as_str().unwrap_or_default()) }
        }
        dt { "Site" } dd { (named(contact, "site")) }
        @if !types.is_empty() { dt { "Types" } dd { (types.join(", ")) } }
    }
}
