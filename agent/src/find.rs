//! Finding a few people by what somebody knows of them, in place of reading everybody.

use std::fmt::Write as _;

use ldap3::ldap_escape;
use serde::{Deserialize, Serialize};

/// The most accounts that one search brings: ten that a person looks through, and one more by which it is
/// known that there are others.
pub const MOST_FOUND: u64 = 11;

/// Characters of a text to look for.
const LONGEST: usize = 200;
/// Words of a name that are looked for.
const MOST_WORDS: usize = 6;
/// Letters of one word.
const LONGEST_WORD: usize = 40;
/// Distinguished names in one search.
const MOST_NAMES: usize = 20;
/// The digits that tell numbers apart, whatever country code or trunk zero stands before them.
const DIGITS: usize = 9;
/// With fewer digits than this, half a directory answers.
const FEWEST_DIGITS: usize = 5;

/// Whom to look for: whoever is one of these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Find {
    /// Accounts by their distinguished names.
    pub named: Vec<String>,
    /// Accounts by what somebody knows of a person.
    pub known: Option<Known>,
}

/// What somebody knows of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// A mail address, in lower case.
    Address(String),
    /// The last digits of a telephone number, at most nine.
    Phone(String),
    /// The words of a name.
    Name(Vec<String>),
}

impl Known {
    /// What a text is: an address where it has an `@` (also as `Ann Smith <ann@harbor.example>`), a number
    /// where it has digits and no letters but an extension's, else a name. None for what says too little.
    ///
    /// ```
    /// use agent::find::Known;
    ///
    /// let phone = Known::of("+44 (0)20 7946 0018 ext. 4");
    /// assert_eq!(phone, Some(Known::Phone("079460018".into())));
    /// assert_eq!(Known::of("Ann Smith <Ann@Harbor.Example>"), Some(Known::Address("ann@harbor.example".into())));
    /// assert_eq!(Known::of("Smith, Ann"), Some(Known::Name(vec!["Ann".into(), "Smith".into()])));
    /// assert_eq!(Known::of("?"), None);
    /// ```
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let text: String = text.trim().chars().take(LONGEST).collect();
        if text.contains('@') {
            let within = text.rsplit_once('<').map_or(text.as_str(), |(_, rest)| rest);
            let within = within.trim_end_matches('>').trim_start_matches("mailto:");
            return reconcile::normal::address(within).map(Self::Address);
        }
        match number(&text) {
            Some(digits) => (digits.len() >= FEWEST_DIGITS).then_some(Self::Phone(digits)),
            None => words(&text).map(Self::Name),
        }
    }
}

/// The digits of a telephone number that tell it apart; none of a text that is no number.
fn number(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let main = without_extension(&lower);
    if main.chars().any(char::is_alphabetic) {
        return None;
    }
    let digits = digits(main);
    (!digits.is_empty()).then_some(digits)
}

/// A number without its extension, which is dialled after it, and stands in few directories.
fn without_extension(lower: &str) -> &str {
    let end = ["ext", "x", "#"].iter().filter_map(|sign| lower.find(sign)).min();
    end.map_or(lower, |end| &lower[..end])
}

/// The last digits of a number, without the zero that stands in brackets between country and area.
fn digits(text: &str) -> String {
    let all: String = text.replace("(0)", "").chars().filter(char::is_ascii_digit).collect();
    let significant = all.trim_start_matches('0');
    significant[significant.len().saturating_sub(DIGITS)..].to_owned()
}

/// The words of a name, the given name first. None where no word has two letters.
fn words(text: &str) -> Option<Vec<String>> {
    let ordered = match text.split_once(',') {
        Some((family, given)) => format!("{given} {family}"),
        None => text.to_owned(),
    };
    let words: Vec<String> = ordered
        .split(|sign: char| sign.is_whitespace() || sign.is_control() || ",;\"<>".contains(sign))
        .map(|word| word.chars().take(LONGEST_WORD).collect::<String>())
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .take(MOST_WORDS)
        .collect();
    words.iter().any(|word| word.chars().filter(|sign| sign.is_alphabetic()).count() > 1).then_some(words)
}

/// Whether two notations end in the same digits: a filter finds digits in their order, whatever stands
/// between them.
#[must_use]
pub fn is_number(stored: &str, wanted: &str) -> bool {
    let stored = stored.to_lowercase();
    let stored: String =
        without_extension(&stored).replace("(0)", "").chars().filter(char::is_ascii_digit).collect();
    !wanted.is_empty() && stored.ends_with(wanted)
}

