//! Requests: who asks, where the API is, how often to try.

use std::{sync::Arc, time::Duration};

use base64::{Engine, prelude::BASE64_STANDARD};
use pod_view::wire::Proof;
use reqwest::{
    Method, Request, StatusCode,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::sync::RwLock;
use url::Url;

use super::{
    CommunicationTypes, Credentials, PsaError, Rejection, Site, Write,
    limiter::{Limiter, Replicas, Urgency},
    member::Form,
    references::Named,
    transport::{Answer, SendError, Transport},
    version::Version,
};

/// The most rows that one page may have (ConnectWise Developer Guide, "Pagination").
const PAGE_SIZE: usize = 1000;
const TRIES: u32 = 4;
/// Behind a member's request a browser waits, and anybody can make one: it is tried less often.
const TRIES_FOR_A_MEMBER: u32 = 2;
const LONGEST_WAIT: Duration = Duration::from_secs(30);
const SHORTEST_PAUSE: Duration = Duration::from_millis(500);
const LARGEST_LIST: usize = 200_000;
const TIME_FOR_A_LIST: Duration = Duration::from_mins(10);
/// Each of its pages may wait for its turn.
const TIME_FOR_AN_UNHURRIED_LIST: Duration = Duration::from_hours(1);

/// In whose name a request is made.
#[derive(Clone, Copy, Debug)]
pub enum Caller<'a> {
    /// The installation's API member.
    Integrator,
    /// The member in front of the pod, by the proof that the page was given.
    Member(&'a Proof, Form),
}

impl Caller<'_> {
    const fn tries(self) -> u32 {
        match self {
            Self::Integrator => TRIES,
            Self::Member(..) => TRIES_FOR_A_MEMBER,
        }
    }
}

/// A PSA and the keys to it. Clones share everything, the pace as well.
#[derive(Clone, Debug)]
pub struct Psa {
    pub(super) shared: Arc<Shared>,
    urgency: Urgency,
}

/// What all handles to one PSA have in common.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) transport: Arc<dyn Transport>,
    site: Site,
    login_company: String,
    credentials: Credentials,
    client_id: SecretString,
    api: RwLock<Option<Api>>,
    limiter: Limiter,
    pub(super) types: tokio::sync::Mutex<Option<(Duration, CommunicationTypes)>>,
    pub(super) departments: tokio::sync::Mutex<Option<(Duration, Option<Vec<Named>>)>>,
    pub(super) form: std::sync::Mutex<Form>,
}

/// Where the API is and which version of it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Api {
    root: Url,
    version: Version,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CompanyInfo {
    codebase: String,
    #[serde(default)]
    site_url: Option<String>,
    /// A text, "True" or "False".
    #[serde(default)]
    is_cloud: Value,
}

impl Psa {
    /// A client for the PSA at `site`. `client_id` is the service's; credentials with one of their
    /// own go before it.
    #[must_use]
    pub fn new(
        transport: Arc<dyn Transport>,
        site: Site,
        login_company: String,
        credentials: Credentials,
        client_id: String,
    ) -> Self {
        let client_id = credentials.client_id.clone().unwrap_or_else(|| client_id.into());
        let shared = Shared {
            transport,
            site,
            login_company,
            credentials,
            client_id,
            api: RwLock::new(None),
            limiter: Limiter::new(),
            types: tokio::sync::Mutex::default(),
            departments: tokio::sync::Mutex::default(),
            form: std::sync::Mutex::default(),
        };
        Self { shared: Arc::new(shared), urgency: Urgency::Hurried }
    }

