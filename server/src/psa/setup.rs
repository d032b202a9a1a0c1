//! Setup tables of the PSA that joining writes to: hosted pages, menu entries, note types.

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    Caller, Psa, PsaError, Rejection, Write,
    conditions::{Conditions, Field as By, Unquotable},
};

/// A setup table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SetupTable {
    /// Pods, tabs and toolbar buttons.
    HostedSetups,
    /// Entries of the PSA's menu.
    MenuEntries,
    /// Types of company notes.
    NoteTypes,
}

impl SetupTable {
    const fn path(self) -> [&'static str; 2] {
        match self {
            Self::HostedSetups => ["system", "connectwisehostedsetups"],
            Self::MenuEntries => ["system", "menuentries"],
            Self::NoteTypes => ["company", "noteTypes"],
        }
    }
}

/// What is said once: the clientId is "only required if not already set" (API description 2025.16),
/// and the other one is an order and no property.
const ONLY_WHEN_MADE: [&str; 2] = ["clientId", "addAllLocations"];

/// A screen that can host a page.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HostedScreen {
    /// What a hosted setup names.
    pub id: i64,
    /// Such as `CompanyDetail`.
    #[serde(default)]
    pub name: String,
}

/// What became of a row that was to be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ensured {
    /// It was made.
    Made(i64),
    /// It was there, and other than wanted.
    Corrected(i64),
    /// It was there.
    WasThere(i64),
    /// The PSA refused.
    Refused(Rejection),
    /// The answer did not come.
    Unknown,
}

impl Psa {
    /// The screens that can host a page.
    pub async fn hosted_screens(&self) -> Result<Vec<HostedScreen>, PsaError> {
        let path = ["system", "connectWiseHostedScreens"];
        self.list(Caller::Integrator, &path, &[], |screen: &HostedScreen| screen.id, |_| {}).await
    }

    /// The rows of a setup table.
    pub async fn setup_rows(&self, table: SetupTable) -> Result<Vec<Value>, PsaError> {
        let id = |row: &Value| row["id"].as_i64().unwrap_or_default();
        self.list(Caller::Integrator, &table.path(), &[], id, |_| {}).await
    }

    /// The rows of a setup table that have this name, in any case. A name that cannot be asked for is
    /// looked for among all rows; what is answered is compared in any case.
    pub async fn setup_rows_named(&self, table: SetupTable, name: &str) -> Result<Vec<Value>, PsaError> {
        let mut rows = match Conditions::default().text(By::Name, name) {
            Ok(named) => {
                let id = |row: &Value| row["id"].as_i64().unwrap_or_default();
                self.list(Caller::Integrator, &table.path(), &[named.parameter()], id, |_| {}).await?
            }
            Err(Unquotable) => self.setup_rows(table).await?,
        };
        rows.retain(|row| row["name"].as_str().is_some_and(|own| own.to_lowercase() == name.to_lowercase()));
        Ok(rows)
    }

    /// Lets a row be there as `wanted`: the one of `rows` that `is_ours` finds is corrected where it
    /// differs; without one it is made.
    pub async fn ensure(
        &self,
        table: SetupTable,
        rows: &[Value],
        is_ours: impl Fn(&Value) -> bool,
        wanted: &Map<String, Value>,
    ) -> Result<Ensured, PsaError> {
        let path = table.path();
        let Some(there) = rows.iter().find(|row| is_ours(row)) else {
            let written = self.write(Method::POST, &path, &Value::Object(wanted.clone())).await?;
            return Ok(match written.and_then(|row| row["id"].as_i64()) {
                Write::Applied(id) => Ensured::Made(id),
                Write::Rejected(why) => Ensured::Refused(why),
                Write::Unknown => Ensured::Unknown,
            });
        };
        let id = there["id"].as_i64().unwrap_or_default();
        let operations: Vec<Value> = wanted
            .iter()
            .filter(|(name, value)| {
                !ONLY_WHEN_MADE.contains(&name.as_str()) && !same(&there[name.as_str()], value)
            })
            .map(|(name, value)| json!({ "op": "replace", "path": format!("/{name}"), "value": value }))
            .collect();
        if operations.is_empty() {
            return Ok(Ensured::WasThere(id));
        }
        let number = id.to_string();
        let row = [path[0], path[1], &number];
        Ok(match self.write(Method::PATCH, &row, &Value::Array(operations)).await? {
            Write::Applied(_) => Ensured::Corrected(id),
            Write::Rejected(why) => Ensured::Refused(why),
            Write::Unknown => Ensured::Unknown,
        })
    }

    /// Takes a row away; one that is gone already is as good.
    pub async fn remove_setup(&self, table: SetupTable, id: i64) -> Result<Write<()>, PsaError> {
        let [module, name] = table.path();
        let written = self.write(Method::DELETE, &[module, name, &id.to_string()], &Value::Null).await?;
        Ok(match written {
            Write::Rejected(Rejection::NotFound) => Write::Applied(()),
            written => written.and_then(|_| Some(())),
        })
    }
}

/// Whether the PSA has the value that we want; a reference by its name, for it adds the rest.
fn same(there: &Value, wanted: &Value) -> bool {
    match wanted {
        Value::Object(reference) => reference.iter().all(|(name, value)| there[name.as_str()] == *value),
        // A flag that is off may be left out.
        Value::Bool(false) => !there.as_bool().unwrap_or(false),
        wanted => there == wanted,
    }
}
