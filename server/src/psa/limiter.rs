//! How fast we ask: one limiter for all requests to one PSA, whoever they are for.
//!
//! "Over 1,000 requests per minute will likely be limited" (ConnectWise Developer Guide, "PSA API
//! Requests"), for everybody who uses the PSA's interface together. So we stay below, also in the
//! first minute, and leave some to others; and once the PSA has asked one request to wait, all of
//! them do.
//!
//! What a person waits for goes first. A nightly round of thousands of companies takes what is left:
//! a turn that is there and that nobody else waits for. Within it what is written goes before what is
//! read: a write is based on a look that must not grow old, and a read can wait.

use std::{
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use tokio::sync::{Semaphore, SemaphorePermit, watch};

use super::{Caller, PsaError, transport::Transport};

/// Requests to one PSA that may go out at once after a pause.
pub const BURST: u32 = 100;
/// Requests to one PSA that may go out each second after that: with the burst 880 in the busiest minute.
pub const PER_SECOND: u32 = 13;
/// The guide advises to limit parallel requests without a figure; a few keep a page of 1,000
/// contacts from waiting behind a create.
const IN_FLIGHT: usize = 4;
/// The last place is a person's, who need not wait for the end of an unhurried request.
const UNHURRIED_IN_FLIGHT: usize = IN_FLIGHT - 1;
const MEMBERS_IN_FLIGHT: usize = 8;
/// How long a member's request waits for its turn: a browser is waiting behind it.
const PATIENCE_FOR_A_MEMBER: Duration = Duration::from_secs(10);
/// How long a request of ours waits for its turn while a person waits for its answer.
const PATIENCE: Duration = Duration::from_secs(90);
/// How long an unhurried one does: longer than the longest pause, for a whole night queues up.
const PATIENCE_OF_THE_UNHURRIED: Duration = Duration::from_mins(15);
/// However long the PSA asks us to wait, it is asked again after this.
const LONGEST_PAUSE: Duration = Duration::from_mins(10);

const NEVER_CLOSED: &str = "it is open as long as the limiter is there";

/// How soon a request of ours is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Urgency {
    /// A person waits for what comes of it.
    Hurried,
    /// Nobody does.
    Unhurried,
    /// Nobody does, but it writes, and only as long as what it is based on is fresh.
    UnhurriedWrite,
}

/// The turns of all requests to one PSA.
#[derive(Debug)]
pub(super) struct Limiter {
    in_flight: Semaphore,
    unhurried_in_flight: Semaphore,
    /// One unhurried request at a time looks for a spare turn, so that they go in the order of asking.
    next_unhurried: tokio::sync::Mutex<()>,
    /// Of those that write nothing only one at a time is among them: a write waits for one at most.
    next_unhurried_read: tokio::sync::Mutex<()>,
    /// How many hurried requests wait for a place in flight.
    hurried_waiting: watch::Sender<usize>,
    /// Members have places of their own: anybody may knock, and must not hold up a run.
    members_in_flight: Semaphore,
    bucket: Mutex<Bucket>,
}

/// One request under way, until it is dropped.
#[derive(Debug)]
pub(super) struct Turn<'a> {
    _place: SemaphorePermit<'a>,
    _unhurried: Option<SemaphorePermit<'a>>,
}

/// Counts a hurried request among those that wait, until it is dropped.
struct Waiting<'a>(&'a watch::Sender<usize>);

impl<'a> Waiting<'a> {
    fn among(waiting: &'a watch::Sender<usize>) -> Self {
        waiting.send_modify(|number| *number += 1);
        Self(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|number| *number -= 1);
    }
}

/// How many replicas ask the same PSAs. Each takes its part of the pace; clones are the same number.
#[derive(Clone, Debug)]
pub struct Replicas(Arc<AtomicU32>);

impl Default for Replicas {
    /// One, alone.
    fn default() -> Self {
        Self(Arc::new(AtomicU32::new(1)))
    }
}

impl Replicas {
    /// So many are at work now.
    pub fn set(&self, number: u32) {
        self.0.store(number.max(1), Ordering::Relaxed);
    }

    fn part_of(&self, whole: u32) -> f64 {
        f64::from(whole) / f64::from(self.0.load(Ordering::Relaxed))
    }
}

/// A token bucket. Times are the transport's.
#[derive(Debug)]
struct Bucket {
    replicas: Replicas,
    /// What is left, in requests; below nothing, so many are waiting for their turn.
    tokens: f64,
    counted_at: Duration,
    /// The PSA asked for no request until then.
    closed_until: Duration,
}

impl Bucket {
    /// How long it is until the next turn.
    fn next(&mut self, now: Duration) -> Duration {
        let refilled = now.saturating_sub(self.counted_at).as_secs_f64() * self.replicas.part_of(PER_SECOND);
        // A burst of less than one request would never be enough for one.
        self.tokens = (self.tokens + refilled).min(self.replicas.part_of(BURST).max(1.0));
        self.counted_at = now;
        let missing = (1.0 - self.tokens).max(0.0);
        Duration::from_secs_f64(missing / self.replicas.part_of(PER_SECOND)).max(self.closed(now))
    }

