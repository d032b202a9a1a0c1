//! `connectactive`: the service and its few commands.

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context, bail};
use clap::{Args, Parser, Subcommand};
use server::{
    config::{ServeOptions, StoreOptions},
    directory::ReaderProgram,
    joining::{self, JoinError, Openness},
    security::keys::MasterKey,
    store::back_up,
    web,
};
use url::Url;

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
    /// Let a PSA join without a browser: checks the API member's keys and role, stores the keys
    /// encrypted, and puts the pod into the PSA. The private key comes from the environment variable
    /// `PSA_PRIVATE_KEY`, a clientId of the PSA's own from `PSA_CLIENT_ID`.
    Join(JoinOptions),
    /// Print a link that lets one PSA join in the browser, once within seven days.
    Invite(InviteOptions),
    /// Copy the SQLite store into a new file, while the service goes on. The key is not in it.
    Backup(BackupOptions),
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
    public_url: Url,
    /// Also put a button "Sync contacts" on the company screen.
    #[arg(long)]
    toolbar_button: bool,
}

#[derive(Args)]
struct InviteOptions {
    #[command(flatten)]
    store: StoreOptions,
    /// An installation that joined before (its id, as in the pod's address): for new keys, for
    /// registering the pod again, or for leaving.
    #[arg(long = "for")]
    installation: Option<String>,
    /// The address that browsers reach this service at.
    #[arg(long, env = "CONNECTACTIVE_PUBLIC_URL")]
    public_url: Url,
}

#[derive(Args)]
struct BackupOptions {
    /// Where the store is.
    #[arg(long, env = "DATABASE_URL", default_value = "sqlite:connectactive.sqlite", hide_env_values = true)]
    database_url: String,
    /// The new file.
    file: PathBuf,
}

/// Lets a PSA join from the command line.
async fn join(options: JoinOptions) -> anyhow::Result<()> {
    let private_key = std::env::var("PSA_PRIVATE_KEY")
        .context("put the API member's private key into the environment variable PSA_PRIVATE_KEY")?;
    let store = options.store.open().await?;
    let joining = options.store.joining(store, options.public_url, Openness::Invitation)?;
    let request = joining::Request {
        site: options.psa,
        login_company: options.login_company,
        public_key: options.public_key,
        private_key: private_key.into(),
        client_id: std::env::var("PSA_CLIENT_ID").ok().map(Into::into),
        toolbar_button: options.toolbar_button,
    };
    let joined = match joining.join(&request, None).await {
        Err(JoinError::NotReady(steps)) => {
            for step in steps.iter().filter(|step| step.state == joining::State::Bad) {
                eprintln!("{} {}", step.message, step.advice);
            }
            bail!("the PSA could not join");
        }
        joined => joined?,
    };
    joining.store.close().await;
    println!("Joined as {}. In ConnectWise PSA:", joined.installation);
    for one in &joined.registered {
        match &one.problem {
            None => println!("  there    {}", one.piece.words()),
            Some(problem) => println!("  missing  {} ({problem})", one.piece.words()),
        }
    }
    println!("The pod's address is {}", joined.pod);
    println!(
        "Each technician opens a company, presses + at the right-hand panel, and moves ConnectActive to Displayed."
    );
    Ok(())
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
            let joining = options.joining(&service)?;
            let link = joining.first_link().await?;
            let server = web::bind(service, joining, options.listen)?;
            tracing::info!(address = %server.address, "serving");
            if let Some(link) = link {
                println!("Nobody has joined yet. Open this link once, within seven days, to connect a PSA:");
                println!("  {link}");
            }
            server.run().await
        }
        Command::Join(options) => join(options).await,
        Command::Invite(options) => {
            let store = options.store.open().await?;
            let joining = options.store.joining(store, options.public_url, Openness::Invitation)?;
            println!("{}", joining.invite(options.installation.as_deref()).await?);
            joining.store.close().await;
            Ok(())
        }
        Command::Backup(BackupOptions { database_url, file }) => {
            back_up(&database_url, &file).await.with_context(|| file.display().to_string())?;
            println!("The store is in {}. Keep the key elsewhere.", file.display());
            Ok(())
        }
        Command::Keygen => {
            println!("{}", MasterKey::generate().to_text().as_str());
            Ok(())
        }
        Command::Read(_) => unreachable!("it was handled before the runtime was made"),
    }
}
