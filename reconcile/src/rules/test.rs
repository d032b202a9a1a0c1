//! What a rule asks of an account.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::RuleProblem;
use crate::{Account, pattern};

/// Which attribute is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attribute {
    /// The logon name.
    Logon,
    /// The name that is shown.
    Name,
    /// Any of its e-mail addresses.
    Address,
    /// The title.
    Title,
    /// The department.
    Department,
    /// The office.
    Office,
    /// The city.
    City,
    /// Any unit that it lies in: its name, or its distinguished name where the pattern has an `=`.
    Unit,
    /// Any group that it is a direct member of, likewise.
    Group,
    /// Any licence; `none` fits accounts that have none, where the source knows.
    Licence,
}

impl Attribute {
    const ALL: [(Self, &'static str); 10] = [
        (Self::Logon, "logon"),
        (Self::Name, "name"),
        (Self::Address, "address"),
        (Self::Title, "title"),
        (Self::Department, "department"),
        (Self::Office, "office"),
        (Self::City, "city"),
        (Self::Unit, "ou"),
        (Self::Group, "group"),
        (Self::Licence, "licence"),
    ];

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(attribute, _)| *attribute == self).map_or("", |(_, word)| word)
    }
}

/// An attribute and the pattern that it has to fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Test {
    attribute: Attribute,
    pattern: String,
    /// In lower case, for comparing.
    lower: String,
}

impl FromStr for Test {
    type Err = RuleProblem;

    fn from_str(text: &str) -> Result<Self, RuleProblem> {
        let (word, pattern) = text.split_once(' ').unwrap_or((text, ""));
        let attribute = Attribute::ALL
            .into_iter()
            .find(|(_, known)| known.eq_ignore_ascii_case(word))
            .map(|(attribute, _)| attribute)
            .ok_or(RuleProblem::NoSuchAttribute)?;
        let pattern = pattern.trim();
        if pattern.is_empty() {
            return Err(RuleProblem::NoPattern);
        }
        Ok(Self { attribute, pattern: pattern.to_owned(), lower: pattern.to_lowercase() })
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.attribute.word(), self.pattern)
    }
}

impl From<Test> for String {
    fn from(test: Test) -> Self {
        test.to_string()
    }
}

impl TryFrom<String> for Test {
    type Error = RuleProblem;

    fn try_from(text: String) -> Result<Self, RuleProblem> {
        text.parse()
    }
}

impl Test {
    /// What it looks at.
    #[must_use]
    pub const fn attribute(&self) -> Attribute {
        self.attribute
    }

    /// Whether the account fits. An attribute that it does not have fits nothing, not even `*`.
    #[must_use]
    pub fn fits(&self, account: &Account) -> bool {
        let fits = |text: &str| pattern::fits(&self.lower, &text.trim().to_lowercase());
        let has = |text: &Option<String>| text.as_deref().is_some_and(fits);
        match self.attribute {
            Attribute::Logon => fits(&account.logon_name),
            Attribute::Name => has(&account.display_name),
            Attribute::Address => account.addresses().any(fits),
            Attribute::Title => has(&account.title),
            Attribute::Department => has(&account.department),
            Attribute::Office => has(&account.office),
            Attribute::City => has(&account.city),
            Attribute::Unit => {
                let parts = parts_of_dn(&account.dn);
                (1..parts.len()).any(|from| !is_domain(parts[from]) && self.names(&parts[from..]))
            }
            Attribute::Group => account.groups.iter().any(|group| self.names(&parts_of_dn(group))),
            Attribute::Licence => account.licences.as_ref().is_some_and(|licences| {
                if self.lower == "none" { licences.is_empty() } else { licences.iter().any(|one| fits(one)) }
            }),
        }
    }

    /// Whether an entry is meant, by its own name or by its distinguished name.
    fn names(&self, parts: &[&str]) -> bool {
        let Some(own) = parts.first() else { return false };
        if self.lower.contains('=') {
            let whole = parts.iter().map(|part| part.trim()).collect::<Vec<_>>().join(",");
            let wanted =
                parts_of_dn(&self.lower).iter().map(|part| part.trim()).collect::<Vec<_>>().join(",");
            return pattern::fits(&wanted, &whole.to_lowercase());
        }
        let name = own.split_once('=').map_or(*own, |(_, name)| name);
        pattern::fits(&self.lower, &plain(name).to_lowercase())
    }
}

fn is_domain(part: &str) -> bool {
    part.trim_start().get(..3).is_some_and(|start| start.eq_ignore_ascii_case("dc="))
}

/// The parts of a distinguished name as they are written, from the entry's own to the root's: apart at
/// commas that no backslash stands before (RFC 4514 2.4).
fn parts_of_dn(dn: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut from, mut escaped) = (0, false);
    for (at, sign) in dn.char_indices() {
        match sign {
            ',' if !escaped => {
                parts.push(&dn[from..at]);
                from = at + 1;
            }
            _ => {}
        }
        escaped = sign == '\\' && !escaped;
    }
    parts.push(&dn[from..]);
    parts
}

/// A value without its escapes: `\,` and `\2C` are a comma.
fn plain(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.trim().as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'\\' {
            bytes.push(*first);
            continue;
        }
        let hex = |digits: &[u8]| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
        match tail {
            [one, two, after @ ..] if hex(&[*one, *two]).is_some() => {
                bytes.extend(hex(&[*one, *two]));
                rest = after;
            }
            [sign, after @ ..] => {
                bytes.push(*sign);
                rest = after;
            }
            [] => {}
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(test: &str, account: &Account) -> bool {
        test.parse::<Test>().unwrap_or_else(|problem| panic!("{test}: {problem}")).fits(account)
    }

    #[test]
    fn each_attribute_is_looked_at() {
        let account = Account {
            dn: "CN=Smith\\, Ann,OU=Sales \\2B Service,OU=Rotterdam,DC=harbor,DC=example".into(),
            logon_name: "asmith".into(),
            display_name: Some("Ann Smith".into()),
            mail: Some("ann@harbor.example".into()),
            proxy_addresses: vec!["a.smith@old.example".into()],
            title: Some("Head of Sales".into()),
            department: Some("Sales".into()),
            office: Some("R2".into()),
            city: Some("Rotterdam".into()),
            groups: vec!["CN=All Staff,OU=Groups,DC=harbor,DC=example".into()],
            licences: Some(vec!["E3".into()]),
            ..Account::default()
        };
        for test in [
            "logon a*",
            "name ann smith",
            "address *@old.example",
            "title *sales",
            "department SALES",
            "office r#",
            "city rotterdam",
            "ou rotterdam",
            "ou Sales + Service",
            "ou OU=Rotterdam, DC=harbor, DC=example",
            "ou *,DC=example",
            "group all staff",
            "group CN=All Staff,*",
            "licence e3",
        ] {
            assert!(fits(test, &account), "{test}");
        }
        for test in
            ["ou Smith, Ann", "ou harbor", "group staff", "licence none", "city r#", "ou OU=Rotterdam"]
        {
            assert!(!fits(test, &account), "{test}");
        }
    }

    #[test]
    fn what_an_account_does_not_have_fits_nothing() {
        let bare = Account { dn: "CN=x".into(), logon_name: "x".into(), ..Account::default() };
        for test in ["title *", "department *", "ou *", "group *", "licence *", "licence none", "address *"] {
            assert!(!fits(test, &bare), "{test}");
        }
        let unlicensed = Account { licences: Some(vec![]), ..bare };
        assert!(fits("licence none", &unlicensed) && !fits("licence *", &unlicensed));
    }
}
