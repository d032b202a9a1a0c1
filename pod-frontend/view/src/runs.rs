//! What was done to a company, what is being done, and taking it back.

use maud::{Markup, html};

use crate::{
    problem, text,
    wire::{Run, RunDetails, RunState, Status, Story, UndoRow},
};

/// What the status says of runs: the last one, one under way or one that failed, and the next.
#[must_use]
pub fn standing(status: &Status) -> Markup {
    html! {
        @if let Some(run) = &status.run {
            @if run.state.is_live() {
                p.busy #run role="status" data-run=(run.id) data-state=(state_code(run.state)) {
                    (text::run_under_way(run))
                }
            } @else {
                div #run data-run=(run.id) data-state="failed" {
                    @if let Some(problem) = &run.problem {
                        p.note { (text::run_failed(run)) }
                        (problem::warning(problem))
                    } @else {
                        div.warning { p { strong { (text::run_failed(run)) } } }
                    }
                }
            }
        }
        p.note #last-run data-state=[status.last_run.as_ref().map(|run| state_code(run.state))] {
            @match &status.last_run {
                Some(run) => (text::last_run(run)),
                None => (text::NEVER_RUN),
            }
        }
        @if let Some(at) = &status.next_run { p.note #next-run { (text::next_run(at)) } }
    }
}

const fn state_code(state: RunState) -> &'static str {
    match state {
        RunState::Queued => "queued",
        RunState::Reading => "reading",
        RunState::Applying => "applying",
        RunState::Done => "done",
        RunState::Questions => "questions",
        RunState::Held => "held",
        RunState::Waiting => "waiting",
        RunState::Failed => "failed",
    }
}

/// The last runs, the newest first.
#[must_use]
pub fn list(company: &str, runs: &[Run]) -> Markup {
    html! {
        div.scroll {
            header {
                p.company { (company) }
                h1 tabindex="-1" { (text::RUNS) }
            }
            @if runs.is_empty() { p.note { (text::NEVER_RUN) } }
            ul.runs {
                @for run in runs {
                    li data-run=(run.id) data-state=(state_code(run.state)) {
                        button.row data-action="run" data-run=(run.id) {
                            strong { (text::run_title(run)) }
                            span { (text::run_outcome(run)) }
                        }
                    }
                }
            }
        }
        footer { button #back data-action="back" { (text::BACK) } }
    }
}

/// One run, and what of it can be taken back. `may_undo`: the person may.
#[must_use]
pub fn details(company: &str, details: &RunDetails, may_undo: bool) -> Markup {
    let RunDetails { run, rows } = details;
    html! {
        div.scroll {
            header {
                p.company { (company) }
                h1 tabindex="-1" { (text::run_title(run)) }
                p { (text::run_outcome(run)) }
            }
            @if let Some(problem) = &run.problem { (problem::warning(problem)) }
            @if rows.is_empty() {
                @if !run.state.is_live() { p.note #undo-over { (text::undo_over(run)) } }
            } @else {
                h2 { (text::UNDOABLE) }
                ul.outcomes {
                    @for (at, row) in rows.iter().enumerate() { (undo_row(at, row, may_undo)) }
                }
            }
        }
        footer {
            @if may_undo && !rows.is_empty() {
                button.primary #undo-run data-action="undo-run" { (text::undo_all(rows.len())) }
            }
            button #back data-action="runs" { (text::BACK) }
        }
    }
}

fn undo_row(at: usize, row: &UndoRow, may_undo: bool) -> Markup {
    html! {
        li data-undo=(at) {
            strong { (text::name_or_gone(&row.name)) }
            p { (text::was_done(row.approved.kind)) }
            @for change in &row.changes {
                p data-field=(change.field.code()) {
                    (text::capitalised(text::field(change.field).words())) ": "
                    @if let Some(old) = &change.old { del { (old) } span.arrow aria-label=(text::BECOMES) { " → " } }
                    ins { (change.new) }
                }
            }
            @if may_undo {
                button data-action="undo-row" data-undo=(at) aria-label=(text::undo_one(&row.name)) {
                    (text::UNDO_SHORT)
                }
            }
        }
    }
}

/// Somebody's own story.
#[must_use]
pub fn story(story: &Story) -> Markup {
    html! {
        @if story.writes.is_empty() { p.note { (text::NO_STORY) } }
        ul { @for write in &story.writes { li.note { (text::write(write)) } } }
    }
}

/// What an undo is about to do, in place of the run's buttons: a second look before it is written.
#[must_use]
pub fn confirm(rows: usize, company: &str) -> Markup {
    html! {
        span { (text::undo_sentence(rows, company)) }
        " "
        button data-action="undo-confirmed" #undo-confirmed { (text::UNDO_SHORT) }
        " "
        button data-action="undo-cancelled" { (text::CANCEL) }
    }
}
