//! From the head and body of a request to its answer, faults included.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::auth::{Caller, authenticate};
use super::call::{Call, Head};
use super::reply::{Answer, Refusal, Reply};
use super::{Route, ids, routes};
use crate::openapi::{Judged, Judgement};
use crate::world::{Fault, FaultKind, Request, World};

/// The Developer Guide advises to stay below this many characters.
const LONG_ADDRESS: usize = 2_000;

/// How the answer fails to arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Disturbance {
    /// The request does not arrive.
    Refuse,
    /// The connection ends without an answer.
    Drop,
    /// The same, and it is done after this time.
    Later(Duration),
    /// The connection ends in the middle of the body.
    Truncate,
    /// It arrives late.
    Delay(Duration),
}

/// An answer and what happens to it on its way.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) reply: Payload,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) status: u16,
    pub(crate) disturbance: Option<Disturbance>,
}

/// The body of an answer.
#[derive(Debug)]
pub(crate) enum Payload {
    Json(Value),
    Html(String),
    Nothing,
}

/// Answer one request of the REST interface; `path` is what follows `apis/3.0`.
pub(crate) fn exchange(world: &mut World, head: &Head, codebase: &str, path: &str, body: &[u8]) -> Exchange {
    let fault = world.take_fault(&head.method, path);
    let version = world.switches.current_version.clone();
    let Some(done) = fault.as_ref().and_then(|fault| instead(fault, head, &version)) else {
        let mut done = carry_out(world, head, codebase, path, body);
        done.disturbance = fault.as_ref().and_then(afterwards);
        if done.disturbance == Some(Disturbance::Drop)
            && let Some(last) = world.journal.last_mut()
        {
            last.status = None;
        }
        return done;
    };
    note(world, head, path, "-", done.disturbance.is_none().then_some(done.status));
    done
}

/// The same, whatever is to go wrong with it.
pub(crate) fn carry_out(world: &mut World, head: &Head, codebase: &str, path: &str, body: &[u8]) -> Exchange {
    let mut who = "-".to_owned();
    let reply = answer(world, head, codebase, path, body, &mut who);
    let reply = held(world, head, path, body, reply);
    let done = Exchange::of(reply, head, &world.switches.current_version);
    note(world, head, path, &who, Some(done.status));
    done
}

/// The reply, when it fits the OpenAPI file; else an error that says why not.
fn held(world: &mut World, head: &Head, path: &str, body: &[u8], reply: Reply) -> Reply {
    let Some(description) = world.description.clone() else { return reply };
    let sent = if reply.status < 300 { serde_json::from_slice(body).ok() } else { None };
    let query: Vec<_> = url::form_urlencoded::parse(head.query.as_bytes()).into_owned().collect();
    let judgement = description.judge(&Judged {
        method: &head.method,
        path,
        query: &query,
        body: sent.as_ref(),
        status: reply.status,
        answer: reply.body.as_ref(),
    });
    match judgement {
        Judgement::Fits => reply,
        Judgement::Undescribed(operation) => {
            let digits = |part: &str| if part.parse::<i64>().is_ok() { "{id}" } else { part }.to_owned();
            let operation: Vec<String> = operation.split('/').map(digits).collect();
            world.undescribed.insert(operation.join("/"));
            reply
        }
        Judgement::Misfit(why) => {
            tracing::error!("does not fit the OpenAPI file: {why}");
            world.misfits.push(why.clone());
            Refusal::new(500, "Misfit", why).into_reply("")
        }
    }
}

fn note(world: &mut World, head: &Head, path: &str, who: &str, status: Option<u16>) {
    world.journal.push(Request {
        method: head.method.clone(),
        path: path.to_owned(),
        query: head.query.clone(),
        who: who.to_owned(),
        status,
        long: head.path.len() + head.query.len() > LONG_ADDRESS,
    });
}

impl Exchange {
    fn of(reply: Reply, head: &Head, current: &str) -> Self {
        let mut headers = reply.headers;
        headers.push(("api-current-version", current.into()));
        let content_type = if head.accept.contains("vnd.connectwise.com") {
            let version = head.version().unwrap_or(current);
            format!("application/vnd.connectwise.com+json; version={version}")
        } else {
            "application/json; charset=utf-8".into()
        };
        if reply.body.is_some() {
            headers.push(("Content-Type", content_type));
        }
        Self {
            reply: reply.body.map_or(Payload::Nothing, Payload::Json),
            headers,
            status: reply.status,
            disturbance: None,
        }
    }

