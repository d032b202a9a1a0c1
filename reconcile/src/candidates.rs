//! Which accounts and contacts are worth comparing: those that share a key. Comparing each with each
//! would take a company of ten thousand a hundred million comparisons.

use std::{collections::HashMap, hash::BuildHasherDefault};

use crate::{
    hash,
    lists::{Fast, Half, Lists, Profile},
    normal::nicknames,
};

/// More pairs than this under one key, and it says nothing about anybody (`info@`, a placeholder name).
const MOST_PAIRS_PER_KEY: usize = 2_500;
/// The same for keys that say less.
const MOST_PAIRS_PER_WEAK_KEY: usize = 400;

/// Who holds a key on either side.
#[derive(Default)]
struct Holders {
    accounts: Vec<u32>,
    contacts: Vec<u32>,
}

type Keys = HashMap<u64, Holders, BuildHasherDefault<Fast>>;

/// Pairs that share an address or a whole name, ordered and each once.
pub(crate) fn by_strong_keys(lists: &Lists) -> Vec<(u32, u32)> {
    let mut keys = Keys::default();
    let of = |profile: &Profile, key: &mut dyn FnMut(u64)| {
        for address in &profile.addresses {
            key(hash(1, u64::from(address.whole), 0));
        }
        if let Some(name) = profile.key {
            key(hash(2, u64::from(name), 0));
        }
    };
    hold(&mut keys, (0..).zip(&lists.contacts), of);
    meet(&mut keys, (0..).zip(&lists.accounts), of);
    pairs(&keys, MOST_PAIRS_PER_KEY)
}

/// Pairs that share something weaker, of contacts that are not settled yet. An account that is settled
/// may still be somebody who was entered twice: a few of its keys are enough to see that.
pub(crate) fn by_weak_keys(
    lists: &Lists,
    account_is_open: impl Fn(usize) -> bool,
    contact_is_open: impl Fn(usize) -> bool,
) -> Vec<(u32, u32)> {
    let mut keys = Keys::default();
    let open = (0..).zip(&lists.contacts).filter(|(at, _)| contact_is_open(*at as usize));
    hold(&mut keys, open, |profile, key| weak_keys(lists, profile, key));
    let (open, settled): (Vec<_>, Vec<_>) =
        (0..).zip(&lists.accounts).partition(|(at, _)| account_is_open(*at as usize));
    meet(&mut keys, open, |profile, key| weak_keys(lists, profile, key));
    meet(&mut keys, settled, |profile, key| few_keys(lists, profile, key));
    pairs(&keys, MOST_PAIRS_PER_WEAK_KEY)
}

/// Contacts under their keys.
fn hold<'a>(
    keys: &mut Keys,
    contacts: impl Iterator<Item = (u32, &'a Profile)>,
    of: impl Fn(&Profile, &mut dyn FnMut(u64)),
) {
    for (at, profile) in contacts {
        of(profile, &mut |key| keys.entry(key).or_default().contacts.push(at));
    }
}

/// Accounts under the keys that contacts have: others lead nowhere.
fn meet<'a>(
    keys: &mut Keys,
    accounts: impl IntoIterator<Item = (u32, &'a Profile)>,
    of: impl Fn(&Profile, &mut dyn FnMut(u64)),
) {
    for (at, profile) in accounts {
        of(profile, &mut |key| {
            if let Some(holders) = keys.get_mut(&key) {
                holders.accounts.push(at);
            }
        });
    }
}

