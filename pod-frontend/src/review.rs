//! The review on the screen. Rows are drawn once and then only when they change, so that the
//! keyboard, what is typed and what is read aloud stay where they are.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use pod_view::{
    people::row_subject,
    review::{self, Decided, Group, Review, Seen},
    text,
};
use reconcile::{Decision, Row, RowKind, Subject};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use crate::{
    decisions::Changes,
    dom,
    focus::Focus,
    list::{Placing, last_row},
    pod::{Pod, Screen},
};

/// Beyond that many drawn rows those that are not shown are forgotten.
const KEPT: usize = 1000;

/// A review with what is drawn of it.
#[derive(Debug)]
pub(crate) struct ReviewScreen {
    pub(crate) review: Review,
    company: String,
    may_decide: bool,
    summary: String,
    foot: String,
    groups: HashMap<RowKind, DrawnGroup>,
    rows: HashMap<Subject, DrawnRow>,
    /// What stood before the last click's decisions.
    pub(crate) before_last: Changes,
}

#[derive(Debug)]
struct DrawnGroup {
    section: Element,
    head: Element,
    note: Element,
    list: Element,
    more: Element,
    drawn_head: String,
}

#[derive(Debug)]
struct DrawnRow {
    element: Element,
    row: Arc<Row>,
    seen: Seen,
    /// What an open row says of its candidates depends on other rows.
    taken: Vec<Option<String>>,
    checked: bool,
}

impl Pod {
    pub(crate) fn show_review(&self, review: Review) {
        let ticks = self.with(|inner| {
            inner.turn_to(Screen::Plain);
            std::mem::take(&mut inner.ticks)
        });
        let mut review = review.with_ticks(ticks.unwrap_or_default());
        let unsaved: Changes =
            self.with(|inner| inner.unsaved.clone()).unwrap_or_default().into_iter().collect();
        if !unsaved.is_empty() {
            // Decided here before; the service could not take it yet.
            review.decide(&unsaved);
        }
        let screen = ReviewScreen {
            review,
            company: self.company(),
            may_decide: self.may_decide(),
            summary: String::new(),
            foot: String::new(),
            groups: HashMap::new(),
            rows: HashMap::new(),
            before_last: Vec::new(),
        };
        self.with(|inner| {
            inner.reading = None;
            inner.turn_to(Screen::Review(Box::new(screen)));
        });
        self.draw_review();
        self.save();
    }

    /// Draws the review from nothing, as after another screen.
    pub(crate) fn draw_review(&self) {
        let frame = self.with(|inner| {
            inner.review().map(|screen| review::frame(&screen.review, &screen.company, screen.may_decide))
        });
        let Some(Some(frame)) = frame else { return };
        dom::show("review", frame);
        self.with(|inner| {
            let Some(screen) = inner.review() else { return };
            screen.groups.clear();
            screen.rows.clear();
            screen.summary.clear();
            screen.foot.clear();
            screen.draw();
        });
    }
}

impl ReviewScreen {
    /// Makes decisions, remembers what stood before them, and draws what that changed.
    pub(crate) fn change(&mut self, changes: &[(Subject, Option<Decision>)]) -> Decided {
        self.before_last =
            changes.iter().map(|&(subject, _)| (subject, self.review.standing(subject))).collect();
        let decided = self.review.decide(changes);
        self.draw();
        decided
    }

    pub(crate) fn draw(&mut self) {
        if let Some(summary) = dom::find("#summary") {
            dom::fill(&summary, review::summary(&self.review.counts()), &mut self.summary);
        }
        self.draw_list();
        self.draw_foot();
    }

    /// Draws the groups and rows: all that a filter changes.
    pub(crate) fn draw_list(&mut self) {
        let focus = Focus::hold();
        let groups = self.review.groups();
        self.draw_groups(&groups);
        Self::draw_empty(&groups);
        if let Some(focus) = focus {
            focus.restore();
        }
    }

    /// Shows more rows of a group whose end comes into sight.
    pub(crate) fn scrolled(&mut self) {
        let Some(list) = dom::find("#review") else { return };
        let seen = list.get_bounding_client_rect();
        let near = |drawn: &DrawnGroup| {
            let more = drawn.more.get_bounding_client_rect();
            more.height() > 0.0 && more.top() < seen.bottom() + seen.height() && more.bottom() > seen.top()
        };
        let kinds: Vec<RowKind> =
            self.groups.iter().filter(|(_, drawn)| near(drawn)).map(|(kind, _)| *kind).collect();
        for kind in kinds {
            self.extend(kind);
        }
    }

    /// Shows more rows of a group, and draws only those: what else stands on the screen stays as it is.
    pub(crate) fn extend(&mut self, kind: RowKind) {
        let (ending, more, hidden) = self.review.show_more(kind);
        let Some(drawn) = self.groups.get(&kind) else { return };
        let list = drawn.list.clone();
        let words = (hidden > 0).then(|| text::show_more(hidden));
        drawn.more.set_text_content(words.as_deref());
        // A row that is shown out of turn stands after these.
        let in_order = ending.and_then(|row| row_subject(&row)).is_none_or(|subject| {
            let drawn = self.rows.get(&subject).map(|drawn| &drawn.element);
            drawn.is_some_and(|element| last_row(&list).as_ref() == Some(element))
        });
        if !in_order {
            self.draw_list();
            return;
        }
        let mut placing = Placing::after_all(&list);
        for row in &more {
            self.draw_row(row, &mut placing);
        }
    }

