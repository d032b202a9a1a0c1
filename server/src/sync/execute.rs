//! Writing one row: the intent first, then the PSA, then what became of it.

use pod_view::wire::Outcome;
use reconcile::{Decision, FieldChange, Link, Prepared, Row, RowKind, Subject};
use serde::{Deserialize, Serialize};

use super::{Company, Service, apply::Actor};
use crate::{
    psa::{Change, CommunicationTypes, NewContact, PsaError, Write},
    security::keys::random_id,
    store::{AuditEntry, Intent, IntentState, Lease, StoreError},
};

/// What an intent seals: enough to find out later whether it was written.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Body {
    pub(super) fields: Vec<FieldChange>,
    pub(super) inactive: Option<bool>,
}

/// A run cannot go on.
#[derive(Debug)]
pub(super) enum Written {
    Store(StoreError),
    Psa(PsaError),
}

impl From<StoreError> for Written {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

pub(super) struct Executor<'a> {
    pub(super) service: &'a Service,
    pub(super) company: &'a Company,
    pub(super) actor: &'a Actor,
    pub(super) lease: &'a Lease,
    pub(super) run: &'a str,
    pub(super) types: &'a CommunicationTypes,
    pub(super) prepared: &'a Prepared,
}

/// What sealed bodies of intents are bound to.
pub(super) fn intent_place(company: &Company, id: &str) -> [String; 3] {
    [company.key.installation.clone(), company.key.company.to_string(), id.to_owned()]
}

pub(super) fn seal(service: &Service, company: &Company, id: &str, body: &Body) -> String {
    let place = intent_place(company, id);
    let bytes = serde_json::to_vec(body).expect("texts can be written as JSON");
    service.master_key.derive("intent").seal(&[&place[0], &place[1], &place[2]], &bytes)
}

impl Executor<'_> {
    /// Writes a row of the current plan.
    pub(super) async fn write(&self, row: &Row) -> Result<Outcome, Written> {
        let store = &self.service.store;
        let now = self.service.clock.now();
        let id = random_id();
        let inactive = match row.kind {
            RowKind::Deactivate => Some(true),
            RowKind::Reactivate => Some(false),
            _ => None,
        };
        let body = Body { fields: row.changes.clone(), inactive };
        let intent = Intent {
            id: id.clone(),
            run: self.run.to_owned(),
            kind: row.kind,
            account: row.account,
            contact: row.contact,
            body: seal(self.service, self.company, &id, &body),
            created_at: now,
        };
        store.open_intent(self.lease, &intent).await?;

        let written = match self.send(row, inactive).await {
            Ok(written) => written,
            // The keys or a right went away: no row after this one can fare better.
            Err(error) => {
                store.settle_intent(&id, IntentState::Rejected).await?;
                return Err(Written::Psa(error));
            }
        };
        let (state, outcome) = match written {
            Write::Applied(contact) => {
                remember(self.service, self.company, row.kind, row.account, contact).await?;
                (IntentState::Applied, Outcome::Applied)
            }
            Write::Rejected(words) => (IntentState::Rejected, Outcome::Rejected(words)),
            Write::Unknown => (IntentState::Unknown, Outcome::Unknown),
        };
        let fields: Vec<&str> = row.changes.iter().map(|change| change.field.code()).collect();
        let entry = AuditEntry {
            run: self.run,
            at: now,
            member: &self.actor.member,
            kind: row.kind.code(),
            account: row.account,
            contact: row.contact,
            fields: &fields.join(","),
            outcome: match state {
                IntentState::Applied => "applied",
                IntentState::Rejected => "rejected",
                IntentState::Open | IntentState::Unknown => "unknown",
            },
        };
        store.audit(&self.company.key, &entry).await?;
        store.settle_intent(&id, state).await?;
        Ok(outcome)
    }

    async fn send(&self, row: &Row, inactive: Option<bool>) -> Result<Write<reconcile::ContactId>, PsaError> {
        let psa = self.company.psa();
        let Some(id) = row.contact else {
            let new = NewContact { company: self.company.key.company, fields: &row.changes };
            return psa.create_contact(&new, self.types).await;
        };
        let Some(contact) = self.prepared.contact(id) else {
            return Ok(Write::Rejected("the contact is no longer in the PSA".to_owned()));
        };
        let change = Change { contact, fields: &row.changes, inactive };
        Ok(match psa.change_contact(&change, self.types).await? {
            Write::Applied(()) => Write::Applied(id),
            Write::Rejected(words) => Write::Rejected(words),
            Write::Unknown => Write::Unknown,
        })
    }
}

/// What follows in our store when a row was written: the pair is linked, and the decisions that
/// led there are used up.
pub(super) async fn remember(
    service: &Service,
    company: &Company,
    kind: RowKind,
    account: Option<reconcile::AccountId>,
    contact: reconcile::ContactId,
) -> Result<(), StoreError> {
    if let Some(account) = account {
        let link = Link { account, contact, deactivated_by_us: kind == RowKind::Deactivate };
        service.store.save_link(&company.key, &link).await?;
    }
    let decisions = service.store.decisions(&company.key).await?;
    let used_up: Vec<(Subject, Option<Decision>)> = account
        .map(Subject::Account)
        .into_iter()
        .chain([Subject::Contact(contact)])
        .filter(|subject| decisions.get(subject).is_some_and(|decision| !decision.stands()))
        .map(|subject| (subject, None))
        .collect();
    if used_up.is_empty() {
        return Ok(());
    }
    service.store.save_decisions(&company.key, &used_up, 0, service.clock.now()).await
}
