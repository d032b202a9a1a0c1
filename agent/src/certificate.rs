//! What is known of the certificate that a server showed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};
use x509_parser::time::ASN1Time;

/// The SHA-256 of a certificate in DER.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Of this certificate.
    pub fn of(der: &[u8]) -> Self {
        Self(Sha256::digest(der).into())
    }
}

impl fmt::Display for Fingerprint {
    /// Lower-case hexadecimal without separators.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// Not 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a SHA-256 fingerprint has 64 hexadecimal digits")]
pub struct NotAFingerprint;

impl FromStr for Fingerprint {
    type Err = NotAFingerprint;

    /// Takes what certificate viewers show: either case, with or without colons or blanks.
    fn from_str(text: &str) -> Result<Self, NotAFingerprint> {
        let digits: String = text.chars().filter(|sign| !matches!(sign, ':' | ' ')).collect();
        let mut bytes = [0; 32];
        hex::decode_to_slice(digits, &mut bytes).map_err(|_| NotAFingerprint)?;
        Ok(Self(bytes))
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// What a person needs to see of a certificate in order to trust it or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateFacts {
    /// SHA-256 of the certificate: what a pin holds.
    pub sha256: Fingerprint,
    /// Whom it names.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// The host names and addresses it is for (`subjectAltName`); often none on a home-made one.
    pub names: Vec<String>,
    /// The first moment it is valid, in UTC, `2026-03-31T12:00:00Z`; empty when unreadable.
    pub not_before: String,
    /// The last moment it is valid, in UTC, `2027-03-31T12:00:00Z`; empty when unreadable.
    pub not_after: String,
}

/// Names kept of one certificate, and signs kept of one name: it is a stranger's text.
const NAMES: usize = 50;
const NAME_LENGTH: usize = 300;

impl CertificateFacts {
    /// Reads them from a certificate in DER. One that cannot be parsed still has its fingerprint.
    pub fn of(der: &[u8]) -> Self {
        let mut facts = Self {
            sha256: Fingerprint::of(der),
            subject: String::new(),
            issuer: String::new(),
            names: Vec::new(),
            not_before: String::new(),
            not_after: String::new(),
        };
        if let Ok((_, certificate)) = X509Certificate::from_der(der) {
            facts.subject = tidy(&certificate.subject().to_string());
            facts.issuer = tidy(&certificate.issuer().to_string());
            facts.not_before = moment(certificate.validity().not_before);
            facts.not_after = moment(certificate.validity().not_after);
            if let Ok(Some(alternatives)) = certificate.subject_alternative_name() {
                let names = alternatives.value.general_names.iter().filter_map(name);
                facts.names = names.take(NAMES).collect();
            }
        }
        facts
    }
}

/// Whether this is an authority's certificate rather than a server's.
pub(crate) fn is_authority(der: &[u8]) -> bool {
    X509Certificate::from_der(der).is_ok_and(|(_, certificate)| certificate.is_ca())
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some(tidy(name)),
        GeneralName::IPAddress(bytes) => match **bytes {
            [a, b, c, d] => Some(std::net::Ipv4Addr::new(a, b, c, d).to_string()),
            ref other => <[u8; 16]>::try_from(other).ok().map(|v6| std::net::Ipv6Addr::from(v6).to_string()),
        },
        _ => None,
    }
}

fn tidy(text: &str) -> String {
    text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).take(NAME_LENGTH).collect()
}

fn moment(time: ASN1Time) -> String {
    let time = time.to_datetime();
    let (hour, minute, second) = time.to_hms();
    format!(
        "{:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}Z",
        time.year(),
        u8::from(time.month()),
        time.day()
    )
}

/// Why a certificate is not believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum TrustProblem {
    /// No trusted authority vouches for it: a private authority, or self-signed.
    #[error("no trusted authority vouches for it")]
    UnknownIssuer,
    /// Its last day is over.
    #[error("it has expired")]
    Expired,
    /// Its first day is to come, or this machine's clock is behind.
    #[error("it is not valid yet")]
    NotYetValid,
    /// It is an authority's own certificate, which no server should show; home-made self-signed ones
    /// often are. Naming it as the authority does not help, pinning does.
    #[error("it is an authority's certificate, not a server's; pin it if it is the right one")]
    AuthorityItself,
    /// Its authority took it back.
    #[error("it was revoked")]
    Revoked,
    /// Not the certificate that was pinned.
    #[error("it is not the pinned one")]
    NotThePinned,
    /// Something rarer, in the words of the TLS library.
    #[error("{0}")]
    Other(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_read_as_viewers_show_them() {
        let plain = Fingerprint::of(b"certificate").to_string();
        let mut shown = plain.to_uppercase();
        for position in (2..plain.len()).step_by(2).rev() {
            shown.insert(position, ':');
        }
        assert_eq!(shown.parse::<Fingerprint>().unwrap().to_string(), plain);
        for text in ["", "ab", &plain[1..], &format!("{plain}00")] {
            assert_eq!(text.parse::<Fingerprint>(), Err(NotAFingerprint), "{text}");
        }
    }

    #[test]
    fn garbage_has_a_fingerprint_and_nothing_else() {
        let facts = CertificateFacts::of(b"\x30\x82\xff\xff");
        assert_eq!(facts.sha256, Fingerprint::of(b"\x30\x82\xff\xff"));
        assert!(facts.subject.is_empty() && facts.names.is_empty());
    }
}
