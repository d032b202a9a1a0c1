//! What befalls a company's sync, one mishap at a time, in one process: a PSA that is told to fail, a
//! directory that is a list, a real store, and time that passes only when something waits.

mod approvals;
mod clocks;
mod company;
mod creations;
mod cuts;
mod newer;
mod rights;
mod schedules;
mod secrets;
mod strangers;
