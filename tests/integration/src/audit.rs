//! What the audit chain has to account for.

use std::collections::BTreeSet;

use reconcile::AccountId;
use server::store::{CompanyKey, Store, StoreError};

/// The accounts of a company about which something was ever taken back: what becomes of them is a
/// person's to say.
pub async fn taken_back(store: &Store, key: &CompanyKey) -> Result<BTreeSet<AccountId>, StoreError> {
    const SQL: &str = "SELECT account FROM intent WHERE installation = $1 AND company = $2
         AND undone_by IS NOT NULL AND account IS NOT NULL";
    let rows: Vec<(String,)> = match store {
        Store::Sqlite(pool) => {
            sqlx::query_as(SQL).bind(&key.installation).bind(key.company).fetch_all(pool).await?
        }
        Store::Postgres(pool) => {
            sqlx::query_as(SQL).bind(&key.installation).bind(key.company).fetch_all(pool).await?
        }
    };
    Ok(rows.iter().filter_map(|(account,)| account.parse().ok()).collect())
}

/// Of a company: writes that do not stand in the chain, those that stand there twice, and places of the
/// chain that do not follow from the one before.
pub async fn unaccounted(store: &Store, key: &CompanyKey) -> Result<[(&'static str, i64); 3], StoreError> {
    const WRITES: &str = "SELECT COUNT(*) FROM intent WHERE installation = $1 AND company = $2
         AND state IN ('applied', 'rejected') AND NOT EXISTS (SELECT 1 FROM audit
             WHERE audit.installation = intent.installation AND audit.company = intent.company
             AND audit.run = intent.run AND audit.kind = intent.kind AND audit.outcome = intent.state
             AND COALESCE(audit.account, '') = COALESCE(intent.account, ''))";
    const TWICE: &str = "SELECT COUNT(*) FROM (SELECT 1 FROM audit WHERE installation = $1 AND company = $2
         AND outcome = 'applied' GROUP BY run, kind, account, contact HAVING COUNT(*) > 1) AS twice";
    const BREAKS: &str = "SELECT COUNT(*) FROM audit WHERE installation = $1 AND company = $2
         AND sequence > 1 AND NOT EXISTS (SELECT 1 FROM audit AS before
             WHERE before.installation = audit.installation AND before.company = audit.company
             AND before.sequence = audit.sequence - 1 AND before.hash = audit.previous)";
    let count = async |sql: &'static str| -> Result<i64, StoreError> {
        let (count,): (i64,) = match store {
            Store::Sqlite(pool) => {
                sqlx::query_as(sql).bind(&key.installation).bind(key.company).fetch_one(pool).await?
            }
            Store::Postgres(pool) => {
                sqlx::query_as(sql).bind(&key.installation).bind(key.company).fetch_one(pool).await?
            }
        };
        Ok(count)
    };
    Ok([
        ("writes are not in the audit chain", count(WRITES).await?),
        ("writes are in the audit chain twice", count(TWICE).await?),
        ("breaks are in the audit chain", count(BREAKS).await?),
    ])
}

/// What stands in the chain of a run, in order: kind, fields, outcome, and who did it.
pub async fn of_run(store: &Store, run: &str) -> Result<Vec<[String; 4]>, StoreError> {
    const SQL: &str = "SELECT kind, fields, outcome, member FROM audit WHERE run = $1 ORDER BY sequence";
    let rows: Vec<(String, String, String, String)> = match store {
        Store::Sqlite(pool) => sqlx::query_as(SQL).bind(run).fetch_all(pool).await?,
        Store::Postgres(pool) => sqlx::query_as(SQL).bind(run).fetch_all(pool).await?,
    };
    Ok(rows.into_iter().map(|(kind, fields, outcome, member)| [kind, fields, outcome, member]).collect())
}
