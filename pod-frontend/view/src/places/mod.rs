//! What a directory has by the name that somebody types into the settings form, to choose from.

pub mod wire;

use maud::{Markup, html};

use crate::{
    settings::Input,
    text,
    wire::{PlaceKind, Places},
};

/// With fewer letters and digits than this, half a directory answers.
const FEWEST: usize = 2;

/// What is looked for by what is typed into a field.
#[must_use]
pub const fn kind_of(input: Input) -> Option<PlaceKind> {
    match input {
        Input::Base => Some(PlaceKind::Unit),
        Input::Group => Some(PlaceKind::Group),
        _ => None,
    }
}

/// The name to look for: none in a distinguished name, or where too little is typed.
#[must_use]
pub fn name_in(typed: &str) -> Option<&str> {
    let typed = typed.trim();
    let letters = typed.chars().filter(|sign| sign.is_alphanumeric()).count();
    (letters >= FEWEST && !typed.contains('=')).then_some(typed)
}

/// The id of the place below a field where its answers stand.
#[must_use]
pub fn place_for(input: Input) -> String {
    format!("{}-places", input.id())
}

/// That place. `[role="status"]` takes what is said of the answer, `[data-places]` takes [`list`].
#[must_use]
pub fn place(input: Input) -> Markup {
    html! {
        div.places id=(place_for(input)) {
            p.note role="status" {}
            ul data-places {}
        }
    }
}

/// The places as buttons, each with its distinguished name.
#[must_use]
pub fn list(input: Input, found: &Places) -> Markup {
    let choice = |name: &Markup, description: Option<&str>, dn: &str| {
        html! {
            li {
                button type="button" data-action="place" data-field=(input.id()) data-value=(dn) {
                    (name)
                    @if let Some(description) = description { span.evidence { (description) } }
                    span.evidence {
                        // A narrow column breaks it between its parts.
                        @for (at, part) in dn.split(',').enumerate() {
                            @if at > 0 { "," wbr; }
                            (part)
                        }
                    }
                }
            }
        }
    };
    html! {
        @for place in &found.places {
            (choice(&html! { strong.name { (place.name) } }, place.description.as_deref(), &place.dn))
        }
        @if let Some(whole) = &found.whole {
            (choice(&html! { strong { (text::WHOLE_DIRECTORY) } }, None, whole))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        text::{Language, speaking},
        wire::Place,
    };

    #[test]
    fn a_name_is_looked_for_and_a_distinguished_name_is_not() {
        for (typed, name) in [
            ("", None),
            ("s", None),
            ("(s)*", None),
            (" st ", Some("st")),
            ("Z\u{f6}", Some("Z\u{f6}")),
            ("field staff (east)", Some("field staff (east)")),
            ("CN=Staff,DC=harbor,DC=example", None),
            ("CN=", None),
        ] {
            assert_eq!(name_in(typed), name, "{typed}");
        }
    }

    #[test]
    fn s5_whatever_a_directory_says_stays_words() {
        let place = Place {
            dn: "CN=A \"b\" <i>,DC=x".to_owned(),
            name: "A \"b\" <i>".to_owned(),
            description: Some("<script>".to_owned()),
        };
        let found = Places { places: vec![place], more: true, whole: Some("DC=x".to_owned()) };
        let page = list(Input::Group, &found).into_string();
        assert!(!page.contains("<i>") && !page.contains("<script>"), "{page}");
        assert!(page.contains("data-value=\"CN=A &quot;b&quot; &lt;i&gt;,DC=x\""), "{page}");
        speaking(Language::German, || {
            assert!(list(Input::Base, &found).into_string().contains("Das ganze Verzeichnis"));
        });
    }
}