fn pairs(keys: &Keys, most: usize) -> Vec<(u32, u32)> {
    let mut pairs: Vec<(u32, u32)> = keys
        .values()
        .filter(|holders| holders.accounts.len() * holders.contacts.len() <= most)
        .flat_map(|holders| {
            let contacts = &holders.contacts;
            holders.accounts.iter().flat_map(|account| contacts.iter().map(|contact| (*account, *contact)))
        })
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

fn weak_keys(lists: &Lists, profile: &Profile, key: &mut dyn FnMut(u64)) {
    few_keys(lists, profile, key);
    if let (Some(given), Some(title)) = (profile.given.joined, profile.title) {
        key(hash_letters(15, lists.names.loose(given).chars(), u64::from(title)));
    }
    for address in &profile.addresses {
        // The letters of the address in order: keys that were hit in the wrong one change nothing.
        let mut letters: Vec<char> =
            lists.mail.text(address.whole).chars().filter(|sign| sign.is_alphanumeric()).collect();
        letters.sort_unstable();
        key(hash_letters(4, letters.iter().copied(), 0));
        // One letter too many, too few or another: the rest stays.
        for skipped in 0..letters.len() {
            if skipped > 0 && letters[skipped] == letters[skipped - 1] {
                continue;
            }
            let rest = letters.iter().enumerate().filter(|(at, _)| *at != skipped).map(|(_, sign)| *sign);
            key(hash_letters(4, rest, 0));
        }
    }
    halves(lists, &profile.given, &profile.family, key);
    halves(lists, &profile.family, &profile.given, key);
}

/// Keys of mailboxes: those that somebody has, and those that somebody of the name would have.
fn mailbox_keys(lists: &Lists, profile: &Profile, key: &mut dyn FnMut(u64)) {
    let mut made = lists.mailboxes_by_name(profile);
    made.extend(profile.addresses.iter().chain(&profile.logon).filter_map(|one| lists.mailbox(*one)));
    made.sort_unstable();
    made.dedup();
    for mailbox in made {
        key(hash(3, mailbox, 0));
    }
}

/// As many keys as it takes to see that somebody was entered twice.
fn few_keys(lists: &Lists, profile: &Profile, key: &mut dyn FnMut(u64)) {
    mailbox_keys(lists, profile, key);
    for phone in &profile.phones {
        key(hash(5, u64::from(*phone), 0));
    }
    // Somebody may have half a name on the other side.
    for half in profile.given.joined.iter().chain(&profile.family.joined) {
        key(hash(6, u64::from(*half), 0));
    }
    if profile.given.joined.is_some() && profile.family.joined.is_some() {
        // Either half may have been put into the other's field.
        halves_by_beginning(lists, &profile.given, &profile.family, key);
        halves_by_beginning(lists, &profile.family, &profile.given, key);
        nickname_keys(lists, profile, key);
    }
}

/// Keys of one half in full and the other's beginning.
fn halves_by_beginning(lists: &Lists, one: &Half, other: &Half, key: &mut dyn FnMut(u64)) {
    let Some(joined) = other.joined else { return };
    let beginning = lists.names.text(joined).chars().next().unwrap_or_default();
    for word in one.words.iter().chain(&one.joined) {
        key(hash_letters(7, lists.names.loose(*word).chars(), u64::from(beginning)));
    }
}

/// Keys of both halves in their looser forms.
fn halves(lists: &Lists, one: &Half, other: &Half, key: &mut dyn FnMut(u64)) {
    let names = &lists.names;
    let (Some(first), Some(joined)) = (one.joined, other.joined) else { return };
    let skeleton = |text: &str| -> Vec<char> {
        let mut signs: Vec<char> = text.chars().filter(|sign| !"aeiouh".contains(*sign)).collect();
        signs.sort_unstable();
        signs.dedup();
        signs
    };
    let (one, other) = (names.loose(first), names.loose(joined));
    let both = skeleton(one).into_iter().chain(['|']).chain(skeleton(other));
    key(hash_letters(8, both, 0));
    // Beginnings and ends that a typing error elsewhere leaves alone.
    let three = |text: &str| text.chars().take(3).collect::<Vec<_>>();
    let last = |text: &str| text.chars().rev().take(3).collect::<Vec<_>>();
    key(hash_letters(9, three(one).into_iter().chain(['|']).chain(three(other)), 0));
    key(hash_letters(10, last(one).into_iter().chain(['|']).chain(last(other)), 0));
    key(hash_letters(11, three(one).into_iter().chain(['|']).chain(last(other)), 0));
    // The whole of one half, and one letter less of the other.
    let text = names.text(joined);
    let signs: Vec<char> = text.chars().collect();
    let whole = u64::from(first);
    key(hash_letters(12, signs.iter().copied(), whole));
    for skipped in 0..signs.len().min(14) {
        let rest = signs.iter().enumerate().filter(|(at, _)| *at != skipped).map(|(_, sign)| *sign);
        key(hash_letters(12, rest, whole));
    }
}

fn nickname_keys(lists: &Lists, profile: &Profile, key: &mut dyn FnMut(u64)) {
    let Some(family) = profile.family.joined else { return };
    let Some(word) = profile.given.words.first() else { return };
    let (given, family) = (lists.names.text(*word), lists.names.loose(family));
    for line in nicknames::lines_of(given) {
        key(hash_letters(13, family.chars(), u64::from(*line)));
    }
    for name in lists.by_rule(given) {
        key(hash_letters(14, family.chars().chain(['|']).chain(name.chars()), 0));
    }
}

/// A kind of key and two numbers.
fn hash(kind: u64, one: u64, other: u64) -> u64 {
    hash::of([kind, one, other])
}

fn hash_letters(kind: u64, letters: impl Iterator<Item = char>, other: u64) -> u64 {
    hash::of([kind, other, 1].into_iter().chain(letters.map(u64::from)))
}
