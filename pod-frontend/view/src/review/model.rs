//! The state of a review: the plan as the decisions stand, and what is ticked, open and filtered.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use foldhash::{HashMap, HashSet, HashSetExt};
use reconcile::{
    AccountId, Day, Decision, Lesson, Plan, Planning, Prepared, Reason, Row, RowKind, Rule, Subject,
    guard::{Limits, is_exodus},
    normal,
};

use super::{
    many::namesake,
    search::{account_text, contact_text},
    ticks::{Ticks, halves},
};
use crate::{
    people::{account_name, contact_name, row_name, row_subject},
    wire::{ApplyRequest, Approved},
};

/// How many rows a group shows before it is asked for more, and how many more it shows then: few enough that
/// drawing them does not hold up whoever scrolls.
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
    pub(super) names: Names,
    /// The plan's rows by kind; within it those that need a look first, and then by name.
    listed: Vec<Listed>,
    /// Of these, those that the filter and the chosen reasons leave, by the place of their kind in [`KINDS`].
    matching: [Vec<Arc<Row>>; KINDS.len()],
    /// The main reasons of the rows that the filter leaves, with how many have each; the most frequent first.
    why: [Vec<(Reason, usize)>; KINDS.len()],
    /// Whom a single decision was about: their rows are shown wherever they land.
    landed: BTreeSet<Subject>,
    /// Whether the directory looks like another company's.
    stranger: bool,
    /// Whether more would be deactivated than anybody would wave through.
    exodus: bool,
    /// The date at the company, once it is known.
    today: Option<Day>,
    missing_since: BTreeMap<AccountId, String>,
    ticks: Ticks,
    pub(super) picked: BTreeSet<Subject>,
    open_rows: BTreeSet<Subject>,
    closed_groups: BTreeSet<RowKind>,
    /// How many rows a group shows, where that is more than [`PER_GROUP`].
    shown: BTreeMap<RowKind, usize>,
    filter: String,
    /// The reason that was chosen in a group: only its rows are left.
    reasons: BTreeMap<RowKind, Reason>,
}

/// A row and the places of its halves in [`Names`].
#[derive(Clone, Debug)]
struct Listed {
    row: Arc<Row>,
    places: [Option<usize>; 2],
}

/// What the filter, the searches and the order of the rows go by: a text of everybody, folded, in order.
#[derive(Debug)]
pub(super) struct Names {
    /// All texts, each with a line break after it: one search goes through them all.
    text: String,
    /// Where each text begins.
    starts: Vec<usize>,
    places: HashMap<Subject, usize>,
}

impl Names {
    fn new(both: &Prepared) -> Self {
        let accounts =
            both.accounts().iter().map(|account| (account_text(account), Subject::Account(account.id)));
        let contacts =
            both.contacts().iter().map(|contact| (contact_text(contact), Subject::Contact(contact.id)));
        let mut all: Vec<(String, Subject)> = accounts.chain(contacts).collect();
        all.sort_unstable();
        let places = all.iter().enumerate().map(|(place, (_, subject))| (*subject, place)).collect();
        let (mut text, mut starts) = (String::new(), Vec::with_capacity(all.len()));
        for (one, _) in &all {
            starts.push(text.len());
            text.push_str(one);
            text.push('\n');
        }
        Self { text, starts, places }
    }

    /// The place of a subject among all in the order of names.
    fn place(&self, subject: Subject) -> Option<usize> {
        self.places.get(&subject).copied()
    }

    /// At which places this stands in a name or an address.
    pub(super) fn fitting(&self, folded: &str) -> Fitting {
        let mut fits = vec![false; self.starts.len()];
        for (at, _) in self.text.match_indices(folded) {
            let place = self.starts.partition_point(|&start| start <= at);
            if let Some(fits) = fits.get_mut(place.wrapping_sub(1)) {
                *fits = true;
            }
        }
        Fitting(fits)
    }

    /// Whether a subject is at one of these places.
    pub(super) fn is_at(&self, subject: Subject, fitting: &Fitting) -> bool {
        self.place(subject).is_some_and(|place| fitting.has(place))
    }
}

