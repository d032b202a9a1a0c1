//! A ticket of Harbor Manufacturing, and what is on it.

use integration::{pod::Pod, service::Deployment};
use pod_view::{
    who::{Deed, Scene},
    wire::{Person, Record, Session, Who},
};
use psa_simulator::{Kind, Record as Fields};
use serde_json::{Value, json};

/// The open ticket that the sample has for each company.
pub(crate) fn ticket_of(deployment: &Deployment, company: i64) -> i64 {
    let world = deployment.psa.world();
    let world = world.lock();
    let open = |ticket: &&Fields| ticket["company"]["id"] == company && ticket["closedFlag"] == false;
    let ticket = world.records(Kind::Ticket).find(open).expect("the sample has an open ticket");
    ticket["id"].as_i64().expect("it has an id")
}

/// Changes a ticket behind everybody's back.
pub(crate) fn edit(deployment: &Deployment, ticket: i64, change: impl FnOnce(&mut Fields)) {
    deployment.psa.world().lock().edit(Kind::Ticket, ticket, change);
}

/// Nobody is on it, and this is the address that it came from.
pub(crate) fn came_from(deployment: &Deployment, ticket: i64, address: &str) {
    edit(deployment, ticket, |record| {
        record.remove("contact");
        record.insert("contactEmailAddress".into(), json!(address));
    });
}

/// The id of the contact that is on it.
pub(crate) fn contact_on(deployment: &Deployment, ticket: i64) -> Option<i64> {
    let world = deployment.psa.world();
    let world = world.lock();
    let ticket = world.record(Kind::Ticket, ticket).expect("it is there");
    ticket.get("contact").and_then(|contact| contact["id"].as_i64())
}

/// A contact as the PSA has it.
pub(crate) fn contact(deployment: &Deployment, id: i64) -> Value {
    let world = deployment.psa.world();
    world.lock().record(Kind::Contact, id).cloned().map_or(Value::Null, Value::Object)
}

/// The record of the active or inactive contact with this family name.
pub(crate) fn contact_named(deployment: &Deployment, company: i64, given: &str, family: &str) -> i64 {
    let world = deployment.psa.world();
    let world = world.lock();
    let is = |contact: &&Fields| {
        contact["company"]["id"] == company && contact["firstName"] == given && contact["lastName"] == family
    };
    let contact = world.records(Kind::Contact).find(is).expect("the sample has the contact");
    contact["id"].as_i64().expect("it has an id")
}

/// A pod on a ticket's screen.
pub(crate) async fn on_ticket(deployment: &Deployment, member: &str, ticket: i64) -> (Pod, Scene) {
    on(deployment, member, Record::Ticket(ticket)).await
}

/// A pod on a screen, with what can be done there.
pub(crate) async fn on(deployment: &Deployment, member: &str, record: Record) -> (Pod, Scene) {
    let (pod, session) = Pod::open_on(deployment, member, record).await.expect("the member may");
    let Session { rights, record: on, .. } = session;
    (pod, Scene { record, on: on.expect("the service says what it is"), rights })
}

/// The one person who was found.
pub(crate) fn only(who: &Who) -> &Person {
    let [person] = &who.people[..] else { panic!("{who:?}") };
    person
}

/// What can be done about them with the button of this label.
pub(crate) fn deed(scene: &Scene, who: &Who, label: &str) -> Deed {
    let deeds = scene.deeds(who);
    let labels: Vec<_> = deeds.iter().map(|deed| deed.label).collect();
    deeds
        .iter()
        .find(|deed| deed.label.words() == label)
        .unwrap_or_else(|| panic!("{label}: {labels:?}"))
        .clone()
}
