//! What a company's own two lists say about words: how many people have a name, an address, a number.
//! Rare agreement counts for more than common agreement.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

use crate::{
    Account, Contact, Policy, Rule, Slot,
    evidence::is_generic,
    hash, mapping,
    name::{Name, Part, loose},
    normal,
};

/// A quick hash for tables that only we fill and that live for one preparation. Somebody who chose
/// a company's names with care could make it slow, and not wrong.
#[derive(Debug, Default)]
pub(crate) struct Fast(u64);

impl Hasher for Fast {
    fn finish(&self) -> u64 {
        // A multiplication mixes upwards; tables look at the lower end.
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

/// Texts as numbers, with how often each is held.
#[derive(Debug, Default)]
pub(crate) struct Words {
    by_text: HashMap<String, u32, BuildHasherDefault<Fast>>,
    words: Vec<Word>,
}

#[derive(Debug)]
struct Word {
    text: String,
    loose: String,
    accounts: u32,
    contacts: u32,
}

/// Which list somebody stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Accounts,
    Contacts,
}

impl Words {
    /// The number of a text, which somebody in this list has.
    fn held(&mut self, text: &str, side: Side, with_loose: bool) -> u32 {
        let number = self.by_text.get(text).copied().unwrap_or_else(|| {
            let number = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
            self.by_text.insert(text.to_owned(), number);
            let loose = if with_loose { loose(text) } else { String::new() };
            self.words.push(Word { text: text.to_owned(), loose, accounts: 0, contacts: 0 });
            number
        });
        let word = &mut self.words[number as usize];
        match side {
            Side::Accounts => word.accounts += 1,
            Side::Contacts => word.contacts += 1,
        }
        number
    }

    pub(crate) fn text(&self, word: u32) -> &str {
        &self.words[word as usize].text
    }

    pub(crate) fn loose(&self, word: u32) -> &str {
        &self.words[word as usize].loose
    }

    /// How many on either side have it.
    pub(crate) fn holders(&self, word: u32) -> (u32, u32) {
        let word = &self.words[word as usize];
        (word.accounts, word.contacts)
    }
}

/// One half of a name, as numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Half {
    pub(crate) words: Vec<u32>,
    pub(crate) joined: Option<u32>,
}

/// An e-mail address, as numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Address {
    pub(crate) whole: u32,
    pub(crate) local: u32,
    pub(crate) domain: u32,
}

/// What is compared of one account or contact.
#[derive(Clone, Debug, Default)]
pub(crate) struct Profile {
    pub(crate) given: Half,
    pub(crate) family: Half,
    pub(crate) addresses: Vec<Address>,
    /// An account's logon name, as the part of an address before the @ that it often is.
    pub(crate) logon: Option<Address>,
    pub(crate) phones: Vec<u32>,
    pub(crate) title: Option<u32>,
    pub(crate) department: Option<u32>,
    pub(crate) city: Option<u32>,
    /// The key of the whole name.
    pub(crate) key: Option<u32>,
}

/// Both lists.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    pub(crate) names: Words,
    pub(crate) keys: Words,
    pub(crate) mail: Words,
    pub(crate) locals: Words,
    pub(crate) domains: Words,
    pub(crate) phones: Words,
    pub(crate) facts: Words,
    pub(crate) accounts: Vec<Profile>,
    pub(crate) contacts: Vec<Profile>,
    /// Domains that are another one here.
    domain_is: HashMap<String, String>,
    /// Given names, folded, that are forms of one name here.
    same_names: Vec<[String; 2]>,
}

/// Texts one after the other without doubled letters, as one hash.
fn letters(texts: &[&str]) -> u64 {
    let mut before = None;
    let letters = texts.iter().flat_map(|text| text.chars()).filter(|sign| sign.is_alphanumeric());
    hash::of(letters.filter(|letter| before.replace(*letter) != Some(*letter)).map(u64::from))
}

/// As many digits at the end of a number as two notations of it share.
const PHONE_DIGITS: usize = 8;

