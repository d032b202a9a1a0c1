//! What a person said of one person, done: the row in a run of its own, then the ticket.

use std::sync::Arc;

use pod_view::wire::{ApplyLine, Counts, OnTicket, Outcome, Put};
use reconcile::{AccountId, ContactId};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::{Actor, Company, Service, do_run, put::put_on_ticket};

/// What is done about one person.
#[derive(Clone, Debug)]
pub struct OnePerson {
    /// Who asked.
    pub actor: Actor,
    /// The run that writes the row, and the row's account.
    pub run: Option<(String, Option<AccountId>)>,
    /// Who goes on the ticket.
    pub put: Option<Put>,
}

/// Does it, and tells `lines` as it goes. Nobody needs to listen: what was begun is ended.
pub async fn do_one_person(
    service: Arc<Service>,
    company: Company,
    what: OnePerson,
    lines: UnboundedSender<ApplyLine>,
) {
    let OnePerson { actor, run, put } = what;
    let (mut counts, mut written) = (Counts::default(), true);
    let (id, account) = run.clone().unwrap_or_default();
    if run.is_some() {
        let (sender, mut receiver) = unbounded_channel();
        let doing = do_run(Arc::clone(&service), company.clone(), id.clone(), sender);
        let telling = async {
            let (mut end, mut written) = (None, false);
            while let Some(line) = receiver.recv().await {
                match line {
                    ApplyLine::End(counts) => end = Some(counts),
                    // It may be written later on; whoever is on the ticket by then is not known.
                    ApplyLine::Failed(problem) if put.is_some() => {
                        let _ = lines.send(ApplyLine::Ticket(OnTicket::Later));
                        let _ = lines.send(ApplyLine::Failed(problem));
                    }
                    line => {
                        if let ApplyLine::Row(row) = &line {
                            written = matches!(row.outcome, Outcome::Applied | Outcome::AlreadySo);
                        }
                        // The listener may have left.
                        let _ = lines.send(line);
                    }
                }
            }
            (end, written)
        };
        let ((), (end, done)) = tokio::join!(doing, telling);
        // Why it has no end was told.
        let Some(end) = end else { return };
        (counts, written) = (end, done);
    }
    if let Some(put) = put.filter(|_| written) {
        let contact = match put.contact {
            Some(contact) => Some(contact),
            None => contact_of(&service, &company, account).await,
        };
        let outcome = match contact {
            Some(contact) => put_on_ticket(&service, &company, &actor, &put, contact, &id).await,
            None => OnTicket::NoContact,
        };
        let _ = lines.send(ApplyLine::Ticket(outcome));
    }
    let _ = lines.send(ApplyLine::End(counts));
}

/// The contact that an account is linked to by now.
async fn contact_of(service: &Service, company: &Company, account: Option<AccountId>) -> Option<ContactId> {
    let links = match service.store.links(&company.key).await {
        Ok(links) => links,
        Err(error) => {
            tracing::error!(%error, "the store failed before a ticket got its contact");
            return None;
        }
    };
    links.iter().find(|link| Some(link.account) == account).map(|link| link.contact)
}