    /// The same PSA for unattended work: its requests take only turns that nobody else's wait for, and
    /// wait much longer for one.
    #[must_use]
    pub fn unhurried(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), urgency: Urgency::Unhurried }
    }

    /// The same PSA for what everybody waits for together, such as a list that is kept.
    pub(super) fn hurried(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), urgency: Urgency::Hurried }
    }

    /// From now on the pace is shared with these replicas.
    pub fn share_with(&self, replicas: Replicas) {
        self.shared.limiter.share_with(replicas);
    }

    /// The login company.
    #[must_use]
    pub fn login_company(&self) -> &str {
        &self.shared.login_company
    }

    /// A time that only grows, from wherever it began.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.shared.transport.now()
    }

    /// The keys.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.shared.credentials
    }

    /// The clientId in use.
    #[must_use]
    pub fn client_id(&self) -> &str {
        self.shared.client_id.expose_secret()
    }

    /// Finds the API: whether this is a PSA that knows the login company.
    pub async fn find(&self) -> Result<(), PsaError> {
        self.api().await.map(drop)
    }

    /// The site.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.shared.site
    }

    /// Asks the PSA where its API is. The codebase of a cloud PSA changes with each release.
    async fn discover(&self) -> Result<Url, PsaError> {
        let url = self.shared.site.join(&["login", "companyinfo", &self.shared.login_company]);
        let mut attempt = 0;
        let answer = loop {
            attempt += 1;
            let mut request = Request::new(Method::GET, url.clone());
            request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
            let (error, wait) = match self.send(Caller::Integrator, request).await {
                Ok(answer) if answer.status.is_success() => break answer,
                Ok(answer) => (answer.error(), answer.retry_after()),
                Err(error) => (error.into_error(), None),
            };
            if !error.may_pass() {
                return Err(error);
            }
            self.wait_before_the_next(attempt, TRIES_FOR_A_MEMBER, wait).await.ok_or(error)?;
        };
        let info: Option<CompanyInfo> = answer.json()?;
        let info = info.ok_or_else(|| PsaError::UnknownLoginCompany(self.shared.login_company.clone()))?;
        let is_cloud = match &info.is_cloud {
            Value::String(text) => text.eq_ignore_ascii_case("true"),
            value => value.as_bool().unwrap_or(false),
        };
        self.shared
            .site
            .api_root(&info.codebase, info.site_url.as_deref(), is_cloud)
            .ok_or_else(|| PsaError::NotTheApi("its company information makes no sense".into()))
    }

    async fn api(&self) -> Result<Api, PsaError> {
        if let Some(api) = self.shared.api.read().await.as_ref() {
            return Ok(api.clone());
        }
        self.find_api(None).await
    }

    /// Finds the API, unless somebody else already found another root than the stale one.
    async fn find_api(&self, stale: Option<&Api>) -> Result<Api, PsaError> {
        let mut api = self.shared.api.write().await;
        match api.as_ref() {
            Some(known) if stale.is_none_or(|stale| stale.root != known.root) => Ok(known.clone()),
            _ => {
                // Whoever asks next waits for this one, also a person.
                let root = self.hurried().discover().await?;
                let found = Api { root, version: Version::OURS };
                *api = Some(found.clone());
                Ok(found)
            }
        }
    }

    /// What the answer says about the server's version: when it is older than the one asked for,
    /// that one is asked for from now on. Whether it was so.
    async fn follow_version(&self, asked: &Api, answer: &Answer) -> bool {
        let Some(offered) = answer.current_version().filter(|offered| *offered < asked.version) else {
            return false;
        };
        if let Some(api) = self.shared.api.write().await.as_mut().filter(|api| api.version > offered) {
            tracing::info!(version = %offered, psa = self.shared.site.origin(), "following an older version of the API");
            api.version = offered;
        }
        true
    }

    fn request(
        &self,
        api: &Api,
        caller: Caller<'_>,
        method: Method,
        path: &[&str],
        query: &[(&str, String)],
    ) -> Result<Request, PsaError> {
        let mut url = api.root.clone();
        url.path_segments_mut().expect("a web address has a path").extend(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut request = Request::new(method, url);
        let headers = request.headers_mut();
        headers.insert(ACCEPT, api.version.accept());
        headers
            .insert(HeaderName::from_static("clientid"), sensitive(self.shared.client_id.expose_secret())?);
        self.sign(headers, caller)?;
        Ok(request)
    }

    fn basic(&self, user: &str, secret: &str) -> String {
        BASE64_STANDARD.encode(format!("{}+{user}:{secret}", self.shared.login_company))
    }

    /// ConnectWise Developer Guide, "Authentication": API members by Basic; members of a Hosted
    /// API page by four cookies, or by Basic with their hash.
    fn sign(&self, headers: &mut HeaderMap, caller: Caller<'_>) -> Result<(), PsaError> {
        let basic = |user: &str, secret: &str| sensitive(&format!("Basic {}", self.basic(user, secret)));
        match caller {
            Caller::Integrator => {
                let Credentials { public_key, private_key, .. } = &self.shared.credentials;
                headers.insert(AUTHORIZATION, basic(public_key, private_key.expose_secret())?);
            }
            Caller::Member(proof, form) => {
                check(proof)?;
                let Proof { member, hash, context, .. } = proof;
                match form {
                    Form::Basic => headers.insert(AUTHORIZATION, basic(member, hash)?),
                    Form::Cookies => {
                        let company = &self.shared.login_company;
                        let cookies = format!(
                            "companyName={company}; memberId={member}; memberHash={hash}; memberContext={context}"
                        );
                        headers.insert(COOKIE, sensitive(&cookies)?)
                    }
                };
            }
        }
        Ok(())
    }

    async fn send(&self, caller: Caller<'_>, request: Request) -> Result<Answer, SendError> {
        self.send_until(caller, request, None).await
    }

    /// Sends a request when its turn comes, unless that is too late. When the PSA asks for fewer,
    /// everybody waits.
    async fn send_until(
        &self,
        caller: Caller<'_>,
        request: Request,
        latest: Option<Duration>,
    ) -> Result<Answer, SendError> {
        let urgency = match (self.urgency, latest) {
            (Urgency::Unhurried, Some(_)) => Urgency::UnhurriedWrite,
            (urgency, _) => urgency,
        };
        let _turn = self
            .shared
            .limiter
            .turn(&*self.shared.transport, caller, urgency)
            .await
            .map_err(SendError::NotInTurn)?;
        if latest.is_some_and(|latest| self.shared.transport.now() > latest) {
            return Err(SendError::TooLate);
        }
        let mut answer = self.shared.transport.send(request).await?;
        self.forget_secrets(caller, &mut answer);
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            let pause = answer.retry_after().unwrap_or(Answer::PAUSE_WITHOUT_A_WORD).max(SHORTEST_PAUSE);
            self.shared.limiter.pause(self.shared.transport.now(), pause);
        }
        Ok(answer)
    }

    /// Takes out of an error what proved who asked: its words are shown and logged, and some servers repeat
    /// the request in them.
    fn forget_secrets(&self, caller: Caller<'_>, answer: &mut Answer) {
        if answer.status.is_success() {
            return;
        }
        let secret = match caller {
            Caller::Integrator => self.shared.credentials.private_key.expose_secret(),
            Caller::Member(proof, _) => &proof.hash,
        };
        let user = match caller {
            Caller::Integrator => &self.shared.credentials.public_key,
            Caller::Member(proof, _) => &proof.member,
        };
        let basic = self.basic(user, secret);
        let mut body = String::from_utf8_lossy(&answer.body).into_owned();
        for secret in [secret, &basic, self.shared.client_id.expose_secret()] {
            if !secret.is_empty() && body.contains(secret) {
                body = body.replace(secret, "(secret)");
                answer.body = body.clone().into_bytes();
            }
        }
    }

    /// Waits before the next try; `None` when there is to be none.
    async fn wait_before_the_next(&self, attempt: u32, tries: u32, asked: Option<Duration>) -> Option<()> {
        let wait = asked.unwrap_or_else(|| back_off(attempt));
        if attempt >= tries || wait > LONGEST_WAIT {
            return None;
        }
        self.shared.transport.wait(wait).await;
        Some(())
    }

    /// Reads, trying again where that may help.
    async fn read(
        &self,
        caller: Caller<'_>,
        path: &[&str],
        query: &[(&str, String)],
        forward_only: bool,
    ) -> Result<Answer, PsaError> {
        let (mut refreshed, mut stepped) = (false, false);
        let mut attempt = 0;
        loop {
            let api = self.api().await?;
            attempt += 1;
            let mut request = self.request(&api, caller, Method::GET, path, query)?;
            if forward_only {
                let forward = HeaderValue::from_static("forward-only");
                request.headers_mut().insert(HeaderName::from_static("pagination-type"), forward);
            }
            let (error, wait) = match self.send(caller, request).await {
                Ok(answer) => {
                    let older = self.follow_version(&api, &answer).await;
                    if answer.status.is_success() {
                        return Ok(answer);
                    }
                    if older && !stepped && answer.refuses_a_version() {
                        stepped = true;
                        continue;
                    }
                    if answer.status == StatusCode::NOT_FOUND && answer.endpoint_is_gone() && !refreshed {
                        refreshed = true;
                        if self.find_api(Some(&api)).await?.root != api.root {
                            continue;
                        }
                        return Err(answer.error());
                    }
                    (answer.error(), answer.retry_after())
                }
                Err(SendError::NotInTurn(error)) => return Err(error),
                Err(error) => (error.into_error(), None),
            };
            match error {
                // The turn of the next try comes when the pause is over.
                PsaError::Throttled if attempt < caller.tries() => {}
                error if error.may_pass() => {
                    self.wait_before_the_next(attempt, caller.tries(), wait).await.ok_or(error)?;
                }
                error => return Err(error),
            }
        }
    }

    /// Reads one record.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        caller: Caller<'_>,
        path: &[&str],
        query: &[(&str, String)],
    ) -> Result<T, PsaError> {
        self.read(caller, path, query, false).await?.json()
    }

    /// Reads all rows of a list, in the order of their ids (ConnectWise Developer Guide,
    /// "Pagination": forward-only, where `pageId` means greater than that id and `page` is
    /// ignored; an endpoint that does not know it follows `page`). The list ends where the PSA
    /// says so in its `Link` header, or with a page that has no rows; a partial list is never
    /// taken for a whole one.
    pub(super) async fn list<T: DeserializeOwned>(
        &self,
        caller: Caller<'_>,
        path: &[&str],
        query: &[(&str, String)],
        id: impl Fn(&T) -> i64,
        mut seen: impl FnMut(usize),
    ) -> Result<Vec<T>, PsaError> {
        let pages = async {
            let page_after = async |last: i64, page: u32| {
                let mut query = query.to_vec();
                query.push(("pageSize", PAGE_SIZE.to_string()));
                query.push(("pageId", last.to_string()));
                query.push(("page", page.to_string()));
                self.read(caller, path, &query, true).await
            };
            let mut rows: Vec<T> = Vec::new();
            let mut last = 0;
            let mut ahead = None;
            for page in 1.. {
                let answer = match ahead.take() {
                    Some(answer) => answer?,
                    None => page_after(last, page).await?,
                };
                // The next page is on its way while this one is read.
                let next = answer.next_page_id().filter(|next| *next > last);
                let (some, fetched) = match next {
                    Some(next) => {
                        let (fetched, some) =
                            tokio::join!(page_after(next, page + 1), async { answer.json::<Vec<T>>() });
                        (some?, Some((next, fetched)))
                    }
                    None => (answer.json()?, None),
                };
                // A full page may be followed by another, whatever a header says.
                let ends = some.is_empty() || (some.len() < PAGE_SIZE && answer.says_that_the_list_ends());
                for row in &some {
                    if id(row) <= last {
                        return Err(PsaError::Failed("its list is not in the order of its ids".into()));
                    }
                    last = id(row);
                }
                // What the header says is a hint; what counts is the last row.
                ahead = fetched.filter(|(next, _)| *next == last).map(|(_, answer)| answer);
                rows.extend(some);
                seen(rows.len());
                if ends {
                    break;
                }
                if rows.len() > LARGEST_LIST {
                    return Err(PsaError::Failed("its list is too long".into()));
                }
            }
            Ok(rows)
        };
        let time = match self.urgency {
            Urgency::Hurried => TIME_FOR_A_LIST,
            Urgency::Unhurried | Urgency::UnhurriedWrite => TIME_FOR_AN_UNHURRIED_LIST,
        };
        tokio::time::timeout(time, pages).await.map_err(|_| PsaError::TimedOut)?
    }

    /// Writes, once. It is tried again only where the first try certainly did not arrive, or was
    /// refused before it was looked at.
    pub(super) async fn write(
        &self,
        method: Method,
        path: &[&str],
        body: &Value,
    ) -> Result<Write<Value>, PsaError> {
        self.write_within(None, method, path, body).await
    }

    /// The same, but nothing is sent after this time: what the write is based on was read a moment
    /// ago and may be otherwise by then.
    pub(super) async fn write_within(
        &self,
        time: Option<Duration>,
        method: Method,
        path: &[&str],
        body: &Value,
    ) -> Result<Write<Value>, PsaError> {
        let latest = time.map(|time| self.shared.transport.now() + time);
        let (mut refreshed, mut stepped) = (false, false);
        let mut attempt = 0;
        loop {
            let api = self.api().await?;
            attempt += 1;
            let mut request = self.request(&api, Caller::Integrator, method.clone(), path, &[])?;
            if !body.is_null() {
                let json = HeaderValue::from_static("application/json; charset=utf-8");
                request.headers_mut().insert(CONTENT_TYPE, json);
                *request.body_mut() =
                    Some(serde_json::to_vec(body).expect("a JSON value can be written").into());
            }
            match self.send_until(Caller::Integrator, request, latest).await {
                Ok(answer) if answer.status == StatusCode::NO_CONTENT => {
                    return Ok(Write::Applied(Value::Null));
                }
                Ok(answer) if answer.status.is_success() => {
                    return Ok(answer.json().map_or(Write::Unknown, Write::Applied));
                }
                Ok(answer) if answer.status == StatusCode::TOO_MANY_REQUESTS => {
                    if attempt >= TRIES {
                        return Ok(Write::Rejected(Rejection::Throttled));
                    }
                }
                Ok(answer) if answer.status == StatusCode::UNAUTHORIZED => {
                    return Err(PsaError::Unauthorized);
                }
                Ok(answer) if answer.status == StatusCode::FORBIDDEN => return Err(PsaError::Forbidden),
                // The API itself says that nothing is at this address: it moved since the last read.
                Ok(answer)
                    if answer.status == StatusCode::NOT_FOUND
                        && !refreshed
                        && answer.error_body().is_some_and(|body| body.endpoint_is_gone()) =>
                {
                    refreshed = true;
                    self.find_api(Some(&api)).await?;
                }
                // Only the API's own words are a refusal: an answer from something in between, or
                // an error of the server, leaves open whether the write was made.
                Ok(answer) if answer.status.is_client_error() => {
                    let Some(body) = answer.error_body() else { return Ok(Write::Unknown) };
                    let older = self.follow_version(&api, &answer).await;
                    if stepped || !older || !answer.refuses_a_version() {
                        return Ok(Write::Rejected(body.into_rejection()));
                    }
                    stepped = true;
                }
                Ok(_) | Err(SendError::NoAnswer(_)) => return Ok(Write::Unknown),
                Err(SendError::TooLate) => return Ok(Write::Rejected(Rejection::TooLate)),
                Err(SendError::NotInTurn(_)) => {
                    return Ok(Write::Rejected(Rejection::Throttled));
                }
                Err(SendError::NotSent(words)) => {
                    if self.wait_before_the_next(attempt, TRIES, None).await.is_none() {
                        return Ok(Write::Rejected(Rejection::Unreachable(words)));
                    }
                }
            }
        }
    }
}

/// The proof comes from a browser: nothing in it may end one cookie and begin another, or end the
/// name where the secret begins.
fn check(proof: &Proof) -> Result<(), PsaError> {
    let clean = |text: &str, most: usize| {
        !text.is_empty()
            && text.len() <= most
            && text.chars().all(|sign| sign.is_ascii_graphic() && !";,\"\\".contains(sign))
    };
    let fits = clean(&proof.member, 100) && clean(&proof.hash, 2048) && clean(&proof.context, 4096);
    if fits && !proof.member.contains(':') { Ok(()) } else { Err(PsaError::Unauthorized) }
}

fn sensitive(text: &str) -> Result<HeaderValue, PsaError> {
    let mut value = HeaderValue::from_str(text).map_err(|_| PsaError::Unauthorized)?;
    value.set_sensitive(true);
    Ok(value)
}

/// Half a second, then twice as long each time, up to double that at random.
fn back_off(attempt: u32) -> Duration {
    let [byte] = crate::security::keys::random::<1>();
    let base = 500u64 << attempt.min(6);
    Duration::from_millis(base / 2 + base * u64::from(byte) / 512)
}
