//! The fingerprint of a row: what a person approves, in 128 bits.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::plan::Row;

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
        let mut hash = Sha256::new();
        // Lengths go before texts: no two different rows may write the same bytes.
        let mut text = |text: &str| {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        };
        text("row 1");
        text(row.kind.code());
        text(&row.account.map(|id| id.to_string()).unwrap_or_default());
        text(&row.contact.map(|id| id.to_string()).unwrap_or_default());
        text(&row.changes.len().to_string());
        for change in &row.changes {
            text(change.field.code());
            text(if change.old.is_some() { "from" } else { "none" });
            text(change.old.as_deref().unwrap_or_default());
            text(&change.new);
        }
        text(&row.decision.map(|decision| format!("{decision:?}")).unwrap_or_default());
        text(&row.protections.len().to_string());
        for protection in &row.protections {
            text(&format!("{protection:?}"));
        }
        let digest = hash.finalize();
        let mut short = [0; 16];
        short.copy_from_slice(&digest[..16]);
        Self(short)
    }
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
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
        const WRONG: &str = "a fingerprint is 32 hexadecimal digits";
        if text.len() != 32 || !text.is_ascii() {
            return Err(WRONG);
        }
        let mut bytes = [0; 16];
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digits = std::str::from_utf8(digits).map_err(|_| WRONG)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| WRONG)?;
        }
        Ok(Self(bytes))
    }
}