/// The places in [`Names`] that a text was found at.
#[derive(Debug)]
pub(super) struct Fitting(Vec<bool>);

impl Fitting {
    fn has(&self, place: usize) -> bool {
        self.0.get(place).copied().unwrap_or_default()
    }
}

impl Review {
    /// A review of this plan, with everything ticked that may be approved unseen.
    #[must_use]
    pub fn new(planning: Planning) -> Self {
        let both = planning.prepared();
        let names = Names::new(both);
        let plan = planning.plan();
        let mut review = Self {
            listed: Vec::new(),
            matching: Default::default(),
            why: Default::default(),
            landed: BTreeSet::new(),
            stranger: is_stranger(&plan, both),
            exodus: is_exodus(&plan, &Limits::of(&both.policy().rules)),
            today: None,
            missing_since: BTreeMap::new(),
            names,
            plan,
            planning,
            ticks: Ticks::default(),
            picked: BTreeSet::new(),
            open_rows: BTreeSet::new(),
            closed_groups: BTreeSet::from([RowKind::Unchanged]),
            shown: BTreeMap::new(),
            filter: String::new(),
            reasons: BTreeMap::new(),
        };
        review.list();
        review
    }

    /// The review on this date at the company.
    #[must_use]
    pub fn on(self, today: Day) -> Self {
        Self { today: Some(today), ..self }
    }

