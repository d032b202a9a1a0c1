//! Requests to the service: same origin, no cookies, nothing cached.

use pod_view::{
    text::{Local, local},
    wire::Problem,
};
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Headers, ReadableStreamDefaultReader, RequestCache, RequestCredentials, RequestInit,
    Response,
};

use crate::dom;

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Nobody waits for it any more: the record changed, or the person cancelled.
    Stale,
    /// The service could not be reached, or the answer did not come to its end.
    Broken(Problem),
    /// The service refused, in its own words.
    Refused {
        /// The HTTP status.
        status: u16,
        /// Its words.
        problem: Problem,
    },
}

impl Failure {
    pub(crate) fn local(what: Local) -> Self {
        Self::Broken(local(what))
    }

    /// What to tell the person; `None` when there is nothing to tell.
    pub(crate) fn problem(self) -> Option<Problem> {
        match self {
            Self::Stale => None,
            Self::Broken(problem) | Self::Refused { problem, .. } => Some(problem),
        }
    }
}

/// One request. `Err` when the browser got no answer at all.
pub(crate) async fn send(
    method: &str,
    path: &str,
    token: Option<&str>,
    body: Option<&str>,
    signal: &AbortSignal,
) -> Result<Response, Failure> {
    let request = || -> Result<RequestInit, JsValue> {
        let headers = Headers::new()?;
        headers.set("Accept", "application/json, application/x-ndjson")?;
        if let Some(token) = token {
            headers.set("Authorization", &format!("Bearer {token}"))?;
        }
        if body.is_some() {
            headers.set("Content-Type", "application/json")?;
        }
        let init = RequestInit::new();
        init.set_method(method);
        init.set_headers(&headers);
        init.set_credentials(RequestCredentials::Omit);
        init.set_cache(RequestCache::NoStore);
        init.set_signal(Some(signal));
        if let Some(body) = body {
            init.set_body(&JsValue::from_str(body));
        }
        Ok(init)
    };
    let init = request().map_err(|_| Failure::local(Local::Unclear))?;
    let answer = JsFuture::from(dom::window().fetch_with_str_and_init(path, &init)).await;
    match answer.map(JsCast::dyn_into::<Response>) {
        Ok(Ok(response)) => Ok(response),
        _ if signal.aborted() => Err(Failure::Stale),
        _ => Err(Failure::local(Local::Offline)),
    }
}

/// A refusal's words, when the answer is one.
pub(crate) async fn accepted(response: Response) -> Result<Response, Failure> {
    if response.ok() {
        return Ok(response);
    }
    let status = response.status();
    let problem = text(&response).await.ok().and_then(|text| serde_json::from_slice(text.as_bytes()).ok());
    Err(Failure::Refused { status, problem: problem.unwrap_or_else(|| local(Local::Unclear)) })
}

async fn text(response: &Response) -> Result<String, JsValue> {
    let text = JsFuture::from(response.text()?).await?;
    text.as_string().ok_or(text)
}

/// The whole answer.
pub(crate) async fn json<T: DeserializeOwned>(response: Response) -> Result<T, Failure> {
    let text = text(&response).await.map_err(|_| Failure::local(Local::CutOff))?;
    serde_json::from_slice(text.as_bytes()).map_err(|_| Failure::local(Local::Unclear))
}

/// An answer that comes line by line.
pub(crate) struct Lines {
    reader: ReadableStreamDefaultReader,
    held: Vec<u8>,
    /// Where the next line in `held` begins.
    start: usize,
    signal: AbortSignal,
}

impl Lines {
    pub(crate) fn new(response: &Response, signal: AbortSignal) -> Result<Self, Failure> {
        let reader = response
            .body()
            .and_then(|body| body.get_reader().dyn_into().ok())
            .ok_or_else(|| Failure::local(Local::CutOff))?;
        Ok(Self { reader, held: Vec::new(), start: 0, signal })
    }

    /// The next line; `None` at the end of the answer, whole or not.
    pub(crate) async fn next<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Failure> {
        let mut searched = self.start;
        loop {
            if let Some(length) = self.held[searched..].iter().position(|&byte| byte == b'\n') {
                let end = searched + length;
                let line = &self.held[self.start..end];
                let value = if line.trim_ascii().is_empty() { None } else { Some(parsed(line)?) };
                self.start = end + 1;
                searched = self.start;
                if value.is_some() {
                    return Ok(value);
                }
                continue;
            }
            searched = self.held.len() - self.start;
            self.held.drain(..self.start);
            self.start = 0;
            if !self.more().await? {
                // A last line may lack its line break; half a line is not one.
                let rest = std::mem::take(&mut self.held);
                return if rest.trim_ascii().is_empty() { Ok(None) } else { parsed(&rest).map(Some) };
            }
        }
    }

    async fn more(&mut self) -> Result<bool, Failure> {
        let part = JsFuture::from(self.reader.read()).await;
        let field = |part: &JsValue, name: &str| js_sys::Reflect::get(part, &name.into()).ok();
        let Ok(part) = part else {
            return Err(if self.signal.aborted() { Failure::Stale } else { Failure::local(Local::CutOff) });
        };
        if field(&part, "done").is_some_and(|done| done.is_truthy()) {
            return Ok(false);
        }
        let bytes = field(&part, "value").and_then(|value| value.dyn_into::<js_sys::Uint8Array>().ok());
        let bytes = bytes.ok_or_else(|| Failure::local(Local::CutOff))?;
        let from = self.held.len();
        self.held.resize(from + usize::try_from(bytes.length()).unwrap_or_default(), 0);
        bytes.copy_to(&mut self.held[from..]);
        Ok(true)
    }
}

fn parsed<T: DeserializeOwned>(line: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(line).map_err(|_| Failure::local(Local::CutOff))
}
