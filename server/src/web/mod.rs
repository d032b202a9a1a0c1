//! The pod's endpoints. One endpoint, one file.

mod admin;
mod apply;
mod bearer;
mod decisions;
mod document;
mod error;
mod files;
mod join;
mod lines;
mod listener;
mod open;
mod person;
mod pod;
mod review;
mod runs;
mod session;
mod settings;
mod status;
mod story;

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use actix_web::{App, HttpServer, dev::Server, middleware::DefaultHeaders, web};
use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    joining::Joining,
    security::{proofs::Proofs, token::Tokens},
    sync::{Service, look_after},
};

/// What the endpoints share.
struct State {
    service: Arc<Service>,
    tokens: Tokens,
    proofs: Proofs,
    joining: Joining,
    /// Links that were not good.
    wrong_links: join::Lately,
    /// Checks of what somebody entered for joining.
    checks: join::Lately,
    /// Where runs go on when the worker that took the request has ended.
    runtime: tokio::runtime::Handle,
}

/// A server that listens.
pub struct BoundServer {
    /// Where.
    pub address: SocketAddr,
    server: Server,
    service: Arc<Service>,
}

impl BoundServer {
    /// Serves, and does the runs that are due, until it is told to stop (SIGTERM or SIGINT): then what is
    /// being written is ended, within a minute, and runs that are not at their end go on with the next
    /// start, or at another replica.
    pub async fn run(self) -> anyhow::Result<()> {
        let runs = &self.service.runs;
        runs.spawn(look_after(Arc::clone(&self.service)));
        let (handle, stopping) = (self.server.handle(), self.service.stopping.clone());
        let mut terminate = signal(SignalKind::terminate()).context("SIGTERM cannot be heard")?;
        runs.spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
                () = stopping.cancelled() => {}
            }
            stopping.cancel();
            handle.stop(true).await;
        });
        let served = self.server.await.context("the server failed");
        self.service.stopping.cancel();
        runs.close();
        if tokio::time::timeout(LAST_RUNS, runs.wait()).await.is_err() {
            tracing::warn!(runs = runs.len(), "stopped with runs under way; the next start settles them");
        }
        self.service.store.close().await;
        served
    }
}

/// Installs the one TLS provider. Must be called first, once; a second call changes nothing.
pub fn install_tls_provider() {
    // An error means that there is one already, and no other is built in.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
}

/// The largest request: decisions and fingerprints of some ten thousand rows.
const LARGEST_REQUEST: usize = 8 << 20;
/// The largest request for a token.
const LARGEST_PROOF: usize = 16 << 10;

/// How long the end of the service waits for runs.
const LAST_RUNS: Duration = Duration::from_mins(1);

/// Binds the service to an address; port 0 takes a free one. Must be called within the runtime
/// that runs go on in.
pub fn bind(service: Arc<Service>, joining: Joining, listen: SocketAddr) -> anyhow::Result<BoundServer> {
    let tokens = Tokens::new(&service.master_key.derive("tokens"));
    let state = web::Data::new(State {
        service: Arc::clone(&service),
        tokens,
        proofs: Proofs::default(),
        joining,
        wrong_links: join::Lately::default(),
        checks: join::Lately::default(),
        runtime: tokio::runtime::Handle::current(),
    });
    let listener = TcpListener::bind(listen).with_context(|| format!("{listen} cannot be listened on"))?;
    let address = listener.local_addr()?;
    let server = HttpServer::new(move || {
        App::new()
            .app_data(state.clone())
            .app_data(json(LARGEST_REQUEST))
            .wrap(headers())
            .configure(routes)
            .default_service(web::to(error::not_found))
    })
    .workers(std::thread::available_parallelism().map_or(2, std::num::NonZero::get))
    .shutdown_timeout(30)
    .disable_signals()
    .listen(listener)?
    .run();
    Ok(BoundServer { address, server, service })
}

/// How JSON bodies are taken.
fn json(largest: usize) -> web::JsonConfig {
    web::JsonConfig::default().limit(largest).error_handler(|error, _| error::bad_request(&error))
}

/// The whole surface of the service.
fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/assets/{file}", web::get().to(files::file))
        .configure(join::routes)
        .configure(admin::routes)
        .route("/i/{installation}/pod", web::get().to(pod::pod))
        .service(
            // Anybody may knock here, so with little.
            web::resource("/i/{installation}/session")
                .app_data(json(LARGEST_PROOF))
                .route(web::post().to(session::session)),
        )
        .service(
            web::resource("/i/{installation}/open")
                .app_data(json(LARGEST_PROOF))
                .route(web::post().to(open::open)),
        )
        .service(
            web::scope("/i/{installation}/companies/{company}")
                .route("/status", web::get().to(status::status))
                .route("/settings", web::get().to(settings::show))
                .route("/settings", web::put().to(settings::save))
                .route("/settings/test", web::post().to(settings::test))
                .route("/settings/places", web::post().to(settings::places))
                .route("/settings/preview", web::post().to(settings::preview))
                .route("/review", web::post().to(review::review))
                .route("/decisions", web::put().to(decisions::save))
                .route("/apply", web::post().to(apply::apply))
                .route("/story", web::post().to(story::story))
                .route("/who", web::post().to(person::who))
                .route("/person", web::post().to(person::act))
                .route("/runs", web::get().to(runs::list))
                .route("/runs/{run}", web::get().to(runs::show))
                .route("/runs/{run}/lines", web::get().to(runs::follow))
                .route("/runs/{run}/undo", web::post().to(runs::undo)),
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
