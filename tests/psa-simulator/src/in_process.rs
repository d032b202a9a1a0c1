//! The REST interface without sockets and without waiting: for tests that run through thousands of
//! histories.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use serde_json::Value;

use crate::delivery::rest_path;
use crate::options::Options;
use crate::rest::{Disturbance, Head, Payload, carry_out, company_info, exchange};
use crate::world::{SharedWorld, World};

/// The port that addresses name; nobody listens there.
const PORT: u16 = 9400;

/// A PSA that is called rather than connected to. Its time stands still until
/// [`InProcess::pass`].
///
/// ```
/// use psa_simulator::{Arrival, InProcess, Options, Sent};
///
/// let psa = InProcess::new(&Options::default()).unwrap();
/// let arrival = psa.call(Sent { method: "GET", url: "http://127.0.0.1:9400/login/companyinfo/training",
///     headers: Vec::new(), body: Vec::new() });
/// assert!(matches!(arrival, Arrival::Answered(received) if received.status == 200));
/// ```
#[derive(Debug)]
pub struct InProcess {
    world: SharedWorld,
    time: Mutex<Time>,
}

#[derive(Debug, Default)]
struct Time {
    now: Duration,
    /// What is done later, and when.
    due: Vec<(Duration, Postponed)>,
}

#[derive(Debug)]
struct Postponed {
    head: Head,
    codebase: String,
    path: String,
    body: Vec<u8>,
}

/// A request.
#[derive(Clone, Debug)]
pub struct Sent<'a> {
    /// The method.
    pub method: &'a str,
    /// The whole address.
    pub url: &'a str,
    /// Names, in lower case, and values.
    pub headers: Vec<(&'a str, &'a str)>,
    /// The body; empty for none.
    pub body: Vec<u8>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The status.
    pub status: u16,
    /// Names and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// What comes back of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// An answer.
    Answered(Received),
    /// An answer after this time.
    Late(Duration, Received),
    /// The request never arrived.
    Refused,
    /// The connection ended without a whole answer.
    Broken,
}

impl InProcess {
    /// The PSA that `options` describe.
    pub fn new(options: &Options) -> Result<Self> {
        Ok(Self { world: SharedWorld::new(World::begin(options, PORT)?), time: Mutex::default() })
    }

    /// The state, to look at and to change.
    pub fn world(&self) -> SharedWorld {
        self.world.clone()
    }

    /// The origin of everything.
    pub fn url(&self) -> String {
        self.world.lock().place.web_origin()
    }

    /// How much time has passed.
    pub fn now(&self) -> Duration {
        self.time.lock().unwrap_or_else(PoisonError::into_inner).now
    }

    /// Lets time pass; what was to be done meanwhile is done.
    pub fn pass(&self, time: Duration) {
        let due = {
            let mut own = self.time.lock().unwrap_or_else(PoisonError::into_inner);
            own.now += time;
            let now = own.now;
            let mut due: Vec<_> = own.due.extract_if(.., |(at, _)| *at <= now).collect();
            due.sort_by_key(|(at, _)| *at);
            due
        };
        for (_, Postponed { head, codebase, path, body }) in due {
            carry_out(&mut self.world.lock(), &head, &codebase, &path, &body);
        }
    }

    /// Answers one request, faults included.
    pub fn call(&self, sent: Sent<'_>) -> Arrival {
        let Ok(url) = url::Url::parse(sent.url) else { return Arrival::Refused };
        let host = format!("{}:{}", url.host_str().unwrap_or_default(), url.port().unwrap_or_default());
        let query = url.query().unwrap_or_default();
        let head = Head::new(sent.method, url.path(), query, &host, sent.headers.into_iter());
        if let Some(company) = head.path.strip_prefix("/login/companyinfo/") {
            return Arrival::Answered(json(200, Vec::new(), &company_info(&self.world.lock(), company)));
        }
        let Some((codebase, path)) = rest_path(&head.path) else {
            let page = "<!DOCTYPE html><title>Not found</title>".into();
            let html = ("Content-Type", "text/html; charset=utf-8".to_owned());
            return Arrival::Answered(Received { status: 404, headers: vec![html], body: page });
        };
        let mut world = self.world.lock();
        let done = exchange(&mut world, &head, codebase, path, &sent.body);
        let received = match done.reply {
            Payload::Json(value) => json(done.status, done.headers, &value),
            Payload::Html(page) => {
                Received { status: done.status, headers: done.headers, body: page.into_bytes() }
            }
            Payload::Nothing => Received { status: done.status, headers: done.headers, body: Vec::new() },
        };
        match done.disturbance {
            None => Arrival::Answered(received),
            Some(Disturbance::Delay(time)) => Arrival::Late(time, received),
            Some(Disturbance::Refuse) => Arrival::Refused,
            Some(Disturbance::Drop | Disturbance::Truncate) => Arrival::Broken,
            Some(Disturbance::Later(later)) => {
                let mut time = self.time.lock().unwrap_or_else(PoisonError::into_inner);
                let at = time.now + later;
                let (codebase, path) = (codebase.to_owned(), path.to_owned());
                time.due.push((at, Postponed { head: head.clone(), codebase, path, body: sent.body }));
                Arrival::Broken
            }
        }
    }
}

impl Drop for InProcess {
    fn drop(&mut self) {
        crate::server::fail_on_misfits(&self.world);
    }
}

fn json(status: u16, mut headers: Vec<(&'static str, String)>, value: &Value) -> Received {
    if !headers.iter().any(|(name, _)| *name == "Content-Type") {
        headers.push(("Content-Type", "application/json; charset=utf-8".into()));
    }
    Received { status, headers, body: value.to_string().into_bytes() }
}
