//! Checking what an administrator has entered, step by step, while it is typed.

use secrecy::ExposeSecret;
use serde::Serialize;

use super::{Joining, Missing, Request};
use crate::psa::{Caller, Permissions, Psa, PsaError, Site};

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is good.
    Good,
    /// It is not, and something has to be done.
    Bad,
    /// Something before it has to be entered or mended first.
    Waiting,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// A stable code.
    pub code: &'static str,
    /// How it stands.
    pub state: State,
    /// What was found.
    pub message: String,
    /// What to do about it; empty when there is nothing to do.
    pub advice: String,
    /// Joining has to wait for it.
    pub required: bool,
}

impl Step {
    fn good(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, state: State::Good, message: message.into(), advice: String::new(), required: true }
    }

    fn bad(code: &'static str, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { code, state: State::Bad, message: message.into(), advice: advice.into(), required: true }
    }

    fn waiting(code: &'static str, message: &str) -> Self {
        Self { code, state: State::Waiting, message: message.into(), advice: String::new(), required: true }
    }
}

const HOST: &str = "host";
const COMPANY: &str = "login_company";
const KEYS: &str = "keys";
const ROLE: &str = "role";

/// The steps, in the order in which they are taken; after one that is not good the rest wait. When all
/// that are required are good, also the client that was tried.
pub(super) async fn check(joining: &Joining, request: &Request) -> (Vec<Step>, Option<Psa>) {
    let mut steps = Vec::new();
    let rest = [
        (HOST, "Enter the PSA's address."),
        (COMPANY, "Enter the login company."),
        (KEYS, "Enter the API member's two keys."),
        (ROLE, "Then the API member's security role is looked at."),
    ];
    let psa = take(joining, request, &mut steps).await.unwrap_or_else(|step| {
        steps.push(step);
        None
    });
    for (code, words) in rest {
        if !steps.iter().any(|step| step.code == code) {
            steps.push(Step::waiting(code, words));
        }
    }
    let good = steps.iter().all(|step| step.state == State::Good || !step.required);
    (steps, psa.filter(|_| good))
}

/// The PSA answers, and so slowly that nobody waits for it.
pub(super) fn took_too_long() -> Step {
    Step::bad(HOST, "The PSA took too long to answer.", "Try again in a minute.")
}

async fn take(joining: &Joining, request: &Request, steps: &mut Vec<Step>) -> Result<Option<Psa>, Step> {
    let site = host(joining, &request.site).await?;
    steps.push(Step::good(HOST, format!("{} can be reached.", site.origin())));

    if request.login_company.trim().is_empty() {
        return Ok(None);
    }
    let psa = joining.psa(&site, request);
    psa.find().await.map_err(|error| at_discovery(&error, psa.login_company()))?;
    steps.push(Step::good(COMPANY, format!("It is a ConnectWise PSA and knows {:?}.", psa.login_company())));

    if request.public_key.trim().is_empty() || request.private_key.expose_secret().trim().is_empty() {
        return Ok(None);
    }
    let permissions = psa.permissions(Caller::Integrator).await.map_err(|error| at_keys(&error))?;
    // Whatever a server says of roles, this is what we will do first.
    psa.communication_types().await.map_err(|error| at_keys(&error))?;
    steps.push(Step::good(KEYS, "The PSA accepts the API member's keys."));
    role(&permissions, steps);
    Ok(Some(psa))
}

async fn host(joining: &Joining, text: &str) -> Result<Site, Step> {
    if text.trim().is_empty() {
        return Err(Step::waiting(HOST, "Enter the PSA's address."));
    }
    let site = Site::parse(text).map_err(|error| {
        Step::bad(HOST, format!("{error}."), "Copy it from the browser's address bar, up to the third slash.")
    })?;
    let (name, port) = site.host_and_port();
    joining.egress.resolve(&name, port).await.map_err(|error| {
        Step::bad(
            HOST,
            format!("{error}."),
            "Check the spelling. For a PSA in a private network or at another port than 443, the operator of this service has to allow it.",
        )
    })?;
    Ok(site)
}

fn at_discovery(error: &PsaError, login_company: &str) -> Step {
    match error {
        PsaError::UnknownLoginCompany(_) => Step::bad(
            COMPANY,
            format!("This PSA does not know the login company {login_company:?}."),
            "Enter what your technicians enter as Company when they log in to ConnectWise PSA.",
        ),
        PsaError::NotTheApi(_) | PsaError::NotFound | PsaError::Refused(_) => Step::bad(
            HOST,
            "What answers at this address is not a ConnectWise PSA.",
            "Copy the address from the browser's address bar while ConnectWise PSA is open.",
        ),
        error => unreachable_psa(HOST, error),
    }
}

fn at_keys(error: &PsaError) -> Step {
    match error {
        PsaError::Unauthorized => Step::bad(
            KEYS,
            "The PSA does not accept these keys.",
            "Check that both were copied whole, that the API member is active, and that the clientId is registered. The private key is shown once, when it is made: if it is lost, make a new pair.",
        ),
        PsaError::Forbidden | PsaError::NotFound | PsaError::NotTheApi(_) => Step::bad(
            KEYS,
            "The PSA let the API member in and then refused to answer.",
            "Give the API member a security role (System > Members > API Members > the member > Role ID).",
        ),
        error => unreachable_psa(KEYS, error),
    }
}

fn unreachable_psa(code: &'static str, error: &PsaError) -> Step {
    let problem = error.problem();
    Step::bad(code, format!("{} ({error})", problem.message), problem.advice)
}

fn role(permissions: &Permissions, steps: &mut Vec<Step>) {
    let before = steps.len();
    for missing in Missing::of(permissions) {
        let advice =
            if missing.required { missing.place } else { format!("To change that: {}", missing.place) };
        steps.push(Step { required: missing.required, ..Step::bad(ROLE, missing.message, advice) });
    }
    if !steps[before..].iter().any(|step| step.required) {
        steps.insert(before, Step::good(ROLE, "The security role allows all that is needed."));
    }
}
