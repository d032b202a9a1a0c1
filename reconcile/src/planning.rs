//! The second step, kept up to date: the company falls into groups that have nothing to do with
//! each other, and a decision plans only the groups again that it touches.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use crate::{AccountId, ContactId, Decision, Decisions, Link, Plan, Prepared, Row, Subject, assign};

/// Links by either end.
#[derive(Debug, Default)]
pub(crate) struct Links {
    by_account: HashMap<AccountId, Link>,
    by_contact: HashMap<ContactId, Link>,
}

impl Links {
    fn new(links: &[Link]) -> Self {
        Self {
            by_account: links.iter().map(|link| (link.account, *link)).collect(),
            by_contact: links.iter().map(|link| (link.contact, *link)).collect(),
        }
    }

    pub(crate) fn of_account(&self, id: AccountId) -> Option<Link> {
        self.by_account.get(&id).copied()
    }

    pub(crate) fn of_contact(&self, id: ContactId) -> Option<Link> {
        self.by_contact.get(&id).copied()
    }
}

/// Accounts and contacts that evidence or links connect, as indexes into [`Prepared`].
#[derive(Debug, Default, Clone)]
pub(crate) struct Group {
    pub(crate) accounts: Vec<usize>,
    pub(crate) contacts: Vec<usize>,
}

/// A plan that follows decisions as they are made.
#[derive(Debug)]
pub struct Planning {
    prepared: Arc<Prepared>,
    links: Links,
    decisions: Decisions,
    /// What evidence and links connect: never changes.
    bases: Vec<Group>,
    base_of_account: Vec<usize>,
    base_of_contact: Vec<usize>,
    /// Bases that matches made by hand connect, by the lowest base among them.
    cluster_of_base: Vec<usize>,
    clusters: BTreeMap<usize, Cluster>,
}

#[derive(Debug, Default)]
struct Cluster {
    bases: Vec<usize>,
    rows: Vec<Arc<Row>>,
}

impl Planning {
    /// Plans the whole company and remembers the parts.
    #[must_use]
    pub fn new(prepared: Arc<Prepared>, links: &[Link], decisions: Decisions) -> Self {
        let links = Links::new(links);
        let (bases, base_of_account, base_of_contact) = bases(&prepared, &links);
        let mut planning = Self {
            cluster_of_base: (0..bases.len()).collect(),
            clusters: BTreeMap::new(),
            prepared,
            links,
            decisions,
            bases,
            base_of_account,
            base_of_contact,
        };
        planning.replan((0..planning.bases.len()).collect());
        planning
    }

    pub(crate) fn rows_from_nothing(prepared: &Prepared, links: &[Link], decisions: &Decisions) -> Plan {
        let links = Links::new(links);
        let whole = Group {
            accounts: (0..prepared.accounts.len()).collect(),
            contacts: (0..prepared.contacts.len()).collect(),
        };
        let rows = assign::rows(&assign::Context { prepared, links: &links, decisions }, &whole);
        Plan::from_rows(rows.into_iter().map(Arc::new).collect())
    }

    /// Makes a decision, or takes it back (`None`), and plans again what it touches.
    pub fn decide(&mut self, subject: Subject, decision: Option<Decision>) {
        self.decide_all([(subject, decision)]);
    }

    /// Makes or takes back many decisions at once.
    pub fn decide_all(&mut self, decisions: impl IntoIterator<Item = (Subject, Option<Decision>)>) {
        let mut touched = BTreeSet::new();
        for (subject, decision) in decisions {
            let before = match decision {
                Some(decision) => self.decisions.insert(subject, decision),
                None => self.decisions.remove(&subject),
            };
            touched.extend(self.base_of(subject));
            for decision in [before, decision].into_iter().flatten() {
                let account = match subject {
                    Subject::Account(id) => self.prepared.account_index.get(&id),
                    Subject::Contact(_) => None,
                };
                if let Some(contact) = account.and_then(|&at| self.prepared.chosen_contact(at, decision)) {
                    touched.extend(self.base_of(Subject::Contact(contact)));
                }
            }
        }
        // A cluster that loses or gains a base is planned again whole.
        let clusters: BTreeSet<usize> = touched.iter().map(|&base| self.cluster_of_base[base]).collect();
        let bases = clusters
            .into_iter()
            .filter_map(|cluster| self.clusters.remove(&cluster))
            .flat_map(|cluster| cluster.bases)
            .collect();
        self.replan(bases);
    }

    /// The decisions so far.
    #[must_use]
    pub const fn decisions(&self) -> &Decisions {
        &self.decisions
    }

