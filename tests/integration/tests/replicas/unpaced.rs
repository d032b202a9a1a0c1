//! A way to the PSA for setting companies up.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use futures_util::future::BoxFuture;
use reqwest::Request;
use server::psa::{Answer, Network, SendError, Transport};

/// Over the network, but whatever waits is told that the time has passed: two hundred companies are
/// set up without the pace that the service keeps.
#[derive(Debug)]
pub(crate) struct Unpaced {
    network: Network,
    passed: Mutex<Duration>,
}

impl Unpaced {
    pub(crate) fn new(network: Network) -> Self {
        Self { network, passed: Mutex::default() }
    }
}

impl Transport for Unpaced {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Answer, SendError>> {
        self.network.send(request)
    }

    fn now(&self) -> Duration {
        self.network.now() + *self.passed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait(&self, time: Duration) -> BoxFuture<'_, ()> {
        *self.passed.lock().unwrap_or_else(PoisonError::into_inner) += time;
        Box::pin(std::future::ready(()))
    }
}
