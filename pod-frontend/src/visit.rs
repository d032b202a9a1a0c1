//! One stay with one company: its token, and every request in its name. When the record on the
//! screen changes, the visit ends and whatever still comes back is thrown away.

use std::cell::{Cell, RefCell};

use pod_view::{
    text::Local,
    wire::{OpenRequest, Opened, Proof, Purpose, Record, Session, SessionRequest},
};
use serde::{Serialize, de::DeserializeOwned};
use web_sys::{AbortController, AbortSignal, Response};

use crate::{
    dom,
    host::{self, Place},
    net::{self, Failure, Lines},
};

/// A token is renewed when it would last shorter than this, in milliseconds.
const RENEW_BEFORE: f64 = 30_000.0;

#[derive(Debug)]
pub(crate) struct Visit {
    /// Of a ticket or a contact it is known once the service has said it.
    company: Cell<i64>,
    record: Option<Record>,
    installation: String,
    end: AbortController,
    token: RefCell<Option<Token>>,
}

#[derive(Debug)]
struct Token {
    text: String,
    /// In milliseconds of the browser's clock.
    ends: f64,
}

impl Visit {
    pub(crate) fn new(place: Place) -> Self {
        let (company, record) = match place {
            Place::Company(id) => (id, None),
            Place::Record(record) => (0, Some(record)),
        };
        Self {
            company: Cell::new(company),
            record,
            installation: dom::body_data("installation"),
            end: AbortController::new().expect("browsers that run WASM can abort"),
            token: RefCell::new(None),
        }
    }

    /// The record on the screen, where that is no company.
    pub(crate) const fn record(&self) -> Option<Record> {
        self.record
    }

    /// A visit that the first look has opened, at this time of the browser's clock.
    pub(crate) fn begun(place: Place, session: &Session, at: f64) -> Self {
        let visit = Self::new(place);
        visit.keep(session, at);
        visit
    }

    fn keep(&self, session: &Session, at: f64) {
        if let Some(on) = &session.record {
            self.company.set(on.company);
        }
        let ends = at + f64::from(session.seconds) * 1000.0;
        self.token.replace(Some(Token { text: session.token.clone(), ends }));
    }

    /// Ends the visit: nothing is sent and nothing is heard any more.
    pub(crate) fn end(&self) {
        self.token.take();
        self.end.abort();
    }

