//! Words for the groups and units that are offered in the settings form.

use super::{Text, grouped, number, say};
use crate::wire::{PlaceKind, Places};

/// The directory is asked.
pub const ASKING: Text = Text(["Looking in the directory…", "Das Verzeichnis wird durchsucht…"]);
/// Nobody can be asked yet.
pub const LOGIN_FIRST: Text = Text([
    "To choose by name, fill in the server, the certificate and the login above first.",
    "Um nach Namen auszuwählen, füllen Sie zuerst oben Server, Zertifikat und Anmeldung aus.",
]);
/// The base of everything.
pub const WHOLE_DIRECTORY: Text = Text(["The whole directory", "Das ganze Verzeichnis"]);

/// What is said of the places that were found.
#[must_use]
pub fn places(kind: PlaceKind, found: &Places) -> String {
    let many = grouped(number(found.places.len()));
    match (kind, found.places.len(), found.more) {
        (PlaceKind::Group, 0, _) => Text(["No group has that name.", "Keine Gruppe heißt so."]).to_string(),
        (PlaceKind::Unit, 0, _) => {
            Text(["No unit has that name.", "Keine Organisationseinheit heißt so."]).to_string()
        }
        (PlaceKind::Group, 1, false) => Text(["1 group found.", "1 Gruppe gefunden."]).to_string(),
        (PlaceKind::Unit, 1, false) => {
            Text(["1 unit found.", "1 Organisationseinheit gefunden."]).to_string()
        }
        (PlaceKind::Group, _, false) => say!("{many} groups found.", "{many} Gruppen gefunden."),
        (PlaceKind::Unit, _, false) => say!("{many} units found.", "{many} Organisationseinheiten gefunden."),
        (PlaceKind::Group, _, true) => say!(
            "The first {many} groups; there are more: type more of the name.",
            "Die ersten {many} Gruppen; es gibt weitere: Tippen Sie mehr vom Namen.",
        ),
        (PlaceKind::Unit, _, true) => say!(
            "The first {many} units; there are more: type more of the name.",
            "Die ersten {many} Organisationseinheiten; es gibt weitere: Tippen Sie mehr vom Namen.",
        ),
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
    fn places_are_counted() {
        let place = || Place { dn: "OU=a".to_owned(), name: "a".to_owned(), description: None };
        let said = |kind, count: usize, more| {
            let found = Places { places: (0..count).map(|_| place()).collect(), more, whole: None };
            places(kind, &found)
        };
        assert_eq!(said(PlaceKind::Group, 0, false), "No group has that name.");
        assert_eq!(said(PlaceKind::Unit, 1, false), "1 unit found.");
        assert_eq!(said(PlaceKind::Group, 3, false), "3 groups found.");
        speaking(Language::German, || {
            assert_eq!(said(PlaceKind::Group, 1, false), "1 Gruppe gefunden.");
            assert_eq!(
                said(PlaceKind::Unit, 20, true),
                "Die ersten 20 Organisationseinheiten; es gibt weitere: Tippen Sie mehr vom Namen."
            );
        });
    }
}
