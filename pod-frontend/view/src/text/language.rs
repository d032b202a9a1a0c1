//! The languages of the pod, and who is spoken to: in which of them, and by whose clock.

use std::{cell::RefCell, fmt, rc::Rc};

/// A language of the pod.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Spoken where nobody asks for another one.
    #[default]
    English,
    /// In the polite form.
    German,
}

impl Language {
    /// All of them, in the order in which [`Text`] and `say!` have their words.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// Its tag (BCP 47), as in the document's `lang`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// The language of a tag, whatever its region: `de-AT` is German.
    #[must_use]
    pub fn tagged(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }
}

/// What a clock makes of a moment (RFC 3339, in UTC): `2026-11-23T15:05`; `None` where it can make nothing of it.
type Tells = dyn Fn(&str) -> Option<String>;

/// Somebody's clock.
#[derive(Clone)]
pub struct Clock(Rc<Tells>);

impl Clock {
    /// The clock that tells a moment (RFC 3339, in UTC) so: `2026-11-23T15:05`.
    pub fn new(tells: impl Fn(&str) -> Option<String> + 'static) -> Self {
        Self(Rc::new(tells))
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// Who is spoken to.
#[derive(Clone, Debug, Default)]
pub struct Listener {
    /// Their language.
    pub language: Language,
    /// Their clock; moments are told in UTC where it is not known.
    pub clock: Option<Clock>,
}

impl From<Language> for Listener {
    fn from(language: Language) -> Self {
        Self { language, clock: None }
    }
}

thread_local! {
    static LISTENER: RefCell<Listener> =
        const { RefCell::new(Listener { language: Language::English, clock: None }) };
}

/// The language that texts are in on this thread.
#[must_use]
pub fn language() -> Language {
    LISTENER.with_borrow(|listener| listener.language)
}

/// A moment on the clock of whoever is spoken to.
pub(super) fn on_their_clock(moment: &str) -> Option<String> {
    let clock = LISTENER.with_borrow(|listener| listener.clock.clone())?;
    (clock.0)(moment)
}

/// Speaks to somebody from now on: the pod has one listener for as long as its page lives.
pub fn speak(to: impl Into<Listener>) {
    LISTENER.set(to.into());
}

/// Speaks to somebody, and then to whoever it was before: the service draws for one after another.
pub fn speaking<T>(to: impl Into<Listener>, draw: impl FnOnce() -> T) -> T {
    struct Before(Listener);
    impl Drop for Before {
        fn drop(&mut self) {
            speak(std::mem::take(&mut self.0));
        }
    }
    let _before = Before(LISTENER.replace(to.into()));
    draw()
}

/// A text that is the same each time, in every language by the order of [`Language::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text(pub(super) [&'static str; Language::ALL.len()]);

impl Text {
    /// Its words in English, whoever listens: what the service says of itself.
    #[must_use]
    pub const fn english(self) -> &'static str {
        self.0[Language::English as usize]
    }

    /// Its words in the language that is spoken.
    #[must_use]
    pub fn words(self) -> &'static str {
        self.0[language() as usize]
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

impl maud::Render for Text {
    fn render_to(&self, page: &mut String) {
        self.words().render_to(page);
    }
}

/// A sentence in every language, by the order of [`Language::ALL`], with names of values in braces as
/// `format!` has them. Only the one that is spoken is put together.
macro_rules! say {
    ($english:literal, $german:literal $(,)?) => {
        match $crate::text::language() {
            $crate::text::Language::English => format!($english),
            $crate::text::Language::German => format!($german),
        }
    };
}
pub(super) use say;

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: Text = Text(["Sync", "Abgleichen"]);

    #[test]
    fn the_language_before_comes_back_whatever_happens() {
        assert_eq!(TEXT.words(), "Sync");
        assert_eq!(speaking(Language::German, || TEXT.to_string()), "Abgleichen");
        let failed = std::panic::catch_unwind(|| speaking(Language::German, || panic!("while drawing")));
        assert!(failed.is_err());
        assert_eq!(TEXT.words(), "Sync");
    }

    #[test]
    fn a_region_does_not_matter_and_an_unknown_language_is_none() {
        assert_eq!(Language::tagged("de-AT"), Some(Language::German));
        assert_eq!(Language::tagged("EN"), Some(Language::English));
        assert_eq!(Language::tagged("den"), None);
        assert_eq!(Language::tagged(""), None);
    }
}
