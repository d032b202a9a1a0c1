//! Putting a contact on a ticket: looked at just before, noted before it is sent and when it is known how
//! it ended, and looked up when the PSA's answer does not come.

use pod_view::wire::{Code, OnTicket, Problem, Put, Refusal};
use reconcile::ContactId;

use super::{Actor, Company, Service};
use crate::{
    psa::{PsaError, Write},
    store::{AuditEntry, IntentState, StoreError},
};

/// Why it stopped.
enum Stop {
    Store(StoreError),
    Psa(PsaError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<PsaError> for Stop {
    fn from(error: PsaError) -> Self {
        Self::Psa(error)
    }
}

/// Puts a contact of the company on the ticket, unless somebody changed the ticket's contact since the
/// person looked. `run` is the run that wrote the contact, if one did.
pub(super) async fn put_on_ticket(
    service: &Service,
    company: &Company,
    actor: &Actor,
    put: &Put,
    contact: ContactId,
    run: &str,
) -> OnTicket {
    match carry_out(service, company, actor, put, contact, run).await {
        Ok(outcome) => outcome,
        Err(Stop::Psa(error)) => OnTicket::Rejected(match error {
            PsaError::Forbidden => Refusal::Problem(Problem::new(
                Code::TicketRights,
                "The API member may not edit service tickets.",
                "Ask your administrator to check the API member's security role (Service Desk: Service Tickets).",
            )),
            PsaError::Refused(words) => Refusal::Psa(words),
            error => Refusal::Problem(error.problem()),
        }),
        Err(Stop::Store(error)) => {
            tracing::error!(%error, ticket = put.ticket, "the store failed while a ticket got its contact");
            OnTicket::Unknown
        }
    }
}

async fn carry_out(
    service: &Service,
    company: &Company,
    actor: &Actor,
    put: &Put,
    contact: ContactId,
    run: &str,
) -> Result<OnTicket, Stop> {
    service.look_at_the_time().await?;
    let psa = company.psa();
    let id = company.key.company;
    if !psa.is_active_contact(id, contact).await? {
        return Ok(OnTicket::NoContact);
    }
    let Some(now) = psa.on_ticket(id, put.ticket).await? else { return Ok(OnTicket::Gone) };
    let there = now.as_ref().map(|(contact, _)| *contact);
    if there == Some(contact) {
        return Ok(OnTicket::AlreadySo);
    }
    if there != put.seen {
        return Ok(OnTicket::Changed(now.map(|(_, name)| name)));
    }
    let note = async |state| {
        let fields = format!("contact of ticket {}", put.ticket);
        let entry = AuditEntry {
            run,
            at: service.now(),
            member: &actor.member,
            kind: "ticket",
            account: None,
            contact: Some(contact),
            fields: &fields,
        };
        service.store.audit(&company.key, state, &entry).await
    };
    note(IntentState::Open).await?;
    let (state, outcome) = match psa.put_on_ticket(put.ticket, contact).await {
        Ok(Write::Applied(())) => (IntentState::Applied, Ok(OnTicket::Put)),
        Ok(Write::Rejected(why)) => (IntentState::Rejected, Ok(OnTicket::Rejected(why.into()))),
        Ok(Write::Unknown) => match psa.on_ticket(id, put.ticket).await {
            Ok(Some(Some((there, _)))) if there == contact => (IntentState::Applied, Ok(OnTicket::Put)),
            // It may still be carried out: that it is not there yet is no answer.
            _ => (IntentState::Unknown, Ok(OnTicket::Unknown)),
        },
        Err(error) => (IntentState::Rejected, Err(Stop::Psa(error))),
    };
    note(state).await?;
    outcome
}
