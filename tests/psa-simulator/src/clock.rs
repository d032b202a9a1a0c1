//! The one place that reads the wall clock.

use jiff::Timestamp;

/// Now, in whole seconds: the PSA keeps no finer stamp.
#[expect(clippy::disallowed_methods, reason = "the simulator is the world outside; this is its only clock")]
pub(crate) fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// Now, as the PSA writes it: `2026-07-01T00:00:00Z`.
pub(crate) fn stamp() -> String {
    now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
