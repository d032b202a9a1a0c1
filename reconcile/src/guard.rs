//! The guard: what an unattended run may not do without a person. Sized for small companies;
//! `docs/guard.md` has its figures as a table.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::{AccountId, Field, Plan, Reason, Row, RowKey, RowKind, Rule};

/// The figures of the guard, each of which a company may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Deactivations in one run: this many whatever the size of the company.
    pub deactivations: usize,
    /// Or this part of the linked contacts, in percent.
    pub deactivations_percent: usize,
    /// And never more than this.
    pub most_deactivations: usize,
    /// Deactivations in seven days, this run included, whatever the size.
    pub in_seven_days: usize,
    /// Or this part of the linked contacts, in percent.
    pub in_seven_days_percent: usize,
    /// Creations and reactivations together, whatever the size.
    pub additions: usize,
    /// Or this part of the linked contacts, in percent.
    pub additions_percent: usize,
    /// Contacts in which one field changes, whatever the size.
    pub same_field: usize,
    /// Or this part of the linked contacts, in percent.
    pub same_field_percent: usize,
    /// A missing account counts when two complete reads at least this far apart lacked it, in seconds.
    pub missing_for_seconds: i64,
}

/// A figure that a rule may set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Deactivations in one run.
    Deactivations,
    /// Deactivations in seven days.
    InSevenDays,
    /// Creations and reactivations together.
    Additions,
    /// Contacts in which one field changes.
    SameField,
}

impl Figure {
    /// All of them, with what a rule calls them.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Deactivations, "deactivations"),
        (Self::InSevenDays, "deactivations in seven days"),
        (Self::Additions, "additions"),
        (Self::SameField, "changes of one field"),
    ];
}

impl Limits {
    /// Those in force by these rules: of two that set one figure the first counts.
    #[must_use]
    pub fn of(rules: &[Rule]) -> Self {
        let mut limits = Self::default();
        for rule in rules.iter().rev() {
            match *rule {
                Rule::AtMost(figure, count, percent) => limits.set(figure, count.into(), percent.into()),
                Rule::MissingFor(hours) => limits.missing_for_seconds = i64::from(hours) * 3600,
                _ => {}
            }
        }
        limits
    }

    /// The rules that set each of these figures.
    #[must_use]
    pub fn rules(&self) -> Vec<Rule> {
        let figures = Figure::ALL.map(|(figure, _)| {
            let (count, percent) = match figure {
                Figure::Deactivations => (self.deactivations, self.deactivations_percent),
                Figure::InSevenDays => (self.in_seven_days, self.in_seven_days_percent),
                Figure::Additions => (self.additions, self.additions_percent),
                Figure::SameField => (self.same_field, self.same_field_percent),
            };
            let count = u16::try_from(count).unwrap_or(u16::MAX);
            Rule::AtMost(figure, count, u8::try_from(percent).unwrap_or(100))
        });
        let hours = u8::try_from(self.missing_for_seconds / 3600).unwrap_or(u8::MAX);
        figures.into_iter().chain([Rule::MissingFor(hours)]).collect()
    }

    fn set(&mut self, figure: Figure, count: usize, percent: usize) {
        let (of_count, of_percent) = match figure {
            Figure::Deactivations => {
                // What somebody wrote is not cut down by a figure that they did not write.
                self.most_deactivations = Self::default().most_deactivations.max(count);
                (&mut self.deactivations, &mut self.deactivations_percent)
            }
            Figure::InSevenDays => (&mut self.in_seven_days, &mut self.in_seven_days_percent),
            Figure::Additions => (&mut self.additions, &mut self.additions_percent),
            Figure::SameField => (&mut self.same_field, &mut self.same_field_percent),
        };
        (*of_count, *of_percent) = (count, percent);
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            deactivations: 2,
            deactivations_percent: 10,
            most_deactivations: 50,
            in_seven_days: 3,
            in_seven_days_percent: 20,
            additions: 10,
            additions_percent: 25,
            same_field: 3,
            same_field_percent: 25,
            missing_for_seconds: 6 * 3600,
        }
    }
}

/// What the guard has to know of the company beside the plan. Times are in seconds since 1970.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// Contacts that were linked and active when the run began.
    pub linked: usize,
    /// Contacts that the last seven days' runs deactivated.
    pub deactivated_in_seven_days: usize,
    /// No run of the company was ever reviewed.
    pub never_reviewed: bool,
    /// Source, scope or mapping are other than at the last good run.
    pub scope_changed: bool,
    /// When a complete read first lacked each account that is missing.
    pub missing_since: HashMap<AccountId, i64>,
    /// When the directory was read for this plan.
    pub read_at: i64,
}

/// Why a row waits for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// The first run of a company is always reviewed.
    FirstRun,
    /// Source, scope or mapping changed: who is gone may only be out of sight.
    ScopeChanged,
    /// What was written of the account was undone, and the account has changed since.
    ChangedSinceLeft,
    /// The account is missing since too short a time.
    JustMissing,
    /// Something in the PSA depends on the contact.
    Protected,
    /// It would be more deactivations than one run may make.
    ManyDeactivations,
    /// It would be more deactivations than seven days may bring.
    ManyInSevenDays,
    /// It would be more than half of the linked contacts.
    MoreThanHalf,
    /// It would be more creations and reactivations than one run may make.
    ManyAdditions,
    /// One field would change in more contacts than one run may change it in.
    SameField(Field),
}

