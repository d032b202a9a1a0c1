//! Why a read failed. Each variant is a code with its facts; the words that people read are made
//! elsewhere from them, what `Display` gives is for logs. None ever holds the password.

use reconcile::AccountId;
use serde::{Deserialize, Serialize};

use crate::source::SourceProblem;
use crate::{CertificateFacts, TrustProblem};

/// Why a read failed. However much of the directory had come by then, it is not a directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum ReadError {
    /// The settings cannot work; nothing was dialled.
    #[error("the source is not usable: {problem}")]
    BadSource {
        /// What is wrong with them.
        problem: SourceProblem,
    },
    /// The host name has no address here.
    #[error("the name {host} has no address; check its spelling and which DNS server is asked")]
    NameNotFound {
        /// The name.
        host: String,
    },
    /// No connection to the server's port.
    #[error("no connection to the directory server: {reason}")]
    Unreachable {
        /// How it failed.
        reason: Unreachable,
    },
    /// A step, or the whole read, took longer than allowed.
    #[error("timed out at step {step:?} after {accounts} accounts")]
    TimedOut {
        /// What was under way.
        step: Step,
        /// Accounts read by then.
        accounts: u64,
    },
    /// The certificate is not believed.
    #[error("the server's certificate ({}) is not trusted: {problem}", .certificate.sha256)]
    CertificateUntrusted {
        /// Why not.
        problem: TrustProblem,
        /// What a person needs in order to pin it.
        certificate: Box<CertificateFacts>,
    },
    /// The certificate is believed, but for other names.
    #[error("the server's certificate is for {:?}, not for {host}", .certificate.names)]
    CertificateNameMismatch {
        /// The name that was asked for.
        host: String,
        /// Among others the names it is for.
        certificate: Box<CertificateFacts>,
    },
    /// No TLS connection, for a reason other than the certificate.
    #[error("no TLS connection: {detail}")]
    TlsFailed {
        /// The TLS library's words.
        detail: String,
    },
    /// The server does not start TLS on this port. We do not go on without.
    #[error("the server refused StartTLS with result {rc}; use LDAPS on port 636")]
    StartTlsRefused {
        /// The LDAP result code.
        rc: u32,
    },
    /// The server takes a password only over TLS (result 8 or 13).
    #[error("the domain controller requires encryption; use LDAPS or StartTLS")]
    EncryptionRequired,
    /// The server does not let the account in (result 49).
    #[error("the directory refused the bind account: {reason}")]
    BadCredentials {
        /// As far as the server tells.
        reason: CredentialProblem,
    },
    /// The base does not exist, or the account may not see it (result 32).
    #[error("the base does not exist on this server or the bind account may not see it")]
    BaseNotFound,
    /// The base belongs to another server or domain (result 10). Referrals are not followed.
    #[error("the base belongs to another domain; name a domain controller of that one")]
    BaseElsewhere,
    /// The server sends no more than it did (result 4).
    #[error("the server's size limit ended the read after {accounts} accounts")]
    SizeLimit {
        /// Accounts read by then.
        accounts: u64,
    },
    /// The server cannot page its answers (RFC 2696), so nobody can tell a whole one.
    #[error("the server does not page its answers, so their completeness cannot be told")]
    NoPaging,
    /// The server's paging does not move on.
    #[error("the server's paging stopped moving at page {page} after {accounts} accounts")]
    PagingStuck {
        /// The page, counted from 1.
        page: u32,
        /// Accounts read by then.
        accounts: u64,
    },
    /// One account came twice: the pages overlap, so they may have gaps as well.
    #[error("the account {id} came twice at page {page}")]
    DuplicateAccount {
        /// The account.
        id: AccountId,
        /// The page, counted from 1.
        page: u32,
    },
    /// The connection ended too early.
    #[error("the connection was lost at step {step:?}, page {page}, after {accounts} accounts")]
    CutOff {
        /// What was under way.
        step: Step,
        /// The page, counted from 1; 0 before the first.
        page: u32,
        /// Accounts read by then.
        accounts: u64,
    },
    /// The server said something that is not LDAP.
    #[error("the server's answer at step {step:?}, page {page}, is not LDAP")]
    Garbled {
        /// What was under way.
        step: Step,
        /// The page, counted from 1; 0 before the first.
        page: u32,
        /// Accounts read by then.
        accounts: u64,
    },
    /// The server answered with an error that has no variant of its own.
    #[error("the server answered {step:?} with result {rc} at page {page}: {text}")]
    ServerError {
        /// What was under way.
        step: Step,
        /// The LDAP result code (RFC 4511 A.1).
        rc: u32,
        /// The page, counted from 1; 0 before the first.
        page: u32,
        /// Accounts read by then.
        accounts: u64,
        /// The server's own words, cut and cleaned.
        text: String,
    },
    /// The server found nobody. That is never taken for "everybody left".
    #[error("the directory answered without a single account; check base, filter and read rights")]
    NothingFound,
    /// A limit of the source was reached.
    #[error("the read reached its limit of {limit:?} after {accounts} accounts")]
    LimitReached {
        /// Which.
        limit: Limit,
        /// Accounts read by then.
        accounts: u64,
    },
    /// An entry cannot be used, so the read has a hole where it stands.
    #[error("the entry {dn} cannot be used ({}: {problem}), and {others} others", .attribute.as_deref().unwrap_or("entry"))]
    MalformedEntry {
        /// Its distinguished name, as far as it can be read.
        dn: String,
        /// Where the problem is; none when it is the entry itself.
        attribute: Option<String>,
        /// What is wrong.
        problem: EntryProblem,
        /// How many more entries cannot be used.
        others: u64,
    },
    /// Nobody takes the accounts any more.
    #[error("the receiver of the accounts is gone")]
    ReceiverGone,
    /// This process could not set itself up.
    #[error("the reading process could not be set up: {detail}")]
    Unprepared {
        /// In the system's words.
        detail: String,
    },
}

