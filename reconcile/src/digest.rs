//! Texts in 128 bits: what fingerprints and account states are made of, and how they are written.

use std::fmt;

use sha2::{Digest as _, Sha256};

/// Digests texts one after the other. The length of each goes before it: no two different lists of
/// texts digest the same bytes.
pub(crate) struct Texts(Sha256);

impl Texts {
    /// Begins with what the digest is of, and in which version.
    pub(crate) fn of(what: &str) -> Self {
        let mut texts = Self(Sha256::new());
        texts.add(what);
        texts
    }

    pub(crate) fn add(&mut self, text: &str) {
        self.0.update((text.len() as u64).to_be_bytes());
        self.0.update(text.as_bytes());
    }

    pub(crate) fn end(self) -> [u8; 16] {
        let mut short = [0; 16];
        short.copy_from_slice(&self.0.finalize()[..16]);
        short
    }
}

/// Writes the bytes as 32 hexadecimal digits.
pub(crate) fn write(bytes: [u8; 16], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

/// The bytes that 32 hexadecimal digits write.
pub(crate) fn read(text: &str) -> Option<[u8; 16]> {
    if text.len() != 32 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    u128::from_str_radix(text, 16).ok().map(u128::to_be_bytes)
}
