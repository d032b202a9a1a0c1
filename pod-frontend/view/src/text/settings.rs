//! Words for the settings form.

use reconcile::{Protection, Rule, guard::Figure};

use super::grouped;
use crate::settings::{Complaint, Input};

/// The form's title.
pub const SETTINGS_TITLE: &str = "Where this company's directory is";
/// The form's note.
pub const SETTINGS_NOTE: &str = "Kept in a note of this company in ConnectWise PSA, the password encrypted.";
/// Saves the form.
pub const SAVE: &str = "Save";
/// After saving.
pub const SAVED: &str = "Settings saved.";
/// Some fields are not right.
pub const NOT_YET: &str = "Not saved yet: look at the marked fields.";
/// The password field when one is stored.
pub const PASSWORD_SET: &str = "A password is stored. Leave this empty to keep it.";
/// The password field when none is stored.
pub const PASSWORD_UNSET: &str = "No password is stored yet.";
/// Protection of the connection.
pub const SECURITY: &str = "Protection of the connection";
/// LDAPS.
pub const LDAPS: &str = "LDAPS (TLS from the start, usually port 636)";
/// TLS after a plain beginning.
pub const START_TLS: &str = "StartTLS (usually port 389)";
/// No protection.
pub const PLAIN_TEXT: &str = "None: plain text";
/// The warning with it.
pub const PLAIN_TEXT_WARNING: &str = "The password and everybody's data would cross the network readable by anyone on the way. Use this only inside a protected tunnel, and with an account that may do nothing else.";
/// Trust.
pub const TRUST: &str = "Which certificate to believe";
/// Public authorities.
pub const PUBLIC: &str = "One from a public authority";
/// An own authority.
pub const AUTHORITY: &str = "One from the company's own authority";
/// A pin.
pub const PIN: &str = "Exactly one, by its fingerprint (pinned)";
/// Who is read.
pub const SCOPE: &str = "Whose accounts to read";
/// All people.
pub const SCOPE_PEOPLE: &str = "All people below the base";
/// The members of a group.
pub const SCOPE_GROUP: &str = "The members of a group, also through other groups";
/// An own filter.
pub const SCOPE_OWN: &str = "By an LDAP filter of your own";
/// When the company is synced without anybody asking.
pub const SCHEDULE: &str = "When to sync by itself";
/// Daily, at a time that the service chooses.
pub const DAILY: &str = "Every night, between 1 and 5 o'clock";
/// Daily at a time.
pub const DAILY_AT: &str = "Every day at a time of your choice";
/// By a cron text.
pub const CRON: &str = "At the times of a cron text";
/// Only when asked.
pub const OFF: &str = "Not by itself, only when somebody clicks Sync";

/// Over what is in force.
pub const IN_FORCE: &str = "What a night may do, and who is protected";
/// Under it.
pub const IN_FORCE_NOTE: &str = "In force by the rules above and those of all companies. More than half of the linked contacts are never deactivated unseen.";
/// Writes a rule into the rules, to be changed there.
pub const CHANGE_RULE: &str = "Change";
/// The same for one that is not there yet.
pub const ADD_RULE: &str = "Add";
/// What may be added.
pub const PROTECT_TYPE: &str = "Contacts of a type of your choice can be protected as well";

