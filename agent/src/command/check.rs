//! `check`: reads a directory once and says step by step how far it came, for a person.

use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use reconcile::Account;

use crate::read::{self, Milestone, ReceiverGone, Sink};
use crate::source::{DEFAULT_PAGE_SIZE, Limits, Security, Trust};
use crate::{Fingerprint, Password, ReadError, Source};

/// Where the password may stand; on a command line every user of the machine could see it.
const PASSWORD_VARIABLE: &str = "CONNECTACTIVE_PASSWORD";

/// A directory to try.
#[derive(Args, Clone, Debug)]
pub struct CheckArguments {
    /// The domain controller's name, as its certificate has it.
    #[arg(long)]
    pub host: String,
    /// The port; 636 with LDAPS, 389 otherwise when left out.
    #[arg(long)]
    pub port: Option<u16>,
    /// How the connection is protected.
    #[arg(long, value_enum, default_value_t = SecurityArgument::Ldaps)]
    pub security: SecurityArgument,
    /// A PEM file with the authority that signed the server's certificate.
    #[arg(long, conflicts_with = "pin")]
    pub authority: Option<PathBuf>,
    /// The SHA-256 fingerprint of the server's certificate.
    #[arg(long)]
    pub pin: Option<Fingerprint>,
    /// Who reads, such as svc-sync@corp.example.com. The password comes from the environment
    /// variable `CONNECTACTIVE_PASSWORD`, or else is the first line of standard input.
    #[arg(long)]
    pub bind_name: String,
    /// Where to read, such as DC=corp,DC=example,DC=com.
    #[arg(long)]
    pub base: String,
    /// An LDAP filter in place of the usual one.
    #[arg(long)]
    pub filter: Option<String>,
}

/// [`Security`] on a command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SecurityArgument {
    /// TLS from the first byte.
    Ldaps,
    /// TLS asked for on a plain connection.
    StartTls,
    /// No protection.
    PlainTextOnPurpose,
}

/// Tries the directory and prints each step; success means that the whole directory was read.
pub fn check_command(arguments: CheckArguments) -> ExitCode {
    let mut steps = Steps { out: io::stdout().lock() };
    match source(arguments).and_then(|source| Ok(super::runtime()?.block_on(read::read(&source, &mut steps))))
    {
        Ok(Ok(summary)) => steps
            .print("count", &format!("{} accounts on {} pages: all read", summary.accounts, summary.pages)),
        Ok(Err(error)) => {
            steps.print("failed", &error.to_string());
            if let ReadError::CertificateUntrusted { certificate, .. }
            | ReadError::CertificateNameMismatch { certificate, .. } = &error
            {
                steps.certificate(certificate);
                steps.print("", "if you know this certificate to be your server's, trust exactly it with");
                steps.print("", &format!("--pin {}", certificate.sha256));
            }
            return ExitCode::FAILURE;
        }
        Err(error) => {
            steps.print("failed", &error.to_string());
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn source(arguments: CheckArguments) -> io::Result<Source> {
    let security = match arguments.security {
        SecurityArgument::Ldaps => Security::Ldaps,
        SecurityArgument::StartTls => Security::StartTls,
        SecurityArgument::PlainTextOnPurpose => Security::PlainTextOnPurpose,
    };
    let trust = match (arguments.authority, arguments.pin) {
        (Some(path), _) => Trust::Authority { pem: std::fs::read_to_string(path)? },
        (None, Some(sha256)) => Trust::Pinned { sha256 },
        (None, None) => Trust::PublicAuthorities,
    };
    Ok(Source {
        host: arguments.host,
        address: None,
        port: arguments.port.unwrap_or(if security == Security::Ldaps { 636 } else { 389 }),
        security,
        trust,
        bind_name: arguments.bind_name,
        password: password()?,
        base: arguments.base,
        filter: arguments.filter,
        find: None,
        places: None,
        groups: false,
        page_size: DEFAULT_PAGE_SIZE,
        limits: Limits::default(),
    })
}

fn password() -> io::Result<Password> {
    if let Ok(password) = std::env::var(PASSWORD_VARIABLE) {
        return Ok(Password::new(password));
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    line.truncate(line.trim_end_matches(['\r', '\n']).len());
    Ok(Password::new(line))
}

/// Prints milestones, drops accounts.
struct Steps<W> {
    out: W,
}

impl<W: Write> Steps<W> {
    /// A closed terminal is no reason to stop a check, so errors of printing are passed over.
    fn print(&mut self, step: &str, text: &str) {
        let _ = writeln!(self.out, "{step:<12}{text}");
    }

    fn certificate(&mut self, certificate: &crate::CertificateFacts) {
        self.print("", &format!("certificate {}", certificate.sha256));
        self.print("", &format!("of {}, signed by {}", certificate.subject, certificate.issuer));
        self.print("", &format!("for {}", certificate.names.join(", ")));
        self.print("", &format!("from {} until {}", certificate.not_before, certificate.not_after));
    }
}

impl<W: Write> Sink for Steps<W> {
    fn account(&mut self, _account: Account) -> Result<(), ReceiverGone> {
        Ok(())
    }

    fn reached(&mut self, milestone: &Milestone) -> Result<(), ReceiverGone> {
        match milestone {
            Milestone::Resolved(addresses) => {
                let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
                self.print("name", &addresses.join(", "));
            }
            Milestone::Connected(address) => self.print("connection", &address.to_string()),
            Milestone::Secured(certificate) => {
                self.print("TLS", "on");
                self.certificate(certificate);
            }
            Milestone::Bound => self.print("logon", "accepted"),
            Milestone::Bases(bases) => self.print("base", &format!("this server has {}", bases.join("; "))),
            Milestone::Places(_) => {}
            Milestone::Page { accounts } => self.print("base", &format!("{accounts} accounts so far")),
        }
        Ok(())
    }
}
