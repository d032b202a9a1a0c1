//! Words for the settings form.

use reconcile::{Protection, Rule, guard::Figure};

use super::{Text, grouped};
use crate::settings::{Complaint, Input};

/// The form's title.
pub const SETTINGS_TITLE: Text =
    Text(["Where this company's directory is", "Where this company's directory is"]);
/// The form's note.
pub const SETTINGS_NOTE: Text = Text([
    "Kept in a note of this company in ConnectWise PSA, the password encrypted.",
    "Kept in a note of this company in ConnectWise PSA, the password encrypted.",
]);
/// Saves the form.
pub const SAVE: Text = Text(["Save", "Save"]);
/// After saving.
pub const SAVED: Text = Text(["Settings saved.", "Settings saved."]);
/// Some fields are not right.
pub const NOT_YET: Text =
    Text(["Not saved yet: look at the marked fields.", "Not saved yet: look at the marked fields."]);
/// The password field when one is stored.
pub const PASSWORD_SET: Text = Text([
    "A password is stored. Leave this empty to keep it.",
    "A password is stored. Leave this empty to keep it.",
]);
/// The password field when none is stored.
pub const PASSWORD_UNSET: Text = Text(["No password is stored yet.", "No password is stored yet."]);
/// Protection of the connection.
pub const SECURITY: Text = Text(["Protection of the connection", "Protection of the connection"]);
/// LDAPS.
pub const LDAPS: Text =
    Text(["LDAPS (TLS from the start, usually port 636)", "LDAPS (TLS from the start, usually port 636)"]);
/// TLS after a plain beginning.
pub const START_TLS: Text = Text(["StartTLS (usually port 389)", "StartTLS (usually port 389)"]);
/// No protection.
pub const PLAIN_TEXT: Text = Text(["None: plain text", "None: plain text"]);
/// The warning with it.
pub const PLAIN_TEXT_WARNING: Text = Text([
    "The password and everybody's data would cross the network readable by anyone on the way. Use this only inside a protected tunnel, and with an account that may do nothing else.",
    "The password and everybody's data would cross the network readable by anyone on the way. Use this only inside a protected tunnel, and with an account that may do nothing else.",
]);
/// Trust.
pub const TRUST: Text = Text(["Which certificate to believe", "Which certificate to believe"]);
/// Public authorities.
pub const PUBLIC: Text = Text(["One from a public authority", "One from a public authority"]);
/// An own authority.
pub const AUTHORITY: Text =
    Text(["One from the company's own authority", "One from the company's own authority"]);
/// A pin.
pub const PIN: Text =
    Text(["Exactly one, by its fingerprint (pinned)", "Exactly one, by its fingerprint (pinned)"]);
/// Who is read.
pub const SCOPE: Text = Text(["Whose accounts to read", "Whose accounts to read"]);
/// All people.
pub const SCOPE_PEOPLE: Text = Text(["All people below the base", "All people below the base"]);
/// The members of a group.
pub const SCOPE_GROUP: Text = Text([
    "The members of a group, also through other groups",
    "The members of a group, also through other groups",
]);
/// An own filter.
pub const SCOPE_OWN: Text = Text(["By an LDAP filter of your own", "By an LDAP filter of your own"]);
/// When the company is synced without anybody asking.
pub const SCHEDULE: Text = Text(["When to sync by itself", "When to sync by itself"]);
/// Daily, at a time that the service chooses.
pub const DAILY: Text =
    Text(["Every night, between 1 and 5 o'clock", "Every night, between 1 and 5 o'clock"]);
/// Daily at a time.
pub const DAILY_AT: Text = Text(["Every day at a time of your choice", "Every day at a time of your choice"]);
/// By a cron text.
pub const CRON: Text = Text(["At the times of a cron text", "At the times of a cron text"]);
/// Only when asked.
pub const OFF: Text =
    Text(["Not by itself, only when somebody clicks Sync", "Not by itself, only when somebody clicks Sync"]);

/// Over what is in force.
pub const IN_FORCE: Text =
    Text(["What a night may do, and who is protected", "What a night may do, and who is protected"]);
/// Under it.
pub const IN_FORCE_NOTE: Text = Text([
    "In force by the rules above and those of all companies. More than half of the linked contacts are never deactivated unseen.",
    "In force by the rules above and those of all companies. More than half of the linked contacts are never deactivated unseen.",
]);
/// Writes a rule into the rules, to be changed there.
pub const CHANGE_RULE: Text = Text(["Change", "Change"]);
/// The same for one that is not there yet.
pub const ADD_RULE: Text = Text(["Add", "Add"]);
/// What may be added.
pub const PROTECT_TYPE: Text = Text([
    "Contacts of a type of your choice can be protected as well",
    "Contacts of a type of your choice can be protected as well",
]);

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
pub const fn label(input: Input) -> Text {
    match input {
        Input::Host => Text(["Server", "Server"]),
        Input::Port => Text(["Port", "Port"]),
        Input::Authority => Text(["The authority's certificate (PEM)", "The authority's certificate (PEM)"]),
        Input::Pin => {
            Text(["The certificate's SHA-256 fingerprint", "The certificate's SHA-256 fingerprint"])
        }
        Input::Base => Text(["Base", "Base"]),
        Input::BindName => Text(["Log in as", "Log in as"]),
        Input::Password => Text(["Password", "Password"]),
        Input::Group => Text(["Group", "Group"]),
        Input::Filter => Text(["Filter", "Filter"]),
        Input::Rules => Text(["Rules (optional)", "Rules (optional)"]),
        Input::Time => Text(["Time", "Time"]),
        Input::Cron => Text(["Cron text", "Cron text"]),
        Input::TimeZone => Text(["Time zone", "Time zone"]),
    }
}

