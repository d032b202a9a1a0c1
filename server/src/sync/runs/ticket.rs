//! One living ticket per company: it says what needs a person, and is closed when nothing does.

use pod_view::wire::{Counts, Problem, RunKind, RunState};

use crate::{
    psa::{BoardStatus, NewTicket, PsaError, Ticket, TicketChange, TicketReference, Write},
    security::keys::random_id,
    store::{CompanyKey, LivingTicket, RunRow, StoreError},
    sync::{Company, Service},
};

/// What a person has to see to.
#[derive(Debug, PartialEq, Eq)]
struct Need {
    /// The ticket's title. While it stays the same, nothing new is said.
    summary: String,
    /// What the ticket says to members.
    words: String,
}

const SETTLED: &str = "Nothing needs a person any more: ConnectActive closed this ticket by itself.";

/// Why the ticket could not be kept.
#[derive(Debug, thiserror::Error)]
pub(super) enum TicketError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the PSA: {0}")]
    Psa(#[from] PsaError),
    #[error("the PSA refused it: {0}")]
    Refused(String),
}

/// Brings the company's ticket to what a run has left. Whoever calls this holds the company's lease, so
/// no two of them make a ticket each.
pub(super) async fn tell(
    service: &Service,
    company: &Company,
    run: &RunRow,
    state: RunState,
    counts: &Counts,
    problem: Option<&Problem>,
) -> Result<(), TicketError> {
    let Some(board) = company.installation.board else { return Ok(()) };
    if matches!(run.kind, RunKind::Undo | RunKind::Person) {
        return Ok(());
    }
    let need = match problem {
        // One failure may be a night's maintenance, and a person sees their own.
        Some(_) if run.kind != RunKind::Schedule || !failed_before(service, run).await? => return Ok(()),
        Some(problem) => Some(of_failures(problem)),
        None => of_rows(state, counts),
    };
    let key = &company.key;
    let known = service.store.living_ticket(key).await?;
    let found = find(company, board, &known).await?;
    if let Some(ticket) = found.as_ref().filter(|_| known.id.is_none()) {
        // Its reference finds it on this board only, and somebody may move it.
        let living = LivingTicket { id: Some(ticket.id), ..known.clone() };
        service.store.set_living_ticket(key, &living).await?;
    }
    match (found, need) {
        (None, None) => forget(service, key, &known).await?,
        (Some(ticket), None) => {
            if ticket.closed || close(company, &ticket).await? {
                forget(service, key, &known).await?;
            }
        }
        (Some(ticket), Some(need)) if !ticket.closed => update(company, &ticket, &need).await?,
        // Somebody closed it, and nothing is otherwise since.
        (Some(ticket), Some(need)) if ticket.summary == need.summary => {}
        (_, Some(need)) => create(service, company, board, &need).await?,
    }
    Ok(())
}

/// Whether the scheduled run before this one failed as well.
async fn failed_before(service: &Service, run: &RunRow) -> Result<bool, StoreError> {
    const MOST: i64 = 10;
    let before = service
        .store
        .last_runs(&run.key, MOST)
        .await?
        .into_iter()
        .find(|other| other.kind == RunKind::Schedule && other.id != run.id && !other.state.is_live());
    Ok(before.is_some_and(|before| before.state == RunState::Failed))
}

fn of_failures(problem: &Problem) -> Need {
    Need {
        summary: "ConnectActive: the contacts of this company are not synced".to_owned(),
        words: format!(
            "The last runs by schedule failed.\n{}\n{}\nThe ticket is closed by itself when a run has succeeded.",
            problem.message, problem.advice
        ),
    }
}

