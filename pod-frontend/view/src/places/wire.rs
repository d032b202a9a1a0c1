//! Groups and units that are looked for by their names, as they are asked for and answered.

use serde::{Deserialize, Serialize};

use crate::wire::Settings;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// A group.
    Group,
    /// An organisational unit.
    Unit,
}

/// `POST /i/{installation}/companies/{company}/settings/places`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlacesRequest {
    /// Where to look and who logs in; nobody has to have saved them, and the rest of them means nothing.
    pub settings: Settings,
    /// What is looked for.
    pub what: PlaceKind,
    /// Part of its name.
    pub text: String,
}

/// What the directory has by that name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    /// The best of them, at most twenty.
    pub places: Vec<Place>,
    /// Whether there are others.
    pub more: bool,
    /// The base of the whole directory, where that is a place as well.
    pub whole: Option<String>,
}

/// A group or a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Its distinguished name.
    pub dn: String,
    /// Its name.
    pub name: String,
    /// What the directory says of it.
    pub description: Option<String>,
}
