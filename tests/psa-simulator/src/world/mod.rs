//! Everything the simulated PSA knows: records, members and their sessions, the faults it was
//! told to make, and what it was asked.

mod audit;
mod callbacks;
mod faults;
mod journal;
mod kept;
mod mails;
mod members;
mod records;
mod seed;
mod seed_finance;
mod seed_service;
mod tables;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

pub(crate) use audit::{Entry as AuditEntry, audited};
pub(crate) use callbacks::{Delivery, levels as callback_levels};
pub(crate) use faults::Oracle;
pub use faults::{Fault, FaultKind};
pub use journal::Request;
pub use mails::{Mail, Occasion, Recipient};
pub(crate) use members::fresh_hash;
pub use members::{Level, Member, Right, Role};
pub(crate) use records::{above, custom_field_row, items, owner, parent, parent_field, reference_id};
pub(crate) use tables::Tables;

use crate::openapi::Description;
use crate::options::Switches;

/// A handle on the simulator's [`World`]; clones share it.
#[derive(Clone, Debug)]
pub struct SharedWorld(Arc<Mutex<World>>);

impl SharedWorld {
    pub(crate) fn new(world: World) -> Self {
        Self(Arc::new(Mutex::new(world)))
    }

    /// Look at it or change it; no request is answered meanwhile.
    pub fn lock(&self) -> MutexGuard<'_, World> {
        // A test that failed an assertion with the lock held must not fail all the others.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The state of the simulated PSA.
#[derive(Debug)]
pub struct World {
    /// The undocumented behaviours; may be changed at any time.
    pub switches: Switches,
    pub(crate) tables: Tables,
    pub(crate) place: Place,
    pub(crate) client_id: String,
    pub(crate) members: Vec<Member>,
    /// Live login sessions: the hash and the member's identifier.
    pub(crate) sessions: BTreeMap<String, String>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) oracle: Option<Oracle>,
    pub(crate) description: Option<Arc<Description>>,
    pub(crate) misfits: Vec<String>,
    pub(crate) undescribed: BTreeSet<String>,
    /// How long each answer of the REST interface is on its way.
    pub latency: Duration,
    pub(crate) journal: Vec<Request>,
    pub(crate) mails: Vec<Mail>,
    /// When each key or member called within the last minute.
    pub(crate) calls: BTreeMap<String, VecDeque<Instant>>,
    pub(crate) data: Option<PathBuf>,
    pub(crate) audit: Vec<AuditEntry>,
    /// Messages to those who registered for changes, and what wakes the one who sends them.
    pub(crate) outbox: Vec<Delivery>,
    pub(crate) post: Arc<Notify>,
    /// Since when a callback has failed on end.
    pub(crate) failing: BTreeMap<i64, jiff::Timestamp>,
    pub(crate) signing_key: String,
    /// What members chose for pods: member, row of the pod, displayed or not.
    pub(crate) layouts: BTreeMap<String, BTreeMap<i64, bool>>,
}

/// The names under which this PSA is reached.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) login_company: String,
    pub(crate) cloud: bool,
    pub(crate) tls: bool,
    pub(crate) port: u16,
    /// With its trailing slash, as `companyinfo` says it.
    pub(crate) codebase: String,
}

impl Place {
    /// The origin of the screens. `_info` addresses and `Link` headers name it as well.
    pub(crate) fn web_origin(&self) -> String {
        format!("{}://127.0.0.1:{}", self.scheme(), self.port)
    }

    /// The host of the REST interface. In the cloud it is another one than the screens': here
    /// `localhost` plays `api-na.myconnectwise.net` to `127.0.0.1`'s `na.myconnectwise.net`.
    pub(crate) fn api_host(&self) -> String {
        if self.cloud { format!("localhost:{}", self.port) } else { format!("127.0.0.1:{}", self.port) }
    }

    pub(crate) fn scheme(&self) -> &'static str {
        if self.tls { "https" } else { "http" }
    }

    /// The start of the addresses inside answers, with the double slash that real ones have.
    pub(crate) fn href(&self, path: &str) -> String {
        format!("{}/{}/apis/3.0{path}", self.web_origin(), self.codebase)
    }
}

impl World {
    /// A new release of a cloud PSA: `codebase` (like `v2026_5`) takes the place of the old
    /// one, which is no longer found.
    pub fn release(&mut self, codebase: &str) {
        self.place.codebase = format!("{}/", codebase.trim_matches('/'));
    }

    /// What did not fit the OpenAPI file so far; it is forgotten with that.
    pub fn take_misfits(&mut self) -> Vec<String> {
        std::mem::take(&mut self.misfits)
    }

    /// Operations that were called and that the OpenAPI file does not have.
    pub fn undescribed(&self) -> impl Iterator<Item = &str> {
        self.undescribed.iter().map(String::as_str)
    }

    /// Whether a member has a pod (by its row) on the screen that it is registered for.
    pub fn displays(&self, member: &str, pod: i64) -> bool {
        let chosen = self.layouts.get(member).and_then(|layout| layout.get(&pod));
        chosen.copied().unwrap_or(self.switches.new_pods_displayed)
    }

    /// Let a member have a pod, or not.
    pub(crate) fn display(&mut self, member: &str, pod: i64, shown: bool) {
        self.layouts.entry(member.to_owned()).or_default().insert(pod, shown);
    }

    /// What the messages of callbacks are signed with.
    pub fn signing_key(&self) -> &str {
        &self.signing_key
    }

    /// The code base with its trailing slash.
    pub fn codebase(&self) -> &str {
        &self.place.codebase
    }
}
