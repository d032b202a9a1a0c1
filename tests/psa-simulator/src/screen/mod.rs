//! The company screen, drawn on the server, with the host side of the Hosted API in a script.

mod assets;
mod business;
mod company;
mod frames;
mod hostile;
mod layout;
mod menu;
mod panel;
mod proof;
mod save;
mod search;
mod visitor;

use actix_web::web::{ServiceConfig, get, post};

pub(crate) fn routes(app: &mut ServiceConfig) {
    app.route("/", get().to(search::page))
        .route("/sign-in", post().to(visitor::sign_in))
        .route("/company/{id}", get().to(company::page))
        .route("/menu/{id}", get().to(menu::page))
        .route("/company/{id}/save", post().to(save::save))
        .route("/company/{id}/{tab}", get().to(company::tab))
        .route("/screen/panel/{id}/{tab}", get().to(panel::fragment))
        .route("/screen/proof", get().to(proof::proof))
        .route("/screen/sibling", get().to(hostile::sibling))
        .route("/hostile", get().to(hostile::page))
        .configure(assets::routes);
}
