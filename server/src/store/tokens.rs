//! Tokens that are good once.

use super::{Store, StoreError, on};

impl Store {
    /// Marks a token as used; `false` when it was used before. Tokens whose time is over are
    /// forgotten on the way: they are refused by their time.
    pub async fn use_token(&self, id: &str, expires_at: i64, now: i64) -> Result<bool, StoreError> {
        const FORGET: &str = "DELETE FROM used_token WHERE expires_at < $1";
        const USE: &str =
            "INSERT INTO used_token (id, expires_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";
        on!(self, pool => sqlx::query(FORGET).bind(now).execute(pool).await.map(drop))?;
        let rows = on!(self, pool => sqlx::query(USE).bind(id).bind(expires_at)
            .execute(pool).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }
}