impl Lists {
    pub(crate) fn new(accounts: &[Account], contacts: &[Contact], policy: &Policy) -> Self {
        let mut lists = Self::default();
        for rule in &policy.rules {
            match rule {
                Rule::SameDomain(old, new) => {
                    lists.domain_is.entry(old.clone()).or_insert_with(|| new.clone());
                }
                Rule::SameName(form, name) => {
                    lists.same_names.push([form, name].map(|name| normal::fold(name)));
                }
                _ => {}
            }
        }
        for account in accounts {
            let (given, family) = mapping::name_parts(account);
            let phones = [&account.telephone, &account.mobile].into_iter().flatten().map(String::as_str);
            let facts = [&account.title, &account.department, &account.city].map(Option::as_deref);
            let addresses = account.addresses();
            let mut profile =
                lists.profile(Side::Accounts, &Name::new(&given, &family), addresses, phones, facts);
            profile.logon = lists.logon(&account.logon_name);
            lists.accounts.push(profile);
        }
        for contact in contacts {
            let numbers = contact.communications.iter();
            let phones = numbers
                .filter(|item| matches!(item.slot, Slot::Direct | Slot::Mobile | Slot::OtherPhone))
                .map(|item| item.value.as_str());
            let facts = [&contact.title, &contact.department, &contact.city].map(|text| Some(text.as_str()));
            let name = Name::new(&contact.first_name, &contact.last_name);
            let profile = lists.profile(Side::Contacts, &name, contact.addresses(), phones, facts);
            lists.contacts.push(profile);
        }
        lists
    }

    fn profile<'a>(
        &mut self,
        side: Side,
        name: &Name,
        addresses: impl Iterator<Item = &'a str>,
        phones: impl Iterator<Item = &'a str>,
        [title, department, city]: [Option<&str>; 3],
    ) -> Profile {
        let mut held: Vec<Address> = Vec::new();
        for text in addresses.filter_map(normal::address) {
            let Some((local, domain)) = text.split_once('@') else { continue };
            let renamed = self.domain_is.get(domain).map(|domain| format!("{local}@{domain}"));
            let text = renamed.as_deref().unwrap_or(&text);
            let Some((local, domain)) = text.split_once('@') else { continue };
            if held.iter().any(|known| self.mail.text(known.whole) == text) {
                continue;
            }
            held.push(Address {
                whole: self.mail.held(text, side, false),
                local: self.locals.held(local, side, false),
                domain: self.domains.held(domain, side, false),
            });
        }
        let mut numbers: Vec<u32> = Vec::new();
        for digits in phones.flat_map(numbers_of) {
            if !numbers.iter().any(|known| self.phones.text(*known) == digits) {
                numbers.push(self.phones.held(&digits, side, false));
            }
        }
        let fact = |facts: &mut Words, text: Option<&str>| {
            text.map(normal::fold).filter(|text| !text.is_empty()).map(|text| facts.held(&text, side, false))
        };
        Profile {
            given: self.half(&name.given, side),
            family: self.half(&name.family, side),
            addresses: held,
            logon: None,
            phones: numbers,
            title: fact(&mut self.facts, title),
            department: fact(&mut self.facts, department),
            city: fact(&mut self.facts, city),
            key: name.key().map(|key| self.keys.held(&key, side, false)),
        }
    }

    /// The letters of the mailboxes that somebody with this name would have (annsmith, smithann, asmith,
    /// anns), in their looser forms, as hashes.
    pub(crate) fn mailboxes_by_name(&self, profile: &Profile) -> Vec<u64> {
        let (Some(given), Some(family)) = (profile.given.joined, profile.family.joined) else {
            return Vec::new();
        };
        let (given, family) = (self.names.loose(given), self.names.loose(family));
        let beginning = |text: &str| text.chars().take(1).collect::<String>();
        let long = |text: &str| text.chars().nth(3).is_some();
        let mut made = Vec::new();
        if long(given) || long(family) {
            made.extend([letters(&[given, family]), letters(&[family, given])]);
        }
        if long(family) {
            made.extend([letters(&[&beginning(given), family]), letters(&[family, &beginning(given)])]);
        }
        if long(given) {
            made.push(letters(&[given, &beginning(family)]));
        }
        made
    }

    /// The same of the mailbox that an address has; none for nobody's in particular.
    pub(crate) fn mailbox(&self, address: Address) -> Option<u64> {
        let local = self.locals.text(address.local);
        let plain: String = normal::fold(local.trim_end_matches(|sign: char| sign.is_ascii_digit()))
            .chars()
            .filter(|sign| *sign != ' ')
            .collect();
        (plain.chars().nth(3).is_some() && !is_generic(local)).then(|| letters(&[&loose(&plain)]))
    }

    /// The names that rules say a given name is a form of; the name itself among them.
    pub(crate) fn by_rule(&self, given: &str) -> impl Iterator<Item = &str> {
        let rules = self.same_names.iter().filter(move |names| names.iter().any(|name| name == given));
        rules.map(|[_, name]| name.as_str())
    }

    /// A logon name stands at no domain.
    fn logon(&mut self, name: &str) -> Option<Address> {
        let local = name.to_lowercase();
        let nowhere = u32::MAX;
        (!local.is_empty()).then(|| Address {
            whole: nowhere,
            local: self.locals.held(&local, Side::Accounts, false),
            domain: nowhere,
        })
    }

    fn half(&mut self, part: &Part, side: Side) -> Half {
        if part.is_empty() {
            return Half::default();
        }
        let joined = self.names.held(&part.joined, side, true);
        let words = match part.words.as_slice() {
            [only] if *only == part.joined => vec![joined],
            words => words.iter().map(|word| self.names.held(word, side, true)).collect(),
        };
        Half { words, joined: Some(joined) }
    }
}

