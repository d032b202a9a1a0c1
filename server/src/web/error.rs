//! Answers that say no.

use actix_web::{
    HttpRequest, HttpResponse,
    error::{InternalError, JsonPayloadError},
    http::StatusCode,
};
use pod_view::wire::{Code, Problem};

use crate::{psa::PsaError, security::keys::random_id, store::StoreError, sync::SettingsError};

/// An answer that says no, with words for the person in the pod.
#[derive(Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    problem: Problem,
}

impl ApiError {
    pub(super) fn new(status: StatusCode, code: Code, message: &str, advice: &str) -> Self {
        Self::of(status, Problem::new(code, message, advice))
    }

    pub(super) const fn of(status: StatusCode, problem: Problem) -> Self {
        Self { status, problem }
    }

    /// The token is missing, over, or not for this.
    pub(super) fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            Code::SignInAgain,
            "ConnectWise PSA has to confirm who you are again.",
            "This happens by itself; if it does not, refresh the company screen.",
        )
    }

    /// A fault of ours, which the log tells more about.
    pub(super) fn unexpected() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            Code::Unexpected,
            "The service failed at this.",
            "Try again; if it lasts, tell the operator of the service.",
        )
    }

    /// Another company's, another installation's, or beyond the member's rights.
    pub(super) fn forbidden(message: &str) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            Code::NotAllowed,
            message,
            "Ask your administrator about your security role in ConnectWise PSA.",
        )
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, problem }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let reference = random_id();
        tracing::error!(%error, reference, "the store failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            Code::StoreFailed,
            "The service could not reach its own store.",
            &format!("Try again in a minute; if it lasts, tell the operator of the service: {reference}."),
        )
    }
}

impl From<SettingsError> for ApiError {
    fn from(error: SettingsError) -> Self {
        match error {
            SettingsError::Store(error) => error.into(),
            SettingsError::Psa(error) => error.into(),
            error => error.problem().into(),
        }
    }
}

impl From<PsaError> for ApiError {
    fn from(error: PsaError) -> Self {
        tracing::warn!(%error, "the PSA did not do it");
        Self { status: StatusCode::BAD_GATEWAY, problem: error.problem() }
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.problem.code)
    }
}

impl actix_web::ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::build(self.status).json(&self.problem)
    }
}

/// Everything that is not there.
pub(super) async fn not_found(_: HttpRequest) -> HttpResponse {
    HttpResponse::NotFound().json(Problem::new(
        Code::NotFound,
        "There is nothing at this address.",
        "Open the pod from the company screen in ConnectWise PSA.",
    ))
}

/// A body that is not what the endpoint takes.
pub(super) fn bad_request(error: &JsonPayloadError) -> actix_web::Error {
    tracing::debug!(%error, "a request could not be read");
    let problem = Problem::new(
        Code::BadRequest,
        "The pod sent something that the service does not understand.",
        "Refresh the company screen to load the present version of the pod.",
    );
    InternalError::from_response("bad request", HttpResponse::BadRequest().json(problem)).into()
}
