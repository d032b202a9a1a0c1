//! Applying a review: what was approved is made durable, both sides are read again, planned
//! again, and each approved row that is unchanged is written.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::{StreamExt, stream};
use pod_view::wire::{ApplyLine, ApplyRequest, Approved, Counts, Outcome, Problem, RowOutcome};
use reconcile::{
    AccountId, ContactId, Decision, Decisions, Link, Plan, Prepared, Row, RowKind, Subject, Wants, prepare,
};
use tokio::sync::mpsc::UnboundedSender;

use super::{
    Company, Service,
    execute::{Executor, Stopped},
    links,
    looks::Looks,
    read_both,
    settle::{Settled, settle},
};
use crate::{
    psa::ReadContacts,
    security::{keys::random_id, token::Claims},
    store::{LEASE_SECONDS, Lease, NewRun, StoreError},
};

/// Rows written at the same time: they have no keys in common, and the PSA answers one by one.
const AT_ONCE: usize = 4;

/// Who applies.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The member's record id.
    pub member_id: i64,
    /// The member's login name.
    pub member: String,
}

impl From<&Claims> for Actor {
    fn from(claims: &Claims) -> Self {
        Self { member_id: claims.member_id, member: claims.member.clone() }
    }
}

/// Applies, and tells `lines` as it goes. Nobody needs to listen: what was begun is ended.
pub async fn apply(
    service: Arc<Service>,
    company: Company,
    actor: Actor,
    request: ApplyRequest,
    lines: UnboundedSender<ApplyLine>,
) {
    let last = match run(&service, &company, &actor, &request, &lines).await {
        Ok(counts) => ApplyLine::End(counts),
        Err(problem) => ApplyLine::Failed(problem),
    };
    // The listener may have left: the run is in the store either way.
    let _ = lines.send(last);
}

fn store_failed(error: &StoreError) -> Problem {
    tracing::error!(%error, "the store failed during a run");
    let (code, message, advice) = match error {
        StoreError::LeaseLost => (
            "lease_lost",
            "Another run took over this company, so this one stopped.",
            "Sync again to see where things are.",
        ),
        _ => (
            "store_failed",
            "The service could not reach its own store, so the run stopped.",
            "Sync again: what was written stays, what was not is shown again.",
        ),
    };
    Problem { code: code.into(), message: message.into(), advice: advice.into() }
}

async fn run(
    service: &Service,
    company: &Company,
    actor: &Actor,
    request: &ApplyRequest,
    lines: &UnboundedSender<ApplyLine>,
) -> Result<Counts, Problem> {
    let run = random_id();
    let (store, now) = (&service.store, service.clock.now());
    let failed = |error: StoreError| store_failed(&error);
    // Before anything else, and whatever becomes of the run: decisions are never lost.
    store.save_decisions(&company.key, &request.changes, actor.member_id, now).await.map_err(failed)?;
    let lease = store.take_lease(&company.key, &run, now).await.map_err(failed)?;
    let Some(lease) = lease else {
        return Err(Problem {
            code: "busy".into(),
            message: "Somebody else is applying changes to this company right now.".into(),
            advice: "Wait a minute, then sync again: you will see what is left to do.".into(),
        });
    };
    let told = Told { service, run: &run, lines, counts: Mutex::default() };
    let outcome = {
        let work = begin_and_write(service, company, actor, request, &lease, &told);
        tokio::select! {
            outcome = work => outcome,
            error = keep(service, &lease) => Err(store_failed(&error)),
        }
    };
    let counts = *told.counts.lock().expect("nobody panics holding it");
    let state = if outcome.is_ok() { "done" } else { "failed" };
    let end = store.end_run(&run, state, &counts, service.clock.now()).await;
    let release = store.release_lease(&lease).await;
    if let Err(error) = end.and(release) {
        tracing::error!(%error, run, "the end of a run was not stored");
    }
    outcome.map(|()| counts)
}

/// Renews the lease for as long as it is polled; ends when it is lost, or so near its end that
/// it might be.
async fn keep(service: &Service, lease: &Lease) -> StoreError {
    const BEAT: Duration = Duration::from_secs(LEASE_SECONDS.unsigned_abs() / 6);
    const MOST_MISSED: u32 = 2;
    // A store that hangs is as bad as one that fails.
    const PATIENCE: Duration = Duration::from_secs(5);
    let mut missed = 0;
    loop {
        tokio::time::sleep(BEAT).await;
        let renewal = service.store.renew_lease(lease, service.clock.now());
        match tokio::time::timeout(PATIENCE, renewal).await {
            Ok(Ok(())) => missed = 0,
            Ok(Err(error @ StoreError::LeaseLost)) => return error,
            Ok(Err(_)) | Err(_) => {
                missed += 1;
                if missed > MOST_MISSED {
                    return StoreError::LeaseLost;
                }
            }
        }
    }
}

