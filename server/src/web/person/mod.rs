//! One person of a company's directory: who is meant, and what a person then does about it.

mod act;
mod who;

pub(super) use self::{act::act, who::who};
