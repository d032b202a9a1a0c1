//! The grammar of `conditions`, `childConditions` and `customFieldConditions`:
//! `field op value`, joined by `AND` and `OR`, with parentheses.
//!
//! ConnectWise Developer Guide, "Query string parameters": the operators are
//! `= != < <= > >= contains like in not`, dates stand in `[ ]`, texts in quotes.

use super::lexer::{Token, tokens};
use super::path::{Target, resolve};
use crate::options::QuoteEscape;
use crate::schema::{Schema, Shape};

/// A condition on a record.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expression {
    And(Box<Expression>, Box<Expression>),
    Or(Box<Expression>, Box<Expression>),
    Not(Box<Expression>),
    Test(Test),
}

/// One comparison of a field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Test {
    /// The field's path; within the element for a test of an array.
    pub(crate) path: String,
    /// The array whose elements are tested.
    pub(crate) array: Option<&'static str>,
    pub(crate) operator: Operator,
    pub(crate) value: Operand,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
    Like,
    In,
}

/// What a field is compared with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Operand {
    Null,
    Flag(bool),
    Number(f64),
    Text(String),
    /// `2026-07-01T00:00:00Z`; dates of this form sort as text.
    Date(String),
    List(Vec<Operand>),
}

/// Read a condition. `arrays` says whether it may (and must) test the elements of arrays.
pub(crate) fn parse(
    text: &str,
    schema: &Schema,
    arrays: bool,
    escape: QuoteEscape,
) -> Result<Expression, String> {
    let mut parser =
        Parser { tokens: tokens(text, escape)?.into_iter().peekable(), schema, arrays, array: None };
    let expression = parser.either()?;
    match parser.tokens.next() {
        None => Ok(expression),
        Some(token) => Err(format!("{token:?} is not expected here")),
    }
}

struct Parser<'a> {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    schema: &'a Schema,
    arrays: bool,
    /// The array that the tests so far look into.
    array: Option<&'static str>,
}

