//! The settings form: its view, and what it accepts.

use std::fmt::Write as _;

use maud::{Markup, html};
use reconcile::{Rule, guard, rules::WrongLine};

use crate::{
    places, problem, text,
    wire::{Problem, Schedule, Security, Settings, Trust, When},
};

/// What the form opens with.
#[derive(Clone, Debug)]
pub enum Opening {
    /// The company was never set up: there is nothing to go back to.
    SetUp,
    /// What is stored.
    Change(Box<Settings>),
    /// What is stored is not accepted, and why: everything is entered again.
    Repair(Problem),
}

impl Opening {
    /// The settings that a save starts from.
    #[must_use]
    pub fn stored(&self) -> Option<&Settings> {
        match self {
            Self::Change(stored) => Some(stored),
            Self::SetUp | Self::Repair(_) => None,
        }
    }
}

/// A field that a person types into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// The server's name.
    Host,
    /// The server's port.
    Port,
    /// The certificate of the company's own authority.
    Authority,
    /// The fingerprint of the server's certificate.
    Pin,
    /// The login name.
    BindName,
    /// The password.
    Password,
    /// The base.
    Base,
    /// The group whose members are read.
    Group,
    /// The filter.
    Filter,
    /// The company's own rules.
    Rules,
    /// The time of a daily sync.
    Time,
    /// The cron text.
    Cron,
    /// The time zone of the times.
    TimeZone,
}

impl Input {
    /// All of them, in the form's order.
    pub const ALL: [Self; 13] = [
        Self::Host,
        Self::Port,
        Self::Authority,
        Self::Pin,
        Self::BindName,
        Self::Password,
        Self::Base,
        Self::Group,
        Self::Filter,
        Self::Rules,
        Self::Time,
        Self::Cron,
        Self::TimeZone,
    ];

    /// The field's id on screen.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Host => "settings-host",
            Self::Port => "settings-port",
            Self::Authority => "settings-authority",
            Self::Pin => "settings-pin",
            Self::Base => "settings-base",
            Self::BindName => "settings-bind-name",
            Self::Password => "settings-password",
            Self::Group => "settings-group",
            Self::Filter => "settings-filter",
            Self::Rules => "settings-rules",
            Self::Time => "settings-time",
            Self::Cron => "settings-cron",
            Self::TimeZone => "settings-time-zone",
        }
    }
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// It is empty.
    Missing,
    /// It has a scheme, a port or a space in it.
    HostNotAName,
    /// It is no port.
    PortNotANumber,
    /// It is no certificate in PEM.
    NotPem,
    /// It is no SHA-256 fingerprint.
    NotAFingerprint,
    /// It is no distinguished name.
    NotADn,
    /// It is no filter.
    FilterUnbalanced,
    /// The stored password cannot be kept.
    PasswordAgain,
    /// There is no password at all.
    PasswordMissing,
    /// A line is no rule.
    NotARule(WrongLine),
    /// It is no time of day.
    NotATime,
    /// It has not the five parts of a cron text.
    NotCron,
}

/// The form as it is filled in.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// The texts, in the order of [`Input::ALL`].
    pub texts: [String; 13],
    /// `ldaps`, `start_tls` or `plain_text_on_purpose`.
    pub security: String,
    /// `public_authorities`, `authority` or `pinned`.
    pub trust: String,
    /// `daily`, `daily_at`, `cron` or `off`.
    pub schedule: String,
    /// `people`, `group` or `own`.
    pub scope: String,
}

impl Form {
    fn text(&self, input: Input) -> &str {
        self.texts[input as usize].trim()
    }

    /// The settings, or what is wrong with which field. `stored` is what the form started from.
    pub fn settings(&self, stored: Option<&Settings>) -> Result<Settings, Vec<(Input, Complaint)>> {
        let mut wrong = Vec::new();
        let login = self.chosen_login(stored, &mut wrong);
        let base = self.text(Input::Base);
        if base.is_empty() {
            wrong.push((Input::Base, Complaint::Missing));
        } else if !is_dn(base) {
            wrong.push((Input::Base, Complaint::NotADn));
        }
        let filter = self.chosen_filter(&mut wrong);
        let rules = self.text(Input::Rules);
        if let Err(line) = reconcile::rules::parse(rules) {
            wrong.push((Input::Rules, Complaint::NotARule(line)));
        }
        let schedule =
            Schedule { when: self.chosen_when(&mut wrong), time_zone: self.text(Input::TimeZone).to_owned() };
        let settings = Settings { base: base.to_owned(), filter, rules: rules.to_owned(), schedule, ..login };
        if wrong.is_empty() { Ok(settings) } else { Err(wrong) }
    }

