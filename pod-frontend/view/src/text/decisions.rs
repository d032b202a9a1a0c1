//! Words for decisions: what one did, and the buttons for many.

use reconcile::{Decision, Lesson, RowKind, Rule};

use super::{Language, Text, count, day, grouped, language, listed, now, number, say};
use crate::review::{Decided, Many, Reply};

/// What a decision did. `left` is the name of the account in [`Decided::left`].
#[must_use]
pub fn decided(name: &str, decision: Option<Decision>, did: Decided, left: &str) -> String {
    let what = match decision {
        Some(Decision::Match(_)) => Text(["matched", "zugeordnet"]).words(),
        Some(Decision::Create) => Text(["a new contact", "neuer Kontakt"]).words(),
        Some(Decision::Ignore) => Text(["left alone from now on", "bleibt von jetzt an so"]).words(),
        Some(Decision::Person) => Text(["a person", "eine Person"]).words(),
        Some(Decision::NotAPerson) => Text(["not a person", "keine Person"]).words(),
        Some(Decision::Deactivate) => Text(["to be deactivated", "wird deaktiviert"]).words(),
        Some(Decision::Move) => Text(["its contact comes here", "der Kontakt kommt hierher"]).words(),
        Some(Decision::Left(_)) => {
            Text(["left as it is until the account changes", "bleibt so, bis sich das Konto ändert"]).words()
        }
        None => Text(["decision taken back", "Entscheidung rückgängig gemacht"]).words(),
        Some(Decision::IgnoreUntil(last)) => &{
            let last = day(&last.to_string());
            say!("left alone until {last}", "bleibt so bis zum {last}")
        },
    };
    let lost = match did.left {
        Some((_, RowKind::Create)) => say!(
            " {left} now has no contact, so a new one would be created.",
            " {left} hat jetzt keinen Kontakt mehr, also würde ein neuer angelegt."
        ),
        Some((_, kind)) => {
            let now = now(kind);
            say!(" {left} now has no contact: {now}.", " {left} hat jetzt keinen Kontakt mehr: {now}.")
        }
        None => String::new(),
    };
    let also: Vec<String> =
        [(Text(["settled", "erledigt"]), did.settled), (Text(["changed", "geändert"]), did.changed)]
            .into_iter()
            .filter(|(_, rows)| *rows > 0)
            .map(|(verb, rows)| match language() {
                Language::English => format!("{verb} {}", count(number(rows), "other row", "other rows")),
                Language::German => {
                    format!("{} {verb}", count(number(rows), "weitere Zeile", "weitere Zeilen"))
                }
            })
            .collect();
    let also = if also.is_empty() {
        String::new()
    } else {
        let also = listed(&also);
        say!(" That also {also}.", " Das hat auch {also}.")
    };
    format!("{name}: {what}.{lost}{also}")
}

/// A rule that a match teaches, and what it would settle.
#[must_use]
pub fn lesson(lesson: &Lesson) -> String {
    let Lesson { rule, settles } = lesson;
    let settles = number(*settles);
    match language() {
        Language::English => {
            let rows = count(settles, "other question", "other questions");
            format!("As a rule, \u{201c}{rule}\u{201d} would settle {rows}.")
        }
        Language::German => {
            let rows = count(settles, "weitere Frage", "weitere Fragen");
            format!("Als Regel würde „{rule}“ {rows} beantworten.")
        }
    }
}

/// Makes it a rule.
pub const TEACH: Text = Text(["Make it a rule", "Zur Regel machen"]);

/// A rule was added.
#[must_use]
pub fn learned(rule: &Rule, settled: usize) -> String {
    let settled = number(settled);
    match language() {
        Language::English => {
            let rows = count(settled, "question", "questions");
            format!("\u{201c}{rule}\u{201d} is a rule of this company now: it settled {rows}.")
        }
        Language::German => {
            let rows = count(settled, "Frage", "Fragen");
            format!("„{rule}“ ist jetzt eine Regel dieser Firma: Sie hat {rows} beantwortet.")
        }
    }
}

