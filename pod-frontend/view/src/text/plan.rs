//! Words for the plan: kinds, reasons, fields, evidence, decisions.

use reconcile::{
    AccountId, Candidate, Clue, Clues, ContactId, Decision, Exclusion, Field, Prepared, Protection, Reason,
    Row, RowKind, Unplaced, normal::Agreement,
};

use crate::people::contact_name;

use super::{Text, capitalised, count, grouped, listed, number};

/// Shown for a disabled account.
pub const DISABLED: Text = Text(["disabled", "disabled"]);
/// Shown for an inactive contact.
pub const INACTIVE: Text = Text(["inactive", "inactive"]);
/// Shown for a contact without an e-mail address.
pub const NO_ADDRESS: Text = Text(["no e-mail address", "no e-mail address"]);
/// Shown where neither side has the person any more.
pub const SOMEBODY: Text = Text(["Somebody no longer known", "Somebody no longer known"]);
/// Over the fields of a row.
pub const CHANGES: Text = Text(["What changes", "What changes"]);
/// Over the reasons of a row.
pub const WHY: Text = Text(["Why", "Why"]);
/// Over what the two of a pair have in common.
pub const IN_COMMON: Text = Text(["In common", "In common"]);
/// Over the contact that a pair was not made with.
pub const CAME_SECOND: Text = Text(["Came second:", "Came second:"]);
/// Over the candidates of a question.
pub const CANDIDATES: Text = Text(["It may be", "It may be"]);
/// Over the answers of a row.
pub const ANSWERS: Text = Text(["Your answer", "Your answer"]);
/// Over the account of a row.
pub const ACCOUNT: Text = Text(["Account", "Account"]);
/// Over the contact of a row.
pub const CONTACT: Text = Text(["Contact", "Contact"]);
/// Shown when a row has an account that the directory lacks.
pub const ACCOUNT_GONE: Text = Text(["no longer in the directory", "no longer in the directory"]);
/// An account that the directory lacks, in a sentence.
pub const GONE_ACCOUNT: Text =
    Text(["an account that is no longer in the directory", "an account that is no longer in the directory"]);
/// Shown for a row without a contact.
pub const NO_CONTACT_YET: Text = Text(["none yet", "none yet"]);
/// Shown for a contact without an account.
pub const NO_ACCOUNT: Text = Text(["none", "none"]);
/// Between the value before and the one after, for those who do not see the arrow.
pub const BECOMES: Text = Text(["becomes", "wird zu"]);
/// Before a value of a field that has none.
pub const EMPTY: Text = Text(["empty", "empty"]);
/// Beside a value that had to be cut.
pub const SHORTENED: Text = Text(["shortened to what the PSA takes", "shortened to what the PSA takes"]);
/// Why a deactivation's box is not ticked when many leave at once.
pub const HELD: Text =
    Text(["Not ticked: more leave at once than usual", "Not ticked: more leave at once than usual"]);
/// Beside a row that is not ticked because what was written of its account was undone.
pub const UNDONE: Text = Text([
    "Undone earlier, and the account has changed since",
    "Undone earlier, and the account has changed since",
]);
/// Over what depends on a contact.
pub const CAREFUL: Text = Text(["Look before you deactivate", "Look before you deactivate"]);

/// A contact that has no name.
#[must_use]
pub fn contact_without_name(id: ContactId) -> String {
    format!("Contact {id} without a name")
}

/// The title of a group of rows.
#[must_use]
pub const fn group(kind: RowKind) -> Text {
    match kind {
        RowKind::NeedsDecision => Text(["Needs you", "Needs you"]),
        RowKind::Deactivate => Text(["Deactivate", "Deactivate"]),
        RowKind::Reactivate => Text(["Bring back", "Bring back"]),
        RowKind::Create => Text(["Create", "Create"]),
        RowKind::Update => Text(["Update", "Update"]),
        RowKind::Move => Text(["Bring here", "Bring here"]),
        RowKind::Link => Text(["Link", "Link"]),
        RowKind::PsaOnly => Text(["In the PSA only", "In the PSA only"]),
        RowKind::Ignored => Text(["Left alone", "Left alone"]),
        RowKind::Excluded => Text(["Left out", "Left out"]),
        RowKind::Unchanged => Text(["Unchanged", "Unchanged"]),
    }
}

