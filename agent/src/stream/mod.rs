//! What a read looks like on a pipe: JSON, one document a line.
//!
//! ```text
//! {"step":{"connected":"10.0.0.4:636"}}
//! {"step":"bound"}
//! {"account":{"id":"…","dn":"…",…}}
//! {"progress":{"accounts":500}}
//! {"seal":{"accounts":812,"sha256":"…"}}
//! ```
//!
//! A search for somebody, or for groups and units, ends with `found` in place of `seal`: whatever it found
//! is not a directory, and cannot be taken for one. Or, at any point, `{"failed":{"code":"cut_off",…}}`. The seal's hash is the SHA-256 over the
//! bytes of all account lines with their line ends. **A stream without a seal that checks out is
//! not a directory**, however many accounts it carried.

mod verifier;
mod writer;

use reconcile::Account;
use serde::{Deserialize, Serialize};

use crate::ReadError;
use crate::read::Milestone;

pub use verifier::{Bounds, Event, Found, Sealed, StreamError, Verifier};
pub use writer::Writer;

/// Bytes of one line, line end included. An entry has at most 256 KiB, and JSON writes a sign of
/// it with two at most.
pub const LINE_LENGTH: usize = 1 << 20;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Step(Milestone),
    Account(Box<Account>),
    Progress { accounts: u64 },
    Seal { accounts: u64, sha256: String },
    Found { accounts: u64, sha256: String },
    Failed(ReadError),
}
