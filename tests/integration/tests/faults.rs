//! Every fault of `docs/faults.md` has a test that bears its letter, and every letter that a test bears
//! is in the document.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Where tests are.
const PLACES: [&str; 5] = ["agent", "reconcile", "server", "pod-frontend", "tests"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The Rust sources in a folder and below it.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("a folder can be listed").path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The name of the function that a line declares.
fn function(line: &str) -> Option<&str> {
    let (before, rest) = line.split_once("fn ")?;
    let words = ["pub", "pub(crate)", "pub(super)", "async", "const", "unsafe"];
    let is_declared = before.split_whitespace().all(|word| words.contains(&word) || word.starts_with("#["));
    let name = rest.split(|sign: char| !sign.is_alphanumeric() && sign != '_').next()?;
    (is_declared && !name.is_empty()).then_some(name)
}

/// The names of the tests of a source, and of the functions that are none.
fn functions(source: &str) -> (Vec<String>, Vec<String>) {
    let (mut tests, mut others) = (Vec::new(), Vec::new());
    let mut is_test = false;
    for line in source.lines().map(str::trim) {
        is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
        if let Some(name) = function(line) {
            let list = if is_test { &mut tests } else { &mut others };
            list.push(name.to_owned());
            is_test = false;
        }
    }
    (tests, others)
}

/// The letters at the beginning of a name: `d8_d9_who_is_renamed` bears D8 and D9.
fn letters(name: &str) -> Vec<String> {
    let is_letter = |part: &&str| {
        let number = part.strip_prefix(['d', 'p', 'c', 's', 'i']).unwrap_or_default();
        !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit())
    };
    name.split('_').take_while(is_letter).map(str::to_uppercase).collect()
}

/// The letters of the document: of the invariants, and of the table.
fn listed() -> (BTreeSet<String>, Vec<String>) {
    let text = fs::read_to_string(root().join("docs/faults.md")).expect("the document is there");
    let is_letter = |word: &&str| !letters(&word.to_lowercase()).is_empty();
    let invariants = text.lines().filter_map(|line| line.strip_prefix("* **")?.split("**").next());
    let rows = text.lines().filter_map(|line| line.strip_prefix('|')?.split('|').next().map(str::trim));
    (
        invariants.filter(is_letter).map(str::to_owned).collect(),
        rows.filter(is_letter).map(str::to_owned).collect(),
    )
}

#[test]
fn every_fault_has_a_test_and_every_letter_is_a_fault() {
    let (invariants, table) = listed();
    let mut borne: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for path in PLACES.iter().flat_map(|place| sources(&root().join(place))) {
        let source = fs::read_to_string(&path).expect("a source is text");
        let (tests, others) = functions(&source);
        for letter in tests.iter().flat_map(|name| letters(name)) {
            *borne.entry(letter).or_default() += 1;
        }
        let forgotten = others.iter().filter(|name| !letters(name).is_empty());
        wrong.extend(forgotten.map(|name| format!("{name} is not run: it has no test attribute")));
    }
    let without = table.iter().filter(|letter| !borne.contains_key(*letter));
    wrong.extend(without.map(|letter| format!("{letter} has no test")));
    let unlisted = borne.keys().filter(|letter| !table.contains(letter) && !invariants.contains(*letter));
    wrong.extend(unlisted.map(|letter| format!("{letter} is not in the document")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_has_no_gap_and_nothing_twice() {
    let (invariants, table) = listed();
    let numbered = |initial: &str, most| (1..=most).map(|number| format!("{initial}{number}")).collect();
    let all: Vec<Vec<String>> =
        vec![numbered("D", 16), numbered("P", 12), numbered("C", 13), numbered("S", 12)];
    assert_eq!(table, all.concat());
    assert_eq!(invariants, numbered("I", 7).into_iter().collect());
}

#[test]
fn only_what_is_run_counts() {
    let source = "    #[test]\n    #[ignore = \"\"]\n    // why\n    fn d1_one() {}\n\n    fn d2_two() {}\n\
                  #[tokio::test(flavor = \"multi_thread\")]\npub(crate) async fn p3_c4_three() {}\n\
                  // fn d5_five() is told of here\nlet text = \"fn d6_six\";\n#[test] fn s7_seven() {}";
    let (tests, others) = functions(source);
    assert_eq!(tests, ["d1_one", "p3_c4_three", "s7_seven"]);
    assert_eq!(others, ["d2_two"]);
    assert_eq!(letters("p3_c4_three"), ["P3", "C4"]);
    for name in ["draft", "d_1", "d1x_one", "one_d1", "c", "dd1_x"] {
        assert!(letters(name).is_empty(), "{name}");
    }
}