/// What a decision to deactivate many did.
#[must_use]
pub fn deactivated_many(many: Many) -> String {
    let (one, more) = match language() {
        Language::English => ("contact", "contacts"),
        Language::German => ("Kontakt wird", "Kontakte werden"),
    };
    let contacts = count(number(many.ticked), one, more);
    let stay = if many.to_look_at == 1 { Text(["stays", "bleibt"]) } else { Text(["stay", "bleiben"]) };
    match needs_look(many.to_look_at) {
        None => say!(
            "{contacts} to be deactivated when you apply.",
            "{contacts} deaktiviert, wenn Sie übernehmen."
        ),
        Some(look) => say!(
            "{contacts} to be deactivated when you apply; {look} and {stay} unticked.",
            "{contacts} deaktiviert, wenn Sie übernehmen; {look} und {stay} bis dahin nicht angehakt."
        ),
    }
}

/// What an answer to many rows did.
#[must_use]
pub fn decided_many(reply: Reply, rows: usize, many: Many) -> String {
    let (one, more) = match reply {
        Reply::Deactivate => return deactivated_many(many),
        Reply::Keep => {
            (Text(["contact kept.", "Kontakt behalten."]), Text(["contacts kept.", "Kontakte behalten."]))
        }
        Reply::Create => (
            Text(["contact to be created when you apply.", "Kontakt wird angelegt, wenn Sie übernehmen."]),
            Text([
                "contacts to be created when you apply.",
                "Kontakte werden angelegt, wenn Sie übernehmen.",
            ]),
        ),
        Reply::Person => (
            Text(["account taken as people.", "Konto gilt jetzt als Person."]),
            Text(["accounts taken as people.", "Konten gelten jetzt als Personen."]),
        ),
        Reply::Nobody => (
            Text(["account taken as nobody's.", "Konto gilt jetzt nicht als Person."]),
            Text(["accounts taken as nobody's.", "Konten gelten jetzt nicht als Personen."]),
        ),
        Reply::Move => (
            Text([
                "contact to be brought here when you apply.",
                "Kontakt wird hierher geholt, wenn Sie übernehmen.",
            ]),
            Text([
                "contacts to be brought here when you apply.",
                "Kontakte werden hierher geholt, wenn Sie übernehmen.",
            ]),
        ),
        Reply::Ignore => (
            Text(["account left alone from now on.", "Konto bleibt von jetzt an so."]),
            Text(["accounts left alone from now on.", "Konten bleiben von jetzt an so."]),
        ),
    };
    count(number(rows), one.words(), more.words())
}

/// Decisions of one click were taken back together.
#[must_use]
pub fn taken_back(decisions: usize) -> String {
    let (one, more) = match language() {
        Language::English => ("decision taken back.", "decisions taken back."),
        Language::German => ("Entscheidung rückgängig gemacht.", "Entscheidungen rückgängig gemacht."),
    };
    count(number(decisions), one, more)
}

/// "1 needs a look", for rows that nothing is done to unseen.
#[must_use]
pub fn needs_look(rows: usize) -> Option<String> {
    let (one, more) = match language() {
        Language::English => ("needs a look", "need a look"),
        Language::German => ("muss angesehen werden", "müssen angesehen werden"),
    };
    (rows > 0).then(|| count(number(rows), one, more))
}

/// A button that answers many rows: all that are shown, or the picked ones.
#[must_use]
pub fn answer_many(reply: Reply, picked: usize, rows: usize) -> String {
    let number = grouped(number(rows));
    let which = match (picked, rows) {
        (0, 1) => say!("it", "{number}"),
        (0, _) => say!("all {number}", "Alle {number}"),
        _ => number,
    };
    match reply {
        Reply::Keep => say!("Keep {which}", "{which} behalten"),
        Reply::Deactivate => say!("Deactivate {which}", "{which} deaktivieren"),
        Reply::Create => say!("Create {which}", "{which} anlegen"),
        Reply::Person => say!("Take {which} as people", "{which} als Person behandeln"),
        Reply::Nobody => say!("Take {which} as nobody's", "{which} nicht als Person behandeln"),
        Reply::Move => say!("Bring {which} here", "{which} hierher holen"),
        Reply::Ignore => say!("Leave {which} alone", "{which} belassen"),
    }
}

#[cfg(test)]
mod tests {
    use reconcile::{AccountId, ContactId, Subject};

