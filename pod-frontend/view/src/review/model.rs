//! The state of a review: the plan as the decisions stand, and what is ticked, open and filtered.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use reconcile::{
    AccountId, ContactId, Decision, Lesson, Plan, Planning, Prepared, Reason, Row, RowKind, Rule, Subject,
    guard::{Limits, is_exodus},
    normal,
};

use super::{
    search::{account_text, contact_text},
    ticks::{Ticks, halves},
};
use crate::{
    people::{account_name, contact_name, row_name, row_subject},
    wire::{ApplyRequest, Approved},
};

/// How many rows a group shows before it is asked for all.
pub const PER_GROUP: usize = 50;

/// The kinds in the order of their groups.
pub const KINDS: [RowKind; 11] = [
    RowKind::NeedsDecision,
    RowKind::Deactivate,
    RowKind::Reactivate,
    RowKind::Create,
    RowKind::Update,
    RowKind::Move,
    RowKind::Link,
    RowKind::PsaOnly,
    RowKind::Ignored,
    RowKind::Excluded,
    RowKind::Unchanged,
];

/// One group of rows as it is shown now.
#[derive(Clone, Debug)]
pub struct Group {
    /// What its rows would do.
    pub kind: RowKind,
    /// Rows of this kind.
    pub all: usize,
    /// Of these, rows that the filter leaves.
    pub matching: usize,
    /// Of these, the rows that are shown.
    pub rows: Vec<Arc<Row>>,
    /// Whether the group is open.
    pub open: bool,
}

/// What a decision did beside what it says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// Questions about others that are answered with it.
    pub settled: usize,
    /// Other rows about others that changed.
    pub changed: usize,
    /// The account that lost its contact to the decision, and what its row is now.
    pub left: Option<(Subject, RowKind)>,
}

/// A review in progress.
#[derive(Debug)]
pub struct Review {
    planning: Planning,
    pub(super) plan: Plan,
    pub(super) names: HashMap<Subject, String>,
    /// The plan's rows by kind, and within it by name.
    listed: Vec<Arc<Row>>,
    /// Whom a single decision was about: their rows are shown wherever they land.
    landed: BTreeSet<Subject>,
    /// Whether the directory looks like another company's.
    stranger: bool,
    /// Whether more would be deactivated than anybody would wave through.
    exodus: bool,
    missing_since: BTreeMap<AccountId, String>,
    ticks: Ticks,
    pub(super) picked: BTreeSet<ContactId>,
    open_rows: BTreeSet<Subject>,
    closed_groups: BTreeSet<RowKind>,
    whole_groups: BTreeSet<RowKind>,
    filter: String,
}

impl Review {
    /// A review of this plan, with everything ticked that may be approved unseen.
    #[must_use]
    pub fn new(planning: Planning) -> Self {
        let both = planning.prepared();
        let accounts =
            both.accounts().iter().map(|account| (Subject::Account(account.id), account_text(account)));
        let contacts =
            both.contacts().iter().map(|contact| (Subject::Contact(contact.id), contact_text(contact)));
        let names = accounts.chain(contacts).collect();
        let plan = planning.plan();
        Self {
            listed: by_name(&plan, &names),
            landed: BTreeSet::new(),
            stranger: is_stranger(&plan, both),
            exodus: is_exodus(&plan, &Limits::default()),
            missing_since: BTreeMap::new(),
            names,
            plan,
            planning,
            ticks: Ticks::default(),
            picked: BTreeSet::new(),
            open_rows: BTreeSet::new(),
            closed_groups: BTreeSet::from([RowKind::Unchanged]),
            whole_groups: BTreeSet::new(),
            filter: String::new(),
        }
    }

    /// The review, with the times since when accounts are missing, RFC 3339 in UTC.
    #[must_use]
    pub fn with_missing_since(self, missing_since: BTreeMap<AccountId, String>) -> Self {
        Self { missing_since, ..self }
    }

    /// Since when an account is missing.
    #[must_use]
    pub fn missing_since(&self, account: AccountId) -> Option<&str> {
        self.missing_since.get(&account).map(String::as_str)
    }

