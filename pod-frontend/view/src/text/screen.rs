//! Words for the screens, buttons and messages.

use maud::{Markup, html};
use reconcile::RowKind;

use super::{
    Language, Text, capitalised, count, grouped, language, listed, now, number, on_their_clock, refusals, say,
};
use crate::wire::{Counts, Outcome, Problem, Progress};

/// The product's name.
pub const PRODUCT: &str = "ConnectActive";
/// The first thing to see.
pub const CONNECTING: Text =
    Text(["Connecting to ConnectWise PSA…", "Die Verbindung zu ConnectWise PSA wird aufgebaut…"]);
/// Without scripts nothing works.
pub const NO_SCRIPT: Text = Text([
    "ConnectActive needs JavaScript. Switch it on for this page and open the company again.",
    "ConnectActive braucht JavaScript. Schalten Sie es für diese Seite ein und öffnen Sie die Firma erneut.",
]);
/// The page is not in a PSA screen.
pub const OUTSIDE: Text =
    Text(["This page works inside ConnectWise PSA.", "Diese Seite funktioniert nur in ConnectWise PSA."]);
/// What to do then.
pub const OUTSIDE_ADVICE: Text = Text([
    "Open this page from the company screen in ConnectWise PSA.",
    "Öffnen Sie sie auf der Seite der Firma in ConnectWise PSA.",
]);
/// The screen is not a company's.
pub const ELSEWHERE: Text = Text([
    "This pod belongs on the screen of a company, a contact or a ticket.",
    "Dieser Pod gehört auf die Seite einer Firma, eines Kontakts oder eines Tickets.",
]);
/// What to do then.
pub const ELSEWHERE_ADVICE: Text = Text([
    "Open one of them in ConnectWise PSA; the pod shows what belongs to its company.",
    "Öffnen Sie eine davon in ConnectWise PSA; der Pod zeigt, was zu der Firma gehört.",
]);
/// The program in the page did not start or stopped.
pub const BROKEN: Text =
    Text(["ConnectActive could not run in this browser.", "ConnectActive läuft in diesem Browser nicht."]);
/// What to do then.
pub const BROKEN_ADVICE: Text = Text([
    "Refresh the screen. If that does not help, ask your administrator whether WebAssembly is blocked. Saving in ConnectWise PSA works as usual.",
    "Laden Sie die Seite neu. Wenn das nicht hilft, fragen Sie Ihren Administrator, ob WebAssembly gesperrt ist. Das Speichern in ConnectWise PSA geht wie gewohnt.",
]);
/// While the member is being checked.
pub const SIGNING_IN: Text =
    Text(["Asking ConnectWise PSA who you are…", "ConnectWise PSA wird gefragt, wer Sie sind…"]);
/// While a screen is being fetched.
pub const LOADING: Text = Text(["Loading…", "Wird geladen…"]);

