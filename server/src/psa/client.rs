//! Requests: who asks, where the API is, how often to try.

use std::{sync::Arc, time::Duration};

use base64::{Engine, prelude::BASE64_STANDARD};
use pod_view::wire::Proof;
use reqwest::{
    Method, StatusCode,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::sync::{RwLock, Semaphore};
use url::Url;

use super::{
    PsaError, Site, Write,
    answer::{Answer, SendError},
};

/// The version of the API that our types follow (ConnectWise Developer Guide, "Versioning").
const ACCEPTED: &str = "application/vnd.connectwise.com+json; version=2025.16";
/// The most rows that one page may have.
const PAGE_SIZE: usize = 1000;
const TRIES: u32 = 4;
const TIME_FOR_ONE_ANSWER: Duration = Duration::from_secs(30);
const LONGEST_WAIT: Duration = Duration::from_secs(30);
const LARGEST_ANSWER: usize = 64 << 20;
const LARGEST_LIST: usize = 200_000;
const TIME_FOR_A_LIST: Duration = Duration::from_mins(10);
/// Behind a member's request a browser waits, and anybody can make one: it is tried less often.
const TRIES_FOR_A_MEMBER: u32 = 2;
/// The guide advises to limit parallel requests without a figure; a few keep a page of 1,000
/// contacts from waiting behind a create.
const IN_FLIGHT: usize = 4;
const MEMBERS_IN_FLIGHT: usize = 8;
/// How long a member's request waits for a place.
const LONGEST_QUEUE: Duration = Duration::from_secs(10);

/// An API member's keys.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The public key.
    pub public_key: String,
    /// The private key.
    pub private_key: SecretString,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredCredentials {
    public_key: String,
    private_key: String,
}

impl Credentials {
    /// As bytes, to be sealed.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let stored = StoredCredentials {
            public_key: self.public_key.clone(),
            private_key: self.private_key.expose_secret().to_owned(),
        };
        serde_json::to_vec(&stored).expect("texts can be written as JSON")
    }

    /// From what [`Credentials::to_bytes`] gave.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let stored: StoredCredentials = serde_json::from_slice(bytes).ok()?;
        Some(Self { public_key: stored.public_key, private_key: stored.private_key.into() })
    }
}

/// In whose name a request is made.
#[derive(Clone, Copy, Debug)]
pub enum Caller<'a> {
    /// The installation's API member.
    Integrator,
    /// The member in front of the pod, by the proof that the page was given.
    Member(&'a Proof),
}

/// The one HTTP client of the service.
///
/// # Panics
/// When the TLS provider was not installed: a programming error in `main`.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the client that everything else is to use")]
pub fn http(extra_authorities: &[reqwest::Certificate]) -> reqwest::Client {
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(10))
        .timeout(TIME_FOR_ONE_ANSWER)
        .no_proxy()
        .user_agent(concat!("ConnectActive/", env!("CARGO_PKG_VERSION")));
    for authority in extra_authorities {
        builder = builder.add_root_certificate(authority.clone());
    }
    builder.build().expect("the TLS provider is installed at the start of main")
}

/// A PSA and the keys to it.
#[derive(Debug)]
pub struct Psa {
    http: reqwest::Client,
    site: Site,
    login_company: String,
    credentials: Credentials,
    client_id: String,
    root: RwLock<Option<Url>>,
    in_flight: Arc<Semaphore>,
    /// Members have places of their own: anybody may knock, and must not hold up a run.
    members_in_flight: Arc<Semaphore>,
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
    /// A client for the PSA at `site`.
    #[must_use]
    pub fn new(
        http: reqwest::Client,
        site: Site,
        login_company: String,
        credentials: Credentials,
        client_id: String,
    ) -> Self {
        Self {
            http,
            site,
            login_company,
            credentials,
            client_id,
            root: RwLock::new(None),
            in_flight: Arc::new(Semaphore::new(IN_FLIGHT)),
            members_in_flight: Arc::new(Semaphore::new(MEMBERS_IN_FLIGHT)),
        }
    }

    /// The login company.
    #[must_use]
    pub fn login_company(&self) -> &str {
        &self.login_company
    }

