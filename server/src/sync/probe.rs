//! Tries settings that nobody has saved: reads the directory by them once, and tells each step.

use std::collections::BTreeMap;

use agent::{CertificateFacts, ReadError, read::Milestone, source::SourceProblem};
use pod_view::{
    people::account_name,
    wire::{
        Certificate, Found, LeftOut, Names, Progress, Security, Settings, TrialFailure, TrialLine, TrialStep,
    },
};
use reconcile::{Account, Coverage, Exclusion, Policy, Prepared, Snapshot, Wants, normal, prepare};
use tokio::time::Instant;

use super::{Company, Service, SettingsError, settings, sides};
use crate::directory::{ReadFailure, ReadProgress};

/// People that are named as examples.
const EXAMPLES: usize = 5;
/// Accounts left out that are named for each reason.
const LEFT_OUT_EXAMPLES: usize = 3;

/// Reads the directory by `settings` and says who is in it. Nothing is stored or written; a stored password
/// goes only where it was entered for.
pub async fn probe(
    service: &Service,
    company: &Company,
    mut settings: Settings,
    mut told: impl FnMut(TrialLine),
) -> Result<Found, TrialFailure> {
    let saved = |error: SettingsError| TrialFailure::new(TrialStep::LogIn, error.problem());
    let present = settings::in_force(service, company).await.map_err(saved)?;
    let password = settings::password_for(&mut settings, present.as_ref()).map_err(saved)?;
    let rules =
        sides::rules_of(company, &settings).map_err(|wrong| TrialFailure::new(TrialStep::Accounts, wrong))?;
    let source = sides::source_of(&settings, &password, Wants::of(&rules))
        .map_err(|wrong| TrialFailure::new(step_of(wrong), sides::wrong(wrong)))?;
    let _turn =
        sides::turn(service, company).await.map_err(|busy| TrialFailure::new(TrialStep::Name, busy))?;
    let mut steps = Steps {
        told: &mut told,
        next: TrialStep::Name,
        plain: settings.security == Security::PlainTextOnPurpose,
        since: Instant::now(),
        bases: Vec::new(),
    };
    let snapshot = sides::directory(service, company, source, |reached| steps.reached(reached)).await;
    let (step, bases) = (steps.next, steps.bases);
    let snapshot = snapshot.map_err(|failure| TrialFailure {
        certificate: unbelieved(&failure).map(shown),
        bases,
        ..TrialFailure::new(step, failure.cause())
    })?;
    let key = settings::source_key(service, &settings);
    let others = sides::others(service, company, &snapshot.ids(), &rules, &key)
        .await
        .map_err(|error| TrialFailure::new(TrialStep::Accounts, error.into()))?;
    let accounts = snapshot.into_snapshot().accounts;
    let policy = Policy { rules, others, ..Policy::default() };
    Ok(service.off_thread(move || found(accounts, &policy)).await)
}

/// Tells the steps of a read, and knows which comes next.
struct Steps<'a, T> {
    told: &'a mut T,
    next: TrialStep,
    plain: bool,
    since: Instant,
    bases: Vec<String>,
}

impl<T: FnMut(TrialLine)> Steps<'_, T> {
    fn reached(&mut self, reached: ReadProgress) {
        let (next, line) = match reached {
            ReadProgress::Waiting(waiting) => {
                return (self.told)(TrialLine::Progress(Progress { waiting, ..Progress::default() }));
            }
            ReadProgress::LookedUp(found) => {
                let allowed = found.iter().all(|found| found.allowed);
                let next = if allowed { TrialStep::Connect } else { TrialStep::Name };
                let addresses = found.iter().map(|found| (found.address.to_string(), found.allowed));
                (next, TrialLine::Addresses(addresses.collect()))
            }
            ReadProgress::Step(Milestone::Resolved(_)) => {
                // From here on the child dials.
                self.since = Instant::now();
                return;
            }
            ReadProgress::Step(Milestone::Connected(address)) => {
                let millis = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
                (self.told)(TrialLine::Connected(address.to_string(), millis));
                self.next = TrialStep::Protect;
                if !self.plain {
                    return;
                }
                (TrialStep::LogIn, TrialLine::Secured(None))
            }
            ReadProgress::Step(Milestone::Secured(facts)) => {
                (TrialStep::LogIn, TrialLine::Secured(Some(shown(&facts))))
            }
            ReadProgress::Step(Milestone::Bound) => (TrialStep::Base, TrialLine::Bound),
            ReadProgress::Step(Milestone::Bases(bases)) => {
                self.bases = bases;
                return;
            }
            ReadProgress::Step(Milestone::Places(_)) => return,
            ReadProgress::Step(Milestone::Page { accounts }) | ReadProgress::Accounts(accounts) => {
                if self.next < TrialStep::Base {
                    return;
                }
                if self.next == TrialStep::Base {
                    (self.told)(TrialLine::BaseFound);
                }
                let progress = Progress { accounts, ..Progress::default() };
                (TrialStep::Accounts, TrialLine::Progress(progress))
            }
        };
        self.next = next;
        (self.told)(line);
    }
}

