//! What speaks for an account and a contact being one person, and what speaks against it.
//!
//! Everything counts in tenths of a bit: how many times likelier the observation is when they are
//! one person. What is rare in the company's own lists counts for more ("Smith" proves little), and
//! that there are many to choose from counts against each of them. So the sum says how sure one may
//! be, whatever the size of the company.

use serde::{Deserialize, Serialize};

use crate::{
    lists::{Address, Half, Lists, Profile, Words, tenths_of_bits},
    normal::{
        Agreement, nicknames,
        similar::{distance, letters_apart},
    },
};

/// Something that two people have in common, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Clue {
    /// An address, and nobody else has it.
    SameAddress,
    /// An address that others have as well.
    SharedAddress,
    /// Addresses that differ by a typing error.
    AlikeAddress,
    /// The part before the @, at another domain.
    SameMailbox,
    /// An address that somebody of this name would have.
    NameInAddress,
    /// Both have addresses, and none alike.
    OtherAddress,
    /// The whole name.
    SameName,
    /// The name, given and family name exchanged.
    SwappedNames,
    /// A name that is spelled in another way.
    OtherSpelling,
    /// One goes by a short or pet form.
    Nickname,
    /// One has an initial only.
    Initial,
    /// One has a part of the other's name.
    PartOfName,
    /// A name with a typing error.
    AlikeName,
    /// One has half a name only.
    HalfName,
    /// Another given name.
    OtherGivenName,
    /// Another family name.
    OtherFamilyName,
    /// The name is rare in this company.
    RareName,
    /// Several people in this company have the name or a half of it.
    CommonName,
    /// A telephone number.
    SamePhone,
    /// A city.
    SameCity,
    /// Another city.
    OtherCity,
    /// A title.
    SameTitle,
    /// A department.
    SameDepartment,
}

impl Clue {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 23] = [
        Self::SameAddress,
        Self::SharedAddress,
        Self::AlikeAddress,
        Self::SameMailbox,
        Self::NameInAddress,
        Self::OtherAddress,
        Self::SameName,
        Self::SwappedNames,
        Self::OtherSpelling,
        Self::Nickname,
        Self::Initial,
        Self::PartOfName,
        Self::AlikeName,
        Self::HalfName,
        Self::OtherGivenName,
        Self::OtherFamilyName,
        Self::RareName,
        Self::CommonName,
        Self::SamePhone,
        Self::SameCity,
        Self::OtherCity,
        Self::SameTitle,
        Self::SameDepartment,
    ];
}

/// A set of clues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Vec<Clue>", from = "Vec<Clue>")]
pub struct Clues(u32);

impl Clues {
    /// Whether this one is among them.
    #[must_use]
    pub const fn has(self, clue: Clue) -> bool {
        self.0 & (1 << clue as u8) != 0
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn add(&mut self, clue: Clue) {
        self.0 |= 1 << clue as u8;
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Clue> {
        Clue::ALL.into_iter().filter(move |clue| self.has(*clue))
    }
}

impl From<Clues> for Vec<Clue> {
    fn from(clues: Clues) -> Self {
        clues.iter().collect()
    }
}

impl From<Vec<Clue>> for Clues {
    fn from(clues: Vec<Clue>) -> Self {
        let mut set = Self::default();
        for clue in clues {
            set.add(clue);
        }
        set
    }
}

/// All that was found of one pair.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Evidence {
    pub(crate) clues: Clues,
    /// In tenths of a bit, what there is to choose from taken off: at 0 it is as likely as not.
    pub(crate) score: i32,
    pub(crate) names: Agreement,
}

// Weights, in tenths of a bit. They were chosen by hand and held against labelled lists.
const SPELLING: i32 = 5;
const SWAP: i32 = 10;
const PART: i32 = 12;
const NICKNAME: i32 = 25;
const INITIAL: i32 = 25;
const TYPO: i32 = 30;
const TYPO_STEP: i32 = 14;
const LEAST: i32 = 12;
const HALF: i32 = 6;
const OTHER_GIVEN: i32 = 50;
const OTHER_FAMILY: i32 = 60;
const ADDRESS: i32 = 70;
const ALIKE_ADDRESS: i32 = 40;
const GENERIC_ADDRESS: i32 = 30;
const MAILBOX: i32 = 20;
const NAME_IN_ADDRESS: i32 = 65;
const OTHER_ADDRESS: i32 = 25;
const OTHER_ADDRESS_SAME_DOMAIN: i32 = 55;
const OTHER_CITY: i32 = 18;
const MOST_CITY: i32 = 35;
const MOST_TITLE: i32 = 30;
const MOST_DEPARTMENT: i32 = 20;
const MOST_NAME: i32 = 140;
/// So many people beside those of the company give a name its frequency: in a company of five every
/// name is rare, and "John" still proves less than "Bartholomew".
const BACKGROUND: u64 = 200;
/// How many of them have one given name, and one family name, in tenths.
const GIVEN_IN_BACKGROUND: u64 = 10;
const FAMILY_IN_BACKGROUND: u64 = 2;
/// A name of this weight is rare.
const RARE: i32 = 150;

/// Mailboxes of nobody in particular.
const GENERIC: &[&str] = &[
    "info",
    "sales",
    "admin",
    "office",
    "support",
    "contact",
    "mail",
    "hello",
    "accounts",
    "accounting",
    "invoices",
    "invoice",
    "billing",
    "hr",
    "jobs",
    "reception",
    "service",
    "help",
    "helpdesk",
    "it",
    "noreply",
    "no-reply",
    "scan",
    "scanner",
    "printer",
    "postmaster",
    "webmaster",
    "marketing",
    "orders",
    "purchasing",
    "team",
    "shop",
];

/// How two halves of a name stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Likeness {
    Same,
    Spelling,
    Part,
    Nickname,
    Initial,
    Typo,
    Missing,
    Other,
}

