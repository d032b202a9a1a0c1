//! An invented company, Harbor Manufacturing, and everybody in its directory.
//!
//! Nobody here exists. Addresses are under `harbor.example` (RFC 2606), telephone numbers come from
//! the ranges that Ofcom keeps for drama: 020 7946 0xxx and 07700 900xxx.

mod awkward;
pub mod groups;
mod leavers;
mod nobody;
mod ordinary;

use uuid::Uuid;

/// The company's domain.
pub const BASE: &str = "DC=corp,DC=harbor,DC=example";
/// The same as a DNS name.
pub const DOMAIN: &str = "corp.harbor.example";
/// The domain of its mail.
pub const MAIL_DOMAIN: &str = "harbor.example";

/// One user object of the directory.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own in the directory")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Stays, whatever changes. A real domain makes its own.
    pub id: Uuid,
    /// `sAMAccountName`, 20 characters at most.
    pub logon: String,
    /// `cn`, unescaped.
    pub common_name: String,
    /// The organisational units above it, the nearest first.
    pub units: Vec<&'static str>,
    /// `userPrincipalName`.
    pub principal_name: Option<String>,
    /// `givenName`.
    pub given_name: Option<String>,
    /// `sn`.
    pub surname: Option<String>,
    /// `displayName`.
    pub display_name: Option<String>,
    /// `mail`.
    pub mail: Option<String>,
    /// `proxyAddresses`, with their `SMTP:` and `smtp:`.
    pub proxy_addresses: Vec<String>,
    /// `title`, 128 characters at most.
    pub title: Option<String>,
    /// `department`.
    pub department: Option<String>,
    /// `telephoneNumber`.
    pub telephone: Option<String>,
    /// `mobile`.
    pub mobile: Option<String>,
    /// `facsimileTelephoneNumber`.
    pub fax: Option<String>,
    /// `userAccountControl` has `ACCOUNTDISABLE`.
    pub disabled: bool,
    /// `userAccountControl` has `DONT_EXPIRE_PASSWORD`.
    pub password_never_expires: bool,
    /// Too many wrong passwords: `lockoutTime` is set.
    pub locked: bool,
    /// `pwdLastSet` is 0.
    pub password_expired: bool,
    /// `servicePrincipalName`.
    pub service_principals: Vec<String>,
    /// `msExchRecipientTypeDetails`.
    pub recipient_type_details: Option<i64>,
    /// `msExchRecipientDisplayType`.
    pub recipient_display_type: Option<i64>,
}

/// Everybody, in a fixed order: about 200 user objects, most of them ordinary.
pub fn people() -> Vec<Person> {
    let mut people = ordinary::people();
    people.extend(awkward::people());
    people.extend(leavers::people());
    people.extend(nobody::accounts());
    people
}

impl Person {
    /// A person at work, with an address made of the two names.
    pub fn new(logon: &str, given_name: &str, surname: &str, department: &'static str) -> Self {
        let name = format!("{given_name} {surname}");
        let mail = format!("{}.{}@{MAIL_DOMAIN}", local_part(given_name), local_part(surname));
        Self {
            given_name: Some(given_name.to_owned()),
            surname: Some(surname.to_owned()),
            display_name: Some(name.clone()),
            proxy_addresses: vec![format!("SMTP:{mail}")],
            mail: Some(mail),
            department: Some(department.to_owned()),
            ..Self::bare(logon, &name, vec![department, "People"])
        }
    }

    /// An object with the names that Windows demands and nothing else.
    pub(crate) fn bare(logon: &str, common_name: &str, units: Vec<&'static str>) -> Self {
        Self {
            id: Uuid::new_v5(&Uuid::NAMESPACE_DNS, format!("{logon}.{DOMAIN}").as_bytes()),
            logon: logon.to_owned(),
            common_name: common_name.to_owned(),
            units,
            principal_name: Some(format!("{logon}@{DOMAIN}")),
            given_name: None,
            surname: None,
            display_name: None,
            mail: None,
            proxy_addresses: Vec::new(),
            title: None,
            department: None,
            telephone: None,
            mobile: None,
            fax: None,
            disabled: false,
            password_never_expires: false,
            locked: false,
            password_expired: false,
            service_principals: Vec::new(),
            recipient_type_details: None,
            recipient_display_type: None,
        }
    }

    /// The distinguished name below a base.
    pub fn dn(&self, base: &str) -> String {
        format!("CN={},{}", escape(&self.common_name), self.parent(base))
    }

    /// The distinguished name of the unit that holds it.
    pub fn parent(&self, base: &str) -> String {
        self.units.iter().rev().fold(base.to_owned(), |below, unit| format!("OU={unit},{below}"))
    }

    /// `userAccountControl` (MS-ADTS 2.2.16): a normal account with its flags.
    pub fn account_control(&self) -> u32 {
        0x200 | if self.disabled { 0x2 } else { 0 } | if self.password_never_expires { 0x1_0000 } else { 0 }
    }

