//! What a sync needs to have at hand.

use std::{
    collections::HashMap,
    num::NonZero,
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    clock::Clock,
    directory::Reader,
    psa::{Credentials, Psa, Replicas, Site, Transport},
    security::{
        keys::{Key, MasterKey},
        rights::Administrators,
    },
    store::{CompanyKey, InstallationRow, Store, StoreError},
};

/// The whole service.
#[derive(Debug)]
pub struct Service {
    /// The store.
    pub store: Store,
    /// The clock.
    pub clock: Clock,
    /// The operator's key.
    pub master_key: MasterKey,
    /// Reads directories.
    pub reader: Reader,
    /// The way to the PSAs.
    pub transport: Arc<dyn Transport>,
    /// The clientId that ConnectWise gave this product.
    pub client_id: SecretString,
    /// Runs under way, which the end of the service waits for.
    pub runs: TaskTracker,
    /// How many replicas share the PSAs' budgets.
    pub replicas: Replicas,
    /// Set when the service stops: nothing more is begun.
    pub stopping: CancellationToken,
    installations: Mutex<HashMap<String, Known>>,
    turns: Mutex<HashMap<CompanyKey, Weak<tokio::sync::Mutex<()>>>>,
    /// Places for work that keeps a processor busy.
    pub(super) busy: Semaphore,
    /// The database's time when the time of `transport` was none, seconds since 1970.
    beginning: AtomicI64,
}

/// An installation that was opened, and the row that it was opened from.
#[derive(Debug)]
struct Known {
    row: InstallationRow,
    installation: Arc<Installation>,
}

/// One PSA that joined, ready to be talked to.
#[derive(Debug)]
pub struct Installation {
    /// Its id.
    pub id: String,
    /// The client to its PSA.
    pub psa: Psa,
    /// The right that opens the administrator's pages.
    pub administrators: Administrators,
    /// The rules of all its companies, as they were written.
    pub rules: String,
    /// The service board that tickets are opened on; none: no tickets.
    pub board: Option<i64>,
}

/// One company of an installation.
#[derive(Clone, Debug)]
pub struct Company {
    /// Its key in the store.
    pub key: CompanyKey,
    /// The installation that it belongs to.
    pub installation: Arc<Installation>,
    psa: Psa,
}

fn seconds(time: Duration) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}

impl Company {
    /// A company by the PSA's record id.
    #[must_use]
    pub fn new(installation: Arc<Installation>, company: i64) -> Self {
        let psa = installation.psa.clone();
        Self { key: CompanyKey { installation: installation.id.clone(), company }, installation, psa }
    }

    /// The same company for unattended work: what is asked of its PSA goes behind what people wait
    /// for.
    #[must_use]
    pub fn unhurried(self) -> Self {
        Self { psa: self.psa.unhurried(), ..self }
    }

    /// Another company of the same installation, in no more of a hurry than this one.
    #[must_use]
    pub fn beside(&self, company: i64) -> Self {
        let key = CompanyKey { installation: self.key.installation.clone(), company };
        Self { key, ..self.clone() }
    }

    /// The client to the company's PSA.
    #[must_use]
    pub fn psa(&self) -> &Psa {
        &self.psa
    }

    /// What sealed values of this company are bound to. The PSA's address and login company, not
    /// our own random id: they survive the loss of our store.
    #[must_use]
    pub fn place(&self) -> [String; 3] {
        [self.psa().site().origin(), self.psa().login_company().to_lowercase(), self.key.company.to_string()]
    }
}

impl Service {
    /// From its parts.
    #[must_use]
    pub fn new(
        store: Store,
        clock: Clock,
        master_key: MasterKey,
        reader: Reader,
        transport: Arc<dyn Transport>,
        client_id: String,
    ) -> Self {
        let beginning = AtomicI64::new(clock.now() - seconds(transport.now()));
        Self {
            store,
            clock,
            master_key,
            reader,
            transport,
            client_id: client_id.into(),
            runs: TaskTracker::new(),
            replicas: Replicas::default(),
            stopping: CancellationToken::new(),
            installations: Mutex::default(),
            turns: Mutex::default(),
            busy: Semaphore::new(std::thread::available_parallelism().map_or(1, NonZero::get)),
            beginning,
        }
    }

    /// Looks what time it is in the database.
    pub(super) async fn look_at_the_time(&self) -> Result<(), StoreError> {
        let now = self.store.now().await?;
        self.beginning.store(now - seconds(self.transport.now()), Ordering::Relaxed);
        Ok(())
    }

    /// The database's time, by the last look at it and what has passed since; seconds since 1970. What one
    /// replica writes down another one reckons with, and their clocks may be hours apart.
    pub(super) fn now(&self) -> i64 {
        self.beginning.load(Ordering::Relaxed) + seconds(self.transport.now())
    }

    /// The installation with this id. Its row is read each time, so that what was changed in it holds
    /// at once.
    pub async fn installation(&self, id: &str) -> Result<Option<Arc<Installation>>, StoreError> {
        let Some(row) = self.store.installation(id).await? else { return Ok(None) };
        let mut installations = self.installations.lock().expect("nobody panics holding it");
        if let Some(known) = installations.get(id).filter(|known| known.row == row) {
            return Ok(Some(Arc::clone(&known.installation)));
        }
        let installation = Arc::new(self.open(row.clone())?);
        installations.insert(id.to_owned(), Known { row, installation: Arc::clone(&installation) });
        Ok(Some(installation))
    }

    /// What a read of the company's two sides has to hold.
    pub(super) fn turn_to_read(&self, key: &CompanyKey) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = self.turns.lock().expect("nobody panics holding it");
        if let Some(turn) = turns.get(key).and_then(Weak::upgrade) {
            return turn;
        }
        turns.retain(|_, turn| turn.strong_count() > 0);
        let turn = Arc::default();
        turns.insert(key.clone(), Arc::downgrade(&turn));
        turn
    }

    fn open(&self, row: InstallationRow) -> Result<Installation, StoreError> {
        let unreadable = || StoreError::Unreadable { what: "installation" };
        let place = [row.id.as_str(), row.psa_site.as_str(), row.login_company.as_str()];
        let credentials =
            Credentials::open(&self.master_key, place, &row.credentials).ok_or_else(unreadable)?;
        let site = Site::parse(&row.psa_site).map_err(|_| unreadable())?;
        let psa = Psa::new(
            Arc::clone(&self.transport),
            site,
            row.login_company,
            credentials,
            self.client_id.expose_secret().to_owned(),
        );
        psa.share_with(self.replicas.clone());
        let administrators = Administrators::from_code(&row.administrators).ok_or_else(unreadable)?;
        let rules = match row.rules.as_str() {
            "" => String::new(),
            sealed => {
                let opened = self.rules_key().open(&[&row.id], sealed).map_err(|_| unreadable())?;
                String::from_utf8(opened.to_vec()).map_err(|_| unreadable())?
            }
        };
        Ok(Installation { id: row.id, psa, administrators, rules, board: row.board })
    }

    fn rules_key(&self) -> Key {
        self.master_key.derive("installation rules")
    }

    /// Stores the rules of all companies of an installation.
    pub async fn set_rules(&self, installation: &str, rules: &str) -> Result<(), StoreError> {
        let sealed = self.rules_key().seal(&[installation], rules.as_bytes());
        self.store.set_rules(installation, &sealed).await
    }
}
