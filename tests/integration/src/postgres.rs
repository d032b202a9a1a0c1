//! A PostgreSQL server for tests.

use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use anyhow::{Context, bail};
use tempfile::TempDir;

/// A server in a temporary folder, reached through a socket in it. It stops when dropped.
pub struct Postgres {
    folder: TempDir,
    programs: PathBuf,
}

/// The server that the tests of this program share.
static SHARED: Mutex<Weak<Postgres>> = Mutex::new(Weak::new());

impl Postgres {
    /// The server that all who ask for it now share. It stops with the last of them, which a server
    /// in a static would not: nothing drops those.
    pub fn shared() -> anyhow::Result<Arc<Self>> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(server) = shared.upgrade() {
            return Ok(server);
        }
        let server = Arc::new(Self::start()?);
        *shared = Arc::downgrade(&server);
        Ok(server)
    }

    /// Makes a cluster and starts it.
    pub fn start() -> anyhow::Result<Self> {
        let programs = std::fs::read_dir("/usr/lib/postgresql")
            .ok()
            .and_then(|versions| {
                versions.filter_map(Result::ok).map(|version| version.path().join("bin")).max()
            })
            .context("PostgreSQL is missing: these tests need it. Type: tests/run")?;
        let folder = tempfile::tempdir()?;
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o777))?;
        let server = Self { folder, programs };
        let data = server.data();
        server.run("initdb", &["--no-sync", "--auth=trust", "--username=postgres", "-D", &data])?;
        server.start_again()?;
        Ok(server)
    }

    /// Starts the server on the cluster that is there.
    pub fn start_again(&self) -> anyhow::Result<()> {
        let data = self.data();
        let options = format!("-c listen_addresses= -c fsync=off -k {}", self.folder.path().display());
        self.run("pg_ctl", &["-w", "-D", &data, "-l", &format!("{data}.log"), "-o", &options, "start"])
    }

    /// Ends the server as a crash does: nobody is told, and what was committed is found in its log.
    pub fn stop_at_once(&self) -> anyhow::Result<()> {
        self.run("pg_ctl", &["-w", "-m", "immediate", "-D", &self.data(), "stop"])
    }

    /// The address for `DATABASE_URL` of a new database.
    pub fn database(&self) -> anyhow::Result<String> {
        let name = format!("test_{}", server::security::keys::random_id());
        let host = self.folder.path().display().to_string();
        self.run("createdb", &["-h", &host, "-U", "postgres", &name])?;
        Ok(format!("postgres://postgres@localhost/{name}?host={host}"))
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    /// PostgreSQL refuses to run as root.
    fn run(&self, program: &str, arguments: &[&str]) -> anyhow::Result<()> {
        let path = self.programs.join(program);
        let mut command = if Path::new("/proc/self").metadata().is_ok_and(|me| is_root(&me)) {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(&path);
            command
        } else {
            Command::new(&path)
        };
        let output = command.args(arguments).current_dir(self.folder.path()).output()?;
        if !output.status.success() {
            bail!("{program} failed: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(())
    }
}

fn is_root(process: &std::fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::uid(process) == 0
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Err(error) = self.stop_at_once() {
            eprintln!("PostgreSQL was not stopped: {error}");
        }
    }
}
