//! Faults on demand: what goes wrong with the next calls, and for whom.

use std::str::FromStr;

use anyhow::{Context as _, Result, anyhow, bail};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use super::World;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum FaultKind {
    /// 429 with `Retry-After` and the odd `{error, message}` body; nothing is done.
    #[serde(rename = "status_429")]
    #[value(name = "status_429")]
    Status429,
    /// 429 as HTML, as a proxy in front of the PSA says it; nothing is done.
    #[serde(rename = "html_429")]
    #[value(name = "html_429")]
    Html429,
    /// 500 without more; nothing is done.
    #[serde(rename = "status_500")]
    #[value(name = "status_500")]
    Status500,
    /// 500 whose message speaks of a timeout; nothing is done.
    #[serde(rename = "timeout_500")]
    #[value(name = "timeout_500")]
    Timeout500,
    /// 502 as HTML; nothing is done.
    #[serde(rename = "html_502")]
    #[value(name = "html_502")]
    Html502,
    /// 503 with `Retry-After`; nothing is done.
    #[serde(rename = "status_503")]
    #[value(name = "status_503")]
    Status503,
    /// 520 as HTML; nothing is done.
    #[serde(rename = "html_520")]
    #[value(name = "html_520")]
    Html520,
    /// 200 with an HTML page, as a wrong host answers; nothing is done.
    #[serde(rename = "html_200")]
    #[value(name = "html_200")]
    Html200,
    /// It is done at once and answered after `delay_ms`.
    Slow,
    /// Nobody listens: the request does not even arrive. Over HTTP it is as `drop_before`.
    Refused,
    /// The connection ends before anything is done.
    DropBefore,
    /// It is done, and the connection ends without an answer.
    LostAfterWrite,
    /// The connection ends without an answer, and it is done `delay_ms` later.
    DoneLater,
    /// It is done, and the connection ends in the middle of the answer's body.
    Truncated,
}

/// A fault that waits for matching calls.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Fault {
    /// `POST` and so on; none for any method.
    #[serde(default)]
    pub method: Option<String>,
    /// The path after `apis/3.0`; `*` stands for one segment. None for any path.
    #[serde(default)]
    pub path: Option<String>,
    /// What goes wrong.
    pub kind: FaultKind,
    /// The `Retry-After` header of 429 and 503, in seconds or as a date.
    #[serde(default)]
    pub retry_after: Option<String>,
    /// How long `slow` takes.
    #[serde(default = "five_seconds")]
    pub delay_ms: u64,
    /// How many matching calls to let through first.
    #[serde(default)]
    pub skip: u32,
    /// How many calls it hits.
    #[serde(default = "once")]
    pub times: u32,
}

fn five_seconds() -> u64 {
    5_000
}

fn once() -> u32 {
    1
}

impl Fault {
    /// One call of this method and path goes wrong in this way.
    pub fn once(method: &str, path: &str, kind: FaultKind) -> Self {
        Self {
            method: Some(method.into()),
            path: Some(path.into()),
            kind,
            retry_after: None,
            delay_ms: five_seconds(),
            skip: 0,
            times: 1,
        }
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        let method_fits = self.method.as_ref().is_none_or(|own| own.eq_ignore_ascii_case(method));
        method_fits && self.path.as_ref().is_none_or(|own| path_fits(own, path))
    }
}

