//! Where a directory is and how to read it.

use std::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Serialize};

use crate::{
    Find, Fingerprint, Password,
    entry::{ATTRIBUTES, GROUPS},
    places::Places,
};

/// Everybody who can log on, and nobody that Windows made for itself; the rest is decided from
/// attributes, with a reason shown, because a person who falls out of a filter looks like one who
/// left.
pub const DEFAULT_FILTER: &str =
    "(&(objectCategory=person)(objectClass=user)(sAMAccountName=*)(!(isCriticalSystemObject=TRUE)))";

/// The page size when none is set. Active Directory answers at most 1,000 entries a page
/// (`MaxPageSize`, MS-ADTS 3.1.1.3.4.6); a smaller page keeps less in memory.
pub const DEFAULT_PAGE_SIZE: u32 = 500;

/// One directory to read.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The server's name, which its certificate has to carry; or its IP address.
    pub host: String,
    /// The address to dial, already resolved and checked by the caller. Without it the name is
    /// resolved here: right in the client's own network, wrong in the service, where a second
    /// look-up could answer differently from the checked one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<SocketAddr>,
    /// The port: 636 or 3269 with LDAPS, 389 or 3268 otherwise.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Which certificate is believed. Means nothing with [`Security::PlainTextOnPurpose`].
    pub trust: Trust,
    /// Who reads: best a principal name (`svc-sync@corp.example.com`); `CORP\svc-sync` and a
    /// distinguished name work too (MS-ADTS 5.1.1.1.1).
    pub bind_name: String,
    /// That account's password.
    pub password: Password,
    /// The distinguished name below which accounts are read.
    pub base: String,
    /// An LDAP filter (RFC 4515) in place of [`DEFAULT_FILTER`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// Only whoever is looked for, of those that the filter lets through. What such a read finds is no
    /// directory, and its stream is not sealed as one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub find: Option<Find>,
    /// Groups or units that are looked for by their names, in place of accounts. Such a read is no directory
    /// either, and the base means nothing to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places: Option<Places>,
    /// Whether the groups of each account are read too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub groups: bool,
    /// Entries asked for in one page.
    #[serde(default = "default_page_size")]
    pub page_size: u32,
    /// What one read may take.
    #[serde(default)]
    pub limits: Limits,
}

fn default_page_size() -> u32 {
    DEFAULT_PAGE_SIZE
}

/// How the connection is protected. There is no falling back from one to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// TLS from the first byte.
    Ldaps,
    /// TLS asked for on a plain connection before anything else is said (RFC 4511 4.14).
    StartTls,
    /// No protection: the password crosses the network readable.
    PlainTextOnPurpose,
}

/// Which certificate is believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// One that a public authority vouches for.
    PublicAuthorities,
    /// One that this authority vouches for.
    Authority {
        /// The authority's certificate, or several, in PEM.
        pem: String,
    },
    /// Exactly this one, whatever names or dates it carries.
    Pinned {
        /// SHA-256 of the server's own certificate in DER.
        sha256: Fingerprint,
    },
}

/// What one read may take before it counts as failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Seconds for the whole read.
    pub seconds: u64,
    /// Accounts.
    pub accounts: u64,
    /// Bytes of all entries together, as the directory sends them.
    pub bytes: u64,
    /// Bytes of memory for the process that reads.
    pub memory_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { seconds: 300, accounts: 100_000, bytes: 256 << 20, memory_bytes: 512 << 20 }
    }
}

/// What is wrong with a source before anything was dialled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum SourceProblem {
    /// Not the JSON document that a source is, or larger than one may be.
    #[error("the source is not one JSON document of the expected form")]
    Unreadable,
    /// Neither a host name nor an IP address.
    #[error("the host must be a name such as dc1.corp.example.com or an IP address, nothing else")]
    Host,
    /// Port 0, or an address with another port.
    #[error("the port must not be 0 and must be the address's own")]
    Port,
    /// No bind name.
    #[error("a bind name is needed: anonymous reading shows too little to decide by")]
    BindNameEmpty,
    /// No password. A server may answer such a bind with success and treat the client as
    /// anonymous (RFC 4513 5.1.2).
    #[error("a password is needed: a server may take an empty one for an anonymous visit")]
    PasswordEmpty,
    /// No base: the root of the server holds no accounts.
    #[error("a base is needed, such as DC=corp,DC=example,DC=com")]
    BaseEmpty,
    /// The filter is not one (RFC 4515).
    #[error("the filter is not a valid LDAP filter: check its brackets")]
    Filter,
    /// The page size is not from 1 to 5,000.
    #[error("the page size must be from 1 to 5000")]
    PageSize,
    /// The authority's PEM holds no certificate, or one that cannot be an authority.
    #[error("the authority must be one or more certificates in PEM")]
    Authority,
    /// The pin is no fingerprint.
    #[error("the pinned fingerprint must have 64 hexadecimal digits")]
    Pin,
    /// A limit is 0.
    #[error("every limit must be above 0")]
    Limits,
}

/// Brackets within brackets that a filter may have; the parser calls itself for each.
const FILTER_DEPTH: usize = 32;
/// Bytes of a filter.
const FILTER_LENGTH: usize = 4096;

impl Source {
    /// The filter in force.
    pub fn filter(&self) -> &str {
        self.filter.as_deref().unwrap_or(DEFAULT_FILTER)
    }

