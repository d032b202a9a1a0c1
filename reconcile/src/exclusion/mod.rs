//! Who is not a person: accounts that no contact should be made for, each with its reason.

mod looks;
mod names;
mod words;

use serde::{Deserialize, Serialize};

use std::collections::HashMap;

use looks::Usual;

use crate::{
    Account, AccountId, OtherCompany, Policy, Rule, Test, hash, mapping, name::Name, pattern::Patterns,
};

/// Why an account is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exclusion {
    /// The directory's or a synchroniser's own account.
    System,
    /// A shared mailbox.
    SharedMailbox,
    /// A room's mailbox.
    Room,
    /// A mailbox of equipment.
    Equipment,
    /// An account that programs use.
    Service,
    /// An administrator's second account.
    Admin,
    /// An account for trying things out.
    Test,
    /// It has no person's name.
    NoPersonName,
    /// A copy that replication left behind after a conflict.
    ReplicationConflict,
    /// A person said so.
    SaidSo,
    /// The rule at this place of [`Policy::rules`] leaves it out.
    Rule(u16),
    /// The rules of the company with this record id take it, and the company's own do not.
    OtherCompany(i64),
    /// No rule of any company takes it.
    Unclaimed,
}

/// Logon names that Windows, Entra Connect and Exchange make for themselves (Microsoft, "Microsoft
/// Entra Connect Sync: Understand the default configuration", out-of-box rules).
const SYSTEM_NAMES: &[&str] = &[
    "administrator",
    "guest",
    "krbtgt*",
    "defaultaccount",
    "aad_*",
    "msol_*",
    "support_388945a0",
    "systemmailbox{*",
    "healthmailbox*",
    "cas_{*",
    "*$",
];

/// Logon names of accounts that programs use.
const SERVICE_NAMES: &[&str] = &["svc-*", "svc_*", "svc.*", "sa-*", "service-*", "sql-*", "backup-*"];
/// Logon names of second accounts that administrators use beside their own.
const ADMIN_NAMES: &[&str] = &[
    "adm-*", "adm_*", "adm.*", "admin-*", "admin_*", "admin.*", "*-adm", "*_adm", "*-admin", "*_admin",
    "*_da", "*_da#", "*-da", "*-da#", "da-*", "da_*", "*_ea", "*-ea", "ea-*", "ea_*", "t0-*", "t1-*", "t2-*",
    "t0_*", "t1_*", "t2_*", "*-t0", "*-t1", "*-t2", "*_t0", "*_t1", "*_t2", "priv-*", "*-priv", "*_priv",
    "su_*", "su-*", "*_su", "*-su",
];
/// Logon names of accounts for trying things out.
const TEST_NAMES: &[&str] = &["test", "test#*", "test-*", "test_*", "test.*", "*.test", "*-test"];

// `msExchRecipientTypeDetails`, one bit each: on-premise kinds, then the same kinds with the mailbox
// in Exchange Online.
const SHARED: i64 = 4 | 1 << 35;
const ROOM: i64 = 16 | 1 << 33;
const EQUIPMENT: i64 = 32 | 1 << 34;
/// The mask that Entra Connect's default rules use for system mailboxes.
const SYSTEM: i64 = 0x21C0_7000;

/// The rules by which accounts are left out: those that people wrote, then what can be seen.
#[derive(Debug)]
pub(crate) struct Rules<'a> {
    written: &'a [Rule],
    takes: Vec<&'a Test>,
    others: &'a [OtherCompany],
    system: Patterns,
    service: Patterns,
    admin: Patterns,
    test: Patterns,
}

/// What written rules say of an account.
enum Verdict {
    Out(Exclusion),
    Person,
    Unsaid,
}

impl<'a> Rules<'a> {
    pub(crate) fn new(policy: &'a Policy) -> Self {
        Self {
            written: &policy.rules,
            takes: policy.takes().collect(),
            others: &policy.others,
            system: Patterns::new(SYSTEM_NAMES),
            service: Patterns::new(SERVICE_NAMES),
            admin: Patterns::new(ADMIN_NAMES),
            test: Patterns::new(TEST_NAMES),
        }
    }

