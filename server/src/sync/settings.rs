//! A company's settings: one note of its PSA company record.
//!
//! The note is readable text on one line, because the PSA folds line breaks. The directory
//! password is sealed with a data key of the note's own, which the service's key wraps; a tag over
//! all of it, the PSA, the login company, the company and a growing generation makes any edit
//! show. An edited host can therefore never meet the old password.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use pod_view::wire::{self, Code, Problem, Security, Settings, Trust};
use reconcile::{Rule, Wants, rules};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::{Company, Schedule, Service, ignores, notes, sides};
use crate::{
    psa::{Note, PsaError, Write},
    security::keys::{Key, random_id},
    store::{AcceptedNote, StoreError},
};

/// What keeps the tag's use of the note's key apart from sealing.
const TAG: &str = "settings note tag";
const OPENING: &str =
    "ConnectActive settings, kept by ConnectActive: changes made here by hand pause the sync.";
/// What cannot stand in a value as it is: the note is one line of words, and people read it.
const ESCAPED: &AsciiSet = &CONTROLS.add(b' ').add(b'%');
/// How long a note may be; longer ones need numbered notes, which do not exist yet.
const LONGEST: usize = 3_500;

/// Settings as they are in force.
pub struct Loaded {
    /// The settings, without the password.
    pub settings: Settings,
    /// The directory password.
    pub password: SecretString,
    note: i64,
}

/// Settings could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The PSA did not give or take the note.
    #[error(transparent)]
    Psa(#[from] PsaError),
    /// Our store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The note is not one to follow; the company pauses.
    #[error("the settings note is not accepted: {why}")]
    NotAccepted {
        /// Why, in words that go on after "The settings note".
        why: &'static str,
        /// Who changed it last, as the PSA says.
        changed_by: Option<String>,
    },
    /// What was to be saved cannot be.
    #[error("the settings were not saved: {}", .0.message)]
    Refused(Problem),
}

impl SettingsError {
    /// In words for the person in the pod.
    #[must_use]
    pub fn problem(&self) -> Problem {
        match self {
            Self::Psa(error) => error.problem(),
            Self::Store(_) => Problem::new(
                Code::StoreFailed,
                "The service could not reach its own store.",
                "Try again in a minute; if it lasts, tell the operator of the service.",
            ),
            Self::NotAccepted { why, changed_by } => Problem::new(
                Code::SettingsNotAccepted,
                match changed_by {
                    Some(who) => format!("The settings note {why} (last changed by {who})."),
                    None => format!("The settings note {why}."),
                },
                "Nothing is read or written until the settings are entered and saved again here.",
            ),
            Self::Refused(problem) => problem.clone(),
        }
    }
}

fn not_accepted(why: &'static str, note: Option<&Note>) -> SettingsError {
    SettingsError::NotAccepted { why, changed_by: note.and_then(|note| note.info.updated_by.clone()) }
}

/// The settings in force; `None` when the company was never set up.
pub async fn load(service: &Service, company: &Company) -> Result<Option<Loaded>, SettingsError> {
    let all = company.psa().notes(company.key.company).await?;
    let accepted = service.store.accepted_note(&company.key).await?;
    let own = ours(all.clone());
    let note = match (own.as_slice(), &accepted) {
        ([], None) => return Ok(None),
        ([], Some(_)) => return Err(not_accepted("is gone", None)),
        ([note], _) => note,
        ([.., last], _) => return Err(not_accepted("exists more than once", Some(last))),
    };
    let text = notes::canonical(&note.text);
    let loaded = parse(service, company, &text, note.id).map_err(|why| not_accepted(why, Some(note)))?;
    let generation = i64::try_from(loaded.settings.generation).unwrap_or(i64::MAX);
    let hash = hash_of(&text);
    if let Some(accepted) = &accepted {
        if generation < accepted.generation {
            return Err(not_accepted("is an older one, put back", Some(note)));
        }
        if generation == accepted.generation && hash != accepted.note_hash {
            return Err(not_accepted("is another one than was saved", Some(note)));
        }
    }
    let seen = accepted_note(service, &loaded.settings, note.id, hash);
    if accepted.as_ref() != Some(&seen) {
        accept(service, company, &loaded.settings, &seen).await?;
    }
    ignores::restore(service, company, &all).await?;
    Ok(Some(loaded))
}

