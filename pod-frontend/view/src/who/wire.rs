//! What the pod and the service say to each other about one person: on a ticket's screen and on a
//! contact's.

use reconcile::{AccountId, ContactId, Decision, FieldChange};
use serde::{Deserialize, Serialize};

use crate::wire::{Approved, Refusal, digest_of};

/// A record on the PSA's screen that is no company's: the company is the PSA's to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// A service ticket, by its record id.
    Ticket(i64),
    /// A contact, by its record id.
    Contact(i64),
}

/// What the PSA tells the member of that record.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OnRecord {
    /// The record id of its company.
    pub company: i64,
    /// The ticket's contact, or the contact itself.
    pub contact: Option<Named>,
    /// What is looked for first: an address, a telephone number or a name.
    pub known: String,
}

/// A contact by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The contact.
    pub id: ContactId,
    /// Its name.
    pub name: String,
    /// It is inactive.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inactive: bool,
}

/// `POST /i/{installation}/companies/{company}/who`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhoRequest {
    /// An address, a telephone number or a name.
    pub text: String,
}

/// Who may be meant.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Who {
    /// What the text was taken for.
    pub known: KnownAs,
    /// The directory's host.
    pub host: String,
    /// At most ten.
    pub people: Vec<Person>,
    /// The directory has more of them.
    pub more: bool,
    /// The contact on the screen is linked to an account that is not among them.
    #[serde(default)]
    pub linked_unseen: bool,
}

/// What a text was taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KnownAs {
    /// A mail address.
    Address,
    /// A telephone number.
    Phone,
    /// A name.
    Name,
}

/// Somebody in the directory, and which contacts they are.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Person {
    /// The account.
    pub account: AccountId,
    /// How the directory calls them.
    pub name: String,
    /// What tells them from a namesake: title, department, address and number, those that there are.
    pub facts: Vec<String>,
    /// Whether something stands against a contact for them.
    pub standing: Standing,
    /// The contacts that they are or may be, the likeliest first.
    pub contacts: Vec<Fitting>,
    /// A contact can be made for them.
    pub create: Option<Act>,
}

/// Whether something stands against a contact for an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nothing does.
    Clear,
    /// The account is disabled.
    Disabled,
    /// The account is nobody's by the company's rules.
    LeftOut,
    /// Somebody said to leave the account alone.
    Ignored,
    /// The account belongs to another company as well; its name.
    Elsewhere(String),
}

/// A contact that somebody is or may be.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fitting {
    /// The contact.
    pub contact: Named,
    /// How sure that is.
    pub how: How,
    /// What is written of the contact when a person says that it is this one.
    pub act: Option<Act>,
}

/// How sure it is that a contact is an account's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// They are linked.
    Linked,
    /// The planner would link them.
    Fits,
    /// It may be, or another one.
    Maybe,
    /// Nothing speaks for it but that it is on the screen.
    OnScreen,
}

/// A row that a person may approve.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Act {
    /// What approving it says of the account, where that is not clear by itself.
    pub decision: Option<Decision>,
    /// The row.
    pub approved: Approved,
    /// The fields that it writes.
    pub changes: Vec<FieldChange>,
}

/// `POST /i/{installation}/companies/{company}/person`: writes one row, puts somebody on the ticket, or
/// both. Needs a token that was asked for with a fresh proof, for exactly this request.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonRequest {
    /// What the person said of the row's account.
    pub decision: Option<Decision>,
    /// The row.
    pub approved: Option<Approved>,
    /// Who goes on the ticket.
    pub put: Option<Put>,
}

/// Who goes on a ticket.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Put {
    /// The ticket.
    pub ticket: i64,
    /// The contact that was on it when the person looked.
    pub seen: Option<ContactId>,
    /// The contact; none for the one that the row makes.
    pub contact: Option<ContactId>,
}

impl PersonRequest {
    /// What a token for it is bound to, as [`crate::wire::ApplyRequest::digest`].
    #[must_use]
    pub fn digest(&self) -> String {
        digest_of(self)
    }
}

/// What became of putting somebody on a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnTicket {
    /// Nobody was put on it: the contact was not written in time, and may be later on.
    Later,
    /// They are on it.
    Put,
    /// They were on it already.
    AlreadySo,
    /// Somebody put this contact on it meanwhile, or took the one off that was there; nothing was done.
    Changed(Option<String>),
    /// There is no such contact of this company that could be put on it; nothing was done.
    NoContact,
    /// The ticket is gone, or another company's by now.
    Gone,
    /// It was certainly not done.
    Rejected(Refusal),
    /// The PSA's answer did not come, and it cannot be seen whether it was done.
    Unknown,
}
