//! Keys, sealing, tokens, and where we may connect.

pub mod egress;
pub mod keys;
pub mod token;
