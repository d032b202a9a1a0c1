//! A company's plan in numbers, as the last read of both sides had it.

use std::collections::BTreeMap;

use reconcile::RowKind;

use super::{CompanyKey, Store, StoreError, on};

/// How many rows there are of each kind.
pub type PlanCounts = BTreeMap<RowKind, u64>;

/// What was seen of a company last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// When both sides were read, seconds since 1970.
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

    /// Remembers what is seen of a company now; `agrees`: the two sides do.
    pub async fn set_glance(
        &self,
        key: &CompanyKey,
        agrees: bool,
        counts: &PlanCounts,
    ) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO glance (installation, company, seen_at, agrees, since, counts)
             SELECT $1, $2, seconds, $3, seconds, $4 FROM clock WHERE seconds IS NOT NULL
             ON CONFLICT (installation, company) DO UPDATE
             SET since = CASE WHEN glance.agrees = excluded.agrees THEN glance.since ELSE excluded.since END,
                 seen_at = excluded.seen_at, agrees = excluded.agrees, counts = excluded.counts";
        let counts = serde_json::to_string(counts).expect("kinds are texts");
        on!(self, pool => sqlx::query(SQL)
            .bind(&key.installation).bind(key.company).bind(i64::from(agrees)).bind(counts)
            .execute(pool).await.map(drop))?;
        Ok(())
    }
}
