//! `POST /i/{installation}/companies/{company}/review`: both sides, read now, as lines. Nothing of
//! it is kept: whoever wants to see it again, reads again.

use actix_web::HttpResponse;
use pod_view::wire::{Problem, ReviewContext, ReviewEnd, ReviewLine};
use reconcile::Policy;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::{bearer::Asking, error::ApiError, lines};
use crate::sync::{Company, Service, read_both};

/// Records in one line: few enough that the pod can draw between two.
const RECORDS_PER_LINE: usize = 500;

pub(super) async fn review(asking: Asking) -> Result<HttpResponse, ApiError> {
    let Asking { company, service, .. } = asking.in_the_pod()?;
    let (sender, receiver) = unbounded_channel();
    actix_web::rt::spawn(async move {
        let gone = sender.clone();
        tokio::select! {
            outcome = send(&service, &company, &sender) => {
                if let Err(problem) = outcome {
                    // Nobody is there to read it when this fails.
                    let _ = sender.send(ReviewLine::Failed(problem));
                }
            }
            // The pod was closed: the read ends with it.
            () = gone.closed() => {}
        }
    });
    Ok(lines::answer(receiver))
}

async fn send(
    service: &Service,
    company: &Company,
    lines: &UnboundedSender<ReviewLine>,
) -> Result<(), Problem> {
    let tell = |line| {
        // A pod that was closed ends this through `closed`, above.
        let _ = lines.send(line);
    };
    let sides = read_both(service, company, |progress| tell(ReviewLine::Progress(progress))).await?;
    let accounts = sides.snapshot.into_snapshot().accounts;
    let contacts = sides.contacts.contacts;
    let store_failed = |error| {
        tracing::error!(%error, "the store failed during a review");
        Problem {
            code: "store_failed".into(),
            message: "The service could not reach its own store.".into(),
            advice: "Sync again in a minute; if it lasts, tell the operator of the service.".into(),
        }
    };
    let context = ReviewContext {
        links: service.store.links(&company.key).await.map_err(store_failed)?,
        decisions: service.store.decisions(&company.key).await.map_err(store_failed)?,
        policy: Policy::default(),
    };
    let end = ReviewEnd { accounts: accounts.len() as u64, contacts: contacts.len() as u64 };
    for some in accounts.chunks(RECORDS_PER_LINE) {
        tell(ReviewLine::Accounts(some.to_vec()));
    }
    for some in contacts.chunks(RECORDS_PER_LINE) {
        tell(ReviewLine::Contacts(some.to_vec()));
    }
    tell(ReviewLine::Context(context));
    tell(ReviewLine::End(end));
    Ok(())
}
