//! The mapping: which contact field takes which account attribute, and when it really differs.

use serde::{Deserialize, Serialize};

use crate::{Account, Contact, Slot, normal};

/// A contact field that the directory feeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// `firstName`, from `givenName`.
    FirstName,
    /// `lastName`, from `sn`.
    LastName,
    /// `title`, from `title`.
    Title,
    /// The e-mail item, from `mail`.
    Email,
    /// The direct number, from `telephoneNumber`.
    Direct,
    /// The mobile number, from `mobile`.
    Mobile,
    /// The fax number, from `facsimileTelephoneNumber`.
    Fax,
}

impl Field {
    const ALL: [Self; 7] =
        [Self::FirstName, Self::LastName, Self::Title, Self::Email, Self::Direct, Self::Mobile, Self::Fax];

    /// The stable code of the field.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Title => "title",
            Self::Email => "email",
            Self::Direct => "direct",
            Self::Mobile => "mobile",
            Self::Fax => "fax",
        }
    }

    /// The communication slot that holds the field, for those that are communication items.
    #[must_use]
    pub const fn slot(self) -> Option<Slot> {
        match self {
            Self::Email => Some(Slot::Email),
            Self::Direct => Some(Slot::Direct),
            Self::Mobile => Some(Slot::Mobile),
            Self::Fax => Some(Slot::Fax),
            Self::FirstName | Self::LastName | Self::Title => None,
        }
    }

    /// The longest value in characters. Names and title: what the PSA enforced in its older
    /// specification (30, 30, 100); communication values: 250 (its API specification 2025.16).
    const fn limit(self) -> usize {
        match self {
            Self::FirstName | Self::LastName => 30,
            Self::Title => 100,
            Self::Email | Self::Direct | Self::Mobile | Self::Fax => 250,
        }
    }
}

/// One field of a row: what the contact has and what it would get.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Which field.
    pub field: Field,
    /// The contact's value now; `None` when it has none.
    pub old: Option<String>,
    /// The value that it would get. Never empty: a blank never overwrites.
    pub new: String,
    /// `new` had to be cut to the PSA's limit.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shortened: bool,
}

/// The given and family name to create a contact with. Where the directory has only a display
/// name, "Family, Given" and "Given Family" are taken apart; a single word is the first name,
/// which the PSA requires.
pub(crate) fn name_parts(account: &Account) -> (String, String) {
    let given = account.given_name.as_deref().map(tidy).unwrap_or_default();
    let family = account.surname.as_deref().map(tidy).unwrap_or_default();
    if !given.is_empty() {
        return (given, family);
    }
    let display = account.display_name.as_deref().map(tidy).unwrap_or_default();
    if !family.is_empty() {
        // "Smith, Ann" or "Ann Smith" beside sn=Smith: what is left is the given name.
        let rest = display.replacen(&family, "", 1);
        let rest = tidy(rest.trim_matches(|sign: char| sign == ',' || sign.is_whitespace()));
        return if rest.is_empty() { (family, String::new()) } else { (rest, family) };
    }
    if let Some((family, given)) = display.split_once(',') {
        return (tidy(given), tidy(family));
    }
    match display.rsplit_once(' ') {
        Some((given, family)) => (given.to_owned(), family.to_owned()),
        None => (display, String::new()),
    }
}

/// White space at the ends gone, runs of it one space: the PSA folds line breaks and tabs anyway
/// (ConnectWise Developer Guide, escaping).
fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Cut to `field`'s limit; whether that was needed.
fn fitted(field: Field, text: &str) -> (String, bool) {
    let text = tidy(text);
    match text.char_indices().nth(field.limit()) {
        None => (text, false),
        Some((end, _)) => (text[..end].trim_end().to_owned(), true),
    }
}

fn attribute(account: &Account, field: Field) -> Option<&str> {
    match field {
        Field::FirstName => account.given_name.as_deref(),
        Field::LastName => account.surname.as_deref(),
        Field::Title => account.title.as_deref(),
        Field::Email => account.primary_address().filter(|text| normal::address(text).is_some()),
        Field::Direct => account.telephone.as_deref(),
        Field::Mobile => account.mobile.as_deref(),
        Field::Fax => account.fax.as_deref(),
    }
}

/// The fields of a contact made for `account`, without those in `left_out`.
pub(crate) fn created(account: &Account, left_out: &[Field]) -> Vec<FieldChange> {
    let (given, family) = name_parts(account);
    Field::ALL
        .into_iter()
        .filter(|field| !left_out.contains(field))
        .filter_map(|field| {
            let text = match field {
                Field::FirstName => Some(given.as_str()),
                Field::LastName => Some(family.as_str()),
                _ => attribute(account, field),
            };
            let (new, shortened) = fitted(field, text?);
            (!new.is_empty()).then_some(FieldChange { field, old: None, new, shortened })
        })
        .collect()
}

/// The fields, without those in `left_out`, in which `contact` really differs from what `account`
/// says.
pub(crate) fn differences(account: &Account, contact: &Contact, left_out: &[Field]) -> Vec<FieldChange> {
    Field::ALL
        .into_iter()
        .filter(|field| !left_out.contains(field))
        .filter_map(|field| {
            let (new, shortened) = fitted(field, attribute(account, field)?);
            if new.is_empty() {
                return None;
            }
            let old = current(contact, field);
            let same = is_held(contact, field, &new);
            (!same).then(|| FieldChange { field, old: old.map(str::to_owned), new, shortened })
        })
        .collect()
}

/// Whether the contact has this value already, however it writes it.
fn is_held(contact: &Contact, field: Field, new: &str) -> bool {
    let old = current(contact, field);
    match field {
        Field::FirstName | Field::LastName => normal::fold(new) == normal::fold(old.unwrap_or_default()),
        Field::Title => tidy(new) == tidy(old.unwrap_or_default()),
        Field::Email => {
            let wanted = normal::address(new);
            contact.addresses().any(|held| normal::address(held) == wanted)
        }
        Field::Direct | Field::Mobile | Field::Fax => {
            old.is_some_and(|old| old == new || normal::same_number(old, new))
        }
    }
}

impl FieldChange {
    /// Whether the contact has the new value, however the PSA writes it.
    #[must_use]
    pub fn is_made(&self, contact: &Contact) -> bool {
        is_held(contact, self.field, &self.new)
    }
}

fn current(contact: &Contact, field: Field) -> Option<&str> {
    let text = match field {
        Field::FirstName => &contact.first_name,
        Field::LastName => &contact.last_name,
        Field::Title => &contact.title,
        Field::Email | Field::Direct | Field::Mobile | Field::Fax => {
            return contact.in_slot(field.slot()?).map(|item| item.value.as_str());
        }
    };
    (!text.is_empty()).then_some(text)
}
