//! Reading a directory from its first page to its last.
//!
//! **A read is whole or it has failed; there is nothing between.** ldap3's own paging can report
//! success for a search that broke off (its `finish()` then returns the result of an earlier page),
//! so the pages are asked for and counted here, and any error, on any page, is for good.
//!
//! **Referrals are never followed.** Active Directory sends some with every search at a domain's
//! root; they are passed over, and a base that lies elsewhere is an error.

mod bases;
mod connect;
mod paging;
mod places;
mod position;
mod search;
mod tls;

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use reconcile::Account;
use serde::{Deserialize, Serialize};

use crate::places::FoundPlaces;
use crate::{CertificateFacts, ReadError, Source};
use connect::Connection;
use position::Position;

/// Takes what a read finds, in the directory's order.
pub trait Sink {
    /// One account. It means nothing until [`read`] has returned without an error.
    fn account(&mut self, account: Account) -> Result<(), ReceiverGone>;

    /// How far the read is.
    fn reached(&mut self, milestone: &Milestone) -> Result<(), ReceiverGone>;
}

/// The sink takes nothing more; the read ends.
#[derive(Clone, Copy, Debug)]
pub struct ReceiverGone;

/// A point that a read has passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Milestone {
    /// These are the server's addresses; they are tried in this order.
    Resolved(Vec<SocketAddr>),
    /// The TCP connection to this one stands.
    Connected(SocketAddr),
    /// TLS is on with this certificate.
    Secured(Box<CertificateFacts>),
    /// The bind account is let in.
    Bound,
    /// The base is not here. These are the bases of the server's own domains, as it says itself; the read
    /// fails all the same.
    Bases(Vec<String>),
    /// The places that were looked for.
    Places(FoundPlaces),
    /// A page has come.
    Page {
        /// Accounts by now.
        accounts: u64,
    },
}

/// What a whole read came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Accounts; never 0, unless somebody or something was looked for.
    pub accounts: u64,
    /// Pages.
    pub pages: u32,
}

/// How long one answer may take; the whole read has [`Limits::seconds`](crate::source::Limits).
const OPERATION: Duration = Duration::from_mins(1);

/// Reads every account of a source into a sink, or what it looks for. Needs a tokio runtime, and rustls's default
/// provider installed.
///
/// **Danger:** ldap3's BER parser calls itself for each level of nesting and overflows the stack on
/// a hostile answer, which aborts the process. Call it in a process that may die.
pub async fn read(source: &Source, sink: &mut impl Sink) -> Result<Summary, ReadError> {
    source.validate().map_err(|problem| ReadError::BadSource { problem })?;
    let position = Position::start();
    let work = AssertUnwindSafe(whole(source, sink, &position)).catch_unwind();
    match tokio::time::timeout(Duration::from_secs(source.limits.seconds), work).await {
        Ok(Ok(outcome)) => outcome,
        // ldap3 panics on answers that are BER but not LDAP, some in the task that called it.
        Ok(Err(_panic)) => Err(position.garbled()),
        Err(_elapsed) => Err(position.timed_out()),
    }
}

async fn whole(source: &Source, sink: &mut impl Sink, position: &Position) -> Result<Summary, ReadError> {
    let mut connection = Connection::open(source, sink, position).await?;
    connection.bind(source, position).await?;
    tell(sink, &Milestone::Bound)?;
    if let Some(wanted) = &source.places {
        let found = places::found(&mut connection, source, wanted, position).await?;
        tell(sink, &Milestone::Places(found))?;
        connection.close().await;
        return Ok(Summary { accounts: 0, pages: position.page() });
    }
    let outcome = search::all_pages(&mut connection, source, sink, position).await;
    if let Err(ReadError::BaseNotFound | ReadError::BaseElsewhere) = outcome {
        let bases = bases::of_server(&mut connection).await;
        tell(sink, &Milestone::Bases(bases))?;
    }
    let summary = outcome?;
    connection.close().await;
    Ok(summary)
}

fn tell(sink: &mut impl Sink, milestone: &Milestone) -> Result<(), ReadError> {
    sink.reached(milestone).map_err(|ReceiverGone| ReadError::ReceiverGone)
}
