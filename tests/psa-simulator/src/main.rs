//! The simulator as a program: `cargo run -p psa-simulator -- --help`.

use std::path::PathBuf;

use anyhow::{Context as _, Result, anyhow};
use clap::{Parser, ValueEnum as _};
use psa_simulator::{Csv, Fault, FaultKind, Options, PASSWORD, Pod, Switches};
use tokio::signal::unix::{SignalKind, signal};

/// A ConnectWise PSA to develop and test against.
#[derive(Parser)]
#[command(after_long_help = reference())]
struct Arguments {
    /// Port on 127.0.0.1; 0 takes any free one
    #[arg(long, default_value_t = 9400)]
    port: u16,
    /// Serve HTTPS, with certificates kept in this folder (trust its ca.pem)
    #[arg(long)]
    tls_dir: Option<PathBuf>,
    /// The login company of this PSA
    #[arg(long, default_value = "training")]
    login_company: String,
    /// Public key of the integrator's API member
    #[arg(long, default_value = psa_simulator::PUBLIC_KEY)]
    public_key: String,
    /// Private key of the integrator's API member
    #[arg(long, default_value = psa_simulator::PRIVATE_KEY)]
    private_key: String,
    /// The client id that calls must carry
    #[arg(long, default_value = psa_simulator::CLIENT_ID)]
    client_id: String,
    /// Companies, one a row, with the header of the built-in sample [default: that sample]
    #[arg(long)]
    companies: Option<PathBuf>,
    /// Contacts, one a row, with the header of the built-in sample [default: that sample]
    #[arg(long)]
    contacts: Option<PathBuf>,
    /// A cloud PSA instead of an on-premise one: it refuses plain HTTP
    #[arg(long, requires = "tls_dir")]
    cloud: bool,
    /// Keep the records in this JSON file
    #[arg(long)]
    data: Option<PathBuf>,
    /// Hold every answer and every accepted body against this OpenAPI 3.0 file
    #[arg(long, env = "PSA_OPENAPI")]
    openapi: Option<PathBuf>,
    /// Settle an undocumented behaviour otherwise: NAME=VALUE, see the table below (--help)
    #[arg(long = "switch", value_name = "NAME=VALUE")]
    switches: Vec<String>,
    /// Let something go wrong with the next matching call: see the kinds below (--help)
    #[arg(long = "fault", value_name = "METHOD PATH KIND", value_parser = str::parse::<Fault>)]
    faults: Vec<Fault>,
    /// Milliseconds that each answer of the REST interface is on its way
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
    /// Register a pod on the company screen with this address; its tokens `[cw_id]` and `[cw_screen]` are replaced
    #[arg(long)]
    pod_url: Option<String>,
    /// The origin of that pod [default: the one of its address]
    #[arg(long, requires = "pod_url")]
    pod_origin: Option<String>,
    /// The height of that pod in pixels
    #[arg(long, default_value_t = 520)]
    pod_height: i64,
}

impl Arguments {
    fn pods(&self) -> Result<Vec<Pod>> {
        let Some(url) = &self.pod_url else {
            return Ok(Vec::new());
        };
        let origin = match &self.pod_origin {
            Some(origin) => origin.clone(),
            None => url::Url::parse(url)
                .with_context(|| format!("--pod-url {url} is not an address"))?
                .origin()
                .ascii_serialization(),
        };
        Ok(vec![Pod {
            description: "ConnectActive".into(),
            url: url.clone(),
            origin,
            height: self.pod_height,
        }])
    }
}

/// The end of the long help: every switch and every kind of fault.
fn reference() -> String {
    let kind = |kind: &FaultKind| {
        let value = kind.to_possible_value()?;
        let about = value.get_help().map(ToString::to_string).unwrap_or_default();
        Some(format!("  {}\n      {about}\n", value.get_name()))
    };
    let kinds: String = FaultKind::value_variants().iter().filter_map(kind).collect();
    format!(
        "Switches, with their defaults:\n{}\n\
         Faults, for --fault 'METHOD PATH KIND': * is any method, any path or one part of a path.\n\
         After the kind may follow skip=N (calls to let through first), times=N (calls to hit),\n\
         delay_ms=N and retry_after=SECONDS, as in --fault 'POST /company/contacts slow delay_ms=9000'.\n\
         {kinds}",
        Switches::table()
    )
}

#[tokio::main]
async fn main() -> Result<()> {
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .map_err(|_| anyhow!("another TLS provider has been installed before"))?;
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| "warn,psa_simulator=info".into());
    tracing_subscriber::fmt().with_env_filter(filter).init();

    let arguments = Arguments::parse();
    let pods = arguments.pods()?;
    let mut switches = Switches::default();
    switches.set(arguments.switches.iter().map(String::as_str))?;
    let source = |path: Option<PathBuf>| path.map_or(Csv::Sample, Csv::File);
    let options = Options {
        port: arguments.port,
        tls_dir: arguments.tls_dir,
        login_company: arguments.login_company,
        public_key: arguments.public_key,
        private_key: arguments.private_key,
        client_id: arguments.client_id,
        companies: source(arguments.companies),
        contacts: source(arguments.contacts),
        cloud: arguments.cloud,
        data: arguments.data,
        pods,
        openapi: arguments.openapi,
        latency: std::time::Duration::from_millis(arguments.latency_ms),
        switches,
    };
    let simulator = psa_simulator::start(options.clone()).await?;
    for fault in arguments.faults {
        simulator.world().lock().fault(fault);
    }
    introduce(&simulator, &options);
    let mut terminated = signal(SignalKind::terminate()).context("listen for the end")?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.context("wait for Ctrl-C")?,
        _ = terminated.recv() => {}
    }
    let misfits = report(&simulator);
    simulator.stop().await;
    if misfits > 0 { Err(anyhow!("{misfits} answers or bodies do not fit the OpenAPI file")) } else { Ok(()) }
}

/// What was held against the OpenAPI file, at the end: how much of it does not fit.
#[expect(clippy::print_stdout, reason = "this is the program's own output")]
fn report(simulator: &psa_simulator::Simulator) -> usize {
    let world = simulator.world();
    let mut world = world.lock();
    for operation in world.undescribed() {
        println!("not in the OpenAPI file: {operation}");
    }
    let misfits = world.take_misfits();
    for misfit in &misfits {
        println!("does not fit: {misfit}");
    }
    misfits.len()
}

/// What a person needs to use it.
#[expect(clippy::print_stdout, reason = "this is the program's own output")]
fn introduce(simulator: &psa_simulator::Simulator, options: &Options) {
    let world = simulator.world();
    let world = world.lock();
    println!("PSA simulator ({})", if options.cloud { "cloud" } else { "on-premise" });
    println!("  company screen  {}/", simulator.url());
    println!("  REST interface  {}/{}apis/3.0/", simulator.api_url(), world.codebase());
    println!("  login company   {}", options.login_company);
    println!("  public key      {}", options.public_key);
    println!("  private key     {}", options.private_key);
    println!("  client id       {}", options.client_id);
    if let Some(dir) = &options.tls_dir {
        println!("  trust           {}", dir.join("ca.pem").display());
    }
    let people: Vec<&str> = world
        .members()
        .iter()
        .filter(|member| member.keys.is_none())
        .map(|member| member.identifier.as_str())
        .collect();
    println!("  members         {} (password: {PASSWORD})", people.join(", "));
    println!("Stop it with Ctrl-C.");
}
