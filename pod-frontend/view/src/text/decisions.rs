//! Words for decisions: what one did, and the buttons for many.

use reconcile::{Decision, Lesson, RowKind, Rule};

use super::{Text, count, grouped, listed, now, number};
use crate::review::{Decided, Many};

/// What a decision did. `left` is the name of the account in [`Decided::left`].
#[must_use]
pub fn decided(name: &str, decision: Option<Decision>, did: Decided, left: &str) -> String {
    let what = match decision {
        Some(Decision::Match(_)) => "matched",
        Some(Decision::Create) => "a new contact",
        Some(Decision::Ignore) => "left alone from now on",
        Some(Decision::IgnoreUntil(_)) => "left alone for a while",
        Some(Decision::Person) => "a person",
        Some(Decision::NotAPerson) => "not a person",
        Some(Decision::Deactivate) => "to be deactivated",
        Some(Decision::Move) => "its contact comes here",
        Some(Decision::Left(_)) => "left as it is until the account changes",
        None => "decision taken back",
    };
    let lost = match did.left {
        Some((_, RowKind::Create)) => format!(" {left} now has no contact, so a new one would be created."),
        Some((_, kind)) => format!(" {left} now has no contact: {}.", now(kind)),
        None => String::new(),
    };
    let part = |verb: &str, rows: usize| {
        let rows = (rows > 0).then(|| count(number(rows), "other row", "other rows"))?;
        Some(format!("{verb} {rows}"))
    };
    let also: Vec<String> =
        part("settled", did.settled).into_iter().chain(part("changed", did.changed)).collect();
    let also = if also.is_empty() { String::new() } else { format!(" That also {}.", listed(&also)) };
    format!("{name}: {what}.{lost}{also}")
}

/// A rule that a match teaches, and what it would settle.
#[must_use]
pub fn lesson(lesson: &Lesson) -> String {
    let rows = count(number(lesson.settles), "other question", "other questions");
    format!("As a rule, \u{201c}{}\u{201d} would settle {rows}.", lesson.rule)
}

/// Makes it a rule.
pub const TEACH: Text = Text(["Make it a rule", "Make it a rule"]);

/// A rule was added.
#[must_use]
pub fn learned(rule: &Rule, settled: usize) -> String {
    let rows = count(number(settled), "question", "questions");
    format!("\u{201c}{rule}\u{201d} is a rule of this company now: it settled {rows}.")
}

/// What a decision to deactivate many did.
#[must_use]
pub fn deactivated_many(many: Many) -> String {
    let contacts = count(number(many.ticked), "contact", "contacts");
    match needs_look(many.to_look_at) {
        None => format!("{contacts} to be deactivated when you apply."),
        Some(look) => {
            let stays = if many.to_look_at == 1 { "stays" } else { "stay" };
            format!("{contacts} to be deactivated when you apply; {look} and {stays} unticked.")
        }
    }
}

/// What an answer to many rows did.
#[must_use]
pub fn decided_many(action: &str, rows: usize, many: Many) -> String {
    let accounts = || count(number(rows), "account", "accounts");
    match action {
        "deactivate" => deactivated_many(many),
        "keep" => format!("{} kept.", count(number(rows), "contact", "contacts")),
        "create" => format!("{} to be created when you apply.", count(number(rows), "contact", "contacts")),
        "person" => format!("{} taken as people.", accounts()),
        "nobody" => format!("{} taken as nobody's.", accounts()),
        _ => format!("{} left alone from now on.", accounts()),
    }
}

/// Decisions of one click were taken back together.
#[must_use]
pub fn taken_back(decisions: usize) -> String {
    format!("{} taken back.", count(number(decisions), "decision", "decisions"))
}

/// "1 needs a look", for rows that nothing is done to unseen.
#[must_use]
pub fn needs_look(rows: usize) -> Option<String> {
    (rows > 0).then(|| count(number(rows), "needs a look", "need a look"))
}

/// A button that answers many rows: all that are shown, or the picked ones.
#[must_use]
pub fn answer_many(action: &str, picked: usize, rows: usize) -> String {
    let which = match (picked, rows) {
        (0, 1) => "it".to_owned(),
        (0, rows) => format!("all {}", grouped(number(rows))),
        (_, rows) => grouped(number(rows)),
    };
    match action {
        "keep" => format!("Keep {which}"),
        "deactivate" => format!("Deactivate {which}"),
        "create" => format!("Create {which}"),
        "person" => format!("Take {which} as people"),
        "nobody" => format!("Take {which} as nobody's"),
        _ => format!("Leave {which} alone"),
    }
}

#[cfg(test)]
mod tests {
    use reconcile::{AccountId, ContactId, Subject};

    use super::*;

    #[test]
    fn a_decision_says_what_else_it_did() {
        let did = Decided { settled: 2, ..Decided::default() };
        assert_eq!(
            decided("Ann", Some(Decision::Create), did, ""),
            "Ann: a new contact. That also settled 2 other rows."
        );
        let james = Subject::Account(AccountId::from_ldap_bytes([1; 16]));
        let did = Decided { left: Some((james, RowKind::Create)), ..Decided::default() };
        assert_eq!(
            decided("Ann", Some(Decision::Match(ContactId(7))), did, "James Mills"),
            "Ann: matched. James Mills now has no contact, so a new one would be created."
        );
    }

    #[test]
    fn many_are_counted_as_what_becomes_of_them() {
        assert_eq!(
            deactivated_many(Many { ticked: 3, to_look_at: 1 }),
            "3 contacts to be deactivated when you apply; 1 needs a look and stays unticked."
        );
        assert_eq!(
            deactivated_many(Many { ticked: 1, to_look_at: 0 }),
            "1 contact to be deactivated when you apply."
        );
        assert_eq!(taken_back(4), "4 decisions taken back.");
        assert_eq!(answer_many("keep", 0, 1), "Keep it");
        assert_eq!(answer_many("deactivate", 0, 97), "Deactivate all 97");
        assert_eq!(answer_many("ignore", 3, 3), "Leave 3 alone");
    }
}
