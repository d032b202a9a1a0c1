use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use futures_util::future::{BoxFuture, join, join_all};
use reqwest::Request;
use tokio::sync::oneshot;

use super::*;
use crate::psa::{Answer, SendError};

fn full() -> Bucket {
    Bucket {
        replicas: Replicas::default(),
        tokens: f64::from(BURST),
        counted_at: Duration::ZERO,
        closed_until: Duration::ZERO,
    }
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
    assert!((800..900).contains(&busiest_minute(&sent)), "{}", busiest_minute(&sent));
}

#[test]
fn replicas_together_ask_no_more_than_one_alone() {
    let replicas = Replicas::default();
    replicas.set(3);
    let one = || Bucket { replicas: replicas.clone(), ..full() };
    let mut sent = Vec::new();
    for mut bucket in [one(), one(), one()] {
        // What was left from the time before it had company is gone with its first turn.
        let mut now = Duration::ZERO;
        while now < Duration::from_mins(5) {
            now += bucket.take(now, HOUR).expect("an hour is enough");
            sent.push(now);
        }
    }
    sent.sort();
    assert!((800..900).contains(&busiest_minute(&sent)), "{}", busiest_minute(&sent));
}

fn busiest_minute(sent: &[Duration]) -> usize {
    let minute = Duration::from_mins(1);
    let from = |start: &Duration| sent.iter().filter(|at| (*start..*start + minute).contains(*at)).count();
    sent.iter().map(from).max().unwrap_or_default()
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

/// A time that moves on to the end of the next wait once everybody waits.
#[derive(Debug, Default)]
struct VirtualTime {
    now: Mutex<Duration>,
    waits: Mutex<Vec<(Duration, oneshot::Sender<()>)>>,
}

impl Transport for VirtualTime {
    fn send(&self, _: Request) -> BoxFuture<'_, Result<Answer, SendError>> {
        unreachable!("the limiter sends nothing")
    }

    fn now(&self) -> Duration {
        *self.now.lock().unwrap()
    }

    fn wait(&self, time: Duration) -> BoxFuture<'_, ()> {
        let (end, ended) = oneshot::channel();
        self.waits.lock().unwrap().push((self.now() + time, end));
        Box::pin(async { ended.await.unwrap() })
    }
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl VirtualTime {
    /// Runs all of it on one thread, until its end.
    fn run<T>(&self, story: impl Future<Output = T>) -> T {
        let timer = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let _timer = timer.enter();
        let woken = Arc::<Woken>::default();
        let waker = Waker::from(Arc::clone(&woken));
        let mut story = pin!(tokio::task::unconstrained(story));
        loop {
            if let Poll::Ready(end) = story.as_mut().poll(&mut Context::from_waker(&waker)) {
                return end;
            }
            if !woken.0.swap(false, Ordering::SeqCst) {
                self.move_on();
            }
        }
    }

    fn move_on(&self) {
        let mut waits = self.waits.lock().unwrap();
        let first = (0..waits.len()).min_by_key(|at| waits[*at].0).expect("somebody waits");
        let (at, end) = waits.remove(first);
        *self.now.lock().unwrap() = at;
        // Whoever waited may have given up.
        let _ = end.send(());
    }
}

/// A PSA that takes its time for each answer, and those who ask it.
struct Bench {
    time: VirtualTime,
    limiter: Limiter,
    answers_in: Duration,
    /// Who, when they asked, and when it was their turn.
    turns: Mutex<Vec<(Urgency, Duration, Duration)>>,
}

impl Bench {
    fn new(answers_in: Duration) -> Self {
        Self { time: VirtualTime::default(), limiter: Limiter::new(), answers_in, turns: Mutex::default() }
    }

    async fn ask(&self, urgency: Urgency) -> Result<(), PsaError> {
        let asked = self.time.now();
        let turn = self.limiter.turn(&self.time, Caller::Integrator, urgency).await?;
        self.turns.lock().unwrap().push((urgency, asked, self.time.now()));
        self.time.wait(self.answers_in).await;
        drop(turn);
        Ok(())
    }

    /// So many who ask one request after another, from one time to another.
    async fn busy(&self, urgency: Urgency, number: usize, from: Duration, to: Duration) {
        let one = async |_| {
            self.time.wait(from).await;
            while self.time.now() < to {
                self.ask(urgency).await.expect("turns come in time");
            }
        };
        join_all((0..number).map(one)).await;
    }

    /// Turns of that urgency within a time.
    fn turns(&self, urgency: Urgency, from: Duration, to: Duration) -> usize {
        let turns = self.turns.lock().unwrap();
        turns.iter().filter(|(who, _, at)| *who == urgency && (from..to).contains(at)).count()
    }
}

const SECOND: Duration = Duration::from_secs(1);
const QUICKLY: Duration = Duration::from_millis(150);

