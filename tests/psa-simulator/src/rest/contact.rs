//! The rules of contacts.

use serde_json::{Value, json};

use super::communications;
use super::reply::{FieldError, Refusal};
use crate::options::Inactivation;
use crate::schema::{Kind, Record};
use crate::world::{World, custom_field_row, owner};

pub(super) fn settle(
    world: &mut World,
    old: Option<&Record>,
    record: &mut Record,
) -> Result<Vec<FieldError>, Refusal> {
    match old {
        None => complete(world, record),
        Some(old) if !world.switches.patch_contact_types => {
            record.insert("types".into(), old.get("types").cloned().unwrap_or_else(|| json!([])));
        }
        Some(_) => {}
    }
    settle_site(world, old, record);
    let mut errors = types(world, record);
    errors.extend(communications::settle(world, old, record));
    default_phone(record);
    if let Some(old) = old {
        errors.extend(inactivation(world, old, record)?);
    } else {
        errors.extend(duplicate(world, record));
    }
    Ok(errors)
}

/// What a new contact gets unasked.
fn complete(world: &World, record: &mut Record) {
    record.entry("portalSecurityLevel").or_insert_with(|| json!(1));
    record.insert("mobileGuid".into(), uuid::Uuid::new_v4().to_string().into());
    let sent = record.insert("customFields".into(), json!([custom_field_row()]));
    if let (Some(sent), Some(fields)) = (sent, record.get_mut("customFields")) {
        let value = sent.as_array().into_iter().flatten().find(|field| field["id"] == fields[0]["id"]);
        if let Some(value) = value {
            fields[0]["value"] = value["value"].clone();
        }
    }
    if let Some(Value::Array(ids)) = record.remove("typeIds") {
        let chosen =
            ids.iter().filter_map(Value::as_i64).filter_map(|id| world.reference(Kind::ContactType, id));
        record.insert("types".into(), chosen.collect());
    }
}

/// Without a site of its own a contact is at its company's main site.
fn settle_site(world: &World, old: Option<&Record>, record: &mut Record) {
    let company = owner(Kind::Contact, record);
    let moved = old.is_some_and(|old| owner(Kind::Contact, old) != company)
        && old.and_then(|old| old.get("site")) == record.get("site");
    if record.contains_key("site") && !moved {
        return;
    }
    let main = company
        .and_then(|company| world.record(Kind::Company, company))
        .and_then(|company| company.get("site"));
    match main {
        Some(main) => record.insert("site".into(), main.clone()),
        None => record.remove("site"),
    };
}

fn types(world: &World, record: &mut Record) -> Vec<FieldError> {
    let Some(Value::Array(types)) = record.get_mut("types") else {
        return Vec::new();
    };
    let mut errors = Vec::new();
    for chosen in types {
        let known = chosen["id"].as_i64().and_then(|id| world.reference(Kind::ContactType, id));
        match known {
            Some(known) => *chosen = known,
            None => errors.push(FieldError::invalid("types", format!("The type {chosen} does not exist."))),
        }
    }
    errors
}

fn default_phone(record: &mut Record) {
    let phone = crate::world::items(record)
        .iter()
        .find(|item| item["communicationType"] == "Phone" && item["defaultFlag"] == true)
        .cloned();
    let at_a_company = record.contains_key("company");
    for field in ["defaultPhoneType", "defaultPhoneNbr", "defaultPhoneExtension"] {
        record.remove(field);
    }
    if let Some(phone) = phone {
        record.insert("defaultPhoneType".into(), phone["type"]["name"].clone());
        record.insert("defaultPhoneNbr".into(), phone["value"].clone());
        record.insert("defaultPhoneExtension".into(), phone["extension"].clone());
        record.retain(|_, value| !value.is_null());
    } else if at_a_company {
        record.insert("defaultPhoneType".into(), "Site".into());
    }
}

/// Nothing public says what making a default or billing contact inactive does: a switch.
fn inactivation(world: &World, old: &Record, record: &Record) -> Result<Vec<FieldError>, Refusal> {
    let becomes_inactive =
        old.get("inactiveFlag") != Some(&json!(true)) && record.get("inactiveFlag") == Some(&json!(true));
    let id = old.get("id");
    let points_here = |field: &str| {
        owner(Kind::Contact, old)
            .and_then(|company| world.record(Kind::Company, company))
            .and_then(|company| company.get(field))
            .is_some_and(|contact| contact.get("id") == id)
    };
    let needed = points_here("defaultContact") || points_here("billingContact");
    if !becomes_inactive || !needed {
        return Ok(Vec::new());
    }
    let message = "The contact is the default or billing contact of its company.".to_owned();
    match world.switches.inactivation {
        Inactivation::Allow => Ok(Vec::new()),
        Inactivation::BadRequest => Ok(vec![FieldError::invalid("inactiveFlag", message)]),
        Inactivation::Conflict => Err(Refusal::new(409, "Conflict", message)),
    }
}

fn duplicate(world: &World, record: &Record) -> Vec<FieldError> {
    let ignored = record.get("ignoreDuplicates") == Some(&json!(true));
    if !world.switches.refuse_duplicate_contacts || ignored {
        return Vec::new();
    }
    let key = |contact: &Record| {
        let lower =
            |field: &str| contact.get(field).and_then(Value::as_str).unwrap_or_default().to_lowercase();
        (owner(Kind::Contact, contact), lower("firstName"), lower("lastName"))
    };
    if world.records(Kind::Contact).any(|other| key(other) == key(record)) {
        let message = "A matching contact entry already exists".to_owned();
        return vec![FieldError::new("ObjectExists", "firstName", message)];
    }
    Vec::new()
}

/// A company has one default and one default billing contact.
pub(super) fn after(world: &mut World, id: i64) {
    let Some(contact) = world.record(Kind::Contact, id) else {
        return;
    };
    let company = owner(Kind::Contact, contact);
    for flag in ["defaultFlag", "defaultBillingFlag"] {
        let set =
            world.record(Kind::Contact, id).is_some_and(|contact| contact.get(flag) == Some(&json!(true)));
        if !set || company.is_none() {
            continue;
        }
        for (other, record) in world.tables.rows_mut(Kind::Contact) {
            if *other != id && owner(Kind::Contact, record) == company {
                record.insert(flag.into(), false.into());
            }
        }
    }
    if let Some(record) = world.tables.get_mut(Kind::Contact, id) {
        record.remove("ignoreDuplicates");
    }
}
