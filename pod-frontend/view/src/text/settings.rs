//! Words for the settings form.

use reconcile::{Protection, Rule, guard::Figure, rules::RuleProblem};

use super::{Language, Text, capitalised, count, grouped, language, say};
use crate::settings::{Complaint, Input};

/// The form's title.
pub const SETTINGS_TITLE: Text =
    Text(["Where this company's directory is", "Wo das Verzeichnis dieser Firma ist"]);
/// The form's note.
pub const SETTINGS_NOTE: Text = Text([
    "Kept in a note of this company in ConnectWise PSA, the password encrypted.",
    "Steht in einer Notiz dieser Firma in ConnectWise PSA, das Passwort verschlüsselt.",
]);
/// Saves the form.
pub const SAVE: Text = Text(["Save", "Speichern"]);
/// After saving.
pub const SAVED: Text = Text(["Settings saved.", "Die Einstellungen sind gespeichert."]);
/// Some fields are not right.
pub const NOT_YET: Text = Text([
    "Not saved yet: look at the marked fields.",
    "Noch nicht gespeichert: Sehen Sie sich die markierten Felder an.",
]);
/// The password field when one is stored.
pub const PASSWORD_SET: Text = Text([
    "A password is stored. Leave this empty to keep it.",
    "Ein Passwort ist gespeichert. Lassen Sie das Feld leer, um es zu behalten.",
]);
/// The password field when none is stored.
pub const PASSWORD_UNSET: Text =
    Text(["No password is stored yet.", "Es ist noch kein Passwort gespeichert."]);
/// Protection of the connection.
pub const SECURITY: Text = Text(["Protection of the connection", "Schutz der Verbindung"]);
/// LDAPS.
pub const LDAPS: Text =
    Text(["LDAPS (TLS from the start, usually port 636)", "LDAPS (TLS von Anfang an, meist Port 636)"]);
/// TLS after a plain beginning.
pub const START_TLS: Text = Text(["StartTLS (usually port 389)", "StartTLS (meist Port 389)"]);
/// No protection.
pub const PLAIN_TEXT: Text = Text(["None: plain text", "Keiner: Klartext"]);
/// The warning with it.
pub const PLAIN_TEXT_WARNING: Text = Text([
    "The password and everybody's data would cross the network readable by anyone on the way. Use this only inside a protected tunnel, and with an account that may do nothing else.",
    "Jeder im Netz könnte das Passwort und die Daten aller Personen mitlesen. Nutzen Sie das nur in einem geschützten Tunnel und mit einem Konto, das sonst nichts darf.",
]);
/// Trust.
pub const TRUST: Text = Text(["Which certificate to believe", "Welchem Zertifikat vertraut wird"]);
/// Public authorities.
pub const PUBLIC: Text =
    Text(["One from a public authority", "Einem von einer öffentlichen Zertifizierungsstelle"]);
/// An own authority.
pub const AUTHORITY: Text =
    Text(["One from the company's own authority", "Einem von der eigenen Zertifizierungsstelle der Firma"]);
/// A pin.
pub const PIN: Text =
    Text(["Exactly one, by its fingerprint (pinned)", "Genau einem, festgelegt durch seinen Fingerabdruck"]);
/// Who is read.
pub const SCOPE: Text = Text(["Whose accounts to read", "Wessen Konten gelesen werden"]);
/// All people.
pub const SCOPE_PEOPLE: Text = Text(["All people below the base", "Alle Personen unterhalb der Basis"]);
/// The members of a group.
pub const SCOPE_GROUP: Text = Text([
    "The members of a group, also through other groups",
    "Die Mitglieder einer Gruppe, auch über andere Gruppen",
]);
/// An own filter.
pub const SCOPE_OWN: Text = Text(["By an LDAP filter of your own", "Nach einem eigenen LDAP-Filter"]);
/// When the company is synced without anybody asking.
pub const SCHEDULE: Text = Text(["When to sync by itself", "Wann von selbst abgeglichen wird"]);
/// Daily, at a time that the service chooses.
pub const DAILY: Text = Text(["Every night, between 1 and 5 o'clock", "Jede Nacht zwischen 1 und 5 Uhr"]);
/// Daily at a time.
pub const DAILY_AT: Text =
    Text(["Every day at a time of your choice", "Jeden Tag zu einer Uhrzeit Ihrer Wahl"]);
