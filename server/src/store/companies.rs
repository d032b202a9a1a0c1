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
    /// When the company is due; empty: not by itself.
    pub schedule: String,
    /// The time zone that the schedule goes by.
    pub time_zone: String,
}

/// What of a company's standing decisions was last copied into its notes.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Mirrored {
    /// When, seconds since 1970; 0 for never.
    pub made_at: i64,
    /// A hash of them.
    pub hash: String,
}

/// The ticket in the PSA that says what of a company needs a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct LivingTicket {
    /// Its record id; none while the answer to its creation has not come.
    pub id: Option<i64>,
    /// What it is found by.
    pub reference: Option<String>,
}

impl Store {
    /// The note that was accepted last.
    pub async fn accepted_note(&self, key: &CompanyKey) -> Result<Option<AcceptedNote>, StoreError> {
        const SQL: &str = "SELECT note, generation, note_hash, source, schedule, time_zone FROM company
             WHERE installation = $1 AND id = $2";
        Ok(on!(self, pool => sqlx::query_as(SQL)
            .bind(&key.installation).bind(key.company).fetch_optional(pool).await)?)
    }

    /// Remembers a note as the accepted one. Where its schedule is another than before, the company is due
    /// next at `next_slot`.
    pub async fn accept_note(
        &self,
        key: &CompanyKey,
        accepted: &AcceptedNote,
        next_slot: Option<i64>,
    ) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO company
                 (installation, id, note, generation, note_hash, source, schedule, time_zone, next_slot)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (installation, id) DO UPDATE
             SET note = excluded.note, generation = excluded.generation, note_hash = excluded.note_hash,
                 source = excluded.source, schedule = excluded.schedule, time_zone = excluded.time_zone,
                 next_slot = CASE WHEN company.schedule = excluded.schedule
                     AND company.time_zone = excluded.time_zone AND company.next_slot IS NOT NULL
                     THEN company.next_slot ELSE excluded.next_slot END";
        on!(self, pool => sqlx::query(SQL)
            .bind(&key.installation).bind(key.company)
            .bind(accepted.note).bind(accepted.generation).bind(&accepted.note_hash).bind(&accepted.source)
            .bind(&accepted.schedule).bind(&accepted.time_zone).bind(next_slot)
            .execute(pool).await.map(drop))?;
        Ok(())
    }

    /// What decided who is in sight when a person last reviewed a run; none when nobody ever did.
    pub async fn reviewed_scope(&self, key: &CompanyKey) -> Result<Option<String>, StoreError> {
        const SQL: &str = "SELECT reviewed FROM company WHERE installation = $1 AND id = $2";
        let row: Option<(Option<String>,)> = on!(self, pool => sqlx::query_as(SQL)
            .bind(&key.installation).bind(key.company).fetch_optional(pool).await)?;
        Ok(row.and_then(|(scope,)| scope))
    }

    /// Remembers that a person reviewed a run, with this in sight.
    pub async fn set_reviewed_scope(&self, key: &CompanyKey, scope: &str) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE company SET reviewed = $3 WHERE installation = $1 AND id = $2";
        on!(self, pool => sqlx::query(SQL)
            .bind(&key.installation).bind(key.company).bind(scope).execute(pool).await.map(drop))?;
        Ok(())
    }

    /// When the company is due next.
    pub async fn next_slot(&self, key: &CompanyKey) -> Result<Option<i64>, StoreError> {
        const SQL: &str = "SELECT next_slot FROM company WHERE installation = $1 AND id = $2";
        let row: Option<(Option<i64>,)> = on!(self, pool => sqlx::query_as(SQL)
            .bind(&key.installation).bind(key.company).fetch_optional(pool).await)?;
        Ok(row.and_then(|(slot,)| slot))
    }

    /// What was last copied into the company's notes.
    pub async fn mirrored(&self, key: &CompanyKey) -> Result<Mirrored, StoreError> {
        const SQL: &str = "SELECT mirrored_at AS made_at, mirrored AS hash FROM company
             WHERE installation = $1 AND id = $2";
        let row: Option<Mirrored> = on!(self, pool => sqlx::query_as(SQL)
            .bind(&key.installation).bind(key.company).fetch_optional(pool).await)?;
        Ok(row.unwrap_or_default())
    }

    /// Remembers what was copied into the company's notes.
    pub async fn set_mirrored(&self, key: &CompanyKey, mirrored: &Mirrored) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE company SET mirrored_at = $3, mirrored = $4
             WHERE installation = $1 AND id = $2";
        on!(self, pool => sqlx::query(SQL)
            .bind(&key.installation).bind(key.company).bind(mirrored.made_at).bind(&mirrored.hash)
            .execute(pool).await.map(drop))?;
        Ok(())
    }

    /// The company's ticket.
    pub async fn living_ticket(&self, key: &CompanyKey) -> Result<LivingTicket, StoreError> {
        const SQL: &str = "SELECT ticket AS id, ticket_reference AS reference FROM company
             WHERE installation = $1 AND id = $2";
        let row: Option<LivingTicket> = on!(self, pool => sqlx::query_as(SQL)
            .bind(&key.installation).bind(key.company).fetch_optional(pool).await)?;
        Ok(row.unwrap_or_default())
    }

    /// Remembers the company's ticket, or that there is none.
    pub async fn set_living_ticket(&self, key: &CompanyKey, ticket: &LivingTicket) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE company SET ticket = $3, ticket_reference = $4
             WHERE installation = $1 AND id = $2";
        on!(self, pool => sqlx::query(SQL)
            .bind(&key.installation).bind(key.company).bind(ticket.id).bind(&ticket.reference)
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
