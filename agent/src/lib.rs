//! Reads a company's directory and streams its accounts.
//!
//! A directory is read by a process of its own: the service starts itself as a child with
//! `read`, a client's network runs `connectactive-agent`; both end in [`command::read_command`].
//! The child writes one line for each account and a seal at the end; only what
//! [`stream::Verifier`] finds sealed is a whole directory.
//!
//! **Nothing here judges.** Who is a person, who left, and what the PSA should hold is decided by
//! `reconcile`; this crate says what the directory said, all of it, or that it could not.

pub mod command;
pub mod entry;
pub mod error;
pub mod find;
pub mod places;
pub mod read;
pub mod source;
pub mod stream;

mod certificate;
mod password;

pub use certificate::{CertificateFacts, Fingerprint, TrustProblem};
pub use error::ReadError;
pub use find::Find;
pub use password::Password;
pub use source::Source;