fn of_rows(state: RunState, counts: &Counts) -> Option<Need> {
    let some = |rows: u64, one: &str, many: &str| {
        (rows > 0).then(|| format!("{rows} {}", if rows == 1 { one } else { many }))
    };
    let parts: Vec<String> = [
        some(counts.questions, "question", "questions"),
        some(counts.held, "change held", "changes held"),
        some(counts.set_aside, "change set aside", "changes set aside"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() {
        return None;
    }
    let why = match state {
        RunState::Waiting => "The first sync of a company is always looked at by a person.",
        RunState::Held => "Held changes are more than ConnectActive makes without a person.",
        _ => "Everything that was certain is done.",
    };
    Some(Need {
        summary: format!("ConnectActive: {} for you", parts.join(", ")),
        words: format!(
            "{why}\nOpen the company, press Sync in the ConnectActive pod, and answer what is asked. The ticket is closed by itself when nothing is left."
        ),
    })
}

/// The company's ticket: by its id, or, where the answer to its creation did not come, by its reference.
async fn find(company: &Company, board: i64, known: &LivingTicket) -> Result<Option<Ticket>, PsaError> {
    let (psa, id) = (company.psa(), company.key.company);
    if let Some(ticket) = known.id {
        return psa.ticket(id, ticket).await;
    }
    match known.reference.as_deref().and_then(TicketReference::new) {
        Some(reference) => psa.ticket_by_reference(id, board, &reference).await,
        None => Ok(None),
    }
}

async fn forget(service: &Service, key: &CompanyKey, known: &LivingTicket) -> Result<(), StoreError> {
    if *known == LivingTicket::default() {
        return Ok(());
    }
    service.store.set_living_ticket(key, &LivingTicket::default()).await
}

fn done<T>(written: Write<T>) -> Result<Option<T>, TicketError> {
    match written {
        Write::Applied(value) => Ok(Some(value)),
        Write::Rejected(rejection) => Err(TicketError::Refused(rejection.to_string())),
        // The next run looks.
        Write::Unknown => Ok(None),
    }
}

async fn create(service: &Service, company: &Company, board: i64, need: &Need) -> Result<(), TicketError> {
    let key = &company.key;
    let reference = format!("ConnectActive-{}", random_id());
    // Before it is made: a ticket whose creation was not answered is found by it.
    let mut living = LivingTicket { id: None, reference: Some(reference.clone()) };
    service.store.set_living_ticket(key, &living).await?;
    let new = NewTicket {
        company: key.company,
        board,
        summary: &need.summary,
        analysis: &need.words,
        reference: &TicketReference::new(&reference).expect("it is letters, digits and a hyphen"),
    };
    living.id = done(company.psa().create_ticket(&new).await?)?;
    if living.id.is_some() {
        service.store.set_living_ticket(key, &living).await?;
    }
    Ok(())
}

async fn update(company: &Company, ticket: &Ticket, need: &Need) -> Result<(), TicketError> {
    if ticket.summary == need.summary {
        return Ok(());
    }
    let change = TicketChange { summary: Some(&need.summary), status: None };
    done(company.psa().change_ticket(ticket, &change).await?)?;
    let said = format!("{}\n{}", need.summary, need.words);
    done(company.psa().add_ticket_note(ticket, &said).await?)?;
    Ok(())
}

/// Closes it; whether that is certain.
async fn close(company: &Company, ticket: &Ticket) -> Result<bool, TicketError> {
    let psa = company.psa();
    let board = ticket.board.unwrap_or_default();
    let statuses = psa.board_statuses(board).await?;
    let Some(closing) = BoardStatus::closing(&statuses) else {
        return Err(TicketError::Refused(format!("board {board} has no status that closes a ticket")));
    };
    done(psa.add_ticket_note(ticket, SETTLED).await?)?;
    let change = TicketChange { summary: None, status: Some(closing.id) };
    Ok(done(psa.change_ticket(ticket, &change).await?)?.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_says_what_needs_a_person_and_nothing_else() {
        let counts = Counts { created: 3, questions: 1, held: 12, ..Counts::default() };
        let need = of_rows(RunState::Held, &counts).expect("something is left");
        assert_eq!(need.summary, "ConnectActive: 1 question, 12 changes held for you");
        assert_eq!(of_rows(RunState::Done, &Counts { created: 3, ..Counts::default() }), None);
    }
}
