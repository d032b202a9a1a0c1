//! Pages that mean no good: one that frames a pod and plays the PSA, and a frame beside the
//! pods that speaks to them.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Query;
use maud::{DOCTYPE, html};

use super::layout::respond;
use super::visitor::Choices;

/// `GET /hostile?pod=URL&company=ID`
pub(crate) async fn page(choices: Query<Choices>) -> HttpResponse {
    let pod = choices.get("pod").map(String::as_str).unwrap_or_default();
    // A `javascript:` address would run in this page instead of framing something.
    if !pod.starts_with("http://") && !pod.starts_with("https://") {
        return HttpResponse::BadRequest().body("?pod= must be an http or https address.");
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
