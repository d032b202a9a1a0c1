//! Every function of the store, on SQLite and on PostgreSQL: one body for both.

use std::os::unix::fs::PermissionsExt;

use futures_util::future::join_all;
use integration::{clock::DatabaseClock, expanded::expand, postgres::Postgres};
use pod_view::wire::{Approved, Counts, Outcome, Refusal, RunKind, RunProgress, RunState};
use reconcile::{
    AccountId, AccountState, ContactId, Decision, Decisions, Fingerprint, Link, LinkElsewhere, RowKey,
    RowKind, Subject,
};
use server::{
    security::keys::random_id,
    store::{
        AcceptedNote, ApprovedRow, AuditEntry, BackupError, CompanyKey, InstallationRow, Intent, IntentState,
        LEASE_SECONDS, Lease, NewRun, PlanCounts, RunRow, Seen, Setback, Store, StoreError, back_up,
    },
};
use sha2::{Digest, Sha256};
use sqlx::AssertSqlSafe;

/// Runs `topic` with two connections to each of the two databases, and a company nobody else uses.
async fn on_both(topic: impl AsyncFn(&Store, &Store, &CompanyKey)) {
    on_both_at(async |one, other, key, _| topic(one, other, key).await).await;
}

/// The same with the database's own clock, which says 1,000 at first. A newer release has expanded each
/// database: that must be no harm to any query.
async fn on_both_at(topic: impl AsyncFn(&Store, &Store, &CompanyKey, &DatabaseClock)) {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let postgres = Postgres::shared().expect("PostgreSQL starts");
    let sqlite = format!("sqlite:{}", folder.path().join("store.sqlite").display());
    for url in [sqlite, postgres.database().expect("it makes a database")] {
        println!("on {url}");
        let newer = Store::open(&url).await.expect("the store opens");
        expand(&newer, 1).await.expect("it is expanded");
        newer.close().await;
        let one = Store::open(&url).await.expect("the store opens");
        let other = Store::open(&url).await.expect("the store opens once more");
        let clock = DatabaseClock::replace(&url, 1_000).await.expect("it is a view");
        topic(&one, &other, &CompanyKey { installation: random_id(), company: 7 }, &clock).await;
        one.close().await;
        other.close().await;
    }
}

/// Rows by a query of the test's own.
macro_rules! rows {
    ($store:expr, $sql:expr $(, $value:expr)*) => {
        match $store {
            Store::Sqlite(pool) => sqlx::query_as($sql)$(.bind($value))*.fetch_all(pool).await,
            Store::Postgres(pool) => sqlx::query_as($sql)$(.bind($value))*.fetch_all(pool).await,
        }
        .expect("the query fits the tables")
    };
}

fn account(number: u8) -> AccountId {
    AccountId::from_ldap_bytes([number; 16])
}

fn state(digit: char) -> AccountState {
    digit.to_string().repeat(32).parse().unwrap()
}

fn neighbour(key: &CompanyKey) -> CompanyKey {
    CompanyKey { company: key.company + 1, ..key.clone() }
}

