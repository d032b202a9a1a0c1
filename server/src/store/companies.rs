//! What we remember of a company's settings note, to notice when it is not the one we accepted.

use super::{CompanyKey, Store, StoreError, on};

/// The settings note that was accepted last.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct AcceptedNote {
    /// The PSA's id of the note.
    pub note: i64,
    /// Its generation.
    pub generation: i64,
    /// SHA-256 over its text, in hexadecimal.
    pub note_hash: String,
    /// A keyed hash of the server that it names.
    pub source: String,
}

impl Store {
    /// The note that was accepted last.
    pub async fn accepted_note(&self, key: &CompanyKey) -> Result<Option<AcceptedNote>, StoreError> {
        const SQL: &str =
            "SELECT note, generation, note_hash, source FROM company WHERE installation = $1 AND id = $2";
        Ok(on!(self, pool => sqlx::query_as(SQL)
            .bind(&key.installation).bind(key.company).fetch_optional(pool).await)?)
    }

    /// Remembers a note as the accepted one.
    pub async fn accept_note(&self, key: &CompanyKey, accepted: &AcceptedNote) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO company (installation, id, note, generation, note_hash, source)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (installation, id) DO UPDATE
             SET note = excluded.note, generation = excluded.generation, note_hash = excluded.note_hash,
                 source = excluded.source";
        on!(self, pool => sqlx::query(SQL)
            .bind(&key.installation).bind(key.company)
            .bind(accepted.note).bind(accepted.generation).bind(&accepted.note_hash).bind(&accepted.source)
            .execute(pool).await.map(drop))?;
        Ok(())
    }

    /// The other companies of the installation whose settings name the same server.
    pub async fn companies_of_source(&self, key: &CompanyKey, source: &str) -> Result<Vec<i64>, StoreError> {
        const SQL: &str =
            "SELECT id FROM company WHERE installation = $1 AND id <> $2 AND source = $3 ORDER BY id";
        let rows: Vec<(i64,)> = on!(self, pool => sqlx::query_as(SQL)
            .bind(&key.installation).bind(key.company).bind(source).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }
}
