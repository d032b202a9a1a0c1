//! What the pod and the service say to each other. Long answers are NDJSON: one JSON value a line.

use std::{collections::BTreeMap, fmt::Write as _};

use reconcile::{
    Account, AccountId, Contact, Day, Decision, Decisions, Exclusion, FieldChange, Fingerprint, Link, Policy,
    RowKey, RowKind, Subject,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use crate::{places::wire::*, problem::wire::*, who::wire::*};

/// The member's proof, as the PSA's Hosted API gives it to the page
/// (`getMemberAuthentication`).
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// `companyid`: the login company.
    pub login_company: String,
    /// `memberid`.
    pub member: String,
    /// `memberHash`: the key to the member's PSA session. Never stored, never logged.
    pub hash: String,
    /// `memberContext`.
    pub context: String,
}

impl std::fmt::Debug for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proof").field("member", &self.member).finish_non_exhaustive()
    }
}

/// What a token is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Everything in the pod except applying.
    Pod,
    /// Applying exactly the request with this digest, once.
    Apply(String),
    /// Doing exactly the request about one person with this digest, once.
    Person(String),
    /// The administrator's pages, which belong to no company.
    Administer,
}

/// `POST /i/{installation}/session`
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionRequest {
    /// Who is asking.
    pub proof: Proof,
    /// The PSA's record id of the company on the screen; 0 where there is none.
    #[serde(default)]
    pub company: i64,
    /// The record on the screen, where that is no company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Record>,
    /// What for.
    pub purpose: Purpose,
}

/// Who the PSA says is asking, and a token in that name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Session {
    /// For `Authorization: Bearer`; kept in memory only.
    pub token: String,
    /// How long it lasts.
    pub seconds: u32,
    /// The member's full name.
    pub member: String,
    /// The company's name, as the PSA has it.
    pub company: String,
    /// What the member may do here.
    pub rights: Rights,
    /// The record on the screen, where that is no company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<OnRecord>,
}

/// What the PSA lets the member do, in our terms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is an answer to a question of its own")]
pub struct Rights {
    /// See the pod.
    pub see: bool,
    /// Decide and apply.
    pub apply: bool,
    /// See and change the company's settings.
    pub settings: bool,
    /// See quantities and prices of agreement additions.
    pub quantities: bool,
    /// Approve and undo changes of them.
    pub approve_quantities: bool,
    /// Put a person on a ticket.
    pub tickets: bool,
    /// The administrator's pages.
    pub administer: bool,
}

/// `POST /i/{installation}/open`
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenRequest {
    /// Who is asking.
    pub proof: Proof,
    /// The PSA's record id of the company on the screen; 0 where there is none.
    #[serde(default)]
    pub company: i64,
    /// The record on the screen, where that is no company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Record>,
    /// The tag (BCP 47) of the document's language, which the screen goes on in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// The IANA name of the time zone that the screen tells moments in; UTC where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
}

/// A company as the pod opens: a session, where the company stands, and the screen that says so,
/// which is good before anything but the first scripts has been loaded.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Opened {
    /// As for [`Purpose::Pod`].
    pub session: Session,
    /// Where the company stands.
    pub status: Status,
    /// The screen's name, one of [`crate::screens::STATES`].
    pub state: String,
    /// The screen, as HTML.
    pub screen: String,
    /// Whether the screen does not stay as it is, even when nobody does anything.
    pub goes_on: bool,
}

/// `GET /i/{installation}/companies/{company}/status`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Status {
    /// Where the company stands.
    pub state: State,
    /// The directory's host, when there are settings.
    pub source: Option<String>,
    /// What the last read of both sides showed.
    #[serde(default)]
    pub glance: Option<Glance>,
    /// How many contacts are linked to accounts.
    pub linked: i64,
    /// How many accounts and contacts people said to leave alone.
    pub ignored: i64,
    /// Decisions made in a review that nobody has applied yet.
    pub drafts: i64,
    /// The last run that came to its end.
    pub last_run: Option<Run>,
    /// A run that is under way or waits for its turn, or the one that failed after the last good one.
    pub run: Option<Run>,
    /// When the schedule wants the next one, RFC 3339 in UTC.
    pub next_run: Option<String>,
}

