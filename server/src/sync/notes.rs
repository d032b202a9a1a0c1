//! What our notes in the PSA have in common.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{Company, Service, SettingsError};
use crate::{
    psa::{Note, Write},
    security::keys::Key,
    store::INSTALLED_NOTE_TYPE,
};

/// One space between words: what the PSA or an editor did to white space changes nothing.
pub(super) fn canonical(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The tag over a note: its text, and where it belongs. The same key seals what the note holds; `label`
/// keeps the two uses apart.
fn tag(key: &Key, label: &str, place: &[String; 3], text: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.bytes()).expect("HMAC takes keys of any length");
    for part in [label].into_iter().chain(place.iter().map(String::as_str)).chain([text]) {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    mac
}

/// A note's text with its tag behind it.
pub(super) fn tagged(key: &Key, label: &str, place: &[String; 3], text: &str) -> String {
    let tag = hex::encode(tag(key, label, place, text).finalize().into_bytes());
    format!("{text} tag={tag}")
}

/// Whether `given`, in hexadecimal, is the tag over this text.
pub(super) fn is_tagged(key: &Key, label: &str, place: &[String; 3], text: &str, given: &str) -> bool {
    hex::decode(given).is_ok_and(|given| tag(key, label, place, text).verify_slice(&given).is_ok())
}

/// Adds a note to the company, of our own type while the PSA has it.
pub(super) async fn add(
    service: &Service,
    company: &Company,
    text: &str,
) -> Result<Write<Note>, SettingsError> {
    let id = company.key.company;
    let installed = service.store.installed(&company.key.installation).await?;
    let own = installed.iter().find(|(piece, _)| piece == INSTALLED_NOTE_TYPE).map(|(_, id)| *id);
    Ok(match company.psa().add_note(id, text, own).await? {
        // Our type may have been taken away; the note does as well with the PSA's own.
        Write::Rejected(_) if own.is_some() => company.psa().add_note(id, text, None).await?,
        written => written,
    })
}
