//! Pages of a list: by number, or forward only.
//!
//! ConnectWise Developer Guide, "Pagination": `page` from 1, `pageSize` 25 unless said and at
//! most 1,000, a `Link` header with first, prev, next and last. Forward-only, asked for by the
//! header `pagination-type: forward-only`: `pageId` means "ids above this one", `page` is
//! ignored, `orderBy` is refused, and the `Link` header is always there, empty at the end.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde_json::Value;

use super::{Expression, company_of, holds, parse, path, value_at};
use crate::options::Switches;
use crate::schema::{CUSTOM_FIELD, Record, Schema};

const DEFAULT_SIZE: usize = 25;
const LARGEST_SIZE: usize = 1000;

/// How the list is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paging {
    Numbered { page: usize },
    ForwardOnly { after: i64 },
}

/// The query string of a reading call.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    pub(crate) paging: Paging,
    pub(crate) size: usize,
    conditions: Vec<Expression>,
    custom_field: Option<Expression>,
    order: Vec<(String, bool)>,
    /// The paths to answer; none for all.
    pub(crate) fields: Vec<String>,
    /// What the `Link` addresses repeat: everything but the place of the page.
    kept: Vec<(String, String)>,
}

impl Query {
    /// Read the pairs of a query string for records of this schema.
    pub(crate) fn read(
        pairs: &[(String, String)],
        forward_only: bool,
        schema: &Schema,
        switches: &Switches,
    ) -> Result<Self, String> {
        let by_name: BTreeMap<String, &str> =
            pairs.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.as_str())).collect();
        let given = |name: &str| by_name.get(name).copied().filter(|value| !value.is_empty());
        let number = |name: &str, default: usize| match given(name) {
            None => Ok(default),
            Some(text) => match text.parse() {
                Ok(number) if number > 0 => Ok(number),
                _ => Err(format!("{name} must be a whole number above zero")),
            },
        };
        let size = number("pagesize", DEFAULT_SIZE)?;
        if size > LARGEST_SIZE && switches.refuse_large_pages {
            return Err(format!("pageSize cannot be more than {LARGEST_SIZE}"));
        }
        let mut conditions = Vec::new();
        for (name, arrays) in [("conditions", false), ("childconditions", true)] {
            if let Some(text) = given(name) {
                let condition = parse(text, schema, arrays, switches.quote_escape)
                    .map_err(|reason| format!("{name}: {reason}"))?;
                conditions.push(condition);
            }
        }
        let custom_field = given("customfieldconditions")
            .map(|text| parse(text, &CUSTOM_FIELD, false, switches.quote_escape))
            .transpose()
            .map_err(|reason| format!("customFieldConditions: {reason}"))?;
        if forward_only && given("orderby").is_some() {
            return Err("orderBy is not allowed with forward-only pagination".into());
        }
        let paging = if forward_only {
            let after = given("pageid").unwrap_or("0").parse();
            Paging::ForwardOnly { after: after.map_err(|_| "pageId must be a whole number".to_owned())? }
        } else {
            Paging::Numbered { page: number("page", 1)? }
        };
        Ok(Self {
            paging,
            size: size.min(LARGEST_SIZE),
            conditions,
            custom_field,
            order: order(given("orderby").unwrap_or_default(), schema)?,
            fields: fields(given("fields").unwrap_or_default(), schema)?,
            kept: pairs
                .iter()
                .filter(|(name, _)| {
                    !name.eq_ignore_ascii_case("page") && !name.eq_ignore_ascii_case("pageId")
                })
                .cloned()
                .collect(),
        })
    }

    /// The only company whose records match, when the conditions name it outright.
    pub(crate) fn company(&self) -> Option<i64> {
        self.conditions.iter().find_map(company_of)
    }

    pub(crate) fn matches(&self, record: &Record) -> bool {
        let custom = |condition: &Expression| {
            record
                .get("customFields")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_object)
                .any(|field| holds(condition, field))
        };
        self.conditions.iter().all(|condition| holds(condition, record))
            && self.custom_field.as_ref().is_none_or(custom)
    }

    /// The rows of this page, out of rows in the order of their ids, and the `Link` header.
    pub(crate) fn page<'a>(
        &self,
        rows: impl Iterator<Item = &'a Record>,
        address: &str,
    ) -> (Vec<&'a Record>, Option<String>) {
        match self.paging {
            Paging::ForwardOnly { after } => {
                let later = rows.filter(|record| id(record) > after);
                let rows: Vec<&Record> =
                    later.filter(|record| self.matches(record)).take(self.size).collect();
                // A full page cannot know that it is the last one.
                let full = rows.len() == self.size;
                let link = match rows.last().filter(|_| full) {
                    Some(last) => self.link(address, "pageId", id(last), "next"),
                    None => String::new(),
                };
                (rows, Some(link))
            }
            Paging::Numbered { page } => {
                let mut rows: Vec<&Record> = rows.filter(|record| self.matches(record)).collect();
                rows.sort_by(|left, right| self.compare(left, right));
                let last = rows.len().div_ceil(self.size).max(1);
                let start = (page - 1).saturating_mul(self.size);
                let cut = rows.iter().skip(start).take(self.size).copied().collect();
                (cut, self.links(address, page, last))
            }
        }
    }

    fn links(&self, address: &str, page: usize, last: usize) -> Option<String> {
        if last == 1 {
            return None;
        }
        let mut links = Vec::new();
        if page > 1 {
            links.push(self.link(address, "page", page - 1, "prev"));
            links.push(self.link(address, "page", 1, "first"));
        }
        if page < last {
            links.push(self.link(address, "page", page + 1, "next"));
            links.push(self.link(address, "page", last, "last"));
        }
        Some(links.join(", "))
    }

    fn link(&self, address: &str, name: &str, value: impl std::fmt::Display, rel: &str) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.kept)
            .append_pair(name, &format!("{value}"))
            .finish();
        format!("<{address}?{query}>; rel=\"{rel}\"")
    }

    fn compare(&self, left: &Record, right: &Record) -> Ordering {
        let by_field = |(path, descending): &(String, bool)| {
            let order = compare_values(value_at(left, path), value_at(right, path));
            if *descending { order.reverse() } else { order }
        };
        self.order.iter().map(by_field).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

fn id(record: &Record) -> i64 {
    record.get("id").and_then(Value::as_i64).unwrap_or_default()
}

fn compare_values(left: Option<&Value>, right: Option<&Value>) -> Ordering {
    match (left, right) {
        (Some(Value::String(left)), Some(Value::String(right))) => {
            left.to_lowercase().cmp(&right.to_lowercase())
        }
        (Some(Value::Bool(left)), Some(Value::Bool(right))) => left.cmp(right),
        (Some(left), Some(right)) => {
            let numbers = (left.as_f64(), right.as_f64());
            numbers.0.partial_cmp(&numbers.1).unwrap_or(Ordering::Equal)
        }
        (left, right) => left.is_some().cmp(&right.is_some()),
    }
}

fn order(text: &str, schema: &Schema) -> Result<Vec<(String, bool)>, String> {
    let one = |part: &str| {
        let mut words = part.split_whitespace();
        let path = words.next().unwrap_or_default();
        let descending = match words.next().map(str::to_ascii_lowercase).as_deref() {
            None | Some("asc") => false,
            Some("desc") => true,
            Some(word) => return Err(format!("orderBy: {word} is neither asc nor desc")),
        };
        match path::resolve(schema, path) {
            Some(target) if target.array.is_none() => Ok((path.to_owned(), descending)),
            _ => Err(format!("orderBy: {path} is not a field of {}", schema.resource)),
        }
    };
    text.split(',').filter(|part| !part.trim().is_empty()).map(one).collect()
}

fn fields(text: &str, schema: &Schema) -> Result<Vec<String>, String> {
    let one = |path: &str| {
        path::resolve(schema, path)
            .map(|_| path.to_owned())
            .ok_or_else(|| format!("fields: {path} is not a field of {}", schema.resource))
    };
    text.split(',').map(str::trim).filter(|path| !path.is_empty()).map(one).collect()
}
