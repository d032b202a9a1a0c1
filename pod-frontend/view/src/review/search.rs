//! Looking for the other half of a row, and what is said about what was found.

use reconcile::{Account, AccountId, Contact, ContactId, Exclusion, Row, Subject, normal};

use super::model::{Fitting, Review};
use crate::{
    people::{account_name, contact_name},
    text,
};

/// What a search found: the first by name, and how many there are.
#[derive(Debug)]
pub struct Found<'a, T> {
    /// The first.
    pub first: Vec<&'a T>,
    /// All of them.
    pub all: usize,
}

impl Review {
    /// Contacts with this in a name or address, in the order of their names.
    #[must_use]
    pub fn find_contacts(&self, text: &str, most: usize) -> Found<'_, Contact> {
        let Some(fitting) = self.fitting(text) else { return Found { first: Vec::new(), all: 0 } };
        let fits = |contact: &&Contact| self.names.is_at(Subject::Contact(contact.id), &fitting);
        first_by_name(self.both().contacts().iter().filter(fits), contact_name, most)
    }

    /// Accounts with this in a name or address, in the order of their names.
    #[must_use]
    pub fn find_accounts(&self, text: &str, most: usize) -> Found<'_, Account> {
        let Some(fitting) = self.fitting(text) else { return Found { first: Vec::new(), all: 0 } };
        let fits = |account: &&Account| self.names.is_at(Subject::Account(account.id), &fitting);
        first_by_name(self.both().accounts().iter().filter(fits), account_name, most)
    }

    fn fitting(&self, text: &str) -> Option<Fitting> {
        let wanted = normal::fold(text);
        (!wanted.is_empty()).then(|| self.names.fitting(&wanted))
    }

    /// The name of the account that has this contact now, when it is another than `account`.
    #[must_use]
    pub fn account_with(&self, contact: ContactId, account: AccountId) -> Option<String> {
        let row = self.plan().rows.iter().find(|row| row.contact == Some(contact))?;
        let name =
            |has| self.both().account(has).map_or_else(|| text::GONE_ACCOUNT.to_string(), account_name);
        row.account.filter(|&has| has != account).map(name)
    }

    /// The name of the contact that this account has now, when it is another than `contact`.
    #[must_use]
    pub fn contact_with(&self, account: AccountId, contact: ContactId) -> Option<String> {
        let row = self.plan().rows.iter().find(|row| row.account == Some(account))?;
        row.contact.filter(|&has| has != contact).map(|has| self.name_of(Subject::Contact(has)))
    }

    /// Whom a match with each of a row's candidates would take it from.
    #[must_use]
    pub fn taken(&self, row: &Row) -> Vec<Option<String>> {
        let contacts = row.account.into_iter().flat_map(|account| {
            row.contacts.iter().map(move |candidate| self.account_with(candidate.id, account))
        });
        let accounts = row.contact.into_iter().flat_map(|contact| {
            row.accounts.iter().map(move |candidate| self.contact_with(candidate.id, contact))
        });
        contacts.chain(accounts).collect()
    }

    /// Why an account is not a person's, where its row says so.
    #[must_use]
    pub fn not_a_person(&self, account: AccountId) -> Option<Exclusion> {
        self.plan().rows.iter().find(|row| row.account == Some(account))?.left_out()
    }
}

fn first_by_name<'a, T>(
    found: impl Iterator<Item = &'a T>,
    name: impl Fn(&T) -> String,
    most: usize,
) -> Found<'a, T> {
    let mut first: Vec<&T> = found.collect();
    let all = first.len();
    first.sort_by_cached_key(|one| normal::fold(&name(one)));
    first.truncate(most);
    Found { first, all }
}

/// What the filter, the searches and the order look at: the name, then its parts, the addresses.
pub(super) fn account_text(account: &Account) -> String {
    let parts =
        [account.given_name.as_deref(), account.surname.as_deref(), Some(account.logon_name.as_str())];
    let texts: Vec<&str> = parts.into_iter().flatten().chain(account.addresses()).collect();
    normal::fold(&format!("{} {}", account_name(account), texts.join(" ")))
}

pub(super) fn contact_text(contact: &Contact) -> String {
    normal::fold(&format!("{} {}", contact_name(contact), contact.addresses().collect::<Vec<_>>().join(" ")))
}
