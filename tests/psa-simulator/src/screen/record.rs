//! `/company/{id}`, `/contact/{id}`, `/ticket/{id}` and their tabs: the record on the left, the pods
//! on the right.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use maud::html;

use super::frames;
use super::hostile::look_alike;
use super::kind::Screen;
use super::layout::{Place, leave_dialog, notice, page as layout, respond};
use super::panel::{panel, title};
use super::pods;
use super::tabs::Tab;
use super::visitor::{Choices, visitor};
use crate::world::SharedWorld;

/// `GET /{screen}/{id}`
pub(crate) async fn page(
    request: HttpRequest,
    path: Path<(String, i64)>,
    choices: Query<Choices>,
    world: Data<SharedWorld>,
) -> HttpResponse {
    show(&request, &path.0, path.1, "", &choices, &world)
}

/// `GET /{screen}/{id}/{tab}`
pub(crate) async fn tab(
    request: HttpRequest,
    path: Path<(String, i64, String)>,
    choices: Query<Choices>,
    world: Data<SharedWorld>,
) -> HttpResponse {
    show(&request, &path.0, path.1, &path.2, &choices, &world)
}

fn show(
    request: &HttpRequest,
    screen: &str,
    id: i64,
    tab: &str,
    choices: &Choices,
    world: &SharedWorld,
) -> HttpResponse {
    let world = world.lock();
    let Some(member) = visitor(&world, request, choices) else {
        return HttpResponse::InternalServerError().body("There is no member to sign in as.");
    };
    let place = Screen::named(screen).and_then(|screen| Some((screen, Tab::named(&world, screen, tab)?)));
    let Some((screen, tab)) = place else {
        return notice(&world, &member, StatusCode::NOT_FOUND, "There is no such screen.");
    };
    let Some(record) = screen.record(&world, &member, id) else {
        let (status, text) = match world.record(screen.kind(), id) {
            Some(_) => (StatusCode::FORBIDDEN, format!("You may not see this {}.", screen.name())),
            None => (StatusCode::NOT_FOUND, format!("There is no such {}.", screen.name())),
        };
        return notice(&world, &member, status, &text);
    };
    let full_width = choices.get("full_width").is_some_and(|value| value == "1");
    let body = html! {
        main.screen.full-width[full_width] id="screen" data-screen=(screen.name()) data-record=(id) {
            section.record id="record" aria-label=(screen.name()) {
                (panel(&world, &member, screen, id, record, tab, choices))
            }
            aside.pods id="pods" aria-label="Pods" {
                div.pods-bar {
                    span.dirty id="dirty-mark" hidden { "Unsaved changes in a pod" }
                    button id="arrange" type="button" title="Choose the pods of this screen" aria-label="Choose pods" { "+" }
                    button id="full-width" type="button" aria-pressed=(full_width.to_string()) { "Full width" }
                }
                (frames::frames(&world, &member, screen, id, choices))
                @match choices.get("sibling").map(String::as_str) {
                    Some("1") => { iframe.sibling src="/screen/sibling" title="Sibling" hidden {} }
                    Some("look_alike") => {
                        iframe.sibling src=(format!("{}/screen/sibling", look_alike(&world))) title="Sibling" hidden {}
                    }
                    _ => {}
                }
            }
        }
        (pods::dialog(&world, &member, screen))
        (leave_dialog("A pod has unsaved changes. Leave without them?"))
    };
    let title = title(screen, record);
    let place = Place { title: &title, back: &request.uri().to_string(), script: Some("/screen/host.js") };
    respond(StatusCode::OK, layout(&world, &member, &place, &body))
}
