//! `conditions` as a list of words.

use crate::options::QuoteEscape;

/// One word of a condition.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A field, a keyword, `true`, `null`: told apart by where they stand.
    Word(String),
    Text(String),
    Number(f64),
    /// What stood in `[ ]`.
    Date(String),
    Operator(&'static str),
    Open,
    Close,
    Comma,
}

/// Longer operators come before their own beginnings.
const OPERATORS: [&str; 8] = ["!=", "<>", "<=", ">=", "==", "=", "<", ">"];

pub(super) fn tokens(text: &str, escape: QuoteEscape) -> Result<Vec<Token>, String> {
    let mut rest = text.trim_start();
    let mut tokens = Vec::new();
    while let Some(first) = rest.chars().next() {
        let (token, after) = match first {
            '(' => (Token::Open, &rest[1..]),
            ')' => (Token::Close, &rest[1..]),
            ',' => (Token::Comma, &rest[1..]),
            '"' | '\'' => quoted(rest, first, escape)?,
            '[' => date(rest)?,
            '-' | '0'..='9' => number(rest)?,
            'A'..='Z' | 'a'..='z' | '_' => word(rest),
            _ => operator(rest)?,
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    Ok(tokens)
}

fn quoted(text: &str, quote: char, escape: QuoteEscape) -> Result<(Token, &str), String> {
    let mut value = String::new();
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        let escaped = match escape {
            QuoteEscape::None => false,
            QuoteEscape::Backslash => character == '\\' && next.is_some(),
            QuoteEscape::Doubled => character == quote && next == Some(quote),
        };
        if escaped {
            value.extend(characters.next().map(|(_, next)| next));
        } else if character == quote {
            return Ok((Token::Text(value), &text[at + quote.len_utf8()..]));
        } else {
            value.push(character);
        }
    }
    Err(format!("the value that starts at {text:.20?} has no closing quote"))
}

fn date(text: &str) -> Result<(Token, &str), String> {
    let Some((value, after)) = text[1..].split_once(']') else {
        return Err("a date has no closing bracket".into());
    };
    Ok((Token::Date(value.trim().to_owned()), after))
}

fn number(text: &str) -> Result<(Token, &str), String> {
    let end = text[1..].find(|c: char| !c.is_ascii_digit() && c != '.').map_or(text.len(), |at| at + 1);
    let value = text[..end].parse().map_err(|_| format!("{:?} is not a number", &text[..end]))?;
    Ok((Token::Number(value), &text[end..]))
}

fn word(text: &str) -> (Token, &str) {
    let end = text
        .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '/' | '.'))
        .unwrap_or(text.len());
    (Token::Word(text[..end].to_owned()), &text[end..])
}

fn operator(text: &str) -> Result<(Token, &str), String> {
    OPERATORS
        .iter()
        .find(|operator| text.starts_with(**operator))
        .map(|operator| (Token::Operator(operator), &text[operator.len()..]))
        .ok_or_else(|| format!("{text:.10?} is not understood"))
}
