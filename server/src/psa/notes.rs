//! Company notes.

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::{Caller, Psa, PsaError, Write};

/// One note of a company.
#[derive(Clone, Debug, Deserialize)]
pub struct Note {
    /// The PSA's id.
    pub id: i64,
    /// Its text; the PSA folds line breaks and tabs to spaces.
    #[serde(default)]
    pub text: String,
    /// Who changed it last, and when.
    #[serde(default, rename = "_info")]
    pub info: NoteInfo,
}

/// The change stamp of a note.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NoteInfo {
    /// The member's login name.
    pub updated_by: Option<String>,
    /// RFC 3339 in UTC.
    pub last_updated: Option<String>,
}

impl Psa {
    /// All notes of a company.
    pub async fn notes(&self, company: i64) -> Result<Vec<Note>, PsaError> {
        let path = ["company", "companies", &company.to_string(), "notes"];
        self.list(Caller::Integrator, &path, &[], |note: &Note| note.id, |_| {}).await
    }

    /// Adds a note, of a type of the installation's or of its default one.
    pub async fn add_note(
        &self,
        company: i64,
        text: &str,
        note_type: Option<i64>,
    ) -> Result<Write<Note>, PsaError> {
        let path = ["company", "companies", &company.to_string(), "notes"];
        let mut body = json!({ "text": text });
        if let Some(id) = note_type {
            body["type"] = json!({ "id": id });
        }
        self.write_note(Method::POST, &path, &body).await
    }

    /// Gives a note another text.
    pub async fn change_note(&self, company: i64, note: i64, text: &str) -> Result<Write<Note>, PsaError> {
        let path = ["company", "companies", &company.to_string(), "notes", &note.to_string()];
        let body = json!([{ "op": "replace", "path": "/text", "value": text }]);
        self.write_note(Method::PATCH, &path, &body).await
    }

    async fn write_note(
        &self,
        method: Method,
        path: &[&str],
        body: &serde_json::Value,
    ) -> Result<Write<Note>, PsaError> {
        let written = self.write(method, path, body).await?;
        Ok(written.and_then(|record| serde_json::from_value(record).ok()))
    }
}
