//! `POST /i/{installation}/companies/{company}/person`: writes one row, puts somebody on the ticket, or
//! both. Needs a token that was asked for with a fresh proof, for exactly this request, on exactly this
//! ticket, and never used before.

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Json},
};
use pod_view::{
    text,
    wire::{Code, PersonRequest, Purpose, Record, RunKind},
};
use reconcile::{Decision, RowKind, Subject};
use tokio::sync::mpsc::unbounded_channel;
use tokio_stream::wrappers::UnboundedReceiverStream;

use super::super::{State, bearer::Asking, error::ApiError, lines};
use crate::{
    store::ApprovedRow,
    sync::{self, Actor, Asked, OnePerson},
};

pub(in crate::web) async fn act(
    state: Data<State>,
    asking: Asking,
    request: Json<PersonRequest>,
) -> Result<HttpResponse, ApiError> {
    let request = request.into_inner();
    let asking = asking.who_may_do(&Purpose::Person(request.digest()))?;
    may(&asking, &request)?;
    if !makes_sense(&request) {
        return Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            Code::BadRequest,
            "The pod sent something that the service does not understand.",
            "Refresh the screen to load the present version of the pod.",
        ));
    }
    let Asking { claims, company, service, .. } = asking;
    let now = service.clock.now();
    if !service.store.use_token(&claims.jti, claims.exp, now).await? {
        return Err(ApiError::new(
            StatusCode::CONFLICT,
            Code::AlreadyApplied,
            "This was sent already.",
            "Refresh the screen to see how it ended.",
        ));
    }
    let actor = Actor::from(&claims);
    let account = request.approved.and_then(|approved| approved.key.account);
    if let (Some(account), Some(decision)) = (account, request.decision) {
        let change = (Subject::Account(account), Some(decision));
        service.store.save_decisions(&company.key, &[change], claims.member_id, now).await?;
    }
    let run = match request.approved {
        None => None,
        Some(approved) => {
            let rows = vec![ApprovedRow::from(approved)];
            let asked = Asked { kind: RunKind::Person, undoes: None, rows };
            Some((sync::ask(&service, &company, &actor, &asked).await?, account))
        }
    };
    let what = OnePerson { actor, run, put: request.put };
    let (sender, receiver) = unbounded_channel();
    // On its own, and known to the service: what was begun is ended, also when the pod is closed.
    let runs = service.runs.clone();
    runs.spawn_on(sync::do_one_person(service, company, what, sender), &state.runtime);
    Ok(lines::answer(UnboundedReceiverStream::new(receiver)))
}

/// Whether the member may do what is asked, on the record that is open.
fn may(asking: &Asking, request: &PersonRequest) -> Result<(), ApiError> {
    let rights = asking.claims.rights;
    if (request.approved.is_some() || request.decision.is_some()) && !rights.apply {
        return Err(ApiError::forbidden(text::MAY_NOT_CHANGE.english()));
    }
    let Some(put) = &request.put else { return Ok(()) };
    if !rights.tickets {
        return Err(ApiError::forbidden(text::MAY_NOT_EDIT_TICKETS.english()));
    }
    if asking.claims.record != Some(Record::Ticket(put.ticket)) {
        return Err(ApiError::forbidden(text::OTHER_TICKET.english()));
    }
    Ok(())
}

/// Whether it is one of the things that can be asked for: a row that brings a contact of an account, with
/// what that follows from, and a contact for the ticket.
fn makes_sense(request: &PersonRequest) -> bool {
    let row = request.approved.is_none_or(|approved| {
        let kinds = [RowKind::Create, RowKind::Reactivate, RowKind::Update, RowKind::Link];
        kinds.contains(&approved.kind) && approved.key.account.is_some()
    });
    let decision = match request.decision {
        None => true,
        Some(Decision::Match(_) | Decision::Create) => request.approved.is_some(),
        Some(_) => false,
    };
    let put = match &request.put {
        None => request.approved.is_some(),
        Some(put) => put.contact.is_some() || request.approved.is_some(),
    };
    row && decision && put
}