fn is_lost<T>(outcome: &Result<T, StoreError>) -> bool {
    matches!(outcome, Err(StoreError::LeaseLost))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_may_be_opened_by_two_at_once_when_it_is_new() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let postgres = Postgres::shared().expect("PostgreSQL starts");
    let sqlite = format!("sqlite:{}", folder.path().join("new.sqlite").display());
    for url in [sqlite, postgres.database().expect("it makes a database")] {
        let opened = join_all((0..4).map(|_| {
            let url = url.clone();
            tokio::spawn(async move { Store::open(&url).await })
        }))
        .await;
        for store in opened {
            let store = store.expect("nothing panics").unwrap_or_else(|error| panic!("{url}: {error}"));
            assert_eq!(store.installation("none").await.expect("the tables are there"), None);
            store.close().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn c9_an_older_release_goes_on_while_a_newer_one_expands_its_database() {
    on_both(async |older, newer, key| {
        // What an older replica has asked once is prepared, and asked again after the change.
        for release in 2..4 {
            let link = Link::new(account(u8::try_from(release).unwrap()), ContactId(release));
            older.save_link(key, &link).await.unwrap();
            let id = random_id();
            older.queue_run(&review(&id, key, &[]), 1_000 * release, 1_000).await.unwrap();
            assert_eq!(ids(&older.last_runs(key, 1).await.unwrap()), [&id]);
            expand(newer, release).await.expect("it is expanded");
            assert_eq!(ids(&older.last_runs(key, 1).await.unwrap()), [&id]);
            assert_eq!(older.links(key).await.unwrap().last(), Some(&link));
            let (_, lease) = older.begin_run(key, &id).await.unwrap().expect("the company is free");
            older.renew_lease(&lease).await.unwrap();
            older.end_run(&lease, RunState::Done, &Counts::default(), None, 2_000).await.unwrap();
            older.release_lease(&lease).await.unwrap();
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_psa_that_joins_again_keeps_its_id_and_gets_new_keys() {
    on_both(async |one, other, key| {
        let row = |id: &str, login_company: &str, credentials: &str| InstallationRow {
            id: id.to_owned(),
            psa_site: format!("https://{}.example", key.installation),
            login_company: login_company.to_owned(),
            credentials: credentials.to_owned(),
            administrators: "table_setup".into(),
            rules: String::new(),
            board: None,
            created_at: 1_000,
        };
        let first = row(&key.installation, "training", "old keys");
        assert!(one.save_installation(&first).await.unwrap());
        assert_eq!(other.installation(&first.id).await.unwrap().as_ref(), Some(&first));

        let again = InstallationRow { created_at: 2_000, ..row(&first.id, "training", "new keys") };
        assert!(other.save_installation(&again).await.unwrap());
        let kept = InstallationRow { credentials: "new keys".into(), ..first.clone() };
        assert_eq!(one.installation_of(&first.psa_site, "training").await.unwrap().as_ref(), Some(&kept));
        one.set_administrators(&first.id, "members").await.unwrap();
        one.set_rules(&first.id, "sealed rules").await.unwrap();
        one.set_board(&first.id, Some(12)).await.unwrap();
        let kept = InstallationRow {
            administrators: "members".into(),
            rules: "sealed rules".into(),
            board: Some(12),
            ..kept
        };
        assert!(
            other
                .save_installation(&InstallationRow {
                    administrators: "table_setup".into(),
                    rules: String::new(),
                    ..kept.clone()
                })
                .await
                .unwrap()
        );
        assert_eq!(
            one.installation(&first.id).await.unwrap().as_ref(),
            Some(&kept),
            "new keys change nothing else"
        );
        // Somebody else who joins as the same PSA changes nothing.
        let stranger = row(&random_id(), "training", "a stranger's keys");
        assert!(!other.save_installation(&stranger).await.unwrap());
        assert_eq!(one.installation_of(&first.psa_site, "training").await.unwrap(), Some(kept));
        assert_eq!(one.installation(&stranger.id).await.unwrap(), None);

        let second = row(&random_id(), "another", "its keys");
        assert!(one.save_installation(&second).await.unwrap());
        assert_eq!(one.installation_of(&first.psa_site, "another").await.unwrap(), Some(second));
        assert_eq!(one.installation_of(&first.psa_site, "nobody").await.unwrap(), None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_accepted_note_is_remembered_for_each_company() {
    on_both(async |one, other, key| {
        let note = |note, generation, hash: &str| AcceptedNote {
            note,
            generation,
            note_hash: hash.to_owned(),
            source: "dc1".into(),
            schedule: "daily".into(),
            time_zone: "UTC".into(),
        };
        assert_eq!(one.accepted_note(key).await.unwrap(), None);
        one.accept_note(key, &note(31, 1, "aa"), None).await.unwrap();
        other.accept_note(key, &note(32, 2, "bb"), None).await.unwrap();
        one.accept_note(&neighbour(key), &note(33, 9, "cc"), None).await.unwrap();
        assert_eq!(one.accepted_note(key).await.unwrap(), Some(note(32, 2, "bb")));
        assert_eq!(other.accepted_note(&neighbour(key)).await.unwrap(), Some(note(33, 9, "cc")));
        assert_eq!(one.companies_of_source(key, "dc1").await.unwrap(), [neighbour(key).company]);
        assert_eq!(one.companies_of_source(key, "dc2").await.unwrap(), [0_i64; 0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_and_a_contact_are_linked_once() {
    on_both(async |one, other, key| {
        let link = |number, contact, by_us| Link {
            deactivated_by_us: by_us,
            ..Link::new(account(number), ContactId(contact))
        };
        one.save_link(key, &link(1, 101, false)).await.unwrap();
        one.save_link(key, &link(1, 102, false)).await.unwrap();
        assert_eq!(other.links(key).await.unwrap(), [link(1, 102, false)], "one contact for an account");
        one.save_link(key, &link(2, 102, false)).await.unwrap();
        assert_eq!(other.links(key).await.unwrap(), [link(2, 102, false)], "one account for a contact");
        one.save_link(key, &link(2, 102, true)).await.unwrap();
        one.save_link(key, &link(3, 103, false)).await.unwrap();
        assert_eq!(other.links(key).await.unwrap(), [link(2, 102, true), link(3, 103, false)]);
        // Both change places in one step.
        one.save_link(key, &link(2, 103, false)).await.unwrap();
        assert_eq!(other.links(key).await.unwrap(), [link(2, 103, false)]);

        // A contact that moved to another company takes its link along; an account key is of its company.
        let next = neighbour(key);
        one.save_link(&next, &link(2, 103, false)).await.unwrap();
        assert_eq!(other.links(key).await.unwrap(), []);
        one.save_link(key, &link(2, 104, false)).await.unwrap();
        assert_eq!(other.links(&next).await.unwrap(), [link(2, 103, false)]);
        // Another PSA counts its contacts by itself.
        let elsewhere = CompanyKey { installation: random_id(), company: key.company };
        one.save_link(&elsewhere, &link(2, 104, false)).await.unwrap();
        assert_eq!(other.links(key).await.unwrap(), [link(2, 104, false)]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn since_when_an_account_is_missing_stays_until_it_is_back() {
    on_both(async |one, other, key| {
        let link = Link::new(account(1), ContactId(101));
        one.save_link(key, &link).await.unwrap();
        one.save_link(&neighbour(key), &Link::new(account(1), ContactId(201))).await.unwrap();
        one.set_missing(key, &[(account(1), Some(1_000)), (account(9), Some(1_000))]).await.unwrap();
        other.set_missing(key, &[(account(1), Some(2_000))]).await.unwrap();
        let missing = Link { missing_since: Some(1_000), ..link };
        assert_eq!(one.links(key).await.unwrap(), [missing], "the first read that lacked it counts");
        assert_eq!(one.links(&neighbour(key)).await.unwrap()[0].missing_since, None);
        one.save_link(key, &Link { deactivated_by_us: true, ..link }).await.unwrap();
        assert_eq!(one.links(key).await.unwrap(), [Link { deactivated_by_us: true, ..missing }]);
        one.set_missing(key, &[(account(1), None)]).await.unwrap();
        assert_eq!(other.links(key).await.unwrap()[0].missing_since, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_that_are_linked_in_another_company_are_found_however_many_are_asked_for() {
    on_both(async |one, other, key| {
        let next = neighbour(key);
        for number in 1..=20 {
            one.save_link(&next, &Link::new(account(number), ContactId(i64::from(number)))).await.unwrap();
        }
        one.save_link(key, &Link::new(account(30), ContactId(300))).await.unwrap();
        let accounts: Vec<AccountId> = (5..=40).map(account).collect();
        let found = other.linked_elsewhere(key, &accounts).await.unwrap();
        let expected: Vec<_> = (5..=20_u8)
            .map(|number| {
                let contact = ContactId(i64::from(number));
                (next.company, LinkElsewhere { account: account(number), contact })
            })
            .collect();
        let mut found = found;
        found.sort_by_key(|(_, link)| link.contact);
        assert_eq!(found, expected);
        assert_eq!(other.linked_elsewhere(key, &[]).await.unwrap(), []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_that_was_carried_out_may_leave_another() {
    on_both(async |one, other, key| {
        let subject = Subject::Account(account(1));
        let chosen = Decision::Match(ContactId(101));
        one.save_decisions(key, &[(subject, Some(chosen))], 201, 1_000).await.unwrap();
        one.use_up_decision(key, subject, Decision::Create, Some(Decision::Person)).await.unwrap();
        assert_eq!(other.decisions(key).await.unwrap().get(&subject), Some(&chosen), "not that one");
        one.use_up_decision(key, subject, chosen, Some(Decision::Person)).await.unwrap();
        assert_eq!(other.decisions(key).await.unwrap().get(&subject), Some(&Decision::Person));

        let left = Decision::Left(state('a'));
        one.save_decisions(key, &[(subject, Some(left))], 201, 1_001).await.unwrap();
        one.use_up_decision(key, subject, Decision::Left(state('b')), None).await.unwrap();
        assert_eq!(other.decisions(key).await.unwrap().get(&subject), Some(&left), "undone again since");
        one.use_up_decision(key, subject, left, None).await.unwrap();
        assert_eq!(other.decisions(key).await.unwrap(), Decisions::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn decisions_come_back_as_they_were_made_and_can_be_taken_back() {
    on_both(async |one, other, key| {
        let all: Decisions = [
            (Subject::Account(account(1)), Decision::Match(ContactId(101))),
            (Subject::Account(account(2)), Decision::Create),
            (Subject::Account(account(3)), Decision::Ignore),
            (Subject::Account(account(4)), Decision::Person),
            (Subject::Account(account(5)), Decision::Move),
            (Subject::Account(account(6)), Decision::Left(state('a'))),
            (Subject::Account(account(7)), Decision::NotAPerson),
            (Subject::Account(account(8)), Decision::IgnoreUntil("2027-01-31".parse().unwrap())),
            (Subject::Contact(ContactId(105)), Decision::Deactivate),
        ]
        .into();
        let changes: Vec<_> = all.iter().map(|(subject, decision)| (*subject, Some(*decision))).collect();
        one.save_decisions(key, &changes, 201, 1_000).await.unwrap();
        assert_eq!(other.decisions(key).await.unwrap(), all);
        assert_eq!(other.decisions(&neighbour(key)).await.unwrap(), Decisions::new());

        let changes = [
            (Subject::Account(account(1)), Some(Decision::Ignore)),
            (Subject::Account(account(2)), None),
            (Subject::Account(account(6)), Some(Decision::Create)),
            (Subject::Account(account(9)), None),
        ];
        other.save_decisions(key, &changes, 202, 1_001).await.unwrap();
        let mut left = all;
        left.insert(Subject::Account(account(1)), Decision::Ignore);
        left.insert(Subject::Account(account(6)), Decision::Create);
        left.remove(&Subject::Account(account(2)));
        assert_eq!(one.decisions(key).await.unwrap(), left);
        let of_first: Vec<(Option<i64>, i64)> = rows!(
            one,
            "SELECT contact, member FROM decision WHERE installation = $1 AND subject = $2",
            &key.installation,
            Subject::Account(account(1)).to_string()
        );
        assert_eq!(of_first, [(None, 202)]);
    })
    .await;
}

#[tokio::test]
async fn what_is_ignored_until_a_day_is_asked_again_on_the_next_by_the_databases_time() {
    const LAST_SECOND_OF_JANUARY: i64 = 1_801_439_999;
    on_both_at(async |one, _, key, clock| {
        let subject = Subject::Contact(ContactId(105));
        let until = Decision::IgnoreUntil("2027-01-31".parse().unwrap());
        one.save_decisions(key, &[(subject, Some(until))], 201, 1_000).await.unwrap();
        clock.set(LAST_SECOND_OF_JANUARY).await.unwrap();
        assert_eq!(one.decisions(key).await.unwrap().get(&subject), Some(&until));
        clock.set(LAST_SECOND_OF_JANUARY + 1).await.unwrap();
        assert!(one.decisions(key).await.unwrap().is_empty());
        // At a company in New York January lasts five hours longer.
        let note = nightly("America/New_York");
        one.accept_note(key, &note, None).await.unwrap();
        for (hours, is_over) in [(5, false), (6, true)] {
            clock.set(LAST_SECOND_OF_JANUARY + hours * 3600).await.unwrap();
            assert_eq!(one.decisions(key).await.unwrap().is_empty(), is_over, "{hours} hours");
        }
        assert_eq!(one.today(key).await.unwrap().to_string(), "2027-02-01");
    })
    .await;
}

#[tokio::test]
async fn since_when_the_two_sides_agree_or_differ_is_remembered() {
    on_both_at(async |one, other, key, clock| {
        assert_eq!(one.glance(key).await.unwrap(), None);
        let counts = |rows: &[(RowKind, u64)]| rows.iter().copied().collect::<PlanCounts>();
        let differ = counts(&[(RowKind::Create, 3), (RowKind::Unchanged, 40)]);
        let agree = counts(&[(RowKind::Unchanged, 43)]);
        for (at, agrees, counts, since) in
            [(1_000, false, &differ, 1_000), (2_000, false, &differ, 1_000), (3_000, true, &agree, 3_000)]
        {
            assert!(one.set_glance(key, [at; 2], agrees, counts).await.unwrap());
            let seen = other.glance(key).await.unwrap();
            assert_eq!(seen, Some(Seen { seen_at: at, since, counts: counts.clone() }));
        }
        // Somebody who read before that was slow to tell, or wrote until after it.
        for seen_at in [2_500, 3_500] {
            assert!(!other.set_glance(key, [2_500, seen_at], false, &differ).await.unwrap());
            assert_eq!(one.glance(key).await.unwrap().map(|seen| seen.seen_at), Some(3_000));
        }
        // What was read before it was forgotten says nothing; what is read afterwards does.
        clock.set(5_000).await.unwrap();
        other.forget_glance(key).await.unwrap();
        assert_eq!(one.glance(key).await.unwrap(), None);
        assert!(!one.set_glance(key, [4_000; 2], true, &agree).await.unwrap());
        assert_eq!(other.glance(key).await.unwrap(), None);
        assert!(one.set_glance(key, [6_000; 2], true, &agree).await.unwrap());
        assert_eq!(other.glance(key).await.unwrap().map(|seen| seen.since), Some(6_000));
        assert_eq!(one.glance(&neighbour(key)).await.unwrap(), None);
    })
    .await;
}

fn intent(id: &str, run: &str, kind: RowKind, created_at: i64) -> Intent {
    Intent {
        id: id.to_owned(),
        run: run.to_owned(),
        kind,
        account: Some(account(1)),
        contact: (kind != RowKind::Create).then_some(ContactId(101)),
        body: "sealed".to_owned(),
        created_at,
    }
}

/// The first note of a company that is synced each night in this zone.
fn nightly(time_zone: &str) -> AcceptedNote {
    AcceptedNote {
        note: 1,
        generation: 1,
        note_hash: "aa".into(),
        source: "s".into(),
        schedule: "daily".into(),
        time_zone: time_zone.into(),
    }
}

async fn taken(store: &Store, key: &CompanyKey, holder: &str) -> Option<Lease> {
    store.take_lease(key, holder).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn c4_a_lease_has_one_holder_until_it_ends_by_the_databases_time() {
    on_both_at(async |one, other, key, clock| {
        let first = taken(one, key, "first").await.expect("nobody holds it");
        assert_eq!(first.term, 1);
        clock.set(999 + LEASE_SECONDS).await.unwrap();
        assert_eq!(taken(other, key, "second").await, None);
        assert!(taken(other, &neighbour(key), "second").await.is_some(), "each company has its own");

        one.renew_lease(&first).await.unwrap();
        clock.set(1_000 + LEASE_SECONDS).await.unwrap();
        assert_eq!(taken(other, key, "second").await, None);
        let opened = async |store: &Store, lease: &Lease| {
            store.open_intent(lease, &intent(&random_id(), &lease.holder, RowKind::Update, 5)).await
        };
        opened(one, &first).await.unwrap();

        // Its time is over, and nobody has taken it: it counts as lost all the same.
        clock.set(999 + 2 * LEASE_SECONDS).await.unwrap();
        assert!(is_lost(&one.renew_lease(&first).await));
        assert!(is_lost(&opened(one, &first).await));

        let second = taken(other, key, "second").await.expect("the first's time is over");
        assert_eq!(second.term, 2);
        assert!(is_lost(&one.renew_lease(&first).await));
        assert!(is_lost(&opened(one, &first).await));
        assert_eq!(one.unsettled_intents(key).await.unwrap().len(), 1, "only the one that was in time");
        // Who lost it cannot give it away.
        one.release_lease(&first).await.unwrap();
        assert_eq!(taken(one, key, "third").await, None);

        other.release_lease(&second).await.unwrap();
        assert!(is_lost(&other.renew_lease(&second).await));
        let third = taken(one, key, "third").await.expect("it was given back");
        assert_eq!(third.term, 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c4_of_two_that_race_for_a_lease_one_gets_it() {
    on_both_at(async |one, other, key, clock| {
        for round in 0..25 {
            let key = CompanyKey { company: key.company + round, ..key.clone() };
            // The second time over an expired one.
            for (term, now) in [(1, 1_000), (2, 1_000 + LEASE_SECONDS)] {
                clock.set(now).await.unwrap();
                let race = [one, other].map(|store| {
                    let (store, key) = (store.clone(), key.clone());
                    tokio::spawn(async move { store.take_lease(&key, &random_id()).await })
                });
                let got: Vec<Lease> = join_all(race)
                    .await
                    .into_iter()
                    .filter_map(|lease| lease.expect("nothing panics").expect("the store answers"))
                    .collect();
                assert_eq!(got.len(), 1, "{got:?}");
                assert_eq!(got[0].term, term);
            }
        }
    })
    .await;
}

fn approved(number: u8, digit: &str) -> ApprovedRow {
    ApprovedRow::from(Approved {
        kind: RowKind::Update,
        key: RowKey { account: Some(account(number)), contact: None },
        fingerprint: Fingerprint::try_from(digit.repeat(32)).unwrap(),
    })
}

fn review<'a>(id: &'a str, key: &'a CompanyKey, rows: &'a [ApprovedRow]) -> NewRun<'a> {
    NewRun { id, key, kind: RunKind::Review, undoes: None, member_id: 201, member: "Dispatch1", rows }
}

fn ids(runs: &[RunRow]) -> Vec<&str> {
    runs.iter().map(|run| run.id.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_keeps_what_was_approved_and_how_far_it_is() {
    on_both_at(async |one, other, key, _| {
        let rows = [approved(1, "a"), approved(2, "b")];
        let id = random_id();
        one.queue_run(&review(&id, key, &rows), 1_000, 1_010).await.unwrap();
        let waiting = other.run(key, &id).await.unwrap().expect("it is there");
        assert_eq!((waiting.state, waiting.attempts, waiting.queued_at), (RunState::Queued, 0, 1_000));
        assert_eq!(other.run(&neighbour(key), &id).await.unwrap(), None, "it is that company's only");
        assert_eq!(other.approved(&id).await.unwrap(), rows);

        let (run, lease) = other.begin_run(key, &id).await.unwrap().expect("nobody else has it");
        assert_eq!((run.state, run.attempts), (RunState::Reading, 1));
        assert!(one.begin_run(key, &id).await.unwrap().is_none(), "it was begun");
        let progress = RunProgress { to_write: 2, told: 1, ..RunProgress::default() };
        let counts = Counts { created: 2, moved: 1, ..Counts::default() };
        other.note_progress(&lease, RunState::Applying, &progress, &counts).await.unwrap();
        other.settle_approval(&id, &rows[1].approved.key, &Outcome::Applied).await.unwrap();
        let seen = one.run(key, &id).await.unwrap().expect("it is there");
        assert_eq!((seen.state, seen.progress, seen.counts), (RunState::Applying, progress, counts));
        let outcomes: Vec<_> = one.approved(&id).await.unwrap().into_iter().map(|row| row.outcome).collect();
        assert_eq!(outcomes, [None, Some(Outcome::Applied)]);
        let refused = Outcome::Rejected(Refusal::Psa("No.".to_owned()));
        other.settle_approval(&id, &rows[0].approved.key, &refused).await.unwrap();
        let kept = one.approved(&id).await.unwrap().swap_remove(0).outcome;
        assert_eq!(kept, Some(Outcome::Rejected(Refusal::Untold)), "the PSA's words are not kept");

        assert_eq!(one.last_good_run(key).await.unwrap(), None, "it has not ended");
        other.end_run(&lease, RunState::Questions, &counts, None, 1_010).await.unwrap();
        assert!(is_lost(&other.note_progress(&lease, RunState::Applying, &progress, &counts).await));
        other.release_lease(&lease).await.unwrap();

        let failed = random_id();
        one.queue_run(&review(&failed, key, &[]), 1_100, 1_100).await.unwrap();
        let (_, lease) = one.begin_run(key, &failed).await.unwrap().expect("the company is free");
        one.end_run(&lease, RunState::Failed, &Counts::default(), Some("sealed"), 1_110).await.unwrap();
        let last = other.last_runs(key, 10).await.unwrap();
        assert_eq!(ids(&last), [&failed, &id]);
        assert_eq!(last[0].problem.as_deref(), Some("sealed"));
        let good = other.last_good_run(key).await.unwrap().expect("one ended well");
        assert_eq!((good.id, good.ended_at, good.counts), (id, Some(1_010), counts));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c1_a_run_whose_process_ended_is_begun_again_and_the_old_one_says_nothing_more() {
    on_both_at(async |one, other, key, clock| {
        let id = random_id();
        one.queue_run(&review(&id, key, &[]), 1_000, 1_010).await.unwrap();
        assert_eq!(other.waiting_runs(10).await.unwrap(), [], "it is left to who took the request");
        let (_, old) = one.begin_run(key, &id).await.unwrap().expect("it is free");
        assert_eq!(other.requeue_dead_runs().await.unwrap(), 0, "it is alive");
        clock.set(1_000 + LEASE_SECONDS).await.unwrap();
        assert_eq!(other.requeue_dead_runs().await.unwrap(), 1);
        assert_eq!(other.requeue_dead_runs().await.unwrap(), 0, "once");
        assert_eq!(ids(&other.waiting_runs(10).await.unwrap()), [&id]);
        let (run, new) = other.begin_run(key, &id).await.unwrap().expect("it is free");
        assert_eq!((run.attempts, new.term), (2, old.term + 1));
        // It wakes up.
        let counts = Counts::default();
        assert!(is_lost(&one.end_run(&old, RunState::Done, &counts, None, 2_000).await));
        assert!(is_lost(&one.open_intent(&old, &intent("x", &id, RowKind::Update, 2_000)).await));
        one.requeue(&old).await.unwrap();
        let still = one.run(key, &id).await.unwrap().expect("it is there");
        assert_eq!((still.state, still.attempts), (RunState::Reading, 2));
        other.end_run(&new, RunState::Done, &counts, None, 2_001).await.unwrap();
        other.release_lease(&new).await.unwrap();
        assert_eq!(other.waiting_runs(10).await.unwrap(), []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c12_a_slot_is_queued_once_and_people_go_first() {
    on_both_at(async |one, other, key, clock| {
        let note = nightly("UTC");
        one.accept_note(key, &note, Some(2_000)).await.unwrap();
        assert_eq!(other.due_companies(10).await.unwrap(), []);
        clock.set(2_500).await.unwrap();
        let due = other.due_companies(10).await.unwrap();
        assert_eq!((due.len(), due[0].slot, due[0].now), (1, 2_000, 2_500));
        let run = |id| NewRun { kind: RunKind::Schedule, member_id: 0, member: "", ..review(id, key, &[]) };
        let [first, second] = [random_id(), random_id()];
        // Both replicas saw the same; whatever was missed is one run.
        let both = join_all([
            one.queue_slot(&due[0], &run(&first), Some(90_000)),
            other.queue_slot(&due[0], &run(&second), Some(90_000)),
        ])
        .await;
        assert_eq!(both.into_iter().filter(|queued| *queued.as_ref().unwrap()).count(), 1);
        assert_eq!(other.due_companies(10).await.unwrap(), []);
        assert_eq!(other.next_slot(key).await.unwrap(), Some(90_000));
        // A schedule that stays keeps its slot; another one does not.
        one.accept_note(key, &AcceptedNote { generation: 2, ..note.clone() }, Some(80_000)).await.unwrap();
        assert_eq!(other.next_slot(key).await.unwrap(), Some(90_000));
        one.accept_note(key, &AcceptedNote { schedule: "off".into(), ..note }, None).await.unwrap();
        assert_eq!(other.next_slot(key).await.unwrap(), None);

        let person = random_id();
        one.queue_run(&review(&person, &neighbour(key), &[]), 2_400, 2_410).await.unwrap();
        let waiting = other.waiting_runs(10).await.unwrap();
        assert_eq!(waiting.len(), 2);
        assert_eq!(waiting[0].id, person, "a person waits");
        let (_, lease) = one.begin_run(key, &waiting[1].id).await.unwrap().expect("the company is free");
        let more = random_id();
        one.queue_run(&review(&more, key, &[]), 2_500, 2_500).await.unwrap();
        assert_eq!(ids(&other.waiting_runs(10).await.unwrap()), [&person], "a run of that company goes on");
        one.requeue(&lease).await.unwrap();
        one.release_lease(&lease).await.unwrap();
        assert_eq!(other.waiting_runs(10).await.unwrap().len(), 3, "it is given up early");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn installations_take_turns() {
    on_both(async |one, other, key| {
        let many: Vec<String> = (0..5).map(|_| random_id()).collect();
        let few = CompanyKey { installation: random_id(), company: 1 };
        for (company, id) in (1..).zip(&many) {
            let key = CompanyKey { company, ..key.clone() };
            let run = NewRun { kind: RunKind::Schedule, member_id: 0, member: "", ..review(id, &key, &[]) };
            one.queue_run(&run, 900, 900).await.unwrap();
        }
        let last = random_id();
        let run = NewRun { kind: RunKind::Schedule, member_id: 0, member: "", ..review(&last, &few, &[]) };
        one.queue_run(&run, 950, 950).await.unwrap();
        let waiting = other.waiting_runs(3).await.unwrap();
        assert!(ids(&waiting)[..2].contains(&last.as_str()), "the other one's turn is the second");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_are_counted_while_they_are_at_work() {
    on_both_at(async |one, other, _, clock| {
        assert_eq!(one.replicas_at_work("one").await.unwrap(), 1);
        assert_eq!(other.replicas_at_work("other").await.unwrap(), 2);
        clock.set(1_050).await.unwrap();
        assert_eq!(one.replicas_at_work("one").await.unwrap(), 2);
        clock.set(1_090).await.unwrap();
        assert_eq!(one.replicas_at_work("one").await.unwrap(), 1, "the other one was not seen for long");
        assert_eq!(other.replicas_at_work("other").await.unwrap(), 2);
        one.replica_stops("one").await.unwrap();
        assert_eq!(other.replicas_at_work("other").await.unwrap(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c2_a_row_that_is_refused_is_counted_until_it_is_another() {
    on_both(async |one, other, key| {
        let row = |digit| approved(1, digit).approved;
        let note = async |digit| one.note_setback(key, &row("a").key, row(digit).fingerprint).await.unwrap();
        note("a").await;
        note("a").await;
        let setbacks = other.setbacks(key).await.unwrap();
        assert_eq!(setbacks[&row("a").key], Setback { fingerprint: row("a").fingerprint, times: 2 });
        note("b").await;
        assert_eq!(other.setbacks(key).await.unwrap()[&row("a").key].times, 1);
        assert!(other.setbacks(&neighbour(key)).await.unwrap().is_empty());
        one.forget_setback(key, &row("a").key).await.unwrap();
        assert!(other.setbacks(key).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_written_intent_keeps_its_body_until_it_can_be_undone_no_more() {
    on_both(async |one, other, key| {
        const KINDS: [RowKind; 5] =
            [RowKind::Create, RowKind::Update, RowKind::Deactivate, RowKind::Reactivate, RowKind::Link];
        let lease = taken(one, key, "run").await.expect("nobody holds it");
        let ids: Vec<String> = KINDS.iter().map(|_| random_id()).collect();
        for (at, (kind, id)) in (1_001..).zip(KINDS.into_iter().zip(&ids)) {
            one.open_intent(&lease, &intent(id, "run", kind, at)).await.unwrap();
        }
        let unsettled = async || {
            let found = other.unsettled_intents(key).await.unwrap();
            found.into_iter().map(|unsettled| unsettled.intent.id).collect::<Vec<_>>()
        };
        let found = other.unsettled_intents(key).await.unwrap();
        assert_eq!(found.iter().map(|unsettled| unsettled.intent.kind).collect::<Vec<_>>(), KINDS);
        assert_eq!(found[0].intent.contact, None);
        assert_eq!(found[1].since, 1_002);
        assert_eq!(found[1].intent, intent(&ids[1], "run", RowKind::Update, 1_002));

        let made = Some(ContactId(555));
        let ends = async |id: &str, state, contact, at| {
            let entry = AuditEntry { at, contact, ..entry("run") };
            one.settle_intent(key, id, state, &entry).await.unwrap();
        };
        ends(&ids[0], IntentState::Applied, made, 2_000).await;
        ends(&ids[1], IntentState::Rejected, None, 2_000).await;
        ends(&ids[2], IntentState::Unknown, None, 2_000).await;
        // Once settled it stays so, and is not told of again.
        ends(&ids[0], IntentState::Unknown, None, 2_000).await;
        assert_eq!(checked_chain(other, key).await.len(), 3);
        assert_eq!(unsettled().await, ids[2..]);
        assert_eq!(other.unsettled_intents(key).await.unwrap()[0].since, 2_000);
        ends(&ids[2], IntentState::Applied, Some(ContactId(101)), 2_001).await;
        assert_eq!(unsettled().await, ids[3..]);
        assert_eq!(other.unsettled_intents(&neighbour(key)).await.unwrap().len(), 0);
        assert_eq!(other.deactivated_since(key, 1_003).await.unwrap(), 1);
        assert_eq!(other.deactivated_since(key, 1_004).await.unwrap(), 0);

        let undoable = other.undoable(key, "run").await.unwrap();
        let created = Intent { contact: made, ..intent(&ids[0], "run", RowKind::Create, 1_001) };
        assert_eq!(undoable, [created, intent(&ids[2], "run", RowKind::Deactivate, 1_003)]);
        assert_eq!(other.undoable(&neighbour(key), "run").await.unwrap(), []);
        for (since, count) in [(0, 2), (1_002, 1), (1_004, 0)] {
            assert_eq!(other.count_undoable(key, "run", since).await.unwrap(), count, "since {since}");
        }
        assert_eq!(other.count_undoable(&neighbour(key), "run", 0).await.unwrap(), 0);
        one.mark_undone(&ids[0], "undo").await.unwrap();
        assert_eq!(other.undoable(key, "run").await.unwrap().len(), 1);
        one.forget_undo(1_003).await.unwrap();
        assert_eq!(other.undoable(key, "run").await.unwrap().len(), 1, "its time is not over");
        one.forget_undo(1_004).await.unwrap();
        assert_eq!(other.undoable(key, "run").await.unwrap(), []);
        let bodies: Vec<(String, Option<String>)> = rows!(
            other,
            "SELECT state, body FROM intent WHERE installation = $1 ORDER BY created_at",
            &key.installation
        );
        let sealed = || Some("sealed".to_owned());
        let expected = [
            ("applied", None),
            ("rejected", None),
            ("applied", None),
            ("open", sealed()),
            ("open", sealed()),
        ];
        assert_eq!(bodies, expected.map(|(state, body)| (state.to_owned(), body)));
    })
    .await;
}

#[derive(sqlx::FromRow)]
struct Audited {
    sequence: i64,
    run: String,
    at: i64,
    member: String,
    kind: String,
    account: Option<String>,
    contact: Option<i64>,
    fields: String,
    outcome: String,
    previous: String,
    hash: String,
}

/// A company's chain, and the first row of it that does not fit, by every row's own columns: as an auditor
/// would read it.
async fn audited(store: &Store, key: &CompanyKey) -> (Vec<Audited>, Option<i64>) {
    let chain: Vec<Audited> = rows!(
        store,
        "SELECT sequence, run, at, member, kind, account, contact, fields, outcome, previous, hash
         FROM audit WHERE installation = $1 AND company = $2 ORDER BY sequence",
        &key.installation,
        key.company
    );
    let mut previous = String::new();
    for (sequence, row) in (1..).zip(&chain) {
        let mut hash = Sha256::new();
        for part in [
            &row.previous,
            &key.installation,
            &key.company.to_string(),
            &row.sequence.to_string(),
            &row.run,
            &row.at.to_string(),
            &row.member,
            &row.kind,
            &row.account.clone().unwrap_or_default(),
            &row.contact.map(|id| id.to_string()).unwrap_or_default(),
            &row.fields,
            &row.outcome,
        ] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        let fits = (row.sequence, &row.previous) == (sequence, &previous);
        if !fits || row.hash != hex::encode(hash.finalize()) {
            return (chain, Some(sequence));
        }
        previous.clone_from(&row.hash);
    }
    (chain, None)
}

/// The chain, in which every row has to fit.
async fn checked_chain(store: &Store, key: &CompanyKey) -> Vec<Audited> {
    let (chain, misfit) = audited(store, key).await;
    assert_eq!(misfit, None);
    chain
}

fn entry(run: &str) -> AuditEntry<'_> {
    AuditEntry {
        run,
        at: 1_000,
        member: "Dispatch1",
        kind: "update",
        account: Some(account(1)),
        contact: Some(ContactId(101)),
        fields: "title,email",
    }
}

/// Tells of a write that ended so.
async fn tell(store: &Store, lease: &Lease, entry: &AuditEntry<'_>, state: IntentState) {
    let id = random_id();
    store.open_intent(lease, &intent(&id, entry.run, RowKind::Update, entry.at)).await.unwrap();
    store.settle_intent(&lease.key, &id, state, entry).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn each_audit_row_carries_the_hash_of_the_one_before() {
    on_both(async |one, other, key| {
        let lease = taken(one, key, "run").await.expect("nobody holds it");
        let next_door = taken(one, &neighbour(key), "run").await.expect("nobody holds it");
        tell(one, &lease, &entry("first"), IntentState::Applied).await;
        let nameless = AuditEntry { account: None, contact: None, ..entry("second") };
        tell(other, &lease, &nameless, IntentState::Applied).await;
        tell(one, &next_door, &entry("first"), IntentState::Applied).await;
        tell(one, &lease, &entry("second"), IntentState::Rejected).await;
        let chain = checked_chain(other, key).await;
        let told: Vec<_> = chain.iter().map(|row| (row.run.as_str(), row.outcome.as_str())).collect();
        assert_eq!(told, [("first", "applied"), ("second", "applied"), ("second", "rejected")]);
        assert_eq!(checked_chain(other, &neighbour(key)).await.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s11_an_audit_row_that_is_changed_taken_out_or_put_between_shows() {
    const COLUMNS: [&str; 10] = [
        "run = 'another'",
        "at = at + 1",
        "member = 'Somebody'",
        "kind = 'create'",
        "account = NULL",
        "contact = contact + 1",
        "fields = 'title'",
        "outcome = 'rejected'",
        "previous = hash",
        "hash = previous",
    ];
    const TAKEN_OUT: &str = "DELETE FROM audit WHERE sequence = 2";
    const CLOSED_UP: &str = "UPDATE audit SET sequence = sequence - 1 WHERE sequence > 2";
    const PUT_BETWEEN: &str = "INSERT INTO audit (installation, company, sequence, run, at, member, kind,
             account, contact, fields, outcome, previous, hash)
         SELECT installation, company, 5, run, at, member, kind, account, contact, fields, outcome, hash, hash
         FROM audit WHERE sequence = 4";
    on_both(async |one, other, key| {
        let rows = ["first", "second", "third", "fourth"];
        let lease = taken(one, key, "run").await.expect("nobody holds it");
        for run in rows {
            tell(one, &lease, &entry(run), IntentState::Applied).await;
        }
        assert_eq!(checked_chain(other, key).await.len(), rows.len());
        for column in COLUMNS {
            let changed = format!("UPDATE audit SET {column} WHERE sequence = 2");
            assert_eq!(tampered(other, key, &[&changed]).await, Some(2), "{column}");
        }
        assert_eq!(tampered(other, key, &[TAKEN_OUT]).await, Some(2));
        assert_eq!(tampered(other, key, &[TAKEN_OUT, CLOSED_UP]).await, Some(2));
        assert_eq!(tampered(other, key, &[PUT_BETWEEN]).await, Some(5));
        assert_eq!(checked_chain(other, key).await.len(), rows.len(), "each of them was taken back");
    })
    .await;
}

/// The first row that does not fit once somebody has done this to the chains, which is taken back again.
async fn tampered(store: &Store, key: &CompanyKey, statements: &[&str]) -> Option<i64> {
    const KEPT: [&str; 2] = ["CREATE TABLE kept AS SELECT * FROM audit", "DELETE FROM audit"];
    const BACK: [&str; 2] = ["INSERT INTO audit SELECT * FROM kept", "DROP TABLE kept"];
    execute(store, KEPT[0]).await;
    for statement in statements {
        execute(store, statement).await;
    }
    let (_, misfit) = audited(store, key).await;
    for statement in [KEPT[1], BACK[0], BACK[1]] {
        execute(store, statement).await;
    }
    misfit
}

async fn execute(store: &Store, sql: &str) {
    let sql = AssertSqlSafe(sql.to_owned());
    match store {
        Store::Sqlite(pool) => drop(sqlx::raw_sql(sql).execute(pool).await.expect("it fits the tables")),
        Store::Postgres(pool) => drop(sqlx::raw_sql(sql).execute(pool).await.expect("it fits the tables")),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_writers_at_once_keep_one_audit_chain() {
    on_both(async |one, other, key| {
        let lease = taken(one, key, "run").await.expect("nobody holds it");
        let writers = (0..40).map(|number| {
            let (store, lease) = (if number % 2 == 0 { one } else { other }.clone(), lease.clone());
            tokio::spawn(async move {
                tell(&store, &lease, &entry(&format!("run {number}")), IntentState::Applied).await;
            })
        });
        for written in join_all(writers).await {
            written.expect("each entry is written");
        }
        let mut runs: Vec<String> = checked_chain(one, key).await.into_iter().map(|row| row.run).collect();
        runs.sort();
        runs.dedup();
        assert_eq!(runs.len(), 40);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c5_a_token_is_good_once_also_when_it_is_used_twice_at_once() {
    on_both(async |one, other, _| {
        let token = random_id();
        assert!(one.use_token(&token, 1_120, 1_000).await.unwrap());
        assert!(!other.use_token(&token, 1_120, 1_000).await.unwrap());
        assert!(!one.use_token(&token, 1_120, 1_120).await.unwrap(), "until its time is over");

        let raced = random_id();
        let race = [one, other, one, other].map(|store| {
            let (store, raced) = (store.clone(), raced.clone());
            tokio::spawn(async move { store.use_token(&raced, 1_120, 1_000).await })
        });
        let used = join_all(race).await.into_iter().filter(|used| matches!(used, Ok(Ok(true)))).count();
        assert_eq!(used, 1);

        // Beyond that its time refuses it, and nothing of it is kept.
        one.use_token(&random_id(), 2_000, 1_121).await.unwrap();
        let kept: Vec<(i64,)> =
            rows!(other, "SELECT expires_at FROM used_token WHERE id IN ($1, $2)", &token, &raced);
        assert_eq!(kept, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_whole_while_others_write() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let url = format!("sqlite:{}", folder.path().join("store.sqlite").display());
    let store = Store::open(&url).await.expect("the store opens");
    let key = CompanyKey { installation: random_id(), company: 7 };
    store.save_link(&key, &Link::new(account(1), ContactId(1))).await.unwrap();

    let writing = {
        let (store, key) = (store.clone(), key.clone());
        tokio::spawn(async move {
            for number in 2..=200 {
                store
                    .save_link(&key, &Link::new(account(number), ContactId(i64::from(number))))
                    .await
                    .unwrap();
            }
        })
    };
    let copies: Vec<_> = (0..3).map(|number| folder.path().join(format!("copy{number}.sqlite"))).collect();
    for copy in &copies {
        back_up(&url, copy).await.expect("it is copied");
    }
    writing.await.expect("writing goes on");
    back_up(&url, &folder.path().join("last.sqlite")).await.expect("it is copied");

    let links = async |path: &std::path::Path| {
        let copy = Store::open(&format!("sqlite:{}", path.display())).await.expect("a copy opens");
        copy.links(&key).await.unwrap().len()
    };
    let mut before = 1;
    for copy in &copies {
        let seen = links(copy).await;
        assert!(seen >= before, "{seen} after {before}");
        before = seen;
    }
    assert_eq!(links(&folder.path().join("last.sqlite")).await, 200);
    let mode = std::fs::metadata(&copies[0]).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(matches!(back_up(&url, &copies[0]).await, Err(BackupError::Exists)), "nothing is written over");
    assert!(matches!(back_up("postgres://x/y", &folder.path().join("z")).await, Err(BackupError::Postgres)));
    let nowhere = format!("sqlite:{}", folder.path().join("none.sqlite").display());
    assert!(back_up(&nowhere, &folder.path().join("z")).await.is_err());
    assert!(!folder.path().join("z").exists() && !folder.path().join("none.sqlite").exists());
}
