//! The record: its header, its tabs, and what the chosen tab shows.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use maud::{Markup, html};
use serde_json::Value;

use super::business;
use super::layout::respond;
use super::search::text;
use super::visitor::{Choices, inquire, may_edit_companies, visible, visitor};
use crate::schema::{Kind, Record};
use crate::world::{Level, Member, SharedWorld, World, items};

/// The tabs of a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    Company,
    Contacts,
    Notes,
    Sites,
    Agreements,
    Tickets,
}

const TABS: [(Tab, &str, &str); 6] = [
    (Tab::Company, "company", "Company"),
    (Tab::Contacts, "contacts", "Contacts"),
    (Tab::Notes, "notes", "Notes"),
    (Tab::Sites, "sites", "Sites"),
    (Tab::Agreements, "agreements", "Agreements"),
    (Tab::Tickets, "tickets", "Tickets"),
];

impl Tab {
    pub(super) fn named(name: &str) -> Option<Self> {
        TABS.iter().find(|(_, own, _)| *own == name).map(|(tab, ..)| *tab)
    }
}

/// `GET /screen/panel/{id}/{tab}`: the record alone, for a page that stays where it is.
pub(crate) async fn fragment(
    request: HttpRequest,
    path: Path<(i64, String)>,
    choices: Query<Choices>,
    world: Data<SharedWorld>,
) -> HttpResponse {
    let world = world.lock();
    let (id, tab) = (path.0, Tab::named(&path.1).unwrap_or(Tab::Company));
    let seen = visitor(&world, &request, &choices)
        .and_then(|member| Some((visible(&world, &member, id)?, member.clone())));
    match seen {
        Some((company, member)) => respond(StatusCode::OK, panel(&world, &member, id, company, tab)),
        None => respond(StatusCode::FORBIDDEN, html! { p.notice { "You may not see this company." } }),
    }
}

pub(super) fn panel(world: &World, member: &Member, id: i64, company: &Record, tab: Tab) -> Markup {
    let status = company.get("status").and_then(|status| status["name"].as_str());
    let status = status.unwrap_or("Active");
    html! {
        header.company {
            div {
                h1 id="company-name" { (text(company, "name")) }
                p.sub {
                    (text(company, "identifier")) " · " (id) " · " (text(company, "city"))
                    span.badge.off[status != "Active"] { (status) }
                }
            }
            div.actions {
                span id="save-state" role="status" {}
                (super::frames::toolbar(world))
                button id="refresh" type="button" { "Refresh" }
                button.primary id="save" type="button" { "Save" }
            }
        }
        div id="messages" role="alert" {}
        nav.tabs aria-label="Company" {
            @for (own, name, label) in TABS {
                @let address = if own == Tab::Company { format!("/company/{id}") } else { format!("/company/{id}/{name}") };
                a id=(format!("tab-{name}")) href=(address) data-tab=(name) aria-current=[(own == tab).then_some("page")] { (label) }
            }
        }
        @match tab {
            Tab::Company => (form(member, id, company)),
            Tab::Contacts => (contacts(world, member, id)),
            Tab::Notes => (notes(world, member, id)),
            Tab::Sites => (sites(world, id)),
            Tab::Agreements => (business::agreements(world, member, id)),
            Tab::Tickets => (business::tickets(world, member, id)),
        }
    }
}

fn form(member: &Member, id: i64, company: &Record) -> Markup {
    let locked = !may_edit_companies(member, id);
    let named =
        |field: &str| company.get(field).and_then(|reference| reference["name"].as_str()).unwrap_or("none");
    html! {
        form.fields id="company-form" method="post" action=(format!("/company/{id}/save")) {
            @for (field, label) in super::save::FIELDS {
                label {
                    span { (label) }
                    input name=(field) value=(text(company, field)) readonly[locked];
                }
            }
        }
        dl.fields {
            dt { "Default contact" } dd { (named("defaultContact")) }
            dt { "Billing contact" } dd { (named("billingContact")) }
            dt { "Main site" } dd { (named("site")) }
            dt { "Last update" } dd { (stamp(company)) }
        }
        @if locked { p.empty { "Your role may look at this company and not change it." } }
    }
}

fn stamp(record: &Record) -> String {
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
                            (text(contact, "firstName")) " " (text(contact, "lastName"))
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

fn flag(record: &Record, field: &str) -> bool {
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
