//! Runs, and taking them back, in words.

use reconcile::{Field, RowKind};

use super::{Text, capitalised, count, counts, field, grouped, listed, moment, number, progress};
use crate::{
    review::KINDS,
    wire::{Glance, Run, RunKind, RunState, Write},
};

/// Nothing was done to the company yet.
pub const NEVER_RUN: Text = Text(["Nothing was applied yet.", "Nothing was applied yet."]);
/// The list of runs.
pub const RUNS: Text = Text(["What was done", "What was done"]);
/// Before the rows that can be taken back.
pub const UNDOABLE: Text = Text(["Can be undone", "Can be undone"]);
/// What an undo that was interrupted says.
pub const UNDOING: Text = Text(["Undoing…", "Undoing…"]);

fn by(run: &Run) -> String {
    match run.kind {
        RunKind::Schedule => "by schedule".to_owned(),
        RunKind::Review | RunKind::Person | RunKind::Undo => format!("by {}", run.member),
    }
}

/// The last run, as one sentence.
#[must_use]
pub fn last_run(run: &Run) -> String {
    let at = moment(run.ended_at.as_deref().unwrap_or(&run.queued_at));
    let done = match run.kind {
        RunKind::Review | RunKind::Person => "Last applied on",
        RunKind::Schedule => "Last run on",
        RunKind::Undo => "Last undone on",
    };
    format!("{done} {at} {}: {}", by(run), run_outcome(run))
}

/// A run's name in a list.
#[must_use]
pub fn run_title(run: &Run) -> String {
    let what = match run.kind {
        RunKind::Review => "Applied",
        RunKind::Person => "One person applied",
        RunKind::Schedule => "Run",
        RunKind::Undo => "Undone",
    };
    format!("{what} {}, {}", by(run), moment(&run.queued_at))
}

/// How a run ended, or where it stands.
#[must_use]
pub fn run_outcome(run: &Run) -> String {
    let left: Vec<String> = [
        (run.counts.questions, "question", "questions"),
        (run.counts.held, "change held for you", "changes held for you"),
        (run.counts.set_aside, "change set aside", "changes set aside"),
    ]
    .into_iter()
    .filter(|(rows, ..)| *rows > 0)
    .map(|(rows, one, many)| count(rows, one, many))
    .collect();
    match run.state {
        RunState::Queued => "Waits for its turn.".to_owned(),
        RunState::Reading => progress(run.progress.reading),
        RunState::Applying => {
            format!("{} of {} written.", grouped(run.progress.told), grouped(run.progress.to_write))
        }
        RunState::Failed => "Failed.".to_owned(),
        RunState::Waiting => format!("Waits for a first review: {}.", listed(&left)),
        _ if left.is_empty() => counts(&run.counts),
        _ => format!("{} {} left.", counts(&run.counts), capitalised(&listed(&left))),
    }
}

/// A run that goes on right now.
#[must_use]
pub fn run_under_way(run: &Run) -> String {
    let what = match run.kind {
        RunKind::Review | RunKind::Person => "Being applied",
        RunKind::Schedule => "Being run",
        RunKind::Undo => "Being undone",
    };
    format!("{what} {}. {}", by(run), run_outcome(run))
}

/// A run that failed after the last good one.
#[must_use]
pub fn run_failed(run: &Run) -> String {
    let what = if run.kind == RunKind::Undo { "The undo" } else { "The run" };
    let at = moment(run.ended_at.as_deref().unwrap_or(&run.queued_at));
    format!("{what} {} on {at} failed.", by(run))
}

/// Whether the two sides agreed when they were read last, and since when.
#[must_use]
pub fn glance(seen: &Glance) -> String {
    let since = moment(&seen.since);
    let differences = count(seen.differences(), "difference", "differences");
    let questions = count(seen.questions(), "question", "questions");
    match (seen.differences(), seen.questions()) {
        (0, 0) => format!("The contacts agree with the directory since {since}."),
        (0, _) => format!("{questions} for you since {since}."),
        (_, 0) => format!("{differences} since {since}."),
        _ => format!("{differences} and {questions} for you since {since}."),
    }
}

/// When both sides were read last.
#[must_use]
pub fn seen_at(at: &str) -> String {
    format!("Read on {}.", moment(at))
}

/// When the schedule wants the next run.
#[must_use]
pub fn next_run(at: &str) -> String {
    format!("Next run on {}.", moment(at))
}

/// What a row did.
#[must_use]
pub const fn was_done(kind: RowKind) -> Text {
    match kind {
        RowKind::Create => Text(["Contact created", "Contact created"]),
        RowKind::Deactivate => Text(["Contact deactivated", "Contact deactivated"]),
        RowKind::Reactivate => Text(["Contact brought back", "Contact brought back"]),
        RowKind::Move => {
            Text(["Contact brought here from another company", "Contact brought here from another company"])
        }
        RowKind::Link => Text(["Account and contact linked", "Account and contact linked"]),
        _ => Text(["Contact updated", "Contact updated"]),
    }
}

