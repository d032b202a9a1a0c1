//! Which rows are approved: as a person said, else as the row suggests.

use std::collections::HashMap;

use reconcile::{Fingerprint, Row, Subject};

use crate::people::row_subject;

/// What a person said about rows. It outlives the review in which it was said: laid over the next
/// one of the same company, an untick stays, and a tick counts only for what it was given to.
#[derive(Debug, Default)]
pub struct Ticks(HashMap<Subject, Tick>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tick {
    /// Approved as it was then.
    On(Fingerprint),
    /// Not approved, whatever it becomes.
    Off,
}

impl Ticks {
    /// Whether a row is ticked; `by_default` when nobody said anything about it.
    pub(super) fn of(&self, row: &Row, by_default: bool) -> bool {
        let said = || halves(row).filter_map(|half| self.0.get(&half));
        row.kind.writes()
            && !said().any(|&tick| tick == Tick::Off)
            && (said().any(|&tick| tick == Tick::On(row.fingerprint)) || by_default)
    }

    /// Ticks or unticks a row.
    pub(super) fn set(&mut self, row: &Row, ticked: bool) {
        if ticked {
            // An untick of either half, from when it was a row of its own, ends here.
            for half in halves(row) {
                self.0.remove(&half);
            }
        }
        let tick = if ticked { Tick::On(row.fingerprint) } else { Tick::Off };
        self.0.extend(row_subject(row).map(|subject| (subject, tick)));
    }
}

/// The account and the contact of a row, as far as it has them.
pub(super) fn halves(row: &Row) -> impl Iterator<Item = Subject> {
    row.account.map(Subject::Account).into_iter().chain(row.contact.map(Subject::Contact))
}