    use super::*;
    use crate::text::speaking;

    #[test]
    fn a_decision_says_what_else_it_did() {
        let until = Decision::IgnoreUntil("2027-01-31".parse().expect("a day"));
        assert_eq!(decided("Ann", Some(until), Decided::default(), ""), "Ann: left alone until 2027-01-31.");
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
        assert_eq!(answer_many(Reply::Keep, 0, 1), "Keep it");
        assert_eq!(answer_many(Reply::Deactivate, 0, 97), "Deactivate all 97");
        assert_eq!(answer_many(Reply::Ignore, 3, 3), "Leave 3 alone");
    }

    #[test]
    fn german_says_what_else_a_decision_did() {
        let james = Subject::Account(AccountId::from_ldap_bytes([1; 16]));
        let tells = |decision, settled, changed, left| {
            let did = Decided { settled, changed, left };
            speaking(Language::German, || decided("Ann", decision, did, "James Mills"))
        };
        let matched = Some(Decision::Match(ContactId(7)));
        assert_eq!(
            tells(matched, 1, 2, None),
            "Ann: zugeordnet. Das hat auch 1 weitere Zeile erledigt und 2 weitere Zeilen geändert."
        );
        assert_eq!(
            tells(matched, 0, 0, Some((james, RowKind::Create))),
            "Ann: zugeordnet. James Mills hat jetzt keinen Kontakt mehr, also würde ein neuer angelegt."
        );
        assert_eq!(
            tells(matched, 0, 0, Some((james, RowKind::NeedsDecision))),
            "Ann: zugeordnet. James Mills hat jetzt keinen Kontakt mehr: Jetzt ist Ihre Antwort nötig."
        );
        assert_eq!(
            tells(None, 2, 0, None),
            "Ann: Entscheidung rückgängig gemacht. Das hat auch 2 weitere Zeilen erledigt."
        );
    }

    #[test]
    fn german_counts_many_in_the_right_number() {
        speaking(Language::German, || {
            assert_eq!(
                deactivated_many(Many { ticked: 1, to_look_at: 0 }),
                "1 Kontakt wird deaktiviert, wenn Sie übernehmen."
            );
            assert_eq!(
                deactivated_many(Many { ticked: 3, to_look_at: 1 }),
                "3 Kontakte werden deaktiviert, wenn Sie übernehmen; 1 muss angesehen werden und bleibt bis dahin nicht angehakt."
            );
            assert_eq!(needs_look(2).as_deref(), Some("2 müssen angesehen werden"));
            let many = |reply, rows| decided_many(reply, rows, Many::default());
            assert_eq!(many(Reply::Create, 1), "1 Kontakt wird angelegt, wenn Sie übernehmen.");
            assert_eq!(many(Reply::Person, 2), "2 Konten gelten jetzt als Personen.");
            assert_eq!(many(Reply::Ignore, 1), "1 Konto bleibt von jetzt an so.");
            assert_eq!(taken_back(1), "1 Entscheidung rückgängig gemacht.");
            assert_eq!(answer_many(Reply::Keep, 0, 1), "1 behalten");
            assert_eq!(answer_many(Reply::Deactivate, 0, 1297), "Alle 1.297 deaktivieren");
            assert_eq!(answer_many(Reply::Ignore, 3, 3), "3 belassen");
            assert_eq!(answer_many(Reply::Nobody, 2, 2), "2 nicht als Person behandeln");
        });
    }

    #[test]
    fn a_rule_stays_as_it_is_typed() {
        let rule: Rule = "leave out ou Kiosks".parse().expect("a rule");
        let settled = |rows| speaking(Language::German, || learned(&rule, rows));
        assert_eq!(
            settled(1),
            "„leave out ou Kiosks“ ist jetzt eine Regel dieser Firma: Sie hat 1 Frage beantwortet."
        );
        assert!(settled(2).ends_with("Sie hat 2 Fragen beantwortet."));
        let lesson = Lesson { rule, settles: 2 };
        assert_eq!(
            speaking(Language::German, || super::lesson(&lesson)),
            "Als Regel würde „leave out ou Kiosks“ 2 weitere Fragen beantworten."
        );
    }
}
