//! Schedules in the store that make no sense.

use std::time::Duration;

use integration::history::History;
use pod_view::wire::RunKind;
use server::store::Store;

use crate::company::{EIGHT, SEVEN, begin, employ};

async fn scheduled(history: &History) -> usize {
    let runs = history.runs().await.expect("the store works");
    runs.iter().filter(|run| run.kind == RunKind::Schedule).count()
}

#[tokio::test]
async fn c13_a_schedule_that_makes_no_sense_runs_once_and_holds_up_nobody() {
    for (schedule, time_zone) in [
        ("hourly-ish", "Europe/Brussels"),
        ("daily", "Mars/Olympus"),
        ("daily 99:99", ""),
        ("cron", ""),
        ("cron * * * * *", "UTC"),
        ("", ""),
    ] {
        let (_folder, seven) = begin(&[]).await;
        employ(&seven, 1, "Ann", "Aerts");
        let eight = seven.beside(EIGHT, "").await.expect("it begins");
        let (service, _) = seven.parts();
        let Store::Sqlite(pool) = &service.store else { panic!("histories are on SQLite") };
        let spoilt = sqlx::query("UPDATE company SET schedule = $1, time_zone = $2 WHERE id = $3")
            .bind(schedule)
            .bind(time_zone)
            .bind(SEVEN)
            .execute(pool)
            .await
            .expect("it is a company");
        assert_eq!(spoilt.rows_affected(), 1);
        seven.pass(Duration::from_hours(48));
        assert_eq!(seven.look_at_the_queue().await.expect("the store works"), 2, "{schedule} {time_zone}");
        for _ in 0..3 {
            assert_eq!(
                seven.look_at_the_queue().await.expect("the store works"),
                0,
                "{schedule} {time_zone}"
            );
        }
        assert_eq!((scheduled(&seven).await, scheduled(&eight).await), (1, 1));
        // The run has read the settings, which say when it is due next.
        let slots = [&seven, &eight].map(History::next_slot);
        for slot in futures_util::future::join_all(slots).await {
            let slot = slot.expect("the store works").expect("it is due daily");
            assert!(slot > service.clock.now(), "{schedule} {time_zone}");
        }
    }
}
