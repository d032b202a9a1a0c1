//! The screens around the review: status, progress, result, problem.

use maud::{Markup, html};
use reconcile::RowKind;

use crate::{
    problem, review, runs, text,
    who::{self, Scene},
    wire::{Counts, Glance, Opened, Problem, Record, Rights, Session, State, Status, sides_agree},
};

/// The values of `#pod[data-state]`. The first four are the first script's, the rest are the
/// pod's.
pub const STATES: [&str; 17] = [
    "connecting",
    "outside",
    "elsewhere",
    "broken",
    "loading",
    "no-permission",
    "not-set-up",
    "settings",
    "status",
    "who",
    "reading",
    "review",
    "applying",
    "result",
    "runs",
    "run",
    "error",
];

/// Whether the two sides agreed when they were read last, and what differed, drawn to scale.
fn glance(seen: &Glance) -> Markup {
    let counts: Vec<(RowKind, usize)> = review::KINDS
        .into_iter()
        .filter_map(|kind| Some((kind, usize::try_from(*seen.counts.get(&kind)?).ok()?)))
        .collect();
    html! {
        div #glance data-agrees=(sides_agree(&seen.counts)) {
            p { strong { (text::glance(seen)) } " " span.note { (text::seen_at(&seen.seen_at)) } }
            (review::bar(&counts))
            ul.numbers {
                @for &(kind, rows) in &counts {
                    li { span.sign data-kind=(kind.code()) aria-hidden="true" { (text::sign(kind)) } (text::group_count(kind, rows)) }
                }
            }
        }
    }
}

