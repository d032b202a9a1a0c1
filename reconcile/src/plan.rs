//! The plan: rows, each of which says what would happen to one account, one contact, or a pair.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    AccountId, Clue, Clues, ContactId, Decision, Exclusion, FieldChange, Fingerprint, Protection, Unplaced,
    normal::Agreement,
};

/// What a row would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    /// A question about an account that a person must answer.
    NeedsDecision,
    /// Deactivate the contact.
    Deactivate,
    /// Bring the contact back, and its fields up to date.
    Reactivate,
    /// Create a contact.
    Create,
    /// Change fields of the contact; link the pair if it is not yet.
    Update,
    /// Bring the contact here from another company, as it is.
    Move,
    /// Link the pair; the contact is already right.
    Link,
    /// A question about a contact that never had an account.
    PsaOnly,
    /// Left alone because a person said so, or undid what was written.
    Ignored,
    /// The account is not a person's.
    Excluded,
    /// Nothing to do.
    Unchanged,
}

impl RowKind {
    /// The stable code of the kind.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NeedsDecision => "needs_decision",
            Self::Deactivate => "deactivate",
            Self::Reactivate => "reactivate",
            Self::Create => "create",
            Self::Update => "update",
            Self::Move => "move",
            Self::Link => "link",
            Self::PsaOnly => "psa_only",
            Self::Ignored => "ignored",
            Self::Excluded => "excluded",
            Self::Unchanged => "unchanged",
        }
    }

    /// Whether applying the row writes: to the PSA, or (a link) to our own store.
    #[must_use]
    pub const fn writes(self) -> bool {
        matches!(
            self,
            Self::Deactivate | Self::Reactivate | Self::Create | Self::Update | Self::Move | Self::Link
        )
    }
}

/// Why a row is what it is. Codes with keys; words are found where they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The pair was linked before.
    Linked,
    /// They share an address and their names agree.
    SameAddress,
    /// They have the same name, and nobody else on either side has it.
    SameName,
    /// A person matched them.
    ChosenByPerson,
    /// A person asked for a new contact.
    CreationChosen,
    /// No contact has the account's address or name.
    NoContact,
    /// They share an address, but their names contradict.
    NamesContradict,
    /// More than one pairing is possible.
    SeveralCandidates,
    /// One contact is likely the account's, and it is not certain.
    Likely,
    /// The contact that fits is inactive, and not by us.
    ContactInactive,
    /// The linked contact is no longer in the PSA.
    ContactGone,
    /// The contact that was chosen went to another account.
    ContactTaken,
    /// The contact's own account is disabled or gone, and this account looks like its successor.
    AccountReplaced,
    /// The account is disabled.
    AccountDisabled,
    /// A complete read of the directory lacked the account.
    AccountMissing,
    /// The account or contact is left alone since a person said so.
    IgnoredByPerson,
    /// A person undid what was written of the account, which has not changed since.
    LeftAsItWas,
    /// A person undid what was written of the account, and the account has changed since.
    ChangedSinceLeft,
    /// A person asked for the deactivation.
    DeactivationChosen,
    /// No account was ever linked to the contact.
    NeverLinked,
    /// The account is left out, and why.
    LeftOut(Exclusion),
    /// The contacts that fit look like one person, entered more than once.
    EnteredTwice,
    /// The contact looks like the same person as this one.
    DuplicateOf(ContactId),
    /// The account is linked to a contact of the company with this record id.
    LinkedElsewhere(i64),
    /// The rules of the company with this record id take the account as well.
    ClaimedTwice(i64),
}

/// A possible other half for a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate<T> {
    /// The candidate.
    pub id: T,
    /// What they have in common, and what not.
    pub clues: Clues,
    /// How their names compare.
    pub names: Agreement,
    /// How likely they are one person, in tenths of a bit: at 0 as likely as not, ten more is twice as
    /// likely.
    pub score: i32,
}

impl<T> Candidate<T> {
    /// Whether they share an address.
    #[must_use]
    pub const fn address(&self) -> bool {
        self.clues.has(Clue::SameAddress) || self.clues.has(Clue::SharedAddress)
    }
}

/// The keys that tell a row from every other of the same plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RowKey {
    /// The account, where the row has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// The contact, where the row has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactId>,
}

