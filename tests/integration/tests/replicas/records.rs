//! What the store and the PSA say of a night.

use std::{collections::HashMap, time::Duration};

use integration::audit::unaccounted;
use psa_simulator::{Kind, Record};
use tokio::time::Instant;

use crate::companies::{Companies, LEAVER, NEW_TITLE, NEWCOMERS, PROMOTED, STAFF, TITLE, address};

/// Where contacts are made in the PSA.
pub(crate) const CONTACTS: &str = "/company/contacts";
/// For a whole night, and for a lease or two on top.
pub(crate) const LONG: Duration = Duration::from_mins(10);
/// How often a test looks whether what it waits for has come.
const LOOK: Duration = Duration::from_millis(100);
/// Longer than a write whose answer did not come is left open.
const SETTLED: i64 = 125;

/// Waits until something is so.
pub(crate) async fn until(what: &str, time: Duration, mut is_so: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + time;
    while !is_so().await {
        assert!(Instant::now() < deadline, "in {time:?} it did not come to this: {what}");
        tokio::time::sleep(LOOK).await;
    }
}

impl Companies {
    async fn number(&self, sql: &'static str, values: &[i64]) -> i64 {
        let query = values.iter().fold(sqlx::query_as(sql), sqlx::query::QueryAs::bind);
        let (number,) = query.fetch_one(self.pool()).await.expect("the database answers");
        number
    }

    /// Makes all of them due at once. The slot.
    pub(crate) async fn make_due(&self) -> i64 {
        let slot = self.store.now().await.expect("the database answers");
        sqlx::query("UPDATE company SET next_slot = $1")
            .bind(slot)
            .execute(self.pool())
            .await
            .expect("the database answers");
        slot
    }

    /// How many runs of a slot are under way.
    pub(crate) async fn live(&self, slot: i64) -> i64 {
        const SQL: &str = "SELECT COUNT(*) FROM run WHERE slot = $1 AND state IN ('reading', 'applying')";
        self.number(SQL, &[slot]).await
    }

    /// How often runs of a slot were begun again.
    pub(crate) async fn begun_again(&self, slot: i64) -> i64 {
        const SQL: &str = "SELECT CAST(SUM(attempts - 1) AS BIGINT) FROM run WHERE slot = $1";
        self.number(SQL, &[slot]).await
    }

    /// How many writes there are that nobody knows the end of.
    pub(crate) async fn open_writes(&self) -> i64 {
        self.number("SELECT COUNT(*) FROM intent WHERE state IN ('open', 'unknown')", &[]).await
    }

    /// Waits until each company has had its run of a slot: exactly one, which ended well.
    pub(crate) async fn wait_for_the_night(&self, slot: i64) {
        const WELL: &str = "SELECT COUNT(*) FROM run WHERE slot = $1 AND state IN ('done', 'questions')";
        const ILL: &str =
            "SELECT COUNT(*) FROM run WHERE slot = $1 AND state IN ('failed', 'held', 'waiting')";
        const COMPANIES: &str = "SELECT COUNT(DISTINCT company) FROM run WHERE slot = $1";
        const SINCE: &str =
            "SELECT COUNT(*) FROM run WHERE kind = 'schedule' AND COALESCE(slot, queued_at) >= $1";
        let all = i64::try_from(self.keys.len()).expect("they are few");
        until("every company is done", LONG, async || {
            assert_eq!(self.number(ILL, &[slot]).await, 0, "a run did not end well");
            self.number(WELL, &[slot]).await == all
        })
        .await;
        assert_eq!(self.number(COMPANIES, &[slot]).await, all, "each has a run");
        assert_eq!(self.number(SINCE, &[slot]).await, all, "and no other since");
    }

    /// As if some minutes had passed: what was written and not answered cannot come true any more.
    pub(crate) async fn some_minutes_pass(&self) {
        const SQL: [&str; 2] = [
            "UPDATE intent SET created_at = created_at - $1, unknown_at = unknown_at - $1",
            "UPDATE run SET ended_at = ended_at - $1",
        ];
        for sql in SQL {
            sqlx::query(sql).bind(SETTLED).execute(self.pool()).await.expect("the database answers");
        }
    }

    /// Everybody is in the PSA once, and nothing was asked for twice.
    pub(crate) fn nobody_is_there_twice(&self) {
        let world = self.psa();
        let world = world.lock();
        let contacts: Vec<&Record> = world.records(Kind::Contact).collect();
        let of = by_address(&contacts);
        for (address, there) in &of {
            assert_eq!(there.len(), 1, "{address} is there more than once");
        }
        let made = contacts.len() - self.keys.len() * STAFF.len();
        assert_eq!(world.count("POST", CONTACTS), made, "creations that were asked for, and contacts made");
    }

    /// Everything is as the directories say.
    pub(crate) fn everything_is_done(&self, newcomers: usize) {
        self.nobody_is_there_twice();
        let world = self.psa();
        let world = world.lock();
        let contacts: Vec<&Record> = world.records(Kind::Contact).collect();
        let of = by_address(&contacts);
        assert_eq!(contacts.len(), self.keys.len() * (STAFF.len() + newcomers));
        for company in 0..self.keys.len() {
            for given in STAFF.iter().chain(NEWCOMERS.iter().take(newcomers)).copied() {
                let address = address(company, given);
                let contact = of.get(&address).and_then(|there| there.first());
                let contact = contact.unwrap_or_else(|| panic!("{address} is missing"));
                assert_eq!(contact["inactiveFlag"], given == LEAVER, "{address} is inactive");
                let title = if given == PROMOTED { NEW_TITLE } else { TITLE };
                assert_eq!(contact["title"], title, "the title of {address}");
            }
        }
    }

    /// No write is left without an end, and each stands in the audit chain.
    pub(crate) async fn everything_is_accounted_for(&self) {
        assert_eq!(self.open_writes().await, 0, "writes without an end");
        for key in &self.keys {
            for (what, count) in unaccounted(&self.store, key).await.expect("the database answers") {
                assert_eq!(count, 0, "company {}: {what}", key.company);
            }
        }
    }
}

/// Contacts by each address that they have.
fn by_address<'a>(contacts: &[&'a Record]) -> HashMap<String, Vec<&'a Record>> {
    let mut by_address: HashMap<String, Vec<&Record>> = HashMap::new();
    for contact in contacts {
        for item in contact["communicationItems"].as_array().into_iter().flatten() {
            if let Some(address) = item["value"].as_str().filter(|value| value.contains('@')) {
                by_address.entry(address.to_owned()).or_default().push(contact);
            }
        }
    }
    by_address
}
