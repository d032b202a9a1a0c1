//! Runs, and taking them back, in words.

use reconcile::{Field, RowKind};

use super::{Text, beginning, count, counts, field, grouped, listed, moment, number, progress, say};
use crate::{
    review::KINDS,
    wire::{Glance, Run, RunKind, RunState, Write},
};

/// Nothing was done to the company yet.
pub const NEVER_RUN: Text = Text(["Nothing was applied yet.", "Es wurde noch nichts übernommen."]);
/// The list of runs.
pub const RUNS: Text = Text(["What was done", "Verlauf"]);
/// Before the rows that can be taken back.
pub const UNDOABLE: Text = Text(["Can be undone", "Lässt sich rückgängig machen"]);
/// What an undo that was interrupted says.
pub const UNDOING: Text = Text(["Undoing…", "Wird rückgängig gemacht…"]);

fn by(run: &Run) -> String {
    match run.kind {
        RunKind::Schedule => BY_SCHEDULE.to_string(),
        RunKind::Review | RunKind::Person | RunKind::Undo => by_member(&run.member),
    }
}

const BY_SCHEDULE: Text = Text(["by schedule", "nach Zeitplan"]);

fn by_member(member: &str) -> String {
    say!("by {member}", "von {member}")
}

const QUESTION: Text = Text(["question", "Frage"]);
const QUESTIONS: Text = Text(["questions", "Fragen"]);

/// The last run, as one sentence.
#[must_use]
pub fn last_run(run: &Run) -> String {
    let at = moment(run.ended_at.as_deref().unwrap_or(&run.queued_at));
    let (by, outcome) = (by(run), run_outcome(run));
    match run.kind {
        RunKind::Review | RunKind::Person => {
            say!("Last applied on {at} {by}: {outcome}", "Zuletzt am {at} {by} übernommen: {outcome}")
        }
        RunKind::Schedule => say!("Last run on {at} {by}: {outcome}", "Letzter Lauf am {at} {by}: {outcome}"),
        RunKind::Undo => {
            say!("Last undone on {at} {by}: {outcome}", "Zuletzt am {at} {by} rückgängig gemacht: {outcome}")
        }
    }
}

/// A run's name in a list.
#[must_use]
pub fn run_title(run: &Run) -> String {
    let (by, at) = (by(run), moment(&run.queued_at));
    match run.kind {
        RunKind::Review => say!("Applied {by}, {at}", "Am {at} {by} übernommen"),
        RunKind::Person => {
            say!("One person applied {by}, {at}", "Am {at} {by} für eine Person übernommen")
        }
        RunKind::Schedule => say!("Run {by}, {at}", "Lauf {by} am {at}"),
        RunKind::Undo => say!("Undone {by}, {at}", "Am {at} {by} rückgängig gemacht"),
    }
}

/// How a run ended, or where it stands.
#[must_use]
pub fn run_outcome(run: &Run) -> String {
    let left: Vec<String> = [
        (run.counts.questions, QUESTION, QUESTIONS),
        (
            run.counts.held,
            Text(["change held for you", "für Sie zurückgehaltene Änderung"]),
            Text(["changes held for you", "für Sie zurückgehaltene Änderungen"]),
        ),
        (
            run.counts.set_aside,
            Text(["change set aside", "beiseitegelegte Änderung"]),
            Text(["changes set aside", "beiseitegelegte Änderungen"]),
        ),
    ]
    .into_iter()
    .filter(|(rows, ..)| *rows > 0)
    .map(|(rows, one, many)| count(rows, one.words(), many.words()))
    .collect();
    let listed = listed(&left);
    match run.state {
        RunState::Queued => Text(["Waits for its turn.", "Ist noch nicht an der Reihe."]).to_string(),
        RunState::Reading => progress(run.progress.reading),
        RunState::Applying => {
            let (told, to_write) = (grouped(run.progress.told), grouped(run.progress.to_write));
            say!("{told} of {to_write} written.", "{told} von {to_write} geschrieben.")
        }
        RunState::Failed => Text(["Failed.", "Fehlgeschlagen."]).to_string(),
        RunState::Waiting => {
            say!("Waits for a first review: {listed}.", "Wartet auf eine erste Prüfung: {listed}.")
        }
        _ if left.is_empty() => counts(&run.counts),
        _ => {
            let written = counts(&run.counts);
            say!("{written} {listed} left.", "{written} Noch offen: {listed}.")
        }
    }
}

