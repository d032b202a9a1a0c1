//! What is done to many contacts in the PSA only at once, and which of them, or of the rows that are
//! not ticked by themselves, need a look first.

use std::sync::Arc;

use reconcile::{AccountId, Candidate, ContactId, Row, RowKind, Subject, normal::Agreement};

use super::model::Review;

/// What became of contacts that were deactivated together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Many {
    /// Rows that are written when the person applies.
    pub ticked: usize,
    /// Rows that stay unticked until somebody has looked at them.
    pub to_look_at: usize,
}

impl Review {
    /// Picks a contact in the PSA only for what is done to many, or drops it again.
    pub fn pick(&mut self, contact: ContactId, picked: bool) {
        if picked {
            self.picked.insert(contact);
        } else {
            self.picked.remove(&contact);
        }
    }

    /// Whether a contact is picked.
    #[must_use]
    pub fn is_picked(&self, contact: ContactId) -> bool {
        self.picked.contains(&contact)
    }

    /// How many are picked.
    #[must_use]
    pub fn picked(&self) -> usize {
        self.picked.len()
    }

    /// The contacts in the PSA only that a decision about many is for: the picked ones, or, when
    /// none is, all that the filter leaves and that need no look.
    #[must_use]
    pub fn many(&self) -> Vec<Subject> {
        let meant = |row: &&Arc<Row>| {
            if self.picked.is_empty() {
                namesake(row).is_none()
            } else {
                row.contact.is_some_and(|contact| self.picked.contains(&contact))
            }
        };
        let rows = self.matching(RowKind::PsaOnly);
        rows.into_iter().filter(meant).filter_map(|row| row.contact.map(Subject::Contact)).collect()
    }

    /// How many contacts in the PSA only that the filter leaves need a look of their own.
    #[must_use]
    pub fn namesakes(&self) -> usize {
        self.matching(RowKind::PsaOnly).into_iter().filter(|row| namesake(row).is_some()).count()
    }

    /// What became of these, now that they were decided about.
    #[must_use]
    pub fn became(&self, subjects: &[Subject]) -> Many {
        let mut many = Many::default();
        for row in subjects.iter().filter_map(|&subject| self.row_of(subject)) {
            if self.is_ticked(row) {
                many.ticked += 1;
            } else if row.kind == RowKind::Deactivate {
                many.to_look_at += 1;
            }
        }
        many
    }

    /// Rows that nothing is done to unseen and that nobody has ticked: those that are protected, held, or
    /// were undone before.
    #[must_use]
    pub fn to_look_at(&self) -> usize {
        let asks = |row: &&Arc<Row>| !row.approved_by_default() || self.is_held(row);
        self.plan().writing().filter(asks).filter(|row| !self.is_ticked(row)).count()
    }
}

/// The account that speaks against a contact in the PSA only being nobody's: it has the same
/// address or a name that agrees.
pub(super) fn namesake(row: &Row) -> Option<&Candidate<AccountId>> {
    let speaks = |candidate: &&Candidate<AccountId>| {
        candidate.address() || matches!(candidate.names, Agreement::Same | Agreement::Compatible)
    };
    row.accounts.iter().find(speaks).filter(|_| row.kind == RowKind::PsaOnly)
}
