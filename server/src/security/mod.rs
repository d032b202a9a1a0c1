//! Keys, sealing, tokens, rights, and where we may connect.

pub mod egress;
pub mod keys;
pub mod proofs;
pub mod rights;
pub mod token;
