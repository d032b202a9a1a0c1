//! Decisions: made at once on the screen, saved at the service behind it.

use std::rc::Rc;

use maud::html;
use pod_view::{
    people::row_subject,
    problem,
    review::{Decided, Reply},
    text,
    wire::{DecisionChanges, Settings},
};
use reconcile::{AccountId, Decision, RowKind, Rule, Subject};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise, spawn_local};

use crate::{
    dom, focus, host,
    net::Failure,
    pod::{Inner, Pod, Retry, Screen},
    review::ReviewScreen,
    visit::Visit,
};

/// Decisions of one click, each with what stood before it.
pub(crate) type Changes = Vec<(Subject, Option<Decision>)>;

impl Pod {
    /// Makes one decision or takes it back (`None`).
    pub(crate) fn decide(&self, subject: Subject, decision: Option<Decision>) {
        self.with(|inner| {
            let Some(screen) = inner.review() else { return };
            let decided = screen.change(&[(subject, decision)]);
            say(&screen.decided(subject, decision, decided), decision.is_some());
            inner.unsaved.insert(subject, decision);
        });
        self.save();
        if let (Subject::Account(account), Some(Decision::Match(_))) = (subject, decision)
            && self.session().is_some_and(|session| session.rights.settings)
        {
            self.offer_lesson(account);
        }
    }

    /// Offers what a match teaches, once the screen shows what it did: finding it out plans anew.
    fn offer_lesson(&self, account: AccountId) {
        let pod = self.clone();
        spawn_local(async move {
            dom::drawn().await;
            pod.with(|inner| {
                let Some(screen) = inner.review() else { return };
                // Taken back or decided anew meanwhile, there is nothing to teach.
                let [(Subject::Account(last), _)] = screen.before_last.as_slice() else { return };
                if *last != account {
                    return;
                }
                if let Some(lesson) = screen.review.lessons(account).first() {
                    dom::say_more(html! {
                        span { (text::lesson(lesson)) }
                        button type="button" data-action="teach" data-rule=(lesson.rule.to_string()) { (text::TEACH) }
                    });
                }
            });
        });
    }

    /// Adds a rule to the company's own and plans by it.
    pub(crate) fn teach(&self, rule: &str) {
        let Ok(rule) = rule.parse::<Rule>() else { return };
        self.run(Retry::Sync, |pod, visit| async move {
            match save_rule(&visit, &rule).await {
                Ok(()) => {
                    pod.with(|inner| {
                        let Some(screen) = inner.review() else { return };
                        let settled = screen.review.learn(rule.clone());
                        screen.draw();
                        say(&text::learned(&rule, settled), false);
                    });
                    Ok(())
                }
                Err(Failure::Stale) => Err(Failure::Stale),
                Err(failure) => {
                    if let Some(problem) = failure.problem() {
                        dom::say(html! { span { (problem::line(&problem)) } });
                    }
                    Ok(())
                }
            }
        });
    }

    /// Gives one answer to the picked rows of a group, or to all that are shown.
    pub(crate) fn answer_many(&self, kind: RowKind, reply: Reply) {
        self.with(|inner| {
            let Some(screen) = inner.review() else { return };
            let bulks = screen.review.bulk(kind);
            let Some(bulk) = bulks.into_iter().find(|bulk| bulk.reply == reply) else { return };
            let changes: Changes =
                bulk.changes.iter().map(|&(subject, decision)| (subject, Some(decision))).collect();
            screen.change(&changes);
            let many = screen.review.became(&bulk.changes);
            say(&text::decided_many(reply, changes.len(), many), true);
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
            let words = match changes.as_slice() {
                [_] => screen.decided(subject, None, decided),
                many => text::taken_back(many.len()),
            };
            say(&words, false);
            if let Some(row) = screen.review.row_of(subject).and_then(|row| row_subject(row)) {
                focus::go_to_row(row);
            }
            inner.unsaved.extend(changes);
        });
        self.save();
    }

    /// Sends what is not saved yet, one request at a time. What fails stays and counts.
    pub(crate) fn save(&self) {
        self.with(|inner| {
            host::set_dirty(!inner.unsaved.is_empty());
            if inner.saving.is_some() || inner.unsaved.is_empty() {
                return;
            }
            let Some(visit) = inner.visit.clone() else { return };
            let changes: Changes =
                inner.unsaved.iter().map(|(&subject, &decision)| (subject, decision)).collect();
            let pod = self.clone();
            inner.saving = Some(future_to_promise(async move {
                pod.send(visit, DecisionChanges { changes }).await;
                Ok(JsValue::UNDEFINED)
            }));
        });
    }

    async fn send(&self, visit: Rc<Visit>, request: DecisionChanges) {
        let saved = visit.put("decisions", &request).await;
        if visit.check().is_err() {
            return;
        }
        let more = self.with(|inner| {
            inner.saving = None;
            if saved.is_ok() {
                inner.are_saved(&request.changes);
            }
            saved.is_ok() && !inner.unsaved.is_empty()
        });
        match saved.map_err(Failure::problem) {
            Err(Some(problem)) => dom::say(html! {
                span { (text::NOT_SAVED) " " (problem::headline(&problem)) }
                button type="button" data-action="save" { (text::SAVE_AGAIN) }
            }),
            _ if more == Some(true) => self.save(),
            _ => {}
        }
    }

    /// Waits until no decisions are on their way to the service. Those that did not get there are
    /// still unsaved then.
    pub(crate) async fn nothing_on_its_way(&self) {
        while let Some(saving) = self.with(|inner| inner.saving.clone()).flatten() {
            // Whether it worked shows in what is unsaved.
            let _ = JsFuture::from(saving).await;
        }
    }
}

impl Inner {
    pub(crate) fn review(&mut self) -> Option<&mut ReviewScreen> {
        match &mut self.screen {
            Screen::Review(screen) => Some(screen),
            _ => None,
        }
    }

    /// The service has these now. What was decided anew meanwhile is still to be saved.
    pub(crate) fn are_saved(&mut self, changes: &[(Subject, Option<Decision>)]) {
        for (subject, decision) in changes {
            if self.unsaved.get(subject) == Some(decision) {
                self.unsaved.remove(subject);
            }
        }
        host::set_dirty(!self.unsaved.is_empty());
    }
}

impl ReviewScreen {
    /// What a decision did, in words.
    fn decided(&self, subject: Subject, decision: Option<Decision>, did: Decided) -> String {
        let left = did.left.map(|(left, _)| self.review.name_of(left)).unwrap_or_default();
        text::decided(&self.review.name_of(subject), decision, did, &left)
    }
}

/// Puts a rule before the company's others, in its settings.
async fn save_rule(visit: &Visit, rule: &Rule) -> Result<(), Failure> {
    let mut settings: Settings = visit.get("settings").await?;
    let rules = format!("{rule}\n{}", settings.rules);
    rules.trim().clone_into(&mut settings.rules);
    visit.put("settings", &settings).await
}

fn say(words: &str, may_undo: bool) {
    dom::say(html! {
        span { (words) }
        @if may_undo { button type="button" data-action="undo-last" { (text::UNDO_SHORT) } }
    });
}