    /// The review under what was ticked and unticked in an earlier one.
    #[must_use]
    pub fn with_ticks(self, ticks: Ticks) -> Self {
        Self { ticks, ..self }
    }

    /// What was ticked and unticked, for the next review.
    #[must_use]
    pub fn into_ticks(self) -> Ticks {
        self.ticks
    }

    /// What the match of this account teaches.
    #[must_use]
    pub fn lessons(&self, account: AccountId) -> Vec<Lesson> {
        self.planning.lessons(account)
    }

    /// Plans by one more rule from now on; how many questions it settled.
    pub fn learn(&mut self, rule: Rule) -> usize {
        let before = self.questions();
        self.planning = self.planning.taught(rule);
        self.plan_anew();
        before.saturating_sub(self.questions())
    }

    /// Takes the plan as the planning has it by now; the one before.
    fn plan_anew(&mut self) -> Plan {
        let before = std::mem::replace(&mut self.plan, self.planning.plan());
        self.listed = by_name(&self.plan, &self.names);
        self.exodus = is_exodus(&self.plan, &Limits::default());
        before
    }

    /// Whether the directory looks like another company's: nothing is linked and nobody fits.
    /// Creations are not ticked by default then.
    #[must_use]
    pub const fn is_stranger(&self) -> bool {
        self.stranger
    }

    /// Both sides.
    #[must_use]
    pub fn both(&self) -> &Prepared {
        self.planning.prepared()
    }

    /// The plan as the decisions stand.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Rows by kind, kinds without rows left out.
    #[must_use]
    pub fn counts(&self) -> Vec<(RowKind, usize)> {
        counted(self.plan.rows.iter().map(|row| row.kind))
    }

    /// Questions that only a person can answer.
    #[must_use]
    pub fn questions(&self) -> usize {
        self.plan.count(RowKind::NeedsDecision)
    }

    /// The groups that have rows, in the plan's order.
    #[must_use]
    pub fn groups(&self) -> Vec<Group> {
        KINDS
            .into_iter()
            .filter_map(|kind| {
                let all = self.plan.count(kind);
                let matching = self.matching(kind);
                // A group that a filter was typed for opens: the find would be hidden otherwise.
                let open =
                    !self.closed_groups.contains(&kind) || (!self.filter.is_empty() && !matching.is_empty());
                let whole = self.whole_groups.contains(&kind);
                let shown = |&(at, row): &(usize, &&Arc<Row>)| whole || at < PER_GROUP || self.landed(row);
                let rows = matching.iter().enumerate().filter(|_| open).filter(shown);
                (all > 0).then(|| Group {
                    kind,
                    all,
                    matching: matching.len(),
                    rows: rows.map(|(_, row)| Arc::clone(row)).collect(),
                    open,
                })
            })
            .collect()
    }

    fn landed(&self, row: &Row) -> bool {
        !self.landed.is_empty() && halves(row).any(|half| self.landed.contains(&half))
    }

    /// The rows of a kind that the filter leaves, by name.
    pub(super) fn matching(&self, kind: RowKind) -> Vec<&Arc<Row>> {
        self.listed.iter().filter(|row| row.kind == kind && self.passes(row)).collect()
    }

    fn passes(&self, row: &Row) -> bool {
        let fits = |subject| self.names.get(&subject).is_some_and(|name| name.contains(&self.filter));
        self.filter.is_empty()
            || row.account.is_some_and(|id| fits(Subject::Account(id)))
            || row.contact.is_some_and(|id| fits(Subject::Contact(id)))
    }

    /// Shows only rows with this in a name or an address.
    pub fn set_filter(&mut self, text: &str) {
        self.filter = normal::fold(text);
    }

    /// Whether a filter is set.
    #[must_use]
    pub const fn is_filtered(&self) -> bool {
        !self.filter.is_empty()
    }

    /// Opens or closes a row.
    pub fn toggle_row(&mut self, subject: Subject) {
        if !self.open_rows.remove(&subject) {
            self.open_rows.insert(subject);
        }
    }