    /// Takes the next turn, and says how long it is until then; takes none when that is above `most`.
    fn take(&mut self, now: Duration, most: Duration) -> Option<Duration> {
        let turn = self.next(now);
        if turn > most {
            return None;
        }
        self.tokens -= 1.0;
        Some(turn)
    }

    fn closed(&self, now: Duration) -> Duration {
        self.closed_until.saturating_sub(now)
    }
}

impl Limiter {
    pub(super) fn new() -> Self {
        Self {
            in_flight: Semaphore::new(IN_FLIGHT),
            unhurried_in_flight: Semaphore::new(UNHURRIED_IN_FLIGHT),
            next_unhurried: tokio::sync::Mutex::default(),
            next_unhurried_read: tokio::sync::Mutex::default(),
            hurried_waiting: watch::Sender::new(0),
            members_in_flight: Semaphore::new(MEMBERS_IN_FLIGHT),
            bucket: Mutex::new(Bucket {
                replicas: Replicas::default(),
                tokens: f64::from(BURST),
                counted_at: Duration::ZERO,
                closed_until: Duration::ZERO,
            }),
        }
    }

    fn bucket(&self) -> MutexGuard<'_, Bucket> {
        self.bucket.lock().expect("nobody panics holding it")
    }

    /// Waits for the turn of one request. `Throttled` when the turn would not come in time.
    pub(super) async fn turn(
        &self,
        transport: &dyn Transport,
        caller: Caller<'_>,
        urgency: Urgency,
    ) -> Result<Turn<'_>, PsaError> {
        let late = |_| PsaError::Throttled;
        match (caller, urgency) {
            (Caller::Member(..), _) => {
                let place = self.members_in_flight.acquire();
                let place = tokio::time::timeout(PATIENCE_FOR_A_MEMBER, place).await.map_err(late)?;
                self.reserved(transport, place.expect(NEVER_CLOSED), PATIENCE_FOR_A_MEMBER).await
            }
            (Caller::Integrator, Urgency::Hurried) => {
                let waiting = Waiting::among(&self.hurried_waiting);
                let place = tokio::time::timeout(PATIENCE, self.in_flight.acquire()).await.map_err(late)?;
                drop(waiting);
                self.reserved(transport, place.expect(NEVER_CLOSED), PATIENCE).await
            }
            (Caller::Integrator, urgency @ (Urgency::Unhurried | Urgency::UnhurriedWrite)) => {
                let latest = transport.now() + PATIENCE_OF_THE_UNHURRIED;
                let spare = async {
                    let _next_read = match urgency {
                        Urgency::UnhurriedWrite => None,
                        _ => Some(self.next_unhurried_read.lock().await),
                    };
                    self.spare(transport, latest).await
                };
                tokio::time::timeout(PATIENCE_OF_THE_UNHURRIED, spare).await.map_err(late)?
            }
        }
    }

    /// Takes the next turn for a request that has its place, and waits until then.
    async fn reserved<'a>(
        &'a self,
        transport: &dyn Transport,
        place: SemaphorePermit<'a>,
        patience: Duration,
    ) -> Result<Turn<'a>, PsaError> {
        let wait = self.bucket().take(transport.now(), patience).ok_or(PsaError::Throttled)?;
        transport.wait(wait).await;
        // The PSA may have asked for a pause while this one was waiting.
        loop {
            let closed = self.bucket().closed(transport.now());
            if closed.is_zero() {
                return Ok(Turn { _place: place, _unhurried: None });
            }
            if closed > patience {
                return Err(PsaError::Throttled);
            }
            transport.wait(closed).await;
        }
    }

    /// Waits until there is a turn that nobody else waits for. None is taken ahead, and no place is
    /// held while waiting for one.
    async fn spare(&self, transport: &dyn Transport, latest: Duration) -> Result<Turn<'_>, PsaError> {
        let unhurried = self.unhurried_in_flight.acquire().await.expect(NEVER_CLOSED);
        let _next = self.next_unhurried.lock().await;
        loop {
            self.hurried_waiting.subscribe().wait_for(|number| *number == 0).await.expect(NEVER_CLOSED);
            let place = self.in_flight.acquire().await.expect(NEVER_CLOSED);
            let now = transport.now();
            if self.bucket().take(now, Duration::ZERO).is_some() {
                return Ok(Turn { _place: place, _unhurried: Some(unhurried) });
            }
            drop(place);
            let wait = self.bucket().next(now);
            if now + wait > latest {
                return Err(PsaError::Throttled);
            }
            transport.wait(wait).await;
        }
    }

    /// From now on the pace is shared with these.
    pub(super) fn share_with(&self, replicas: Replicas) {
        self.bucket().replicas = replicas;
    }

    /// The PSA asked for no request for so long.
    pub(super) fn pause(&self, now: Duration, time: Duration) {
        let mut bucket = self.bucket();
        bucket.closed_until = bucket.closed_until.max(now + time.min(LONGEST_PAUSE));
    }
}

#[cfg(test)]
mod tests;