/// A run that goes on right now.
#[must_use]
pub fn run_under_way(run: &Run) -> String {
    let (by, outcome) = (by(run), run_outcome(run));
    match run.kind {
        RunKind::Review | RunKind::Person => {
            say!("Being applied {by}. {outcome}", "Wird gerade {by} übernommen. {outcome}")
        }
        RunKind::Schedule => say!("Being run {by}. {outcome}", "Läuft gerade {by}. {outcome}"),
        RunKind::Undo => {
            say!("Being undone {by}. {outcome}", "Wird gerade {by} rückgängig gemacht. {outcome}")
        }
    }
}

/// A run that failed after the last good one.
#[must_use]
pub fn run_failed(run: &Run) -> String {
    let (by, at) = (by(run), moment(run.ended_at.as_deref().unwrap_or(&run.queued_at)));
    if run.kind == RunKind::Undo {
        let member = &run.member;
        say!(
            "The undo {by} on {at} failed.",
            "Das Rückgängigmachen durch {member} ist am {at} fehlgeschlagen."
        )
    } else {
        say!("The run {by} on {at} failed.", "Der Lauf {by} ist am {at} fehlgeschlagen.")
    }
}

/// Whether the two sides agreed when they were read last, and since when.
#[must_use]
pub fn glance(seen: &Glance) -> String {
    let since = beginning(&seen.since);
    let differences = count(
        seen.differences(),
        Text(["difference", "Abweichung"]).words(),
        Text(["differences", "Abweichungen"]).words(),
    );
    let questions = count(seen.questions(), QUESTION.words(), QUESTIONS.words());
    match (seen.differences(), seen.questions()) {
        (0, 0) => say!(
            "The contacts agree with the directory since {since}.",
            "Kontakte und Verzeichnis stimmen seit {since} überein.",
        ),
        (0, _) => say!("{questions} for you since {since}.", "Seit {since}: {questions} an Sie."),
        (_, 0) => say!("{differences} since {since}.", "Seit {since}: {differences}."),
        _ => say!(
            "{differences} and {questions} for you since {since}.",
            "Seit {since}: {differences} und {questions} an Sie.",
        ),
    }
}

/// When both sides were read last.
#[must_use]
pub fn seen_at(at: &str) -> String {
    let at = moment(at);
    say!("As of {at}.", "Stand: {at}.")
}

/// When the schedule wants the next run.
#[must_use]
pub fn next_run(at: &str) -> String {
    let at = moment(at);
    say!("Next run on {at}.", "Nächster Lauf am {at}.")
}

/// What a row did.
#[must_use]
pub const fn was_done(kind: RowKind) -> Text {
    match kind {
        RowKind::Create => Text(["Contact created", "Kontakt angelegt"]),
        RowKind::Deactivate => Text(["Contact deactivated", "Kontakt deaktiviert"]),
        RowKind::Reactivate => Text(["Contact brought back", "Kontakt reaktiviert"]),
        RowKind::Move => Text([
            "Contact brought here from another company",
            "Kontakt aus einer anderen Firma hierher geholt",
        ]),
        RowKind::Link => Text(["Account and contact linked", "Konto und Kontakt verknüpft"]),
        _ => Text(["Contact updated", "Kontakt geändert"]),
    }
}

/// Asks what was done to somebody.
pub const STORY: Text = Text(["What was done", "Verlauf"]);
/// Nothing was.
pub const NO_STORY: Text =
    Text(["Nothing was written about this person yet.", "Zu dieser Person wurde noch nichts geschrieben."]);

