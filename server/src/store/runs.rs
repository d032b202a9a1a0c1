//! Runs, and the rows that they are to write.

use pod_view::wire::{Approved, Counts, Outcome, RunKind, RunProgress, RunState};
use reconcile::RowKey;

use super::{CompanyKey, Lease, Store, StoreError, intents::kind_of, on, row_key, text_of};

/// A run that begins.
#[derive(Clone, Debug)]
pub struct NewRun<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its company.
    pub key: &'a CompanyKey,
    /// What it is for.
    pub kind: RunKind,
    /// The run that it takes back.
    pub undoes: Option<&'a str>,
    /// The member's record id.
    pub member_id: i64,
    /// The member's login name.
    pub member: &'a str,
    /// What the member approved; of an undo what is to be taken back, with the intent's id.
    pub rows: &'a [ApprovedRow],
}

/// A row that a run is to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovedRow {
    /// The row as it was approved.
    pub approved: Approved,
    /// What became of it.
    pub outcome: Option<Outcome>,
}

impl ApprovedRow {
    /// Whether it is still to be found out what becomes of it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.outcome.as_ref().is_none_or(|outcome| *outcome == Outcome::Unknown)
    }
}

impl From<Approved> for ApprovedRow {
    fn from(approved: Approved) -> Self {
        Self { approved, outcome: None }
    }
}

/// A run as it is stored. Times are in seconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRow {
    /// Its id.
    pub id: String,
    /// Its company.
    pub key: CompanyKey,
    /// What it is for.
    pub kind: RunKind,
    /// The run that it takes back.
    pub undoes: Option<String>,
    /// The member's record id; 0 for a run by the schedule.
    pub member_id: i64,
    /// The member's login name; empty for a run by the schedule.
    pub member: String,
    /// Where it stands.
    pub state: RunState,
    /// When it was asked for.
    pub queued_at: i64,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// How often it was begun.
    pub attempts: i64,
    /// How far it is.
    pub progress: RunProgress,
    /// What became of its rows.
    pub counts: Counts,
    /// Why it failed, sealed.
    pub problem: Option<String>,
}

pub(super) fn code<T: serde::Serialize>(of: T) -> String {
    match serde_json::to_value(of) {
        Ok(serde_json::Value::String(code)) => code,
        _ => unreachable!("kinds and states are words"),
    }
}

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("numbers can be written as JSON")
}

#[derive(sqlx::FromRow)]
pub(super) struct Columns {
    id: String,
    installation: String,
    company: i64,
    kind: String,
    one_person: i64,
    undoes: Option<String>,
    member_id: i64,
    member: String,
    state: String,
    queued_at: i64,
    ended_at: Option<i64>,
    attempts: i64,
    progress: String,
    counts: String,
    problem: Option<String>,
}

impl TryFrom<Columns> for RunRow {
    type Error = StoreError;
    fn try_from(row: Columns) -> Result<Self, StoreError> {
        let unreadable = |_| StoreError::Unreadable { what: "run" };
        let word = serde_json::Value::String;
        let kind = match row.one_person {
            0 => serde_json::from_value(word(row.kind)).map_err(unreadable)?,
            _ => RunKind::Person,
        };
        Ok(Self {
            id: row.id,
            key: CompanyKey { installation: row.installation, company: row.company },
            kind,
            undoes: row.undoes,
            member_id: row.member_id,
            member: row.member,
            state: serde_json::from_value(word(row.state)).map_err(unreadable)?,
            queued_at: row.queued_at,
            ended_at: row.ended_at,
            attempts: row.attempts,
            progress: serde_json::from_str(&row.progress).map_err(unreadable)?,
            counts: serde_json::from_str(&row.counts).map_err(unreadable)?,
            problem: row.problem,
        })
    }
}

/// The columns of a run, for a query.
macro_rules! run_columns {
    ($rest:literal) => {
        concat!(
            "SELECT id, installation, company, kind, one_person, undoes, member_id, member, state, queued_at, ended_at,
                    attempts, progress, counts, problem FROM run ",
            $rest
        )
    };
}
pub(super) use run_columns;

impl Store {
    /// Makes a run and what it is to write durable. Until `due_at` it is left to whoever called this.
    pub async fn queue_run(&self, run: &NewRun<'_>, now: i64, due_at: i64) -> Result<(), StoreError> {
        const RUN: &str =
            "INSERT INTO run (id, installation, company, kind, undoes, member_id, member, state,
                 queued_at, due_at, attempts, progress, counts, one_person)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', $8, $9, 0, $10, $11, $12)";
        let one_person = run.kind == RunKind::Person;
        let kind = if one_person { RunKind::Review } else { run.kind };
        on!(self, pool => {
            let mut transaction = pool.begin_with(BEGIN).await?;
            sqlx::query(RUN)
                .bind(run.id).bind(&run.key.installation).bind(run.key.company)
                .bind(code(kind)).bind(run.undoes).bind(run.member_id).bind(run.member)
                .bind(now).bind(due_at).bind(json(&RunProgress::default())).bind(json(&Counts::default()))
                .bind(i64::from(one_person))
                .execute(&mut *transaction).await?;
            for row in run.rows {
                let approved = &row.approved;
                sqlx::query(APPROVE)
                    .bind(run.id)
                    .bind(text_of(approved.key.account)).bind(text_of(approved.key.contact))
                    .bind(approved.kind.code()).bind(approved.fingerprint.to_string())
                    .execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
        });
        Ok(())
    }

