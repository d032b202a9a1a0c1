//! Faults on demand: what goes wrong with the next calls, and for whom.

use serde::{Deserialize, Serialize};

use super::World;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// 429 with `Retry-After` and the odd `{error, message}` body; nothing is done.
    #[serde(rename = "status_429")]
    Status429,
    /// 429 as HTML, as a proxy in front of the PSA says it; nothing is done.
    #[serde(rename = "html_429")]
    Html429,
    /// 500 without more; nothing is done.
    #[serde(rename = "status_500")]
    Status500,
    /// 500 whose message speaks of a timeout; nothing is done.
    #[serde(rename = "timeout_500")]
    Timeout500,
    /// 502 as HTML; nothing is done.
    #[serde(rename = "html_502")]
    Html502,
    /// 503 with `Retry-After`; nothing is done.
    #[serde(rename = "status_503")]
    Status503,
    /// 520 as HTML; nothing is done.
    #[serde(rename = "html_520")]
    Html520,
    /// 200 with an HTML page, as a wrong host answers; nothing is done.
    #[serde(rename = "html_200")]
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
