//! Intents: what is about to be written, how it ended, and what is kept for taking it back.

use reconcile::{AccountId, ContactId, RowKind};

use super::{CompanyKey, Lease, Store, StoreError, on};

/// Where an intent stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntentState {
    /// About to be written, or being written when the process ended.
    Open,
    /// The PSA's answer did not come.
    Unknown,
    /// Written.
    Applied,
    /// Not written.
    Rejected,
}

impl IntentState {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Unknown => "unknown",
            Self::Applied => "applied",
            Self::Rejected => "rejected",
        }
    }

    /// The statement that ends an intent so, by its id and the state's code. What was written is given its
    /// contact, and keeps its body for taking it back; what was not written needs none any more; what is
    /// unknown is given the time.
    pub(super) const fn settling(self) -> &'static str {
        match self {
            Self::Applied => {
                "UPDATE intent SET state = $2, contact = $3 WHERE id = $1 AND state IN ('open', 'unknown')"
            }
            Self::Rejected => {
                "UPDATE intent SET state = $2, body = NULL WHERE id = $1 AND state IN ('open', 'unknown')"
            }
            Self::Open | Self::Unknown => {
                "UPDATE intent SET state = $2, unknown_at = $3 WHERE id = $1 AND state IN ('open', 'unknown')"
            }
        }
    }
}

/// An intent whose end is not known yet.
#[derive(Clone, Debug)]
pub struct Unsettled {
    /// The intent.
    pub intent: Intent,
    /// The record id of the member whose run it belongs to; 0 for a run by the schedule.
    pub member_id: i64,
    /// That member's login name.
    pub member: String,
    /// Since when nobody has waited for its answer any more; seconds since 1970.
    pub since: i64,
}

/// A write that is about to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// Its id.
    pub id: String,
    /// The run that it belongs to.
    pub run: String,
    /// What it was to do.
    pub kind: RowKind,
    /// The account.
    pub account: Option<AccountId>,
    /// The contact; none for a creation until it is made.
    pub contact: Option<ContactId>,
    /// Sealed: what was to be written.
    pub body: String,
    /// Seconds since 1970.
    pub created_at: i64,
}

pub(super) fn kind_of(code: &str) -> Result<RowKind, StoreError> {
    [RowKind::Create, RowKind::Update, RowKind::Deactivate, RowKind::Reactivate, RowKind::Move, RowKind::Link]
        .into_iter()
        .find(|kind| kind.code() == code)
        .ok_or(StoreError::Unreadable { what: "intent" })
}

type Columns = (String, String, String, Option<String>, Option<i64>, String, i64);

fn intent((id, run, kind, account, contact, body, created_at): Columns) -> Result<Intent, StoreError> {
    let account = account
        .map(|account| account.parse().map_err(|_| StoreError::Unreadable { what: "intent" }))
        .transpose()?;
    let kind = kind_of(&kind)?;
    Ok(Intent { id, run, kind, account, contact: contact.map(ContactId), body, created_at })
}

impl Store {
    /// Makes an intent durable, if the lease still holds: without this no write may be sent.
    pub async fn open_intent(&self, lease: &Lease, intent: &Intent) -> Result<(), StoreError> {
        const SQL: &str =
            "INSERT INTO intent (id, run, installation, company, kind, account, contact, body, state, created_at)
             SELECT $1, $2, installation, company, $3, $4, $5, $6, 'open', $7 FROM lease
             WHERE installation = $8 AND company = $9 AND term = $10 AND holder = $11
             AND expires_at > (SELECT seconds FROM clock)";
        let rows = on!(self, pool => sqlx::query(SQL)
            .bind(&intent.id).bind(&intent.run).bind(intent.kind.code())
            .bind(intent.account.map(|id| id.to_string())).bind(intent.contact.map(|id| id.0))
            .bind(&intent.body).bind(intent.created_at)
            .bind(&lease.key.installation).bind(lease.key.company).bind(lease.term).bind(&lease.holder)
            .execute(pool).await.map(|done| done.rows_affected()))?;
        if rows == 1 { Ok(()) } else { Err(StoreError::LeaseLost) }
    }

