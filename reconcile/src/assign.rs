//! Who is whom within one group, and the rows that follow.
//!
//! In this order: what people decided, what is linked, then for active accounts an address that
//! only one pair shares, then a name that only one pair has; then for disabled accounts an address
//! with what is left: a name alone deactivates nobody. Whatever is not unique on both sides stays
//! a question.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use crate::{
    Candidate, Clue, Clues, ContactId, Decision, Decisions, Exclusion, Fingerprint, Prepared, Protection,
    Reason, Row, RowKind, Rule, Subject, left,
    mapping::Mapped,
    normal::{Agreement, fold},
    planning::{Group, Links},
    prepare::{Edge, MARGIN},
};

pub(crate) struct Context<'a> {
    pub(crate) prepared: &'a Prepared,
    pub(crate) links: &'a Links,
    pub(crate) decisions: &'a Decisions,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Ignored,
    Excluded(Exclusion),
    Disabled,
    Active,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Decided,
    Linked,
    Address,
    Name,
}

impl Context<'_> {
    /// What a person said of the account. That it is left as it was says nothing of who it is, and is
    /// heeded once its row is known.
    fn decision_of_account(&self, account: usize) -> Option<Decision> {
        let decision = self.decisions.get(&Subject::Account(self.prepared.accounts[account].id)).copied();
        decision.filter(|decision| !matches!(decision, Decision::Left(_)))
    }

    fn decision_of_contact(&self, contact: usize) -> Option<Decision> {
        self.decisions.get(&Subject::Contact(self.prepared.contacts[contact].id)).copied()
    }

    fn standing(&self, account: usize) -> Standing {
        let decision = self.decision_of_account(account);
        if decision.is_some_and(Decision::leaves_alone) {
            return Standing::Ignored;
        }
        if decision == Some(Decision::NotAPerson) {
            return Standing::Excluded(Exclusion::SaidSo);
        }
        let overruled = decision.is_some_and(Decision::says_somebody);
        match self.prepared.exclusions[account] {
            Some(exclusion) if !overruled => Standing::Excluded(exclusion),
            _ if self.prepared.accounts[account].enabled => Standing::Active,
            _ => Standing::Disabled,
        }
    }

    fn edges_of_account(&self, account: usize) -> impl Iterator<Item = &Edge> {
        self.prepared.edges_of_account[account].iter().map(|&at| &self.prepared.edges[at])
    }

    fn edges_of_contact(&self, contact: usize) -> impl Iterator<Item = &Edge> {
        self.prepared.edges_of_contact[contact].iter().map(|&at| &self.prepared.edges[at])
    }

    /// The account belongs to another company as well, and nobody said that it belongs here.
    fn also_elsewhere(&self, account: usize) -> Option<Reason> {
        let id = self.prepared.accounts[account].id;
        let said = self.decision_of_account(account).is_some_and(Decision::says_somebody);
        if said || self.links.of_account(id).is_some() {
            return None;
        }
        let linked = self.prepared.linked_in.get(&id).map(|(company, _)| Reason::LinkedElsewhere(*company));
        linked.or_else(|| self.prepared.claimed_by[account].map(Reason::ClaimedTwice))
    }

    /// The contact that a person chose for the account.
    fn chosen_contact(&self, account: usize) -> Option<ContactId> {
        self.prepared.chosen_contact(account, self.decision_of_account(account)?)
    }

    /// The contact that the account's manager is linked to.
    fn manager(&self, account: usize) -> Option<ContactId> {
        let manager = self.prepared.manager_of(&self.prepared.accounts[account])?;
        let contact = self.links.of_account(manager)?.contact;
        self.prepared.contact(contact).filter(|contact| !contact.inactive).map(|contact| contact.id)
    }

    /// The account that was linked to the contact is not in the directory.
    fn left_by_its_account(&self, contact: usize) -> bool {
        self.links
            .of_contact(self.prepared.contacts[contact].id)
            .is_some_and(|link| !self.prepared.account_index.contains_key(&link.account))
    }
}

