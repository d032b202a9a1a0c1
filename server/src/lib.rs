//! ConnectActive: keeps the contacts of client companies in ConnectWise PSA true to their
//! directories.
//!
//! Arrows go one way: [`web`] -> [`sync`] -> { [`psa`], [`directory`], [`store`], [`security`] }.

pub mod assets;
pub mod clock;
pub mod config;
pub mod directory;
pub mod joining;
pub mod psa;
pub mod security;
pub mod store;
pub mod sync;
pub mod web;