    /// The intents of a company whose end is not known.
    pub async fn unsettled_intents(&self, key: &CompanyKey) -> Result<Vec<Unsettled>, StoreError> {
        const SQL: &str = "SELECT intent.id, intent.run, intent.kind, intent.account, intent.contact,
                 COALESCE(intent.body, ''), intent.created_at,
                 COALESCE(intent.unknown_at, run.ended_at, intent.created_at),
                 COALESCE(run.member_id, 0), COALESCE(run.member, '')
             FROM intent LEFT JOIN run ON run.id = intent.run
             WHERE intent.installation = $1 AND intent.company = $2 AND intent.state IN ('open', 'unknown')
             ORDER BY intent.created_at, intent.id";
        type Row = (String, String, String, Option<String>, Option<i64>, String, i64, i64, i64, String);
        let rows: Vec<Row> = on!(self, pool => sqlx::query_as(SQL)
            .bind(&key.installation).bind(key.company).fetch_all(pool).await)?;
        rows.into_iter()
            .map(|(id, run, kind, account, contact, body, created_at, since, member_id, member)| {
                let intent = intent((id, run, kind, account, contact, body, created_at))?;
                Ok(Unsettled { intent, member_id, member, since })
            })
            .collect()
    }

    /// What a run wrote and nobody has taken back yet, as far as it can still be taken back.
    pub async fn undoable(&self, key: &CompanyKey, run: &str) -> Result<Vec<Intent>, StoreError> {
        const SQL: &str = "SELECT id, run, kind, account, contact, COALESCE(body, ''), created_at FROM intent
             WHERE installation = $1 AND company = $2 AND run = $3 AND state = 'applied'
             AND body IS NOT NULL AND undone_by IS NULL
             ORDER BY created_at, id";
        let rows: Vec<Columns> = on!(self, pool => sqlx::query_as(SQL)
            .bind(&key.installation).bind(key.company).bind(run).fetch_all(pool).await)?;
        rows.into_iter().map(intent).collect()
    }

    /// How many of them were written since then.
    pub async fn count_undoable(&self, key: &CompanyKey, run: &str, since: i64) -> Result<i64, StoreError> {
        const SQL: &str = "SELECT COUNT(*) FROM intent
             WHERE installation = $1 AND company = $2 AND run = $3 AND state = 'applied'
             AND body IS NOT NULL AND undone_by IS NULL AND created_at >= $4";
        let (count,): (i64,) = on!(self, pool => sqlx::query_as(SQL)
            .bind(&key.installation).bind(key.company).bind(run).bind(since).fetch_one(pool).await)?;
        Ok(count)
    }

    /// Remembers that a run took back what an intent wrote. It needs no body any more.
    pub async fn mark_undone(&self, id: &str, by: &str) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE intent SET undone_by = $2, body = NULL WHERE id = $1";
        on!(self, pool => sqlx::query(SQL).bind(id).bind(by).execute(pool).await.map(drop))?;
        Ok(())
    }

    /// How many contacts of the company we deactivated since then.
    pub async fn deactivated_since(&self, key: &CompanyKey, since: i64) -> Result<i64, StoreError> {
        const SQL: &str = "SELECT COUNT(*) FROM intent WHERE installation = $1 AND company = $2
             AND state = 'applied' AND kind = 'deactivate' AND created_at >= $3";
        let (count,): (i64,) = on!(self, pool => sqlx::query_as(SQL)
            .bind(&key.installation).bind(key.company).bind(since).fetch_one(pool).await)?;
        Ok(count)
    }

    /// Ends the time in which what was written before `before` could be taken back: it is forgotten, and so
    /// is which rows those runs were to write.
    pub async fn forget_undo(&self, before: i64) -> Result<(), StoreError> {
        const SQL: [&str; 2] = [
            "UPDATE intent SET body = NULL
             WHERE state = 'applied' AND body IS NOT NULL AND created_at < $1",
            "DELETE FROM approval WHERE run IN (SELECT id FROM run WHERE ended_at < $1)",
        ];
        on!(self, pool => {
            for sql in SQL {
                sqlx::query(sql).bind(before).execute(pool).await?;
            }
        });
        Ok(())
    }
}
