//! The receiving side's end of the pipe.

use std::collections::BTreeSet;

use reconcile::{Account, AccountId};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{LINE_LENGTH, Line};
use crate::ReadError;
use crate::read::Milestone;

/// What one stream may bring.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Accounts.
    pub accounts: u64,
    /// Bytes of all lines together.
    pub bytes: u64,
}

/// What came, for whoever watches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The read passed this point.
    Step(Milestone),
    /// One account. It means nothing until the seal.
    Account(AccountId),
    /// So many accounts by now, as the reader counts.
    Progress {
        /// Accounts.
        accounts: u64,
    },
    /// The seal came, and count and hash are right. Anything after it still spoils it.
    Sealed,
}

/// A whole directory, as its reader sealed it. Only [`Verifier::finish`] makes one.
#[derive(Clone, Debug)]
pub struct Sealed {
    accounts: Vec<Account>,
    hash: [u8; 32],
}

impl Sealed {
    /// Every account, in the directory's order, each once.
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// The same, taken out.
    pub fn into_accounts(self) -> Vec<Account> {
        self.accounts
    }

    /// SHA-256 over the account lines.
    pub fn hash(&self) -> [u8; 32] {
        self.hash
    }
}

/// What a search for somebody found. Only [`Verifier::finish_found`] makes one, and nothing makes a
/// [`Sealed`] of it: who is not in it may be in the directory all the same.
#[derive(Clone, Debug)]
pub struct Found(Vec<Account>);

impl Found {
    /// Whoever was found, in the directory's order, each once.
    pub fn into_accounts(self) -> Vec<Account> {
        self.0
    }
}

/// Why a stream is not a whole directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum StreamError {
    /// The reader says why it failed.
    #[error("the read failed: {0}")]
    Failed(ReadError),
    /// It ended without a seal: the reader was killed, or its connection was lost.
    #[error("the stream is incomplete: it ended without a seal after {accounts} accounts")]
    Incomplete {
        /// Accounts by then.
        accounts: u64,
    },
    /// The seal counts other accounts than came.
    #[error("the stream is incomplete: the seal counts {sealed} accounts, {came} came")]
    WrongCount {
        /// By the seal.
        sealed: u64,
        /// By us.
        came: u64,
    },
    /// The seal is for other bytes than came.
    #[error("the stream is damaged: its hash is not the seal's")]
    WrongHash,
    /// Something followed the seal.
    #[error("the stream goes on after its seal")]
    AfterSeal,
    /// A line is not one of ours.
    #[error("line {line} of the stream cannot be read")]
    BadLine {
        /// Counted from 1.
        line: u64,
    },
    /// A line is longer than any line of ours.
    #[error("line {line} of the stream is too long")]
    LineTooLong {
        /// Counted from 1.
        line: u64,
    },
    /// An account came twice.
    #[error("the account {id} came twice")]
    DuplicateAccount {
        /// The account.
        id: AccountId,
    },
    /// More came than may.
    #[error("the stream is larger than allowed, after {accounts} accounts")]
    TooLarge {
        /// Accounts by then.
        accounts: u64,
    },
}

/// Takes a stream's bytes as they come and holds its accounts until it is clear whether they are a
/// directory. The first error is for good.
pub struct Verifier {
    bounds: Bounds,
    bytes: u64,
    lines: u64,
    /// The beginning of a line whose end has not come.
    rest: Vec<u8>,
    hash: Sha256,
    seen: BTreeSet<AccountId>,
    accounts: Vec<Account>,
    state: State,
}

enum State {
    Open,
    Sealed([u8; 32]),
    Found,
    Spoiled(StreamError),
}