    /// No answer.
    fn lost(disturbance: Disturbance) -> Self {
        Self { reply: Payload::Nothing, headers: Vec::new(), status: 500, disturbance: Some(disturbance) }
    }

    fn html(status: u16, title: &str) -> Self {
        let page = format!(
            "<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
        );
        Self {
            reply: Payload::Html(page),
            headers: vec![("Content-Type", "text/html; charset=utf-8".into())],
            status,
            disturbance: None,
        }
    }
}

/// What a fault answers in place of the PSA.
fn instead(fault: &Fault, head: &Head, version: &str) -> Option<Exchange> {
    let retry = fault.retry_after.clone();
    let plain = |reply: Reply| Exchange::of(reply, head, version);
    let server_error =
        |status, message: &str| plain(Refusal::new(status, "ServerError", message).into_reply(""));
    let mut exchange = match fault.kind {
        FaultKind::Status429 => return Some(plain(Refusal::too_many(retry.as_deref().unwrap_or("30")))),
        FaultKind::Html429 => Exchange::html(429, "Too Many Requests"),
        FaultKind::Status500 => server_error(500, "An error has occurred."),
        FaultKind::Timeout500 => server_error(500, "Execution Timeout Expired. The timeout period elapsed."),
        FaultKind::Html502 => Exchange::html(502, "502 Bad Gateway"),
        FaultKind::Status503 => server_error(503, "Service Unavailable"),
        FaultKind::Html520 => Exchange::html(520, "Web server is returning an unknown error"),
        FaultKind::Html200 => Exchange::html(200, "ConnectWise"),
        FaultKind::Refused => Exchange::lost(Disturbance::Refuse),
        FaultKind::DropBefore => Exchange::lost(Disturbance::Drop),
        FaultKind::DoneLater => Exchange::lost(Disturbance::Later(Duration::from_millis(fault.delay_ms))),
        FaultKind::Slow | FaultKind::LostAfterWrite | FaultKind::Truncated => return None,
    };
    if matches!(fault.kind, FaultKind::Status503 | FaultKind::Html429) {
        exchange.headers.extend(retry.map(|seconds| ("Retry-After", seconds)));
    }
    Some(exchange)
}

/// What a fault does to the answer of the PSA.
fn afterwards(fault: &Fault) -> Option<Disturbance> {
    match fault.kind {
        FaultKind::Slow => Some(Disturbance::Delay(Duration::from_millis(fault.delay_ms))),
        FaultKind::LostAfterWrite => Some(Disturbance::Drop),
        FaultKind::Truncated => Some(Disturbance::Truncate),
        _ => None,
    }
}

fn answer(
    world: &mut World,
    head: &Head,
    codebase: &str,
    path: &str,
    body: &[u8],
    who: &mut String,
) -> Reply {
    let form: Vec<(&Route, Vec<i64>)> =
        routes().filter_map(|route| Some((route, ids(route.1, path)?))).collect();
    let resource = path.rsplit('/').find(|part| part.parse::<i64>().is_err()).unwrap_or_default();
    let resource = resource_of(resource);
    let result =
        admit(world, head, codebase, who).and_then(|caller| route(world, head, &form, path, body, caller));
    let writes = !matches!(head.method.as_str(), "GET" | "HEAD");
    match result {
        Ok(reply) => {
            if writes && let Err(error) = world.save() {
                tracing::error!("the records could not be kept: {error:#}");
            }
            reply
        }
        Err(Denial::Refused(refusal)) => refusal.into_reply(resource),
        Err(Denial::TooMany) => Refusal::too_many("30"),
    }
}

fn resource_of(collection: &str) -> &str {
    match collection {
        "companies" => "company",
        "contacts" => "contact",
        "notes" => "companyNote",
        "noteTypes" => "companyNoteType",
        "communications" => "contactCommunication",
        "connectwisehostedsetups" => "connectWiseHostedSetup",
        "menuentries" => "menuEntry",
        "agreements" => "agreement",
        "additions" => "addition",
        "tickets" => "ticket",
        "callbacks" => "callbackEntry",
        other => other,
    }
}

