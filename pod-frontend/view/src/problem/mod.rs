//! How a problem is drawn, wherever it is.

pub mod wire;

use maud::{Markup, html};

use crate::{text, wire::Problem};

/// Words that stand in another language than the page are marked as such.
pub(crate) fn words(words: &str, lang: Option<&str>) -> Markup {
    html! {
        @if let Some(lang) = lang { span lang=(lang) { (words) } } @else { (words) }
    }
}

fn detail(detail: &str) -> Markup {
    html! { (text::VERBATIM) " " span lang="en" { (detail) } }
}

/// A problem in paragraphs: what is wrong, in what `headline` makes of it, then what to do.
pub fn paragraphs(problem: &Problem, headline: impl FnOnce(Markup) -> Markup) -> Markup {
    let told = text::problem(problem);
    html! {
        (headline(words(&told.headline, told.lang)))
        p { (words(&told.advice, told.lang)) }
        @if let Some(more) = &told.detail { p.note { (detail(more)) } }
    }
}

/// The paragraphs of a problem that stands for itself.
#[must_use]
pub fn told(problem: &Problem) -> Markup {
    paragraphs(problem, |words| html! { p { strong { (words) } } })
}

/// The same in one line.
#[must_use]
pub fn line(problem: &Problem) -> Markup {
    let told = text::problem(problem);
    html! {
        (words(&told.headline, told.lang)) " " (words(&told.advice, told.lang))
        @if let Some(more) = &told.detail { " " span.note { (detail(more)) } }
    }
}

/// What is wrong alone, where what to do is said otherwise.
#[must_use]
pub fn headline(problem: &Problem) -> Markup {
    let told = text::problem(problem);
    words(&told.headline, told.lang)
}

/// A problem on a screen.
#[must_use]
pub fn warning(problem: &Problem) -> Markup {
    html! {
        div.warning #problem data-code=(problem.code) role="alert" { (told(problem)) }
    }
}

/// Why a company is paused.
#[must_use]
pub fn paused(problem: &Problem) -> Markup {
    html! {
        div.warning {
            (paragraphs(problem, |words| html! { p { strong { (text::PAUSED) ": " (words) } } }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        text::{Language, speaking},
        wire::Code,
    };

    fn unreachable() -> Problem {
        Problem::new(
            Code::DirectoryUnreachable,
            "The directory server could not be reached (<dc1> refused).",
            "Nothing was changed. Check the name.",
        )
    }

    #[test]
    fn in_english_the_services_words_stand_alone() {
        let problem = unreachable();
        let message = "The directory server could not be reached (&lt;dc1&gt; refused).";
        let advice = "Nothing was changed. Check the name.";
        assert_eq!(
            warning(&problem).into_string(),
            format!(
                "<div class=\"warning\" id=\"problem\" data-code=\"directory_unreachable\" role=\"alert\">\
                 <p><strong>{message}</strong></p><p>{advice}</p></div>"
            )
        );
        assert_eq!(
            paused(&problem).into_string(),
            format!(
                "<div class=\"warning\"><p><strong>{}: {message}</strong></p><p>{advice}</p></div>",
                text::PAUSED
            )
        );
        assert_eq!(line(&problem).into_string(), format!("{message} {advice}"));
        assert_eq!(headline(&problem).into_string(), message);
    }

    #[test]
    fn s5_in_german_what_the_service_names_is_marked_as_english_and_stays_words() {
        let beneath = "Im Wortlaut: <span lang=\"en\">The directory server could not be reached \
                       (&lt;dc1&gt; refused).</span>";
        speaking(Language::German, || {
            let page = warning(&unreachable()).into_string();
            assert!(page.contains("<strong>Der Verzeichnisserver ist nicht erreichbar.</strong>"), "{page}");
            assert!(page.contains("<p>Es wurde nichts geändert. Prüfen Sie"), "{page}");
            assert!(page.contains(&format!("<p class=\"note\">{beneath}</p>")), "{page}");
            let said = line(&unreachable()).into_string();
            assert!(said.ends_with(&format!(" <span class=\"note\">{beneath}</span>")), "{said}");
        });
    }

    #[test]
    fn a_newer_services_problem_is_marked_as_english() {
        let newer = Problem { code: "newer".into(), message: "M.".into(), advice: "A.".into() };
        speaking(Language::German, || {
            let page = told(&newer).into_string();
            let marked = |words: &str| format!("<span lang=\"en\">{words}</span>");
            assert_eq!(page, format!("<p><strong>{}</strong></p><p>{}</p>", marked("M."), marked("A.")));
        });
    }
}
