//! What is said of many rows at once, and which of them, or of the rows that are not ticked by themselves,
//! need a look first.

use std::sync::Arc;

use foldhash::HashMap;
use reconcile::{AccountId, Candidate, Decision, Row, RowKind, Subject, normal::Agreement};

use super::{
    answers::{Reply, answers},
    model::Review,
};
use crate::people::row_subject;

/// One answer to many rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bulk {
    /// The answer.
    pub reply: Reply,
    /// What it decides.
    pub changes: Vec<(Subject, Decision)>,
}

/// What became of rows that were decided about together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Many {
    /// Rows that are written when the person applies.
    pub ticked: usize,
    /// Deactivations that stay unticked until somebody has looked at them.
    pub to_look_at: usize,
}

/// How many accounts are answered at once at most.
const MOST: usize = 500;

/// Whether a row is picked for what is said of many: it has no tick of its own.
#[must_use]
pub const fn is_picked_by_hand(kind: RowKind) -> bool {
    matches!(kind, RowKind::NeedsDecision | RowKind::PsaOnly | RowKind::Excluded)
}

impl Review {
    /// Picks the row about somebody for what is said of many, or drops it again.
    pub fn pick(&mut self, subject: Subject, picked: bool) {
        if picked {
            self.picked.insert(subject);
        } else {
            self.picked.remove(&subject);
        }
    }

    /// Whether a row is picked.
    #[must_use]
    pub fn is_picked(&self, row: &Row) -> bool {
        !self.picked.is_empty() && row_subject(row).is_some_and(|subject| self.picked.contains(&subject))
    }

    /// How many rows of a group are picked.
    #[must_use]
    pub fn picked_in(&self, kind: RowKind) -> usize {
        self.matching(kind).iter().filter(|row| self.is_picked(row)).count()
    }

    /// The answers that may be given to many rows of a group: to the picked ones or, when none is, to all that
    /// the filter and the chosen reason leave. Of contacts in the PSA only, those that need a look are left out
    /// of all. More than [`MOST`] accounts are a rule's work.
    #[must_use]
    pub fn bulk(&self, kind: RowKind) -> Vec<Bulk> {
        let picked = self.picked_in(kind) > 0;
        // Nobody says something of a whole group of accounts without having narrowed it.
        let narrowed = self.is_filtered(kind) && self.matching(kind).len() <= MOST;
        if !picked && !narrowed && kind != RowKind::PsaOnly {
            return Vec::new();
        }
        let meant = |row: &&Arc<Row>| if picked { self.is_picked(row) } else { namesake(row).is_none() };
        let mut bulks: Vec<Bulk> = Vec::new();
        for row in self.matching(kind).iter().filter(meant) {
            for answer in answers(row, self.both()).0 {
                let change = (answer.subject, answer.decision);
                match bulks.iter_mut().find(|bulk| bulk.reply == answer.reply) {
                    Some(bulk) => bulk.changes.push(change),
                    // Whether a contact is brought here is looked at one by one.
                    None if answer.reply == Reply::Move => {}
                    None => bulks.push(Bulk { reply: answer.reply, changes: vec![change] }),
                }
            }
        }
        bulks
    }

    /// The answers that [`Self::bulk`] gives, and to how many rows.
    #[must_use]
    pub fn bulk_offers(&self, kind: RowKind) -> Vec<(Reply, usize)> {
        // Asked with each letter that is typed, about thousands of rows that all take the same two answers.
        if kind == RowKind::PsaOnly && self.picked_in(kind) == 0 {
            let rows = self.matching(kind).len() - self.namesakes();
            return if rows > 0 { vec![(Reply::Deactivate, rows), (Reply::Keep, rows)] } else { Vec::new() };
        }
        self.bulk(kind).into_iter().map(|bulk| (bulk.reply, bulk.changes.len())).collect()
    }

    /// How many contacts in the PSA only that the filter leaves need a look of their own.
    #[must_use]
    pub fn namesakes(&self) -> usize {
        self.matching(RowKind::PsaOnly).iter().filter(|row| namesake(row).is_some()).count()
    }

    /// What became of these, now that they were decided about.
    #[must_use]
    pub fn became(&self, changes: &[(Subject, Decision)]) -> Many {
        let rows: HashMap<Subject, &Arc<Row>> =
            self.plan().rows.iter().filter_map(|row| Some((row_subject(row)?, row))).collect();
        let mut many = Many::default();
        for (subject, _) in changes {
            // A contact whose account is disabled stands in its account's row.
            let Some(row) = rows.get(subject).copied().or_else(|| self.row_of(*subject)) else { continue };
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
