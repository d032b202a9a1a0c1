//! What the file of `--data` keeps, so that a person can go on where they stopped.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use super::{AuditEntry, Tables, World};

/// Counted up when an older file no longer fits.
const FORMAT: u32 = 2;

#[derive(Deserialize)]
struct Kept {
    #[serde(default)]
    format: u32,
    #[serde(flatten)]
    rest: serde_json::Map<String, serde_json::Value>,
}

#[derive(Deserialize, Serialize)]
struct State {
    tables: Tables,
    sessions: BTreeMap<String, String>,
    codebase: String,
    audit: Vec<AuditEntry>,
    signing_key: String,
    layouts: BTreeMap<String, BTreeMap<i64, bool>>,
}

impl World {
    /// Go on from the file, if there is one; whether there was.
    pub(super) fn take_up(&mut self) -> Result<bool> {
        let Some(path) = self.data.as_ref().filter(|path| path.exists()) else { return Ok(false) };
        let shown = path.display();
        let text = std::fs::read_to_string(path).with_context(|| format!("read the records in {shown}"))?;
        let kept: Kept = serde_json::from_str(&text)
            .with_context(|| format!("{shown} holds no records of this simulator"))?;
        if kept.format != FORMAT {
            bail!("{shown} was kept by another version of the simulator: begin anew with another file");
        }
        let state: State = serde_json::from_value(kept.rest.into())
            .with_context(|| format!("{shown} holds no records of this simulator"))?;
        // A file that was kept in the cloud and is played on-premise has another code base.
        if self.place.cloud != state.codebase.starts_with("v4_6") {
            self.place.codebase = state.codebase;
        }
        self.tables = state.tables;
        self.sessions = state.sessions;
        self.audit = state.audit;
        self.signing_key = state.signing_key;
        self.layouts = state.layouts;
        Ok(true)
    }

    /// Write to the file, if there is one; an old one is whole until the new one is.
    pub(crate) fn save(&self) -> Result<()> {
        let Some(path) = &self.data else {
            return Ok(());
        };
        let state = serde_json::json!({
            "format": FORMAT, "tables": self.tables, "sessions": self.sessions,
            "codebase": self.place.codebase, "audit": self.audit, "signing_key": self.signing_key,
            "layouts": self.layouts,
        });
        let fresh = path.with_extension("new");
        std::fs::write(&fresh, state.to_string())
            .and_then(|()| std::fs::rename(&fresh, path))
            .with_context(|| format!("keep the records in {}", path.display()))
    }
}
