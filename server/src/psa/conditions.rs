//! The `conditions` of a query, built from an allow-list of fields.
//!
//! How a quote is written inside a quoted value is documented nowhere, and clients differ. So a
//! value that would need one is never sent; whoever asks by a text compares what comes back as well.

use std::fmt::Write as _;

/// A field that we ask by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Id,
    Company,
    Name,
    Closed,
    Board,
    ExternalReference,
}

impl Field {
    const fn path(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Company => "company/id",
            Self::Name => "name",
            Self::Closed => "closedFlag",
            Self::Board => "board/id",
            Self::ExternalReference => "externalXRef",
        }
    }
}

/// A text cannot be asked for: it would need quoting that nobody knows.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a text with quotes, wildcards or brackets cannot be asked for")]
pub(super) struct Unquotable;

/// Conditions that must all hold (ConnectWise Developer Guide, "Conditions").
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Conditions(String);

impl Conditions {
    fn and(&mut self, condition: std::fmt::Arguments<'_>) {
        if !self.0.is_empty() {
            self.0.push_str(" and ");
        }
        self.0.write_fmt(condition).expect("a text can be written to");
    }

    pub(super) fn is(mut self, field: Field, number: i64) -> Self {
        self.and(format_args!("{} = {number}", field.path()));
        self
    }

    pub(super) fn without(mut self, field: Field) -> Self {
        self.and(format_args!("{} = false", field.path()));
        self
    }

    pub(super) fn above(mut self, field: Field, number: i64) -> Self {
        self.and(format_args!("{} > {number}", field.path()));
        self
    }

    /// One of these; of none it is never true.
    pub(super) fn one_of(mut self, field: Field, numbers: impl IntoIterator<Item = i64>) -> Self {
        let numbers: Vec<String> = numbers.into_iter().map(|number| number.to_string()).collect();
        if numbers.is_empty() {
            return self.is(field, 0);
        }
        self.and(format_args!("{} in ({})", field.path(), numbers.join(",")));
        self
    }

    /// This text, in any case: the PSA compares without regard to it.
    pub(super) fn text(mut self, field: Field, text: &str) -> Result<Self, Unquotable> {
        let plain = |sign: char| !sign.is_control() && !"\"'\\*%_[]()".contains(sign);
        if text.is_empty() || !text.chars().all(plain) {
            return Err(Unquotable);
        }
        self.and(format_args!("{} = \"{text}\"", field.path()));
        Ok(self)
    }

    /// As a parameter of the query; the address encodes it.
    pub(super) fn parameter(self) -> (&'static str, String) {
        ("conditions", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_joined_with_and() {
        let conditions = Conditions::default().is(Field::Company, 250).above(Field::Id, 7);
        assert_eq!(conditions.parameter(), ("conditions", "company/id = 250 and id > 7".to_owned()));
        let some = Conditions::default().one_of(Field::Id, [3, 4]);
        assert_eq!(some.parameter().1, "id in (3,4)");
        assert_eq!(Conditions::default().one_of(Field::Id, []).parameter().1, "id = 0");
    }

    #[test]
    fn s7_a_text_that_would_need_quoting_is_never_sent() {
        let ask = |text| Conditions::default().text(Field::Name, text).map(|all| all.0);
        assert_eq!(ask("Sæther & Søn +1").as_deref(), Ok("name = \"Sæther & Søn +1\""));
        for text in
            ["", "a\"b", "O'Neil", "a\\", "a*", "50%", "a_b", "[a]", "a\nb", "x\" or id > 0 or name=\""]
        {
            assert_eq!(ask(text), Err(Unquotable), "{text}");
        }
    }
}
