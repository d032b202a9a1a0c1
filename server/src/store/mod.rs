//! Our own store: primary keys, codes and sealed bytes, on SQLite or PostgreSQL.
//!
//! Each query stands once, in a text that both databases accept.

mod audit;
mod backup;
mod companies;
mod decisions;
mod glance;
mod installations;
mod intents;
mod invitations;
mod leases;
mod links;
mod queue;
mod replicas;
mod runs;
mod setbacks;
mod tokens;

use std::{str::FromStr, time::Duration};

use reconcile::{AccountId, ContactId, RowKey};
use sqlx::{
    PgPool, SqlitePool,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

pub use audit::AuditEntry;
pub use backup::{BackupError, back_up};
pub use companies::{AcceptedNote, LivingTicket, Mirrored};
pub use glance::{PlanCounts, Seen};
pub use installations::{INSTALLED_NOTE_TYPE, InstallationRow};
pub use intents::{Intent, IntentState, Unsettled};
pub use invitations::Invitation;
pub use leases::{LEASE_SECONDS, Lease};
pub use queue::Due;
pub use runs::{ApprovedRow, NewRun, RunRow};
pub use setbacks::Setback;

static COMMON: Migrator = sqlx::migrate!("../migrations");
static OF_SQLITE: Migrator = sqlx::migrate!("../migrations/sqlite");
static OF_POSTGRES: Migrator = sqlx::migrate!("../migrations/postgres");

/// The store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database said no, or did not answer.
    #[error("the database did not do it: {0}")]
    Database(#[from] sqlx::Error),
    /// The database's tables could not be brought up to date.
    #[error("the database could not be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A value in the database is not one that we write.
    #[error("the database holds a {what} that this version cannot read")]
    Unreadable {
        /// What it was to be.
        what: &'static str,
    },
    /// The company's lease went to somebody else in the meantime.
    #[error("another run has taken over this company")]
    LeaseLost,
}

/// A company of an installation: the key of nearly every row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CompanyKey {
    /// The installation.
    pub installation: String,
    /// The PSA's record id.
    pub company: i64,
}

/// The store.
#[derive(Clone, Debug)]
pub enum Store {
    /// One file.
    Sqlite(SqlitePool),
    /// A server, which several replicas may share.
    Postgres(PgPool),
}

/// Runs `$body` with `$pool` as whichever database it is. `BEGIN` there starts a transaction that
/// writes: SQLite must take its write lock at once, or a second writer fails in the middle.
macro_rules! on {
    ($store:expr, $pool:ident => $body:expr) => {
        match $store {
            $crate::store::Store::Sqlite($pool) => {
                #[allow(dead_code, reason = "only transactions use it")]
                const BEGIN: &str = "BEGIN IMMEDIATE";
                $body
            }
            $crate::store::Store::Postgres($pool) => {
                #[allow(dead_code, reason = "only transactions use it")]
                const BEGIN: &str = "BEGIN";
                $body
            }
        }
    };
}
use on;

impl Store {
    /// Opens `url` (`sqlite:path` or `postgres://...`) and brings its tables up to date.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        const WAIT: Duration = Duration::from_secs(10);
        let store = if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            // A process that is paused in the middle of a transaction must not hold up the others.
            let options =
                PgConnectOptions::from_str(url)?.options([("idle_in_transaction_session_timeout", "10s")]);
            Self::Postgres(PgPoolOptions::new().acquire_timeout(WAIT).connect_with(options).await?)
        } else {
            let options = SqliteConnectOptions::from_str(url)?
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                // An intent must survive a power cut: it says what may have been written.
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(WAIT)
                .pragma("secure_delete", "on");
            Self::Sqlite(SqlitePoolOptions::new().acquire_timeout(WAIT).connect_with(options).await?)
        };
        match &store {
            // The service and a `join` may open a new file at the same time, and only PostgreSQL has
            // a lock of its own for that. (`run` of a connection gives a future that is not `Send`.)
            Self::Sqlite(pool) => {
                let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
                migrations(&OF_SQLITE).run_direct(None, &mut *transaction, false).await?;
                transaction.commit().await?;
            }
            Self::Postgres(pool) => migrations(&OF_POSTGRES).run(pool).await?,
        }
        Ok(store)
    }

    /// Closes it: what is written is in the database, and no connection is left.
    pub async fn close(&self) {
        on!(self, pool => pool.close().await);
    }
}

/// All migrations of one of the databases. A newer replica's are no harm to this one: see
/// `migrations/README.md`.
fn migrations(own: &Migrator) -> Migrator {
    let mut all = Migrator::with_migrations(COMMON.iter().chain(own.iter()).cloned().collect());
    all.set_ignore_missing(true);
    all
}

/// A key as text; nothing for none.
fn text_of<T: ToString>(key: Option<T>) -> String {
    key.map(|key| key.to_string()).unwrap_or_default()
}

/// The keys that two such texts are.
fn row_key(account: &str, contact: &str) -> Option<RowKey> {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let account = some(account).map(|text| text.parse::<AccountId>()).transpose().ok()?;
    let contact = some(contact).map(|text| text.parse().map(ContactId)).transpose().ok()?;
    Some(RowKey { account, contact })
}
