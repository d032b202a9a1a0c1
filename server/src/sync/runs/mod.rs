//! Runs: one pass over one company, from the queue to its end.
//!
//! A run is durable before it does anything, and whoever holds its company's lease does it: the
//! replica that took the request, or another one that finds it in the queue. It can be begun again
//! after any crash: each time it reads, plans, and writes what is left.

mod approved;
mod execute;
mod follow;
mod looks;
mod queue;
mod read;
mod settle;
mod shown;
mod ticket;
mod told;
mod unattended;
mod undo;
mod writing;

use std::{sync::Arc, time::Duration};

use pod_view::wire::{ApplyLine, Code, Counts, Problem, RunKind, RunState};
use tokio::sync::mpsc::UnboundedSender;

pub use follow::follow;
pub use queue::{Taken, look_after, take_runs};
pub use settle::settle_if_idle;
pub use shown::shown;
pub use undo::{Undoable, undoable};

use self::{told::Told, writing::Writing};
use super::{Company, Service, SidesError, ignores};
use crate::{
    psa::PsaError,
    security::{keys::random_id, token::Claims},
    store::{ApprovedRow, LEASE_SECONDS, Lease, NewRun, RunRow, StoreError},
};

/// How often a run is begun before it counts as failed.
const MOST_ATTEMPTS: i64 = 5;
/// How long what a person approved may wait to be written, in seconds.
const APPROVAL_SECONDS: i64 = 24 * 3600;
/// How long a new run is left to the replica that took the request, in seconds.
const HEAD_START_SECONDS: i64 = 10;
/// How long a run waits in front of a person for another one of its company; after that it waits alone.
const PATIENCE: Duration = Duration::from_mins(2);
/// How often a run that waits looks whether it is its turn.
const LOOK: Duration = Duration::from_secs(1);

/// Who runs.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The member's record id; 0 for the schedule.
    pub member_id: i64,
    /// The member's login name; empty for the schedule.
    pub member: String,
}

impl From<&Claims> for Actor {
    fn from(claims: &Claims) -> Self {
        Self { member_id: claims.member_id, member: claims.member.clone() }
    }
}

/// What a person asks a run to do.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What it is for.
    pub kind: RunKind,
    /// The run that it takes back.
    pub undoes: Option<String>,
    /// Its rows.
    pub rows: Vec<ApprovedRow>,
}

/// Why a run stopped before its end.
#[derive(Debug)]
enum Stop {
    /// It cannot do its work, and says so.
    Failed(Problem),
    /// The store did not answer, or the lease is somebody else's: whoever finds the run goes on with it.
    Lost(StoreError),
    /// The service stops: the next start goes on with it.
    Stopping,
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Lost(error)
    }
}

impl From<PsaError> for Stop {
    fn from(error: PsaError) -> Self {
        Self::Failed(error.problem())
    }
}

impl From<SidesError> for Stop {
    fn from(error: SidesError) -> Self {
        match error {
            SidesError::Store(error) => Self::Lost(error),
            SidesError::Unreadable(problem) => Self::Failed(problem),
        }
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Failed(problem)
    }
}

fn goes_on() -> Problem {
    Problem::new(
        Code::GoesOn,
        "The connection to this run was lost; it goes on by itself.",
        "Open the company again in a minute to see how it ended.",
    )
}

/// Makes what a person asked for durable; the run's id. From then on it is done, whatever becomes of this
/// process.
pub async fn ask(
    service: &Service,
    company: &Company,
    actor: &Actor,
    asked: &Asked,
) -> Result<String, StoreError> {
    let id = random_id();
    let run = NewRun {
        id: &id,
        key: &company.key,
        kind: asked.kind,
        undoes: asked.undoes.as_deref(),
        member_id: actor.member_id,
        member: &actor.member,
        rows: &asked.rows,
    };
    let now = service.store.now().await?;
    service.store.queue_run(&run, now, now + HEAD_START_SECONDS).await?;
    Ok(id)
}

/// Does a run that was asked for, as soon as no other run of its company is under way, and tells
/// `lines` as it goes. Nobody needs to listen: what was begun is ended.
pub async fn do_run(service: Arc<Service>, company: Company, id: String, lines: UnboundedSender<ApplyLine>) {
    let last = match wait_and_do(&service, &company, &id, &lines).await {
        Ok(counts) => ApplyLine::End(counts),
        Err(problem) => ApplyLine::Failed(problem),
    };
    // The listener may have left: the run is in the store either way.
    let _ = lines.send(last);
}

async fn wait_and_do(
    service: &Arc<Service>,
    company: &Company,
    id: &str,
    lines: &UnboundedSender<ApplyLine>,
) -> Result<Counts, Problem> {
    let failed = |error: StoreError| {
        tracing::error!(%error, run = id, "the store failed at the beginning of a run");
        goes_on()
    };
    let mut told_to_wait = false;
    let began = service.transport.now();
    loop {
        if let Some((run, lease)) = service.store.begin_run(&company.key, id).await.map_err(failed)? {
            return carry_out(service, company, &run, &lease, lines).await;
        }
        let run = service.store.run(&company.key, id).await.map_err(failed)?.ok_or_else(goes_on)?;
        if run.state != RunState::Queued {
            // Another replica has it.
            return follow(service, company, id, lines).await;
        }
        if !told_to_wait {
            told_to_wait = true;
            let _ = lines.send(ApplyLine::Waiting);
        }
        if service.stopping.is_cancelled() {
            return Err(goes_on());
        }
        if service.transport.now().saturating_sub(began) > PATIENCE {
            return Err(Problem::new(
                Code::Queued,
                "Another run of this company is still under way.",
                "Yours is done after it, by itself. Open the company again later to see how it ended.",
            ));
        }
        service.transport.wait(LOOK).await;
    }
}