/// Starts a review.
pub const SYNC: Text = Text(["Sync", "Abgleichen"]);
/// Starts another review.
pub const SYNC_AGAIN: Text = Text(["Sync again", "Erneut abgleichen"]);
/// Opens the settings.
pub const SETTINGS: Text = Text(["Settings", "Einstellungen"]);
/// Repeats what failed.
pub const TRY_AGAIN: Text = Text(["Try again", "Erneut versuchen"]);
/// Back to the status.
pub const BACK: Text = Text(["Back", "Zurück"]);
/// Stops a read.
pub const CANCEL: Text = Text(["Cancel", "Abbrechen"]);
/// After the result.
pub const DONE: Text = Text(["Done", "Fertig"]);
/// Takes a decision back.
pub const UNDO: Text = Text(["Undo this decision", "Entscheidung rückgängig machen"]);
/// Takes back that something is left as it was after it was undone.
pub const ASK_AGAIN: Text = Text(["Ask again", "Erneut fragen"]);
/// Takes the last decision back, in the message.
pub const UNDO_SHORT: Text = Text(["Undo", "Rückgängig machen"]);
/// Answers a question with a candidate.
pub const MATCH: Text = Text(["Match", "Zuordnen"]);
/// Answers a question with a new contact.
pub const CREATE: Text = Text(["Create a new contact", "Neuen Kontakt anlegen"]);
/// Brings the contact of another company here.
pub const MOVE: Text = Text(["Bring its contact here", "Den Kontakt hierher holen"]);
/// Asks for a contact beside the one of another company.
pub const SECOND: Text = Text(["Second contact here", "Zweiten Kontakt hier anlegen"]);
/// Leaves an account or contact alone.
pub const IGNORE: Text = Text(["Leave alone", "Belassen"]);
/// Leaves it alone until today is over.
pub const NOT_TODAY: Text = Text(["Not today", "Heute nicht"]);
/// Before the last day of an ignore that ends.
pub const UNTIL: Text = Text(["until", "bis"]);
/// A last day that is over already, or half a date.
pub const UNTIL_IS_OVER: Text = Text([
    "That is no day from today on: choose a later one, or none.",
    "Das Datum ist vorbei oder unvollständig: Wählen Sie ein späteres oder gar keines.",
]);
/// Says that an account is nobody's own.
pub const NOT_A_PERSON: Text = Text(["Not a person", "Keine Person"]);
/// Over the reasons that a group can be narrowed to.
pub const REASONS: Text = Text(["Only those with this reason", "Nur die mit diesem Grund"]);
/// The keys of the review.
pub const KEYS: Text = Text(["Keys", "Tasten"]);
/// Whether single keys are heard.
pub const KEYS_ON: Text = Text(["Listen to these keys", "Diese Tasten verwenden"]);
/// Closes what lies over the screen.
pub const CLOSE: Text = Text(["Close", "Schließen"]);
/// A key that is about a row, while the keyboard is at none.
pub const NO_ROW: Text = Text([
    "Choose a row first: j goes to the next one.",
    "Wählen Sie zuerst eine Zeile: j geht zur nächsten.",
]);
/// A key for an answer that the row does not take.
pub const NO_SUCH_ANSWER: Text = Text([
    "This row has no such answer. Enter opens it and shows those it has.",
    "Diese Antwort gibt es bei dieser Zeile nicht. Enter öffnet die Zeile und zeigt, welche es gibt.",
]);
/// The keys, and what each does.
pub const KEY_LIST: [(&[&str], Text); 15] = [
    (&["j", "k"], Text(["Next row, row before", "Nächste Zeile, Zeile davor"])),
    (&["Enter"], Text(["Open or close the row", "Zeile öffnen oder schließen"])),
    (&["x"], Text(["Tick or untick it: not now", "Haken setzen oder entfernen: nicht jetzt"])),
    (
        &["m"],
        Text([
            "Match it: to the first that is offered, or search",
            "Zuordnen: dem ersten Vorschlag, oder suchen",
        ]),
    ),
    (
        &["1", "…", "9"],
        Text([
            "Match it to that one of those offered in the open row",
            "Dem Vorschlag mit dieser Nummer in der offenen Zeile zuordnen",
        ]),
    ),
    (&["n"], Text(["A new contact", "Neuer Kontakt"])),
    (&["i"], Text(["Leave it alone, or keep the contact", "Belassen oder den Kontakt behalten"])),
    (&["t"], Text(["Not today: the next run asks again", "Heute nicht: Der nächste Lauf fragt wieder"])),
    (&["p"], Text(["Not a person, or a person after all", "Keine Person oder doch eine Person"])),
    (&["d"], Text(["Deactivate the contact", "Den Kontakt deaktivieren"])),
    (
        &["u"],
        Text([
            "Undo: what was said of this row, else what was said last",
            "Rückgängig machen: was zu dieser Zeile gesagt wurde, sonst das zuletzt Gesagte",
        ]),
    ),
    (&["/"], Text(["Filter", "Filtern"])),
    (
        &["Esc"],
        Text(["Leave the filter, a search or an open row", "Filter, Suche oder offene Zeile verlassen"]),
    ),
    (&["a"], Text(["Go to Apply; Enter applies", "Zu „Übernehmen“ gehen; Enter übernimmt"])),
    (&["?"], Text(["These keys", "Diese Tasten"])),
];
/// Overrules an exclusion.
pub const PERSON: Text = Text(["It is a person", "Ist eine Person"]);
/// Takes an account that the rules give to another company, or to none.
pub const TAKE: Text = Text(["Take it into this company", "In diese Firma aufnehmen"]);
/// Deactivates a contact.
pub const DEACTIVATE: Text = Text(["Deactivate", "Deaktivieren"]);
/// Leaves a contact as it is.
pub const KEEP: Text = Text(["Keep", "Behalten"]);
/// Searches all contacts.
pub const SEARCH_CONTACTS: Text = Text(["Match to another contact…", "Einem anderen Kontakt zuordnen…"]);
/// Searches all accounts.
pub const SEARCH_ACCOUNTS: Text = Text(["Match to an account…", "Einem Konto zuordnen…"]);
/// Nothing was found.
pub const NO_FINDS: Text =
    Text(["Nobody by that name or address.", "Niemand hat diesen Namen oder diese Adresse."]);