/// A figure that a night goes by.
#[must_use]
pub fn limit(rule: &Rule) -> String {
    let of = |count: u16, percent: u8| match percent {
        0 => grouped(count.into()),
        percent => format!("{} or {percent} % of the linked contacts", grouped(count.into())),
    };
    match *rule {
        Rule::AtMost(Figure::Deactivations, count, percent) => {
            format!("Deactivations in one night: at most {}", of(count, percent))
        }
        Rule::AtMost(Figure::InSevenDays, count, percent) => {
            format!("Deactivations in seven days: at most {}", of(count, percent))
        }
        Rule::AtMost(Figure::Additions, count, percent) => {
            format!("Contacts created or brought back in one night: at most {}", of(count, percent))
        }
        Rule::AtMost(Figure::SameField, count, percent) => {
            format!("Contacts in which one field changes: at most {}", of(count, percent))
        }
        Rule::MissingFor(hours) => {
            format!("A missing account counts after {}", super::count(hours.into(), "hour", "hours"))
        }
        _ => rule.to_string(),
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
        (Protection::DefaultContact, "The default contact is protected"),
        (Protection::BillingContact, "The billing contact is protected"),
        (Protection::PortalLogin, "Contacts with a portal login are protected"),
        (Protection::OpenTickets, "Contacts with open tickets are protected"),
    ];
    let usual = usual.into_iter().filter(|(what, _)| !rules.contains(&Rule::Unprotected(*what)));
    let types = rules.iter().filter_map(|rule| match rule {
        Rule::ProtectType(name) => Some(format!("Contacts of the type {name} are protected")),
        _ => None,
    });
    usual.map(|(_, words)| words.to_owned()).chain(types).collect()
}

/// A field's label.
#[must_use]
pub const fn label(input: Input) -> &'static str {
    match input {
        Input::Host => "Server",
        Input::Port => "Port",
        Input::Authority => "The authority's certificate (PEM)",
        Input::Pin => "The certificate's SHA-256 fingerprint",
        Input::Base => "Base",
        Input::BindName => "Log in as",
        Input::Password => "Password",
        Input::Group => "Group",
        Input::Filter => "Filter",
        Input::Rules => "Rules (optional)",
        Input::Time => "Time",
        Input::Cron => "Cron text",
        Input::TimeZone => "Time zone",
    }
}

/// An example or a word of help under a field.
#[must_use]
pub const fn help(input: Input) -> &'static str {
    match input {
        Input::Host => "As its certificate names it: dc1.harbor.example",
        Input::Port => "636 for LDAPS, 389 for StartTLS",
        Input::Authority => "Starts with -----BEGIN CERTIFICATE-----",
        Input::Pin => "64 hexadecimal digits; colons and spaces do not matter",
        Input::Base => "Where the accounts are: OU=Staff,DC=harbor,DC=example",
        Input::BindName => {
            "The bind name of an account that may only read, such as svc-sync@corp.example.com"
        }
        Input::Password => "",
        Input::Rules => {
            "One a line, before those of all companies: leave out ou Kiosks; person logon svc-harbor; keep title"
        }
        Input::Time => "It starts at that time or up to ten minutes later",
        Input::Cron => {
            "Minute, hour, day of the month, month, day of the week: 30 3 * * 1-5 is 03:30 from Monday to Friday"
        }
        Input::TimeZone => "Of the times above: Europe/Brussels, or America/New_York; empty means UTC",
        Input::Group => "Its distinguished name: CN=Staff,OU=Groups,DC=harbor,DC=example",
        Input::Filter => "An LDAP filter instead of all people: (&(objectClass=user)(department=Sales))",
    }
}

/// What is wrong with a field.
#[must_use]
pub fn complaint(complaint: Complaint) -> String {
    match complaint {
        Complaint::NotARule(wrong) => return format!("{}.", super::capitalised(&wrong.to_string())),
        Complaint::Missing => "This is needed.",
        Complaint::HostNotAName => "Only the server's name: no ldaps://, no port, no spaces.",
        Complaint::PortNotANumber => "A number from 1 to 65535.",
        Complaint::NotPem => {
            "Paste the whole certificate, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----."
        }
        Complaint::NotAFingerprint => "A SHA-256 fingerprint has 64 hexadecimal digits.",
        Complaint::NotADn => "A distinguished name, such as OU=Staff,DC=harbor,DC=example.",
        Complaint::NotATime => "A time from 00:00 to 23:59.",
        Complaint::NotCron => "Five parts with spaces between them, such as 30 3 * * 1-5.",
        Complaint::FilterUnbalanced => {
            "A filter stands in brackets, and each bracket that opens also closes."
        }
        Complaint::PasswordAgain => {
            "Type the password again: the stored one is only kept while server, port, protection, certificate and bind name stay the same."
        }
        Complaint::PasswordMissing => {
            "The account needs a password: without one the directory answers as to a stranger."
        }
    }
    .to_owned()
}
