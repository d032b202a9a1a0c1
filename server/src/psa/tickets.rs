//! Service tickets: the boards that take them, and one that tells of a company.
//!
//! Nobody outside is to hear of a ticket of ours: it has no contact, its texts are internal, and every
//! write of it asks for no notifications.

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Caller, Psa, PsaError, Rejection, Write,
    conditions::{Conditions, Field as By},
    contacts::Reference,
};

/// The longest summary, in characters (ConnectWise PSA REST API, `Ticket.summary`).
const LONGEST_SUMMARY: usize = 100;
/// The longest reference (ConnectWise PSA REST API, `Ticket.externalXRef`).
const LONGEST_REFERENCE: usize = 100;

/// A board for service tickets (ConnectWise PSA REST API, GET /service/boards).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Board {
    /// The record id.
    pub id: i64,
    /// The name.
    #[serde(default)]
    pub name: String,
    /// It takes no new tickets.
    #[serde(default, rename = "inactiveFlag")]
    pub inactive: bool,
    #[serde(default, rename = "projectFlag")]
    of_projects: bool,
}

/// A status that tickets of one board can have (ConnectWise PSA REST API, GET
/// /service/boards/{parentId}/statuses).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct BoardStatus {
    /// The record id.
    pub id: i64,
    /// The name.
    #[serde(default)]
    pub name: String,
    /// A ticket that has it is closed.
    #[serde(default, rename = "closedStatus")]
    pub closes: bool,
    /// A new ticket has it.
    #[serde(default, rename = "defaultFlag")]
    pub is_default: bool,
    /// No ticket gets it any more.
    #[serde(default)]
    pub inactive: bool,
}

impl BoardStatus {
    /// The status that closes a ticket, if the board has one in use: the first, where it has several.
    #[must_use]
    pub fn closing(statuses: &[Self]) -> Option<&Self> {
        statuses.iter().find(|status| status.closes && !status.inactive)
    }
}

/// What a ticket is found by when the answer to its creation was lost. The PSA keeps it with the ticket,
/// where people see it; it is searched for, so it has nothing in it that would need quoting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketReference(String);

impl TicketReference {
    /// From letters and digits of ASCII and hyphens, 1 to 100 of them.
    ///
    /// ```
    /// use server::psa::TicketReference;
    ///
    /// assert!(TicketReference::new("ConnectActive-250-7").is_some());
    /// assert!(TicketReference::new("50% of \"all\"").is_none());
    /// ```
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let fits = (1..=LONGEST_REFERENCE).contains(&text.len());
        let plain = text.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '-');
        (fits && plain).then(|| Self(text.to_owned()))
    }

    /// As it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A ticket to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewTicket<'a> {
    /// The company that it is about.
    pub company: i64,
    /// The board that it will be on, with the board's own first status.
    pub board: i64,
    /// Its title, of which the first 100 characters are used.
    pub summary: &'a str,
    /// What it says, for members only.
    pub analysis: &'a str,
    /// What it is found by.
    pub reference: &'a TicketReference,
}

/// A ticket of a company, as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The record id.
    pub id: i64,
    /// The company that it is about.
    pub company: i64,
    /// Its title.
    pub summary: String,
    /// Its status is one that closes.
    pub closed: bool,
    /// The board that it is on by now.
    pub board: Option<i64>,
    /// Its status, one of that board's.
    pub status: Option<i64>,
}

/// What is to be otherwise about a ticket.
#[derive(Clone, Copy, Debug, Default)]
pub struct TicketChange<'a> {
    /// Another title, of which the first 100 characters are used.
    pub summary: Option<&'a str>,
    /// Another status of its board.
    pub status: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TicketRecord {
    id: i64,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    closed_flag: bool,
    company: Option<Reference>,
    board: Option<Reference>,
    status: Option<Reference>,
    #[serde(default, rename = "externalXRef")]
    reference: String,
}

impl TicketRecord {
    /// The ticket, if it is that company's.
    fn of(self, company: i64) -> Option<Ticket> {
        let id = |reference: Option<Reference>| reference.map(|reference| reference.id);
        (self.company?.id == company).then(|| Ticket {
            id: self.id,
            company,
            summary: self.summary,
            closed: self.closed_flag,
            board: id(self.board),
            status: id(self.status),
        })
    }
}

impl Psa {
    /// The boards that take service tickets, active and inactive.
    pub async fn boards(&self) -> Result<Vec<Board>, PsaError> {
        let path = ["service", "boards"];
        let mut boards = self.list(Caller::Integrator, &path, &[], |board: &Board| board.id, |_| {}).await?;
        boards.retain(|board| !board.of_projects);
        Ok(boards)
    }

    /// The statuses of a board.
    pub async fn board_statuses(&self, board: i64) -> Result<Vec<BoardStatus>, PsaError> {
        let path = ["service", "boards", &board.to_string(), "statuses"];
        self.list(Caller::Integrator, &path, &[], |status: &BoardStatus| status.id, |_| {}).await
    }

