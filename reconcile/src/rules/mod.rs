//! Rules: what an installation or a company says about planning, one line each.
//!
//! ```text
//! leave out ou Service Accounts        these are nobody's
//! person logon svc-harbor              and this is somebody's after all
//! only ou Rotterdam                    of its source, this company takes these
//! keep title                           the PSA owns the field
//! take aliases                         the directory owns it
//! create departments                   also those that the PSA does not have yet
//! site "Rotterdam office" for office R*
//! type "Manager" for title *manager*
//! employee id in field 3               userDefinedField3
//! account id in field 10               the link, kept in the PSA as well
//! default phone mobile                 of a new contact's numbers
//! unprotected portal login             no reason to look before a deactivation
//! protect type VIP                     a reason to look before a deactivation
//! at most 5 or 10% deactivations       what a run without a person may do
//! missing for 12 hours                 before a missing account counts there
//! domain old.example is new.example    for matching
//! name Bob is Robert
//! ```
//!
//! A company's rules stand before those of its installation: of two that speak of one thing, the first
//! decides. Empty lines and lines that begin with `//` mean nothing.

mod test;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

pub use test::{Attribute, Test};

use crate::{Field, Protection, guard::Figure, normal};

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Rule {
    /// Accounts that fit are nobody's.
    LeaveOut(Test),
    /// Accounts that fit are somebody's, whatever they look like.
    Person(Test),
    /// Of its source's accounts, the company takes those that fit; without such a rule all.
    Only(Test),
    /// Who owns a field.
    Owner(Field, Owner),
    /// Departments that the PSA does not have are made there.
    CreateDepartments,
    /// The site of contacts whose account fits, by its name in the PSA.
    Site(String, Test),
    /// A type of contacts whose account fits, by its name in the PSA.
    Type(String, Test),
    /// The contact's user-defined field, 1 to 10, that takes the employee id.
    EmployeeId(u8),
    /// The contact's user-defined field, 1 to 10, that takes the account's id.
    AccountId(u8),
    /// The number that is the default of a new contact: the direct or the mobile one.
    DefaultPhone(Field),
    /// What is no reason to look before a contact is deactivated.
    Unprotected(Protection),
    /// Contacts of the type with this name are looked at before they are deactivated.
    ProtectType(String),
    /// What a run without a person may do: so many, or this part of the linked contacts in percent,
    /// whichever is more.
    AtMost(Figure, u16, u8),
    /// So many hours lie between the first and the last read that lacks an account, before it counts as
    /// missing to a run without a person.
    MissingFor(u8),
    /// Addresses at the first domain are those at the second one.
    SameDomain(String, String),
    /// The first is a form of the second given name.
    SameName(String, String),
}

/// Who owns a field of linked contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// What the directory says is written.
    Directory,
    /// What the PSA has stays.
    Psa,
}

/// Why a line is no rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleProblem {
    /// It begins like no rule.
    Unknown,
    /// What it tests is none of an account's attributes.
    NoSuchAttribute,
    /// It has no pattern.
    NoPattern,
    /// It names no field, or none that can be owned by either.
    NoSuchField,
    /// A name in quotes and `for` are missing.
    NoName,
    /// The number is not one of 1 to 10.
    NotAUserField,
    /// Neither the direct nor the mobile number.
    NotAPhone,
    /// Nothing that protects a contact.
    NotAProtection,
    /// It names no type.
    NoType,
    /// No number, or nothing that is counted.
    NotAFigure,
    /// No number of hours from 1 to 240.
    NotHours,
    /// It does not say `OLD is NEW`.
    NotTwo,
    /// It is longer than a rule may be.
    TooLong,
}

impl fmt::Display for RuleProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => {
                "a rule begins with leave out, person, only, keep, take, create departments, site, type, \
                 employee id in field, account id in field, default phone, unprotected, protect type, at most, \
                 missing for, domain or name"
            }
            Self::NoSuchAttribute => {
                "expected one of logon, name, address, title, department, office, city, ou, group, licence"
            }
            Self::NoPattern => "what it looks for is missing; * stands for any text, # for one digit",
            Self::NoSuchField => {
                "expected one of first name, last name, title, department, email, aliases, direct, mobile, \
                 fax, manager"
            }
            Self::NoName => "expected a name in quotes, then for and a test: site \"Main\" for office R*",
            Self::NotAUserField => "expected a number from 1 to 10",
            Self::NotAPhone => "expected direct or mobile",
            Self::NotAProtection => {
                "expected one of default contact, billing contact, portal login, open tickets"
            }
            Self::NoType => "expected the name of a contact type: protect type VIP",
            Self::NotAFigure => {
                "expected a number, and what of: at most 5 or 10% deactivations, deactivations in seven days, \
                 additions, changes of one field"
            }
            Self::NotHours => "expected hours from 1 to 240: missing for 12 hours",
            Self::NotTwo => "expected two words with is between them: domain old.example is new.example",
            Self::TooLong => "a rule may have 200 characters",
        })
    }
}