/// Signs and words before an extension.
const EXTENSION: [&str; 7] = ["ext", "x", "#", "durchwahl", "poste", "toestel", "tlf"];

/// The ends of the numbers that a text may mean: "030 241 8000 ext 787" is the switchboard, and the
/// number behind it is the switchboard's with the extension in place of its last digits.
fn numbers_of(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let cut = EXTENSION.iter().filter_map(|word| Some((lower.find(word)?, word.len()))).min();
    let Some((at, length)) = cut.filter(|(at, _)| *at > 0) else {
        return last_digits(text).into_iter().collect();
    };
    let extension: String = lower[at + length..].chars().filter(char::is_ascii_digit).collect();
    let Some(main) = last_digits(&lower[..at]) else { return last_digits(text).into_iter().collect() };
    let direct = main.len().checked_sub(extension.len()).filter(|_| (2..=5).contains(&extension.len()));
    direct.map(|from| format!("{}{extension}", &main[..from])).into_iter().chain([main]).collect()
}

/// None for what is too short to be anybody's own number.
fn last_digits(text: &str) -> Option<String> {
    let digits: String = text.replace("(0)", "").chars().filter(char::is_ascii_digit).collect();
    let from = digits.len().checked_sub(PHONE_DIGITS).or_else(|| (digits.len() >= 7).then_some(0))?;
    Some(digits[from..].to_owned())
}

/// Ten times the binary logarithm of a ratio: with straight lines between the powers of two, so that
/// it is the same on every machine.
pub(crate) fn tenths_of_bits(above: u64, below: u64) -> i32 {
    log(above) - log(below)
}

fn log(number: u64) -> i32 {
    let number = number.max(1);
    let power = number.ilog2();
    let rest = number - (1 << power);
    let tenths = u128::from(power) * 10 + ((u128::from(rest) * 10) >> power);
    i32::try_from(tenths).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_whole_and_grow() {
        assert_eq!([1, 2, 3, 4, 1024].map(log), [0, 10, 15, 20, 100]);
        assert_eq!(tenths_of_bits(100, 100), 0);
        assert_eq!(log(u64::MAX), 639);
        assert!((1..5_000).all(|number| log(number) <= log(number + 1)));
    }

    #[test]
    fn a_number_is_known_by_its_end() {
        assert_eq!(last_digits("+31 (0)10 555 0142"), last_digits("010-5550142"));
        assert_eq!(last_digits("142"), None);
    }

    #[test]
    fn an_extension_is_a_number_behind_the_switchboard() {
        let direct = last_digits("+31 30 241 8787").expect("it is one");
        let main = last_digits("030 241 8000").expect("it is one");
        assert_eq!(numbers_of("(030) 241 8000 ext 787"), [direct.as_str(), main.as_str()]);
        assert_eq!(numbers_of("+31 30 241 8787"), [direct]);
        assert_eq!(numbers_of("x787"), [""; 0]);
        assert_eq!(numbers_of("030 241 8000 ext"), [main]);
    }
}
