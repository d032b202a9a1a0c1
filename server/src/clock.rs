//! The wall clock, so that everything else can be given another one.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// Tells the time.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The operating system's.
    System,
    /// One that a test moves by hand: seconds since 1970.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// Seconds since 1970 in UTC.
    #[must_use]
    pub fn now(&self) -> i64 {
        match self {
            Self::System => system_seconds(),
            Self::Manual(seconds) => seconds.load(Ordering::SeqCst),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is given")]
fn system_seconds() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// `seconds` since 1970 as RFC 3339 in UTC.
#[must_use]
pub fn rfc3339(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map(|time| time.to_string()).unwrap_or_default()
}
