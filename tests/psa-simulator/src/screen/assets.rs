//! The files that pages need: built in, nothing from elsewhere.

use actix_web::HttpResponse;
use actix_web::web::{ServiceConfig, get};

pub(super) fn routes(app: &mut ServiceConfig) {
    let files = [
        ("style.css", "text/css", include_str!("assets/style.css")),
        ("host.js", "text/javascript", include_str!("assets/host.js")),
        ("hostile.js", "text/javascript", include_str!("assets/hostile.js")),
        ("sibling.js", "text/javascript", include_str!("assets/sibling.js")),
    ];
    for (name, kind, text) in files {
        let answer = move || async move {
            HttpResponse::Ok().content_type(format!("{kind}; charset=utf-8")).body(text)
        };
        app.route(&format!("/screen/{name}"), get().to(answer));
    }
}
