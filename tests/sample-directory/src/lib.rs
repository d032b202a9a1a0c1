//! A small directory server for the sandbox and for tests: Harbor Manufacturing's Active Directory
//! as far as reading people goes, over LDAPS, on any port, without root.
//!
//! It answers simple binds and paged searches the way a domain controller does, and can be told to
//! misbehave ([`Fault`]). What only a real domain controller shows is tested on Samba.

pub mod certificate;
pub mod contacts;
pub mod people;

mod fault;
mod server;

pub use fault::Fault;
pub use people::{Person, people};
pub use server::{Options, People, SampleDirectory, start};
