//! Links: account-contact pairs.

use reconcile::{AccountId, ContactId, Link, LinkElsewhere};

use super::{CompanyKey, Store, StoreError, on};

impl Store {
    /// All links of a company.
    pub async fn links(&self, key: &CompanyKey) -> Result<Vec<Link>, StoreError> {
        const SQL: &str = "SELECT account, contact, deactivated_by_us, missing_since FROM link
             WHERE installation = $1 AND company = $2 ORDER BY account";
        let rows: Vec<(String, i64, i64, Option<i64>)> = on!(self, pool => sqlx::query_as(SQL)
            .bind(&key.installation).bind(key.company).fetch_all(pool).await)?;
        rows.into_iter()
            .map(|(account, contact, by_us, missing_since)| {
                let account = account.parse().map_err(|_| StoreError::Unreadable { what: "link" })?;
                let deactivated_by_us = by_us != 0;
                Ok(Link { account, contact: ContactId(contact), deactivated_by_us, missing_since })
            })
            .collect()
    }

    /// Of these accounts those that are linked in another company of the installation, and in which company.
    pub async fn linked_elsewhere(
        &self,
        key: &CompanyKey,
        accounts: &[AccountId],
    ) -> Result<Vec<(i64, LinkElsewhere)>, StoreError> {
        // As many at once as there are places; the last one fills those that are left.
        const AT_ONCE: usize = 16;
        const SQL: &str = "SELECT account, company, contact FROM link
             WHERE installation = $1 AND company <> $2 AND account IN
             ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
             ORDER BY company, account";
        let mut found = Vec::new();
        for some in accounts.chunks(AT_ONCE) {
            let texts: Vec<String> =
                (0..AT_ONCE).filter_map(|at| some.get(at).or(some.last())).map(ToString::to_string).collect();
            let rows: Vec<(String, i64, i64)> = on!(self, pool => {
                let query = sqlx::query_as(SQL).bind(&key.installation).bind(key.company);
                texts.iter().fold(query, sqlx::query::QueryAs::bind).fetch_all(pool).await
            })?;
            for (account, company, contact) in rows {
                let account = account.parse().map_err(|_| StoreError::Unreadable { what: "link" })?;
                found.push((company, LinkElsewhere { account, contact: ContactId(contact) }));
            }
        }
        Ok(found)
    }

    /// Whether these two are linked.
    pub async fn is_linked(
        &self,
        key: &CompanyKey,
        account: AccountId,
        contact: ContactId,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT COUNT(*) FROM link
             WHERE installation = $1 AND company = $2 AND account = $3 AND contact = $4";
        let (count,): (i64,) = on!(self, pool => sqlx::query_as(SQL)
            .bind(&key.installation).bind(key.company).bind(account.to_string()).bind(contact.0)
            .fetch_one(pool).await)?;
        Ok(count > 0)
    }

    /// Stores a link. Any other link of its account or its contact ends: both are linked once.
    pub async fn save_link(&self, key: &CompanyKey, link: &Link) -> Result<(), StoreError> {
        const CLEAR: &str = "DELETE FROM link WHERE installation = $1
             AND ((company = $2 AND account = $3 AND contact <> $4) OR (contact = $4 AND (company <> $2 OR account <> $3)))";
        const SAVE: &str =
            "INSERT INTO link (installation, company, account, contact, deactivated_by_us, missing_since)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (installation, company, account) DO UPDATE
             SET contact = excluded.contact, deactivated_by_us = excluded.deactivated_by_us,
                 missing_since = COALESCE(excluded.missing_since, link.missing_since)";
        let account = link.account.to_string();
        on!(self, pool => {
            let mut transaction = pool.begin_with(BEGIN).await?;
            sqlx::query(CLEAR)
                .bind(&key.installation).bind(key.company).bind(&account).bind(link.contact.0)
                .execute(&mut *transaction).await?;
            sqlx::query(SAVE)
                .bind(&key.installation).bind(key.company).bind(&account).bind(link.contact.0)
                .bind(i64::from(link.deactivated_by_us)).bind(link.missing_since)
                .execute(&mut *transaction).await?;
            transaction.commit().await?;
        });
        Ok(())
    }

    /// Ends a link.
    pub async fn remove_link(
        &self,
        key: &CompanyKey,
        account: AccountId,
        contact: ContactId,
    ) -> Result<(), StoreError> {
        const SQL: &str =
            "DELETE FROM link WHERE installation = $1 AND company = $2 AND account = $3 AND contact = $4";
        on!(self, pool => sqlx::query(SQL)
            .bind(&key.installation).bind(key.company).bind(account.to_string()).bind(contact.0)
            .execute(pool).await.map(drop))?;
        Ok(())
    }

    /// Remembers since when accounts are missing (`Some`), or that they are there (`None`). What is known
    /// of one that was missing already stays.
    pub async fn set_missing(
        &self,
        key: &CompanyKey,
        accounts: &[(AccountId, Option<i64>)],
    ) -> Result<(), StoreError> {
        const GONE: &str = "UPDATE link SET missing_since = COALESCE(missing_since, $4)
             WHERE installation = $1 AND company = $2 AND account = $3";
        const THERE: &str = "UPDATE link SET missing_since = NULL
             WHERE installation = $1 AND company = $2 AND account = $3";
        if accounts.is_empty() {
            return Ok(());
        }
        on!(self, pool => {
            let mut transaction = pool.begin_with(BEGIN).await?;
            for (account, since) in accounts {
                let query = sqlx::query(if since.is_some() { GONE } else { THERE })
                    .bind(&key.installation).bind(key.company).bind(account.to_string());
                let query = match since {
                    Some(since) => query.bind(*since),
                    None => query,
                };
                query.execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
        });
        Ok(())
    }
}