    /// Stores what a run by the schedule is about to write. A row that it chose when it was begun earlier
    /// stays as it was, if something has become of it.
    pub async fn approve(&self, run: &str, rows: &[Approved]) -> Result<(), StoreError> {
        on!(self, pool => {
            let mut transaction = pool.begin_with(BEGIN).await?;
            for approved in rows {
                sqlx::query(APPROVE)
                    .bind(run)
                    .bind(text_of(approved.key.account)).bind(text_of(approved.key.contact))
                    .bind(approved.kind.code()).bind(approved.fingerprint.to_string())
                    .execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
        });
        Ok(())
    }

    /// The rows that a run is to write, and what has become of them.
    pub async fn approved(&self, run: &str) -> Result<Vec<ApprovedRow>, StoreError> {
        const SQL: &str = "SELECT account, contact, kind, fingerprint, outcome FROM approval WHERE run = $1
             ORDER BY account, contact";
        type Columns = (String, String, String, String, Option<String>);
        let rows: Vec<Columns> = on!(self, pool => sqlx::query_as(SQL).bind(run).fetch_all(pool).await)?;
        rows.into_iter()
            .map(|(account, contact, kind, fingerprint, outcome)| {
                let unreadable = || StoreError::Unreadable { what: "approval" };
                let key: RowKey = row_key(&account, &contact).ok_or_else(unreadable)?;
                let fingerprint = fingerprint.try_into().map_err(|_| unreadable())?;
                let outcome =
                    outcome.map(|code| Outcome::from_code(&code).ok_or_else(unreadable)).transpose()?;
                Ok(ApprovedRow { approved: Approved { key, kind: kind_of(&kind)?, fingerprint }, outcome })
            })
            .collect()
    }

    /// Notes what became of a row.
    pub async fn settle_approval(
        &self,
        run: &str,
        key: &RowKey,
        outcome: &Outcome,
    ) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE approval SET outcome = $4 WHERE run = $1 AND account = $2 AND contact = $3";
        on!(self, pool => sqlx::query(SQL)
            .bind(run).bind(text_of(key.account)).bind(text_of(key.contact)).bind(outcome.code())
            .execute(pool).await.map(drop))?;
        Ok(())
    }

    /// Notes how far a run is, while it holds its lease.
    pub async fn note_progress(
        &self,
        lease: &Lease,
        state: RunState,
        progress: &RunProgress,
        counts: &Counts,
    ) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE run SET state = $2, progress = $3, counts = $4
             WHERE id = $1 AND state IN ('reading', 'applying') AND EXISTS (SELECT 1 FROM lease
                 WHERE lease.installation = run.installation AND lease.company = run.company
                 AND lease.holder = run.id AND lease.term = $5)";
        let rows = on!(self, pool => sqlx::query(SQL)
            .bind(&lease.holder).bind(code(state)).bind(json(progress)).bind(json(counts)).bind(lease.term)
            .execute(pool).await.map(|done| done.rows_affected()))?;
        if rows == 1 { Ok(()) } else { Err(StoreError::LeaseLost) }
    }

    /// Ends a run, while it holds its lease.
    pub async fn end_run(
        &self,
        lease: &Lease,
        state: RunState,
        counts: &Counts,
        problem: Option<&str>,
        now: i64,
    ) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE run SET state = $2, counts = $3, problem = $4, ended_at = $5
             WHERE id = $1 AND state IN ('reading', 'applying') AND EXISTS (SELECT 1 FROM lease
                 WHERE lease.installation = run.installation AND lease.company = run.company
                 AND lease.holder = run.id AND lease.term = $6)";
        let rows = on!(self, pool => sqlx::query(SQL)
            .bind(&lease.holder).bind(code(state)).bind(json(counts)).bind(problem).bind(now).bind(lease.term)
            .execute(pool).await.map(|done| done.rows_affected()))?;
        if rows == 1 { Ok(()) } else { Err(StoreError::LeaseLost) }
    }

    /// One run of a company.
    pub async fn run(&self, key: &CompanyKey, id: &str) -> Result<Option<RunRow>, StoreError> {
        const SQL: &str = run_columns!("WHERE installation = $1 AND company = $2 AND id = $3");
        let row: Option<Columns> = on!(self, pool => sqlx::query_as(SQL)
            .bind(&key.installation).bind(key.company).bind(id).fetch_optional(pool).await)?;
        row.map(RunRow::try_from).transpose()
    }

    /// The last runs of a company, the newest first.
    pub async fn last_runs(&self, key: &CompanyKey, most: i64) -> Result<Vec<RunRow>, StoreError> {
        const SQL: &str =
            run_columns!("WHERE installation = $1 AND company = $2 ORDER BY queued_at DESC, id LIMIT $3");
        let rows: Vec<Columns> = on!(self, pool => sqlx::query_as(SQL)
            .bind(&key.installation).bind(key.company).bind(most).fetch_all(pool).await)?;
        rows.into_iter().map(RunRow::try_from).collect()
    }

    /// The last run of a company that came to its end and did not fail.
    pub async fn last_good_run(&self, key: &CompanyKey) -> Result<Option<RunRow>, StoreError> {
        const SQL: &str = run_columns!(
            "WHERE installation = $1 AND company = $2 AND state IN ('done', 'questions', 'held', 'waiting')
             ORDER BY ended_at DESC, id LIMIT 1"
        );
        let row: Option<Columns> = on!(self, pool => sqlx::query_as(SQL)
            .bind(&key.installation).bind(key.company).fetch_optional(pool).await)?;
        row.map(RunRow::try_from).transpose()
    }
}

const APPROVE: &str = "INSERT INTO approval (run, account, contact, kind, fingerprint)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (run, account, contact) DO UPDATE
     SET kind = excluded.kind, fingerprint = excluded.fingerprint WHERE approval.outcome IS NULL";
