//! Which processes are at work on this store.

use super::{Store, StoreError, on};

/// How long a replica counts as at work after it was last seen, in seconds.
const AT_WORK_SECONDS: i64 = 60;

impl Store {
    /// Notes that this replica is at work, and counts those that are.
    pub async fn replicas_at_work(&self, id: &str) -> Result<u32, StoreError> {
        const SEEN: &str = "INSERT INTO replica (id, seen_at) SELECT $1, seconds FROM clock WHERE 1 = 1
             ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at";
        const FORGET: &str = "DELETE FROM replica WHERE seen_at < (SELECT seconds FROM clock) - $1";
        const COUNT: &str = "SELECT COUNT(*) FROM replica";
        let (count,): (i64,) = on!(self, pool => {
            sqlx::query(SEEN).bind(id).execute(pool).await?;
            sqlx::query(FORGET).bind(AT_WORK_SECONDS).execute(pool).await?;
            sqlx::query_as(COUNT).fetch_one(pool).await?
        });
        Ok(u32::try_from(count).unwrap_or(u32::MAX).max(1))
    }

    /// Notes that this replica stops.
    pub async fn replica_stops(&self, id: &str) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM replica WHERE id = $1";
        on!(self, pool => sqlx::query(SQL).bind(id).execute(pool).await.map(drop))?;
        Ok(())
    }
}
