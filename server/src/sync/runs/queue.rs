//! The queue of runs: companies that are due, runs that wait, and runs whose process ended in the
//! middle. Any replica takes any of them.

use std::{sync::Arc, time::Duration};

use pod_view::wire::{self, ApplyLine, Counts, Problem, RunKind};
use tokio::sync::{Notify, Semaphore, mpsc::unbounded_channel};

use super::{carry_out, undo::UNDO_SECONDS};
use crate::{
    security::keys::{random, random_id},
    store::{CompanyKey, Due, Lease, NewRun, RunRow, StoreError},
    sync::{Company, Schedule, Service},
};

/// How often the queue is looked at; replicas that started together do not look together for long.
const LOOK: Duration = Duration::from_secs(1);
/// Runs that all replicas together do at a time. Their reads wait for each other, and so do their requests to a
/// PSA: with more of them a write would wait until what it is based on is old.
const AT_ONCE: usize = 12;
/// Companies whose slots are queued at one look.
const DUE_AT_ONCE: i64 = 200;
/// How often a replica says that it is at work, and counts the others.
const COUNT: Duration = Duration::from_secs(10);
/// How long one look may take: a database that does not answer is asked again by other connections.
const LONGEST_LOOK: Duration = Duration::from_secs(30);
/// How often what can be taken back no more is forgotten.
const SWEEP: Duration = Duration::from_hours(1);

/// A run that this process has begun.
#[derive(Debug)]
pub struct Taken {
    company: Company,
    run: RunRow,
    lease: Lease,
}

impl Taken {
    /// Does it to its end. Nobody listens: what is told of it is in the store.
    pub async fn carry_out(self, service: &Arc<Service>) -> Result<Counts, Problem> {
        let (lines, mut unheard) = unbounded_channel::<ApplyLine>();
        unheard.close();
        carry_out(service, &self.company, &self.run, &self.lease, &lines).await
    }
}

/// Looks after the queue until the service stops.
pub async fn look_after(service: Arc<Service>) {
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let ended = Arc::new(Notify::new());
    if let Err(error) = service.store.end_leases_of_the_dead().await {
        tracing::error!(%error, "runs of the process before this one go on when their leases have ended");
    }
    let mut swept: Option<tokio::time::Instant> = None;
    let (own, mut counted) = (random_id(), None::<tokio::time::Instant>);
    let mut most = AT_ONCE;
    while !service.stopping.is_cancelled() {
        if counted.is_none_or(|at| at.elapsed() > COUNT) {
            counted = Some(tokio::time::Instant::now());
            match service.store.replicas_at_work(&own).await {
                Ok(number) => {
                    service.replicas.set(number);
                    most = AT_ONCE.div_ceil(usize::try_from(number).unwrap_or(AT_ONCE));
                }
                Err(error) => tracing::error!(%error, "the replicas were not counted"),
            }
        }
        if swept.is_none_or(|at| at.elapsed() > SWEEP) {
            swept = Some(tokio::time::Instant::now());
            if let Err(error) = sweep(&service).await {
                tracing::error!(%error, "what can be taken back no more was not forgotten");
            }
        }
        let under_way = AT_ONCE - room.available_permits();
        let free = most.saturating_sub(under_way);
        match tokio::time::timeout(LONGEST_LOOK, take_runs(&service, free)).await {
            Ok(Ok(taken)) => {
                for one in taken {
                    let place = Arc::clone(&room).try_acquire_owned().expect("only this loop takes places");
                    let (doing, ended) = (Arc::clone(&service), Arc::clone(&ended));
                    service.runs.spawn(async move {
                        // How it ended is in the store and in the log.
                        let _ = one.carry_out(&doing).await;
                        drop(place);
                        ended.notify_one();
                    });
                }
            }
            Ok(Err(error)) => tracing::error!(%error, "the queue of runs could not be looked at"),
            Err(_) => tracing::error!("the queue of runs could not be looked at in time"),
        }
        let [some] = random::<1>();
        let pause = LOOK + LOOK * u32::from(some) / 1024;
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            // Its place is taken at once by the next one, if any waits.
            () = ended.notified() => {}
            () = service.stopping.cancelled() => {}
        }
    }
    // The others find out by themselves when this is not noted.
    let _ = service.store.replica_stops(&own).await;
}

async fn sweep(service: &Service) -> Result<(), StoreError> {
    let now = service.store.now().await?;
    service.store.forget_undo(now - UNDO_SECONDS).await
}

/// One look at the queue: companies that are due are queued, runs whose process ended are put back, and
/// at most `most` that wait are begun.
pub async fn take_runs(service: &Arc<Service>, most: usize) -> Result<Vec<Taken>, StoreError> {
    let store = &service.store;
    for due in store.due_companies(DUE_AT_ONCE).await? {
        queue(service, &due).await?;
    }
    let dead = store.requeue_dead_runs().await?;
    if dead > 0 {
        tracing::warn!(runs = dead, "runs whose process ended are begun again");
    }
    let mut taken = Vec::new();
    if most == 0 {
        return Ok(taken);
    }
    for run in store.waiting_runs(i64::try_from(most).unwrap_or(i64::MAX)).await? {
        match begin(service, &run).await {
            Ok(one) => taken.extend(one),
            Err(error @ StoreError::Unreadable { .. }) => {
                tracing::error!(%error, run = run.id, "a run cannot be begun");
            }
            // Those that were begun are done all the same.
            Err(error) => {
                tracing::error!(%error, run = run.id, "a run could not be begun");
                break;
            }
        }
    }
    Ok(taken)
}

/// Begins a run that waits; none when somebody else has.
async fn begin(service: &Service, run: &RunRow) -> Result<Option<Taken>, StoreError> {
    let Some(installation) = service.installation(&run.key.installation).await? else { return Ok(None) };
    let company = Company::new(installation, run.key.company);
    let company = if run.kind == RunKind::Schedule { company.unhurried() } else { company };
    let begun = service.store.begin_run(&company.key, &run.id).await?;
    Ok(begun.map(|(run, lease)| Taken { company, run, lease }))
}

/// Queues the run of a company that is due. However many slots it missed, it runs once.
async fn queue(service: &Service, due: &Due) -> Result<(), StoreError> {
    let company = CompanyKey { installation: due.installation.clone(), company: due.company };
    let settings = due.schedule.parse().map(|when| wire::Schedule { when, time_zone: due.time_zone.clone() });
    // What the settings said was checked when they were saved.
    let schedule = settings.ok().and_then(|settings| Schedule::parse(&settings).ok());
    let next = schedule.and_then(|schedule| schedule.next_slot(&company, due.now.max(due.slot)));
    let run = NewRun {
        id: &random_id(),
        key: &company,
        kind: RunKind::Schedule,
        undoes: None,
        member_id: 0,
        member: "",
        rows: &[],
    };
    if service.store.queue_slot(due, &run, next).await? {
        tracing::info!(company = due.company, slot = due.slot, "a scheduled run is queued");
    }
    Ok(())
}
