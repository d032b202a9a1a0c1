//! `POST /i/{installation}/session`: the member's proof for a token of ours.
//!
//! The proof is used for asking the PSA, as that member, and then forgotten.

use std::sync::Arc;

use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Json, Path},
};
use pod_view::wire::{Proof, Purpose, Rights, Session, SessionRequest};

use super::{State, bearer::same_site, error::ApiError};
use crate::{
    psa::PsaError,
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
    let SessionRequest { proof, company, purpose } = request;
    let service = &state.service;
    let Some(installation) = service.installation(installation).await? else {
        return Err(not_confirmed());
    };
    // The PSA is asked under the login company on file; a page that names another is not ours.
    let ours = proof.login_company.eq_ignore_ascii_case(installation.psa.login_company());
    if !ours || (company <= 0 && purpose != Purpose::Administer) {
        return Err(not_confirmed());
    }
    let now = service.clock.now();
    let known = Known { installation: &installation, digest: state.proofs.digest(&installation.id, &proof) };
    let member = known.member(state, &proof, &purpose, now).await?;
    let rights = rights(&member.permissions, installation.administrators);
    let (company, company_name) = match purpose {
        Purpose::Administer => {
            if !rights.administer {
                return Err(ApiError::forbidden("Your security role does not include this page."));
            }
            (0, String::new())
        }
        Purpose::Pod | Purpose::Apply(_) => (company, known.company(state, &proof, company, rights).await?),
    };
    drop(proof);
    if matches!(purpose, Purpose::Apply(_)) && !rights.apply {
        return Err(ApiError::forbidden("You may see this company's contacts, but not change all of them."));
    }
    let grant = Grant {
        installation: installation.id.clone(),
        company,
        member_id: member.id,
        member: member.identifier,
        rights,
        purpose,
    };
    let (token, seconds) = state.tokens.issue(grant, now);
    Ok((Session { token, seconds, member: member.name, company: company_name, rights }, installation))
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
            Verdict::Confirmed(member) if !matches!(purpose, Purpose::Apply(_)) => return Ok(member),
            Verdict::Confirmed(_) | Verdict::Ask => {}
            Verdict::Refused => return Err(not_confirmed()),
            Verdict::TooMany => {
                return Err(ApiError::new(
                    StatusCode::TOO_MANY_REQUESTS,
                    "too_many_attempts",
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
    async fn company(
        &self,
        state: &State,
        proof: &Proof,
        company: i64,
        rights: Rights,
    ) -> Result<String, ApiError> {
        if !rights.see {
            return Err(not_shown());
        }
        let asked = self.installation.psa.company_of_member(proof, company).await;
        if matches!(asked, Err(PsaError::Unauthorized)) {
            state.proofs.forget(&self.digest);
        }
        asked.map(|record| record.name).map_err(as_the_member)
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
    ApiError::forbidden("ConnectWise PSA does not show you this company and its contacts.")
}

fn not_confirmed() -> ApiError {
    ApiError::new(
        StatusCode::UNAUTHORIZED,
        "not_confirmed",
        "ConnectWise PSA does not confirm who you are.",
        "Your PSA session may have ended: log in to ConnectWise PSA again and refresh the company screen.",
    )
}
