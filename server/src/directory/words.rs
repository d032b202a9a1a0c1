//! What went wrong with a directory, in words: what happened, and what to do about it.

use agent::{
    ReadError, TrustProblem,
    error::{CredentialProblem, Step},
};
use pod_view::wire::{Code, NOTHING_CHANGED, Problem};

use super::ReadFailure;
use crate::security::egress::EgressError;

pub(super) fn problem(failure: &ReadFailure) -> Problem {
    let mut problem = cause(failure);
    if let ReadFailure::Read(ReadError::CertificateUntrusted { certificate, .. }) = failure {
        let about = format!(
            " It is for {}, valid until {}, fingerprint {}.",
            names(&certificate.names, &certificate.subject),
            certificate.not_after,
            certificate.sha256,
        );
        problem.message.push_str(&about);
    }
    problem.advice.insert_str(0, NOTHING_CHANGED);
    problem
}

pub(super) fn cause(failure: &ReadFailure) -> Problem {
    let (code, message, advice): (Code, String, String) = match failure {
        ReadFailure::Egress(EgressError::NameNotFound(host)) => name_not_found(host),
        ReadFailure::Egress(EgressError::Port(port)) => (
            Code::PortNotAllowed,
            format!("This service may not connect to port {port}."),
            "Use 636 for LDAPS, or ask the operator of the service to allow the port.".into(),
        ),
        ReadFailure::Egress(EgressError::Address { host }) => (
            Code::AddressNotAllowed,
            format!("{host} is at an internal address that this service may not connect to."),
            "Ask the operator of the service to allow that network.".into(),
        ),
        ReadFailure::Read(error) => read_error(error),
        ReadFailure::Stream(_) => (
            Code::DirectoryIncomplete,
            "The directory read ended before its end was confirmed.".into(),
            "An incomplete list deactivates no one. Sync again; if it happens again, tell the operator of the service.".into(),
        ),
        ReadFailure::Child(_) => (
            Code::ReaderFailed,
            "The directory could not be read: the reading process did not start.".into(),
            "Tell the operator of the service.".into(),
        ),
        ReadFailure::Busy => (
            Code::BusyReading,
            "Too many other directories are being read right now.".into(),
            "Sync again in a few minutes.".into(),
        ),
        ReadFailure::TookTooLong => (
            Code::DirectoryTimedOut,
            "The directory took too long to answer.".into(),
            "Sync again when the server is less busy.".into(),
        ),
    };
    Problem::new(code, message, advice)
}

fn name_not_found(host: &str) -> (Code, String, String) {
    (
        Code::NameNotFound,
        format!("The directory server's name {host} was not found."),
        "Check the spelling in the settings; the name must be known on the Internet or to this service."
            .into(),
    )
}

