//! One company's history in one process: the service's own sync on a real store, a simulated PSA
//! that can apply a write and lose the answer, a directory that is a list, and a clock that moves
//! only when something waits. A year passes in milliseconds.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use agent::{Source, read::Sink, stream::Writer};
use anyhow::{Context, anyhow};
use futures_util::future::BoxFuture;
use pod_view::wire::{
    ApplyLine, Approved, Counts, Problem, Run, RunKind, Schedule, Security, Settings, Trust,
};
use psa_simulator::{Arrival, InProcess, Kind, Options, Received, Record, Sent};
use reconcile::{Account, AccountId, Decision, Decisions, Link, Plan, Row, Subject, prepare};
use reqwest::{
    Method, Request, StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use serde_json::Value;
use server::{
    clock::Clock,
    directory::{Reader, Streams},
    psa::{Answer, Credentials, Psa, PsaError, SendError, Site, Transport},
    security::{
        egress::{DIRECTORY_PORTS, Egress},
        keys::{MasterKey, random_id},
        rights::Administrators,
    },
    store::{ApprovedRow, InstallationRow, RunRow, Store, StoreError},
    sync::{self, Actor, Asked, Company, Service},
};
use tokio::sync::mpsc::unbounded_channel;
use uuid::Uuid;

pub use server::sync::Undoable;

use crate::{clock::DatabaseClock, power::Power};

/// When histories begin, seconds since 1970.
const BEGINNING: i64 = 1_800_000_000;
/// The password of whoever reads the directory.
const PASSWORD: &str = "secret";
/// How long the client waits for an answer.
const CLIENTS_PATIENCE: Duration = Duration::from_secs(30);

/// Carries requests to a simulated PSA in the same process; waiting moves its time.
#[derive(Debug)]
pub struct Carrier {
    psa: InProcess,
    seconds: Arc<AtomicI64>,
    power: Arc<Power>,
}

impl Carrier {
    /// To a PSA that `options` describe.
    pub fn new(options: &Options) -> anyhow::Result<Self> {
        let seconds = Arc::new(AtomicI64::new(BEGINNING));
        Ok(Self { psa: InProcess::new(options)?, seconds, power: Arc::default() })
    }

    /// The PSA.
    #[must_use]
    pub fn psa(&self) -> &InProcess {
        &self.psa
    }

    /// A client to it, with the keys that it was made with.
    ///
    /// # Panics
    /// Never: its address is one.
    #[must_use]
    pub fn client(self: &Arc<Self>, options: &Options) -> Psa {
        let site = Site::parse(&self.psa.url()).expect("it is on this machine");
        let transport = Arc::clone(self) as Arc<dyn Transport>;
        let login_company = options.login_company.clone();
        Psa::new(transport, site, login_company, keys(options), options.client_id.clone())
    }

    /// Lets time pass, for everybody.
    pub fn pass(&self, time: Duration) {
        self.psa.pass(time);
        let now = BEGINNING + i64::try_from(self.psa.now().as_secs()).unwrap_or(i64::MAX);
        self.seconds.store(now, Ordering::SeqCst);
    }

    fn arrived(&self, arrival: Arrival) -> Result<Answer, SendError> {
        match arrival {
            Arrival::Answered(received) => Ok(answer(received)),
            Arrival::Late(time, received) if time < CLIENTS_PATIENCE => {
                self.pass(time);
                Ok(answer(received))
            }
            Arrival::Late(..) => {
                self.pass(CLIENTS_PATIENCE);
                Err(SendError::NoAnswer(PsaError::TimedOut))
            }
            Arrival::Refused => Err(SendError::NotSent("nobody listens".to_owned())),
            Arrival::Broken => {
                Err(SendError::NoAnswer(PsaError::Unreachable("the connection broke".to_owned())))
            }
        }
    }
}

fn answer(received: Received) -> Answer {
    let headers: HeaderMap = received
        .headers
        .iter()
        .filter_map(|(name, value)| {
            Some((HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_str(value).ok()?))
        })
        .collect();
    let status = StatusCode::from_u16(received.status).expect("the simulator answers with real ones");
    Answer { status, headers, body: received.body }
}

impl Transport for Carrier {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Answer, SendError>> {
        let headers: Vec<(String, String)> = request
            .headers()
            .iter()
            .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
            .collect();
        let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default().to_vec();
        let writes = request.method() != Method::GET;
        if self.power.is_off() || (writes && !self.power.step()) {
            return Box::pin(std::future::pending());
        }
        let arrival = self.psa.call(Sent {
            method: request.method().as_str(),
            url: request.url().as_str(),
            headers: headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
            body,
        });
        let arrived = self.arrived(arrival);
        Box::pin(async move { arrived })
    }

    fn now(&self) -> Duration {
        self.psa.now()
    }

    fn wait(&self, time: Duration) -> BoxFuture<'_, ()> {
        self.pass(time);
        Box::pin(std::future::ready(()))
    }
}

