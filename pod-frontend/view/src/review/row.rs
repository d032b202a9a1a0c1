//! One row of the review: a line, and behind it everything that speaks for and against it.

use maud::{Markup, html};
use reconcile::{Account, AccountId, Candidate, Contact, ContactId, Decision, Field, Prepared, Row, RowKind};

use super::{
    answers::{Answer, Ask, answers},
    many::{is_picked_by_hand, namesake},
    model::Review,
    search::Found,
};
use crate::{
    people::{account_hint, account_name, contact_hint, contact_name, row_name, row_subject},
    text,
};

/// How a row stands on screen. A row is drawn again only when this or the row changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Whether it is open.
    pub open: bool,
    /// Whether the member may decide and apply.
    pub may_decide: bool,
    /// Whether it waits because so many leave at once.
    pub held: bool,
}

/// The inside of a row's element.
#[must_use]
pub fn row(row: &Row, review: &Review, seen: Seen) -> Markup {
    let both = review.both();
    let name = row_name(row, both);
    let detail = row_subject(row).map(|subject| format!("detail-{subject}")).unwrap_or_default();
    html! {
        div.head {
            @if seen.may_decide && row.kind.writes() {
                input type="checkbox" data-check="apply" aria-label=(text::check(&name)) checked[review.is_ticked(row)];
            } @else if seen.may_decide && is_picked_by_hand(row.kind) {
                input type="checkbox" data-check="pick" aria-label=(text::pick(&name))
                    checked[review.is_picked(row)];
            } @else {
                span.gap {}
            }
            button.toggle type="button" data-action="toggle" aria-expanded=(seen.open) aria-controls=[seen.open.then_some(&detail)] {
                span.sign data-kind=(row.kind.code()) aria-hidden="true" { (text::sign(row.kind)) }
                span.name {
                    (name)
                    @if !row.protections.is_empty() { span.careful title=(text::CAREFUL) { "!" } }
                }
                span.line {
                    (line(row, both))
                    // Seen while the box is not ticked: the look decides, so that ticking redraws nothing.
                    @if let Some(why) = unticked(row, seen) { span.unticked { " · " (why) } }
                }
            }
        }
        @if seen.open {
            div.detail id=(detail) {
                (protections(row))
                (changes(row, both))
                (halves(row, review))
                (reasons(row, both))
                @if seen.may_decide { (decide(row, review)) }
                div.story aria-live="polite" {
                    button type="button" data-action="story" { (text::STORY) }
                }
            }
        }
    }
}

fn line(row: &Row, both: &Prepared) -> String {
    let namesake = namesake(row).and_then(|candidate| Some((candidate, both.account(candidate.id)?)));
    namesake.map_or_else(
        || text::line(row, both),
        |(candidate, account)| text::namesake(candidate, account.enabled).to_string(),
    )
}

/// Why the row's box is not ticked by itself, the reason that weighs most.
fn unticked(row: &Row, seen: Seen) -> Option<String> {
    if !seen.may_decide || !row.kind.writes() {
        None
    } else if !row.protections.is_empty() {
        Some(text::not_ticked(&row.protections))
    } else if row.was_undone() {
        Some(text::UNDONE.to_string())
    } else {
        seen.held.then(|| text::HELD.to_string())
    }
}

fn protections(row: &Row) -> Markup {
    html! {
        @if !row.protections.is_empty() {
            div.warning {
                strong { (text::CAREFUL) }
                @for &protection in &row.protections { p { (text::protection(protection)) } }
            }
        }
    }
}