fn read_error(error: &ReadError) -> (Code, String, String) {
    match error {
        ReadError::BadSource { problem } => (
            Code::SettingsWrong,
            format!("The directory settings cannot be used: {problem}."),
            "Correct them in the settings.".into(),
        ),
        ReadError::NameNotFound { host } => name_not_found(host),
        ReadError::Unreachable { reason } => (
            Code::DirectoryUnreachable,
            format!("The directory server could not be reached ({reason})."),
            "Check the name and port in the settings, that the server is up, and that its firewall lets this service in.".into(),
        ),
        ReadError::TimedOut { accounts, .. } => (
            Code::DirectoryTimedOut,
            format!("The directory server stopped answering after {}.", accounts_read(*accounts)),
            "An incomplete list deactivates no one. Sync again when the server is less busy.".into(),
        ),
        ReadError::CertificateUntrusted { problem, .. } => (
            Code::CertificateUntrusted,
            format!("The directory server's certificate is not trusted: {}.", trust_words(problem)),
            "If the client's IT confirms that fingerprint, pin it in the settings; otherwise give the certificate of their authority.".into(),
        ),
        ReadError::CertificateNameMismatch { host, certificate } => (
            Code::CertificateName,
            format!(
                "The directory server's certificate is for {}, not for {host}.",
                names(&certificate.names, &certificate.subject)
            ),
            format!(
                "Use the name in the certificate as the server's name, or pin the fingerprint {}.",
                certificate.sha256
            ),
        ),
        ReadError::TlsFailed { .. } => (
            Code::TlsFailed,
            "No protected connection to the directory server could be made.".into(),
            "Check that the port is the one for LDAPS (636) and that the server allows TLS 1.2 or newer.".into(),
        ),
        ReadError::StartTlsRefused { .. } => (
            Code::StartTlsRefused,
            "The directory server refused to protect the connection with StartTLS.".into(),
            "Use LDAPS on port 636.".into(),
        ),
        ReadError::EncryptionRequired => (
            Code::EncryptionRequired,
            "This domain controller requires encryption.".into(),
            "Use LDAPS on port 636, or StartTLS.".into(),
        ),
        ReadError::BadCredentials { reason } => (
            Code::BadCredentials,
            format!("The directory did not let the sync account in: {reason}."),
            match reason {
                CredentialProblem::Locked => "Wait until the lock ends or let the client's IT unlock it.".into(),
                CredentialProblem::PasswordExpired | CredentialProblem::MustChangePassword => {
                    "Let the client's IT set a new password, then enter it in the settings.".into()
                }
                _ => "Check the bind name (Log in as) and the password in the settings.".into(),
            },
        ),
        ReadError::BaseNotFound | ReadError::BaseElsewhere => (
            Code::BaseNotFound,
            "The base in the settings is not in this directory, or the sync account may not see it.".into(),
            "Correct the base, for example DC=corp,DC=example,DC=com.".into(),
        ),
        ReadError::CutOff { step: Step::Tls | Step::Bind, .. } | ReadError::Garbled { page: 0, .. } => (
            Code::WrongProtection,
            "The directory server does not speak the chosen protection on this port.".into(),
            "Check protection and port in the settings: LDAPS is usually on port 636, StartTLS on 389.".into(),
        ),
        ReadError::CutOff { page, accounts, .. } => (
            Code::CutOff,
            format!(
                "The connection to the directory broke off on page {page}, after {}.",
                accounts_read(*accounts)
            ),
            "An incomplete list deactivates no one. Sync again.".into(),
        ),
        ReadError::NothingFound => (
            Code::NothingFound,
            "The directory answered, but with no account at all.".into(),
            "Nobody is deactivated because of that. Check the base, the filter, and what the sync account may read.".into(),
        ),
        ReadError::MalformedEntry { dn, .. } => (
            Code::MalformedEntry,
            format!("The directory sent an entry that cannot be read: {dn}."),
            "The list counts as incomplete and deactivates no one. Let the client's IT look at that entry.".into(),
        ),
        ReadError::LimitReached { accounts, .. } => (
            Code::LimitReached,
            format!("The directory is larger than this service reads in one go ({accounts} accounts)."),
            "Narrow the base or the filter, or ask the operator for a higher limit.".into(),
        ),
        ReadError::SizeLimit { accounts } => incomplete(Code::SizeLimit, *accounts),
        ReadError::PagingStuck { accounts, .. } => incomplete(Code::PagingStuck, *accounts),
        ReadError::Garbled { accounts, .. } => incomplete(Code::Garbled, *accounts),
        ReadError::NoPaging => incomplete(Code::NoPaging, 0),
        ReadError::DuplicateAccount { .. } => incomplete(Code::DuplicateAccount, 0),
        ReadError::ServerError { rc, accounts, .. } => (
            Code::DirectoryError,
            format!("The directory server answered with error {rc} after {}.", accounts_read(*accounts)),
            "An incomplete list deactivates no one. Sync again; if it lasts, let the client's IT look at the server.".into(),
        ),
        ReadError::ReceiverGone | ReadError::Unprepared { .. } => (
            Code::ReaderFailed,
            "The directory could not be read: the reading process failed.".into(),
            "Sync again; if it lasts, tell the operator of the service.".into(),
        ),
    }
}

fn incomplete(code: Code, accounts: u64) -> (Code, String, String) {
    (
        code,
        format!("The directory server did not send its whole list ({}).", accounts_read(accounts)),
        "An incomplete list deactivates no one. Sync again; if it lasts, use another domain controller."
            .into(),
    )
}

fn accounts_read(accounts: u64) -> String {
    match accounts {
        1 => "1 account".into(),
        accounts => format!("{accounts} accounts"),
    }
}

fn names(names: &[String], subject: &str) -> String {
    match names {
        [] => subject.to_owned(),
        names => names.join(", "),
    }
}

fn trust_words(problem: &TrustProblem) -> String {
    match problem {
        TrustProblem::UnknownIssuer => "no authority that we know vouches for it".into(),
        TrustProblem::Expired => "it has expired".into(),
        TrustProblem::NotYetValid => "it is not valid yet".into(),
        TrustProblem::Revoked => "it was revoked".into(),
        TrustProblem::AuthorityItself => "it is an authority's own certificate, not a server's".into(),
        TrustProblem::NotThePinned => "it is not the pinned one".into(),
        TrustProblem::Other(words) => words.clone(),
    }
}
