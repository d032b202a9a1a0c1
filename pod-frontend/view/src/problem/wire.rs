//! Something that went wrong, as the service says it: a code that stays the same, and words.

use serde::{Deserialize, Serialize};

/// What stands before the advice where a read failed before anything was written.
pub const NOTHING_CHANGED: &str = "Nothing was changed. ";

/// Something that went wrong, in words for the person in front of the pod.
///
/// Outside of this crate one is made with a [`Code`] only, so that none is sent that has not been thought of
/// in every language of the pod ([`crate::text::problem`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Problem {
    /// A stable code for programs and tests: a [`Code`], or one of a newer service.
    pub code: String,
    /// What happened; the service's words are English.
    pub message: String,
    /// What the person can do about it; the service's words are English.
    pub advice: String,
}

impl Problem {
    /// One with these words.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { code: code.as_str().to_owned(), message: message.into(), advice: advice.into() }
    }
}

/// Why something was certainly not written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Told", into = "Told")]
pub enum Refusal {
    /// The PSA refused it, in its own words.
    Psa(String),
    /// Any other reason.
    Problem(Problem),
    /// Not known: the PSA gave no reason, or what is told is from the store, which keeps none.
    Untold,
}

/// A [`Refusal`] as it is sent: a text is the PSA's words, and an empty one none, as before there were any
/// other reasons.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Told {
    Words(String),
    Problem(Problem),
}

impl From<Told> for Refusal {
    fn from(told: Told) -> Self {
        match told {
            Told::Words(words) if words.is_empty() => Self::Untold,
            Told::Words(words) => Self::Psa(words),
            Told::Problem(problem) => Self::Problem(problem),
        }
    }
}

impl From<Refusal> for Told {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Psa(words) => Self::Words(words),
            Refusal::Problem(problem) => Self::Problem(problem),
            Refusal::Untold => Self::Words(String::new()),
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])+ $name:ident = $code:literal,)+) => {
        /// The codes of the problems that the service tells.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code {
            $($(#[$doc])+ $name,)+
        }

        impl Code {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// As it stands in [`Problem::code`].
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }

            /// The one that is written so.
            #[must_use]
            pub fn named(code: &str) -> Option<Self> {
                match code {
                    $($code => Some(Self::$name),)+
                    _ => None,
                }
            }
        }
    };
}