/// A company's plan in numbers. Times are RFC 3339 in UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Glance {
    /// When it stood so.
    pub seen_at: String,
    /// Since when it is so that they agree, or that they differ.
    pub since: String,
    /// How many rows there are of each kind.
    pub counts: BTreeMap<RowKind, u64>,
}

/// Whether the two sides of a plan with so many rows of each kind agree: nothing would be written, and nobody
/// has to be asked.
#[must_use]
pub fn sides_agree(counts: &BTreeMap<RowKind, u64>) -> bool {
    !counts.iter().any(|(kind, rows)| *rows > 0 && (kind.writes() || *kind == RowKind::NeedsDecision))
}

impl Glance {
    /// Rows that would change something.
    #[must_use]
    pub fn differences(&self) -> u64 {
        self.counts.iter().filter(|(kind, _)| kind.writes()).map(|(_, rows)| rows).sum()
    }

    /// Questions that only a person can answer.
    #[must_use]
    pub fn questions(&self) -> u64 {
        self.counts.get(&RowKind::NeedsDecision).copied().unwrap_or_default()
    }
}

/// Where a company stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// No settings note yet.
    NotSetUp,
    /// Ready to sync.
    Ready,
    /// The settings note cannot be trusted; nothing is read or written.
    Paused(Problem),
}

/// What a run is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    /// It writes what a person approved.
    Review,
    /// It writes the one row of somebody whom a person looked for.
    Person,
    /// It writes what is certain, by itself.
    Schedule,
    /// It takes back what another run wrote.
    Undo,
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// It waits for its turn.
    Queued,
    /// Both sides are being read.
    Reading,
    /// Rows are being written.
    Applying,
    /// It ended, and nothing is left to do.
    Done,
    /// It ended, and something needs a person: a question, or a row that could not be written.
    Questions,
    /// It ended, and the guard keeps rows back.
    Held,
    /// It ended and wrote nothing, because a person has to look first.
    Waiting,
    /// It could not do its work.
    Failed,
}

impl RunState {
    /// Every state.
    pub const ALL: [Self; 8] = [
        Self::Queued,
        Self::Reading,
        Self::Applying,
        Self::Done,
        Self::Questions,
        Self::Held,
        Self::Waiting,
        Self::Failed,
    ];

    /// Whether the run goes on.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Queued | Self::Reading | Self::Applying)
    }
}

/// One pass over one company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub kind: RunKind,
    /// Where it stands.
    pub state: RunState,
    /// The member's identifier in the PSA; empty for a run by the schedule.
    pub member: String,
    /// When it was asked for, RFC 3339 in UTC.
    pub queued_at: String,
    /// When it ended.
    pub ended_at: Option<String>,
    /// How far it is.
    pub progress: RunProgress,
    /// What became of its rows so far.
    pub counts: Counts,
    /// Why it failed.
    pub problem: Option<Problem>,
    /// The run that it takes back.
    pub undoes: Option<String>,
    /// How many of its rows can be taken back.
    pub undoable: u64,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunProgress {
    /// How far the two reads are.
    pub reading: Progress,
    /// Rows that are to be written.
    pub to_write: u64,
    /// Rows of which it is known what became of them.
    pub told: u64,
}

/// `GET` and `PUT /i/{installation}/companies/{company}/settings`
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The directory server's name, as its certificate has it.
    pub host: String,
    /// Usually 636.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Which certificate is believed.
    pub trust: Trust,
    /// The distinguished name below which the accounts are.
    pub base: String,
    /// The name to bind with: a user principal name or a distinguished name.
    pub bind_name: String,
    /// Only ever sent to the service: `None` keeps the stored one, which is possible only while
    /// host, port, security, trust and bind name stay the same.
    #[serde(default)]
    pub password: Option<String>,
    /// An LDAP filter of the company's own, instead of all people.
    #[serde(default)]
    pub filter: Option<String>,
    /// The company's own rules, one a line: see [`reconcile::rules`].
    #[serde(default)]
    pub rules: String,
    /// When the company is synced by itself.
    #[serde(default)]
    pub schedule: Schedule,
    /// Which note this was read from; 0 for none yet. A save that started from another
    /// generation is refused.
    #[serde(default)]
    pub generation: u64,
    /// Whether a password is stored. Only ever sent by the service.
    #[serde(default)]
    pub password_set: bool,
    /// The rules of all companies. Only ever sent by the service.
    #[serde(default)]
    pub shared_rules: String,
}

