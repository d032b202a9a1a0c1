//! The first step: what does not depend on links or decisions.

use std::{cmp::Reverse, collections::HashMap};

use crate::{
    Account, AccountId, Clue, Clues, Contact, ContactId, Decision, Decisions, Exclusion, Field, Link,
    OtherCompany, Plan, Planning, Policy, Rule, candidates, duplicates,
    evidence::Evidence,
    exclusion::Rules,
    lists::{Lists, tenths_of_bits},
    mapping::Mapping,
    normal::Agreement,
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

/// Evidence that an account and a contact are one person.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    pub(crate) account: usize,
    pub(crate) contact: usize,
    pub(crate) clues: Clues,
    /// In tenths of a bit; at 0 they are as likely one person as not.
    pub(crate) score: i32,
    pub(crate) names: Agreement,
}

/// From here on a pair is worth a question.
const WORTH_A_QUESTION: i32 = -40;
/// From here on the same name alone is enough, if nothing else says otherwise.
const SURE_BY_NAME: i32 = 80;
/// So much less likely must everybody else be.
pub(crate) const MARGIN: i32 = 30;
/// So many weak candidates are kept for each account and each contact.
const MOST_WEAK_CANDIDATES: usize = 5;

impl Edge {
    /// They share an address.
    pub(crate) const fn address(&self) -> bool {
        self.clues.has(Clue::SameAddress) || self.clues.has(Clue::SharedAddress)
    }

    pub(crate) const fn same_name(&self) -> bool {
        self.clues.has(Clue::SameName)
    }

    /// An address with names that do not contradict it.
    pub(crate) const fn strong(&self) -> bool {
        self.address() && !matches!(self.names, Agreement::Contradict)
    }

