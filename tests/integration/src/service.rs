//! The service as its operator runs it: a process with a key file and a database.

use std::{
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command},
    sync::mpsc,
    time::Duration,
};

use anyhow::{Context, bail};
use psa_simulator::Simulator;
use sqlx::SqlitePool;
use tempfile::TempDir;

use crate::{
    programs::program,
    replica::{self, Replica},
};

/// How long the service may take until it has stopped.
const STOP: Duration = Duration::from_mins(1);

/// A PSA that joined, and the service that it joined.
pub struct Deployment {
    folder: TempDir,
    client_id: String,
    /// The simulated PSA.
    pub psa: Simulator,
    process: Option<Child>,
    /// The installation's id.
    pub installation: String,
    /// Where the service listens, as `http://localhost:port`.
    pub url: String,
    environment: Vec<(String, String)>,
    /// Where another PSA will be: the service is told at its start where PSAs may be.
    second_psa_port: u16,
}

impl Deployment {
    /// Starts a simulated PSA and the service, and lets the one join the other, all with the
    /// programs' own commands.
    pub async fn start() -> anyhow::Result<Self> {
        Self::start_with(psa_simulator::Options::default()).await
    }

    /// The same with another PSA.
    pub async fn start_with(options: psa_simulator::Options) -> anyhow::Result<Self> {
        Self::start_in(options, &[]).await
    }

    /// The same, with more in the service's environment.
    pub async fn start_in(
        options: psa_simulator::Options,
        environment: &[(&str, String)],
    ) -> anyhow::Result<Self> {
        let mut deployment = Self::joined_in(options, environment).await?;
        deployment.serve()?;
        // Tests count what happens after joining.
        deployment.psa.world().lock().reset_log();
        Ok(deployment)
    }

    /// The same without starting the service: its PSA has joined.
    pub async fn joined_in(
        options: psa_simulator::Options,
        environment: &[(&str, String)],
    ) -> anyhow::Result<Self> {
        server::web::install_tls_provider();
        let folder = tempfile::tempdir()?;
        let keygen = Command::new(program("connectactive")).arg("keygen").output()?;
        std::fs::write(folder.path().join("key"), &keygen.stdout)?;
        let keys = (options.login_company.clone(), options.public_key.clone(), options.private_key.clone());
        let mut deployment = Self::unjoined_in(folder, options).await?;
        let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        deployment.environment.extend(environment);
        deployment.installation = deployment.join(&deployment.psa, &keys).await?;
        Ok(deployment)
    }

    /// A simulated PSA and a service that nobody has joined; it is not started yet.
    pub async fn unjoined(options: psa_simulator::Options) -> anyhow::Result<Self> {
        server::web::install_tls_provider();
        let folder = tempfile::tempdir()?;
        let keygen = Command::new(program("connectactive")).arg("keygen").output()?;
        std::fs::write(folder.path().join("key"), &keygen.stdout)?;
        Self::unjoined_in(folder, options).await
    }

    async fn unjoined_in(folder: TempDir, options: psa_simulator::Options) -> anyhow::Result<Self> {
        let client_id = options.client_id.clone();
        let psa = psa_simulator::start(options).await?;
        // Both have to be known before the service starts; held together, so that they differ.
        let free = [TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?];
        let [port, second_psa_port] = [free[0].local_addr()?.port(), free[1].local_addr()?.port()];
        drop(free);
        Ok(Self {
            folder,
            client_id,
            psa,
            process: None,
            installation: String::new(),
            url: format!("http://localhost:{port}"),
            environment: Vec::new(),
            second_psa_port,
        })
    }