/// One sentence under the title of a group.
#[must_use]
pub const fn group_note(kind: RowKind) -> Text {
    match kind {
        RowKind::NeedsDecision => Text([
            "Accounts that you have to say something about.",
            "Accounts that you have to say something about.",
        ]),
        RowKind::Deactivate => Text([
            "Contacts whose account is disabled or gone.",
            "Contacts whose account is disabled or gone.",
        ]),
        RowKind::Reactivate => Text([
            "Inactive contacts whose account is active again.",
            "Inactive contacts whose account is active again.",
        ]),
        RowKind::Create => {
            Text(["People in the directory without a contact.", "People in the directory without a contact."])
        }
        RowKind::Update => Text([
            "Contacts whose fields differ from the directory.",
            "Contacts whose fields differ from the directory.",
        ]),
        RowKind::Move => Text([
            "Contacts of another company whose account is this company's now.",
            "Contacts of another company whose account is this company's now.",
        ]),
        RowKind::Link => Text([
            "Contacts that are right already; we remember the pair.",
            "Contacts that are right already; we remember the pair.",
        ]),
        RowKind::PsaOnly => Text([
            "Contacts that never had an account. They stay as they are until you say otherwise.",
            "Contacts that never had an account. They stay as they are until you say otherwise.",
        ]),
        RowKind::Ignored => Text([
            "Left alone because somebody said so, or undid what was written.",
            "Left alone because somebody said so, or undid what was written.",
        ]),
        RowKind::Excluded => Text([
            "Accounts that are not a person's, or not this company's: no contact is made for them.",
            "Accounts that are not a person's, or not this company's: no contact is made for them.",
        ]),
        RowKind::Unchanged => Text(["Nothing to do.", "Nothing to do."]),
    }
}

/// A sign beside the colour, for those who do not see it.
#[must_use]
pub const fn sign(kind: RowKind) -> &'static str {
    match kind {
        RowKind::NeedsDecision => "?",
        RowKind::Deactivate => "−",
        RowKind::Reactivate => "↑",
        RowKind::Create => "+",
        RowKind::Update => "~",
        RowKind::Move => "→",
        RowKind::Link => "=",
        RowKind::PsaOnly => "•",
        RowKind::Ignored => "/",
        RowKind::Excluded => "×",
        RowKind::Unchanged => "✓",
    }
}

/// A count of rows in the summary: "3 create".
#[must_use]
pub fn group_count(kind: RowKind, rows: usize) -> String {
    let word = match kind {
        RowKind::NeedsDecision if rows == 1 => "needs you",
        RowKind::NeedsDecision => "need you",
        RowKind::Deactivate => "deactivate",
        RowKind::Reactivate => "bring back",
        RowKind::Create => "create",
        RowKind::Update => "update",
        RowKind::Move => "bring here",
        RowKind::Link => "link",
        RowKind::PsaOnly => "in the PSA only",
        RowKind::Ignored => "left alone",
        RowKind::Excluded => "left out",
        RowKind::Unchanged => "unchanged",
    };
    count(number(rows), word, word)
}

/// What the summary bar shows, for those who do not see it.
#[must_use]
pub fn bar(counts: &[(RowKind, usize)]) -> String {
    listed(&counts.iter().map(|&(kind, rows)| group_count(kind, rows)).collect::<Vec<_>>())
}

/// A kind as something that a moved row has become.
#[must_use]
pub const fn now(kind: RowKind) -> Text {
    match kind {
        RowKind::NeedsDecision => Text(["it needs an answer now", "it needs an answer now"]),
        RowKind::Deactivate => Text(["it would be deactivated now", "it would be deactivated now"]),
        RowKind::Reactivate => Text(["it would be brought back now", "it would be brought back now"]),
        RowKind::Create => Text(["it would be created now", "it would be created now"]),
        RowKind::Update => {
            Text(["it would be updated now, with other values", "it would be updated now, with other values"])
        }
        RowKind::Move => Text([
            "it would be brought here from another company now",
            "it would be brought here from another company now",
        ]),
        RowKind::Link => Text(["it would only be linked now", "it would only be linked now"]),
        RowKind::PsaOnly => Text(["it is in the PSA only now", "it is in the PSA only now"]),
        RowKind::Ignored => Text(["it is left alone now", "it is left alone now"]),
        RowKind::Excluded => Text(["its account is left out now", "its account is left out now"]),
        RowKind::Unchanged => Text(["there is nothing to do any more", "there is nothing to do any more"]),
    }
}

