//! The pod's endpoints. One endpoint, one file.

mod apply;
mod bearer;
mod decisions;
mod error;
mod files;
mod lines;
mod pod;
mod review;
mod session;
mod settings;
mod status;

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use actix_web::{App, HttpServer, dev::Server, middleware::DefaultHeaders, web};
use anyhow::Context;

use crate::{security::token::Tokens, sync::Service};
use session::Attempts;

/// What the endpoints share.
struct State {
    service: Arc<Service>,
    tokens: Tokens,
    attempts: Attempts,
}

/// A server that listens.
pub struct BoundServer {
    /// Where.
    pub address: SocketAddr,
    server: Server,
}

impl BoundServer {
    /// Serves until it is told to stop (SIGTERM or SIGINT): then what has begun is ended first.
    pub async fn run(self) -> anyhow::Result<()> {
        self.server.await.context("the server failed")
    }
}

/// Installs the one TLS provider. Must be called first, once; a second call changes nothing.
pub fn install_tls_provider() {
    // An error means that there is one already, and no other is built in.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
}

/// The largest request: decisions and fingerprints of some ten thousand rows.
const LARGEST_REQUEST: usize = 8 << 20;

/// Binds the service to an address; port 0 takes a free one.
pub fn bind(service: Arc<Service>, listen: SocketAddr) -> anyhow::Result<BoundServer> {
    let tokens = Tokens::new(&service.master_key.derive("tokens"));
    let state = web::Data::new(State { service, tokens, attempts: Attempts::default() });
    let listener = TcpListener::bind(listen).with_context(|| format!("{listen} cannot be listened on"))?;
    let address = listener.local_addr()?;
    let server = HttpServer::new(move || {
        App::new()
            .app_data(state.clone())
            .app_data(
                web::JsonConfig::default()
                    .limit(LARGEST_REQUEST)
                    .error_handler(|error, _| error::bad_request(&error)),
            )
            .wrap(headers())
            .configure(routes)
            .default_service(web::to(error::not_found))
    })
    .workers(std::thread::available_parallelism().map_or(2, std::num::NonZero::get))
    .shutdown_timeout(30)
    .listen(listener)?
    .run();
    Ok(BoundServer { address, server })
}

/// The whole surface of the service.
fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/assets/{file}", web::get().to(files::file))
        .route("/i/{installation}/pod", web::get().to(pod::pod))
        .service(web::resource("/i/{installation}/session").route(web::post().to(session::session)))
        .service(
            web::scope("/i/{installation}/companies/{company}")
                .route("/status", web::get().to(status::status))
                .route("/settings", web::get().to(settings::show))
                .route("/settings", web::put().to(settings::save))
                .route("/review", web::post().to(review::review))
                .route("/decisions", web::put().to(decisions::save))
                .route("/apply", web::post().to(apply::apply)),
        );
}

/// On every answer that does not say otherwise itself: nobody may frame it, nobody may keep it,
/// nothing in it may be run.
fn headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add(("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"))
        .add(("Cache-Control", "no-store"))
        .add(("X-Content-Type-Options", "nosniff"))
        .add(("Referrer-Policy", "no-referrer"))
        .add(("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"))
        .add(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))
}
