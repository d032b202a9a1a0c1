//! `/menu/{id}`: the page behind an entry of the menu, at full width. It has no record.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use maud::{Markup, html};

use super::layout::{Place, leave_dialog, notice, page as layout, respond};
use super::search::text;
use super::visitor::{Choices, visitor};
use crate::schema::Kind;
use crate::world::{SharedWorld, World};

/// The entries, for the bar at the top.
pub(super) fn entries(world: &World) -> Markup {
    html! {
        @for entry in world.records(Kind::MenuEntry) {
            @let id = entry.get("id").and_then(serde_json::Value::as_i64).unwrap_or_default();
            a id=(format!("menu-{id}")) href=(format!("/menu/{id}")) { (text(entry, "caption")) }
        }
    }
}

/// `GET /menu/{id}`
pub(crate) async fn page(
    request: HttpRequest,
    id: Path<i64>,
    choices: Query<Choices>,
    world: Data<SharedWorld>,
) -> HttpResponse {
    let world = world.lock();
    let Some(member) = visitor(&world, &request, &choices) else {
        return HttpResponse::InternalServerError().body("There is no member to sign in as.");
    };
    let Some(entry) = world.record(Kind::MenuEntry, *id) else {
        return notice(&world, &member, StatusCode::NOT_FOUND, "There is no such menu entry.");
    };
    let body = html! {
        main.screen.full-width id="screen" {
            section id="pods" aria-label=(text(entry, "caption")) {
                span.dirty id="dirty-mark" hidden { "Unsaved changes" }
                div id="messages" role="alert" {}
                iframe.pod id=(format!("entry-{id}"))
                    title=(text(entry, "caption"))
                    src=(text(entry, "link"))
                    width="100%"
                    height="640"
                    data-origin=(text(entry, "origin")) {}
            }
        }
        (leave_dialog("This page has unsaved changes. Leave without them?"))
    };
    let place = Place {
        title: text(entry, "caption"),
        back: &request.uri().to_string(),
        script: Some("/screen/host.js"),
    };
    respond(StatusCode::OK, layout(&world, &member, &place, &body))
}