/// By a cron text.
pub const CRON: Text = Text(["At the times of a cron text", "Zu den Zeiten eines Cron-Texts"]);
/// Only when asked.
pub const OFF: Text = Text([
    "Not by itself, only when somebody clicks Sync",
    "Nicht von selbst, nur wenn jemand auf „Abgleichen“ klickt",
]);

/// Over what is in force.
pub const IN_FORCE: Text =
    Text(["What a night may do, and who is protected", "Was nachts geschehen darf und wer geschützt ist"]);
/// Under it.
pub const IN_FORCE_NOTE: Text = Text([
    "In force by the rules above and those of all companies. More than half of the linked contacts are never deactivated unseen.",
    "Das gilt nach den Regeln oben und denen aller Firmen. Mehr als die Hälfte der verknüpften Kontakte wird nie ungesehen deaktiviert.",
]);
/// Writes a rule into the rules, to be changed there.
pub const CHANGE_RULE: Text = Text(["Change", "Ändern"]);
/// The same for one that is not there yet.
pub const ADD_RULE: Text = Text(["Add", "Hinzufügen"]);
/// What may be added.
pub const PROTECT_TYPE: Text = Text([
    "Contacts of a type of your choice can be protected as well",
    "Auch Kontakte eines Typs Ihrer Wahl können geschützt werden",
]);

/// A figure that a night goes by.
#[must_use]
pub fn limit(rule: &Rule) -> String {
    match *rule {
        Rule::AtMost(figure, most, percent) => {
            let counted = counted(figure);
            let most = grouped(most.into());
            match percent {
                0 => say!("{counted}: at most {most}", "{counted}: höchstens {most}"),
                percent => say!(
                    "{counted}: at most {most} or {percent} % of the linked contacts",
                    "{counted}: höchstens {most} oder {percent} % der verknüpften Kontakte",
                ),
            }
        }
        Rule::MissingFor(hours) => {
            let hours = count(hours.into(), HOUR.words(), HOURS.words());
            say!("A missing account counts after {hours}", "Ein fehlendes Konto zählt nach {hours}")
        }
        _ => rule.to_string(),
    }
}

const HOUR: Text = Text(["hour", "Stunde"]);
const HOURS: Text = Text(["hours", "Stunden"]);

/// What is counted by a figure.
const fn counted(figure: Figure) -> Text {
    match figure {
        Figure::Deactivations => Text(["Deactivations in one night", "Deaktivierungen in einer Nacht"]),
        Figure::InSevenDays => Text(["Deactivations in seven days", "Deaktivierungen in sieben Tagen"]),
        Figure::Additions => Text([
            "Contacts created or brought back in one night",
            "In einer Nacht angelegte oder reaktivierte Kontakte",
        ]),
        Figure::SameField => {
            Text(["Contacts in which one field changes", "Kontakte, in denen sich ein Feld ändert"])
        }
    }
}

/// The name of the button that changes a figure, for who does not see what stands beside it.
#[must_use]
pub fn change_rule(rule: &Rule) -> String {
    format!("{CHANGE_RULE}: {}", limit(rule))
}

