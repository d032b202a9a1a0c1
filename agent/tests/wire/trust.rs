//! Which certificates are believed.

use agent::source::Trust;
use agent::{CertificateFacts, ReadError, TrustProblem};
use sample_directory::certificate::Validity;
use sample_directory::{Options, start};

use crate::harness::{directory, run, source};

/// The facts that an untrusted certificate is reported with, and why it is not trusted.
fn untrusted(error: ReadError) -> (TrustProblem, CertificateFacts) {
    match error {
        ReadError::CertificateUntrusted { problem, certificate } => (problem, *certificate),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn d15_another_authoritys_certificate_is_refused_with_what_is_needed_to_pin_it() {
    let (directory, other) = (directory().await, directory().await);
    let mut source = source(&directory);
    source.trust = Trust::Authority { pem: other.ca_pem().to_owned() };
    let (problem, certificate) = untrusted(run(&source).await.error());
    assert_eq!(problem, TrustProblem::UnknownIssuer);
    assert_eq!(certificate.sha256.to_string(), directory.certificate_sha256());
    assert_eq!(certificate.subject, "CN=dc1.corp.harbor.example");
    assert_eq!(certificate.names, ["dc1.corp.harbor.example", "localhost", "127.0.0.1"]);
    assert_eq!(certificate.not_after, "4096-01-01T00:00:00Z");
    source.trust = Trust::Pinned { sha256: certificate.sha256 };
    run(&source).await.sealed();
}

#[tokio::test]
async fn d15_another_certificate_than_the_pinned_one_is_refused() {
    let (directory, other) = (directory().await, directory().await);
    let mut source = source(&directory);
    source.trust = Trust::Pinned { sha256: other.certificate_sha256().parse().unwrap() };
    assert_eq!(untrusted(run(&source).await.error()).0, TrustProblem::NotThePinned);
}

#[tokio::test]
async fn d15_a_certificate_for_other_names_is_refused() {
    let directory = directory().await;
    let mut source = source(&directory);
    source.host = "dc2.corp.harbor.example".to_owned();
    let error = run(&source).await.error();
    let ReadError::CertificateNameMismatch { host, certificate } = error else { panic!("{error}") };
    assert_eq!(host, "dc2.corp.harbor.example");
    assert_eq!(certificate.sha256.to_string(), directory.certificate_sha256());
}

#[tokio::test]
async fn a_certificate_may_be_for_an_address() {
    let directory = directory().await;
    let mut source = source(&directory);
    source.host = "127.0.0.1".to_owned();
    run(&source).await.sealed();
    source.host = "::1".to_owned();
    assert!(matches!(run(&source).await.error(), ReadError::CertificateNameMismatch { .. }));
    let sixth = start(Options { names: vec!["::1".to_owned()], ..Options::default() }).await.unwrap();
    // Its certificate is for an IPv6 address; that it listens on an IPv4 one does not matter.
    run(&crate::harness::source(&sixth)).await.sealed();
}

#[tokio::test]
async fn d15_an_expired_certificate_is_refused_unless_it_is_pinned() {
    let directory = start(Options { validity: Validity::Expired, ..Options::default() }).await.unwrap();
    let mut source = source(&directory);
    let (problem, certificate) = untrusted(run(&source).await.error());
    assert_eq!((problem, certificate.not_after.as_str()), (TrustProblem::Expired, "2001-01-02T00:00:00Z"));
    source.trust = Trust::Pinned { sha256: certificate.sha256 };
    run(&source).await.sealed();
}

#[tokio::test]
async fn an_authoritys_own_certificate_is_believed_only_when_pinned() {
    let directory = start(Options { validity: Validity::Authority, ..Options::default() }).await.unwrap();
    let mut source = source(&directory);
    let (problem, certificate) = untrusted(run(&source).await.error());
    assert_eq!(problem, TrustProblem::AuthorityItself);
    source.trust = Trust::Pinned { sha256: certificate.sha256 };
    run(&source).await.sealed();
}

#[tokio::test]
async fn an_authority_has_to_be_a_certificate() {
    let directory = directory().await;
    let mut source = source(&directory);
    for pem in ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        source.trust = Trust::Authority { pem: pem.to_owned() };
        assert!(matches!(run(&source).await.error(), ReadError::BadSource { .. }));
    }
}
