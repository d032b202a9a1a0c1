//! Measures; asserts nothing. Each command prints one line of JSON. Run it optimised:
//! `cargo run --release -p bench -- psa-read --contacts 10000 --latency-ms 50`.

mod fleet;
mod matching;
mod memory;
mod people;
mod plan;
mod pod;
mod psa_read;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Measures ConnectActive, and prints what it found as one line of JSON")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// How long the client takes to read all contacts of a company from a simulated PSA, and how
    /// long the fewest possible calls would take one after another.
    PsaRead(psa_read::PsaRead),
    /// How long a night takes in which every company of a PSA is synced, how many calls it costs, and
    /// how much memory.
    Fleet(fleet::Fleet),
    /// How quick the pod is at a company with so many rows, in headless Chromium, and what it weighs.
    Pod(pod::Pod),
    /// How well the planner finds who is whom in two labelled lists.
    Matching(matching::Matching),
    /// How long the planner takes for a company, natively or in a browser.
    Plan(plan::Plan),
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "the figures are this program's output")]
async fn main() -> anyhow::Result<()> {
    server::web::install_tls_provider();
    let figures = match Arguments::parse().command {
        Command::PsaRead(options) => serde_json::to_string(&options.measure().await?)?,
        Command::Fleet(options) => serde_json::to_string(&options.measure().await?)?,
        Command::Pod(options) => serde_json::to_string(&options.measure().await?)?,
        Command::Plan(options) => serde_json::to_string(&options.measure().await?)?,
        Command::Matching(options) => serde_json::to_string(&options.measure()?)?,
    };
    println!("{figures}");
    Ok(())
}