    /// Whether a row is open.
    #[must_use]
    pub fn row_is_open(&self, subject: Subject) -> bool {
        self.open_rows.contains(&subject)
    }

    /// Opens or closes a group.
    pub fn toggle_group(&mut self, kind: RowKind) {
        if !self.closed_groups.remove(&kind) {
            self.closed_groups.insert(kind);
        }
    }

    /// Opens a group.
    pub fn open_group(&mut self, kind: RowKind) {
        self.closed_groups.remove(&kind);
    }

    /// Shows all rows of a group.
    pub fn show_all(&mut self, kind: RowKind) {
        self.whole_groups.insert(kind);
    }

    /// The row about this subject: its own, or the one in which it is the other half.
    #[must_use]
    pub fn row_of(&self, subject: Subject) -> Option<&Arc<Row>> {
        self.plan.rows.iter().find(|row| row_subject(row) == Some(subject)).or_else(|| {
            self.plan.rows.iter().find(|row| match subject {
                Subject::Account(id) => row.account == Some(id),
                Subject::Contact(id) => row.contact == Some(id),
            })
        })
    }

    /// The name of whom a row or a decision is about.
    #[must_use]
    pub fn name_of(&self, subject: Subject) -> String {
        let both = self.both();
        match subject {
            Subject::Account(id) => both.account(id).map(account_name),
            Subject::Contact(id) => both.contact(id).map(contact_name),
        }
        .or_else(|| self.row_of(subject).map(|row| row_name(row, both)))
        .unwrap_or_else(|| crate::text::SOMEBODY.to_owned())
    }

    /// The decision that a row follows, with its subject. That its account is left as it was counts only
    /// where nothing is written for that: elsewhere it waits, and is no answer to take back.
    #[must_use]
    pub fn decision_of(&self, row: &Row) -> Option<(Subject, Decision)> {
        let is_left = row.reasons.contains(&Reason::LeftAsItWas);
        let counts = |decision: &Decision| is_left || !matches!(decision, Decision::Left(_));
        halves(row).find_map(|subject| Some((subject, self.standing(subject).filter(counts)?)))
    }

    /// The decision that stands about a subject.
    #[must_use]
    pub fn standing(&self, subject: Subject) -> Option<Decision> {
        self.planning.decisions().get(&subject).copied()
    }

    /// Makes decisions or takes them back (`None`), plans again, and says what else that did.
    pub fn decide(&mut self, decisions: &[(Subject, Option<Decision>)]) -> Decided {
        let mut own: HashSet<Subject> = HashSet::new();
        for &(subject, decision) in decisions {
            own.insert(subject);
            let earlier = self.standing(subject);
            own.extend([decision, earlier].into_iter().flatten().filter_map(|decision| match decision {
                Decision::Match(contact) => Some(Subject::Contact(contact)),
                _ => None,
            }));
            // What was decided about is not picked any more.
            if let Subject::Contact(contact) = subject {
                self.picked.remove(&contact);
            }
        }
        if let [(subject, _)] = decisions {
            self.landed.insert(*subject);
        }
        self.planning.decide_all(decisions.iter().copied());
        let before = self.plan_anew();

        // A contact's row is its own only while no account has it: whoever had it is another.
        let about_others = |row: &&Arc<Row>| row_subject(row).is_some_and(|subject| !own.contains(&subject));
        let question = |kind| matches!(kind, RowKind::NeedsDecision | RowKind::PsaOnly);
        let after: HashMap<Subject, &Arc<Row>> =
            self.plan.rows.iter().filter_map(|row| Some((row_subject(row)?, row))).collect();
        let mut decided = Decided::default();
        for row in before.rows.iter().filter(about_others) {
            let Some(subject) = row_subject(row) else { continue };
            let lost = row.account.is_some()
                && row.contact.is_some_and(|contact| own.contains(&Subject::Contact(contact)));
            match after.get(&subject) {
                Some(now) if now.fingerprint == row.fingerprint && now.key() == row.key() => {}
                Some(now) if lost && now.contact.is_none() && decided.left.is_none() => {
                    decided.left = Some((subject, now.kind));
                }
                Some(now) if question(row.kind) && !question(now.kind) => decided.settled += 1,
                None if question(row.kind) => decided.settled += 1,
                _ => decided.changed += 1,
            }
        }
        decided
    }

