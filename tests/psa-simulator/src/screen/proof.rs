//! `GET /screen/proof`: the answer to `getMemberAuthentication`, true or as the page's options
//! spoil it.

use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::visitor::{Choices, visitor};
use crate::world::{SharedWorld, fresh_hash};

/// `GET /screen/proof`
pub(crate) async fn proof(
    request: HttpRequest,
    choices: Query<Choices>,
    world: Data<SharedWorld>,
) -> HttpResponse {
    let mut world = world.lock();
    let Some(member) = visitor(&world, &request, &choices) else {
        return HttpResponse::InternalServerError().finish();
    };
    let option = |name: &str| choices.get(name).map(String::as_str);
    let hash = match option("hash") {
        Some("expired") => Some(fresh_hash()),
        // One that was good until now: what a replay after logging out has.
        Some("logged_out") => {
            let hash = world.hash_of(&member.identifier);
            world.expire_hash(&member.identifier);
            hash
        }
        Some(other) => world.hash_of(other),
        None => world.hash_of(&member.identifier),
    };
    let identifier = match option("case") {
        Some("upper") => member.identifier.to_uppercase(),
        Some("lower") => member.identifier.to_lowercase(),
        _ => member.identifier.clone(),
    };
    let context = if option("context") == Some("empty") { "" } else { "web" };
    let mut data = json!({
        "site": format!("{}/", world.place.web_origin()),
        "companyid": option("tenant").unwrap_or(&world.place.login_company),
        "memberid": identifier,
        "memberHash": hash,
        "memberContext": context,
        "memberEmail": member.email,
    });
    if option("mode") != Some("nilear") {
        data["codeBase"] = world.place.codebase.clone().into();
    }
    HttpResponse::Ok().json(data)
}