    /// Whether it asks for everybody that the filter lets through: only then can a read be a whole directory.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.find.is_none() && self.places.is_none()
    }

    /// What the directory is asked for.
    #[must_use]
    pub fn search(&self) -> String {
        match &self.find {
            None => self.filter().to_owned(),
            Some(find) => format!("(&{}{})", self.filter(), find.filter()),
        }
    }

    /// The attributes to ask for.
    #[must_use]
    pub fn attributes(&self) -> Vec<&'static str> {
        let groups = self.groups.then_some(GROUPS);
        ATTRIBUTES.into_iter().chain(groups).collect()
    }

    /// Checks what can be known without asking the network.
    pub fn validate(&self) -> Result<(), SourceProblem> {
        if !is_host(&self.host) {
            return Err(SourceProblem::Host);
        }
        if self.port == 0 || self.address.is_some_and(|address| address.port() != self.port) {
            return Err(SourceProblem::Port);
        }
        if self.bind_name.trim().is_empty() {
            return Err(SourceProblem::BindNameEmpty);
        }
        if self.password.expose().is_empty() {
            return Err(SourceProblem::PasswordEmpty);
        }
        if self.base.trim().is_empty() && self.places.is_none() {
            return Err(SourceProblem::BaseEmpty);
        }
        if !is_filter(self.filter()) {
            return Err(SourceProblem::Filter);
        }
        if !(1..=5000).contains(&self.page_size) {
            return Err(SourceProblem::PageSize);
        }
        let Limits { seconds, accounts, bytes, memory_bytes } = self.limits;
        if [seconds, accounts, bytes, memory_bytes].contains(&0) {
            return Err(SourceProblem::Limits);
        }
        Ok(())
    }
}

fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    text.parse::<IpAddr>().is_ok() || (text.len() <= 253 && text.split('.').all(label))
}

fn is_filter(text: &str) -> bool {
    let mut depth = 0_usize;
    let shallow = text.bytes().all(|byte| {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth <= FILTER_DEPTH
    });
    shallow && text.len() <= FILTER_LENGTH && text.starts_with('(') && ldap3::parse_filter(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source() -> Source {
        serde_json::from_value(serde_json::json!({
            "host": "dc1.corp.example.com",
            "port": 636,
            "security": "ldaps",
            "trust": "public_authorities",
            "bind_name": "svc-sync@corp.example.com",
            "password": "Autumn leaves",
            "base": "DC=corp,DC=example,DC=com",
        }))
        .unwrap()
    }

    #[test]
    fn a_plain_source_is_valid_and_has_defaults() {
        let source = source();
        assert_eq!(source.validate(), Ok(()));
        assert_eq!((source.page_size, source.filter()), (500, DEFAULT_FILTER));
    }

    #[test]
    fn each_mistake_has_its_own_answer() {
        type Spoil = fn(&mut Source);
        let cases: [(Spoil, SourceProblem); 15] = [
            (|s| s.host = "ldap://dc1".into(), SourceProblem::Host),
            (|s| s.host = "dc1:636".into(), SourceProblem::Host),
            (|s| s.host = String::new(), SourceProblem::Host),
            (|s| s.host = "dc1..corp".into(), SourceProblem::Host),
            (|s| s.port = 0, SourceProblem::Port),
            (|s| s.address = Some("10.0.0.1:389".parse().unwrap()), SourceProblem::Port),
            (|s| s.bind_name = " ".into(), SourceProblem::BindNameEmpty),
            (|s| s.password = Password::new(String::new()), SourceProblem::PasswordEmpty),
            (|s| s.base = String::new(), SourceProblem::BaseEmpty),
            (|s| s.filter = Some("(objectClass=user".into()), SourceProblem::Filter),
            (|s| s.filter = Some("(!".repeat(40) + "(a=b)" + &")".repeat(40)), SourceProblem::Filter),
            (|s| s.filter = Some(String::new()), SourceProblem::Filter),
            (|s| s.page_size = 0, SourceProblem::PageSize),
            (|s| s.page_size = 5001, SourceProblem::PageSize),
            (|s| s.limits.accounts = 0, SourceProblem::Limits),
        ];
        for (spoil, problem) in cases {
            let mut source = source();
            spoil(&mut source);
            assert_eq!(source.validate(), Err(problem));
        }
    }

    #[test]
    fn s6_a_filter_is_one_filter_and_nothing_beside_it() {
        let validated = |filter: &str| Source { filter: Some(filter.into()), ..source() }.validate();
        for filter in ["(mail=*)", "(&(objectClass=user)(!(cn=a\\2a)))", "(cn=Zo\u{eb})"] {
            assert_eq!(validated(filter), Ok(()), "{filter}");
        }
        for filter in [
            "(cn=a)(objectClass=*)",
            "(cn=a))(|(objectClass=*)",
            "(cn=a",
            "cn=a",
            "(cn=*)(|",
            "(cn=a(b)",
            "(cn=\0)",
            "(cn=\\zz)",
        ] {
            assert_eq!(validated(filter), Err(SourceProblem::Filter), "{filter:?}");
        }
    }

    #[test]
    fn addresses_are_hosts() {
        for host in ["10.1.2.3", "fd00::1", "dc_01", "DC1.corp.example.com"] {
            assert!(is_host(host), "{host}");
        }
    }

    #[test]
    fn unknown_fields_are_refused() {
        let mut value = serde_json::to_value(source()).unwrap();
        value["verify"] = false.into();
        assert!(serde_json::from_value::<Source>(value).is_err());
    }

    #[test]
    fn s10_the_password_is_never_printed() {
        assert!(!format!("{:?}", source()).contains("Autumn"));
    }
}
