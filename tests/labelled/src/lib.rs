//! Labelled lists: accounts and contacts whose people are known, and how well the planner finds who is
//! whom.
//!
//! Accounts: `company,id,given_name,surname,display_name,user_principal_name,mail,other_addresses,
//! sam_account_name,title,department,phone,mobile,city,enabled,kind,person`. Contacts:
//! `company,id,first_name,last_name,title,emails,phones,city,active,default_contact,person`. Lists within
//! a cell are separated by `;`, and columns may be missing. `person` and `kind` are the truth, which the
//! planner never sees.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use reconcile::{
    Account, AccountId, Communication, Contact, ContactId, Coverage, Decisions, Policy, Protection, Row,
    RowKind, Slot, Snapshot, prepare,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An account and its truth.
#[derive(Debug, Deserialize)]
#[serde(default)]
pub struct AccountRow {
    company: String,
    /// Its own name in the list.
    pub id: String,
    given_name: String,
    surname: String,
    display_name: String,
    user_principal_name: String,
    mail: String,
    other_addresses: String,
    sam_account_name: String,
    title: String,
    department: String,
    phone: String,
    mobile: String,
    city: String,
    enabled: String,
    kind: String,
    /// Which trouble it stands for, in our own lists.
    pub phenomenon: String,
    /// Who it is; empty for nobody.
    pub person: String,
}

/// A contact and its truth.
#[derive(Debug, Deserialize)]
#[serde(default)]
pub struct ContactRow {
    company: String,
    /// Its own name in the list.
    pub id: String,
    first_name: String,
    last_name: String,
    title: String,
    emails: String,
    phones: String,
    city: String,
    active: String,
    default_contact: String,
    /// Which trouble it stands for, in our own lists.
    pub phenomenon: String,
    /// Who it is; empty for nobody.
    pub person: String,
}

/// Two lists.
#[derive(Debug)]
pub struct Lists {
    /// The accounts.
    pub accounts: Vec<AccountRow>,
    /// The contacts.
    pub contacts: Vec<ContactRow>,
}

/// One answer of the planner: places in the two lists.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// The account.
    pub account: usize,
    /// The contact.
    pub contact: usize,
    /// It would be applied without asking.
    pub automatic: bool,
    /// 1 for the likeliest.
    pub rank: usize,
}

/// What the planner said.
#[derive(Debug)]
pub struct Answers {
    /// Who is whom.
    pub pairs: Vec<Answer>,
    /// For each account whether it is a person's.
    pub is_person: Vec<bool>,
    /// How long it took, over all companies.
    pub took: Duration,
}

/// The answers against the truth.
#[derive(Debug, Serialize)]
pub struct Figures {
    accounts: usize,
    contacts: usize,
    /// Automatic matches that are right.
    pub auto_precision: f64,
    /// Pairs of the truth that were matched automatically.
    pub auto_recall: f64,
    /// Of the first answer for each account: the harmonic mean of precision and recall.
    pub top1_f1: f64,
    /// Pairs of the truth among the first three answers.
    pub top3_recall: f64,
    /// Accounts that were taken for no person's and are none.
    pub kind_precision: f64,
    /// Accounts that are no person's and were taken for that.
    pub kind_recall: f64,
    seconds: f64,
}

impl Lists {
    /// Reads two CSV files.
    pub fn read(accounts: &Path, contacts: &Path) -> Result<Self> {
        Ok(Self { accounts: read(accounts)?, contacts: read(contacts)? })
    }

    /// Plans each company, without links and decisions.
    #[must_use]
    pub fn answers(&self) -> Answers {
        let mut companies: BTreeMap<&str, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for (at, row) in self.accounts.iter().enumerate() {
            companies.entry(&row.company).or_default().0.push(at);
        }
        for (at, row) in self.contacts.iter().enumerate() {
            companies.entry(&row.company).or_default().1.push(at);
        }
        let mut answers =
            Answers { pairs: Vec::new(), is_person: vec![true; self.accounts.len()], took: Duration::ZERO };
        for (accounts, contacts) in companies.values() {
            let snapshot = Snapshot {
                accounts: accounts.iter().map(|&at| self.accounts[at].account(at)).collect(),
                coverage: Coverage::Complete,
            };
            let contacts: Vec<Contact> = contacts.iter().map(|&at| self.contacts[at].contact(at)).collect();
            let begun = Instant::now();
            let prepared = prepare(snapshot, contacts, &Policy::default());
            let plan = prepared.plan(&[], &Decisions::new());
            answers.took += begun.elapsed();
            for row in &plan.rows {
                answers.pairs.extend(spoken_of(row));
                if let (Some(account), RowKind::Excluded) = (row.account, row.kind) {
                    answers.is_person[place(account)] = false;
                }
            }
        }
        answers
    }

