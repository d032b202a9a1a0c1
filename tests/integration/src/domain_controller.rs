//! A real Active Directory domain controller for tests: Samba, without systemd, as root.
//!
//! A domain takes some seconds to make, so it is made once for each recipe and kept below the cargo
//! target folder; every test gets a copy of its own, on a loopback address of its own (Samba's LDAP
//! ports are fixed). Samba does not enforce `MaxPageSize` and `MaxValRange`: those need the sample
//! directory.

mod ldif;
mod recipe;

use std::collections::HashMap;
use std::fs::File;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use sample_directory::Person;
use sample_directory::certificate::{Issued, Validity, issue};
use sample_directory::people::{BASE, DOMAIN};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use recipe::Domain;

/// The account that reads: an ordinary domain user, which may read people and nothing more.
pub const READER: &str = "svc-sync";
/// Its password, for this domain only.
const PASSWORD: &str = "Tide-Table-47";

/// How long a start may take.
const START: Duration = Duration::from_mins(1);
/// How long one attempt to connect may take, and how long to let Samba work between two.
const POLL: Duration = Duration::from_millis(50);
/// Seconds after which Samba stops by itself, should the test be killed before it can stop it.
const LIFETIME: u32 = 1200;

/// A running domain controller. It stops when dropped, and its domain is forgotten.
#[derive(Debug)]
pub struct DomainController {
    address: IpAddr,
    issued: Issued,
    domain: Domain,
    samba: Child,
    /// Distinguished names by logon name.
    names: Mutex<HashMap<String, String>>,
    // Dropped last: the folder after the server in it, the address after everything.
    _folder: TempDir,
    _lock: File,
}

impl DomainController {
    /// Starts a domain with these people. The first time for a set of people takes some ten
    /// seconds, later ones one.
    ///
    /// # Errors
    /// Without Samba or without root; the message says what to do.
    pub fn start(people: &[Person]) -> anyhow::Result<Self> {
        let cache = cache()?;
        let golden = recipe::golden(&cache, people)?;
        let (address, lock) = own_address(&cache)?;
        let folder = tempfile::Builder::new().prefix("run-").tempdir_in(&cache)?;
        let domain = Domain::at(folder.path().join("domain"), address);
        run(Command::new("cp").arg("-a").arg(&golden).arg(&domain.folder))?;
        let issued = issue(&[format!("dc1.{DOMAIN}"), address.to_string()], Validity::Good)?;
        domain.configure()?;
        domain.install(&issued)?;
        let samba = domain.samba(LIFETIME).stdin(Stdio::null()).spawn().context(MISSING)?;
        let names = people.iter().map(|person| (person.logon.clone(), person.dn(BASE))).collect();
        let mut controller =
            Self { address, issued, domain, samba, names: Mutex::new(names), _folder: folder, _lock: lock };
        controller.wait_until_it_answers()?;
        Ok(controller)
    }

    fn wait_until_it_answers(&mut self) -> anyhow::Result<()> {
        let deadline = Instant::now() + START;
        loop {
            if TcpStream::connect_timeout(&self.ldaps(), POLL).is_ok() {
                return Ok(());
            }
            let ended = self.samba.try_wait()?;
            if ended.is_some() || Instant::now() > deadline {
                bail!("samba does not answer on {} ({ended:?}): {}", self.ldaps(), self.domain.log());
            }
            std::thread::sleep(POLL);
        }
    }

    /// The name in its certificate, which no DNS server knows.
    pub fn host(&self) -> String {
        format!("dc1.{DOMAIN}")
    }

    /// Where LDAPS is answered.
    pub fn ldaps(&self) -> SocketAddr {
        SocketAddr::new(self.address, 636)
    }

    /// Where LDAP is answered: with StartTLS only, a bind without is refused.
    pub fn ldap(&self) -> SocketAddr {
        SocketAddr::new(self.address, 389)
    }

    /// The authority that signed its certificate.
    pub fn ca_pem(&self) -> &str {
        &self.issued.ca_pem
    }

    /// SHA-256 of its certificate, lower-case hexadecimal.
    pub fn certificate_sha256(&self) -> String {
        hex::encode(Sha256::digest(&self.issued.certificate))
    }

