//! How well the planner finds who is whom in two labelled lists.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context as _, Result};
use reconcile::{
    Account, AccountId, Communication, Contact, ContactId, Coverage, Decisions, Policy, Protection, Row,
    RowKind, Slot, Snapshot, prepare,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `person` is the truth: who somebody is; empty for nobody. The matcher never sees it.
#[derive(Debug, Deserialize)]
#[serde(default)]
struct AccountRow {
    company: String,
    id: String,
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
    person: String,
}

#[derive(Debug, Deserialize)]
#[serde(default)]
struct ContactRow {
    company: String,
    id: String,
    first_name: String,
    last_name: String,
    title: String,
    emails: String,
    phones: String,
    city: String,
    active: String,
    default_contact: String,
    person: String,
}

/// `matching`: reads two lists and writes who is whom.
#[derive(Debug, clap::Args)]
pub(crate) struct Matching {
    /// `company,id,given_name,surname,display_name,user_principal_name,mail,other_addresses,
    /// sam_account_name,title,department,phone,mobile,city,enabled,person`; lists are separated by
    /// `;`, and columns may be missing.
    #[arg(long)]
    accounts: PathBuf,
    /// `company,id,first_name,last_name,title,emails,phones,city,active,default_contact,person`.
    #[arg(long)]
    contacts: PathBuf,
    /// Where `account_id,contact_id,tier,rank` goes, with `kinds.csv` (`account_id,is_person`) beside it.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// What was found, against the truth in the column `person`.
#[derive(Debug, Serialize)]
pub(crate) struct Figures {
    accounts: usize,
    contacts: usize,
    /// Automatic matches that are right.
    auto_precision: f64,
    /// Pairs of the truth that were matched automatically.
    auto_recall: f64,
    /// Of the first answer for each account: the harmonic mean of precision and recall.
    top1_f1: f64,
    /// Pairs of the truth among the first three answers.
    top3_recall: f64,
    seconds: f64,
}

#[derive(Debug, Serialize)]
struct Prediction<'a> {
    account_id: &'a str,
    contact_id: &'a str,
    tier: &'static str,
    rank: usize,
}

impl Matching {
    pub(crate) fn measure(&self) -> Result<Figures> {
        let accounts: Vec<AccountRow> = read(&self.accounts)?;
        let contacts: Vec<ContactRow> = read(&self.contacts)?;
        let mut companies: BTreeMap<&str, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for (at, row) in accounts.iter().enumerate() {
            companies.entry(&row.company).or_default().0.push(at);
        }
        for (at, row) in contacts.iter().enumerate() {
            companies.entry(&row.company).or_default().1.push(at);
        }
        let mut found = Vec::new();
        let mut people: BTreeMap<usize, bool> = BTreeMap::new();
        let mut seconds = 0.0;
        for (own_accounts, own_contacts) in companies.values() {
            let snapshot = Snapshot {
                accounts: own_accounts.iter().map(|&at| accounts[at].account(at)).collect(),
                coverage: Coverage::Complete,
            };
            let own_contacts: Vec<Contact> =
                own_contacts.iter().map(|&at| contacts[at].contact(at)).collect();
            let begun = Instant::now();
            let prepared = prepare(snapshot, own_contacts, &Policy::default());
            let plan = prepared.plan(&[], &Decisions::new());
            seconds += begun.elapsed().as_secs_f64();
            for row in &plan.rows {
                found.extend(answers(row));
                if let Some(account) = row.account {
                    people.insert(place(account), row.kind != RowKind::Excluded);
                }
            }
        }
        let predictions: Vec<Prediction<'_>> = found
            .iter()
            .map(|&(account, contact, tier, rank)| Prediction {
                account_id: &accounts[account].id,
                contact_id: &contacts[contact].id,
                tier,
                rank,
            })
            .collect();
        if let Some(out) = &self.out {
            write(out, &predictions)?;
            let kinds: Vec<_> = people
                .iter()
                .map(|(&at, &is_person)| Kind { account_id: &accounts[at].id, is_person })
                .collect();
            write(&out.with_file_name("kinds.csv"), &kinds)?;
        }
        Ok(score(&accounts, &contacts, &found, seconds))
    }
}

#[derive(Debug, Serialize)]
struct Kind<'a> {
    account_id: &'a str,
    is_person: bool,
}