/// A store that many histories share.
pub struct Ground {
    url: String,
    store: Store,
    clock: DatabaseClock,
    master_key: MasterKey,
}

impl Ground {
    /// With a fresh SQLite file in `folder`.
    pub async fn new(folder: &Path) -> anyhow::Result<Self> {
        let url = format!("sqlite:{}", folder.join("histories.sqlite").display());
        let store = Store::open(&url).await?;
        let clock = DatabaseClock::replace(&url, BEGINNING).await?;
        Ok(Self { url, store, clock, master_key: MasterKey::generate() })
    }

    /// The same with another one's key: what is left to an operator who lost the store.
    pub async fn after(lost: &Self, folder: &Path) -> anyhow::Result<Self> {
        Ok(Self { master_key: lost.master_key.clone(), ..Self::new(folder).await? })
    }
}

/// A directory: a list of people.
#[derive(Default)]
struct Directory {
    people: Mutex<BTreeMap<AccountId, Account>>,
    /// Whether reading it breaks off before the end.
    broken: AtomicBool,
}

impl Directory {
    /// What a read of it streams.
    fn stream(&self) -> Vec<u8> {
        let mut stream = Vec::new();
        let mut writer = Writer::new(&mut stream);
        for account in self.people.lock().expect("nobody panics holding it").values() {
            writer.account(account.clone()).expect("memory takes everything");
        }
        if !self.broken.load(Ordering::SeqCst) {
            writer.seal().expect("memory takes everything");
        }
        stream
    }
}

/// One company and its directory.
pub struct History {
    service: Arc<Service>,
    company: Company,
    carrier: Arc<Carrier>,
    clock: DatabaseClock,
    directory: Arc<Directory>,
    url: String,
    master_key: MasterKey,
    client_id: String,
}

impl History {
    /// The first company of a PSA made by `options`, with its settings saved and nobody in its
    /// directory.
    pub async fn begin(ground: &Ground, options: &Options, company: i64) -> anyhow::Result<Self> {
        let carrier = Arc::new(Carrier::new(options)?);
        let history = Self::joined(ground, options, company, carrier, Arc::default()).await?;
        sync::save_settings(&history.service, &history.company, settings())
            .await
            .map_err(|error| anyhow!("{error}"))?;
        Ok(history)
    }

    /// The same PSA and directory with a store that knows nothing: the PSA has joined again.
    pub async fn on(&self, ground: &Ground, options: &Options) -> anyhow::Result<Self> {
        let (carrier, directory) = (Arc::clone(&self.carrier), Arc::clone(&self.directory));
        Self::joined(ground, options, self.company.key.company, carrier, directory).await
    }

    async fn joined(
        ground: &Ground,
        options: &Options,
        company: i64,
        carrier: Arc<Carrier>,
        directory: Arc<Directory>,
    ) -> anyhow::Result<Self> {
        let service =
            service(ground.store.clone(), &ground.master_key, &carrier, &directory, &options.client_id)?;
        let company = join(ground, &service, &carrier, options, company).await?;
        let history = Self {
            service,
            company,
            carrier,
            clock: ground.clock.clone(),
            directory,
            url: ground.url.clone(),
            master_key: ground.master_key.clone(),
            client_id: options.client_id.clone(),
        };
        history.tell_the_time().await;
        Ok(history)
    }

