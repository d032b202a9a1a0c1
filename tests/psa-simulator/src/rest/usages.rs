//! `/company/contacts/{id}/usages`: what refers to a contact.

use serde_json::{Value, json};

use super::call::Call;
use super::collection::found;
use super::reply::{Answer, Reply};
use crate::schema::Kind;
use crate::world::World;

/// Where a contact is named: the kind of record, the field, and the words for it.
const PLACES: [(Kind, &str, &str); 5] = [
    (Kind::Ticket, "contact", "Ticket"),
    (Kind::Agreement, "contact", "Agreement"),
    (Kind::Agreement, "billToContact", "Agreement bill to"),
    (Kind::Company, "defaultContact", "Company default contact"),
    (Kind::Company, "billingContact", "Company billing contact"),
];

pub(super) fn of_contact(world: &World, call: &Call) -> Answer {
    let contact = found(world, call, Kind::Contact)?.get("id").cloned().unwrap_or_default();
    let uses = PLACES.iter().filter_map(|&(kind, field, words)| {
        let names = |record: &&crate::schema::Record| record.get(field).is_some_and(|named| named["id"] == contact);
        let count = world.records(kind).filter(names).count();
        (count > 0).then(|| json!({ "type": words, "typeKey": kind.schema().resource, "count": count, "description": words }))
    });
    Ok(Reply::ok(uses.collect::<Vec<Value>>()))
}