    /// Every attribute that has text for a value, as LDAP names them.
    pub fn attributes(&self) -> Vec<(&'static str, Vec<String>)> {
        let one = |name, value: &Option<String>| (name, value.iter().cloned().collect());
        let number =
            |name, value: Option<i64>| (name, value.iter().map(ToString::to_string).collect::<Vec<_>>());
        let mut attributes = vec![
            ("cn", vec![self.common_name.clone()]),
            ("sAMAccountName", vec![self.logon.clone()]),
            one("userPrincipalName", &self.principal_name),
            one("givenName", &self.given_name),
            one("sn", &self.surname),
            one("displayName", &self.display_name),
            one("mail", &self.mail),
            ("proxyAddresses", self.proxy_addresses.clone()),
            one("title", &self.title),
            one("department", &self.department),
            one("telephoneNumber", &self.telephone),
            one("mobile", &self.mobile),
            one("facsimileTelephoneNumber", &self.fax),
            ("userAccountControl", vec![self.account_control().to_string()]),
            ("servicePrincipalName", self.service_principals.clone()),
            number("msExchRecipientTypeDetails", self.recipient_type_details),
            number("msExchRecipientDisplayType", self.recipient_display_type),
        ];
        attributes.retain(|(_, values): &(_, Vec<String>)| !values.is_empty());
        attributes
    }

    /// The last four digits, so that each person has numbers of their own.
    pub(crate) fn with_numbers(mut self, number: u32) -> Self {
        self.telephone = Some(format!("+44 20 7946 0{number:03}"));
        self.mobile = Some(format!("+44 7700 900{number:03}"));
        self
    }

    pub(crate) fn titled(mut self, title: &str) -> Self {
        self.title = Some(title.to_owned());
        self
    }

    /// With this `cn`.
    pub(crate) fn named(mut self, common_name: &str) -> Self {
        common_name.clone_into(&mut self.common_name);
        self
    }

    /// With this address in place of the one made of the names.
    pub(crate) fn mailed(mut self, local_part: &str) -> Self {
        let mail = format!("{local_part}@{MAIL_DOMAIN}");
        self.proxy_addresses = vec![format!("SMTP:{mail}")];
        self.mail = Some(mail);
        self
    }

    pub(crate) fn without_mail(mut self) -> Self {
        self.mail = None;
        self.proxy_addresses.clear();
        self
    }

    pub(crate) fn shown_as(mut self, display_name: &str) -> Self {
        self.display_name = Some(display_name.to_owned());
        self
    }
}

/// An RDN's value as it stands in a distinguished name (RFC 4514 2.4).
fn escape(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for (position, sign) in value.char_indices() {
        if ",+\"\\<>;=".contains(sign) || (position == 0 && "# ".contains(sign)) {
            escaped.push('\\');
        }
        escaped.push(sign);
    }
    escaped
}

/// A name in the letters that the company's mail system takes.
fn local_part(name: &str) -> String {
    let mut local = String::new();
    for sign in name.to_lowercase().chars() {
        match sign {
            'a'..='z' | '-' => local.push(sign),
            'ä' => local.push_str("ae"),
            'ö' => local.push_str("oe"),
            'ü' => local.push_str("ue"),
            'á' | 'à' | 'å' => local.push('a'),
            'é' | 'ë' | 'è' => local.push('e'),
            'í' | 'ï' => local.push('i'),
            'ó' | 'ø' => local.push('o'),
            'ł' => local.push('l'),
            'ś' | 'š' => local.push('s'),
            'ç' | 'č' => local.push('c'),
            _ => {}
        }
    }
    local
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn distinct<T: Ord>(values: impl Iterator<Item = T>) -> bool {
        let mut seen = BTreeSet::new();
        let mut all = true;
        for value in values {
            all &= seen.insert(value);
        }
        all
    }

    #[test]
    fn everybody_is_told_apart() {
        let people = people();
        assert!((190..=215).contains(&people.len()), "{}", people.len());
        assert!(distinct(people.iter().map(|person| person.id)));
        assert!(distinct(people.iter().map(|person| person.logon.to_lowercase())));
        assert!(distinct(people.iter().map(|person| person.dn(BASE).to_lowercase())));
        assert!(distinct(people.iter().filter_map(|person| person.mail.clone())));
        assert!(distinct(people.iter().flat_map(|person| &person.proxy_addresses)));
        assert!(distinct(people.iter().filter_map(|person| person.telephone.clone())));
    }

    #[test]
    fn windows_would_take_them() {
        for person in people() {
            assert!(person.logon.chars().count() <= 20, "{}", person.logon);
            assert!(person.common_name.chars().count() <= 64, "{}", person.common_name);
            assert!(person.title.iter().all(|title| title.chars().count() <= 128), "{}", person.logon);
        }
    }

    #[test]
    fn distinguished_names_are_escaped() {
        let person = Person::bare("x", "Baker, Paul (Night*)", vec!["Sales", "People"]);
        assert_eq!(
            person.dn(BASE),
            "CN=Baker\\, Paul (Night*),OU=Sales,OU=People,DC=corp,DC=harbor,DC=example"
        );
    }
}
