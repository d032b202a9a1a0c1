//! Whether a condition holds for a record. Texts compare without case, as SQL Server does.

use std::cmp::Ordering;

use serde_json::Value;

use super::parser::{Expression, Operand, Operator, Test};
use super::path::value_at;
use crate::schema::Record;

/// Whether `expression` holds for `record`. Tests of one array must hold for the same element.
pub(crate) fn holds(expression: &Expression, record: &Record) -> bool {
    match array_of(expression) {
        None => holds_for(expression, record),
        Some(array) => record
            .get(array)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
            .any(|element| holds_for(expression, element)),
    }
}

/// The company that a record has to name for `expression` to hold, when it says so outright.
pub(super) fn company_of(expression: &Expression) -> Option<i64> {
    match expression {
        Expression::And(left, right) => company_of(left).or_else(|| company_of(right)),
        Expression::Test(Test {
            path,
            array: None,
            operator: Operator::Equal,
            value: Operand::Number(id),
        }) if path.eq_ignore_ascii_case("company/id") => id.to_string().parse().ok(),
        _ => None,
    }
}

fn array_of(expression: &Expression) -> Option<&'static str> {
    match expression {
        Expression::And(left, right) | Expression::Or(left, right) => {
            array_of(left).or_else(|| array_of(right))
        }
        Expression::Not(inner) => array_of(inner),
        Expression::Test(test) => test.array,
    }
}

fn holds_for(expression: &Expression, record: &Record) -> bool {
    match expression {
        Expression::And(left, right) => holds_for(left, record) && holds_for(right, record),
        Expression::Or(left, right) => holds_for(left, record) || holds_for(right, record),
        Expression::Not(inner) => !holds_for(inner, record),
        Expression::Test(test) => passes(test, record),
    }
}

fn passes(test: &Test, record: &Record) -> bool {
    let found = value_at(record, &test.path);
    match (&test.value, test.operator, found) {
        (Operand::Null, Operator::Equal, found) => found.is_none(),
        (Operand::Null, _, found) => found.is_some(),
        (Operand::List(values), _, Some(found)) => {
            values.iter().any(|value| compare(found, value) == Some(Ordering::Equal))
        }
        (Operand::Text(part), Operator::Contains, Some(found)) => {
            lower(found).is_some_and(|text| text.contains(&part.to_lowercase()))
        }
        (Operand::Text(pattern), Operator::Like, Some(found)) => {
            lower(found).is_some_and(|text| like(&pattern.to_lowercase(), &text))
        }
        (value, operator, Some(found)) => compare(found, value).is_some_and(|order| fits(operator, order)),
        // SQL: what is not there is neither equal nor unequal to anything.
        (_, _, None) => false,
    }
}

fn fits(operator: Operator, order: Ordering) -> bool {
    match operator {
        Operator::Equal | Operator::In => order.is_eq(),
        Operator::Unequal => order.is_ne(),
        Operator::Less => order.is_lt(),
        Operator::LessOrEqual => order.is_le(),
        Operator::Greater => order.is_gt(),
        Operator::GreaterOrEqual => order.is_ge(),
        Operator::Contains | Operator::Like => false,
    }
}

fn compare(found: &Value, value: &Operand) -> Option<Ordering> {
    match value {
        Operand::Flag(flag) => Some(found.as_bool()?.cmp(flag)),
        Operand::Number(number) => found.as_f64()?.partial_cmp(number),
        Operand::Text(text) => Some(lower(found)?.cmp(&text.to_lowercase())),
        Operand::Date(date) => Some(found.as_str()?.cmp(date.as_str())),
        Operand::Null | Operand::List(_) => None,
    }
}

fn lower(value: &Value) -> Option<String> {
    value.as_str().map(str::to_lowercase)
}

/// SQL's LIKE with `*` (and its own `%`) for any text and `[...]` for one of some characters,
/// so that `[[]` is a bracket.
fn like(pattern: &str, text: &str) -> bool {
    let Some(first) = pattern.chars().next() else {
        return text.is_empty();
    };
    let rest = &pattern[first.len_utf8()..];
    if first == '*' || first == '%' {
        let mut tails = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        return tails.any(|at| like(rest, &text[at..]));
    }
    let Some(character) = text.chars().next() else {
        return false;
    };
    let after = &text[character.len_utf8()..];
    match rest.split_once(']') {
        Some((set, rest)) if first == '[' => set.contains(character) && like(rest, after),
        _ => first == character && like(rest, after),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::parser::parse;
    use super::*;
    use crate::options::QuoteEscape;
    use crate::schema::Kind;

    fn contact() -> Record {
        let value = json!({
            "id": 7, "firstName": "Ann", "lastName": "van Lee [ext]", "inactiveFlag": false,
            "company": {"id": 250, "identifier": "Acme", "name": "Acme Ltd"},
            "communicationItems": [
                {"value": "ann@acme.example", "communicationType": "Email"},
                {"value": "+32 1", "communicationType": "Phone"},
            ],
            "_info": {"lastUpdated": "2026-07-01T10:00:00Z"},
        });
        value.as_object().cloned().unwrap()
    }

    fn check(text: &str, arrays: bool) -> bool {
        let schema = Kind::Contact.schema();
        holds(&parse(text, schema, arrays, QuoteEscape::None).unwrap(), &contact())
    }

    #[test]
    fn conditions_hold_or_not() {
        for (text, expected) in [
            ("firstName = \"ANN\"", true),
            ("firstName != \"Bob\"", true),
            ("title = null", true),
            ("title != null", false),
            ("title != \"Boss\"", false),
            ("lastName like \"*lee*\"", true),
            ("lastName like \"lee\"", false),
            ("lastName like \"*[[]ext]\"", true),
            ("lastName contains \"n l\"", true),
            ("lastName not contains \"n l\"", false),
            ("company/id = 250 and inactiveFlag = False", true),
            ("company/id in (1, 250)", true),
            ("company/id not in (1, 250)", false),
            ("company/identifier = 'acme'", true),
            ("lastUpdated > [2026-07-01T09:59:59Z]", true),
            ("lastUpdated > [2026-07-01T10:00:00Z]", false),
            ("id >= 7 and not (id > 7)", true),
            ("id = 1 or (id = 7 and firstName = \"Ann\")", true),
        ] {
            assert_eq!(check(text, false), expected, "{text}");
        }
    }

    #[test]
    fn a_company_that_is_named_outright_is_found() {
        for (text, company) in [
            ("company/id = 250", Some(250)),
            ("id > 7 and company/id = 250 and inactiveFlag = False", Some(250)),
            ("company/id = 250 or id = 7", None),
            ("not (company/id = 250)", None),
            ("company/id in (250, 251)", None),
        ] {
            let condition = parse(text, Kind::Contact.schema(), false, QuoteEscape::None).unwrap();
            assert_eq!(company_of(&condition), company, "{text}");
        }
    }

    #[test]
    fn conditions_on_children_hold_for_one_and_the_same_element() {
        let email = "communicationItems/value like \"*@acme*\" and communicationItems/communicationType = ";
        assert!(check(&format!("{email}\"Email\""), true));
        assert!(!check(&format!("{email}\"Phone\""), true));
    }
}
