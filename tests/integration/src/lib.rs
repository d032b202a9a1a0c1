//! What the tests of the whole need: the programs, a PSA, a directory, a browser, a database.

pub mod audit;
pub mod browser;
pub mod clock;
pub mod documented;
pub mod domain_controller;
pub mod expanded;
pub mod harbor;
pub mod history;
pub mod pod;
pub mod postgres;
pub mod power;
pub mod programs;
pub mod psa_contacts;
pub mod replica;
pub mod service;
pub mod staff;
