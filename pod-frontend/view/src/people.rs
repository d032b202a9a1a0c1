//! How accounts and contacts are called on screen.

use reconcile::{Account, Contact, Prepared, Row, Slot, Subject};

use crate::text;

/// An account's name: how the directory displays it, else its parts, else its logon name.
#[must_use]
pub fn account_name(account: &Account) -> String {
    let display = account.display_name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    if let Some(display) = display {
        return display.to_owned();
    }
    let parts = joined([account.given_name.as_deref(), account.surname.as_deref()], " ");
    if parts.is_empty() { account.logon_name.clone() } else { parts }
}

/// What tells an account from a namesake.
#[must_use]
pub fn account_hint(account: &Account) -> String {
    let address = account.primary_address().unwrap_or(&account.logon_name);
    joined(
        [Some(address), account.department.as_deref(), (!account.enabled).then(|| text::DISABLED.words())],
        " · ",
    )
}

/// A contact's name.
#[must_use]
pub fn contact_name(contact: &Contact) -> String {
    let name = joined([Some(contact.first_name.as_str()), Some(contact.last_name.as_str())], " ");
    if name.is_empty() { text::contact_without_name(contact.id) } else { name }
}

/// What tells a contact from a namesake.
#[must_use]
pub fn contact_hint(contact: &Contact) -> String {
    let address = contact
        .in_slot(Slot::Email)
        .map(|item| item.value.as_str())
        .or_else(|| contact.addresses().next())
        .or_else(|| (!contact.title.is_empty()).then_some(contact.title.as_str()))
        .unwrap_or_else(|| text::NO_ADDRESS.words());
    joined([Some(address), contact.inactive.then(|| text::INACTIVE.words())], " · ")
}

/// Whom a row is about. A missing account is known by the contact that it left.
#[must_use]
pub fn row_name(row: &Row, both: &Prepared) -> String {
    let account = row.account.and_then(|id| both.account(id)).map(account_name);
    let contact = || row.contact.and_then(|id| both.contact(id)).map(contact_name);
    account.or_else(contact).unwrap_or_else(|| text::SOMEBODY.to_string())
}

/// The key by which a row is found on screen: it stays the same when the row's other half changes.
#[must_use]
pub fn row_subject(row: &Row) -> Option<Subject> {
    row.account.map(Subject::Account).or(row.contact.map(Subject::Contact))
}

fn joined<'a>(parts: impl IntoIterator<Item = Option<&'a str>>, with: &str) -> String {
    let parts: Vec<&str> =
        parts.into_iter().flatten().map(str::trim).filter(|part| !part.is_empty()).collect();
    parts.join(with)
}
