//! One call: its head as it came in, and what the routes work with.

use actix_web::HttpRequest;
use actix_web::http::header;
use serde_json::Value;

use super::reply::Refusal;
use crate::query::Query;
use crate::schema::{Record, Schema};
use crate::world::{Level, Member, World};

/// The head of a request, free of the web framework.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) method: String,
    /// Decoded, with double slashes made single.
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) host: String,
    pub(crate) authorization: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) accept: String,
    pub(crate) content_type: String,
    pub(crate) forward_only: bool,
    cookies: Vec<(String, String)>,
}

impl Head {
    pub(crate) fn read(request: &HttpRequest) -> Self {
        let header =
            |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let cookies = request
            .headers()
            .get_all(header::COOKIE)
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .map(|(name, value)| (name.to_owned(), decoded(value)))
            .collect();
        Self {
            method: request.method().to_string(),
            path: single_slashes(&decoded(request.path())),
            query: request.query_string().to_owned(),
            host: request.connection_info().host().to_owned(),
            authorization: header("authorization"),
            client_id: header("clientid"),
            accept: header("accept").unwrap_or_default(),
            content_type: header("content-type").unwrap_or_default(),
            forward_only: header("pagination-type")
                .is_some_and(|value| value.eq_ignore_ascii_case("forward-only")),
            cookies,
        }
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The version that the `Accept` header pins.
    pub(crate) fn version(&self) -> Option<&str> {
        let (_, version) = self.accept.split_once("version=")?;
        Some(version.split([';', ',']).next().unwrap_or(version).trim())
    }
}

/// Percent signs decoded; a plus stays a plus, as cookies and paths want it.
fn decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let pair = format!("v={}", text.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(pair.as_bytes())
        .next()
        .map_or_else(|| text.to_owned(), |(_, value)| value.into_owned())
}

fn single_slashes(path: &str) -> String {
    let mut single = String::with_capacity(path.len());
    for character in path.chars() {
        if character != '/' || !single.ends_with('/') {
            single.push(character);
        }
    }
    single
}

/// A call that has been routed and let in.
#[derive(Debug)]
pub(crate) struct Call {
    /// The numbers in the path, in order.
    pub(super) ids: Vec<i64>,
    pub(super) query: Vec<(String, String)>,
    pub(super) forward_only: bool,
    /// The JSON body of a writing call; null when there is none.
    pub(super) body: Value,
    pub(super) member: Member,
    /// How far the right goes that this call takes.
    pub(super) reach: Level,
    /// The path after `apis/3.0`.
    pub(super) path: String,
}

impl Call {
    pub(super) fn id(&self) -> i64 {
        self.ids.last().copied().unwrap_or_default()
    }

    pub(super) fn parent(&self) -> i64 {
        self.ids.first().copied().unwrap_or_default()
    }

    /// Whether the member's right reaches records of this company.
    pub(super) fn reaches(&self, company: Option<i64>) -> bool {
        let Some(company) = company else {
            return self.reach == Level::All;
        };
        if self.member.hidden.contains(&company) {
            return false;
        }
        self.reach == Level::All || self.member.own.contains(&company)
    }

    /// The query string, for records of this schema.
    pub(super) fn query(&self, world: &World, schema: &Schema) -> Result<Query, Refusal> {
        Query::read(&self.query, self.forward_only, schema, &world.switches).map_err(Refusal::query)
    }

    pub(super) fn object(&self) -> Result<&Record, Refusal> {
        self.body
            .as_object()
            .ok_or_else(|| Refusal::new(400, "InvalidObject", "The body must be one JSON object."))
    }
}
