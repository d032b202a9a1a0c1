//! A process that stands still for longer than its lease lasts.

use std::time::Duration;

use integration::{postgres::Postgres, psa_contacts::writes, replica::Replica};
use psa_simulator::{Fault, FaultKind, Options};

use crate::{
    companies::{Companies, NEWCOMERS},
    records::{CONTACTS, LONG, until},
};

#[tokio::test(flavor = "multi_thread")]
async fn c4_a_process_that_was_paused_writes_nothing_when_it_wakes() -> anyhow::Result<()> {
    let companies = Companies::set_up(Postgres::shared()?, 1, Options::default()).await?;
    let [mut one, mut other] = companies.replicas()?;
    companies.change(NEWCOMERS.len());
    let late = Fault { times: 100, delay_ms: 10_000, ..Fault::once("POST", CONTACTS, FaultKind::Slow) };
    companies.psa().lock().fault(late);
    one.start()?;
    let slot = companies.make_due().await;
    until("the run has begun", LONG, async || companies.live(slot).await == 1).await;
    other.start()?;
    until("a contact is made", LONG, async || companies.psa().lock().count("POST", CONTACTS) > 0).await;
    one.pause()?;
    companies.psa().lock().clear_faults();
    let made = companies.psa().lock().count("POST", CONTACTS);
    assert!(made < NEWCOMERS.len(), "the run is over already");

    companies.wait_for_the_night(slot).await;
    assert_eq!(companies.begun_again(slot).await, 1);
    companies.nobody_is_there_twice();
    let written = writes(&companies.deployment);
    assert!(companies.psa().lock().count("POST", CONTACTS) > made, "the other did not go on with it");
    one.wake()?;
    until("it knows that the run is not its own", Duration::from_secs(30), async || {
        one.said("a run was left in the middle")
    })
    .await;
    assert_eq!(writes(&companies.deployment), written);
    companies.nobody_is_there_twice();

    companies.some_minutes_pass().await;
    let next = companies.make_due().await;
    companies.wait_for_the_night(next).await;
    companies.everything_is_done(NEWCOMERS.len());
    companies.everything_is_accounted_for().await;
    assert_eq!([&one, &other].map(Replica::panics), [0, 0]);
    Ok(())
}
