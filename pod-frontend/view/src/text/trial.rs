//! Words for trying settings before they are saved.

use reconcile::{Exclusion, RowKind};

use super::{
    Text, by_the_clock, capitalised, count, grouped, listed, not_a_person, number, say, who::people,
};
use crate::wire::{Certificate, Found, LeftOut, Names, Preview, Progress, TrialStep};

/// Tests the connection.
pub const TEST: Text = Text(["Test", "Testen"]);
/// Shows what the settings would do.
pub const PREVIEW: Text = Text(["Preview", "Vorschau"]);
/// Over the steps of a test.
pub const TESTING: Text = Text(["The test, step by step", "Der Test Schritt für Schritt"]);
/// Over a preview.
pub const PREVIEWING: Text =
    Text(["What these settings would do", "Was diese Einstellungen bewirken würden"]);
/// Under the title of a preview.
pub const PREVIEW_NOTE: Text = Text([
    "Nothing is saved or written yet. After a change of who is read, nobody is deactivated by night until somebody has reviewed it.",
    "Noch ist nichts gespeichert oder geschrieben. Werden jetzt andere Konten gelesen, so wird nachts niemand deaktiviert, bis jemand das geprüft hat.",
]);
/// Some fields are not right.
pub const NOT_TRIED: Text = Text([
    "Not tried yet: look at the marked fields.",
    "Noch nicht ausprobiert: Sehen Sie sich die markierten Felder an.",
]);
/// The form changed since.
pub const TRIAL_OLD: Text = Text([
    "The form has changed since: try again.",
    "Das Formular wurde seitdem geändert: Probieren Sie es noch einmal aus.",
]);
/// Pins the certificate that was shown.
pub const PIN_THIS: Text = Text(["Pin this one and test again", "Dieses festlegen und erneut testen"]);
/// Beside it.
pub const PIN_CAREFUL: Text = Text([
    "Only if the client's IT says that this is their server's fingerprint: whoever stands between could show another one.",
    "Nur wenn die IT des Kunden bestätigt, dass dies der Fingerabdruck ihres Servers ist: Wer dazwischen sitzt, könnte einen anderen zeigen.",
]);
/// Over the bases of a server.
pub const BASES: Text = Text(["This server has:", "Dieser Server hat:"]);
/// Over the table of a preview.
pub const PREVIEW_TABLE: Text = Text(["Rows of the next review", "Zeilen der nächsten Prüfung"]);
/// The rows' kinds.
pub const PREVIEW_KIND: Text = Text(["Row", "Zeile"]);
/// By the saved settings.
pub const PREVIEW_BEFORE: Text = Text(["Now", "Jetzt"]);
/// By these.
pub const PREVIEW_AFTER: Text = Text(["With these", "Mit diesen"]);
/// The whole of it ends well.
pub const TEST_PASSED: Text = Text([
    "The test passed. Nothing was saved or written.",
    "Der Test ist bestanden. Es wurde nichts gespeichert oder geschrieben.",
]);

/// The name of a step.
#[must_use]
pub const fn trial_step(step: TrialStep) -> Text {
    match step {
        TrialStep::Name => Text(["Name", "Name"]),
        TrialStep::Connect => Text(["Connection", "Verbindung"]),
        TrialStep::Protect => Text(["Certificate", "Zertifikat"]),
        TrialStep::LogIn => Text(["Log in", "Anmeldung"]),
        TrialStep::Base => Text(["Base", "Basis"]),
        TrialStep::Accounts => Text(["Accounts", "Konten"]),
        TrialStep::Outcome => Text(["Result", "Ergebnis"]),
    }
}

/// The step while it is under way.
#[must_use]
pub const fn trial_step_now(step: TrialStep) -> Text {
    match step {
        TrialStep::Name => {
            Text(["Looking the server's name up…", "Der Name des Servers wird nachgeschlagen…"])
        }
        TrialStep::Connect => Text(["Connecting…", "Die Verbindung wird aufgebaut…"]),
        TrialStep::Protect => Text(["Protecting the connection…", "Die Verbindung wird geschützt…"]),
        TrialStep::LogIn => Text(["Logging in…", "Die Anmeldung läuft…"]),
        TrialStep::Base => Text(["Looking for the base…", "Die Basis wird gesucht…"]),
        TrialStep::Accounts => Text(["Reading the accounts…", "Die Konten werden gelesen…"]),
        TrialStep::Outcome => Text(["Reading both sides…", "Beide Seiten werden gelesen…"]),
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
            let accounts = count(accounts, ACCOUNT.words(), ACCOUNTS.words());
            say!("{accounts} read so far", "Bisher {accounts} gelesen")
        }
        waiting => super::progress(waiting),
    }
}

const ACCOUNT: Text = Text(["account", "Konto"]);
const ACCOUNTS: Text = Text(["accounts", "Konten"]);

