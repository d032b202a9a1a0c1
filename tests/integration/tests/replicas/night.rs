//! A night in which processes are killed.

use std::time::Duration;

use integration::{postgres::Postgres, replica::Replica};
use psa_simulator::{Fault, FaultKind, Options};
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::{
    companies::Companies,
    records::{CONTACTS, LONG, until},
};

/// How often one of the two is killed.
const EVERY: Duration = Duration::from_secs(3);

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("it is a number"))
}

/// The PSA makes one contact at once, and answers when each of the two has been killed.
fn answer_a_creation_late(companies: &Companies) {
    let delay_ms = u64::try_from(EVERY.as_millis() * 3).expect("it is a few seconds");
    companies.psa().lock().fault(Fault { delay_ms, ..Fault::once("POST", CONTACTS, FaultKind::Slow) });
}

/// Kills both while the PSA has made a contact and has not answered yet.
async fn kill_both_in_a_creation(companies: &Companies, replicas: &mut [Replica; 2]) {
    let made = companies.psa().lock().count("POST", CONTACTS);
    answer_a_creation_late(companies);
    until("a contact is made", LONG, async || companies.psa().lock().count("POST", CONTACTS) > made).await;
    replicas.iter_mut().for_each(Replica::kill);
    assert!(companies.open_writes().await > 0, "the answer came first");
}

/// Kills one after the other, again and again for so long. How often.
async fn kill_by_turns(
    companies: &Companies,
    replicas: &mut [Replica; 2],
    time: Duration,
) -> anyhow::Result<i64> {
    let end = Instant::now() + time;
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.tick().await;
    let mut kills = 0;
    for turn in [0, 1].into_iter().cycle() {
        answer_a_creation_late(companies);
        ticks.tick().await;
        if Instant::now() > end {
            break;
        }
        replicas[turn].kill();
        replicas[turn].start()?;
        kills += 1;
    }
    companies.psa().lock().clear_faults();
    Ok(kills)
}

#[tokio::test(flavor = "multi_thread")]
async fn c4_whoever_is_killed_in_the_night_each_company_is_synced_once() -> anyhow::Result<()> {
    let time = Duration::from_secs(number("REPLICAS_SECONDS", 20));
    let count = usize::try_from(number("REPLICAS_COMPANIES", 100))?;
    let began = Instant::now();
    let companies = Companies::set_up(Postgres::shared()?, count, Options::default()).await?;
    println!("{count} companies were set up in {:?}", began.elapsed());

    let mut replicas = companies.replicas()?;
    companies.change(1);
    let slot = companies.make_due().await;
    replicas.iter_mut().try_for_each(Replica::start)?;
    kill_both_in_a_creation(&companies, &mut replicas).await;
    replicas.iter_mut().try_for_each(Replica::start)?;
    let kills = 2 + kill_by_turns(&companies, &mut replicas, time).await?;

    companies.wait_for_the_night(slot).await;
    println!("the night ended {:?} after it was set up", began.elapsed());
    let begun_again = companies.begun_again(slot).await;
    println!(
        "{kills} kills; runs were begun again {begun_again} times; {} writes are open",
        companies.open_writes().await
    );
    assert!(begun_again >= kills, "{kills} kills hit only {begun_again} runs");
    companies.nobody_is_there_twice();

    companies.some_minutes_pass().await;
    let next = companies.make_due().await;
    companies.wait_for_the_night(next).await;
    println!("the second night ended after {:?}", began.elapsed());
    assert_eq!(companies.begun_again(next).await, 0);
    companies.everything_is_done(1);
    companies.everything_is_accounted_for().await;
    assert_eq!(replicas.each_ref().map(Replica::panics), [0, 0]);
    Ok(())
}
