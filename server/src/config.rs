//! The operator's settings: arguments, or environment variables of the names shown by `--help`.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use anyhow::{Context, bail};
use clap::Args;
use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::{
    clock::Clock,
    directory::{Reader, ReaderProgram},
    joining::{Joining, Openness},
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
    pub database_url: SecretString,
    /// A file that holds the service's key, as `connectactive keygen` prints it.
    #[arg(long, env = "CONNECTACTIVE_KEY_FILE")]
    pub key_file: PathBuf,
    /// The clientId that ConnectWise gave you for this product (developer.connectwise.com).
    #[arg(long, env = "CONNECTACTIVE_CLIENT_ID")]
    pub client_id: SecretString,
    /// A file with certificates in PEM of authorities to trust for the PSA, beside the public ones.
    #[arg(long, env = "CONNECTACTIVE_PSA_CA_FILE")]
    pub psa_ca_file: Option<PathBuf>,
    /// Networks beside the public ones that PSAs and directories may be in, such as 10.20.0.0/16.
    #[arg(long, env = "CONNECTACTIVE_PRIVATE_NETWORKS", value_delimiter = ',')]
    pub private_networks: Vec<IpNet>,
    /// Ports beside 443 that a PSA may be at.
    #[arg(long, env = "CONNECTACTIVE_PSA_PORTS", value_delimiter = ',')]
    pub psa_ports: Vec<u16>,
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
    /// The address that browsers reach this service at, such as <https://sync.example.com>.
    #[arg(long, env = "CONNECTACTIVE_PUBLIC_URL")]
    pub public_url: Url,
    /// Who may let a PSA join.
    #[arg(long, env = "CONNECTACTIVE_JOINING", value_enum, default_value_t)]
    pub joining: Openness,
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
        Ok(psa::Network::new(&authorities, self.psa_egress()))
    }

    /// Where PSAs may be.
    #[must_use]
    pub fn psa_egress(&self) -> Egress {
        Egress {
            allowed_networks: self.private_networks.clone(),
            allowed_ports: [443].iter().chain(&self.psa_ports).copied().collect(),
        }
    }

    /// Opens the store.
    pub async fn open(&self) -> anyhow::Result<Store> {
        Store::open(self.database_url.expose_secret()).await.context("the store cannot be opened")
    }

    /// What joining needs, on an open store.
    pub fn joining(&self, store: Store, public_url: Url, openness: Openness) -> anyhow::Result<Joining> {
        let secure = public_url.scheme() == "https" || public_url.host_str().is_some_and(is_this_machine);
        if !secure || public_url.path() != "/" {
            bail!("the public address must be like https://sync.example.com, without anything behind it");
        }
        Ok(Joining {
            store,
            clock: Clock::System,
            master_key: self.master_key()?,
            transport: Arc::new(self.network()?),
            egress: self.psa_egress(),
            client_id: self.client_id.clone(),
            public_url,
            openness,
        })
    }
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.starts_with("127.")
}

impl ServeOptions {
    /// Opens the store and puts the service together. `reader` is the program that reads
    /// directories.
    pub async fn service(&self, reader: ReaderProgram) -> anyhow::Result<Arc<Service>> {
        let store = self.store.open().await?;
        let egress = Egress {
            allowed_networks: self.store.private_networks.clone(),
            allowed_ports: DIRECTORY_PORTS.iter().chain(&self.directory_ports).copied().collect(),
        };
        Ok(Arc::new(Service::new(
            store,
            Clock::System,
            self.store.master_key()?,
            Reader::new(reader, egress),
            Arc::new(self.store.network()?),
            self.store.client_id.expose_secret().to_owned(),
        )))
    }

    /// What joining needs beside the service.
    pub fn joining(&self, service: &Service) -> anyhow::Result<Joining> {
        self.store.joining(service.store.clone(), self.public_url.clone(), self.joining)
    }
}
