//! Power that fails after a chosen step: whatever a process does to the world outside itself, a commit
//! of its store or a write to its PSA, is a step. Once the power is off nothing of it has an effect.

use std::{
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use server::store::Store;
use sqlx::{
    Sqlite, SqliteConnection, SqlitePool,
    pool::PoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};
use tokio::sync::Notify;

/// The power of one process.
#[derive(Debug)]
pub struct Power {
    steps: AtomicU64,
    /// The last step that has an effect.
    last: AtomicU64,
    off: AtomicBool,
    failed: Notify,
}

impl Default for Power {
    /// Power that does not fail.
    fn default() -> Self {
        Self {
            steps: AtomicU64::new(0),
            last: AtomicU64::new(u64::MAX),
            off: AtomicBool::new(false),
            failed: Notify::new(),
        }
    }
}

impl Power {
    /// Counts from none again. The power fails after that many more steps; `None`: it does not.
    pub fn on(&self, fails_after: Option<u64>) {
        self.steps.store(0, Ordering::SeqCst);
        self.last.store(fails_after.unwrap_or(u64::MAX), Ordering::SeqCst);
        self.off.store(false, Ordering::SeqCst);
    }

    /// How many steps there were since it was switched on.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps.load(Ordering::SeqCst)
    }

    /// Whether it is off.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.off.load(Ordering::SeqCst)
    }

    /// One step; whether it has an effect.
    pub fn step(&self) -> bool {
        if self.is_off() {
            return false;
        }
        if self.steps.fetch_add(1, Ordering::SeqCst) >= self.last.load(Ordering::SeqCst) {
            self.off.store(true, Ordering::SeqCst);
            self.failed.notify_one();
            return false;
        }
        true
    }

    /// Does some work of the process; none when its power failed in the middle of it.
    pub async fn during<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let done = tokio::select! {
            biased;
            () = self.failed.notified() => None,
            done = work => Some(done),
        };
        // What it did after the end of its power, it did not do.
        done.filter(|_| !self.is_off())
    }

    /// Opens a store that lives on this power: a real file, one connection, each commit a step.
    pub async fn store(self: &Arc<Self>, url: &str) -> anyhow::Result<Store> {
        let options = SqliteConnectOptions::from_str(url)?.journal_mode(SqliteJournalMode::Wal);
        let power = Arc::clone(self);
        let pool: SqlitePool = PoolOptions::<Sqlite>::new()
            .max_connections(1)
            .after_connect(move |connection: &mut SqliteConnection, _| {
                let power = Arc::clone(&power);
                Box::pin(async move {
                    connection.lock_handle().await?.set_commit_hook(move || power.step());
                    Ok(())
                })
            })
            .connect_with(options)
            .await?;
        Ok(Store::Sqlite(pool))
    }
}