/// The filter's label.
pub const FILTER: Text = Text(["Filter by name", "Nach Namen filtern"]);
/// The filter hides everything.
pub const FILTER_EMPTY: Text = Text(["No row fits the filter.", "Keine Zeile passt zum Filter."]);
/// The list of a company without anybody.
pub const NOBODY: Text = Text(["There is nobody on either side.", "Auf beiden Seiten ist niemand."]);
/// The label of the bar of counts.
pub const SUMMARY: Text = Text(["The plan in numbers", "Der Plan in Zahlen"]);
/// The member may look, not act.
pub const LOOK_ONLY: Text = Text([
    "You can look, but not decide or apply: that needs the right to add and edit all contacts in ConnectWise PSA.",
    "Sie können alles ansehen, aber nichts entscheiden oder übernehmen: Dazu brauchen Sie in ConnectWise PSA das Recht, alle Kontakte anzulegen und zu bearbeiten.",
]);
/// Nothing is ticked.
pub const NOTHING_TO_APPLY: Text = Text(["Nothing is ticked.", "Nichts ist angehakt."]);
/// Everything is as it should be.
pub const ALL_CURRENT: Text =
    Text(["The contacts agree with the directory.", "Die Kontakte stimmen mit dem Verzeichnis überein."]);
/// Nothing connects the company with the directory.
pub const STRANGER: Text = Text([
    "None of this company's contacts is in this directory. Is it the right one?",
    "Keiner der Kontakte dieser Firma ist in diesem Verzeichnis. Ist es das richtige?",
]);
/// While both sides are read.
pub const READING: Text = Text(["Reading the directory and the PSA", "Verzeichnis und PSA werden gelesen"]);
/// While both sides are read again before writing.
pub const READING_AGAIN: Text = Text([
    "Looking again at both sides before anything is written",
    "Vor dem Schreiben werden beide Seiten noch einmal gelesen",
]);
/// While rows are written.
pub const WRITING: Text = Text(["Writing to ConnectWise PSA", "In ConnectWise PSA wird geschrieben"]);
/// Another run of the company has to end first.
pub const WAITING_FOR_ANOTHER: Text = Text([
    "Waits until another run of this company has ended.",
    "Wartet, bis ein anderer Lauf dieser Firma beendet ist.",
]);
/// Beside the writing.
pub const STAY: Text = Text([
    "You may leave this screen; what was started is finished anyway.",
    "Sie können diese Seite verlassen; was begonnen ist, wird trotzdem zu Ende geführt.",
]);
/// The result's title.
pub const RESULT: Text = Text(["Result", "Ergebnis"]);
/// Rows that need a look.
pub const LOOK_AT: Text = Text(["These need a look", "Bitte ansehen"]);
/// Something went wrong.
pub const PROBLEM: Text = Text(["That did not work", "Das hat nicht geklappt"]);
/// The company has no settings.
pub const NOT_SET_UP: Text = Text([
    "This company's directory is not set up yet.",
    "Das Verzeichnis dieser Firma ist noch nicht eingerichtet.",
]);
/// Who can set it up.
pub const WHO_SETS_UP: Text = Text([
    "Somebody who may edit company maintenance and all company notes in ConnectWise PSA can do it here.",
    "Wer in ConnectWise PSA Company Maintenance und alle Notes von Firmen bearbeiten darf, kann das hier tun.",
]);
/// The settings cannot be trusted.
pub const PAUSED: Text = Text(["This company is paused", "Diese Firma ist angehalten"]);
/// The member has no right.
pub const NO_PERMISSION: Text = Text(["You may not see this here", "Sie dürfen das hier nicht sehen"]);
/// Decisions could not be saved.
pub const NOT_SAVED: Text = Text([
    "Your decisions could not be saved. They are kept on this screen and count when you apply.",
    "Ihre Entscheidungen konnten nicht gespeichert werden. Auf dieser Seite bleiben sie erhalten, und sie gelten, wenn Sie übernehmen.",
]);
/// Saves again.
pub const SAVE_AGAIN: Text = Text(["Save again", "Erneut speichern"]);