    /// The site.
    #[must_use]
    pub const fn site(&self) -> &Site {
        &self.site
    }

    /// Asks the PSA where its API is. The codebase of a cloud PSA changes with each release.
    async fn discover(&self) -> Result<Url, PsaError> {
        let url = self.site.join(&["login", "companyinfo", &self.login_company]);
        let answer = self
            .send(Caller::Integrator, self.http.get(url).header(ACCEPT, "application/json"))
            .await
            .map_err(SendError::into_error)?;
        if !answer.status.is_success() {
            return Err(answer.error());
        }
        let info: Option<CompanyInfo> = answer.json()?;
        let info = info.ok_or_else(|| PsaError::UnknownLoginCompany(self.login_company.clone()))?;
        let is_cloud = match &info.is_cloud {
            Value::String(text) => text.eq_ignore_ascii_case("true"),
            value => value.as_bool().unwrap_or(false),
        };
        self.site
            .api_root(&info.codebase, info.site_url.as_deref(), is_cloud)
            .ok_or_else(|| PsaError::NotTheApi("its company information makes no sense".into()))
    }

    async fn root(&self) -> Result<Url, PsaError> {
        if let Some(root) = self.root.read().await.as_ref() {
            return Ok(root.clone());
        }
        self.find_root(None).await
    }

    /// Finds the API's root, unless somebody else already found another than `stale`.
    async fn find_root(&self, stale: Option<&Url>) -> Result<Url, PsaError> {
        let mut root = self.root.write().await;
        match root.as_ref() {
            Some(known) if Some(known) != stale => Ok(known.clone()),
            _ => {
                let found = self.discover().await?;
                *root = Some(found.clone());
                Ok(found)
            }
        }
    }

    fn request(
        &self,
        root: &Url,
        caller: Caller<'_>,
        method: Method,
        path: &[&str],
        query: &[(&str, String)],
    ) -> Result<reqwest::RequestBuilder, PsaError> {
        let mut url = root.clone();
        url.path_segments_mut().expect("a web address has a path").extend(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let request =
            self.http.request(method, url).header(ACCEPT, ACCEPTED).header("clientId", &self.client_id);
        Ok(match caller {
            Caller::Integrator => {
                let Credentials { public_key, private_key } = &self.credentials;
                let text = format!("{}+{public_key}:{}", self.login_company, private_key.expose_secret());
                request.header(AUTHORIZATION, sensitive(&format!("Basic {}", BASE64_STANDARD.encode(text)))?)
            }
            Caller::Member(proof) => request.header(COOKIE, sensitive(&self.member_cookies(proof)?)?),
        })
    }

    /// ConnectWise Developer Guide, "Method 3: cookie authentication"; the proof comes from a
    /// browser, so nothing in it may end one cookie and begin another.
    fn member_cookies(&self, proof: &Proof) -> Result<String, PsaError> {
        let clean = |text: &str, most: usize| {
            !text.is_empty()
                && text.len() <= most
                && text.chars().all(|sign| sign.is_ascii_graphic() && !";,\"\\".contains(sign))
        };
        let fits = clean(&proof.member, 100) && clean(&proof.hash, 2048) && clean(&proof.context, 4096);
        if !fits || proof.member.contains(':') {
            return Err(PsaError::Unauthorized);
        }
        Ok(format!(
            "companyName={}; memberId={}; memberHash={}; memberContext={}",
            self.login_company, proof.member, proof.hash, proof.context
        ))
    }

    async fn send(&self, caller: Caller<'_>, request: reqwest::RequestBuilder) -> Result<Answer, SendError> {
        let _place = match caller {
            Caller::Integrator => self.in_flight.acquire().await,
            Caller::Member(_) => tokio::time::timeout(LONGEST_QUEUE, self.members_in_flight.acquire())
                .await
                .map_err(|_| SendError::NotSent("too many members are signing in".to_owned()))?,
        }
        .expect("the semaphores are never closed");
        let mut answer = request.send().await.map_err(|error| {
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
                    return Err(SendError::NoAnswer(PsaError::Unreachable(error.without_url().to_string())));
                }
            }
        }
    }

