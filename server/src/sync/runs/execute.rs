//! Writing one row: the intent first, then the PSA, then what became of it.

use std::{collections::HashSet, sync::Mutex};

use pod_view::wire::Outcome;
use reconcile::{
    AccountId, AccountState, Contact, ContactId, Decision, Field, FieldChange, Link, Row, RowKind, Subject,
};
use serde::{Deserialize, Serialize};

use super::{Actor, looks::Looks};
use crate::{
    psa::{Change, NewContact, PsaError, Rejection, Write},
    security::keys::random_id,
    store::{AuditEntry, CompanyKey, Intent, IntentState, Lease, StoreError},
    sync::{Company, Service},
};

/// What an intent seals: enough to find out later whether it was written, what then follows, and how to
/// take it back.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Body {
    /// The fields; of an undo those that get their old values back.
    pub(super) fields: Vec<FieldChange>,
    pub(super) inactive: Option<bool>,
    /// The decision that the row follows, and uses up.
    pub(super) decision: Option<Decision>,
    /// The account looks like nobody's, and the decision says otherwise: that goes on standing.
    #[serde(default)]
    pub(super) is_person: bool,
    /// The highest contact id before the write: what it creates has a higher one.
    pub(super) newest: i64,
    /// The account as it was.
    pub(super) state: AccountState,
    /// Of a move: the company that the contact came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) brought_from: Option<i64>,
    /// What it takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) undone: Option<Undone>,
}

/// What an undo takes back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Undone {
    /// The intent that wrote it.
    pub(super) intent: String,
    /// Of a move: the company that the contact goes back to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) back_to: Option<i64>,
}

impl Body {
    /// Whether the contact is as the write leaves it.
    pub(super) fn is_so(&self, contact: &Contact) -> bool {
        let is_written = |change: &FieldChange| match self.undone {
            None => change.is_made(contact),
            Some(_) => change.is_undone(contact),
        };
        self.inactive.is_none_or(|inactive| contact.inactive == inactive)
            && self.fields.iter().all(is_written)
    }
}

/// How often a row is looked at that the PSA keeps waiting.
const LOOKS: u32 = 4;

/// A run cannot go on.
#[derive(Debug)]
pub(super) enum Stopped {
    Store(StoreError),
    Psa(PsaError),
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Writes: the intent, the request, its end.
pub(super) struct Writer<'a> {
    pub(super) service: &'a Service,
    pub(super) company: &'a Company,
    pub(super) actor: &'a Actor,
    pub(super) lease: &'a Lease,
    pub(super) run: &'a str,
}

impl Writer<'_> {
    /// Writes what `send` sends, once its intent is durable; also the contact where it was written. None
    /// when it was not sent in time.
    pub(super) async fn write(
        &self,
        kind: RowKind,
        account: Option<AccountId>,
        contact: Option<ContactId>,
        body: &Body,
        send: impl Future<Output = Result<Write<ContactId>, PsaError>>,
    ) -> Result<Option<(Outcome, Option<ContactId>)>, Stopped> {
        let id = random_id();
        let intent = Intent {
            run: self.run.to_owned(),
            kind,
            account,
            contact,
            body: seal(self.service, self.company, &id, body),
            created_at: self.service.now(),
            id,
        };
        self.service.store.open_intent(self.lease, &intent).await?;
        let (end, outcome) = match send.await {
            Ok(Write::Applied(contact)) => {
                (End::Applied(contact), Ok(Some((Outcome::Applied, Some(contact)))))
            }
            Ok(Write::Rejected(Rejection::TooLate)) => (End::Rejected, Ok(None)),
            Ok(Write::Rejected(why)) => (End::Rejected, Ok(Some((Outcome::Rejected(why.into()), None)))),
            Ok(Write::Unknown) => (End::Unknown, Ok(Some((Outcome::Unknown, None)))),
            // The keys or a right went away: no row after this one can fare better.
            Err(error) => (End::Rejected, Err(Stopped::Psa(error))),
        };
        conclude(self.service, self.company, &intent, self.actor, Some(body), end).await?;
        outcome
    }

    /// What follows when what an intent wrote is to be taken back and somebody did that already.
    pub(super) async fn is_as_it_was(
        &self,
        intent: &Intent,
        contact: ContactId,
        state: AccountState,
        undone: &Undone,
    ) -> Result<(), StoreError> {
        let by_this_run = Intent { run: self.run.to_owned(), ..intent.clone() };
        forget(self.service, self.company, &by_this_run, contact, self.actor, state, undone).await
    }
}

pub(super) struct Executor<'a> {
    pub(super) writer: Writer<'a>,
    pub(super) looks: Looks<'a>,
    /// Contacts that this run has made.
    pub(super) made: Mutex<HashSet<ContactId>>,
}