/// Saves settings as the next generation, if they started from the present one. One save at a
/// time: the note has no lock of its own in the PSA.
pub async fn save(
    service: &Service,
    company: &Company,
    settings: Settings,
) -> Result<Settings, SettingsError> {
    let store = &service.store;
    let Some(lease) = store.take_lease(&company.key, &random_id()).await? else {
        return Err(SettingsError::Refused(Problem::new(
            Code::Busy,
            "Changes are being applied to this company right now.",
            "Save again in a minute.",
        )));
    };
    let saved = save_alone(service, company, settings).await;
    store.release_lease(&lease).await?;
    saved
}

async fn save_alone(
    service: &Service,
    company: &Company,
    mut settings: Settings,
) -> Result<Settings, SettingsError> {
    let (present, note, generation) = match load(service, company).await {
        Ok(Some(loaded)) => {
            let (note, generation) = (Some(loaded.note), loaded.settings.generation);
            (Some(loaded), note, generation)
        }
        Ok(None) => (None, None, 0),
        // Entered again in full, they take the place of the note that is not accepted.
        Err(SettingsError::NotAccepted { .. }) => {
            let accepted = service.store.accepted_note(&company.key).await?;
            let notes = ours(company.psa().notes(company.key.company).await?);
            if notes.len() > 1 {
                return Err(SettingsError::Refused(Problem::new(
                    Code::SettingsTwice,
                    "There are several settings notes in this company's Notes.",
                    "Delete all but one of them in ConnectWise PSA, then save again.",
                )));
            }
            let generation = accepted.map_or(0, |accepted| u64::try_from(accepted.generation).unwrap_or(0));
            (None, notes.first().map(|note| note.id), generation)
        }
        Err(error) => return Err(error),
    };
    if let Some(present) = &present
        && present.settings.generation != settings.generation
    {
        return Err(SettingsError::Refused(Problem::new(
            Code::SettingsMoved,
            "Somebody else has saved these settings in the meantime.",
            "Open the settings again and make your change there.",
        )));
    }
    let password = password_for(&mut settings, present.as_ref())?;
    // What cannot be used is said now, not at the next sync.
    let rules = parse_rules(&settings.rules).map_err(SettingsError::Refused)?;
    Schedule::parse(&settings.schedule).map_err(SettingsError::Refused)?;
    sides::source_of(&settings, &password, Wants::of(&rules))
        .map_err(|problem| SettingsError::Refused(sides::wrong(problem)))?;

    // Seconds, so that a generation is also newer than any that a store we lost had accepted.
    let seconds = u64::try_from(service.clock.now()).unwrap_or(0);
    settings.generation = seconds.max(generation + 1);
    let text = write(service, company, &settings, &password);
    if text.len() > LONGEST {
        return Err(SettingsError::Refused(Problem::new(
            Code::SettingsTooLong,
            "The settings are too long for a note.",
            "Shorten the rules or the filter, or pin the certificate's fingerprint instead of pasting a certificate.",
        )));
    }
    let id = company.key.company;
    let written = if let Some(note) = note {
        company.psa().change_note(id, note, &text).await?
    } else {
        notes::add(service, company, &text).await?
    };
    if let Write::Rejected(rejection) = written {
        return Err(SettingsError::Psa(rejection.into()));
    }
    // Whatever the answer was, what counts is what the PSA has now.
    let back =
        ours(company.psa().notes(id).await?).into_iter().find(|note| notes::canonical(&note.text) == text);
    let Some(back) = back else {
        return Err(SettingsError::Psa(PsaError::Failed(
            "it did not keep the settings note as it was written".into(),
        )));
    };
    let accepted = accepted_note(service, &settings, back.id, hash_of(&text));
    accept(service, company, &settings, &accepted).await?;
    settings.password_set = true;
    Ok(settings)
}