    /// Reads, trying again where that may help.
    async fn read(
        &self,
        caller: Caller<'_>,
        path: &[&str],
        query: &[(&str, String)],
        forward_only: bool,
    ) -> Result<Answer, PsaError> {
        let mut root = self.root().await?;
        let mut refreshed = false;
        let mut attempt = 0;
        loop {
            attempt += 1;
            let mut request = self.request(&root, caller, Method::GET, path, query)?;
            if forward_only {
                request = request.header("pagination-type", "forward-only");
            }
            let (error, wait) = match self.send(caller, request).await {
                Ok(answer) if answer.status.is_success() => return Ok(answer),
                Ok(answer)
                    if answer.status == StatusCode::NOT_FOUND && answer.endpoint_is_gone() && !refreshed =>
                {
                    refreshed = true;
                    let found = self.find_root(Some(&root)).await?;
                    if found != root {
                        root = found;
                        continue;
                    }
                    return Err(answer.error());
                }
                Ok(answer) => {
                    let error = answer.error();
                    match error {
                        PsaError::Throttled | PsaError::Failed(_) => (error, answer.retry_after()),
                        error => return Err(error),
                    }
                }
                Err(error) => (error.into_error(), None),
            };
            let tries = match caller {
                Caller::Integrator => TRIES,
                Caller::Member(_) => TRIES_FOR_A_MEMBER,
            };
            let wait = wait.unwrap_or_else(|| back_off(attempt));
            if attempt == tries || wait > LONGEST_WAIT {
                return Err(error);
            }
            tokio::time::sleep(wait).await;
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
            let mut rows: Vec<T> = Vec::new();
            let mut last = 0;
            for page in 1.. {
                let mut query = query.to_vec();
                query.push(("pageSize", PAGE_SIZE.to_string()));
                query.push(("pageId", last.to_string()));
                query.push(("page", page.to_string()));
                let answer = self.read(caller, path, &query, true).await?;
                let some: Vec<T> = answer.json()?;
                // A full page may be followed by another, whatever a header says.
                let ends = some.is_empty() || (some.len() < PAGE_SIZE && answer.says_that_the_list_ends());
                for row in &some {
                    if id(row) <= last {
                        return Err(PsaError::Failed("its list is not in the order of its ids".into()));
                    }
                    last = id(row);
                }
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
        tokio::time::timeout(TIME_FOR_A_LIST, pages).await.map_err(|_| PsaError::TimedOut)?
    }

    /// Writes, once. It is tried again only where the first try certainly did not arrive.
    pub(super) async fn write(
        &self,
        method: Method,
        path: &[&str],
        body: &Value,
    ) -> Result<Write<Value>, PsaError> {
        let mut root = self.root().await?;
        let mut refreshed = false;
        let mut attempt = 0;
        loop {
            attempt += 1;
            let request = self
                .request(&root, Caller::Integrator, method.clone(), path, &[])?
                .header(CONTENT_TYPE, "application/json; charset=utf-8")
                .body(serde_json::to_vec(body).expect("a JSON value can be written"));
            let (words, wait) = match self.send(Caller::Integrator, request).await {
                Ok(answer) if answer.status.is_success() => {
                    return Ok(answer.json().map_or(Write::Unknown, Write::Applied));
                }
                // Refused before it was looked at.
                Ok(answer) if answer.status == StatusCode::TOO_MANY_REQUESTS => {
                    ("it is asking for fewer requests; try again later".to_owned(), answer.retry_after())
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
                    root = self.find_root(Some(&root)).await?;
                    continue;
                }
                // Only the API's own words are a refusal: an answer from something in between, or
                // an error of the server, leaves open whether the write was made.
                Ok(answer) if answer.status.is_client_error() => {
                    return Ok(answer
                        .error_body()
                        .map_or(Write::Unknown, |body| Write::Rejected(body.words())));
                }
                Ok(_) | Err(SendError::NoAnswer(_)) => return Ok(Write::Unknown),
                Err(SendError::NotSent(words)) => (words, None),
            };
            let wait = wait.unwrap_or_else(|| back_off(attempt));
            if attempt == TRIES || wait > LONGEST_WAIT {
                return Ok(Write::Rejected(words));
            }
            tokio::time::sleep(wait).await;
        }
    }
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