/// Why a call is not answered.
enum Denial {
    Refused(Refusal),
    TooMany,
}

impl From<Refusal> for Denial {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// The gate: address, code base, transport, caller, rate.
fn admit(world: &mut World, head: &Head, codebase: &str, who: &mut String) -> Result<Caller, Denial> {
    if head.path.len() + head.query.len() > world.switches.address_limit {
        return Err(Refusal::new(414, "ConnectWiseApi", "The request URI is too long.").into());
    }
    let place = &world.place;
    let current = codebase.eq_ignore_ascii_case(place.codebase.trim_end_matches('/'));
    let legacy = place.cloud && codebase.eq_ignore_ascii_case("v4_6_release");
    if !current && !legacy {
        return Err(Refusal::no_endpoint().into());
    }
    if place.cloud {
        let on_api_host = head.host.eq_ignore_ascii_case(&place.api_host());
        let secure = place.tls || world.switches.plain_http_in_cloud;
        if !on_api_host || !secure {
            return Err(Refusal::tls_required().into());
        }
    }
    // In the cloud the old code base hides what is wrong with the credentials.
    let caller =
        authenticate(world, head).map_err(|refusal| if legacy { Refusal::no_endpoint() } else { refusal })?;
    who.clone_from(&caller.label);
    if over_rate(world, &caller.label) {
        return Err(Denial::TooMany);
    }
    Ok(caller)
}

/// Count the call; whether there were too many in the last minute.
fn over_rate(world: &mut World, label: &str) -> bool {
    let Some(limit) = world.switches.requests_per_minute else {
        return false;
    };
    let now = Instant::now();
    let calls = world.calls.entry(label.to_owned()).or_default();
    while calls.front().is_some_and(|at| now.duration_since(*at) > Duration::from_mins(1)) {
        calls.pop_front();
    }
    if calls.len() >= limit as usize {
        return true;
    }
    calls.push_back(now);
    false
}

fn route(
    world: &mut World,
    head: &Head,
    form: &[(&Route, Vec<i64>)],
    path: &str,
    body: &[u8],
    caller: Caller,
) -> Result<Reply, Denial> {
    if form.is_empty() {
        return Err(Refusal::no_endpoint().into());
    }
    let Some((Route(_, pattern, need, handler), ids)) = form.iter().find(|(route, _)| route.0 == head.method)
    else {
        let message = format!("The requested resource does not support http method '{}'.", head.method);
        return Err(Refusal::new(405, "MethodNotAllowed", message).into());
    };
    refuse_version(world, head, pattern)?;
    let reach = need.reach(&caller.member)?;
    let call = Call {
        ids: ids.clone(),
        query: url::form_urlencoded::parse(head.query.as_bytes()).into_owned().collect(),
        forward_only: head.forward_only,
        body: json_body(head, body)?,
        member: caller.member,
        reach,
        path: path.to_owned(),
    };
    let answer: Answer = handler(world, &call);
    Ok(answer?)
}

fn refuse_version(world: &World, head: &Head, pattern: &str) -> Result<(), Refusal> {
    let switches = &world.switches;
    let refused = head.version().is_some_and(|version| {
        let by_this_path =
            |(path, own): &(String, String)| path.eq_ignore_ascii_case(pattern) && own == version;
        numbers(version) > numbers(&switches.current_version)
            || switches.refused_versions.iter().any(by_this_path)
    });
    if refused {
        return Err(Refusal::new(400, "ConnectWiseApi", "The version is not supported by this endpoint."));
    }
    Ok(())
}

/// 2025.16 is newer than 2025.8.
fn numbers(version: &str) -> Vec<u32> {
    version.split('.').map_while(|part| part.parse().ok()).collect()
}

fn json_body(head: &Head, body: &[u8]) -> Result<Value, Refusal> {
    if !matches!(head.method.as_str(), "POST" | "PUT" | "PATCH") {
        return Ok(Value::Null);
    }
    if !head.content_type.contains("json") {
        let message = format!("The content type {:?} is not supported.", head.content_type);
        return Err(Refusal::new(415, "UnsupportedMediaType", message));
    }
    serde_json::from_slice(body)
        .map_err(|error| Refusal::new(400, "InvalidJson", format!("The body is not JSON: {error}")))
}
