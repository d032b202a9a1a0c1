//! Installations: the PSAs that joined.

use super::{Store, StoreError, on};

/// One PSA that joined.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct InstallationRow {
    /// 128 random bits in hexadecimal; part of the pod's address.
    pub id: String,
    /// The PSA's web address, without a path.
    pub psa_site: String,
    /// The login company.
    pub login_company: String,
    /// The API member's keys, sealed.
    pub credentials: String,
    /// Seconds since 1970.
    pub created_at: i64,
}

impl Store {
    /// The installation with this id.
    pub async fn installation(&self, id: &str) -> Result<Option<InstallationRow>, StoreError> {
        const SQL: &str =
            "SELECT id, psa_site, login_company, credentials, created_at FROM installation WHERE id = $1";
        Ok(on!(self, pool => sqlx::query_as(SQL).bind(id).fetch_optional(pool).await)?)
    }

    /// The installation of this PSA and login company, which the PSA reads without regard to case.
    pub async fn installation_of(
        &self,
        psa_site: &str,
        login_company: &str,
    ) -> Result<Option<InstallationRow>, StoreError> {
        const SQL: &str = "SELECT id, psa_site, login_company, credentials, created_at FROM installation
             WHERE psa_site = $1 AND LOWER(login_company) = LOWER($2)";
        Ok(
            on!(self, pool => sqlx::query_as(SQL).bind(psa_site).bind(login_company).fetch_optional(pool).await)?,
        )
    }

    /// Adds an installation, or gives the one of the same PSA and login company new keys.
    pub async fn save_installation(&self, row: &InstallationRow) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO installation (id, psa_site, login_company, credentials, created_at)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (psa_site, login_company) DO UPDATE SET credentials = excluded.credentials";
        on!(self, pool => sqlx::query(SQL)
            .bind(&row.id).bind(&row.psa_site).bind(&row.login_company).bind(&row.credentials).bind(row.created_at)
            .execute(pool).await.map(drop))?;
        Ok(())
    }
}