/// Which contacts are looked at before they are deactivated.
#[must_use]
pub fn protected_contacts(rules: &[Rule]) -> Vec<String> {
    let usual = [
        (
            Protection::DefaultContact,
            Text(["The default contact is protected", "Der Standardkontakt ist geschützt"]),
        ),
        (
            Protection::BillingContact,
            Text(["The billing contact is protected", "Der Rechnungskontakt ist geschützt"]),
        ),
        (
            Protection::PortalLogin,
            Text(["Contacts with a portal login are protected", "Kontakte mit Portalzugang sind geschützt"]),
        ),
        (
            Protection::OpenTickets,
            Text(["Contacts with open tickets are protected", "Kontakte mit offenen Tickets sind geschützt"]),
        ),
    ];
    let usual = usual.into_iter().filter(|(what, _)| !rules.contains(&Rule::Unprotected(*what)));
    let types = rules.iter().filter_map(|rule| match rule {
        Rule::ProtectType(name) => {
            Some(say!("Contacts of the type {name} are protected", "Kontakte des Typs {name} sind geschützt"))
        }
        _ => None,
    });
    usual.map(|(_, words)| words.to_string()).chain(types).collect()
}

/// A field's label.
#[must_use]
pub const fn label(input: Input) -> Text {
    match input {
        Input::Host => Text(["Server", "Server"]),
        Input::Port => Text(["Port", "Port"]),
        Input::Authority => {
            Text(["The authority's certificate (PEM)", "Zertifikat der Zertifizierungsstelle (PEM)"])
        }
        Input::Pin => {
            Text(["The certificate's SHA-256 fingerprint", "SHA-256-Fingerabdruck des Zertifikats"])
        }
        Input::BindName => Text(["Log in as", "Anmeldename"]),
        Input::Password => Text(["Password", "Passwort"]),
        Input::Base => Text(["Base", "Basis"]),
        Input::Group => Text(["Group", "Gruppe"]),
        Input::Filter => Text(["Filter", "Filter"]),
        Input::Rules => Text(["Rules (optional)", "Regeln (optional)"]),
        Input::Time => Text(["Time", "Uhrzeit"]),
        Input::Cron => Text(["Cron text", "Cron-Text"]),
        Input::TimeZone => Text(["Time zone", "Zeitzone"]),
    }
}

/// An example or a word of help under a field.
#[must_use]
pub const fn help(input: Input) -> Option<Text> {
    Some(match input {
        Input::Host => Text([
            "As its certificate names it: dc1.harbor.example",
            "So, wie sein Zertifikat ihn nennt: dc1.harbor.example",
        ]),
        Input::Port => Text(["636 for LDAPS, 389 for StartTLS", "636 für LDAPS, 389 für StartTLS"]),
        Input::Authority => {
            Text(["Starts with -----BEGIN CERTIFICATE-----", "Beginnt mit -----BEGIN CERTIFICATE-----"])
        }
        Input::Pin => Text([
            "64 hexadecimal digits; colons and spaces do not matter",
            "64 Hexadezimalziffern; Doppelpunkte und Leerzeichen spielen keine Rolle",
        ]),
        Input::Base => Text([
            "Where the accounts are: type part of a unit's name and choose it, or enter OU=Staff,DC=harbor,DC=example",
            "Wo die Konten liegen: Tippen Sie einen Teil des Namens einer Organisationseinheit (OU) und wählen Sie sie aus, oder geben Sie OU=Staff,DC=harbor,DC=example ein",
        ]),
        Input::BindName => Text([
            "The bind name of an account that may only read, such as svc-sync@corp.example.com",
            "Von einem Konto, das nur lesen darf, etwa svc-sync@corp.example.com",
        ]),
        Input::Password => return None,
        Input::Rules => Text([
            "One a line, before those of all companies: leave out ou Kiosks; person logon svc-harbor; keep title",
            "Eine je Zeile; sie gehen denen aller Firmen vor: leave out ou Kiosks; person logon svc-harbor; keep title",
        ]),
        Input::Time => Text([
            "It starts at that time or up to ten minutes later",
            "Der Abgleich beginnt dann oder bis zu zehn Minuten später",
        ]),
        Input::Cron => Text([
            "Minute, hour, day of the month, month, day of the week: 30 3 * * 1-5 is 03:30 from Monday to Friday",
            "Minute, Stunde, Tag des Monats, Monat, Wochentag: 30 3 * * 1-5 heißt 03:30 Uhr von Montag bis Freitag",
        ]),
        Input::TimeZone => Text([
            "Of the times above: Europe/Brussels, or America/New_York; empty means UTC",
            "Für die Zeiten oben: Europe/Berlin oder America/New_York; leer heißt UTC",
        ]),
        Input::Group => Text([
            "Type part of its name and choose it, or enter CN=Staff,OU=Groups,DC=harbor,DC=example",
            "Tippen Sie einen Teil ihres Namens und wählen Sie sie aus, oder geben Sie CN=Staff,OU=Groups,DC=harbor,DC=example ein",
        ]),
        Input::Filter => Text([
            "An LDAP filter instead of all people: (&(objectClass=user)(department=Sales))",
            "Ein LDAP-Filter statt aller Personen: (&(objectClass=user)(department=Sales))",
        ]),
    })
}

