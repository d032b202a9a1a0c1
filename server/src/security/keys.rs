//! The service's key, and sealing with keys made from it.
//!
//! A sealed text is `1.{nonce}.{ciphertext}` in base64url: AES-256-GCM with a random 96-bit nonce.
//! Everything sealed names its place (purpose, installation, company, ...) as associated data, so a
//! sealed text moved to another place does not open.

use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use rand::TryRng;
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

/// The operator's 256-bit key. Everything else is made from it; it is never stored.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; 32]>);

/// The text is not a key.
#[derive(Debug, thiserror::Error)]
#[error("the key must be 32 bytes in base64; make one with `connectactive keygen`")]
pub struct NotAKey;

/// A sealed text did not open: it was changed, moved, or sealed with another key.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a sealed value does not open: it was changed, moved here from elsewhere, or sealed with another key"
)]
pub struct DoesNotOpen;

impl MasterKey {
    /// A new random key.
    #[must_use]
    pub fn generate() -> Self {
        Self(Zeroizing::new(random()))
    }

    /// From base64, with or without padding, standard or URL alphabet. A key of one repeated byte
    /// is refused: nobody drew it at random.
    pub fn from_text(text: &str) -> Result<Self, NotAKey> {
        let text = text.trim().trim_end_matches('=').replace('+', "-").replace('/', "_");
        let mut bytes = BASE64.decode(text).map_err(|_| NotAKey)?;
        let key: Result<[u8; 32], _> = bytes.as_slice().try_into();
        bytes.zeroize();
        let key = key.map_err(|_| NotAKey)?;
        if key.iter().all(|byte| *byte == key[0]) {
            return Err(NotAKey);
        }
        Ok(Self(Zeroizing::new(key)))
    }

    /// As text, for the operator to keep.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64.encode(*self.0))
    }

    /// A key of its own for one purpose.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> Key {
        let mut bytes = [0; 32];
        Hkdf::<Sha256>::new(None, &*self.0)
            .expand(purpose.as_bytes(), &mut bytes)
            .expect("32 bytes is a length that HKDF-SHA256 can give");
        Key(Zeroizing::new(bytes))
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey")
    }
}

/// A key for sealing or signing.
#[derive(Clone)]
pub struct Key(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

impl Key {
    /// A new random key.
    #[must_use]
    pub fn generate() -> Self {
        Self(Zeroizing::new(random()))
    }

    /// From its 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DoesNotOpen> {
        bytes.try_into().map(|bytes| Self(Zeroizing::new(bytes))).map_err(|_| DoesNotOpen)
    }

    /// The 32 bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A digest that nobody can make or check without the key.
    #[must_use]
    pub fn digest(&self, text: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.bytes()).expect("HMAC takes keys of any length");
        mac.update(text);
        mac.finalize().into_bytes().into()
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new((&*self.0).into())
    }

    /// Seals `plain` for the place that `place` names.
    #[must_use]
    pub fn seal(&self, place: &[&str], plain: &[u8]) -> String {
        let nonce: [u8; 12] = random();
        let sealed = self
            .cipher()
            .encrypt(&Nonce::from(nonce), Payload { msg: plain, aad: &place_bytes(place) })
            .expect("AES-GCM seals anything shorter than 64 GiB");
        format!("1.{}.{}", BASE64.encode(nonce), BASE64.encode(sealed))
    }

    /// Opens what [`Key::seal`] sealed for the same place.
    pub fn open(&self, place: &[&str], sealed: &str) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
        let mut parts = sealed.split('.');
        let (Some("1"), Some(nonce), Some(sealed), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(DoesNotOpen);
        };
        let nonce: [u8; 12] =
            BASE64.decode(nonce).ok().and_then(|nonce| nonce.try_into().ok()).ok_or(DoesNotOpen)?;
        let sealed = BASE64.decode(sealed).map_err(|_| DoesNotOpen)?;
        self.cipher()
            .decrypt(&Nonce::from(nonce), Payload { msg: &sealed, aad: &place_bytes(place) })
            .map(Zeroizing::new)
            .map_err(|_| DoesNotOpen)
    }
}

/// Each part with its length before it, so that no two places share their bytes.
fn place_bytes(place: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in place {
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend(part.as_bytes());
    }
    bytes
}

/// Random bytes from the operating system.
///
/// # Panics
/// When the operating system has no randomness to give: nothing safe can be done without it.
#[must_use]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rngs::SysRng.try_fill_bytes(&mut bytes).expect("the operating system's random source answers");
    bytes
}

/// A random identifier: 128 bits in hexadecimal.
#[must_use]
pub fn random_id() -> String {
    hex::encode(random::<16>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s9_opens_only_unchanged_and_only_in_its_place() {
        let key = MasterKey::generate().derive("test");
        let sealed = key.seal(&["password", "7"], b"hunter2");
        assert_eq!(key.open(&["password", "7"], &sealed).unwrap().as_slice(), b"hunter2");
        for place in [&["password", "8"][..], &["password7"], &["passwor", "d7"], &[]] {
            assert_eq!(key.open(place, &sealed), Err(DoesNotOpen));
        }
        assert_eq!(MasterKey::generate().derive("test").open(&["password", "7"], &sealed), Err(DoesNotOpen));
        for at in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(key.open(&["password", "7"], &changed).is_err(), "changed at {at}");
            assert!(key.open(&["password", "7"], &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn only_whole_and_drawn_keys_are_taken() {
        let key = MasterKey::generate();
        assert!(MasterKey::from_text(&key.to_text()).is_ok());
        for text in ["", "short", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "!"] {
            assert!(MasterKey::from_text(text).is_err(), "{text}");
        }
    }
}
