//! The sandbox: the service on SQLite, a simulated PSA with its company screen, and a sample
//! directory that answers real LDAPS, all on this machine and all in one program. What is done in
//! it is gone when it stops.

use std::{net::SocketAddr, process::ExitCode};

use anyhow::{Context, bail};
use clap::{Parser, Subcommand};
use pod_view::wire::{Schedule, Security, Settings, Trust};
use server::{
    config::{ServeOptions, StoreOptions},
    directory::ReaderProgram,
    joining::{self, Openness},
    security::keys::MasterKey,
    sync::{self, Company},
    web,
};

#[derive(Parser)]
#[command(about = "ConnectActive with a simulated PSA and a sample directory, to try it out")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// The port of the simulated PSA.
    #[arg(long, default_value_t = 9400)]
    psa_port: u16,
    /// The port of the service.
    #[arg(long, default_value_t = 9401)]
    service_port: u16,
    /// The port of the sample directory.
    #[arg(long, default_value_t = 9402)]
    directory_port: u16,
}

#[derive(Subcommand)]
enum Command {
    /// Read a directory: the service in here calls its own program with this.
    #[command(hide = true)]
    Read(agent::command::ReadArguments),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    web::install_tls_provider();
    if let Some(Command::Read(arguments)) = arguments.command {
        return agent::command::read_command(arguments);
    }
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into()),
        )
        .init();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sandbox: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let folder = tempfile::tempdir().context("no temporary folder can be made")?;
    let key_file = folder.path().join("key");
    std::fs::write(&key_file, MasterKey::generate().to_text().as_str())?;

    // Two names for this machine are two sites for the browser, as the PSA and the pod are.
    let psa_url = format!("http://127.0.0.1:{}", arguments.psa_port);
    let pod_url = format!("http://localhost:{}", arguments.service_port);

    let directory = sample_directory::start(sample_directory::Options {
        port: arguments.directory_port,
        names: vec!["127.0.0.1".to_owned()],
        ..sample_directory::Options::default()
    })
    .await
    .with_context(|| format!("port {} cannot be used for the directory", arguments.directory_port))?;

    let psa = psa_simulator::Options { port: arguments.psa_port, ..psa_simulator::Options::default() };
    let request = joining::Request {
        site: psa_url.clone(),
        login_company: psa.login_company.clone(),
        public_key: psa.public_key.clone(),
        private_key: psa.private_key.clone().into(),
        client_id: None,
        toolbar_button: true,
    };
    let options = ServeOptions {
        store: StoreOptions {
            database_url: format!("sqlite:{}", folder.path().join("store.sqlite").display()).into(),
            key_file,
            client_id: psa.client_id.clone().into(),
            psa_ca_file: None,
            private_networks: vec!["127.0.0.0/8".parse().context("a network")?],
            psa_ports: vec![arguments.psa_port],
        },
        listen: SocketAddr::from(([127, 0, 0, 1], arguments.service_port)),
        public_url: pod_url.parse().context("an address")?,
        joining: Openness::Invitation,
        directory_ports: vec![directory.address().port()],
    };
    let simulator = psa_simulator::start(psa)
        .await
        .with_context(|| format!("port {} cannot be used for the PSA", arguments.psa_port))?;
    let service = options.service(ReaderProgram::this_program()?).await?;
    let joining = options.joining(&service)?;
    let installation = joining.join(&request, None).await?.installation;
    let link = joining.invite(Some(&installation)).await?;
    let Some(company) = simulator.world().lock().company_id("HarborMfg") else {
        bail!("the sample company is missing")
    };
    let installation =
        service.installation(&installation).await?.context("the installation was just made")?;
    let settings = Settings {
        host: directory.host().to_owned(),
        port: directory.address().port(),
        security: Security::Ldaps,
        trust: Trust::Pinned(directory.certificate_sha256()),
        base: directory.base().to_owned(),
        bind_name: directory.bind_name(),
        password: Some(directory.password().to_owned()),
        filter: None,
        rules: String::new(),
        schedule: Schedule::default(),
        generation: 0,
        password_set: false,
        shared_rules: String::new(),
    };
    sync::save_settings(&service, &Company::new(installation, company), settings).await?;

    let server = web::bind(service, joining, options.listen)?;
    println!();
    println!("  Open   {psa_url}/company/{company}");
    println!(
        "         the company Harbor Manufacturing in the simulated PSA; the pod is on the right: press Sync"
    );
    println!();
    println!(
        "  Also   {psa_url}/            other companies, not set up yet. To set one up, enter in the pod:"
    );
    println!(
        "         server {}, port {}, base {}",
        directory.host(),
        directory.address().port(),
        directory.base()
    );
    println!("         log in as {}, password {}", directory.bind_name(), directory.password());
    println!("         certificate: exactly one, by its fingerprint {}", directory.certificate_sha256());
    println!();
    println!("  Join   {link}");
    println!(
        "         the page where an administrator connects a PSA: here for this one, again; or to leave"
    );
    println!();
    println!("  Stop   Ctrl+C; nothing is kept");
    println!();
    server.run().await?;
    simulator.stop().await;
    directory.stop().await;
    Ok(())
}
