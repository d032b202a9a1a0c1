//! Rows that the PSA refuses again and again.

use std::collections::HashMap;

use reconcile::{Fingerprint, RowKey};

use super::{CompanyKey, Store, StoreError, on, text_of};

/// A row that was refused in runs by the schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setback {
    /// The row as it was: another one is tried anew.
    pub fingerprint: Fingerprint,
    /// How often.
    pub times: i64,
}

impl Store {
    /// The rows of a company that were refused.
    pub async fn setbacks(&self, key: &CompanyKey) -> Result<HashMap<RowKey, Setback>, StoreError> {
        const SQL: &str = "SELECT account, contact, fingerprint, times FROM setback
             WHERE installation = $1 AND company = $2";
        let rows: Vec<(String, String, String, i64)> = on!(self, pool => sqlx::query_as(SQL)
            .bind(&key.installation).bind(key.company).fetch_all(pool).await)?;
        rows.into_iter()
            .map(|(account, contact, fingerprint, times)| {
                let unreadable = || StoreError::Unreadable { what: "setback" };
                let fingerprint = Fingerprint::try_from(fingerprint).map_err(|_| unreadable())?;
                let key = super::row_key(&account, &contact).ok_or_else(unreadable)?;
                Ok((key, Setback { fingerprint, times }))
            })
            .collect()
    }

    /// Counts one more refusal of a row; another row of the same keys begins anew.
    pub async fn note_setback(
        &self,
        key: &CompanyKey,
        row: &RowKey,
        fingerprint: Fingerprint,
    ) -> Result<(), StoreError> {
        const SQL: &str =
            "INSERT INTO setback (installation, company, account, contact, fingerprint, times)
             VALUES ($1, $2, $3, $4, $5, 1)
             ON CONFLICT (installation, company, account, contact) DO UPDATE
             SET times = CASE WHEN setback.fingerprint = excluded.fingerprint THEN setback.times + 1 ELSE 1 END,
                 fingerprint = excluded.fingerprint";
        on!(self, pool => sqlx::query(SQL)
            .bind(&key.installation).bind(key.company)
            .bind(text_of(row.account)).bind(text_of(row.contact)).bind(fingerprint.to_string())
            .execute(pool).await.map(drop))?;
        Ok(())
    }

    /// Forgets the refusals of a row: it was written, or there is nothing to write any more.
    pub async fn forget_setback(&self, key: &CompanyKey, row: &RowKey) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM setback
             WHERE installation = $1 AND company = $2 AND account = $3 AND contact = $4";
        on!(self, pool => sqlx::query(SQL)
            .bind(&key.installation).bind(key.company)
            .bind(text_of(row.account)).bind(text_of(row.contact))
            .execute(pool).await.map(drop))?;
        Ok(())
    }
}
