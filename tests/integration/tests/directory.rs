//! The reading program against a real domain controller.
//!
//! What only a server that can misbehave shows stands in `agent/tests/wire`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::{Command, Output, Stdio};

use agent::error::CredentialProblem;
use agent::find::{Find, Known, MOST_FOUND};
use agent::source::{Limits, Security, Trust};
use agent::stream::{Bounds, Sealed, StreamError, Verifier};
use agent::{Password, ReadError, Source, TrustProblem};
use integration::domain_controller::{DomainController, READER};
use integration::programs::program;
use reconcile::{Account, Test};
use sample_directory::people::BASE;
use sample_directory::{Person, people};

fn controller() -> DomainController {
    DomainController::start(&people()).unwrap()
}

fn source(controller: &DomainController) -> Source {
    Source {
        host: controller.host(),
        address: Some(controller.ldaps()),
        port: controller.ldaps().port(),
        security: Security::Ldaps,
        trust: Trust::Authority { pem: controller.ca_pem().to_owned() },
        bind_name: controller.bind_name(),
        password: Password::new(controller.password().to_owned()),
        base: controller.base().to_owned(),
        filter: None,
        find: None,
        places: None,
        groups: false,
        page_size: 30,
        limits: Limits { seconds: 60, ..Limits::default() },
    }
}

/// On port 389 instead.
fn on_389(controller: &DomainController, security: Security) -> Source {
    let address = controller.ldap();
    Source { address: Some(address), port: address.port(), security, ..source(controller) }
}

/// Runs the program as the service does.
fn run(source: &Source) -> Result<Sealed, StreamError> {
    let output = output(source);
    let mut verifier = Verifier::new(Bounds { accounts: 10_000, bytes: 64 << 20 });
    let stream = verifier.push(&output.stdout).and_then(|_| verifier.finish());
    assert_eq!(stream.is_ok(), output.status.success() && source.find.is_none(), "{}", output.status);
    stream
}

fn output(source: &Source) -> Output {
    let mut child = Command::new(program("connectactive-agent"))
        .args(["read", "--memory-mb", "128", "--seconds", "60"])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&serde_json::to_vec(source).unwrap()).unwrap();
    child.wait_with_output().unwrap()
}

/// The logon names of whom the program finds by what somebody knows.
fn found(source: &Source, text: &str) -> BTreeSet<String> {
    let known = Some(Known::of(text).expect("that is enough to look for"));
    let source = Source { find: Some(Find { known, ..Find::default() }), ..source.clone() };
    let output = output(&source);
    let mut verifier = Verifier::new(Bounds { accounts: MOST_FOUND, bytes: 1 << 20 });
    verifier.push(&output.stdout).expect("the stream is whole");
    let found = verifier.finish_found().expect("it is a search that came to its end");
    // The same stream is no directory.
    assert!(matches!(run(&source), Err(StreamError::Incomplete { .. })));
    found.into_accounts().into_iter().map(|account| account.logon_name).collect()
}

fn error(source: &Source) -> ReadError {
    match run(source).unwrap_err() {
        StreamError::Failed(error) => error,
        other => panic!("{other}"),
    }
}

/// By logon name.
fn accounts(source: &Source) -> BTreeMap<String, Account> {
    let accounts = run(source).unwrap().into_accounts();
    accounts.into_iter().map(|account| (account.logon_name.clone(), account)).collect()
}

fn assert_same(account: &Account, person: &Person) {
    let bare = |address: &String| address.split_once(':').unwrap().1.to_owned();
    let addresses: Vec<String> = person.proxy_addresses.iter().map(bare).collect();
    assert_eq!(account.dn, person.dn(BASE));
    assert_eq!(account.principal_name, person.principal_name);
    assert_eq!(account.given_name, person.given_name, "{}", person.logon);
    assert_eq!(account.surname, person.surname);
    assert_eq!(account.display_name, person.display_name);
    assert_eq!(account.mail, person.mail);
    assert_eq!(account.primary_address(), person.mail.as_deref());
    assert_eq!(account.proxy_addresses.len(), addresses.len());
    assert!(addresses.iter().all(|address| account.proxy_addresses.contains(address)));
    assert_eq!(account.title, person.title);
    assert_eq!(account.department, person.department);
    assert_eq!(account.telephone, person.telephone);
    assert_eq!(account.mobile, person.mobile);
    assert_eq!(account.enabled, !person.disabled, "{}", person.logon);
    assert_eq!(account.password_never_expires, person.password_never_expires, "{}", person.logon);
    assert_eq!(account.has_service_principal, !person.service_principals.is_empty());
    assert_eq!(account.recipient_type_details, person.recipient_type_details);
    assert_eq!(account.recipient_display_type, person.recipient_display_type);
}

