//! What was undone is left as it was, until its account changes: the state of an account, and what
//! the decision about it makes of a row.

use serde::{Deserialize, Serialize};

use crate::{
    Account, AccountId, Decision, Decisions, Prepared, Reason, Row, RowKind, Subject,
    digest::{self, Texts},
    mapping::tidy,
    normal,
};

/// A digest of what planning reads of an account for its row: whether it is enabled, its names,
/// addresses and numbers, and the facts that fields, sites and types are made of. Where it stands in
/// the tree and its groups are left out: units are tidied up and groups come and go without anything
/// to write about the person.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct AccountState([u8; 16]);

impl AccountState {
    /// Of an account that the directory does not have.
    pub const MISSING: Self = Self([0; 16]);

    /// White space, the case of addresses and the order in which a directory lists them are no change.
    fn of(account: &Account, manager: Option<AccountId>) -> Self {
        let mut texts = Texts::of("account 1");
        texts.add(if account.enabled { "enabled" } else { "disabled" });
        texts.add(&account.logon_name.to_lowercase());
        for fact in [
            &account.given_name,
            &account.surname,
            &account.display_name,
            &account.title,
            &account.department,
            &account.office,
            &account.city,
            &account.telephone,
            &account.mobile,
            &account.fax,
            &account.employee_id,
        ] {
            texts.add(&fact.as_deref().map(tidy).unwrap_or_default());
        }
        texts.add(&manager.map(|id| id.to_string()).unwrap_or_default());
        texts.add(&account.primary_address().and_then(normal::address).unwrap_or_default());
        let mut addresses: Vec<String> = account.addresses().filter_map(normal::address).collect();
        addresses.sort_unstable();
        addresses.dedup();
        for address in &addresses {
            texts.add(address);
        }
        Self(texts.end())
    }
}

impl std::fmt::Display for AccountState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        digest::write(self.0, f)
    }
}

impl std::fmt::Debug for AccountState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

impl std::str::FromStr for AccountState {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        digest::read(text).map(Self).ok_or("an account's state is 32 hexadecimal digits")
    }
}

impl From<AccountState> for String {
    fn from(state: AccountState) -> Self {
        state.to_string()
    }
}

impl TryFrom<String> for AccountState {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl Prepared {
    /// What planning reads of an account now, in short. The manager counts by key, and only where the
    /// directory owns that field.
    #[must_use]
    pub fn state_of(&self, id: AccountId) -> AccountState {
        self.account(id)
            .map_or(AccountState::MISSING, |account| AccountState::of(account, self.manager_of(account)))
    }
}

/// Whether the row asks if its contact, which is inactive, comes back. Where a creation was undone that is
/// what is left of it.
fn asks_back(row: &Row) -> bool {
    row.kind == RowKind::NeedsDecision
        && row.contact.is_some()
        && row.reasons.contains(&Reason::ContactInactive)
}

/// The row as it is once the decision to leave its account as it was is heeded. That speaks only where
/// something would be written, or brought back: any other question stays one.
pub(crate) fn heeded(row: Row, prepared: &Prepared, decisions: &Decisions) -> Row {
    let Some(account) = row.account.filter(|_| row.kind.writes() || asks_back(&row)) else { return row };
    let Some(&decision @ Decision::Left(state)) = decisions.get(&Subject::Account(account)) else {
        return row;
    };
    let row = if row.reasons.contains(&Reason::DeactivationChosen) {
        // That was asked for since; its write ends both decisions.
        row
    } else if state == prepared.state_of(account) {
        Row::new(RowKind::Ignored, row.account, row.contact).because(Reason::LeftAsItWas)
    } else {
        row.because(Reason::ChangedSinceLeft)
    };
    Row { decision: Some(decision), ..row }
}