    /// The date at the company.
    #[must_use]
    pub const fn today(&self) -> Option<Day> {
        self.today
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
        self.list();
        self.exodus = is_exodus(&self.plan, &Limits::of(&self.both().policy().rules));
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
                let most = self.shown.get(&kind).copied().unwrap_or(PER_GROUP);
                // A group that a filter was typed for opens: the find would be hidden otherwise.
                let open =
                    !self.closed_groups.contains(&kind) || (!self.filter.is_empty() && !matching.is_empty());
                let shown = |&(at, row): &(usize, &Arc<Row>)| at < most || self.landed(row);
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

    /// The rows of a kind that the filter and the chosen reason leave, those that need a look first and then by
    /// name.
    pub(super) fn matching(&self, kind: RowKind) -> &[Arc<Row>] {
        slot(kind).map_or(&[], |slot| &self.matching[slot])
    }

    /// Lists the rows of the plan as it is now.
    fn list(&mut self) {
        let place = |half| self.names.place(half);
        let listed = self.plan.rows.iter().map(|row| Listed {
            row: Arc::clone(row),
            places: [
                row.account.map(Subject::Account).and_then(place),
                row.contact.map(Subject::Contact).and_then(place),
            ],
        });
        self.listed = listed.collect();
        self.listed.sort_by_cached_key(|Listed { row, places: [account, contact] }| {
            (row.kind, !needs_look(row), account.or(*contact), row.key())
        });
        self.sift();
    }

    /// Finds the rows that the filter and the chosen reasons leave.
    fn sift(&mut self) {
        let fitting = (!self.filter.is_empty()).then(|| self.names.fitting(&self.filter));
        let fits = |places: [Option<usize>; 2]| {
            fitting
                .as_ref()
                .is_none_or(|fitting| places.into_iter().flatten().any(|place| fitting.has(place)))
        };
        for (place, kind) in KINDS.into_iter().enumerate() {
            let (rows, why) = (&mut self.matching[place], &mut self.why[place]);
            rows.clear();
            why.clear();
            let start = self.listed.partition_point(|listed| listed.row.kind < kind);
            let own = self.listed[start..].iter().take_while(|listed| listed.row.kind == kind);
            let chosen = self.reasons.get(&kind).copied();
            if chosen
                .is_some_and(|chosen| !own.clone().any(|listed| main_reason(&listed.row) == Some(chosen)))
            {
                // Its last row was answered: what else there is comes back.
                self.reasons.remove(&kind);
            }
            let chosen = self.reasons.get(&kind);
            for Listed { row, .. } in own.filter(|listed| fits(listed.places)) {
                let reason = main_reason(row);
                if let Some(reason) = reason {
                    match why.iter_mut().find(|(one, _)| *one == reason) {
                        Some((_, rows)) => *rows += 1,
                        None => why.push((reason, 1)),
                    }
                }
                if chosen.is_none_or(|chosen| reason == Some(*chosen)) {
                    rows.push(Arc::clone(row));
                }
            }
            why.sort_by_key(|&(_, rows)| std::cmp::Reverse(rows));
        }
    }

    /// Shows only rows with this in a name or an address.
    pub fn set_filter(&mut self, text: &str) {
        self.filter = normal::fold(text);
        self.shown.clear();
        self.sift();
    }

    /// Shows only the rows of a group that have this as their main reason, or all of them again.
    pub fn choose_reason(&mut self, kind: RowKind, reason: Option<Reason>) {
        match reason {
            Some(reason) => self.reasons.insert(kind, reason),
            None => self.reasons.remove(&kind),
        };
        self.shown.remove(&kind);
        self.sift();
    }

    /// The reason that was chosen in a group.
    #[must_use]
    pub fn chosen_reason(&self, kind: RowKind) -> Option<Reason> {
        self.reasons.get(&kind).copied()
    }

    /// The main reasons of a group's rows, with how many of those that the filter leaves have each.
    #[must_use]
    pub fn reasons_of(&self, kind: RowKind) -> &[(Reason, usize)] {
        slot(kind).map_or(&[], |slot| &self.why[slot])
    }

    /// Whether a filter is set, or a reason is chosen in this group.
    #[must_use]
    pub fn is_filtered(&self, kind: RowKind) -> bool {
        !self.filter.is_empty() || self.reasons.contains_key(&kind)
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

    /// Shows more rows of a group: the row that they come after, those rows, and how many are still hidden then.
    pub fn show_more(&mut self, kind: RowKind) -> (Option<Arc<Row>>, Vec<Arc<Row>>, usize) {
        let shown = self.shown.entry(kind).or_insert(PER_GROUP);
        let before = *shown;
        *shown += PER_GROUP;
        let rows = self.matching(kind);
        let ending = before.checked_sub(1).and_then(|place| rows.get(place)).cloned();
        let more = rows.iter().skip(before).take(PER_GROUP).cloned().collect();
        (ending, more, rows.len().saturating_sub(before + PER_GROUP))
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
        .unwrap_or_else(|| crate::text::SOMEBODY.to_string())
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
            self.picked.remove(&subject);
        }
        if let [(subject, _)] = decisions {
            self.landed.insert(*subject);
        }
        self.planning.decide_all(decisions.iter().copied());
        let before = self.plan_anew();

        // A contact's row is its own only while no account has it: whoever had it is another.
        let about_others = |row: &&Arc<Row>| row_subject(row).is_some_and(|subject| !own.contains(&subject));
        let question = |kind| matches!(kind, RowKind::NeedsDecision | RowKind::PsaOnly);
        // What a decision does not touch is not only equal afterwards, it is the same.
        let kept = same(&before.rows);
        let new = self.plan.rows.iter().filter(|row| !kept.contains(&Arc::as_ptr(row)));
        let after: HashMap<Subject, &Arc<Row>> =
            new.filter_map(|row| Some((row_subject(row)?, row))).collect();
        let kept = same(&self.plan.rows);
        let mut decided = Decided::default();
        for row in before.rows.iter().filter(|row| !kept.contains(&Arc::as_ptr(row))).filter(about_others) {
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
        let rows = self.matching(kind).to_vec();
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

fn same(rows: &[Arc<Row>]) -> HashSet<*const Row> {
    rows.iter().map(Arc::as_ptr).collect()
}

/// The place of a kind in [`KINDS`].
fn slot(kind: RowKind) -> Option<usize> {
    KINDS.iter().position(|&one| one == kind)
}

/// Whether a row is among the first of its group: something depends on it, or speaks against it.
fn needs_look(row: &Row) -> bool {
    row.kind.writes() && !row.approved_by_default() || namesake(row).is_some()
}

/// The reason that a row's line tells.
pub(super) fn main_reason(row: &Row) -> Option<Reason> {
    row.reasons.iter().rfind(|reason| **reason != Reason::ChangedSinceLeft).copied()
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