struct Assignment<'a> {
    context: &'a Context<'a>,
    group: &'a Group,
    standing: BTreeMap<usize, Standing>,
    contact_of: BTreeMap<usize, (usize, How)>,
    account_of: BTreeMap<usize, usize>,
    /// Of what stays open, who is likeliest whose: each contact once.
    suggested: BTreeMap<usize, usize>,
}

pub(crate) fn rows(context: &Context<'_>, group: &Group) -> Vec<Row> {
    let mut assignment = Assignment {
        context,
        group,
        standing: group.accounts.iter().map(|&account| (account, context.standing(account))).collect(),
        contact_of: BTreeMap::new(),
        account_of: BTreeMap::new(),
        suggested: BTreeMap::new(),
    };
    assignment.follow_decisions();
    assignment.follow_links();
    assignment.match_by_address(Standing::Active);
    assignment.match_by_name();
    assignment.match_by_address(Standing::Disabled);
    assignment.suggest();

    let accounts = group.accounts.iter().map(|&account| assignment.account_row(account));
    let contacts = group
        .contacts
        .iter()
        .filter(|contact| !assignment.account_of.contains_key(contact))
        .filter_map(|&contact| assignment.contact_row(contact));
    accounts
        .chain(contacts)
        .map(|row| {
            let mut row = left::heeded(row, context.prepared, context.decisions);
            row.fingerprint = Fingerprint::of(&row);
            row
        })
        .collect()
}