/// The step that settings spoil before anything is dialled.
const fn step_of(wrong: SourceProblem) -> TrialStep {
    match wrong {
        SourceProblem::Host => TrialStep::Name,
        SourceProblem::Port => TrialStep::Connect,
        SourceProblem::Authority | SourceProblem::Pin => TrialStep::Protect,
        SourceProblem::BindNameEmpty | SourceProblem::PasswordEmpty => TrialStep::LogIn,
        SourceProblem::BaseEmpty => TrialStep::Base,
        SourceProblem::Unreadable
        | SourceProblem::Filter
        | SourceProblem::PageSize
        | SourceProblem::Limits => TrialStep::Accounts,
    }
}

fn unbelieved(failure: &ReadFailure) -> Option<&CertificateFacts> {
    match failure {
        ReadFailure::Read(
            ReadError::CertificateUntrusted { certificate, .. }
            | ReadError::CertificateNameMismatch { certificate, .. },
        ) => Some(certificate),
        _ => None,
    }
}

fn shown(facts: &CertificateFacts) -> Certificate {
    Certificate {
        sha256: facts.sha256.to_string(),
        subject: facts.subject.clone(),
        issuer: facts.issuer.clone(),
        names: facts.names.clone(),
        from: facts.not_before.clone(),
        until: facts.not_after.clone(),
    }
}

fn found(accounts: Vec<Account>, policy: &Policy) -> Found {
    let both = prepare(Snapshot { accounts, coverage: Coverage::Complete }, Vec::new(), policy);
    let mut left_out: BTreeMap<Option<Exclusion>, Vec<&Account>> = BTreeMap::new();
    for account in both.accounts().iter().filter(|account| !is_in_scope(&both, account)) {
        left_out.entry(both.exclusion(account.id)).or_default().push(account);
    }
    let mut left_out: Vec<LeftOut> = left_out
        .into_iter()
        .map(|(why, who)| LeftOut { why, by: by(&both, why), who: names(who, LEFT_OUT_EXAMPLES) })
        .collect();
    left_out.sort_by_key(|left_out| std::cmp::Reverse(left_out.who.count));
    let people = both.accounts().iter().filter(|account| is_in_scope(&both, account));
    Found { accounts: both.accounts().len() as u64, people: names(people, EXAMPLES), left_out }
}

/// Whether contacts are kept for the account.
pub(super) fn is_in_scope(both: &Prepared, account: &Account) -> bool {
    account.enabled && both.exclusion(account.id).is_none()
}

fn by(both: &Prepared, why: Option<Exclusion>) -> String {
    match why {
        Some(why @ Exclusion::Rule(_)) => both.rule(why).map(ToString::to_string).unwrap_or_default(),
        Some(Exclusion::OtherCompany(id)) => both.company(id).unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

fn names<'a>(accounts: impl IntoIterator<Item = &'a Account>, most: usize) -> Names {
    first_of(accounts.into_iter().map(account_name).collect(), most)
}

/// The first of these by the alphabet.
pub(super) fn first_of(mut names: Vec<String>, most: usize) -> Names {
    let count = names.len() as u64;
    names.sort_by_cached_key(|name| normal::fold(name));
    names.truncate(most);
    Names { count, names }
}

#[cfg(test)]
mod tests {
    use reconcile::AccountId;

    use super::*;

    fn account(number: u128, dn: &str) -> Account {
        let id: AccountId = format!("00000000-0000-4000-8000-{number:012}").parse().unwrap();
        Account {
            id,
            dn: dn.into(),
            logon_name: format!("logon{number}"),
            enabled: true,
            ..Account::default()
        }
    }

    #[test]
    fn the_forms_filter_for_a_group_begins_with_everybody() {
        assert_eq!(pod_view::settings::PEOPLE, agent::source::DEFAULT_FILTER);
    }

    #[test]
    fn everybody_is_either_in_scope_or_left_out_for_a_reason() {
        let named = |number, name: &str| {
            let (given, surname) = name.split_once(' ').unwrap();
            Account {
                given_name: Some(given.into()),
                surname: Some(surname.into()),
                display_name: Some(name.into()),
                mail: Some(format!("{given}@harbor.example")),
                ..account(number, "CN=x,DC=corp")
            }
        };
        let accounts = vec![
            named(1, "Zoe Adams"),
            named(2, "Ann Miller"),
            Account { enabled: false, ..named(3, "Olga Hand") },
            Account { recipient_type_details: Some(16), ..named(4, "Room Four") },
            Account { title: Some("Kiosk".into()), ..named(5, "Desk Two") },
        ];
        let rules = vec!["leave out title Kiosk".parse().unwrap()];
        let found = found(accounts, &Policy { rules, ..Policy::default() });
        assert_eq!((found.accounts, found.people.count), (5, 2));
        assert_eq!(found.people.names, ["Ann Miller", "Zoe Adams"]);
        let left_out: Vec<_> =
            found.left_out.iter().map(|out| (out.why, out.by.as_str(), out.who.names[0].as_str())).collect();
        assert_eq!(
            left_out,
            [
                (None, "", "Olga Hand"),
                (Some(Exclusion::Room), "", "Room Four"),
                (Some(Exclusion::Rule(0)), "leave out title Kiosk", "Desk Two"),
            ]
        );
    }
}
