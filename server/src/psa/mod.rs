//! The ConnectWise PSA client.
//!
//! Reads are whole or they are errors. A write ends in one of three ways, see [`Write`]; nothing
//! that may have been written is ever sent again.

mod answer;
mod client;
mod conditions;
mod contacts;
mod credentials;
mod error;
mod limiter;
mod member;
mod notes;
mod permissions;
mod references;
mod rejection;
mod restore;
mod setup;
mod site;
mod tickets;
mod transport;
mod types;
mod version;
mod who;

pub use client::{Caller, Psa};
pub use contacts::{Change, CompanyRecord, MOST_AT_A_LOOK, NewContact, ReadContacts};
pub use credentials::Credentials;
pub use error::{PsaError, Write};
pub use limiter::Replicas;
pub use limiter::{BURST, PER_SECOND};
pub use member::{Form, Member};
pub use notes::Note;
pub use permissions::{Access, Permission, Permissions};
pub use references::References;
pub use rejection::Rejection;
pub use restore::Restoration;
pub use setup::{Ensured, HostedScreen, SetupTable};
pub use site::{Site, SiteError};
pub use tickets::{Board, BoardStatus, NewTicket, Ticket, TicketChange, TicketReference};
pub use transport::{Answer, Network, SendError, Transport, http};
pub use types::CommunicationTypes;
pub use who::{OpenContact, OpenTicket};
