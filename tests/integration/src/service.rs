//! The service as its operator runs it: a process with a key file and a database.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::mpsc,
    time::Duration,
};

use anyhow::{Context, bail};
use psa_simulator::Simulator;
use tempfile::TempDir;

use crate::programs::program;

/// How long the service may take until it serves.
const START: Duration = Duration::from_mins(1);

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
        server::web::install_tls_provider();
        let folder = tempfile::tempdir()?;
        let keygen = Command::new(program("connectactive")).arg("keygen").output()?;
        std::fs::write(folder.path().join("key"), &keygen.stdout)?;
        let client_id = options.client_id.clone();
        let keys = (options.login_company.clone(), options.public_key.clone(), options.private_key.clone());
        let psa = psa_simulator::start(options).await?;
        let mut deployment =
            Self { folder, client_id, psa, process: None, installation: String::new(), url: String::new() };
        deployment.installation = deployment.join(&deployment.psa, &keys).await?;
        deployment.serve_with(environment)?;
        deployment.register_pod();
        Ok(deployment)
    }

    /// Starts another simulated PSA, with the sample's companies as well, and lets it join the same
    /// service. Gives its installation's id.
    pub async fn another_psa(&self) -> anyhow::Result<(Simulator, String)> {
        let options =
            psa_simulator::Options { client_id: self.client_id.clone(), ..psa_simulator::Options::default() };
        let keys = (options.login_company.clone(), options.public_key.clone(), options.private_key.clone());
        let psa = psa_simulator::start(options).await?;
        let installation = self.join(&psa, &keys).await?;
        Ok((psa, installation))
    }

    fn command(&self) -> Command {
        let mut command = Command::new(program("connectactive"));
        command
            .env("CONNECTACTIVE_KEY_FILE", self.folder.path().join("key"))
            .env("CONNECTACTIVE_CLIENT_ID", &self.client_id)
            .env("DATABASE_URL", format!("sqlite:{}", self.database().display()))
            .env("CONNECTACTIVE_DIRECTORY_NETWORKS", "127.0.0.0/8,::1/128")
            .env("CONNECTACTIVE_LISTEN", "127.0.0.1:0");
        command
    }

    async fn join(
        &self,
        psa: &Simulator,
        (login_company, public_key, private_key): &(String, String, String),
    ) -> anyhow::Result<String> {
        let mut command = self.command();
        command
            .args(["join", "--psa", psa.url(), "--login-company", login_company])
            .args(["--public-key", public_key, "--public-url", "http://localhost"])
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
        self.serve_with(&[])
    }

    /// The same, with more in its environment.
    pub fn serve_with(&mut self, environment: &[(&str, String)]) -> anyhow::Result<()> {
        let mut process = self
            .command()
            .arg("serve")
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .env("NO_COLOR", "1")
            .stdout(Stdio::piped())
            .spawn()?;
        let output = BufReader::new(process.stdout.take().context("it was piped")?);
        self.process = Some(process);
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if let Some((_, address)) = line.split_once("serving address=") {
                    // The test may be over before the service says anything more.
                    let _ = sender.send(address.trim().to_owned());
                }
                println!("service: {line}");
            }
        });
        let address = receiver.recv_timeout(START).context("the service did not start in time")?;
        let port = address.rsplit(':').next().context("an address has a port")?;
        self.url = format!("http://localhost:{port}");
        Ok(())
    }

    /// Asks the service to stop, as an operator's system does, and waits until its process ends.
    pub async fn terminate(&mut self) -> anyhow::Result<()> {
        let mut process = self.process.take().context("the service is running")?;
        Command::new("kill").arg("-TERM").arg(process.id().to_string()).status()?;
        let ended = tokio::task::spawn_blocking(move || process.wait());
        let status =
            tokio::time::timeout(START, ended).await.context("the service did not stop in time")???;
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

    /// The SQLite file.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.folder.path().join("store.sqlite")
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

    fn register_pod(&self) {
        self.psa.world().lock().register(&psa_simulator::Pod {
            description: "ConnectActive".to_owned(),
            url: format!("{}/i/{}/pod?screen=[cw_screen]&id=[cw_id]", self.url, self.installation),
            origin: self.url.clone(),
            height: 560,
        });
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

impl Drop for Deployment {
    fn drop(&mut self) {
        self.kill();
    }
}
