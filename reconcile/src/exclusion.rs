//! Who is not a person: accounts that no contact should be made for, each with its reason.

use serde::{Deserialize, Serialize};

use crate::{Account, Policy, mapping, normal, policy};

/// Why an account is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exclusion {
    /// The directory's or a synchroniser's own account.
    System,
    /// A shared mailbox.
    SharedMailbox,
    /// A room's mailbox.
    Room,
    /// A mailbox of equipment.
    Equipment,
    /// An account that programs use.
    Service,
    /// An administrator's second account.
    Admin,
    /// An account for trying things out.
    Test,
    /// It has no person's name.
    NoPersonName,
    /// A copy that replication left behind after a conflict.
    ReplicationConflict,
}

/// Logon names that Windows, Entra Connect and Exchange make for themselves (Microsoft, "Microsoft
/// Entra Connect Sync: Understand the default configuration", out-of-box rules).
const SYSTEM_NAMES: &[&str] = &[
    "administrator",
    "guest",
    "krbtgt*",
    "defaultaccount",
    "aad_*",
    "msol_*",
    "support_388945a0",
    "systemmailbox{*",
    "healthmailbox*",
    "cas_{*",
    "*$",
];

// `msExchRecipientTypeDetails`, one bit each: on-premise kinds, then the same kinds with the mailbox
// in Exchange Online.
const SHARED: i64 = 4 | 1 << 35;
const ROOM: i64 = 16 | 1 << 33;
const EQUIPMENT: i64 = 32 | 1 << 34;
/// The mask that Entra Connect's default rules use for system mailboxes.
const SYSTEM: i64 = 0x21C0_7000;

pub(crate) fn of(account: &Account, policy: &Policy) -> Option<Exclusion> {
    let logon = account.logon_name.as_str();
    let any = |patterns: &[String]| patterns.iter().any(|pattern| policy::matches(pattern, logon));
    let kind = account.recipient_type_details.unwrap_or(0);
    if SYSTEM_NAMES.iter().any(|pattern| policy::matches(pattern, logon)) || kind & SYSTEM != 0 {
        return Some(Exclusion::System);
    }
    // MS-ADTS 3.1.1.5.1.2: a name lost to a conflict carries a line break and CNF:{guid}.
    if account.dn.contains("\\0ACNF:") || account.dn.contains("\nCNF:") {
        return Some(Exclusion::ReplicationConflict);
    }
    if kind & SHARED != 0 {
        return Some(Exclusion::SharedMailbox);
    }
    if kind & ROOM != 0 || account.recipient_display_type == Some(7) {
        return Some(Exclusion::Room);
    }
    if kind & EQUIPMENT != 0 || account.recipient_display_type == Some(8) {
        return Some(Exclusion::Equipment);
    }
    if any(&policy.service_patterns) || (account.has_service_principal && account.mail.is_none()) {
        return Some(Exclusion::Service);
    }
    if any(&policy.admin_patterns) {
        return Some(Exclusion::Admin);
    }
    if any(&policy.test_patterns) {
        return Some(Exclusion::Test);
    }
    let named = account.given_name.is_some() || account.surname.is_some();
    let words = |text: &str| normal::fold(text).split(' ').filter(|word| !word.is_empty()).count();
    if !named && account.display_name.as_deref().map_or(0, words) < 2 {
        return Some(Exclusion::NoPersonName);
    }
    if mapping::name_parts(account).0.is_empty() {
        return Some(Exclusion::NoPersonName);
    }
    None
}