    /// Where the server is and who logs in, and nothing else; none while that is not filled in.
    #[must_use]
    pub fn login(&self, stored: Option<&Settings>) -> Option<Settings> {
        let mut wrong = Vec::new();
        let login = self.chosen_login(stored, &mut wrong);
        wrong.is_empty().then_some(login)
    }

    fn chosen_login(&self, stored: Option<&Settings>, wrong: &mut Vec<(Input, Complaint)>) -> Settings {
        let host = self.text(Input::Host);
        if host.is_empty() {
            wrong.push((Input::Host, Complaint::Missing));
        } else if host.contains(|sign: char| sign.is_whitespace() || "/:@\\,;".contains(sign)) {
            wrong.push((Input::Host, Complaint::HostNotAName));
        }
        let port = self.text(Input::Port).parse().ok().filter(|&port: &u16| port > 0);
        if port.is_none() {
            wrong.push((Input::Port, Complaint::PortNotANumber));
        }
        let security = match self.security.as_str() {
            "start_tls" => Security::StartTls,
            "plain_text_on_purpose" => Security::PlainTextOnPurpose,
            _ => Security::Ldaps,
        };
        let trust = self.chosen_trust(security, wrong);
        if self.text(Input::BindName).is_empty() {
            wrong.push((Input::BindName, Complaint::Missing));
        }
        // Not trimmed: a password may begin or end with a space.
        let password = self.texts[Input::Password as usize].as_str();
        let settings = Settings {
            host: host.to_owned(),
            port: port.unwrap_or_default(),
            security,
            trust,
            base: String::new(),
            bind_name: self.text(Input::BindName).to_owned(),
            password: (!password.is_empty()).then(|| password.to_owned()),
            filter: None,
            rules: String::new(),
            schedule: Schedule::default(),
            generation: stored.map_or(0, |stored| stored.generation),
            password_set: false,
            shared_rules: String::new(),
        };
        if settings.password.is_none() {
            match stored.filter(|stored| stored.password_set) {
                None => wrong.push((Input::Password, Complaint::PasswordMissing)),
                Some(stored) if !stored.same_connection(&settings) => {
                    wrong.push((Input::Password, Complaint::PasswordAgain));
                }
                Some(_) => {}
            }
        }
        settings
    }

    fn chosen_trust(&self, security: Security, wrong: &mut Vec<(Input, Complaint)>) -> Trust {
        // Without TLS there is no certificate; the fields are hidden then.
        if security == Security::PlainTextOnPurpose {
            return Trust::PublicAuthorities;
        }
        match self.trust.as_str() {
            "authority" => {
                let pem = self.text(Input::Authority);
                if !(pem.starts_with("-----BEGIN CERTIFICATE-----")
                    && pem.ends_with("-----END CERTIFICATE-----"))
                {
                    wrong.push((Input::Authority, Complaint::NotPem));
                }
                Trust::Authority(pem.to_owned())
            }
            "pinned" => {
                let digits: String = self
                    .text(Input::Pin)
                    .chars()
                    .filter(|sign| !matches!(sign, ':' | ' '))
                    .collect::<String>()
                    .to_ascii_lowercase();
                if digits.len() != 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                    wrong.push((Input::Pin, Complaint::NotAFingerprint));
                }
                Trust::Pinned(digits)
            }
            _ => Trust::PublicAuthorities,
        }
    }

    fn chosen_filter(&self, wrong: &mut Vec<(Input, Complaint)>) -> Option<String> {
        match self.scope.as_str() {
            "people" => None,
            "group" => {
                let group = self.text(Input::Group);
                if group.is_empty() {
                    wrong.push((Input::Group, Complaint::Missing));
                } else if !is_dn(group) {
                    wrong.push((Input::Group, Complaint::NotADn));
                }
                Some(members_of(group))
            }
            _ => {
                let filter = self.text(Input::Filter);
                if !filter.is_empty() && !balanced(filter) {
                    wrong.push((Input::Filter, Complaint::FilterUnbalanced));
                }
                (!filter.is_empty()).then(|| filter.to_owned())
            }
        }
    }

    /// Only the shape is looked at here: how often a cron text comes is the service's to judge.
    fn chosen_when(&self, wrong: &mut Vec<(Input, Complaint)>) -> When {
        match self.schedule.as_str() {
            "off" => When::Off,
            "daily_at" => When::daily_at(self.text(Input::Time)).unwrap_or_else(|| {
                wrong.push((Input::Time, Complaint::NotATime));
                When::Daily
            }),
            "cron" => {
                let text = self.text(Input::Cron);
                if text.split_whitespace().count() != 5 {
                    wrong.push((Input::Cron, Complaint::NotCron));
                }
                When::Cron(text.to_owned())
            }
            _ => When::Daily,
        }
    }
}

fn is_dn(text: &str) -> bool {
    text.split(',').all(|part| part.contains('=') || part.is_empty())
        || text.contains("\\,") && text.contains('=')
}

