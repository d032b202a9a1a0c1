//! Taking back what a run wrote, as far as nobody has changed it since.
//!
//! It needs no directory. What is to be taken back, and how things were before, is sealed in the
//! intents of that run.

use std::collections::HashMap;

use futures_util::{StreamExt, stream};
use pod_view::wire::{Approved, Outcome, RunKind, RunState};
use reconcile::{Contact, ContactId, FieldChange, Fingerprint, Protection, RowKey, RowKind, Wants};

use super::{
    Stop,
    execute::{self, Body, Undone, Writer},
    settle::settle,
    writing::{AT_ONCE, Writing},
};
use crate::{
    psa::{CompanyRecord, MOST_AT_A_LOOK, References, Rejection, Restoration, Write},
    store::{Intent, RunRow, StoreError},
    sync::{Company, Service, load_settings, parse_rules},
};

/// How long what a run wrote can be taken back, in seconds.
pub(super) const UNDO_SECONDS: i64 = 30 * 24 * 3600;

/// A row that can be taken back.
#[derive(Clone, Debug)]
pub struct Undoable {
    /// What is sent back to take it back.
    pub approved: Approved,
    /// The contact; of a creation the one that it made.
    pub contact: Option<ContactId>,
    /// The fields that it wrote.
    pub changes: Vec<FieldChange>,
}

/// What of a run can be taken back.
pub async fn undoable(
    service: &Service,
    company: &Company,
    run: &RunRow,
) -> Result<Vec<Undoable>, StoreError> {
    if run.kind == RunKind::Undo {
        return Ok(Vec::new());
    }
    let oldest = service.store.now().await? - UNDO_SECONDS;
    let intents = service.store.undoable(&run.key, &run.id).await?;
    Ok(intents
        .into_iter()
        .filter(|intent| intent.created_at >= oldest)
        .filter_map(|intent| {
            let changes = execute::open(service, company, &intent)?.fields;
            Some(Undoable { approved: approved(&intent)?, contact: intent.contact, changes })
        })
        .collect())
}

/// How many rows of a run can be taken back. An undo itself is not: its rows are asked again instead.
pub(super) async fn count(service: &Service, run: &RunRow) -> Result<u64, StoreError> {
    if run.kind == RunKind::Undo {
        return Ok(0);
    }
    let oldest = service.store.now().await? - UNDO_SECONDS;
    let count = service.store.count_undoable(&run.key, &run.id, oldest).await?;
    Ok(count.unsigned_abs())
}

/// An intent, as a row that is approved to be taken back. In place of a fingerprint stands its own id,
/// which is as long and as random.
fn approved(intent: &Intent) -> Option<Approved> {
    let key = RowKey { account: intent.account, contact: intent.contact };
    let fingerprint = Fingerprint::try_from(intent.id.clone()).ok()?;
    Some(Approved { key, kind: intent.kind, fingerprint })
}

/// What taking back needs to know of the PSA.
struct Ground<'a> {
    record: &'a CompanyRecord,
    references: &'a References,
    contacts: HashMap<ContactId, Contact>,
    writer: &'a Writer<'a>,
}

pub(super) async fn work(writing: &Writing<'_>) -> Result<RunState, Stop> {
    let Writing { service, company, run, .. } = writing;
    let psa = company.psa();
    let wants = wants(service, company).await;
    let read_at = service.now();
    let read = psa.contacts(company.key.company, wants, |_| {}).await?;
    let settled = settle(service, company, &read.contacts, read_at).await?;
    let of = run.undoes.as_deref().unwrap_or_default();
    let intents: HashMap<String, Intent> = service
        .store
        .undoable(&company.key, of)
        .await?
        .into_iter()
        .map(|intent| (intent.id.clone(), intent))
        .collect();
    let rows = writing.rows().await?;
    let open: Vec<Approved> = rows.iter().filter(|row| row.is_open()).map(|row| row.approved).collect();
    writing.told.writing(open.len()).await?;
    // The directory is not read, so the plan that follows is not known here: from the first of these writes on,
    // and after the last, whatever is read in between.
    service.store.forget_glance(&company.key).await?;
    let actor = writing.actor();
    let writer = writing.writer(&actor);
    let mut unknown = Vec::new();
    // Few enough that none of them was looked at long ago when its turn comes.
    for some in open.chunks(MOST_AT_A_LOOK) {
        let ids: Vec<ContactId> = some.iter().filter_map(|approved| approved.key.contact).collect();
        let contacts = psa.contacts_again(&read.company, &ids, &read.references).await?;
        let ground = &Ground {
            record: &read.company,
            references: &read.references,
            contacts: contacts.into_iter().map(|contact| (contact.id, contact)).collect(),
            writer: &writer,
        };
        let (intents, settled) = (&intents, &settled);
        let mut rows = stream::iter(some.to_vec())
            .map(|approved| async move {
                if service.stopping.is_cancelled() {
                    return Err(Stop::Stopping);
                }
                let outcome = match intents.get(&approved.fingerprint.to_string()) {
                    _ if settled.is_open(&approved.key) => Outcome::Unknown,
                    // By this run before it was interrupted, or by another one.
                    None => Outcome::AlreadySo,
                    Some(intent) => ground.take_back(intent).await?,
                };
                if outcome == Outcome::Unknown {
                    return Ok(Some((approved, approved.kind)));
                }
                writing.told.row(&approved, Some(approved.kind), outcome).await?;
                Ok(None)
            })
            .buffer_unordered(AT_ONCE);
        while let Some(row) = rows.next().await {
            unknown.extend(row?);
        }
    }
    if !unknown.is_empty() {
        writing.look_again(wants, unknown).await?;
    }
    service.store.forget_glance(&company.key).await?;
    Ok(if writing.told.counts().need_a_person() { RunState::Questions } else { RunState::Done })
}

