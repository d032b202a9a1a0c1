//! What an answer of the PSA means.

use std::time::Duration;

use reqwest::{
    StatusCode,
    header::{CONTENT_TYPE, HeaderValue, LINK, RETRY_AFTER},
};
use serde::de::DeserializeOwned;

use super::{PsaError, error::ErrorBody, transport::Answer, version::Version};

impl Answer {
    /// Asked to slow down and not told for how long (ConnectWise Developer Guide, "PSA API
    /// Requests": back off from 30 seconds on).
    pub(super) const PAUSE_WITHOUT_A_WORD: Duration = Duration::from_secs(30);

    /// The version that the server has now.
    pub(super) fn current_version(&self) -> Option<Version> {
        Version::parse(self.headers.get("api-current-version")?.to_str().ok()?)
    }

    /// Whether this may be how a server says that it does not know the version asked for. No
    /// document says how it does.
    pub(super) fn refuses_a_version(&self) -> bool {
        matches!(self.status, StatusCode::BAD_REQUEST | StatusCode::NOT_ACCEPTABLE)
    }

    fn is_json(&self) -> bool {
        let kind = self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.ends_with("/json") || kind.ends_with("+json")
    }

    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, PsaError> {
        if !self.is_json() {
            return Err(PsaError::NotTheApi("it did not answer in JSON".into()));
        }
        serde_json::from_slice(&self.body)
            .map_err(|error| PsaError::Failed(format!("its answer cannot be read ({:?})", error.classify())))
    }

    pub(super) fn error_body(&self) -> Option<ErrorBody> {
        let body: Option<ErrorBody> =
            if self.is_json() { serde_json::from_slice(&self.body).ok() } else { None };
        body.filter(ErrorBody::is_the_apis)
    }

    pub(super) fn endpoint_is_gone(&self) -> bool {
        self.error_body().is_none_or(|body| body.endpoint_is_gone())
    }

    pub(super) fn error(&self) -> PsaError {
        let words = || self.error_body().map(|body| body.words());
        match self.status {
            StatusCode::UNAUTHORIZED => PsaError::Unauthorized,
            StatusCode::FORBIDDEN => PsaError::Forbidden,
            StatusCode::TOO_MANY_REQUESTS => PsaError::Throttled,
            StatusCode::NOT_FOUND if self.is_json() => PsaError::NotFound,
            status if status.is_server_error() => PsaError::Failed(status.to_string()),
            status => words().map_or_else(|| PsaError::NotTheApi(status.to_string()), PsaError::Refused),
        }
    }

    /// `Retry-After` in seconds (fractions seen) or as a date; an absurd one is cut by the caller.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        let text = self.headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
        if let Ok(seconds) = text.parse::<f64>() {
            return Duration::try_from_secs_f64(seconds).ok();
        }
        let until = jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_second();
        Some(Duration::from_secs(u64::try_from(until - crate::clock::Clock::System.now()).unwrap_or(0)))
    }

    /// The `pageId` of the next page, from the `Link` header. The rest of the address in it names
    /// another host and is not used.
    pub(super) fn next_page_id(&self) -> Option<i64> {
        let links = self.headers.get_all(LINK).iter().filter_map(|link| link.to_str().ok());
        let next = links.flat_map(|links| links.split(',')).find(|link| link.contains("rel=\"next\""))?;
        let (_, id) = next.split_once("pageId=")?;
        id.split(|sign: char| !sign.is_ascii_digit()).next()?.parse().ok()
    }

    /// A `Link` header is there and names no next page. Without one nothing is said.
    pub(super) fn says_that_the_list_ends(&self) -> bool {
        let mut links = self.headers.get_all(LINK).iter().peekable();
        let names_next = |link: &HeaderValue| {
            link.to_str().is_ok_and(|link| link.contains("rel=\"next\"") || link.contains("rel=next"))
        };
        links.peek().is_some() && !links.any(names_next)
    }
}