async fn begin_and_write(
    service: &Service,
    company: &Company,
    actor: &Actor,
    request: &ApplyRequest,
    lease: &Lease,
    told: &Told<'_>,
) -> Result<(), Problem> {
    let (run, lines) = (told.run, told.lines);
    let failed = |error: StoreError| store_failed(&error);
    let store = &service.store;
    let now = service.clock.now();
    store.close_dead_runs(lease, now).await.map_err(failed)?;
    let start = NewRun {
        id: run,
        key: &company.key,
        member_id: actor.member_id,
        member: &actor.member,
        approved: &request.approved,
    };
    store.start_run(&start, now).await.map_err(failed)?;

    let sides = read_both(service, company, |progress| {
        let _ = lines.send(ApplyLine::Reading(progress));
    })
    .await?;
    let ReadContacts { company: record, contacts, references, read_at } = sides.contacts;
    let settled = settle(service, company, &contacts, sides.contacts_read_at).await.map_err(failed)?;
    let snapshot = sides.snapshot.into_snapshot();
    let pairs = links::seen(service, company, &snapshot, now).await.map_err(failed)?;
    let pairs = links::current(service, company, &contacts, pairs).await.map_err(failed)?;
    let decisions = store.decisions(&company.key).await.map_err(failed)?;
    let prepared = prepare(snapshot, contacts, &sides.policy);
    let plan = prepared.plan(&pairs, &decisions);

    let by_key = Index::new(&plan);
    let verdicts: Vec<(Approved, Verdict)> = request
        .approved
        .iter()
        .map(|approved| (*approved, by_key.verdict(approved, &prepared, &settled)))
        .collect();
    retire_decisions(service, company, &prepared, &pairs, &decisions).await.map_err(failed)?;
    let to_write = verdicts.iter().filter(|(_, verdict)| matches!(verdict, Verdict::Write(_))).count();
    let _ = lines.send(ApplyLine::Writing(to_write as u64));

    let executor = &Executor {
        service,
        company,
        actor,
        lease,
        run,
        looks: Looks {
            psa: company.psa(),
            record: &record,
            references: &references,
            prepared: &prepared,
            read_at,
            order: verdicts.iter().filter_map(|(_, verdict)| verdict.contact_to_write()).collect(),
            seen: tokio::sync::Mutex::default(),
        },
        made: Mutex::default(),
    };
    let stopped = &AtomicBool::new(false);
    // Each row is written and told of within its own future: a row that is not polled must not
    // hold the store's write lock while another waits for it. Once a run has to stop, what is
    // being written is ended, and nothing more is begun.
    let mut rows = stream::iter(verdicts)
        .map(|(approved, verdict)| async move {
            let done = match verdict {
                Verdict::Write(_) if stopped.load(Ordering::Relaxed) => Ok(None),
                Verdict::Write(row) => write_and_tell(executor, told, approved, &row).await,
                Verdict::Told(kind, outcome) => {
                    told.row(approved, kind, outcome).await.map(|()| None).map_err(Stopped::from)
                }
            };
            if done.is_err() {
                stopped.store(true, Ordering::Relaxed);
            }
            done
        })
        .buffer_unordered(AT_ONCE);
    let (mut unknown, mut stop) = (Vec::new(), None);
    while let Some(done) = rows.next().await {
        match done {
            Ok(row) => unknown.extend(row),
            Err(error) => stop = stop.or(Some(error)),
        }
    }
    drop(rows);

    if !unknown.is_empty() {
        let wants = Wants::of(&prepared.policy().rules);
        look_again(service, company, told, wants, unknown).await.map_err(failed)?;
    }
    match stop {
        None => Ok(()),
        Some(Stopped::Store(error)) => Err(store_failed(&error)),
        Some(Stopped::Psa(error)) => Err(error.problem()),
    }
}

/// Writes a row and tells what became of it, unless that is not known yet.
async fn write_and_tell(
    executor: &Executor<'_>,
    told: &Told<'_>,
    approved: Approved,
    row: &Row,
) -> Result<Option<(Approved, RowKind)>, Stopped> {
    match executor.write(row).await? {
        Outcome::Unknown => Ok(Some((approved, row.kind))),
        outcome => {
            told.row(approved, Some(row.kind), outcome).await?;
            Ok(None)
        }
    }
}

/// An answer that did not come is looked up before anybody is told "unknown". The rows are those
/// that this run wrote.
async fn look_again(
    service: &Service,
    company: &Company,
    told: &Told<'_>,
    wants: Wants,
    unknown: Vec<(Approved, RowKind)>,
) -> Result<(), StoreError> {
    let read_at = service.clock.now();
    let settled = match company.psa().contacts(company.key.company, wants, |_| {}).await {
        Ok(again) => Some(settle(service, company, &again.contacts, read_at).await?),
        Err(_) => None,
    };
    for (approved, kind) in unknown {
        let outcome = match &settled {
            Some(settled) if settled.was_not_written(&approved.key) => {
                Outcome::Rejected("the PSA did not answer, and the change was not made".to_owned())
            }
            Some(settled) if !settled.is_open(&approved.key) => Outcome::Applied,
            _ => Outcome::Unknown,
        };
        told.row(approved, Some(kind), outcome).await?;
    }
    Ok(())
}

