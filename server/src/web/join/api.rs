//! What the joining page asks for.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Json},
};
use pod_view::wire::{Code, Problem};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};

use super::{State, link_of, too_many};
use crate::{
    joining::{JoinError, Joined, Link, Registered, Request, Step},
    web::error::ApiError,
};

#[derive(Serialize)]
struct Known {
    site: String,
    login_company: String,
}

#[derive(Serialize)]
struct LinkState {
    /// The installation that the link is for, when it joined before.
    installation: Option<Known>,
}

/// `GET /join/state`: what the link is for.
pub(super) async fn state(request: HttpRequest, state: Data<State>) -> Result<HttpResponse, ApiError> {
    let Link { invitation, .. } = link_of(&request, &state).await?;
    let installation = match invitation.installation {
        Some(id) => state.joining.store.installation(&id).await?,
        None => None,
    };
    let installation = installation.map(|row| Known { site: row.psa_site, login_company: row.login_company });
    Ok(HttpResponse::Ok().json(LinkState { installation }))
}

#[derive(Serialize)]
struct Checked {
    steps: Vec<Step>,
}

/// `POST /join/check`: how what has been entered so far stands.
pub(super) async fn check(
    request: HttpRequest,
    state: Data<State>,
    entered: Json<Request>,
) -> Result<HttpResponse, ApiError> {
    link_of(&request, &state).await?;
    // A check makes us connect to a host that somebody named.
    if !state.checks.take(state.joining.clock.now()) {
        return Err(too_many());
    }
    Ok(HttpResponse::Ok().json(Checked { steps: state.joining.check(&entered).await }))
}

#[derive(Serialize)]
struct Piece {
    code: &'static str,
    words: &'static str,
    changed: bool,
    problem: Option<String>,
}

#[derive(Serialize)]
struct Answer {
    pod: String,
    origin: String,
    pieces: Vec<Piece>,
}

/// `POST /join`: joins, and says what is in the PSA now.
pub(super) async fn join(
    request: HttpRequest,
    state: Data<State>,
    entered: Json<Request>,
) -> Result<HttpResponse, ApiError> {
    let link = link_of(&request, &state).await?;
    if !state.checks.take(state.joining.clock.now()) {
        return Err(too_many());
    }
    let joining = state.joining.clone();
    let entered = entered.into_inner();
    // In a task of its own: a page that is closed meanwhile leaves nothing half done.
    let task = state.service.runs.spawn_on(
        async move {
            let joined = joining.join(&entered, Some(&link)).await?;
            // Of two requests with one link the first to use it up has joined.
            if let Some(code) = &link.code
                && !joining.use_up(code.expose_secret()).await?
            {
                return Err(JoinError::JoinedAlready);
            }
            Ok(joined)
        },
        &state.runtime,
    );
    match task.await.map_err(|_| ApiError::unexpected())? {
        Ok(Joined { installation, pod, registered }) => {
            tracing::info!(installation, "a PSA has joined");
            let origin = state.joining.public_url.origin().ascii_serialization();
            let pieces = registered.into_iter().map(piece).collect();
            Ok(HttpResponse::Ok().json(Answer { pod, origin, pieces }))
        }
        Err(JoinError::NotReady(steps)) => Ok(HttpResponse::UnprocessableEntity().json(Checked { steps })),
        Err(error) => Err(error.into()),
    }
}

fn piece(registered: Registered) -> Piece {
    let Registered { piece, changed, problem, .. } = registered;
    Piece { code: piece.code(), words: piece.words(), changed, problem }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Leave {
    /// Typed by the person, so that nobody leaves by a slip.
    login_company: String,
}

/// `POST /join/leave`: takes everything out of the PSA and forgets the installation.
pub(super) async fn leave(
    request: HttpRequest,
    state: Data<State>,
    typed: Json<Leave>,
) -> Result<HttpResponse, ApiError> {
    let Link { invitation, code } = link_of(&request, &state).await?;
    let id = invitation.installation.ok_or(JoinError::NoSuchInstallation)?;
    let installation = state.service.installation(&id).await?.ok_or(JoinError::NoSuchInstallation)?;
    if !typed.login_company.trim().eq_ignore_ascii_case(installation.psa.login_company()) {
        return Err(ApiError::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            Code::NotConfirmed,
            "That is not the login company of this installation.",
            "Type it exactly to confirm that it is to leave.",
        ));
    }
    let joining = state.joining.clone();
    let task = state.service.runs.spawn_on(
        async move {
            joining.leave(&id, &installation.psa).await?;
            if let Some(code) = code {
                joining.use_up(code.expose_secret()).await?;
            }
            Ok::<_, JoinError>(())
        },
        &state.runtime,
    );
    task.await.map_err(|_| ApiError::unexpected())??;
    tracing::info!("an installation has left");
    Ok(HttpResponse::NoContent().finish())
}

impl From<JoinError> for ApiError {
    fn from(error: JoinError) -> Self {
        let (code, message, advice) = match error {
            JoinError::Psa(error) => return error.into(),
            JoinError::Store(error) => return error.into(),
            JoinError::NotReady(_) => {
                (Code::NotReady, "Something is not right yet.".to_owned(), "See the steps.")
            }
            JoinError::JoinedAlready => (
                Code::JoinedAlready,
                "This ConnectWise PSA has joined already.".to_owned(),
                "To change its keys or to leave, ask the operator of the service for a link of its own (connectactive invite --for).",
            ),
            JoinError::AnotherPsa => (
                Code::AnotherPsa,
                "This link is for another PSA or login company.".to_owned(),
                "Enter the one that it is for, or ask the operator for a new link.",
            ),
            JoinError::NoSuchInstallation => (
                Code::NoInstallation,
                "No installation belongs to this link.".to_owned(),
                "It may have left already.",
            ),
            JoinError::NotRemoved(what) => (
                Code::NotRemoved,
                format!("Not everything could be taken out of the PSA: {what}."),
                "Give the API member Table Setup delete, or remove these by hand (Setup Tables), and run this again. Until then nothing is forgotten.",
            ),
        };
        Problem::new(code, message, advice).into()
    }
}
