//! The sample directory by itself, or the contacts that go with it.

use anyhow::Context;
use clap::Parser;
use sample_directory::{Options, contacts, people, start};

/// Harbor Manufacturing's directory.
#[derive(Parser)]
struct Arguments {
    /// The port on 127.0.0.1 to answer LDAPS on.
    #[arg(long, default_value_t = 6636)]
    port: u16,
    /// Instead of serving, print the PSA's contacts (CSV) that go with these people.
    #[arg(long)]
    contacts: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    if arguments.contacts {
        print!("{}", contacts::csv(&people())?);
        return Ok(());
    }
    let directory = start(Options { port: arguments.port, ..Options::default() }).await?;
    println!("LDAPS on {}", directory.address());
    println!(
        "base {}, bind name {}, password {}",
        directory.base(),
        directory.bind_name(),
        directory.password()
    );
    println!("certificate SHA-256 {}\n{}", directory.certificate_sha256(), directory.ca_pem());
    tokio::signal::ctrl_c().await.context("waiting for Ctrl-C")?;
    directory.stop().await;
    Ok(())
}