/// Why, as a part of a sentence.
#[must_use]
pub fn reason(reason: Reason, both: &Prepared) -> String {
    match reason {
        Reason::Linked => Text(["they are linked already", "they are linked already"]),
        Reason::SameAddress => Text([
            "they share an e-mail address and their names agree",
            "they share an e-mail address and their names agree",
        ]),
        Reason::SameName => Text([
            "they have the same name and nobody else has it",
            "they have the same name and nobody else has it",
        ]),
        Reason::ChosenByPerson => Text(["chosen by hand", "chosen by hand"]),
        Reason::CreationChosen => {
            Text(["somebody asked for a new contact", "somebody asked for a new contact"])
        }
        Reason::NoContact => {
            Text(["no contact has this address or name", "no contact has this address or name"])
        }
        Reason::NamesContradict => {
            Text(["the address fits, but the names differ", "the address fits, but the names differ"])
        }
        Reason::SeveralCandidates => {
            Text(["more than one pair is possible", "more than one pair is possible"])
        }
        Reason::Likely => Text([
            "this contact is likely the same person, but it is not certain",
            "this contact is likely the same person, but it is not certain",
        ]),
        Reason::ContactInactive => Text([
            "the contact that fits is inactive, and it was not us who deactivated it",
            "the contact that fits is inactive, and it was not us who deactivated it",
        ]),
        Reason::ContactGone => {
            Text(["its contact is no longer in the PSA", "its contact is no longer in the PSA"])
        }
        Reason::ContactTaken => Text([
            "the contact that was chosen went to another account",
            "the contact that was chosen went to another account",
        ]),
        Reason::AccountReplaced => Text([
            "the contact's own account is disabled or gone, and another looks like its successor",
            "the contact's own account is disabled or gone, and another looks like its successor",
        ]),
        Reason::AccountDisabled => Text(["the account is disabled", "the account is disabled"]),
        Reason::AccountMissing => {
            Text(["the account is no longer in the directory", "the account is no longer in the directory"])
        }
        Reason::IgnoredByPerson => {
            Text(["somebody said to leave it alone", "somebody said to leave it alone"])
        }
        Reason::LeftAsItWas => Text([
            "it was undone, and is left as it is until the account changes",
            "it was undone, and is left as it is until the account changes",
        ]),
        Reason::ChangedSinceLeft => Text([
            "it was undone earlier, and the account has changed since",
            "it was undone earlier, and the account has changed since",
        ]),
        Reason::DeactivationChosen => {
            Text(["somebody asked to deactivate it", "somebody asked to deactivate it"])
        }
        Reason::NeverLinked => Text(["no account was ever linked to it", "no account was ever linked to it"]),
        Reason::LeftOut(why) => return exclusion(why, both),
        Reason::EnteredTwice => Text([
            "the contacts that fit look like one person, entered more than once",
            "the contacts that fit look like one person, entered more than once",
        ]),
        Reason::DuplicateOf(id) => {
            let name = both.contact(id).map_or_else(|| contact_without_name(id), contact_name);
            return format!("it looks like the same person as contact {id}, {name}");
        }
        Reason::LinkedElsewhere(id) => {
            return format!("the account is linked to a contact of {} already", other_company(id, both));
        }
        Reason::ClaimedTwice(id) => {
            return format!("the rules of {} take the account as well", other_company(id, both));
        }
    }
    .to_string()
}

fn other_company(id: i64, both: &Prepared) -> String {
    both.company(id).map_or_else(|| format!("another company (record {id})"), str::to_owned)
}

/// A reason by which a group is narrowed.
#[must_use]
pub fn short_reason(why: Reason, both: &Prepared) -> String {
    match why {
        Reason::LeftOut(why) => exclusion(why, both),
        why => reason(why, both),
    }
}

/// Why an account is left out, as a sentence's part.
#[must_use]
pub fn exclusion(why: Exclusion, both: &Prepared) -> String {
    match why {
        Exclusion::Rule(_) => match both.rule(why) {
            Some(rule) => return format!("a rule says: {rule}"),
            None => Text(["a rule leaves it out", "a rule leaves it out"]),
        },
        Exclusion::OtherCompany(id) => {
            return format!("it belongs to {}, by the rules there", other_company(id, both));
        }
        Exclusion::Unclaimed => Text(["no company's rules take it", "no company's rules take it"]),
        Exclusion::System => Text([
            "it belongs to Windows, Exchange or a synchroniser",
            "it belongs to Windows, Exchange or a synchroniser",
        ]),
        Exclusion::SharedMailbox => Text(["it is a shared mailbox", "it is a shared mailbox"]),
        Exclusion::Room => Text(["it is a room", "it is a room"]),
        Exclusion::Equipment => Text(["it is equipment", "it is equipment"]),
        Exclusion::Service => Text(["programs use it", "programs use it"]),
        Exclusion::Admin => {
            Text(["it is an administrator's second account", "it is an administrator's second account"])
        }
        Exclusion::Test => Text(["it is for trying things out", "it is for trying things out"]),
        Exclusion::NoPersonName => Text(["it has no person's name", "it has no person's name"]),
        Exclusion::ReplicationConflict => Text([
            "it is a copy left behind by a replication conflict",
            "it is a copy left behind by a replication conflict",
        ]),
        Exclusion::SaidSo => {
            Text(["somebody said that it is not a person's", "somebody said that it is not a person's"])
        }
    }
    .to_string()
}