/// The settings in force, if there are any that may be followed.
pub(super) async fn in_force(service: &Service, company: &Company) -> Result<Option<Loaded>, SettingsError> {
    match load(service, company).await {
        Err(SettingsError::NotAccepted { .. }) => Ok(None),
        loaded => loaded,
    }
}

/// The password that goes with what a person filled in: the one that they typed, or the stored one if it
/// goes where it was entered for.
pub(super) fn password_for(
    settings: &mut Settings,
    present: Option<&Loaded>,
) -> Result<SecretString, SettingsError> {
    match (settings.password.take().filter(|password| !password.is_empty()), present) {
        (Some(password), _) => Ok(SecretString::from(password)),
        (None, Some(present)) if present.settings.same_connection(settings) => Ok(present.password.clone()),
        (None, _) => Err(SettingsError::Refused(Problem::new(
            Code::PasswordNeeded,
            "The password is needed again.",
            "The stored one is never sent to another server, port, protection or account: enter it once more.",
        ))),
    }
}

fn accepted_note(service: &Service, settings: &Settings, note: i64, note_hash: String) -> AcceptedNote {
    AcceptedNote {
        note,
        generation: i64::try_from(settings.generation).unwrap_or(i64::MAX),
        note_hash,
        source: source_key(service, settings),
        schedule: settings.schedule.when.to_string(),
        time_zone: settings.schedule.time_zone.trim().to_owned(),
    }
}

/// Remembers a note, and when it wants the company to be synced next.
async fn accept(
    service: &Service,
    company: &Company,
    settings: &Settings,
    accepted: &AcceptedNote,
) -> Result<(), StoreError> {
    let now = service.store.now().await?;
    let schedule = Schedule::parse(&settings.schedule).ok();
    let next = schedule.and_then(|schedule| schedule.next_slot(&company.key, now));
    service.store.accept_note(&company.key, accepted, next).await
}

/// The rules of a text, or which line of it is none.
pub fn parse_rules(text: &str) -> Result<Vec<Rule>, Problem> {
    rules::parse(text).map_err(|wrong| {
        Problem::new(
            Code::RulesWrong,
            format!("The rules cannot be used: {wrong}."),
            "Correct that line and save again.",
        )
    })
}

/// By what companies that read the same server are found, without knowing it.
pub(super) fn source_key(service: &Service, settings: &Settings) -> String {
    let host = settings.host.trim().to_lowercase();
    hex::encode(service.master_key.derive("source").digest(host.as_bytes()))
}

fn ours(mut notes: Vec<Note>) -> Vec<Note> {
    notes.retain(|note| notes::canonical(&note.text).starts_with("ConnectActive settings"));
    notes
}

