//! Requests, messages and records that somebody tampered with.

mod asking;
mod framing;
mod headers;
mod note;
mod rights;
mod session;
mod tokens;
