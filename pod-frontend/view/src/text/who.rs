//! Words for finding one person, on a ticket's screen and on a contact's.

use super::{Text, count, field, listed, number};
use crate::wire::{How, KnownAs, Named, OnTicket, Outcome, Person, Record, Standing, Who};
use reconcile::{FieldChange, RowKind};

/// The title, and the button that asks.
pub const WHO: Text = Text(["Who is this?", "Who is this?"]);
/// The field's label.
pub const WHO_KNOWN: Text =
    Text(["Mail address, telephone number or name", "Mail address, telephone number or name"]);
/// While the directory is asked.
pub const LOOKING: Text = Text(["Looking in the directory…", "Looking in the directory…"]);
/// While something is being done.
pub const DOING: Text = Text(["Writing to ConnectWise PSA", "Writing to ConnectWise PSA"]);
/// How the buttons' numbers work.
pub const NUMBERS: Text =
    Text(["Press the number of a button to use it.", "Press the number of a button to use it."]);
/// Loads the PSA's screen again.
pub const REFRESH: Text = Text(["Refresh this screen", "Refresh this screen"]);
/// Back to the question.
pub const ASK_SOMEBODY_ELSE: Text = Text(["Look again", "Look again"]);
/// The member may not put anybody on a ticket.
pub const NO_TICKETS: Text = Text([
    "You can look, but not put anybody on the ticket: that needs the right to edit all service tickets in ConnectWise PSA.",
    "You can look, but not put anybody on the ticket: that needs the right to edit all service tickets in ConnectWise PSA.",
]);
/// The member may not create contacts or bring them back.
pub const NO_CONTACTS: Text = Text([
    "You cannot create contacts or bring them back: that needs the right to add and edit all contacts in ConnectWise PSA.",
    "You cannot create contacts or bring them back: that needs the right to add and edit all contacts in ConnectWise PSA.",
]);
/// The contact on the screen is linked to somebody else.
pub const LINKED_UNSEEN: Text = Text([
    "This contact is linked to an account that is not among those found. Look for its name, address or number.",
    "This contact is linked to an account that is not among those found. Look for its name, address or number.",
]);
/// There are more than are shown.
pub const MORE: Text = Text([
    "The directory has more of them. Say more, for example the whole name.",
    "The directory has more of them. Say more, for example the whole name.",
]);

/// Who can set the company's directory up, and where.
pub const WHO_SETS_UP_THERE: Text = Text([
    "Somebody who may edit company maintenance and all company notes in ConnectWise PSA can do it on the company's screen.",
    "Somebody who may edit company maintenance and all company notes in ConnectWise PSA can do it on the company's screen.",
]);

/// Which directory is asked.
#[must_use]
pub fn asks(host: &str) -> String {
    format!("Looks in this company's directory at {host}.")
}

/// What the PSA has of the record on the screen.
#[must_use]
pub fn on_record(record: Record, contact: Option<&Named>) -> String {
    match (record, contact) {
        (Record::Ticket(_), None) => "Nobody is on this ticket yet.".to_owned(),
        (Record::Ticket(_), Some(contact)) => format!("On this ticket: {}.", contact.name),
        (Record::Contact(_), Some(contact)) if contact.inactive => {
            format!("The contact {} is inactive.", contact.name)
        }
        (Record::Contact(_), contact) => {
            format!("The contact {}.", contact.map(|contact| contact.name.as_str()).unwrap_or_default())
        }
    }
}

/// How many were found, and where.
#[must_use]
pub fn found_people(who: &Who, wanted: &str) -> String {
    let people = count(number(who.people.len()), "person", "people");
    match (who.people.is_empty(), who.known) {
        (false, _) => format!("{people} found"),
        (true, KnownAs::Address) => {
            format!("Nobody in the directory at {} has the address {wanted}.", who.host)
        }
        (true, KnownAs::Phone) => {
            format!("Nobody in the directory at {} has the number {wanted}, however it is written.", who.host)
        }
        (true, KnownAs::Name) => format!("Nobody in the directory at {} is called {wanted}.", who.host),
    }
}

