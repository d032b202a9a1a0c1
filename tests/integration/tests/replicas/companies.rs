//! Small companies of one PSA, each with a domain of its own on one directory server; all of them set
//! up and reviewed on one PostgreSQL.

use std::{collections::BTreeMap, fmt::Write, sync::Arc};

use anyhow::{Context, anyhow};
use futures_util::{StreamExt, TryStreamExt, stream};
use integration::{
    pod::settings_for, postgres::Postgres, programs::program, replica::Replica, service::Deployment,
};
use pod_view::wire::{ApplyLine, Approved, RunKind, Schedule, Settings, When};
use psa_simulator::{Csv, Options, SharedWorld, Switches};
use reconcile::prepare;
use sample_directory::{Person, SampleDirectory};
use server::{
    clock::Clock,
    directory::{Reader, ReaderProgram},
    psa::Network,
    security::{egress::Egress, keys::MasterKey},
    store::{ApprovedRow, CompanyKey, Store},
    sync::{self, Actor, Asked, Company, Service},
};
use sqlx::PgPool;
use tokio::sync::mpsc::unbounded_channel;

use crate::unpaced::Unpaced;

/// Who is there from the beginning.
pub(crate) const STAFF: [&str; 4] = ["Ann", "Ben", "Cleo", "Dirk"];
/// Whose title changes, and who leaves.
pub(crate) const PROMOTED: &str = "Ann";
pub(crate) const LEAVER: &str = "Dirk";
/// Who may come in the night.
pub(crate) const NEWCOMERS: [&str; 8] = ["Eva", "Finn", "Gerda", "Hugo", "Ilse", "Joris", "Karel", "Lotte"];

/// The title that everybody has, and the other one.
pub(crate) const TITLE: &str = "Clerk";
pub(crate) const NEW_TITLE: &str = "Head clerk";

/// Companies that are set up at a time.
const AT_ONCE: usize = 8;

/// The address of somebody in a company.
pub(crate) fn address(company: usize, given: &str) -> String {
    format!("{}@c{company}.example", given.to_lowercase())
}

fn base(company: usize) -> String {
    format!("DC=c{company},DC=example")
}

fn person(company: usize, given: &str) -> Person {
    let logon = format!("{}{company}", given.to_lowercase());
    let mail = address(company, given);
    Person {
        proxy_addresses: vec![format!("SMTP:{mail}")],
        mail: Some(mail),
        title: Some(TITLE.to_owned()),
        department: None,
        ..Person::new(&logon, given, "Aerts", "People")
    }
}

/// The companies, their PSA and their directory.
pub(crate) struct Companies {
    pub(crate) deployment: Deployment,
    pub(crate) directory: SampleDirectory,
    pub(crate) store: Store,
    pub(crate) postgres: Arc<Postgres>,
    /// By their numbers.
    pub(crate) keys: Vec<CompanyKey>,
}

impl Companies {
    /// Sets them up and reviews them; no process of the service is started.
    pub(crate) async fn set_up(postgres: Arc<Postgres>, count: usize, psa: Options) -> anyhow::Result<Self> {
        let everybody = |company: usize| STAFF.iter().map(move |given| person(company, given)).collect();
        let domains: BTreeMap<_, _> = (0..count).map(|company| (base(company), everybody(company))).collect();
        let directory = sample_directory::start(sample_directory::Options {
            names: vec!["127.0.0.1".to_owned()],
            others: domains,
            ..sample_directory::Options::default()
        })
        .await?;
        let url = postgres.database()?;
        let environment = [
            ("DATABASE_URL", url.clone()),
            ("CONNECTACTIVE_DIRECTORY_PORTS", directory.address().port().to_string()),
        ];
        let deployment = Deployment::joined_in(options(count, psa), &environment).await?;
        let store = Store::open(&url).await?;
        let service = in_process(&deployment, &directory, &store)?;
        let installation = service.installation(&deployment.installation).await?.context("it joined")?;
        let set_up =
            (0..count).map(|number| {
                let company =
                    Company::new(Arc::clone(&installation), deployment.company(&identifier(number)));
                let settings = settings(&directory, number);
                let service = &service;
                async move {
                    Box::pin(set_up(service, company, settings)).await.with_context(|| identifier(number))
                }
            });
        let keys = stream::iter(set_up).buffered(AT_ONCE).try_collect().await?;
        deployment.psa.world().lock().reset_log();
        Ok(Self { deployment, directory, store, postgres, keys })
    }

    /// Two processes of the service, which are not started yet.
    pub(crate) fn replicas(&self) -> anyhow::Result<[Replica; 2]> {
        Ok([self.deployment.replica()?, self.deployment.replica()?])
    }