/// Something this page found out by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Local {
    /// The service could not be reached.
    Offline,
    /// The answer ended early.
    CutOff,
    /// The answer was not understood.
    Unclear,
    /// The PSA did not say who the member is.
    NoProof,
    /// The answer to an apply ended early: rows may have been written.
    ApplyCutOff,
}

/// The problem in words.
#[must_use]
pub fn local(what: Local) -> Problem {
    let (code, message, advice) = match what {
        Local::Offline => (
            "offline",
            Text(["ConnectActive could not be reached.", "ConnectActive war nicht erreichbar."]),
            Text([
                "Check the connection and try again. Nothing was changed.",
                "Prüfen Sie die Verbindung und versuchen Sie es erneut. Es wurde nichts geändert.",
            ]),
        ),
        Local::CutOff => (
            "cut_off",
            Text([
                "The answer was cut off, so the review would not be complete.",
                "Die Antwort brach ab, die Prüfung wäre also nicht vollständig.",
            ]),
            Text(["Try again. Nothing was changed.", "Versuchen Sie es erneut. Es wurde nichts geändert."]),
        ),
        Local::Unclear => (
            "unclear",
            Text([
                "ConnectActive answered something that this page does not understand.",
                "ConnectActive hat etwas geantwortet, das diese Seite nicht versteht.",
            ]),
            Text([
                "Refresh the screen; if it happens again, tell your administrator.",
                "Laden Sie die Seite neu; wenn es wieder vorkommt, sagen Sie es Ihrem Administrator.",
            ]),
        ),
        Local::NoProof => (
            "no_proof",
            Text([
                "ConnectWise PSA did not say who you are.",
                "ConnectWise PSA hat nicht gesagt, wer Sie sind.",
            ]),
            Text([
                "Refresh the screen. If you were logged out, log in again.",
                "Laden Sie die Seite neu. Falls Sie abgemeldet wurden, melden Sie sich wieder an.",
            ]),
        ),
        Local::ApplyCutOff => (
            "apply_cut_off",
            Text([
                "The connection broke while the changes were being written.",
                "Die Verbindung brach ab, während die Änderungen geschrieben wurden.",
            ]),
            Text([
                "What was started is finished anyway. Sync again to see what is left.",
                "Was begonnen ist, wird trotzdem zu Ende geführt. Gleichen Sie erneut ab, um zu sehen, was noch übrig ist.",
            ]),
        ),
    };
    Problem { code: code.to_owned(), message: message.to_string(), advice: advice.to_string() }
}

