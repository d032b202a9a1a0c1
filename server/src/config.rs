//! The operator's settings: arguments, or environment variables of the names shown by `--help`.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use anyhow::{Context, bail};
use clap::Args;
use ipnet::IpNet;

use crate::{
    clock::Clock,
    directory::{Reader, ReaderProgram},
    psa,
    security::{
        egress::{DIRECTORY_PORTS, Egress},
        keys::MasterKey,
    },
    store::Store,
    sync::Service,
};

/// What every command of the service needs.
#[derive(Args, Clone, Debug)]
pub struct StoreOptions {
    /// Where the store is: a file for SQLite, or the address of a PostgreSQL database.
    #[arg(long, env = "DATABASE_URL", default_value = "sqlite:connectactive.sqlite", hide_env_values = true)]
    pub database_url: String,
    /// A file that holds the service's key, as `connectactive keygen` prints it.
    #[arg(long, env = "CONNECTACTIVE_KEY_FILE")]
    pub key_file: PathBuf,
    /// The clientId that ConnectWise gave you for this product (developer.connectwise.com).
    #[arg(long, env = "CONNECTACTIVE_CLIENT_ID")]
    pub client_id: String,
    /// A file with certificates in PEM of authorities to trust for the PSA, beside the public ones.
    #[arg(long, env = "CONNECTACTIVE_PSA_CA_FILE")]
    pub psa_ca_file: Option<PathBuf>,
}

/// What serving needs beside that.
#[derive(Args, Clone, Debug)]
pub struct ServeOptions {
    /// What every command needs.
    #[command(flatten)]
    pub store: StoreOptions,
    /// Where to listen. Put a proxy in front that speaks HTTPS to the world.
    #[arg(long, env = "CONNECTACTIVE_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Networks beside the public ones that directories may be read from, such as 10.20.0.0/16.
    #[arg(long, env = "CONNECTACTIVE_DIRECTORY_NETWORKS", value_delimiter = ',')]
    pub directory_networks: Vec<IpNet>,
    /// Ports beside 389, 636, 3268 and 3269 that directories may be read from.
    #[arg(long, env = "CONNECTACTIVE_DIRECTORY_PORTS", value_delimiter = ',')]
    pub directory_ports: Vec<u16>,
}

impl StoreOptions {
    /// Reads the key.
    pub fn master_key(&self) -> anyhow::Result<MasterKey> {
        let file = self.key_file.display();
        let text = std::fs::read_to_string(&self.key_file).with_context(|| {
            format!("the key file {file} cannot be read; make one with `connectactive keygen > {file}`")
        })?;
        MasterKey::from_text(&text).with_context(|| format!("the key file {file} holds no key"))
    }

    /// The way to PSAs.
    pub fn network(&self) -> anyhow::Result<psa::Network> {
        let mut authorities = Vec::new();
        if let Some(file) = &self.psa_ca_file {
            let pem = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
            authorities = reqwest::Certificate::from_pem_bundle(&pem)
                .with_context(|| format!("{} holds no certificates in PEM", file.display()))?;
            if authorities.is_empty() {
                bail!("{} holds no certificates in PEM", file.display());
            }
        }
        Ok(psa::Network::new(&authorities))
    }
}

impl ServeOptions {
    /// Opens the store and puts the service together. `reader` is the program that reads
    /// directories.
    pub async fn service(&self, reader: ReaderProgram) -> anyhow::Result<Arc<Service>> {
        let store = Store::open(&self.store.database_url).await.context("the store cannot be opened")?;
        let egress = Egress {
            allowed_networks: self.directory_networks.clone(),
            allowed_ports: DIRECTORY_PORTS.iter().chain(&self.directory_ports).copied().collect(),
        };
        Ok(Arc::new(Service::new(
            store,
            Clock::System,
            self.store.master_key()?,
            Reader::new(reader, egress),
            Arc::new(self.store.network()?),
            self.store.client_id.clone(),
        )))
    }
}
