//! The core.
pub mod account;
pub mod contact;
pub use account::{Account, AccountId};
pub use contact::{Communication, Contact, ContactId, Protection, Slot};