/// One write, in somebody's own story.
#[must_use]
pub fn write(write: &Write) -> String {
    let kind = KINDS.into_iter().find(|kind| kind.code() == write.kind).unwrap_or(RowKind::Update);
    let by = if write.by.is_empty() { BY_SCHEDULE.to_string() } else { by_member(&write.by) };
    let what = if write.kind == "ticket" {
        Text(["Put on a ticket", "Auf ein Ticket gesetzt"])
    } else {
        was_done(kind)
    };
    let what = match write.outcome.as_str() {
        "applied" => what.to_string(),
        "rejected" => say!("Not written: {what}", "Nicht geschrieben: {what}"),
        _ => say!("Not known whether the PSA did it: {what}", "Unklar, ob das PSA es getan hat: {what}"),
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
    let at = moment(&write.at);
    say!("{at} {by}: {what}{fields}.", "Am {at} {by}: {what}{fields}.")
}

const GONE: Text = Text(["A contact that is no longer here", "Ein Kontakt, den es hier nicht mehr gibt"]);

/// The name of a contact, or that it is no longer there.
#[must_use]
pub fn name_or_gone(name: &str) -> &str {
    if name.is_empty() { GONE.words() } else { name }
}

/// The label of the button that takes back one row.
#[must_use]
pub fn undo_one(name: &str) -> String {
    let name = name_or_gone(name);
    say!("Undo this for {name}", "Rückgängig machen: {name}")
}

/// The button that takes back a run.
#[must_use]
pub fn undo_all(rows: usize) -> String {
    if rows == 1 {
        return Text(["Undo it", "Rückgängig machen"]).to_string();
    }
    let rows = grouped(number(rows));
    say!("Undo all {rows}", "Alle {rows} rückgängig machen")
}

/// What an undo is about to do.
#[must_use]
pub fn undo_sentence(rows: usize, company: &str) -> String {
    let changes =
        count(number(rows), Text(["change", "Änderung"]).words(), Text(["changes", "Änderungen"]).words());
    if rows == 1 {
        say!(
            "Undo {changes} to contacts of {company}? If somebody changed it since, it is left alone.",
            "{changes} an Kontakten von {company} rückgängig machen? Hat jemand den Kontakt seitdem geändert, bleibt er, wie er ist.",
        )
    } else {
        say!(
            "Undo {changes} to contacts of {company}? What somebody changed since is left alone.",
            "{changes} an Kontakten von {company} rückgängig machen? Was jemand seitdem geändert hat, bleibt, wie es ist.",
        )
    }
}

/// Why a run that ended cannot be taken back.
#[must_use]
pub fn undo_over(run: &Run) -> Text {
    if run.kind == RunKind::Undo {
        Text([
            "An undo is not undone: sync, and decide about its rows again.",
            "Das Rückgängigmachen selbst lässt sich nicht rückgängig machen: Gleichen Sie ab und entscheiden Sie erneut über die Zeilen.",
        ])
    } else if run.counts.written() == 0 {
        Text([
            "It wrote nothing that could be undone.",
            "Dabei wurde nichts geschrieben, was sich rückgängig machen ließe.",
        ])
    } else {
        Text([
            "Nothing of it can be undone any more: it was undone already, or is more than 30 days ago.",
            "Davon lässt sich nichts mehr rückgängig machen: Das ist schon geschehen, oder es ist mehr als 30 Tage her.",
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        text::{Language, speaking},
        wire::{Counts, RunProgress},
    };

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

    #[test]
    fn a_run_reads_as_a_german_sentence() {
        let begins_and_ends = |text: &str, begin: &str, end: &str| {
            assert!(text.starts_with(begin) && text.ends_with(end), "{text}");
        };
        speaking(Language::German, || {
            let counts = Counts { updated: 3, questions: 1, held: 4, ..Counts::default() };
            let by_night = run(RunKind::Schedule, RunState::Held, counts);
            begins_and_ends(
                &last_run(&by_night),
                "Letzter Lauf am ",
                " Noch offen: 1 Frage und 4 für Sie zurückgehaltene Änderungen.",
            );
            begins_and_ends(&run_title(&by_night), "Lauf nach Zeitplan am ", " UTC");
            let counts = Counts { held: 1, ..Counts::default() };
            assert_eq!(
                run_outcome(&run(RunKind::Schedule, RunState::Waiting, counts)),
                "Wartet auf eine erste Prüfung: 1 für Sie zurückgehaltene Änderung."
            );
            let undo = run(RunKind::Undo, RunState::Failed, Counts::default());
            begins_and_ends(
                &last_run(&undo),
                "Zuletzt am ",
                " von ZAdmin rückgängig gemacht: Fehlgeschlagen.",
            );
            begins_and_ends(
                &run_failed(&undo),
                "Das Rückgängigmachen durch ZAdmin ist am ",
                " fehlgeschlagen.",
            );
        });
    }

    #[test]
    fn differences_and_undos_are_counted_in_german() {
        let seen = |updates, questions| Glance {
            seen_at: "2026-11-23T14:05:09Z".to_owned(),
            since: "2026-11-23T14:05:09Z".to_owned(),
            counts: [(RowKind::Update, updates), (RowKind::NeedsDecision, questions)].into(),
        };
        speaking(Language::German, || {
            assert!(glance(&seen(1, 2)).ends_with(": 1 Abweichung und 2 Fragen an Sie."));
            assert!(glance(&seen(0, 0)).ends_with(" überein."));
            assert_eq!(
                undo_sentence(1, "Hafen GmbH"),
                "1 Änderung an Kontakten von Hafen GmbH rückgängig machen? Hat jemand den Kontakt seitdem geändert, bleibt er, wie er ist."
            );
            assert!(undo_sentence(2, "Hafen GmbH").starts_with("2 Änderungen an Kontakten von Hafen GmbH "));
            assert_eq!(undo_all(1200), "Alle 1.200 rückgängig machen");
        });
    }
}
