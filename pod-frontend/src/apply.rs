//! Applying what was approved, and what became of it.

use maud::{Markup, html};
use pod_view::{
    problem,
    review::Review,
    screens,
    text::{self, Local},
    wire::{ApplyLine, Counts, Problem, RowOutcome},
};
use reconcile::{RowKey, Subject};
use wasm_bindgen::JsCast;
use web_sys::HtmlProgressElement;

use crate::{
    dom,
    net::{Failure, Lines},
    pod::{Inner, Pod, Retry, Screen},
    visit::Visit,
};

impl Pod {
    /// Applies the ticked rows.
    pub(crate) fn apply(&self) {
        let ticked =
            |inner: &mut Inner| inner.review().is_some_and(|it| !it.review.ticked_counts().is_empty());
        if self.with(ticked) != Some(true) {
            return;
        }
        dom::say_nothing();
        dom::show("applying", screens::applying(&self.company(), text::READING_AGAIN));
        self.run(Retry::Sync, |pod, visit| async move {
            // Arriving after the apply, a save would put its older decisions back.
            pod.nothing_on_its_way().await;
            visit.check()?;
            // What could not be saved goes with the apply: no second way for it meanwhile.
            dom::say_nothing();
            let request = pod.with(|inner| {
                let Inner { screen: Screen::Review(screen), unsaved, .. } = inner else { return None };
                Some(screen.review.request(unsaved))
            });
            let request = request.flatten().ok_or(Failure::Stale)?;
            let body = serde_json::to_string(&request).map_err(|_| Failure::local(Local::Unclear))?;
            let mut lines = match visit.write("apply", &body, request.digest()).await {
                Ok(lines) => lines,
                Err(Failure::Broken(problem)) if problem.code == text::local(Local::ApplyCutOff).code => {
                    pod.show_result(&[], &Counts::default(), Some(&problem));
                    return Ok(());
                }
                Err(failure) => {
                    visit.check()?;
                    pod.nothing_applied(failure);
                    return Ok(());
                }
            };
            let accepted = || pod.with(|inner| inner.are_saved(&request.changes));
            let (outcomes, counts, cut) = follow(&mut lines, &visit, accepted).await?;
            pod.show_result(&outcomes, &counts, cut.as_ref());
            Ok(())
        });
    }

    /// The service took nothing: the review stands as it was.
    fn nothing_applied(&self, failure: Failure) {
        self.draw_review();
        if let Some(problem) = failure.problem() {
            dom::say(html! { span #problem data-code=(problem.code) { (problem::line(&problem)) } });
        }
    }

    fn show_result(&self, outcomes: &[RowOutcome], counts: &Counts, cut: Option<&Problem>) {
        let Some(Some((rows, questions))) = self.with(|inner| {
            let screen = inner.review()?;
            let rows: Vec<_> = outcomes.iter().filter_map(|row| to_look_at(row, &screen.review)).collect();
            let questions = screen.review.questions();
            inner.turn_to(Screen::Plain);
            Some((rows, questions))
        }) else {
            return;
        };
        dom::show("result", screens::result(&self.company(), counts, &rows, questions, cut));
    }
}

fn to_look_at(row: &RowOutcome, review: &Review) -> Option<(String, &'static str, Markup)> {
    let (outcome, words) = text::outcome(&row.outcome)?;
    let RowKey { account, contact } = row.key;
    let subject = account.map(Subject::Account).or(contact.map(Subject::Contact))?;
    Some((review.name_of(subject), outcome, words))
}

/// Follows an apply to its end. When it does not come, what was told so far still holds.
/// `accepted` is called once, when the service is at work: it has the request's decisions then.
pub(crate) async fn follow<T>(
    lines: &mut Lines,
    visit: &Visit,
    accepted: impl FnOnce() -> T,
) -> Result<(Vec<RowOutcome>, Counts, Option<Problem>), Failure> {
    let (mut outcomes, mut counts, mut all) = (Vec::new(), Counts::default(), 0);
    let mut accepted = Some(accepted);
    loop {
        let line = lines.next::<ApplyLine>().await;
        visit.check()?;
        if matches!(&line, Ok(Some(line)) if !matches!(line, ApplyLine::Failed(_)))
            && let Some(accepted) = accepted.take()
        {
            accepted();
        }
        match line {
            Ok(Some(ApplyLine::Waiting)) => {
                dom::set_text("#writing-count", text::WAITING_FOR_ANOTHER.words());
            }
            Ok(Some(ApplyLine::Reading(progress))) => {
                dom::set_text("#writing-count", &text::progress(progress));
            }
            Ok(Some(ApplyLine::Writing(rows))) => {
                all = rows;
                dom::set_text("#writing", text::WRITING.words());
                show_progress(0, all);
            }
            Ok(Some(ApplyLine::Row(row))) => {
                counts.add(row.kind, &row.outcome);
                outcomes.push(row);
                show_progress(text::number(outcomes.len()), all);
            }
            Ok(Some(ApplyLine::Ticket(_))) => {}
            Ok(Some(ApplyLine::End(counts))) => return Ok((outcomes, counts, None)),
            Ok(Some(ApplyLine::Failed(problem))) => return Ok((outcomes, counts, Some(problem))),
            Ok(None) | Err(_) => return Ok((outcomes, counts, Some(text::local(Local::ApplyCutOff)))),
        }
    }
}

fn show_progress(done: u64, all: u64) {
    // Rows that turn out not to be written are told as well: never more than the whole.
    let done = done.min(all);
    dom::set_text("#writing-count", &text::written(done, all));
    if let Some(bar) = dom::find("#writing-bar").and_then(|bar| bar.dyn_into::<HtmlProgressElement>().ok()) {
        #[expect(clippy::cast_precision_loss, reason = "a progress bar is not exact beyond 2^52 rows")]
        let (done, all) = (done as f64, all.max(1) as f64);
        bar.set_max(all);
        bar.set_value(done);
    }
}