    /// Makes a ticket; its id when the PSA said that it did (ConnectWise PSA REST API, POST
    /// /service/tickets).
    pub async fn create_ticket(&self, new: &NewTicket<'_>) -> Result<Write<i64>, PsaError> {
        let body = json!({
            "summary": summary(new.summary),
            "company": { "id": new.company },
            "board": { "id": new.board },
            "externalXRef": new.reference.as_str(),
            // The other text of a beginning is the one that a customer sees.
            "initialInternalAnalysis": new.analysis,
            "automaticEmailContactFlag": false,
            "automaticEmailResourceFlag": false,
            "automaticEmailCcFlag": false,
            "processNotifications": false,
        });
        let written = self.write(Method::POST, &TICKETS, &body).await?;
        Ok(written.and_then(|record| Some(read(record)?.of(new.company)?.id)))
    }

    /// The ticket of a company that was made on this board with this reference. Of several it is the
    /// oldest: the others are copies that somebody made of it.
    pub async fn ticket_by_reference(
        &self,
        company: i64,
        board: i64,
        reference: &TicketReference,
    ) -> Result<Option<Ticket>, PsaError> {
        let made = Conditions::default()
            .is(By::Company, company)
            .is(By::Board, board)
            .text(By::ExternalReference, reference.as_str())
            .expect("a reference needs no quoting");
        let id = |ticket: &TicketRecord| ticket.id;
        let tickets = self.list(Caller::Integrator, &TICKETS, &[made.parameter()], id, |_| {}).await?;
        let mut same =
            tickets.into_iter().filter(|ticket| ticket.reference.eq_ignore_ascii_case(reference.as_str()));
        Ok(same.find_map(|ticket| ticket.of(company)))
    }

    /// A ticket of a company; none when it was deleted or is another company's by now.
    pub async fn ticket(&self, company: i64, id: i64) -> Result<Option<Ticket>, PsaError> {
        let path = ["service", "tickets", &id.to_string()];
        match self.get::<TicketRecord>(Caller::Integrator, &path, &[]).await {
            Ok(ticket) if ticket.id == id => Ok(ticket.of(company)),
            Ok(_) => Err(PsaError::Failed("it answered with another ticket".into())),
            Err(PsaError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Changes a ticket (ConnectWise PSA REST API, PATCH /service/tickets/{id}).
    pub async fn change_ticket(
        &self,
        ticket: &Ticket,
        change: &TicketChange<'_>,
    ) -> Result<Write<()>, PsaError> {
        let summary = change.summary.map(summary);
        let values = [
            summary.as_ref().map(|summary| ("summary", json!(summary))),
            change.status.map(|id| ("status", json!({ "id": id }))),
        ];
        let mut values: Vec<(&str, Value)> = values.into_iter().flatten().collect();
        if values.is_empty() {
            return Ok(Write::Applied(()));
        }
        // No property of the ticket, but an order to the call: a status may have a template for mails.
        values.push(("processNotifications", json!(false)));
        let operations = values
            .iter()
            .map(|(name, value)| json!({ "op": "replace", "path": format!("/{name}"), "value": value }));
        let path = ["service", "tickets", &ticket.id.to_string()];
        let written = self.write(Method::PATCH, &path, &operations.collect()).await?;
        Ok(match written.and_then(read) {
            Write::Applied(record) if record.id != ticket.id => Write::Unknown,
            Write::Applied(record) => {
                let has_status = |id| record.status.as_ref().is_some_and(|status| status.id == id);
                if summary.is_none_or(|new| record.summary == new) && change.status.is_none_or(has_status) {
                    Write::Applied(())
                } else {
                    Write::Rejected(Rejection::NotMade)
                }
            }
            Write::Rejected(rejection) => Write::Rejected(rejection.of_change(&["summary", "status"])),
            Write::Unknown => Write::Unknown,
        })
    }

    /// Adds a note to a ticket that only members see; its id (ConnectWise PSA REST API, POST
    /// /service/tickets/{parentId}/notes).
    pub async fn add_ticket_note(&self, ticket: &Ticket, text: &str) -> Result<Write<i64>, PsaError> {
        let path = ["service", "tickets", &ticket.id.to_string(), "notes"];
        let body = json!({
            "text": text,
            "internalAnalysisFlag": true,
            "detailDescriptionFlag": false,
            "resolutionFlag": false,
            "processNotifications": false,
        });
        let written = self.write(Method::POST, &path, &body).await?;
        Ok(written.and_then(|record| record["id"].as_i64()))
    }
}

const TICKETS: [&str; 2] = ["service", "tickets"];

fn read(record: Value) -> Option<TicketRecord> {
    serde_json::from_value(record).ok()
}

/// A title as the PSA keeps it: one line, and no longer than it may be.
fn summary(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut: String = line.chars().take(LONGEST_SUMMARY).collect();
    cut.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_one_line_of_at_most_a_hundred_characters() {
        assert_eq!(summary(" Two\r\n lines\t"), "Two lines");
        let long = summary(&"æ".repeat(120));
        assert_eq!((long.chars().count(), long.len()), (100, 200));
        assert_eq!(summary(&format!("{} b", "a".repeat(99))), "a".repeat(99));
    }

    #[test]
    fn a_reference_is_one_that_can_be_asked_for() {
        for text in ["", "a b", "a_b", "50%", "O'Neil", "æ", &"a".repeat(101)] {
            assert_eq!(TicketReference::new(text), None, "{text}");
        }
        let reference = TicketReference::new(&"a-1".repeat(33)).expect("it is plain");
        assert!(Conditions::default().text(By::ExternalReference, reference.as_str()).is_ok());
    }
}
