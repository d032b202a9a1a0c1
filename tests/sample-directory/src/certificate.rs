//! A certificate authority of one's own, for one server.

use std::time::Duration;

use anyhow::Context;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::pki_types::CertificateDer;

/// A server's certificate with all that belongs to it.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The authority's certificate, PEM.
    pub ca_pem: String,
    /// The server's certificate, PEM.
    pub certificate_pem: String,
    /// The server's key, PKCS#8 in PEM.
    pub key_pem: String,
    /// The server's certificate, DER.
    pub certificate: CertificateDer<'static>,
}

/// What the certificate is worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Validity {
    /// For decades.
    #[default]
    Good,
    /// Expired since the year 2001.
    Expired,
    /// An authority's certificate, as home-made ones often are.
    Authority,
}

/// Makes an authority and has it sign a certificate for these names (DNS names or IP addresses).
pub fn issue(names: &[String], validity: Validity) -> anyhow::Result<Issued> {
    let mut authority = CertificateParams::new(Vec::new()).context("authority")?;
    authority.distinguished_name.push(DnType::CommonName, "Harbor Test Authority");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority_key = KeyPair::generate().context("the authority's key")?;
    let ca = authority.self_signed(&authority_key).context("the authority's certificate")?;

    let mut server = CertificateParams::new(names.to_vec()).context("the names of the server")?;
    server.distinguished_name.push(DnType::CommonName, names.first().map_or("", String::as_str));
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    match validity {
        Validity::Good => {}
        Validity::Expired => {
            server.not_before = date_time_ymd(2001, 1, 1);
            server.not_after = server.not_before + Duration::from_hours(24);
        }
        Validity::Authority => server.is_ca = IsCa::Ca(BasicConstraints::Unconstrained),
    }
    let key = KeyPair::generate().context("the server's key")?;
    let issuer = Issuer::new(authority, authority_key);
    let certificate = server.signed_by(&key, &issuer).context("the server's certificate")?;
    Ok(Issued {
        ca_pem: ca.pem(),
        certificate_pem: certificate.pem(),
        key_pem: key.serialize_pem(),
        certificate: certificate.der().clone(),
    })
}