    /// Why each account is left out, if it is.
    pub(crate) fn of_all(&self, accounts: &[Account]) -> Vec<Option<Exclusion>> {
        let usual = Usual::among(accounts);
        let verdicts: Vec<Verdict> = accounts.iter().map(|account| self.verdict(account)).collect();
        let mut exclusions: Vec<_> = verdicts
            .iter()
            .zip(accounts)
            .map(|(verdict, account)| match verdict {
                Verdict::Out(exclusion) => Some(*exclusion),
                Verdict::Person => None,
                Verdict::Unsaid => self.by_looks(account, &usual),
            })
            .collect();
        second_accounts(accounts, |at| matches!(verdicts[at], Verdict::Unsaid), &mut exclusions);
        exclusions
    }

    /// What the rules that people wrote say of an account.
    fn verdict(&self, account: &Account) -> Verdict {
        if !self.takes.is_empty() && !self.takes.iter().any(|test| test.fits(account)) {
            let other = self.others.iter().find(|other| other.takes.iter().any(|test| test.fits(account)));
            return Verdict::Out(
                other.map_or(Exclusion::Unclaimed, |other| Exclusion::OtherCompany(other.id)),
            );
        }
        let mut spoken = (0..).zip(self.written).filter_map(|(at, rule)| match rule {
            Rule::LeaveOut(test) if test.fits(account) => Some(Verdict::Out(Exclusion::Rule(at))),
            Rule::Person(test) if test.fits(account) => Some(Verdict::Person),
            _ => None,
        });
        spoken.next().unwrap_or(Verdict::Unsaid)
    }

    fn by_looks(&self, account: &Account, usual: &Usual) -> Option<Exclusion> {
        let logon = account.logon_name.to_lowercase();
        let kind = account.recipient_type_details.unwrap_or(0);
        if self.system.fit(&logon) || kind & SYSTEM != 0 {
            return Some(Exclusion::System);
        }
        // MS-ADTS 3.1.1.5.1.2: a name lost to a conflict carries a line break and CNF:{guid}.
        if account.dn.contains("\\0ACNF:") || account.dn.contains("\nCNF:") {
            return Some(Exclusion::ReplicationConflict);
        }
        if kind & SHARED != 0 {
            return Some(Exclusion::SharedMailbox);
        }
        if kind & ROOM != 0 || account.recipient_display_type == Some(7) {
            return Some(Exclusion::Room);
        }
        if kind & EQUIPMENT != 0 || account.recipient_display_type == Some(8) {
            return Some(Exclusion::Equipment);
        }
        if self.service.fit(&logon) || (account.has_service_principal && account.mail.is_none()) {
            return Some(Exclusion::Service);
        }
        if self.admin.fit(&logon) {
            return Some(Exclusion::Admin);
        }
        if self.test.fit(&logon) {
            return Some(Exclusion::Test);
        }
        if let Some(kind) = looks::kind_of(account, usual) {
            return Some(kind);
        }
        let named = account.given_name.is_some() || account.surname.is_some();
        let words = |text: &str| looks::folded_words(text).len();
        if !named && account.display_name.as_deref().map_or(0, words) < 2 {
            return Some(Exclusion::NoPersonName);
        }
        if mapping::name_parts(account).0.is_empty() {
            return Some(Exclusion::NoPersonName);
        }
        None
    }
}

/// What stands before the logon name of somebody's second account without a sign between.
const BEFORE: [&str; 2] = ["adm", "admin"];

