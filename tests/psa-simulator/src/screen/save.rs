//! `POST /{screen}/{id}/save`: the record's form, after every pod has agreed.

use std::collections::BTreeMap;

use actix_web::web::{Data, Form, Json, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::kind::Screen;
use super::visitor::{Choices, visitor};
use crate::world::SharedWorld;

/// `POST /{screen}/{id}/save`
pub(crate) async fn save(
    request: HttpRequest,
    path: Path<(String, i64)>,
    choices: Query<Choices>,
    form: Form<BTreeMap<String, String>>,
    world: Data<SharedWorld>,
) -> HttpResponse {
    let mut world = world.lock();
    let Some(member) = visitor(&world, &request, &choices) else {
        return HttpResponse::InternalServerError().finish();
    };
    let (screen, id) = path.into_inner();
    let Some(screen) = Screen::named(&screen) else { return refused("There is no such screen.") };
    let name = screen.name();
    let Some(mut record) = screen.record(&world, &member, id).cloned() else {
        return refused(&format!("You may not see this {name}."));
    };
    if !screen.may_edit(&world, &member, &record) {
        return refused(&format!("Your role may not change this {name}."));
    }
    let (required, label) = screen.fields()[0];
    if form.get(required).is_some_and(|value| value.trim().is_empty()) {
        return refused(&format!("The field {label} is required."));
    }
    for (field, _) in screen.fields() {
        match form.get(*field).map(|value| value.trim()) {
            Some("") => {
                record.remove(*field);
            }
            Some(value) => {
                let limit = screen.kind().schema().field(field).and_then(|field| field.limit);
                let value: String = value.chars().take(limit.unwrap_or(usize::MAX)).collect();
                record.insert((*field).into(), value.into());
            }
            None => {}
        }
    }
    world.store(screen.kind(), id, record, &member.identifier);
    match world.save() {
        Ok(()) => HttpResponse::Ok().json(json!({"saved": true})),
        Err(error) => refused(&format!("{error:#}")),
    }
}

fn refused(reason: &str) -> HttpResponse {
    HttpResponse::Forbidden().json(Json(json!({"saved": false, "errors": [reason]})))
}
