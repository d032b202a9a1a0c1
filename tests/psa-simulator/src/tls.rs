//! HTTPS with a certificate authority of its own.
//!
//! The authority's key is thrown away once it has signed the server's certificate: a machine
//! that trusts `ca.pem` trusts this one certificate and no other.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier as _;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{RootCertStore, ServerConfig};

use crate::clock;

const AUTHORITY: &str = "ca.pem";
const CERTIFICATE: &str = "server.pem";
const KEY: &str = "server-key.pem";
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// The TLS configuration from the files in `dir`, which are made anew when they are not there,
/// do not fit together or have expired.
pub(crate) fn server_config(dir: &Path) -> Result<ServerConfig> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    if let Ok(config) = read(dir, &provider) {
        return Ok(config);
    }
    std::fs::create_dir_all(dir)
        .and_then(|()| write(dir).map_err(std::io::Error::other))
        .with_context(|| format!("write certificates to {}", dir.display()))?;
    read(dir, &provider).with_context(|| format!("use the certificates in {}", dir.display()))
}

fn write(dir: &Path) -> Result<()> {
    let mut authority = CertificateParams::new(Vec::new())?;
    authority.distinguished_name.push(DnType::CommonName, "PSA simulator");
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;

    let mut server = CertificateParams::new(NAMES.map(String::from))?;
    server.distinguished_name.push(DnType::CommonName, "PSA simulator on this machine");
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    server.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate()?;
    let certificate = server.signed_by(&key, &authority)?;

    std::fs::write(dir.join(AUTHORITY), authority.pem())?;
    std::fs::write(dir.join(CERTIFICATE), certificate.pem())?;
    write_key(&dir.join(KEY), &key.serialize_pem())?;
    Ok(())
}

fn write_key(path: &Path, pem: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?
        .write_all(pem.as_bytes())
}

fn read(dir: &Path, provider: &Arc<CryptoProvider>) -> Result<ServerConfig> {
    let authority = CertificateDer::from_pem_file(dir.join(AUTHORITY))?;
    let certificate = CertificateDer::from_pem_file(dir.join(CERTIFICATE))?;
    let key = PrivateKeyDer::from_pem_file(dir.join(KEY))?;
    let mut roots = RootCertStore::empty();
    roots.add(authority)?;
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build()?;
    let now = Duration::from_secs(u64::try_from(clock::now().as_second())?);
    for name in NAMES {
        let name = ServerName::try_from(name)?;
        let now = UnixTime::since_unix_epoch(now);
        verifier.verify_server_cert(&certificate, &[], &name, &[], now)?;
    }
    let config = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)?;
    Ok(config)
}