/// Whether a mailbox of this name is nobody's in particular.
pub(crate) fn is_generic(local: &str) -> bool {
    GENERIC.contains(&local)
}

impl Lists {
    /// Compares an account with a contact, by their places in the lists.
    pub(crate) fn compare(&self, account: usize, contact: usize) -> Evidence {
        let (a, c) = (&self.accounts[account], &self.contacts[contact]);
        let mut clues = Clues::default();
        let (names, mut score) = self.names(a, c, &mut clues);
        score += self.addresses(a, c, &mut clues);
        let met = [Clue::SameAddress, Clue::SharedAddress, Clue::AlikeAddress, Clue::SameMailbox];
        let met = met.into_iter().any(|clue| clues.has(clue));
        if names != Agreement::Same && !met && self.name_in_address(a, c) {
            clues.add(Clue::NameInAddress);
            score += NAME_IN_ADDRESS;
        }
        score += self.phones(a, c, &mut clues);
        score += self.facts(a, c, &mut clues);
        // One of the contacts, or none of them: the more there are, the more are alike by chance.
        score -= tenths_of_bits(self.contacts.len().max(self.accounts.len()) as u64, 1);
        Evidence { clues, score, names }
    }

    pub(crate) fn names(&self, a: &Profile, c: &Profile, clues: &mut Clues) -> (Agreement, i32) {
        let straight = (self.given(&a.given, &c.given), self.family(&a.family, &c.family));
        let total = |pair: ((Likeness, i32), (Likeness, i32))| pair.0.1 + pair.1.1;
        let mut best = straight;
        let mut swapped = false;
        let fits = |(likeness, _): (Likeness, i32)| {
            !matches!(likeness, Likeness::Other | Likeness::Typo | Likeness::Missing)
        };
        if a.given.joined.is_some() && a.family.joined.is_some() && !(fits(straight.0) && fits(straight.1)) {
            let crossed = (self.given(&a.given, &c.family), self.family(&a.family, &c.given));
            swapped = total(crossed) - SWAP > total(straight);
            if swapped {
                best = crossed;
            }
        }
        let ((given, _), (family, _)) = best;
        let score = total(best) - if swapped { SWAP } else { 0 };
        let halves = [given, family];
        let has = |likeness| halves.contains(&likeness);
        let whole = halves.iter().all(|half| matches!(half, Likeness::Same | Likeness::Spelling));
        for (likeness, clue) in [
            (Likeness::Spelling, Clue::OtherSpelling),
            (Likeness::Part, Clue::PartOfName),
            (Likeness::Nickname, Clue::Nickname),
            (Likeness::Initial, Clue::Initial),
            (Likeness::Typo, Clue::AlikeName),
            (Likeness::Missing, Clue::HalfName),
        ] {
            if has(likeness) {
                clues.add(clue);
            }
        }
        if given == Likeness::Other {
            clues.add(Clue::OtherGivenName);
        }
        if family == Likeness::Other {
            clues.add(Clue::OtherFamilyName);
        }
        if swapped && !has(Likeness::Other) {
            clues.add(Clue::SwappedNames);
        }
        if whole {
            clues.add(Clue::SameName);
            clues.add(if score >= RARE { Clue::RareName } else { Clue::CommonName });
        }
        let agreement = if halves == [Likeness::Missing; 2] {
            Agreement::Unknown
        } else if has(Likeness::Other) {
            Agreement::Contradict
        } else if whole {
            Agreement::Same
        } else {
            Agreement::Compatible
        };
        (agreement, score)
    }