    /// Another company of the same PSA that reads the same directory, with rules of its own.
    pub async fn beside(&self, company: i64, rules: &str) -> anyhow::Result<Self> {
        let (service, carrier) = (Arc::clone(&self.service), Arc::clone(&self.carrier));
        let company = Company::new(Arc::clone(&self.company.installation), company);
        let beside = Self {
            service,
            company,
            carrier,
            clock: self.clock.clone(),
            directory: Arc::clone(&self.directory),
            url: self.url.clone(),
            master_key: self.master_key.clone(),
            client_id: self.client_id.clone(),
        };
        sync::save_settings(&beside.service, &beside.company, settings())
            .await
            .map_err(|error| anyhow!("{error}"))?;
        beside.set_rules(rules).await?;
        Ok(beside)
    }

    /// The power of the process.
    #[must_use]
    pub fn power(&self) -> &Power {
        &self.carrier.power
    }

    /// Starts the process anew, on the same store, with power that fails after so many steps.
    pub async fn restart(&mut self, fails_after: Option<u64>) -> anyhow::Result<()> {
        self.service.store.close().await;
        self.carrier.power.on(None);
        let store = self.carrier.power.store(&self.url).await?;
        self.service = service(store, &self.master_key, &self.carrier, &self.directory, &self.client_id)?;
        self.open_anew().await?;
        self.carrier.power.on(fails_after);
        Ok(())
    }

    /// The service and its company, for what has no name here.
    #[must_use]
    pub fn parts(&self) -> (&Arc<Service>, &Company) {
        (&self.service, &self.company)
    }

    /// Gives the company rules.
    pub async fn set_rules(&self, rules: &str) -> anyhow::Result<()> {
        self.set(|settings| rules.clone_into(&mut settings.rules)).await
    }

    /// Changes the company's settings as a person does who knows the password.
    pub async fn set(&self, change: impl FnOnce(&mut Settings)) -> anyhow::Result<()> {
        self.tell_the_time().await;
        let wrong = |error| anyhow!("{error}");
        let loaded = sync::load_settings(&self.service, &self.company).await.map_err(wrong)?;
        let mut settings = loaded.context("there are settings")?.settings;
        settings.password = Some(PASSWORD.to_owned());
        change(&mut settings);
        sync::save_settings(&self.service, &self.company, settings).await.map(drop).map_err(wrong)
    }

    /// Gives all companies of the installation rules.
    pub async fn set_rules_for_all(&mut self, rules: &str) -> anyhow::Result<()> {
        let id = self.company.key.installation.clone();
        self.service.set_rules(&id, rules).await?;
        self.open_anew().await
    }

    /// Has tickets opened on this board.
    pub async fn set_board(&mut self, board: i64) -> anyhow::Result<()> {
        self.service.store.set_board(&self.company.key.installation, Some(board)).await?;
        self.open_anew().await
    }

    async fn open_anew(&mut self) -> anyhow::Result<()> {
        let installation = self.service.installation(&self.company.key.installation).await?;
        let installation = installation.context("it joined before")?;
        self.company = Company::new(installation, self.company.key.company);
        Ok(())
    }

    /// Both sides and the plan.
    pub async fn plan(&self) -> Result<Plan, Problem> {
        self.plan_with(&self.decisions().await).await
    }

    async fn tell_the_time(&self) {
        self.clock.set(self.service.clock.now()).await.expect("the store works");
    }

    /// What the store did. With the power off it does nothing more.
    async fn done<T>(&self, work: impl Future<Output = Result<T, StoreError>>) -> T {
        match work.await {
            Ok(value) => value,
            Err(_) if self.power().is_off() => std::future::pending().await,
            Err(error) => panic!("the store works: {error}"),
        }
    }