/// One line of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// What would happen.
    pub kind: RowKind,
    /// The account; absent for contacts without one, present (but not in the snapshot) for a
    /// missing one.
    pub account: Option<AccountId>,
    /// The contact; absent for a creation and for a question without a contact of its own. Of a move it
    /// is one of another company.
    pub contact: Option<ContactId>,
    /// The fields that would be written.
    pub changes: Vec<FieldChange>,
    /// Values that the PSA has nothing to refer to for; the row leaves them out.
    pub unplaced: Vec<Unplaced>,
    /// Why.
    pub reasons: Vec<Reason>,
    /// What the two of a pair have in common, when they were matched by that.
    pub clues: Clues,
    /// For a question about an account: contacts it may be, likeliest first. For a pair that was
    /// matched by evidence: who came second, if anybody did.
    pub contacts: Vec<Candidate<ContactId>>,
    /// For a contact in the PSA only: accounts it may be, likeliest first.
    pub accounts: Vec<Candidate<AccountId>>,
    /// What depends on a contact that would be deactivated.
    pub protections: Vec<Protection>,
    /// The decision that the row follows.
    pub decision: Option<Decision>,
    /// What is approved when the row is approved.
    pub fingerprint: Fingerprint,
}

impl Row {
    pub(crate) fn new(kind: RowKind, account: Option<AccountId>, contact: Option<ContactId>) -> Self {
        Self {
            kind,
            account,
            contact,
            changes: Vec::new(),
            unplaced: Vec::new(),
            reasons: Vec::new(),
            clues: Clues::default(),
            contacts: Vec::new(),
            accounts: Vec::new(),
            protections: Vec::new(),
            decision: None,
            fingerprint: Fingerprint::UNSET,
        }
    }

    pub(crate) fn because(mut self, reason: Reason) -> Self {
        self.reasons.push(reason);
        self
    }

    /// The row's keys.
    #[must_use]
    pub const fn key(&self) -> RowKey {
        RowKey { account: self.account, contact: self.contact }
    }

    /// Why the account is left out, where that is a reason.
    #[must_use]
    pub fn left_out(&self) -> Option<Exclusion> {
        self.reasons.iter().find_map(|reason| match reason {
            Reason::LeftOut(why) => Some(*why),
            _ => None,
        })
    }

    /// The record id of the company that the account is linked in, where that is a reason.
    #[must_use]
    pub fn linked_in(&self) -> Option<i64> {
        self.reasons.iter().find_map(|reason| match reason {
            Reason::LinkedElsewhere(company) => Some(*company),
            _ => None,
        })
    }

    /// Whether it deactivates a contact, and nobody asked for that.
    #[must_use]
    pub fn leaves_unasked(&self) -> bool {
        self.kind == RowKind::Deactivate && !self.reasons.contains(&Reason::DeactivationChosen)
    }

    /// Whether what was written of its account was undone before.
    #[must_use]
    pub fn was_undone(&self) -> bool {
        self.reasons.contains(&Reason::ChangedSinceLeft)
    }

    /// Whether the row may be approved together with others unseen: it writes, nothing in the PSA
    /// depends on a contact that it deactivates, and nobody undid what was written of its account.
    #[must_use]
    pub fn approved_by_default(&self) -> bool {
        self.kind.writes() && self.protections.is_empty() && !self.was_undone()
    }
}

/// All rows of a company, ordered by kind and keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The rows.
    pub rows: Vec<Arc<Row>>,
}

impl Plan {
    pub(crate) fn from_rows(mut rows: Vec<Arc<Row>>) -> Self {
        rows.sort_by_key(|row| (row.kind, row.key()));
        Self { rows }
    }

    /// The digest of the whole plan: of each row its keys and its fingerprint, in their order. The same
    /// on every machine.
    #[must_use]
    pub fn digest(&self) -> u128 {
        let mut hash = Sha256::new();
        for row in &self.rows {
            hash.update(row.account.map_or([0; 16], |account| *account.0.as_bytes()));
            hash.update(row.contact.map_or(0, |contact| contact.0).to_be_bytes());
            hash.update(row.fingerprint.bytes());
        }
        let mut first = [0; 16];
        first.copy_from_slice(&hash.finalize()[..16]);
        u128::from_be_bytes(first)
    }

    /// The rows that would write.
    pub fn writing(&self) -> impl Iterator<Item = &Arc<Row>> {
        self.rows.iter().filter(|row| row.kind.writes())
    }

    /// How many rows are of `kind`.
    #[must_use]
    pub fn count(&self, kind: RowKind) -> usize {
        self.rows.iter().filter(|row| row.kind == kind).count()
    }
}
