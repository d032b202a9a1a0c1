//! The directory's entries, made anew from the people for each search.

use std::collections::BTreeSet;

use ldap3_proto::LdapSearchScope;
use uuid::Uuid;

use crate::people::groups::{self, GROUPS};
use crate::people::{BASE, DOMAIN, Person};

/// One entry.
pub(super) struct Entry {
    pub(super) dn: String,
    parent: String,
    attributes: Vec<(&'static str, Vec<Vec<u8>>)>,
    /// The groups that it is in, also through others.
    pub(super) within: Vec<String>,
}

impl Entry {
    fn new(dn: String, parent: &str, id: Uuid, classes: &[&str], category: &str) -> Self {
        let attributes = vec![
            ("distinguishedName", vec![dn.clone().into_bytes()]),
            ("objectGUID", vec![id.to_bytes_le().to_vec()]),
            ("objectClass", classes.iter().map(|class| class.as_bytes().to_vec()).collect()),
            ("objectCategory", vec![format!("CN={category},CN=Schema,CN=Configuration,{BASE}").into_bytes()]),
        ];
        Self { dn, parent: parent.to_owned(), attributes, within: Vec::new() }
    }

    fn with(mut self, name: &'static str, values: &[&str]) -> Self {
        self.attributes.push((name, values.iter().map(|value| value.as_bytes().to_vec()).collect()));
        self
    }

    /// The values of an attribute; its name has no case.
    pub(super) fn values(&self, name: &str) -> &[Vec<u8>] {
        let found = self.attributes.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map_or(&[], |(_, values)| values)
    }

    /// The attributes that a search asks for: all when it names none or a star (RFC 4511 4.5.1.8).
    pub(super) fn selected(&self, wanted: &[String]) -> Vec<(&'static str, Vec<Vec<u8>>)> {
        let all = wanted.is_empty() || wanted.iter().any(|name| name == "*");
        let asked = |name: &str| all || wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(name));
        self.attributes.iter().filter(|(name, _)| asked(name)).cloned().collect()
    }
}

/// Who is asked, before anybody logs on (MS-ADTS 3.1.1.3.2).
pub(super) fn root_dse() -> Entry {
    Entry { dn: String::new(), parent: String::new(), attributes: Vec::new(), within: Vec::new() }
        .with("defaultNamingContext", &[BASE])
        .with("namingContexts", &[BASE])
        .with("rootDomainNamingContext", &[BASE])
        .with("dnsHostName", &[&format!("dc1.{DOMAIN}")])
        .with("supportedControl", &["1.2.840.113556.1.4.319"])
        .with("supportedLDAPVersion", &["3"])
}

/// Everything below and with a base.
pub(super) fn entries(base: &str, people: &[Person]) -> Vec<Entry> {
    let name = base.split(',').next().and_then(|first| first.split_once('=')).map_or(base, |(_, name)| name);
    let mut entries = vec![
        Entry::new(base.to_owned(), "", id(base), &["top", "domain", "domainDNS"], "Domain-DNS")
            .with("dc", &[name]),
    ];
    entries.extend(units(base, people));
    entries.extend(made_by_windows(base));
    entries.extend(groups(base));
    entries.extend(people.iter().map(|person| user(base, person)));
    entries
}

/// The entries that a search with this base and scope looks at; `None` when there is no such base.
pub(super) fn scope(entries: Vec<Entry>, base: &str, scope: &LdapSearchScope) -> Option<Vec<Entry>> {
    entries.iter().any(|entry| entry.dn.eq_ignore_ascii_case(base)).then_some(())?;
    let below = format!(",{}", base.to_lowercase());
    let inside = |entry: &Entry| match scope {
        LdapSearchScope::Base => entry.dn.eq_ignore_ascii_case(base),
        LdapSearchScope::OneLevel => entry.parent.eq_ignore_ascii_case(base),
        LdapSearchScope::Subtree => {
            entry.dn.eq_ignore_ascii_case(base) || entry.dn.to_lowercase().ends_with(&below)
        }
        LdapSearchScope::Children => entry.dn.to_lowercase().ends_with(&below),
    };
    Some(entries.into_iter().filter(inside).collect())
}

