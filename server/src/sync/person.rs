//! One person of a company's directory: found by what somebody knows of them, and which contacts they
//! are.
//!
//! What is found is no directory: it is planned as a part of one, which deactivates nobody, and what a
//! person then approves is planned again from a whole read before it is written.

use std::{collections::HashMap, sync::Arc};

use agent::{Find, find::Known};
use pod_view::{
    people,
    text::{Language, speaking},
    wire::{Act, Approved, Code, Fitting, How, KnownAs, Named, Person, Problem, Standing, Who},
};
use reconcile::{
    Account, AccountId, ContactId, Coverage, Decision, Link, Planning, Policy, Reason, Row, RowKind,
    Snapshot, Subject, prepare,
};

use super::{
    Company, Service, SidesError, links_rebuilt,
    settings::source_key,
    settle_if_idle,
    sides::{self, Reading},
};

/// The most people that are shown.
const MOST_PEOPLE: usize = 10;
/// The most contacts that are shown for one of them.
const MOST_CONTACTS: usize = 3;

/// Looks for a person by an address, a telephone number or a name. On a contact's screen that contact is
/// offered to each of those who are found, unless it is linked to somebody. Who has no name is called something in
/// this language.
pub async fn find_person(
    service: &Arc<Service>,
    company: &Company,
    text: &str,
    on_screen: Option<ContactId>,
    language: Language,
) -> Result<Who, SidesError> {
    let known = Known::of(text).ok_or_else(too_little)?;
    let loaded = sides::loaded(service, company).await?;
    let reading = Reading::of(company, &loaded.settings, &loaded.password)?;
    let find = Find { known: Some(known.clone()), ..Find::default() };
    let _turn = sides::turn(service, company).await?;
    let contacts_read_at = service.now();
    let contacts = async { Ok(sides::contacts(company, reading.wants, |_| {}).await?) };
    let (found, contacts) = tokio::try_join!(search(service, &reading, find), contacts)?;
    let is_meant = |account: &Account| match &known {
        Known::Phone(digits) => has_number(account, digits),
        Known::Address(_) | Known::Name(_) => true,
    };
    let cut = found.len() > MOST_PEOPLE;
    let mut accounts: Vec<Account> = found.into_iter().filter(is_meant).collect();
    let more = cut || accounts.len() > MOST_PEOPLE;
    accounts.truncate(MOST_PEOPLE);
    let ids: Vec<AccountId> = accounts.iter().map(|account| account.id).collect();

    settle_if_idle(service, company, &contacts.contacts, contacts_read_at).await?;
    links_rebuilt(service, company, &contacts.contacts).await?;
    let links = service.store.links(&company.key).await?;
    let source = source_key(service, &loaded.settings);
    let own = links.iter().find(|link| Some(link.contact) == on_screen).map(|link| link.account);
    let others = sides::others(service, company, &ids, &reading.rules, &source).await?;
    let host = reading.source.host.clone();
    let mut policy = Policy { rules: reading.rules.clone(), others, ..Policy::default() };
    if policy.takes_managers() {
        accounts.extend(managers(service, &reading, &accounts).await?);
    }
    policy.places = contacts.references.places();
    let decisions = service.store.decisions(&company.key).await?;
    let snapshot = Snapshot { accounts, coverage: Coverage::Partial };
    let linked_unseen = own.is_some_and(|own| !ids.contains(&own));
    let planned = service.off_thread(move || {
        let prepared = Arc::new(prepare(snapshot, contacts.contacts, &policy));
        let by_account = links.iter().map(|link| (link.account, *link)).collect();
        let by_contact = links.iter().map(|link| (link.contact, *link)).collect();
        let planning = Planning::new(prepared, &links, decisions);
        let mut seen = Seen { planning, by_account, by_contact, on_screen };
        speaking(language, || ids.iter().filter_map(|id| seen.person(*id)).collect::<Vec<Person>>())
    });
    let mut people = planned.await;
    people.sort_by_key(|person| {
        let disabled = person.standing == Standing::Disabled;
        (own != Some(person.account), disabled, person.name.to_lowercase(), person.account)
    });
    let known = match known {
        Known::Address(_) => KnownAs::Address,
        Known::Phone(_) => KnownAs::Phone,
        Known::Name(_) => KnownAs::Name,
    };
    Ok(Who { known, host, people, more, linked_unseen })
}

async fn search(service: &Service, reading: &Reading, find: Find) -> Result<Vec<Account>, SidesError> {
    match service.reader.find(reading.source.clone(), find).await {
        Ok(found) => Ok(found.into_accounts()),
        Err(failure) => {
            tracing::warn!(error = %failure, "nobody could be looked for in a directory");
            Err(failure.problem().into())
        }
    }
}

/// Those who are named as managers, where contacts are given theirs: a plan without them would write
/// another row than the one from a whole read.
async fn managers(
    service: &Service,
    reading: &Reading,
    accounts: &[Account],
) -> Result<Vec<Account>, SidesError> {
    let named: Vec<String> = accounts.iter().filter_map(|account| account.manager.clone()).collect();
    if named.is_empty() {
        return Ok(Vec::new());
    }
    search(service, reading, Find { named, ..Find::default() }).await
}