/// The mark of a step that went well or did not, and its word for those who do not see it.
#[must_use]
pub const fn trial_mark(failed: bool) -> (&'static str, Text) {
    if failed { ("✗", Text(["failed", "fehlgeschlagen"])) } else { ("✓", Text(["done", "erledigt"])) }
}

/// The addresses of the server's name.
#[must_use]
pub fn addresses(found: &[(String, bool)]) -> String {
    let addresses: Vec<String> = found
        .iter()
        .map(|(address, allowed)| {
            if *allowed {
                address.clone()
            } else {
                say!("{address} (not allowed here)", "{address} (hier nicht erlaubt)")
            }
        })
        .collect();
    let addresses = listed(&addresses);
    say!("Found at {addresses}", "Gefunden unter {addresses}")
}

/// The connection stands.
#[must_use]
pub fn connected(address: &str, millis: u64) -> String {
    let millis = grouped(millis);
    say!("Connected to {address} in {millis} ms", "In {millis} ms mit {address} verbunden")
}

/// How the connection is protected.
#[must_use]
pub const fn protected(believed: bool) -> Text {
    if believed {
        Text([
            "Protected by TLS; the certificate is believed",
            "Durch TLS geschützt; dem Zertifikat wird vertraut",
        ])
    } else {
        Text([
            "Not protected, as chosen: everything is readable on the way",
            "Wie gewählt nicht geschützt: Im Netz kann alles mitgelesen werden",
        ])
    }
}

/// The account was let in.
#[must_use]
pub fn logged_in(bind_name: &str) -> String {
    say!("Logged in as {bind_name}", "Angemeldet als {bind_name}")
}

/// The base is there.
#[must_use]
pub fn base_found(base: &str) -> String {
    say!("{base} is there", "{base} ist vorhanden")
}

/// The facts of a certificate: what they are, and themselves.
#[must_use]
pub fn certificate(certificate: &Certificate) -> Vec<(Text, String)> {
    let names = match certificate.names.as_slice() {
        [] => Text(["no names", "keine Namen"]).to_string(),
        names => names.join(", "),
    };
    let (from, _) = by_the_clock(&certificate.from);
    let (until, _) = by_the_clock(&certificate.until);
    vec![
        (Text(["Subject", "Inhaber"]), certificate.subject.clone()),
        (Text(["For", "Für"]), names),
        (Text(["Issued by", "Ausgestellt von"]), certificate.issuer.clone()),
        (Text(["Valid", "Gültig"]), say!("{from} to {until}", "{from} bis {until}")),
        (Text(["SHA-256", "SHA-256"]), certificate.sha256.clone()),
    ]
}

/// Who is in the directory.
#[must_use]
pub fn found(found: &Found) -> String {
    let accounts = count(found.accounts, ACCOUNT.words(), ACCOUNTS.words());
    let people = people(found.people.count);
    say!(
        "{accounts} read: contacts are kept for {people}",
        "{accounts} gelesen: Kontakte werden für {people} geführt",
    )
}

/// People as examples.
#[must_use]
pub fn examples(people: &Names) -> String {
    if people.count == 0 {
        return NO_PEOPLE.to_string();
    }
    let people = named(people);
    say!("For example {people}", "Zum Beispiel {people}")
}

const NO_PEOPLE: Text = Text([
    "Nobody: look at the reasons below, and at base, filter and rules.",
    "Niemand: Sehen Sie sich die Gründe unten sowie Basis, Filter und Regeln an.",
]);

/// Why some accounts are left out.
#[must_use]
pub fn left_out(left_out: &LeftOut) -> String {
    let number = grouped(left_out.who.count);
    match (left_out.why, left_out.by.as_str()) {
        (None, _) => say!("Disabled: {number}", "Deaktiviert: {number}"),
        (Some(Exclusion::Rule(_)), rule) => {
            say!("Left out by the rule “{rule}”: {number}", "Ausgenommen durch die Regel „{rule}“: {number}")
        }
        (Some(Exclusion::OtherCompany(_)), name) if !name.is_empty() => say!(
            "Taken by the rules of {name}: {number}",
            "Gehören nach den Regeln von {name} dorthin: {number}",
        ),
        (Some(why), _) => format!("{}: {number}", capitalised(not_a_person(why).words())),
    }
}

/// "Ann, Bo and 15 more".
#[must_use]
pub fn named(who: &Names) -> String {
    let more = who.count.saturating_sub(number(who.names.len()));
    if more == 0 {
        return listed(&who.names);
    }
    let names = who.names.join(", ");
    let more = grouped(more);
    say!("{names} and {more} more", "{names} und noch {more}")
}

