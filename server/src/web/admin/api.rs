//! What the administrator's page asks for.

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Json},
};
use pod_view::wire::{Code, Problem, Proof};
use serde::{Deserialize, Serialize};

use super::super::{State, bearer::Administering, error::ApiError, session::member_of};
use crate::{
    joining::{Missing, Registered},
    psa::{BoardStatus, Caller, Psa, PsaError},
    security::rights::Administrators,
    sync::parse_rules,
};

#[derive(Serialize)]
struct Standing {
    site: String,
    login_company: String,
    missing: Vec<Missing>,
    pieces: Vec<There>,
    /// The code of the right that opens this page.
    administrators: &'static str,
    /// The rules of all companies.
    rules: String,
    /// The service boards that tickets may be opened on.
    boards: Vec<Named>,
    /// The one that was chosen.
    board: Option<i64>,
}

/// A record of the PSA, to choose.
#[derive(Serialize)]
struct Named {
    id: i64,
    name: String,
}

#[derive(Serialize)]
pub(super) struct There {
    code: &'static str,
    words: &'static str,
    /// Why it is not there.
    problem: Option<String>,
}

impl From<Registered> for There {
    fn from(one: Registered) -> Self {
        Self { code: one.piece.code(), words: one.piece.words(), problem: one.problem }
    }
}

/// `GET state`: what is in the PSA, and what the API member may not do.
pub(super) async fn state(state: Data<State>, asking: Administering) -> Result<HttpResponse, ApiError> {
    let psa = &asking.installation.psa;
    let permissions = psa.permissions(Caller::Integrator).await?;
    let pieces = state.joining.look(&asking.installation.id, psa).await?;
    Ok(HttpResponse::Ok().json(Standing {
        site: psa.site().origin(),
        login_company: psa.login_company().to_owned(),
        missing: Missing::of(&permissions),
        pieces: pieces.into_iter().map(There::from).collect(),
        administrators: asking.installation.administrators.code(),
        rules: asking.installation.rules.clone(),
        boards: boards(psa).await?,
        board: asking.installation.board,
    }))
}

/// The boards in use; none where the API member may not see them.
async fn boards(psa: &Psa) -> Result<Vec<Named>, PsaError> {
    match psa.boards().await {
        Ok(boards) => Ok(boards
            .into_iter()
            .filter(|board| !board.inactive)
            .map(|board| Named { id: board.id, name: board.name })
            .collect()),
        Err(PsaError::Forbidden | PsaError::NotFound) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// The body of `PUT board`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Chosen {
    board: Option<i64>,
}

/// `PUT board`: the board that tickets are opened on from now on, or none.
pub(super) async fn board(
    state: Data<State>,
    asking: Administering,
    chosen: Json<Chosen>,
) -> Result<HttpResponse, ApiError> {
    let Chosen { board } = chosen.into_inner();
    let psa = &asking.installation.psa;
    if let Some(board) = board {
        let refused = |code: Code, message: &str, advice: &str| {
            ApiError::new(StatusCode::BAD_REQUEST, code, message, advice)
        };
        if !boards(psa).await?.iter().any(|one| one.id == board) {
            return Err(refused(
                Code::UnknownBoard,
                "There is no such board.",
                "Choose one of the boards in the list.",
            ));
        }
        if BoardStatus::closing(&psa.board_statuses(board).await?).is_none() {
            return Err(refused(
                Code::BoardDoesNotClose,
                "This board has no status that closes a ticket.",
                "Choose another board, or give it such a status in ConnectWise PSA.",
            ));
        }
    }
    let installation = &asking.installation.id;
    state.service.store.set_board(installation, board).await?;
    tracing::info!(member = asking.claims.member, installation, board, "the board for tickets is chosen");
    Ok(HttpResponse::NoContent().finish())
}

/// Bytes of the rules of all companies.
const LONGEST_RULES: usize = 16 << 10;

/// The body of `PUT rules`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    rules: String,
}

/// `PUT rules`: the rules of all companies, which stand behind each company's own.
pub(super) async fn rules(
    state: Data<State>,
    asking: Administering,
    rules: Json<Rules>,
) -> Result<HttpResponse, ApiError> {
    let refused = |problem: Problem| ApiError::of(StatusCode::BAD_REQUEST, problem);
    let text = rules.rules.trim();
    if text.len() > LONGEST_RULES {
        return Err(refused(Problem::new(
            Code::RulesTooLong,
            "These are too many rules.",
            "Shorten them to 16,000 characters: * stands for any text.",
        )));
    }
    if let Some(only) = parse_rules(text).map_err(refused)?.iter().find(|rule| rule.takes().is_some()) {
        return Err(refused(Problem::new(
            Code::RulesWrong,
            format!("\u{201c}{only}\u{201d} cannot stand here."),
            "Which accounts a company takes is said in that company's own rules.",
        )));
    }
    let installation = &asking.installation.id;
    state.service.set_rules(installation, text).await?;
    tracing::info!(member = asking.claims.member, installation, "the rules of all companies were changed");
    Ok(HttpResponse::NoContent().finish())
}

/// The body of `POST administrators`.
#[derive(Deserialize)]
pub(super) struct Naming {
    administrators: String,
    proof: Proof,
}

/// `POST administrators`: names the right that opens this page from now on. Nobody can name one that
/// they do not have: the page would be closed to them, and perhaps to everybody.
pub(super) async fn administrators(
    state: Data<State>,
    asking: Administering,
    named: Json<Naming>,
) -> Result<HttpResponse, ApiError> {
    let Naming { administrators, proof } = named.into_inner();
    let Some(chosen) = Administrators::from_code(&administrators) else {
        return Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            Code::UnknownRight,
            "There is no such right.",
            "Choose one of the rights in the list.",
        ));
    };
    let member = member_of(&state, &asking.installation, &proof).await?;
    if member.id != asking.claims.member_id || !chosen.held_by(&member.permissions) {
        return Err(ApiError::forbidden(
            "You do not have this right yourself, so it would close the page to you.",
        ));
    }
    let installation = &asking.installation.id;
    state.service.store.set_administrators(installation, chosen.code()).await?;
    tracing::info!(member = member.id, installation, right = chosen.code(), "administrators are named anew");
    Ok(HttpResponse::NoContent().finish())
}

/// `POST registration`: puts everything that is missing or differs into the PSA again.
pub(super) async fn register(
    state: Data<State>,
    asking: Administering,
) -> Result<Json<Vec<There>>, ApiError> {
    let joining = state.joining.clone();
    let installation = asking.installation;
    tracing::info!(member = asking.claims.member, installation = installation.id, "registering again");
    let task = state.service.runs.spawn_on(
        async move { joining.put_in_order(&installation.id, &installation.psa).await },
        &state.runtime,
    );
    let registered = task.await.map_err(|_| ApiError::unexpected())??;
    Ok(Json(registered.into_iter().map(There::from).collect()))
}