fn facts(status: &Status) -> Markup {
    html! {
        @if let Some(seen) = &status.glance { (glance(seen)) }
        ul.facts {
            li { (text::linked(status.linked)) }
            @if status.ignored > 0 { li { (text::ignored(status.ignored)) } }
            @if status.drafts > 0 { li.loud #drafts { (text::drafts(status.drafts)) } }
        }
        (runs::standing(status))
    }
}

/// Where the company stands.
#[must_use]
pub fn status(session: &Session, status: &Status) -> Markup {
    let ready = status.state == State::Ready;
    html! {
        div.scroll {
            header {
                h1 tabindex="-1" elementtiming="status" { (session.company) }
                @match &status.state {
                    State::NotSetUp => { p { (text::NOT_SET_UP) } p.note { (text::WHO_SETS_UP) } }
                    State::Ready => {
                        @if let Some(source) = &status.source { p.note #source { (source) } }
                    }
                    State::Paused(problem) => {
                        (problem::paused(problem))
                        @if !session.rights.settings { p.note { (text::WHO_SETS_UP) } }
                    }
                }
            }
            @if status.state != State::NotSetUp { (facts(status)) }
            @if !session.rights.apply && ready { p.note { (text::LOOK_ONLY) } }
        }
        footer {
            @if ready { button.primary #sync data-action="sync" { (text::SYNC) } }
            @else { button #retry data-action="start" { (text::TRY_AGAIN) } }
            @if status.last_run.is_some() || status.run.is_some() {
                button #runs data-action="runs" { (text::RUNS) }
            }
            @if session.rights.settings {
                button #settings.primary[!ready] data-action="settings" { (text::SETTINGS) }
            }
        }
    }
}

/// Which of [`STATES`] the screen of a status is.
#[must_use]
pub fn status_state(status: &Status) -> &'static str {
    if status.state == State::NotSetUp { "not-set-up" } else { "status" }
}

/// A company as the pod opens.
#[must_use]
pub fn opened(session: Session, status: Status, record: Option<Record>) -> Opened {
    if let (Some(record), Some(on)) = (record, session.record.clone()) {
        let scene = Scene { record, on, rights: session.rights };
        let screen = who::ask(&session, &scene, &status).into_string();
        return Opened { session, status, state: "who".to_owned(), screen, goes_on: false };
    }
    let to_settings = starts_with_settings(session.rights, &status);
    let (state, screen) = if to_settings {
        ("loading", waiting(text::LOADING))
    } else {
        (status_state(&status), self::status(&session, &status))
    };
    let goes_on = to_settings || status.run.as_ref().is_some_and(|run| run.state.is_live());
    Opened { session, status, state: state.to_owned(), screen: screen.into_string(), goes_on }
}

/// Something is being waited for, with nothing to say about how far it is.
#[must_use]
pub fn waiting(what: text::Text) -> Markup {
    html! { section.boot { h1.busy tabindex="-1" { (what) } } }
}

/// Both sides are being read. `#reading` takes [`text::progress`].
#[must_use]
pub fn reading(company: &str) -> Markup {
    html! {
        div.scroll {
            header { p.company { (company) } h1 tabindex="-1" { (text::READING) } }
            p.busy #reading role="status" {}
        }
        footer { button #cancel data-action="cancel" { (text::CANCEL) } }
    }
}

/// Rows are being written. `#writing` takes what is being done, beginning with `first`,
/// `#writing-count` how far it is.
#[must_use]
pub fn applying(company: &str, first: text::Text) -> Markup {
    html! {
        div.scroll {
            header {
                p.company { (company) }
                h1 #writing tabindex="-1" { (first) }
            }
            progress #writing-bar aria-labelledby="writing" {}
            p #writing-count {}
            p.note { (text::STAY) }
        }
    }
}

/// What became of an apply; `cut` when its answer did not come to its end. `questions` are those
/// that nobody has answered.
#[must_use]
pub fn result(
    company: &str,
    counts: &Counts,
    rows: &[(String, &'static str, Markup)],
    questions: usize,
    cut: Option<&Problem>,
) -> Markup {
    html! {
        div.scroll {
            header {
                p.company { (company) }
                h1 tabindex="-1" { (text::RESULT) }
            }
            @if let Some(problem) = cut { (problem::warning(problem)) }
            p #result-counts { (text::counts(counts)) }
            @if let Some(open) = text::still_open(questions) { p.open #result-open { (open) } }
            @if !rows.is_empty() {
                h2 { (text::LOOK_AT) }
                ul.outcomes {
                    @for (name, outcome, words) in rows {
                        li data-outcome=(outcome) { strong { (name) } p { (words) } }
                    }
                }
            }
        }
        footer {
            button.primary #sync-again data-action="sync" { (text::SYNC_AGAIN) }
            button #back data-action="back" { (text::DONE) }
        }
    }
}

/// Something went wrong; the person may try again, and change the settings where those may be
/// the cause. Without a session there is nothing to go back to.
#[must_use]
pub fn problem(session: Option<&Session>, problem: &Problem) -> Markup {
    let settings = session.is_some_and(|session| session.rights.settings) && may_be_settings(&problem.code);
    html! {
        div.scroll {
            header {
                @if let Some(session) = session { p.company { (session.company) } }
                h1 tabindex="-1" { (text::PROBLEM) }
            }
            (problem::warning(problem))
        }
        footer {
            button.primary #retry data-action="retry" { (text::TRY_AGAIN) }
            @if settings { button #settings data-action="settings" { (text::SETTINGS) } }
            @if session.is_some() { button #back data-action="back" { (text::BACK) } }
        }
    }
}

/// Whether the settings may be the cause of a problem: it is neither the PSA's nor the store's.
fn may_be_settings(code: &str) -> bool {
    !["psa_", "store_"].iter().any(|theirs| code.starts_with(theirs))
}

/// The member may not see this company here.
#[must_use]
pub fn no_permission(problem: &Problem) -> Markup {
    html! {
        div.scroll {
            header { h1 tabindex="-1" { (text::NO_PERMISSION) } }
            div #problem data-code=(problem.code) role="alert" { (problem::told(problem)) }
        }
        footer { button #retry data-action="retry" { (text::TRY_AGAIN) } }
    }
}

/// Whether the settings form is the first thing to show.
#[must_use]
pub fn starts_with_settings(rights: Rights, status: &Status) -> bool {
    rights.settings && status.state == State::NotSetUp
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Outcome, Refusal, Run, RunKind, RunProgress, RunState};

    #[test]
    fn s5_foreign_words_stay_words() {
        let hostile = "<img src=x onerror=alert(1)>";
        let counts = Counts::default();
        let refused = Outcome::Rejected(Refusal::Psa(hostile.to_owned()));
        let (outcome, words) = text::outcome(&refused).expect("it needs a look");
        let rows = [(hostile.to_owned(), outcome, words)];
        let page = result(hostile, &counts, &rows, 0, None).into_string();
        assert!(!page.contains("<img"), "{page}");
        assert_eq!(page.matches("&lt;img").count(), 3);
    }

    #[test]
    fn a_result_says_what_is_left_to_do() {
        let (outcome, words) = text::outcome(&Outcome::Unknown).expect("it needs a look");
        let rows = [("Ann".to_owned(), outcome, words)];
        let page = result("Harbor", &Counts::default(), &rows, 5, None).into_string();
        assert!(page.contains("5 questions are still open"), "{page}");
        assert!(page.contains("looks whether it was written before anything is tried again"), "{page}");
        let page = result("Harbor", &Counts::default(), &[], 0, None).into_string();
        assert!(!page.contains("still open"), "{page}");
    }

    fn session(rights: Rights) -> Session {
        Session {
            token: String::new(),
            seconds: 300,
            member: "Ann".to_owned(),
            company: "Harbor".to_owned(),
            rights,
            record: None,
        }
    }

    fn at(state: State) -> Status {
        Status {
            state,
            source: None,
            glance: None,
            linked: 0,
            ignored: 0,
            drafts: 0,
            last_run: None,
            run: None,
            next_run: None,
        }
    }

    fn run(state: RunState) -> Run {
        Run {
            id: "1".to_owned(),
            kind: RunKind::Review,
            state,
            member: "Ann".to_owned(),
            queued_at: "2026-11-23T14:05:00Z".to_owned(),
            ended_at: None,
            progress: RunProgress::default(),
            counts: Counts::default(),
            problem: None,
            undoes: None,
            undoable: 0,
        }
    }

    #[test]
    fn what_opens_says_whether_it_stays_as_it_is() {
        let opens = |settings, status: Status| {
            let opened = opened(session(Rights { settings, ..Rights::default() }), status, None);
            (opened.state, opened.goes_on)
        };
        let with = |state| Status { run: Some(run(state)), ..at(State::Ready) };
        for (settings, status, state, goes_on) in [
            (false, at(State::Ready), "status", false),
            (false, with(RunState::Failed), "status", false),
            (false, with(RunState::Applying), "status", true),
            (false, at(State::NotSetUp), "not-set-up", false),
            (true, at(State::NotSetUp), "loading", true),
        ] {
            assert_eq!(opens(settings, status), (state.to_owned(), goes_on));
        }
    }

    fn paused() -> State {
        State::Paused(Problem { code: "x".to_owned(), message: "M".to_owned(), advice: "A".to_owned() })
    }

    #[test]
    fn a_paused_company_is_repaired_by_who_may_and_the_others_see_who_may() {
        let page = |settings| {
            status(&session(Rights { apply: true, settings, ..Rights::default() }), &at(paused()))
                .into_string()
        };
        let (may, may_not) = (page(true), page(false));
        assert!(
            may.contains("data-action=\"settings\"") && !may.contains(text::WHO_SETS_UP.words()),
            "{may}"
        );
        assert!(!may_not.contains("data-action=\"settings\"") && may_not.contains(text::WHO_SETS_UP.words()));
    }

    #[test]
    fn who_may_changes_the_settings_where_the_directory_fails() {
        let page = |settings, code: &str| {
            let session = session(Rights { apply: true, settings, ..Rights::default() });
            let what = Problem { code: code.to_owned(), message: "M".to_owned(), advice: "A".to_owned() };
            problem(Some(&session), &what).into_string()
        };
        assert!(page(true, "bad_credentials").contains("id=\"settings\""));
        assert!(!page(false, "bad_credentials").contains("id=\"settings\""));
        assert!(!page(true, "psa_keys").contains("id=\"settings\""));
    }

    #[test]
    fn only_a_ready_company_has_a_sync_button() {
        let session = session(Rights { apply: true, ..Rights::default() });
        assert!(status(&session, &at(State::Ready)).into_string().contains("id=\"sync\""));
        for state in [State::NotSetUp, paused()] {
            assert!(!status(&session, &at(state)).into_string().contains("id=\"sync\""));
        }
    }
}
