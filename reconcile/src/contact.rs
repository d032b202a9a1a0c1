//! A contact: one person of a company in the PSA, in the terms that matching and mapping need.

use serde::{Deserialize, Serialize};

/// The PSA's record id of a contact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContactId(pub i64);

impl std::fmt::Display for ContactId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Which use a communication item has. The PSA's own type ids differ from installation to
/// installation; the PSA client turns them into these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// The installation's default e-mail type.
    Email,
    /// The direct (office) telephone number.
    Direct,
    /// The mobile number.
    Mobile,
    /// The fax number.
    Fax,
    /// A further e-mail type of the installation's own.
    OtherEmail,
    /// A further telephone or fax type of the installation's own (pager, home, ...).
    OtherPhone,
}

/// One e-mail address or number of a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Communication {
    /// The PSA's id of the item.
    pub id: i64,
    /// Its use.
    pub slot: Slot,
    /// The address or number as stored.
    pub value: String,
    /// Whether it is the default of its kind (e-mail, phone, fax).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub default: bool,
}

/// One PSA contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The PSA's record id.
    pub id: ContactId,
    /// `firstName`; the PSA requires it.
    pub first_name: String,
    /// `lastName`, empty when absent.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub last_name: String,
    /// `title`, empty when absent.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// `city`, empty when absent.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub city: String,
    /// The name of `department`, empty when absent.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub department: String,
    /// The name of `site`, empty when absent.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub site: String,
    /// The names of `types`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<String>,
    /// `managerContact`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<ContactId>,
    /// What stands in the user-defined field that was chosen for the employee id.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub employee_id: String,
    /// What stands in the user-defined field that was chosen for the account's id.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub account_id: String,
    /// `communicationItems`, in the PSA's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub communications: Vec<Communication>,
    /// `inactiveFlag`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inactive: bool,
    /// What depends on the contact.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub protections: Vec<Protection>,
}

/// Why deactivating a contact has consequences beyond the contact itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protection {
    /// It is the company's default contact.
    DefaultContact,
    /// It is the company's billing contact.
    BillingContact,
    /// It may log in to the customer portal.
    PortalLogin,
    /// It is the contact of tickets that are not closed.
    OpenTickets,
    /// A rule protects one of its types.
    ContactType,
}

impl Contact {
    /// Every e-mail address of the contact.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        self.communications
            .iter()
            .filter(|item| matches!(item.slot, Slot::Email | Slot::OtherEmail))
            .map(|item| item.value.as_str())
    }

    /// The item that holds `slot`: the default of its kind when several do, else the first.
    #[must_use]
    pub fn in_slot(&self, slot: Slot) -> Option<&Communication> {
        let mut held = self.communications.iter().filter(|item| item.slot == slot);
        let first = held.next()?;
        if first.default { Some(first) } else { held.find(|item| item.default).or(Some(first)) }
    }
}
