//! A world in one process: a directory, a PSA that can do a write and lose the answer, a real SQLite
//! file, and time that passes only when something waits. The service in it is stopped anywhere.

mod company;
mod invariants;
mod seeds;
mod sweep;