/// What sealed bodies of intents are bound to.
fn place<'a>(company: &'a Company, number: &'a str, id: &'a str) -> [&'a str; 3] {
    [&company.key.installation, number, id]
}

fn seal(service: &Service, company: &Company, id: &str, body: &Body) -> String {
    let number = company.key.company.to_string();
    let bytes = serde_json::to_vec(body).expect("texts can be written as JSON");
    service.master_key.derive("intent").seal(&place(company, &number, id), &bytes)
}

/// The body of an intent; `None` when it does not open.
pub(super) fn open(service: &Service, company: &Company, intent: &Intent) -> Option<Body> {
    let number = company.key.company.to_string();
    let place = place(company, &number, &intent.id);
    let bytes = service.master_key.derive("intent").open(&place, &intent.body).ok()?;
    serde_json::from_slice(&bytes).ok()
}

impl Executor<'_> {
    /// Whether somebody made a contact with the row's name or address since the plan was made.
    async fn was_made_meanwhile(&self, row: &Row) -> Result<bool, PsaError> {
        let newer = self.looks.newer().await?;
        let made = self.made.lock().expect("nobody panics holding it");
        let is = |field| move |change: &&FieldChange| change.field == field;
        let same = |contact: &Contact, field| {
            row.changes.iter().find(is(field)).map(|change| change.is_made(contact))
        };
        Ok(newer.iter().filter(|contact| !made.contains(&contact.id)).any(|contact| {
            let name = same(contact, Field::FirstName) == Some(true)
                && same(contact, Field::LastName) != Some(false);
            name || same(contact, Field::Email) == Some(true)
        }))
    }

    /// The row's contact, when it is still as it was planned with.
    async fn unmoved(
        &self,
        id: ContactId,
        row: &Row,
        inactive: Option<bool>,
    ) -> Result<Option<Contact>, PsaError> {
        let planned = self.looks.prepared.contact(id);
        // Nothing is written in the PSA for a link.
        if row.kind == RowKind::Link {
            return Ok(planned.cloned());
        }
        let by_place = planned
            .is_some_and(|contact| Change { contact, fields: &row.changes, inactive }.depends_on_the_items());
        let now = if by_place { self.looks.contact_now(id).await? } else { self.looks.contact(id).await? };
        Ok(now.filter(|contact| Some(contact) == planned))
    }

    /// Writes a row of the current plan. Where the PSA keeps it waiting for too long, things are
    /// looked at again first.
    pub(super) async fn write(&self, row: &Row) -> Result<Outcome, Stopped> {
        for _ in 0..LOOKS {
            if let Some(outcome) = self.write_once(row).await? {
                return Ok(outcome);
            }
        }
        Ok(Outcome::Rejected(Rejection::TooLate.into()))
    }

    /// The same once; none when it was not sent in time.
    async fn write_once(&self, row: &Row) -> Result<Option<Outcome>, Stopped> {
        let inactive = match row.kind {
            RowKind::Deactivate => Some(true),
            RowKind::Reactivate => Some(false),
            _ => None,
        };
        // The plan may be minutes old by now: what changed since is not written over.
        let fresh = match row.contact {
            // Where it is now is looked up when it is sent.
            Some(_) if row.kind == RowKind::Move => None,
            None if self.was_made_meanwhile(row).await.map_err(Stopped::Psa)? => {
                return Ok(Some(Outcome::Moved(Some(row.kind))));
            }
            None => None,
            Some(id) => match self.unmoved(id, row, inactive).await.map_err(Stopped::Psa)? {
                Some(contact) => Some(contact),
                None => return Ok(Some(Outcome::Moved(Some(row.kind)))),
            },
        };
        let prepared = self.looks.prepared;
        let brought = row.contact.filter(|_| row.kind == RowKind::Move);
        let home = row.linked_in().unwrap_or_default();
        let body = Body {
            fields: row.changes.clone(),
            inactive,
            decision: row.decision,
            is_person: row.decision.is_some_and(Decision::says_somebody)
                && row.account.and_then(|id| prepared.exclusion(id)).is_some(),
            newest: self.looks.newest(),
            state: row.account.map_or(AccountState::MISSING, |account| prepared.state_of(account)),
            brought_from: brought.map(|_| home),
            undone: None,
        };
        let Writer { company, .. } = self.writer;
        let psa = company.psa();
        let send = async {
            match (&fresh, brought) {
                (None, Some(contact)) => psa.bring_contact(contact, home, company.key.company).await,
                (None, None) => {
                    let new = NewContact { company: company.key.company, fields: &row.changes };
                    psa.create_contact(&new, self.looks.references).await
                }
                (Some(contact), _) => psa
                    .change_contact(
                        &Change { contact, fields: &row.changes, inactive },
                        self.looks.record,
                        self.looks.references,
                    )
                    .await
                    .map(|written| written.and_then(|()| Some(contact.id))),
            }
        };
        let written = self.writer.write(row.kind, row.account, row.contact, &body, send).await?;
        if let (Some((_, Some(contact))), None) = (&written, row.contact) {
            self.made.lock().expect("nobody panics holding it").insert(*contact);
        }
        Ok(written.map(|(outcome, _)| outcome))
    }
}

