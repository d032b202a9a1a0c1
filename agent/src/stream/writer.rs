//! The reading side's end of the pipe.

use std::io::{self, Write};

use reconcile::Account;
use sha2::{Digest, Sha256};

use super::Line;
use crate::ReadError;
use crate::read::{Milestone, ReceiverGone, Sink};

/// Writes a read as lines.
pub struct Writer<W> {
    out: W,
    hash: Sha256,
    accounts: u64,
}

impl<W: Write> Writer<W> {
    /// On this pipe.
    pub fn new(out: W) -> Self {
        Self { out, hash: Sha256::new(), accounts: 0 }
    }

    /// Ends the stream of a read that saw the end of the directory.
    pub fn seal(mut self) -> io::Result<()> {
        let sha256 = hex::encode(self.hash.clone().finalize());
        let accounts = self.accounts;
        self.line(&Line::Seal { accounts, sha256 })?;
        self.out.flush()
    }

    /// Ends the stream of a search that saw the end of what it may find.
    pub fn found(mut self) -> io::Result<()> {
        let sha256 = hex::encode(self.hash.clone().finalize());
        let accounts = self.accounts;
        self.line(&Line::Found { accounts, sha256 })?;
        self.out.flush()
    }

    /// Ends the stream of a read that did not.
    pub fn failed(mut self, error: ReadError) -> io::Result<()> {
        self.line(&Line::Failed(error))?;
        self.out.flush()
    }

    fn line(&mut self, line: &Line) -> io::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        self.out.write_all(&bytes)?;
        Ok(bytes)
    }
}

impl<W: Write> Sink for Writer<W> {
    fn account(&mut self, account: Account) -> Result<(), ReceiverGone> {
        let bytes = self.line(&Line::Account(Box::new(account))).map_err(|_| ReceiverGone)?;
        self.hash.update(&bytes);
        self.accounts += 1;
        Ok(())
    }

    /// Flushes each time, so that whoever waits sees the read move.
    fn reached(&mut self, milestone: &Milestone) -> Result<(), ReceiverGone> {
        let line = match milestone {
            Milestone::Page { accounts } => Line::Progress { accounts: *accounts },
            step => Line::Step(step.clone()),
        };
        self.line(&line).map_err(|_| ReceiverGone)?;
        self.out.flush().map_err(|_| ReceiverGone)
    }
}
