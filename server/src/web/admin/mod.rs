//! `/i/{installation}/admin`: the administrator's page, behind the PSA's menu entry.

mod api;
mod page;

use actix_web::web;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::scope("/i/{installation}/admin")
            .route("", web::get().to(page::page))
            .route("/state", web::get().to(api::state))
            .route("/registration", web::post().to(api::register))
            .route("/administrators", web::post().to(api::administrators))
            .route("/rules", web::put().to(api::rules))
            .route("/board", web::put().to(api::board)),
    );
}