/// How far the reads are.
#[must_use]
pub fn progress(progress: Progress) -> String {
    let Progress { waiting, accounts, contacts, .. } = progress;
    let waiting = u64::from(waiting);
    match (language(), waiting) {
        (Language::English, 0) => {
            format!("{}, {}", count(accounts, "account", "accounts"), count(contacts, "contact", "contacts"))
        }
        (Language::English, _) => {
            format!("Waiting for {}", count(waiting, "other read to finish", "other reads to finish"))
        }
        (Language::German, 0) => {
            format!("{}, {}", count(accounts, "Konto", "Konten"), count(contacts, "Kontakt", "Kontakte"))
        }
        (Language::German, _) => format!(
            "Wartet, bis {}",
            count(waiting, "anderer Lesevorgang beendet ist", "andere Lesevorgänge beendet sind")
        ),
    }
}

/// How far the writing is.
#[must_use]
pub fn written(done: u64, all: u64) -> String {
    let (done, all) = (grouped(done), grouped(all));
    say!("{done} of {all}", "{done} von {all}")
}

/// The button that applies.
#[must_use]
pub fn apply(rows: usize) -> String {
    let rows = number(rows);
    match (language(), rows) {
        (Language::English, 0) => "Apply".to_owned(),
        (Language::English, _) => format!("Apply {}", count(rows, "change", "changes")),
        (Language::German, 0) => "Übernehmen".to_owned(),
        (Language::German, _) => format!("{} übernehmen", count(rows, "Änderung", "Änderungen")),
    }
}

/// What applying writes, in one sentence.
#[must_use]
pub fn apply_sentence(counts: &[(RowKind, usize)], company: &str) -> String {
    let parts: Vec<String> = counts
        .iter()
        .filter(|(_, rows)| *rows > 0)
        .enumerate()
        .map(|(at, &(kind, rows))| {
            let verb = match kind {
                RowKind::Deactivate => Text(["deactivate", "deaktivieren"]),
                RowKind::Reactivate => Text(["bring back", "reaktivieren"]),
                RowKind::Create => Text(["create", "anlegen"]),
                RowKind::Update => Text(["update", "ändern"]),
                RowKind::Move => Text(["bring here", "hierher holen"]),
                _ => Text(["link", "verknüpfen"]),
            };
            let rows = number(rows);
            match language() {
                Language::English => format!("{verb} {}", grouped(rows)),
                // The noun stands with the first number only.
                Language::German if at == 0 => format!("{} {verb}", count(rows, "Kontakt", "Kontakte")),
                Language::German => format!("{} {verb}", grouped(rows)),
            }
        })
        .collect();
    if parts.is_empty() {
        return NOTHING_TO_APPLY.to_string();
    }
    let rows: usize = counts.iter().map(|(_, rows)| rows).sum();
    let parts = listed(&parts);
    match language() {
        Language::English => {
            let noun = if rows == 1 { "contact" } else { "contacts" };
            capitalised(&format!("{parts} {noun} of {company}."))
        }
        Language::German => format!("Bei {company} {parts}."),
    }
}

/// Nothing would be written. `undecided` contacts are in the PSA only.
#[must_use]
pub fn nothing_to_apply(undecided: usize) -> String {
    if undecided == 0 {
        return ALL_CURRENT.to_string();
    }
    let contacts = |one, many| count(number(undecided), one, many);
    match language() {
        Language::English => {
            format!("Nothing to apply; {} only in the PSA.", contacts("contact is", "contacts are"))
        }
        Language::German => {
            format!("Nichts zu übernehmen; {} nur im PSA.", contacts("Kontakt ist", "Kontakte sind"))
        }
    }
}

/// Questions that stay open.
#[must_use]
pub fn open_questions(questions: usize) -> Option<String> {
    let (one, many) = match language() {
        Language::English => ("question stays open.", "questions stay open."),
        Language::German => ("Frage bleibt offen.", "Fragen bleiben offen."),
    };
    (questions > 0).then(|| count(number(questions), one, many))
}