codes! {
    /// The token is missing, over, or not for this.
    SignInAgain = "sign_in_again",
    /// The PSA does not confirm the member.
    NotConfirmed = "not_confirmed",
    /// Too many tries.
    TooManyAttempts = "too_many_attempts",
    /// Beyond the member's rights, or another company's.
    NotAllowed = "not_allowed",
    /// Nothing is at the address.
    NotFound = "not_found",
    /// The request cannot be read, or makes no sense.
    BadRequest = "bad_request",
    /// The store failed.
    StoreFailed = "store_failed",
    /// A fault of ours.
    Unexpected = "unexpected",

    /// The PSA did not answer.
    PsaUnreachable = "psa_unreachable",
    /// The PSA asks for fewer requests.
    PsaBusy = "psa_busy",
    /// The PSA does not take the API keys.
    PsaKeys = "psa_keys",
    /// The API member lacks a right.
    PsaRights = "psa_rights",
    /// The PSA has no such record.
    PsaNotFound = "psa_not_found",
    /// What is at the address is not the PSA.
    PsaAddress = "psa_address",
    /// The PSA failed.
    PsaFailed = "psa_failed",
    /// The PSA refused it, in its own words.
    PsaRefused = "psa_refused",
    /// The PSA refuses every change of a record for an old value in it.
    PsaOldFault = "psa_old_fault",
    /// The PSA took a change and did not make all of it.
    PsaNotMade = "psa_not_made",
    /// The contact is at another company by now.
    ContactElsewhere = "contact_elsewhere",
    /// What a value refers to is gone from the PSA.
    ReferenceGone = "reference_gone",
    /// It is not known whether the PSA made a department.
    DepartmentUnknown = "department_unknown",
    /// The API member may not edit tickets.
    TicketRights = "ticket_rights",

    /// The directory's name is not known.
    NameNotFound = "name_not_found",
    /// The operator does not allow the port.
    PortNotAllowed = "port_not_allowed",
    /// The operator does not allow the address.
    AddressNotAllowed = "address_not_allowed",
    /// The directory is not reached.
    DirectoryUnreachable = "directory_unreachable",
    /// The directory's answer took too long.
    DirectoryTimedOut = "directory_timed_out",
    /// The directory's certificate is not trusted.
    CertificateUntrusted = "certificate_untrusted",
    /// The directory's certificate is for another name.
    CertificateName = "certificate_name",
    /// No protected connection came about.
    TlsFailed = "tls_failed",
    /// `StartTLS` was refused.
    StartTlsRefused = "start_tls_refused",
    /// The directory wants encryption.
    EncryptionRequired = "encryption_required",
    /// The port does not speak the chosen protection.
    WrongProtection = "wrong_protection",
    /// The directory did not let the account in.
    BadCredentials = "bad_credentials",
    /// The base is not there.
    BaseNotFound = "base_not_found",
    /// The connection to the directory broke.
    CutOff = "cut_off",
    /// The directory showed no account.
    NothingFound = "nothing_found",
    /// An entry cannot be read.
    MalformedEntry = "malformed_entry",
    /// The directory is larger than is read.
    LimitReached = "limit_reached",
    /// The directory stopped at a limit of its own.
    SizeLimit = "size_limit",
    /// The directory's pages do not go on.
    PagingStuck = "paging_stuck",
    /// The directory's answer makes no sense.
    Garbled = "garbled",
    /// The directory does not page.
    NoPaging = "no_paging",
    /// An account came twice.
    DuplicateAccount = "duplicate_account",
    /// The directory answered with an error.
    DirectoryError = "directory_error",
    /// A read ended without its seal.
    DirectoryIncomplete = "directory_incomplete",
    /// The reading process failed.
    ReaderFailed = "reader_failed",
    /// Too many directories are being read.
    BusyReading = "busy_reading",

    /// The company has no settings.
    NotSetUp = "not_set_up",
    /// The settings note is not followed.
    SettingsNotAccepted = "settings_not_accepted",
    /// The settings make no source.
    SettingsWrong = "settings_wrong",
    /// The company has several settings notes.
    SettingsTwice = "settings_twice",
    /// Somebody else saved meanwhile.
    SettingsMoved = "settings_moved",
    /// The settings do not fit into a note.
    SettingsTooLong = "settings_too_long",
    /// The company is being written while somebody saves.
    Busy = "busy",
    /// The stored password does not go there.
    PasswordNeeded = "password_needed",
    /// A line is no rule.
    RulesWrong = "rules_wrong",
    /// The cron text is none, or comes due too often or never.
    CronWrong = "cron_wrong",
    /// That is no time of day.
    TimeWrong = "time_wrong",
    /// Nobody knows the time zone.
    TimeZoneUnknown = "time_zone_unknown",

    /// Somebody else reads the company.
    BeingRead = "being_read",
    /// The text says too little to look for.
    TooLittle = "too_little",
    /// A decision does not fit its row.
    BadDecision = "bad_decision",
    /// A row stands twice in a request.
    ApprovedTwice = "approved_twice",
    /// The token of a write was used.
    AlreadyApplied = "already_applied",
    /// The company has no such run.
    NoSuchRun = "no_such_run",
    /// That is not what can be undone of the run.
    BadUndo = "bad_undo",
    /// Some of it is undone, or can be undone no more.
    UndoneAlready = "undone_already",
    /// The run is not followed any more, and goes on.
    GoesOn = "goes_on",
    /// The run waits for another one.
    Queued = "queued",
    /// The run brought the service down each time.
    DiedAgain = "died_again",
    /// What was approved waited for too long.
    ApprovedTooLongAgo = "approved_too_long_ago",

    /// On the joining page: nobody joins.
    JoiningClosed = "joining_closed",
    /// On the joining page: the link is not good.
    LinkNotGood = "link_not_good",
    /// On the joining page: a step is not good yet.
    NotReady = "not_ready",
    /// On the joining page: the PSA is there.
    JoinedAlready = "joined_already",
    /// On the joining page: the link is another PSA's.
    AnotherPsa = "another_psa",
    /// On the joining page: the installation is gone.
    NoInstallation = "no_installation",
    /// On the joining page: some pieces are still in the PSA.
    NotRemoved = "not_removed",
    /// On the administrator's page: there is no such board.
    UnknownBoard = "unknown_board",
    /// On the administrator's page: no status of the board closes a ticket.
    BoardDoesNotClose = "board_does_not_close",
    /// On the administrator's page: the rules are too long.
    RulesTooLong = "rules_too_long",
    /// On the administrator's page: there is no such right.
    UnknownRight = "unknown_right",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_of_an_earlier_release_is_still_read() {
        let read = |json: &str| serde_json::from_str::<crate::wire::Outcome>(json).expect("it is read");
        let refused = crate::wire::Outcome::Rejected;
        assert_eq!(read(r#"{"rejected":"No."}"#), refused(Refusal::Psa("No.".to_owned())));
        assert_eq!(read(r#"{"rejected":""}"#), refused(Refusal::Untold));
        let busy = Problem::new(Code::PsaBusy, "Busy.", "Wait.");
        for refusal in [Refusal::Psa("No.".to_owned()), Refusal::Problem(busy), Refusal::Untold] {
            let line = serde_json::to_string(&refused(refusal.clone())).expect("it is written");
            assert_eq!(read(&line), refused(refusal));
        }
    }
}
