//! Writes the table of what signs are without their marks. The tables of `unicode-normalization` can
//! do more, and would be a sixth of what a browser has to load.

use std::{env, fs, path::Path};

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Composed by a rule, not by a table.
const HANGUL: std::ops::RangeInclusive<char> = '가'..='힣';

/// Neighbours that are plain in the same way.
struct Run {
    first: u32,
    last: u32,
    /// What the first is; where that is one sign, what follows is what follows it.
    plain: String,
}

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let mut runs: Vec<Run> = Vec::new();
    for sign in ('\u{80}'..=char::MAX).filter(|sign| !HANGUL.contains(sign)) {
        let plain: String = sign.nfkd().filter(|sign| !is_combining_mark(*sign)).collect();
        let code = u32::from(sign);
        if plain.chars().eq([sign]) {
            continue;
        }
        match runs.last_mut() {
            Some(run) if run.last + 1 == code && follows(&run.plain, code - run.first, &plain) => {
                run.last = code;
            }
            _ => runs.push(Run { first: code, last: code, plain }),
        }
    }
    let mut table = String::new();
    let mut before = 0;
    for Run { first, last, plain } in &runs {
        let length = u32::try_from(plain.chars().count()).expect("a short text");
        for number in [first - before, last - first, length] {
            table.push(char::from_u32(number).expect("no gap is as long as the surrogates are high"));
        }
        table.push_str(plain);
        before = *last;
    }
    let out = env::var_os("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&out).join("plain.txt"), table).expect("the folder is cargo's own");
}

/// Whether `next` is to the sign so much further what `plain` is to the first one.
fn follows(plain: &str, further: u32, next: &str) -> bool {
    let (mut of_first, mut of_next) = (plain.chars(), next.chars());
    match (of_first.next(), of_first.next(), of_next.next(), of_next.next()) {
        (None, _, None, _) => true,
        (Some(first), None, Some(next), None) => u32::from(first) + further == u32::from(next),
        _ => false,
    }
}
