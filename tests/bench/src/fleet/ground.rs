//! What a night needs: a PSA, the directories, a store in which every company was reviewed once, and the
//! service.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result, anyhow, ensure};
use futures_util::future::try_join_all;
use integration::{programs::program, service::Deployment};
use pod_view::wire::{Schedule, Security, Settings, Trust, When};
use psa_simulator::{Csv, Options, Switches};
use reconcile::{Account, Decisions, Link, RowKind, prepare};
use sample_directory::SampleDirectory;
use server::{
    clock::Clock,
    directory::{Reader, ReaderProgram},
    psa::Network,
    security::{egress::Egress, keys::MasterKey},
    store::{CompanyKey, RunRow, Store},
    sync::{self, Company, Installation, Service},
};
use sqlx::SqlitePool;
use url::Url;

use super::Fleet;
use crate::people::{Member, companies, directories, names, person, table_of_companies, table_of_contacts};

/// One company in so many has hired somebody, and another one has a new title.
const ONE_IN: usize = 20;
/// Companies that are set up together, by a service of their own: all that they ask of the PSA is less than a
/// service may ask at once, so that setting up takes no longer than its answers.
const TOGETHER: usize = 6;

/// Everything around the service, and the service.
pub(super) struct Ground {
    deployment: Deployment,
    directory: SampleDirectory,
    store: Store,
    companies: Vec<Member>,
    names: Vec<Account>,
}

impl Ground {
    /// Lets a PSA of so many companies join, and sets up and reviews each of them.
    pub(super) async fn set_up(fleet: &Fleet) -> Result<Self> {
        let (companies, names) = (companies(fleet.companies), names(fleet.people));
        let people = directories(&companies, &names)?;
        let mut options = Options {
            companies: Csv::Text(table_of_companies(&companies)?),
            contacts: Csv::Text(table_of_contacts(&companies, &people)?),
            ..Options::default()
        };
        // Setting up is not what is measured.
        options.switches.requests_per_minute = None;
        let client_id = options.client_id.clone();
        let directory = sample_directory::start(sample_directory::Options {
            names: vec!["127.0.0.1".to_owned()],
            people: Vec::new(),
            others: people,
            ..sample_directory::Options::default()
        })
        .await?;
        let environment = [
            ("CONNECTACTIVE_DIRECTORY_PORTS", directory.address().port().to_string()),
            // That it serves, and what goes wrong; not each run that is queued.
            ("RUST_LOG", "warn,connectactive=info".to_owned()),
        ];
        let deployment = Deployment::joined_in(options, &environment).await?;
        let store = Store::open(&format!("sqlite:{}", deployment.database().display())).await?;
        let ground = Self { deployment, directory, store, companies, names };
        ground.review_all(client_id).await?;
        let world = ground.deployment.psa.world();
        let mut world = world.lock();
        world.switches = Switches::default();
        world.latency = Duration::from_millis(fleet.latency_ms);
        drop(world);
        Ok(ground)
    }

    async fn review_all(&self, client_id: String) -> Result<()> {
        let key = MasterKey::from_text(&std::fs::read_to_string(self.deployment.key_file())?)?;
        let egress = |port: u16| -> Result<Egress> {
            Ok(Egress { allowed_networks: vec!["127.0.0.0/8".parse()?], allowed_ports: vec![port] })
        };
        let psa_port = Url::parse(self.deployment.psa.url())?.port().context("the PSA has a port")?;
        let reader = ReaderProgram { program: program("connectactive"), arguments: vec!["read".to_owned()] };
        for together in self.companies.chunks(TOGETHER) {
            let service = Arc::new(Service::new(
                self.store.clone(),
                Clock::System,
                key.clone(),
                Reader::new(reader.clone(), egress(self.directory.address().port())?),
                Arc::new(Network::new(&[], egress(psa_port)?)),
                client_id.clone(),
            ));
            let installation = service
                .installation(&self.deployment.installation)
                .await?
                .context("the installation has just joined")?;
            let reviews = together.iter().map(|member| self.review(&service, &installation, member));
            self.link(&try_join_all(reviews).await?).await?;
        }
        Ok(())
    }

    /// Saves a company's settings and looks at it as a person does: whom the planner finds by address and
    /// name is linked.
    async fn review(
        &self,
        service: &Arc<Service>,
        installation: &Arc<Installation>,
        member: &Member,
    ) -> Result<(CompanyKey, Vec<Link>)> {
        let company = Company::new(Arc::clone(installation), member.id);
        sync::save_settings(service, &company, self.settings(member)?)
            .await
            .map_err(|error| anyhow!("company {}: {error}", member.id))?;
        let sides = sync::read_both(service, &company, |_| {})
            .await
            .map_err(|problem| anyhow!("company {}: {problem}", member.id))?;
        let people = sides.contacts.contacts.len();
        let prepared = prepare(sides.snapshot.into_snapshot(), sides.contacts.contacts, &sides.policy);
        let plan = prepared.plan(&[], &Decisions::default());
        let links: Vec<Link> = plan
            .writing()
            .filter(|row| row.kind == RowKind::Link)
            .filter_map(|row| Some(Link::new(row.account?, row.contact?)))
            .collect();
        ensure!(links.len() == people, "company {}: {} of {people} are found", member.id, links.len());
        service.store.set_reviewed_scope(&company.key, &sides.scope).await?;
        Ok((company.key, links))
    }

