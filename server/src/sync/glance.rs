//! The plan in numbers, kept for whoever opens the company next.

use std::collections::BTreeSet;

use pod_view::wire::{Outcome, sides_agree};
use reconcile::{Plan, RowKey, RowKind};

use super::{Company, Service};
use crate::store::{PlanCounts, StoreError};

/// Remembers the plan of a read that began at `read_at`, by the store's clock.
pub async fn seen(service: &Service, company: &Company, read_at: i64, plan: &Plan) -> Result<(), StoreError> {
    let counts = counted(plan, &BTreeSet::new());
    service.store.set_glance(&company.key, [read_at; 2], sides_agree(&counts), &counts).await.map(drop)
}

/// The same after a run that wrote some of the plan's rows since. Where somebody read meanwhile, what they saw
/// was true only until the next of those writes, so that nothing is known any more.
pub(super) async fn seen_after(
    service: &Service,
    company: &Company,
    read_at: i64,
    plan: &Plan,
    run: &str,
) -> Result<(), StoreError> {
    let rows = service.store.approved(run).await?.into_iter();
    let done = rows.filter(|row| row.outcome == Some(Outcome::Applied)).map(|row| row.approved.key).collect();
    let (counts, now) = (counted(plan, &done), service.store.now().await?);
    if !service.store.set_glance(&company.key, [read_at, now], sides_agree(&counts), &counts).await? {
        service.store.forget_glance(&company.key).await?;
    }
    Ok(())
}

/// A plan in numbers. The rows that were `done` are right by now.
fn counted(plan: &Plan, done: &BTreeSet<RowKey>) -> PlanCounts {
    let mut counts = PlanCounts::new();
    for row in &plan.rows {
        let kind = if done.contains(&row.key()) { RowKind::Unchanged } else { row.kind };
        *counts.entry(kind).or_default() += 1;
    }
    counts
}
