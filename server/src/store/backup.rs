//! A copy of the SQLite file, made while the service goes on writing.

use std::{
    fs::{self, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::Path,
    str::FromStr,
};

use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};

/// The copy was not made; there is none.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// It is PostgreSQL.
    #[error("this store is PostgreSQL, which has a backup of its own: use pg_dump")]
    Postgres,
    /// The copy cannot be written there.
    #[error("the copy cannot be written: {0}")]
    File(#[from] io::Error),
    /// There is something by that name, which is not written over.
    #[error("there is a file by that name already, and it is not written over")]
    Exists,
    /// The database said no.
    #[error("the store could not be copied: {0}")]
    Database(#[from] sqlx::Error),
    /// What was copied is damaged: so is the store, or the disk.
    #[error("the copy is damaged, so it was taken away again: {0}")]
    Damaged(String),
}

/// Copies the store that `url` names into a new file: whole, as it was at one moment, and checked. Only
/// its owner may read the copy.
pub async fn back_up(url: &str, to: &Path) -> Result<(), BackupError> {
    if !url.starts_with("sqlite:") {
        return Err(BackupError::Postgres);
    }
    // SQLite fills a file that is there and empty, and makes one that anybody may read.
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to);
    match made {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(BackupError::Exists),
        made => drop(made?),
    }
    let copied = copy(url, to).await;
    if copied.is_err() {
        fs::remove_file(to)?;
    }
    copied
}

async fn copy(url: &str, to: &Path) -> Result<(), BackupError> {
    let mut store = SqliteConnectOptions::from_str(url)?.read_only(true).connect().await?;
    // One read transaction over the whole: what is written meanwhile is not in it (SQLite, "VACUUM INTO").
    sqlx::query("VACUUM INTO $1").bind(to.to_string_lossy()).execute(&mut store).await?;
    store.close().await?;
    let mut copy = SqliteConnectOptions::new().filename(to).read_only(true).connect().await?;
    let (said,): (String,) = sqlx::query_as("PRAGMA integrity_check").fetch_one(&mut copy).await?;
    copy.close().await?;
    if said == "ok" { Ok(()) } else { Err(BackupError::Damaged(said)) }
}