/// What is wrong with a field.
#[must_use]
pub fn complaint(complaint: Complaint) -> String {
    let same = match complaint {
        Complaint::NotARule(wrong) => {
            return match language() {
                Language::English => format!("{}.", capitalised(&wrong.to_string())),
                Language::German => format!("Zeile {}: {}.", wrong.line, no_rule_in_german(wrong.problem)),
            };
        }
        Complaint::Missing => Text(["This is needed.", "Füllen Sie dieses Feld aus."]),
        Complaint::HostNotAName => Text([
            "Only the server's name: no ldaps://, no port, no spaces.",
            "Nur der Name des Servers: kein ldaps://, kein Port, keine Leerzeichen.",
        ]),
        Complaint::PortNotANumber => Text(["A number from 1 to 65535.", "Eine Zahl von 1 bis 65535."]),
        Complaint::NotPem => Text([
            "Paste the whole certificate, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.",
            "Fügen Sie das ganze Zertifikat ein, von -----BEGIN CERTIFICATE----- bis -----END CERTIFICATE-----.",
        ]),
        Complaint::NotAFingerprint => Text([
            "A SHA-256 fingerprint has 64 hexadecimal digits.",
            "Ein SHA-256-Fingerabdruck hat 64 Hexadezimalziffern.",
        ]),
        Complaint::NotADn => Text([
            "Choose one of those that are found, or enter a distinguished name, such as OU=Staff,DC=harbor,DC=example.",
            "Wählen Sie einen der gefundenen Einträge oder geben Sie einen Distinguished Name (DN) ein, etwa OU=Staff,DC=harbor,DC=example.",
        ]),
        Complaint::NotATime => Text(["A time from 00:00 to 23:59.", "Eine Uhrzeit von 00:00 bis 23:59."]),
        Complaint::NotCron => Text([
            "Five parts with spaces between them, such as 30 3 * * 1-5.",
            "Fünf Teile mit Leerzeichen dazwischen, etwa 30 3 * * 1-5.",
        ]),
        Complaint::FilterUnbalanced => Text([
            "A filter stands in brackets, and each bracket that opens also closes.",
            "Ein Filter steht in Klammern, und jede Klammer, die aufgeht, geht auch zu.",
        ]),
        Complaint::PasswordAgain => Text([
            "Type the password again: the stored one is only kept while server, port, protection, certificate and bind name stay the same.",
            "Geben Sie das Passwort noch einmal ein: Das gespeicherte bleibt nur, solange Server, Port, Schutz, Zertifikat und Anmeldename dieselben sind.",
        ]),
        Complaint::PasswordMissing => Text([
            "The account needs a password: without one the directory answers as to a stranger.",
            "Das Konto braucht ein Passwort: Ohne eines antwortet das Verzeichnis wie einem Fremden.",
        ]),
    };
    same.to_string()
}

