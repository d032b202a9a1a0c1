//! Reading a company's directory: in a process of its own, and believed only when sealed.

mod child;
mod words;

use agent::{
    ReadError,
    stream::{Found, Sealed},
};
use reconcile::{Account, AccountId, Coverage, Snapshot};

pub use child::{ReadFailure, ReadProgress, Reader, ReaderProgram, Streams};

/// Every account of a company's directory. Only a stream whose seal was right and that has somebody in it
/// becomes one, and only with one of these is anybody deactivated.
#[derive(Debug)]
pub struct CompleteSnapshot(Vec<Account>);

impl CompleteSnapshot {
    fn new(sealed: Sealed) -> Result<Self, ReadFailure> {
        let accounts = sealed.into_accounts();
        // A reader says so itself; whoever else seals a stream may not.
        if accounts.is_empty() {
            return Err(ReadFailure::Read(ReadError::NothingFound));
        }
        Ok(Self(accounts))
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

/// Whom a search found. Nothing makes a [`CompleteSnapshot`] of it: who is not in it may be in the
/// directory all the same.
#[derive(Debug, Default)]
pub struct FoundAccounts(Vec<Account>);

impl FoundAccounts {
    fn new(found: Found) -> Self {
        Self(found.into_accounts())
    }

    /// The accounts, in the directory's order.
    #[must_use]
    pub fn into_accounts(self) -> Vec<Account> {
        self.0
    }
}
