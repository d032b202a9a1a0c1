//! Which accounts and contacts are worth comparing: those that share a key. Comparing each with each
//! would take a company of ten thousand a hundred million comparisons.

use std::{collections::HashMap, hash::BuildHasherDefault};

use crate::{
    evidence::is_generic,
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
    hold(
        lists,
        &mut keys,
        |_| true,
        |_| true,
        |profile, key| {
            for address in &profile.addresses {
                key(hash(1, u64::from(address.whole), 0));
            }
            if let Some(name) = profile.key {
                key(hash(2, u64::from(name), 0));
            }
        },
    );
    pairs(&keys, MOST_PAIRS_PER_KEY)
}

/// Pairs that share something weaker, of those who are not settled yet.
pub(crate) fn by_weak_keys(
    lists: &Lists,
    account_is_open: impl Fn(usize) -> bool,
    contact_is_open: impl Fn(usize) -> bool,
) -> Vec<(u32, u32)> {
    let mut keys = Keys::default();
    hold(lists, &mut keys, account_is_open, contact_is_open, |profile, key| weak_keys(lists, profile, key));
    pairs(&keys, MOST_PAIRS_PER_WEAK_KEY)
}

fn hold(
    lists: &Lists,
    keys: &mut Keys,
    account_is_open: impl Fn(usize) -> bool,
    contact_is_open: impl Fn(usize) -> bool,
    of: impl Fn(&Profile, &mut dyn FnMut(u64)),
) {
    for (at, profile) in (0..).zip(&lists.accounts).filter(|(at, _)| account_is_open(*at as usize)) {
        of(profile, &mut |key| keys.entry(key).or_default().accounts.push(at));
    }
    // A key that no account has leads nowhere.
    for (at, profile) in (0..).zip(&lists.contacts).filter(|(at, _)| contact_is_open(*at as usize)) {
        of(profile, &mut |key| {
            if let Some(holders) = keys.get_mut(&key) {
                holders.contacts.push(at);
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
    for address in &profile.addresses {
        let local = lists.locals.text(address.local);
        if !is_generic(local) {
            key(hash(3, u64::from(address.local), 0));
        }
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
    for phone in &profile.phones {
        key(hash(5, u64::from(*phone), 0));
    }
    match (profile.given.joined, profile.family.joined) {
        (Some(_), Some(_)) => {
            // Either half may have been put into the other's field.
            halves(lists, &profile.given, &profile.family, key);
            halves(lists, &profile.family, &profile.given, key);
            nickname_keys(lists, profile, key);
        }
        (Some(only), None) | (None, Some(only)) => key(hash(6, u64::from(only), 0)),
        (None, None) => {}
    }
    // Somebody with half a name on the other side.
    for half in [&profile.given, &profile.family] {
        if let (Some(joined), true) =
            (half.joined, profile.given.joined.is_some() && profile.family.joined.is_some())
        {
            key(hash(6, u64::from(joined), 0));
        }
    }
}

/// Keys of one half in full and the other's beginning, and of both in their looser forms.
fn halves(lists: &Lists, one: &Half, other: &Half, key: &mut dyn FnMut(u64)) {
    let names = &lists.names;
    let Some(joined) = other.joined else { return };
    let beginning = names.text(joined).chars().next().unwrap_or_default();
    for word in one.words.iter().chain(&one.joined) {
        key(hash_letters(7, names.loose(*word).chars(), u64::from(beginning)));
    }
    let Some(first) = one.joined else { return };
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

/// FNV-1a over a kind of key and two numbers: the same on every machine.
fn hash(kind: u64, one: u64, other: u64) -> u64 {
    [kind, one, other].into_iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, part| {
        (hash ^ part).wrapping_mul(0x0100_0000_01b3).rotate_left(23)
    })
}

fn hash_letters(kind: u64, letters: impl Iterator<Item = char>, other: u64) -> u64 {
    letters.fold(hash(kind, other, 1), |hash, letter| {
        (hash ^ u64::from(letter)).wrapping_mul(0x0100_0000_01b3).rotate_left(23)
    })
}
