//! The fingerprint of a row: what a person approves, in 128 bits.

use serde::{Deserialize, Serialize};

use crate::{
    digest::{self, Texts},
    plan::Row,
};

/// A digest of what a row would do: its kind, the two keys, each field's old and new value, the
/// decision and the protections. Reasons, candidates and counts are left out, so an unrelated
/// hire moves nobody's row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    pub(crate) const UNSET: Self = Self([0; 16]);

    pub(crate) const fn bytes(&self) -> &[u8; 16] {
        &self.0
    }

    pub(crate) fn of(row: &Row) -> Self {
        let mut texts = Texts::of("row 1");
        texts.add(row.kind.code());
        texts.add(&row.account.map(|id| id.to_string()).unwrap_or_default());
        texts.add(&row.contact.map(|id| id.to_string()).unwrap_or_default());
        texts.add(&row.changes.len().to_string());
        for change in &row.changes {
            texts.add(change.field.code());
            texts.add(if change.old.is_some() { "from" } else { "none" });
            texts.add(change.old.as_deref().unwrap_or_default());
            texts.add(&change.new);
        }
        texts.add(&row.decision.map(|decision| format!("{decision:?}")).unwrap_or_default());
        texts.add(&row.protections.len().to_string());
        for protection in &row.protections {
            texts.add(&format!("{protection:?}"));
        }
        Self(texts.end())
    }
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        digest::write(self.0, f)
    }
}

impl std::fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        fingerprint.to_string()
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        digest::read(&text).map(Self).ok_or("a fingerprint is 32 hexadecimal digits")
    }
}
