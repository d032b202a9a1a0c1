//! How fast we ask: one limiter for all requests to one PSA, whoever they are for.
//!
//! "Over 1,000 requests per minute will likely be limited" (ConnectWise Developer Guide, "PSA API
//! Requests"), for everybody who uses the PSA's interface together. So we stay below, also in the
//! first minute, and leave some to others; and once the PSA has asked one request to wait, all of
//! them do.

use std::{
    sync::{Mutex, MutexGuard},
    time::Duration,
};

use tokio::sync::{Semaphore, SemaphorePermit};

use super::{Caller, PsaError, transport::Transport};

/// Requests that may go out at once after a pause.
const BURST: u32 = 100;
/// With the burst 880 in the busiest minute.
const PER_SECOND: u32 = 13;
/// The guide advises to limit parallel requests without a figure; a few keep a page of 1,000
/// contacts from waiting behind a create.
const IN_FLIGHT: usize = 4;
const MEMBERS_IN_FLIGHT: usize = 8;
/// How long a member's request waits for its turn: a browser is waiting behind it.
const PATIENCE_FOR_A_MEMBER: Duration = Duration::from_secs(10);
/// How long a request of ours waits for its turn.
const PATIENCE: Duration = Duration::from_secs(90);
/// However long the PSA asks us to wait, it is asked again after this.
const LONGEST_PAUSE: Duration = Duration::from_mins(10);

/// The turns of all requests to one PSA.
#[derive(Debug)]
pub(super) struct Limiter {
    in_flight: Semaphore,
    /// Members have places of their own: anybody may knock, and must not hold up a run.
    members_in_flight: Semaphore,
    bucket: Mutex<Bucket>,
}

/// A token bucket. Times are the transport's.
#[derive(Debug)]
struct Bucket {
    /// What is left, in requests; below nothing, so many are waiting for their turn.
    tokens: f64,
    counted_at: Duration,
    /// The PSA asked for no request until then.
    closed_until: Duration,
}

impl Bucket {
    /// Takes a turn, and says how long it is until then; takes none when that is above `most`.
    fn take(&mut self, now: Duration, most: Duration) -> Option<Duration> {
        let refilled = now.saturating_sub(self.counted_at).as_secs_f64() * f64::from(PER_SECOND);
        self.tokens = (self.tokens + refilled).min(f64::from(BURST));
        self.counted_at = now;
        let missing = (1.0 - self.tokens).max(0.0);
        let turn = Duration::from_secs_f64(missing / f64::from(PER_SECOND)).max(self.closed(now));
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
            members_in_flight: Semaphore::new(MEMBERS_IN_FLIGHT),
            bucket: Mutex::new(Bucket {
                tokens: f64::from(BURST),
                counted_at: Duration::ZERO,
                closed_until: Duration::ZERO,
            }),
        }
    }

    fn bucket(&self) -> MutexGuard<'_, Bucket> {
        self.bucket.lock().expect("nobody panics holding it")
    }

    /// Waits for the turn of one request, which lasts as long as the permit. `Throttled` when the
    /// turn would not come in time.
    pub(super) async fn turn(
        &self,
        transport: &dyn Transport,
        caller: Caller<'_>,
    ) -> Result<SemaphorePermit<'_>, PsaError> {
        let (places, patience) = match caller {
            Caller::Integrator => (&self.in_flight, PATIENCE),
            Caller::Member(..) => (&self.members_in_flight, PATIENCE_FOR_A_MEMBER),
        };
        let place = tokio::time::timeout(patience, places.acquire())
            .await
            .map_err(|_| PsaError::Throttled)?
            .expect("the semaphores are never closed");
        let wait = self.bucket().take(transport.now(), patience).ok_or(PsaError::Throttled)?;
        transport.wait(wait).await;
        // The PSA may have asked for a pause while this one was waiting.
        loop {
            let closed = self.bucket().closed(transport.now());
            if closed.is_zero() {
                return Ok(place);
            }
            if closed > patience {
                return Err(PsaError::Throttled);
            }
            transport.wait(closed).await;
        }
    }

    /// The PSA asked for no request for so long.
    pub(super) fn pause(&self, now: Duration, time: Duration) {
        let mut bucket = self.bucket();
        bucket.closed_until = bucket.closed_until.max(now + time.min(LONGEST_PAUSE));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Bucket {
        Bucket { tokens: f64::from(BURST), counted_at: Duration::ZERO, closed_until: Duration::ZERO }
    }

    const HOUR: Duration = Duration::from_hours(1);

    #[test]
    fn no_minute_has_more_requests_than_the_psa_likes() {
        let mut bucket = full();
        // Whoever asks as fast as possible, from the fullest bucket on.
        let mut now = Duration::ZERO;
        let mut sent = Vec::new();
        while now < Duration::from_mins(5) {
            now += bucket.take(now, HOUR).expect("an hour is enough");
            sent.push(now);
        }
        let busiest = sent
            .iter()
            .map(|start| {
                sent.iter().filter(|at| (*start..*start + Duration::from_mins(1)).contains(*at)).count()
            })
            .max();
        assert!(busiest.is_some_and(|most| (800..900).contains(&most)), "{busiest:?}");
    }

    #[test]
    fn turns_come_in_the_order_of_asking_and_unused_ones_are_not_saved_up() {
        let mut bucket = full();
        let turns: Vec<Duration> = (0..BURST + 3).filter_map(|_| bucket.take(Duration::ZERO, HOUR)).collect();
        assert!(turns.is_sorted());
        assert_eq!(turns.iter().filter(|turn| turn.is_zero()).count(), BURST as usize);
        // After a long pause there is one burst, not an hour's worth.
        let free = (0..10 * BURST).filter_map(|_| bucket.take(HOUR, Duration::ZERO)).count();
        assert_eq!(free, BURST as usize);
    }

    #[test]
    fn a_turn_that_comes_too_late_is_not_taken() {
        let mut bucket = full();
        bucket.closed_until = Duration::from_mins(2);
        assert_eq!(bucket.take(Duration::ZERO, Duration::from_mins(1)), None);
        assert_eq!(bucket.take(Duration::from_mins(1), Duration::from_mins(1)), Some(Duration::from_mins(1)));
        assert_eq!(bucket.take(Duration::from_mins(2), Duration::ZERO), Some(Duration::ZERO));
    }
}
