//! A company to which things happen.

use std::fmt::Write as _;

use std::sync::Arc;

use agent::{read::Sink, stream::Writer};
use integration::history::{Ground, History, account};
use pod_view::wire::{ApplyLine, Approved, Counts, Outcome, Problem, RunKind};
use psa_simulator::{Csv, Kind, Options, Record};
use reconcile::{Decision, Row, Subject};
use secrecy::ExposeSecret;
use server::{
    clock::Clock,
    directory::{Reader, Streams},
    psa::Transport,
    security::egress::{DIRECTORY_PORTS, Egress},
    store::ApprovedRow,
    sync::{self, Actor, Asked, Company, Service},
};
use tempfile::TempDir;
use tokio::sync::mpsc::unbounded_channel;

pub(crate) const SEVEN: i64 = 7;
pub(crate) const EIGHT: i64 = 8;

/// A PSA with two companies; in the first these contacts, each a given and a family name.
pub(crate) fn options(contacts: &[(&str, &str)]) -> Options {
    let mut rows = String::from(
        "company,first_name,last_name,title,email,direct,mobile,fax,inactive,default,billing,portal\n",
    );
    for (given, family) in contacts {
        let mail = address(given, family);
        writeln!(rows, "Seven,{given},{family},Clerk,{mail},,,,false,,,").expect("a string takes everything");
    }
    Options {
        companies: Csv::Text(
            "id,identifier,name,status,city\n7,Seven,Seven Ltd,Active,Ghent\n8,Eight,Eight Ltd,Active,Bruges\n"
                .into(),
        ),
        contacts: Csv::Text(rows),
        ..Options::default()
    }
}

pub(crate) fn address(given: &str, family: &str) -> String {
    format!("{given}.{family}@history.example").to_lowercase()
}

/// The first company, with these contacts and nobody in its directory.
pub(crate) async fn begin(contacts: &[(&str, &str)]) -> (TempDir, History) {
    server::web::install_tls_provider();
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let ground = Ground::new(folder.path()).await.expect("the store opens");
    let history = History::begin(&ground, &options(contacts), SEVEN).await.expect("it begins");
    (folder, history)
}

/// Puts somebody into the directory.
pub(crate) fn employ(history: &History, number: u128, given: &str, family: &str) {
    let person = account(number, given, family, true);
    history.people(|people| people.insert(person.id, person));
}

/// The contacts of this address, as the PSA has them.
pub(crate) fn found(history: &History, address: &str) -> Vec<Record> {
    let world = history.psa().world();
    let world = world.lock();
    world.contacts_with_email(address).into_iter().cloned().collect()
}

/// How many contacts the PSA has.
pub(crate) fn contacts(history: &History) -> usize {
    history.psa().world().lock().records(Kind::Contact).count()
}

/// How many requests the PSA had that write.
pub(crate) fn writes(history: &History) -> usize {
    let world = history.psa().world();
    let world = world.lock();
    world.requests().iter().filter(|request| request.method != "GET").count()
}

/// A service and one of its companies.
pub(crate) type Parts<'a> = (&'a Arc<Service>, &'a Company);

/// Another replica on the same store, which tells the time by this clock and reaches the PSA this way.
pub(crate) async fn replica(
    history: &History,
    clock: Clock,
    transport: Arc<dyn Transport>,
) -> (Arc<Service>, Company) {
    let (one, company) = history.parts();
    let people = history.people(|people| people.clone());
    let streams: Streams = Arc::new(move |_| {
        let mut stream = Vec::new();
        let mut writer = Writer::new(&mut stream);
        for account in people.values() {
            writer.account(account.clone()).expect("memory takes everything");
        }
        writer.seal().expect("memory takes everything");
        stream
    });
    let loopback = vec!["127.0.0.0/8".parse().expect("a network")];
    let egress = Egress { allowed_networks: loopback, allowed_ports: DIRECTORY_PORTS.to_vec() };
    let (store, key) = (one.store.clone(), one.master_key.clone());
    let client_id = one.client_id.expose_secret().to_owned();
    let reader = Reader::of_streams(streams, egress);
    let other = Arc::new(Service::new(store, clock, key, reader, transport, client_id));
    let installation = other.installation(&company.key.installation).await.expect("the store works");
    let company = Company::new(installation.expect("it joined"), company.key.company);
    (other, company)
}

/// The rows of the plan that follows these decisions, as a person approves them.
pub(crate) async fn approved(
    (service, company): Parts<'_>,
    decided: &[(Subject, Decision)],
    approves: impl Fn(&Row) -> bool,
) -> Vec<Approved> {
    let changes: Vec<_> = decided.iter().map(|&(subject, decision)| (subject, Some(decision))).collect();
    service.store.save_decisions(&company.key, &changes, 1, 0).await.expect("the store works");
    let decisions = service.store.decisions(&company.key).await.expect("the store works");
    let sides = sync::read_both(service, company, |_| {}).await.expect("both sides can be read");
    let links = service.store.links(&company.key).await.expect("the store works");
    let snapshot = sides.snapshot.into_snapshot();
    let prepared = reconcile::prepare(snapshot, sides.contacts.contacts, &sides.policy);
    let plan = prepared.plan(&links, &decisions);
    let rows = plan.writing().filter(|row| approves(row));
    rows.map(|row| Approved { key: row.key(), kind: row.kind, fingerprint: row.fingerprint }).collect()
}

/// Applies them; what became of each, and how the run ended.
pub(crate) async fn apply(
    (service, company): Parts<'_>,
    approved: Vec<Approved>,
) -> (Vec<Outcome>, Result<Counts, Problem>) {
    let actor = Actor { member_id: 2, member: "Dispatch2".to_owned() };
    let rows = approved.into_iter().map(ApprovedRow::from).collect();
    let asked = Asked { kind: RunKind::Review, undoes: None, rows };
    let id = sync::ask(service, company, &actor, &asked).await.expect("the store works");
    let (sender, mut lines) = unbounded_channel();
    sync::do_run(Arc::clone(service), company.clone(), id, sender).await;
    let (mut outcomes, mut end) = (Vec::new(), None);
    while let Some(line) = lines.recv().await {
        match line {
            ApplyLine::Row(row) => outcomes.push(row.outcome),
            ApplyLine::End(counts) => end = Some(Ok(counts)),
            ApplyLine::Failed(problem) => end = Some(Err(problem)),
            _ => {}
        }
    }
    (outcomes, end.expect("a run says how it ended"))
}
