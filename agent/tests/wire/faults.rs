//! What a broken or hostile server does. None of it may end in a seal.

use std::time::{Duration, Instant};

use agent::ReadError;
use agent::error::{EntryProblem, Step};
use agent::stream::StreamError;
use sample_directory::Fault;

use crate::harness::{directory, run, run_with, source};

#[tokio::test]
async fn d1_cut_in_the_middle_of_page_two() {
    let error = run_with(Fault::Cut { page: 2, after: 20 }).await.error();
    assert_eq!(error, ReadError::CutOff { step: Step::Search, page: 2, accounts: 70 });
}

#[tokio::test]
async fn d1_cut_after_the_last_entry_but_before_the_end() {
    let error = run_with(Fault::Cut { page: 4, after: usize::MAX }).await.error();
    assert_eq!(error, ReadError::CutOff { step: Step::Search, page: 4, accounts: 200 });
}

#[tokio::test]
async fn d2_errors_on_page_two() {
    for rc in [1, 3, 11, 50, 51, 52, 53, 80] {
        let error = run_with(Fault::Answer { page: 2, rc }).await.error();
        let rc = u32::try_from(rc).unwrap();
        let text = String::new();
        assert_eq!(error, ReadError::ServerError { step: Step::Search, rc, page: 2, accounts: 100, text });
    }
    assert_eq!(
        run_with(Fault::Answer { page: 2, rc: 4 }).await.error(),
        ReadError::SizeLimit { accounts: 100 }
    );
    assert_eq!(run_with(Fault::Answer { page: 2, rc: 10 }).await.error(), ReadError::BaseElsewhere);
}

#[tokio::test]
async fn d3_a_server_that_does_not_page() {
    assert_eq!(run_with(Fault::IgnorePaging).await.error(), ReadError::NoPaging);
    assert_eq!(run_with(Fault::Answer { page: 1, rc: 12 }).await.error(), ReadError::NoPaging);
}

#[tokio::test]
async fn d3_pages_that_lead_nowhere() {
    assert!(matches!(run_with(Fault::RepeatPage).await.error(), ReadError::DuplicateAccount { page: 2, .. }));
    let error = run_with(Fault::EmptyPages).await.error();
    assert_eq!(error, ReadError::PagingStuck { page: 2, accounts: 0 });
}

#[tokio::test]
async fn d14_a_distinguished_name_that_is_not_text() {
    let error = run_with(Fault::InvalidDn { page: 1 }).await.error();
    let ReadError::MalformedEntry { dn, problem, others: 0, .. } = error else { panic!("{error}") };
    assert_eq!((dn.as_str(), problem), ("CN=Spoilt\\ff", EntryProblem::NotUtf8));
}

#[tokio::test]
async fn d14_an_answer_that_is_not_ldap() {
    let error = run_with(Fault::NotLdap).await.error();
    assert_eq!(error, ReadError::Garbled { step: Step::Bind, page: 0, accounts: 0 });
}

#[tokio::test]
async fn d14_nested_ber_kills_nothing_but_the_child() {
    let outcome = run_with(Fault::NestedBer { depth: 200_000 }).await;
    assert_eq!(outcome.stream.unwrap_err(), StreamError::Incomplete { accounts: 0 });
    assert!(!outcome.status.success());
    assert_eq!(outcome.status.code(), None, "killed by a signal, not ended: {}", outcome.printed);
}

#[tokio::test]
async fn d13_an_answer_without_end_meets_the_childs_memory_limit() {
    let outcome = run_with(Fault::Endless).await;
    assert_eq!(outcome.stream.unwrap_err(), StreamError::Incomplete { accounts: 0 });
    assert!(outcome.printed.contains("memory allocation"), "{}", outcome.printed);
}

#[tokio::test]
async fn d16_a_server_that_falls_silent() {
    let directory = directory().await;
    directory.set_fault(Some(Fault::Stall { page: 2 }));
    let mut source = source(&directory);
    source.limits.seconds = 2;
    let started = Instant::now();
    assert_eq!(run(&source).await.error(), ReadError::TimedOut { step: Step::Search, accounts: 50 });
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

#[tokio::test]
async fn d16_a_server_that_never_says_a_word() {
    // Accepted by the kernel, never by a program.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let directory = directory().await;
    let mut source = source(&directory);
    let address = silent.local_addr().unwrap();
    (source.address, source.port) = (Some(address), address.port());
    source.limits.seconds = 1;
    assert_eq!(run(&source).await.error(), ReadError::TimedOut { step: Step::Tls, accounts: 0 });
}
