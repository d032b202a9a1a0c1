//! `POST /i/{installation}/companies/{company}/story`: what was done to one person, from the audit chain.
//! There are no values in it: names of fields, who, and when.

use actix_web::web::Json;
use pod_view::wire::{Story, Write};
use reconcile::RowKey;

use super::{bearer::Asking, error::ApiError};
use crate::clock::rfc3339;

/// Writes that are told, the newest ones.
const MOST: i64 = 30;

pub(super) async fn story(asking: Asking, key: Json<RowKey>) -> Result<Json<Story>, ApiError> {
    let Asking { company, service, .. } = asking.in_the_pod()?;
    let entries = service.store.audited(&company.key, &key, MOST).await?;
    let writes = entries.into_iter().map(|entry| Write {
        at: rfc3339(entry.at),
        by: entry.member,
        run: entry.run,
        kind: entry.kind,
        fields: entry.fields.split(',').filter(|field| !field.is_empty()).map(str::to_owned).collect(),
        outcome: entry.outcome,
    });
    Ok(Json(Story { writes: writes.collect() }))
}