    fn settings(&self, member: &Member) -> Result<Settings> {
        // Half a day from now: nobody becomes due by it while this lasts.
        let hour = u8::try_from((Clock::System.now() / 3600 + 12).rem_euclid(24))?;
        Ok(Settings {
            host: "127.0.0.1".to_owned(),
            port: self.directory.address().port(),
            security: Security::Ldaps,
            trust: Trust::Pinned(self.directory.certificate_sha256()),
            base: member.base.clone(),
            bind_name: self.directory.bind_name(),
            password: Some(self.directory.password().to_owned()),
            filter: None,
            rules: String::new(),
            schedule: Schedule { when: When::DailyAt { hour, minute: 0 }, time_zone: "UTC".to_owned() },
            generation: 0,
            password_set: false,
            shared_rules: String::new(),
        })
    }

    /// Stores the pairs of several companies at once: one by one they take longer than the night.
    async fn link(&self, links: &[(CompanyKey, Vec<Link>)]) -> Result<()> {
        const SQL: &str = "INSERT INTO link (installation, company, account, contact, deactivated_by_us)
             VALUES ($1, $2, $3, $4, 0)";
        let mut transaction = self.pool()?.begin().await?;
        for (key, links) in links {
            for link in links {
                sqlx::query(SQL)
                    .bind(&key.installation)
                    .bind(key.company)
                    .bind(link.account.to_string())
                    .bind(link.contact.0)
                    .execute(&mut *transaction)
                    .await?;
            }
        }
        transaction.commit().await?;
        Ok(())
    }

    fn pool(&self) -> Result<&SqlitePool> {
        match &self.store {
            Store::Sqlite(pool) => Ok(pool),
            Store::Postgres(_) => Err(anyhow!("the store is a file")),
        }
    }

    /// What happens in a day: how many are hired, and how many have another title.
    pub(super) fn pass_a_day(&self) -> Result<(usize, usize)> {
        let newcomer = self.names.last().context("there is one more name than people")?;
        let (mut hires, mut titles) = (0, 0);
        for (at, member) in self.companies.iter().enumerate() {
            let people = self.directory.people_of(&member.base).context("the company has a directory")?;
            match at % ONE_IN {
                0 => {
                    people.hire(person(member, self.names.len(), newcomer)?);
                    hires += 1;
                }
                1 => {
                    let logon = people.all().first().context("the company has people")?.logon.clone();
                    people.change(&logon, |person| person.title = Some("Head of it all".to_owned()));
                    titles += 1;
                }
                _ => {}
            }
        }
        Ok((hires, titles))
    }

    /// Starts the service; the id of its process.
    pub(super) fn serve(&mut self) -> Result<u32> {
        self.deployment.serve()?;
        self.deployment.psa.world().lock().reset_log();
        self.deployment.process().context("it was just started")
    }

    /// From now on every company is due.
    pub(super) async fn all_are_due(&self) -> Result<()> {
        const SQL: &str = "UPDATE company SET next_slot = (SELECT seconds FROM clock)";
        sqlx::query(SQL).execute(self.pool()?).await?;
        Ok(())
    }

    /// How many runs have ended.
    pub(super) async fn runs_ended(&self) -> Result<usize> {
        const SQL: &str = "SELECT COUNT(*) FROM run WHERE ended_at IS NOT NULL";
        let (ended,): (i64,) = sqlx::query_as(SQL).fetch_one(self.pool()?).await?;
        Ok(usize::try_from(ended)?)
    }

    /// The last run of each company.
    pub(super) async fn ended(&self) -> Result<Vec<RunRow>> {
        let mut ended = Vec::new();
        for member in &self.companies {
            let key = CompanyKey { installation: self.deployment.installation.clone(), company: member.id };
            ended.extend(self.store.last_runs(&key, 1).await?);
        }
        Ok(ended)
    }

    /// How many calls the PSA had, and how many of them it refused because they were too many.
    pub(super) fn calls(&self) -> (usize, usize) {
        let world = self.deployment.psa.world();
        let world = world.lock();
        let throttled = world.requests().iter().filter(|request| request.status == Some(429)).count();
        // The journal has the calls of the API; asking where it is comes before them.
        (world.requests().len() + 1, throttled)
    }
}
