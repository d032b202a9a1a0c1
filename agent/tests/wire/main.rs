//! The reading program against a server that can misbehave, over a real TLS connection.

mod cuts;
mod faults;
mod harness;
mod trust;
mod whole;
