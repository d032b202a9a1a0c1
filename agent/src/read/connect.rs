//! From a name to a connection that is let in.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, LdapError, LdapResult, StdStream};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use super::position::Position;
use super::tls::Tls;
use super::{Milestone, OPERATION, Sink, tell};
use crate::error::{CredentialProblem, Step, Unreachable};
use crate::source::{Security, Source};
use crate::{Password, ReadError};

/// How long one address may take to answer, and how long TLS may take to come about.
const DIAL: Duration = Duration::from_secs(10);
/// How long the driver may take to tell why it ended, once it has.
const POST_MORTEM: Duration = Duration::from_secs(1);

/// A connection to a directory server.
pub(super) struct Connection {
    pub(super) ldap: Ldap,
    driver: JoinHandle<ldap3::result::Result<()>>,
}

impl Connection {
    /// Dials and secures. The name that TLS checks is the source's, whatever address is dialled.
    pub(super) async fn open(
        source: &Source,
        sink: &mut impl Sink,
        position: &Position,
    ) -> Result<Self, ReadError> {
        let addresses = resolve(source).await?;
        tell(sink, &Milestone::Resolved(addresses.clone()))?;
        position.step(Step::Connect);
        let (address, stream) = dial(&addresses, position).await?;
        tell(sink, &Milestone::Connected(address))?;
        position.step(Step::Tls);
        let settings = LdapConnSettings::new().set_conn_timeout(DIAL).set_std_stream(StdStream::Tcp(stream));
        if source.security == Security::PlainTextOnPurpose {
            return Self::over(settings, "ldap", source).await.map_err(|_| position.cut_off());
        }
        let tls = Tls::prepare(source)?;
        let settings = settings.set_config(tls.config.clone());
        let secured = match source.security {
            Security::StartTls => Self::over(settings.set_starttls(true), "ldap", source).await,
            _ => Self::over(settings, "ldaps", source).await,
        };
        let connection = secured.map_err(|error| match error {
            LdapError::Io { source } => tls.failure(&source),
            LdapError::LdapResult { result } => ReadError::StartTlsRefused { rc: result.rc },
            LdapError::Timeout { .. } => position.timed_out(),
            LdapError::ResultRecv { .. } | LdapError::OpSend { .. } => position.cut_off(),
            other => ReadError::TlsFailed { detail: other.to_string() },
        })?;
        if let Some(certificate) = tls.certificate() {
            tell(sink, &Milestone::Secured(Box::new(certificate)))?;
        }
        Ok(connection)
    }

    async fn over(settings: LdapConnSettings, scheme: &str, source: &Source) -> Result<Self, LdapError> {
        // The URL says only how to speak, the stream is open already; and ldap3 cannot have an IPv6
        // address for the server's name. Our verifier checks the right name by itself.
        let host = match source.host.parse() {
            Ok(IpAddr::V6(_)) => "ipv6.invalid",
            _ => &source.host,
        };
        #[expect(clippy::disallowed_methods, reason = "the one place that speaks LDAP: own stream, own TLS")]
        let (driver, ldap) =
            LdapConnAsync::with_settings(settings, &format!("{scheme}://{host}:{}", source.port)).await?;
        Ok(Self { ldap, driver: tokio::spawn(driver.drive()) })
    }

    /// Logs on with name and password (RFC 4513 5.1.3).
    pub(super) async fn bind(&mut self, source: &Source, position: &Position) -> Result<(), ReadError> {
        position.step(Step::Bind);
        let bind =
            self.ldap.with_timeout(OPERATION).simple_bind(&source.bind_name, source.password.expose()).await;
        let result = match bind {
            Ok(result) => result,
            Err(error) => return Err(self.failure(&error, position).await),
        };
        match result.rc {
            0 => Ok(()),
            8 | 13 => Err(ReadError::EncryptionRequired),
            49 => Err(ReadError::BadCredentials { reason: CredentialProblem::from_text(&result.text) }),
            rc => Err(position.server_error(rc, words(&result, &source.password))),
        }
    }

    /// What an operation's failure means. A lost connection and a garbled answer look alike to the
    /// caller; the driver knows.
    pub(super) async fn failure(&mut self, error: &LdapError, position: &Position) -> ReadError {
        if matches!(error, LdapError::Timeout { .. }) {
            return position.timed_out();
        }
        match tokio::time::timeout(POST_MORTEM, &mut self.driver).await {
            Ok(Err(join)) if join.is_panic() => position.garbled(),
            Ok(Ok(Err(LdapError::Io { source }))) if source.kind() == io::ErrorKind::Other => {
                position.garbled()
            }
            _ => position.cut_off(),
        }
    }

    /// Says good-bye. Everything was read by now, so nobody minds if it fails.
    pub(super) async fn close(mut self) {
        let _ = self.ldap.with_timeout(POST_MORTEM).unbind().await;
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

/// What the server says of its error: a stranger's text, so cut, cleaned, and left out when it
/// holds the password.
pub(super) fn words(result: &LdapResult, password: &Password) -> String {
    if result.text.contains(password.expose()) {
        return String::new();
    }
    let clean = result.text.chars().filter(|sign| !sign.is_control());
    clean.take(200).collect()
}

async fn resolve(source: &Source) -> Result<Vec<SocketAddr>, ReadError> {
    if let Some(address) = source.address {
        return Ok(vec![address]);
    }
    let not_found = || ReadError::NameNotFound { host: source.host.clone() };
    let found = tokio::net::lookup_host((source.host.as_str(), source.port)).await;
    let addresses: Vec<_> = found.map_err(|_| not_found())?.collect();
    if addresses.is_empty() { Err(not_found()) } else { Ok(addresses) }
}

async fn dial(
    addresses: &[SocketAddr],
    position: &Position,
) -> Result<(SocketAddr, std::net::TcpStream), ReadError> {
    let mut reason = Unreachable::Other;
    for address in addresses {
        match tokio::time::timeout(DIAL, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                let stream = stream.into_std().map_err(|_| position.cut_off())?;
                return Ok((*address, stream));
            }
            Ok(Err(error)) => reason = unreachable_because(error.kind()),
            Err(_elapsed) => reason = Unreachable::NoAnswer,
        }
    }
    Err(ReadError::Unreachable { reason })
}

fn unreachable_because(kind: io::ErrorKind) -> Unreachable {
    match kind {
        io::ErrorKind::ConnectionRefused => Unreachable::Refused,
        io::ErrorKind::TimedOut => Unreachable::NoAnswer,
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => Unreachable::NoRoute,
        _ => Unreachable::Other,
    }
}