    async fn plan_with(&self, decisions: &Decisions) -> Result<Plan, Problem> {
        self.tell_the_time().await;
        let sides = Box::pin(sync::read_both(&self.service, &self.company, |_| {})).await?;
        let links = self.done(self.service.store.links(&self.company.key)).await;
        let prepared = prepare(sides.snapshot.into_snapshot(), sides.contacts.contacts, &sides.policy);
        Ok(prepared.plan(&links, decisions))
    }

    /// The PSA.
    #[must_use]
    pub fn psa(&self) -> &InProcess {
        &self.carrier.psa
    }

    /// The contact of this address, as the PSA has it; none when it has none.
    ///
    /// # Panics
    /// When there are several.
    #[must_use]
    pub fn contact(&self, address: &str) -> Option<Value> {
        let world = self.psa().world();
        let world = world.lock();
        let found = world.contacts_with_email(address);
        assert!(found.len() <= 1, "{address} is there {} times", found.len());
        found.first().map(|&record| Value::Object(record.clone()))
    }

    /// The contacts of the company, as the PSA has them, without when they were changed.
    #[must_use]
    pub fn contacts(&self) -> BTreeMap<i64, Value> {
        let world = self.psa().world();
        let world = world.lock();
        let contacts = world.contacts_of(self.company.key.company).into_iter().cloned();
        contacts
            .map(|mut contact| {
                contact.remove("_info");
                (contact["id"].as_i64().unwrap_or_default(), Value::Object(contact))
            })
            .collect()
    }

    /// Changes the contact of this address in the PSA, as somebody does by hand.
    ///
    /// # Panics
    /// When there is none.
    pub fn edit(&self, address: &str, change: impl FnOnce(&mut Record)) {
        let contact = self.contact(address).and_then(|contact| contact["id"].as_i64());
        let contact = contact.expect("there is such a contact");
        let world = self.psa().world();
        world.lock().edit(Kind::Contact, contact, change);
    }

    /// Lets time pass.
    pub fn pass(&self, time: Duration) {
        self.carrier.pass(time);
    }

    /// Changes the directory.
    ///
    /// # Panics
    /// When an earlier change panicked.
    pub fn people<T>(&self, change: impl FnOnce(&mut BTreeMap<AccountId, Account>) -> T) -> T {
        change(&mut self.directory.people.lock().expect("nobody panics holding it"))
    }

    /// From now on reading the directory breaks off before its end, or does so no more.
    pub fn break_the_directory(&self, broken: bool) {
        self.directory.broken.store(broken, Ordering::SeqCst);
    }

    /// A sync as a dispatcher does it who answers no question: review, then apply what is approved
    /// by default.
    pub async fn sync(&self) -> Result<Counts, Problem> {
        Box::pin(self.sync_deciding(&[])).await
    }

    /// The same by one who decides this.
    pub async fn sync_deciding(&self, decided: &[(Subject, Decision)]) -> Result<Counts, Problem> {
        self.sync_approving(decided, Row::approved_by_default).await
    }

    /// The same by one who approves these rows.
    pub async fn sync_approving(
        &self,
        decided: &[(Subject, Decision)],
        which: impl Fn(&Row) -> bool,
    ) -> Result<Counts, Problem> {
        let mut decisions = self.decisions().await;
        decisions.extend(decided.iter().copied());
        let plan = self.plan_with(&decisions).await?;
        let mut approved: Vec<Approved> = plan
            .writing()
            .filter(|row| which(row))
            .map(|row| Approved { key: row.key(), kind: row.kind, fingerprint: row.fingerprint })
            .collect();
        approved.sort();
        self.approve(decided, approved).await
    }

    async fn approve(
        &self,
        decided: &[(Subject, Decision)],
        approved: Vec<Approved>,
    ) -> Result<Counts, Problem> {
        self.tell_the_time().await;
        let actor = Actor { member_id: 1, member: "Dispatch1".to_owned() };
        self.decide(decided).await;
        let rows = approved.into_iter().map(ApprovedRow::from).collect();
        self.ask(&actor, &Asked { kind: RunKind::Review, undoes: None, rows }).await
    }