impl Verifier {
    /// For one stream.
    pub fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            bytes: 0,
            lines: 0,
            rest: Vec::new(),
            hash: Sha256::new(),
            seen: BTreeSet::new(),
            accounts: Vec::new(),
            state: State::Open,
        }
    }

    /// Takes the next bytes, cut anywhere, and says what they brought.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<Event>, StreamError> {
        let mut events = Vec::new();
        self.push_telling(bytes, |event| events.push(event))?;
        Ok(events)
    }

    /// The same; what the bytes brought before an error in them is told as well.
    pub fn push_telling(&mut self, bytes: &[u8], mut told: impl FnMut(Event)) -> Result<(), StreamError> {
        if let State::Spoiled(error) = &self.state {
            return Err(error.clone());
        }
        self.take(bytes, &mut told).inspect_err(|error| self.state = State::Spoiled(error.clone()))
    }

    /// Whether an end came that checked out.
    #[must_use]
    pub const fn has_ended(&self) -> bool {
        matches!(self.state, State::Sealed(_) | State::Found)
    }

    /// The directory, if the stream was one from its first line to its seal and nothing followed.
    pub fn finish(self) -> Result<Sealed, StreamError> {
        match self.state {
            State::Spoiled(error) => Err(error),
            State::Sealed(hash) => Ok(Sealed { accounts: self.accounts, hash }),
            // A search is not a directory, however well it ended.
            State::Open | State::Found => {
                Err(StreamError::Incomplete { accounts: self.accounts.len() as u64 })
            }
        }
    }

    /// What a search found, if the stream was one from its first line to its end and nothing followed.
    pub fn finish_found(self) -> Result<Found, StreamError> {
        match self.state {
            State::Spoiled(error) => Err(error),
            State::Found => Ok(Found(self.accounts)),
            State::Open | State::Sealed(_) => {
                Err(StreamError::Incomplete { accounts: self.accounts.len() as u64 })
            }
        }
    }

    fn take(&mut self, bytes: &[u8], told: &mut impl FnMut(Event)) -> Result<(), StreamError> {
        self.bytes += bytes.len() as u64;
        if self.bytes > self.bounds.bytes {
            return Err(self.too_large());
        }
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            if matches!(self.state, State::Sealed(_) | State::Found) {
                return Err(StreamError::AfterSeal);
            }
            if self.rest.len() + piece.len() > LINE_LENGTH {
                return Err(StreamError::LineTooLong { line: self.lines + 1 });
            }
            self.rest.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                let line = std::mem::take(&mut self.rest);
                told(self.line(&line)?);
            }
        }
        Ok(())
    }

    fn line(&mut self, bytes: &[u8]) -> Result<Event, StreamError> {
        self.lines += 1;
        match serde_json::from_slice(bytes).map_err(|_| StreamError::BadLine { line: self.lines })? {
            Line::Account(account) => {
                let id = account.id;
                if self.accounts.len() as u64 == self.bounds.accounts {
                    return Err(self.too_large());
                }
                if !self.seen.insert(id) {
                    return Err(StreamError::DuplicateAccount { id });
                }
                self.hash.update(bytes);
                self.accounts.push(*account);
                Ok(Event::Account(id))
            }
            Line::Step(step) => Ok(Event::Step(step)),
            Line::Progress { accounts } => Ok(Event::Progress { accounts }),
            Line::Seal { accounts, sha256 } => {
                self.state = State::Sealed(self.checked(accounts, &sha256)?);
                Ok(Event::Sealed)
            }
            Line::Found { accounts, sha256 } => {
                self.checked(accounts, &sha256)?;
                self.state = State::Found;
                Ok(Event::Sealed)
            }
            Line::Failed(error) => Err(StreamError::Failed(error)),
        }
    }

    /// The hash of what came, when an end counts and hashes the same.
    fn checked(&self, sealed: u64, sha256: &str) -> Result<[u8; 32], StreamError> {
        let came = self.accounts.len() as u64;
        if sealed != came {
            return Err(StreamError::WrongCount { sealed, came });
        }
        let hash: [u8; 32] = self.hash.clone().finalize().into();
        if sha256 == hex::encode(hash) { Ok(hash) } else { Err(StreamError::WrongHash) }
    }

    fn too_large(&self) -> StreamError {
        StreamError::TooLarge { accounts: self.accounts.len() as u64 }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::read::Sink;
    use crate::stream::Writer;

    const BOUNDS: Bounds = Bounds { accounts: 100, bytes: 1 << 20 };

    fn account(number: u128) -> Account {
        serde_json::from_value(serde_json::json!({
            "id": Uuid::from_u128(number),
            "dn": format!("CN=Zoë \"{number}\",DC=corp"),
            "logon_name": format!("zoe{number}"),
            "enabled": true,
        }))
        .unwrap()
    }

    fn recorded() -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut writer = Writer::new(&mut bytes);
        for number in 0..3 {
            writer.account(account(number)).unwrap();
        }
        writer.reached(&Milestone::Page { accounts: 3 }).unwrap();
        writer.seal().unwrap();
        bytes
    }

    fn verify(bytes: &[u8]) -> Result<Sealed, StreamError> {
        let mut verifier = Verifier::new(BOUNDS);
        let pushed = verifier.push(bytes);
        let finished = verifier.finish();
        if let Err(error) = pushed {
            assert_eq!(finished.unwrap_err(), error, "the first error is for good");
            return Err(error);
        }
        finished
    }

    /// The recorded stream with one of its lines made anew.
    fn edited(line: usize, edit: impl Fn(&mut String)) -> Vec<u8> {
        let text = String::from_utf8(recorded()).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        edit(&mut lines[line]);
        (lines.join("\n") + "\n").into_bytes()
    }

    #[test]
    fn a_whole_stream_is_sealed_however_it_is_cut_up() {
        let bytes = recorded();
        for size in 1..bytes.len() {
            let mut verifier = Verifier::new(BOUNDS);
            let mut events = Vec::new();
            for piece in bytes.chunks(size) {
                events.extend(verifier.push(piece).unwrap());
            }
            assert_eq!(events.len(), 5);
            assert_eq!(events.last(), Some(&Event::Sealed));
            assert_eq!(verifier.finish().unwrap().into_accounts(), [account(0), account(1), account(2)]);
        }
    }

    #[test]
    fn d1_a_stream_cut_after_any_byte_is_never_sealed() {
        let bytes = recorded();
        for length in 0..bytes.len() {
            let error = verify(&bytes[..length]).unwrap_err();
            assert!(matches!(error, StreamError::Incomplete { .. }), "{length}: {error}");
        }
    }

    #[test]
    fn a_changed_byte_is_never_sealed_as_something_else() {
        let bytes = recorded();
        for position in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[position] ^= 1;
            if let Ok(sealed) = verify(&changed) {
                // Only the progress line is not under the seal.
                assert_eq!(sealed.into_accounts(), verify(&bytes).unwrap().into_accounts(), "{position}");
            }
        }
    }

    #[test]
    fn a_seal_must_count_and_hash_right() {
        let count = verify(&edited(4, |line| *line = line.replace(r#""accounts":3"#, r#""accounts":4"#)));
        assert_eq!(count.unwrap_err(), StreamError::WrongCount { sealed: 4, came: 3 });
        let hash = verify(&edited(4, |line| {
            let flipped = if line.contains("\"sha256\":\"0") { "\"sha256\":\"1" } else { "\"sha256\":\"0" };
            let start = line.find("\"sha256\":\"").unwrap();
            line.replace_range(start..start + flipped.len(), flipped);
        }));
        assert_eq!(hash.unwrap_err(), StreamError::WrongHash);
        let left_out = verify(&edited(1, |line| *line = r#"{"progress":{"accounts":1}}"#.to_owned()));
        assert_eq!(left_out.unwrap_err(), StreamError::WrongCount { sealed: 3, came: 2 });
    }

    #[test]
    fn what_a_search_found_is_never_a_directory_and_a_directory_no_search() {
        let mut bytes = Vec::new();
        let mut writer = Writer::new(&mut bytes);
        writer.account(account(0)).unwrap();
        writer.found().unwrap();
        assert_eq!(verify(&bytes).unwrap_err(), StreamError::Incomplete { accounts: 1 });
        let found = |bytes: &[u8]| {
            let mut verifier = Verifier::new(BOUNDS);
            verifier.push(bytes).and_then(|_| verifier.finish_found())
        };
        assert_eq!(found(&bytes).unwrap().into_accounts(), [account(0)]);
        assert_eq!(found(&recorded()).unwrap_err(), StreamError::Incomplete { accounts: 3 });
        bytes.extend_from_slice(&recorded());
        assert_eq!(found(&bytes).unwrap_err(), StreamError::AfterSeal);
    }

    #[test]
    fn nothing_may_follow_the_seal() {
        for more in [b"\n".as_slice(), b"{", b"{\"progress\":{\"accounts\":3}}\n", &recorded()] {
            let mut bytes = recorded();
            bytes.extend_from_slice(more);
            assert_eq!(verify(&bytes).unwrap_err(), StreamError::AfterSeal);
        }
    }

    #[test]
    fn a_failure_is_told_as_it_was_said() {
        let mut bytes = Vec::new();
        Writer::new(&mut bytes).failed(ReadError::NothingFound).unwrap();
        assert_eq!(verify(&bytes).unwrap_err(), StreamError::Failed(ReadError::NothingFound));
    }

    #[test]
    fn d12_an_account_that_comes_twice_spoils_the_stream() {
        let first = String::from_utf8(recorded()).unwrap().lines().next().unwrap().to_owned();
        let error = verify(&edited(1, |line| line.clone_from(&first))).unwrap_err();
        assert_eq!(error, StreamError::DuplicateAccount { id: account(0).id });
    }

    #[test]
    fn d13_bounds_hold() {
        let mut verifier = Verifier::new(Bounds { accounts: 2, ..BOUNDS });
        assert_eq!(verifier.push(&recorded()).unwrap_err(), StreamError::TooLarge { accounts: 2 });
        let mut verifier = Verifier::new(Bounds { bytes: 10, ..BOUNDS });
        assert_eq!(verifier.push(&recorded()).unwrap_err(), StreamError::TooLarge { accounts: 0 });
        let mut verifier = Verifier::new(Bounds { bytes: u64::MAX, ..BOUNDS });
        assert_eq!(
            verifier.push(&vec![b' '; LINE_LENGTH + 1]).unwrap_err(),
            StreamError::LineTooLong { line: 1 }
        );
    }

    #[test]
    fn foreign_lines_are_refused() {
        for line in ["", "{}", "null", r#"{"account":{}}"#, r#"{"seal":{}}"#, "hello"] {
            let error = verify(format!("{line}\n").as_bytes()).unwrap_err();
            assert_eq!(error, StreamError::BadLine { line: 1 }, "{line}");
        }
    }
}