/// Questions that an apply left open.
#[must_use]
pub fn still_open(questions: usize) -> Option<String> {
    let (one, many) = match language() {
        Language::English => (
            "question is still open: sync again to answer it.",
            "questions are still open: sync again to answer them.",
        ),
        Language::German => (
            "Frage ist noch offen: Gleichen Sie erneut ab, um sie zu beantworten.",
            "Fragen sind noch offen: Gleichen Sie erneut ab, um sie zu beantworten.",
        ),
    };
    (questions > 0).then(|| count(number(questions), one, many))
}

/// Shows more of a group, of which so many rows are not shown yet.
#[must_use]
pub fn show_more(hidden: usize) -> String {
    let hidden = grouped(number(hidden));
    say!("Show more: {hidden} left", "Mehr anzeigen: noch {hidden}")
}

/// The label of a row's box.
#[must_use]
pub fn check(name: &str) -> String {
    say!("Apply this change to {name}", "Diese Änderung für {name} übernehmen")
}

/// The label of a row's box in the group of contacts in the PSA only.
#[must_use]
pub fn pick(name: &str) -> String {
    say!("Pick {name}", "{name} auswählen")
}

/// The label of a group's box.
#[must_use]
pub fn check_group(kind: RowKind) -> String {
    let group = super::group(kind);
    say!("Apply all of: {group}", "Alle übernehmen: {group}")
}

/// The linked contacts of a company.
#[must_use]
pub fn linked(contacts: i64) -> String {
    let (one, many) = match language() {
        Language::English => ("contact linked", "contacts linked"),
        Language::German => ("Kontakt verknüpft", "Kontakte verknüpft"),
    };
    count(contacts.unsigned_abs(), one, many)
}

/// The ignores of a company.
#[must_use]
pub fn ignored(people: i64) -> String {
    let people = grouped(people.unsigned_abs());
    say!("{people} left alone", "{people} belassen")
}

/// The drafts of a company.
#[must_use]
pub fn drafts(decisions: i64) -> String {
    let (one, many) = match language() {
        Language::English => ("decision waits to be applied", "decisions wait to be applied"),
        Language::German => {
            ("Entscheidung ist noch nicht übernommen", "Entscheidungen sind noch nicht übernommen")
        }
    };
    count(decisions.unsigned_abs(), one, many)
}

/// Since when something is so.
#[must_use]
pub fn since(at: &str) -> String {
    let at = beginning(at);
    say!("since {at}", "seit {at}")
}

/// `2026-11-23T14:05:09Z` for people: 2026-11-23 at 15:05, by their clock where it is known.
pub(super) fn moment(at: &str) -> String {
    let (date, time) = by_the_clock(at);
    say!("{date} at {time}", "{date} um {time}")
}

/// The same after "since".
pub(super) fn beginning(at: &str) -> String {
    let (date, time) = by_the_clock(at);
    say!("{date} at {time}", "dem {date}, {time}")
}

pub(super) fn by_the_clock(at: &str) -> (String, String) {
    let theirs = on_their_clock(at);
    let there = theirs.as_deref().unwrap_or(at);
    let (date, time) = there.split_once('T').unwrap_or((there, ""));
    let time = time.get(..5).unwrap_or(time);
    (day(date), if theirs.is_some() { say!("{time}", "{time} Uhr") } else { format!("{time} UTC") })
}

/// `2026-11-23` for people: 2026-11-23 or 23.11.2026.
pub(super) fn day(date: &str) -> String {
    let parts: Vec<&str> = date.split('-').collect();
    match (language(), parts.as_slice()) {
        (Language::German, [year, month, day]) => format!("{day}.{month}.{year}"),
        _ => date.to_owned(),
    }
}

