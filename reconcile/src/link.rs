//! A link: the stored pair of one account and one contact.

use serde::{Deserialize, Serialize};

use crate::{AccountId, ContactId};

/// One account-contact pair of a company. Primary keys only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The account.
    pub account: AccountId,
    /// The contact.
    pub contact: ContactId,
    /// We deactivated the contact, so it may come back with its account unasked. A contact that a
    /// person deactivated is a question instead.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deactivated_by_us: bool,
    /// When a complete read of the directory first lacked the account, in seconds since 1970; `None`
    /// while it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing_since: Option<i64>,
}

impl Link {
    /// A link of an account that is there.
    #[must_use]
    pub const fn new(account: AccountId, contact: ContactId) -> Self {
        Self { account, contact, deactivated_by_us: false, missing_since: None }
    }
}