impl std::error::Error for RuleProblem {}

/// A line of a text that is no rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongLine {
    /// Its number; the first is 1.
    pub line: usize,
    /// Why.
    pub problem: RuleProblem,
}

impl fmt::Display for WrongLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.problem)
    }
}

/// The longest rule, in characters.
const LONGEST: usize = 200;

/// The rules of a text.
pub fn parse(text: &str) -> Result<Vec<Rule>, WrongLine> {
    let lines = (1..).zip(text.lines()).map(|(number, line)| (number, line.trim()));
    lines
        .filter(|(_, line)| !line.is_empty() && !line.starts_with("//"))
        .map(|(number, line)| line.parse().map_err(|problem| WrongLine { line: number, problem }))
        .collect()
}

impl FromStr for Rule {
    type Err = RuleProblem;

    fn from_str(line: &str) -> Result<Self, RuleProblem> {
        if line.chars().count() > LONGEST {
            return Err(RuleProblem::TooLong);
        }
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        let after = |words: &str| {
            let rest = line.get(..words.len()).filter(|start| start.eq_ignore_ascii_case(words))?;
            let rest = &line[rest.len()..];
            (rest.is_empty() || rest.starts_with(' ')).then(|| rest.trim())
        };
        if let Some(rest) = after("leave out") {
            return rest.parse().map(Self::LeaveOut);
        }
        if let Some(rest) = after("person") {
            return rest.parse().map(Self::Person);
        }
        if let Some(rest) = after("only") {
            return rest.parse().map(Self::Only);
        }
        if let Some(rest) = after("keep") {
            return owned(rest).map(|field| Self::Owner(field, Owner::Psa));
        }
        if let Some(rest) = after("take") {
            return owned(rest).map(|field| Self::Owner(field, Owner::Directory));
        }
        if after("create departments") == Some("") {
            return Ok(Self::CreateDepartments);
        }
        if let Some(rest) = after("site") {
            return named(rest).map(|(name, test)| Self::Site(name, test));
        }
        if let Some(rest) = after("type") {
            return named(rest).map(|(name, test)| Self::Type(name, test));
        }
        if let Some(rest) = after("employee id in field") {
            let number = rest.parse().ok().filter(|number| (1..=10).contains(number));
            return number.map(Self::EmployeeId).ok_or(RuleProblem::NotAUserField);
        }
        if let Some(rest) = after("account id in field") {
            let number = rest.parse().ok().filter(|number| (1..=10).contains(number));
            return number.map(Self::AccountId).ok_or(RuleProblem::NotAUserField);
        }
        if let Some(rest) = after("default phone") {
            let phones = [Field::Direct, Field::Mobile];
            let phone = phones.into_iter().find(|phone| phone.code().eq_ignore_ascii_case(rest));
            return phone.map(Self::DefaultPhone).ok_or(RuleProblem::NotAPhone);
        }
        if let Some(rest) = after("unprotected") {
            let what = PROTECTIONS.into_iter().find(|(_, words)| words.eq_ignore_ascii_case(rest));
            return what.map(|(what, _)| Self::Unprotected(what)).ok_or(RuleProblem::NotAProtection);
        }
        if let Some(rest) = after("protect type") {
            return if rest.is_empty() {
                Err(RuleProblem::NoType)
            } else {
                Ok(Self::ProtectType(rest.to_owned()))
            };
        }
        if let Some(rest) = after("at most") {
            return at_most(rest).ok_or(RuleProblem::NotAFigure);
        }
        if let Some(rest) = after("missing for") {
            let hours = rest.strip_suffix("hours").or_else(|| rest.strip_suffix("hour")).unwrap_or(rest);
            let hours = hours.trim().parse().ok().filter(|hours| (1..=240).contains(hours));
            return hours.map(Self::MissingFor).ok_or(RuleProblem::NotHours);
        }
        if let Some(rest) = after("domain") {
            let (old, new) = two(rest)?;
            return Ok(Self::SameDomain(domain(old)?, domain(new)?));
        }
        if let Some(rest) = after("name") {
            let (form, name) = two(rest)?;
            return Ok(Self::SameName(form.to_owned(), name.to_owned()));
        }
        Err(RuleProblem::Unknown)
    }
}