/// A fault in words: a method and a path, each `*` for any, a kind, and what else is to be said as
/// `skip=1`, `times=3`, `delay_ms=2000` or `retry_after=30`.
///
/// ```
/// use psa_simulator::{Fault, FaultKind};
///
/// let fault: Fault = "PATCH /company/contacts/* slow delay_ms=2000 times=3".parse().unwrap();
/// assert_eq!((fault.kind, fault.delay_ms, fault.times), (FaultKind::Slow, 2000, 3));
/// ```
impl FromStr for Fault {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let mut words = text.split_whitespace();
        let (Some(method), Some(path), Some(kind)) = (words.next(), words.next(), words.next()) else {
            bail!(
                "a fault is a method, a path and a kind, such as \"POST /company/contacts lost_after_write\""
            );
        };
        if path != "*" && !path.starts_with('/') {
            bail!("the path {path:?} of a fault must begin with a slash, or be * for any");
        }
        let kind = FaultKind::from_str(kind, false)
            .map_err(|_| anyhow!("there is no kind of fault {kind:?}; there are {}", kinds().join(", ")))?;
        let mut fault = Self::once(method, path, kind);
        fault.method = fault.method.filter(|method| method != "*");
        fault.path = fault.path.filter(|path| path != "*");
        for word in words {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            let number = || format!("{name} of a fault must be a number, not {value:?}");
            match name {
                "skip" => fault.skip = value.parse().with_context(number)?,
                "times" => fault.times = value.parse().with_context(number)?,
                "delay_ms" => fault.delay_ms = value.parse().with_context(number)?,
                "retry_after" => fault.retry_after = Some(value.to_owned()),
                _ => bail!("a fault has skip, times, delay_ms and retry_after, not {word:?}"),
            }
        }
        Ok(fault)
    }
}

fn kinds() -> Vec<String> {
    let names = FaultKind::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    names.map(|value| value.get_name().to_owned()).collect()
}

fn path_fits(pattern: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    pattern.split('/').all(|wanted| {
        segments.next().is_some_and(|segment| wanted == "*" || wanted.eq_ignore_ascii_case(segment))
    }) && segments.next().is_none()
}

/// Says of each call, by its method and path, what goes wrong with it.
pub(crate) struct Oracle(Ask);

type Ask = Box<dyn FnMut(&str, &str) -> Option<Fault> + Send>;

impl std::fmt::Debug for Oracle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Oracle")
    }
}

impl World {
    /// Ask this of every call that no waiting fault hits: its method and its path after `apis/3.0`.
    pub fn fault_by(&mut self, oracle: impl FnMut(&str, &str) -> Option<Fault> + Send + 'static) {
        self.oracle = Some(Oracle(Box::new(oracle)));
    }

    /// Let a fault wait for its calls. Earlier faults come first.
    pub fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Forget every fault that still waits, and whom to ask.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
        self.oracle = None;
    }

    /// The fault that hits this call, if any; it is used up by one.
    pub(crate) fn take_fault(&mut self, method: &str, path: &str) -> Option<Fault> {
        self.faults.retain(|fault| fault.times > 0);
        for fault in &mut self.faults {
            if !fault.matches(method, path) {
                continue;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            fault.times -= 1;
            return Some(fault.clone());
        }
        self.oracle.as_mut().and_then(|oracle| (oracle.0)(method, path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_has_one_name_in_json_and_in_words() {
        let json: Vec<serde_json::Value> =
            FaultKind::value_variants().iter().map(|kind| serde_json::to_value(kind).unwrap()).collect();
        assert_eq!(json, kinds());
    }

    #[test]
    fn a_fault_is_read_from_words() {
        let fault: Fault =
            "POST /company/contacts/* status_429 retry_after=7 skip=1 times=2".parse().unwrap();
        assert_eq!(fault.method.as_deref(), Some("POST"));
        assert_eq!(fault.path.as_deref(), Some("/company/contacts/*"));
        assert_eq!((fault.kind, fault.skip, fault.times), (FaultKind::Status429, 1, 2));
        assert_eq!(fault.retry_after.as_deref(), Some("7"));
        let any: Fault = "* * drop_before".parse().unwrap();
        assert!(any.method.is_none() && any.path.is_none() && any.times == 1);
    }

    #[test]
    fn what_is_no_fault_is_said() {
        for (text, part) in [
            ("POST /company/contacts", "kind"),
            ("POST company slow", "slash"),
            ("POST / sluggish", "lost_after_write"),
            ("POST / slow delay_ms=long", "delay_ms"),
            ("POST / slow often", "often"),
        ] {
            let error = text.parse::<Fault>().unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
