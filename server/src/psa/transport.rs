//! How requests leave, and how time passes meanwhile: over HTTPS here, without sockets in tests that
//! run through thousands of histories.

use std::{fmt::Debug, sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use reqwest::{
    Request, StatusCode,
    dns::{Addrs, Name, Resolve, Resolving},
    header::HeaderMap,
};
use tokio::time::Instant;

use super::PsaError;
use crate::security::egress::Egress;

const TIME_FOR_ONE_ANSWER: Duration = Duration::from_secs(30);
const TIME_TO_CONNECT: Duration = Duration::from_secs(10);
const LARGEST_ANSWER: usize = 64 << 20;

/// What the PSA answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, whole.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Clone, Debug)]
pub enum SendError {
    /// It certainly did not arrive.
    NotSent(String),
    /// It may have arrived.
    NoAnswer(PsaError),
    /// Its turn did not come in time.
    NotInTurn(PsaError),
    /// Its turn came when it was no longer to be sent.
    TooLate,
}

impl SendError {
    pub(super) fn into_error(self) -> PsaError {
        match self {
            Self::NotSent(words) => PsaError::Unreachable(words),
            Self::NoAnswer(error) | Self::NotInTurn(error) => error,
            Self::TooLate => PsaError::Throttled,
        }
    }
}

/// Carries requests to a PSA, and waits.
pub trait Transport: Debug + Send + Sync {
    /// Sends one request once.
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Answer, SendError>>;

    /// A time that only grows, from wherever it began.
    fn now(&self) -> Duration;

    /// Lets that much time pass.
    fn wait(&self, time: Duration) -> BoxFuture<'_, ()>;
}

/// Over the network, to where the operator allows: somebody who joins names the host, and it must
/// not become a way into the service's own network.
#[derive(Clone, Debug)]
pub struct Network {
    http: reqwest::Client,
    egress: Arc<Egress>,
    began: Instant,
}

impl Network {
    /// With certificates of authorities to trust beside the public ones.
    ///
    /// # Panics
    /// When the TLS provider was not installed: a programming error in `main`.
    #[must_use]
    pub fn new(extra_authorities: &[reqwest::Certificate], egress: Egress) -> Self {
        let egress = Arc::new(egress);
        let http = builder(extra_authorities)
            .dns_resolver(Arc::new(Guarded(Arc::clone(&egress))))
            .build()
            .expect("the TLS provider is installed at the start of main");
        Self { http, egress, began: Instant::now() }
    }
}

/// Looks names up, and gives only addresses that may be connected to: what was checked is what is
/// connected to.
struct Guarded(Arc<Egress>);

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let egress = Arc::clone(&self.0);
        Box::pin(async move {
            let addresses = egress.addresses(name.as_str()).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

impl Transport for Network {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Answer, SendError>> {
        Box::pin(async move {
            self.egress.check(request.url()).map_err(|error| SendError::NotSent(error.to_string()))?;
            let mut answer = self.http.execute(request).await.map_err(|error| {
                if error.is_connect() {
                    SendError::NotSent(error.without_url().to_string())
                } else if error.is_timeout() {
                    SendError::NoAnswer(PsaError::TimedOut)
                } else {
                    SendError::NoAnswer(PsaError::Unreachable(error.without_url().to_string()))
                }
            })?;
            let (status, headers) = (answer.status(), answer.headers().clone());
            let mut body = Vec::new();
            loop {
                match answer.chunk().await {
                    Ok(Some(chunk)) if body.len() + chunk.len() > LARGEST_ANSWER => {
                        return Err(SendError::NoAnswer(PsaError::Failed("its answer is too large".into())));
                    }
                    Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                    Ok(None) => return Ok(Answer { status, headers, body }),
                    Err(error) => {
                        let words = error.without_url().to_string();
                        return Err(SendError::NoAnswer(PsaError::Unreachable(words)));
                    }
                }
            }
        })
    }

    fn now(&self) -> Duration {
        self.began.elapsed()
    }

    fn wait(&self, time: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(time))
    }
}

/// A plain HTTP client with the service's deadlines.
///
/// # Panics
/// When the TLS provider was not installed: a programming error in `main`.
#[must_use]
pub fn http(extra_authorities: &[reqwest::Certificate]) -> reqwest::Client {
    builder(extra_authorities).build().expect("the TLS provider is installed at the start of main")
}

#[expect(clippy::disallowed_methods, reason = "this is the client that everything else is to use")]
fn builder(extra_authorities: &[reqwest::Certificate]) -> reqwest::ClientBuilder {
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(TIME_TO_CONNECT)
        .timeout(TIME_FOR_ONE_ANSWER)
        .no_proxy()
        .user_agent(concat!("ConnectActive/", env!("CARGO_PKG_VERSION")));
    for authority in extra_authorities {
        builder = builder.add_root_certificate(authority.clone());
    }
    builder
}