/// What became of the rows.
#[must_use]
pub fn counts(counts: &Counts) -> String {
    let parts: Vec<String> = [
        (counts.created, Text(["created", "angelegt"])),
        (counts.updated, Text(["updated", "geändert"])),
        (counts.deactivated, Text(["deactivated", "deaktiviert"])),
        (counts.reactivated, Text(["brought back", "reaktiviert"])),
        (counts.linked, Text(["linked", "verknüpft"])),
        (counts.undone, Text(["undone", "rückgängig gemacht"])),
        (counts.already_so, Text(["already so", "schon so"])),
        (counts.moved, Text(["changed meanwhile", "inzwischen anders"])),
        (counts.rejected, Text(["not written", "nicht geschrieben"])),
        (counts.unknown, Text(["without an answer", "ohne Antwort"])),
        (counts.left_alone, Text(["left as somebody changed it", "belassen, wie jemand es geändert hat"])),
    ]
    .into_iter()
    .filter(|(rows, _)| *rows > 0)
    .map(|(rows, word)| format!("{} {word}", grouped(rows)))
    .collect();
    if parts.is_empty() {
        Text(["Nothing was written.", "Es wurde nichts geschrieben."]).to_string()
    } else {
        capitalised(&format!("{}.", listed(&parts)))
    }
}

