//! Runs, what was approved for them, and the intents that they write by.

use pod_view::wire::{Approved, Counts, LastRun};
use reconcile::{AccountId, ContactId, RowKind};

use super::{CompanyKey, Lease, Store, StoreError, on};
use crate::clock::rfc3339;

/// A run that begins.
#[derive(Clone, Debug)]
pub struct NewRun<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its company.
    pub key: &'a CompanyKey,
    /// The member's record id.
    pub member_id: i64,
    /// The member's login name.
    pub member: &'a str,
    /// What the member approved.
    pub approved: &'a [Approved],
}

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
    const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Unknown => "unknown",
            Self::Applied => "applied",
            Self::Rejected => "rejected",
        }
    }
}

/// An intent whose end is not known yet.
#[derive(Clone, Debug)]
pub struct Unsettled {
    /// The intent.
    pub intent: Intent,
    /// The login name of the member whose run it belongs to.
    pub member: String,
    /// Since when nobody has waited for its answer any more; seconds since 1970.
    pub since: i64,
}

/// A write that is about to be made.
#[derive(Clone, Debug)]
pub struct Intent {
    /// Its id.
    pub id: String,
    /// The run that it belongs to.
    pub run: String,
    /// What it was to do.
    pub kind: RowKind,
    /// The account.
    pub account: Option<AccountId>,
    /// The contact; none for a creation.
    pub contact: Option<ContactId>,
    /// Sealed: what was to be written.
    pub body: String,
    /// Seconds since 1970.
    pub created_at: i64,
}

fn kind_of(code: &str) -> Result<RowKind, StoreError> {
    [RowKind::Create, RowKind::Update, RowKind::Deactivate, RowKind::Reactivate, RowKind::Move, RowKind::Link]
        .into_iter()
        .find(|kind| kind.code() == code)
        .ok_or(StoreError::Unreadable { what: "intent" })
}

fn text_of<T: ToString>(key: Option<T>) -> String {
    key.map(|key| key.to_string()).unwrap_or_default()
}

impl Store {
    /// Makes a run and what was approved for it durable.
    pub async fn start_run(&self, run: &NewRun<'_>, now: i64) -> Result<(), StoreError> {
        const RUN: &str =
            "INSERT INTO run (id, installation, company, member_id, member, state, started_at, counts)
             VALUES ($1, $2, $3, $4, $5, 'applying', $6, $7)";
        const APPROVAL: &str =
            "INSERT INTO approval (run, account, contact, fingerprint) VALUES ($1, $2, $3, $4)";
        let counts = json(&Counts::default());
        on!(self, pool => {
            let mut transaction = pool.begin_with(BEGIN).await?;
            sqlx::query(RUN)
                .bind(run.id).bind(&run.key.installation).bind(run.key.company)
                .bind(run.member_id).bind(run.member).bind(now).bind(counts)
                .execute(&mut *transaction).await?;
            for approved in run.approved {
                sqlx::query(APPROVAL)
                    .bind(run.id)
                    .bind(text_of(approved.key.account)).bind(text_of(approved.key.contact))
                    .bind(approved.fingerprint.to_string())
                    .execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
        });
        Ok(())
    }

    /// Notes what became of an approved row.
    pub async fn settle_approval(
        &self,
        run: &str,
        approved: &Approved,
        outcome: &str,
    ) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE approval SET outcome = $4 WHERE run = $1 AND account = $2 AND contact = $3";
        on!(self, pool => sqlx::query(SQL)
            .bind(run).bind(text_of(approved.key.account)).bind(text_of(approved.key.contact)).bind(outcome)
            .execute(pool).await.map(drop))?;
        Ok(())
    }

