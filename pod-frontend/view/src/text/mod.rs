//! Every text that the pod shows, in the dispatcher's words, in every language side by side.
//!
//! A text that is the same each time is a [`Text`]; a sentence with values in it is a function, whose words
//! stand in one `say!` as far as they can. One more language is one more variant of [`Language`], and the
//! compiler names each text that has no words in it yet.

mod decisions;
mod language;
mod places;
mod plan;
mod problems;
mod refusals;
mod runs;
mod screen;
mod settings;
mod trial;
mod who;

pub use decisions::*;
pub use language::{Clock, Language, Listener, Text, language, speak, speaking};
use language::{on_their_clock, say};
pub use places::*;
pub use plan::*;
pub use problems::*;
pub use runs::*;
pub use screen::*;
pub use settings::*;
pub use trial::*;
pub use who::*;

/// "1 contact", "2 contacts".
#[must_use]
pub fn count(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// A number with thousands separated: 12,345 or 12.345.
#[must_use]
pub fn grouped(number: u64) -> String {
    let separator = match language() {
        Language::English => ',',
        Language::German => '.',
    };
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// "a", "a and b", "a, b and c".
#[must_use]
pub fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => {
            let first = first.join(", ");
            say!("{first} and {last}", "{first} und {last}")
        }
    }
}

/// The first letter in upper case.
#[must_use]
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The length of anything as a number to show.
#[must_use]
pub fn number(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_lists_read_well() {
        assert_eq!(count(1, "contact", "contacts"), "1 contact");
        assert_eq!(count(0, "contact", "contacts"), "0 contacts");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(999), "999");
        let parts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        assert_eq!(listed(&parts(&["a", "b", "c"])), "a, b and c");
        assert_eq!(listed(&parts(&["a", "b"])), "a and b");
        assert_eq!(capitalised("é la"), "É la");
    }
}