/// What an account is instead of a person's, beside its name.
#[must_use]
pub const fn not_a_person(why: Exclusion) -> Text {
    match why {
        Exclusion::System => Text(["system account", "system account"]),
        Exclusion::SharedMailbox => Text(["shared mailbox", "shared mailbox"]),
        Exclusion::Room => Text(["room", "room"]),
        Exclusion::Equipment => Text(["equipment", "equipment"]),
        Exclusion::Service => Text(["service account", "service account"]),
        Exclusion::Admin => Text(["administrator's second account", "administrator's second account"]),
        Exclusion::Test => Text(["test account", "test account"]),
        Exclusion::NoPersonName => Text(["no person's name", "no person's name"]),
        Exclusion::ReplicationConflict => {
            Text(["copy from a replication conflict", "copy from a replication conflict"])
        }
        Exclusion::SaidSo => Text(["not a person's, somebody said", "not a person's, somebody said"]),
        Exclusion::Rule(_) => Text(["left out by a rule", "left out by a rule"]),
        Exclusion::OtherCompany(_) => Text(["another company's", "another company's"]),
        Exclusion::Unclaimed => Text(["no company's", "no company's"]),
    }
}

/// Why a contact in the PSA only needs a look of its own.
#[must_use]
pub const fn namesake(candidate: &Candidate<AccountId>, enabled: bool) -> Text {
    match (enabled, candidate.names) {
        (true, _) => Text(["An account has this name or address", "An account has this name or address"]),
        (false, Agreement::Same | Agreement::Compatible) => {
            Text(["A disabled account has this name", "A disabled account has this name"])
        }
        (false, _) => Text(["A disabled account has this address", "A disabled account has this address"]),
    }
}

/// Why a row's box is not ticked by itself.
#[must_use]
pub fn not_ticked(protections: &[Protection]) -> String {
    let word = |what: &Protection| {
        match what {
            Protection::DefaultContact => "default contact",
            Protection::BillingContact => "billing contact",
            Protection::PortalLogin => "portal login",
            Protection::OpenTickets => "open tickets",
            Protection::ContactType => "protected type",
        }
        .to_owned()
    };
    format!("Not ticked: {}", listed(&protections.iter().map(word).collect::<Vec<_>>()))
}

/// Whom a match would take a contact or an account from.
#[must_use]
pub fn now_with(name: &str) -> String {
    format!("now with {name}")
}

/// "8 of 120".
#[must_use]
pub fn some_of(some: usize, all: usize) -> String {
    format!("{} of {}", grouped(number(some)), grouped(number(all)))
}

/// What depends on a contact.
#[must_use]
pub const fn protection(what: Protection) -> Text {
    match what {
        Protection::DefaultContact => Text([
            "It is the company's default contact: new tickets would name an inactive person.",
            "It is the company's default contact: new tickets would name an inactive person.",
        ]),
        Protection::BillingContact => Text([
            "It is the company's billing contact: invoices go to this person.",
            "It is the company's billing contact: invoices go to this person.",
        ]),
        Protection::OpenTickets => Text([
            "Tickets of this person are still open: whoever works on them would write to somebody inactive.",
            "Tickets of this person are still open: whoever works on them would write to somebody inactive.",
        ]),
        Protection::ContactType => Text(["A rule protects its type.", "A rule protects its type."]),
        Protection::PortalLogin => Text([
            "It may log in to the customer portal and would lose that.",
            "It may log in to the customer portal and would lose that.",
        ]),
    }
}

/// A value that the PSA has nothing to refer to for.
#[must_use]
pub fn unplaced(unplaced: &Unplaced) -> String {
    let Unplaced { field: of, value } = unplaced;
    let name = field(*of);
    match of {
        Field::Department => {
            format!(
                "The PSA has no {name} \u{201c}{value}\u{201d}; a rule may create it (create departments)."
            )
        }
        _ => format!("The PSA has no {name} \u{201c}{value}\u{201d}: make it there, or change the rule."),
    }
}

