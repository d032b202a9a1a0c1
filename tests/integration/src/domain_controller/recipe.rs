//! How a domain is made.

use std::fs::{self, File};
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use sample_directory::Person;
use sample_directory::certificate::Issued;
use sample_directory::people::{BASE, DOMAIN};
use sha2::{Digest, Sha256};

use super::{PASSWORD, READER, ldif, run};

/// Counted up when the making changes in a way that the texts below do not show.
const VERSION: &str = "1";
/// The administrator's password. Nobody logs on with it.
const ADMINISTRATOR: &str = "Winter-Harbor-2047";
/// ldb's options for adding many entries: without them each addition copies whole index lists.
const BATCH: [&str; 4] = ["-o", "batch_mode:1", "-o", "transaction_index_cache_size:200000"];

/// A domain in a folder, to be served on an address.
#[derive(Debug)]
pub(super) struct Domain {
    pub(super) folder: PathBuf,
    address: IpAddr,
}

/// The finished domain of these people, made now unless an earlier run has made it.
pub(super) fn golden(cache: &Path, people: &[Person]) -> anyhow::Result<PathBuf> {
    let units = ldif::units(people, BASE);
    let accounts: String = people
        .iter()
        .map(|person| match person.logon.as_str() {
            READER => ldif::reader(person, BASE, PASSWORD),
            _ => ldif::person(person, BASE),
        })
        .collect();
    let schema = [ldif::exchange_attributes(BASE), ldif::exchange_on_users(BASE)];
    let recipe = [VERSION, &schema[0], &schema[1], &units, &accounts].join("\n");
    let name = hex::encode(&Sha256::digest(recipe)[..8]);
    let finished = cache.join(format!("golden-{name}"));
    // Two tests that start at once: the second waits and finds it finished.
    let lock = File::create(cache.join(format!("golden-{name}.lock")))?;
    lock.lock()?;
    if finished.exists() {
        return Ok(finished);
    }
    let workshop = tempfile::Builder::new().prefix("making-").tempdir_in(cache)?;
    let domain = Domain::at(workshop.path().join("domain"), Ipv4Addr::LOCALHOST.into());
    domain.provision()?;
    domain.configure()?;
    domain.extend_schema(&schema)?;
    domain.add(&(units + &accounts))?;
    fs::rename(&domain.folder, &finished)?;
    Ok(finished)
}

impl Domain {
    pub(super) fn at(folder: PathBuf, address: IpAddr) -> Self {
        Self { folder, address }
    }

    fn provision(&self) -> anyhow::Result<()> {
        let folder = self.folder.display();
        run(Command::new("samba-tool")
            .args(["domain", "provision", "--server-role=dc", "--dns-backend=NONE", "--host-name=dc1"])
            .args(["--domain=CORP", &format!("--realm={}", DOMAIN.to_uppercase())])
            .arg(format!("--host-ip={}", self.address))
            .arg(format!("--adminpass={ADMINISTRATOR}"))
            .arg(format!("--targetdir={folder}")))
    }

    /// Writes Samba's configuration for this folder and address: LDAP alone, and no simple bind
    /// without TLS, as on a domain controller that requires signing.
    pub(super) fn configure(&self) -> anyhow::Result<()> {
        let (folder, address) = (self.folder.display(), self.address);
        let realm = DOMAIN.to_uppercase();
        let text = format!(
            "[global]
    realm = {realm}
    workgroup = CORP
    netbios name = DC1
    server role = active directory domain controller
    server services = ldap
    interfaces = {address}/8
    bind interfaces only = yes
    ldap server require strong auth = yes
    private dir = {folder}/private
    state directory = {folder}/state
    cache directory = {folder}/cache
    lock directory = {folder}
    pid directory = {folder}
    binddns dir = {folder}/bind-dns
    ncalrpc dir = {folder}/ncalrpc
    log file = {folder}/log.samba
    log level = 0
"
        );
        fs::write(self.configuration(), text).context("Samba's configuration")
    }

    /// Puts the certificate where Samba looks for it, before it makes one of its own (that one has
    /// no subjectAltName, and nobody could verify its name).
    pub(super) fn install(&self, issued: &Issued) -> anyhow::Result<()> {
        let tls = self.folder.join("private/tls");
        fs::create_dir_all(&tls)?;
        for (name, pem) in
            [("ca.pem", &issued.ca_pem), ("cert.pem", &issued.certificate_pem), ("key.pem", &issued.key_pem)]
        {
            private_file(&tls.join(name))?.write_all(pem.as_bytes())?;
        }
        Ok(())
    }

    /// The server itself, in the foreground, as one process.
    pub(super) fn samba(&self, lifetime: u32) -> Command {
        let mut command = Command::new("samba");
        command
            .args(["--foreground", "--no-process-group", "--model=single"])
            .arg(format!("--maximum-runtime={lifetime}"))
            .arg(self.configuration_argument());
        command
    }

    /// The last lines of its log.
    pub(super) fn log(&self) -> String {
        let log = fs::read_to_string(self.folder.join("log.samba")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    fn extend_schema(&self, [attributes, users]: &[String; 2]) -> anyhow::Result<()> {
        let allowed = ["--option=dsdb:schema update allowed=true"];
        self.change("ldbadd", &allowed, attributes)?;
        self.change("ldbmodify", &allowed, users)
    }

    pub(super) fn add(&self, ldif: &str) -> anyhow::Result<()> {
        self.change("ldbadd", &BATCH, ldif)
    }

    pub(super) fn modify(&self, ldif: &str) -> anyhow::Result<()> {
        self.change("ldbmodify", &[], ldif)
    }

    /// Changes the database itself, which a running server shares.
    fn change(&self, program: &str, options: &[&str], ldif: &str) -> anyhow::Result<()> {
        let mut file = tempfile::NamedTempFile::new()?;
        file.write_all(ldif.as_bytes())?;
        run(Command::new(program)
            .arg("-H")
            .arg(self.folder.join("private/sam.ldb"))
            .arg(self.configuration_argument())
            .args(options)
            .arg(file.path()))
    }

    fn configuration(&self) -> PathBuf {
        self.folder.join("etc/smb.conf")
    }

    fn configuration_argument(&self) -> String {
        format!("--configfile={}", self.configuration().display())
    }
}

/// A new file that only its owner may read: Samba refuses any other for its key.
fn private_file(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    File::options().write(true).create(true).truncate(true).mode(0o600).open(path)
}
