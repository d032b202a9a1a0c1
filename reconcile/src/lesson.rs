//! What a match made by hand teaches: a rule that would settle other questions of the same kind.

use std::{collections::BTreeSet, sync::Arc};

use crate::{
    Account, AccountId, Contact, Coverage, Decision, Planning, RowKind, Rule, Snapshot, Subject, normal,
    prepare,
};

/// A rule that follows from a match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// The rule.
    pub rule: Rule,
    /// How many questions about other accounts it would settle.
    pub settles: usize,
}

/// Where people have addresses of their own: a match says nothing of anybody else there. Names end
/// before their country.
const PRIVATE: &[&str] = &[
    "gmail",
    "googlemail",
    "outlook",
    "hotmail",
    "live",
    "msn",
    "yahoo",
    "ymail",
    "icloud",
    "me",
    "mac",
    "gmx",
    "web",
    "t-online",
    "freenet",
    "aol",
    "proton",
    "protonmail",
    "pm",
    "ziggo",
    "kpnmail",
    "xs4all",
    "planet",
    "home",
    "hetnet",
    "casema",
    "telenet",
    "skynet",
    "orange",
    "wanadoo",
    "free",
    "laposte",
    "sfr",
    "libero",
    "tiscali",
    "virgilio",
    "online",
    "telia",
    "bredband",
    "comcast",
    "verizon",
    "att",
    "sbcglobal",
    "btinternet",
    "sky",
    "virginmedia",
    "mail",
    "wp",
    "onet",
    "interia",
    "o2",
    "seznam",
    "yandex",
    "qq",
    "163",
    "126",
    "naver",
    "uol",
    "bol",
    "terra",
    "rediffmail",
    "zoho",
    "fastmail",
    "tutanota",
    "bluewin",
    "hispeed",
    "sunrise",
];

impl Planning {
    /// What the match that was decided of this account teaches, most useful first. Empty for any other
    /// decision, and where nothing else would be settled.
    #[must_use]
    pub fn lessons(&self, account: AccountId) -> Vec<Lesson> {
        let Some(Decision::Match(contact)) = self.decisions().get(&Subject::Account(account)) else {
            return Vec::new();
        };
        let (Some(account), Some(contact)) =
            (self.prepared().account(account), self.prepared().contact(*contact))
        else {
            return Vec::new();
        };
        let asked = self.questions();
        let known = &self.prepared().policy().rules;
        let mut lessons: Vec<Lesson> = [self.domain(account, contact), given_name(account, contact)]
            .into_iter()
            .flatten()
            .filter(|rule| !known.contains(rule) && !asked.is_empty())
            .map(|rule| {
                let still = self.taught(rule.clone()).questions();
                Lesson { rule, settles: asked.difference(&still).count() }
            })
            .filter(|lesson| lesson.settles > 0)
            .collect();
        lessons.sort_by_key(|lesson| std::cmp::Reverse(lesson.settles));
        lessons
    }

    /// The same planning with one more rule, which goes before the others.
    #[must_use]
    pub fn taught(&self, rule: Rule) -> Self {
        let both = self.prepared();
        let mut policy = both.policy().clone();
        policy.rules.insert(0, rule);
        let coverage = if both.may_deactivate { Coverage::Complete } else { Coverage::Partial };
        let snapshot = Snapshot { accounts: both.accounts().to_vec(), coverage };
        let prepared = prepare(snapshot, both.contacts().to_vec(), &policy);
        Self::new(Arc::new(prepared), &self.links().collect::<Vec<_>>(), self.decisions().clone())
    }

    fn questions(&self) -> BTreeSet<AccountId> {
        let rows = self.plan().rows.into_iter();
        rows.filter(|row| row.kind == RowKind::NeedsDecision).filter_map(|row| row.account).collect()
    }

    /// The contact's address is at a domain that no account has, and the account's own is at another.
    fn domain(&self, account: &Account, contact: &Contact) -> Option<Rule> {
        let new = domain_of(account.primary_address()?)?;
        let lives = |domain: &str| {
            let mut addresses = self.prepared().accounts().iter().flat_map(Account::addresses);
            addresses.any(|address| domain_of(address).as_deref() == Some(domain))
        };
        let old = contact.addresses().filter_map(domain_of).find(|old| !is_private(old) && !lives(old))?;
        Some(Rule::SameDomain(old, new))
    }
}

fn domain_of(address: &str) -> Option<String> {
    Some(normal::address(address)?.split_once('@')?.1.to_owned())
}

fn is_private(domain: &str) -> bool {
    PRIVATE.contains(&domain.split('.').next().unwrap_or_default())
}

/// One family name, and given names that are not known to be one.
fn given_name(account: &Account, contact: &Contact) -> Option<Rule> {
    let (here, there) = (account.given_name.as_deref()?, contact.first_name.as_str());
    let family = account.surname.as_deref()?;
    let word = |name: &str| normal::fold(name).split(' ').next().map(str::to_owned);
    let (one, other) = (word(there)?, word(here)?);
    let is_name = |word: &str| word.chars().nth(1).is_some();
    let is_new = one != other && !normal::nicknames::same_person_may_use(&one, &other);
    let is_one_family = normal::fold(family) == normal::fold(&contact.last_name);
    let first = |name: &str| name.split_whitespace().next().unwrap_or_default().to_owned();
    (is_one_family && is_new && is_name(&one) && is_name(&other))
        .then(|| Rule::SameName(first(there), first(here)))
}
