//! Signs without their marks: what a compatibility decomposition (NFKD of Unicode Standard Annex 15)
//! has, without its combining marks.

use std::sync::LazyLock;

/// Runs of neighbours that are something else without marks, by their code points: the distance from
/// the run before, how many follow the first, how many signs the first becomes, and those.
const TABLE: &str = include_str!(concat!(env!("OUT_DIR"), "/plain.txt"));

/// Hangul syllables, composed by a rule of their own (The Unicode Standard, 3.12).
const SYLLABLES: std::ops::RangeInclusive<u32> = 0xAC00..=0xD7A3;
const LEADING: u32 = 0x1100;
const VOWEL: u32 = 0x1161;
const VOWELS: u32 = 21;
/// One before the first: a syllable may have none.
const TRAILING: u32 = 0x11A7;
const TRAILINGS: u32 = 28;

struct Run {
    first: u32,
    last: u32,
    plain: &'static str,
}

static RUNS: LazyLock<Vec<Run>> = LazyLock::new(|| {
    let mut runs = Vec::new();
    let (mut rest, mut before) = (TABLE, 0);
    let next = |rest: &mut &'static str| {
        let mut signs = rest.chars();
        let sign = signs.next().map(u32::from);
        *rest = signs.as_str();
        sign
    };
    while let (Some(gap), Some(more), Some(length)) = (next(&mut rest), next(&mut rest), next(&mut rest)) {
        let first = before + gap;
        let end = rest.char_indices().nth(length as usize).map_or(rest.len(), |(end, _)| end);
        let (plain, after) = rest.split_at(end);
        runs.push(Run { first, last: first + more, plain });
        (rest, before) = (after, first + more);
    }
    runs
});

/// What a sign is without marks, itself most often; nothing, where it is a mark.
pub(super) fn plain(sign: char) -> impl Iterator<Item = char> {
    let code = u32::from(sign);
    let run = if sign.is_ascii() { None } else { run_of(code) };
    let listed =
        run.into_iter().flat_map(move |run| run.plain.chars().map(move |sign| (sign, code - run.first)));
    let composed = jamo(code);
    let itself = (run.is_none() && composed.is_none()).then_some(code);
    listed
        .map(|(sign, further)| u32::from(sign) + further)
        .chain(composed.into_iter().flatten().flatten())
        .chain(itself)
        .filter_map(char::from_u32)
}

fn run_of(code: u32) -> Option<&'static Run> {
    let runs = &**RUNS;
    runs.get(runs.partition_point(|run| run.last < code)).filter(|run| run.first <= code)
}

/// The two or three parts of a syllable.
fn jamo(code: u32) -> Option<[Option<u32>; 3]> {
    SYLLABLES.contains(&code).then(|| {
        let place = code - SYLLABLES.start();
        let trailing = place % TRAILINGS;
        [
            Some(LEADING + place / TRAILINGS / VOWELS),
            Some(VOWEL + place / TRAILINGS % VOWELS),
            (trailing > 0).then_some(TRAILING + trailing),
        ]
    })
}

#[cfg(test)]
mod tests {
    use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

    use super::*;

    #[test]
    fn every_sign_is_what_unicode_says() {
        for sign in '\0'..=char::MAX {
            let says = sign.nfkd().filter(|sign| !is_combining_mark(*sign));
            assert!(plain(sign).eq(says), "{sign:?} {}", sign.escape_unicode());
        }
    }
}
