//! The audit chain: every write, who, when, which fields; no values.

use reconcile::{AccountId, ContactId, RowKey};
use sha2::{Digest, Sha256};

use super::{CompanyKey, IntentState, Store, StoreError, on};

/// One write, for the chain.
#[derive(Clone, Debug)]
pub struct AuditEntry<'a> {
    /// The run.
    pub run: &'a str,
    /// Seconds since 1970.
    pub at: i64,
    /// The member's login name.
    pub member: &'a str,
    /// The row's kind.
    pub kind: &'a str,
    /// The account.
    pub account: Option<AccountId>,
    /// The contact.
    pub contact: Option<ContactId>,
    /// Names of the fields written, separated by commas.
    pub fields: &'a str,
}

/// One entry of the chain, as it is told.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Audited {
    /// The run.
    pub run: String,
    /// Seconds since 1970.
    pub at: i64,
    /// The member's login name; empty for a scheduled run.
    pub member: String,
    /// The code of the row's kind.
    pub kind: String,
    /// Names of the fields written, separated by commas.
    pub fields: String,
    /// The code of how it ended.
    pub outcome: String,
}

impl Store {
    /// The newest entries about an account or a contact, the newest first.
    pub async fn audited(
        &self,
        key: &CompanyKey,
        row: &RowKey,
        most: i64,
    ) -> Result<Vec<Audited>, StoreError> {
        const SQL: &str = "SELECT run, at, member, kind, fields, outcome FROM audit
             WHERE installation = $1 AND company = $2 AND (account = $3 OR contact = $4)
                 AND outcome <> 'open'
             ORDER BY sequence DESC LIMIT $5";
        let account = row.account.map(|id| id.to_string());
        let contact = row.contact.map(|id| id.0);
        Ok(on!(self, pool => sqlx::query_as(SQL)
            .bind(&key.installation).bind(key.company).bind(&account).bind(contact).bind(most)
            .fetch_all(pool).await)?)
    }

    /// Notes how a write ended, if that was not known before, and adds it to the company's chain: both or
    /// neither, so that whatever a crash leaves out or somebody finds out too late stands there once. Of
    /// what was written the entry names the contact.
    pub async fn settle_intent(
        &self,
        key: &CompanyKey,
        id: &str,
        state: IntentState,
        entry: &AuditEntry<'_>,
    ) -> Result<(), StoreError> {
        self.chain(key, Some(id), state, entry).await
    }

    /// Adds a write to the company's chain that has no intent to settle: once before it is sent, as open, and
    /// once when it is known how it ended.
    pub async fn audit(
        &self,
        key: &CompanyKey,
        state: IntentState,
        entry: &AuditEntry<'_>,
    ) -> Result<(), StoreError> {
        self.chain(key, None, state, entry).await
    }

    async fn chain(
        &self,
        key: &CompanyKey,
        id: Option<&str>,
        state: IntentState,
        entry: &AuditEntry<'_>,
    ) -> Result<(), StoreError> {
        loop {
            match self.try_to_settle(key, id, state, entry).await {
                // Another writer took the place after the last entry; in PostgreSQL both may have
                // read the same last one. It has come one further, so this ends.
                Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {}
                outcome => return Ok(outcome?),
            }
        }
    }

    async fn try_to_settle(
        &self,
        key: &CompanyKey,
        id: Option<&str>,
        state: IntentState,
        entry: &AuditEntry<'_>,
    ) -> Result<(), sqlx::Error> {
        const LAST: &str = "SELECT sequence, hash FROM audit WHERE installation = $1 AND company = $2
             ORDER BY sequence DESC LIMIT 1";
        const ADD: &str =
            "INSERT INTO audit (installation, company, sequence, run, at, member, kind, account,
             contact, fields, outcome, previous, hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        let account = entry.account.map(|id| id.to_string());
        let contact = entry.contact.map(|id| id.0);
        on!(self, pool => {
            let mut transaction = pool.begin_with(BEGIN).await?;
            if let Some(id) = id {
                let settle = sqlx::query(state.settling()).bind(id).bind(state.code());
                let settle = match state {
                    IntentState::Applied => settle.bind(contact),
                    IntentState::Rejected => settle,
                    IntentState::Open | IntentState::Unknown => settle.bind(entry.at),
                };
                if settle.execute(&mut *transaction).await?.rows_affected() == 0 {
                    return transaction.rollback().await;
                }
            }
            let last: Option<(i64, String)> = sqlx::query_as(LAST)
                .bind(&key.installation).bind(key.company)
                .fetch_optional(&mut *transaction).await?;
            let (sequence, previous) = last.map_or((1, String::new()), |(sequence, hash)| (sequence + 1, hash));
            let hash = entry.hash(key, sequence, state, &previous);
            sqlx::query(ADD)
                .bind(&key.installation).bind(key.company).bind(sequence).bind(entry.run).bind(entry.at)
                .bind(entry.member).bind(entry.kind).bind(&account).bind(contact)
                .bind(entry.fields).bind(state.code()).bind(&previous).bind(&hash)
                .execute(&mut *transaction).await?;
            transaction.commit().await
        })
    }
}

impl AuditEntry<'_> {
    fn hash(&self, key: &CompanyKey, sequence: i64, state: IntentState, previous: &str) -> String {
        let mut hash = Sha256::new();
        for part in [
            previous,
            &key.installation,
            &key.company.to_string(),
            &sequence.to_string(),
            self.run,
            &self.at.to_string(),
            self.member,
            self.kind,
            &self.account.map(|id| id.to_string()).unwrap_or_default(),
            &self.contact.map(|id| id.to_string()).unwrap_or_default(),
            self.fields,
            state.code(),
        ] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hex::encode(hash.finalize())
    }
}