    /// In each company one gets another title, one leaves, and so many come.
    pub(crate) fn change(&self, newcomers: usize) {
        for company in 0..self.keys.len() {
            let people = self.directory.people_of(&base(company)).expect("each has a domain");
            let logon = |given: &str| person(company, given).logon;
            assert!(people.change(&logon(PROMOTED), |person| person.title = Some(NEW_TITLE.to_owned())));
            assert!(people.disable(&logon(LEAVER)));
            NEWCOMERS.iter().take(newcomers).for_each(|given| people.hire(person(company, given)));
        }
    }

    /// The database.
    pub(crate) fn pool(&self) -> &PgPool {
        match &self.store {
            Store::Postgres(pool) => pool,
            Store::Sqlite(_) => unreachable!("it was opened on PostgreSQL"),
        }
    }

    /// The PSA.
    pub(crate) fn psa(&self) -> SharedWorld {
        self.deployment.psa.world()
    }
}

fn identifier(company: usize) -> String {
    format!("C{company}")
}

fn options(count: usize, options: Options) -> Options {
    let mut companies = String::from("id,identifier,name,status,city\n");
    let mut contacts = String::from(
        "company,first_name,last_name,title,email,direct,mobile,fax,inactive,default,billing,portal\n",
    );
    for company in 0..count {
        let (id, identifier) = (company + 1000, identifier(company));
        writeln!(companies, "{id},{identifier},Company {company},Active,Ghent").expect("a text takes it");
        for given in STAFF {
            let mail = address(company, given);
            writeln!(contacts, "{identifier},{given},Aerts,{TITLE},{mail},,,,false,false,false,false")
                .expect("a text takes it");
        }
    }
    Options {
        companies: Csv::Text(companies),
        contacts: Csv::Text(contacts),
        // Each process keeps to what the PSA takes; that they share it is not what is looked at here.
        switches: Switches { requests_per_minute: None, ..options.switches },
        ..options
    }
}

fn in_process(
    deployment: &Deployment,
    directory: &SampleDirectory,
    store: &Store,
) -> anyhow::Result<Arc<Service>> {
    let egress = |port: u16| -> anyhow::Result<Egress> {
        Ok(Egress { allowed_networks: vec!["127.0.0.0/8".parse()?], allowed_ports: vec![port] })
    };
    let port = url::Url::parse(deployment.psa.url())?.port().context("the PSA has a port")?;
    let reader = ReaderProgram { program: program("connectactive"), arguments: vec!["read".to_owned()] };
    Ok(Arc::new(Service::new(
        store.clone(),
        Clock::System,
        MasterKey::from_text(&std::fs::read_to_string(deployment.key_file())?)?,
        Reader::new(reader, egress(directory.address().port())?),
        Arc::new(Unpaced::new(Network::new(&[], egress(port)?))),
        psa_simulator::CLIENT_ID.to_owned(),
    )))
}

/// Due half a day from now: the tests say when they are due.
fn settings(directory: &SampleDirectory, company: usize) -> Settings {
    let hour = u8::try_from((Clock::System.now() / 3600 + 12) % 24).expect("a day has 24 hours");
    Settings {
        base: base(company),
        schedule: Schedule { when: When::DailyAt { hour, minute: 0 }, time_zone: String::new() },
        ..settings_for(directory)
    }
}

/// Saves the settings and does the first review, in which everybody is linked.
async fn set_up(service: &Arc<Service>, company: Company, settings: Settings) -> anyhow::Result<CompanyKey> {
    let said = |problem| anyhow!("{problem:?}");
    sync::save_settings(service, &company, settings).await?;
    let sides = sync::read_both(service, &company, |_| {}).await?;
    let prepared = prepare(sides.snapshot.into_snapshot(), sides.contacts.contacts, &sides.policy);
    let plan = prepared.plan(&[], &BTreeMap::default().into_iter().collect());
    let mut rows: Vec<Approved> = plan
        .writing()
        .map(|row| Approved { key: row.key(), kind: row.kind, fingerprint: row.fingerprint })
        .collect();
    rows.sort();
    let actor = Actor { member_id: 1, member: "Dispatch1".to_owned() };
    let rows = rows.into_iter().map(ApprovedRow::from).collect();
    let id =
        sync::ask(service, &company, &actor, &Asked { kind: RunKind::Review, undoes: None, rows }).await?;
    let (sender, mut lines) = unbounded_channel();
    sync::do_run(Arc::clone(service), company.clone(), id, sender).await;
    while let Some(line) = lines.recv().await {
        match line {
            ApplyLine::Failed(problem) => return Err(said(problem)),
            ApplyLine::End(counts) if counts.linked != STAFF.len() as u64 => {
                return Err(anyhow!("the review left {counts:?}"));
            }
            _ => {}
        }
    }
    Ok(company.key)
}