#[test]
fn everybody_is_read_as_they_are_over_ldaps_and_start_tls() {
    let controller = controller();
    let people = people();
    for source in [source(&controller), on_389(&controller, Security::StartTls)] {
        let accounts = accounts(&source);
        for person in &people {
            assert_same(&accounts[&person.logon], person);
        }
        assert_eq!(accounts.len(), people.len(), "and nobody that Windows made for itself");
    }
}

#[test]
fn what_rules_and_references_need_is_read_and_groups_only_when_asked_for() {
    let controller = controller();
    let people = people();
    let (boss, one) = (&people[0].logon, &people[1].logon);
    let boss_dn = controller.dn(boss).unwrap();
    for (attribute, value) in [
        ("physicalDeliveryOfficeName", "R2"),
        ("l", "Rotterdam"),
        ("employeeNumber", "42"),
        ("manager", &boss_dn),
    ] {
        controller.set(one, attribute, Some(value)).unwrap();
    }
    let staff = controller.add_group("Staff", &[boss, one]).unwrap();
    let left_out = controller.add_group("No sync", &[one]).unwrap();
    let read = |groups| accounts(&Source { groups, ..source(&controller) }).remove(one).unwrap();
    let account = read(true);
    assert_eq!(account.office.as_deref(), Some("R2"));
    assert_eq!(account.city.as_deref(), Some("Rotterdam"));
    assert_eq!(account.employee_id.as_deref(), Some("42"));
    assert_eq!(account.manager, Some(boss_dn));
    let mut groups = account.groups.clone();
    groups.sort();
    assert_eq!(groups, [left_out.as_str(), &staff]);
    let fits = |rule: &str| rule.parse::<Test>().unwrap().fits(&account);
    assert!(fits("group no sync") && fits(&format!("group {left_out}")) && fits("office r#"));
    assert_eq!(read(false).groups, [""; 0]);

    controller.set(one, "employeeID", Some("E7")).unwrap();
    assert_eq!(read(false).employee_id.as_deref(), Some("E7"), "the id goes before the number");
}

#[test]
fn pages_that_end_with_the_last_account_are_whole() {
    let controller = controller();
    let everybody = people().len();
    for size in [everybody, everybody / 2, everybody - 1, everybody + 1, 1] {
        let source = Source { page_size: u32::try_from(size).unwrap(), ..source(&controller) };
        assert_eq!(run(&source).unwrap().accounts().len(), everybody, "pages of {size}");
    }
}

#[test]
fn credentials_are_refused() {
    let controller = controller();
    let wrong = Source { password: Password::new("Spilt-Ink-93".to_owned()), ..source(&controller) };
    assert_eq!(error(&wrong), ReadError::BadCredentials { reason: CredentialProblem::WrongPassword });
    controller.disable(READER).unwrap();
    assert_eq!(
        error(&source(&controller)),
        ReadError::BadCredentials { reason: CredentialProblem::Disabled }
    );
}

#[test]
fn d15_plain_text_is_refused_where_encryption_is_required() {
    let controller = controller();
    assert_eq!(error(&on_389(&controller, Security::PlainTextOnPurpose)), ReadError::EncryptionRequired);
}

#[test]
fn d15_certificates_are_checked() {
    let (controller, other) = (controller(), controller());
    for mut source in [source(&controller), on_389(&controller, Security::StartTls)] {
        source.trust = Trust::Authority { pem: other.ca_pem().to_owned() };
        let ReadError::CertificateUntrusted { problem, certificate } = error(&source) else {
            panic!("trusted");
        };
        assert_eq!(problem, TrustProblem::UnknownIssuer);
        assert_eq!(certificate.sha256.to_string(), controller.certificate_sha256());
        source.trust = Trust::Pinned { sha256: certificate.sha256 };
        run(&source).unwrap();
        source.trust = Trust::Pinned { sha256: other.certificate_sha256().parse().unwrap() };
        let ReadError::CertificateUntrusted { problem, .. } = error(&source) else { panic!("trusted") };
        assert_eq!(problem, TrustProblem::NotThePinned);
        source.trust = Trust::Authority { pem: controller.ca_pem().to_owned() };
        source.host = "dc2.corp.harbor.example".to_owned();
        assert!(matches!(error(&source), ReadError::CertificateNameMismatch { .. }));
    }
}

