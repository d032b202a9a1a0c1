//! Installations: the PSAs that joined.

use super::{Store, StoreError, on};

/// The piece of an installation that is a type of notes.
pub const INSTALLED_NOTE_TYPE: &str = "note_type";

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
    /// The code of the right that opens the administrator's pages.
    pub administrators: String,
    /// The rules of all its companies, sealed; empty for none.
    pub rules: String,
    /// The service board in the PSA that tickets are opened on; none: no tickets.
    pub board: Option<i64>,
    /// Seconds since 1970.
    pub created_at: i64,
}

impl Store {
    /// The installation with this id.
    pub async fn installation(&self, id: &str) -> Result<Option<InstallationRow>, StoreError> {
        const SQL: &str =
            "SELECT id, psa_site, login_company, credentials, administrators, rules, board, created_at
             FROM installation WHERE id = $1";
        Ok(on!(self, pool => sqlx::query_as(SQL).bind(id).fetch_optional(pool).await)?)
    }

    /// The installation of this PSA and login company, which the PSA reads without regard to case.
    pub async fn installation_of(
        &self,
        psa_site: &str,
        login_company: &str,
    ) -> Result<Option<InstallationRow>, StoreError> {
        const SQL: &str =
            "SELECT id, psa_site, login_company, credentials, administrators, rules, board, created_at
             FROM installation WHERE psa_site = $1 AND LOWER(login_company) = LOWER($2)";
        Ok(
            on!(self, pool => sqlx::query_as(SQL).bind(psa_site).bind(login_company).fetch_optional(pool).await)?,
        )
    }

    /// Adds an installation, or gives it new keys. `false` when the same PSA and login company are
    /// another installation already: somebody joined at the same time.
    pub async fn save_installation(&self, row: &InstallationRow) -> Result<bool, StoreError> {
        const CHANGE: &str = "UPDATE installation SET credentials = $2 WHERE id = $1";
        const ADD: &str = "INSERT INTO installation
             (id, psa_site, login_company, credentials, administrators, rules, board, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
        let changed = on!(self, pool => sqlx::query(CHANGE).bind(&row.id).bind(&row.credentials)
            .execute(pool).await.map(|done| done.rows_affected()))?;
        if changed == 1 {
            return Ok(true);
        }
        let rows = on!(self, pool => sqlx::query(ADD)
            .bind(&row.id).bind(&row.psa_site).bind(&row.login_company).bind(&row.credentials)
            .bind(&row.administrators).bind(&row.rules).bind(row.board).bind(row.created_at)
            .execute(pool).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }

    /// Names the right that opens the administrator's pages.
    pub async fn set_administrators(&self, id: &str, code: &str) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE installation SET administrators = $2 WHERE id = $1";
        on!(self, pool => sqlx::query(SQL).bind(id).bind(code).execute(pool).await.map(drop))?;
        Ok(())
    }

    /// Stores the rules of all companies of an installation, sealed.
    pub async fn set_rules(&self, id: &str, sealed: &str) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE installation SET rules = $2 WHERE id = $1";
        on!(self, pool => sqlx::query(SQL).bind(id).bind(sealed).execute(pool).await.map(drop))?;
        Ok(())
    }

    /// Names the board that tickets are opened on; none: no tickets.
    pub async fn set_board(&self, id: &str, board: Option<i64>) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE installation SET board = $2 WHERE id = $1";
        on!(self, pool => sqlx::query(SQL).bind(id).bind(board).execute(pool).await.map(drop))?;
        Ok(())
    }

    /// Remembers what joining made in the PSA: a piece and its id there.
    pub async fn save_installed(&self, installation: &str, piece: &str, id: i64) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO installed (installation, piece, psa_id) VALUES ($1, $2, $3)
             ON CONFLICT (installation, piece) DO UPDATE SET psa_id = excluded.psa_id";
        on!(self, pool => sqlx::query(SQL)
            .bind(installation).bind(piece).bind(id).execute(pool).await.map(drop))?;
        Ok(())
    }

    /// What joining made in the PSA: pieces and their ids there.
    pub async fn installed(&self, installation: &str) -> Result<Vec<(String, i64)>, StoreError> {
        const SQL: &str = "SELECT piece, psa_id FROM installed WHERE installation = $1 ORDER BY piece";
        Ok(on!(self, pool => sqlx::query_as(SQL).bind(installation).fetch_all(pool).await)?)
    }

    /// Forgets an installation and everything of it, at once or not at all.
    pub async fn forget_installation(&self, id: &str) -> Result<(), StoreError> {
        const SQL: [&str; 13] = [
            "DELETE FROM invitation WHERE installation = $1",
            "DELETE FROM setback WHERE installation = $1",
            "DELETE FROM approval WHERE run IN (SELECT id FROM run WHERE installation = $1)",
            "DELETE FROM intent WHERE installation = $1",
            "DELETE FROM run WHERE installation = $1",
            "DELETE FROM lease WHERE installation = $1",
            "DELETE FROM decision WHERE installation = $1",
            "DELETE FROM link WHERE installation = $1",
            "DELETE FROM glance WHERE installation = $1",
            "DELETE FROM company WHERE installation = $1",
            "DELETE FROM audit WHERE installation = $1",
            "DELETE FROM installed WHERE installation = $1",
            "DELETE FROM installation WHERE id = $1",
        ];
        on!(self, pool => {
            let mut transaction = pool.begin_with(BEGIN).await?;
            for sql in SQL {
                sqlx::query(sql).bind(id).execute(&mut *transaction).await?;
            }
            transaction.commit().await
        })?;
        if let Self::Sqlite(pool) = self {
            // Its journal would keep the sealed keys until it is written over.
            sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(pool).await?;
        }
        Ok(())
    }
}
