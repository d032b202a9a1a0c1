//! Reading the contacts of a company.

use std::{fmt::Write as _, sync::Arc, time::Duration};

use anyhow::{Context, ensure};
use clap::Args;
use psa_simulator::{Csv, Options};
use reconcile::Wants;
use serde::Serialize;
use server::{
    psa::{Credentials, Network, Psa, Site},
    security::egress::Egress,
};
use tokio::time::Instant;
use url::Url;

/// The most rows that one page may have (ConnectWise Developer Guide, "Pagination").
const PAGE: usize = 1000;
/// Where the API is, the communication types, the company.
const CALLS_BESIDE_THE_PAGES: usize = 3;
const COMPANY: i64 = 7;

#[derive(Args)]
pub(crate) struct PsaRead {
    /// How many contacts the company has.
    #[arg(long, default_value_t = 10_000)]
    contacts: usize,
    /// How long each answer of the PSA is on its way, in milliseconds.
    #[arg(long, default_value_t = 50)]
    latency_ms: u64,
}

/// What was measured.
#[derive(Serialize)]
pub(crate) struct Figures {
    /// From nothing known to all contacts read.
    seconds: f64,
    /// The calls that the PSA counted.
    calls: usize,
    /// The fewest calls that can tell as much.
    least_calls: usize,
    /// Those, one after another, with nothing but the latency.
    bound_seconds: f64,
}

impl PsaRead {
    pub(crate) async fn measure(&self) -> anyhow::Result<Figures> {
        let latency = Duration::from_millis(self.latency_ms);
        let simulator = psa_simulator::start(Options {
            companies: Csv::Text(format!(
                "id,identifier,name,status,city\n{COMPANY},Large,Large Ltd,Active,Ghent\n"
            )),
            contacts: Csv::Text(table(self.contacts)?),
            latency,
            ..Options::default()
        })
        .await?;
        let egress = Egress {
            allowed_networks: vec!["127.0.0.0/8".parse()?],
            allowed_ports: Url::parse(simulator.url())?.port().into_iter().collect(),
        };
        let psa = Psa::new(
            Arc::new(Network::new(&[], egress)),
            Site::parse(simulator.url())?,
            "training".to_owned(),
            Credentials {
                public_key: psa_simulator::PUBLIC_KEY.to_owned(),
                private_key: psa_simulator::PRIVATE_KEY.to_owned().into(),
                client_id: None,
            },
            psa_simulator::CLIENT_ID.to_owned(),
        );
        let began = Instant::now();
        let read =
            psa.contacts(COMPANY, Wants::default(), |_| {}).await.context("the contacts cannot be read")?;
        let seconds = began.elapsed().as_secs_f64();
        ensure!(read.contacts.len() == self.contacts, "only {} were read", read.contacts.len());
        // The journal has the calls of the API; asking where it is comes before them.
        let calls = simulator.world().lock().requests().len() + 1;
        simulator.stop().await;
        let least_calls = self.contacts.div_ceil(PAGE).max(1) + CALLS_BESIDE_THE_PAGES;
        let bound_seconds = latency.as_secs_f64() * f64::from(u32::try_from(least_calls)?);
        Ok(Figures { seconds, calls, least_calls, bound_seconds })
    }
}

fn table(contacts: usize) -> anyhow::Result<String> {
    let mut text = String::from(
        "company,first_name,last_name,title,email,direct,mobile,fax,inactive,default,billing,portal\n",
    );
    for at in 0..contacts {
        writeln!(
            text,
            "Large,First{at},Last{at},Clerk,first{at}@large.example,+32 9 {at:07},+32 470 {at:06},,false,,,"
        )?;
    }
    Ok(text)
}
