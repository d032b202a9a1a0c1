//! An account: one user object of a company's directory, as the reader reports it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The directory's own, never changing key of an account: Active Directory's `objectGUID`.
///
/// Distinguished names, logon names and addresses change over a person's time; this does not
/// (MS-ADTS 3.1.1.1.4). Shown and stored in the hyphenated lower-case form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(pub Uuid);

impl AccountId {
    /// From the 16 bytes as LDAP returns them: the first three groups little-endian
    /// (MS-DTYP 2.3.4.2).
    #[must_use]
    pub const fn from_ldap_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes_le(bytes))
    }
}

impl std::fmt::Display for AccountId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl std::str::FromStr for AccountId {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Self)
    }
}

/// One directory account. Absent and empty attributes are both `None`: the directory does not
/// tell "cleared" from "may not be read", so neither may blank a contact's field. The default is one
/// that has nothing, and is disabled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// `objectGUID`.
    pub id: AccountId,
    /// `distinguishedName`.
    pub dn: String,
    /// `sAMAccountName`.
    pub logon_name: String,
    /// `userPrincipalName`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal_name: Option<String>,
    /// `givenName`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// `sn`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surname: Option<String>,
    /// `displayName`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// `mail`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
    /// The SMTP values of `proxyAddresses`, without their `smtp:` prefix, the primary first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proxy_addresses: Vec<String>,
    /// `title`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// `department`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// `physicalDeliveryOfficeName`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
    /// `l`, the city.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// `telephoneNumber`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telephone: Option<String>,
    /// `mobile`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobile: Option<String>,
    /// `facsimileTelephoneNumber`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fax: Option<String>,
    /// `employeeID`, else `employeeNumber`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employee_id: Option<String>,
    /// `manager`: the distinguished name of another account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<String>,
    /// `memberOf`: the distinguished names of the groups that it is a direct member of. Read only for
    /// companies whose rules ask for groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// The names of the licences that it has; `None` where the source knows nothing of licences.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licences: Option<Vec<String>>,
    /// Bit 2 (`ACCOUNTDISABLE`) of `userAccountControl` is clear. A locked account or an expired
    /// password is still a person at work and counts as enabled.
    pub enabled: bool,
    /// Bit 0x10000 (`DONT_EXPIRE_PASSWORD`) of `userAccountControl`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub password_never_expires: bool,
    /// `servicePrincipalName` has a value.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_service_principal: bool,
    /// `msExchRecipientTypeDetails`: 1 user, 4 shared, 16 room, 32 equipment, and more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient_type_details: Option<i64>,
    /// `msExchRecipientDisplayType`: 7 room, 8 equipment where the details are missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient_display_type: Option<i64>,
}

impl Account {
    /// Every address of the account in its own order: `mail`, then the proxy addresses, then the
    /// principal name where it has the shape of an address.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        self.mail
            .iter()
            .chain(&self.proxy_addresses)
            .chain(self.principal_name.iter().filter(|name| name.contains('@')))
            .map(String::as_str)
    }

    /// The address that the PSA contact should carry: `mail`, else the primary proxy address.
    #[must_use]
    pub fn primary_address(&self) -> Option<&str> {
        self.mail.as_deref().or(self.proxy_addresses.first().map(String::as_str))
    }
}
