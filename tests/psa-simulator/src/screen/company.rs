//! `/company/{id}` and its tabs: the record on the left, the pods on the right.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use maud::html;

use super::frames;
use super::hostile::look_alike;
use super::layout::{Place, leave_dialog, notice, page as layout, respond};
use super::panel::{Tab, panel};
use super::search::text;
use super::visitor::{Choices, visible, visitor};
use crate::schema::Kind;
use crate::world::SharedWorld;

/// `GET /company/{id}`
pub(crate) async fn page(
    request: HttpRequest,
    id: Path<i64>,
    choices: Query<Choices>,
    world: Data<SharedWorld>,
) -> HttpResponse {
    show(&request, *id, Tab::Company, &choices, &world)
}

/// `GET /company/{id}/contacts` and `/notes`
pub(crate) async fn tab(
    request: HttpRequest,
    path: Path<(i64, String)>,
    choices: Query<Choices>,
    world: Data<SharedWorld>,
) -> HttpResponse {
    match Tab::named(&path.1) {
        Some(tab) => show(&request, path.0, tab, &choices, &world),
        None => HttpResponse::NotFound().body("A company has no such tab."),
    }
}

fn show(request: &HttpRequest, id: i64, tab: Tab, choices: &Choices, world: &SharedWorld) -> HttpResponse {
    let world = world.lock();
    let Some(member) = visitor(&world, request, choices) else {
        return HttpResponse::InternalServerError().body("There is no member to sign in as.");
    };
    let Some(company) = visible(&world, &member, id) else {
        let (status, text) = match world.record(Kind::Company, id) {
            Some(_) => (StatusCode::FORBIDDEN, "You may not see this company."),
            None => (StatusCode::NOT_FOUND, "There is no such company."),
        };
        return notice(&world, &member, status, text);
    };
    let full_width = choices.get("full_width").is_some_and(|value| value == "1");
    let body = html! {
        main.screen.full-width[full_width] id="screen" data-company=(id) {
            section.record id="record" aria-label="Company" { (panel(&world, &member, id, company, tab)) }
            aside.pods id="pods" aria-label="Pods" {
                div.pods-bar {
                    span.dirty id="dirty-mark" hidden { "Unsaved changes in a pod" }
                    button id="full-width" type="button" aria-pressed=(full_width.to_string()) { "Full width" }
                }
                (frames::frames(&world, id, choices))
                @match choices.get("sibling").map(String::as_str) {
                    Some("1") => { iframe.sibling src="/screen/sibling" title="Sibling" hidden {} }
                    Some("look_alike") => {
                        iframe.sibling src=(format!("{}/screen/sibling", look_alike(&world))) title="Sibling" hidden {}
                    }
                    _ => {}
                }
            }
        }
        (leave_dialog("A pod has unsaved changes. Leave without them?"))
    };
    let place = Place {
        title: text(company, "name"),
        back: &request.uri().to_string(),
        script: Some("/screen/host.js"),
    };
    respond(StatusCode::OK, layout(&world, &member, &place, &body))
}
