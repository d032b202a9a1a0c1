//! A connection that is lost anywhere, TLS and all. `CUT_EVERY=1` cuts it after each byte.

use std::net::SocketAddr;

use agent::read::{Milestone, ReceiverGone, Sink, Summary, read};
use agent::{ReadError, Source};
use reconcile::Account;
use sample_directory::{Options, people, start};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::harness;

/// A prime, so that every kind of place is met; the last bytes are tried one by one in any case.
const STRIDE: usize = 13;

struct Count(u64);

impl Sink for Count {
    fn account(&mut self, _account: Account) -> Result<(), ReceiverGone> {
        self.0 += 1;
        Ok(())
    }

    fn reached(&mut self, _milestone: &Milestone) -> Result<(), ReceiverGone> {
        Ok(())
    }
}

/// Reads through a relay that lets so many of the server's bytes pass and then cuts. Gives the
/// outcome and how many bytes came.
async fn read_through(
    source: &Source,
    server: SocketAddr,
    pass: usize,
) -> (Result<Summary, ReadError>, usize) {
    let relay = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = relay.local_addr().unwrap();
    let relayed = tokio::spawn(async move {
        let (client, _) = relay.accept().await.unwrap();
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_server, mut to_server) = TcpStream::connect(server).await.unwrap().into_split();
        let upwards = tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_server).await });
        let mut passed = 0;
        let mut buffer = [0; 4096];
        while passed < pass {
            let room = buffer.len().min(pass - passed);
            let Ok(length @ 1..) = from_server.read(&mut buffer[..room]).await else { break };
            if to_client.write_all(&buffer[..length]).await.is_err() {
                break;
            }
            passed += length;
        }
        upwards.abort();
        passed
    });
    let source = Source { address: Some(address), port: address.port(), ..source.clone() };
    let outcome = read(&source, &mut Count(0)).await;
    (outcome, relayed.await.unwrap())
}

#[tokio::test]
async fn d1_cut_anywhere_a_read_is_never_whole() {
    // Another test may have installed it already; what counts is that there is one.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let few = people().into_iter().take(5).collect();
    let directory = start(Options { people: few, ..Options::default() }).await.unwrap();
    let source = Source { page_size: 2, ..harness::source(&directory) };
    let (outcome, all) = read_through(&source, directory.address(), usize::MAX).await;
    assert_eq!(outcome.unwrap(), Summary { accounts: 5, pages: 3 });
    let mut whole = 0;
    let stride = std::env::var("CUT_EVERY").map_or(STRIDE, |text| text.parse().expect("a number of bytes"));
    let cuts = (0..all).step_by(stride).chain(all.saturating_sub(80)..all);
    for pass in cuts {
        let (outcome, passed) = read_through(&source, directory.address(), pass).await;
        if let Ok(summary) = outcome {
            // Only the goodbye may be missing: every entry and the last page's end have come.
            assert_eq!(summary.accounts, 5);
            assert!(all - passed < 64, "whole after {passed} of {all} bytes");
            whole += 1;
        }
    }
    assert!(whole <= 64, "{whole}");
}
