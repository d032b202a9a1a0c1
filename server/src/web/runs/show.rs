//! `GET /i/{installation}/companies/{company}/runs/{run}`: one run, with what of it can be taken back.

use std::collections::BTreeMap;

use actix_web::web::{Json, Path};
use pod_view::wire::{RunDetails, UndoRow};
use reconcile::{ContactId, Wants};

use super::{
    super::{bearer::Asking, error::ApiError},
    named,
};
use crate::{
    psa::{Caller, MOST_AT_A_LOOK},
    sync::{self, Company},
};

pub(in crate::web) async fn show(
    asking: Asking,
    path: Path<(String, i64, String)>,
) -> Result<Json<RunDetails>, ApiError> {
    let asking = asking.in_the_pod()?;
    let run = named(&asking, &path).await?;
    let Asking { company, service, .. } = &asking;
    let undoable = sync::undoable(service, company, &run).await?;
    let ids: Vec<ContactId> = undoable.iter().filter_map(|row| row.contact).collect();
    let names = Box::pin(names(company, &ids)).await?;
    let rows = undoable
        .into_iter()
        .map(|row| UndoRow {
            name: row.contact.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
            approved: row.approved,
            changes: row.changes,
        })
        .collect();
    Ok(Json(RunDetails { run: sync::shown(service, &run).await?, rows }))
}

/// What contacts are called now: names are the PSA's, and we keep none.
async fn names(company: &Company, ids: &[ContactId]) -> Result<BTreeMap<ContactId, String>, ApiError> {
    let mut names = BTreeMap::new();
    if ids.is_empty() {
        return Ok(names);
    }
    let psa = company.psa();
    let id = company.key.company;
    let (record, references) =
        tokio::try_join!(psa.company(Caller::Integrator, id), psa.references(id, Wants::default()))?;
    for some in ids.chunks(MOST_AT_A_LOOK) {
        for contact in psa.contacts_again(&record, some, &references).await? {
            let name = format!("{} {}", contact.first_name, contact.last_name);
            names.insert(contact.id, name.trim().to_owned());
        }
    }
    Ok(names)
}