impl Settings {
    /// Whether both lead to the same place, as the same account, with the same protection: only
    /// then may a stored password go there.
    #[must_use]
    pub fn same_connection(&self, other: &Self) -> bool {
        self.host.trim().eq_ignore_ascii_case(other.host.trim())
            && self.port == other.port
            && self.security == other.security
            && self.trust == other.trust
            && self.bind_name.trim() == other.bind_name.trim()
    }
}

impl std::fmt::Debug for Settings {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}

/// When a company is synced by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// How often, and at what time.
    #[serde(default)]
    pub when: When,
    /// The IANA name of the time zone that the times are in. Empty while none was chosen: UTC.
    #[serde(default)]
    pub time_zone: String,
}

/// How often a company is synced by itself.
///
/// Its text is what people read in the settings note: `off`, `daily`, `daily 03:30`,
/// `cron 30 3 * * 1-5`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Only when somebody asks.
    Off,
    /// Each night, at a time that the service chooses.
    #[default]
    Daily,
    /// Each day, soon after a time.
    DailyAt {
        /// 0 to 23.
        hour: u8,
        /// 0 to 59.
        minute: u8,
    },
    /// By a cron text of five parts: minute, hour, day of the month, month, day of the week.
    Cron(String),
}

impl std::fmt::Display for When {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::Daily => f.write_str("daily"),
            Self::DailyAt { hour, minute } => write!(f, "daily {hour:02}:{minute:02}"),
            Self::Cron(text) => write!(f, "cron {}", text.trim()),
        }
    }
}

impl std::str::FromStr for When {
    type Err = NotAWhen;

    fn from_str(text: &str) -> Result<Self, NotAWhen> {
        match text.trim().split_once(' ') {
            None if text.trim() == "off" => Ok(Self::Off),
            None if text.trim() == "daily" => Ok(Self::Daily),
            Some(("daily", time)) => Self::daily_at(time).ok_or(NotAWhen),
            Some(("cron", text)) => Ok(Self::Cron(text.trim().to_owned())),
            _ => Err(NotAWhen),
        }
    }
}

impl When {
    /// Daily at a time that is written as `03:30`.
    #[must_use]
    pub fn daily_at(time: &str) -> Option<Self> {
        let (hour, minute) = time.trim().split_once(':')?;
        let number = |text: &str, end: u8| {
            let digits = matches!(text.len(), 1 | 2) && text.bytes().all(|digit| digit.is_ascii_digit());
            text.parse().ok().filter(|&number| digits && number < end)
        };
        let minute = number(minute, 60).filter(|_| minute.len() == 2)?;
        Some(Self::DailyAt { hour: number(hour, 24)?, minute })
    }
}

/// A text that says no [`When`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAWhen;

impl std::fmt::Display for NotAWhen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("neither off, daily, daily with a time, nor cron with a cron text")
    }
}

impl std::error::Error for NotAWhen {}

/// How the connection to the directory is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// TLS from the first byte.
    Ldaps,
    /// TLS by `StartTLS`; without it nothing is sent.
    StartTls,
    /// No protection at all, on purpose.
    PlainTextOnPurpose,
}

/// Which certificate is believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// One that the operating system's authorities vouch for.
    PublicAuthorities,
    /// One of an authority of the company's own, in PEM.
    Authority(String),
    /// Exactly the one with this SHA-256 fingerprint, in hexadecimal.
    Pinned(String),
}