#[test]
fn a_base_that_is_not_there_or_elsewhere() {
    let controller = controller();
    let at = |base: &str| Source { base: base.to_owned(), ..source(&controller) };
    assert_eq!(error(&at(&format!("OU=Gone,{BASE}"))), ReadError::BaseNotFound);
    assert!(matches!(error(&at("DC=other,DC=example")), ReadError::BaseElsewhere | ReadError::BaseNotFound));
    assert_eq!(error(&at(&format!("OU=Domain Controllers,{BASE}"))), ReadError::NothingFound);
}

#[test]
fn d8_an_account_keeps_its_key_whatever_changes() {
    let controller = controller();
    let source = source(&controller);
    let before = accounts(&source);
    controller.disable("zbronte").unwrap();
    controller.set("jmueller", "mail", Some("jurgen@harbor.example")).unwrap();
    controller.set("jmueller", "title", None).unwrap();
    controller.move_to("asmith", "OU=Leavers").unwrap();
    controller.set("asmith", "sAMAccountName", Some("asmith-old")).unwrap();
    controller.remove("owright").unwrap();
    controller.add(&Person::new("owright", "Owen", "Wright", "Sales")).unwrap();
    let after = accounts(&source);
    assert!(!after["zbronte"].enabled);
    assert_eq!(after["jmueller"].id, before["jmueller"].id);
    assert_eq!(after["jmueller"].mail.as_deref(), Some("jurgen@harbor.example"));
    assert_eq!(after["jmueller"].title, None);
    assert_eq!(after["asmith-old"].id, before["asmith"].id);
    assert_eq!(after["asmith-old"].dn, format!("CN=Anna Smith,OU=Leavers,{BASE}"));
    assert_ne!(after["owright"].id, before["owright"].id, "made again, it is another account");
    controller.enable("zbronte").unwrap();
    assert!(accounts(&source)["zbronte"].enabled);
}

#[test]
fn a_few_people_are_looked_for_and_never_taken_for_the_whole() {
    let mut everybody = people();
    for person in &mut everybody {
        if person.logon == "lbakker" {
            person.telephone = Some("+44 (0)20 7946 0771".into());
        }
    }
    let controller = DomainController::start(&everybody).unwrap();
    let source = source(&controller);
    let only = |logon: &str| BTreeSet::from([logon.to_owned()]);
    for text in [
        "laura.jansen@harbor.example",
        "Laura.Bakker@HARBOR.example",
        "lbakker@corp.harbor.example",
        "020 7946 0771",
        "+442079460771",
        "(0044) 20-7946-0771",
        "Laura Jansen",
        "Jansen, Laura",
    ] {
        assert_eq!(found(&source, text), only("lbakker"), "{text}");
    }
    assert_eq!(found(&source, "Zo\u{eb} Bront\u{eb}"), only("zbronte"));
    assert!(
        found(&source, "Taylor")
            .is_superset(&BTreeSet::from(["ctaylor", "ctaylor2", "ctaylor3"].map(Into::into)))
    );
    for hostile in ["*)(objectClass=*", "x*)(|(cn=*", "a*@harbor.example", "nobody@harbor.example"] {
        assert_eq!(found(&source, hostile), BTreeSet::new(), "{hostile}");
    }
    // Within the company's own part only, and no more than a person looks through.
    let base = format!("OU=Finance,OU=People,{BASE}");
    assert_eq!(found(&Source { base, ..source.clone() }, "Taylor"), BTreeSet::new());
    let all = found(&source, "harbor");
    assert!(all.len() as u64 <= MOST_FOUND, "{all:?}");
    let many: BTreeSet<String> = found(&source, "Alice");
    assert!(!many.is_empty() && many.len() as u64 <= MOST_FOUND, "{many:?}");
}
