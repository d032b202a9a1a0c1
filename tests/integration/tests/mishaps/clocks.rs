//! Replicas whose clocks are an hour apart.

use std::{
    sync::{Arc, atomic::AtomicI64},
    time::Duration,
};

use integration::history::History;
use pod_view::wire::Outcome;
use psa_simulator::{Fault, FaultKind};
use reconcile::Row;
use server::{
    clock::Clock,
    store::Store,
    sync::{self, Company, Service, take_runs},
};

use crate::company::{apply, approved, begin, contacts, employ, replica, writes};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// A replica whose clock is that many seconds ahead.
async fn ahead(history: &History, seconds: i64) -> (Arc<Service>, Company) {
    let (one, _) = history.parts();
    let clock = Clock::Manual(Arc::new(AtomicI64::new(one.clock.now() + seconds)));
    replica(history, clock, Arc::clone(&one.transport)).await
}

/// Sets the clock of the history's store.
async fn set_the_database(history: &History, seconds: i64) {
    let (service, _) = history.parts();
    let Store::Sqlite(pool) = &service.store else { panic!("histories are on SQLite") };
    sqlx::query("UPDATE clock SET seconds = $1").bind(seconds).execute(pool).await.expect("it is a table");
}

#[tokio::test]
async fn c11_a_write_that_nobody_knows_the_end_of_is_settled_by_the_databases_time() {
    for (writer, reader) in [(0, HOUR), (0, -HOUR), (HOUR, 0), (-HOUR, 0)] {
        let (_folder, history) = begin(&[]).await;
        employ(&history, 1, "Ann", "Aerts");
        let writer = ahead(&history, writer).await;
        let reader = ahead(&history, reader).await;
        let later =
            Fault { delay_ms: 90_000, ..Fault::once("POST", "/company/contacts", FaultKind::DoneLater) };
        history.psa().world().lock().fault(later);
        let rows = approved((&writer.0, &writer.1), &[], Row::approved_by_default).await;
        let (outcomes, _) = apply((&writer.0, &writer.1), rows.clone()).await;
        assert_eq!(outcomes, [Outcome::Unknown]);

        // The other one asks at once: it is still to come.
        history.psa().world().lock().reset_log();
        let (outcomes, _) = apply((&reader.0, &reader.1), rows.clone()).await;
        assert_eq!((outcomes, writes(&history)), (vec![Outcome::Unknown], 0));

        history.pass(Duration::from_mins(3));
        set_the_database(&history, history.parts().0.clock.now()).await;
        let (outcomes, _) = apply((&reader.0, &reader.1), rows).await;
        assert_eq!((outcomes, contacts(&history)), (vec![Outcome::AlreadySo], 1));
    }
}

#[tokio::test]
async fn c11_who_is_due_and_who_holds_a_lease_is_the_databases_to_say() {
    let (_folder, history) = begin(&[]).await;
    employ(&history, 1, "Ann", "Aerts");
    let (early, _) = ahead(&history, 2 * DAY).await;
    let (late, _) = ahead(&history, -2 * DAY).await;
    let slot = history.next_slot().await.expect("the store works").expect("it is due daily");
    set_the_database(&history, slot - 1).await;
    assert!(take_runs(&early, 10).await.expect("the store works").is_empty(), "it is not due yet");
    assert_eq!(history.next_slot().await.expect("the store works"), Some(slot));

    set_the_database(&history, slot).await;
    let (_, company) = history.parts();
    let lease = late.store.take_lease(&company.key, "a colleague").await.expect("the store works");
    assert!(take_runs(&late, 10).await.expect("the store works").is_empty(), "it is due, and waits");
    assert!(take_runs(&early, 10).await.expect("the store works").is_empty(), "the lease is not over");
    late.store.release_lease(&lease.expect("nobody had it")).await.expect("the store works");
    let taken = take_runs(&late, 10).await.expect("the store works");
    assert_eq!(taken.len(), 1);
    assert!(take_runs(&early, 10).await.expect("the store works").is_empty(), "once");
    let next = history.next_slot().await.expect("the store works").expect("it is due daily");
    assert!((20 * HOUR..=28 * HOUR).contains(&(next - slot)), "{}", next - slot);
}

#[tokio::test]
async fn c11_how_long_something_can_be_taken_back_is_the_databases_to_say() {
    let (_folder, history) = begin(&[]).await;
    employ(&history, 1, "Ann", "Aerts");
    assert_eq!(history.sync().await.expect("it is applied").created, 1);
    let began = history.parts().0.clock.now();
    let run = history.runs().await.expect("the store works").remove(0);
    for (passed, skew, undoable) in [
        (30 * DAY - 60, HOUR, 1),
        (30 * DAY - 60, -HOUR, 1),
        (30 * DAY + 60, HOUR, 0),
        (30 * DAY + 60, -HOUR, 0),
    ] {
        let (other, company) = ahead(&history, passed + skew).await;
        set_the_database(&history, began + passed).await;
        let rows = sync::undoable(&other, &company, &run).await.expect("the store works");
        assert_eq!(rows.len(), undoable, "{passed} {skew}");
    }
}