fn id(dn: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_X500, dn.as_bytes())
}

fn groups(base: &str) -> impl Iterator<Item = Entry> {
    GROUPS.iter().map(move |group| {
        let (dn, parent) = (group.dn(base), format!("OU={},{base}", groups::UNIT));
        let entry = Entry::new(dn.clone(), &parent, id(&dn), &["top", "group"], "Group")
            .with("cn", &[group.name])
            .with("sAMAccountName", &[group.name]);
        match group.description {
            Some(description) => entry.with("description", &[description]),
            None => entry,
        }
    })
}

/// The organisational units that somebody is in, with those above them, and the groups' own.
fn units(base: &str, people: &[Person]) -> Vec<Entry> {
    let mut paths = BTreeSet::from([vec![groups::UNIT]]);
    for person in people {
        for depth in 1..=person.units.len() {
            paths.insert(person.units.iter().rev().take(depth).copied().collect::<Vec<_>>());
        }
    }
    let dn = |path: &[&str]| path.iter().fold(base.to_owned(), |below, unit| format!("OU={unit},{below}"));
    let unit = |path: Vec<&str>| {
        let (name, above) = path.split_last()?;
        let (dn, parent) = (dn(&path), dn(above));
        let entry =
            Entry::new(dn.clone(), &parent, id(&dn), &["top", "organizationalUnit"], "Organizational-Unit");
        Some(entry.with("ou", &[name]))
    };
    paths.into_iter().filter_map(unit).collect()
}

const USER: &[&str] = &["top", "person", "organizationalPerson", "user"];

/// What every domain has of its own: accounts that are critical system objects, and a computer.
fn made_by_windows(base: &str) -> Vec<Entry> {
    let parent = format!("CN=Users,{base}");
    let mut entries = vec![
        Entry::new(parent.clone(), base, id(&parent), &["top", "container"], "Container")
            .with("cn", &["Users"]),
    ];
    for (name, control) in [("Administrator", "512"), ("Guest", "66082"), ("krbtgt", "514")] {
        let dn = format!("CN={name},{parent}");
        let entry = Entry::new(dn.clone(), &parent, id(&dn), USER, "Person")
            .with("cn", &[name])
            .with("sAMAccountName", &[name])
            .with("userAccountControl", &[control])
            .with("isCriticalSystemObject", &["TRUE"]);
        entries.push(entry);
    }
    let parent = format!("OU=Domain Controllers,{base}");
    let dn = format!("CN=DC1,{parent}");
    let classes = &["top", "person", "organizationalPerson", "user", "computer"];
    let computer = Entry::new(dn.clone(), &parent, id(&dn), classes, "Computer")
        .with("cn", &["DC1"])
        .with("sAMAccountName", &["DC1$"])
        .with("userAccountControl", &["532480"])
        .with("isCriticalSystemObject", &["TRUE"]);
    entries.push(computer);
    entries
}

fn user(base: &str, person: &Person) -> Entry {
    let mut entry = Entry::new(person.dn(base), &person.parent(base), person.id, USER, "Person");
    for (name, values) in person.attributes() {
        entry.attributes.push((name, values.into_iter().map(String::into_bytes).collect()));
    }
    let direct: Vec<String> =
        GROUPS.iter().filter(|group| group.has(person)).map(|group| group.dn(base)).collect();
    if !direct.is_empty() {
        entry = entry.with("memberOf", &direct.iter().map(String::as_str).collect::<Vec<_>>());
    }
    let reached = GROUPS.iter().filter(|group| group.reaches(person));
    entry.within = reached.map(|group| group.dn(base)).collect();
    if person.locked {
        entry = entry.with("lockoutTime", &["133000000000000000"]);
    }
    if person.password_expired {
        entry = entry.with("pwdLastSet", &["0"]);
    }
    entry
}
