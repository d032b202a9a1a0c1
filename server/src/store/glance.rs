//! A company's plan in numbers, as the last read of both sides had it.

use std::collections::BTreeMap;

use reconcile::RowKind;

use super::{CompanyKey, Store, StoreError, on};

/// How many rows there are of each kind.
pub type PlanCounts = BTreeMap<RowKind, u64>;

/// What was seen of a company last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// When things stood so, seconds since 1970.
    pub seen_at: i64,
    /// Since when it is so that they agree, or that they differ.
    pub since: i64,
    /// The plan in numbers.
    pub counts: PlanCounts,
}

impl Store {
    /// What was seen of a company last.
    pub async fn glance(&self, key: &CompanyKey) -> Result<Option<Seen>, StoreError> {
        const SQL: &str =
            "SELECT seen_at, since, counts FROM glance WHERE installation = $1 AND company = $2";
        let row: Option<(i64, i64, String)> = on!(self, pool => sqlx::query_as(SQL)
            .bind(&key.installation).bind(key.company).fetch_optional(pool).await)?;
        row.map(|(seen_at, since, counts)| {
            let counts = serde_json::from_str(&counts)
                .map_err(|_| StoreError::Unreadable { what: "plan in numbers" })?;
            Ok(Seen { seen_at, since, counts })
        })
        .transpose()
    }

    /// Remembers what was seen of a company at a moment, by [`Store::now`], unless something later is known;
    /// `agrees`: the two sides do.
    pub async fn set_glance(
        &self,
        key: &CompanyKey,
        seen_at: i64,
        agrees: bool,
        counts: &PlanCounts,
    ) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO glance (installation, company, seen_at, agrees, since, counts)
             VALUES ($1, $2, $3, $4, $3, $5)
             ON CONFLICT (installation, company) DO UPDATE
             SET since = CASE WHEN glance.agrees = excluded.agrees THEN glance.since ELSE excluded.since END,
                 seen_at = excluded.seen_at, agrees = excluded.agrees, counts = excluded.counts
             WHERE glance.seen_at <= excluded.seen_at";
        let counts = serde_json::to_string(counts).expect("kinds are texts");
        on!(self, pool => sqlx::query(SQL)
            .bind(&key.installation).bind(key.company).bind(seen_at).bind(i64::from(agrees)).bind(counts)
            .execute(pool).await.map(drop))?;
        Ok(())
    }

    /// Forgets what was seen of a company: it holds no more, and how things stand is not known.
    pub async fn forget_glance(&self, key: &CompanyKey) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM glance WHERE installation = $1 AND company = $2";
        on!(self, pool => sqlx::query(SQL)
            .bind(&key.installation).bind(key.company).execute(pool).await.map(drop))?;
        Ok(())
    }
}
