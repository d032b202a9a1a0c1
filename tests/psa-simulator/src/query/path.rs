//! Fields by their path: `name`, `company/id`, `lastUpdated`.

use serde_json::Value;

use crate::schema::{Field, Record, Schema, Shape};

/// The field where a path ends, and whether it goes through an array.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target {
    pub(super) shape: Shape,
    /// The array that it goes through.
    pub(super) array: Option<&'static str>,
}

const LAST_UPDATED: &str = "lastUpdated";

/// Every record can be asked for `lastUpdated`, though it stands in `_info` only.
pub(super) fn resolve(schema: &Schema, path: &str) -> Option<Target> {
    let (head, tail) = match path.split_once('/') {
        Some((head, tail)) => (head, Some(tail)),
        None => (path, None),
    };
    let plain = |shape| Some(Target { shape, array: None });
    let Some(field) = schema.field_any_case(head) else {
        let known = head.eq_ignore_ascii_case(LAST_UPDATED) && tail.is_none();
        return known.then_some(Target { shape: Shape::Date, array: None });
    };
    match (field.shape, tail) {
        (shape, None) => plain(shape),
        (Shape::Reference(_), Some("id")) => plain(Shape::Integer),
        (Shape::Reference(_), Some("name" | "identifier" | "description"))
        | (Shape::Info, Some("updatedBy")) => plain(Shape::Text),
        (Shape::Info, Some("lastUpdated" | "dateEntered")) => plain(Shape::Date),
        (Shape::Items(fields), Some(tail)) => {
            in_items(fields, tail).map(|shape| Target { shape, array: Some(field.name) })
        }
        _ => None,
    }
}

fn in_items(fields: &'static [Field], path: &str) -> Option<Shape> {
    let schema = Schema { resource: "", title: "", path: "", fields };
    resolve(&schema, path).map(|target| target.shape)
}

/// The value at a path; none when it is absent, which is how the PSA says null.
pub(crate) fn value_at<'a>(record: &'a Record, path: &str) -> Option<&'a Value> {
    let mut segments = path.split('/');
    let head = segments.next()?;
    let first = match get_any_case(record, head) {
        None if head.eq_ignore_ascii_case(LAST_UPDATED) => record.get("_info")?.get(LAST_UPDATED),
        found => found,
    }?;
    segments
        .try_fold(first, |value, segment| get_any_case(value.as_object()?, segment))
        .filter(|value| !value.is_null())
}

fn get_any_case<'a>(record: &'a Record, name: &str) -> Option<&'a Value> {
    record
        .get(name)
        .or_else(|| record.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}
