//! Policy: what planning goes by beside the two sides.

use serde::{Deserialize, Serialize};

use crate::{AccountId, ContactId, Field, Owner, Rule, Test, rules};

/// What planning goes by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// The company's rules, then the installation's.
    pub rules: Vec<Rule>,
    /// What the PSA has places for.
    pub places: Places,
    /// The other companies that have to do with the same accounts.
    pub others: Vec<OtherCompany>,
}

/// What the PSA has places for. A list that is `None` was not read, and nothing is planned for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Places {
    /// Fields that the installation's contacts have no place for.
    pub without: Vec<Field>,
    /// The names of its departments.
    pub departments: Option<Vec<String>>,
    /// The names of the company's sites.
    pub sites: Option<Vec<String>>,
    /// The names of its contact types.
    pub types: Option<Vec<String>>,
}

/// Another company of the installation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OtherCompany {
    /// The PSA's record id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its `only` rules, where it reads the same source.
    pub takes: Vec<Test>,
    /// Accounts that are linked to contacts of it.
    pub linked: Vec<LinkElsewhere>,
}

/// An account that is linked to a contact of another company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkElsewhere {
    /// The account.
    pub account: AccountId,
    /// The contact.
    pub contact: ContactId,
}

impl Policy {
    /// The `only` rules of the company itself.
    pub fn takes(&self) -> impl Iterator<Item = &Test> {
        self.rules.iter().filter_map(Rule::takes)
    }
}

/// What of the PSA planning by these rules has to know beside the contacts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a list of its own")]
pub struct Wants {
    /// The names of its departments.
    pub departments: bool,
    /// The names of the company's sites.
    pub sites: bool,
    /// The names of its contact types.
    pub types: bool,
    /// The user-defined field of contacts that holds the employee id, 1 to 10.
    pub employee_field: Option<u8>,
    /// The groups of each account.
    pub groups: bool,
    /// The default of a new contact's numbers.
    pub default_phone: DefaultPhone,
}

/// The number that is the default of a new contact, if it has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DefaultPhone {
    /// The direct one.
    #[default]
    Direct,
    /// The mobile one.
    Mobile,
}

impl Wants {
    /// What these rules ask for; of two fields for the employee id the first counts.
    #[must_use]
    pub fn of(rules: &[Rule]) -> Self {
        Self {
            departments: rules::owner(rules, Field::Department) == Owner::Directory,
            sites: rules.iter().any(|rule| matches!(rule, Rule::Site(..))),
            types: rules.iter().any(|rule| matches!(rule, Rule::Type(..))),
            employee_field: rules.iter().find_map(|rule| match rule {
                Rule::EmployeeId(field) => Some(*field),
                _ => None,
            }),
            groups: rules.iter().any(Rule::asks_for_groups),
            default_phone: match rules.iter().find(|rule| matches!(rule, Rule::DefaultPhone(_))) {
                Some(Rule::DefaultPhone(Field::Mobile)) => DefaultPhone::Mobile,
                _ => DefaultPhone::Direct,
            },
        }
    }
}