/// All people, as the service reads them where settings have no filter.
pub const PEOPLE: &str =
    "(&(objectCategory=person)(objectClass=user)(sAMAccountName=*)(!(isCriticalSystemObject=TRUE)))";
/// Membership through any number of groups (`LDAP_MATCHING_RULE_IN_CHAIN`, MS-ADTS 3.1.1.3.4.4.3).
const IN_CHAIN: &str = "(memberOf:1.2.840.113556.1.4.1941:=";

/// The filter for all people in a group or in the groups within it.
#[must_use]
pub fn members_of(group: &str) -> String {
    let mut filter = format!("(&{PEOPLE}{IN_CHAIN}");
    for sign in group.chars() {
        match sign {
            // RFC 4515 section 3.
            '\\' | '*' | '(' | ')' | '\0' => {
                let _ = write!(filter, "\\{:02x}", u32::from(sign));
            }
            sign => filter.push(sign),
        }
    }
    filter + "))"
}

/// The group that [`members_of`] made a filter for.
#[must_use]
pub fn group_of(filter: &str) -> Option<String> {
    let value =
        filter.strip_prefix("(&")?.strip_prefix(PEOPLE)?.strip_prefix(IN_CHAIN)?.strip_suffix("))")?;
    let mut parts = value.split('\\');
    let mut group = parts.next()?.to_owned();
    for part in parts {
        let sign = u8::from_str_radix(part.get(..2)?, 16).ok()?;
        group.push(char::from(sign));
        group.push_str(&part[2..]);
    }
    (members_of(&group) == filter).then_some(group)
}

fn balanced(filter: &str) -> bool {
    let mut open = 0_u32;
    for sign in filter.chars() {
        match sign {
            '(' => open += 1,
            ')' if open == 0 => return false,
            ')' => open -= 1,
            _ => {}
        }
    }
    open == 0 && filter.starts_with('(') && filter.ends_with(')')
}

/// The form, filled in with what is stored.
#[must_use]
pub fn view(company: &str, opening: &Opening) -> Markup {
    let stored = opening.stored();
    let security = stored.map_or(Security::Ldaps, |stored| stored.security);
    let trust = stored.map_or(&Trust::PublicAuthorities, |stored| &stored.trust);
    let port = stored.map_or_else(|| "636".to_owned(), |stored| stored.port.to_string());
    let (pem, pin) = match trust {
        Trust::PublicAuthorities => ("", ""),
        Trust::Authority(pem) => (pem.as_str(), ""),
        Trust::Pinned(pin) => ("", pin.as_str()),
    };
    html! {
        form #settings-form novalidate autocomplete="off" {
            div.scroll {
                header {
                    p.company { (company) }
                    h1 tabindex="-1" { (text::SETTINGS_TITLE) }
                    p.note { (text::SETTINGS_NOTE) }
                }
                @if let Opening::Repair(problem) = opening { (problem::warning(problem)) }
                div.pair {
                    (line(Input::Host, stored.map_or("", |stored| &stored.host)))
                    (line(Input::Port, &port))
                }
                fieldset {
                    legend { (text::SECURITY) }
                    (choice("security", "ldaps", text::LDAPS, security == Security::Ldaps))
                    (choice("security", "start_tls", text::START_TLS, security == Security::StartTls))
                    (choice(
                        "security",
                        "plain_text_on_purpose",
                        text::PLAIN_TEXT,
                        security == Security::PlainTextOnPurpose,
                    ))
                    p.warning.plain { (text::PLAIN_TEXT_WARNING) }
                }
                fieldset.trust {
                    legend { (text::TRUST) }
                    (choice("trust", "public_authorities", text::PUBLIC, *trust == Trust::PublicAuthorities))
                    (choice("trust", "authority", text::AUTHORITY, matches!(trust, Trust::Authority(_))))
                    div.authority {
                        (field(Input::Authority, &html! {
                            textarea id=(Input::Authority.id()) rows="4" spellcheck="false"
                                aria-describedby=(about(Input::Authority)) { (pem) }
                        }))
                    }
                    (choice("trust", "pinned", text::PIN, matches!(trust, Trust::Pinned(_))))
                    div.pin { (line(Input::Pin, pin)) }
                }
                (line(Input::BindName, stored.map_or("", |stored| &stored.bind_name)))
                (field(Input::Password, &html! {
                    input id=(Input::Password.id()) type="password" autocomplete="new-password"
                        aria-describedby=(about(Input::Password));
                    span.help #settings-password-state {
                        @if stored.is_some_and(|stored| stored.password_set) { (text::PASSWORD_SET) }
                        @else { (text::PASSWORD_UNSET) }
                    }
                }))
                (line(Input::Base, stored.map_or("", |stored| &stored.base)))
                (scope(stored.and_then(|stored| stored.filter.as_deref())))
                (field(Input::Rules, &html! {
                    textarea id=(Input::Rules.id()) rows="4" spellcheck="false"
                        aria-describedby=(about(Input::Rules)) {
                        (stored.map_or("", |stored| &stored.rules))
                    }
                }))
                details.in-force {
                    summary { (text::IN_FORCE) }
                    p.note { (text::IN_FORCE_NOTE) }
                    ul #in-force { (in_force(&stored.map_or_else(String::new, all_rules))) }
                }
                section #trial {}
                (schedule(stored.map(|stored| &stored.schedule)))
            }
            footer {
                button.primary #settings-save type="submit" { (text::SAVE) }
                button #settings-test type="button" data-action="test" { (text::TEST) }
                button #settings-preview type="button" data-action="preview" { (text::PREVIEW) }
                @if !matches!(opening, Opening::SetUp) {
                    button #settings-cancel type="button" data-action="back" { (text::CANCEL) }
                }
            }
        }
    }
}