fn has_number(account: &Account, digits: &str) -> bool {
    let numbers = [&account.telephone, &account.mobile];
    numbers.into_iter().flatten().any(|number| agent::find::is_number(number, digits))
}

fn too_little() -> Problem {
    Problem::new(
        Code::TooLittle,
        "That says too little to look for.",
        "Enter a mail address, a telephone number of at least five digits, or a name.",
    )
}

/// What was found, with the plan for it.
struct Seen {
    planning: Planning,
    by_account: HashMap<AccountId, Link>,
    by_contact: HashMap<ContactId, Link>,
    on_screen: Option<ContactId>,
}

impl Seen {
    fn person(&mut self, id: AccountId) -> Option<Person> {
        let account = self.planning.prepared().account(id)?.clone();
        let row = self.planning.row_of(id)?;
        let standing = self.standing(&account, &row);
        let may_act = standing == Standing::Clear;
        let mut contacts = Vec::new();
        for contact in row.contact.into_iter().chain(self.candidates(&row)).take(MOST_CONTACTS) {
            let how = self.how(id, contact, &row);
            let act = match row.kind {
                _ if !may_act => None,
                RowKind::NeedsDecision => self.act(id, Decision::Match(contact)),
                _ => act(&row, None),
            };
            contacts.extend(self.fitting(contact, how, act));
        }
        let is_linked = contacts.iter().any(|fitting: &Fitting| fitting.how == How::Linked);
        if let Some(contact) = self.on_screen
            && !is_linked
            && self.by_contact.get(&contact).is_none_or(|link| link.missing_since.is_some())
            && !contacts.iter().any(|fitting| fitting.contact.id == contact)
        {
            let act = if may_act { self.act(id, Decision::Match(contact)) } else { None };
            contacts.extend(self.fitting(contact, How::OnScreen, act));
        }
        contacts.sort_by_key(|fitting| Some(fitting.contact.id) != self.on_screen);
        let create = match row.kind {
            RowKind::Create if may_act => act(&row, None),
            RowKind::NeedsDecision if may_act && row.contact.is_none() => self.act(id, Decision::Create),
            _ => None,
        };
        let facts = [
            account.title.as_deref(),
            account.department.as_deref(),
            account.primary_address(),
            account.telephone.as_deref().or(account.mobile.as_deref()),
        ];
        let facts = facts.into_iter().flatten().map(str::to_owned).collect();
        Some(Person { account: id, name: people::account_name(&account), facts, standing, contacts, create })
    }

    fn standing(&self, account: &Account, row: &Row) -> Standing {
        let elsewhere = row.reasons.iter().find_map(|reason| match reason {
            Reason::LinkedElsewhere(company) | Reason::ClaimedTwice(company) => Some(*company),
            _ => None,
        });
        let left_out = row.reasons.iter().any(|reason| matches!(reason, Reason::LeftOut(_)));
        match row.kind {
            _ if !account.enabled => Standing::Disabled,
            _ if left_out => Standing::LeftOut,
            RowKind::Ignored => Standing::Ignored,
            _ => match elsewhere {
                Some(id) => {
                    Standing::Elsewhere(self.planning.prepared().company(id).unwrap_or_default().to_owned())
                }
                None => Standing::Clear,
            },
        }
    }

    /// Contacts that the account may be.
    fn candidates(&self, row: &Row) -> Vec<ContactId> {
        if row.contact.is_some() {
            return Vec::new();
        }
        row.contacts.iter().map(|candidate| candidate.id).filter(|contact| self.is_free(*contact)).collect()
    }

    /// Whether a contact may be the one of any account that was found. One that is linked to somebody else
    /// is theirs, as far as the last whole read knows: that they are not among those found says nothing.
    fn is_free(&self, contact: ContactId) -> bool {
        self.by_contact.get(&contact).is_none_or(|link| {
            link.missing_since.is_some() || self.planning.prepared().account(link.account).is_some()
        })
    }

    fn how(&self, account: AccountId, contact: ContactId, row: &Row) -> How {
        if self.by_account.get(&account).is_some_and(|link| link.contact == contact) {
            How::Linked
        } else if row.contact == Some(contact) {
            How::Fits
        } else {
            How::Maybe
        }
    }

    fn fitting(&self, contact: ContactId, how: How, act: Option<Act>) -> Option<Fitting> {
        let contact = self.planning.prepared().contact(contact)?;
        let named = Named { id: contact.id, name: people::contact_name(contact), inactive: contact.inactive };
        Some(Fitting { contact: named, how, act })
    }

    /// What would be written if a person said this of an account.
    fn act(&mut self, id: AccountId, decision: Decision) -> Option<Act> {
        let subject = Subject::Account(id);
        let before = self.planning.decisions().get(&subject).copied();
        self.planning.decide(subject, Some(decision));
        let row = self.planning.row_of(id);
        self.planning.decide(subject, before);
        act(&*row?, Some(decision))
    }
}

fn act(row: &Row, decision: Option<Decision>) -> Option<Act> {
    let kinds = [RowKind::Create, RowKind::Reactivate, RowKind::Update, RowKind::Link];
    kinds.contains(&row.kind).then(|| Act {
        decision,
        approved: Approved { key: row.key(), kind: row.kind, fingerprint: row.fingerprint },
        changes: row.changes.clone(),
    })
}
