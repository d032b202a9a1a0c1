//! What people said for good about accounts and contacts, kept in notes of the PSA's company record as
//! well: our store can be lost without anybody being asked a second time.
//!
//! Our store is what counts; the notes are its copy. They are readable text like the settings note, of
//! keys only, with a tag over each. A new copy is whole before the one before it is written over: it goes
//! into notes that are not part of that one.

use std::{collections::BTreeMap, fmt::Write as _};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use reconcile::{AccountId, ContactId, Decision, Decisions, Subject};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Company, Service, SettingsError, notes};
use crate::{
    psa::{Note, Write},
    security::keys::Key,
    store::{Mirrored, StoreError},
};

/// What keeps the tag's use of the note's key apart from sealing.
const TAG: &str = "ignores note tag";
const OPENING: &str =
    "ConnectActive ignores, kept by ConnectActive: changes made here by hand are not followed.";
/// Keys in one note: with what stands around them below what a note may have.
const IN_ONE_NOTE: usize = 110;
/// Beyond that many nothing is copied: so many exceptions are a rule's work.
const MOST: usize = 50 * IN_ONE_NOTE;

/// One note of a copy.
struct Part {
    note: i64,
    /// When the copy was made, seconds since 1970.
    made_at: i64,
    number: usize,
    of: usize,
    decisions: Vec<(Subject, Decision)>,
}

/// Standing decisions: what people said once and for all.
fn standing(decisions: &Decisions) -> Vec<(Subject, Decision)> {
    decisions
        .iter()
        .filter(|(_, decision)| !decision.is_used_up_by_a_write())
        .map(|(subject, decision)| (*subject, *decision))
        .collect()
}

/// Copies the company's standing decisions into its notes, if they are others than were copied last.
/// Whoever calls this holds the company's lease.
pub(super) async fn mirror(service: &Service, company: &Company) -> Result<(), SettingsError> {
    let (store, key) = (&service.store, &company.key);
    let standing = standing(&store.decisions(key).await?);
    let hash = hash_of(&standing);
    let before = store.mirrored(key).await?;
    let never = before == Mirrored::default() && standing.is_empty();
    if never || before.hash == hash || standing.len() > MOST {
        return Ok(());
    }
    let parts = parts(service, company, &company.psa().notes(key.company).await?);
    let now = service.clock.now().max(before.made_at + 1);
    let kept = newest(&parts).map_or(0, |(made_at, _)| made_at);
    let mut free = parts.iter().filter(|part| part.made_at != kept).map(|part| part.note);
    let chunks: Vec<&[(Subject, Decision)]> =
        if standing.is_empty() { vec![&[]] } else { standing.chunks(IN_ONE_NOTE).collect() };
    let key_of_notes = Key::generate();
    for (at, chunk) in chunks.iter().enumerate() {
        let text = write(service, company, &key_of_notes, now, (at + 1, chunks.len()), chunk);
        let written = match free.next() {
            Some(note) => company.psa().change_note(key.company, note, &text).await?,
            None => notes::add(service, company, &text).await?,
        };
        match written {
            Write::Applied(_) => {}
            Write::Rejected(rejection) => {
                return Err(SettingsError::Psa(rejection.into()));
            }
            // The next run makes another copy.
            Write::Unknown => return Ok(()),
        }
    }
    store.set_mirrored(key, &Mirrored { made_at: now, hash }).await?;
    Ok(())
}

/// Takes up what the notes know and our store does not, when they are younger than what we copied into
/// them: the store was lost, or an old copy of it was put back.
pub(super) async fn restore(service: &Service, company: &Company, notes: &[Note]) -> Result<(), StoreError> {
    let (store, key) = (&service.store, &company.key);
    if !notes.iter().any(is_ours) {
        return Ok(());
    }
    let parts = parts(service, company, notes);
    let Some((made_at, copied)) = newest(&parts) else { return Ok(()) };
    if made_at <= store.mirrored(key).await?.made_at {
        return Ok(());
    }
    let known = store.decisions(key).await?;
    let missing: Vec<(Subject, Option<Decision>)> = copied
        .iter()
        .filter(|(subject, _)| !known.contains_key(subject))
        .map(|&(subject, decision)| (subject, Some(decision)))
        .collect();
    tracing::warn!(company = key.company, decisions = missing.len(), "taken up again from the notes");
    store.save_decisions(key, &missing, 0, service.clock.now()).await?;
    store.set_mirrored(key, &Mirrored { made_at, hash: hash_of(&copied) }).await
}

fn hash_of(standing: &[(Subject, Decision)]) -> String {
    hex::encode(Sha256::digest(list(standing).as_bytes()))
}

fn is_ours(note: &Note) -> bool {
    notes::canonical(&note.text).starts_with(OPENING)
}

fn parts(service: &Service, company: &Company, notes: &[Note]) -> Vec<Part> {
    notes.iter().filter(|note| is_ours(note)).filter_map(|note| parse(service, company, note)).collect()
}

/// The youngest whole copy.
fn newest(parts: &[Part]) -> Option<(i64, Vec<(Subject, Decision)>)> {
    let mut copies: BTreeMap<i64, BTreeMap<usize, &Part>> = BTreeMap::new();
    for part in parts {
        copies.entry(part.made_at).or_default().insert(part.number, part);
    }
    copies.into_iter().rev().find_map(|(made_at, parts)| {
        let (_, first) = parts.first_key_value()?;
        let whole = parts.len() == first.of && parts.keys().copied().eq(1..=first.of);
        whole
            .then(|| (made_at, parts.into_values().flat_map(|part| part.decisions.iter().copied()).collect()))
    })
}

