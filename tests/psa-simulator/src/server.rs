//! Starting and stopping.

use std::net::TcpListener;

use actix_web::dev::ServerHandle;
use actix_web::middleware::DefaultHeaders;
use actix_web::web::{Data, PayloadConfig, ServiceConfig, delete, get, post, put, to};
use actix_web::{App, HttpServer};
use anyhow::{Context, Result};
use tokio::task::{AbortHandle, JoinHandle};

use crate::options::Options;
use crate::world::{SharedWorld, World};
use crate::{connection, control, delivery, login, post, screen, tls};

/// The longest body, in bytes.
const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// A simulator that is running; it ends when this is dropped.
#[derive(Debug)]
pub struct Simulator {
    url: String,
    api_url: String,
    world: SharedWorld,
    handle: ServerHandle,
    task: Option<JoinHandle<std::io::Result<()>>>,
    messenger: AbortHandle,
}

/// A test whose simulator answered something that the PSA would not has shown nothing.
pub(crate) fn fail_on_misfits(world: &SharedWorld) {
    let misfits = world.lock().take_misfits();
    assert!(
        misfits.is_empty() || std::thread::panicking(),
        "what the simulator did does not fit the OpenAPI file:\n{}",
        misfits.join("\n")
    );
}

/// Start a simulator; it is listening when this returns. Needs a tokio runtime around it.
pub async fn start(options: Options) -> Result<Simulator> {
    let listener = TcpListener::bind(("127.0.0.1", options.port))
        .with_context(|| format!("listen on 127.0.0.1:{}; is it taken?", options.port))?;
    let port = listener.local_addr().context("ask for the own port")?.port();
    let world = SharedWorld::new(World::begin(&options, port)?);
    let place = world.lock().place.clone();
    let shared = world.clone();
    let server = HttpServer::new(move || {
        App::new()
            .app_data(Data::new(shared.clone()))
            .app_data(PayloadConfig::new(BODY_LIMIT))
            .wrap(DefaultHeaders::new().add(("Cache-Control", "no-store")))
            .configure(routes)
    })
    .workers(2)
    .disable_signals()
    .shutdown_timeout(1)
    .on_connect(connection::keep);
    let server = match &options.tls_dir {
        Some(dir) => server.listen_rustls_0_23(listener, tls::server_config(dir)?),
        None => server.listen(listener),
    }
    .context("serve on the port")?
    .run();
    let handle = server.handle();
    let task = Some(tokio::spawn(server));
    let messenger = tokio::spawn(post::send_all(world.clone())).abort_handle();
    Ok(Simulator {
        url: place.web_origin(),
        api_url: format!("{}://{}", place.scheme(), place.api_host()),
        world,
        handle,
        task,
        messenger,
    })
}

fn routes(app: &mut ServiceConfig) {
    app.route("/login/companyinfo/{company}", get().to(login::company_info))
        .route("/{codebase}/login/login.aspx", post().to(login::sign_in))
        .route("/simulator/faults", post().to(control::add_fault))
        .route("/simulator/faults", delete().to(control::clear_faults))
        .route("/simulator/requests", get().to(control::requests))
        .route("/simulator/reset-log", post().to(control::reset_log))
        .route("/simulator/switches", get().to(control::switches))
        .route("/simulator/switches", put().to(control::set_switches))
        .route("/simulator/expire-hash", post().to(control::expire_hash))
        .route("/simulator/release", post().to(control::release))
        .configure(screen::routes)
        .default_service(to(delivery::serve));
}

impl Simulator {
    /// The origin of everything, like `http://127.0.0.1:9400`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The origin to call the REST interface at: in the cloud it is not [`Simulator::url`].
    pub fn api_url(&self) -> &str {
        &self.api_url
    }

    /// The state, to look at and to change.
    pub fn world(&self) -> SharedWorld {
        self.world.clone()
    }

    /// Stop at once, and come back when the port is free.
    pub async fn stop(mut self) {
        self.handle.stop(false).await;
        if let Some(task) = self.task.take() {
            // The server has been told to stop: how its task ended no longer matters.
            let _ = task.await;
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // The command is sent when the future is made; nobody is here to await it.
        drop(self.handle.stop(false));
        self.messenger.abort();
        fail_on_misfits(&self.world);
    }
}