/// What a [`RuleProblem`] says of itself in English. The words of rules stay as they are typed.
const fn no_rule_in_german(problem: RuleProblem) -> &'static str {
    match problem {
        RuleProblem::Unknown => {
            "Eine Regel beginnt mit leave out, person, only, keep, take, create departments, site, type, \
             employee id in field, account id in field, default phone, unprotected, protect type, at most, \
             missing for, domain oder name"
        }
        RuleProblem::NoSuchAttribute => {
            "Erwartet wird eines von logon, name, address, title, department, office, city, ou, group, licence"
        }
        RuleProblem::NoPattern => {
            "Es fehlt, wonach sie sucht; * steht für beliebigen Text, # für eine Ziffer"
        }
        RuleProblem::NoSuchField => {
            "Erwartet wird eines von first name, last name, title, department, email, aliases, direct, mobile, \
             fax, manager"
        }
        RuleProblem::NoName => {
            "Erwartet wird ein Name in Anführungszeichen, dann for und eine Bedingung: \
             site \"Main\" for office R*"
        }
        RuleProblem::NotAUserField => "Erwartet wird eine Zahl von 1 bis 10",
        RuleProblem::NotAPhone => "Erwartet wird direct oder mobile",
        RuleProblem::NotAProtection => {
            "Erwartet wird eines von default contact, billing contact, portal login, open tickets"
        }
        RuleProblem::NoType => "Erwartet wird der Name eines Kontakttyps: protect type VIP",
        RuleProblem::NotAFigure => {
            "Erwartet wird eine Zahl, und wovon: at most 5 or 10% deactivations, deactivations in seven days, \
             additions, changes of one field"
        }
        RuleProblem::NotHours => "Erwartet werden 1 bis 240 Stunden: missing for 12 hours",
        RuleProblem::NotTwo => {
            "Erwartet werden zwei Wörter mit is dazwischen: domain old.example is new.example"
        }
        RuleProblem::TooLong => "Eine Regel darf 200 Zeichen haben",
    }
}

#[cfg(test)]
mod tests {
    use reconcile::{guard::Limits, rules::WrongLine};

    use super::*;
    use crate::text::speaking;

    #[test]
    fn figures_are_said_in_german() {
        let said: Vec<String> = speaking(Language::German, || {
            let rules = ["at most 1200 additions".parse(), "missing for 1 hours".parse()].map(Result::unwrap);
            Limits::of(&rules).rules().iter().map(limit).collect()
        });
        assert!(
            said.contains(&"In einer Nacht angelegte oder reaktivierte Kontakte: höchstens 1.200".to_owned()),
            "{said:?}"
        );
        assert!(said.contains(&"Ein fehlendes Konto zählt nach 1 Stunde".to_owned()), "{said:?}");
        let rule = Rule::AtMost(Figure::Deactivations, 5, 10);
        assert_eq!(
            speaking(Language::German, || change_rule(&rule)),
            "Ändern: Deaktivierungen in einer Nacht: höchstens 5 oder 10 % der verknüpften Kontakte"
        );
        assert_eq!(
            speaking(Language::German, || limit(&Rule::MissingFor(12))),
            "Ein fehlendes Konto zählt nach 12 Stunden"
        );
    }

    #[test]
    fn german_names_the_words_of_rules_as_they_are_typed() {
        let said = |problem| {
            let line = WrongLine { line: 2, problem };
            speaking(Language::German, || complaint(Complaint::NotARule(line)))
        };
        assert!(
            said(RuleProblem::Unknown).starts_with("Zeile 2: Eine Regel beginnt mit leave out, person, ")
        );
        for (problem, before) in [
            (RuleProblem::Unknown, "begins with "),
            (RuleProblem::NoSuchAttribute, "one of "),
            (RuleProblem::NoSuchField, "one of "),
            (RuleProblem::NotAProtection, "one of "),
            (RuleProblem::NotAFigure, "what of: "),
            (RuleProblem::NoName, "a test: "),
            (RuleProblem::NoType, "type: "),
            (RuleProblem::NotHours, "240: "),
            (RuleProblem::NotTwo, "between them: "),
        ] {
            let english = problem.to_string();
            let (_, typed) = english.split_once(before).unwrap();
            let typed = typed.replace(", domain or name", ", domain oder name");
            assert!(said(problem).ends_with(&format!(" {typed}.")), "{} / {typed}", said(problem));
        }
    }
}
