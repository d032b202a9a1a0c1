//! The mails that the PSA would have sent, for tests to look at.

use super::World;

/// A mail about a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The ticket.
    pub ticket: i64,
    /// To whom.
    pub to: Recipient,
    /// Why.
    pub occasion: Occasion,
}

/// Whom a ticket mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// Its contact, who is a customer.
    Contact,
    /// The members who work on it.
    Resources,
    /// Whoever is to get a copy.
    Copies,
}

/// What a ticket mails about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// It was made.
    Created,
    /// It got a status with a template for mails.
    Status,
    /// It got a note.
    Note,
}

impl World {
    /// Every mail since the start, in order.
    pub fn mails(&self) -> &[Mail] {
        &self.mails
    }
}
