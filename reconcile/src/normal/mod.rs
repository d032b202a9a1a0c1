//! Normalised values: what two systems may write differently and still mean the same.

pub(crate) mod nicknames;
mod plain;
pub(crate) mod similar;

pub use similar::distance;

use plain::plain;
use serde::{Deserialize, Serialize};

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
    if text.is_ascii() {
        return fold_ascii(text);
    }
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for sign in text.chars().flat_map(plain) {
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

/// The same for the texts that have nothing to decompose, which are most.
fn fold_ascii(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for sign in text.chars() {
        if !sign.is_ascii_alphanumeric() {
            gap |= !matches!(sign, '\'' | '`');
            continue;
        }
        if gap && !folded.is_empty() {
            folded.push(' ');
        }
        gap = false;
        folded.push(sign.to_ascii_lowercase());
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
}
