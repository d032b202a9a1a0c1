//! Normalised values: what two systems may write differently and still mean the same.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// An e-mail address for comparing: trimmed and in lower case. `None` for what has not the shape
/// of an address (one `@` with text on both sides, no white space).
#[must_use]
pub fn address(text: &str) -> Option<String> {
    let text = text.trim();
    let (local, domain) = text.split_once('@')?;
    let well_formed = !local.is_empty()
        && !domain.is_empty()
        && !domain.contains('@')
        && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    well_formed.then(|| text.to_lowercase())
}

/// A name for comparing: lower case, without diacritics, punctuation as spaces.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for sign in text.nfkd().filter(|sign| !unicode_normalization::char::is_combining_mark(*sign)) {
        if !sign.is_alphanumeric() {
            // An apostrophe joins (O'Brien is one word, however it is written).
            gap |= !matches!(sign, '\'' | '’' | '‘' | '`' | '´');
            continue;
        }
        if gap && !folded.is_empty() {
            folded.push(' ');
        }
        gap = false;
        for lower in sign.to_lowercase() {
            match lower {
                'ø' => folded.push('o'),
                'ł' => folded.push('l'),
                'đ' | 'ð' => folded.push('d'),
                'ı' => folded.push('i'),
                'ß' => folded.push_str("ss"),
                'æ' => folded.push_str("ae"),
                'œ' => folded.push_str("oe"),
                'þ' => folded.push_str("th"),
                other => folded.push(other),
            }
        }
    }
    folded
}

/// The digits of a telephone number that two notations share: without punctuation, trunk zero and
/// country code differ, so two numbers are the same when the shorter is the other's ending and
/// long enough to mean something.
#[must_use]
pub fn same_number(one: &str, other: &str) -> bool {
    let digits = |text: &str| -> String {
        text.replace("(0)", "").chars().filter(char::is_ascii_digit).collect::<String>()
    };
    let (one, other) = (digits(one), digits(other));
    if one == other {
        return !one.is_empty();
    }
    let significant = |text: &str| text.trim_start_matches('0').to_owned();
    let (one, other) = (significant(&one), significant(&other));
    let (short, long) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    short.len() >= 7 && long.ends_with(short.as_str())
}

/// A person's name in folded words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    given: Vec<String>,
    family: Vec<String>,
}

impl Name {
    /// From the two parts as a system stores them; either may be empty.
    #[must_use]
    pub fn new(given: &str, family: &str) -> Self {
        let words =
            |text: &str| fold(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        Self { given: words(given), family: words(family) }
    }

    fn words(&self) -> Vec<&str> {
        let mut words: Vec<&str> = self.given.iter().chain(&self.family).map(String::as_str).collect();
        words.sort_unstable();
        words
    }

    /// The key under which equal names meet, whatever the order of their words. `None` for a name
    /// of fewer than two words: a single word says too little to match anybody by.
    #[must_use]
    pub fn key(&self) -> Option<String> {
        let words = self.words();
        (words.len() >= 2).then(|| words.join(" "))
    }

    /// How far two names speak of one person.
    #[must_use]
    pub fn agreement(&self, other: &Self) -> Agreement {
        let (ours, theirs) = (self.words(), other.words());
        if ours.is_empty() || theirs.is_empty() {
            return Agreement::Unknown;
        }
        if ours == theirs {
            return Agreement::Same;
        }
        let (few, many) = if ours.len() <= theirs.len() { (&ours, &theirs) } else { (&theirs, &ours) };
        if few.len() >= 2 && few.iter().all(|word| many.contains(word)) {
            return Agreement::Compatible;
        }
        let given = match (self.given.first(), other.given.first()) {
            (Some(one), Some(two)) => one == two || short_for(one, two) || short_for(two, one),
            _ => true,
        };
        let family = if self.family.is_empty() || other.family.is_empty() {
            // Only the given name can speak, and then it must speak in full.
            return if self.given.first() == other.given.first() {
                Agreement::Compatible
            } else {
                Agreement::Contradict
            };
        } else {
            self.family == other.family
        };
        if given && family { Agreement::Compatible } else { Agreement::Contradict }
    }
}

/// Whether `short` is an initial of `long`, or its beginning in three letters or more.
fn short_for(short: &str, long: &str) -> bool {
    long.starts_with(short) && (short.chars().count() == 1 || short.chars().count() >= 3)
}

/// How far two names speak of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// The same words.
    Same,
    /// One is a shorter form of the other.
    Compatible,
    /// One side has no name.
    Unknown,
    /// Two people, as far as names can tell.
    Contradict,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_compare_in_lower_case_and_must_look_like_one() {
        assert_eq!(address(" Ann@Harbor.Example "), Some("ann@harbor.example".to_owned()));
        for text in ["", "ann", "@harbor.example", "ann@", "a@b@c", "ann smith@harbor.example"] {
            assert_eq!(address(text), None, "{text}");
        }
    }

    #[test]
    fn names_fold() {
        for (text, folded) in [
            ("Bjørn Łukasz", "bjorn lukasz"),
            ("  Ann-Marie ", "ann marie"),
            ("O'Brien", "obrien"),
            ("O’Brien", "obrien"),
            ("GROẞ", "gross"),
            ("José", "jose"),
            ("<b>", "b"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn numbers_compare_by_what_both_write() {
        assert!(same_number("+31 (0)10 555 0142", "010-5550142"));
        assert!(same_number("0031105550142", "+31 10 555 01 42"));
        assert!(!same_number("+31 10 555 0142", "+31 10 555 0143"));
        assert!(!same_number("", ""));
        assert!(!same_number("142", "+31 10 555 0142"));
    }

    #[test]
    fn names_agree_or_contradict() {
        let name = |text: &str| {
            let (given, family) = text.split_once('/').unwrap();
            Name::new(given, family)
        };
        for (one, other, expected) in [
            ("Ann/Smith", "ann/SMITH", Agreement::Same),
            ("Smith/Ann", "Ann/Smith", Agreement::Same),
            ("J./Smith", "John/Smith", Agreement::Compatible),
            ("Chris/Smith", "Christopher/Smith", Agreement::Compatible),
            ("Ann/Smith-Jones", "Ann/Smith", Agreement::Compatible),
            ("Ann/", "Ann/Smith", Agreement::Compatible),
            ("/", "Ann/Smith", Agreement::Unknown),
            ("Ann/Smith", "Ann/Jones", Agreement::Contradict),
            ("Bob/Smith", "Robert/Smith", Agreement::Contradict),
            ("Info/", "Ann/Smith", Agreement::Contradict),
        ] {
            assert_eq!(name(one).agreement(&name(other)), expected, "{one} {other}");
            assert_eq!(name(other).agreement(&name(one)), expected, "{other} {one}");
        }
    }
}
