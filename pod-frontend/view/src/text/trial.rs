//! Words for trying settings before they are saved.

use reconcile::{Exclusion, RowKind};

use super::{Text, capitalised, count, grouped, not_a_person};
use crate::wire::{Certificate, Found, LeftOut, Names, Preview, Progress, TrialStep};

/// Tests the connection.
pub const TEST: Text = Text(["Test", "Test"]);
/// Shows what the settings would do.
pub const PREVIEW: Text = Text(["Preview", "Preview"]);
/// Over the steps of a test.
pub const TESTING: Text = Text(["The test, step by step", "The test, step by step"]);
/// Over a preview.
pub const PREVIEWING: Text = Text(["What these settings would do", "What these settings would do"]);
/// Under the title of a preview.
pub const PREVIEW_NOTE: Text = Text([
    "Nothing is saved or written yet. After a change of who is read, nobody is deactivated by night until somebody has reviewed it.",
    "Nothing is saved or written yet. After a change of who is read, nobody is deactivated by night until somebody has reviewed it.",
]);
/// Some fields are not right.
pub const NOT_TRIED: Text =
    Text(["Not tried yet: look at the marked fields.", "Not tried yet: look at the marked fields."]);
/// The form changed since.
pub const TRIAL_OLD: Text =
    Text(["The form has changed since: try again.", "The form has changed since: try again."]);
/// Pins the certificate that was shown.
pub const PIN_THIS: Text = Text(["Pin this one and test again", "Pin this one and test again"]);
/// Beside it.
pub const PIN_CAREFUL: Text = Text([
    "Only if the client's IT says that this is their server's fingerprint: whoever stands between could show another one.",
    "Only if the client's IT says that this is their server's fingerprint: whoever stands between could show another one.",
]);
/// Over the bases of a server.
pub const BASES: Text = Text(["This server has:", "This server has:"]);
/// Over the table of a preview.
pub const PREVIEW_TABLE: Text = Text(["Rows of the next review", "Rows of the next review"]);
/// The rows' kinds.
pub const PREVIEW_KIND: Text = Text(["Row", "Row"]);
/// By the saved settings.
pub const PREVIEW_BEFORE: Text = Text(["Now", "Now"]);
/// By these.
pub const PREVIEW_AFTER: Text = Text(["With these", "With these"]);
/// The whole of it ends well.
pub const TEST_PASSED: Text = Text([
    "The test passed. Nothing was saved or written.",
    "The test passed. Nothing was saved or written.",
]);

/// The name of a step.
#[must_use]
pub const fn trial_step(step: TrialStep) -> Text {
    match step {
        TrialStep::Name => Text(["Name", "Name"]),
        TrialStep::Connect => Text(["Connection", "Connection"]),
        TrialStep::Protect => Text(["Certificate", "Certificate"]),
        TrialStep::LogIn => Text(["Log in", "Log in"]),
        TrialStep::Base => Text(["Base", "Base"]),
        TrialStep::Accounts => Text(["Accounts", "Accounts"]),
        TrialStep::Outcome => Text(["Result", "Result"]),
    }
}

/// The step while it is under way.
#[must_use]
pub const fn trial_step_now(step: TrialStep) -> Text {
    match step {
        TrialStep::Name => Text(["Looking the server's name up…", "Looking the server's name up…"]),
        TrialStep::Connect => Text(["Connecting…", "Connecting…"]),
        TrialStep::Protect => Text(["Protecting the connection…", "Protecting the connection…"]),
        TrialStep::LogIn => Text(["Logging in…", "Logging in…"]),
        TrialStep::Base => Text(["Looking for the base…", "Looking for the base…"]),
        TrialStep::Accounts => Text(["Reading the accounts…", "Reading the accounts…"]),
        TrialStep::Outcome => Text(["Reading both sides…", "Reading both sides…"]),
    }
}

/// How far the reads are.
#[must_use]
pub fn trial_progress(progress: Progress) -> String {
    if progress.contacts > 0 { super::progress(progress) } else { reading(progress) }
}

fn reading(progress: Progress) -> String {
    match progress {
        Progress { waiting: 0, accounts, .. } => {
            format!("{} read so far", count(accounts, "account", "accounts"))
        }
        waiting => super::progress(waiting),
    }
}

/// Where a mark stands for a step that went well or did not.
#[must_use]
pub const fn trial_mark(failed: bool) -> (&'static str, &'static str) {
    if failed { ("✗", "failed") } else { ("✓", "done") }
}

/// The addresses of the server's name.
#[must_use]
pub fn addresses(found: &[(String, bool)]) -> String {
    let addresses: Vec<String> = found
        .iter()
        .map(
            |(address, allowed)| {
                if *allowed { address.clone() } else { format!("{address} (not allowed here)") }
            },
        )
        .collect();
    format!("Found at {}", super::listed(&addresses))
}

