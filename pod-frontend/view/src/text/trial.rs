//! Words for trying settings before they are saved.

use reconcile::{Exclusion, RowKind};

use super::{capitalised, count, grouped, not_a_person};
use crate::wire::{Certificate, Found, LeftOut, Names, Preview, Progress, TrialStep};

/// Tests the connection.
pub const TEST: &str = "Test";
/// Shows what the settings would do.
pub const PREVIEW: &str = "Preview";
/// Over the steps of a test.
pub const TESTING: &str = "The test, step by step";
/// Over a preview.
pub const PREVIEWING: &str = "What these settings would do";
/// Under the title of a preview.
pub const PREVIEW_NOTE: &str = "Nothing is saved or written yet. After a change of who is read, nobody is deactivated by night until somebody has reviewed it.";
/// Some fields are not right.
pub const NOT_TRIED: &str = "Not tried yet: look at the marked fields.";
/// The form changed since.
pub const TRIAL_OLD: &str = "The form has changed since: try again.";
/// Pins the certificate that was shown.
pub const PIN_THIS: &str = "Pin this one and test again";
/// Beside it.
pub const PIN_CAREFUL: &str = "Only if the client's IT says that this is their server's fingerprint: whoever stands between could show another one.";
/// Over the bases of a server.
pub const BASES: &str = "This server has:";
/// Over the table of a preview.
pub const PREVIEW_TABLE: &str = "Rows of the next review";
/// The rows' kinds.
pub const PREVIEW_KIND: &str = "Row";
/// By the saved settings.
pub const PREVIEW_BEFORE: &str = "Now";
/// By these.
pub const PREVIEW_AFTER: &str = "With these";
/// The whole of it ends well.
pub const TEST_PASSED: &str = "The test passed. Nothing was saved or written.";

/// The name of a step.
#[must_use]
pub const fn trial_step(step: TrialStep) -> &'static str {
    match step {
        TrialStep::Name => "Name",
        TrialStep::Connect => "Connection",
        TrialStep::Protect => "Certificate",
        TrialStep::LogIn => "Log in",
        TrialStep::Base => "Base",
        TrialStep::Accounts => "Accounts",
        TrialStep::Outcome => "Result",
    }
}

/// The step while it is under way.
#[must_use]
pub const fn trial_step_now(step: TrialStep) -> &'static str {
    match step {
        TrialStep::Name => "Looking the server's name up…",
        TrialStep::Connect => "Connecting…",
        TrialStep::Protect => "Protecting the connection…",
        TrialStep::LogIn => "Logging in…",
        TrialStep::Base => "Looking for the base…",
        TrialStep::Accounts => "Reading the accounts…",
        TrialStep::Outcome => "Reading both sides…",
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
pub const fn protected(believed: bool) -> &'static str {
    if believed {
        "Protected by TLS; the certificate is believed"
    } else {
        "Not protected, as chosen: everything is readable on the way"
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
        (Some(why), _) => format!("{}: {number}", capitalised(not_a_person(why))),
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
pub const PREVIEW_SAME: &str = "The next review would be the same.";
