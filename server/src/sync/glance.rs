//! The plan in numbers, kept for whoever opens the company next.

use std::collections::BTreeSet;

use pod_view::wire::{Outcome, sides_agree};
use reconcile::{Plan, RowKey, RowKind};

use super::{Company, Service};
use crate::store::{PlanCounts, StoreError};

/// Remembers a plan as things stood at a moment of the store's clock. The rows that were `done` since are right
/// by then.
pub async fn seen(
    service: &Service,
    company: &Company,
    seen_at: i64,
    plan: &Plan,
    done: &BTreeSet<RowKey>,
) -> Result<(), StoreError> {
    let mut counts = PlanCounts::new();
    for row in &plan.rows {
        let kind = if done.contains(&row.key()) { RowKind::Unchanged } else { row.kind };
        *counts.entry(kind).or_default() += 1;
    }
    service.store.set_glance(&company.key, seen_at, sides_agree(&counts), &counts).await
}

/// The same now, after a run that wrote some of the plan's rows.
pub(super) async fn seen_after(
    service: &Service,
    company: &Company,
    plan: &Plan,
    run: &str,
) -> Result<(), StoreError> {
    let rows = service.store.approved(run).await?.into_iter();
    let done = rows.filter(|row| row.outcome == Some(Outcome::Applied)).map(|row| row.approved.key).collect();
    seen(service, company, service.store.now().await?, plan, &done).await
}