/// Keys and what was said, as words without blanks: `i` for an ignore, `p` for a person and `n` for none, then
/// `a` and an account's 16 bytes in base64url, or `c` and a contact's id, then, of an ignore that ends, a dot
/// and its last day.
fn list(standing: &[(Subject, Decision)]) -> String {
    let mut text = String::new();
    for (subject, decision) in standing {
        let said = match decision {
            Decision::Person => 'p',
            Decision::NotAPerson => 'n',
            _ => 'i',
        };
        let comma = if text.is_empty() { "" } else { "," };
        let written = match subject {
            Subject::Account(AccountId(id)) => {
                write!(text, "{comma}{said}a{}", BASE64_URL_SAFE_NO_PAD.encode(id.as_bytes()))
            }
            Subject::Contact(ContactId(id)) => write!(text, "{comma}{said}c{id}"),
        };
        written.expect("a string takes everything");
        if let Decision::IgnoreUntil(day) = decision {
            write!(text, ".{day}").expect("a string takes everything");
        }
    }
    text
}

fn one(word: &str) -> Option<(Subject, Decision)> {
    let (said, rest) = word.split_at_checked(1)?;
    let (kind, rest) = rest.split_at_checked(1)?;
    let (id, last) = rest.split_once('.').map_or((rest, None), |(id, last)| (id, Some(last)));
    let decision = match (said, last) {
        ("i", None) => Decision::Ignore,
        ("i", Some(day)) => Decision::IgnoreUntil(day.parse().ok()?),
        ("p", None) => Decision::Person,
        ("n", None) => Decision::NotAPerson,
        _ => return None,
    };
    let subject = match kind {
        "a" => {
            let bytes = BASE64_URL_SAFE_NO_PAD.decode(id).ok()?;
            Subject::Account(AccountId(Uuid::from_slice(&bytes).ok()?))
        }
        "c" => Subject::Contact(ContactId(id.parse().ok()?)),
        _ => return None,
    };
    decision.fits(subject).then_some((subject, decision))
}

fn wrapping_key(service: &Service) -> Key {
    service.master_key.derive("ignores note")
}

fn write(
    service: &Service,
    company: &Company,
    key: &Key,
    made_at: i64,
    (number, of): (usize, usize),
    standing: &[(Subject, Decision)],
) -> String {
    let place = company.place();
    let bound = [place[0].as_str(), &place[1], &place[2]];
    let wrapped = wrapping_key(service).seal(&bound, key.bytes());
    let text = format!(
        "{OPENING} version=1 company={} made={made_at} part={number} of={of} list={} key={wrapped}",
        place[2],
        list(standing)
    );
    notes::tagged(key, TAG, &place, &text)
}

fn parse(service: &Service, company: &Company, note: &Note) -> Option<Part> {
    let text = notes::canonical(&note.text);
    let (signed, given) = text.rsplit_once(" tag=")?;
    let values: BTreeMap<&str, &str> = signed.split(' ').filter_map(|word| word.split_once('=')).collect();
    if *values.get("version")? != "1" {
        return None;
    }
    let place = company.place();
    let bound = [place[0].as_str(), &place[1], &place[2]];
    let opened = wrapping_key(service).open(&bound, values.get("key")?).ok()?;
    let key = Key::from_bytes(&opened).ok()?;
    if !notes::is_tagged(&key, TAG, &place, signed, given) {
        return None;
    }
    let list = *values.get("list")?;
    let decisions = list.split(',').filter(|word| !word.is_empty()).map(one).collect::<Option<_>>()?;
    Some(Part {
        note: note.id,
        made_at: values.get("made")?.parse().ok()?,
        number: values.get("part")?.parse().ok()?,
        of: values.get("of")?.parse().ok()?,
        decisions,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_as_it_was_written() {
        let all = vec![
            (Subject::Account(AccountId(Uuid::from_u128(1))), Decision::Ignore),
            (Subject::Account(AccountId(Uuid::from_u128(u128::MAX))), Decision::Person),
            (Subject::Account(AccountId(Uuid::from_u128(2))), Decision::NotAPerson),
            (Subject::Contact(ContactId(78)), Decision::IgnoreUntil("2027-01-31".parse().unwrap())),
            (Subject::Contact(ContactId(77)), Decision::Ignore),
        ];
        let text = list(&all);
        assert_eq!(
            text,
            "iaAAAAAAAAAAAAAAAAAAAAAQ,pa_____________________w,naAAAAAAAAAAAAAAAAAAAAAg,ic78.2027-01-31,ic77"
        );
        assert_eq!(text.split(',').map(one).collect::<Option<Vec<_>>>(), Some(all));
        for wrong in ["", "i", "x", "ia", "iaAAA", "pc77", "ic", "icx", "éa"] {
            assert_eq!(one(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn only_a_whole_copy_counts_and_of_two_the_younger() {
        let part = |made_at, number, of| Part {
            note: 1,
            made_at,
            number,
            of,
            decisions: vec![(Subject::Contact(ContactId(made_at)), Decision::Ignore)],
        };
        let made_at = |parts: &[Part]| newest(parts).map(|(made_at, _)| made_at);
        assert_eq!(made_at(&[]), None);
        assert_eq!(made_at(&[part(5, 1, 2)]), None);
        assert_eq!(made_at(&[part(5, 1, 1), part(9, 2, 2)]), Some(5));
        assert_eq!(made_at(&[part(9, 2, 2), part(5, 1, 1), part(9, 1, 2)]), Some(9));
        assert_eq!(made_at(&[part(9, 1, 1), part(9, 2, 1)]), None, "a part too many");
    }
}