    fn given(&self, a: &Half, c: &Half) -> (Likeness, i32) {
        self.halves(a, c, GIVEN_IN_BACKGROUND, OTHER_GIVEN)
    }

    fn family(&self, a: &Half, c: &Half) -> (Likeness, i32) {
        self.halves(a, c, FAMILY_IN_BACKGROUND, OTHER_FAMILY)
    }

    /// What it says that two people share this word of a name.
    fn rarity(&self, word: u32, in_background: u64) -> i32 {
        let (accounts, contacts) = self.names.holders(word);
        // The two who are compared do not make the name common.
        let others = u64::from(accounts.saturating_sub(1)) + u64::from(contacts.saturating_sub(1));
        let people = (self.accounts.len() + self.contacts.len()) as u64 + BACKGROUND;
        tenths_of_bits(people * 10, others * 10 + in_background).min(MOST_NAME)
    }

    fn halves(&self, a: &Half, c: &Half, in_background: u64, other: i32) -> (Likeness, i32) {
        let (Some(one), Some(two)) = (a.joined, c.joined) else {
            return (Likeness::Missing, -HALF);
        };
        let rarity = |word| self.rarity(word, in_background);
        let common = || rarity(one).min(rarity(two));
        if one == two {
            return (Likeness::Same, rarity(one));
        }
        let names = &self.names;
        if names.loose(one) == names.loose(two) {
            return (Likeness::Spelling, (common() - SPELLING).max(LEAST));
        }
        let (text, other_text) = (names.text(one), names.text(two));
        if cut(text, other_text) {
            return (Likeness::Same, common());
        }
        if let Some(shared) = part_of(names, a, c) {
            return (Likeness::Part, (rarity(shared) - PART).max(LEAST));
        }
        let (first, second) =
            (a.words.first().copied().unwrap_or(one), c.words.first().copied().unwrap_or(two));
        let (head, other_head) = (names.text(first), names.text(second));
        if initial(head, other_head) {
            return (Likeness::Initial, INITIAL);
        }
        if in_background == GIVEN_IN_BACKGROUND
            && (nicknames::same_person_may_use(head, other_head)
                || short_form(head, other_head)
                || self.by_rule(head).any(|name| self.by_rule(other_head).any(|other| name == other)))
        {
            return (Likeness::Nickname, (common() - NICKNAME).max(LEAST));
        }
        match typing_errors(text, other_text) {
            Some(errors) => (Likeness::Typo, (common() - TYPO - TYPO_STEP * errors).max(LEAST)),
            None => (Likeness::Other, -other),
        }
    }

