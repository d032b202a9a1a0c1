//! Who is asking, for every endpoint of a company.

use std::{future::Future, pin::Pin, sync::Arc};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web::Data};

use pod_view::{
    text::{self, Language},
    wire::Purpose,
};

use super::{State, error::ApiError, listener::listener};
use crate::{
    security::token::{Claims, TokenError},
    sync::{Company, Installation, Service},
};

/// A request with a good token for the installation and the company in its address.
pub(super) struct Asking {
    /// What the token says.
    pub(super) claims: Claims,
    /// The company in the address.
    pub(super) company: Company,
    /// The service.
    pub(super) service: Arc<Service>,
    /// The language of whoever asks.
    pub(super) language: Language,
}

impl Asking {
    /// For everything but applying.
    pub(super) fn in_the_pod(self) -> Result<Self, ApiError> {
        if self.claims.purpose == Purpose::Pod { Ok(self) } else { Err(ApiError::unauthorized()) }
    }

    /// For deciding.
    pub(super) fn who_may_decide(self) -> Result<Self, ApiError> {
        let asking = self.in_the_pod()?;
        if asking.claims.rights.apply {
            Ok(asking)
        } else {
            Err(ApiError::forbidden(text::MAY_NOT_CHANGE.english()))
        }
    }

    /// For writing what exactly this token was asked for.
    pub(super) fn who_may_write(self, purpose: &Purpose) -> Result<Self, ApiError> {
        let apply = self.claims.rights.apply;
        self.for_purpose(purpose, apply)
    }

    /// For doing what exactly this token was asked for, about one person.
    pub(super) fn who_may_do(self, purpose: &Purpose) -> Result<Self, ApiError> {
        self.for_purpose(purpose, true)
    }

    fn for_purpose(self, purpose: &Purpose, may: bool) -> Result<Self, ApiError> {
        if may && self.claims.purpose == *purpose {
            return Ok(self);
        }
        tracing::warn!(
            member = self.claims.member,
            company = self.claims.company,
            "a token was used for another request"
        );
        Err(ApiError::unauthorized())
    }

    /// For the settings.
    pub(super) fn who_may_set(self) -> Result<Self, ApiError> {
        let asking = self.in_the_pod()?;
        if asking.claims.rights.settings {
            Ok(asking)
        } else {
            Err(ApiError::forbidden(text::MAY_NOT_SET.english()))
        }
    }
}

impl FromRequest for Asking {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let state = request.app_data::<Data<State>>().expect("the state is set where the routes are");
            let claims = claims_of(&request, state)?;
            let part = |name| request.match_info().get(name).unwrap_or_default();
            let company: i64 = part("company").parse().map_err(|_| refused(&claims))?;
            if company != claims.company {
                return Err(refused(&claims));
            }
            let installation = state.service.installation(&claims.installation).await?;
            let installation = installation.ok_or_else(ApiError::unauthorized)?;
            Ok(Self {
                claims,
                company: Company::new(installation, company),
                service: Arc::clone(&state.service),
                language: listener(&request, None).language,
            })
        })
    }
}

/// A request with a good token for the administrator's page of the installation in its address.
pub(super) struct Administering {
    /// What the token says.
    pub(super) claims: Claims,
    /// The installation.
    pub(super) installation: Arc<Installation>,
}

impl FromRequest for Administering {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let state = request.app_data::<Data<State>>().expect("the state is set where the routes are");
            let claims = claims_of(&request, state)?;
            if claims.purpose != Purpose::Administer || !claims.rights.administer {
                return Err(ApiError::unauthorized());
            }
            let installation = state.service.installation(&claims.installation).await?;
            Ok(Self { claims, installation: installation.ok_or_else(ApiError::unauthorized)? })
        })
    }
}

/// What a good token for the installation in the address says.
fn claims_of(request: &HttpRequest, state: &State) -> Result<Claims, ApiError> {
    same_site(request)?;
    let installation = request.match_info().get("installation").unwrap_or_default();
    let token = bearer_of(request).ok_or_else(ApiError::unauthorized)?;
    state.tokens.read(token, installation, state.service.clock.now()).map_err(|error| {
        if error == TokenError::Invalid {
            tracing::warn!(installation, "a token was refused");
        }
        ApiError::unauthorized()
    })
}

/// What stands in `Authorization: Bearer`.
pub(super) fn bearer_of(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(header::AUTHORIZATION)?;
    value.to_str().ok()?.strip_prefix("Bearer ")
}

fn refused(claims: &Claims) -> ApiError {
    tracing::warn!(member = claims.member, company = claims.company, "a token was used for another company");
    ApiError::forbidden(text::OTHER_COMPANY.english())
}

/// Browsers say where a request comes from; what is not from our own page is refused. Programs
/// that say nothing have no browser's trust to abuse.
pub(super) fn same_site(request: &HttpRequest) -> Result<(), ApiError> {
    match request.headers().get("Sec-Fetch-Site").map(header::HeaderValue::as_bytes) {
        None | Some(b"same-origin") => Ok(()),
        Some(_) => Err(ApiError::forbidden(text::OTHER_SITE.english())),
    }
}
