//! A company's plan in numbers, as the last read of both sides had it.

use std::collections::BTreeMap;

use reconcile::RowKind;

use super::{CompanyKey, Store, StoreError, on};

/// How many rows there are of each kind.
pub type PlanCounts = BTreeMap<RowKind, u64>;

/// How a company stood when it was seen last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// When it stood so, seconds since 1970.
    pub seen_at: i64,
    /// Since when it is so that both sides agree, or that they differ.
    pub since: i64,
    /// The plan in numbers.
    pub counts: PlanCounts,
}

/// In place of whether both sides agree, where that is not known.
const UNKNOWN: i64 = -1;

impl Store {
    /// How a company stood when it was seen last; `None` where that is not known, or holds no more.
    pub async fn glance(&self, key: &CompanyKey) -> Result<Option<Seen>, StoreError> {
        const SQL: &str = "SELECT seen_at, since, counts FROM glance
             WHERE installation = $1 AND company = $2 AND agrees <> $3";
        let row: Option<(i64, i64, String)> = on!(self, pool => sqlx::query_as(SQL)
            .bind(&key.installation).bind(key.company).bind(UNKNOWN).fetch_optional(pool).await)?;
        row.map(|(seen_at, since, counts)| {
            let counts = serde_json::from_str(&counts)
                .map_err(|_| StoreError::Unreadable { what: "plan in numbers" })?;
            Ok(Seen { seen_at, since, counts })
        })
        .transpose()
    }

    /// Remembers how a company stands by what was read at `read_at` and what was written from then until
    /// `seen_at`, both by [`Store::now`]; `agrees`: the two sides do. Whether it did: nothing is remembered
    /// over what was seen after that read.
    pub async fn set_glance(
        &self,
        key: &CompanyKey,
        [read_at, seen_at]: [i64; 2],
        agrees: bool,
        counts: &PlanCounts,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "INSERT INTO glance (installation, company, seen_at, agrees, since, counts)
             VALUES ($1, $2, $4, $5, $4, $6)
             ON CONFLICT (installation, company) DO UPDATE
             SET since = CASE WHEN glance.agrees = excluded.agrees THEN glance.since ELSE excluded.since END,
                 seen_at = excluded.seen_at, agrees = excluded.agrees, counts = excluded.counts
             WHERE glance.seen_at <= $3";
        let counts = serde_json::to_string(counts).expect("kinds are texts");
        let set = on!(self, pool => sqlx::query(SQL)
            .bind(&key.installation).bind(key.company).bind(read_at).bind(seen_at).bind(i64::from(agrees))
            .bind(counts).execute(pool).await.map(|done| done.rows_affected()))?;
        Ok(set == 1)
    }

    /// From now on it is not known how a company stands, and what was read before says nothing of it.
    pub async fn forget_glance(&self, key: &CompanyKey) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO glance (installation, company, seen_at, agrees, since, counts)
             SELECT $1, $2, seconds, $3, seconds, '{}' FROM clock WHERE seconds IS NOT NULL
             ON CONFLICT (installation, company) DO UPDATE
             SET since = excluded.since, seen_at = excluded.seen_at, agrees = excluded.agrees,
                 counts = excluded.counts";
        on!(self, pool => sqlx::query(SQL)
            .bind(&key.installation).bind(key.company).bind(UNKNOWN).execute(pool).await.map(drop))?;
        Ok(())
    }
}
