//! The record: its header, its tabs, and what the chosen tab shows.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use maud::{Markup, html};
use serde_json::Value;

use super::kind::Screen;
use super::layout::respond;
use super::search::text;
use super::tabs::{Tab, tabs};
use super::visitor::{Choices, inquire, visitor};
use super::{business, contact, frames, ticket};
use crate::schema::{Kind, Record};
use crate::world::{Level, Member, SharedWorld, World, items};

/// `GET /screen/panel/{screen}/{id}/{tab}`: the record alone, for a page that stays where it is.
pub(crate) async fn fragment(
    request: HttpRequest,
    path: Path<(String, i64, String)>,
    choices: Query<Choices>,
    world: Data<SharedWorld>,
) -> HttpResponse {
    let world = world.lock();
    let (screen, id, tab) = path.into_inner();
    let Some(screen) = Screen::named(&screen) else {
        return respond(StatusCode::NOT_FOUND, html! { p.notice { "There is no such screen." } });
    };
    let tab = Tab::named(&world, screen, &tab).unwrap_or(Tab::Form);
    let seen = visitor(&world, &request, &choices)
        .and_then(|member| Some((screen.record(&world, &member, id)?, member.clone())));
    match seen {
        Some((record, member)) => {
            respond(StatusCode::OK, panel(&world, &member, screen, id, record, tab, &choices))
        }
        None => respond(StatusCode::FORBIDDEN, html! { p.notice { "You may not see this record." } }),
    }
}

/// What a record is called at the top of its page.
pub(super) fn title(screen: Screen, record: &Record) -> String {
    match screen {
        Screen::Company => text(record, "name").into(),
        Screen::Contact => contact::name(record),
        Screen::Ticket => ticket::title(record),
    }
}

pub(super) fn panel(
    world: &World,
    member: &Member,
    screen: Screen,
    id: i64,
    record: &Record,
    tab: Tab,
    choices: &Choices,
) -> Markup {
    html! {
        header.head {
            div {
                h1 id="record-name" { (title(screen, record)) }
                p.sub { (beneath(screen, id, record)) }
            }
            div.actions {
                span id="save-state" role="status" {}
                (frames::toolbar(world, screen))
                button id="refresh" type="button" { "Refresh" }
                button.primary id="save" type="button" { "Save" }
            }
        }
        div id="messages" role="alert" {}
        nav.tabs aria-label="Tabs" {
            @for entry in tabs(world, screen) {
                @let own = screen.name();
                @let address = if entry.tab == Tab::Form { format!("/{own}/{id}") } else { format!("/{own}/{id}/{}", entry.name) };
                a id=(format!("tab-{}", entry.name)) href=(address) data-tab=(entry.name) aria-current=[(entry.tab == tab).then_some("page")] { (entry.label) }
            }
        }
        @match (screen, tab) {
            (_, Tab::Form) => (form(world, member, screen, id, record)),
            (_, Tab::Hosted(row)) => (frames::tab(world, row, screen, id, choices)),
            (Screen::Contact, _) => (business::tickets_of_contact(world, member, id)),
            (Screen::Ticket, _) => (ticket::notes(world, id)),
            (_, Tab::Contacts) => (contacts(world, member, id)),
            (_, Tab::Notes) => (notes(world, member, id)),
            (_, Tab::Sites) => (sites(world, id)),
            (_, Tab::Agreements) => (business::agreements(world, member, id)),
            (_, Tab::Tickets) => (business::tickets(world, member, id)),
        }
    }
}

/// The line below the name.
fn beneath(screen: Screen, id: i64, record: &Record) -> Markup {
    match screen {
        Screen::Company => {
            let status = record.get("status").and_then(|status| status["name"].as_str()).unwrap_or("Active");
            html! {
                (text(record, "identifier")) " · " (id) " · " (text(record, "city"))
                span.badge.off[status != "Active"] { (status) }
            }
        }
        Screen::Contact => contact::beneath(record),
        Screen::Ticket => ticket::beneath(record),
    }
}

fn form(world: &World, member: &Member, screen: Screen, id: i64, record: &Record) -> Markup {
    let locked = !screen.may_edit(world, member, record);
    html! {
        form.fields id="record-form" method="post" action=(format!("/{}/{id}/save", screen.name())) {
            @for (field, label) in screen.fields() {
                label {
                    span { (label) }
                    input name=(field) value=(text(record, field)) readonly[locked];
                }
            }
        }
        dl.fields {
            @match screen {
                Screen::Company => {
                    @for (field, label) in [("defaultContact", "Default contact"), ("billingContact", "Billing contact"), ("site", "Main site")] {
                        dt { (label) } dd { (named(record, field)) }
                    }
                }
                Screen::Contact => (contact::facts(record)),
                Screen::Ticket => (ticket::facts(record)),
            }
            dt { "Last update" } dd { (stamp(record)) }
        }
        @if locked { p.empty { "Your role may look at this " (screen.name()) " and not change it." } }
    }
}

/// The name in a reference.
pub(super) fn named<'a>(record: &'a Record, field: &str) -> &'a str {
    record.get(field).and_then(|reference| reference["name"].as_str()).unwrap_or("none")
}

