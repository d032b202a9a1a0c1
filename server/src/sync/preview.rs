//! What settings that nobody has saved would do, beside what those that are saved do. Nothing is written.

use std::{collections::HashSet, sync::Arc};

use pod_view::{
    people::{account_name, row_name},
    text::{Language, speaking},
    wire::{Preview, PreviewRows, Problem, Progress, Settings, TrialFailure, TrialLine, TrialStep},
};
use reconcile::{
    Account, AccountId, Plan, Policy, Prepared, Row, RowKey, RowKind, Rule, Snapshot, Wants, prepare,
};

use super::{
    Company, Service, SidesError,
    probe::{first_of, is_in_scope},
    settings::{self, Loaded},
    sides::{self, Reading},
};
use crate::{directory::ReadProgress, psa::ReadContacts};

/// People that are named of each list.
const NAMED: usize = 20;
/// What a person looks at before saving, in this order.
const KINDS: [RowKind; 8] = [
    RowKind::Deactivate,
    RowKind::NeedsDecision,
    RowKind::PsaOnly,
    RowKind::Create,
    RowKind::Reactivate,
    RowKind::Update,
    RowKind::Move,
    RowKind::Link,
];

/// Reads both sides by `settings` and by the saved ones, and plans both. Who has no name is called something in
/// this language.
pub async fn preview(
    service: &Service,
    company: &Company,
    settings: Settings,
    language: Language,
    told: impl FnMut(TrialLine),
) -> Result<Preview, TrialFailure> {
    let outcome = compared(service, company, settings, language, told).await;
    outcome.map_err(|error| TrialFailure::new(TrialStep::Outcome, Problem::from(error)))
}

async fn compared(
    service: &Service,
    company: &Company,
    mut settings: Settings,
    language: Language,
    mut told: impl FnMut(TrialLine),
) -> Result<Preview, SidesError> {
    service.look_at_the_time().await?;
    let present = settings::in_force(service, company).await?;
    let kept = settings.password.as_ref().is_none_or(String::is_empty);
    let password = settings::password_for(&mut settings, present.as_ref())?;
    let after = Reading::of(company, &settings, &password)?;
    let same = present.as_ref().is_some_and(|present| kept && reads_the_same(&present.settings, &settings));
    let _turn = sides::turn(service, company).await?;
    let mut progress = Progress::default();
    let contacts = sides::contacts(company, after.wants, |contacts| {
        progress.contacts = contacts as u64;
        told(TrialLine::Progress(progress));
    });
    let contacts = contacts.await?;
    let mut count = |accounts| {
        progress.accounts = accounts;
        told(TrialLine::Progress(progress));
    };
    let Reading { source, rules, wants } = after;
    let snapshot = sides::directory(service, company, source, |reached| accounts(&reached, &mut count))
        .await
        .map_err(|failure| failure.problem())?
        .into_snapshot();
    let before = match present {
        None => None,
        Some(present) => {
            let at_hand = AtHand { snapshot: same.then_some(&snapshot), wants, contacts: &contacts };
            before(service, company, &present, at_hand, &mut count).await?
        }
    };
    let after = planned(service, company, &settings, rules, snapshot, &contacts).await?;
    let compare = move || speaking(language, || difference(before.as_ref(), &after));
    Ok(service.off_thread(compare).await)
}

/// What was read by the new settings, as far as the saved ones read the same.
struct AtHand<'a> {
    snapshot: Option<&'a Snapshot>,
    wants: Wants,
    contacts: &'a ReadContacts,
}

/// What the saved settings do; `None` when nothing can be read by them, which is no reason against better
/// ones.
async fn before(
    service: &Service,
    company: &Company,
    present: &Loaded,
    at_hand: AtHand<'_>,
    count: &mut impl FnMut(u64),
) -> Result<Option<Side>, SidesError> {
    let Reading { source, rules, wants } = Reading::of(company, &present.settings, &present.password)?;
    let snapshot = match at_hand.snapshot.filter(|_| wants.groups == at_hand.wants.groups) {
        Some(snapshot) => snapshot.clone(),
        None => match sides::directory(service, company, source, |reached| accounts(&reached, count)).await {
            Ok(snapshot) => snapshot.into_snapshot(),
            Err(_) => return Ok(None),
        },
    };
    let read;
    let contacts = if wants == at_hand.wants {
        at_hand.contacts
    } else {
        read = sides::contacts(company, wants, |_| {}).await?;
        &read
    };
    planned(service, company, &present.settings, rules, snapshot, contacts).await.map(Some)
}

fn accounts(reached: &ReadProgress, count: &mut impl FnMut(u64)) {
    if let ReadProgress::Accounts(accounts) = reached {
        count(*accounts);
    }
}

/// Whether both read the same accounts with the same password.
fn reads_the_same(one: &Settings, other: &Settings) -> bool {
    let filter = |settings: &Settings| settings.filter.clone().unwrap_or_default().trim().to_owned();
    one.same_connection(other) && one.base.trim() == other.base.trim() && filter(one) == filter(other)
}

/// Both sides and their plan.
struct Side {
    both: Prepared,
    plan: Plan,
}

impl Side {
    fn people(&self) -> impl Iterator<Item = &Account> {
        self.both.accounts().iter().filter(|account| is_in_scope(&self.both, account))
    }

    fn rows(&self, kind: RowKind) -> impl Iterator<Item = &Arc<Row>> {
        self.plan.rows.iter().filter(move |row| row.kind == kind)
    }
}

async fn planned(
    service: &Service,
    company: &Company,
    settings: &Settings,
    rules: Vec<Rule>,
    snapshot: Snapshot,
    contacts: &ReadContacts,
) -> Result<Side, SidesError> {
    let ids: Vec<AccountId> = snapshot.accounts.iter().map(|account| account.id).collect();
    let key = settings::source_key(service, settings);
    let others = sides::others(service, company, &ids, &rules, &key).await?;
    let policy = Policy { rules, places: contacts.references.places(), others };
    let links = service.store.links(&company.key).await?;
    let decisions = service.store.decisions(&company.key).await?;
    let contacts = contacts.contacts.clone();
    let planned = service.off_thread(move || {
        let both = prepare(snapshot, contacts, &policy);
        let plan = both.plan(&links, &decisions);
        Side { both, plan }
    });
    Ok(planned.await)
}

fn difference(before: Option<&Side>, after: &Side) -> Preview {
    let ids = |side: &Side| side.people().map(|account| account.id).collect::<HashSet<_>>();
    let (theirs, ours) = (before.map(ids), ids(after));
    let only = |side: &Side, others: &HashSet<AccountId>| {
        let people = side.people().filter(|account| !others.contains(&account.id));
        first_of(people.map(account_name).collect(), NAMED)
    };
    let rows = KINDS.into_iter().filter_map(|kind| {
        let known: HashSet<RowKey> =
            before.iter().flat_map(|side| side.rows(kind)).map(|row| row.key()).collect();
        let new = after.rows(kind).filter(|row| before.is_some() && !known.contains(&row.key()));
        let new = first_of(new.map(|row| row_name(row, &after.both)).collect(), NAMED);
        let (before, after) = (known.len() as u64, after.plan.count(kind) as u64);
        (before + after > 0).then_some(PreviewRows { kind, before, after, new })
    });
    Preview {
        before: theirs.as_ref().map(|theirs| theirs.len() as u64),
        after: ours.len() as u64,
        gone: before.map(|before| only(before, &ours)).unwrap_or_default(),
        new: theirs.map(|theirs| only(after, &theirs)).unwrap_or_default(),
        rows: rows.collect(),
    }
}