/// Ends decisions that came true without a write of ours: a draft that stayed would speak again
/// when things change later.
async fn retire_decisions(
    service: &Service,
    company: &Company,
    prepared: &Prepared,
    links: &[Link],
    decisions: &Decisions,
) -> Result<(), StoreError> {
    let linked: HashMap<AccountId, ContactId> =
        links.iter().map(|link| (link.account, link.contact)).collect();
    let inactive = |id| prepared.contact(id).is_some_and(|contact| contact.inactive);
    let active = |id| prepared.contact(id).is_some_and(|contact| !contact.inactive);
    for (&subject, &decision) in decisions {
        let came_true = match (subject, decision) {
            (Subject::Account(account), Decision::Match(contact)) => {
                linked.get(&account) == Some(&contact) && active(contact)
            }
            (Subject::Contact(contact), Decision::Deactivate) => inactive(contact),
            _ => false,
        };
        if came_true {
            let account = if let Subject::Account(account) = subject { Some(account) } else { None };
            let overruled = account.and_then(|account| prepared.exclusion(account));
            let leaves = overruled.map(|_| Decision::Person);
            service.store.use_up_decision(&company.key, subject, decision, leaves).await?;
        }
    }
    Ok(())
}

/// What has become of rows, in the store and for whoever listens.
struct Told<'a> {
    service: &'a Service,
    run: &'a str,
    lines: &'a UnboundedSender<ApplyLine>,
    counts: Mutex<Counts>,
}

impl Told<'_> {
    async fn row(
        &self,
        approved: Approved,
        kind: Option<RowKind>,
        outcome: Outcome,
    ) -> Result<(), StoreError> {
        self.counts.lock().expect("nobody panics holding it").add(kind, &outcome);
        self.service.store.settle_approval(self.run, &approved, code(&outcome)).await?;
        let _ = self.lines.send(ApplyLine::Row(RowOutcome { key: approved.key, kind, outcome }));
        Ok(())
    }
}

const fn code(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Applied => "applied",
        Outcome::AlreadySo => "already_so",
        Outcome::Moved(_) => "moved",
        Outcome::Rejected(_) => "rejected",
        Outcome::Unknown => "unknown",
    }
}

enum Verdict {
    Write(Arc<Row>),
    Told(Option<RowKind>, Outcome),
}

impl Verdict {
    fn contact_to_write(&self) -> Option<ContactId> {
        match self {
            Self::Write(row) => row.contact.filter(|_| row.kind != RowKind::Move),
            Self::Told(..) => None,
        }
    }
}

/// The rows of the new plan by what approved rows name.
struct Index<'a> {
    by_account: HashMap<AccountId, &'a Arc<Row>>,
    by_contact: HashMap<ContactId, &'a Arc<Row>>,
}

impl<'a> Index<'a> {
    fn new(plan: &'a Plan) -> Self {
        Self {
            by_account: plan.rows.iter().filter_map(|row| Some((row.account?, row))).collect(),
            by_contact: plan.rows.iter().filter_map(|row| Some((row.contact?, row))).collect(),
        }
    }

    fn verdict(&self, approved: &Approved, prepared: &Prepared, settled: &Settled) -> Verdict {
        let row = match (approved.key.account, approved.key.contact) {
            (Some(account), contact) => self
                .by_account
                .get(&account)
                .or_else(|| contact.and_then(|contact| self.by_contact.get(&contact))),
            (None, Some(contact)) => self.by_contact.get(&contact),
            (None, None) => None,
        };
        let told = |outcome| Verdict::Told(Some(approved.kind), outcome);
        if settled.is_open(&approved.key) {
            return told(Outcome::Unknown);
        }
        match row {
            Some(row)
                if row.key() == approved.key
                    && row.fingerprint == approved.fingerprint
                    && row.kind.writes() =>
            {
                Verdict::Write(Arc::clone(row))
            }
            row if is_already_so(approved, row, prepared) => told(Outcome::AlreadySo),
            row => told(Outcome::Moved(row.map(|row| row.kind))),
        }
    }
}

/// Whether what was approved is how things are now, by somebody else's doing or an earlier run's.
fn is_already_so(approved: &Approved, row: Option<&&Arc<Row>>, prepared: &Prepared) -> bool {
    let contact = |id: Option<ContactId>| id.and_then(|id| prepared.contact(id));
    if approved.kind == RowKind::Deactivate {
        return contact(approved.key.contact).is_some_and(|contact| contact.inactive);
    }
    row.is_some_and(|row| {
        row.kind == RowKind::Unchanged
            && (approved.key.contact.is_none() || row.contact == approved.key.contact)
            && contact(row.contact).is_some_and(|contact| !contact.inactive)
            && row.account.and_then(|id| prepared.account(id)).is_some_and(|account| account.enabled)
    })
}
