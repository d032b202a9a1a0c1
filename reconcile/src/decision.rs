//! Decisions: what a person said of a row, as keys.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{AccountId, AccountState, ContactId};

/// Whom a decision is about. Written `a:{objectGUID}` or `c:{contact id}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Subject {
    /// A directory account.
    Account(AccountId),
    /// A PSA contact.
    Contact(ContactId),
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Account(id) => write!(f, "a:{id}"),
            Self::Contact(id) => write!(f, "c:{id}"),
        }
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> Self {
        subject.to_string()
    }
}

/// The text is neither `a:{objectGUID}` nor `c:{contact id}`.
#[derive(Debug, PartialEq, Eq)]
pub struct NotASubject;

impl std::fmt::Display for NotASubject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("expected a:{objectGUID} or c:{contact id}")
    }
}

impl std::error::Error for NotASubject {}

impl std::str::FromStr for Subject {
    type Err = NotASubject;
    fn from_str(text: &str) -> Result<Self, NotASubject> {
        match text.split_once(':') {
            Some(("a", id)) => id.parse().map(Self::Account).map_err(|_| NotASubject),
            Some(("c", id)) => id.parse().map(|id| Self::Contact(ContactId(id))).map_err(|_| NotASubject),
            _ => Err(NotASubject),
        }
    }
}

impl TryFrom<String> for Subject {
    type Error = NotASubject;
    fn try_from(text: String) -> Result<Self, NotASubject> {
        text.parse()
    }
}

/// What a person said of an account or a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Of an account: it is this contact's person. Also brings an inactive contact back.
    Match(ContactId),
    /// Of an account: none of the candidates; create a contact.
    Create,
    /// Of an account or a contact: leave it alone, now and in later runs.
    Ignore,
    /// Of an excluded account: it is a person after all.
    Person,
    /// Of a contact that no account stands behind: deactivate it.
    Deactivate,
    /// Of an account that is linked in another company: bring its contact here.
    Move,
    /// Of an account: what was written of it was undone; leave it as it was while the account is as
    /// it was then.
    Left(AccountState),
}

impl Decision {
    /// Whether it waits to be applied: it asks for a write, and does nothing until then.
    #[must_use]
    pub const fn is_draft(self) -> bool {
        matches!(self, Self::Match(_) | Self::Create | Self::Deactivate | Self::Move)
    }

    /// Whether a write of its row ends it: one that asked for the write (a match becomes a link), and
    /// one that left the account as it was until somebody approved a write. The others go on standing.
    #[must_use]
    pub const fn is_used_up_by_a_write(self) -> bool {
        !matches!(self, Self::Ignore | Self::Person)
    }

    /// Whether it says who an account is, whatever evidence and links say.
    #[must_use]
    pub const fn says_who(self) -> bool {
        matches!(self, Self::Match(_) | Self::Create | Self::Move)
    }

    /// Whether it says that an account is somebody of this company.
    #[must_use]
    pub const fn says_somebody(self) -> bool {
        self.says_who() || matches!(self, Self::Person)
    }

    /// Whether the decision makes sense for this kind of subject.
    #[must_use]
    pub const fn fits(self, subject: Subject) -> bool {
        match subject {
            Subject::Account(_) => !matches!(self, Self::Deactivate),
            Subject::Contact(_) => matches!(self, Self::Ignore | Self::Deactivate),
        }
    }
}

/// All decisions of a company, at most one for each subject.
pub type Decisions = BTreeMap<Subject, Decision>;