/// One line of `POST /i/{installation}/companies/{company}/settings/test` or `…/settings/preview`, which
/// are asked with [`Settings`] that nobody has saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrialLine {
    /// How far the reads are.
    Progress(Progress),
    /// The server's name has these addresses, each with whether the service may connect to it.
    Addresses(Vec<(String, bool)>),
    /// The connection to this address stands, after so many milliseconds.
    Connected(String, u64),
    /// It is protected, with this certificate, which is believed; without one it was not asked to be.
    Secured(Option<Certificate>),
    /// The account was let in.
    Bound,
    /// The base is there.
    BaseFound,
    /// The whole directory was read: the end of a test.
    Found(Found),
    /// What the settings would do: the end of a preview.
    Preview(Preview),
    /// It ended before its end.
    Failed(TrialFailure),
}

impl TrialLine {
    /// Whether nothing comes after it.
    #[must_use]
    pub const fn is_last(&self) -> bool {
        matches!(self, Self::Found(_) | Self::Preview(_) | Self::Failed(_))
    }
}

/// The steps of a test, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrialStep {
    /// The server's name is looked up.
    Name,
    /// A connection is made.
    Connect,
    /// It is protected.
    Protect,
    /// The account logs in.
    LogIn,
    /// The base is looked for.
    Base,
    /// The accounts are read.
    Accounts,
    /// What comes of it is worked out.
    Outcome,
}

/// Where a test or a preview ended, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialFailure {
    /// The step that failed.
    pub step: TrialStep,
    /// Why, and what to do.
    pub problem: Problem,
    /// The certificate that was shown and not believed.
    pub certificate: Option<Certificate>,
    /// The bases that the server has, where it has not the one asked for.
    pub bases: Vec<String>,
}

impl TrialFailure {
    /// One that has nothing to choose from.
    #[must_use]
    pub const fn new(step: TrialStep, problem: Problem) -> Self {
        Self { step, problem, certificate: None, bases: Vec::new() }
    }
}

/// What a server's certificate says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// SHA-256 in hexadecimal: what a pin holds.
    pub sha256: String,
    /// Whom it names.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// The host names and addresses that it is for.
    pub names: Vec<String>,
    /// The first moment it is valid, RFC 3339 in UTC.
    pub from: String,
    /// The last one.
    pub until: String,
}

/// Who is in the directory, by the settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// How many accounts were read.
    pub accounts: u64,
    /// Those that contacts are kept for.
    pub people: Names,
    /// Those that they are not kept for, by the reason, the most frequent first.
    pub left_out: Vec<LeftOut>,
}

/// How many, and the names of the first of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// How many.
    pub count: u64,
    /// Some of them.
    pub names: Vec<String>,
}

/// Accounts that no contacts are kept for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Why; `None`: they are disabled.
    pub why: Option<Exclusion>,
    /// The rule, or the name of the other company, where that is why.
    pub by: String,
    /// Who.
    pub who: Names,
}

/// What the next review would show with other settings, beside what it would show with those that are
/// saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// How many people are in scope by the saved settings; `None` when there are none, or nothing can be
    /// read by them.
    pub before: Option<u64>,
    /// How many by these.
    pub after: u64,
    /// Who is in scope by the saved settings only.
    pub gone: Names,
    /// Who is in scope by these only.
    pub new: Names,
    /// The rows of the plan, by their kind.
    pub rows: Vec<PreviewRows>,
}

/// The rows of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewRows {
    /// The kind.
    pub kind: RowKind,
    /// How many there are by the saved settings.
    pub before: u64,
    /// How many by these.
    pub after: u64,
    /// Whose rows are of this kind by these settings only.
    pub new: Names,
}

/// One line of `POST /i/{installation}/companies/{company}/review`. Accounts and contacts may
/// come in several lines; only `End` makes them whole.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewLine {
    /// How far the two reads are.
    Progress(Progress),
    /// Accounts of the directory.
    Accounts(Vec<Account>),
    /// Contacts of the PSA.
    Contacts(Vec<Contact>),
    /// What else planning needs.
    Context(ReviewContext),
    /// All was sent.
    End(ReviewEnd),
    /// The review cannot be shown; nothing of what came before may be used.
    Failed(Problem),
}