fn hash_of(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

fn wrapping_key(service: &Service) -> Key {
    service.master_key.derive("settings note")
}

fn write(service: &Service, company: &Company, settings: &Settings, password: &SecretString) -> String {
    let place = company.place();
    let bound = [place[0].as_str(), &place[1], &place[2]];
    let data_key = Key::generate();
    let wrapped = wrapping_key(service).seal(&bound, data_key.bytes());
    let sealed = data_key.seal(&bound, password.expose_secret().as_bytes());
    let security = match settings.security {
        Security::Ldaps => "ldaps",
        Security::StartTls => "start_tls",
        Security::PlainTextOnPurpose => "plain_text_on_purpose",
    };
    let trust = match &settings.trust {
        Trust::PublicAuthorities => "public_authorities".to_owned(),
        Trust::Authority(pem) => format!("authority:{pem}"),
        Trust::Pinned(sha256) => format!("pinned:{sha256}"),
    };
    let mut text = OPENING.to_owned();
    for (name, value) in [
        ("version", "1"),
        ("company", &place[2]),
        ("generation", &settings.generation.to_string()),
        ("host", settings.host.trim()),
        ("port", &settings.port.to_string()),
        ("security", security),
        ("trust", &trust),
        ("base", settings.base.trim()),
        ("bind_name", settings.bind_name.trim()),
        ("filter", settings.filter.as_deref().unwrap_or_default().trim()),
        ("rules", settings.rules.trim()),
        ("schedule", &settings.schedule.when.to_string()),
        ("time_zone", settings.schedule.time_zone.trim()),
        ("key", &wrapped),
        ("password", &sealed),
    ] {
        text.extend([" ", name, "="].into_iter().chain(utf8_percent_encode(value, ESCAPED)));
    }
    notes::tagged(&data_key, TAG, &place, &text)
}

/// Why a note is not followed, in words that go on after "The settings note".
type Why = &'static str;

fn parse(service: &Service, company: &Company, text: &str, note: i64) -> Result<Loaded, Why> {
    const CHANGED: Why = "was changed outside this pod";
    let (signed, given) = text.rsplit_once(" tag=").ok_or(CHANGED)?;
    let mut values: BTreeMap<String, String> = BTreeMap::new();
    for word in signed.split(' ') {
        if let Some((name, value)) = word.split_once('=') {
            let value = percent_decode_str(value).decode_utf8().map_err(|_| CHANGED)?.into_owned();
            values.insert(name.to_owned(), value);
        }
    }
    let value = |name: &str| values.get(name).map(String::as_str).ok_or(CHANGED);
    if value("version")? != "1" {
        return Err("was written by a newer version of ConnectActive");
    }
    let place = company.place();
    let bound = [place[0].as_str(), &place[1], &place[2]];
    let data_key = wrapping_key(service)
        .open(&bound, value("key")?)
        .and_then(|bytes| Key::from_bytes(&bytes))
        .map_err(|_| "belongs to another company or another ConnectActive")?;
    if !notes::is_tagged(&data_key, TAG, &place, signed, given) {
        return Err(CHANGED);
    }

    let password = data_key.open(&bound, value("password")?).map_err(|_| CHANGED)?;
    let password = std::str::from_utf8(&password).map_err(|_| CHANGED)?.into();
    let settings = Settings {
        host: value("host")?.to_owned(),
        port: value("port")?.parse().map_err(|_| CHANGED)?,
        security: match value("security")? {
            "ldaps" => Security::Ldaps,
            "start_tls" => Security::StartTls,
            "plain_text_on_purpose" => Security::PlainTextOnPurpose,
            _ => return Err(CHANGED),
        },
        trust: match value("trust")?.split_once(':') {
            None if value("trust")? == "public_authorities" => Trust::PublicAuthorities,
            Some(("authority", pem)) => Trust::Authority(pem.to_owned()),
            Some(("pinned", sha256)) => Trust::Pinned(sha256.to_owned()),
            _ => return Err(CHANGED),
        },
        base: value("base")?.to_owned(),
        bind_name: value("bind_name")?.to_owned(),
        password: None,
        filter: Some(value("filter")?.to_owned()).filter(|filter| !filter.is_empty()),
        rules: value("rules")?.to_owned(),
        schedule: schedule(&values).ok_or(CHANGED)?,
        generation: value("generation")?.parse().map_err(|_| CHANGED)?,
        password_set: true,
        shared_rules: company.installation.rules.clone(),
    };
    Ok(Loaded { settings, password, note })
}

/// The schedule of a note. Notes from before there were schedules have none in them.
fn schedule(values: &BTreeMap<String, String>) -> Option<wire::Schedule> {
    let when = match values.get("schedule") {
        Some(when) => when.parse().ok()?,
        None => wire::When::default(),
    };
    Some(wire::Schedule { when, time_zone: values.get("time_zone").cloned().unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_without_a_schedule_is_synced_daily() {
        let values = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
        };
        assert_eq!(schedule(&values(&[("host", "dc1")])), Some(wire::Schedule::default()));
        let chosen = wire::Schedule {
            when: wire::When::DailyAt { hour: 3, minute: 30 },
            time_zone: "Europe/Brussels".into(),
        };
        let written = values(&[("schedule", "daily 03:30"), ("time_zone", "Europe/Brussels")]);
        assert_eq!(schedule(&written), Some(chosen));
        assert_eq!(schedule(&values(&[("schedule", "hourly")])), None);
    }
}
