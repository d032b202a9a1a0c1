//! Our own short tokens: who, where, what for, until when.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use pod_view::wire::{Purpose, Record, Rights};
use serde::{Deserialize, Serialize};

use super::keys::{Key, random_id};

/// How long a token for the pod lasts, in seconds. Renewed only by a new proof of the member.
pub const POD_SECONDS: u32 = 300;
/// How long a token for applying lasts, in seconds.
pub const APPLY_SECONDS: u32 = 120;

const ISSUER: &str = "connectactive";

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    /// Always the pod's endpoints.
    aud: String,
    /// Seconds since 1970.
    pub exp: i64,
    /// The token's own id: an apply token is good once.
    pub jti: String,
    /// The installation.
    pub installation: String,
    /// The PSA's record id of the company on the screen; 0 where there is none.
    pub company: i64,
    /// The record on the screen, where that is no company; it was seen to be the company's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Record>,
    /// The PSA's record id of the member.
    pub member_id: i64,
    /// The member's login name.
    pub member: String,
    /// What the member may do.
    pub rights: Rights,
    /// What the token is good for, and nothing else.
    pub purpose: Purpose,
}

/// Who gets a token, and for what.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The installation.
    pub installation: String,
    /// The company on the screen; 0 where there is none.
    pub company: i64,
    /// The record on the screen, where that is no company.
    pub record: Option<Record>,
    /// The member's record id.
    pub member_id: i64,
    /// The member's login name.
    pub member: String,
    /// What the member may do.
    pub rights: Rights,
    /// What it is for.
    pub purpose: Purpose,
}

/// Why a token was not taken.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// It is not one of ours, or was changed.
    #[error("the token is not valid")]
    Invalid,
}

/// Signs and reads tokens.
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl Tokens {
    /// With a key of their own.
    #[must_use]
    pub fn new(key: &Key) -> Self {
        Self {
            encoding: EncodingKey::from_secret(key.bytes()),
            decoding: DecodingKey::from_secret(key.bytes()),
        }
    }

    /// Signs a token at `now` (seconds since 1970), and says how many seconds it lasts.
    #[must_use]
    pub fn issue(&self, grant: Grant, now: i64) -> (String, u32) {
        let seconds = match grant.purpose {
            Purpose::Apply(_) | Purpose::Person(_) => APPLY_SECONDS,
            Purpose::Pod | Purpose::Administer => POD_SECONDS,
        };
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: audience(&grant.installation),
            exp: now + i64::from(seconds),
            jti: random_id(),
            installation: grant.installation,
            company: grant.company,
            record: grant.record,
            member_id: grant.member_id,
            member: grant.member,
            rights: grant.rights,
            purpose: grant.purpose,
        };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
            .expect("claims of texts and numbers can be signed");
        (token, seconds)
    }

    /// Reads a token that was signed for `installation` and is still good at `now`.
    pub fn read(&self, token: &str, installation: &str, now: i64) -> Result<Claims, TokenError> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[audience(installation)]);
        validation.set_required_spec_claims(&["iss", "aud", "exp"]);
        // The time is checked below, against the clock that we were given.
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &self.decoding, &validation)
            .map_err(|_| TokenError::Invalid)?
            .claims;
        if claims.exp <= now {
            return Err(TokenError::Expired);
        }
        Ok(claims)
    }
}

fn audience(installation: &str) -> String {
    format!("pod/{installation}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::security::keys::MasterKey;

    fn grant() -> Grant {
        Grant {
            installation: "one".into(),
            company: 7,
            record: None,
            member_id: 3,
            member: "Dispatch1".into(),
            rights: Rights { apply: true, ..Rights::default() },
            purpose: Purpose::Pod,
        }
    }

    #[test]
    fn s1_a_token_is_good_for_its_installation_and_its_time_only() {
        let tokens = Tokens::new(&MasterKey::generate().derive("tokens"));
        let (token, seconds) = tokens.issue(grant(), 1_000);
        let claims = tokens.read(&token, "one", 1_000).unwrap();
        assert_eq!((claims.company, claims.rights.apply, claims.rights.settings), (7, true, false));
        assert_eq!(tokens.read(&token, "two", 1_000), Err(TokenError::Invalid));
        assert_eq!(tokens.read(&token, "one", 1_000 + i64::from(seconds)), Err(TokenError::Expired));
        let other = Tokens::new(&MasterKey::generate().derive("tokens"));
        assert_eq!(other.read(&token, "one", 1_000), Err(TokenError::Invalid));
    }

    #[test]
    fn s1_an_unsigned_token_is_refused() {
        let tokens = Tokens::new(&MasterKey::generate().derive("tokens"));
        let (token, _) = tokens.issue(grant(), 1_000);
        let payload = token.split('.').nth(1).unwrap();
        // {"alg":"none","typ":"JWT"}
        let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{payload}.");
        assert_eq!(tokens.read(&unsigned, "one", 1_000), Err(TokenError::Invalid));
    }
}