impl Limits {
    /// How many deactivations one run may make of `linked` contacts.
    #[must_use]
    pub fn deactivations_of(&self, linked: usize) -> usize {
        let some = self.deactivations.max(percent(linked, self.deactivations_percent));
        some.min(self.most_deactivations).min(linked / 2)
    }

    /// How many deactivations seven days may bring to a company that had `linked` contacts.
    #[must_use]
    pub fn in_seven_days_of(&self, linked: usize) -> usize {
        self.in_seven_days.max(percent(linked, self.in_seven_days_percent)).min(linked / 2)
    }

    /// How many creations and reactivations one run may make.
    #[must_use]
    pub fn additions_of(&self, linked: usize) -> usize {
        self.additions.max(percent(linked, self.additions_percent))
    }

    /// In how many contacts one run may change one field.
    #[must_use]
    pub fn same_field_of(&self, linked: usize) -> usize {
        self.same_field.max(percent(linked, self.same_field_percent))
    }
}

const fn percent(of: usize, percent: usize) -> usize {
    of * percent / 100
}

/// The rows of an unattended run that wait for a person, each with the reason that weighs most. All
/// other rows that write may go ahead. Where there would be too many of a kind, all of them wait: which
/// of them is right is what a person has to say.
#[must_use]
pub fn holds(plan: &Plan, past: &Past, limits: &Limits) -> BTreeMap<RowKey, Hold> {
    let mut held = BTreeMap::new();
    let mut keep = |rows: &mut dyn Iterator<Item = &Row>, why: Hold| {
        for row in rows {
            held.entry(row.key()).or_insert(why);
        }
    };
    let rows = || plan.writing().map(AsRef::as_ref);
    let of = |kinds: &'static [RowKind]| rows().filter(move |row: &&Row| kinds.contains(&row.kind));
    if past.never_reviewed {
        keep(&mut rows(), Hold::FirstRun);
        return held;
    }
    keep(&mut rows().filter(|row| row.was_undone()), Hold::ChangedSinceLeft);
    let leaving: Vec<&Row> = of(&[RowKind::Deactivate]).collect();
    if past.scope_changed {
        keep(&mut leaving.iter().copied(), Hold::ScopeChanged);
    }
    keep(&mut leaving.iter().copied().filter(|row| !row.protections.is_empty()), Hold::Protected);
    keep(&mut leaving.iter().copied().filter(|row| just_missing(row, past, limits)), Hold::JustMissing);
    let this_week = past.deactivated_in_seven_days + leaving.len();
    let before = past.linked + past.deactivated_in_seven_days;
    let too_many = if leaving.len() > past.linked / 2 {
        Some(Hold::MoreThanHalf)
    } else if leaving.len() > limits.deactivations_of(past.linked) {
        Some(Hold::ManyDeactivations)
    } else if this_week > limits.in_seven_days_of(before) {
        Some(Hold::ManyInSevenDays)
    } else {
        None
    };
    if let Some(why) = too_many {
        keep(&mut leaving.iter().copied(), why);
    }
    let coming = || of(&[RowKind::Create, RowKind::Reactivate]);
    if coming().count() > limits.additions_of(past.linked) {
        keep(&mut coming(), Hold::ManyAdditions);
    }
    for field in Field::ALL {
        let changing = || {
            of(&[RowKind::Update, RowKind::Reactivate])
                .filter(move |row| row.changes.iter().any(|change| change.field == field))
        };
        if changing().count() > limits.same_field_of(past.linked) {
            keep(&mut changing(), Hold::SameField(field));
        }
    }
    held
}

/// So many deactivations can be looked at one by one.
const FEW: usize = 5;

/// Whether a review would deactivate so many that a person has to say so: more than an unattended run
/// might, and more than a few. What a person asked for does not count.
#[must_use]
pub fn is_exodus(plan: &Plan, limits: &Limits) -> bool {
    let stays = |row: &Row| {
        let at_work = row.reasons.first() == Some(&Reason::Linked) && row.reasons.len() == 1;
        matches!(row.kind, RowKind::Update | RowKind::Link) || row.kind == RowKind::Unchanged && at_work
    };
    let leaving = plan.rows.iter().filter(|row| row.leaves_unasked()).count();
    let linked = leaving + plan.rows.iter().filter(|row| stays(row)).count();
    leaving > limits.deactivations_of(linked).max(FEW)
}

/// The account is missing, and not for long enough. One that nobody knows the time of is just missing.
fn just_missing(row: &Row, past: &Past, limits: &Limits) -> bool {
    let since = row.account.and_then(|account| past.missing_since.get(&account));
    row.reasons.contains(&Reason::AccountMissing)
        && since.is_none_or(|since| past.read_at.saturating_sub(*since) < limits.missing_for_seconds)
}
