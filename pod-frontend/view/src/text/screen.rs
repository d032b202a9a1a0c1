//! Words for the screens, buttons and messages.

use reconcile::RowKind;

use super::{Text, count, grouped, listed, now, number};
use crate::wire::{Counts, Outcome, Problem, Progress};

/// The product's name.
pub const PRODUCT: &str = "ConnectActive";
/// The first thing to see.
pub const CONNECTING: Text = Text(["Connecting to ConnectWise PSA…", "Connecting to ConnectWise PSA…"]);
/// Without scripts nothing works.
pub const NO_SCRIPT: Text = Text([
    "ConnectActive needs JavaScript. Switch it on for this page and open the company again.",
    "ConnectActive needs JavaScript. Switch it on for this page and open the company again.",
]);
/// The page is not in a PSA screen.
pub const OUTSIDE: Text =
    Text(["This page works inside ConnectWise PSA.", "This page works inside ConnectWise PSA."]);
/// What to do then.
pub const OUTSIDE_ADVICE: Text = Text([
    "Open this page from the company screen in ConnectWise PSA.",
    "Open this page from the company screen in ConnectWise PSA.",
]);
/// The screen is not a company's.
pub const ELSEWHERE: Text = Text([
    "This pod belongs on the screen of a company, a contact or a ticket.",
    "This pod belongs on the screen of a company, a contact or a ticket.",
]);
/// What to do then.
pub const ELSEWHERE_ADVICE: Text = Text([
    "Open one of them in ConnectWise PSA; the pod shows what belongs to its company.",
    "Open one of them in ConnectWise PSA; the pod shows what belongs to its company.",
]);
/// The program in the page did not start or stopped.
pub const BROKEN: Text =
    Text(["ConnectActive could not run in this browser.", "ConnectActive could not run in this browser."]);
/// What to do then.
pub const BROKEN_ADVICE: Text = Text([
    "Refresh the screen. If that does not help, ask your administrator whether WebAssembly is blocked. Saving in ConnectWise PSA works as usual.",
    "Refresh the screen. If that does not help, ask your administrator whether WebAssembly is blocked. Saving in ConnectWise PSA works as usual.",
]);
/// While the member is being checked.
pub const SIGNING_IN: Text =
    Text(["Asking ConnectWise PSA who you are…", "Asking ConnectWise PSA who you are…"]);
/// While a screen is being fetched.
pub const LOADING: Text = Text(["Loading…", "Loading…"]);

/// Starts a review.
pub const SYNC: Text = Text(["Sync", "Sync"]);
/// Starts another review.
pub const SYNC_AGAIN: Text = Text(["Sync again", "Sync again"]);
/// Opens the settings.
pub const SETTINGS: Text = Text(["Settings", "Settings"]);
/// Repeats what failed.
pub const TRY_AGAIN: Text = Text(["Try again", "Try again"]);
/// Back to the status.
pub const BACK: Text = Text(["Back", "Back"]);
/// Stops a read.
pub const CANCEL: Text = Text(["Cancel", "Cancel"]);
/// After the result.
pub const DONE: Text = Text(["Done", "Done"]);
/// Takes a decision back.
pub const UNDO: Text = Text(["Undo this decision", "Undo this decision"]);
/// Takes back that something is left as it was after it was undone.
pub const ASK_AGAIN: Text = Text(["Ask again", "Ask again"]);
/// Takes the last decision back, in the message.
pub const UNDO_SHORT: Text = Text(["Undo", "Undo"]);
/// Answers a question with a candidate.
pub const MATCH: Text = Text(["Match", "Match"]);
/// Answers a question with a new contact.
pub const CREATE: Text = Text(["Create a new contact", "Create a new contact"]);
/// Brings the contact of another company here.
pub const MOVE: Text = Text(["Bring its contact here", "Bring its contact here"]);
/// Asks for a contact beside the one of another company.
pub const SECOND: Text = Text(["Second contact here", "Second contact here"]);
/// Leaves an account or contact alone.
pub const IGNORE: Text = Text(["Leave alone", "Leave alone"]);
/// Before the last day of an ignore that ends.
pub const UNTIL: Text = Text(["until", "until"]);
/// A last day that is over already, or half a date.
pub const UNTIL_IS_OVER: Text = Text([
    "That is no day from today on: choose a later one, or none.",
    "That is no day from today on: choose a later one, or none.",
]);
/// Says that an account is nobody's own.
pub const NOT_A_PERSON: Text = Text(["Not a person", "Not a person"]);
/// Over the reasons that a group can be narrowed to.
pub const REASONS: Text = Text(["Only those with this reason", "Only those with this reason"]);
/// The keys of the review.
pub const KEYS: Text = Text(["Keys", "Keys"]);
/// Whether single keys are heard.
pub const KEYS_ON: Text = Text(["Listen to these keys", "Listen to these keys"]);
/// Closes what lies over the screen.
pub const CLOSE: Text = Text(["Close", "Close"]);
/// A key that is about a row, while the keyboard is at none.
pub const NO_ROW: Text =
    Text(["Choose a row first: j goes to the next one.", "Choose a row first: j goes to the next one."]);