#[test]
fn a_person_has_the_next_turn_however_long_the_night_is() {
    let bench = Bench::new(QUICKLY);
    let end = Duration::from_mins(5);
    let person = async {
        while bench.time.now() < end {
            bench.time.wait(Duration::from_millis(7_300)).await;
            bench.ask(Urgency::Hurried).await.expect("its turn comes");
        }
    };
    bench.time.run(join(bench.busy(Urgency::Unhurried, 50, Duration::ZERO, end), person));
    let turns = bench.turns.lock().unwrap().clone();
    let one_turn = SECOND / PER_SECOND;
    let mut persons = turns.iter().filter(|(who, ..)| *who == Urgency::Hurried);
    assert!(persons.clone().count() > 30);
    let soon = |asked: Duration| asked + one_turn + Duration::from_millis(1);
    assert!(persons.all(|(_, asked, at)| *at <= soon(*asked)), "{turns:?}");
    let sent: Vec<Duration> = turns.iter().map(|(.., at)| *at).collect();
    assert!((800..900).contains(&busiest_minute(&sent)), "{}", busiest_minute(&sent));
    // Nothing is wasted: whatever the person leaves is the night's.
    let all = BURST as usize + PER_SECOND as usize * 300;
    let used = sent.iter().filter(|at| **at < end).count();
    assert!((all - 2..=all + 1).contains(&used), "{used} of {all}");
}

#[test]
fn unhurried_requests_go_in_the_order_of_asking() {
    let bench = Bench::new(QUICKLY);
    bench.time.run(bench.busy(Urgency::Unhurried, 50, Duration::ZERO, Duration::from_mins(1)));
    let turns = bench.turns.lock().unwrap();
    assert!(turns.is_sorted_by_key(|(_, asked, _)| *asked), "{turns:?}");
}

#[test]
fn what_the_night_writes_does_not_wait_for_all_that_it_reads() {
    let bench = Bench::new(SECOND);
    let end = Duration::from_mins(5);
    let write = async {
        while bench.time.now() < end {
            bench.time.wait(Duration::from_millis(7_300)).await;
            bench.ask(Urgency::UnhurriedWrite).await.expect("its turn comes");
        }
    };
    bench.time.run(join(bench.busy(Urgency::Unhurried, 50, Duration::ZERO, end), write));
    let turns = bench.turns.lock().unwrap().clone();
    let mut writes = turns.iter().filter(|(who, ..)| *who == Urgency::UnhurriedWrite);
    assert!(writes.clone().count() > 30);
    // Two answers: of what is under way, and of the one read that asked before.
    assert!(writes.all(|(_, asked, at)| *at <= *asked + 2 * SECOND), "{turns:?}");
    // The reads go on beside it.
    let reads = bench.turns(Urgency::Unhurried, Duration::ZERO, end);
    let all = UNHURRIED_IN_FLIGHT * 300;
    assert!((all - 60..=all).contains(&reads), "{reads} of {all}");
}

#[test]
fn people_who_ask_for_all_get_all_and_the_night_has_the_rest_of_the_time() {
    // At first turns are short, then places.
    let most = PER_SECOND as usize;
    for (answers_in, people, each_second, of_the_night) in
        [(QUICKLY, 4, most, most), (SECOND, 6, IN_FLIGHT, UNHURRIED_IN_FLIGHT)]
    {
        let bench = Bench::new(answers_in);
        let [from, to, end] = [60, 120, 180].map(Duration::from_secs);
        bench.time.run(join(
            bench.busy(Urgency::Unhurried, 50, Duration::ZERO, end),
            bench.busy(Urgency::Hurried, people, from, to),
        ));
        let minute = 60 * each_second;
        let people = bench.turns(Urgency::Hurried, from, to);
        assert!((minute - 10..=minute + 1).contains(&people), "{people} of {minute}");
        let beside_them = bench.turns(Urgency::Unhurried, from + SECOND, to);
        assert!(beside_them <= 2, "{beside_them}");
        let after_them = bench.turns(Urgency::Unhurried, to + 2 * SECOND, end);
        assert!(after_them >= 57 * of_the_night, "{after_them}");
    }
}

#[test]
fn a_pause_that_a_person_does_not_wait_for_is_nothing_to_the_night() {
    let bench = Bench::new(QUICKLY);
    bench.limiter.pause(Duration::ZERO, LONGEST_PAUSE);
    let asked = join(bench.ask(Urgency::Unhurried), bench.ask(Urgency::Hurried));
    assert_eq!(bench.time.run(asked), (Ok(()), Err(PsaError::Throttled)));
    assert_eq!(bench.turns(Urgency::Unhurried, LONGEST_PAUSE, HOUR), 1);
}

#[test]
fn who_gives_up_waiting_holds_nothing_up() {
    let bench = Bench::new(HOUR);
    bench.time.run(async {
        let busy = join_all((0..IN_FLIGHT).map(|_| bench.ask(Urgency::Hurried)));
        let mut busy = pin!(busy);
        let mut waiting = Box::pin(bench.ask(Urgency::Hurried));
        assert!(futures_util::poll!(&mut busy).is_pending());
        assert!(futures_util::poll!(&mut waiting).is_pending());
        assert_eq!(*bench.limiter.hurried_waiting.borrow(), 1);
        drop(waiting);
        busy.await;
        bench.ask(Urgency::Unhurried).await.expect("nobody waits any longer");
    });
}