/// A reference as a link to its screen.
pub(super) fn linked(record: &Record, field: &str, screen: Screen) -> Markup {
    let id = record.get(field).and_then(|reference| reference["id"].as_i64());
    html! {
        @if let Some(id) = id { a href=(format!("/{}/{id}", screen.name())) { (named(record, field)) } } @else { "none" }
    }
}

pub(super) fn stamp(record: &Record) -> String {
    let info = |field: &str| record.get("_info").and_then(|info| info[field].as_str()).unwrap_or_default();
    format!("{} by {}", info("lastUpdated").replace(['T', 'Z'], " "), info("updatedBy"))
}

fn contacts(world: &World, member: &Member, company: i64) -> Markup {
    if inquire(member, "Contacts") != Level::All {
        return html! { p.notice { "Your role may not see contacts." } };
    }
    let mut rows = world.contacts_of(company);
    rows.sort_by_key(|contact| (flag(contact, "inactiveFlag"), text(contact, "lastName").to_lowercase()));
    let active = rows.iter().filter(|contact| !flag(contact, "inactiveFlag")).count();
    html! {
        p.sub id="contact-count" { (active) " active, " (rows.len() - active) " inactive" }
        table id="contacts" {
            thead { tr { th scope="col" { "Name" } th scope="col" { "Title" } th scope="col" { "E-mail" } th scope="col" { "Phones" } th scope="col" { "Roles" } } }
            tbody {
                @for contact in &rows {
                    @let inactive = flag(contact, "inactiveFlag");
                    tr.inactive[inactive] id=(format!("contact-{}", contact.get("id").unwrap_or(&Value::Null))) data-inactive=(inactive.to_string()) {
                        td {
                            a href=(format!("/contact/{}", contact.get("id").unwrap_or(&Value::Null))) { (contact::name(contact)) }
                            @if inactive { " " span.badge.off { "Inactive" } }
                        }
                        td { (text(contact, "title")) }
                        td { (values(contact, "Email")) }
                        td { (values(contact, "Phone")) }
                        td {
                            @for (set, word) in [
                                (flag(contact, "defaultFlag"), "Default"),
                                (flag(contact, "defaultBillingFlag"), "Billing"),
                                (!flag(contact, "disablePortalLoginFlag"), "Portal"),
                            ] {
                                @if set { span.badge { (word) } " " }
                            }
                        }
                    }
                }
            }
        }
        @if rows.is_empty() { p.empty { "This company has no contacts yet." } }
    }
}

pub(super) fn flag(record: &Record, field: &str) -> bool {
    record.get(field).and_then(Value::as_bool).unwrap_or_default()
}

fn values(contact: &Record, kind: &str) -> Markup {
    html! {
        @for item in items(contact).iter().filter(|item| item["communicationType"] == kind) {
            div.item.default[item["defaultFlag"] == true] title=(item["type"]["name"].as_str().unwrap_or_default()) {
                (item["value"].as_str().unwrap_or_default())
            }
        }
    }
}

fn notes(world: &World, member: &Member, company: i64) -> Markup {
    if inquire(member, "Notes") != Level::All {
        return html! { p.notice { "Your role may not see notes." } };
    }
    let notes = world.notes_of(company);
    html! {
        div id="notes" {
            @for note in &notes {
                article.note {
                    p.sub { (note.get("type").and_then(|kind| kind["name"].as_str()).unwrap_or_default()) " · " (stamp(note)) }
                    p { (text(note, "text")) }
                }
            }
            @if notes.is_empty() { p.empty { "This company has no notes yet." } }
        }
    }
}

/// Sites are part of the company: who sees it sees them.
fn sites(world: &World, company: i64) -> Markup {
    let sites = world.owned_by(Kind::Site, company);
    html! {
        table id="sites" {
            thead { tr { th scope="col" { "Site" } th scope="col" { "Address" } th scope="col" { "Phone" } th scope="col" { "Used for" } } }
            tbody {
                @for site in &sites {
                    @let inactive = flag(site, "inactiveFlag");
                    tr.inactive[inactive] id=(format!("site-{}", site.get("id").unwrap_or(&Value::Null))) {
                        td { (text(site, "name")) @if inactive { " " span.badge.off { "Inactive" } } }
                        td { (address(site)) }
                        td { (text(site, "phoneNumber")) }
                        td {
                            @for (field, word) in [
                                ("primaryAddressFlag", "Main"),
                                ("defaultShippingFlag", "Shipping"),
                                ("defaultBillingFlag", "Billing"),
                                ("defaultMailingFlag", "Mail"),
                            ] {
                                @if flag(site, field) { span.badge { (word) } " " }
                            }
                        }
                    }
                }
            }
        }
        @if sites.is_empty() { p.empty { "This company has no sites." } }
    }
}

/// The lines of an address in one.
fn address(site: &Record) -> String {
    let place = [text(site, "zip"), text(site, "city")].join(" ");
    let lines = [text(site, "addressLine1"), text(site, "addressLine2"), place.trim()];
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ")
}