/// The rules that the company's settings go by: its own, then those of all companies.
#[must_use]
pub fn all_rules(stored: &Settings) -> String {
    format!("{}\n{}", stored.rules, stored.shared_rules)
}

/// What a run without a person may do by a text of rules, and who is protected; each with the rule that
/// says so. A line that is no rule counts for nothing here.
#[must_use]
pub fn in_force(rules: &str) -> Markup {
    let rules: Vec<Rule> = rules.lines().filter_map(|line| line.trim().parse().ok()).collect();
    html! {
        @for rule in guard::Limits::of(&rules).rules() {
            li {
                span { (text::limit(&rule)) }
                button type="button" data-action="rule" data-value=(rule) aria-label=(text::change_rule(&rule)) {
                    (text::CHANGE_RULE)
                }
            }
        }
        @for what in text::protected_contacts(&rules) { li { span { (what) } } }
        li {
            span { (text::PROTECT_TYPE) }
            button type="button" data-action="rule" data-value="protect type " { (text::ADD_RULE) }
        }
    }
}

fn scope(filter: Option<&str>) -> Markup {
    let group = filter.and_then(group_of);
    let own = filter.filter(|_| group.is_none());
    html! {
        fieldset.scope {
            legend { (text::SCOPE) }
            (choice("scope", "people", text::SCOPE_PEOPLE, filter.is_none()))
            (choice("scope", "group", text::SCOPE_GROUP, group.is_some()))
            div.group { (line(Input::Group, group.as_deref().unwrap_or(""))) }
            (choice("scope", "own", text::SCOPE_OWN, own.is_some()))
            div.own { (line(Input::Filter, own.unwrap_or(""))) }
        }
    }
}

fn schedule(stored: Option<&Schedule>) -> Markup {
    let when = stored.map_or(&When::Daily, |stored| &stored.when);
    let (time, cron) = match when {
        When::DailyAt { hour, minute } => (format!("{hour:02}:{minute:02}"), ""),
        When::Cron(text) => (String::new(), text.as_str()),
        When::Off | When::Daily => (String::new(), ""),
    };
    html! {
        fieldset.schedule {
            legend { (text::SCHEDULE) }
            (choice("schedule", "daily", text::DAILY, *when == When::Daily))
            (choice("schedule", "daily_at", text::DAILY_AT, matches!(when, When::DailyAt { .. })))
            div.time {
                (field(Input::Time, &html! {
                    input id=(Input::Time.id()) type="time" value=(time)
                        aria-describedby=(about(Input::Time));
                }))
            }
            (choice("schedule", "cron", text::CRON, matches!(when, When::Cron(_))))
            div.cron { (line(Input::Cron, cron)) }
            (choice("schedule", "off", text::OFF, *when == When::Off))
            (line(Input::TimeZone, stored.map_or("", |stored| &stored.time_zone)))
        }
    }
}

/// The id of the words below a field.
#[must_use]
pub fn about(input: Input) -> String {
    format!("{}-about", input.id())
}

fn field(input: Input, control: &Markup) -> Markup {
    html! {
        div.field {
            label for=(input.id()) { (text::label(input)) }
            (control)
            @if let Some(help) = text::help(input) { span.help { (help) } }
            span.complaint id=(about(input)) {}
        }
    }
}

fn line(input: Input, value: &str) -> Markup {
    field(
        input,
        &html! {
            input id=(input.id()) value=(value) spellcheck="false" autocapitalize="none"
                inputmode=[matches!(input, Input::Port).then_some("numeric")]
                aria-describedby=(about(input));
            @if places::kind_of(input).is_some() { (places::place(input)) }
        },
    )
}

fn choice(name: &str, value: &str, words: text::Text, chosen: bool) -> Markup {
    html! {
        label.choice {
            input type="radio" name=(name) value=(value) checked[chosen];
            span { (words) }
        }
    }
}
