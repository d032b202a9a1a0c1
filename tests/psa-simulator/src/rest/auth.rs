//! Who is calling: an API member by keys, or a person by the hash of a login session.
//!
//! ConnectWise Developer Guide, "Authentication": Basic `company+publicKey:privateKey`; for
//! Hosted API pages the cookies `companyName`, `memberId`, `memberHash` and `memberContext`; a
//! registered `clientId` header on every call.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::call::Head;
use super::reply::Refusal;
use crate::world::{Member, World};

/// A recognised caller.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) member: Member,
    /// `key:...` or `member:...`, for the journal and the rate limit.
    pub(super) label: String,
}

pub(super) fn authenticate(world: &World, head: &Head) -> Result<Caller, Refusal> {
    let known = |id: &String| id.trim().eq_ignore_ascii_case(&world.client_id);
    if !head.client_id.as_ref().is_some_and(known) {
        let status = world.switches.missing_client_id_status;
        let message = "The clientId header is missing or not registered.";
        return Err(Refusal::new(status, "Unauthorized", message));
    }
    let caller = match &head.authorization {
        Some(authorization) => by_basic(world, authorization),
        None => by_cookies(world, head),
    };
    caller
        .filter(|caller| !caller.member.inactive)
        .ok_or_else(|| Refusal::unauthorized("ConnectWiseApi: UserNotAuthenticated"))
}

fn by_basic(world: &World, authorization: &str) -> Option<Caller> {
    let (scheme, encoded) = authorization.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (user, secret) = decoded.split_once(':')?;
    let (company, user) = user.split_once('+')?;
    if !company.eq_ignore_ascii_case(&world.place.login_company) {
        return None;
    }
    let has_keys = |member: &&Member| {
        member.keys.as_ref().is_some_and(|(public, private)| public == user && private == secret)
    };
    if let Some(member) = world.members.iter().find(has_keys) {
        return Some(Caller { member: member.clone(), label: format!("key:{user}") });
    }
    by_hash(world, user, secret)
}

fn by_cookies(world: &World, head: &Head) -> Option<Caller> {
    if !world.switches.member_cookies {
        return None;
    }
    let company = head.cookie("companyName")?;
    let same_company = company.eq_ignore_ascii_case(&world.place.login_company);
    // A live PSA refuses the cookies when the context is missing.
    let has_context = head.cookie("memberContext").is_some_and(|context| !context.is_empty());
    if !same_company || !has_context {
        return None;
    }
    by_hash(world, head.cookie("memberId")?, head.cookie("memberHash")?)
}

fn by_hash(world: &World, identifier: &str, hash: &str) -> Option<Caller> {
    let owner = world.sessions.get(hash)?;
    if !owner.eq_ignore_ascii_case(identifier) {
        return None;
    }
    let member = world.member(owner)?.clone();
    let label = format!("member:{}", member.identifier);
    Some(Caller { member, label })
}
