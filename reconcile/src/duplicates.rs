//! Contacts of the PSA that look like one person entered twice.

use crate::{
    Contact,
    evidence::{Clues, is_generic},
    lists::Lists,
    normal::Agreement,
};

/// More contacts than this under one key say that the key is nobody's own.
const MOST_ALIKE: usize = 8;

/// Of each active contact the first other active one that has its address and a name that does not
/// contradict, or its name and nothing that tells them apart.
pub(crate) fn of(lists: &Lists, contacts: &[Contact]) -> Vec<Option<usize>> {
    // What they share, an address or a name, and the contact.
    let mut held: Vec<(bool, u32, usize)> = Vec::new();
    for (at, profile) in lists.contacts.iter().enumerate().filter(|(at, _)| !contacts[*at].inactive) {
        let own = profile.addresses.iter().filter(|address| !is_generic(lists.locals.text(address.local)));
        held.extend(own.map(|address| (true, address.whole, at)));
        held.extend(profile.key.map(|name| (false, name, at)));
    }
    held.sort_unstable();
    let mut first: Vec<Option<usize>> = vec![None; contacts.len()];
    let groups = held.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1));
    for group in groups.filter(|group| (2..=MOST_ALIKE).contains(&group.len())) {
        for &(by_address, _, one) in group {
            for &(_, _, other) in group.iter().filter(|(_, _, other)| *other != one) {
                let is_one =
                    if by_address { names_agree(lists, one, other) } else { !are_two(lists, one, other) };
                if is_one && first[one].is_none_or(|known| other < known) {
                    first[one] = Some(other);
                }
            }
        }
    }
    first
}

fn names_agree(lists: &Lists, one: usize, other: usize) -> bool {
    let names = lists.names(&lists.contacts[one], &lists.contacts[other], &mut Clues::default()).0;
    names != Agreement::Contradict
}

/// Two of one name: each has an address or a number, and none in common.
fn are_two(lists: &Lists, one: usize, other: usize) -> bool {
    let (one, other) = (&lists.contacts[one], &lists.contacts[other]);
    let shares_address = one.addresses.iter().any(|held| other.addresses.contains(held));
    let shares_phone = one.phones.iter().any(|held| other.phones.contains(held));
    let apart_by_address = !one.addresses.is_empty() && !other.addresses.is_empty() && !shares_address;
    let apart_by_phone = !one.phones.is_empty() && !other.phones.is_empty() && !shares_phone;
    (apart_by_address || apart_by_phone) && !shares_address && !shares_phone
}
