//! Decisions: standing ones (an ignore), drafts of a review that was not applied yet, and what was
//! undone and is left as it was.

use jiff::{
    Timestamp,
    tz::{self, TimeZone},
};
use reconcile::{AccountState, ContactId, Day, Decision, Decisions, Subject};

use super::{CompanyKey, Store, StoreError, on};

/// What an older release has to understand is a decision, and what it may not know stands in the state.
const NOT_A_PERSON: &str = "not a person";

/// A decision as columns.
struct Columns {
    decision: &'static str,
    contact: Option<i64>,
    state: Option<String>,
}

impl From<Decision> for Columns {
    fn from(decision: Decision) -> Self {
        let code = |decision| Self { decision, contact: None, state: None };
        match decision {
            Decision::Match(contact) => Self { contact: Some(contact.0), ..code("match") },
            Decision::Create => code("create"),
            Decision::Ignore => code("ignore"),
            Decision::IgnoreUntil(day) => Self { state: Some(day.to_string()), ..code("ignore") },
            Decision::NotAPerson => Self { state: Some(NOT_A_PERSON.to_owned()), ..code("ignore") },
            Decision::Person => code("person"),
            Decision::Deactivate => code("deactivate"),
            Decision::Move => code("move"),
            Decision::Left(state) => Self { state: Some(state.to_string()), ..code("left") },
        }
    }
}

fn decision(code: &str, contact: Option<i64>, state: Option<&str>) -> Result<Decision, StoreError> {
    const UNREADABLE: StoreError = StoreError::Unreadable { what: "decision" };
    Ok(match (code, contact, state) {
        ("match", Some(contact), _) => Decision::Match(ContactId(contact)),
        ("create", ..) => Decision::Create,
        ("ignore", _, None) => Decision::Ignore,
        ("ignore", _, Some(NOT_A_PERSON)) => Decision::NotAPerson,
        ("ignore", _, Some(day)) => Decision::IgnoreUntil(day.parse().map_err(|_| UNREADABLE)?),
        ("person", ..) => Decision::Person,
        ("deactivate", ..) => Decision::Deactivate,
        ("move", ..) => Decision::Move,
        ("left", _, Some(state)) => Decision::Left(state.parse::<AccountState>().map_err(|_| UNREADABLE)?),
        _ => return Err(UNREADABLE),
    })
}

/// The date of a time in seconds since 1970, in a zone of this name; in UTC where there is none.
fn day_of(seconds: i64, zone: &str) -> Result<Day, StoreError> {
    const UNREADABLE: StoreError = StoreError::Unreadable { what: "time" };
    let zone = tz::db().get(zone).unwrap_or(TimeZone::UTC);
    let time = Timestamp::from_second(seconds).map_err(|_| UNREADABLE)?;
    zone.to_datetime(time).strftime("%Y-%m-%d").to_string().parse().map_err(|_| UNREADABLE)
}

impl Store {
    /// The date at a company: by the database's clock, in the zone of the company's schedule.
    pub async fn today(&self, key: &CompanyKey) -> Result<Day, StoreError> {
        const SQL: &str = "SELECT seconds, COALESCE(
             (SELECT time_zone FROM company WHERE installation = $1 AND id = $2), '') FROM clock";
        let (seconds, zone): (i64, String) = on!(self, pool => sqlx::query_as(SQL)
            .bind(&key.installation).bind(key.company).fetch_one(pool).await)?;
        day_of(seconds, &zone)
    }

    /// All decisions of a company. Those whose last day is over there are none any more.
    pub async fn decisions(&self, key: &CompanyKey) -> Result<Decisions, StoreError> {
        const SQL: &str = "SELECT subject, decision, contact, state FROM decision
             WHERE installation = $1 AND company = $2";
        type Columns = (String, String, Option<i64>, Option<String>);
        let today = self.today(key).await?;
        let rows: Vec<Columns> = on!(self, pool => sqlx::query_as(SQL)
            .bind(&key.installation).bind(key.company).fetch_all(pool).await)?;
        let mut decisions = Decisions::new();
        for (subject, code, contact, state) in rows {
            let subject = subject.parse().map_err(|_| StoreError::Unreadable { what: "decision" })?;
            let decision = decision(&code, contact, state.as_deref())?;
            if !decision.is_over(today) {
                decisions.insert(subject, decision);
            }
        }
        Ok(decisions)
    }

    /// Makes decisions, or takes them back (`None`), all or none of them.
    pub async fn save_decisions(
        &self,
        key: &CompanyKey,
        changes: &[(Subject, Option<Decision>)],
        member: i64,
        now: i64,
    ) -> Result<(), StoreError> {
        const SAVE: &str =
            "INSERT INTO decision (installation, company, subject, decision, contact, state, member, decided_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (installation, company, subject) DO UPDATE
             SET decision = excluded.decision, contact = excluded.contact, state = excluded.state,
                 member = excluded.member, decided_at = excluded.decided_at";
        const REMOVE: &str = "DELETE FROM decision WHERE installation = $1 AND company = $2 AND subject = $3";
        on!(self, pool => {
            let mut transaction = pool.begin_with(BEGIN).await?;
            for (subject, decision) in changes {
                let query = match decision {
                    Some(decision) => {
                        let columns = Columns::from(*decision);
                        sqlx::query(SAVE)
                            .bind(&key.installation).bind(key.company).bind(subject.to_string())
                            .bind(columns.decision).bind(columns.contact).bind(columns.state)
                            .bind(member).bind(now)
                    }
                    None => sqlx::query(REMOVE)
                        .bind(&key.installation).bind(key.company).bind(subject.to_string()),
                };
                query.execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
        });
        Ok(())
    }

    /// Ends a decision that a write has carried out, if it still stands as it was followed: one
    /// that somebody made in the meantime stays. What `leaves` says stands from then on.
    pub async fn use_up_decision(
        &self,
        key: &CompanyKey,
        subject: Subject,
        decision: Decision,
        leaves: Option<Decision>,
    ) -> Result<(), StoreError> {
        const CHANGE: &str = "UPDATE decision SET decision = $7, contact = NULL, state = NULL
             WHERE installation = $1 AND company = $2 AND subject = $3
             AND decision = $4 AND COALESCE(contact, 0) = $5 AND COALESCE(state, '') = $6";
        const SQL: &str = "DELETE FROM decision WHERE installation = $1 AND company = $2 AND subject = $3
             AND decision = $4 AND COALESCE(contact, 0) = $5 AND COALESCE(state, '') = $6";
        let columns = Columns::from(decision);
        let leaves = leaves.map(|leaves| Columns::from(leaves).decision);
        on!(self, pool => {
            let query = sqlx::query(if leaves.is_some() { CHANGE } else { SQL })
                .bind(&key.installation).bind(key.company).bind(subject.to_string())
                .bind(columns.decision).bind(columns.contact.unwrap_or(0)).bind(columns.state.unwrap_or_default());
            let query = match leaves {
                Some(leaves) => query.bind(leaves),
                None => query,
            };
            query.execute(pool).await.map(drop)
        })?;
        Ok(())
    }
}