    /// Makes decisions, and leaves them as drafts.
    pub async fn decide(&self, decided: &[(Subject, Decision)]) {
        let changes: Vec<_> = decided.iter().map(|&(subject, decision)| (subject, Some(decision))).collect();
        let (store, now) = (&self.service.store, self.service.clock.now());
        self.done(store.save_decisions(&self.company.key, &changes, 1, now)).await;
    }

    /// The company's decisions.
    pub async fn decisions(&self) -> Decisions {
        self.done(self.service.store.decisions(&self.company.key)).await
    }

    async fn ask(&self, actor: &Actor, asked: &Asked) -> Result<Counts, Problem> {
        let id = self.done(sync::ask(&self.service, &self.company, actor, asked)).await;
        let (sender, mut told) = unbounded_channel();
        Box::pin(sync::do_run(Arc::clone(&self.service), self.company.clone(), id, sender)).await;
        let mut end = None;
        while let Some(line) = told.recv().await {
            match line {
                ApplyLine::End(counts) => end = Some(Ok(counts)),
                ApplyLine::Failed(problem) => end = Some(Err(problem)),
                _ => {}
            }
        }
        end.expect("a run says how it ended")
    }

    /// Takes back all of a run that can be taken back.
    pub async fn undo(&self, run: &str) -> Result<Counts, Problem> {
        let rows = self.undoable(run).await;
        Box::pin(self.undo_rows(run, rows)).await
    }

    /// What of a run can be taken back.
    ///
    /// # Panics
    /// When there is no such run.
    pub async fn undoable(&self, run: &str) -> Vec<Undoable> {
        self.tell_the_time().await;
        let run = self.done(self.service.store.run(&self.company.key, run)).await;
        let run = run.expect("there is such a run");
        self.done(sync::undoable(&self.service, &self.company, &run)).await
    }

    /// Takes back these rows of a run.
    pub async fn undo_rows(&self, run: &str, rows: Vec<Undoable>) -> Result<Counts, Problem> {
        self.tell_the_time().await;
        let rows: Vec<ApprovedRow> = rows.into_iter().map(|row| row.approved.into()).collect();
        if rows.is_empty() {
            return Ok(Counts::default());
        }
        let actor = Actor { member_id: 2, member: "Dispatch2".to_owned() };
        self.ask(&actor, &Asked { kind: RunKind::Undo, undoes: Some(run.to_owned()), rows }).await
    }

    /// Lets time pass until the company is due, and does its run; how it ended.
    pub async fn night(&self) -> anyhow::Result<Run> {
        let slot = self.next_slot().await?.context("the company is synced by itself")?;
        let wait = u64::try_from(slot - self.service.clock.now()).unwrap_or(0);
        self.pass(Duration::from_secs(wait));
        anyhow::ensure!(self.look_at_the_queue().await? == 1, "one run was begun");
        let run = self.runs().await?.into_iter().find(|run| run.kind == RunKind::Schedule);
        self.shown(&run.context("there was a run by the schedule")?).await
    }

    /// A run as the pod shows it.
    pub async fn shown(&self, run: &RunRow) -> anyhow::Result<Run> {
        Ok(sync::shown(&self.service, run).await?)
    }

    /// Lets every replica look at the queue, and does what is to be done: runs that are due.
    pub async fn look_at_the_queue(&self) -> anyhow::Result<usize> {
        self.tell_the_time().await;
        let taken = sync::take_runs(&self.service, 100).await?;
        let count = taken.len();
        for run in taken {
            // How it ended is in the store.
            let _ = Box::pin(run.carry_out(&self.service)).await;
        }
        Ok(count)
    }

    /// The last runs, the newest first.
    pub async fn runs(&self) -> anyhow::Result<Vec<RunRow>> {
        Ok(self.service.store.last_runs(&self.company.key, 100).await?)
    }

    /// When the company is due next.
    pub async fn next_slot(&self) -> anyhow::Result<Option<i64>> {
        Ok(self.service.store.next_slot(&self.company.key).await?)
    }

