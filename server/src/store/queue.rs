//! Which runs are to be begun: companies that are due, runs that wait, and runs whose process ended.

use super::{
    CompanyKey, Lease, NewRun, RunRow, Store, StoreError, on,
    runs::{Columns, code, run_columns},
};

/// A company that is due.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Due {
    /// Its installation.
    pub installation: String,
    /// The PSA's record id.
    pub company: i64,
    /// When it is due, as its settings say it.
    pub schedule: String,
    /// The time zone that the schedule goes by.
    pub time_zone: String,
    /// The slot, seconds since 1970.
    pub slot: i64,
    /// The database's time, seconds since 1970.
    pub now: i64,
}

impl Store {
    /// The database's time, seconds since 1970.
    pub async fn now(&self) -> Result<i64, StoreError> {
        const SQL: &str = "SELECT seconds FROM clock";
        let (now,): (i64,) = on!(self, pool => sqlx::query_as(SQL).fetch_one(pool).await)?;
        Ok(now)
    }

    /// Companies that are due, the longest overdue first.
    pub async fn due_companies(&self, most: i64) -> Result<Vec<Due>, StoreError> {
        const SQL: &str = "SELECT installation, id AS company, schedule, time_zone, next_slot AS slot,
                 seconds AS now
             FROM company, clock WHERE next_slot <= seconds ORDER BY next_slot, installation, id LIMIT $1";
        Ok(on!(self, pool => sqlx::query_as(SQL).bind(most).fetch_all(pool).await)?)
    }

    /// Queues the run of a slot, once, and notes when the company is due next. Whether this call did.
    pub async fn queue_slot(
        &self,
        due: &Due,
        run: &NewRun<'_>,
        next_slot: Option<i64>,
    ) -> Result<bool, StoreError> {
        const NEXT: &str = "UPDATE company SET next_slot = $4
             WHERE installation = $1 AND id = $2 AND next_slot = $3";
        const RUN: &str = "INSERT INTO run (id, installation, company, kind, slot, member_id, member, state,
                 queued_at, due_at, attempts, progress, counts)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', $8, $8, 0, '{}', '{}')
             ON CONFLICT DO NOTHING";
        let queued = on!(self, pool => {
            let mut transaction = pool.begin_with(BEGIN).await?;
            let moved = sqlx::query(NEXT)
                .bind(&due.installation).bind(due.company).bind(due.slot).bind(next_slot)
                .execute(&mut *transaction).await?.rows_affected();
            let mut queued = 0;
            if moved == 1 {
                queued = sqlx::query(RUN)
                    .bind(run.id).bind(&due.installation).bind(due.company).bind(code(run.kind))
                    .bind(due.slot).bind(run.member_id).bind(run.member).bind(due.now)
                    .execute(&mut *transaction).await?.rows_affected();
            }
            transaction.commit().await?;
            queued
        });
        Ok(queued == 1)
    }

    /// Puts runs back into the queue whose process ended in the middle: nobody holds their lease any more.
    /// How many.
    pub async fn requeue_dead_runs(&self) -> Result<u64, StoreError> {
        const DEAD: &str = "SELECT id, attempts FROM run
             WHERE state IN ('reading', 'applying') AND NOT EXISTS (SELECT 1 FROM lease
                 WHERE lease.installation = run.installation AND lease.company = run.company
                 AND lease.holder = run.id AND lease.expires_at > (SELECT seconds FROM clock))
             ORDER BY id";
        // Another replica may have put it back and begun it since: then it is one attempt further. In one
        // statement with the question PostgreSQL would not see that: where a row was changed meanwhile it
        // looks again at that row, but not at the lease.
        const PUT_BACK: &str = "UPDATE run SET state = 'queued', due_at = 0
             WHERE id = $1 AND attempts = $2 AND state IN ('reading', 'applying')";
        let mut put_back = 0;
        on!(self, pool => {
            let dead: Vec<(String, i64)> = sqlx::query_as(DEAD).fetch_all(pool).await?;
            for (id, attempts) in dead {
                let query = sqlx::query(PUT_BACK).bind(id).bind(attempts);
                put_back += query.execute(pool).await?.rows_affected();
            }
        });
        Ok(put_back)
    }

    /// Puts a run back into the queue that this process cannot end, if it is still this process's.
    pub async fn requeue(&self, lease: &Lease) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE run SET state = 'queued', due_at = 0, attempts = attempts - 1
             WHERE id = $1 AND state IN ('reading', 'applying') AND EXISTS (SELECT 1 FROM lease
                 WHERE lease.installation = run.installation AND lease.company = run.company
                 AND lease.holder = run.id AND lease.term = $2
                 AND lease.expires_at > (SELECT seconds FROM clock))";
        on!(self, pool => sqlx::query(SQL)
            .bind(&lease.holder).bind(lease.term).execute(pool).await.map(drop))?;
        Ok(())
    }

    /// Runs that wait and may be begun: what people asked for first; then by turns of each installation, so
    /// that one with thousands of companies does not hold up the others; then by the time of asking.
    pub async fn waiting_runs(&self, most: i64) -> Result<Vec<RunRow>, StoreError> {
        const SQL: &str = run_columns!(
            "WHERE state = 'queued' AND due_at <= (SELECT seconds FROM clock)
             AND NOT EXISTS (SELECT 1 FROM lease
                 WHERE lease.installation = run.installation AND lease.company = run.company
                 AND lease.expires_at > (SELECT seconds FROM clock))
             ORDER BY CASE kind WHEN 'schedule' THEN 1 ELSE 0 END,
                 ROW_NUMBER() OVER (PARTITION BY installation, kind ORDER BY queued_at, COALESCE(slot, 0), id),
                 queued_at, id LIMIT $1"
        );
        let rows: Vec<Columns> = on!(self, pool => sqlx::query_as(SQL).bind(most).fetch_all(pool).await)?;
        rows.into_iter().map(RunRow::try_from).collect()
    }

    /// Takes the company's lease for a run that waits, and begins it; none when somebody else did, or when
    /// another run of the company is under way.
    pub async fn begin_run(&self, key: &CompanyKey, id: &str) -> Result<Option<(RunRow, Lease)>, StoreError> {
        const SQL: &str = "UPDATE run SET state = 'reading', attempts = attempts + 1,
                 started_at = COALESCE(started_at, (SELECT seconds FROM clock))
             WHERE id = $1 AND state = 'queued'";
        let Some(lease) = self.take_lease(key, id).await? else { return Ok(None) };
        let begun = on!(self, pool => sqlx::query(SQL).bind(id).execute(pool).await
            .map(|done| done.rows_affected()))?;
        let run = if begun == 1 { self.run(key, id).await? } else { None };
        if let Some(run) = run {
            return Ok(Some((run, lease)));
        }
        self.release_lease(&lease).await?;
        Ok(None)
    }
}