/// Second accounts of people who have a first one: the same name, and the first one's logon name with
/// something before or after it (`a-asmith`, `asmith.adm`, `asmith-cloud`), or no address and a word
/// more than the name (`Ann Smith - ADM`, `SA - Ann Smith`, `Ann Smith (privileged)`).
fn second_accounts(
    accounts: &[Account],
    may_be_second: impl Fn(usize) -> bool,
    exclusions: &mut [Option<Exclusion>],
) {
    let key = |account: &Account| {
        let (given, family) = mapping::name_parts(account);
        Name::new(&given, &family).key()
    };
    let people = || accounts.iter().zip(exclusions.iter()).filter(|(_, exclusion)| exclusion.is_none());
    let by_logon: HashMap<String, &Account> =
        people().map(|(account, _)| (account.logon_name.to_lowercase(), account)).collect();
    let without_mail = |at: usize| accounts[at].mail.is_none() && may_be_second(at);
    let asked = (0..accounts.len()).any(|at| exclusions[at].is_none() && without_mail(at));
    let by_words: HashMap<u64, AccountId> = people()
        .filter(|(account, _)| asked && account.mail.is_some())
        .filter_map(|(account, _)| Some((sum_of_words(account)?, account.id)))
        .collect();
    let is_second = |account: &Account| {
        let logon = account.logon_name.to_lowercase();
        let signs: &[char] = &['-', '.', '_'];
        let is_of_first = |rest: &str| {
            let owner =
                by_logon.get(rest).filter(|owner| owner.id != account.id).and_then(|owner| key(owner));
            owner.is_some() && owner == key(account)
        };
        let parts =
            [logon.split_once(signs).map(|(_, rest)| rest), logon.rsplit_once(signs).map(|(rest, _)| rest)];
        let affixes = BEFORE.iter().flat_map(|affix| [logon.strip_prefix(affix), logon.strip_suffix(affix)]);
        parts.into_iter().chain(affixes).flatten().any(is_of_first)
            || account.mail.is_none()
                && (has_more_than_a_name(account, &by_words)
                    || has_an_affix(&logon) && is_named_like_another(account, &by_words))
    };
    let second: Vec<bool> = accounts
        .iter()
        .enumerate()
        .map(|(at, account)| exclusions[at].is_none() && may_be_second(at) && is_second(account))
        .collect();
    for (exclusion, _) in exclusions.iter_mut().zip(second).filter(|(_, is_second)| *is_second) {
        *exclusion = Some(Exclusion::Admin);
    }
}

/// A number for the words of a person's name, whatever their order; none for a single word.
fn sum_of_words(account: &Account) -> Option<u64> {
    let (given, family) = mapping::name_parts(account);
    let words = looks::folded_words(&format!("{given} {family}"));
    (words.len() >= 2).then(|| words.iter().map(|word| number_of(word)).fold(0, u64::wrapping_add))
}

fn number_of(word: &str) -> u64 {
    hash::of(word.bytes().map(u64::from))
}

/// A sign, with a letter or two before or after it: `x-asmith`, `asmith_a`.
fn has_an_affix(logon: &str) -> bool {
    let is_short = |part: &str| (1..=2).contains(&part.len());
    let signs: &[char] = &['-', '_'];
    logon.split_once(signs).is_some_and(|(before, _)| is_short(before))
        || logon.rsplit_once(signs).is_some_and(|(_, after)| is_short(after))
}

fn is_named_like_another(account: &Account, people: &HashMap<u64, AccountId>) -> bool {
    let other = sum_of_words(account).and_then(|words| people.get(&words));
    other.is_some_and(|id| *id != account.id)
}

/// The words that are shown are those of somebody else's name and one or two more.
fn has_more_than_a_name(account: &Account, people: &HashMap<u64, AccountId>) -> bool {
    let words = looks::folded_words(account.display_name.as_deref().unwrap_or_default());
    if !(3..=8).contains(&words.len()) {
        return false;
    }
    let numbers: Vec<u64> = words.iter().map(|word| number_of(word)).collect();
    let all = numbers.iter().copied().fold(0, u64::wrapping_add);
    let is_somebody_else = |rest: u64| people.get(&rest).is_some_and(|id| *id != account.id);
    numbers.iter().enumerate().any(|(at, one)| {
        let rest = all.wrapping_sub(*one);
        is_somebody_else(rest)
            || numbers[at + 1..].iter().any(|other| is_somebody_else(rest.wrapping_sub(*other)))
    })
}