    /// The company's links.
    pub async fn links(&self) -> anyhow::Result<Vec<Link>> {
        Ok(self.service.store.links(&self.company.key).await?)
    }

    /// What a review reads, and nothing more.
    pub async fn review(&self) -> Result<Vec<Link>, Problem> {
        self.tell_the_time().await;
        let sides = Box::pin(sync::read_both(&self.service, &self.company, |_| {})).await?;
        let snapshot = sides.snapshot.into_snapshot();
        let now = self.service.clock.now();
        Ok(self.done(sync::links_seen(&self.service, &self.company, &snapshot, now)).await)
    }

    /// How many writes have an end that nobody knows.
    pub async fn unsettled(&self) -> anyhow::Result<usize> {
        Ok(self.service.store.unsettled_intents(&self.company.key).await?.len())
    }
}

fn keys(options: &Options) -> Credentials {
    Credentials {
        public_key: options.public_key.clone(),
        private_key: options.private_key.clone().into(),
        client_id: None,
    }
}

/// Lets the PSA join the service, each time as a new installation.
async fn join(
    ground: &Ground,
    service: &Service,
    carrier: &Carrier,
    options: &Options,
    company: i64,
) -> anyhow::Result<Company> {
    let id = random_id();
    // Each history is a login company of its own.
    let place = [id.as_str(), &carrier.psa.url(), &options.login_company];
    let row = InstallationRow {
        id: id.clone(),
        psa_site: carrier.psa.url(),
        login_company: options.login_company.clone(),
        credentials: keys(options).seal(&ground.master_key, place),
        administrators: Administrators::default().code().to_owned(),
        rules: String::new(),
        board: None,
        created_at: BEGINNING,
    };
    ground.store.save_installation(&row).await?;
    let installation = service.installation(&id).await?.context("it was just saved")?;
    Ok(Company::new(installation, company))
}

fn service(
    store: Store,
    master_key: &MasterKey,
    carrier: &Arc<Carrier>,
    directory: &Arc<Directory>,
    client_id: &str,
) -> anyhow::Result<Arc<Service>> {
    let streams: Streams = {
        let directory = Arc::clone(directory);
        Arc::new(move |_: &Source| directory.stream())
    };
    let loopback = vec!["127.0.0.0/8".parse()?];
    let egress = Egress { allowed_networks: loopback, allowed_ports: DIRECTORY_PORTS.to_vec() };
    Ok(Arc::new(Service::new(
        store,
        Clock::Manual(Arc::clone(&carrier.seconds)),
        master_key.clone(),
        Reader::of_streams(streams, egress),
        Arc::clone(carrier) as Arc<dyn Transport>,
        client_id.to_owned(),
    )))
}

/// Somebody in the directory.
#[must_use]
pub fn account(number: u128, given: &str, family: &str, enabled: bool) -> Account {
    let name = format!("{given}.{family}").to_lowercase();
    Account {
        id: AccountId(Uuid::from_u128(0x1000_0000_0000_4000_8000_0000_0000_0000 + number)),
        dn: format!("CN={given} {family},DC=history,DC=example"),
        logon_name: name.clone(),
        given_name: Some(given.to_owned()),
        surname: Some(family.to_owned()),
        mail: Some(format!("{name}@history.example")),
        title: Some("Clerk".to_owned()),
        telephone: Some(format!("+32 9 {number:07}")),
        enabled,
        ..Account::default()
    }
}

fn settings() -> Settings {
    Settings {
        host: "127.0.0.1".to_owned(),
        port: 636,
        security: Security::Ldaps,
        trust: Trust::PublicAuthorities,
        base: "DC=history,DC=example".to_owned(),
        bind_name: "reader@history.example".to_owned(),
        password: Some(PASSWORD.to_owned()),
        filter: None,
        rules: String::new(),
        schedule: Schedule::default(),
        generation: 0,
        password_set: false,
        shared_rules: String::new(),
    }
}