/// A key for an answer that the row does not take.
pub const NO_SUCH_ANSWER: Text = Text([
    "This row has no such answer. Enter opens it and shows those it has.",
    "This row has no such answer. Enter opens it and shows those it has.",
]);
/// The keys, and what each does.
pub const KEY_LIST: [(&[&str], &str); 14] = [
    (&["j", "k"], "Next row, row before"),
    (&["Enter"], "Open or close the row"),
    (&["x"], "Tick or untick it: not now"),
    (&["m"], "Match it: to the first that is offered, or search"),
    (&["1", "…", "9"], "Match it to that one of those offered in the open row"),
    (&["n"], "A new contact"),
    (&["i"], "Leave it alone, or keep the contact"),
    (&["p"], "Not a person, or a person after all"),
    (&["d"], "Deactivate the contact"),
    (&["u"], "Undo: what was said of this row, else what was said last"),
    (&["/"], "Filter"),
    (&["Esc"], "Leave the filter, a search or an open row"),
    (&["a"], "Go to Apply; Enter applies"),
    (&["?"], "These keys"),
];
/// Overrules an exclusion.
pub const PERSON: Text = Text(["It is a person", "It is a person"]);
/// Takes an account that the rules give to another company, or to none.
pub const TAKE: Text = Text(["Take it into this company", "Take it into this company"]);
/// Deactivates a contact.
pub const DEACTIVATE: Text = Text(["Deactivate", "Deactivate"]);
/// Leaves a contact as it is.
pub const KEEP: Text = Text(["Keep", "Keep"]);
/// Searches all contacts.
pub const SEARCH_CONTACTS: Text = Text(["Match to another contact…", "Match to another contact…"]);
/// Searches all accounts.
pub const SEARCH_ACCOUNTS: Text = Text(["Match to an account…", "Match to an account…"]);
/// Nothing was found.
pub const NO_FINDS: Text = Text(["Nobody by that name or address.", "Nobody by that name or address."]);
/// The filter's label.
pub const FILTER: Text = Text(["Filter by name", "Filter by name"]);
/// The filter hides everything.
pub const FILTER_EMPTY: Text = Text(["No row fits the filter.", "No row fits the filter."]);
/// The list of a company without anybody.
pub const NOBODY: Text = Text(["There is nobody on either side.", "There is nobody on either side."]);
/// The label of the bar of counts.
pub const SUMMARY: Text = Text(["The plan in numbers", "The plan in numbers"]);
/// The member may look, not act.
pub const LOOK_ONLY: Text = Text([
    "You can look, but not decide or apply: that needs the right to add and edit all contacts in ConnectWise PSA.",
    "You can look, but not decide or apply: that needs the right to add and edit all contacts in ConnectWise PSA.",
]);
/// Nothing is ticked.
pub const NOTHING_TO_APPLY: Text = Text(["Nothing is ticked.", "Nothing is ticked."]);
/// Everything is as it should be.
pub const ALL_CURRENT: Text =
    Text(["The contacts agree with the directory.", "The contacts agree with the directory."]);
/// Nothing connects the company with the directory.
pub const STRANGER: Text = Text([
    "None of this company's contacts is in this directory. Is it the right one?",
    "None of this company's contacts is in this directory. Is it the right one?",
]);
/// While both sides are read.
pub const READING: Text = Text(["Reading the directory and the PSA", "Reading the directory and the PSA"]);
/// While both sides are read again before writing.
pub const READING_AGAIN: Text = Text([
    "Looking again at both sides before anything is written",
    "Looking again at both sides before anything is written",
]);
/// While rows are written.
pub const WRITING: Text = Text(["Writing to ConnectWise PSA", "Writing to ConnectWise PSA"]);
/// Another run of the company has to end first.
pub const WAITING_FOR_ANOTHER: Text = Text([
    "Waits until another run of this company has ended.",
    "Waits until another run of this company has ended.",
]);
/// Beside the writing.
pub const STAY: Text = Text([
    "You may leave this screen; what was started is finished anyway.",
    "You may leave this screen; what was started is finished anyway.",
]);
/// The result's title.
pub const RESULT: Text = Text(["Result", "Result"]);
/// Rows that need a look.
pub const LOOK_AT: Text = Text(["These need a look", "These need a look"]);
/// Something went wrong.
pub const PROBLEM: Text = Text(["That did not work", "That did not work"]);
/// The company has no settings.
pub const NOT_SET_UP: Text =
    Text(["This company's directory is not set up yet.", "This company's directory is not set up yet."]);
