//! Decisions: standing ones (an ignore) and drafts of a review that was not applied yet.

use reconcile::{ContactId, Decision, Decisions, Subject};

use super::{CompanyKey, Store, StoreError, on};

const fn code(decision: Decision) -> (&'static str, Option<i64>) {
    match decision {
        Decision::Match(contact) => ("match", Some(contact.0)),
        Decision::Create => ("create", None),
        Decision::Ignore => ("ignore", None),
        Decision::Person => ("person", None),
        Decision::Deactivate => ("deactivate", None),
        Decision::Move => ("move", None),
    }
}

fn decision(code: &str, contact: Option<i64>) -> Result<Decision, StoreError> {
    Ok(match (code, contact) {
        ("match", Some(contact)) => Decision::Match(ContactId(contact)),
        ("create", _) => Decision::Create,
        ("ignore", _) => Decision::Ignore,
        ("person", _) => Decision::Person,
        ("deactivate", _) => Decision::Deactivate,
        ("move", _) => Decision::Move,
        _ => return Err(StoreError::Unreadable { what: "decision" }),
    })
}

impl Store {
    /// All decisions of a company.
    pub async fn decisions(&self, key: &CompanyKey) -> Result<Decisions, StoreError> {
        const SQL: &str =
            "SELECT subject, decision, contact FROM decision WHERE installation = $1 AND company = $2";
        let rows: Vec<(String, String, Option<i64>)> = on!(self, pool => sqlx::query_as(SQL)
            .bind(&key.installation).bind(key.company).fetch_all(pool).await)?;
        rows.into_iter()
            .map(|(subject, code, contact)| {
                let subject = subject.parse().map_err(|_| StoreError::Unreadable { what: "decision" })?;
                Ok((subject, decision(&code, contact)?))
            })
            .collect()
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
            "INSERT INTO decision (installation, company, subject, decision, contact, member, decided_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (installation, company, subject) DO UPDATE
             SET decision = excluded.decision, contact = excluded.contact,
                 member = excluded.member, decided_at = excluded.decided_at";
        const REMOVE: &str = "DELETE FROM decision WHERE installation = $1 AND company = $2 AND subject = $3";
        on!(self, pool => {
            let mut transaction = pool.begin_with(BEGIN).await?;
            for (subject, decision) in changes {
                let query = match decision {
                    Some(decision) => {
                        let (code, contact) = code(*decision);
                        sqlx::query(SAVE)
                            .bind(&key.installation).bind(key.company).bind(subject.to_string())
                            .bind(code).bind(contact).bind(member).bind(now)
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
        const CHANGE: &str = "UPDATE decision SET decision = $6, contact = NULL
             WHERE installation = $1 AND company = $2 AND subject = $3
             AND decision = $4 AND COALESCE(contact, 0) = $5";
        const SQL: &str = "DELETE FROM decision WHERE installation = $1 AND company = $2 AND subject = $3
             AND decision = $4 AND COALESCE(contact, 0) = $5";
        let (code, contact) = code(decision);
        let leaves = leaves.map(|leaves| self::code(leaves).0);
        on!(self, pool => {
            let query = sqlx::query(if leaves.is_some() { CHANGE } else { SQL })
                .bind(&key.installation).bind(key.company).bind(subject.to_string())
                .bind(code).bind(contact.unwrap_or(0));
            let query = match leaves {
                Some(leaves) => query.bind(leaves),
                None => query,
            };
            query.execute(pool).await.map(drop)
        })?;
        Ok(())
    }
}