    /// One more variable in the environment of every command that follows.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// What a command of the service's prints.
    pub async fn prints(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let mut command = self.command();
        command.args(arguments);
        let output = tokio::task::spawn_blocking(move || command.output()).await??;
        if !output.status.success() {
            bail!("{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Starts another simulated PSA, with the sample's companies as well, and lets it join the same
    /// service. Gives its installation's id.
    pub async fn another_psa(&self) -> anyhow::Result<(Simulator, String)> {
        let options = psa_simulator::Options {
            client_id: self.client_id.clone(),
            port: self.second_psa_port,
            ..psa_simulator::Options::default()
        };
        let keys = (options.login_company.clone(), options.public_key.clone(), options.private_key.clone());
        let psa = psa_simulator::start(options).await?;
        let installation = self.join(&psa, &keys).await?;
        Ok((psa, installation))
    }

    fn command(&self) -> Command {
        let mut command = Command::new(program("connectactive"));
        command
            .env("CONNECTACTIVE_KEY_FILE", self.key_file())
            .env("CONNECTACTIVE_CLIENT_ID", &self.client_id)
            .env("DATABASE_URL", format!("sqlite:{}", self.database().display()))
            .env("CONNECTACTIVE_PRIVATE_NETWORKS", "127.0.0.0/8,::1/128")
            .env("CONNECTACTIVE_PSA_PORTS", format!("{},{}", self.psa_port(), self.second_psa_port))
            .env("CONNECTACTIVE_PUBLIC_URL", &self.url)
            .env("CONNECTACTIVE_LISTEN", self.url.replace("http://localhost", "127.0.0.1"))
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    fn psa_port(&self) -> u16 {
        port_of(&self.psa)
    }

    async fn join(
        &self,
        psa: &Simulator,
        (login_company, public_key, private_key): &(String, String, String),
    ) -> anyhow::Result<String> {
        let mut command = self.command();
        command
            .args(["join", "--psa", psa.url(), "--login-company", login_company])
            .args(["--public-key", public_key])
            .env("PSA_PRIVATE_KEY", private_key);
        // The PSA answers from this very process: the wait must not hold its thread.
        let output = tokio::task::spawn_blocking(move || command.output()).await??;
        let text = String::from_utf8(output.stdout)?;
        let id = text.split("/i/").nth(1).and_then(|rest| rest.split('/').next());
        id.map(str::to_owned)
            .with_context(|| format!("join failed: {}", String::from_utf8_lossy(&output.stderr)))
    }

    /// Starts the service's process; waits until it serves.
    pub fn serve(&mut self) -> anyhow::Result<()> {
        self.serve_and_hear().map(drop)
    }

    /// The same; whoever wants may hear what it says on its standard output.
    pub fn serve_and_hear(&mut self) -> anyhow::Result<mpsc::Receiver<String>> {
        let (process, heard) = replica::serve(&mut self.command())?;
        self.process = Some(process);
        Ok(heard)
    }

    /// Another process of the same service, at a port of its own. It is not started yet.
    pub fn replica(&self) -> anyhow::Result<Replica> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = self.command();
        command.env("CONNECTACTIVE_LISTEN", format!("127.0.0.1:{port}"));
        Ok(Replica::new(command, format!("http://localhost:{port}")))
    }

    /// Asks the service to stop, as an operator's system does, and waits until its process ends.
    pub async fn terminate(&mut self) -> anyhow::Result<()> {
        let mut process = self.process.take().context("the service is running")?;
        Command::new("kill").arg("-TERM").arg(process.id().to_string()).status()?;
        let ended = tokio::task::spawn_blocking(move || process.wait());
        let status =
            tokio::time::timeout(STOP, ended).await.context("the service did not stop in time")???;
        anyhow::ensure!(status.success(), "the service ended with {status}");
        Ok(())
    }

    /// Kills the service's process at once.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            // It may have ended by itself.
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    /// The id of the service's process, while it runs.
    #[must_use]
    pub fn process(&self) -> Option<u32> {
        self.process.as_ref().map(Child::id)
    }

    /// The file that holds the service's key.
    #[must_use]
    pub fn key_file(&self) -> PathBuf {
        self.folder.path().join("key")
    }

    /// The SQLite file.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.folder.path().join("store.sqlite")
    }

    /// Makes a company due now, as the hands of a clock would: at a slot that has passed.
    pub async fn make_due(&self, company: i64, slot: i64) -> anyhow::Result<()> {
        let pool = SqlitePool::connect(&format!("sqlite:{}", self.database().display())).await?;
        sqlx::query("UPDATE company SET next_slot = $2 WHERE id = $1")
            .bind(company)
            .bind(slot)
            .execute(&pool)
            .await?;
        pool.close().await;
        Ok(())
    }

    /// Everything that the service wrote to disk, database and its journals.
    pub fn stored_bytes(&self) -> anyhow::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        for entry in std::fs::read_dir(self.folder.path())? {
            let path = entry?.path();
            if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("store.sqlite")) {
                bytes.extend(std::fs::read(path)?);
            }
        }
        if bytes.is_empty() {
            bail!("the service wrote no database");
        }
        Ok(bytes)
    }

    /// The PSA's record id of a company.
    ///
    /// # Panics
    /// When there is no such company.
    #[must_use]
    pub fn company(&self, identifier: &str) -> i64 {
        self.psa.world().lock().company_id(identifier).expect("the company is one of the sample's")
    }
}

fn port_of(psa: &Simulator) -> u16 {
    let url = url::Url::parse(psa.url()).expect("the simulator's address is one");
    url.port().expect("it has a port of its own")
}

impl Drop for Deployment {
    fn drop(&mut self) {
        self.kill();
    }
}
