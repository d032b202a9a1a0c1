//! Reading both sides, to the end or not at all.

use std::{collections::BTreeMap, sync::Mutex, time::Duration};

use agent::{
    Password, Source,
    source::{self, SourceProblem},
};
use pod_view::wire::{Code, Problem, Progress, Security, Settings, Trust};
use reconcile::{AccountId, OtherCompany, Policy, Rule, Wants};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::OwnedMutexGuard;

use super::{Company, Loaded, Service, SettingsError, settings};
use crate::{
    directory::{CompleteSnapshot, ReadFailure, ReadProgress},
    psa::{Caller, PsaError, ReadContacts},
    store::StoreError,
};

/// Bytes of one directory: some hundred thousand accounts. All of them are in memory for a while.
const LARGEST_DIRECTORY: u64 = 64 << 20;
/// Accounts in one page: small enough that progress shows, and that no server's limit is met.
const PAGE_SIZE: u32 = 100;

/// Both sides, whole.
#[derive(Debug)]
pub struct BothSides {
    /// The directory.
    pub snapshot: CompleteSnapshot,
    /// The PSA.
    pub contacts: ReadContacts,
    /// What planning goes by.
    pub policy: Policy,
    /// When reading the PSA began, seconds since 1970: what was written after that may be missing.
    pub contacts_read_at: i64,
    /// A keyed hash of what decides who is in sight and what is mapped: where it changed, whoever is missing
    /// may only be out of sight.
    pub scope: String,
}

/// Why there are not both sides.
#[derive(Debug, thiserror::Error)]
pub enum SidesError {
    /// Our own store failed: that says nothing about either side.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// One of them cannot be read, or not in full.
    #[error("{}", .0.message)]
    Unreadable(Problem),
}

impl From<Problem> for SidesError {
    fn from(problem: Problem) -> Self {
        Self::Unreadable(problem)
    }
}

impl From<SettingsError> for SidesError {
    fn from(error: SettingsError) -> Self {
        match error {
            SettingsError::Store(error) => Self::Store(error),
            error => Self::Unreadable(error.problem()),
        }
    }
}

impl From<SidesError> for Problem {
    fn from(error: SidesError) -> Self {
        match error {
            SidesError::Store(error) => SettingsError::from(error).problem(),
            SidesError::Unreadable(problem) => problem,
        }
    }
}

/// How long a sync may wait for another one of the same company to have read.
const TURN: Duration = Duration::from_mins(1);

/// Reads the directory and the PSA at the same time. `progress` is told how far both are. One
/// company is read once at a time: a second read would tell nothing more, and a wrong password
/// tried by many locks the account.
pub async fn read_both(
    service: &Service,
    company: &Company,
    progress: impl Fn(Progress) + Sync,
) -> Result<BothSides, SidesError> {
    let loaded = loaded(service, company).await?;
    let reading = Reading::of(company, &loaded.settings, &loaded.password)?;
    let scope = scope(service, company, &loaded.settings);
    let _turn = turn(service, company).await?;
    let state = Mutex::new(Progress::default());
    let tell = |change: &dyn Fn(&mut Progress)| {
        let mut now = state.lock().expect("nobody panics holding it");
        change(&mut now);
        progress(*now);
    };
    let directory = directory(service, company, reading.source, |reached| {
        tell(&|now| match reached {
            ReadProgress::Waiting(others) => now.waiting = others,
            ReadProgress::Accounts(accounts) => (now.waiting, now.accounts) = (0, accounts),
            ReadProgress::LookedUp(_) | ReadProgress::Step(_) => {}
        });
    });
    let contacts = contacts(company, reading.wants, |contacts| tell(&|now| now.contacts = contacts as u64));
    let contacts_read_at = service.now();
    let (snapshot, contacts) =
        tokio::try_join!(async { directory.await.map_err(|failure| failure.problem()) }, contacts)?;
    let source = settings::source_key(service, &loaded.settings);
    let others = others(service, company, &snapshot.ids(), &reading.rules, &source).await?;
    let policy = Policy { rules: reading.rules, places: contacts.references.places(), others };
    Ok(BothSides { snapshot, contacts, policy, contacts_read_at, scope })
}

/// The company's settings, without which nothing is read.
pub(super) async fn loaded(service: &Service, company: &Company) -> Result<Loaded, SidesError> {
    service.look_at_the_time().await?;
    settings::load(service, company).await?.ok_or_else(|| {
        SidesError::Unreadable(Problem::new(
            Code::NotSetUp,
            "This company has no directory settings yet.",
            "Enter them in the pod's settings.",
        ))
    })
}

/// What is read, and by which rules it is planned.
pub(super) struct Reading {
    pub(super) source: Source,
    /// The company's rules, then the installation's.
    pub(super) rules: Vec<Rule>,
    pub(super) wants: Wants,
}

impl Reading {
    /// What these settings say.
    pub(super) fn of(
        company: &Company,
        settings: &Settings,
        password: &SecretString,
    ) -> Result<Self, Problem> {
        let rules = rules_of(company, settings)?;
        let wants = Wants::of(&rules);
        Ok(Self { source: source_of(settings, password, wants).map_err(wrong)?, rules, wants })
    }
}

/// The company's rules, then the installation's.
pub(super) fn rules_of(company: &Company, settings: &Settings) -> Result<Vec<Rule>, Problem> {
    let mut rules = settings::parse_rules(&settings.rules)?;
    rules.extend(settings::parse_rules(&company.installation.rules)?);
    Ok(rules)
}

