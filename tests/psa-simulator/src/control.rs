//! `/simulator/...`: what tests in other processes do through [`crate::World`] here.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};
use serde::Deserialize;

use crate::options::Switches;
use crate::world::{Fault, Request, SharedWorld};

/// `POST /simulator/faults`
pub(crate) async fn add_fault(fault: Json<Fault>, world: Data<SharedWorld>) -> HttpResponse {
    world.lock().fault(fault.into_inner());
    HttpResponse::NoContent().finish()
}

/// `DELETE /simulator/faults`
pub(crate) async fn clear_faults(world: Data<SharedWorld>) -> HttpResponse {
    world.lock().clear_faults();
    HttpResponse::NoContent().finish()
}

/// `GET /simulator/requests`
pub(crate) async fn requests(world: Data<SharedWorld>) -> Json<Vec<Request>> {
    Json(world.lock().requests().to_vec())
}

/// `POST /simulator/reset-log`
pub(crate) async fn reset_log(world: Data<SharedWorld>) -> HttpResponse {
    world.lock().reset_log();
    HttpResponse::NoContent().finish()
}

/// `GET /simulator/switches`
pub(crate) async fn switches(world: Data<SharedWorld>) -> Json<Switches> {
    Json(world.lock().switches.clone())
}

/// `PUT /simulator/switches`: what the body leaves out goes back to its default.
pub(crate) async fn set_switches(switches: Json<Switches>, world: Data<SharedWorld>) -> HttpResponse {
    world.lock().switches = switches.into_inner();
    HttpResponse::NoContent().finish()
}

/// The body of `expire-hash`.
#[derive(Deserialize)]
pub(crate) struct ExpireHash {
    member: String,
}

/// `POST /simulator/expire-hash`
pub(crate) async fn expire_hash(body: Json<ExpireHash>, world: Data<SharedWorld>) -> HttpResponse {
    world.lock().expire_hash(&body.member);
    HttpResponse::NoContent().finish()
}

/// The body of `release`.
#[derive(Deserialize)]
pub(crate) struct Release {
    codebase: String,
}

/// `POST /simulator/release`
pub(crate) async fn release(body: Json<Release>, world: Data<SharedWorld>) -> HttpResponse {
    world.lock().release(&body.codebase);
    HttpResponse::NoContent().finish()
}
