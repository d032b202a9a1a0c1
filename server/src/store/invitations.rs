//! Links for joining.

use super::{Store, StoreError, on};

/// What a link is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// An installation that joined before; none for a PSA that has not joined yet.
    pub installation: Option<String>,
}

impl Store {
    /// Adds a link by its code's hash; links whose time is over go on the way.
    pub async fn add_invitation(
        &self,
        code_hash: &str,
        installation: Option<&str>,
        expires_at: i64,
        now: i64,
    ) -> Result<(), StoreError> {
        const FORGET: &str = "DELETE FROM invitation WHERE expires_at <= $1";
        const ADD: &str = "INSERT INTO invitation (code_hash, installation, expires_at) VALUES ($1, $2, $3)";
        on!(self, pool => sqlx::query(FORGET).bind(now).execute(pool).await.map(drop))?;
        on!(self, pool => sqlx::query(ADD)
            .bind(code_hash).bind(installation.unwrap_or_default()).bind(expires_at)
            .execute(pool).await.map(drop))?;
        Ok(())
    }

    /// The link with this code's hash, while it is good.
    pub async fn invitation(&self, code_hash: &str, now: i64) -> Result<Option<Invitation>, StoreError> {
        const SQL: &str = "SELECT installation FROM invitation WHERE code_hash = $1 AND expires_at > $2";
        let row: Option<(String,)> = on!(self, pool => sqlx::query_as(SQL)
            .bind(code_hash).bind(now).fetch_optional(pool).await)?;
        let some = |(installation,): (String,)| Invitation {
            installation: Some(installation).filter(|installation| !installation.is_empty()),
        };
        Ok(row.map(some))
    }

    /// Binds a link that is for anybody to the installation that begins with it; `false` when
    /// somebody else did so first.
    pub async fn bind_invitation(&self, code_hash: &str, installation: &str) -> Result<bool, StoreError> {
        const SQL: &str =
            "UPDATE invitation SET installation = $2 WHERE code_hash = $1 AND installation = ''";
        let rows = on!(self, pool => sqlx::query(SQL).bind(code_hash).bind(installation)
            .execute(pool).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }

    /// Uses a link up; `false` when somebody else did.
    pub async fn use_up_invitation(&self, code_hash: &str) -> Result<bool, StoreError> {
        const SQL: &str = "DELETE FROM invitation WHERE code_hash = $1";
        let rows = on!(self, pool => sqlx::query(SQL).bind(code_hash)
            .execute(pool).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }

    /// Whether nobody ever joined or was invited.
    pub async fn is_new(&self) -> Result<bool, StoreError> {
        const SQL: &str =
            "SELECT (SELECT COUNT(*) FROM installation) + (SELECT COUNT(*) FROM invitation) AS everybody";
        let (everybody,): (i64,) = on!(self, pool => sqlx::query_as(SQL).fetch_one(pool).await)?;
        Ok(everybody == 0)
    }
}
