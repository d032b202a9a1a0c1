//! Reading a company's directory: in a process of its own, and believed only when sealed.

mod child;
mod words;

use agent::stream::Sealed;
use reconcile::{Account, AccountId, Coverage, Snapshot};

pub use child::{ReadFailure, ReadProgress, Reader, ReaderProgram, Streams};

/// Every account of a company's directory. Only a stream whose seal was right becomes one, and
/// only with one of these is anybody deactivated.
#[derive(Debug)]
pub struct CompleteSnapshot(Vec<Account>);

impl CompleteSnapshot {
    fn new(sealed: Sealed) -> Self {
        Self(sealed.into_accounts())
    }

    /// The keys of its accounts.
    #[must_use]
    pub fn ids(&self) -> Vec<AccountId> {
        self.0.iter().map(|account| account.id).collect()
    }

    /// For the planner.
    #[must_use]
    pub fn into_snapshot(self) -> Snapshot {
        Snapshot { accounts: self.0, coverage: Coverage::Complete }
    }
}