/// An example or a word of help under a field.
#[must_use]
pub const fn help(input: Input) -> Option<Text> {
    Some(match input {
        Input::Host => Text([
            "As its certificate names it: dc1.harbor.example",
            "As its certificate names it: dc1.harbor.example",
        ]),
        Input::Port => Text(["636 for LDAPS, 389 for StartTLS", "636 for LDAPS, 389 for StartTLS"]),
        Input::Authority => {
            Text(["Starts with -----BEGIN CERTIFICATE-----", "Starts with -----BEGIN CERTIFICATE-----"])
        }
        Input::Pin => Text([
            "64 hexadecimal digits; colons and spaces do not matter",
            "64 hexadecimal digits; colons and spaces do not matter",
        ]),
        Input::Base => Text([
            "Where the accounts are: OU=Staff,DC=harbor,DC=example",
            "Where the accounts are: OU=Staff,DC=harbor,DC=example",
        ]),
        Input::BindName => Text([
            "The bind name of an account that may only read, such as svc-sync@corp.example.com",
            "The bind name of an account that may only read, such as svc-sync@corp.example.com",
        ]),
        Input::Password => return None,
        Input::Rules => Text([
            "One a line, before those of all companies: leave out ou Kiosks; person logon svc-harbor; keep title",
            "One a line, before those of all companies: leave out ou Kiosks; person logon svc-harbor; keep title",
        ]),
        Input::Time => Text([
            "It starts at that time or up to ten minutes later",
            "It starts at that time or up to ten minutes later",
        ]),
        Input::Cron => Text([
            "Minute, hour, day of the month, month, day of the week: 30 3 * * 1-5 is 03:30 from Monday to Friday",
            "Minute, hour, day of the month, month, day of the week: 30 3 * * 1-5 is 03:30 from Monday to Friday",
        ]),
        Input::TimeZone => Text([
            "Of the times above: Europe/Brussels, or America/New_York; empty means UTC",
            "Of the times above: Europe/Brussels, or America/New_York; empty means UTC",
        ]),
        Input::Group => Text([
            "Its distinguished name: CN=Staff,OU=Groups,DC=harbor,DC=example",
            "Its distinguished name: CN=Staff,OU=Groups,DC=harbor,DC=example",
        ]),
        Input::Filter => Text([
            "An LDAP filter instead of all people: (&(objectClass=user)(department=Sales))",
            "An LDAP filter instead of all people: (&(objectClass=user)(department=Sales))",
        ]),
    })
}

/// What is wrong with a field.
#[must_use]
pub fn complaint(complaint: Complaint) -> String {
    match complaint {
        Complaint::NotARule(wrong) => return format!("{}.", super::capitalised(&wrong.to_string())),
        Complaint::Missing => Text(["This is needed.", "This is needed."]),
        Complaint::HostNotAName => Text(["Only the server's name: no ldaps://, no port, no spaces.", "Only the server's name: no ldaps://, no port, no spaces."]),
        Complaint::PortNotANumber => Text(["A number from 1 to 65535.", "A number from 1 to 65535."]),
        Complaint::NotPem => Text(["Paste the whole certificate, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.", "Paste the whole certificate, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----."]),
        Complaint::NotAFingerprint => Text(["A SHA-256 fingerprint has 64 hexadecimal digits.", "A SHA-256 fingerprint has 64 hexadecimal digits."]),
        Complaint::NotADn => Text(["A distinguished name, such as OU=Staff,DC=harbor,DC=example.", "A distinguished name, such as OU=Staff,DC=harbor,DC=example."]),
        Complaint::NotATime => Text(["A time from 00:00 to 23:59.", "A time from 00:00 to 23:59."]),
        Complaint::NotCron => Text(["Five parts with spaces between them, such as 30 3 * * 1-5.", "Five parts with spaces between them, such as 30 3 * * 1-5."]),
        Complaint::FilterUnbalanced => Text(["A filter stands in brackets, and each bracket that opens also closes.", "A filter stands in brackets, and each bracket that opens also closes."]),
        Complaint::PasswordAgain => Text(["Type the password again: the stored one is only kept while server, port, protection, certificate and bind name stay the same.", "Type the password again: the stored one is only kept while server, port, protection, certificate and bind name stay the same."]),
        Complaint::PasswordMissing => Text(["The account needs a password: without one the directory answers as to a stranger.", "The account needs a password: without one the directory answers as to a stranger."]),
    }
    .to_string()
}
