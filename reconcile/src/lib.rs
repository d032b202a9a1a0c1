//! The core of ConnectActive: a company's directory accounts and PSA contacts, its links, the
//! decisions people made and its policy go in; a [`Plan`] comes out.
//!
//! Pure: no IO, no clock, no randomness, no floating point. The service plans with it before it
//! writes, and the pod plans with the same code, compiled to WASM, while a person reviews.
//!
//! ```text
//! prepare(snapshot, contacts, policy) -> Prepared       once per read: candidates, exclusions
//! Prepared::plan(links, decisions)    -> Plan           from nothing
//! Planning::decide(subject, decision)                   again, only what the decision touches
//! ```

pub mod account;
mod assign;
mod candidates;
pub mod contact;
pub mod decision;
mod digest;
mod duplicates;
mod evidence;
mod exclusion;
mod fingerprint;
pub mod guard;
mod hash;
mod left;
mod lesson;
pub mod link;
mod lists;
mod mapping;
mod name;
pub mod normal;
mod pattern;
mod plan;
mod planning;
mod policy;
mod prepare;
pub mod rules;

pub use account::{Account, AccountId};
pub use contact::{Communication, Contact, ContactId, Protection, Slot};
pub use decision::{Day, Decision, Decisions, NotADay, Subject};
pub use evidence::{Clue, Clues};
pub use exclusion::Exclusion;
pub use fingerprint::Fingerprint;
pub use left::AccountState;
pub use lesson::Lesson;
pub use link::Link;
pub use mapping::{Field, FieldChange, Unplaced};
pub use plan::{Candidate, Plan, Reason, Row, RowKey, RowKind};
pub use planning::Planning;
pub use policy::{DefaultPhone, LinkElsewhere, OtherCompany, Places, Policy, UserFields, Wants};
pub use prepare::{Coverage, Prepared, Snapshot, prepare};
pub use rules::{Owner, Rule, Test};