    /// The same name, rare enough, and no address that says they are two unless a telephone says they
    /// are one.
    pub(crate) const fn sure_by_name(&self) -> bool {
        let apart = self.clues.has(Clue::OtherAddress) && !self.clues.has(Clue::SamePhone);
        self.same_name() && self.score >= SURE_BY_NAME && !apart
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
    pub(crate) mapping: Mapping,
    /// Of each contact the first other one that looks like the same person.
    pub(crate) duplicate_of: Vec<Option<usize>>,
    /// Accounts by their distinguished names in lower case, where managers are asked for.
    pub(crate) by_dn: HashMap<String, AccountId>,
    /// Other companies that accounts have to do with: what their rules take, and what is linked there.
    pub(crate) claimed_by: Vec<Option<i64>>,
    pub(crate) linked_in: HashMap<AccountId, (i64, ContactId)>,
    policy: Policy,
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
    let lists = Lists::new(&accounts, &contacts, policy);
    let edges = edges(&lists);
    let mut edges_of_account = vec![Vec::new(); accounts.len()];
    let mut edges_of_contact = vec![Vec::new(); contacts.len()];
    for (at, edge) in edges.iter().enumerate() {
        edges_of_account[edge.account].push(at);
        edges_of_contact[edge.contact].push(at);
    }
    let mapping = Mapping::new(policy);
    Prepared {
        exclusions: Rules::new(policy).of_all(&accounts),
        duplicate_of: duplicates::of(&lists, &contacts),
        by_dn: managers(&accounts, &mapping),
        claimed_by: accounts.iter().map(|account| claimed_by(account, policy)).collect(),
        linked_in: policy
            .others
            .iter()
            .flat_map(|other| other.linked.iter().map(|link| (link.account, (other.id, link.contact))))
            .collect(),
        policy: policy.clone(),
        mapping,
        account_index: accounts.iter().enumerate().map(|(at, account)| (account.id, at)).collect(),
        contact_index: contacts.iter().enumerate().map(|(at, contact)| (contact.id, at)).collect(),
        // Nobody in the directory is never an answer: it is a wrong base, a lost right, a fault.
        may_deactivate: coverage == Coverage::Complete && !accounts.is_empty(),
        accounts,
        contacts,
        edges,
        edges_of_account,
        edges_of_contact,
    }
}

/// Those who are named as managers, by their distinguished names; of a company that does not ask for
/// managers nobody.
fn managers(accounts: &[Account], mapping: &Mapping) -> HashMap<String, AccountId> {
    if !mapping.takes(Field::Manager) {
        return HashMap::new();
    }
    accounts.iter().map(|account| (account.dn.to_lowercase(), account.id)).collect()
}

/// The company whose rules take the account as well as the company's own rules do.
fn claimed_by(account: &Account, policy: &Policy) -> Option<i64> {
    let ours = policy.takes().next().is_some();
    let takes = |other: &&OtherCompany| ours && other.takes.iter().any(|test| test.fits(account));
    policy.others.iter().find(takes).map(|other| other.id)
}

fn edges(lists: &Lists) -> Vec<Edge> {
    let (accounts, contacts) = (&lists.accounts, &lists.contacts);
    let strong = candidates::by_strong_keys(lists);
    let doubt = doubt(&strong, accounts.len().min(contacts.len()));
    let compare = |&(account, contact): &(u32, u32)| {
        let (account, contact) = (account as usize, contact as usize);
        let Evidence { clues, score, names } = lists.compare(account, contact);
        Edge { account, contact, clues, score: score - doubt, names }
    };
    let mut edges: Vec<Edge> = strong.iter().map(compare).collect();
    // An address of two people whose names agree leaves nothing to look for.
    let (mut settled_accounts, mut settled_contacts) =
        (vec![false; accounts.len()], vec![false; contacts.len()]);
    for edge in edges.iter().filter(|edge| edge.clues.has(Clue::SameAddress) && edge.strong()) {
        settled_accounts[edge.account] = true;
        settled_contacts[edge.contact] = true;
    }
    let is_known = |pair: &(u32, u32)| strong.binary_search(pair).is_ok();
    let weak = candidates::by_weak_keys(lists, |at| !settled_accounts[at], |at| !settled_contacts[at]);
    let mut weak: Vec<Edge> = weak
        .iter()
        .filter(|pair| !is_known(pair))
        .map(compare)
        .filter(|edge| edge.score >= WORTH_A_QUESTION)
        .collect();
    weak.sort_by_key(|edge| (Reverse(edge.score), edge.account, edge.contact));
    let (mut of_account, mut of_contact) = (vec![0; accounts.len()], vec![0; contacts.len()]);
    edges.extend(weak.into_iter().filter(|edge| {
        of_account[edge.account] += 1;
        of_contact[edge.contact] += 1;
        of_account[edge.account] <= MOST_WEAK_CANDIDATES && of_contact[edge.contact] <= MOST_WEAK_CANDIDATES
    }));
    edges.sort_by_key(|edge| (edge.account, edge.contact));
    edges
}

/// Where few have a counterpart on the other side, in tenths of a bit: lists that have little to do with
/// each other have namesakes all the same.
fn doubt(strong: &[(u32, u32)], people: usize) -> i32 {
    let mut accounts: Vec<u32> = strong.iter().map(|(account, _)| *account).collect();
    accounts.dedup();
    let met = accounts.len().min(people) as u64;
    tenths_of_bits(people as u64 - met + 1, met + 1).max(0)
}

impl Prepared {
    /// The contact that a decision chooses for an account. One that was to be brought here and is here
    /// already is as good as matched.
    pub(crate) fn chosen_contact(&self, account: usize, decision: Decision) -> Option<ContactId> {
        match decision {
            Decision::Match(contact) => Some(contact),
            Decision::Move => self.linked_in.get(&self.accounts[account].id).map(|(_, contact)| *contact),
            _ => None,
        }
    }

    /// The account of the account's manager, where managers are asked for.
    pub(crate) fn manager_of(&self, account: &Account) -> Option<AccountId> {
        self.by_dn.get(&account.manager.as_ref()?.to_lowercase()).copied()
    }

    /// Plans the whole company.
    #[must_use]
    pub fn plan(&self, links: &[Link], decisions: &Decisions) -> Plan {
        Planning::rows_from_nothing(self, links, decisions)
    }

    /// The policy that it was prepared with.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The name of another company that accounts have to do with.
    #[must_use]
    pub fn company(&self, id: i64) -> Option<&str> {
        let named = self.policy.others.iter().find(|other| other.id == id && !other.name.is_empty());
        named.map(|other| other.name.as_str())
    }

    /// The contact that a change of a manager names.
    #[must_use]
    pub fn contact_called(&self, id: &str) -> Option<&Contact> {
        id.parse().ok().and_then(|id| self.contact(ContactId(id)))
    }

    /// Why an account is left out, whatever a person said of it.
    #[must_use]
    pub fn exclusion(&self, id: AccountId) -> Option<Exclusion> {
        self.account_index.get(&id).and_then(|&at| self.exclusions[at])
    }

    /// The rule that leaves an account out.
    #[must_use]
    pub fn rule(&self, exclusion: Exclusion) -> Option<&Rule> {
        match exclusion {
            Exclusion::Rule(at) => self.policy.rules.get(usize::from(at)),
            _ => None,
        }
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