fn changes(row: &Row, both: &Prepared) -> Markup {
    // Managers are changed by key and read by name.
    let shown = |field: Field, value: &str| match field {
        Field::Manager => both.contact_called(value).map_or_else(|| value.to_owned(), contact_name),
        _ => value.to_owned(),
    };
    html! {
        @if !row.changes.is_empty() {
            table.changes {
                caption { (text::CHANGES) }
                tbody {
                    @for change in &row.changes {
                        tr data-field=(change.field.code()) {
                            th scope="row" { (text::capitalised(text::field(change.field).words())) }
                            td {
                                @if row.kind != RowKind::Create {
                                    @match &change.old {
                                        Some(old) => del { (shown(change.field, old)) },
                                        None => span.muted { (text::EMPTY) },
                                    }
                                    span.arrow aria-label=(text::BECOMES) { " → " }
                                }
                                ins { (shown(change.field, &change.new)) }
                                @if change.shortened { span.muted { " (" (text::SHORTENED) ")" } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn halves(row: &Row, review: &Review) -> Markup {
    let both = review.both();
    let since = row.account.and_then(|id| review.missing_since(id));
    let account = row.account.and_then(|id| both.account(id));
    let contact = row.contact.and_then(|id| both.contact(id));
    html! {
        dl.halves {
            dt { (text::ACCOUNT) }
            dd {
                @match (account, row.account) {
                    (Some(account), _) => {
                        (account_name(account)) " " span.muted { (account_hint(account)) }
                        @if account.primary_address().is_some() { " " span.muted { "(" (account.logon_name) ")" } }
                    }
                    (None, Some(_)) => span.muted {
                        (text::ACCOUNT_GONE)
                        @if let Some(since) = since { ", " (text::since(since)) }
                    },
                    (None, None) => span.muted { (text::NO_ACCOUNT) },
                }
            }
            dt { (text::CONTACT) }
            dd {
                @match contact {
                    Some(contact) => { (contact_name(contact)) " " span.muted { (contact_hint(contact)) } }
                    None => span.muted { (text::NO_CONTACT_YET) },
                }
            }
        }
    }
}

fn reasons(row: &Row, both: &Prepared) -> Markup {
    let reasons: Vec<String> = row.reasons.iter().map(|&reason| text::reason(reason, both)).collect();
    let clues = text::clues(row.clues);
    html! {
        // A single reason stands in the row's line already, save where that names the fields instead.
        @if reasons.len() > 1 || !row.changes.is_empty() {
            p.why { span.muted { (text::WHY) ": " } (text::capitalised(&text::listed(&reasons))) "." }
        }
        @for one in &row.unplaced { p.why.muted { (text::unplaced(one)) } }
        @if !clues.is_empty() {
            p.why { span.muted { (text::IN_COMMON) ": " } (clues) "." }
        }
        @if row.account.is_some() && row.contact.is_some() && !row.contacts.is_empty() && !row.clues.is_empty() {
            p.why.muted { (text::CAME_SECOND) }
        }
    }
}

fn decide(row: &Row, review: &Review) -> Markup {
    let both = review.both();
    let (answers, ask) = answers(row, both);
    let take_back = review.decision_of(row).map(|(_, decision)| match decision {
        Decision::Left(_) => text::ASK_AGAIN,
        _ => text::UNDO,
    });
    html! {
        @if !row.contacts.is_empty() || !row.accounts.is_empty() {
            ul.candidates aria-label=(text::CANDIDATES) {
                @if let Some(account) = row.account {
                    @for candidate in &row.contacts { (contact_candidate(account, candidate, review)) }
                }
                @if let Some(contact) = row.contact {
                    @for candidate in &row.accounts { (account_candidate(contact, candidate, review)) }
                }
            }
        }
        div.answers role="group" aria-label=(text::ANSWERS) {
            @if let Some(words) = take_back { button type="button" data-action="undo" { (words) } }
            @for answer in &answers { (button(answer)) }
            @if answers.iter().any(|answer| answer.decision == Decision::Ignore) {
                label.until { (text::UNTIL) " " input type="date" data-until; }
                button type="button" data-action="today" { (text::NOT_TODAY) }
            }
        }
        @if let Some(ask) = ask {
            div.search {
                input type="search" data-search autocomplete="off" spellcheck="false"
                    placeholder=(search_words(ask)) aria-label=(search_words(ask));
                ul data-finds aria-live="polite" {}
            }
        }
    }
}

const fn search_words(ask: Ask) -> text::Text {
    match ask {
        Ask::Contact => text::SEARCH_CONTACTS,
        Ask::Account(_) => text::SEARCH_ACCOUNTS,
    }
}

fn button(answer: &Answer) -> Markup {
    html! { button type="button" data-action=(answer.reply.code()) { (answer.words) } }
}

fn contact_candidate(account: AccountId, candidate: &Candidate<ContactId>, review: &Review) -> Markup {
    let evidence = text::evidence(candidate);
    review
        .both()
        .contact(candidate.id)
        .map_or_else(Markup::default, |contact| contact_half(account, contact, review, Some(&evidence)))
}

fn account_candidate(contact: ContactId, candidate: &Candidate<AccountId>, review: &Review) -> Markup {
    let evidence = text::evidence(candidate);
    review
        .both()
        .account(candidate.id)
        .map_or_else(Markup::default, |account| account_half(contact, account, review, Some(&evidence)))
}

fn contact_half(account: AccountId, contact: &Contact, review: &Review, evidence: Option<&str>) -> Markup {
    half(&Half {
        pair: (account, contact.id),
        name: contact_name(contact),
        hint: contact_hint(contact),
        with: review.account_with(contact.id, account),
        evidence,
    })
}

fn account_half(contact: ContactId, account: &Account, review: &Review, evidence: Option<&str>) -> Markup {
    let exclusion = review.not_a_person(account.id).map(text::not_a_person);
    let hint: Vec<String> =
        [Some(account_hint(account)), exclusion.map(|why| why.to_string())].into_iter().flatten().collect();
    half(&Half {
        pair: (account.id, contact),
        name: account_name(account),
        hint: hint.join(" · "),
        with: review.contact_with(account.id, contact),
        evidence,
    })
}

/// An other half that a row may be given.
struct Half<'a> {
    pair: (AccountId, ContactId),
    name: String,
    hint: String,
    /// Whom the match would take it from.
    with: Option<String>,
    evidence: Option<&'a str>,
}

fn half(Half { pair: (account, contact), name, hint, with, evidence }: &Half<'_>) -> Markup {
    html! {
        li {
            div {
                strong { (name) } " " span.muted { (hint) }
                @if let Some(with) = with { " " span.taken { (text::now_with(with)) } }
                @if let Some(evidence) = evidence { span.evidence { (evidence) } }
            }
            button type="button" data-action="match" data-account=(account) data-contact=(contact)
                aria-label={ (text::MATCH) ": " (name) } { (text::MATCH) }
        }
    }
}

/// What a search in a row found: the inside of `[data-finds]`.
#[must_use]
pub fn finds(row: &Row, review: &Review, wanted: &str) -> Markup {
    const MOST: usize = 8;
    if wanted.trim().is_empty() {
        return html! {};
    }
    let ask = answers(row, review.both()).1;
    let (found, all): (Vec<Markup>, usize) = match (ask, row.account) {
        (Some(Ask::Contact), Some(account)) => {
            let Found { first, all } = review.find_contacts(wanted, MOST);
            (first.into_iter().map(|found| contact_half(account, found, review, None)).collect(), all)
        }
        (Some(Ask::Account(contact)), _) => {
            let Found { first, all } = review.find_accounts(wanted, MOST);
            (first.into_iter().map(|found| account_half(contact, found, review, None)).collect(), all)
        }
        _ => (Vec::new(), 0),
    };
    html! {
        @if found.is_empty() { li.muted { (text::NO_FINDS) } }
        @for one in &found { (one) }
        @if all > found.len() { li.muted { (text::some_of(found.len(), all)) } }
    }
}