/// How far a review's reads are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Other directories' reads that have to end before this one begins.
    pub waiting: u32,
    /// Accounts read so far.
    pub accounts: u64,
    /// Contacts read so far.
    pub contacts: u64,
}

/// What planning needs beside the two sides.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReviewContext {
    /// The company's links.
    pub links: Vec<Link>,
    /// Decisions made so far: standing ones and drafts.
    pub decisions: Decisions,
    /// The date at the company.
    pub today: Day,
    /// Since when accounts of links are missing, RFC 3339 in UTC.
    #[serde(default)]
    pub missing_since: BTreeMap<AccountId, String>,
    /// The rules.
    pub policy: Policy,
}

/// The end of a review's stream, to be checked against what came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewEnd {
    /// How many accounts were sent.
    pub accounts: u64,
    /// How many contacts were sent.
    pub contacts: u64,
}

/// `PUT /i/{installation}/companies/{company}/decisions`: made (`Some`) or taken back (`None`).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionChanges {
    /// The changes, each subject once.
    pub changes: Vec<(Subject, Option<Decision>)>,
}

/// `POST /i/{installation}/companies/{company}/apply`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplyRequest {
    /// Decisions that were made (`Some`) or taken back (`None`) and not saved yet, each subject
    /// once, ordered by subject. The others are in the store; which decision a row follows is
    /// part of its fingerprint.
    pub changes: Vec<(Subject, Option<Decision>)>,
    /// The rows that the person approved, ordered by key.
    pub approved: Vec<Approved>,
}

/// One approved row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approved {
    /// Which row.
    pub key: RowKey,
    /// What it was to do.
    pub kind: RowKind,
    /// What it said when it was approved.
    pub fingerprint: Fingerprint,
}

impl ApplyRequest {
    /// What a token for applying is bound to: SHA-256 over the request's JSON, in hexadecimal.
    /// Its lists are ordered, so one request has one text.
    #[must_use]
    pub fn digest(&self) -> String {
        digest_of(self)
    }
}

pub(crate) fn digest_of(request: &impl Serialize) -> String {
    let text = serde_json::to_vec(request).expect("keys are texts and there are no foreign types in it");
    Sha256::digest(&text).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("a string takes everything");
        hex
    })
}

/// `GET /i/{installation}/companies/{company}/runs/{run}`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunDetails {
    /// The run.
    pub run: Run,
    /// What it wrote and can be taken back.
    pub rows: Vec<UndoRow>,
}

/// `POST /i/{installation}/companies/{company}/story`: what was done to one person, the newest first. Asked
/// with a [`RowKey`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Story {
    /// What was done.
    pub writes: Vec<Write>,
}

/// One write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Write {
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// The member's login name; empty for a scheduled run.
    pub by: String,
    /// The run's id.
    pub run: String,
    /// The code of the row's kind.
    pub kind: String,
    /// Codes of the fields that were written.
    pub fields: Vec<String>,
    /// The code of how it ended: `applied`, `rejected`, or `unknown` where the PSA's answer never came.
    pub outcome: String,
}

/// A row that can be taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoRow {
    /// What is sent back to take it back.
    pub approved: Approved,
    /// The contact's name, as the PSA has it now.
    pub name: String,
    /// The fields that it wrote.
    pub changes: Vec<FieldChange>,
}

/// `POST /i/{installation}/companies/{company}/runs/{run}/undo`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UndoRequest {
    /// The run.
    pub run: String,
    /// Its rows that are to be taken back, ordered by key.
    pub rows: Vec<Approved>,
}

impl UndoRequest {
    /// What a token for it is bound to, as [`ApplyRequest::digest`].
    #[must_use]
    pub fn digest(&self) -> String {
        digest_of(self)
    }
}

/// One line of the answer to an apply or an undo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplyLine {
    /// Another run of this company has to end first.
    Waiting,
    /// Both sides are being read again.
    Reading(Progress),
    /// How many rows will be written.
    Writing(u64),
    /// What became of one row.
    Row(RowOutcome),
    /// Of an act about one person: what became of putting them on the ticket.
    Ticket(OnTicket),
    /// The end.
    End(Counts),
    /// It stopped; rows reported so far are as they were reported.
    Failed(Problem),
}

