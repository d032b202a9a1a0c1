//! What every page has: the bar at the top, the member switcher, and the style.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use maud::{DOCTYPE, Markup, html};

use super::menu;
use crate::world::{Member, World};

/// Where a page is, for the bar.
pub(super) struct Place<'a> {
    pub(super) title: &'a str,
    /// The address to come back to after another member was chosen.
    pub(super) back: &'a str,
    /// The script of the page, if it has one.
    pub(super) script: Option<&'a str>,
}

pub(super) fn page(world: &World, member: &Member, place: &Place, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (place.title) " - PSA simulator" }
                link rel="icon" href="data:,";
                link rel="stylesheet" href="/screen/style.css";
                @if let Some(script) = place.script {
                    script src=(script) defer {}
                }
            }
            body {
                header.bar {
                    a.brand href="/" { "PSA" span { " simulator" } }
                    nav aria-label="Modules" { a href="/" aria-current="page" { "Companies" } (menu::entries(world)) }
                    form.switcher method="post" action="/sign-in" {
                        input type="hidden" name="back" value=(place.back);
                        label for="member" { "Signed in as" }
                        select id="member" name="member" onchange="this.form.submit()" {
                            @for other in world.members().iter().filter(|other| other.keys.is_none()) {
                                option value=(other.identifier) selected[other.id == member.id] {
                                    (other.identifier) " (" (other.role.name) ")"
                                }
                            }
                        }
                        noscript { button type="submit" { "Switch" } }
                    }
                }
                (body)
            }
        }
    }
}

/// Asks before unsaved changes of a hosted page are lost.
pub(super) fn leave_dialog(question: &str) -> Markup {
    html! {
        dialog id="leave-dialog" aria-labelledby="leave-text" {
            p id="leave-text" { (question) }
            button id="leave-stay" type="button" { "Stay" }
            button id="leave-go" type="button" { "Leave" }
        }
    }
}

/// A page that says why there is nothing to see.
pub(super) fn notice(world: &World, member: &Member, status: StatusCode, text: &str) -> HttpResponse {
    let place = Place { title: text, back: "/", script: None };
    let body = html! {
        main.search { p.notice id="messages" role="alert" { (text) } p { a href="/" { "Search for a company" } } }
    };
    respond(status, page(world, member, &place, &body))
}

pub(super) fn respond(status: StatusCode, page: Markup) -> HttpResponse {
    HttpResponse::build(status).content_type("text/html; charset=utf-8").body(page.into_string())
}
