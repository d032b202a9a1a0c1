//! Decisions: made at once on the screen, saved at the service behind it.

use maud::html;
use pod_view::{people::row_subject, text, wire::DecisionChanges};
use reconcile::{Decision, Subject};
use wasm_bindgen_futures::spawn_local;

use crate::{
    dom, focus, host,
    pod::{Inner, Pod, Screen},
};

/// Decisions of one click, each with what stood before it.
pub(crate) type Changes = Vec<(Subject, Option<Decision>)>;

impl Pod {
    /// Makes one decision or takes it back (`None`).
    pub(crate) fn decide(&self, subject: Subject, decision: Option<Decision>) {
        self.with(|inner| {
            let Some(screen) = inner.review() else { return };
            let name = screen.review.name_of(subject);
            let decided = screen.change(&[(subject, decision)]);
            say(&text::decided(&name, decision, decided.settled, decided.changed), decision.is_some());
            inner.unsaved.insert(subject, decision);
        });
        self.save();
    }

    /// Makes one decision about the picked contacts in the PSA only, or about all that are shown.
    pub(crate) fn decide_many(&self, decision: Decision) {
        self.with(|inner| {
            let Some(screen) = inner.review() else { return };
            let subjects = screen.review.many();
            let changes: Changes = subjects.iter().map(|&subject| (subject, Some(decision))).collect();
            screen.change(&changes);
            say(&text::decided_many(subjects.len(), decision), true);
            inner.unsaved.extend(changes);
        });
        self.save();
    }

    /// Takes back what the last click decided.
    pub(crate) fn undo_last(&self) {
        self.with(|inner| {
            let Some(screen) = inner.review() else { return };
            let changes = std::mem::take(&mut screen.before_last);
            let Some(&(subject, _)) = changes.first() else { return };
            let decided = screen.change(&changes);
            screen.before_last.clear();
            let name = screen.review.name_of(subject);
            say(&text::decided(&name, None, decided.settled, decided.changed), false);
            if let Some(row) = screen.review.row_of(subject).and_then(|row| row_subject(row)) {
                focus::go_to_row(row);
            }
            inner.unsaved.extend(changes);
        });
        self.save();
    }

    /// Sends what is not saved yet, one request at a time. What fails stays and counts.
    pub(crate) fn save(&self) {
        let Some(Some((visit, changes))) = self.with(|inner| {
            host::set_dirty(!inner.unsaved.is_empty());
            if inner.saving || inner.unsaved.is_empty() {
                return None;
            }
            inner.saving = true;
            let changes: Changes =
                inner.unsaved.iter().map(|(&subject, &decision)| (subject, decision)).collect();
            inner.visit.clone().map(|visit| (visit, changes))
        }) else {
            return;
        };
        let pod = self.clone();
        spawn_local(async move {
            let request = DecisionChanges { changes: changes.clone() };
            let saved = visit.put("decisions", &request).await;
            if visit.check().is_err() {
                return;
            }
            let more = pod.with(|inner| {
                inner.saving = false;
                if saved.is_ok() {
                    // What was decided anew meanwhile is still to be saved.
                    inner.unsaved.retain(|subject, decision| !changes.contains(&(*subject, *decision)));
                }
                host::set_dirty(!inner.unsaved.is_empty());
                saved.is_ok() && !inner.unsaved.is_empty()
            });
            match saved.map_err(crate::net::Failure::problem) {
                Err(Some(problem)) => dom::say(html! {
                    span { (text::NOT_SAVED) " " (problem.message) }
                    button type="button" data-action="save" { (text::SAVE_AGAIN) }
                }),
                _ if more == Some(true) => pod.save(),
                _ => {}
            }
        });
    }
}

impl Inner {
    pub(crate) fn review(&mut self) -> Option<&mut crate::review::ReviewScreen> {
        match &mut self.screen {
            Screen::Review(screen) => Some(screen),
            _ => None,
        }
    }
}

fn say(words: &str, may_undo: bool) {
    dom::say(html! {
        span { (words) }
        @if may_undo { button type="button" data-action="undo-last" { (text::UNDO_SHORT) } }
    });
}
