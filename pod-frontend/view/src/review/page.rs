//! What stands around the rows: the numbers, the groups' heads, the foot with the button.

use maud::{Markup, html};
use reconcile::RowKind;

use super::model::{Group, Review};
use crate::text;

/// The width of the bar, in the units of its drawing.
const BAR: u64 = 1000;

/// The frame: what is in it is filled and updated piece by piece.
#[must_use]
pub fn frame(review: &Review, company: &str, may_decide: bool) -> Markup {
    html! {
        div.scroll #review {
            header {
                h1 tabindex="-1" { (company) }
                @if !may_decide { p.note { (text::LOOK_ONLY) } }
            }
            @if review.is_stranger() { div.warning #stranger role="alert" { p { strong { (text::STRANGER) } } } }
            div #summary {}
            div.filter {
                input #filter type="search" autocomplete="off" spellcheck="false"
                    placeholder=(text::FILTER) aria-label=(text::FILTER) aria-keyshortcuts="/";
            }
            div #groups {}
            p #empty hidden {}
        }
        footer #foot {}
    }
}

/// The plan drawn to scale.
#[must_use]
pub fn bar(counts: &[(RowKind, usize)]) -> Markup {
    let all: u64 = counts.iter().map(|&(_, rows)| text::number(rows)).sum();
    let mut from = 0;
    let parts = counts.iter().map(|&(kind, rows)| {
        let start = from;
        from += text::number(rows);
        // From the running sum, so that rounding never leaves a gap.
        let (left, right) = (start * BAR / all.max(1), from * BAR / all.max(1));
        (kind, left, right - left)
    });
    html! {
        svg.bar role="img" aria-label=(text::bar(counts)) viewBox={ "0 0 " (BAR) " 10" } preserveAspectRatio="none" {
            @for (kind, left, width) in parts {
                rect data-kind=(kind.code()) x=(left) y="0" width=(width) height="10" {}
            }
        }
    }
}

/// The plan in numbers, drawn to scale; each number leads to its rows.
#[must_use]
pub fn summary(counts: &[(RowKind, usize)]) -> Markup {
    html! {
        (bar(counts))
        ul.numbers aria-label=(text::SUMMARY) {
            @for &(kind, rows) in counts {
                li {
                    button type="button" data-action="go" data-kind=(kind.code()) {
                        span.sign data-kind=(kind.code()) aria-hidden="true" { (text::sign(kind)) }
                        (text::group_count(kind, rows))
                    }
                }
            }
        }
    }
}

/// The head of a group.
#[must_use]
pub fn group_head(group: &Group, review: &Review, may_decide: bool) -> Markup {
    let count = if review.is_filtered(group.kind) {
        text::some_of(group.matching, group.all)
    } else {
        text::grouped(text::number(group.all))
    };
    html! {
        @if may_decide && group.kind.writes() {
            input type="checkbox" data-check="group" aria-label=(text::check_group(group.kind));
        } @else {
            span.gap {}
        }
        h2 {
            button.toggle type="button" data-action="toggle-group" aria-expanded=(group.open) {
                (text::group(group.kind)) " " span.count data-count=(group.all) { (count) }
            }
        }
        @if group.open && group.all > 0 { (reasons(group, review)) }
        @if may_decide && group.open && group.matching > 0 { (many(group.kind, review)) }
    }
}

/// The reasons of a large group, each of which leaves only its own rows when it is pressed.
fn reasons(group: &Group, review: &Review) -> Markup {
    const FEW: usize = 5;
    let reasons = review.reasons_of(group.kind);
    let chosen = review.chosen_reason(group.kind);
    // A reason of a single row narrows nothing that its own line does not show.
    let frequent = reasons.iter().filter(|(_, rows)| *rows > 1).count();
    html! {
        @if chosen.is_some() || (reasons.len() > 1 && frequent > 0 && group.all >= FEW) {
            div.reasons role="group" aria-label=(text::REASONS) {
                @for (at, &(reason, rows)) in reasons.iter().enumerate() {
                    @if at < frequent.max(1) || chosen == Some(reason) {
                    button type="button" data-action="reason" data-reason=(at)
                        aria-pressed=(if chosen == Some(reason) { "true" } else { "false" })
                    {
                        (text::capitalised(&text::reason(reason, review.both())))
                        " " span.count { (text::grouped(text::number(rows))) }
                    }
                    }
                }
            }
        }
    }
}

/// The answers for many rows, and how many they leave out.
fn many(kind: RowKind, review: &Review) -> Markup {
    let picked = review.picked_in(kind);
    let look = text::needs_look(review.namesakes()).filter(|_| kind == RowKind::PsaOnly && picked == 0);
    let offers = review.bulk_offers(kind);
    html! {
        @if look.is_some() || !offers.is_empty() {
            div.many {
                @for (reply, rows) in offers {
                    button type="button" data-action={ (reply.code()) "-all" } {
                        (text::answer_many(reply, picked, rows))
                    }
                }
                @if let Some(look) = look { span.open { (look) } }
            }
        }
    }
}

/// What a group is about, and the button for its hidden rows.
#[must_use]
pub fn group_note(group: &Group) -> (text::Text, Option<String>) {
    let hidden = group.open && group.rows.len() < group.matching;
    (text::group_note(group.kind), hidden.then(|| text::show_more(group.matching - group.rows.len())))
}

/// The foot: what would be written, and the button that does it.
#[must_use]
pub fn footer(review: &Review, company: &str, may_decide: bool) -> Markup {
    let counts = review.ticked_counts();
    let rows = counts.iter().map(|(_, rows)| rows).sum::<usize>();
    let undecided = review.plan().count(RowKind::PsaOnly);
    let nothing = review.plan().writing().next().is_none() && review.questions() == 0;
    html! {
        @if may_decide {
            button.primary #apply type="button" data-action="apply" aria-keyshortcuts="a" aria-describedby="sum"
                disabled[rows == 0] { (text::apply(rows)) }
        }
        button #back type="button" data-action="back" { (text::BACK) }
        p.sum #sum {
            @if nothing { (text::nothing_to_apply(undecided)) }
            @else if may_decide { (text::apply_sentence(&counts, company)) }
            @if let Some(open) = text::open_questions(review.questions()) { " " span.open { (open) } }
            @if may_decide && let Some(look) = text::needs_look(review.to_look_at()) {
                " " span.open { (look) "." }
            }
        }
        button #keys type="button" data-action="help" aria-keyshortcuts="?" title=(text::KEYS) aria-label=(text::KEYS) { "?" }
    }
}

/// The keys, and whether they are heard: the inside of `#help`.
#[must_use]
pub fn help(on: bool) -> Markup {
    html! {
        h2 #help-title { (text::KEYS) }
        dl.keys {
            @for (keys, what) in text::KEY_LIST {
                dt { @for key in keys { kbd { (key) } " " } }
                dd { (what) }
            }
        }
        label.choice {
            input type="checkbox" data-check="keys" checked[on];
            span { (text::KEYS_ON) }
        }
        button.primary type="button" data-action="close-help" { (text::CLOSE) }
    }
}
