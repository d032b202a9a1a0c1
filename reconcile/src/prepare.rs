//! The first step: what does not depend on links or decisions.

use std::collections::{BTreeSet, HashMap};

use crate::{
    Account, AccountId, Contact, ContactId, Decisions, Exclusion, Field, Link, Plan, Planning, Policy,
    exclusion, mapping,
    normal::{self, Agreement, Name},
};

/// Whether a snapshot holds every account that its source has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// The read came to its proven end.
    Complete,
    /// It may lack accounts: nobody may be deactivated on its word.
    Partial,
}

/// What a read of the directory gave.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The accounts.
    pub accounts: Vec<Account>,
    /// Whether these are all.
    pub coverage: Coverage,
}

/// More pairs than this under one address or name, and it says nothing about anybody
/// (`info@`, a placeholder name).
const MOST_PAIRS_PER_KEY: usize = 2_500;

/// Evidence that an account and a contact are one person.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    pub(crate) account: usize,
    pub(crate) contact: usize,
    pub(crate) address: bool,
    pub(crate) same_name: bool,
    pub(crate) names: Agreement,
}

impl Edge {
    /// An address with names that do not contradict it.
    pub(crate) const fn strong(&self) -> bool {
        self.address && !matches!(self.names, Agreement::Contradict)
    }
}

/// Both sides with their candidates and exclusions, ready to be planned as often as decisions
/// change.
#[derive(Debug)]
pub struct Prepared {
    pub(crate) accounts: Vec<Account>,
    pub(crate) contacts: Vec<Contact>,
    pub(crate) exclusions: Vec<Option<Exclusion>>,
    /// Ordered by account, then contact.
    pub(crate) edges: Vec<Edge>,
    pub(crate) edges_of_account: Vec<Vec<usize>>,
    pub(crate) edges_of_contact: Vec<Vec<usize>>,
    pub(crate) account_index: HashMap<AccountId, usize>,
    pub(crate) contact_index: HashMap<ContactId, usize>,
    pub(crate) may_deactivate: bool,
    pub(crate) left_out: Vec<Field>,
}

/// Prepares a company for planning. Accounts and contacts are put in the order of their keys, so
/// that the order in which a system listed them changes nothing.
#[must_use]
pub fn prepare(snapshot: Snapshot, mut contacts: Vec<Contact>, policy: &Policy) -> Prepared {
    let Snapshot { mut accounts, coverage } = snapshot;
    accounts.sort_by_key(|account| account.id);
    accounts.dedup_by_key(|account| account.id);
    contacts.sort_by_key(|contact| contact.id);
    contacts.dedup_by_key(|contact| contact.id);
    let edges = edges(&accounts, &contacts);
    let mut edges_of_account = vec![Vec::new(); accounts.len()];
    let mut edges_of_contact = vec![Vec::new(); contacts.len()];
    for (at, edge) in edges.iter().enumerate() {
        edges_of_account[edge.account].push(at);
        edges_of_contact[edge.contact].push(at);
    }
    Prepared {
        exclusions: accounts.iter().map(|account| exclusion::of(account, policy)).collect(),
        account_index: accounts.iter().enumerate().map(|(at, account)| (account.id, at)).collect(),
        contact_index: contacts.iter().enumerate().map(|(at, contact)| (contact.id, at)).collect(),
        // Nobody in the directory is never an answer: it is a wrong base, a lost right, a fault.
        may_deactivate: coverage == Coverage::Complete && !accounts.is_empty(),
        left_out: policy.fields_without_a_place.clone(),
        accounts,
        contacts,
        edges,
        edges_of_account,
        edges_of_contact,
    }
}

/// Who holds a key on either side.
#[derive(Default)]
struct Holders {
    accounts: Vec<usize>,
    contacts: Vec<usize>,
}

fn edges(accounts: &[Account], contacts: &[Contact]) -> Vec<Edge> {
    // In full, and as the PSA may have had to cut it.
    let account_names: Vec<[Name; 2]> = accounts
        .iter()
        .map(|account| {
            [mapping::name_parts(account), mapping::fitted_name_parts(account)]
                .map(|(given, family)| Name::new(&given, &family))
        })
        .collect();
    let contact_names: Vec<Name> =
        contacts.iter().map(|contact| Name::new(&contact.first_name, &contact.last_name)).collect();

    let mut by_address: HashMap<String, Holders> = HashMap::new();
    let mut by_name: HashMap<String, Holders> = HashMap::new();
    for (at, account) in accounts.iter().enumerate() {
        for address in account.addresses().filter_map(normal::address).collect::<BTreeSet<_>>() {
            by_address.entry(address).or_default().accounts.push(at);
        }
        for key in account_names[at].iter().filter_map(Name::key).collect::<BTreeSet<_>>() {
            by_name.entry(key).or_default().accounts.push(at);
        }
    }
    for (at, contact) in contacts.iter().enumerate() {
        for address in contact.addresses().filter_map(normal::address).collect::<BTreeSet<_>>() {
            by_address.entry(address).or_default().contacts.push(at);
        }
        if let Some(key) = contact_names[at].key() {
            by_name.entry(key).or_default().contacts.push(at);
        }
    }

    let mut found: HashMap<(usize, usize), Edge> = HashMap::new();
    for (holders, address) in by_address
        .values()
        .map(|holders| (holders, true))
        .chain(by_name.values().map(|holders| (holders, false)))
    {
        if holders.accounts.len() * holders.contacts.len() > MOST_PAIRS_PER_KEY {
            continue;
        }
        for &account in &holders.accounts {
            for &contact in &holders.contacts {
                let edge = found.entry((account, contact)).or_insert_with(|| Edge {
                    account,
                    contact,
                    address: false,
                    same_name: false,
                    names: agreement(&account_names[account], &contact_names[contact]),
                });
                edge.address |= address;
                edge.same_name |= !address;
            }
        }
    }
    let mut edges: Vec<Edge> = found.into_values().collect();
    edges.sort_by_key(|edge| (edge.account, edge.contact));
    edges
}

/// The better of what the two forms of an account's name say. `Agreement` is ordered from the
/// closest on.
fn agreement(account: &[Name; 2], contact: &Name) -> Agreement {
    let [full, fitted] = account;
    full.agreement(contact).min(fitted.agreement(contact))
}

impl Prepared {
    /// Plans the whole company.
    #[must_use]
    pub fn plan(&self, links: &[Link], decisions: &Decisions) -> Plan {
        Planning::rows_from_nothing(self, links, decisions)
    }

    /// The account of this key, if the directory has it.
    #[must_use]
    pub fn account(&self, id: AccountId) -> Option<&Account> {
        self.account_index.get(&id).map(|&at| &self.accounts[at])
    }

    /// The contact of this key, if the PSA has it.
    #[must_use]
    pub fn contact(&self, id: ContactId) -> Option<&Contact> {
        self.contact_index.get(&id).map(|&at| &self.contacts[at])
    }

    /// All accounts, ordered by key.
    #[must_use]
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// All contacts, ordered by key.
    #[must_use]
    pub fn contacts(&self) -> &[Contact] {
        &self.contacts
    }
}