/// Which fields belong to the company's contacts. Where its settings cannot be read, those that every
/// contact has can be taken back all the same.
async fn wants(service: &Service, company: &Company) -> Wants {
    let Ok(Some(loaded)) = load_settings(service, company).await else { return Wants::default() };
    let mut rules = parse_rules(&loaded.settings.rules).unwrap_or_default();
    rules.extend(parse_rules(&company.installation.rules).unwrap_or_default());
    Wants::of(&rules)
}

/// What is to be done to take something back.
enum Step {
    /// It is as it was before.
    AlreadySo,
    /// Somebody changed it since.
    LeftAlone,
    /// This is to be written; whether something else was left alone.
    Restore { fields: Vec<FieldChange>, inactive: Option<bool>, partly: bool },
}

/// Whether somebody has come to need the contact. A portal login alone says nothing: a contact may get one
/// when it is made.
fn is_needed(contact: &Contact) -> bool {
    contact.protections.iter().any(|protection| *protection != Protection::PortalLogin)
}

fn step(kind: RowKind, fields: Vec<FieldChange>, contact: &Contact) -> Step {
    match kind {
        RowKind::Create if contact.inactive => Step::AlreadySo,
        // Somebody works with it by now.
        RowKind::Create if is_needed(contact) || !fields.iter().all(|change| change.is_made(contact)) => {
            Step::LeftAlone
        }
        RowKind::Create => Step::Restore { fields: Vec::new(), inactive: Some(true), partly: false },
        RowKind::Deactivate if contact.inactive => {
            Step::Restore { fields: Vec::new(), inactive: Some(false), partly: false }
        }
        RowKind::Deactivate => Step::AlreadySo,
        RowKind::Link | RowKind::Move => Step::Restore { fields: Vec::new(), inactive: None, partly: false },
        _ => {
            let puts_away = kind == RowKind::Reactivate && !contact.inactive;
            let changed_since = |change: &FieldChange| !change.is_made(contact) && !change.is_undone(contact);
            let partly = fields.iter().any(changed_since) || puts_away && is_needed(contact);
            let back: Vec<FieldChange> =
                fields.into_iter().filter(|change| change.is_made(contact)).collect();
            let inactive = (puts_away && !is_needed(contact)).then_some(true);
            match (back.is_empty() && inactive.is_none(), partly) {
                (true, false) => Step::AlreadySo,
                (true, true) => Step::LeftAlone,
                (false, _) => Step::Restore { fields: back, inactive, partly },
            }
        }
    }
}

/// What taking back a row of this kind does.
const fn inverse(kind: RowKind) -> RowKind {
    match kind {
        RowKind::Create | RowKind::Reactivate => RowKind::Deactivate,
        RowKind::Deactivate => RowKind::Reactivate,
        kind => kind,
    }
}

impl Ground<'_> {
    async fn take_back(&self, intent: &Intent) -> Result<Outcome, Stop> {
        let Writer { service, company, .. } = self.writer;
        let contact = intent.contact.and_then(|id| self.contacts.get(&id));
        let (Some(body), Some(contact)) = (execute::open(service, company, intent), contact) else {
            return Ok(Outcome::LeftAlone);
        };
        let undone = Undone { intent: intent.id.clone(), back_to: body.brought_from };
        let (fields, inactive, partly) = match step(intent.kind, body.fields, contact) {
            Step::AlreadySo => {
                self.writer.is_as_it_was(intent, contact.id, body.state, &undone).await?;
                return Ok(Outcome::AlreadySo);
            }
            Step::LeftAlone => return Ok(Outcome::LeftAlone),
            Step::Restore { fields, inactive, partly } => (fields, inactive, partly),
        };
        let psa = company.psa();
        let restoration = Restoration { contact, fields: &fields, inactive };
        let home = undone.back_to;
        let body = Body {
            fields: fields.clone(),
            inactive,
            decision: None,
            is_person: false,
            newest: 0,
            state: body.state,
            brought_from: None,
            undone: Some(undone),
        };
        let send = async {
            match (intent.kind, home) {
                (RowKind::Link, _) => Ok(Write::Applied(contact.id)),
                (RowKind::Move, Some(home)) => psa.bring_contact(contact.id, company.key.company, home).await,
                _ => psa
                    .restore_contact(&restoration, self.record, self.references)
                    .await
                    .map(|written| written.and_then(|()| Some(contact.id))),
            }
        };
        let kind = inverse(intent.kind);
        let written = self.writer.write(kind, intent.account, intent.contact, &body, send).await?;
        Ok(match written {
            Some((Outcome::Applied, _)) if partly => Outcome::LeftAlone,
            Some((outcome, _)) => outcome,
            None => Outcome::Rejected(Rejection::TooLate.into()),
        })
    }
}