const PROTECTIONS: [(Protection, &str); 4] = [
    (Protection::DefaultContact, "default contact"),
    (Protection::BillingContact, "billing contact"),
    (Protection::PortalLogin, "portal login"),
    (Protection::OpenTickets, "open tickets"),
];

/// `5 deactivations`, `3 or 20% deactivations in seven days`.
fn at_most(text: &str) -> Option<Rule> {
    let (count, rest) = text.split_once(' ')?;
    let (percent, what) = match rest.strip_prefix("or ") {
        Some(rest) => {
            let (percent, what) = rest.split_once('%')?;
            (percent.trim().parse().ok().filter(|percent| *percent <= 100)?, what.trim())
        }
        None => (0, rest),
    };
    let figure = Figure::ALL.into_iter().find(|(_, words)| words.eq_ignore_ascii_case(what));
    Some(Rule::AtMost(figure?.0, count.parse().ok()?, percent))
}

fn owned(name: &str) -> Result<Field, RuleProblem> {
    let folded = normal::fold(name);
    Field::ALL
        .into_iter()
        .find(|field| field.may_be_owned() && normal::fold(field.code()) == folded)
        .ok_or(RuleProblem::NoSuchField)
}

fn named(text: &str) -> Result<(String, Test), RuleProblem> {
    let (name, condition) =
        text.strip_prefix('"').and_then(|text| text.split_once('"')).ok_or(RuleProblem::NoName)?;
    let condition = condition.trim().strip_prefix("for ").ok_or(RuleProblem::NoName)?;
    if name.trim().is_empty() {
        return Err(RuleProblem::NoName);
    }
    Ok((name.trim().to_owned(), condition.parse()?))
}

/// The two sides of `OLD is NEW`.
fn two(text: &str) -> Result<(&str, &str), RuleProblem> {
    let (one, other) = text.split_once(" is ").ok_or(RuleProblem::NotTwo)?;
    let (one, other) = (one.trim(), other.trim());
    let words = [one, other].iter().all(|word| !normal::fold(word).is_empty());
    if words && normal::fold(one) != normal::fold(other) {
        Ok((one, other))
    } else {
        Err(RuleProblem::NotTwo)
    }
}

fn domain(text: &str) -> Result<String, RuleProblem> {
    let text = text.trim_start_matches('@').to_lowercase();
    let is_domain = normal::address(&format!("x@{text}")).is_some();
    if is_domain { Ok(text) } else { Err(RuleProblem::NotTwo) }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LeaveOut(test) => write!(f, "leave out {test}"),
            Self::Person(test) => write!(f, "person {test}"),
            Self::Only(test) => write!(f, "only {test}"),
            Self::Owner(field, owner) => {
                let verb = if *owner == Owner::Psa { "keep" } else { "take" };
                write!(f, "{verb} {}", field.code().replace('_', " "))
            }
            Self::CreateDepartments => f.write_str("create departments"),
            Self::Site(name, test) => write!(f, "site \"{name}\" for {test}"),
            Self::Type(name, test) => write!(f, "type \"{name}\" for {test}"),
            Self::EmployeeId(number) => write!(f, "employee id in field {number}"),
            Self::AccountId(number) => write!(f, "account id in field {number}"),
            Self::DefaultPhone(phone) => write!(f, "default phone {}", phone.code()),
            Self::Unprotected(what) => {
                let words =
                    PROTECTIONS.iter().find(|(known, _)| known == what).map_or("", |(_, words)| words);
                write!(f, "unprotected {words}")
            }
            Self::ProtectType(name) => write!(f, "protect type {name}"),
            Self::AtMost(figure, count, percent) => {
                let words =
                    Figure::ALL.iter().find(|(known, _)| known == figure).map_or("", |(_, words)| words);
                match percent {
                    0 => write!(f, "at most {count} {words}"),
                    percent => write!(f, "at most {count} or {percent}% {words}"),
                }
            }
            Self::MissingFor(hours) => write!(f, "missing for {hours} hours"),
            Self::SameDomain(old, new) => write!(f, "domain {old} is {new}"),
            Self::SameName(form, name) => write!(f, "name {form} is {name}"),
        }
    }
}

impl From<Rule> for String {
    fn from(rule: Rule) -> Self {
        rule.to_string()
    }
}

impl TryFrom<String> for Rule {
    type Error = RuleProblem;

    fn try_from(text: String) -> Result<Self, RuleProblem> {
        text.parse()
    }
}