/// Does a run whose lease was got, and ends it.
async fn carry_out(
    service: &Arc<Service>,
    company: &Company,
    run: &RunRow,
    lease: &Lease,
    lines: &UnboundedSender<ApplyLine>,
) -> Result<Counts, Problem> {
    let rows = match service.store.approved(&run.id).await {
        Ok(rows) => rows,
        Err(error) => {
            tracing::error!(%error, run = run.id, "a run could not be begun");
            return Err(goes_on());
        }
    };
    let told = &Told::new(service, run, lease, lines, &rows);
    let writing = &Writing { service, company, run, lease, approved: &rows, told };
    let all = async {
        let outcome = work(writing).await;
        // Whoever was overtaken meanwhile says nothing.
        let ours = service.store.renew_lease(lease).await.map_err(Stop::Lost);
        let outcome = ours.and(outcome);
        tell(writing, &outcome).await;
        if outcome.is_ok()
            && let Err(error) = ignores::mirror(service, company).await
        {
            tracing::warn!(%error, run = run.id, "standing decisions were not copied into notes");
        }
        outcome
    };
    // After a pause of the whole process the first thing to learn is whether the lease is over.
    let outcome = tokio::select! {
        biased;
        error = keep(writing) => Err(Stop::Lost(error)),
        outcome = all => outcome,
    };
    end(writing, outcome).await
}

/// Brings the company's ticket up to date. Nothing else depends on it.
async fn tell(writing: &Writing<'_>, outcome: &Result<RunState, Stop>) {
    let Writing { service, company, run, told, .. } = writing;
    let counts = told.counts();
    let kept = match outcome {
        Ok(state) => ticket::tell(service, company, run, *state, &counts, None).await,
        Err(Stop::Failed(problem)) => {
            ticket::tell(service, company, run, RunState::Failed, &counts, Some(problem)).await
        }
        Err(Stop::Lost(_) | Stop::Stopping) => Ok(()),
    };
    if let Err(error) = kept {
        tracing::warn!(%error, run = run.id, company = company.key.company, "the ticket was not kept");
    }
}

async fn work(writing: &Writing<'_>) -> Result<RunState, Stop> {
    let Writing { service, run, .. } = writing;
    service.look_at_the_time().await?;
    if run.attempts > MOST_ATTEMPTS {
        return Err(Stop::Failed(Problem::new(
            Code::DiedAgain,
            "This run was begun several times, and each time the service ended in the middle of it.",
            "Tell the operator of the service; then sync again.",
        )));
    }
    if run.kind != RunKind::Schedule && service.now() - run.queued_at > APPROVAL_SECONDS {
        return Err(Stop::Failed(Problem::new(
            Code::ApprovedTooLongAgo,
            "What was approved could not be written within a day.",
            "Sync again, and approve what is still right.",
        )));
    }
    match run.kind {
        RunKind::Review | RunKind::Person => approved::work(writing).await,
        RunKind::Schedule => unattended::work(writing).await,
        RunKind::Undo => undo::work(writing).await,
    }
}

async fn end(writing: &Writing<'_>, outcome: Result<RunState, Stop>) -> Result<Counts, Problem> {
    let Writing { service, company, run, lease, told, .. } = writing;
    let store = &service.store;
    let counts = told.counts();
    let now = service.now();
    let (ended, answer) = match outcome {
        Ok(state) => (store.end_run(lease, state, &counts, None, now).await, Ok(counts)),
        Err(Stop::Failed(problem)) => {
            tracing::warn!(run = run.id, company = company.key.company, code = problem.code, "a run failed");
            let sealed = shown::seal(service, run, &problem);
            (store.end_run(lease, RunState::Failed, &counts, Some(&sealed), now).await, Err(problem))
        }
        Err(Stop::Stopping) => (store.requeue(lease).await, Err(goes_on())),
        Err(Stop::Lost(error)) => {
            tracing::error!(%error, run = run.id, "a run was left in the middle");
            (Ok(()), Err(goes_on()))
        }
    };
    if let Err(error) = &ended {
        tracing::error!(%error, run = run.id, "the end of a run was not stored");
        return answer.and(Err(goes_on()));
    }
    if let Err(error) = store.release_lease(lease).await {
        tracing::error!(%error, run = run.id, "a lease was not given back");
    }
    answer
}

/// Renews the lease and notes the progress for as long as it is polled; ends when the lease is lost,
/// or so near its end that it might be.
async fn keep(writing: &Writing<'_>) -> StoreError {
    const BEAT: Duration = Duration::from_secs(1);
    const BEATS_TO_A_RENEWAL: u32 = 10;
    // A store that hangs is as bad as one that fails.
    const PATIENCE: Duration = Duration::from_secs(5);
    // Below the lease's own time by what a renewal may take: trust ends before the lease does.
    const LONGEST_SILENCE: Duration = Duration::from_secs(LEASE_SECONDS.unsigned_abs() * 2 / 3);
    let Writing { service, lease, told, .. } = writing;
    let mut renewed = tokio::time::Instant::now();
    let mut beats = 0;
    loop {
        tokio::time::sleep(BEAT).await;
        if renewed.elapsed() > LONGEST_SILENCE {
            return StoreError::LeaseLost;
        }
        beats += 1;
        let renewal = beats % BEATS_TO_A_RENEWAL == 0;
        let work = async {
            told.note().await?;
            if renewal { service.store.renew_lease(lease).await } else { Ok(()) }
        };
        match tokio::time::timeout(PATIENCE, work).await {
            Ok(Ok(())) if renewal => renewed = tokio::time::Instant::now(),
            Ok(Err(error @ StoreError::LeaseLost)) => return error,
            _ => {}
        }
    }
}
