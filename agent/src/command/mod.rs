//! What the programs run.

mod check;
mod limit;
mod read;

pub use check::{CheckArguments, check_command};
pub use read::{ReadArguments, read_command};

/// One thread is enough for one connection, and its stack is the whole process's.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}