    fn draw_foot(&mut self) {
        if let Some(foot) = dom::find("#foot") {
            dom::fill(&foot, review::footer(&self.review, &self.company, self.may_decide), &mut self.foot);
        }
    }

    fn draw_empty(groups: &[Group]) {
        let Some(empty) = dom::find("#empty") else { return };
        let nothing = groups.iter().all(|group| group.matching == 0);
        let why = if groups.is_empty() { text::NOBODY } else { text::FILTER_EMPTY };
        empty.set_text_content(Some(why.words()));
        let hidden =
            if nothing { empty.remove_attribute("hidden") } else { empty.set_attribute("hidden", "") };
        hidden.expect("hidden is the name of an attribute");
    }

    fn draw_groups(&mut self, groups: &[Group]) {
        let Some(all) = dom::find("#groups") else { return };
        // What is not shown goes first: then the rest is already in order, save what moved.
        let shown: HashSet<Subject> =
            groups.iter().flat_map(|group| &group.rows).filter_map(|row| row_subject(row)).collect();
        let many = self.rows.len() > KEPT;
        self.rows.retain(|subject, drawn| {
            let stays = shown.contains(subject);
            if !stays {
                drawn.element.remove();
            }
            // Kept aside it comes back sooner, as when a letter of the filter is taken back.
            stays || !many
        });
        let kinds: HashSet<RowKind> =
            groups.iter().filter(|group| group.matching > 0).map(|group| group.kind).collect();
        self.groups.retain(|kind, drawn| {
            let stays = kinds.contains(kind);
            if !stays {
                drawn.section.remove();
            }
            stays
        });
        let mut next = all.first_element_child();
        for group in groups.iter().filter(|group| group.matching > 0) {
            let drawn = self.groups.entry(group.kind).or_insert_with(|| DrawnGroup::new(group.kind));
            dom::place(&all, &drawn.section, &mut next);
            drawn.draw(group, &self.review, self.may_decide);
            let list = drawn.list.clone();
            let mut placing = Placing::anew(&list);
            for row in &group.rows {
                self.draw_row(row, &mut placing);
            }
            placing.end();
        }
    }

    fn draw_row(&mut self, row: &Arc<Row>, placing: &mut Placing<'_>) {
        let Some(subject) = row_subject(row) else { return };
        let (open, held) = (self.review.row_is_open(subject), self.review.is_held(row));
        let seen = Seen { open, may_decide: self.may_decide, held };
        let checked = if review::is_picked_by_hand(row.kind) {
            self.review.is_picked(row)
        } else {
            self.review.is_ticked(row)
        };
        let taken = if seen.open { self.review.taken(row) } else { Vec::new() };
        let fresh = || {
            let element = dom::create("div");
            dom::set(&element, "role", "listitem");
            dom::set(&element, "data-row", &subject.to_string());
            fill_row(&element, row, &self.review, seen);
            DrawnRow { element, row: Arc::clone(row), seen, taken: taken.clone(), checked }
        };
        let drawn = self.rows.entry(subject).or_insert_with(fresh);
        if drawn.seen != seen || drawn.row != *row || drawn.taken != taken {
            fill_row(&drawn.element, row, &self.review, seen);
            (drawn.row, drawn.seen, drawn.taken) = (Arc::clone(row), seen, taken);
        } else if drawn.checked != checked
            && let Some(tick) = dom::find_in(&drawn.element, "[data-check]")
        {
            check(&tick, checked, false);
        }
        drawn.checked = checked;
        placing.put(&drawn.element);
    }
}

impl DrawnGroup {
    fn new(kind: RowKind) -> Self {
        let section = dom::create("section");
        dom::set(&section, "data-group", kind.code());
        let [head, note, list, more] = ["div", "p", "div", "button"].map(|tag| {
            let part = dom::create(tag);
            section.append_child(&part).expect("a section takes parts");
            part
        });
        dom::set(&head, "class", "group-head");
        dom::set(&note, "class", "note");
        dom::set(&list, "role", "list");
        dom::set(&more, "class", "more");
        dom::set(&more, "type", "button");
        dom::set(&more, "data-action", "show-more");
        Self { section, head, note, list, more, drawn_head: String::new() }
    }

    fn draw(&mut self, group: &Group, review: &Review, may_decide: bool) {
        dom::fill(&self.head, review::group_head(group, review, may_decide), &mut self.drawn_head);
        if let Some(tick) = dom::find_in(&self.head, "[data-check=group]") {
            let (ticked, all) = review.ticked_in(group.kind);
            check(&tick, ticked == all, ticked > 0 && ticked < all);
        }
        let (note, more) = review::group_note(group);
        self.note.set_text_content(group.open.then(|| note.words()));
        self.more.set_text_content(more.as_deref());
    }
}

fn fill_row(element: &Element, row: &Row, review: &Review, seen: Seen) {
    element.set_inner_html(&review::row(row, review, seen).into_string());
    dom::set(element, "data-kind", row.kind.code());
    for (name, value) in [
        ("data-account", row.account.map(|id| id.to_string())),
        ("data-contact", row.contact.map(|id| id.to_string())),
    ] {
        match value {
            Some(value) => dom::set(element, name, &value),
            None => element.remove_attribute(name).expect("it is the name of an attribute"),
        }
    }
}

fn check(tick: &Element, checked: bool, some: bool) {
    if let Some(tick) = tick.dyn_ref::<HtmlInputElement>() {
        tick.set_checked(checked);
        tick.set_indeterminate(some);
    }
}
