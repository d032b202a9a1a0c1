//! Where the keyboard stands while rows are drawn again: it goes on at the same row, or, when
//! that went to another group, at the row that took its place.

use reconcile::Subject;
use web_sys::Element;

use crate::{
    dom,
    list::{row_after, row_before},
};

#[derive(Debug)]
pub(crate) struct Focus {
    at: Element,
    group: Option<String>,
    row: Option<String>,
    /// Finds the focused part within its row or head.
    part: String,
    neighbours: Vec<String>,
}

impl Focus {
    /// Where the keyboard stands now, if in the list.
    pub(crate) fn hold() -> Option<Self> {
        let at = dom::document().active_element().filter(|at| dom::closest(at, "#groups").is_some())?;
        let row = dom::closest(&at, "[data-row]");
        let key = |row: &Element| row.get_attribute("data-row");
        let neighbours = row.iter().flat_map(|row| [row_after(row), row_before(row)]);
        Some(Self {
            group: dom::closest(&at, "[data-group]").and_then(|group| group.get_attribute("data-group")),
            part: part(&at),
            neighbours: neighbours.flatten().filter_map(|row| key(&row)).collect(),
            row: row.as_ref().and_then(key),
            at,
        })
    }

    /// Puts the keyboard back if the drawing took it away.
    pub(crate) fn restore(self) {
        let group = self.group.as_ref().and_then(|group| dom::find(&format!("[data-group=\"{group}\"]")));
        let within = |group: &Element, row: &str| dom::find_in(group, &format!("[data-row=\"{row}\"]"));
        let own = match (&group, &self.row) {
            (Some(group), Some(row)) => within(group, row),
            (group, _) => group.clone(),
        };
        if own.is_some() && self.at.is_connected() && dom::document().active_element() == Some(self.at) {
            return;
        }
        let part = own.as_ref().and_then(|own| dom::find_in(own, &self.part));
        let toggle = |row: Element| dom::find_in(&row, "[data-action=toggle]");
        let neighbour = || {
            let group = group.as_ref()?;
            self.neighbours.iter().find_map(|row| within(group, row)).and_then(toggle)
        };
        let head = || group.as_ref().and_then(|group| dom::find_in(group, "[data-action=toggle-group]"));
        let target = part
            .or_else(|| own.and_then(toggle))
            .or_else(neighbour)
            .or_else(head)
            .or_else(|| dom::find("#groups [data-action=toggle-group]"))
            .or_else(|| dom::find("#app h1"));
        if let Some(target) = target {
            dom::focus(&target);
        }
    }
}

/// Puts the keyboard at the row about somebody.
pub(crate) fn go_to_row(row: Subject) {
    if let Some(toggle) = dom::find(&format!("[data-row=\"{row}\"] [data-action=toggle]")) {
        dom::focus(&toggle);
    }
}

/// A selector for the focused part that still finds it when its row is drawn again.
fn part(at: &Element) -> String {
    // The values are words of ours, keys and numbers: nothing to escape.
    let selector: String = ["data-action", "data-check", "data-search", "data-account", "data-contact"]
        .into_iter()
        .filter_map(|name| at.get_attribute(name).map(|value| format!("[{name}=\"{value}\"]")))
        .collect();
    if selector.is_empty() { "[data-action=toggle]".to_owned() } else { selector }
}