/// Who can set it up.
pub const WHO_SETS_UP: Text = Text([
    "Somebody who may edit company maintenance and all company notes in ConnectWise PSA can do it here.",
    "Somebody who may edit company maintenance and all company notes in ConnectWise PSA can do it here.",
]);
/// The settings cannot be trusted.
pub const PAUSED: Text = Text(["This company is paused", "This company is paused"]);
/// The member has no right.
pub const NO_PERMISSION: Text = Text(["You may not see this here", "You may not see this here"]);
/// Decisions could not be saved.
pub const NOT_SAVED: Text = Text([
    "Your decisions could not be saved. They are kept on this screen and count when you apply.",
    "Your decisions could not be saved. They are kept on this screen and count when you apply.",
]);
/// Saves again.
pub const SAVE_AGAIN: Text = Text(["Save again", "Save again"]);

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
            "ConnectActive could not be reached.",
            "Check the connection and try again. Nothing was changed.",
        ),
        Local::CutOff => (
            "cut_off",
            "The answer was cut off, so the review would not be complete.",
            "Try again. Nothing was changed.",
        ),
        Local::Unclear => (
            "unclear",
            "ConnectActive answered something that this page does not understand.",
            "Refresh the screen; if it happens again, tell your administrator.",
        ),
        Local::NoProof => (
            "no_proof",
            "ConnectWise PSA did not say who you are.",
            "Refresh the screen. If you were logged out, log in again.",
        ),
        Local::ApplyCutOff => (
            "apply_cut_off",
            "The connection broke while the changes were being written.",
            "What was started is finished anyway. Sync again to see what is left.",
        ),
    };
    Problem { code: code.to_owned(), message: message.to_owned(), advice: advice.to_owned() }
}

/// How far the reads are.
#[must_use]
pub fn progress(progress: Progress) -> String {
    if progress.waiting > 0 {
        return format!(
            "Waiting for {}",
            count(u64::from(progress.waiting), "other read to finish", "other reads to finish")
        );
    }
    format!(
        "{}, {}",
        count(progress.accounts, "account", "accounts"),
        count(progress.contacts, "contact", "contacts")
    )
}

/// How far the writing is.
#[must_use]
pub fn written(done: u64, all: u64) -> String {
    format!("{} of {}", grouped(done), grouped(all))
}

/// The button that applies.
#[must_use]
pub fn apply(rows: usize) -> String {
    if rows == 0 { "Apply".to_owned() } else { format!("Apply {}", count(number(rows), "change", "changes")) }
}

/// What applying writes, in one sentence.
#[must_use]
pub fn apply_sentence(counts: &[(RowKind, usize)], company: &str) -> String {
    let parts: Vec<String> = counts
        .iter()
        .filter(|(_, rows)| *rows > 0)
        .map(|&(kind, rows)| {
            let verb = match kind {
                RowKind::Deactivate => "deactivate",
                RowKind::Reactivate => "bring back",
                RowKind::Create => "create",
                RowKind::Update => "update",
                _ => "link",
            };
            format!("{verb} {}", grouped(number(rows)))
        })
        .collect();
    if parts.is_empty() {
        return NOTHING_TO_APPLY.to_string();
    }
    let rows: usize = counts.iter().map(|(_, rows)| rows).sum();
    let noun = if rows == 1 { "contact" } else { "contacts" };
    super::capitalised(&format!("{} {noun} of {company}.", listed(&parts)))
}

/// Nothing would be written. `undecided` contacts are in the PSA only.
#[must_use]
pub fn nothing_to_apply(undecided: usize) -> String {
    if undecided == 0 {
        return ALL_CURRENT.to_string();
    }
    let contacts = count(number(undecided), "contact is", "contacts are");
    format!("Nothing to apply; {contacts} only in the PSA.")
}

/// Questions that stay open.
#[must_use]
pub fn open_questions(questions: usize) -> Option<String> {
    let stays = if questions == 1 { "stays open." } else { "stay open." };
    (questions > 0).then(|| format!("{} {stays}", count(number(questions), "question", "questions")))
}

/// Questions that an apply left open.
#[must_use]
pub fn still_open(questions: usize) -> Option<String> {
    let (are, them) = if questions == 1 { ("is", "it") } else { ("are", "them") };
    let questions = (questions > 0).then(|| count(number(questions), "question", "questions"))?;
    Some(format!("{questions} {are} still open: sync again to answer {them}."))
}

