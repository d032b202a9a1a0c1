//! What the documents say of the operations that are used.

use psa_simulator::Request;

/// The document of operations.
pub const OPERATIONS: &str = include_str!("../../../docs/psa-operations.md");

/// The operation of a request as the document writes it: a method and a path whose numbers are `{id}`.
#[must_use]
pub fn operation(request: &Request) -> String {
    let segments = request.path.split('/');
    let path: Vec<&str> = segments.map(|one| if one.parse::<i64>().is_ok() { "{id}" } else { one }).collect();
    format!("{} {}", request.method, path.join("/"))
}