impl Parser<'_> {
    fn either(&mut self) -> Result<Expression, String> {
        let mut left = self.both()?;
        while self.keyword("or") {
            left = Expression::Or(Box::new(left), Box::new(self.both()?));
        }
        Ok(left)
    }

    fn both(&mut self) -> Result<Expression, String> {
        let mut left = self.single()?;
        while self.keyword("and") {
            left = Expression::And(Box::new(left), Box::new(self.single()?));
        }
        Ok(left)
    }

    fn single(&mut self) -> Result<Expression, String> {
        match self.tokens.next() {
            Some(Token::Open) => {
                let inner = self.either()?;
                self.expect(&Token::Close)?;
                Ok(inner)
            }
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("not") => {
                Ok(Expression::Not(Box::new(self.single()?)))
            }
            Some(Token::Word(path)) => self.test(&path),
            Some(token) => Err(format!("{token:?} stands where a field should")),
            None => Err("a field is missing at the end".into()),
        }
    }

    fn test(&mut self, path: &str) -> Result<Expression, String> {
        let target = resolve(self.schema, path)
            .ok_or_else(|| format!("{path} is not a field of {}", self.schema.resource))?;
        self.check_place(path, target)?;
        let (operator, negated) = self.operator()?;
        let value = if operator == Operator::In {
            self.list(path, target.shape)?
        } else {
            self.operand(path, target.shape)?
        };
        check_operator(path, operator, target.shape, &value)?;
        let within = match (target.array, path.split_once('/')) {
            (Some(_), Some((_, within))) => within,
            _ => path,
        };
        let test = Expression::Test(Test { path: within.to_owned(), array: target.array, operator, value });
        Ok(if negated { Expression::Not(Box::new(test)) } else { test })
    }

    fn check_place(&mut self, path: &str, target: Target) -> Result<(), String> {
        match (target.array, self.arrays) {
            (Some(_), false) => Err(format!("{path} is in an array: ask for it in childConditions")),
            (None, true) => Err(format!("{path} is not in an array: ask for it in conditions")),
            // Nothing public says which elements two arrays would have to share.
            (Some(array), true) if self.array.is_some_and(|first| first != array) => {
                Err(format!("{path} is in another array than the tests before it"))
            }
            (array, _) => {
                self.array = array;
                Ok(())
            }
        }
    }

    fn operator(&mut self) -> Result<(Operator, bool), String> {
        let operator = match self.tokens.next() {
            Some(Token::Operator(sign)) => match sign {
                "=" | "==" => Operator::Equal,
                "!=" | "<>" => Operator::Unequal,
                "<" => Operator::Less,
                "<=" => Operator::LessOrEqual,
                ">" => Operator::Greater,
                _ => Operator::GreaterOrEqual,
            },
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("not") => {
                return self.worded().map(|operator| (operator, true));
            }
            Some(Token::Word(word)) => worded(&word)?,
            _ => return Err("an operator is missing".into()),
        };
        Ok((operator, false))
    }

    fn worded(&mut self) -> Result<Operator, String> {
        match self.tokens.next() {
            Some(Token::Word(word)) => worded(&word),
            _ => Err("contains, like or in is missing after not".into()),
        }
    }

    fn list(&mut self, path: &str, shape: Shape) -> Result<Operand, String> {
        self.expect(&Token::Open)?;
        let mut values = vec![self.operand(path, shape)?];
        loop {
            match self.tokens.next() {
                Some(Token::Comma) => values.push(self.operand(path, shape)?),
                Some(Token::Close) => return Ok(Operand::List(values)),
                _ => return Err(format!("the list for {path} is not closed")),
            }
        }
    }

    fn operand(&mut self, path: &str, shape: Shape) -> Result<Operand, String> {
        let wrong = |what: &str| Err(format!("{path} cannot be compared with {what}"));
        let Some(token) = self.tokens.next() else {
            return Err(format!("the value for {path} is missing"));
        };
        match (token, shape) {
            (Token::Word(word), _) if word.eq_ignore_ascii_case("null") => Ok(Operand::Null),
            (Token::Word(word), Shape::Flag) if word.eq_ignore_ascii_case("true") => Ok(Operand::Flag(true)),
            (Token::Word(word), Shape::Flag) if word.eq_ignore_ascii_case("false") => {
                Ok(Operand::Flag(false))
            }
            (Token::Number(number), Shape::Integer | Shape::Number) => Ok(Operand::Number(number)),
            (Token::Text(text), Shape::Text | Shape::Choice(_)) => Ok(Operand::Text(text)),
            (Token::Date(date), Shape::Date) => whole_seconds(&date)
                .map(Operand::Date)
                .ok_or_else(|| format!("Unsupported format applied to {path}.")),
            (Token::Word(word), _) => wrong(&word),
            (Token::Text(text), _) => wrong(&format!("the text {text:?}")),
            (Token::Number(number), _) => wrong(&format!("the number {number}")),
            (Token::Date(_), _) => wrong("a date"),
            (token, _) => wrong(&format!("{token:?}")),
        }
    }

    fn keyword(&mut self, keyword: &str) -> bool {
        self.tokens
            .next_if(|token| matches!(token, Token::Word(word) if word.eq_ignore_ascii_case(keyword)))
            .is_some()
    }

    fn expect(&mut self, wanted: &Token) -> Result<(), String> {
        match self.tokens.next() {
            Some(token) if token == *wanted => Ok(()),
            Some(token) => Err(format!("{token:?} stands where {wanted:?} should")),
            None => Err(format!("{wanted:?} is missing at the end")),
        }
    }
}

fn worded(word: &str) -> Result<Operator, String> {
    match word.to_ascii_lowercase().as_str() {
        "contains" => Ok(Operator::Contains),
        "like" => Ok(Operator::Like),
        "in" => Ok(Operator::In),
        _ => Err(format!("{word} is not an operator")),
    }
}

fn check_operator(path: &str, operator: Operator, shape: Shape, value: &Operand) -> Result<(), String> {
    let textual = matches!(shape, Shape::Text | Shape::Choice(_));
    match operator {
        Operator::Contains | Operator::Like if !textual || *value == Operand::Null => {
            Err(format!("{path} is not a text that contains or like could look into"))
        }
        Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual
            if *value == Operand::Null =>
        {
            Err(format!("{path} cannot be more or less than null"))
        }
        _ => Ok(()),
    }
}

