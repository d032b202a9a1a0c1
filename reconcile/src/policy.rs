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
    /// Whether contacts are given their managers.
    #[must_use]
    pub fn takes_managers(&self) -> bool {
        rules::owner(&self.rules, Field::Manager) == Owner::Directory
    }

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
    /// The user-defined fields of contacts that hold something of the account.
    pub user_fields: UserFields,
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

/// The user-defined fields of contacts, 1 to 10, that hold something of the account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UserFields {
    /// The employee id.
    pub employee_id: Option<u8>,
    /// The account's id.
    pub account_id: Option<u8>,
}

impl UserFields {
    /// Those that the rules name. Of two for one thing the first counts; a field that both are to have is
    /// the account id's, which links stand in.
    #[must_use]
    pub fn of(rules: &[Rule]) -> Self {
        let account_id = rules.iter().find_map(|rule| match rule {
            Rule::AccountId(field) => Some(*field),
            _ => None,
        });
        let employee_id = rules.iter().find_map(|rule| match rule {
            Rule::EmployeeId(field) => Some(*field),
            _ => None,
        });
        Self { employee_id: employee_id.filter(|field| Some(*field) != account_id), account_id }
    }
}

impl Wants {
    /// What these rules ask for.
    #[must_use]
    pub fn of(rules: &[Rule]) -> Self {
        Self {
            departments: rules::owner(rules, Field::Department) == Owner::Directory,
            sites: rules.iter().any(|rule| matches!(rule, Rule::Site(..))),
            types: rules.iter().any(|rule| matches!(rule, Rule::Type(..))),
            user_fields: UserFields::of(rules),
            groups: rules.iter().any(Rule::asks_for_groups),
            default_phone: match rules.iter().find(|rule| matches!(rule, Rule::DefaultPhone(_))) {
                Some(Rule::DefaultPhone(Field::Mobile)) => DefaultPhone::Mobile,
                _ => DefaultPhone::Direct,
            },
        }
    }
}
