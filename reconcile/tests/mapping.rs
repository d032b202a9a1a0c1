//! The table of the mapping in the documents.

use reconcile::{Field, Owner};

#[test]
fn the_table_in_the_documents_is_the_mapping() {
    let text = include_str!("../../docs/mapping.md");
    let rows: Vec<Vec<&str>> = text
        .lines()
        .filter(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let names: Vec<String> = rows.iter().map(|row| row[0].replace(' ', "_")).collect();
    assert_eq!(names, Field::ALL.map(Field::code), "each field, in the order in which they are shown");
    for (field, row) in Field::ALL.into_iter().zip(rows) {
        let owner = match field.usual_owner() {
            Owner::Directory => "directory",
            Owner::Psa => "PSA",
        };
        assert_eq!((row[3], row[5]), (owner, field.limit().to_string().as_str()), "{}", row[0]);
    }
}