/// What to do when nobody was found.
pub const NOBODY_FOUND: Text = Text([
    "Try what else you know: another address, a number, or the name. The person may also be outside the part of the directory that the settings name.",
    "Try what else you know: another address, a number, or the name. The person may also be outside the part of the directory that the settings name.",
]);

/// What stands against a contact for somebody.
#[must_use]
pub fn standing(standing: &Standing) -> Option<String> {
    match standing {
        Standing::Clear => None,
        Standing::Disabled => Some("The account is disabled: whoever asks may have left.".to_owned()),
        Standing::LeftOut => Some(
            "This company's rules leave the account out. To say that it is a person, open the company and sync."
                .to_owned(),
        ),
        Standing::Ignored => Some(
            "Somebody said to leave this account alone. To change that, open the company and sync.".to_owned(),
        ),
        Standing::Elsewhere(company) if company.is_empty() => {
            Some("The account belongs to another company as well. To decide that, open the company and sync.".to_owned())
        }
        Standing::Elsewhere(company) => Some(format!(
            "The account belongs to {company} as well. To decide that, open the company and sync."
        )),
    }
}

/// Which contact somebody is, and how sure that is.
#[must_use]
pub fn fitting(contact: &Named, how: How) -> String {
    let name = &contact.name;
    match (how, contact.inactive) {
        (How::Linked, false) => format!("Is the contact {name}."),
        (How::Linked, true) => format!("Is the contact {name}, which is inactive."),
        (How::Fits, false) => format!("Fits the contact {name}."),
        (How::Fits, true) => format!("Fits the contact {name}, which is inactive."),
        (How::Maybe, false) => format!("May be the contact {name}."),
        (How::Maybe, true) => format!("May be the contact {name}, which is inactive."),
        (How::OnScreen, _) => format!("Nothing says that this is the contact {name}."),
    }
}

/// Somebody has no contact.
pub const HAS_NO_CONTACT: Text = Text(["Has no contact yet.", "Has no contact yet."]);
/// Somebody is on the ticket.
pub const ON_IT: Text = Text(["Is on the ticket.", "Is on the ticket."]);

/// What a button does to a contact, and to the ticket.
#[must_use]
pub const fn deed(kind: Option<RowKind>, is_linked: bool, puts: bool) -> Text {
    match (kind, puts) {
        (None, _) => Text(["Put on the ticket", "Put on the ticket"]),
        (Some(RowKind::Create), true) => Text([
            "Create the contact and put it on the ticket",
            "Create the contact and put it on the ticket",
        ]),
        (Some(RowKind::Create), false) => Text(["Create the contact", "Create the contact"]),
        (Some(RowKind::Reactivate), true) => Text([
            "Bring the contact back and put it on the ticket",
            "Bring the contact back and put it on the ticket",
        ]),
        (Some(RowKind::Reactivate), false) => Text(["Bring the contact back", "Bring the contact back"]),
        (Some(_), true) => {
            Text(["Link the contact and put it on the ticket", "Link the contact and put it on the ticket"])
        }
        (Some(RowKind::Update), false) if is_linked => {
            Text(["Bring the contact up to date", "Bring the contact up to date"])
        }
        (Some(_), false) => Text(["Link with this contact", "Link with this contact"]),
    }
}

/// The same with whom it is about, for those who do not see the button's place.
#[must_use]
pub fn deed_for(deed: Text, person: &Person) -> String {
    format!("{deed}: {}", person.name)
}

/// The fields that differ.
#[must_use]
pub fn differs(changes: &[FieldChange]) -> Option<String> {
    let mut fields: Vec<String> = changes.iter().map(|change| field(change.field).to_string()).collect();
    fields.dedup();
    (!fields.is_empty()).then(|| format!("Differs in {}.", listed(&fields)))
}