/// A date as the PSA stores it, or none when it has another form, as milliseconds are.
pub(crate) fn whole_seconds(text: &str) -> Option<String> {
    let text = text.trim();
    let stamped = match text.len() {
        10 => format!("{text}T00:00:00Z"),
        19 => format!("{text}Z"),
        20 => text.to_owned(),
        _ => return None,
    };
    let valid = stamped.ends_with('Z') && stamped.parse::<jiff::Timestamp>().is_ok();
    valid.then_some(stamped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Kind;

    fn read(text: &str) -> Result<Expression, String> {
        parse(text, Kind::Contact.schema(), false, QuoteEscape::None)
    }

    #[test]
    fn and_binds_closer_than_or() {
        let expression = read("id=1 or id=2 and inactiveFlag=false").unwrap();
        assert!(matches!(expression, Expression::Or(..)), "{expression:?}");
        let grouped = read("(id=1 or id=2) and inactiveFlag=False").unwrap();
        assert!(matches!(grouped, Expression::And(..)), "{grouped:?}");
    }

    #[test]
    fn every_operator_is_read() {
        for text in [
            "id = 5",
            "id != 5",
            "id<5",
            "id <= 5",
            "id>5",
            "id >= -5",
            "lastName contains \"ee\"",
            "lastName not contains 'ee'",
            "lastName like \"L*\"",
            "company/id in (3,2,4)",
            "company/id not in (3)",
            "NOT (title = null)",
            "lastUpdated > [2026-07-01T00:00:00Z]",
            "_info/lastUpdated >= [2026-07-01]",
            "company/identifier=\"Acme\" and site/name != null",
        ] {
            assert!(read(text).is_ok(), "{text}: {:?}", read(text));
        }
    }

    #[test]
    fn what_is_wrong_is_refused() {
        for (text, reason) in [
            ("", "missing"),
            ("id", "operator"),
            ("id =", "missing"),
            ("id = 5 and", "missing"),
            ("id = 5 id = 6", "not expected"),
            ("(id = 5", "missing"),
            ("id in 5", "should"),
            ("id in (5", "not closed"),
            ("id = 'x'", "cannot be compared"),
            ("lastName = Lee", "cannot be compared"),
            ("lastName = \"Lee", "closing quote"),
            ("lastName ~ \"Lee\"", "not understood"),
            ("surname = \"Lee\"", "not a field"),
            ("company/city = \"x\"", "not a field"),
            ("communicationItems/value = \"x\"", "childConditions"),
            ("lastUpdated > [2026-07-01T00:00:00.000Z]", "Unsupported format"),
            ("inactiveFlag = 1", "cannot be compared"),
            ("id like \"5*\"", "cannot be compared"),
            ("id contains 5", "not a text"),
        ] {
            let error = read(text).expect_err(text);
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn a_quote_inside_a_value_is_a_switch() {
        let schema = Kind::Contact.schema();
        let backslash = r#"lastName = "O\"Neil""#;
        assert!(parse(backslash, schema, false, QuoteEscape::None).is_err());
        let read = parse(backslash, schema, false, QuoteEscape::Backslash).unwrap();
        assert!(format!("{read:?}").contains("O\\\"Neil"), "{read:?}");
        assert!(parse(r#"lastName = "O""Neil""#, schema, false, QuoteEscape::Doubled).is_ok());
    }

    #[test]
    fn children_are_named_by_their_array() {
        let schema = Kind::Contact.schema();
        let text = "communicationItems/value like \"j*\" AND communicationItems/communicationType=\"Email\"";
        assert!(parse(text, schema, true, QuoteEscape::None).is_ok());
        assert!(parse("firstName = \"J\"", schema, true, QuoteEscape::None).is_err());
        assert!(parse("types/id = 5", schema, true, QuoteEscape::None).is_ok());
    }
}
