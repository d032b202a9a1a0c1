//! Leases: who may write for a company right now. They go by the database's time, whatever the
//! replicas' clocks say.

use super::{CompanyKey, Store, StoreError, on};

/// A lease that was got. Its term goes up with every new holder, and each write is checked
/// against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Which company.
    pub key: CompanyKey,
    /// Who holds it: one run.
    pub holder: String,
    /// The term.
    pub term: i64,
}

/// How long a lease lasts without renewal, in seconds.
pub const LEASE_SECONDS: i64 = 60;

impl Store {
    /// Takes the company's lease for `holder`, unless somebody holds it.
    pub async fn take_lease(&self, key: &CompanyKey, holder: &str) -> Result<Option<Lease>, StoreError> {
        const SQL: &str = "INSERT INTO lease (installation, company, holder, term, expires_at)
             SELECT $1, $2, $3, 1, seconds + $4 FROM clock WHERE 1 = 1
             ON CONFLICT (installation, company) DO UPDATE
             SET holder = excluded.holder, term = lease.term + 1, expires_at = excluded.expires_at
             WHERE lease.expires_at <= (SELECT seconds FROM clock)
             RETURNING term";
        let term: Option<(i64,)> = on!(self, pool => sqlx::query_as(SQL)
            .bind(&key.installation).bind(key.company).bind(holder).bind(LEASE_SECONDS)
            .fetch_optional(pool).await)?;
        Ok(term.map(|(term,)| Lease { key: key.clone(), holder: holder.to_owned(), term }))
    }

    /// Keeps a lease; an error when it is no longer ours.
    pub async fn renew_lease(&self, lease: &Lease) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE lease SET expires_at = (SELECT seconds FROM clock) + $4
             WHERE installation = $1 AND company = $2 AND term = $3
             AND expires_at > (SELECT seconds FROM clock)";
        let rows = on!(self, pool => sqlx::query(SQL)
            .bind(&lease.key.installation).bind(lease.key.company).bind(lease.term).bind(LEASE_SECONDS)
            .execute(pool).await.map(|done| done.rows_affected()))?;
        if rows == 1 { Ok(()) } else { Err(StoreError::LeaseLost) }
    }

    /// Ends the leases of a process that is gone: an SQLite store belongs to one process at a time, so whoever
    /// opens it anew need not wait until they end by themselves. Should the old one live all the same, its
    /// writes are refused. On PostgreSQL, where others are at work, nothing is ended.
    pub async fn end_leases_of_the_dead(&self) -> Result<(), StoreError> {
        if let Self::Sqlite(pool) = self {
            sqlx::query("UPDATE lease SET expires_at = 0").execute(pool).await?;
        }
        Ok(())
    }

    /// Gives a lease back.
    pub async fn release_lease(&self, lease: &Lease) -> Result<(), StoreError> {
        const SQL: &str =
            "UPDATE lease SET expires_at = 0 WHERE installation = $1 AND company = $2 AND term = $3";
        on!(self, pool => sqlx::query(SQL)
            .bind(&lease.key.installation).bind(lease.key.company).bind(lease.term)
            .execute(pool).await.map(drop))?;
        Ok(())
    }
}
