//! The frames of the registered pods, and the registered buttons.

use maud::{Markup, html};
use serde_json::Value;

use super::search::text;
use super::visitor::Choices;
use crate::schema::{Kind, Record};
use crate::world::World;

const SCREEN: &str = "CompanyDetail";
/// The name of the company screen in `[cw_screen]` and `screenObject`.
const SCREEN_NAME: &str = "company";
/// The height when the row has none.
const HEIGHT: i64 = 300;
/// The same of a toolbar button's dialog.
const DIALOG: (i64, i64) = (800, 600);

/// One frame per row for the company screen that is a pod and not disabled. No `sandbox` and no
/// `allow`: nothing public says that the PSA sets them.
pub(super) fn frames(world: &World, company: i64, choices: &Choices) -> Markup {
    let rows = setups(world, "Pod");
    html! {
        @for (id, setup) in &rows {
            @let origin = text(setup, "origin");
            section.pod-box {
                h2 { (text(setup, "description")) }
                iframe.pod id=(format!("pod-{id}"))
                    title=(text(setup, "description"))
                    src=(address(text(setup, "url"), company, choices))
                    width="100%"
                    height=(setup.get("podHeight").and_then(Value::as_i64).unwrap_or(HEIGHT))
                    data-origin=(origin)
                    data-url=(text(setup, "url")) {}
            }
        }
        @if rows.is_empty() {
            p.empty { "No pod is registered for this screen." }
        }
    }
}

/// The buttons in the record's toolbar.
pub(super) fn toolbar(world: &World) -> Markup {
    let number = |row: &Record, field: &str| row.get(field).and_then(Value::as_i64);
    html! {
        @for (id, row) in setups(world, "ToolbarButton") {
            button type="button" data-toolbar=(id) title=(text(row, "toolbarButtonToolTip"))
                data-origin=(text(row, "origin")) data-url=(text(row, "url"))
                data-width=(number(row, "toolbarButtonDialogWidth").unwrap_or(DIALOG.0))
                data-height=(number(row, "toolbarButtonDialogHeight").unwrap_or(DIALOG.1)) {
                (text(row, "toolbarButtonText"))
            }
        }
    }
}

/// The rows of this type for the company screen.
fn setups<'a>(world: &'a World, kind: &str) -> Vec<(i64, &'a Record)> {
    let screen = world
        .tables
        .rows(Kind::HostedScreen)
        .iter()
        .find(|(_, screen)| screen.get("name").is_some_and(|name| name == SCREEN))
        .map(|(id, _)| *id);
    let shown = |setup: &Record| {
        text(setup, "type") == kind
            && setup.get("disabledFlag") != Some(&Value::Bool(true))
            && setup.get("screenId").and_then(Value::as_i64) == screen
    };
    world
        .tables
        .rows(Kind::HostedSetup)
        .iter()
        .filter(|(_, setup)| shown(setup))
        .map(|(id, setup)| (*id, setup))
        .collect()
}

/// The pod's address with its tokens replaced, or as the page's options spoil them.
fn address(url: &str, company: i64, choices: &Choices) -> String {
    let (id, screen) = match choices.get("cw_tokens").map(String::as_str) {
        Some("unreplaced") => return url.to_owned(),
        Some("empty") => (String::new(), ""),
        _ => (company.to_string(), SCREEN_NAME),
    };
    url.replace("[cw_id]", &id).replace("[cw_screen]", screen)
}