    fn addresses(&self, a: &Profile, c: &Profile, clues: &mut Clues) -> i32 {
        if a.addresses.is_empty() || c.addresses.is_empty() {
            return 0;
        }
        let mut best: Option<(i32, Clue)> = None;
        let mut better = |score, clue| {
            if best.is_none_or(|(known, _)| score > known) {
                best = Some((score, clue));
            }
        };
        let people = tenths_of_bits((self.accounts.len() + self.contacts.len()) as u64, 1);
        for one in &a.addresses {
            for two in &c.addresses {
                if one.whole == two.whole {
                    let (accounts, contacts) = self.mail.holders(one.whole);
                    if is_generic(self.locals.text(one.local)) {
                        better(GENERIC_ADDRESS, Clue::SharedAddress);
                    } else if accounts * contacts == 1 {
                        better(people + ADDRESS, Clue::SameAddress);
                    } else {
                        let shared = tenths_of_bits(u64::from(accounts) * u64::from(contacts), 1);
                        better(
                            (people + ADDRESS - 20 - 2 * shared).max(GENERIC_ADDRESS),
                            Clue::SharedAddress,
                        );
                    }
                } else if alike(self.mail.text(one.whole), self.mail.text(two.whole)) {
                    better(people + ALIKE_ADDRESS, Clue::AlikeAddress);
                }
            }
        }
        for two in &c.addresses {
            if let Some(local) = self.same_mailbox(a, *two) {
                let (accounts, contacts) = self.locals.holders(local);
                let shared = tenths_of_bits(u64::from(accounts) * u64::from(contacts).max(1), 1);
                let length =
                    if self.locals.text(local).chars().nth(7).is_some() { people } else { people / 2 };
                better((length + MAILBOX - 2 * shared).max(LEAST), Clue::SameMailbox);
            }
        }
        if let Some((score, clue)) = best {
            clues.add(clue);
            return score;
        }
        clues.add(Clue::OtherAddress);
        let same_domain =
            a.addresses.iter().any(|one| c.addresses.iter().any(|two| one.domain == two.domain));
        -if same_domain { OTHER_ADDRESS_SAME_DOMAIN } else { OTHER_ADDRESS }
    }

    /// One has a mailbox that somebody of the other's name would have.
    fn name_in_address(&self, a: &Profile, c: &Profile) -> bool {
        let speaks = |name: &Profile, mail: &Profile| {
            let wanted = self.mailboxes_by_name(name);
            let mut own = mail.addresses.iter().chain(&mail.logon).filter_map(|one| self.mailbox(*one));
            own.any(|held| wanted.contains(&held))
        };
        speaks(a, c) || speaks(c, a)
    }

    /// The part before the @ of one is the other's at another domain, or its logon name, but for signs.
    /// At one domain a sign or a number more is what tells namesakes apart.
    fn same_mailbox(&self, a: &Profile, two: Address) -> Option<u32> {
        let wanted = self.mailbox(two)?;
        let digits =
            |one: Address| self.locals.text(one.local).bytes().filter(u8::is_ascii_digit).collect::<Vec<_>>();
        let own = a.addresses.iter().chain(&a.logon).filter(|one| one.domain != two.domain);
        let is_same = |one: &&Address| {
            one.local == two.local || self.mailbox(**one) == Some(wanted) && digits(**one) == digits(two)
        };
        own.copied().find(|one| is_same(&one)).map(|one| one.local)
    }

    fn phones(&self, a: &Profile, c: &Profile, clues: &mut Clues) -> i32 {
        let mut best = 0;
        for number in a.phones.iter().filter(|number| c.phones.contains(number)) {
            let (accounts, contacts) = self.phones.holders(*number);
            let shared = tenths_of_bits(u64::from(accounts) * u64::from(contacts), 1);
            let people = tenths_of_bits((self.accounts.len() + self.contacts.len()) as u64, 1);
            best = best.max(people + 30 - 2 * shared);
        }
        // A switchboard says nothing.
        if best <= LEAST {
            return 0;
        }
        clues.add(Clue::SamePhone);
        best
    }

    fn facts(&self, a: &Profile, c: &Profile, clues: &mut Clues) -> i32 {
        let people = (self.accounts.len() + self.contacts.len()) as u64;
        let worth = |fact: u32, most: i32| {
            let (accounts, contacts) = self.facts.holders(fact);
            tenths_of_bits(people, u64::from(accounts + contacts)).min(most)
        };
        let mut score = 0;
        if let (Some(one), Some(two)) = (a.city, c.city) {
            if one == two {
                score += worth(one, MOST_CITY);
                clues.add(Clue::SameCity);
            } else if typing_errors(self.facts.text(one), self.facts.text(two)).is_some() {
                score += worth(one, MOST_CITY).min(worth(two, MOST_CITY)) / 2;
                clues.add(Clue::SameCity);
            } else {
                score -= OTHER_CITY;
                clues.add(Clue::OtherCity);
            }
        }
        if let Some(title) = a.title.filter(|title| c.title == Some(*title)) {
            score += worth(title, MOST_TITLE);
            clues.add(Clue::SameTitle);
        }
        if let Some(department) = a.department.filter(|own| c.department == Some(*own)) {
            score += worth(department, MOST_DEPARTMENT);
            clues.add(Clue::SameDepartment);
        }
        score
    }
}

