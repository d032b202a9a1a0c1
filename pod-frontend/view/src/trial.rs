//! Trying settings before they are saved: the steps of a test, and what would come of them.

use maud::{Markup, html};

use crate::{
    problem, text,
    wire::{Certificate, Found, Names, Preview, TrialFailure, TrialLine, TrialStep},
};

/// A test or a preview has begun. `#trial-steps` takes [`step`] in items, `#trial-now` what is under way.
#[must_use]
pub fn begun(test: bool) -> Markup {
    let (title, first) =
        if test { (text::TESTING, TrialStep::Name) } else { (text::PREVIEWING, TrialStep::Outcome) };
    html! {
        h2 tabindex="-1" { (title) }
        @if !test { p.note { (text::PREVIEW_NOTE) } }
        ol #trial-steps aria-live="polite" {}
        p.busy #trial-now { (text::trial_step_now(first)) }
    }
}

/// Which step comes after a line, if any does.
#[must_use]
pub fn next(line: &TrialLine) -> Option<TrialStep> {
    match line {
        TrialLine::Addresses(_) => Some(TrialStep::Connect),
        TrialLine::Connected(..) => Some(TrialStep::Protect),
        TrialLine::Secured(_) => Some(TrialStep::LogIn),
        TrialLine::Bound => Some(TrialStep::Base),
        TrialLine::BaseFound => Some(TrialStep::Accounts),
        TrialLine::Progress(_) | TrialLine::Found(_) | TrialLine::Preview(_) | TrialLine::Failed(_) => None,
    }
}

const fn step_of(line: &TrialLine) -> TrialStep {
    match line {
        TrialLine::Addresses(_) => TrialStep::Name,
        TrialLine::Connected(..) => TrialStep::Connect,
        TrialLine::Secured(_) => TrialStep::Protect,
        TrialLine::Bound => TrialStep::LogIn,
        TrialLine::BaseFound => TrialStep::Base,
        TrialLine::Found(_) | TrialLine::Progress(_) => TrialStep::Accounts,
        TrialLine::Preview(_) => TrialStep::Outcome,
        TrialLine::Failed(failure) => failure.step,
    }
}

/// Where a line stands: its step, and whether that is `done` or `failed`.
#[must_use]
pub fn place(line: &TrialLine) -> (&'static str, &'static str) {
    let step = match step_of(line) {
        TrialStep::Name => "name",
        TrialStep::Connect => "connect",
        TrialStep::Protect => "protect",
        TrialStep::LogIn => "log-in",
        TrialStep::Base => "base",
        TrialStep::Accounts => "accounts",
        TrialStep::Outcome => "outcome",
    };
    (step, if matches!(line, TrialLine::Failed(_)) { "failed" } else { "done" })
}

/// One step, and what came of it.
#[must_use]
pub fn step(line: &TrialLine, bind_name: &str, base: &str) -> Markup {
    let (sign, word) = text::trial_mark(matches!(line, TrialLine::Failed(_)));
    html! {
        span.mark role="img" aria-label=(word) { (sign) }
        div {
            strong { (text::trial_step(step_of(line))) }
            @match line {
                TrialLine::Progress(_) => {}
                TrialLine::Addresses(found) => { p { (text::addresses(found)) } }
                TrialLine::Connected(address, millis) => { p { (text::connected(address, *millis)) } }
                TrialLine::Secured(shown) => {
                    p { (text::protected(shown.is_some())) }
                    @if let Some(shown) = shown { (certificate(shown)) }
                }
                TrialLine::Bound => { p { (text::logged_in(bind_name)) } }
                TrialLine::BaseFound => { p { (text::base_found(base)) } }
                TrialLine::Found(found) => { (everybody(found)) }
                TrialLine::Preview(preview) => { (effect(preview)) }
                TrialLine::Failed(failure) => { (failed(failure)) }
            }
        }
    }
}

fn certificate(shown: &Certificate) -> Markup {
    html! {
        dl.halves {
            @for (what, value) in text::certificate(shown) { dt { (what) } dd { (value) } }
        }
    }
}

fn failed(failure: &TrialFailure) -> Markup {
    html! {
        (problem::paragraphs(&failure.problem, |words| html! {
            p #trial-problem data-code=(failure.problem.code) { (words) }
        }))
        @if let Some(shown) = &failure.certificate {
            (certificate(shown))
            p.note { (text::PIN_CAREFUL) }
            button type="button" data-action="pin" data-value=(shown.sha256) { (text::PIN_THIS) }
        }
        @if !failure.bases.is_empty() {
            p { (text::BASES) }
            div.answers {
                @for base in &failure.bases {
                    button type="button" data-action="base" data-value=(base) { (base) }
                }
            }
        }
    }
}

fn everybody(found: &Found) -> Markup {
    html! {
        p { (text::found(found)) }
        p #trial-examples { (text::examples(&found.people)) }
        @if !found.left_out.is_empty() {
            ul.left-out {
                @for left_out in &found.left_out {
                    li { (text::left_out(left_out)) p.note { (text::named(&left_out.who)) } }
                }
            }
        }
        p.note { (text::TEST_PASSED) }
    }
}

fn effect(preview: &Preview) -> Markup {
    let rows = preview.rows.iter().filter(|rows| rows.new.count > 0);
    let lists: Vec<(String, &Names)> =
        [(text::preview_gone(&preview.gone), &preview.gone), (text::preview_new(&preview.new), &preview.new)]
            .into_iter()
            .filter(|(_, who)| who.count > 0)
            .chain(rows.map(|rows| (text::preview_rows(rows.kind, &rows.new), &rows.new)))
            .collect();
    html! {
        p #trial-scope { (text::preview(preview)) }
        @if !preview.rows.is_empty() {
            table.counts {
                caption { (text::PREVIEW_TABLE) }
                thead {
                    tr {
                        th scope="col" { (text::PREVIEW_KIND) }
                        @if preview.before.is_some() { th scope="col" { (text::PREVIEW_BEFORE) } }
                        th scope="col" { (text::PREVIEW_AFTER) }
                    }
                }
                tbody {
                    @for rows in &preview.rows {
                        tr data-kind=(rows.kind.code()) {
                            th scope="row" { (text::group(rows.kind)) }
                            @if preview.before.is_some() { td { (text::grouped(rows.before)) } }
                            td { (text::grouped(rows.after)) }
                        }
                    }
                }
            }
        }
        @if preview.before.is_some() && lists.is_empty() { p { (text::PREVIEW_SAME) } }
        @if !lists.is_empty() {
            ul.left-out {
                @for (what, who) in &lists { li { (what) p.note { (text::named(who)) } } }
            }
        }
    }
}
