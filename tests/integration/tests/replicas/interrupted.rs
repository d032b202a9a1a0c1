//! A database that goes away in the middle and comes back.

use std::sync::Arc;

use integration::{pod::Pod, postgres::Postgres, replica::Replica};
use psa_simulator::Options;

use crate::{
    companies::Companies,
    records::{CONTACTS, LONG, until},
    shared::pod_at,
};

const COMPANIES: usize = 24;

#[tokio::test(flavor = "multi_thread")]
async fn c8_runs_go_on_by_themselves_when_the_database_is_back() -> anyhow::Result<()> {
    let companies = Companies::set_up(Arc::new(Postgres::start()?), COMPANIES, Options::default()).await?;
    let mut replicas = companies.replicas()?;
    replicas.iter_mut().try_for_each(Replica::start)?;
    let pod: Pod = pod_at(&companies, &replicas[0], 0).await;
    companies.change(2);
    let slot = companies.make_due().await;
    until("a contact is made", LONG, async || companies.psa().lock().count("POST", CONTACTS) > 0).await;
    assert!(companies.live(slot).await > 0, "the night is over already");

    companies.postgres.stop_at_once()?;
    let refused = pod.status().await.expect_err("it cannot know");
    assert_eq!(refused.problem.code, "store_failed");
    companies.postgres.start_again()?;

    companies.wait_for_the_night(slot).await;
    assert!(companies.begun_again(slot).await > 0, "no run was interrupted");
    pod.status().await.expect("it knows again");
    companies.nobody_is_there_twice();
    companies.some_minutes_pass().await;
    let next = companies.make_due().await;
    companies.wait_for_the_night(next).await;
    companies.everything_is_done(2);
    companies.everything_is_accounted_for().await;
    assert_eq!(replicas.each_ref().map(Replica::panics), [0, 0]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn c8_a_run_that_the_database_failed_is_begun_again() -> anyhow::Result<()> {
    let companies = Companies::set_up(Postgres::shared()?, 1, Options::default()).await?;
    let [mut replica, _] = companies.replicas()?;
    companies.change(1);
    sqlx::query("ALTER TABLE link RENAME TO mislaid").execute(companies.pool()).await?;
    replica.start()?;
    let slot = companies.make_due().await;
    until("it was begun", LONG, async || replica.said("a run was left in the middle")).await;
    sqlx::query("ALTER TABLE mislaid RENAME TO link").execute(companies.pool()).await?;
    companies.wait_for_the_night(slot).await;
    companies.everything_is_done(1);
    companies.everything_is_accounted_for().await;
    assert_eq!(replica.panics(), 0);
    Ok(())
}
