//! The server: start it, change its people, tell it to misbehave, stop it.

mod answer;
mod connection;
mod filter;
mod tree;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context;
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use crate::Fault;
use crate::certificate::{Issued, Validity, issue};
use crate::people::{BASE, DOMAIN, Person, people};

/// The account that may read.
const READER: &str = "svc-sync";
/// Its password: invented, and for this server only.
const PASSWORD: &str = "Tide-Table-47";

/// What to start.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on 127.0.0.1; 0 for any free one.
    pub port: u16,
    /// The names and addresses that the server's certificate is for.
    pub names: Vec<String>,
    /// What that certificate is worth.
    pub validity: Validity,
    /// Who is in the directory.
    pub people: Vec<Person>,
    /// Domains that the same server has beside it: the base of each, and who is in it. They are found
    /// by exactly that base.
    pub others: BTreeMap<String, Vec<Person>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            names: vec![format!("dc1.{DOMAIN}"), "localhost".to_owned(), "127.0.0.1".to_owned()],
            validity: Validity::Good,
            people: people(),
            others: BTreeMap::new(),
        }
    }
}

/// A running server. It stops when dropped.
#[derive(Debug)]
pub struct SampleDirectory {
    address: SocketAddr,
    host: String,
    issued: Issued,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// What connections share.
#[derive(Debug)]
struct Shared {
    people: People,
    others: BTreeMap<String, People>,
    fault: Mutex<Option<Fault>>,
    binds: AtomicUsize,
}

impl Shared {
    /// The base of the domain that a search is about, and who is in it.
    fn at(&self, base: &str) -> (&str, &People) {
        self.others.get_key_value(base).map_or((BASE, &self.people), |(base, people)| (base, people))
    }

    fn heard_bind(&self) {
        self.binds.fetch_add(1, Ordering::Relaxed);
    }

    fn fault(&self) -> Option<Fault> {
        lock(&self.fault).clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts the server on the current tokio runtime.
pub async fn start(options: Options) -> anyhow::Result<SampleDirectory> {
    let host = options.names.first().context("the certificate needs a name")?.clone();
    let issued = issue(&options.names, options.validity)?;
    let key = PrivateKeyDer::from_pem_slice(issued.key_pem.as_bytes())?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![issued.certificate.clone()], key)?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))
        .await
        .with_context(|| format!("port {} of 127.0.0.1", options.port))?;
    let address = listener.local_addr()?;
    let shared = Arc::new(Shared {
        people: People::new(options.people),
        others: options.others.into_iter().map(|(base, people)| (base, People::new(people))).collect(),
        fault: Mutex::new(None),
        binds: AtomicUsize::new(0),
    });
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let task = tokio::spawn(accept(listener, acceptor, shared.clone()));
    Ok(SampleDirectory { address, host, issued, shared, task })
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let (acceptor, shared) = (acceptor.clone(), shared.clone());
        connections.spawn(async move {
            let served = async { connection::serve(acceptor.accept(stream).await?, &shared).await };
            if let Err(error) = served.await {
                tracing::debug!(%error, "a connection to the sample directory ended");
            }
        });
        while connections.try_join_next().is_some() {}
    }
}

impl SampleDirectory {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The first name of its certificate.
    pub fn host(&self) -> &str {
        &self.host
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

    /// Its people, to be changed while it runs.
    pub fn people(&self) -> &People {
        &self.shared.people
    }

    /// The people of another one of its domains.
    pub fn people_of(&self, base: &str) -> Option<&People> {
        self.shared.others.get(base)
    }

    /// How many times somebody sent credentials.
    pub fn binds(&self) -> usize {
        self.shared.binds.load(Ordering::Relaxed)
    }

    /// Misbehaves from now on, or behaves again.
    pub fn set_fault(&self, fault: Option<Fault>) {
        *lock(&self.shared.fault) = fault;
    }

    /// Stops, and ends every connection.
    pub async fn stop(mut self) {
        self.task.abort();
        // Aborted on purpose: that it was is its only outcome.
        let _ = (&mut self.task).await;
    }
}

impl Drop for SampleDirectory {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The people of a running server. Clones speak of the same ones.
#[derive(Clone, Debug)]
pub struct People {
    list: Arc<Mutex<Vec<Person>>>,
}

impl People {
    fn new(people: Vec<Person>) -> Self {
        Self { list: Arc::new(Mutex::new(people)) }
    }

    /// Everybody as of now.
    pub fn all(&self) -> Vec<Person> {
        lock(&self.list).clone()
    }

    /// Adds somebody.
    pub fn hire(&self, person: Person) {
        lock(&self.list).push(person);
    }

    /// Disables an account. `false` if there is none of that logon name.
    pub fn disable(&self, logon: &str) -> bool {
        self.change(logon, |person| person.disabled = true)
    }

    /// Enables an account again. `false` if there is none of that logon name.
    pub fn enable(&self, logon: &str) -> bool {
        self.change(logon, |person| person.disabled = false)
    }

    /// Gives somebody another name, with all that hangs on it but the addresses and the logon name.
    pub fn rename(&self, logon: &str, given_name: &str, surname: &str) -> bool {
        self.change(logon, |person| {
            person.common_name = format!("{given_name} {surname}");
            person.display_name = Some(person.common_name.clone());
            person.given_name = Some(given_name.to_owned());
            person.surname = Some(surname.to_owned());
        })
    }

    /// Changes whatever is to be changed. `false` if there is no such logon name.
    pub fn change(&self, logon: &str, change: impl FnOnce(&mut Person)) -> bool {
        let mut list = lock(&self.list);
        let person = list.iter_mut().find(|person| person.logon.eq_ignore_ascii_case(logon));
        person.map(change).is_some()
    }

    /// Deletes an account. `false` if there is none of that logon name.
    pub fn remove(&self, logon: &str) -> bool {
        let mut list = lock(&self.list);
        let before = list.len();
        list.retain(|person| !person.logon.eq_ignore_ascii_case(logon));
        list.len() < before
    }
}