/// What became of one row that needs a look, and what to do. `None` for one that is fine.
#[must_use]
pub fn outcome(outcome: &Outcome) -> Option<(&'static str, Markup)> {
    match outcome {
        Outcome::Applied | Outcome::AlreadySo => None,
        Outcome::Moved(to) => {
            let to = to.map_or(Text(["nothing of it is left", "Davon ist nichts mehr übrig"]), now);
            let words = say!(
                "Changed since you looked, so it was not written: {to}. Sync again to see it.",
                "Es hat sich seit Ihrer Prüfung geändert und wurde darum nicht geschrieben: {to}. Gleichen Sie erneut ab, um es zu sehen."
            );
            Some(("moved", html! { (words) }))
        }
        Outcome::Rejected(refusal) => Some(("rejected", refusals::row(refusal))),
        Outcome::LeftAlone => {
            let words = Text([
                "Somebody changed it since, so that was left alone.",
                "Jemand hat es seitdem geändert, darum blieb das so.",
            ]);
            Some(("left_alone", html! { (words) }))
        }
        Outcome::Unknown => {
            let words = Text([
                "ConnectWise PSA did not answer. The next sync looks whether it was written before anything is tried again; change nothing there until then.",
                "ConnectWise PSA hat nicht geantwortet. Der nächste Abgleich sieht nach, ob es geschrieben wurde, bevor etwas noch einmal versucht wird; ändern Sie dort bis dahin nichts.",
            ]);
            Some(("unknown", html! { (words) }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Clock, Listener, speaking};

    #[test]
    fn the_sentence_beside_apply_says_what_is_written() {
        let counts = [(RowKind::Deactivate, 6), (RowKind::Create, 3), (RowKind::Update, 0)];
        assert_eq!(apply_sentence(&counts, "Harbor"), "Deactivate 6 and create 3 contacts of Harbor.");
        assert_eq!(apply_sentence(&[(RowKind::Create, 1)], "Harbor"), "Create 1 contact of Harbor.");
        assert_eq!(apply_sentence(&[(RowKind::Move, 2)], "Harbor"), "Bring here 2 contacts of Harbor.");
        assert_eq!(apply_sentence(&[], "Harbor"), NOTHING_TO_APPLY.words());
        assert_eq!(apply(14), "Apply 14 changes");
        assert_eq!(open_questions(1).as_deref(), Some("1 question stays open."));
        assert_eq!(open_questions(0), None);
        assert_eq!(nothing_to_apply(0), ALL_CURRENT.words());
        assert_eq!(nothing_to_apply(1), "Nothing to apply; 1 contact is only in the PSA.");
    }

    #[test]
    fn german_counts_in_the_right_number_and_case() {
        speaking(Language::German, || {
            let counts = [(RowKind::Deactivate, 6), (RowKind::Create, 3), (RowKind::Update, 0)];
            assert_eq!(
                apply_sentence(&counts, "Harbor"),
                "Bei Harbor 6 Kontakte deaktivieren und 3 anlegen."
            );
            let counts = [(RowKind::Create, 1), (RowKind::Update, 1200)];
            assert_eq!(apply_sentence(&counts, "Harbor"), "Bei Harbor 1 Kontakt anlegen und 1.200 ändern.");
            assert_eq!(apply_sentence(&[], "Harbor"), "Nichts ist angehakt.");
            assert_eq!(
                [0, 1, 2].map(apply),
                ["Übernehmen", "1 Änderung übernehmen", "2 Änderungen übernehmen"]
            );
            assert_eq!(nothing_to_apply(1), "Nichts zu übernehmen; 1 Kontakt ist nur im PSA.");
            assert_eq!(nothing_to_apply(2), "Nichts zu übernehmen; 2 Kontakte sind nur im PSA.");
            assert_eq!(open_questions(1).as_deref(), Some("1 Frage bleibt offen."));
            assert_eq!(
                still_open(2).as_deref(),
                Some("2 Fragen sind noch offen: Gleichen Sie erneut ab, um sie zu beantworten.")
            );
            assert_eq!(drafts(1), "1 Entscheidung ist noch nicht übernommen");
            assert_eq!(drafts(2), "2 Entscheidungen sind noch nicht übernommen");
            let reads = |waiting| progress(Progress { waiting, accounts: 1, contacts: 1234 });
            assert_eq!(reads(0), "1 Konto, 1.234 Kontakte");
            assert_eq!(reads(1), "Wartet, bis 1 anderer Lesevorgang beendet ist");
            assert_eq!(reads(2), "Wartet, bis 2 andere Lesevorgänge beendet sind");
        });
    }

    #[test]
    fn german_says_what_became_of_the_rows() {
        speaking(Language::German, || {
            let some = Counts { created: 2, moved: 1, rejected: 1, ..Counts::default() };
            assert_eq!(counts(&some), "2 angelegt, 1 inzwischen anders und 1 nicht geschrieben.");
            let words = |what| outcome(&what).map(|(_, words)| words.into_string()).unwrap_or_default();
            assert!(
                words(Outcome::Moved(Some(RowKind::Update)))
                    .contains("nicht geschrieben: Der Kontakt würde jetzt mit anderen Werten geändert. ")
            );
            assert!(words(Outcome::Moved(None)).contains("nicht geschrieben: Davon ist nichts mehr übrig. "));
        });
    }

    #[test]
    fn a_moment_reads_as_its_language_writes_it() {
        let at = "2026-11-23T14:05:09Z";
        assert_eq!(moment(at), "2026-11-23 at 14:05 UTC");
        assert_eq!(since(at), "since 2026-11-23 at 14:05 UTC");
        speaking(Language::German, || {
            assert_eq!(moment(at), "23.11.2026 um 14:05 UTC");
            assert_eq!(since(at), "seit dem 23.11.2026, 14:05 UTC");
            assert_eq!(day("some day"), "some day");
        });
    }

    #[test]
    fn a_moment_is_told_by_the_clock_of_whoever_reads_it() {
        let clock = |at: &str| at.starts_with("2026").then(|| "2026-11-24T01:05".to_owned());
        let told = |language, at: &str| {
            speaking(Listener { language, clock: Some(Clock::new(clock)) }, || moment(at))
        };
        assert_eq!(told(Language::English, "2026-11-23T14:05:09Z"), "2026-11-24 at 01:05");
        assert_eq!(told(Language::German, "2026-11-23T14:05:09Z"), "24.11.2026 um 01:05 Uhr");
        assert_eq!(told(Language::English, "2027-11-23T14:05:09Z"), "2027-11-23 at 14:05 UTC");
    }
}
