//! `/`: search for a company.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use maud::html;

use super::kind::Screen;
use super::layout::{Place, page as layout, respond};
use super::visitor::{Choices, visitor};
use crate::schema::{Kind, Record};
use crate::world::SharedWorld;

/// More rows than this help nobody.
const SHOWN: usize = 100;

/// `GET /`
pub(crate) async fn page(
    request: HttpRequest,
    choices: Query<Choices>,
    world: Data<SharedWorld>,
) -> HttpResponse {
    let world = world.lock();
    let Some(member) = visitor(&world, &request, &choices) else {
        return HttpResponse::InternalServerError().body("There is no member to sign in as.");
    };
    let wanted = choices.get("q").map(|q| q.trim().to_lowercase()).unwrap_or_default();
    let matches = |company: &Record| {
        ["name", "identifier", "city"]
            .iter()
            .any(|field| text(company, field).to_lowercase().contains(&wanted))
    };
    let found: Vec<(i64, &Record)> = world
        .tables
        .rows(Kind::Company)
        .keys()
        .filter_map(|id| Some((*id, Screen::Company.record(&world, &member, *id)?)))
        .filter(|(_, company)| matches(company))
        .collect();
    let body = html! {
        main.search {
            h1 { "Company search" }
            form role="search" method="get" action="/" {
                label for="search" { "Name, identifier or city" }
                input id="search" type="search" name="q" value=(wanted) autofocus;
                button type="submit" { "Search" }
            }
            table id="companies" {
                thead { tr { th scope="col" { "Company" } th scope="col" { "Identifier" } th scope="col" { "Status" } th scope="col" { "City" } th.number scope="col" { "Contacts" } } }
                tbody {
                    @for (id, company) in found.iter().take(SHOWN) {
                        tr {
                            td { a href=(format!("/company/{id}")) { (text(company, "name")) } }
                            td { (text(company, "identifier")) }
                            td { (company.get("status").and_then(|status| status["name"].as_str()).unwrap_or_default()) }
                            td { (text(company, "city")) }
                            td.number { (world.contacts_of(*id).len()) }
                        }
                    }
                }
            }
            @if found.is_empty() { p.empty { "No company that you may see has this in its name." } }
            @if found.len() > SHOWN { p.empty { (found.len() - SHOWN) " more: say more of the name." } }
        }
    };
    let place = Place { title: "Company search", back: "/", script: None };
    respond(StatusCode::OK, layout(&world, &member, &place, &body))
}

pub(super) fn text<'a>(record: &'a Record, field: &str) -> &'a str {
    record.get(field).and_then(serde_json::Value::as_str).unwrap_or_default()
}
