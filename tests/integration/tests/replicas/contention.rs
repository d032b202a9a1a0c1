//! Two replicas at the same rows at the same time, and one that stops in the middle of it.

use std::{sync::Arc, time::Duration};

use integration::postgres::Postgres;
use pod_view::wire::RunKind;
use reconcile::{AccountId, ContactId, Link};
use server::{
    security::keys::random_id,
    store::{CompanyKey, Lease, NewRun, Store},
};
use sqlx::PgPool;

use crate::records::until;

/// Longer than anything is held up by a transaction that nobody ends.
const PATIENCE: Duration = Duration::from_secs(30);

/// Two replicas' connections to a new database, and those of one who looks on.
struct Two {
    one: Store,
    other: Store,
    pool: PgPool,
    key: CompanyKey,
    _postgres: Arc<Postgres>,
}

impl Two {
    async fn open() -> anyhow::Result<Self> {
        let postgres = Postgres::shared()?;
        let url = postgres.database()?;
        let (one, other) = (Store::open(&url).await?, Store::open(&url).await?);
        let pool = PgPool::connect(&url).await?;
        let key = CompanyKey { installation: random_id(), company: 7 };
        Ok(Self { one, other, pool, key, _postgres: postgres })
    }

    /// A run that was begun, and whose process then ended.
    async fn dead_run(&self) -> anyhow::Result<Lease> {
        let id = random_id();
        let (kind, key) = (RunKind::Schedule, &self.key);
        let run = NewRun { id: &id, key, kind, undoes: None, member_id: 0, member: "", rows: &[] };
        self.one.queue_run(&run, 0, 0).await?;
        let (_, lease) = self.one.begin_run(key, &id).await?.expect("it is free");
        sqlx::query("UPDATE lease SET expires_at = 0").execute(&self.pool).await?;
        Ok(lease)
    }

    /// Waits until somebody waits for a row that another transaction has locked.
    async fn until_somebody_waits(&self) {
        const SQL: &str = "SELECT COUNT(*) FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'";
        until("somebody waits for a row", PATIENCE, async || {
            let (waiting,): (i64,) =
                sqlx::query_as(SQL).fetch_one(&self.pool).await.expect("the database answers");
            waiting > 0
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn c4_a_run_that_was_begun_again_meanwhile_is_not_put_back_once_more() -> anyhow::Result<()> {
    let two = Two::open().await?;
    let dead = two.dead_run().await?;
    // One replica is about to put it back when the other has done so, and has begun it.
    let mut row = two.pool.begin().await?;
    sqlx::query("SELECT id FROM run FOR UPDATE").fetch_one(&mut *row).await?;
    let store = two.other.clone();
    let putting_back = tokio::spawn(async move { store.requeue_dead_runs().await });
    two.until_somebody_waits().await;
    sqlx::query("UPDATE run SET attempts = attempts + 1").execute(&mut *row).await?;
    sqlx::query("UPDATE lease SET term = term + 1, expires_at = (SELECT seconds FROM clock) + 60")
        .execute(&mut *row)
        .await?;
    row.commit().await?;
    assert_eq!(putting_back.await??, 0);
    let run = two.one.run(&two.key, &dead.holder).await?.expect("it is there");
    assert!(run.state.is_live() && run.attempts == 2, "{run:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn c4_a_process_that_was_paused_in_a_transaction_holds_nobody_up() -> anyhow::Result<()> {
    let two = Two::open().await?;
    let Store::Postgres(pool) = &two.one else { unreachable!("it was opened on PostgreSQL") };
    let link = Link::new(AccountId::from_ldap_bytes([1; 16]), ContactId(101));
    let mut paused = pool.begin().await?;
    sqlx::query(
        "INSERT INTO link (installation, company, account, contact, deactivated_by_us)
         VALUES ($1, $2, $3, $4, 0)",
    )
    .bind(&two.key.installation)
    .bind(two.key.company)
    .bind(link.account.to_string())
    .bind(link.contact.0)
    .execute(&mut *paused)
    .await?;
    tokio::time::timeout(PATIENCE, two.other.save_link(&two.key, &link)).await??;
    assert!(paused.commit().await.is_err(), "it wakes, and was overtaken");
    assert_eq!(two.one.links(&two.key).await?, [link]);
    Ok(())
}
