//! Pages that mean no good: one that frames a pod and plays the PSA, and a frame beside the
//! pods that speaks to them.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Query};
use maud::{DOCTYPE, html};
use url::form_urlencoded;

use super::layout::respond;
use super::visitor::Choices;
use crate::world::{SharedWorld, World};

/// The host of the PSA with something after it: it begins as the real one does, and browsers
/// find every name under `localhost` on their own machine (RFC 6761, section 6.3).
pub(super) fn look_alike(world: &World) -> String {
    format!("{}://127.0.0.1.localhost:{}", world.place.scheme(), world.place.port)
}

/// `GET /hostile?pod=URL&company=ID`
pub(crate) async fn page(choices: Query<Choices>, world: Data<SharedWorld>) -> HttpResponse {
    let pod = choices.get("pod").map(String::as_str).unwrap_or_default();
    // A `javascript:` address would run in this page instead of framing something.
    if !pod.starts_with("http://") && !pod.starts_with("https://") {
        return HttpResponse::BadRequest().body("?pod= must be an http or https address.");
    }
    if choices.get("look_alike").is_some_and(|value| value == "1") {
        let origin = look_alike(&world.lock());
        let rest = choices.iter().filter(|(name, _)| *name != "look_alike");
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(rest).finish();
        return HttpResponse::Found()
            .insert_header((header::LOCATION, format!("{origin}/hostile?{query}")))
            .finish();
    }
    let company = choices.get("company").map_or("1", String::as_str);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { "Not the PSA" }
                link rel="icon" href="data:,";
                script src="/screen/hostile.js" defer {}
            }
            body data-company=(company) {
                h1 { "This page only pretends to be the PSA" }
                iframe id="pod" title="Pod" src=(pod) width="100%" height="500" {}
            }
        }
    };
    respond(StatusCode::OK, page)
}

/// `GET /screen/sibling`
pub(crate) async fn sibling() -> HttpResponse {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "Sibling" } script src="/screen/sibling.js" defer {} }
            body {}
        }
    };
    respond(StatusCode::OK, page)
}
