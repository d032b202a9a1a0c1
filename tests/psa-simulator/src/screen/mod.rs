//! The screens of a record, drawn on the server, with the host side of the Hosted API in a script.

mod assets;
mod business;
mod contact;
mod frames;
mod hostile;
mod kind;
mod layout;
mod menu;
mod panel;
mod pods;
mod proof;
mod record;
mod save;
mod search;
mod tabs;
mod ticket;
mod visitor;

use actix_web::web::{ServiceConfig, get, post};

pub(crate) fn routes(app: &mut ServiceConfig) {
    app.route("/", get().to(search::page))
        .route("/sign-in", post().to(visitor::sign_in))
        .route("/menu/{id}", get().to(menu::page))
        .route("/{screen:company|contact|ticket}/{id}", get().to(record::page))
        .route("/{screen:company|contact|ticket}/{id}/save", post().to(save::save))
        .route("/{screen:company|contact|ticket}/{id}/{tab}", get().to(record::tab))
        .route("/screen/panel/{screen}/{id}/{tab}", get().to(panel::fragment))
        .route("/screen/pods", post().to(pods::arrange))
        .route("/screen/proof", get().to(proof::proof))
        .route("/screen/sibling", get().to(hostile::sibling))
        .route("/hostile", get().to(hostile::page))
        .configure(assets::routes);
}
