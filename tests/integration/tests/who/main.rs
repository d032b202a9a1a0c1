//! "Who is this?" on a ticket's screen and on a contact's.

mod acting;
mod common;
mod finding;
mod rights;
mod screens;