/// Shows more of a group, of which so many rows are not shown yet.
#[must_use]
pub fn show_more(hidden: usize) -> String {
    format!("Show more: {} left", grouped(number(hidden)))
}

/// The label of a row's box.
#[must_use]
pub fn check(name: &str) -> String {
    format!("Apply this change to {name}")
}

/// The label of a row's box in the group of contacts in the PSA only.
#[must_use]
pub fn pick(name: &str) -> String {
    format!("Pick {name}")
}

/// The label of a group's box.
#[must_use]
pub fn check_group(kind: RowKind) -> String {
    format!("Apply all of: {}", super::group(kind))
}

/// The linked contacts of a company.
#[must_use]
pub fn linked(contacts: i64) -> String {
    count(contacts.unsigned_abs(), "contact linked", "contacts linked")
}

/// The ignores of a company.
#[must_use]
pub fn ignored(people: i64) -> String {
    format!("{} left alone", grouped(people.unsigned_abs()))
}

/// The drafts of a company.
#[must_use]
pub fn drafts(decisions: i64) -> String {
    let waits = if decisions == 1 { "waits to be applied" } else { "wait to be applied" };
    format!("{} {waits}", count(decisions.unsigned_abs(), "decision", "decisions"))
}

/// Since when something is so.
#[must_use]
pub fn since(at: &str) -> String {
    format!("since {}", moment(at))
}

/// `2026-11-23T14:05:09Z` for people: 2026-11-23 at 14:05 UTC.
pub(super) fn moment(at: &str) -> String {
    let (date, time) = at.split_once('T').unwrap_or((at, ""));
    format!("{date} at {} UTC", time.get(..5).unwrap_or(time))
}

/// What became of the rows.
#[must_use]
pub fn counts(counts: &Counts) -> String {
    let parts: Vec<String> = [
        (counts.created, "created"),
        (counts.updated, "updated"),
        (counts.deactivated, "deactivated"),
        (counts.reactivated, "brought back"),
        (counts.linked, "linked"),
        (counts.undone, "undone"),
        (counts.already_so, "already so"),
        (counts.moved, "changed meanwhile"),
        (counts.rejected, "refused by the PSA"),
        (counts.unknown, "without an answer"),
        (counts.left_alone, "left as somebody changed it"),
    ]
    .into_iter()
    .filter(|(rows, _)| *rows > 0)
    .map(|(rows, word)| format!("{} {word}", grouped(rows)))
    .collect();
    if parts.is_empty() {
        "Nothing was written.".to_owned()
    } else {
        super::capitalised(&format!("{}.", listed(&parts)))
    }
}

/// What became of one row that needs a look, and what to do. `None` for one that is fine.
#[must_use]
pub fn outcome(outcome: &Outcome) -> Option<(&'static str, String)> {
    match outcome {
        Outcome::Applied | Outcome::AlreadySo => None,
        Outcome::Moved(to) => {
            let to = to.map_or(Text(["nothing of it is left", "nothing of it is left"]), now);
            Some(("moved", format!("Changed since you looked, so it was not written: {to}. Sync again to see it.")))
        }
        Outcome::Rejected(words) => {
            Some(("rejected", format!("ConnectWise PSA refused it: “{words}” Put that right in the PSA and sync again.")))
        }
        Outcome::LeftAlone => {
            Some(("left_alone", "Somebody changed it since, so that was left alone.".to_owned()))
        }
        Outcome::Unknown => Some((
            "unknown",
            "ConnectWise PSA did not answer. The next sync looks whether it was written before anything is tried again; change nothing there until then.".to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_beside_apply_says_what_is_written() {
        let counts = [(RowKind::Deactivate, 6), (RowKind::Create, 3), (RowKind::Update, 0)];
        assert_eq!(apply_sentence(&counts, "Harbor"), "Deactivate 6 and create 3 contacts of Harbor.");
        assert_eq!(apply_sentence(&[(RowKind::Create, 1)], "Harbor"), "Create 1 contact of Harbor.");
        assert_eq!(apply_sentence(&[], "Harbor"), NOTHING_TO_APPLY.words());
        assert_eq!(apply(14), "Apply 14 changes");
        assert_eq!(open_questions(1).as_deref(), Some("1 question stays open."));
        assert_eq!(open_questions(0), None);
        assert_eq!(nothing_to_apply(0), ALL_CURRENT.words());
        assert_eq!(nothing_to_apply(1), "Nothing to apply; 1 contact is only in the PSA.");
    }
}
