//! `connectactive`: the service and its few commands.

use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use server::{
    config::{ServeOptions, StoreOptions},
    directory::ReaderProgram,
    joining,
    psa::Credentials,
    security::keys::MasterKey,
    web,
};

#[derive(Parser)]
#[command(name = "connectactive", version, about = "Keeps ConnectWise PSA contacts true to Active Directory")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the pod: the page that the PSA shows beside a company.
    Serve(ServeOptions),
    /// Let a PSA join: tries the API member's keys, stores them encrypted, and prints the pod's
    /// address. The private key comes from the environment variable `PSA_PRIVATE_KEY`.
    Join(JoinOptions),
    /// Print a new key for the service. Keep it: without it, nothing that was sealed opens again.
    Keygen,
    /// Read a directory from the description on standard input. The service calls itself with this.
    #[command(hide = true)]
    Read(agent::command::ReadArguments),
}

#[derive(Args)]
struct JoinOptions {
    #[command(flatten)]
    store: StoreOptions,
    /// The PSA's web address, for example <https://na.myconnectwise.net>.
    #[arg(long)]
    psa: String,
    /// The company name that technicians enter when they log in to the PSA.
    #[arg(long)]
    login_company: String,
    /// The API member's public key.
    #[arg(long, env = "PSA_PUBLIC_KEY")]
    public_key: String,
    /// The address that browsers reach this service at, for example <https://sync.example.com>.
    #[arg(long, env = "CONNECTACTIVE_PUBLIC_URL")]
    public_url: String,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    web::install_tls_provider();
    // First of all: the reading process lowers its own limits before it does anything else.
    if let Command::Read(arguments) = arguments.command {
        return agent::command::read_command(arguments);
    }
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info,sqlx=warn".into()),
        )
        .init();
    match run(arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("connectactive: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(options) => {
            let service = options.service(ReaderProgram::this_program()?).await?;
            let server = web::bind(service, options.listen)?;
            tracing::info!(address = %server.address, "serving");
            server.run().await
        }
        Command::Join(options) => {
            let private_key = std::env::var("PSA_PRIVATE_KEY")
                .context("put the API member's private key into the environment variable PSA_PRIVATE_KEY")?;
            let credentials = Credentials {
                public_key: options.public_key.clone(),
                private_key: private_key.into(),
                client_id: None,
            };
            let id = joining::join(&options.store, &options.psa, &options.login_company, credentials).await?;
            let public_url = options.public_url.trim_end_matches('/');
            println!("Joined. In ConnectWise PSA, under System > Setup Tables > Manage Hosted API, add:");
            println!("  Description  ConnectActive");
            println!("  Screen       Company");
            println!("  Origin       {public_url}");
            println!("  URL          {public_url}/i/{id}/pod?screen=[cw_screen]&id=[cw_id]");
            println!("  Type         Pod, height 480");
            Ok(())
        }
        Command::Keygen => {
            println!("{}", MasterKey::generate().to_text().as_str());
            Ok(())
        }
        Command::Read(_) => unreachable!("it was handled before the runtime was made"),
    }
}
