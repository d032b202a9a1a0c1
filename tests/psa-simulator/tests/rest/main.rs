//! The REST interface as a client meets it.

mod access;
mod common;
mod finance;
mod foreign;
mod reading;
mod setup_tables;
mod tickets;
mod writing;
