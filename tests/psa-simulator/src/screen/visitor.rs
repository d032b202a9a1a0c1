//! Who looks at the screen, and what they may see. Signing in takes no password: choosing a
//! member is what the simulator is for.

use std::collections::BTreeMap;

use actix_web::http::header;
use actix_web::web::{Data, Form};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use crate::rest::Head;
use crate::world::{Level, Member, SharedWorld, World};

const COOKIE: &str = "psa_simulator_member";
const FIRST: &str = "Dispatch1";

/// The query string of a page: its options.
pub(super) type Choices = BTreeMap<String, String>;

/// The member named by the page's options, else the one signed in, else the dispatcher.
pub(super) fn visitor(world: &World, request: &HttpRequest, choices: &Choices) -> Option<Member> {
    let head = Head::read(request);
    let wanted = choices.get("member").map(String::as_str);
    let signed_in = head.cookie(COOKIE);
    [wanted, signed_in, Some(FIRST)]
        .into_iter()
        .flatten()
        .find_map(|name| world.member(name))
        .filter(|member| member.keys.is_none())
        .cloned()
}

/// How far the member's right to look goes in a function of the module Companies.
pub(super) fn inquire(member: &Member, function: &str) -> Level {
    member.role.right("Companies", function).map_or(Level::None, |right| right.inquire)
}

/// Whether a right of this level reaches the records of a company, or of none.
pub(super) fn reaches(member: &Member, level: Level, company: Option<i64>) -> bool {
    let own = company.is_some_and(|company| member.own.contains(&company));
    let hidden = company.is_some_and(|company| member.hidden.contains(&company));
    !hidden && (level == Level::All || level == Level::My && own)
}

/// The form of the member switcher.
#[derive(Deserialize)]
pub(crate) struct Choice {
    member: String,
    back: String,
}

/// `POST /sign-in`
pub(crate) async fn sign_in(form: Form<Choice>, world: Data<SharedWorld>) -> HttpResponse {
    let Some(identifier) = world.lock().member(&form.member).map(|member| member.identifier.clone()) else {
        return HttpResponse::BadRequest().body("There is no such member.");
    };
    // Only back into this site: a path, and no `//host`.
    let local = form.back.starts_with('/') && !form.back.starts_with("//");
    let back = if local { form.back.as_str() } else { "/" };
    let cookie = format!("{COOKIE}={identifier}; Path=/; HttpOnly; SameSite=Lax");
    HttpResponse::SeeOther()
        .insert_header((header::SET_COOKIE, cookie))
        .insert_header((header::LOCATION, back.to_owned()))
        .finish()
}