/// The pairs that a row speaks of: account, contact, tier, rank.
fn answers(row: &Row) -> Vec<(usize, usize, &'static str, usize)> {
    match (row.kind, row.account, row.contact) {
        (RowKind::NeedsDecision, Some(account), None) => (1..)
            .zip(&row.contacts)
            .map(|(rank, candidate)| (place(account), place_of_contact(candidate.id), "suggest", rank))
            .collect(),
        (RowKind::PsaOnly, _, Some(contact)) => row
            .accounts
            .iter()
            .take(1)
            .map(|candidate| (place(candidate.id), place_of_contact(contact), "suggest", 1))
            .collect(),
        (RowKind::NeedsDecision, Some(account), Some(contact)) => {
            vec![(place(account), place_of_contact(contact), "suggest", 1)]
        }
        (_, Some(account), Some(contact)) => vec![(place(account), place_of_contact(contact), "auto", 1)],
        _ => Vec::new(),
    }
}

fn score(
    accounts: &[AccountRow],
    contacts: &[ContactRow],
    found: &[(usize, usize, &'static str, usize)],
    seconds: f64,
) -> Figures {
    let is_right = |account: usize, contact: usize| {
        let (one, other) = (&accounts[account], &contacts[contact]);
        !one.person.is_empty() && one.person == other.person && one.company == other.company
    };
    let known: BTreeSet<(&str, &str)> =
        contacts.iter().map(|row| (row.company.as_str(), row.person.as_str())).collect();
    let truth = accounts
        .iter()
        .filter(|row| !row.person.is_empty() && known.contains(&(row.company.as_str(), row.person.as_str())))
        .count();
    let auto: Vec<_> = found.iter().filter(|answer| answer.2 == "auto").collect();
    let right_auto = auto.iter().filter(|answer| is_right(answer.0, answer.1)).count();
    let mut first: HashMap<usize, (usize, usize)> = HashMap::new();
    let mut among_three = BTreeSet::new();
    for &(account, contact, _, rank) in found {
        if first.get(&account).is_none_or(|known| rank < known.1) {
            first.insert(account, (contact, rank));
        }
        if rank <= 3 && is_right(account, contact) {
            among_three.insert(account);
        }
    }
    let right_first = first.iter().filter(|(account, (contact, _))| is_right(**account, *contact)).count();
    Figures {
        accounts: accounts.len(),
        contacts: contacts.len(),
        auto_precision: ratio(right_auto, auto.len()),
        auto_recall: ratio(right_auto, truth),
        top1_f1: ratio(2 * right_first, first.len() + truth),
        top3_recall: ratio(among_three.len(), truth),
        seconds,
    }
}

#[expect(clippy::cast_precision_loss, reason = "no list is that long")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

fn place(account: AccountId) -> usize {
    usize::try_from(account.0.as_u128()).expect("it was made from a place")
}

fn place_of_contact(contact: ContactId) -> usize {
    usize::try_from(contact.0).expect("it was made from a place")
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
            fax: None,
            enabled: !is_no(&self.enabled),
            password_never_expires: false,
            has_service_principal: false,
            recipient_type_details: None,
            recipient_display_type: None,
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
            person: empty(),
        }
    }
}

fn read<Row: for<'a> Deserialize<'a>>(path: &Path) -> Result<Vec<Row>> {
    let shown = path.display();
    let mut reader = csv::Reader::from_path(path).with_context(|| format!("read {shown}"))?;
    reader.deserialize().collect::<Result<_, _>>().with_context(|| format!("read {shown}"))
}

fn write(path: &Path, rows: &[impl Serialize]) -> Result<()> {
    let shown = path.display();
    let mut writer = csv::Writer::from_path(path).with_context(|| format!("write {shown}"))?;
    rows.iter().try_for_each(|row| writer.serialize(row)).with_context(|| format!("write {shown}"))?;
    writer.flush().with_context(|| format!("write {shown}"))
}