/// What became of one approved row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowOutcome {
    /// Which row, as it was approved.
    pub key: RowKey,
    /// What it was to do.
    pub kind: Option<RowKind>,
    /// What happened.
    pub outcome: Outcome,
}

/// What happened to a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was written.
    Applied,
    /// It was already so.
    AlreadySo,
    /// It is not what was approved any more, and was not written; what it is now.
    Moved(Option<RowKind>),
    /// It was certainly not written.
    Rejected(Refusal),
    /// The PSA's answer did not come; the next run looks before anything is tried again.
    Unknown,
    /// Of an undo: somebody changed it since, and it was left alone.
    LeftAlone,
}

impl Outcome {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::AlreadySo => "already_so",
            Self::Moved(_) => "moved",
            Self::Rejected(_) => "rejected",
            Self::Unknown => "unknown",
            Self::LeftAlone => "left_alone",
        }
    }

    /// The outcome with this code, without what it said beside that.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let all = [
            Self::Applied,
            Self::AlreadySo,
            Self::Moved(None),
            Self::Rejected(Refusal::Untold),
            Self::Unknown,
            Self::LeftAlone,
        ];
        all.into_iter().find(|outcome| outcome.code() == code)
    }
}

/// How many rows ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Contacts created.
    pub created: u64,
    /// Contacts updated.
    pub updated: u64,
    /// Contacts deactivated.
    pub deactivated: u64,
    /// Contacts brought back.
    pub reactivated: u64,
    /// Pairs linked without a change.
    pub linked: u64,
    /// Rows that were already so.
    pub already_so: u64,
    /// Rows that moved.
    pub moved: u64,
    /// Rows that the PSA refused.
    pub rejected: u64,
    /// Rows whose outcome is not known yet.
    pub unknown: u64,
    /// Rows that an undo took back.
    pub undone: u64,
    /// Rows of an undo that somebody changed since.
    pub left_alone: u64,
    /// Of a run by the schedule: questions that only a person can answer.
    pub questions: u64,
    /// Of a run by the schedule: rows that the guard keeps back.
    pub held: u64,
    /// Of a run by the schedule: rows that the PSA refused again and again.
    pub set_aside: u64,
}

impl Counts {
    /// Counts one more row of a run of this kind.
    pub const fn add_of(&mut self, run: RunKind, kind: Option<RowKind>, outcome: &Outcome) {
        match (run, outcome) {
            (RunKind::Undo, Outcome::Applied) => self.undone += 1,
            _ => self.add(kind, outcome),
        }
    }

    /// Counts one more row.
    pub const fn add(&mut self, kind: Option<RowKind>, outcome: &Outcome) {
        let slot = match (outcome, kind) {
            (Outcome::Applied, Some(RowKind::Create)) => &mut self.created,
            (Outcome::Applied, Some(RowKind::Update | RowKind::Move)) => &mut self.updated,
            (Outcome::Applied, Some(RowKind::Deactivate)) => &mut self.deactivated,
            (Outcome::Applied, Some(RowKind::Reactivate)) => &mut self.reactivated,
            (Outcome::Applied, _) => &mut self.linked,
            (Outcome::AlreadySo, _) => &mut self.already_so,
            (Outcome::Moved(_), _) => &mut self.moved,
            (Outcome::Rejected(_), _) => &mut self.rejected,
            (Outcome::Unknown, _) => &mut self.unknown,
            (Outcome::LeftAlone, _) => &mut self.left_alone,
        };
        *slot += 1;
    }

    /// How many rows were written.
    #[must_use]
    pub const fn written(&self) -> u64 {
        self.created + self.updated + self.deactivated + self.reactivated + self.linked
    }

    /// Whether something is left for a person.
    #[must_use]
    pub const fn need_a_person(&self) -> bool {
        self.questions + self.set_aside + self.moved + self.rejected + self.unknown > 0
    }
}