    /// Whether an account and a contact are one person.
    #[must_use]
    pub fn is_right(&self, account: usize, contact: usize) -> bool {
        let (one, other) = (&self.accounts[account], &self.contacts[contact]);
        !one.person.is_empty() && one.person == other.person && one.company == other.company
    }

    /// Holds answers against the truth.
    #[must_use]
    pub fn figures(&self, answers: &Answers) -> Figures {
        let known: BTreeSet<(&str, &str)> =
            self.contacts.iter().map(|row| (row.company.as_str(), row.person.as_str())).collect();
        let has_contact = |row: &&AccountRow| {
            !row.person.is_empty() && known.contains(&(row.company.as_str(), row.person.as_str()))
        };
        let truth = self.accounts.iter().filter(has_contact).count();
        let is_right = |answer: &&Answer| self.is_right(answer.account, answer.contact);
        let auto: Vec<&Answer> = answers.pairs.iter().filter(|answer| answer.automatic).collect();
        let right_auto = auto.iter().copied().filter(is_right).count();
        let mut first: HashMap<usize, &Answer> = HashMap::new();
        for answer in &answers.pairs {
            if first.get(&answer.account).is_none_or(|known| answer.rank < known.rank) {
                first.insert(answer.account, answer);
            }
        }
        let right_first = first.values().copied().filter(is_right).count();
        let among_three: BTreeSet<usize> = answers
            .pairs
            .iter()
            .filter(|answer| answer.rank <= 3)
            .filter(is_right)
            .map(|answer| answer.account)
            .collect();
        let nobody = |at: usize| !matches!(self.accounts[at].kind.as_str(), "" | "person");
        let taken: Vec<usize> = (0..self.accounts.len()).filter(|at| !answers.is_person[*at]).collect();
        let right_kinds = taken.iter().filter(|at| nobody(**at)).count();
        Figures {
            accounts: self.accounts.len(),
            contacts: self.contacts.len(),
            auto_precision: ratio(right_auto, auto.len()),
            auto_recall: ratio(right_auto, truth),
            top1_f1: ratio(2 * right_first, first.len() + truth),
            top3_recall: ratio(among_three.len(), truth),
            kind_precision: ratio(right_kinds, taken.len()),
            kind_recall: ratio(right_kinds, (0..self.accounts.len()).filter(|at| nobody(*at)).count()),
            seconds: answers.took.as_secs_f64(),
        }
    }

    /// Writes `account_id,contact_id,tier,rank`, with `kinds.csv` (`account_id,is_person`) beside it.
    pub fn write(&self, answers: &Answers, out: &Path) -> Result<()> {
        let pairs = answers.pairs.iter().map(|answer| Prediction {
            account_id: &self.accounts[answer.account].id,
            contact_id: &self.contacts[answer.contact].id,
            tier: if answer.automatic { "auto" } else { "suggest" },
            rank: answer.rank,
        });
        write(out, pairs)?;
        let kinds = self.accounts.iter().zip(&answers.is_person);
        let kinds = kinds.map(|(row, is_person)| Kind { account_id: &row.id, is_person: *is_person });
        write(&out.with_file_name("kinds.csv"), kinds)
    }
}

#[derive(Debug, Serialize)]
struct Prediction<'a> {
    account_id: &'a str,
    contact_id: &'a str,
    tier: &'static str,
    rank: usize,
}

#[derive(Debug, Serialize)]
struct Kind<'a> {
    account_id: &'a str,
    is_person: bool,
}

