//! TLS with our own idea of trust, which remembers the certificate it saw.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use crate::certificate;
use crate::source::{Source, SourceProblem, Trust};
use crate::{CertificateFacts, Fingerprint, ReadError, TrustProblem};

/// A TLS configuration for one connection, and what its verifier saw.
pub(super) struct Tls {
    pub(super) config: Arc<ClientConfig>,
    seen: Arc<Mutex<Option<Seen>>>,
    host: String,
}

struct Seen {
    certificate: CertificateFacts,
    authority: bool,
    problem: Option<CertificateError>,
}

impl Tls {
    pub(super) fn prepare(source: &Source) -> Result<Self, ReadError> {
        let unprepared = |detail: &str| ReadError::Unprepared { detail: detail.to_owned() };
        let provider =
            CryptoProvider::get_default().ok_or_else(|| unprepared("no TLS provider is installed"))?.clone();
        let name = ServerName::try_from(source.host.clone())
            .map_err(|_| ReadError::BadSource { problem: SourceProblem::Host })?;
        let check = match &source.trust {
            Trust::Pinned { sha256 } => Check::Pin(*sha256),
            Trust::Authority { pem } => Check::Chain(chain(authority(pem)?, &provider)?),
            Trust::PublicAuthorities => Check::Chain(chain(public_authorities()?, &provider)?),
        };
        let seen = Arc::new(Mutex::new(None));
        let named = matches!(name, ServerName::DnsName(_));
        let verifier = Verifier { check, name, provider: provider.clone(), seen: seen.clone() };
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| unprepared(&error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        config.enable_sni = named;
        Ok(Self { config: Arc::new(config), seen, host: source.host.clone() })
    }

    /// The certificate of a handshake that succeeded.
    pub(super) fn certificate(&self) -> Option<CertificateFacts> {
        self.seen().as_ref().map(|seen| seen.certificate.clone())
    }

    /// What a failed handshake is called.
    pub(super) fn failure(&self, error: &std::io::Error) -> ReadError {
        let Some(Seen { certificate, authority, problem: Some(problem) }) = self.seen().take() else {
            return ReadError::TlsFailed { detail: error.to_string() };
        };
        let certificate = Box::new(certificate);
        let problem = match problem {
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                return ReadError::CertificateNameMismatch { host: self.host.clone(), certificate };
            }
            // A bad signature: an authority of the right name with another key.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => TrustProblem::UnknownIssuer,
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => TrustProblem::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                TrustProblem::NotYetValid
            }
            CertificateError::Revoked => TrustProblem::Revoked,
            CertificateError::ApplicationVerificationFailure => TrustProblem::NotThePinned,
            _ if authority => TrustProblem::AuthorityItself,
            other => TrustProblem::Other(other.to_string()),
        };
        ReadError::CertificateUntrusted { problem, certificate }
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Option<Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn chain(
    roots: RootCertStore,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, ReadError> {
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .build()
        .map_err(|error| ReadError::Unprepared { detail: error.to_string() })
}

fn authority(pem: &str) -> Result<RootCertStore, ReadError> {
    let bad = || ReadError::BadSource { problem: SourceProblem::Authority };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        roots.add(certificate.map_err(|_| bad())?).map_err(|_| bad())?;
    }
    if roots.is_empty() { Err(bad()) } else { Ok(roots) }
}

/// The machine's own list. What cannot be read of it is left out, which trusts less, not more.
fn public_authorities() -> Result<RootCertStore, ReadError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        let detail = "this machine has no list of public certificate authorities (package ca-certificates)";
        return Err(ReadError::Unprepared { detail: detail.to_owned() });
    }
    Ok(roots)
}

#[derive(Debug)]
struct Verifier {
    check: Check,
    /// The name to verify. Not the one that ldap3 hands over, which cannot be an IPv6 address.
    name: ServerName<'static>,
    provider: Arc<CryptoProvider>,
    seen: Arc<Mutex<Option<Seen>>>,
}

#[derive(Debug)]
enum Check {
    Chain(Arc<WebPkiServerVerifier>),
    Pin(Fingerprint),
}

impl std::fmt::Debug for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.certificate.fmt(f)
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = match &self.check {
            Check::Chain(inner) => {
                inner.verify_server_cert(end_entity, intermediates, &self.name, ocsp_response, now)
            }
            Check::Pin(pin) if *pin == Fingerprint::of(end_entity) => Ok(ServerCertVerified::assertion()),
            Check::Pin(_) => Err(CertificateError::ApplicationVerificationFailure.into()),
        };
        let problem = match &verified {
            Err(Error::InvalidCertificate(problem)) => Some(problem.clone()),
            Err(_) => Some(CertificateError::BadEncoding),
            Ok(_) => None,
        };
        let seen = Seen {
            certificate: CertificateFacts::of(end_entity),
            authority: certificate::is_authority(end_entity),
            problem,
        };
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen);
        verified
    }

    // The handshake's signature proves that the server holds the certificate's key. Without it a pin
    // would be worth nothing: certificates are public.
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