/// A field's name.
#[must_use]
pub const fn field(field: Field) -> Text {
    match field {
        Field::FirstName => Text(["first name", "first name"]),
        Field::LastName => Text(["last name", "last name"]),
        Field::Title => Text(["title", "title"]),
        Field::Department => Text(["department", "department"]),
        Field::Email => Text(["e-mail address", "e-mail address"]),
        Field::Aliases => Text(["further e-mail address", "further e-mail address"]),
        Field::Direct => Text(["direct number", "direct number"]),
        Field::Mobile => Text(["mobile number", "mobile number"]),
        Field::Fax => Text(["fax number", "fax number"]),
        Field::Manager => Text(["manager", "manager"]),
        Field::Site => Text(["site", "site"]),
        Field::Type => Text(["contact type", "contact type"]),
        Field::EmployeeId => Text(["employee id", "employee id"]),
        Field::AccountId => Text(["account id", "account id"]),
    }
}

/// What two people have in common, or not, as a part of a list.
const fn clue(clue: Clue) -> Text {
    match clue {
        Clue::SameAddress => Text(["same address", "same address"]),
        Clue::SharedAddress => Text(["an address that others have too", "an address that others have too"]),
        Clue::AlikeAddress => Text(["an address with a typing error", "an address with a typing error"]),
        Clue::SameMailbox => {
            Text(["same name before the @, other domain", "same name before the @, other domain"])
        }
        Clue::NameInAddress => Text(["the name in the address", "the name in the address"]),
        Clue::OtherAddress => Text(["other addresses", "other addresses"]),
        Clue::SameName => Text(["same name", "same name"]),
        Clue::SwappedNames => Text(["first and last name exchanged", "first and last name exchanged"]),
        Clue::OtherSpelling => Text(["a name spelled differently", "a name spelled differently"]),
        Clue::Nickname => Text(["a short or pet form of the name", "a short or pet form of the name"]),
        Clue::Initial => Text(["an initial that fits", "an initial that fits"]),
        Clue::PartOfName => Text(["a part of the name", "a part of the name"]),
        Clue::AlikeName => Text(["a name with a typing error", "a name with a typing error"]),
        Clue::HalfName => Text(["half a name only", "half a name only"]),
        Clue::OtherGivenName => Text(["another first name", "another first name"]),
        Clue::OtherFamilyName => Text(["another last name", "another last name"]),
        Clue::RareName => Text(["which is rare here", "which is rare here"]),
        Clue::CommonName => Text(["which others here have too", "which others here have too"]),
        Clue::SamePhone => Text(["same telephone number", "same telephone number"]),
        Clue::SameCity => Text(["same city", "same city"]),
        Clue::OtherCity => Text(["another city", "another city"]),
        Clue::SameTitle => Text(["same title", "same title"]),
        Clue::SameDepartment => Text(["same department", "same department"]),
    }
}

/// What two people have in common, and then what not.
#[must_use]
pub fn clues(clues: Clues) -> String {
    let against = |clue: &Clue| {
        matches!(clue, Clue::OtherAddress | Clue::OtherGivenName | Clue::OtherFamilyName | Clue::OtherCity)
    };
    let words = |wanted: bool| -> Vec<&'static str> {
        clues.iter().filter(|one| against(one) == wanted).map(|one| clue(one).words()).collect()
    };
    let (common, different) = (words(false).join(", "), words(true).join(", "));
    match (common.is_empty(), different.is_empty()) {
        (_, true) => common,
        (true, false) => different,
        (false, false) => format!("{common}; but {different}"),
    }
}

/// What speaks for and against a candidate.
#[must_use]
pub fn evidence<T>(candidate: &Candidate<T>) -> String {
    clues(candidate.clues)
}