/// The connection stands.
#[must_use]
pub fn connected(address: &str, millis: u64) -> String {
    format!("Connected to {address} in {} ms", grouped(millis))
}

/// How the connection is protected.
#[must_use]
pub const fn protected(believed: bool) -> Text {
    if believed {
        Text([
            "Protected by TLS; the certificate is believed",
            "Protected by TLS; the certificate is believed",
        ])
    } else {
        Text([
            "Not protected, as chosen: everything is readable on the way",
            "Not protected, as chosen: everything is readable on the way",
        ])
    }
}

/// The account was let in.
#[must_use]
pub fn logged_in(bind_name: &str) -> String {
    format!("Logged in as {bind_name}")
}

/// The base is there.
#[must_use]
pub fn base_found(base: &str) -> String {
    format!("{base} is there")
}

/// The facts of a certificate: what they are, and themselves.
#[must_use]
pub fn certificate(certificate: &Certificate) -> Vec<(&'static str, String)> {
    let day = |moment: &str| moment.split('T').next().unwrap_or_default().to_owned();
    let for_names = match certificate.names.as_slice() {
        [] => "no names".to_owned(),
        names => names.join(", "),
    };
    vec![
        ("Subject", certificate.subject.clone()),
        ("For", for_names),
        ("Issued by", certificate.issuer.clone()),
        ("Valid", format!("{} to {}", day(&certificate.from), day(&certificate.until))),
        ("SHA-256", certificate.sha256.clone()),
    ]
}

/// Who is in the directory.
#[must_use]
pub fn found(found: &Found) -> String {
    format!(
        "{} read: contacts are kept for {}",
        count(found.accounts, "account", "accounts"),
        count(found.people.count, "person", "people"),
    )
}

/// People as examples.
#[must_use]
pub fn examples(people: &Names) -> String {
    if people.count == 0 {
        return "Nobody: look at the reasons below, and at base, filter and rules.".to_owned();
    }
    format!("For example {}", named(people))
}

/// Why some accounts are left out.
#[must_use]
pub fn left_out(left_out: &LeftOut) -> String {
    let number = grouped(left_out.who.count);
    match (left_out.why, left_out.by.as_str()) {
        (None, _) => format!("Disabled: {number}"),
        (Some(Exclusion::Rule(_)), rule) => format!("Left out by the rule \u{201c}{rule}\u{201d}: {number}"),
        (Some(Exclusion::OtherCompany(_)), name) if !name.is_empty() => {
            format!("Taken by the rules of {name}: {number}")
        }
        (Some(why), _) => format!("{}: {number}", capitalised(not_a_person(why).words())),
    }
}

/// "Ann, Bo and 15 more".
#[must_use]
pub fn named(who: &Names) -> String {
    let more = who.count.saturating_sub(super::number(who.names.len()));
    if more == 0 {
        return super::listed(&who.names);
    }
    format!("{} and {} more", who.names.join(", "), grouped(more))
}

/// How many are in scope.
#[must_use]
pub fn preview(preview: &Preview) -> String {
    let people = |number| count(number, "person is", "people are");
    match preview.before {
        Some(before) => {
            format!("Now {} in scope; with these settings {}.", people(before), grouped(preview.after))
        }
        None => format!("With these settings {} in scope.", people(preview.after)),
    }
}

/// Who is in scope no longer.
#[must_use]
pub fn preview_gone(gone: &Names) -> String {
    format!("No longer in scope: {}", grouped(gone.count))
}

/// Who comes into scope.
#[must_use]
pub fn preview_new(new: &Names) -> String {
    format!("Newly in scope: {}", grouped(new.count))
}

/// What would happen to some.
#[must_use]
pub fn preview_rows(kind: RowKind, new: &Names) -> String {
    let number = grouped(new.count);
    match kind {
        RowKind::Deactivate => format!("Contacts that would be deactivated: {number}"),
        RowKind::NeedsDecision | RowKind::PsaOnly => format!("You would be asked about: {number}"),
        RowKind::Create => format!("New contacts: {number}"),
        RowKind::Reactivate => format!("Contacts that would be brought back: {number}"),
        RowKind::Update => format!("Contacts that would be changed: {number}"),
        RowKind::Move => format!("Contacts that would come here: {number}"),
        RowKind::Link => format!("Contacts that would be linked: {number}"),
        RowKind::Ignored | RowKind::Excluded | RowKind::Unchanged => {
            format!("{}: {number}", super::group(kind))
        }
    }
}

/// Nothing would change.
pub const PREVIEW_SAME: Text =
    Text(["The next review would be the same.", "The next review would be the same."]);