/// Who owns a field by these rules.
pub(crate) fn owner(rules: &[Rule], field: Field) -> Owner {
    let said = rules.iter().find_map(|rule| match rule {
        Rule::Owner(of, owner) if *of == field => Some(*owner),
        _ => None,
    });
    said.unwrap_or(field.usual_owner())
}

impl Rule {
    /// Which accounts the company takes by it, if that is what it says.
    #[must_use]
    pub const fn takes(&self) -> Option<&Test> {
        match self {
            Self::Only(test) => Some(test),
            _ => None,
        }
    }

    /// Whether it asks for the groups of an account.
    #[must_use]
    pub fn asks_for_groups(&self) -> bool {
        let test = match self {
            Self::LeaveOut(test)
            | Self::Person(test)
            | Self::Only(test)
            | Self::Site(_, test)
            | Self::Type(_, test) => test,
            Self::Owner(..)
            | Self::CreateDepartments
            | Self::EmployeeId(_)
            | Self::AccountId(_)
            | Self::DefaultPhone(_)
            | Self::Unprotected(_)
            | Self::ProtectType(_)
            | Self::AtMost(..)
            | Self::MissingFor(_)
            | Self::SameDomain(..)
            | Self::SameName(..) => return false,
        };
        test.attribute() == Attribute::Group
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_written_as_it_is_read() {
        for line in [
            "leave out ou Service Accounts",
            "leave out licence none",
            "person logon svc-harbor",
            "only group CN=Harbor,OU=Groups,DC=corp,DC=example",
            "keep title",
            "take first name",
            "create departments",
            "site \"Rotterdam office\" for office R*",
            "type \"Manager\" for title *manager*",
            "employee id in field 3",
            "account id in field 10",
            "default phone mobile",
            "unprotected portal login",
            "protect type VIP customer",
            "at most 5 deactivations",
            "at most 3 or 20% deactivations in seven days",
            "at most 0 additions",
            "at most 3 or 25% changes of one field",
            "missing for 12 hours",
            "domain old.example is new.example",
            "name Bob is Robert",
        ] {
            let rule: Rule = line.parse().unwrap_or_else(|problem| panic!("{line}: {problem}"));
            assert_eq!(rule.to_string(), line);
            assert_eq!(serde_json::to_value(&rule).unwrap(), serde_json::json!(line));
        }
    }

    #[test]
    fn what_is_wrong_with_a_line_is_told_with_its_number() {
        let wrong = |line: &str| parse(line).expect_err(line).problem;
        for (line, problem) in [
            ("leave svc-*", RuleProblem::Unknown),
            ("leave out", RuleProblem::NoSuchAttribute),
            ("leave out shoe 42", RuleProblem::NoSuchAttribute),
            ("leave out logon", RuleProblem::NoPattern),
            ("keep shoe size", RuleProblem::NoSuchField),
            ("keep site", RuleProblem::NoSuchField),
            ("site Main for office R*", RuleProblem::NoName),
            ("site \"Main\"", RuleProblem::NoName),
            ("employee id in field 11", RuleProblem::NotAUserField),
            ("account id in field 0", RuleProblem::NotAUserField),
            ("protect type", RuleProblem::NoType),
            ("at most", RuleProblem::NotAFigure),
            ("at most five deactivations", RuleProblem::NotAFigure),
            ("at most 5 or 101% deactivations", RuleProblem::NotAFigure),
            ("at most 5 writes", RuleProblem::NotAFigure),
            ("missing for 0 hours", RuleProblem::NotHours),
            ("default phone fax", RuleProblem::NotAPhone),
            ("unprotected everybody", RuleProblem::NotAProtection),
            ("domain old.example", RuleProblem::NotTwo),
            ("domain same.example is Same.example", RuleProblem::NotTwo),
            ("domain not a domain is x.example", RuleProblem::NotTwo),
            ("name Bob is", RuleProblem::NotTwo),
        ] {
            assert_eq!(wrong(line), problem, "{line}");
        }
        assert_eq!(wrong(&format!("leave out logon {}", "x".repeat(200))), RuleProblem::TooLong);
        let third = parse("// ours\nleave out logon svc-*\n\n  nonsense").expect_err("the last line");
        assert_eq!(third.line, 4);
        assert!(third.to_string().starts_with("line 4: a rule begins with"), "{third}");
    }

    #[test]
    fn case_and_blanks_do_not_matter() {
        assert_eq!(
            "Leave  Out   OU  Service Accounts".parse(),
            "leave out ou Service Accounts".parse::<Rule>()
        );
        assert_eq!("KEEP Last Name".parse::<Rule>().unwrap().to_string(), "keep last name");
    }
}