/// One line: what will happen and why.
#[must_use]
pub fn line(row: &Row, both: &Prepared) -> String {
    // That it was undone before stands beside the line, not instead of why it would be written now.
    let last = row.reasons.iter().rfind(|reason| **reason != Reason::ChangedSinceLeft);
    let why = last.map(|&last| reason(last, both)).unwrap_or_default();
    let fields =
        || listed(&row.changes.iter().map(|change| field(change.field).to_string()).collect::<Vec<_>>());
    match row.kind {
        RowKind::Deactivate => format!("Deactivate: {why}"),
        RowKind::Reactivate if row.changes.is_empty() => format!("Bring back: {why}"),
        RowKind::Reactivate => format!("Bring back and change {}: {why}", fields()),
        RowKind::Create => format!("Create a contact: {why}"),
        RowKind::Update => format!("Change {}", fields()),
        RowKind::Move => format!("Bring its contact here: {why}"),
        RowKind::Link => format!("Link: {why}"),
        RowKind::Ignored if row.reasons.contains(&Reason::LeftAsItWas) => capitalised(&why),
        RowKind::Ignored => match row.decision {
            Some(Decision::IgnoreUntil(day)) => format!("Stays as it is until {day}"),
            _ => "Stays as it is".to_owned(),
        },
        RowKind::Excluded => match row.reasons.last() {
            Some(Reason::LeftOut(exclusion_reason)) => capitalised(&exclusion(*exclusion_reason, both)),
            _ => capitalised(&why),
        },
        RowKind::Unchanged if row.reasons.as_slice() == [Reason::Linked] => "Up to date".to_owned(),
        RowKind::NeedsDecision | RowKind::PsaOnly | RowKind::Unchanged => capitalised(&why),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use reconcile::{Coverage, Policy, Snapshot, prepare};

    use super::*;

    const KINDS: [RowKind; 11] = [
        RowKind::NeedsDecision,
        RowKind::Deactivate,
        RowKind::Reactivate,
        RowKind::Create,
        RowKind::Update,
        RowKind::Move,
        RowKind::Link,
        RowKind::PsaOnly,
        RowKind::Ignored,
        RowKind::Excluded,
        RowKind::Unchanged,
    ];

    #[test]
    fn no_two_kinds_share_a_title_or_a_sign() {
        assert_eq!(KINDS.map(group).into_iter().collect::<BTreeSet<_>>().len(), KINDS.len());
        assert_eq!(KINDS.map(sign).into_iter().collect::<BTreeSet<_>>().len(), KINDS.len());
        assert_eq!(KINDS.map(now).into_iter().collect::<BTreeSet<_>>().len(), KINDS.len());
    }

    fn nobody() -> Prepared {
        let snapshot = Snapshot { accounts: Vec::new(), coverage: Coverage::Complete };
        prepare(snapshot, Vec::new(), &Policy::default())
    }

    #[test]
    fn reasons_are_words_not_codes() {
        for why in [
            Reason::Linked,
            Reason::SameAddress,
            Reason::SameName,
            Reason::ChosenByPerson,
            Reason::CreationChosen,
            Reason::NoContact,
            Reason::NamesContradict,
            Reason::SeveralCandidates,
            Reason::Likely,
            Reason::ContactInactive,
            Reason::ContactGone,
            Reason::ContactTaken,
            Reason::AccountReplaced,
            Reason::AccountDisabled,
            Reason::AccountMissing,
            Reason::IgnoredByPerson,
            Reason::LeftAsItWas,
            Reason::ChangedSinceLeft,
            Reason::DeactivationChosen,
            Reason::NeverLinked,
            Reason::LeftOut(Exclusion::SharedMailbox),
            Reason::LeftOut(Exclusion::Rule(0)),
            Reason::LeftOut(Exclusion::OtherCompany(7)),
            Reason::LeftOut(Exclusion::Unclaimed),
            Reason::EnteredTwice,
            Reason::DuplicateOf(ContactId(7)),
            Reason::LinkedElsewhere(7),
            Reason::ClaimedTwice(7),
        ] {
            let words = reason(why, &nobody());
            assert!(words.split(' ').count() >= 3 && !words.contains('_'), "{why:?}: {words}");
        }
    }

    #[test]
    fn what_is_in_common_is_told_before_what_is_not() {
        let some = |list: &[Clue]| clues(Clues::from(list.to_vec()));
        assert_eq!(some(&[Clue::SameAddress, Clue::OtherFamilyName]), "same address; but another last name");
        assert_eq!(some(&[Clue::SameName, Clue::RareName]), "same name, which is rare here");
        assert_eq!(some(&[Clue::OtherAddress]), "other addresses");
        for one in Clue::ALL {
            assert!(!some(&[one]).contains('_') && !some(&[one]).is_empty());
        }
    }

    #[test]
    fn one_needs_and_two_need() {
        assert_eq!(bar(&[(RowKind::NeedsDecision, 1), (RowKind::Create, 3)]), "1 needs you and 3 create");
        assert_eq!(group_count(RowKind::NeedsDecision, 2), "2 need you");
    }
}