/// The pairs that a row speaks of.
fn spoken_of(row: &Row) -> Vec<Answer> {
    let answer = |account, contact: ContactId, automatic, rank| Answer {
        account: place(account),
        contact: usize::try_from(contact.0).expect("it was made from a place"),
        automatic,
        rank,
    };
    match (row.kind, row.account, row.contact) {
        (_, Some(account), None) => {
            let ranked = (1..).zip(&row.contacts);
            ranked.map(|(rank, candidate)| answer(account, candidate.id, false, rank)).collect()
        }
        (RowKind::PsaOnly, _, Some(contact)) => {
            row.accounts.iter().take(1).map(|candidate| answer(candidate.id, contact, false, 1)).collect()
        }
        (kind, Some(account), Some(contact)) => {
            let second = row.contacts.iter().filter(|candidate| candidate.id != contact);
            let second = (2..).zip(second).map(|(rank, other)| answer(account, other.id, false, rank));
            [answer(account, contact, kind != RowKind::NeedsDecision, 1)].into_iter().chain(second).collect()
        }
        (_, None, _) => Vec::new(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "no list is that long")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

fn place(account: AccountId) -> usize {
    usize::try_from(account.0.as_u128()).expect("it was made from a place")
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn list(text: &str) -> impl Iterator<Item = String> {
    text.split(';').filter_map(filled)
}

fn is_no(text: &str) -> bool {
    matches!(text.trim().to_ascii_lowercase().as_str(), "false" | "no" | "0")
}

impl AccountRow {
    fn account(&self, at: usize) -> Account {
        let logon_name = filled(&self.sam_account_name).unwrap_or_else(|| format!("u{at}"));
        Account {
            id: AccountId(Uuid::from_u128(at as u128)),
            dn: format!("CN={at}"),
            logon_name,
            principal_name: filled(&self.user_principal_name),
            given_name: filled(&self.given_name),
            surname: filled(&self.surname),
            display_name: filled(&self.display_name),
            mail: filled(&self.mail),
            proxy_addresses: list(&self.other_addresses).collect(),
            title: filled(&self.title),
            department: filled(&self.department),
            city: filled(&self.city),
            telephone: filled(&self.phone),
            mobile: filled(&self.mobile),
            enabled: !is_no(&self.enabled),
            ..Account::default()
        }
    }
}

impl ContactRow {
    fn contact(&self, at: usize) -> Contact {
        let item = |slot| move |(id, value): (i64, String)| Communication { id, slot, value, default: false };
        let communications = (1..)
            .zip(list(&self.emails))
            .map(item(Slot::Email))
            .chain((100..).zip(list(&self.phones)).map(item(Slot::Direct)))
            .collect();
        let default = filled(&self.default_contact).is_some() && !is_no(&self.default_contact);
        Contact {
            id: ContactId(i64::try_from(at).expect("no list is that long")),
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            title: self.title.clone(),
            city: self.city.clone(),
            communications,
            inactive: is_no(&self.active),
            protections: if default { vec![Protection::DefaultContact] } else { Vec::new() },
            ..Contact::default()
        }
    }
}

impl Default for AccountRow {
    fn default() -> Self {
        let empty = String::new;
        Self {
            company: empty(),
            id: empty(),
            given_name: empty(),
            surname: empty(),
            display_name: empty(),
            user_principal_name: empty(),
            mail: empty(),
            other_addresses: empty(),
            sam_account_name: empty(),
            title: empty(),
            department: empty(),
            phone: empty(),
            mobile: empty(),
            city: empty(),
            enabled: "true".into(),
            kind: empty(),
            phenomenon: empty(),
            person: empty(),
        }
    }
}

impl Default for ContactRow {
    fn default() -> Self {
        let empty = String::new;
        Self {
            company: empty(),
            id: empty(),
            first_name: empty(),
            last_name: empty(),
            title: empty(),
            emails: empty(),
            phones: empty(),
            city: empty(),
            active: "true".into(),
            default_contact: empty(),
            phenomenon: empty(),
            person: empty(),
        }
    }
}

fn read<Row: for<'a> Deserialize<'a>>(path: &Path) -> Result<Vec<Row>> {
    let shown = path.display();
    let mut reader = csv::Reader::from_path(path).with_context(|| format!("read {shown}"))?;
    reader.deserialize().collect::<Result<_, _>>().with_context(|| format!("read {shown}"))
}

fn write(path: &Path, mut rows: impl Iterator<Item = impl Serialize>) -> Result<()> {
    let shown = path.display();
    let mut writer = csv::Writer::from_path(path).with_context(|| format!("write {shown}"))?;
    rows.try_for_each(|row| writer.serialize(row)).with_context(|| format!("write {shown}"))?;
    writer.flush().with_context(|| format!("write {shown}"))
}
