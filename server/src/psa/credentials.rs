//! An API member's keys.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::security::keys::MasterKey;

const PURPOSE: &str = "installation credentials";

/// An API member's keys, and the clientId to use them with.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The public key.
    pub public_key: String,
    /// The private key.
    pub private_key: SecretString,
    /// A clientId of the installation's own; without one the service's is used. ConnectWise gives
    /// them out per integration and wants them kept as secrets (Developer Guide, "Client ID").
    pub client_id: Option<SecretString>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    public_key: String,
    private_key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
}

impl Credentials {
    /// Sealed with the operator's key, for the installation that `place` names: its id, the PSA's
    /// origin, the login company.
    #[must_use]
    pub fn seal(&self, master_key: &MasterKey, place: [&str; 3]) -> String {
        let stored = Stored {
            public_key: self.public_key.clone(),
            private_key: self.private_key.expose_secret().to_owned(),
            client_id: self.client_id.as_ref().map(|id| id.expose_secret().to_owned()),
        };
        let bytes = serde_json::to_vec(&stored).expect("texts can be written as JSON");
        master_key.derive(PURPOSE).seal(&place, &bytes)
    }

    /// From what [`Credentials::seal`] gave for the same place.
    #[must_use]
    pub fn open(master_key: &MasterKey, place: [&str; 3], sealed: &str) -> Option<Self> {
        let bytes = master_key.derive(PURPOSE).open(&place, sealed).ok()?;
        let Stored { public_key, private_key, client_id } = serde_json::from_slice(&bytes).ok()?;
        Some(Self { public_key, private_key: private_key.into(), client_id: client_id.map(Into::into) })
    }
}