    /// Ends a run.
    pub async fn end_run(&self, run: &str, state: &str, counts: &Counts, now: i64) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE run SET state = $2, counts = $3, ended_at = $4 WHERE id = $1";
        on!(self, pool => sqlx::query(SQL).bind(run).bind(state).bind(json(counts)).bind(now)
            .execute(pool).await.map(drop))?;
        Ok(())
    }

    /// The last run of a company that came to its end.
    pub async fn last_run(&self, key: &CompanyKey) -> Result<Option<LastRun>, StoreError> {
        const SQL: &str = "SELECT ended_at, member, counts FROM run
             WHERE installation = $1 AND company = $2 AND state = 'done' AND ended_at IS NOT NULL
             ORDER BY started_at DESC, id LIMIT 1";
        let row: Option<(i64, String, String)> = on!(self, pool => sqlx::query_as(SQL)
            .bind(&key.installation).bind(key.company).fetch_optional(pool).await)?;
        row.map(|(at, member, counts)| {
            let counts = serde_json::from_str(&counts).map_err(|_| StoreError::Unreadable { what: "run" })?;
            Ok(LastRun { at: rfc3339(at), member, counts })
        })
        .transpose()
    }

    /// Makes an intent durable, if the lease still holds: without this no write may be sent.
    pub async fn open_intent(&self, lease: &Lease, intent: &Intent) -> Result<(), StoreError> {
        const SQL: &str =
            "INSERT INTO intent (id, run, installation, company, kind, account, contact, body, state, created_at)
             SELECT $1, $2, installation, company, $3, $4, $5, $6, 'open', $7 FROM lease
             WHERE installation = $8 AND company = $9 AND term = $10 AND holder = $11 AND expires_at > $7";
        let rows = on!(self, pool => sqlx::query(SQL)
            .bind(&intent.id).bind(&intent.run).bind(intent.kind.code())
            .bind(intent.account.map(|id| id.to_string())).bind(intent.contact.map(|id| id.0))
            .bind(&intent.body).bind(intent.created_at)
            .bind(&lease.key.installation).bind(lease.key.company).bind(lease.term).bind(&lease.holder)
            .execute(pool).await.map(|done| done.rows_affected()))?;
        if rows == 1 { Ok(()) } else { Err(StoreError::LeaseLost) }
    }

    /// Notes how a write ended, if that was not known before. A settled intent loses its body.
    pub async fn settle_intent(&self, id: &str, state: IntentState, now: i64) -> Result<(), StoreError> {
        const SETTLED: &str =
            "UPDATE intent SET state = $2, body = NULL WHERE id = $1 AND state IN ('open', 'unknown')";
        const UNKNOWN: &str =
            "UPDATE intent SET state = $2, unknown_at = $3 WHERE id = $1 AND state IN ('open', 'unknown')";
        match state {
            IntentState::Applied | IntentState::Rejected => {
                on!(self, pool => sqlx::query(SETTLED).bind(id).bind(state.code()).execute(pool).await.map(drop))?;
            }
            IntentState::Open | IntentState::Unknown => {
                on!(self, pool => sqlx::query(UNKNOWN).bind(id).bind(state.code()).bind(now)
                    .execute(pool).await.map(drop))?;
            }
        }
        Ok(())
    }

    /// Closes runs of the company that ended without saying so: whoever calls this holds its lease.
    pub async fn close_dead_runs(&self, lease: &Lease, now: i64) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE run SET state = 'failed', ended_at = $4
             WHERE installation = $1 AND company = $2 AND state = 'applying' AND id <> $3";
        on!(self, pool => sqlx::query(SQL)
            .bind(&lease.key.installation).bind(lease.key.company).bind(&lease.holder).bind(now)
            .execute(pool).await.map(drop))?;
        Ok(())
    }

    /// The intents of a company whose end is not known.
    pub async fn unsettled_intents(&self, key: &CompanyKey) -> Result<Vec<Unsettled>, StoreError> {
        const SQL: &str = "SELECT intent.id, intent.run, intent.kind, intent.account, intent.contact,
                 COALESCE(intent.body, ''), intent.created_at,
                 COALESCE(intent.unknown_at, run.ended_at, intent.created_at), COALESCE(run.member, '')
             FROM intent LEFT JOIN run ON run.id = intent.run
             WHERE intent.installation = $1 AND intent.company = $2 AND intent.state IN ('open', 'unknown')
             ORDER BY intent.created_at, intent.id";
        type Columns = (String, String, String, Option<String>, Option<i64>, String, i64, i64, String);
        let rows: Vec<Columns> = on!(self, pool => sqlx::query_as(SQL)
            .bind(&key.installation).bind(key.company).fetch_all(pool).await)?;
        rows.into_iter()
            .map(|(id, run, kind, account, contact, body, created_at, since, member)| {
                let account = account
                    .map(|account| account.parse().map_err(|_| StoreError::Unreadable { what: "intent" }))
                    .transpose()?;
                let kind = kind_of(&kind)?;
                let contact = contact.map(ContactId);
                Ok(Unsettled {
                    intent: Intent { id, run, kind, account, contact, body, created_at },
                    member,
                    since,
                })
            })
            .collect()
    }
}

fn json(counts: &Counts) -> String {
    serde_json::to_string(counts).expect("numbers can be written as JSON")
}