/// Asks what was done to somebody.
pub const STORY: Text = Text(["What was done", "What was done"]);
/// Nothing was.
pub const NO_STORY: Text =
    Text(["Nothing was written about this person yet.", "Nothing was written about this person yet."]);

/// One write, in somebody's own story.
#[must_use]
pub fn write(write: &Write) -> String {
    let kind = KINDS.into_iter().find(|kind| kind.code() == write.kind).unwrap_or(RowKind::Update);
    let by = if write.by.is_empty() { "by schedule".to_owned() } else { format!("by {}", write.by) };
    let what =
        if write.kind == "ticket" { Text(["Put on a ticket", "Put on a ticket"]) } else { was_done(kind) };
    let what = match write.outcome.as_str() {
        "applied" => what.to_string(),
        "rejected" => format!("Refused by the PSA: {what}"),
        _ => format!("Not known whether the PSA did it: {what}"),
    };
    let fields = write
        .fields
        .iter()
        .filter_map(|code| Field::ALL.into_iter().find(|field| field.code() == code.as_str()));
    let fields: Vec<String> = fields.map(|one| field(one).to_string()).collect();
    let fields = if fields.is_empty() || kind == RowKind::Create {
        String::new()
    } else {
        format!(" ({})", listed(&fields))
    };
    format!("{} {by}: {what}{fields}.", moment(&write.at))
}

/// The name of a contact, or that it is no longer there.
#[must_use]
pub fn name_or_gone(name: &str) -> &str {
    if name.is_empty() { "A contact that is no longer here" } else { name }
}

/// The label of the button that takes back one row.
#[must_use]
pub fn undo_one(name: &str) -> String {
    format!("Undo this for {}", name_or_gone(name))
}

/// The button that takes back a run.
#[must_use]
pub fn undo_all(rows: usize) -> String {
    if rows == 1 { "Undo it".to_owned() } else { format!("Undo all {}", grouped(number(rows))) }
}

/// What an undo is about to do.
#[must_use]
pub fn undo_sentence(rows: usize, company: &str) -> String {
    let what = count(number(rows), "change", "changes");
    let whatever =
        if rows == 1 { "If somebody changed it since, it is" } else { "What somebody changed since is" };
    format!("Undo {what} to contacts of {company}? {whatever} left alone.")
}

/// Why a run that ended cannot be taken back.
#[must_use]
pub fn undo_over(run: &Run) -> Text {
    if run.kind == RunKind::Undo {
        Text([
            "An undo is not undone: sync, and decide about its rows again.",
            "An undo is not undone: sync, and decide about its rows again.",
        ])
    } else if run.counts.written() == 0 {
        Text(["It wrote nothing that could be undone.", "It wrote nothing that could be undone."])
    } else {
        Text([
            "Nothing of it can be undone any more: it was undone already, or is more than 30 days ago.",
            "Nothing of it can be undone any more: it was undone already, or is more than 30 days ago.",
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Counts, RunProgress};

    fn run(kind: RunKind, state: RunState, counts: Counts) -> Run {
        Run {
            id: "r".to_owned(),
            kind,
            state,
            member: if kind == RunKind::Schedule { String::new() } else { "ZAdmin".to_owned() },
            queued_at: "2026-11-23T14:04:09Z".to_owned(),
            ended_at: Some("2026-11-23T14:05:09Z".to_owned()),
            progress: RunProgress::default(),
            counts,
            problem: None,
            undoes: None,
            undoable: 0,
        }
    }

    #[test]
    fn a_run_reads_as_a_sentence() {
        let counts = Counts { created: 2, moved: 1, ..Counts::default() };
        assert_eq!(
            last_run(&run(RunKind::Review, RunState::Questions, counts)),
            "Last applied on 2026-11-23 at 14:05 UTC by ZAdmin: 2 created and 1 changed meanwhile."
        );
        let counts = Counts { updated: 3, questions: 1, held: 4, ..Counts::default() };
        assert_eq!(
            last_run(&run(RunKind::Schedule, RunState::Held, counts)),
            "Last run on 2026-11-23 at 14:05 UTC by schedule: 3 updated. 1 question and 4 changes held for you left."
        );
        let counts = Counts { held: 2, ..Counts::default() };
        assert_eq!(
            run_outcome(&run(RunKind::Schedule, RunState::Waiting, counts)),
            "Waits for a first review: 2 changes held for you."
        );
        assert_eq!(
            run_failed(&run(RunKind::Schedule, RunState::Failed, Counts::default())),
            "The run by schedule on 2026-11-23 at 14:05 UTC failed."
        );
    }

    #[test]
    fn an_undo_says_what_it_does() {
        assert_eq!(
            undo_sentence(3, "Harbor"),
            "Undo 3 changes to contacts of Harbor? What somebody changed since is left alone."
        );
        assert_eq!(undo_all(1), "Undo it");
        assert_eq!(undo_all(1200), "Undo all 1,200");
    }
}
