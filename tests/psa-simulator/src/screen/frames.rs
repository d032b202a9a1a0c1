//! The frames of the registered pages, and the registered buttons.

use maud::{Markup, html};
use serde_json::Value;

use super::kind::Screen;
use super::search::text;
use super::visitor::Choices;
use crate::schema::{Kind, Record};
use crate::world::{Member, World};

/// The height when the row has none.
const HEIGHT: i64 = 300;
/// The height of a page of type Tab.
const TAB_HEIGHT: i64 = 600;
/// The size of a toolbar button's dialog when the row has none.
const DIALOG: (i64, i64) = (800, 600);

/// One frame per row for the screen that is a pod, not disabled and displayed. No `sandbox` and no
/// `allow`: nothing public says that the PSA sets them.
pub(super) fn frames(world: &World, member: &Member, screen: Screen, id: i64, choices: &Choices) -> Markup {
    let mut rows = setups(world, screen, "Pod");
    let registered = rows.len();
    rows.retain(|(row, _)| world.displays(&member.identifier, *row));
    html! {
        @for (row, setup) in &rows {
            section.pod-box {
                h2 { (text(setup, "description")) }
                (frame(&format!("pod-{row}"), setup, number(setup, "podHeight").unwrap_or(HEIGHT), "pod", screen, id, choices))
            }
        }
        @if registered == 0 {
            p.empty { "No pod is registered for this screen." }
        } @else if rows.is_empty() {
            p.empty { "Add a pod with the plus sign." }
        }
    }
}

/// The frame of a page of type Tab.
pub(super) fn tab(world: &World, row: i64, screen: Screen, id: i64, choices: &Choices) -> Markup {
    html! {
        @if let Some(setup) = world.record(Kind::HostedSetup, row) {
            (frame(&format!("tab-{row}-frame"), setup, TAB_HEIGHT, "tab", screen, id, choices))
        }
    }
}

fn frame(
    name: &str,
    setup: &Record,
    height: i64,
    hosted_as: &str,
    screen: Screen,
    id: i64,
    choices: &Choices,
) -> Markup {
    html! {
        iframe.pod id=(name) title=(text(setup, "description")) src=(address(text(setup, "url"), screen, id, choices))
            width="100%" height=(height)
            data-origin=(text(setup, "origin")) data-url=(text(setup, "url")) data-hosted-as=(hosted_as) {}
    }
}

fn number(row: &Record, field: &str) -> Option<i64> {
    row.get(field).and_then(Value::as_i64)
}

/// The buttons in the record's toolbar.
pub(super) fn toolbar(world: &World, screen: Screen) -> Markup {
    html! {
        @for (id, row) in setups(world, screen, "ToolbarButton") {
            button type="button" data-toolbar=(id) title=(text(row, "toolbarButtonToolTip"))
                data-origin=(text(row, "origin")) data-url=(text(row, "url"))
                data-width=(number(row, "toolbarButtonDialogWidth").unwrap_or(DIALOG.0))
                data-height=(number(row, "toolbarButtonDialogHeight").unwrap_or(DIALOG.1)) {
                (text(row, "toolbarButtonText"))
            }
        }
    }
}

/// The rows of this type for a screen that are not disabled.
pub(super) fn setups<'a>(world: &'a World, screen: Screen, kind: &str) -> Vec<(i64, &'a Record)> {
    let hosted = world
        .tables
        .rows(Kind::HostedScreen)
        .iter()
        .find(|(_, row)| row.get("name").is_some_and(|name| name == screen.hosted_name()))
        .map(|(id, _)| *id);
    let shown = |setup: &Record| {
        text(setup, "type") == kind
            && setup.get("disabledFlag") != Some(&Value::Bool(true))
            && number(setup, "screenId") == hosted
    };
    let rows = world.tables.rows(Kind::HostedSetup).iter();
    rows.filter(|(_, setup)| shown(setup)).map(|(id, setup)| (*id, setup)).collect()
}

/// The page's address with its tokens replaced, or as the page's options spoil them.
fn address(url: &str, screen: Screen, id: i64, choices: &Choices) -> String {
    let (id, screen) = match choices.get("cw_tokens").map(String::as_str) {
        Some("unreplaced") => return url.to_owned(),
        Some("empty") => (String::new(), ""),
        _ => (id.to_string(), screen.name()),
    };
    url.replace("[cw_id]", &id).replace("[cw_screen]", screen)
}
