//! The tabs of agreements, with their additions, and of tickets.

use maud::{Markup, html};
use serde_json::Value;

use super::search::text;
use crate::schema::{Kind, Record};
use crate::world::{Level, Member, World, parent, reference_id};

fn may(member: &Member, module: &str, function: &str) -> bool {
    member.role.right(module, function).is_some_and(|right| right.inquire == Level::All)
}

fn named<'a>(record: &'a Record, field: &str, name: &str) -> &'a str {
    record.get(field).and_then(|reference| reference[name].as_str()).unwrap_or_default()
}

fn number(record: &Record, field: &str) -> f64 {
    record.get(field).and_then(Value::as_f64).unwrap_or_default()
}

pub(super) fn agreements(world: &World, member: &Member, company: i64) -> Markup {
    if !may(member, "Finance", "Agreements") {
        return html! { p.notice { "Your role may not see agreements." } };
    }
    let agreements = world.owned_by(Kind::Agreement, company);
    html! {
        @for agreement in &agreements {
            @let id = agreement.get("id").and_then(Value::as_i64);
            h2.sub { (text(agreement, "name")) " " span.badge { (text(agreement, "agreementStatus")) } }
            table.additions {
                thead { tr { th scope="col" { "Product" } th.number scope="col" { "Quantity" } th.number scope="col" { "Unit price" } th.number scope="col" { "Price" } } }
                tbody {
                    @for addition in world.records(Kind::Addition).filter(|row| parent(Kind::Addition, row) == id) {
                        tr id=(format!("addition-{}", addition.get("id").unwrap_or(&Value::Null))) {
                            td { (named(addition, "product", "identifier")) }
                            td.number { (number(addition, "quantity")) }
                            td.number { (format!("{:.2}", number(addition, "unitPrice"))) }
                            td.number { (format!("{:.2}", number(addition, "extPrice"))) }
                        }
                    }
                }
            }
        }
        @if agreements.is_empty() { p.empty { "No agreements." } }
    }
}

/// The tickets of a company.
pub(super) fn tickets(world: &World, member: &Member, company: i64) -> Markup {
    table(member, &world.owned_by(Kind::Ticket, company))
}

/// The tickets of a contact.
pub(super) fn tickets_of_contact(world: &World, member: &Member, contact: i64) -> Markup {
    let of_contact = |ticket: &&Record| reference_id(ticket, "contact") == Some(contact);
    table(member, &world.records(Kind::Ticket).filter(of_contact).collect::<Vec<_>>())
}

fn table(member: &Member, tickets: &[&Record]) -> Markup {
    if !may(member, "Service Desk", "Service Tickets") {
        return html! { p.notice { "Your role may not see tickets." } };
    }
    html! {
        table id="tickets" {
            thead { tr { th scope="col" { "Ticket" } th scope="col" { "Summary" } th scope="col" { "Contact" } th scope="col" { "Board" } th scope="col" { "Status" } } }
            tbody {
                @for ticket in tickets {
                    @let id = ticket.get("id").and_then(Value::as_i64).unwrap_or_default();
                    @let closed = ticket.get("closedFlag") == Some(&Value::Bool(true));
                    tr.inactive[closed] id=(format!("ticket-{id}")) {
                        td { a href=(format!("/ticket/{id}")) { (id) } }
                        td { (text(ticket, "summary")) }
                        td { (named(ticket, "contact", "name")) }
                        td { (named(ticket, "board", "name")) }
                        td { (named(ticket, "status", "name")) }
                    }
                }
            }
        }
        @if tickets.is_empty() { p.empty { "No tickets." } }
    }
}
