//! Decisions: what a person said of a row, as keys.

use std::{collections::BTreeMap, fmt, str::FromStr};

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

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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

impl fmt::Display for NotASubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a:{objectGUID} or c:{contact id}")
    }
}

impl std::error::Error for NotASubject {}

impl FromStr for Subject {
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
    /// The same until a day has passed.
    IgnoreUntil(Day),
    /// Of an excluded account: it is a person after all.
    Person,
    /// Of an account: it is nobody's own, whatever it looks like.
    NotAPerson,
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
        !matches!(self, Self::Ignore | Self::IgnoreUntil(_) | Self::Person | Self::NotAPerson)
    }

    /// Whether it leaves its subject alone.
    #[must_use]
    pub const fn leaves_alone(self) -> bool {
        matches!(self, Self::Ignore | Self::IgnoreUntil(_))
    }

    /// Whether its last day is over. The planner knows no time: whoever asks takes such decisions out.
    #[must_use]
    pub fn is_over(self, today: Day) -> bool {
        matches!(self, Self::IgnoreUntil(last) if last < today)
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
            Subject::Contact(_) => matches!(self, Self::Ignore | Self::IgnoreUntil(_) | Self::Deactivate),
        }
    }
}

/// A date: year, month and day. Its text is `2027-01-31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Day(u16, u8, u8);

/// A text that is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotADay;

impl fmt::Display for NotADay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a date such as 2027-01-31")
    }
}

impl std::error::Error for NotADay {}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0, self.1, self.2)
    }
}

impl FromStr for Day {
    type Err = NotADay;

    /// Days are only compared: the 31st of a shorter month is as good as its last day.
    fn from_str(text: &str) -> Result<Self, NotADay> {
        let mut parts = text.split('-');
        let mut number = |digits: usize| {
            let part = parts.next().filter(|part| part.len() == digits);
            let part = part.filter(|part| part.bytes().all(|sign| sign.is_ascii_digit()));
            part.and_then(|part| part.parse::<u16>().ok()).ok_or(NotADay)
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        let fits = (1..=12).contains(&month) && (1..=31).contains(&day) && parts.next().is_none();
        let small = |number: u16| u8::try_from(number).map_err(|_| NotADay);
        if fits { Ok(Self(year, small(month)?, small(day)?)) } else { Err(NotADay) }
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

impl TryFrom<String> for Day {
    type Error = NotADay;
    fn try_from(text: String) -> Result<Self, NotADay> {
        text.parse()
    }
}

/// All decisions of a company, at most one for each subject.
pub type Decisions = BTreeMap<Subject, Decision>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_dates() {
        let days =
            ["1999-12-31", "2026-02-28", "2026-10-09", "2026-11-01"].map(|text| text.parse::<Day>().unwrap());
        assert!(days.is_sorted(), "{days:?}");
        assert_eq!(days[2].to_string(), "2026-10-09");
        for text in
            ["", "2026-11", "2026-13-01", "2026-00-01", "26-04-01", "2026-4-1", "2026-04-00", "2026-04-01-"]
        {
            assert_eq!(text.parse::<Day>(), Err(NotADay), "{text}");
        }
    }

    #[test]
    fn a_last_day_is_over_when_it_has_passed() {
        let until = Decision::IgnoreUntil("2026-11-27".parse().unwrap());
        assert!(!until.is_over("2026-11-27".parse().unwrap()));
        assert!(until.is_over("2026-11-28".parse().unwrap()));
        assert!(!Decision::Ignore.is_over("2026-11-28".parse().unwrap()));
    }
}
