//! What a healthy server gives, and what it refuses.

use std::net::TcpListener;

use agent::error::{CredentialProblem, EntryProblem, Limit, Unreachable};
use agent::places::{Kind, Places};
use agent::source::SourceProblem;
use agent::stream::StreamError;
use agent::{Password, ReadError, Source};
use sample_directory::people::BASE;

use crate::harness::{directory, run, run_on, source};

#[tokio::test]
async fn everybody_is_read_as_they_are() {
    let directory = directory().await;
    let accounts = run(&source(&directory)).await.sealed().into_accounts();
    let people = directory.people().all();
    assert_eq!(accounts.len(), people.len());
    for (account, person) in accounts.iter().zip(people) {
        let bare = |address: &String| address.split_once(':').unwrap().1.to_owned();
        assert_eq!(account.id.0, person.id, "{}", person.logon);
        assert_eq!(account.dn, person.dn(BASE));
        assert_eq!(account.logon_name, person.logon);
        assert_eq!(account.principal_name, person.principal_name);
        assert_eq!(account.given_name, person.given_name);
        assert_eq!(account.surname, person.surname);
        assert_eq!(account.display_name, person.display_name);
        assert_eq!(account.mail, person.mail);
        assert_eq!(account.proxy_addresses, person.proxy_addresses.iter().map(bare).collect::<Vec<_>>());
        assert_eq!(account.title, person.title);
        assert_eq!(account.department, person.department);
        assert_eq!(account.telephone, person.telephone);
        assert_eq!(account.mobile, person.mobile);
        assert_eq!(account.enabled, !person.disabled, "{}", person.logon);
        assert_eq!(account.password_never_expires, person.password_never_expires);
        assert_eq!(account.has_service_principal, !person.service_principals.is_empty());
        assert_eq!(account.recipient_type_details, person.recipient_type_details);
        assert_eq!(account.recipient_display_type, person.recipient_display_type);
    }
}

#[tokio::test]
async fn pages_of_any_size_give_the_same() {
    let directory = directory().await;
    let mut source = source(&directory);
    let mut hashes = Vec::new();
    for size in [7, 200, 5000] {
        source.page_size = size;
        hashes.push(run(&source).await.sealed().hash());
    }
    assert!(hashes.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test]
async fn s10_credentials_are_refused_with_the_reason_and_without_the_password() {
    let directory = directory().await;
    let mut source = source(&directory);
    source.password = Password::new("Spilt-Ink-93".to_owned());
    let outcome = run(&source).await;
    assert!(!outcome.printed.contains("Spilt-Ink"), "{}", outcome.printed);
    assert_eq!(outcome.error(), ReadError::BadCredentials { reason: CredentialProblem::WrongPassword });
    source.bind_name = "nobody@corp.harbor.example".to_owned();
    assert_eq!(
        run(&source).await.error(),
        ReadError::BadCredentials { reason: CredentialProblem::NoSuchAccount }
    );
    source.password = Password::new(String::new());
    assert_eq!(run(&source).await.error(), ReadError::BadSource { problem: SourceProblem::PasswordEmpty });
}

#[tokio::test]
async fn d4_nobody_found_is_an_error() {
    let directory = directory().await;
    let mut source = source(&directory);
    source.filter = Some("(sAMAccountName=nobody)".to_owned());
    assert_eq!(run(&source).await.error(), ReadError::NothingFound);
}

#[tokio::test]
async fn a_base_that_is_not_there_or_elsewhere() {
    let directory = directory().await;
    let mut source = source(&directory);
    source.base = format!("OU=Gone,{BASE}");
    assert_eq!(run(&source).await.error(), ReadError::BaseNotFound);
    source.base = "DC=other,DC=example".to_owned();
    assert_eq!(run(&source).await.error(), ReadError::BaseElsewhere);
}

#[tokio::test]
async fn d13_limits_end_the_read() {
    let directory = directory().await;
    let mut source = source(&directory);
    source.limits.accounts = 60;
    assert_eq!(run(&source).await.error(), ReadError::LimitReached { limit: Limit::Accounts, accounts: 60 });
    source.limits.accounts = 200;
    source.limits.bytes = 2000;
    assert!(matches!(run(&source).await.error(), ReadError::LimitReached { limit: Limit::Bytes, .. }));
}

#[tokio::test]
async fn d14_entries_that_cannot_be_used_are_named_and_counted() {
    let directory = directory().await;
    directory.people().change("jmueller", |person| person.title = Some("\u{1b}[2JBoss".to_owned()));
    directory.people().change("zbronte", |person| person.mail = Some("zoe\0@harbor.example".to_owned()));
    directory.people().change("asmith", |person| person.title = Some("x".repeat(1 << 20)));
    let error = run(&source(&directory)).await.error();
    let ReadError::MalformedEntry { dn, attribute, problem, others } = error else { panic!("{error}") };
    assert!(dn.starts_with("CN=Jürgen Müller,"), "{dn}");
    assert_eq!((attribute.as_deref(), problem), (Some("title"), EntryProblem::ControlCharacter));
    assert_eq!(others, 2);
}

#[tokio::test]
async fn a_port_where_nobody_listens() {
    let directory = directory().await;
    let mut source = source(&directory);
    // Bound and dropped: for the moment nobody else has it.
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    (source.address, source.port) = (Some(free), free.port());
    assert_eq!(run(&source).await.error(), ReadError::Unreachable { reason: Unreachable::Refused });
}

#[tokio::test]
async fn input_that_is_no_source() {
    let unreadable = ReadError::BadSource { problem: SourceProblem::Unreadable };
    for input in [Vec::new(), b"{}".to_vec(), b"[".to_vec(), vec![b' '; 1 << 20]] {
        assert_eq!(run_on(input).await.error(), unreadable);
    }
    let directory = directory().await;
    let twice = serde_json::to_vec(&source(&directory)).unwrap().repeat(2);
    assert_eq!(run_on(twice).await.error(), unreadable);
}

#[tokio::test]
async fn places_are_never_taken_for_the_whole_directory() {
    let directory = directory().await;
    let places = Places::named(Kind::Group, "team");
    // There is no base yet where one is looked for.
    let outcome = run(&Source { places, base: String::new(), ..source(&directory) }).await;
    assert!(outcome.status.success(), "{}", outcome.printed);
    assert_eq!(outcome.stream.unwrap_err(), StreamError::Incomplete { accounts: 0 });
    assert!(outcome.printed.contains("CN=Sales Team,OU=Groups,"), "{}", outcome.printed);
    assert!(outcome.printed.lines().last().unwrap().starts_with("{\"found\":"), "{}", outcome.printed);
}