/// What became of the contact; none where nothing was to be written of it.
#[must_use]
pub fn of_contact(kind: RowKind, outcome: Option<&Outcome>, name: &str) -> String {
    match (outcome, kind) {
        (Some(Outcome::Applied), RowKind::Create) => format!("The contact {name} was created."),
        (Some(Outcome::Applied), RowKind::Reactivate) => format!("The contact {name} is active again."),
        (Some(Outcome::Applied), RowKind::Update) => format!("The contact {name} is up to date."),
        (Some(Outcome::Applied), _) => format!("The contact {name} is linked."),
        (Some(Outcome::AlreadySo), _) => format!("The contact {name} was as it should be already."),
        (Some(Outcome::Moved(_) | Outcome::LeftAlone), _) => format!(
            "Nothing was written of {name}: things are otherwise than they looked. Open the company and sync to decide it."
        ),
        (Some(Outcome::Rejected(why)), _) => {
            format!("ConnectWise PSA refused it: {why} Nothing was written of {name}.")
        }
        (Some(Outcome::Unknown), _) => format!(
            "ConnectWise PSA did not say whether it wrote the contact {name}. The next sync finds that out; do not create it by hand meanwhile."
        ),
        (None, _) => format!("Nothing was written of {name}."),
    }
}

/// What became of the ticket.
#[must_use]
pub fn of_ticket(outcome: &OnTicket, name: &str) -> String {
    match outcome {
        OnTicket::Later => {
            "The ticket was left as it is. Once the contact is there, open the ticket again and put them on it."
                .to_owned()
        }
        OnTicket::Put => format!("{name} is on the ticket now."),
        OnTicket::AlreadySo => format!("{name} was on the ticket already."),
        OnTicket::Changed(Some(other)) => format!(
            "Somebody put {other} on the ticket meanwhile, so it was left as it is. Refresh the screen and look again."
        ),
        OnTicket::Changed(None) => {
            "Somebody took the contact off the ticket meanwhile, so it was left as it is. Refresh the screen and look again."
                .to_owned()
        }
        OnTicket::NoContact => format!(
            "The ticket was left as it is: {name} has no active contact of this company. Refresh the screen and look again."
        ),
        OnTicket::Gone => "The ticket is gone, or another company's by now.".to_owned(),
        OnTicket::Rejected(why) => format!("The ticket was left as it is: {}.", why.trim_end_matches('.')),
        OnTicket::Unknown => format!(
            "ConnectWise PSA did not say whether it put {name} on the ticket. Refresh the screen to see who is on it."
        ),
    }
}

#[cfg(test)]
mod tests {
    use reconcile::ContactId;

    use super::*;

    #[test]
    fn what_was_looked_for_and_where_is_said_when_nobody_is_found() {
        let who = |known| Who {
            known,
            host: "dc1.harbor.example".to_owned(),
            people: Vec::new(),
            more: false,
            linked_unseen: false,
        };
        assert_eq!(
            found_people(&who(KnownAs::Address), "ann@harbor.example"),
            "Nobody in the directory at dc1.harbor.example has the address ann@harbor.example."
        );
        assert!(found_people(&who(KnownAs::Phone), "020 7946 0018").contains("however it is written"));
        assert!(found_people(&who(KnownAs::Name), "Ann Smith").ends_with("is called Ann Smith."));
    }

    #[test]
    fn who_is_on_the_record_is_one_sentence() {
        let named = |inactive| Named { id: ContactId(1), name: "Ann Smith".to_owned(), inactive };
        assert_eq!(on_record(Record::Ticket(1), None), "Nobody is on this ticket yet.");
        assert_eq!(on_record(Record::Ticket(1), Some(&named(false))), "On this ticket: Ann Smith.");
        assert_eq!(on_record(Record::Contact(1), Some(&named(true))), "The contact Ann Smith is inactive.");
    }
}
