//! `/join`: the administrator's one visit. Its pages are never framed.

mod api;
mod page;
mod pictures;

use std::{collections::VecDeque, sync::Mutex};

use actix_web::{HttpRequest, http::StatusCode, web};
use pod_view::wire::Code;

use super::{
    State,
    bearer::{bearer_of, same_site},
    error::ApiError,
};
use crate::{
    joining::{Link, Openness},
    store::Invitation,
};

/// The largest request: a few lines that somebody typed.
const LARGEST_REQUEST: usize = 16 << 10;
const LONGEST_CODE: usize = 128;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::scope("/join")
            .app_data(super::json(LARGEST_REQUEST))
            .route("", web::get().to(page::page))
            .route("", web::post().to(api::join))
            .route("/state", web::get().to(api::state))
            .route("/check", web::post().to(api::check))
            .route("/leave", web::post().to(api::leave)),
    );
}

/// What lets whoever is asking join.
async fn link_of(request: &HttpRequest, state: &State) -> Result<Link, ApiError> {
    same_site(request)?;
    let joining = &state.joining;
    let now = joining.clock.now();
    if joining.openness == Openness::Closed {
        return Err(ApiError::new(
            StatusCode::FORBIDDEN,
            Code::JoiningClosed,
            "Joining is closed on this service.",
            "Ask the operator of the service.",
        ));
    }
    let code = bearer_of(request).map(str::to_owned);
    match code {
        None if joining.openness == Openness::Open => {
            Ok(Link { invitation: Invitation { installation: None }, code: None })
        }
        // Whoever has a good link is not held up by those who guess.
        Some(code) if code.len() <= LONGEST_CODE => match joining.invitation(&code).await? {
            Some(invitation) => Ok(Link { invitation, code: Some(code.into()) }),
            None => Err(no_good(state, now)),
        },
        _ => Err(no_good(state, now)),
    }
}

fn no_good(state: &State, now: i64) -> ApiError {
    if !state.wrong_links.take(now) {
        return too_many();
    }
    ApiError::new(
        StatusCode::UNAUTHORIZED,
        Code::LinkNotGood,
        "This link is not good: it was used, it is over, or a part of it is missing.",
        "Ask the operator of the service for a new one (connectactive invite).",
    )
}

fn too_many() -> ApiError {
    ApiError::new(
        StatusCode::TOO_MANY_REQUESTS,
        Code::TooManyAttempts,
        "Too many requests came in.",
        "Wait a minute, then go on.",
    )
}

/// What happened lately, of everybody together.
#[derive(Debug, Default)]
pub(super) struct Lately(Mutex<VecDeque<i64>>);

const MOST_IN_A_MINUTE: usize = 90;

impl Lately {
    /// Counts one more at `now`; `false` when there were too many in the last minute.
    fn take(&self, now: i64) -> bool {
        let mut times = self.0.lock().expect("nobody panics holding it");
        while times.front().is_some_and(|at| now - at >= 60) {
            times.pop_front();
        }
        let takes = times.len() < MOST_IN_A_MINUTE;
        if takes {
            times.push_back(now);
        }
        takes
    }
}