/// The PSA cuts a long name, and people cut at the same place.
fn cut(one: &str, other: &str) -> bool {
    const LONG: usize = 24;
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    short.len() >= LONG && long.starts_with(short)
}

/// The rarest word that one half has in common with the other, when all of the shorter one is in the
/// longer one.
fn part_of(names: &Words, a: &Half, c: &Half) -> Option<u32> {
    let (few, many) = if a.words.len() <= c.words.len() { (a, c) } else { (c, a) };
    let held = |word: &u32| many.words.iter().any(|other| names.loose(*other) == names.loose(*word));
    let long = |word: &&u32| names.text(**word).chars().nth(1).is_some();
    if !few.words.iter().all(held) {
        return None;
    }
    let fewest = |word: &&u32| {
        let (accounts, contacts) = names.holders(**word);
        accounts + contacts
    };
    few.words.iter().filter(long).min_by_key(fewest).copied()
}

fn initial(one: &str, other: &str) -> bool {
    let mut signs = one.chars();
    let mut others = other.chars();
    let (first, second) = (signs.next(), others.next());
    first.is_some() && first == second && (signs.next().is_none() || others.next().is_none())
}

/// "Chris" of "Christopher".
fn short_form(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    short.chars().nth(2).is_some() && long.starts_with(short)
}

/// How many typing errors make one word the other; none if it would take too many.
fn typing_errors(one: &str, other: &str) -> Option<i32> {
    let length = one.chars().count().min(other.chars().count());
    let most = match length {
        0..=2 => return None,
        3..=4 => 1,
        5..=7 => 2,
        _ => 3,
    };
    if let Some(errors) = distance(one, other, most) {
        return i32::try_from(errors).ok();
    }
    // The same letters in a heap are a hurried hand's.
    let apart = letters_apart(one, other);
    (length >= 4 && apart <= usize::from(length >= 6)).then_some(3)
}

/// Whether one address is the other with typing errors: a letter in the part before the @ (not the
/// first one: it tells people apart), or the letters of the whole in another order.
fn alike(one: &str, other: &str) -> bool {
    const SHORTEST_LOCAL: usize = 6;
    const SHORTEST: usize = 12;
    let (Some((local, domain)), Some((other_local, other_domain))) =
        (one.split_once('@'), other.split_once('@'))
    else {
        return false;
    };
    // A digit more is another person of the same name.
    let digits = |text: &str| {
        let mut digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
        digits.sort_unstable();
        digits
    };
    if digits(one) != digits(other) {
        return false;
    }
    if domain == other_domain {
        let long = local.len().min(other_local.len()) >= SHORTEST_LOCAL;
        let begins_alike = local.chars().next() == other_local.chars().next();
        return long
            && (begins_alike && distance(local, other_local, 1).is_some()
                || letters_apart(local, other_local) == 0);
    }
    one.len().min(other.len()) >= SHORTEST && letters_apart(one, other) <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_errors_are_few() {
        for (one, other, expected) in [
            ("smith", "smyth", Some(1)),
            ("julia", "juila", Some(1)),
            ("james", "saejm", Some(3)),
            ("ann", "bob", None),
            ("jo", "joe", None),
            ("taylor", "tailor", Some(1)),
            ("green", "brown", None),
        ] {
            assert_eq!(typing_errors(one, other), expected, "{one} {other}");
        }
    }

    #[test]
    fn addresses_with_typing_errors_are_alike() {
        assert!(alike("hannah88@powers.com", "hannah88opowersc@m"));
        assert!(alike("ann.smith@harbor.example", "ann.smiht@harbor.example"));
        assert!(!alike("ann.smith@harbor.example", "ben.smith@harbor.example"));
        assert!(!alike("john.smith1@harbor.example", "john.smith2@harbor.example"));
        assert!(!alike("john.smith@harbor.example", "john.smith2@harbor.example"));
        assert!(!alike("a@x.nl", "b@x.nl"));
    }

    #[test]
    fn clues_are_a_set() {
        let clues = Clues::from(vec![Clue::SameTitle, Clue::SameAddress]);
        assert_eq!(Vec::from(clues), [Clue::SameAddress, Clue::SameTitle]);
        assert!(clues.has(Clue::SameTitle) && !clues.has(Clue::SameCity));
        for (place, clue) in Clue::ALL.into_iter().enumerate() {
            assert_eq!(clue as usize, place);
        }
    }
}