/// How many are in scope.
#[must_use]
pub fn preview(preview: &Preview) -> String {
    let are = |number| {
        count(number, Text(["person is", "Person"]).words(), Text(["people are", "Personen"]).words())
    };
    if let Some(before) = preview.before {
        let (before, after) = (are(before), grouped(preview.after));
        say!(
            "Now {before} in scope; with these settings {after}.",
            "Im Bereich: jetzt {before}, mit diesen Einstellungen {after}.",
        )
    } else {
        let after = are(preview.after);
        say!("With these settings {after} in scope.", "Im Bereich: mit diesen Einstellungen {after}.")
    }
}

/// Who is in scope no longer.
#[must_use]
pub fn preview_gone(gone: &Names) -> String {
    let number = grouped(gone.count);
    say!("No longer in scope: {number}", "Nicht mehr im Bereich: {number}")
}

/// Who comes into scope.
#[must_use]
pub fn preview_new(new: &Names) -> String {
    let number = grouped(new.count);
    say!("Newly in scope: {number}", "Neu im Bereich: {number}")
}

/// What would happen to some.
#[must_use]
pub fn preview_rows(kind: RowKind, new: &Names) -> String {
    let number = grouped(new.count);
    match kind {
        RowKind::Deactivate => {
            say!("Contacts that would be deactivated: {number}", "Kontakte, die deaktiviert würden: {number}")
        }
        RowKind::NeedsDecision | RowKind::PsaOnly => {
            say!("You would be asked about: {number}", "Sie würden gefragt nach: {number}")
        }
        RowKind::Create => say!("New contacts: {number}", "Neue Kontakte: {number}"),
        RowKind::Reactivate => say!(
            "Contacts that would be brought back: {number}",
            "Kontakte, die reaktiviert würden: {number}",
        ),
        RowKind::Update => {
            say!("Contacts that would be changed: {number}", "Kontakte, die geändert würden: {number}")
        }
        RowKind::Move => {
            say!("Contacts that would come here: {number}", "Kontakte, die hierher geholt würden: {number}")
        }
        RowKind::Link => {
            say!("Contacts that would be linked: {number}", "Kontakte, die verknüpft würden: {number}")
        }
        RowKind::Ignored | RowKind::Excluded | RowKind::Unchanged => {
            format!("{}: {number}", super::group(kind))
        }
    }
}

/// Nothing would change.
pub const PREVIEW_SAME: Text =
    Text(["The next review would be the same.", "Die nächste Prüfung wäre dieselbe."]);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Language, speaking};

    fn names(count: u64) -> Names {
        Names { count, names: vec!["Ann".to_owned(), "Bo".to_owned()] }
    }

    #[test]
    fn people_are_named_and_counted_in_german() {
        speaking(Language::German, || {
            assert_eq!(named(&names(2)), "Ann und Bo");
            assert_eq!(named(&names(3)), "Ann, Bo und noch 1");
            assert_eq!(examples(&names(1502)), "Zum Beispiel Ann, Bo und noch 1.500");
            let counted = |accounts, count| {
                let (people, left_out) = (names(count), Vec::new());
                found(&Found { accounts, people, left_out })
            };
            assert_eq!(counted(1, 1), "1 Konto gelesen: Kontakte werden für 1 Person geführt");
            assert_eq!(counted(12, 2), "12 Konten gelesen: Kontakte werden für 2 Personen geführt");
            let scope = |before, after| {
                let (gone, new, rows) = (Names::default(), Names::default(), Vec::new());
                preview(&Preview { before, after, gone, new, rows })
            };
            assert_eq!(scope(Some(1), 2), "Im Bereich: jetzt 1 Person, mit diesen Einstellungen 2.");
            assert_eq!(scope(None, 2), "Im Bereich: mit diesen Einstellungen 2 Personen.");
        });
    }

    #[test]
    fn a_certificates_days_are_written_in_the_languages_way() {
        let shown = Certificate {
            subject: "CN=dc1".to_owned(),
            issuer: "CN=ca".to_owned(),
            names: Vec::new(),
            from: "2026-01-01T00:00:00Z".to_owned(),
            until: "2027-02-28T00:00:00Z".to_owned(),
            sha256: "00".to_owned(),
        };
        let facts = |language| {
            speaking(language, || {
                certificate(&shown).iter().map(|(what, value)| format!("{what}: {value}")).collect::<Vec<_>>()
            })
        };
        assert_eq!(facts(Language::English)[3], "Valid: 2026-01-01 to 2027-02-28");
        assert_eq!(facts(Language::German)[3], "Gültig: 01.01.2026 bis 28.02.2027");
        assert_eq!(facts(Language::German)[1], "Für: keine Namen");
    }

    #[test]
    fn addresses_are_listed_in_german() {
        let found = [("10.0.0.5".to_owned(), true), ("10.0.0.6".to_owned(), false)];
        assert_eq!(
            speaking(Language::German, || addresses(&found)),
            "Gefunden unter 10.0.0.5 und 10.0.0.6 (hier nicht erlaubt)"
        );
    }
}
