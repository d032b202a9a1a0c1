//! The ConnectWise PSA client.
//!
//! Reads are whole or they are errors. A write ends in one of three ways, see [`Write`]; nothing
//! that may have been written is ever sent again.

mod answer;
mod client;
mod contacts;
mod error;
mod member;
mod notes;
mod site;
mod types;

pub use client::{Caller, Credentials, Psa, http};
pub use contacts::{Change, CompanyRecord, NewContact, ReadContacts};
pub use error::{PsaError, Write};
pub use member::Member;
pub use notes::Note;
pub use site::{Site, SiteError};
pub use types::CommunicationTypes;
