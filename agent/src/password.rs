//! The password of the account that reads.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

/// A password: wiped from memory when dropped, `[REDACTED]` when printed.
///
/// It serialises to its text, because that is how it crosses the pipe from the service to the
/// process that reads. **Danger:** serialise a [`Source`](crate::Source) to nothing but that pipe.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "String")]
pub struct Password(SecretString);

impl Password {
    /// Takes the text over.
    pub fn new(text: String) -> Self {
        Self(SecretString::from(text))
    }

    /// The text, for the bind request.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<String> for Password {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl Serialize for Password {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}