    /// Where its people are.
    pub fn base(&self) -> &'static str {
        BASE
    }

    /// Who may read.
    pub fn bind_name(&self) -> String {
        format!("{READER}@{DOMAIN}")
    }

    /// That account's password.
    pub fn password(&self) -> &'static str {
        PASSWORD
    }

    /// Adds an account, below units that exist.
    pub fn add(&self, person: &Person) -> anyhow::Result<()> {
        self.domain.add(&ldif::person(person, BASE))?;
        self.names().insert(person.logon.clone(), person.dn(BASE));
        Ok(())
    }

    /// Disables an account, whatever its other flags were.
    pub fn disable(&self, logon: &str) -> anyhow::Result<()> {
        self.set(logon, "userAccountControl", Some("514"))
    }

    /// Enables an account again.
    pub fn enable(&self, logon: &str) -> anyhow::Result<()> {
        self.set(logon, "userAccountControl", Some("512"))
    }

    /// Gives an attribute this one value, or takes it away.
    pub fn set(&self, logon: &str, attribute: &str, value: Option<&str>) -> anyhow::Result<()> {
        self.domain.modify(&ldif::replace(&self.dn(logon)?, attribute, value))
    }

    /// Adds a group of these accounts, and of groups that were added before; its distinguished name.
    pub fn add_group(&self, name: &str, members: &[&str]) -> anyhow::Result<String> {
        let dn = format!("CN={name},CN=Users,{BASE}");
        let members: Vec<String> =
            members.iter().map(|logon| self.dn(logon)).collect::<anyhow::Result<_>>()?;
        self.domain.add(&ldif::group(&dn, name, &members))?;
        self.names().insert(name.to_owned(), dn.clone());
        Ok(dn)
    }

    /// Moves an account to another unit that exists, such as `OU=Leavers`.
    pub fn move_to(&self, logon: &str, unit: &str) -> anyhow::Result<()> {
        let dn = self.dn(logon)?;
        let (relative, _) = dn.split_once(",OU=").context("the account is in a unit")?;
        let parent = format!("{unit},{BASE}");
        self.domain.modify(&ldif::rename(&dn, relative, &parent))?;
        self.names().insert(logon.to_owned(), format!("{relative},{parent}"));
        Ok(())
    }

    /// Deletes an account.
    pub fn remove(&self, logon: &str) -> anyhow::Result<()> {
        self.domain.modify(&ldif::delete(&self.dn(logon)?))?;
        self.names().remove(logon);
        Ok(())
    }

    fn names(&self) -> std::sync::MutexGuard<'_, HashMap<String, String>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The distinguished name of an account.
    pub fn dn(&self, logon: &str) -> anyhow::Result<String> {
        self.names().get(logon).cloned().with_context(|| format!("no account {logon}"))
    }
}

impl Drop for DomainController {
    fn drop(&mut self) {
        // It may have ended already; there is nobody left to tell either way.
        let _ = self.samba.kill();
        let _ = self.samba.wait();
    }
}

/// What to do when a program is not there.
const MISSING: &str = "a domain controller needs root and Samba: run tests/run, which installs it";

/// Below the cargo target folder, beside the profile of the running test.
fn cache() -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe()?;
    let target = program.ancestors().nth(3).context("the test is not in a target folder")?;
    let cache = target.join("domain-controller");
    std::fs::create_dir_all(&cache)?;
    Ok(cache)
}

/// A loopback address with Samba's ports free, and a lock on it that other tests respect.
fn own_address(cache: &Path) -> anyhow::Result<(IpAddr, File)> {
    for last in 1..=250 {
        let address = Ipv4Addr::new(127, 77, 0, last);
        let lock = File::create(cache.join(format!("{address}.lock")))?;
        let free = |port| TcpListener::bind((address, port)).is_ok();
        if lock.try_lock().is_ok() && [389, 636, 3268, 3269].into_iter().all(free) {
            return Ok((address.into(), lock));
        }
    }
    bail!("no loopback address from 127.77.0.1 to 127.77.0.250 has ports 389 and 636 free: {MISSING}")
}

/// Runs a program to its end.
fn run(command: &mut Command) -> anyhow::Result<()> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("{command:?}: {MISSING}"))?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        bail!("{command:?} failed: {}", String::from_utf8_lossy(&said));
    }
    Ok(())
}
