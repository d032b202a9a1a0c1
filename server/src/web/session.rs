//! `POST /i/{installation}/session`: the member's proof for a token of ours.
//!
//! The proof is used for asking the PSA, as that member, and then forgotten.

use std::{collections::HashMap, sync::Mutex};

use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Json, Path},
};
use pod_view::wire::{Purpose, Session, SessionRequest};

use super::{State, bearer::same_site, error::ApiError};
use crate::{psa::PsaError, security::token::Grant};

pub(super) async fn session(
    http: HttpRequest,
    state: Data<State>,
    installation: Path<String>,
    request: Json<SessionRequest>,
) -> Result<Json<Session>, ApiError> {
    same_site(&http)?;
    let SessionRequest { proof, company, purpose } = request.into_inner();
    let service = &state.service;
    let Some(installation) = service.installation(&installation).await? else {
        return Err(not_confirmed());
    };
    // The PSA is asked under the login company on file; a page that names another is not ours.
    if !proof.login_company.eq_ignore_ascii_case(installation.psa.login_company()) || company <= 0 {
        return Err(not_confirmed());
    }
    let now = service.clock.now();
    let attempt = format!("{}/{}", installation.id, proof.member.to_lowercase());
    if state.attempts.too_many(&attempt, MOST_FAILURES, WINDOW_SECONDS, now)
        || state.attempts.too_many(&installation.id, MOST_FAILURES_OF_ALL, WINDOW_OF_ALL_SECONDS, now)
    {
        return Err(ApiError::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_attempts",
            "ConnectWise PSA refused this member too often.",
            "Wait a quarter of an hour, then refresh the company screen.",
        ));
    }
    let member = match installation.psa.member(&proof, company).await {
        Ok(member) => member,
        Err(PsaError::Unauthorized) => {
            state.attempts.failed(attempt, now);
            state.attempts.failed(installation.id.clone(), now);
            tracing::warn!(installation = installation.id, "a member's proof was refused");
            return Err(not_confirmed());
        }
        Err(PsaError::Forbidden) => {
            return Err(ApiError::forbidden(
                "ConnectWise PSA does not show you this company and its contacts.",
            ));
        }
        Err(error) => return Err(error.into()),
    };
    drop(proof);
    let apply = match purpose {
        Purpose::Pod => None,
        Purpose::Apply(_) if !member.rights.apply => {
            return Err(ApiError::forbidden(
                "You may see this company's contacts, but not change all of them.",
            ));
        }
        Purpose::Apply(digest) => Some(digest),
    };
    let grant = Grant {
        installation: installation.id.clone(),
        company,
        member_id: member.id,
        member: member.identifier,
        rights: member.rights,
        apply,
    };
    let (token, seconds) = state.tokens.issue(grant, now);
    Ok(Json(Session { token, seconds, member: member.name, company: member.company, rights: member.rights }))
}

fn not_confirmed() -> ApiError {
    ApiError::new(
        StatusCode::UNAUTHORIZED,
        "not_confirmed",
        "ConnectWise PSA does not confirm who you are.",
        "Your PSA session may have ended: log in to ConnectWise PSA again and refresh the company screen.",
    )
}

/// Refused proofs, so that nobody can try many.
#[derive(Debug, Default)]
pub(super) struct Attempts(Mutex<HashMap<String, Vec<i64>>>);

const MOST_FAILURES: usize = 10;
const WINDOW_SECONDS: i64 = 15 * 60;
/// Of all members of an installation together: another name each time helps nobody.
const MOST_FAILURES_OF_ALL: usize = 30;
const WINDOW_OF_ALL_SECONDS: i64 = 60;
/// Names that are remembered at most: above that the oldest knowledge goes first.
const MOST_NAMES: usize = 10_000;

impl Attempts {
    fn too_many(&self, who: &str, most: usize, window: i64, now: i64) -> bool {
        let failures = self.0.lock().expect("nobody panics holding it");
        failures
            .get(who)
            .is_some_and(|times| times.iter().filter(|time| now - **time < window).count() >= most)
    }

    fn failed(&self, who: String, now: i64) {
        let mut failures = self.0.lock().expect("nobody panics holding it");
        if failures.len() >= MOST_NAMES {
            failures.retain(|_, times| times.iter().any(|time| now - time < WINDOW_SECONDS));
            if failures.len() >= MOST_NAMES {
                failures.clear();
            }
        }
        let times = failures.entry(who).or_default();
        times.retain(|time| now - time < WINDOW_SECONDS);
        times.push(now);
    }
}