impl Assignment<'_> {
    fn pair(&mut self, account: usize, contact: usize, how: How) {
        self.contact_of.insert(account, (contact, how));
        self.account_of.insert(contact, account);
    }

    fn follow_decisions(&mut self) {
        for &account in &self.group.accounts {
            let Some(id) = self.context.chosen_contact(account) else { continue };
            let Some(&contact) = self.context.prepared.contact_index.get(&id) else { continue };
            let free = !self.account_of.contains_key(&contact);
            if free
                && self.context.decision_of_contact(contact).is_none_or(|decision| !decision.leaves_alone())
            {
                self.pair(account, contact, How::Decided);
            }
        }
    }

    fn follow_links(&mut self) {
        for &account in &self.group.accounts {
            if self.context.decision_of_account(account).is_some_and(Decision::says_who) {
                continue;
            }
            let Some(link) = self.context.links.of_account(self.context.prepared.accounts[account].id) else {
                continue;
            };
            let Some(&contact) = self.context.prepared.contact_index.get(&link.contact) else { continue };
            if !self.account_of.contains_key(&contact) {
                self.pair(account, contact, How::Linked);
            }
        }
    }

    /// The account was linked to a contact that the PSA no longer has, and nobody said what now.
    fn link_is_broken(&self, account: usize) -> bool {
        self.context
            .links
            .of_account(self.context.prepared.accounts[account].id)
            .is_some_and(|link| !self.context.prepared.contact_index.contains_key(&link.contact))
    }

    /// May still be matched by evidence.
    fn account_is_open(&self, account: usize, standing: Standing) -> bool {
        self.standing.get(&account) == Some(&standing)
            && !self.contact_of.contains_key(&account)
            && !self.link_is_broken(account)
            && !self.context.decision_of_account(account).is_some_and(Decision::says_who)
    }

    fn may_be_matched(&self, account: usize, standing: Standing) -> bool {
        self.account_is_open(account, standing) && self.context.also_elsewhere(account).is_none()
    }

    fn contact_is_open(&self, contact: usize) -> bool {
        !self.account_of.contains_key(&contact)
            && !self.context.left_by_its_account(contact)
            && self.context.decision_of_contact(contact).is_none()
    }

    /// An active account without a contact looks like the contact's person: until that is
    /// answered, nothing may be concluded from the contact's other accounts.
    fn contested(&self, contact: usize) -> bool {
        self.context.edges_of_contact(contact).any(|edge| {
            (edge.strong() || edge.same_name()) && self.account_is_open(edge.account, Standing::Active)
        })
    }

    /// Whether an inactive contact may be paired with such an account without asking: a disabled
    /// account asks nothing of it; an active one would bring back what somebody put away.
    fn may_pair(&self, contact: usize, standing: Standing) -> bool {
        match standing {
            Standing::Disabled => !self.contested(contact),
            _ => !self.context.prepared.contacts[contact].inactive,
        }
    }

    fn match_by_address(&mut self, standing: Standing) {
        let strong: Vec<(usize, usize)> = self
            .group
            .accounts
            .iter()
            .filter(|&&account| self.may_be_matched(account, standing))
            .flat_map(|&account| self.context.edges_of_account(account))
            .filter(|edge| edge.strong() && self.contact_is_open(edge.contact))
            .map(|edge| (edge.account, edge.contact))
            .collect();
        let (mut of_account, mut of_contact) = (BTreeMap::new(), BTreeMap::new());
        for (account, contact) in &strong {
            *of_account.entry(*account).or_insert(0) += 1;
            *of_contact.entry(*contact).or_insert(0) += 1;
        }
        for (account, contact) in strong {
            if of_account[&account] == 1 && of_contact[&contact] == 1 && self.may_pair(contact, standing) {
                self.pair(account, contact, How::Address);
            }
        }
    }

    fn match_by_name(&mut self) {
        let unique: Vec<(usize, usize)> = self
            .group
            .accounts
            .iter()
            .filter(|&&account| self.may_be_matched(account, Standing::Active))
            .filter_map(|&account| self.only_namesake(account))
            .filter(|&(_, contact)| self.contact_is_open(contact))
            .collect();
        for (account, contact) in unique {
            if self.may_pair(contact, Standing::Active) {
                self.pair(account, contact, How::Name);
            }
        }
    }

    /// Give each open account the contact that it most likely is, no contact to two: the likeliest pair
    /// of all first.
    fn suggest(&mut self) {
        let mut open: Vec<(i32, usize, usize)> = self
            .group
            .accounts
            .iter()
            .filter(|account| !self.contact_of.contains_key(account))
            .flat_map(|&account| self.context.edges_of_account(account))
            .filter(|edge| !self.account_of.contains_key(&edge.contact))
            .map(|edge| (edge.score, edge.account, edge.contact))
            .collect();
        open.sort_by_key(|&(score, account, contact)| (Reverse(score), account, contact));
        let mut taken = BTreeSet::new();
        for (_, account, contact) in open {
            if !self.suggested.contains_key(&account) && taken.insert(contact) {
                self.suggested.insert(account, contact);
            }
        }
    }

    /// The one contact of the account's name, when the account is the only person of that name, nobody
    /// else is nearly as likely, and no address says anything else about either.
    fn only_namesake(&self, account: usize) -> Option<(usize, usize)> {
        let mut contacts = self.context.edges_of_account(account).filter(|edge| edge.same_name());
        let edge = contacts.next().filter(|edge| edge.sure_by_name())?;
        let mut people = self.context.edges_of_contact(edge.contact).filter(|edge| {
            edge.same_name()
                && matches!(self.standing.get(&edge.account), Some(Standing::Active | Standing::Disabled))
        });
        let alone = contacts.next().is_none() && people.next().is_some() && people.next().is_none();
        let speaks = |other: &Edge| other.address() || other.score > edge.score - MARGIN;
        let spoken_for =
            self.context.edges_of_account(account).any(|other| {
                other.contact != edge.contact && speaks(other) && self.is_candidate(other.contact)
            }) || self.context.edges_of_contact(edge.contact).any(|other| {
                other.account != account
                    && speaks(other)
                    && self.account_is_open(other.account, Standing::Active)
            });
        (alone && !spoken_for).then_some((account, edge.contact))
    }

    /// Whether the contact may be offered to an account that has none: it is nobody's, or its own
    /// account is disabled, gone or no person's any more.
    fn is_candidate(&self, contact: usize) -> bool {
        let nobody_active = match self.account_of.get(&contact) {
            None => true,
            Some(account) => {
                matches!(self.standing.get(account), Some(Standing::Disabled | Standing::Excluded(_)))
            }
        };
        nobody_active
            && self.context.decision_of_contact(contact).is_none_or(|decision| !decision.leaves_alone())
    }

    fn candidates_of(&self, account: usize) -> impl Iterator<Item = &Edge> {
        self.context.edges_of_account(account).filter(|edge| self.is_candidate(edge.contact))
    }

    fn account_row(&self, account: usize) -> Row {
        let id = Some(self.context.prepared.accounts[account].id);
        let mut row = match (self.standing[&account], self.contact_of.get(&account)) {
            (_, Some(&(contact, how))) => self.pair_row(account, contact, how),
            (Standing::Ignored, None) => {
                Row::new(RowKind::Ignored, id, None).because(Reason::IgnoredByPerson)
            }
            (Standing::Excluded(why), None) => {
                Row::new(RowKind::Excluded, id, None).because(Reason::LeftOut(why))
            }
            (Standing::Disabled, None) => {
                let mut row = Row::new(RowKind::Unchanged, id, None).because(Reason::AccountDisabled);
                let candidates = self.candidates_of(account);
                row.contacts = ranked(candidates.map(|edge| (false, self.contact_candidate(edge))));
                row
            }
            (Standing::Active, None) => self.unpaired_row(account),
        };
        row.decision = self.context.decision_of_account(account).or_else(|| {
            row.contact.and_then(|contact| self.context.decisions.get(&Subject::Contact(contact)).copied())
        });
        row
    }

    /// An active person without a contact.
    fn unpaired_row(&self, account: usize) -> Row {
        let prepared = self.context.prepared;
        let id = Some(prepared.accounts[account].id);
        let create = |reason| {
            let manager = self.context.manager(account);
            let mapped = prepared.mapping.created(&prepared.accounts[account], manager);
            with(Row::new(RowKind::Create, id, None).because(reason), mapped)
        };
        let edges: Vec<&Edge> = self.candidates_of(account).collect();
        let reason = match self.context.decision_of_account(account) {
            Some(Decision::Create) => return create(Reason::CreationChosen),
            Some(Decision::Move) => match prepared.linked_in.get(&prepared.accounts[account].id) {
                // It is here by now, and is left alone or another account's.
                Some((_, contact)) if prepared.contact_index.contains_key(contact) => Reason::ContactTaken,
                Some(&(company, contact)) => {
                    let row = Row::new(RowKind::Move, id, Some(contact));
                    return row.because(Reason::LinkedElsewhere(company));
                }
                None => Reason::ContactGone,
            },
            Some(Decision::Match(chosen)) if prepared.contact_index.contains_key(&chosen) => {
                Reason::ContactTaken
            }
            Some(Decision::Match(_)) => Reason::ContactGone,
            _ if self.link_is_broken(account) => Reason::ContactGone,
            _ => match self.context.also_elsewhere(account) {
                Some(reason) => reason,
                None if edges.is_empty() => return create(Reason::NoContact),
                None => self.open_question(&edges),
            },
        };
        let mut row = Row::new(RowKind::NeedsDecision, id, None).because(reason);
        let suggested = self.suggested.get(&account);
        row.contacts = ranked(edges.iter().map(|edge| {
            let first = suggested == Some(&edge.contact);
            (!first, self.contact_candidate(edge))
        }));
        row
    }

    fn contact_candidate(&self, edge: &Edge) -> Candidate<ContactId> {
        let id = self.context.prepared.contacts[edge.contact].id;
        Candidate { id, clues: edge.clues, names: edge.names, score: edge.score }
    }

    /// Why these candidates did not settle the matter.
    fn open_question(&self, edges: &[&Edge]) -> Reason {
        let likely: Vec<&&Edge> = edges.iter().filter(|edge| edge.names != Agreement::Contradict).collect();
        match likely.as_slice() {
            [] => Reason::NamesContradict,
            [edge]
                if self.account_of.contains_key(&edge.contact)
                    || self.context.left_by_its_account(edge.contact) =>
            {
                Reason::AccountReplaced
            }
            [edge] if self.context.prepared.contacts[edge.contact].inactive => Reason::ContactInactive,
            [_] => Reason::Likely,
            several if self.are_duplicates(several) => Reason::EnteredTwice,
            _ => Reason::SeveralCandidates,
        }
    }

    /// All who have the account's address or name are one person, entered more than once.
    fn are_duplicates(&self, edges: &[&&Edge]) -> bool {
        let alike: Vec<usize> = edges
            .iter()
            .filter(|edge| edge.address() || edge.clues.has(Clue::SameName))
            .map(|edge| edge.contact)
            .collect();
        let is_one = |contact: &usize| {
            self.context.prepared.duplicate_of[*contact].is_some_and(|other| alike.contains(&other))
        };
        alike.len() > 1 && alike.iter().all(is_one)
    }

    fn pair_row(&self, account: usize, contact: usize, how: How) -> Row {
        let prepared = self.context.prepared;
        let (a, c) = (&prepared.accounts[account], &prepared.contacts[contact]);
        let edge = self.context.edges_of_account(account).find(|edge| edge.contact == contact);
        let row = |kind| {
            let mut row = Row::new(kind, Some(a.id), Some(c.id));
            if let (How::Address | How::Name, Some(edge)) = (how, edge) {
                row.clues = edge.clues;
                row.contacts = self.runner_up(account, contact);
            }
            row
        };
        let matched = match how {
            How::Decided => Reason::ChosenByPerson,
            How::Linked => Reason::Linked,
            How::Address => Reason::SameAddress,
            How::Name => Reason::SameName,
        };
        let decision = self.context.decision_of_contact(contact);
        let standing = match self.standing[&account] {
            // A leaver's mailbox is often made a shared one: what counts is that the account is disabled.
            Standing::Excluded(_) if !a.enabled => Standing::Disabled,
            standing => standing,
        };
        if standing == Standing::Ignored || decision.is_some_and(Decision::leaves_alone) {
            return row(RowKind::Ignored).because(Reason::IgnoredByPerson);
        }
        let this_contact = || {
            let unknown =
                Candidate { id: c.id, clues: Clues::default(), names: Agreement::Unknown, score: 0 };
            vec![edge.map_or(unknown, |edge| self.contact_candidate(edge))]
        };
        match standing {
            Standing::Excluded(_) | Standing::Disabled if c.inactive => {
                row(RowKind::Unchanged).because(Reason::AccountDisabled)
            }
            Standing::Excluded(why) => {
                if decision == Some(Decision::Deactivate) && prepared.may_deactivate {
                    return self.deactivation(Some(a.id), contact).because(Reason::DeactivationChosen);
                }
                let mut row = row(RowKind::NeedsDecision).because(Reason::LeftOut(why));
                row.contacts = this_contact();
                row
            }
            Standing::Disabled if self.contested(contact) => {
                row(RowKind::Unchanged).because(matched).because(Reason::AccountReplaced)
            }
            Standing::Disabled if prepared.may_deactivate => {
                self.deactivation(Some(a.id), contact).because(matched).because(Reason::AccountDisabled)
            }
            Standing::Disabled => row(RowKind::Unchanged).because(matched).because(Reason::AccountDisabled),
            Standing::Active | Standing::Ignored if c.inactive => {
                let ours = self.context.links.of_contact(c.id).is_some_and(|link| link.deactivated_by_us);
                if how == How::Decided || ours {
                    let mapped = prepared.mapping.differences(a, c, self.context.manager(account));
                    return with(row(RowKind::Reactivate).because(matched), mapped);
                }
                let mut row = row(RowKind::NeedsDecision).because(matched).because(Reason::ContactInactive);
                row.contacts = this_contact();
                row
            }
            Standing::Active | Standing::Ignored => {
                let mapped = prepared.mapping.differences(a, c, self.context.manager(account));
                let already_linked =
                    self.context.links.of_account(a.id).is_some_and(|link| link.contact == c.id);
                let kind = match (mapped.changes.is_empty(), already_linked) {
                    (true, true) => RowKind::Unchanged,
                    (true, false) => RowKind::Link,
                    (false, _) => RowKind::Update,
                };
                with(row(kind).because(matched), mapped)
            }
        }
    }

    /// The likeliest of the account's other contacts.
    fn runner_up(&self, account: usize, contact: usize) -> Vec<Candidate<ContactId>> {
        let others = self.context.edges_of_account(account).filter(|edge| edge.contact != contact);
        let mut ranked = ranked(others.map(|edge| (false, self.contact_candidate(edge))));
        ranked.truncate(2);
        ranked
    }

    fn deactivation(&self, account: Option<crate::AccountId>, contact: usize) -> Row {
        let contact = &self.context.prepared.contacts[contact];
        let mut row = Row::new(RowKind::Deactivate, account, Some(contact.id));
        let rules = &self.context.prepared.policy().rules;
        let counts = |what: &&Protection| !rules.contains(&Rule::Unprotected(**what));
        row.protections = contact.protections.iter().filter(counts).copied().collect();
        let is_of = |name: &str| contact.types.iter().any(|held| fold(held) == fold(name));
        if rules.iter().any(|rule| matches!(rule, Rule::ProtectType(name) if is_of(name))) {
            row.protections.push(Protection::ContactType);
        }
        row
    }

    /// A contact that no account of the directory stands behind. An inactive one asks nothing.
    fn contact_row(&self, contact: usize) -> Option<Row> {
        let prepared = self.context.prepared;
        let c = &prepared.contacts[contact];
        let decision = self.context.decision_of_contact(contact);
        let link = self.context.links.of_contact(c.id).filter(|_| self.context.left_by_its_account(contact));
        let missing = link.map(|link| link.account);
        let row = |kind| Row::new(kind, missing, Some(c.id));
        let account_ignored = missing
            .and_then(|id| self.context.decisions.get(&Subject::Account(id)))
            .is_some_and(|decision| decision.leaves_alone());

        let mut row = if c.inactive {
            missing?;
            row(RowKind::Unchanged).because(Reason::AccountMissing)
        } else if decision.is_some_and(Decision::leaves_alone) || account_ignored {
            row(RowKind::Ignored).because(Reason::IgnoredByPerson)
        } else if decision == Some(Decision::Deactivate) && prepared.may_deactivate {
            self.deactivation(missing, contact).because(Reason::DeactivationChosen)
        } else if self.contested(contact) {
            // It stands as a candidate in that account's question.
            missing?;
            row(RowKind::Unchanged).because(Reason::AccountReplaced)
        } else if missing.is_some() {
            if prepared.may_deactivate {
                self.deactivation(missing, contact).because(Reason::AccountMissing)
            } else {
                row(RowKind::Unchanged).because(Reason::Linked)
            }
        } else {
            let mut row = row(RowKind::PsaOnly).because(Reason::NeverLinked);
            if let Some(other) = prepared.duplicate_of[contact] {
                row = row.because(Reason::DuplicateOf(prepared.contacts[other].id));
            }
            row.accounts = ranked(
                self.context
                    .edges_of_contact(contact)
                    .filter(|edge| !self.contact_of.contains_key(&edge.account))
                    .map(|edge| {
                        let id = prepared.accounts[edge.account].id;
                        let (clues, names, score) = (edge.clues, edge.names, edge.score);
                        (
                            self.suggested.get(&edge.account) != Some(&contact),
                            Candidate { id, clues, names, score },
                        )
                    }),
            );
            row
        };
        row.decision = decision;
        Some(row)
    }
}

fn with(mut row: Row, mapped: Mapped) -> Row {
    (row.changes, row.unplaced) = (mapped.changes, mapped.unplaced);
    row
}

/// Those that stand first by the assignment, then the likeliest; equals in the order of their keys.
fn ranked<T: Ord + Copy>(candidates: impl Iterator<Item = (bool, Candidate<T>)>) -> Vec<Candidate<T>> {
    let unique: BTreeMap<T, (bool, Candidate<T>)> =
        candidates.map(|(later, candidate)| (candidate.id, (later, candidate))).collect();
    let mut ranked: Vec<_> = unique.into_values().collect();
    ranked.sort_by_key(|(later, candidate)| (*later, Reverse(candidate.score)));
    ranked.into_iter().map(|(_, candidate)| candidate).collect()
}
