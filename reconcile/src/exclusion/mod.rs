//! Who is not a person: accounts that no contact should be made for, each with its reason.

mod words;

use serde::{Deserialize, Serialize};

use std::collections::HashMap;

use crate::{Account, OtherCompany, Policy, Rule, Test, mapping, name::Name, normal, pattern::Patterns};

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
        let verdicts: Vec<Verdict> = accounts.iter().map(|account| self.verdict(account)).collect();
        let mut exclusions: Vec<_> = verdicts
            .iter()
            .zip(accounts)
            .map(|(verdict, account)| match verdict {
                Verdict::Out(exclusion) => Some(*exclusion),
                Verdict::Person => None,
                Verdict::Unsaid => self.by_looks(account),
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

    fn by_looks(&self, account: &Account) -> Option<Exclusion> {
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
        if let Some(kind) = by_name(account) {
            return Some(kind);
        }
        let named = account.given_name.is_some() || account.surname.is_some();
        let words = |text: &str| folded_words(text).len();
        if !named && account.display_name.as_deref().map_or(0, words) < 2 {
            return Some(Exclusion::NoPersonName);
        }
        if mapping::name_parts(account).0.is_empty() {
            return Some(Exclusion::NoPersonName);
        }
        None
    }
}

fn folded_words(text: &str) -> Vec<String> {
    normal::fold(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// What the words of an account's name say. A job title is a person's, and a given name comes before one:
/// there, words that are also family names say nothing (Anna Page, Tom Sales).
fn by_name(account: &Account) -> Option<Exclusion> {
    let (given, family) = (account.given_name.as_deref(), account.surname.as_deref());
    let display = account.display_name.as_deref().unwrap_or_default();
    let shown = folded_words(&mapping::without_remarks(display));
    let has_both = given.is_some() && family.is_some();
    let attributes = folded_words(&[given, family].into_iter().flatten().collect::<Vec<_>>().join(" "));
    let name = if has_both || shown.len() < 2 && !attributes.is_empty() { attributes } else { shown.clone() };
    let logon = logon_words(&account.logon_name);
    // "room-curie" is a room, whoever it is called after; "room.peter" of Peter Room is not.
    let signed = account.logon_name.contains(['-', '_', '.']) && logon.len() > 1;
    let place =
        logon.first().filter(|word| signed && !name.contains(word)).and_then(|word| words::kind_of(word));
    if let Some(Exclusion::Room) = place {
        return place;
    }
    if let Some(kind) = words::kind_of_phrase(&name.join(" ")) {
        return Some(kind);
    }
    let kinds: Vec<Option<Exclusion>> = name.iter().map(|word| words::kind_of(word)).collect();
    let told = kinds.iter().flatten().next().copied();
    let begins_like_a_person = name.first().is_some_and(|word| is_given_name(word));
    let has_title = account.title.as_deref().is_some_and(|title| words::is_a_job(&normal::fold(title)));
    // Nothing that people have.
    let is_bare =
        account.mail.is_none() && account.telephone.is_none() && account.mobile.is_none() && !has_title;
    let is_person = has_title || begins_like_a_person && has_both;
    let all_told = told.is_some()
        && name.iter().zip(&kinds).all(|(word, kind)| kind.is_some() || words::goes_with_others(word));
    if all_told && !is_person {
        return told;
    }
    // Somebody's second account is called by the name and by what it is for.
    let all = folded_words(display);
    let second = all.iter().chain(&name).find_map(|word| {
        words::kind_of(word).filter(|kind| {
            matches!(kind, Exclusion::Admin | Exclusion::Test)
                && (!words::is_a_name_too(word) || is_marked(word, account))
        })
    });
    if second.is_some() && !has_title {
        return second;
    }
    if is_person {
        return None;
    }
    // A first word that nobody is given: Service Desk, Meeting Room Rhine. A name with a number.
    let counted = name.iter().any(|word| word.chars().any(|sign| sign.is_ascii_digit()));
    if let Some(kind) = kinds.first().copied().flatten() {
        return Some(kind);
    }
    if counted {
        return told.or(Some(Exclusion::NoPersonName));
    }
    // One word is enough where nobody's given and family name stand, or where it is nobody's name.
    let telling = name.iter().zip(&kinds).find_map(|(word, kind)| {
        let says = !words::is_a_name_too(word) || (is_bare || !has_both) && !begins_like_a_person;
        kind.filter(|_| says)
    });
    if telling.is_some() && !begins_like_a_person {
        return telling;
    }
    // One word that is no given name.
    if name.len() == 1 && !begins_like_a_person {
        return Some(Exclusion::NoPersonName);
    }
    // The logon name alone: only where the name says nothing of a person.
    let by_logon = logon.first().and_then(|word| words::kind_of(word));
    let is_logon = account.logon_name.contains(['-', '_'])
        && account
            .display_name
            .as_deref()
            .is_some_and(|shown| shown.eq_ignore_ascii_case(&account.logon_name));
    let by_logon = by_logon.or(is_logon.then_some(Exclusion::Service));
    by_logon.filter(|_| !has_both && !begins_like_a_person)
}

/// Whether the word is put in brackets or behind a dash: "Ann Smith (Admin)", "Ann Smith - test".
fn is_marked(word: &str, account: &Account) -> bool {
    let shown = account.display_name.as_deref().unwrap_or_default().to_lowercase();
    ["(", "[", "- ", "_", "{"].iter().any(|mark| shown.contains(&format!("{mark}{word}")))
        || logon_words(&account.logon_name).iter().any(|own| own == word)
}

/// A word of the table of given names.
fn is_given_name(word: &str) -> bool {
    !normal::nicknames::lines_of(word).is_empty()
}

/// The words of a logon name: apart at signs, at digits, and where a capital follows a small letter.
fn logon_words(logon: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for sign in logon.chars() {
        let apart = !sign.is_alphanumeric()
            || sign.is_ascii_digit() != before.is_ascii_digit()
            || sign.is_uppercase() && before.is_lowercase();
        if apart {
            words.push(String::new());
        }
        if sign.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(sign.to_lowercase());
        }
        before = sign;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// What stands before the logon name of somebody's second account without a sign between.
const BEFORE: [&str; 2] = ["adm", "admin"];

/// Second accounts of people who have a first one: the same name, and the first one's logon name with
/// something before or after it (`a-asmith`, `asmith.adm`, `asmith-cloud`).
fn second_accounts(
    accounts: &[Account],
    may_be_second: impl Fn(usize) -> bool,
    exclusions: &mut [Option<Exclusion>],
) {
    let key = |account: &Account| {
        let (given, family) = mapping::name_parts(account);
        Name::new(&given, &family).key()
    };
    let first: HashMap<String, &Account> = accounts
        .iter()
        .zip(exclusions.iter())
        .filter(|(_, exclusion)| exclusion.is_none())
        .map(|(account, _)| (account.logon_name.to_lowercase(), account))
        .collect();
    for (at, (account, exclusion)) in accounts.iter().zip(exclusions).enumerate() {
        if exclusion.is_some() || !may_be_second(at) {
            continue;
        }
        let logon = account.logon_name.to_lowercase();
        let signs: &[char] = &['-', '.', '_'];
        let is_second = |rest: &str| {
            let owner = first.get(rest).filter(|owner| owner.id != account.id).and_then(|owner| key(owner));
            owner.is_some() && owner == key(account)
        };
        let parts =
            [logon.split_once(signs).map(|(_, rest)| rest), logon.rsplit_once(signs).map(|(rest, _)| rest)];
        let affixes = BEFORE.iter().flat_map(|affix| [logon.strip_prefix(affix), logon.strip_suffix(affix)]);
        if parts.into_iter().chain(affixes).flatten().any(is_second) {
            *exclusion = Some(Exclusion::Admin);
        }
    }
}
