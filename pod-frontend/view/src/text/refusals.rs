//! What is said of what was certainly not written, and what to do about it.

use maud::{Markup, html};

use super::{Language, Text, language, say};
use crate::{problem, wire::Refusal};

/// The PSA's own words. Nobody says in which language they are: in practice it is English.
fn of_the_psa(words: &str) -> Markup {
    let tag = Language::English.tag();
    problem::words(words, (language() != Language::English).then_some(tag))
}

const NOT_DONE: Text = Text(["This is not done yet.", "Das ist noch nicht erledigt."]);
const NOT_DONE_UNTOLD: Text = Text([
    "This is not done yet, and no reason is known. Sync again to see whether it is still to be done.",
    "Das ist noch nicht erledigt, und ein Grund ist nicht bekannt. Gleichen Sie erneut ab, um zu sehen, ob es noch zu tun ist.",
]);

/// Of a row.
pub(super) fn row(refusal: &Refusal) -> Markup {
    match refusal {
        Refusal::Psa(words) => {
            let words = of_the_psa(words);
            match language() {
                Language::English => html! {
                    "ConnectWise PSA refused it: “" (words) "” Put that right in the PSA and sync again."
                },
                Language::German => html! {
                    "ConnectWise PSA hat es abgelehnt: „" (words)
                    "“ Bringen Sie das im PSA in Ordnung und gleichen Sie erneut ab."
                },
            }
        }
        Refusal::Problem(problem) => html! { (NOT_DONE) " " (problem::line(problem)) },
        Refusal::Untold => html! { (NOT_DONE_UNTOLD) },
    }
}

/// Of one person's contact.
pub(super) fn contact(refusal: &Refusal, name: &str) -> Markup {
    match refusal {
        Refusal::Psa(words) => {
            let words = of_the_psa(words);
            match language() {
                Language::English => html! {
                    "ConnectWise PSA refused it: “" (words) "” Nothing was written of " (name)
                    ". Put that right in the PSA, then try again."
                },
                Language::German => html! {
                    "ConnectWise PSA hat es abgelehnt: „" (words) "“ Zu " (name)
                    " wurde nichts geschrieben. Bringen Sie das im PSA in Ordnung und versuchen Sie es dann noch einmal."
                },
            }
        }
        Refusal::Problem(problem) => {
            let not_done =
                say!("This is not done yet for {name}.", "Für {name} ist das noch nicht erledigt.");
            html! { (not_done) " " (problem::line(problem)) }
        }
        Refusal::Untold => {
            let not_done = say!(
                "This is not done yet for {name}, and no reason is known. Refresh the screen and look again.",
                "Für {name} ist das noch nicht erledigt, und ein Grund ist nicht bekannt. Laden Sie die Seite neu und sehen Sie noch einmal nach.",
            );
            html! { (not_done) }
        }
    }
}

const TICKET_LEFT: Text = Text(["The ticket was left as it is.", "Das Ticket blieb, wie es ist."]);
const TICKET_LEFT_UNTOLD: Text = Text([
    "The ticket was left as it is, and no reason is known. Refresh the screen and look again.",
    "Das Ticket blieb, wie es ist, und ein Grund ist nicht bekannt. Laden Sie die Seite neu und sehen Sie noch einmal nach.",
]);

/// Of a ticket.
pub(super) fn ticket(refusal: &Refusal) -> Markup {
    match refusal {
        Refusal::Psa(words) => {
            let words = of_the_psa(words);
            match language() {
                Language::English => html! {
                    "The ticket was left as it is, because ConnectWise PSA refused it: “" (words)
                    "” Put that right in the PSA, then try again."
                },
                Language::German => html! {
                    "Das Ticket blieb, wie es ist, denn ConnectWise PSA hat es abgelehnt: „" (words)
                    "“ Bringen Sie das im PSA in Ordnung und versuchen Sie es dann noch einmal."
                },
            }
        }
        Refusal::Problem(problem) => html! { (TICKET_LEFT) " " (problem::line(problem)) },
        Refusal::Untold => html! { (TICKET_LEFT_UNTOLD) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        text::speaking,
        wire::{Code, Problem},
    };

    fn all(refusal: &Refusal, listener: Language) -> [String; 3] {
        speaking(listener, || [row(refusal), contact(refusal, "Ann <i>"), ticket(refusal)])
            .map(Markup::into_string)
    }

    #[test]
    fn s5_the_psas_words_are_quoted_and_marked_as_english_on_another_page() {
        let hostile = Refusal::Psa("<img src=x> No.".to_owned());
        for said in all(&hostile, Language::English) {
            assert!(said.contains("refused it: “&lt;img src=x&gt; No.” "), "{said}");
            assert!(said.contains("Put that right in the PSA") && !said.contains("<i"), "{said}");
        }
        for said in all(&hostile, Language::German) {
            let quoted = "abgelehnt: „<span lang=\"en\">&lt;img src=x&gt; No.</span>“ ";
            assert!(said.contains(quoted), "{said}");
            assert!(said.contains("Bringen Sie das im PSA in Ordnung") && !said.contains("<i"), "{said}");
        }
    }

    #[test]
    fn s5_a_reason_of_ours_is_no_refusal_and_says_what_to_do() {
        let busy = Problem::new(
            Code::PsaBusy,
            "ConnectWise PSA is asking for fewer requests.",
            "Try again in a few minutes.",
        );
        let said = all(&Refusal::Problem(busy.clone()), Language::English);
        assert_eq!(
            said[0],
            "This is not done yet. ConnectWise PSA is asking for fewer requests. Try again in a few minutes."
        );
        for said in said {
            assert!(said.ends_with("Try again in a few minutes.") && !said.contains("refused"), "{said}");
            assert!(!said.contains("<i"), "{said}");
        }
        for said in all(&Refusal::Problem(busy), Language::German) {
            assert!(said.ends_with("Versuchen Sie es in ein paar Minuten noch einmal."), "{said}");
            assert!(!said.contains("abgelehnt") && !said.contains("PSA in Ordnung"), "{said}");
            assert!(!said.contains("<i") && !said.contains("<span"), "{said}");
        }
        let old = Problem::new(Code::PsaOldFault, "It refuses <b>: “No.”", "Correct that.");
        for said in all(&Refusal::Problem(old), Language::German) {
            assert!(said.contains("<span lang=\"en\">It refuses &lt;b&gt;: “No.”</span>"), "{said}");
        }
    }

    #[test]
    fn a_reason_that_nobody_knows_is_not_quoted() {
        for language in Language::ALL {
            for said in all(&Refusal::Untold, language) {
                assert!(!said.contains(['“', '<']) && !said.contains("  "), "{said}");
            }
        }
    }
}
