//! A person's name, taken apart for comparing: folded words without titles, suffixes and particles.

use crate::normal;

/// Words that stand before or after a name and say nothing of who it is.
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "miss", "mx", "sir", "dr", "prof", "ing", "ir", "drs", "mag", "dipl", "herr", "frau",
    "mme", "mlle", "jr", "sr", "ii", "iii", "iv", "phd", "md", "mba", "msc", "bsc", "esq", "cpa", "llm",
];

/// Words within family names that are often left out or written together with the next one.
const PARTICLES: &[&str] = &[
    "van", "von", "vom", "zu", "zum", "zur", "der", "den", "ter", "ten", "te", "het", "op", "de", "del",
    "della", "dei", "degli", "di", "da", "das", "dos", "do", "du", "des", "la", "le", "les", "lo", "el",
    "al", "ul", "bin", "ben", "ibn", "abu", "bint", "af", "av", "y", "e", "i", "und", "mac", "mc", "o", "st",
    "san", "santa", "t",
];

/// Those of them that are never a given name's last word.
const BELONGS_TO_FAMILY: &[&str] = &["van", "von", "der", "den", "ter", "ten", "de", "del", "della", "di"];

/// One half of a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Part {
    /// The folded words, without particles if there is anything else.
    pub(crate) words: Vec<String>,
    /// All words written together, particles included.
    pub(crate) joined: String,
}

/// Given and family name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) given: Part,
    pub(crate) family: Part,
}

impl Part {
    fn new(words: Vec<String>) -> Self {
        let joined = words.concat();
        let main: Vec<String> =
            words.iter().filter(|word| !PARTICLES.contains(&word.as_str())).cloned().collect();
        Self { words: if main.is_empty() { words } else { main }, joined }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.joined.is_empty()
    }
}

impl Name {
    /// From the two halves as a system stores them; either may be empty. A first name that holds the
    /// whole ("Smith, Ann", "Ann Smith" beside no last name) is taken apart.
    pub(crate) fn new(given: &str, family: &str) -> Self {
        let (given, family) = match given.split_once(',') {
            Some((last, first)) if family.trim().is_empty() => (first, last),
            _ => (given, family),
        };
        // Beside a given name, "(planner)" or "-" is no family name.
        let is_remark = family.trim().starts_with(['(', '[']) && !given.trim().is_empty();
        let (mut given, mut family) = (words(given), if is_remark { Vec::new() } else { words(family) });
        // "Nicolaas van" beside "Dijk".
        while given.len() > 1 && given.last().is_some_and(|word| BELONGS_TO_FAMILY.contains(&word.as_str())) {
            family.splice(0..0, given.pop());
        }
        if family.is_empty() && given.len() >= 2 && !is_remark {
            family = given.split_off(given.len() - 1);
        }
        // A middle initial says little, and is there or not.
        if given.iter().any(|word| word.chars().nth(1).is_some()) {
            given.retain(|word| word.chars().nth(1).is_some());
        }
        Self { given: Part::new(given), family: Part::new(family) }
    }

    /// The key under which equal names meet, whatever the order of their halves. None for a name with
    /// one half only: a single word says too little to match anybody by.
    pub(crate) fn key(&self) -> Option<String> {
        if self.given.is_empty() || self.family.is_empty() {
            return None;
        }
        let (one, other) = (&self.given.joined, &self.family.joined);
        Some(if one <= other { format!("{one} {other}") } else { format!("{other} {one}") })
    }
}

/// Folded words without what is in brackets and without titles, if anything else is there.
fn words(text: &str) -> Vec<String> {
    let outside = match (text.find(['(', '[']), text.rfind([')', ']'])) {
        (Some(open), Some(close)) if open < close && open > 0 => {
            format!("{} {}", &text[..open], &text[close + 1..])
        }
        _ => text.to_owned(),
    };
    let folded = normal::fold(&outside);
    let all = || folded.split(' ').filter(|word| !word.is_empty());
    let said: Vec<String> = all().filter(|word| !TITLES.contains(word)).map(str::to_owned).collect();
    if said.is_empty() { all().map(str::to_owned).collect() } else { said }
}

/// The word without the signs by which spellings of one name differ: ü and ue, ph and f, doubled
/// letters, y and i.
pub(crate) fn loose(word: &str) -> String {
    const SPELLINGS: [(&str, &str); 14] = [
        ("ae", "a"),
        ("oe", "o"),
        ("ue", "u"),
        ("aa", "a"),
        ("ij", "y"),
        ("ph", "f"),
        ("th", "t"),
        ("ck", "k"),
        ("sch", "s"),
        ("sh", "s"),
        ("ey", "y"),
        ("ie", "y"),
        ("cz", "c"),
        ("tz", "z"),
    ];
    let mut loose = word.to_owned();
    for (long, short) in SPELLINGS {
        if loose.contains(long) {
            loose = loose.replace(long, short);
        }
    }
    let mut signs: Vec<char> = loose
        .chars()
        .map(|sign| match sign {
            'y' | 'j' => 'i',
            'c' => 'k',
            'z' => 's',
            'w' => 'v',
            other => other,
        })
        .collect();
    signs.dedup();
    signs.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        let (given, family) = text.split_once('/').unwrap();
        Name::new(given, family)
    }

    #[test]
    fn the_same_name_has_one_key() {
        for (one, other) in [
            ("Ann/Smith", "SMITH/ann"),
            ("Dr. Ann/Smith", "Ann/Smith, PhD"),
            ("Ann M./Smith", "Ann/Smith"),
            ("Smith, Ann/", "Ann/Smith"),
            ("Ann Smith/", "Ann/Smith"),
            ("Jan/van den Berg", "Jan/VandenBerg"),
            ("Jan van den/Berg", "Jan/van den Berg"),
            ("Robert (Bob)/Hill", "Robert/Hill"),
            ("O'Neil/Pat", "Pat/ONeil"),
        ] {
            assert_eq!(name(one).key(), name(other).key(), "{one} {other}");
        }
        assert_eq!(name("Ann/").key(), None);
        assert_eq!(name("Dr./").given.joined, "dr", "a title that is all there is stays");
    }

    #[test]
    fn spellings_of_one_name_are_alike() {
        for (one, other) in [
            ("mueller", "muller"),
            ("joergensen", "jorgensen"),
            ("philip", "filip"),
            ("schmidt", "smidt"),
            ("katherine", "catherine"),
            ("matthew", "mathew"),
            ("dijkstra", "dykstra"),
            ("andersson", "anderson"),
        ] {
            assert_eq!(loose(one), loose(other), "{one} {other}");
        }
        assert_ne!(loose("smith"), loose("smythe"));
    }
}
