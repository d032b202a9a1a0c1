//! The REST interface as a client meets it.

mod access;
mod common;
mod reading;
mod writing;
