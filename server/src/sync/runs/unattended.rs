//! A run by the schedule: it writes what is certain, and leaves the rest to a person.

use std::collections::{BTreeMap, HashMap};

use pod_view::wire::{Approved, Counts, Outcome, RunState};
use reconcile::{
    Decision, Plan, Row, RowKey, RowKind,
    guard::{Hold, Limits, Past, holds},
};

use super::{
    Stop,
    read::{Read, read},
    writing::{Verdict, Writing},
};
use crate::{
    store::{Setback, StoreError},
    sync::glance::seen_after,
};

/// How often the PSA may refuse a row before it is set aside.
const MOST_SETBACKS: i64 = 3;
const SEVEN_DAYS: i64 = 7 * 24 * 3600;

pub(super) async fn work(writing: &Writing<'_>) -> Result<RunState, Stop> {
    let read = read(writing).await?;
    writing.rows().await?;
    let past = past(writing, &read).await?;
    let held = holds(&read.plan, &past, &Limits::of(&read.prepared.policy().rules));
    let setbacks = current_setbacks(writing, &read.plan).await?;
    let mut verdicts = Vec::new();
    let mut left = Counts { questions: read.plan.count(RowKind::NeedsDecision) as u64, ..Counts::default() };
    for row in read.plan.writing() {
        let approved = Approved { key: row.key(), kind: row.kind, fingerprint: row.fingerprint };
        match standing(row, &held, &setbacks) {
            Standing::Held => left.held += 1,
            Standing::Asked => left.questions += 1,
            Standing::SetAside => left.set_aside += 1,
            Standing::Certain if read.settled.is_open(&row.key()) => {
                verdicts.push((approved, Verdict::Told(Some(row.kind), Outcome::Unknown)));
            }
            Standing::Certain => verdicts.push((approved, Verdict::Write(row.clone()))),
        }
    }
    let chosen: Vec<Approved> = verdicts.iter().map(|(approved, _)| *approved).collect();
    writing.service.store.approve(&writing.run.id, &chosen).await?;
    writing.told.count(|counts| {
        (counts.questions, counts.held, counts.set_aside) = (left.questions, left.held, left.set_aside);
    });
    let written = writing.write(&read, verdicts).await;
    count_setbacks(writing).await?;
    written?;
    seen_after(writing.service, writing.company, read.directory_read_at, &read.plan, &writing.run.id).await?;
    let counts = writing.told.counts();
    Ok(if counts.held > 0 && past.never_reviewed {
        RunState::Waiting
    } else if counts.held > 0 {
        RunState::Held
    } else if counts.need_a_person() {
        RunState::Questions
    } else {
        RunState::Done
    })
}

async fn past(writing: &Writing<'_>, read: &Read) -> Result<Past, StoreError> {
    let (store, key) = (&writing.service.store, &writing.company.key);
    let since = writing.service.now() - SEVEN_DAYS;
    let reviewed = store.reviewed_scope(key).await?;
    let active = |id| read.prepared.contact(id).is_some_and(|contact| !contact.inactive);
    Ok(Past {
        linked: read.links.iter().filter(|link| active(link.contact)).count(),
        deactivated_in_seven_days: usize::try_from(store.deactivated_since(key, since).await?).unwrap_or(0),
        never_reviewed: reviewed.is_none(),
        scope_changed: reviewed.is_some_and(|reviewed| reviewed != read.scope),
        missing_since: read
            .links
            .iter()
            .filter_map(|link| Some((link.account, link.missing_since?)))
            .collect(),
        read_at: read.directory_read_at,
    })
}

enum Standing {
    Certain,
    Held,
    /// A person has to say so: a draft is not approved yet, or it was taken back once.
    Asked,
    SetAside,
}

fn standing(row: &Row, held: &BTreeMap<RowKey, Hold>, setbacks: &HashMap<RowKey, Setback>) -> Standing {
    let key = row.key();
    if row.decision.is_some_and(Decision::is_draft) {
        return Standing::Asked;
    }
    if held.contains_key(&key) {
        return Standing::Held;
    }
    if !row.approved_by_default() {
        return Standing::Asked;
    }
    match setbacks.get(&key) {
        Some(setback) if setback.times >= MOST_SETBACKS => Standing::SetAside,
        _ => Standing::Certain,
    }
}

/// The setbacks of rows that are still planned as they were refused; the others are forgotten.
async fn current_setbacks(
    writing: &Writing<'_>,
    plan: &Plan,
) -> Result<HashMap<RowKey, Setback>, StoreError> {
    let (store, key) = (&writing.service.store, &writing.company.key);
    let mut setbacks = store.setbacks(key).await?;
    if setbacks.is_empty() {
        return Ok(setbacks);
    }
    let planned: HashMap<RowKey, _> = plan.writing().map(|row| (row.key(), row.fingerprint)).collect();
    let over: Vec<RowKey> = setbacks
        .iter()
        .filter(|(row, setback)| planned.get(row) != Some(&setback.fingerprint))
        .map(|(row, _)| *row)
        .collect();
    for row in over {
        setbacks.remove(&row);
        store.forget_setback(key, &row).await?;
    }
    Ok(setbacks)
}

/// Counts the rows of this run that the PSA refused.
async fn count_setbacks(writing: &Writing<'_>) -> Result<(), StoreError> {
    let (store, key) = (&writing.service.store, &writing.company.key);
    for row in store.approved(&writing.run.id).await? {
        if let Some(Outcome::Rejected(_)) = row.outcome {
            store.note_setback(key, &row.approved.key, row.approved.fingerprint).await?;
        }
    }
    Ok(())
}
