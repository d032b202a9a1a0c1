//! A replica that goes on while another one has brought the database up to a newer release.

use std::time::Duration;

use integration::{
    expanded::expand,
    history::{Ground, History, account},
};
use server::store::Store;

use crate::company::{SEVEN, begin, contacts, employ, options};

#[tokio::test]
async fn c9_a_sync_a_night_and_an_undo_go_on_in_a_newer_releases_store() {
    server::web::install_tls_provider();
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let ground = Ground::new(folder.path()).await.expect("the store opens");
    let newer = format!("sqlite:{}", folder.path().join("histories.sqlite").display());
    let newer = Store::open(&newer).await.expect("it is the same file");
    let people = [("Ben", "Brouwer"), ("Cleo", "Claes"), ("Dirk", "Dewit")];
    // Before it began, and in the middle.
    expand(&newer, 1).await.expect("it is expanded");
    let mut history = History::begin(&ground, &options(&people), SEVEN).await.expect("it begins");
    for (number, (given, family)) in (1..).zip(people) {
        employ(&history, number, given, family);
    }
    let first = history.sync().await.expect("it is applied");
    assert_eq!((first.updated, first.rejected, first.unknown), (3, 0, 0), "{first:?}");
    expand(&newer, 2).await.expect("it is expanded");
    history.people(|people| {
        let ann = account(9, "Ann", "Aerts", true);
        people.insert(ann.id, ann);
        people.get_mut(&account(2, "", "", true).id).expect("Cleo is there").enabled = false;
    });
    history.pass(Duration::from_hours(48));
    assert_eq!(history.look_at_the_queue().await.expect("the store works"), 1);
    let night = history.runs().await.expect("the store works").remove(0);
    assert_eq!((night.counts.created, night.counts.deactivated), (1, 1), "{:?}", night.counts);
    // It starts again, which brings the tables up to date, or leaves them as they are.
    history.restart(None).await.expect("it starts");
    let undone = history.undo(&night.id).await.expect("it is taken back");
    assert_eq!(undone.undone, 2, "{undone:?}");
    assert_eq!(contacts(&history), 4);
}

#[tokio::test]
async fn c9_a_migration_that_is_not_known_is_no_reason_not_to_start() {
    let (folder, _history) = begin(&[]).await;
    let url = format!("sqlite:{}", folder.path().join("histories.sqlite").display());
    let newer = Store::open(&url).await.expect("it opens");
    expand(&newer, 1).await.expect("it is expanded");
    newer.close().await;
    for _ in 0..2 {
        let older = Store::open(&url).await.expect("it opens, and again");
        assert!(older.now().await.is_ok());
        older.close().await;
    }
}