impl Find {
    /// As an LDAP filter (RFC 4515). Everything that somebody typed is escaped.
    #[must_use]
    pub fn filter(&self) -> String {
        let mut filter = String::from("(|");
        for dn in self.named.iter().take(MOST_NAMES) {
            write!(filter, "(distinguishedName={})", ldap_escape(dn.as_str()))
                .expect("a text can be written to");
        }
        match &self.known {
            None => {}
            Some(Known::Address(address)) => {
                let address = ldap_escape(address.as_str());
                for attribute in ["mail=", "userPrincipalName=", "proxyAddresses=smtp:"] {
                    write!(filter, "({attribute}{address})").expect("a text can be written to");
                }
            }
            Some(Known::Phone(digits)) => {
                let mut between = String::from("*");
                for digit in digits.chars().filter(char::is_ascii_digit).take(DIGITS) {
                    between.push(digit);
                    between.push('*');
                }
                write!(filter, "(telephoneNumber={between})(mobile={between})")
                    .expect("a text can be written to");
            }
            Some(Known::Name(words)) => filter.push_str(&by_name(words)),
        }
        filter.push(')');
        filter
    }
}

/// By Active Directory's own search for names (`anr`, MS-ADTS 3.1.1.3.1.3.1), and by the names' parts for
/// servers that have none.
fn by_name(words: &[String]) -> String {
    let words: Vec<String> =
        words.iter().take(MOST_WORDS).map(|word| ldap_escape(word.as_str()).into_owned()).collect();
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return String::new() };
    let (all, together) = (words.join(" "), words.join("*"));
    if words.len() == 1 {
        return format!("(anr={all})(displayName=*{first}*)(givenName={first}*)(sn={first}*)");
    }
    format!(
        "(anr={all})(displayName=*{together}*)(&(givenName={first}*)(sn=*{last}*))(&(givenName={last}*)(sn=*{first}*))"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(text: &str) -> String {
        Find { known: Some(Known::of(text).unwrap()), ..Find::default() }.filter()
    }

    #[test]
    fn a_text_is_an_address_a_number_or_a_name() {
        let phone = |text: &str| Some(Known::Phone(text.into()));
        for (text, known) in [
            (" Ann.Smith@Harbor.Example ", Some(Known::Address("ann.smith@harbor.example".into()))),
            ("mailto:ann@harbor.example", Some(Known::Address("ann@harbor.example".into()))),
            ("+31 (0)10 555 0142", phone("105550142")),
            ("010-5550142", phone("105550142")),
            ("0031105550142", phone("105550142")),
            ("55501", phone("55501")),
            ("Ann Smith", Some(Known::Name(vec!["Ann".into(), "Smith".into()]))),
            ("R2D2", Some(Known::Name(vec!["R2D2".into()]))),
            ("Max", Some(Known::Name(vec!["Max".into()]))),
            ("142", None),
            ("", None),
            ("a@b@c", None),
            ("x", None),
            ("***", None),
        ] {
            assert_eq!(Known::of(text), known, "{text}");
        }
    }

    #[test]
    fn numbers_are_found_however_they_are_written() {
        assert_eq!(
            filter("+44 20 7946 0018"),
            "(|(telephoneNumber=*0*7*9*4*6*0*0*1*8*)(mobile=*0*7*9*4*6*0*0*1*8*))"
        );
        for stored in ["+44 (0)20 7946 0018", "020 7946 0018", "0044-20-7946-0018", "(020) 79460018"] {
            assert!(is_number(stored, "079460018"), "{stored}");
        }
        assert!(!is_number("+44 20 7946 0019", "079460018"));
        assert!(!is_number("", ""));
    }

    #[test]
    fn s6_nothing_that_somebody_types_leaves_its_place_in_the_filter() {
        for text in [
            "*)(objectClass=*",
            "Ann)(|(cn=*",
            "Ann\\ Smith)(&(a=b",
            "a*b@harbor.example",
            "a)(mail=*@harbor.example",
            "Ann\u{0}Smith(",
            "Zoë \u{202e}Brontë*",
        ] {
            let filter = filter(text);
            let plain: String = filter.replace("(|", "").replace("(&", "");
            assert!(ldap3::parse_filter(&filter).is_ok(), "{filter}");
            let known = [
                "anr=",
                "displayName=",
                "givenName=",
                "sn=",
                "mail=",
                "userPrincipalName=",
                "proxyAddresses=",
            ];
            for part in plain.split('(').skip(1) {
                assert!(known.iter().any(|name| part.starts_with(name)), "{text}: {filter}");
            }
        }
        assert!(filter("*)(objectClass=*").contains("\\2a\\29\\28objectClass=\\2a"));
    }

    #[test]
    fn distinguished_names_are_escaped_as_values() {
        let dn = "CN=Smith\\, Ann (Sales),DC=corp".to_owned();
        let find = Find { named: vec![dn], known: None };
        assert_eq!(find.filter(), "(|(distinguishedName=CN=Smith\\5c, Ann \\28Sales\\29,DC=corp))");
        assert!(ldap3::parse_filter(find.filter()).is_ok());
        // Of nothing nobody is found (RFC 4526: an empty OR is false).
        assert_eq!(Find::default().filter(), "(|)");
    }

    #[test]
    fn a_search_is_short_enough_for_any_server() {
        let long = vec!["(".repeat(LONGEST_WORD); MOST_WORDS];
        let find = Find { known: Some(Known::Name(long)), ..Find::default() };
        assert!(find.filter().len() < 4096, "{}", find.filter().len());
    }
}
