//! Which answers a row takes.

use reconcile::{Contact, ContactId, Decision, Exclusion, Prepared, Row, RowKind, Subject};

use crate::text;

/// What a person may answer, beside a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// A new contact for the account.
    Create,
    /// The contact of another company comes here.
    Move,
    /// The account is left alone.
    Ignore,
    /// The contact is left alone.
    Keep,
    /// The account is a person's.
    Person,
    /// The account is nobody's.
    Nobody,
    /// The contact is deactivated.
    Deactivate,
}

impl Reply {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Create, Self::Move, Self::Ignore, Self::Keep, Self::Person, Self::Nobody, Self::Deactivate];

    /// `data-action` of its button; with `-all` after it, of the button for many rows.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Move => "move",
            Self::Ignore => "ignore",
            Self::Keep => "keep",
            Self::Person => "person",
            Self::Nobody => "nobody",
            Self::Deactivate => "deactivate",
        }
    }

    /// The one with this code.
    #[must_use]
    pub fn coded(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reply| reply.code() == code)
    }
}

/// One answer that a person may give to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What it does.
    pub reply: Reply,
    /// Its words.
    pub words: text::Text,
    /// Whom the decision is about.
    pub subject: Subject,
    /// The decision.
    pub decision: Decision,
}

/// Which other half a row may be given by searching.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// The row has an account: its contact is searched.
    Contact,
    /// The row has only a contact: its account is searched.
    Account(ContactId),
}

/// The answers to a row beside matching it, and what can be searched for it.
#[must_use]
pub fn answers(row: &Row, both: &Prepared) -> (Vec<Answer>, Option<Ask>) {
    let account = row.account.filter(|&id| both.account(id).is_some()).map(Subject::Account);
    let contact = row.contact.map(Subject::Contact);
    let left_out = row.left_out();
    let after_all = match left_out {
        Some(Exclusion::OtherCompany(_) | Exclusion::Unclaimed) => text::TAKE,
        _ => text::PERSON,
    };
    let inactive =
        row.contact.and_then(|id| both.contact(id)).is_some_and(|Contact { inactive, .. }| *inactive);
    let mut answers = Vec::new();
    let mut offer = |reply, words, subject: Option<Subject>, decision| {
        answers.extend(subject.map(|subject| Answer { reply, words, subject, decision }));
    };
    match row.kind {
        RowKind::NeedsDecision => {
            if left_out.is_some() {
                offer(Reply::Person, after_all, account, Decision::Person);
                offer(Reply::Deactivate, text::DEACTIVATE, contact, Decision::Deactivate);
            } else if row.linked_in().is_some() {
                offer(Reply::Move, text::MOVE, account, Decision::Move);
                offer(Reply::Create, text::SECOND, account, Decision::Create);
            } else {
                offer(Reply::Create, text::CREATE, account, Decision::Create);
            }
            offer(Reply::Ignore, text::IGNORE, account, Decision::Ignore);
            if left_out.is_none() {
                offer(Reply::Nobody, text::NOT_A_PERSON, account, Decision::NotAPerson);
            }
        }
        RowKind::Excluded => offer(Reply::Person, after_all, account, Decision::Person),
        RowKind::PsaOnly => {
            offer(Reply::Deactivate, text::DEACTIVATE, contact, Decision::Deactivate);
            offer(Reply::Keep, text::KEEP, contact, Decision::Ignore);
        }
        RowKind::Deactivate if account.is_none() => offer(Reply::Keep, text::KEEP, contact, Decision::Ignore),
        RowKind::Ignored => {}
        _ => {
            offer(Reply::Ignore, text::IGNORE, account, Decision::Ignore);
            // A leaver's contact goes, whoever the account was.
            if row.kind != RowKind::Deactivate {
                offer(Reply::Nobody, text::NOT_A_PERSON, account, Decision::NotAPerson);
            }
        }
    }
    let ask = match (account, row.contact) {
        (Some(_), _) => Some(Ask::Contact),
        (None, Some(contact)) if !inactive => Some(Ask::Account(contact)),
        _ => None,
    };
    // A decision that the row follows already is not offered again.
    answers.retain(|answer| row.decision != Some(answer.decision));
    (answers, ask.filter(|_| !matches!(row.kind, RowKind::Ignored)))
}
