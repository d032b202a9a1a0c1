//! One call: its head as it came in, and what the routes work with.

use actix_web::HttpRequest;
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
        let headers = request.headers().iter();
        Self::new(
            request.method().as_str(),
            request.path(),
            request.query_string(),
            request.connection_info().host(),
            headers.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?))),
        )
    }

    /// From its parts; names of headers are in lower case.
    pub(crate) fn new<'a>(
        method: &str,
        path: &str,
        query: &str,
        host: &str,
        headers: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let mut head = Self {
            method: method.to_owned(),
            path: single_slashes(&decoded(path)),
            query: query.to_owned(),
            host: host.to_owned(),
            authorization: None,
            client_id: None,
            accept: String::new(),
            content_type: String::new(),
            forward_only: false,
            cookies: Vec::new(),
        };
        for (name, value) in headers {
            match name {
                "authorization" => head.authorization = Some(value.to_owned()),
                "clientid" => head.client_id = Some(value.to_owned()),
                "accept" => value.clone_into(&mut head.accept),
                "content-type" => value.clone_into(&mut head.content_type),
                "pagination-type" => head.forward_only = value.eq_ignore_ascii_case("forward-only"),
                "cookie" => {
                    let pairs = value.split(';').filter_map(|pair| pair.trim().split_once('='));
                    head.cookies.extend(pairs.map(|(name, value)| (name.to_owned(), decoded(value))));
                }
                _ => {}
            }
        }
        head
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
        self.reaches_at(self.reach, company)
    }

    /// The same for a right of this level.
    pub(super) fn reaches_at(&self, level: Level, company: Option<i64>) -> bool {
        let Some(company) = company else {
            return level == Level::All;
        };
        if self.member.hidden.contains(&company) {
            return false;
        }
        level == Level::All || self.member.own.contains(&company)
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
