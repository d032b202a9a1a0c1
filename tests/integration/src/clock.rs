//! A store's own clock, made to stand at any time.

use server::store::Store;
use sqlx::AssertSqlSafe;

/// The clock of one store. It moves only when it is set.
#[derive(Clone, Debug)]
pub struct DatabaseClock(Store);

impl DatabaseClock {
    /// Takes the place of the clock of the store at `url`, whose tables are there, at this time in
    /// seconds since 1970.
    pub async fn replace(url: &str, seconds: i64) -> anyhow::Result<Self> {
        let sql = format!(
            "DROP VIEW clock; CREATE TABLE clock (seconds BIGINT NOT NULL); INSERT INTO clock VALUES ({seconds})"
        );
        // By one connection, and none that was open meanwhile is kept: it may go on knowing the view.
        let store = Store::open(url).await?;
        match &store {
            Store::Sqlite(pool) => sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await.map(drop)?,
            Store::Postgres(pool) => sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await.map(drop)?,
        }
        store.close().await;
        Ok(Self(Store::open(url).await?))
    }

    /// Sets it, in seconds since 1970.
    pub async fn set(&self, seconds: i64) -> anyhow::Result<()> {
        const SQL: &str = "UPDATE clock SET seconds = $1";
        match &self.0 {
            Store::Sqlite(pool) => sqlx::query(SQL).bind(seconds).execute(pool).await.map(drop)?,
            Store::Postgres(pool) => sqlx::query(SQL).bind(seconds).execute(pool).await.map(drop)?,
        }
        Ok(())
    }
}
