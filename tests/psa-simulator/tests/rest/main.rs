//! The REST interface as a client meets it.

mod access;
mod callbacks;
mod common;
mod finance;
mod foreign;
mod kept;
mod reading;
mod setup_tables;
mod tickets;
mod trail;
mod types;
mod writing;
