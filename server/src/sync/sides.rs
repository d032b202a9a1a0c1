//! Reading both sides, to the end or not at all.

use std::sync::Mutex;

use agent::{Password, Source, source};
use pod_view::wire::{Problem, Progress, Security, Settings, Trust};

use super::{Company, Service, settings};
use crate::{directory::CompleteSnapshot, psa::ReadContacts};

/// Accounts in one page: small enough that progress shows, and that no server's limit is met.
const PAGE_SIZE: u32 = 100;

/// Both sides, whole.
#[derive(Debug)]
pub struct BothSides {
    /// The directory.
    pub snapshot: CompleteSnapshot,
    /// The PSA.
    pub contacts: ReadContacts,
}

/// Reads the directory and the PSA at the same time. `progress` is told how far both are.
pub async fn read_both(
    service: &Service,
    company: &Company,
    progress: impl Fn(Progress) + Sync,
) -> Result<BothSides, Problem> {
    let loaded = settings::load(service, company).await.map_err(|error| error.problem())?;
    let Some(loaded) = loaded else {
        return Err(Problem {
            code: "not_set_up".into(),
            message: "This company has no directory settings yet.".into(),
            advice: "Enter them in the pod's settings.".into(),
        });
    };
    let source = source_of(&loaded.settings, loaded.password)?;
    let state = Mutex::new(Progress::default());
    let tell = |change: &dyn Fn(&mut Progress)| {
        let mut now = state.lock().expect("nobody panics holding it");
        change(&mut now);
        progress(*now);
    };
    let directory = async {
        service.reader.read(source, |accounts| tell(&|now| now.accounts = accounts)).await.map_err(
            |failure| {
                tracing::warn!(company = company.key.company, error = %failure, "directory read failed");
                failure.problem()
            },
        )
    };
    let contacts = async {
        company
            .psa()
            .contacts(company.key.company, |contacts| tell(&|now| now.contacts = contacts as u64))
            .await
            .map_err(|error| {
                tracing::warn!(company = company.key.company, error = %error, "contacts read failed");
                error.problem()
            })
    };
    let (snapshot, contacts) = tokio::try_join!(directory, contacts)?;
    Ok(BothSides { snapshot, contacts })
}

/// The source that settings describe.
pub(super) fn source_of(settings: &Settings, password: String) -> Result<Source, Problem> {
    let trust = match &settings.trust {
        Trust::PublicAuthorities => source::Trust::PublicAuthorities,
        Trust::Authority(pem) => source::Trust::Authority { pem: pem.clone() },
        Trust::Pinned(text) => {
            source::Trust::Pinned { sha256: text.parse().map_err(|error| wrong(&format!("{error}")))? }
        }
    };
    let source = Source {
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
        password: Password::new(password),
        base: settings.base.trim().to_owned(),
        filter: settings.filter.clone().filter(|filter| !filter.trim().is_empty()),
        page_size: PAGE_SIZE,
        limits: source::Limits::default(),
    };
    source.validate().map_err(|problem| wrong(&problem.to_string()))?;
    Ok(source)
}

fn wrong(what: &str) -> Problem {
    Problem {
        code: "settings_wrong".into(),
        message: format!("The settings cannot be used: {what}."),
        advice: "Correct that and save again.".into(),
    }
}
