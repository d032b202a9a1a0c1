//! Keys, sealing, tokens, who is asking, and where we may connect.

pub mod egress;
pub mod keys;
pub mod member;
pub mod token;
