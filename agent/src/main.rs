//! The agent in a client's network.

use std::process::ExitCode;

use agent::command::{CheckArguments, ReadArguments, check_command, read_command};
use clap::{Parser, Subcommand};

/// Reads a company's directory.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Tries a directory step by step and says in words how far it came.
    Check(CheckArguments),
    /// Reads a source (JSON) from standard input and writes its accounts to standard output.
    Read(ReadArguments),
}

fn main() -> ExitCode {
    let command = Arguments::parse().command;
    // It fails only when a provider is installed already, and then there is one.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    match command {
        Command::Check(arguments) => check_command(arguments),
        Command::Read(arguments) => read_command(arguments),
    }
}
