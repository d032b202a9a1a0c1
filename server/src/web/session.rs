//! `POST /i/{installation}/session`: the member's proof for a token of ours.
//!
//! The proof is used for asking the PSA, as that member, and then forgotten.

use std::sync::Arc;

use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Json, Path},
};
use pod_view::{
    text,
    wire::{Code, Named, OnRecord, Proof, Purpose, Record, Session, SessionRequest},
};
use reconcile::ContactId;

use super::{State, bearer::same_site, error::ApiError};
use crate::{
    psa::{OpenContact, OpenTicket, PsaError},
    security::{
        proofs::{Digest, Verdict},
        rights::rights,
        token::Grant,
    },
    sync::Installation,
};

pub(super) async fn session(
    http: HttpRequest,
    state: Data<State>,
    installation: Path<String>,
    request: Json<SessionRequest>,
) -> Result<Json<Session>, ApiError> {
    enter(&http, &state, &installation, request.into_inner()).await.map(|(session, _)| Json(session))
}

/// Lets a member in, when the PSA says so.
pub(super) async fn enter(
    http: &HttpRequest,
    state: &State,
    installation: &str,
    request: SessionRequest,
) -> Result<(Session, Arc<Installation>), ApiError> {
    same_site(http)?;
    let SessionRequest { proof, company, record, purpose } = request;
    let service = &state.service;
    let Some(installation) = service.installation(installation).await? else {
        return Err(not_confirmed());
    };
    // The PSA is asked under the login company on file; a page that names another is not ours.
    let ours = proof.login_company.eq_ignore_ascii_case(installation.psa.login_company());
    if !ours || (company <= 0 && record.is_none() && purpose != Purpose::Administer) {
        return Err(not_confirmed());
    }
    let now = service.clock.now();
    let known = Known { installation: &installation, digest: state.proofs.digest(&installation.id, &proof) };
    let member = known.member(state, &proof, &purpose, now).await?;
    let rights = rights(&member.permissions, installation.administrators);
    let mut on_record = None;
    let (company, company_name) = match purpose {
        Purpose::Administer => {
            if !rights.administer {
                return Err(ApiError::forbidden("Your security role does not include this page."));
            }
            (0, String::new())
        }
        Purpose::Pod | Purpose::Apply(_) | Purpose::Person(_) => {
            if !rights.see {
                return Err(not_shown());
            }
            // Which company the record is of is the PSA's to say.
            let company = match record {
                None => company,
                Some(record) => {
                    let read = known.record(state, &proof, record).await?;
                    on_record.insert(read).company
                }
            };
            (company, known.company(state, &proof, company).await?)
        }
    };
    drop(proof);
    let may_not = match purpose {
        Purpose::Apply(_) => !rights.apply,
        Purpose::Person(_) => !rights.apply && !rights.tickets,
        Purpose::Pod | Purpose::Administer => false,
    };
    if may_not {
        return Err(ApiError::forbidden(text::MAY_NOT_CHANGE.english()));
    }
    let grant = Grant {
        installation: installation.id.clone(),
        company,
        record,
        member_id: member.id,
        member: member.identifier,
        rights,
        purpose,
    };
    let (token, seconds) = state.tokens.issue(grant, now);
    let session =
        Session { token, seconds, member: member.name, company: company_name, rights, record: on_record };
    Ok((session, installation))
}

/// Whose proof it is, as the PSA says now or said a moment ago.
pub(super) async fn member_of(
    state: &State,
    installation: &Installation,
    proof: &Proof,
) -> Result<crate::psa::Member, ApiError> {
    let known = Known { installation, digest: state.proofs.digest(&installation.id, proof) };
    known.member(state, proof, &Purpose::Administer, state.service.clock.now()).await
}

/// A proof that was shown to an installation.
struct Known<'a> {
    installation: &'a Installation,
    digest: Digest,
}

impl Known<'_> {
    /// Whose proof it is. The PSA is asked, unless it confirmed the same proof a moment ago; for
    /// applying it is asked in any case.
    async fn member(
        &self,
        state: &State,
        proof: &Proof,
        purpose: &Purpose,
        now: i64,
    ) -> Result<crate::psa::Member, ApiError> {
        match state.proofs.verdict(&self.digest, &self.installation.id, &proof.member, now) {
            Verdict::Confirmed(member) if matches!(purpose, Purpose::Pod | Purpose::Administer) => {
                return Ok(member);
            }
            Verdict::Confirmed(_) | Verdict::Ask => {}
            Verdict::Refused => return Err(not_confirmed()),
            Verdict::TooMany => {
                return Err(ApiError::new(
                    StatusCode::TOO_MANY_REQUESTS,
                    Code::TooManyAttempts,
                    "ConnectWise PSA refused this member too often.",
                    "Wait a quarter of an hour, then refresh the company screen.",
                ));
            }
        }
        let asked = self.installation.psa.member(proof).await;
        match &asked {
            Ok(member) => state.proofs.confirmed(&self.digest, member, now),
            Err(PsaError::Unauthorized) => {
                state.proofs.refused(&self.digest, &self.installation.id, &proof.member, now);
                tracing::warn!(installation = self.installation.id, "a member's proof was refused");
            }
            Err(_) => {}
        }
        asked.map_err(as_the_member)
    }

    /// The company's name, as the member may see it. Asked each time: the record on the screen is
    /// only what the browser says.
    async fn company(&self, state: &State, proof: &Proof, company: i64) -> Result<String, ApiError> {
        let asked = self.installation.psa.company_of_member(proof, company).await;
        self.heard(state, asked).map(|record| record.name)
    }

    /// The ticket or contact on the screen, as the member may see it.
    async fn record(&self, state: &State, proof: &Proof, record: Record) -> Result<OnRecord, ApiError> {
        let psa = &self.installation.psa;
        match record {
            Record::Ticket(id) => {
                let asked = psa.ticket_of_member(proof, id).await;
                let OpenTicket { company, contact, known } = self.heard(state, asked)?;
                let contact = contact.map(|(id, name)| Named { id, name, inactive: false });
                Ok(OnRecord { company, contact, known })
            }
            Record::Contact(id) => {
                let asked = psa.contact_of_member(proof, id).await;
                let OpenContact { company, name, inactive, known } = self.heard(state, asked)?;
                let contact = Named { id: ContactId(id), name, inactive };
                Ok(OnRecord { company, contact: Some(contact), known })
            }
        }
    }

    /// What the PSA said to the member; a proof that it no longer takes is not believed again.
    fn heard<T>(&self, state: &State, asked: Result<T, PsaError>) -> Result<T, ApiError> {
        if matches!(asked, Err(PsaError::Unauthorized)) {
            state.proofs.forget(&self.digest);
        }
        asked.map_err(as_the_member)
    }
}

fn as_the_member(error: PsaError) -> ApiError {
    match error {
        PsaError::Unauthorized => not_confirmed(),
        PsaError::Forbidden => not_shown(),
        error => error.into(),
    }
}

fn not_shown() -> ApiError {
    ApiError::forbidden(text::NOT_SHOWN.english())
}

fn not_confirmed() -> ApiError {
    ApiError::new(
        StatusCode::UNAUTHORIZED,
        Code::NotConfirmed,
        "ConnectWise PSA does not confirm who you are.",
        "Your PSA session may have ended: log in to ConnectWise PSA again and refresh the company screen.",
    )
}
