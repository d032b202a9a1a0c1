//! `POST /i/{installation}/companies/{company}/review`: both sides, read now, as lines. Nothing of
//! it is kept: whoever wants to see it again, reads again.

use std::{sync::Arc, time::Duration};

use actix_web::HttpResponse;
use pod_view::wire::{Code, Problem, ReviewContext, ReviewEnd, ReviewLine};
use reconcile::{Account, Contact, Coverage, Snapshot, prepare};
use tokio::sync::mpsc::{Sender, channel};
use tokio_stream::wrappers::ReceiverStream;

use super::{bearer::Asking, error::ApiError, lines};
use crate::{
    clock,
    sync::{Company, Service, links_rebuilt, links_seen, plan_seen, read_both, settle_if_idle},
};

/// Records in one line: few enough that the pod can draw between two.
const RECORDS_PER_LINE: usize = 500;
/// Lines that wait for the listener.
const LINES_UNSENT: usize = 4;
/// How long a listener may take nothing before it counts as gone.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long a whole review may take to be taken.
const LONGEST_SENDING: Duration = Duration::from_mins(5);

pub(super) async fn review(asking: Asking) -> Result<HttpResponse, ApiError> {
    let Asking { company, service, .. } = asking.in_the_pod()?;
    let (sender, receiver) = channel(LINES_UNSENT);
    actix_web::rt::spawn(async move {
        let sent = tokio::select! {
            sent = send(&service, &company, &sender) => sent,
            // The pod was closed: the read ends with it.
            () = sender.closed() => return,
        };
        match sent {
            Ok(sent) => count(&service, &company, sent).await,
            Err(problem) => {
                // Nobody is there to read it when this fails.
                let _ = tell(&sender, ReviewLine::Failed(problem)).await;
            }
        }
    });
    Ok(lines::answer(ReceiverStream::new(receiver)))
}

/// The listener is gone, or takes nothing any more.
struct NobodyListens;

async fn tell(lines: &Sender<ReviewLine>, line: ReviewLine) -> Result<(), NobodyListens> {
    lines.send_timeout(line, PATIENCE).await.map_err(|_| NobodyListens)
}

/// What the pod plans from.
struct Sent {
    /// When the contacts were read, by the store's clock.
    read_at: i64,
    accounts: Vec<Account>,
    contacts: Vec<Contact>,
    context: ReviewContext,
}

async fn send(
    service: &Arc<Service>,
    company: &Company,
    lines: &Sender<ReviewLine>,
) -> Result<Sent, Problem> {
    let sides = read_both(service, company, |progress| {
        // When the listener is behind, the next one tells more.
        let _ = lines.try_send(ReviewLine::Progress(progress));
    })
    .await?;
    let policy = sides.policy;
    let read_at = sides.contacts_read_at;
    let snapshot = sides.snapshot.into_snapshot();
    let contacts = sides.contacts.contacts;
    let store_failed = |error| {
        tracing::error!(%error, "the store failed during a review");
        Problem::new(
            Code::StoreFailed,
            "The service could not reach its own store.",
            "Sync again in a minute; if it lasts, tell the operator of the service.",
        )
    };
    settle_if_idle(service, company, &contacts, read_at).await.map_err(store_failed)?;
    links_rebuilt(service, company, &contacts).await.map_err(store_failed)?;
    let pairs = links_seen(service, company, &snapshot, read_at).await.map_err(store_failed)?;
    let accounts = snapshot.accounts;
    let missing_since =
        pairs.iter().filter_map(|link| Some((link.account, clock::rfc3339(link.missing_since?))));
    let context = ReviewContext {
        missing_since: missing_since.collect(),
        links: pairs,
        decisions: service.store.decisions(&company.key).await.map_err(store_failed)?,
        today: service.store.today(&company.key).await.map_err(store_failed)?,
        policy,
    };
    let end = ReviewEnd { accounts: accounts.len() as u64, contacts: contacts.len() as u64 };
    let sending = async {
        let accounts = accounts.chunks(RECORDS_PER_LINE).map(|some| ReviewLine::Accounts(some.to_vec()));
        let contacts = contacts.chunks(RECORDS_PER_LINE).map(|some| ReviewLine::Contacts(some.to_vec()));
        let rest = [ReviewLine::Context(context.clone()), ReviewLine::End(end)];
        for line in accounts.chain(contacts).chain(rest) {
            if tell(lines, line).await.is_err() {
                break;
            }
        }
    };
    // Beyond that the listener has its answer cut off, and says so.
    let _ = tokio::time::timeout(LONGEST_SENDING, sending).await;
    Ok(Sent { read_at, accounts, contacts, context })
}

/// Plans what the pod plans from, and keeps the numbers for whoever opens the company next.
async fn count(service: &Service, company: &Company, sent: Sent) {
    let Sent { read_at, accounts, contacts, context } = sent;
    let plan = service.off_thread(move || {
        let ReviewContext { links, decisions, policy, .. } = context;
        let snapshot = Snapshot { accounts, coverage: Coverage::Complete };
        prepare(snapshot, contacts, &policy).plan(&links, &decisions)
    });
    if let Err(error) = plan_seen(service, company, read_at, &plan.await).await {
        tracing::error!(%error, "the numbers of a review were not stored");
    }
}