/// How an intent ended.
#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    /// Written; the contact, also of a creation.
    Applied(ContactId),
    /// Not written.
    Rejected,
    /// The answer did not come.
    Unknown,
}

/// What follows from an intent's end, in our store: the pair is linked, the decision that led
/// there is used up; the intent's own end and the audit chain last, so that whatever a crash leaves
/// out is done again.
pub(super) async fn conclude(
    service: &Service,
    company: &Company,
    intent: &Intent,
    actor: &Actor,
    body: Option<&Body>,
    end: End,
) -> Result<(), StoreError> {
    let store = &service.store;
    let now = service.now();
    let (state, contact) = match end {
        End::Applied(contact) => (IntentState::Applied, Some(contact)),
        End::Rejected => (IntentState::Rejected, intent.contact),
        End::Unknown => (IntentState::Unknown, intent.contact),
    };
    if let End::Applied(contact) = end {
        match body.and_then(|body| Some((body, body.undone.as_ref()?))) {
            Some((body, undone)) => {
                forget(service, company, intent, contact, actor, body.state, undone).await?;
            }
            None => remember(service, company, intent, contact, body).await?,
        }
    }
    let fields: Vec<&str> =
        body.map(|body| body.fields.iter().map(|change| change.field.code()).collect()).unwrap_or_default();
    let entry = AuditEntry {
        run: &intent.run,
        at: now,
        member: &actor.member,
        kind: intent.kind.code(),
        account: intent.account,
        contact,
        fields: &fields.join(","),
    };
    store.settle_intent(&company.key, &intent.id, state, &entry).await
}

async fn remember(
    service: &Service,
    company: &Company,
    intent: &Intent,
    contact: ContactId,
    body: Option<&Body>,
) -> Result<(), StoreError> {
    let store = &service.store;
    let kind = intent.kind;
    if let Some(account) = intent.account {
        let deactivated_by_us = kind == RowKind::Deactivate;
        let link = Link { deactivated_by_us, ..Link::new(account, contact) };
        store.save_link(&company.key, &link).await?;
        if let Some(body) = body
            && let Some(decision) = body.decision.filter(|decision| decision.is_used_up_by_a_write())
        {
            let leaves = body.is_person.then_some(Decision::Person);
            store.use_up_decision(&company.key, Subject::Account(account), decision, leaves).await?;
        }
    }
    if kind == RowKind::Deactivate {
        store.use_up_decision(&company.key, Subject::Contact(contact), Decision::Deactivate, None).await?;
    }
    Ok(())
}

/// What follows when something was taken back: the pair is as it was, and no later run writes the same
/// again unless somebody says so. Of an account that was matched with another contact since, nothing follows.
async fn forget(
    service: &Service,
    company: &Company,
    intent: &Intent,
    contact: ContactId,
    actor: &Actor,
    state: AccountState,
    undone: &Undone,
) -> Result<(), StoreError> {
    let store = &service.store;
    let key = &company.key;
    if let Some(account) = intent.account
        && store.is_linked(key, account, contact).await?
    {
        // Before the link: once that is ended, nothing of this is done again after a crash.
        let subject = Subject::Account(account);
        let stays = |decision: &Decision| decision.leaves_alone() || *decision == Decision::NotAPerson;
        if !store.decisions(key).await?.get(&subject).is_some_and(stays) {
            let left = (subject, Some(Decision::Left(state)));
            store.save_decisions(key, &[left], actor.member_id, service.now()).await?;
        }
        match (intent.kind, undone.back_to) {
            (RowKind::Link, _) => store.remove_link(key, account, contact).await?,
            (RowKind::Move, Some(home)) => {
                let home = CompanyKey { company: home, ..key.clone() };
                store.save_link(&home, &Link::new(account, contact)).await?;
            }
            // A pair stays one: a contact that was made is not made a second time. A person did this, so
            // only a person brings back whom it deactivated.
            _ => store.save_link(key, &Link::new(account, contact)).await?,
        }
    }
    store.mark_undone(&undone.intent, &intent.run).await
}