/// The steps of a read, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Looking the host name up.
    Name,
    /// Opening the TCP connection.
    Connect,
    /// The TLS handshake, with `StartTLS` where asked for.
    Tls,
    /// Logging on.
    Bind,
    /// Reading page by page.
    Search,
}

/// How a connection was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Unreachable {
    /// Nothing listens on that port.
    #[error("refused")]
    Refused,
    /// No answer: the machine is off, or a firewall is silent.
    #[error("no answer")]
    NoAnswer,
    /// No way there.
    #[error("no route")]
    NoRoute,
    /// Anything else.
    #[error("failed")]
    Other,
}

/// Why the server does not let an account in: Windows writes `data 52e` and the like into its
/// answer (MS-ERREF 2.2, the Win32 codes in hexadecimal).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum CredentialProblem {
    /// 52e: the name or the password is wrong.
    #[error("wrong name or password")]
    WrongPassword,
    /// 525: no such account.
    #[error("no such account")]
    NoSuchAccount,
    /// 530: not at this hour.
    #[error("logon is not allowed at this hour")]
    LogonHours,
    /// 531: not from this machine.
    #[error("logon is not allowed from this machine")]
    Workstation,
    /// 532: the password has expired.
    #[error("the password has expired")]
    PasswordExpired,
    /// 533: the account is disabled.
    #[error("the account is disabled")]
    Disabled,
    /// 701: the account has expired.
    #[error("the account has expired")]
    AccountExpired,
    /// 773: the password must be changed first.
    #[error("the password must be changed first")]
    MustChangePassword,
    /// 775: locked after too many wrong passwords.
    #[error("the account is locked")]
    Locked,
    /// The server does not tell.
    #[error("no reason given")]
    Unspecified,
}

impl CredentialProblem {
    /// From the text of a Windows (or Samba) answer, `… AcceptSecurityContext error, data 52e, v…`.
    pub(crate) fn from_text(text: &str) -> Self {
        let data = text.split_once(" data ").map_or("", |(_, rest)| rest);
        match data.split([',', ' ', '\0']).next().unwrap_or("") {
            "52e" => Self::WrongPassword,
            "525" => Self::NoSuchAccount,
            "530" => Self::LogonHours,
            "531" => Self::Workstation,
            "532" => Self::PasswordExpired,
            "533" => Self::Disabled,
            "701" => Self::AccountExpired,
            "773" => Self::MustChangePassword,
            "775" => Self::Locked,
            _ => Self::Unspecified,
        }
    }
}

/// Which limit was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// [`Limits::accounts`](crate::source::Limits::accounts).
    Accounts,
    /// [`Limits::bytes`](crate::source::Limits::bytes).
    Bytes,
}

/// What is wrong with one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum EntryProblem {
    /// It has not the structure of an entry (RFC 4511 4.5.2).
    #[error("not the structure of an entry")]
    Structure,
    /// A value that has to be text is not UTF-8.
    #[error("not UTF-8")]
    NotUtf8,
    /// A value holds NUL or another control character.
    #[error("a control character")]
    ControlCharacter,
    /// A value, or the whole entry, is longer than any real one.
    #[error("too long")]
    TooLong,
    /// A value that is needed is not there: often a missing read right.
    #[error("missing")]
    Missing,
    /// A number is not one.
    #[error("not a number")]
    NotANumber,
    /// `objectGUID` has not 16 bytes.
    #[error("not 16 bytes")]
    NotAGuid,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_tells_credential_problems_apart() {
        let text = |data: &str| {
            format!(
                "80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data {data}, v1db1"
            )
        };
        for (data, expected) in [
            ("52e", CredentialProblem::WrongPassword),
            ("525", CredentialProblem::NoSuchAccount),
            ("530", CredentialProblem::LogonHours),
            ("531", CredentialProblem::Workstation),
            ("532", CredentialProblem::PasswordExpired),
            ("533", CredentialProblem::Disabled),
            ("701", CredentialProblem::AccountExpired),
            ("773", CredentialProblem::MustChangePassword),
            ("775", CredentialProblem::Locked),
            ("52ee", CredentialProblem::Unspecified),
        ] {
            assert_eq!(CredentialProblem::from_text(&text(data)), expected, "{data}");
        }
        assert_eq!(CredentialProblem::from_text("Invalid credentials"), CredentialProblem::Unspecified);
    }

    #[test]
    fn an_error_crosses_the_pipe_unchanged() {
        let error = ReadError::MalformedEntry {
            dn: "CN=Ann".into(),
            attribute: Some("title".into()),
            problem: EntryProblem::NotUtf8,
            others: 2,
        };
        let text = serde_json::to_string(&error).unwrap();
        assert!(text.starts_with(r#"{"code":"malformed_entry""#), "{text}");
        assert_eq!(serde_json::from_str::<ReadError>(&text).unwrap(), error);
    }
}
