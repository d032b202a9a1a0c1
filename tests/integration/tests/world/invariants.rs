//! What holds at any moment, whatever happened.

use std::collections::BTreeMap;

use integration::history::History;
use psa_simulator::Kind;

use super::company::{FAMILY, GIVEN, LEFT_BY_HAND, OUTSIDE, address, id};

/// What is wrong, if anything is.
pub(crate) type Checked = Result<(), String>;

/// Nobody is there twice; nobody was touched who is none of our business.
pub(crate) fn always(history: &History) -> Checked {
    let world = history.psa().world();
    let world = world.lock();
    for number in 0..GIVEN.len() {
        let count = world.contacts_with_email(&address(number)).len();
        if count > 1 {
            return Err(format!("I2: {} is there {count} times", address(number)));
        }
    }
    let outside = world.contacts_with_email(OUTSIDE);
    if outside.len() != 1 || outside[0]["inactiveFlag"] != false {
        return Err("I3: somebody who never had an account was touched".to_owned());
    }
    let by_hand = world.contacts_with_email(&address(LEFT_BY_HAND));
    if by_hand.len() != 1 || by_hand[0]["inactiveFlag"] != true {
        return Err("I3: somebody whom a person deactivated was brought back".to_owned());
    }
    if world.records(Kind::Contact).count() > GIVEN.len() + 1 {
        return Err("I2: there are more contacts than people".to_owned());
    }
    Ok(())
}

/// When nothing is under way: each write has its intent and its end, and stands in the audit chain.
pub(crate) async fn at_rest(history: &History) -> Checked {
    always(history)?;
    let (service, company) = history.parts();
    let store = &service.store;
    let key = &company.key;
    let open = store.unsettled_intents(key).await.map_err(|error| error.to_string())?;
    if !open.is_empty() {
        return Err(format!("I4: {} writes have no end", open.len()));
    }
    let runs = store.last_runs(key, 1000).await.map_err(|error| error.to_string())?;
    if let Some(run) = runs.iter().find(|run| run.state.is_live()) {
        return Err(format!("I7: a run is {:?} and nobody does it", run.state));
    }
    for (what, count) in
        integration::audit::unaccounted(store, key).await.map_err(|error| error.to_string())?
    {
        if count > 0 {
            return Err(format!("I5: {count} {what}"));
        }
    }
    // I1: nobody is inactive whose account is active, unless somebody said so.
    let left = integration::audit::taken_back(store, key).await.map_err(|error| error.to_string())?;
    let people = history.people(|people| people.clone());
    let world = history.psa().world();
    let world = world.lock();
    for number in (0..GIVEN.len()).filter(|number| *number != LEFT_BY_HAND) {
        let enabled = people.get(&id(number)).is_some_and(|account| account.enabled);
        let inactive = world.contacts_with_email(&address(number)).first().map(|c| c["inactiveFlag"] == true);
        if enabled && inactive == Some(true) && !left.contains(&id(number)) {
            return Err(format!("I1: {} {} is inactive", GIVEN[number], FAMILY[number]));
        }
    }
    Ok(())
}

/// The contacts of the PSA as people see them: by address, without ids.
pub(crate) fn contacts(history: &History) -> BTreeMap<String, (String, String, bool)> {
    let world = history.psa().world();
    let world = world.lock();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    (0..GIVEN.len())
        .map(address)
        .chain([OUTSIDE.to_owned()])
        .filter_map(|address| {
            let contact = world.contacts_with_email(&address).first().copied()?;
            let name = format!("{} {}", text(&contact["firstName"]), text(&contact["lastName"]));
            let title = contact.get("title").map(text).unwrap_or_default();
            Some((address, (name, title, contact["inactiveFlag"] == true)))
        })
        .collect()
}