    /// A stale visit draws nothing.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        if self.end.signal().aborted() { Err(Failure::Stale) } else { Ok(()) }
    }

    /// Asks the service, with a fresh proof, for a token for everything in the pod but applying,
    /// and where the company stands.
    pub(crate) async fn open(&self) -> Result<Opened, Failure> {
        let proof = self.proof().await?;
        let request = OpenRequest {
            proof,
            company: self.company.get(),
            record: self.record,
            lang: Some(dom::language().tag().to_owned()),
            zone: dom::time_zone(),
        };
        let opened: Opened = self.knock("open", &request).await?;
        self.keep(&opened.session, js_sys::Date::now());
        Ok(opened)
    }

    /// As [`Self::open`], for the token alone.
    async fn enter(&self) -> Result<Session, Failure> {
        let session = self.session(Purpose::Pod).await?;
        self.keep(&session, js_sys::Date::now());
        Ok(session)
    }

    async fn session(&self, purpose: Purpose) -> Result<Session, Failure> {
        let proof = self.proof().await?;
        let request = SessionRequest { proof, company: self.company.get(), record: self.record, purpose };
        self.knock("session", &request).await
    }

    async fn proof(&self) -> Result<Proof, Failure> {
        let proof = host::proof().await;
        self.check()?;
        proof.ok_or_else(|| Failure::local(Local::NoProof))
    }

    /// A request that a proof goes with, not a token.
    async fn knock<T: DeserializeOwned>(&self, what: &str, request: &impl Serialize) -> Result<T, Failure> {
        let path = format!("/i/{}/{what}", self.installation);
        let response = net::send("POST", &path, None, Some(&text(request)?), &self.end.signal()).await?;
        let answer = net::json(net::accepted(response).await?).await;
        self.check()?;
        answer
    }

    async fn token(&self) -> Result<String, Failure> {
        let held = self
            .token
            .borrow()
            .as_ref()
            .filter(|token| token.ends - RENEW_BEFORE > js_sys::Date::now())
            .map(|token| token.text.clone());
        match held {
            Some(token) => Ok(token),
            None => Ok(self.enter().await?.token),
        }
    }

    fn path(&self, what: &str) -> String {
        format!("/i/{}/companies/{}/{what}", self.installation, self.company.get())
    }

    /// One request with the pod's token; once more with a new one when the service no longer
    /// takes it.
    async fn call(
        &self,
        method: &str,
        what: &str,
        body: Option<&str>,
        signal: &AbortSignal,
    ) -> Result<Response, Failure> {
        const UNAUTHORISED: u16 = 401;
        let path = self.path(what);
        let mut response = net::send(method, &path, Some(&self.token().await?), body, signal).await?;
        if response.status() == UNAUTHORISED {
            self.check()?;
            let token = self.enter().await?.token;
            response = net::send(method, &path, Some(&token), body, signal).await?;
        }
        self.check()?;
        net::accepted(response).await
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, what: &str) -> Result<T, Failure> {
        let response = self.call("GET", what, None, &self.end.signal()).await?;
        let value = net::json(response).await;
        self.check()?;
        value
    }

    /// Asks by a text and takes one answer.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        what: &str,
        value: &impl Serialize,
    ) -> Result<T, Failure> {
        let response = self.call("POST", what, Some(&text(value)?), &self.end.signal()).await?;
        let value = net::json(response).await;
        self.check()?;
        value
    }

    pub(crate) async fn put(&self, what: &str, value: &impl Serialize) -> Result<(), Failure> {
        self.call("PUT", what, Some(&text(value)?), &self.end.signal()).await?;
        self.check()
    }

    /// Ends with the visit.
    pub(crate) fn signal(&self) -> AbortSignal {
        self.end.signal()
    }

    /// A stream that `signal` may cancel before the visit's end.
    pub(crate) async fn stream(&self, what: &str, signal: AbortSignal) -> Result<Lines, Failure> {
        let response = self.call("POST", what, None, &signal).await?;
        Lines::new(&response, signal)
    }

    /// The same, asked with a value.
    pub(crate) async fn stream_of(
        &self,
        what: &str,
        value: &impl Serialize,
        signal: AbortSignal,
    ) -> Result<Lines, Failure> {
        let response = self.call("POST", what, Some(&text(value)?), &signal).await?;
        Lines::new(&response, signal)
    }

    /// A run as it goes, until the visit's end.
    pub(crate) async fn follow(&self, what: &str) -> Result<Lines, Failure> {
        let signal = self.end.signal();
        let response = self.call("GET", what, None, &signal).await?;
        Lines::new(&response, signal)
    }

    /// Sends what is to be written, with a token of its own that is good for exactly that, once.
    pub(crate) async fn write(&self, what: &str, body: &str, digest: String) -> Result<Lines, Failure> {
        self.write_as(Purpose::Apply(digest), what, body).await
    }

    /// The same for another purpose.
    pub(crate) async fn write_as(&self, purpose: Purpose, what: &str, body: &str) -> Result<Lines, Failure> {
        let token = self.session(purpose).await?.token;
        let signal = self.end.signal();
        let response = match net::send("POST", &self.path(what), Some(&token), Some(body), &signal).await {
            // It may have arrived: whether anything was written is not known here.
            Err(Failure::Broken(_)) => return Err(Failure::local(Local::ApplyCutOff)),
            other => other?,
        };
        self.check()?;
        Lines::new(&net::accepted(response).await?, signal)
    }
}

fn text(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|_| Failure::local(Local::Unclear))
}