    /// Both sides, as they were read.
    #[must_use]
    pub fn prepared(&self) -> &Prepared {
        &self.prepared
    }

    /// The plan as it stands.
    #[must_use]
    pub fn plan(&self) -> Plan {
        Plan::from_rows(self.clusters.values().flat_map(|cluster| cluster.rows.iter().cloned()).collect())
    }

    /// The row about an account, without the rest of the plan.
    #[must_use]
    pub fn row_of(&self, account: AccountId) -> Option<Arc<Row>> {
        let cluster = self.cluster_of_base[self.base_of(Subject::Account(account))?];
        self.clusters.get(&cluster)?.rows.iter().find(|row| row.account == Some(account)).cloned()
    }

    /// The company's links, ordered by account.
    pub(crate) fn links(&self) -> impl Iterator<Item = Link> {
        let mut links: Vec<Link> = self.links.by_account.values().copied().collect();
        links.sort_by_key(|link| link.account);
        links.into_iter()
    }

    fn base_of(&self, subject: Subject) -> Option<usize> {
        let of_contact = |id| self.prepared.contact_index.get(&id).map(|&at| self.base_of_contact[at]);
        match subject {
            Subject::Contact(id) => of_contact(id),
            Subject::Account(id) => match self.prepared.account_index.get(&id) {
                Some(&at) => Some(self.base_of_account[at]),
                // A missing account is decided about through the contact that it left.
                None => self.links.of_account(id).and_then(|link| of_contact(link.contact)),
            },
        }
    }

    /// Plans these bases, which no decision connects to any other.
    fn replan(&mut self, bases: Vec<usize>) {
        let mut joined = Joined::new(self.bases.len());
        for &base in &bases {
            for &account in &self.bases[base].accounts {
                let subject = Subject::Account(self.prepared.accounts[account].id);
                if let Some(decision) = self.decisions.get(&subject)
                    && let Some(contact) = self.prepared.chosen_contact(account, *decision)
                    && let Some(other) = self.base_of(Subject::Contact(contact))
                {
                    joined.join(base, other);
                }
            }
        }
        let mut clusters: BTreeMap<usize, Cluster> = BTreeMap::new();
        for base in bases {
            let cluster = joined.root(base);
            self.cluster_of_base[base] = cluster;
            clusters.entry(cluster).or_default().bases.push(base);
        }
        let context =
            assign::Context { prepared: &self.prepared, links: &self.links, decisions: &self.decisions };
        for cluster in clusters.values_mut() {
            let mut group = Group::default();
            for &base in &cluster.bases {
                group.accounts.extend(&self.bases[base].accounts);
                group.contacts.extend(&self.bases[base].contacts);
            }
            group.accounts.sort_unstable();
            group.contacts.sort_unstable();
            cluster.rows = assign::rows(&context, &group).into_iter().map(Arc::new).collect();
        }
        self.clusters.extend(clusters);
    }
}

fn bases(prepared: &Prepared, links: &Links) -> (Vec<Group>, Vec<usize>, Vec<usize>) {
    let accounts = prepared.accounts.len();
    let mut joined = Joined::new(accounts + prepared.contacts.len());
    for edge in &prepared.edges {
        joined.join(edge.account, accounts + edge.contact);
    }
    for (at, contact) in prepared.contacts.iter().enumerate() {
        if let Some(link) = links.of_contact(contact.id)
            && let Some(&account) = prepared.account_index.get(&link.account)
        {
            joined.join(account, accounts + at);
        }
    }
    let mut bases: Vec<Group> = Vec::new();
    let mut base_of_root: HashMap<usize, usize> = HashMap::new();
    let mut base_of = Vec::with_capacity(accounts + prepared.contacts.len());
    for node in 0..accounts + prepared.contacts.len() {
        let base = *base_of_root.entry(joined.root(node)).or_insert_with(|| {
            bases.push(Group::default());
            bases.len() - 1
        });
        base_of.push(base);
        match node.checked_sub(accounts) {
            None => bases[base].accounts.push(node),
            Some(contact) => bases[base].contacts.push(contact),
        }
    }
    let base_of_contact = base_of.split_off(accounts);
    (bases, base_of, base_of_contact)
}

/// Disjoint sets; the root is the lowest member.
struct Joined(Vec<usize>);

impl Joined {
    fn new(members: usize) -> Self {
        Self((0..members).collect())
    }

    fn root(&mut self, member: usize) -> usize {
        let mut at = member;
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.0[one.max(other)] = one.min(other);
    }
}