    /// Ticks or unticks a row.
    pub fn tick(&mut self, subject: Subject, ticked: bool) {
        if let Some(row) = self.row_of(subject).map(Arc::clone) {
            self.ticks.set(&row, ticked);
        }
    }

    /// Ticks all rows of a group that may be approved unseen, or unticks all; those that the
    /// filter leaves.
    pub fn tick_group(&mut self, kind: RowKind, ticked: bool) {
        let rows: Vec<Arc<Row>> = self.matching(kind).into_iter().map(Arc::clone).collect();
        for row in rows.iter().filter(|row| !ticked || row.approved_by_default()) {
            self.ticks.set(row, ticked);
        }
    }

    /// Whether a row is ticked. A tick that was given to other content does not count; an untick
    /// stays whatever the row becomes.
    #[must_use]
    pub fn is_ticked(&self, row: &Row) -> bool {
        let strange = self.stranger && row.kind == RowKind::Create;
        self.ticks.of(row, row.approved_by_default() && !strange && !self.is_held(row))
    }

    /// Whether a deactivation waits for a tick of its own, because so many leave at once. Whoever ticks
    /// the whole group has said so.
    #[must_use]
    pub fn is_held(&self, row: &Row) -> bool {
        self.exodus && row.leaves_unasked()
    }

    /// Ticked and tickable rows of a group that the filter leaves.
    #[must_use]
    pub fn ticked_in(&self, kind: RowKind) -> (usize, usize) {
        let rows = self.matching(kind);
        (rows.iter().filter(|row| self.is_ticked(row)).count(), rows.len())
    }

    /// The ticked rows, by kind.
    #[must_use]
    pub fn ticked_counts(&self) -> Vec<(RowKind, usize)> {
        counted(self.plan.writing().filter(|row| self.is_ticked(row)).map(|row| row.kind))
    }

    /// What is sent when the person applies. `unsaved` are the decisions that the service does not
    /// have yet.
    #[must_use]
    pub fn request(&self, unsaved: &BTreeMap<Subject, Option<Decision>>) -> ApplyRequest {
        let mut approved: Vec<Approved> = self
            .plan
            .writing()
            .filter(|row| self.is_ticked(row))
            .map(|row| Approved { key: row.key(), kind: row.kind, fingerprint: row.fingerprint })
            .collect();
        approved.sort_unstable();
        let changes = unsaved.iter().map(|(&subject, &decision)| (subject, decision)).collect();
        ApplyRequest { changes, approved }
    }
}

/// The rows by kind, and within it by name.
fn by_name(plan: &Plan, names: &HashMap<Subject, String>) -> Vec<Arc<Row>> {
    let name = |row: &Row| halves(row).find_map(|half| names.get(&half));
    let mut rows = plan.rows.clone();
    rows.sort_by(|one, other| (one.kind, name(one), one.key()).cmp(&(other.kind, name(other), other.key())));
    rows
}

/// Whether nothing connects a company with contacts to this directory. A pair that a person chose
/// is no evidence, and a link of which only the account is left is some.
fn is_stranger(plan: &Plan, both: &Prepared) -> bool {
    const ENOUGH: usize = 3;
    let connects = |row: &Arc<Row>| {
        row.reasons.contains(&Reason::ContactGone)
            || (row.account.is_some()
                && row.contact.is_some()
                && !row.reasons.contains(&Reason::ChosenByPerson))
    };
    let active = both.contacts().iter().filter(|contact| !contact.inactive).count();
    active >= ENOUGH && !plan.rows.iter().any(connects)
}

fn counted(kinds: impl Iterator<Item = RowKind>) -> Vec<(RowKind, usize)> {
    let mut counts = KINDS.map(|kind| (kind, 0));
    for kind in kinds {
        if let Some(count) = counts.iter_mut().find(|count| count.0 == kind) {
            count.1 += 1;
        }
    }
    counts.into_iter().filter(|(_, rows)| *rows > 0).collect()
}
