//! `POST /company/{id}/save`: the form of the company tab, after every pod has agreed.

use std::collections::BTreeMap;

use actix_web::web::{Data, Form, Json, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::visitor::{Choices, may_edit_companies, visible, visitor};
use crate::schema::Kind;
use crate::world::SharedWorld;

/// The fields that the form can change, with their labels.
pub(super) const FIELDS: [(&str, &str); 7] = [
    ("name", "Company name"),
    ("phoneNumber", "Phone"),
    ("website", "Web site"),
    ("addressLine1", "Address"),
    ("city", "City"),
    ("zip", "Postal code"),
    ("accountNumber", "Account number"),
];

/// `POST /company/{id}/save`
pub(crate) async fn save(
    request: HttpRequest,
    id: Path<i64>,
    choices: Query<Choices>,
    form: Form<BTreeMap<String, String>>,
    world: Data<SharedWorld>,
) -> HttpResponse {
    let mut world = world.lock();
    let Some(member) = visitor(&world, &request, &choices) else {
        return HttpResponse::InternalServerError().finish();
    };
    let Some(mut record) = visible(&world, &member, *id).cloned() else {
        return refused("You may not see this company.");
    };
    if !may_edit_companies(&member, *id) {
        return refused("Your role may not change this company.");
    }
    if form.get("name").is_some_and(|name| name.trim().is_empty()) {
        return refused("The company name is required.");
    }
    for (field, _) in FIELDS {
        match form.get(field).map(|value| value.trim()) {
            Some("") => {
                record.remove(field);
            }
            Some(value) => {
                let limit = Kind::Company.schema().field(field).and_then(|field| field.limit);
                let value: String = value.chars().take(limit.unwrap_or(usize::MAX)).collect();
                record.insert(field.into(), value.into());
            }
            None => {}
        }
    }
    world.store(Kind::Company, *id, record, &member.identifier);
    match world.save() {
        Ok(()) => HttpResponse::Ok().json(json!({"saved": true})),
        Err(error) => refused(&format!("{error:#}")),
    }
}

fn refused(reason: &str) -> HttpResponse {
    HttpResponse::Forbidden().json(Json(json!({"saved": false, "errors": [reason]})))
}
