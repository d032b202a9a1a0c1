//! A night in which every company of one PSA is synced by its schedule.
//!
//! The service is the program that an operator runs, on SQLite; the simulated PSA, with its limit of
//! 1,000 requests a minute, and one directory server with a domain for each company are in this process.
//! Every company was set up and reviewed before. Since then one in twenty has hired somebody, and in
//! another one in twenty somebody has another title; in the rest there is nothing to do. All of them are
//! due at the same moment, and each is really read, by a child process over LDAPS.
//!
//! # The fewest calls
//!
//! For each company its settings note (it may have changed since yesterday), its record (who is its
//! default and who its billing contact), its contacts, a thousand to a page, and its open tickets. For
//! somebody hired one look for contacts that are newer than those, and one call that creates; for another
//! title one call that changes. For the installation where the API is, its communication types and its
//! departments, once: a night that takes longer than these are kept reads them again.
//!
//! # The bounds
//!
//! `bound_seconds` is the least time that so many calls take at the pace which the client keeps for all
//! requests to one PSA: [`BURST`] at once, then [`PER_SECOND`]. It is less than what the PSA takes from
//! everybody together, on purpose, so that others are left some. `psa_bound_seconds` is the least time for
//! somebody who uses up all of that: a thousand at the beginning of each minute.

mod ground;

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Args;
use pod_view::wire::RunState;
use serde::Serialize;
use server::psa::{BURST, PER_SECOND};
use tokio::time::Instant;

use self::ground::Ground;
use crate::memory::Memory;

/// The most rows that one page may have (ConnectWise Developer Guide, "Pagination").
const PAGE: usize = 1000;
/// What the simulated PSA takes in a minute, as a real one does.
const PSA_PER_MINUTE: usize = 1000;
/// The settings note, the company's record, its open tickets.
const CALLS_BESIDE_THE_PAGES: usize = 3;
/// Where the API is, the communication types, the departments.
const CALLS_OF_AN_INSTALLATION: usize = 3;
/// A look for newer contacts, and the creation.
const CALLS_OF_A_HIRE: usize = 2;
const CALLS_OF_A_TITLE: usize = 1;
/// How often it is looked whether the night is over.
const LOOK: Duration = Duration::from_millis(200);
/// How long nothing may end until the night counts as stuck.
const PATIENCE: Duration = Duration::from_mins(5);

/// `fleet`: a night of so many companies.
#[derive(Debug, Args)]
pub(crate) struct Fleet {
    /// How many companies.
    #[arg(long, default_value_t = 2000)]
    companies: usize,
    /// How many people each of them has.
    #[arg(long, default_value_t = 50)]
    people: u32,
    /// How long each answer of the PSA is on its way, in milliseconds.
    #[arg(long, default_value_t = 50)]
    latency_ms: u64,
}

/// What was measured.
#[derive(Debug, Serialize)]
pub(crate) struct Figures {
    /// The calls that the PSA counted.
    calls: usize,
    /// The fewest calls that can do as much.
    least_calls: usize,
    /// Calls that the PSA refused because they were too many.
    throttled_calls: usize,
    /// From the moment at which all are due until the last run has ended.
    seconds: f64,
    /// The least time for the fewest calls at the client's own pace.
    bound_seconds: f64,
    /// The same with all that the PSA takes from everybody.
    psa_bound_seconds: f64,
    /// The service and its child processes at the moment when they had most together, in mebibytes: the
    /// sum of their proportional set sizes, in which a page that several of them share counts once.
    peak_mb: f64,
    /// Companies whose run left nothing to do.
    companies_done: usize,
    /// Companies whose run failed.
    companies_failed: usize,
    /// Contacts to be created and to be changed.
    rows_to_write: usize,
    /// Those that were.
    rows_written: usize,
}

impl Fleet {
    pub(crate) async fn measure(&self) -> Result<Figures> {
        let mut ground = Ground::set_up(self).await?;
        let (hires, titles) = ground.pass_a_day()?;
        let process = ground.serve()?;
        let memory = Memory::watch(process);
        let began = Instant::now();
        ground.all_are_due().await?;
        self.wait_for_the_end(&ground).await?;
        let seconds = began.elapsed().as_secs_f64();
        let peak_mb = memory.peak_mb();
        let ended = ground.ended().await?;
        let (calls, throttled_calls) = ground.calls();
        let least_calls = self.least_calls(hires, titles);
        let count = |state| ended.iter().filter(|run| run.state == state).count();
        let written = ended.iter().map(|run| run.counts.created + run.counts.updated).sum::<u64>();
        let paced = least_calls.saturating_sub(BURST as usize);
        Ok(Figures {
            calls,
            least_calls,
            throttled_calls,
            seconds,
            bound_seconds: float(paced)? / f64::from(PER_SECOND),
            psa_bound_seconds: 60.0 * float(least_calls.saturating_sub(1) / PSA_PER_MINUTE)?,
            peak_mb,
            companies_done: count(RunState::Done),
            companies_failed: count(RunState::Failed),
            rows_to_write: hires + titles,
            rows_written: usize::try_from(written)?,
        })
    }

    fn least_calls(&self, hires: usize, titles: usize) -> usize {
        let pages = (self.people as usize).div_ceil(PAGE).max(1);
        CALLS_OF_AN_INSTALLATION
            + self.companies * (pages + CALLS_BESIDE_THE_PAGES)
            + hires * CALLS_OF_A_HIRE
            + titles * CALLS_OF_A_TITLE
    }

    async fn wait_for_the_end(&self, ground: &Ground) -> Result<()> {
        let (mut ended, mut moved) = (0, Instant::now());
        while ended < self.companies {
            ensure!(moved.elapsed() < PATIENCE, "only {ended} of {} runs have ended", self.companies);
            tokio::time::sleep(LOOK).await;
            let now = ground.runs_ended().await.context("the store cannot be read")?;
            if now > ended {
                (ended, moved) = (now, Instant::now());
            }
        }
        Ok(())
    }
}

fn float(number: usize) -> Result<f64> {
    Ok(f64::from(u32::try_from(number)?))
}