/// Waits until nobody else reads the company.
pub(super) async fn turn(service: &Service, company: &Company) -> Result<OwnedMutexGuard<()>, Problem> {
    let turn = service.turn_to_read(&company.key).lock_owned();
    tokio::time::timeout(TURN, turn).await.map_err(|_| {
        Problem::new(
            Code::BeingRead,
            "This company is being read by somebody else right now.",
            "Sync again in a minute.",
        )
    })
}

/// Reads a directory; a failure is logged.
pub(super) async fn directory(
    service: &Service,
    company: &Company,
    source: Source,
    progress: impl FnMut(ReadProgress),
) -> Result<CompleteSnapshot, ReadFailure> {
    let read = service.reader.read(source, progress).await;
    read.inspect_err(|failure| {
        tracing::warn!(company = company.key.company, error = %failure, "directory read failed");
    })
}

/// Reads the company's contacts; a failure is logged.
pub(super) async fn contacts(
    company: &Company,
    wants: Wants,
    progress: impl FnMut(usize),
) -> Result<ReadContacts, Problem> {
    company.psa().contacts(company.key.company, wants, progress).await.map_err(|error| {
        tracing::warn!(company = company.key.company, error = %error, "contacts read failed");
        error.problem()
    })
}

fn scope(service: &Service, company: &Company, settings: &Settings) -> String {
    let port = settings.port.to_string();
    let parts = [
        settings.host.trim(),
        &port,
        settings.base.trim(),
        settings.bind_name.trim(),
        settings.filter.as_deref().unwrap_or_default().trim(),
        settings.rules.trim(),
        company.installation.rules.trim(),
    ];
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend(part.as_bytes());
    }
    hex::encode(service.master_key.derive("scope").digest(&bytes))
}

/// The other companies that have to do with the accounts of this one: those that an account is linked
/// in, and those whose rules share this one's server with it, whose key is `source`.
pub(super) async fn others(
    service: &Service,
    company: &Company,
    accounts: &[AccountId],
    rules: &[Rule],
    source: &str,
) -> Result<Vec<OtherCompany>, SidesError> {
    let mut others: BTreeMap<i64, OtherCompany> = BTreeMap::new();
    let linked = service.store.linked_elsewhere(&company.key, accounts).await?;
    for (id, link) in linked {
        others.entry(id).or_default().linked.push(link);
    }
    if rules.iter().any(|rule| rule.takes().is_some()) {
        for id in service.store.companies_of_source(&company.key, source).await? {
            let other = company.beside(id);
            let loaded = match settings::load(service, &other).await {
                Ok(loaded) => loaded,
                // It is paused, and takes nobody.
                Err(SettingsError::NotAccepted { .. }) => None,
                Err(error) => return Err(error.into()),
            };
            let text = loaded.map(|loaded| loaded.settings.rules).unwrap_or_default();
            let rules = settings::parse_rules(&text)?;
            others.entry(id).or_default().takes.extend(rules.iter().filter_map(Rule::takes).cloned());
        }
    }
    for (id, other) in &mut others {
        other.id = *id;
        other.name = match company.psa().company(Caller::Integrator, *id).await {
            Ok(record) => record.name,
            Err(PsaError::NotFound) => String::new(),
            Err(error) => return Err(SidesError::Unreadable(error.problem())),
        };
    }
    Ok(others.into_values().collect())
}

/// The source that settings describe, which can be read.
pub(super) fn source_of(
    settings: &Settings,
    password: &SecretString,
    wants: Wants,
) -> Result<Source, SourceProblem> {
    let source = described(settings, password, wants)?;
    source.validate()?;
    Ok(source)
}

/// The source that settings describe, as far as they do.
pub(super) fn described(
    settings: &Settings,
    password: &SecretString,
    wants: Wants,
) -> Result<Source, SourceProblem> {
    let trust = match &settings.trust {
        Trust::PublicAuthorities => source::Trust::PublicAuthorities,
        Trust::Authority(pem) => source::Trust::Authority { pem: pem.clone() },
        Trust::Pinned(text) => {
            source::Trust::Pinned { sha256: text.parse().map_err(|_| SourceProblem::Pin)? }
        }
    };
    Ok(Source {
        host: settings.host.trim().to_owned(),
        address: None,
        port: settings.port,
        security: match settings.security {
            Security::Ldaps => source::Security::Ldaps,
            Security::StartTls => source::Security::StartTls,
            Security::PlainTextOnPurpose => source::Security::PlainTextOnPurpose,
        },
        trust,
        bind_name: settings.bind_name.trim().to_owned(),
        password: Password::new(password.expose_secret().to_owned()),
        base: settings.base.trim().to_owned(),
        filter: settings.filter.clone().filter(|filter| !filter.trim().is_empty()),
        find: None,
        places: None,
        groups: wants.groups,
        page_size: PAGE_SIZE,
        limits: source::Limits { bytes: LARGEST_DIRECTORY, ..source::Limits::default() },
    })
}

/// Why settings make no source, in words.
pub(super) fn wrong(what: SourceProblem) -> Problem {
    Problem::new(
        Code::SettingsWrong,
        format!("The settings cannot be used: {what}."),
        "Correct that and save again.",
    )
}
