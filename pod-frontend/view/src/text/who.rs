//! Words for finding one person, on a ticket's screen and on a contact's.

use super::{Text, count, field, listed, number, refusals, say};
use crate::wire::{How, KnownAs, Named, OnTicket, Outcome, Person, Record, Standing, Who};
use maud::{Markup, html};
use reconcile::{FieldChange, RowKind};

/// The title, and the button that asks.
pub const WHO: Text = Text(["Who is this?", "Wer ist das?"]);
/// The field's label.
pub const WHO_KNOWN: Text =
    Text(["Mail address, telephone number or name", "E-Mail-Adresse, Telefonnummer oder Name"]);
/// While the directory is asked.
pub const LOOKING: Text = Text(["Looking in the directory…", "Im Verzeichnis wird gesucht…"]);
/// While something is being done.
pub const DOING: Text = Text(["Writing to ConnectWise PSA", "In ConnectWise PSA wird geschrieben"]);
/// How the buttons' numbers work.
pub const NUMBERS: Text = Text([
    "Press the number of a button to use it.",
    "Drücken Sie die Nummer einer Schaltfläche, um sie zu benutzen.",
]);
/// Loads the PSA's screen again.
pub const REFRESH: Text = Text(["Refresh this screen", "Diese Seite neu laden"]);
/// Back to the question.
pub const ASK_SOMEBODY_ELSE: Text = Text(["Look again", "Erneut suchen"]);
/// The member may not put anybody on a ticket.
pub const NO_TICKETS: Text = Text([
    "You can look, but not put anybody on the ticket: that needs the right to edit all service tickets in ConnectWise PSA.",
    "Sie können nachsehen, aber niemanden auf das Ticket setzen: Dazu brauchen Sie in ConnectWise PSA das Recht, alle Servicetickets zu bearbeiten.",
]);
/// The member may not create contacts or bring them back.
pub const NO_CONTACTS: Text = Text([
    "You cannot create contacts or bring them back: that needs the right to add and edit all contacts in ConnectWise PSA.",
    "Sie können Kontakte weder anlegen noch reaktivieren: Dazu brauchen Sie in ConnectWise PSA das Recht, alle Kontakte anzulegen und zu bearbeiten.",
]);
/// The contact on the screen is linked to somebody else.
pub const LINKED_UNSEEN: Text = Text([
    "This contact is linked to an account that is not among those found. Look for its name, address or number.",
    "Dieser Kontakt ist mit einem Konto verknüpft, das nicht unter den gefundenen ist. Suchen Sie nach dessen Namen, Adresse oder Nummer.",
]);
/// There are more than are shown.
pub const MORE: Text = Text([
    "The directory has more of them. Say more, for example the whole name.",
    "Das Verzeichnis hat noch mehr davon. Geben Sie mehr an, zum Beispiel den ganzen Namen.",
]);

/// Who can set the company's directory up, and where.
pub const WHO_SETS_UP_THERE: Text = Text([
    "Somebody who may edit company maintenance and all company notes in ConnectWise PSA can do it on the company's screen.",
    "Wer in ConnectWise PSA Company Maintenance und alle Notes von Firmen bearbeiten darf, kann das auf der Seite der Firma tun.",
]);

/// Which directory is asked.
#[must_use]
pub fn asks(host: &str) -> String {
    say!(
        "Looks in this company's directory at {host}.",
        "Gesucht wird im Verzeichnis dieser Firma auf {host}."
    )
}

/// What the PSA has of the record on the screen.
#[must_use]
pub fn on_record(record: Record, contact: Option<&Named>) -> String {
    let name = contact.map(|contact| contact.name.as_str()).unwrap_or_default();
    match (record, contact) {
        (Record::Ticket(_), None) => NOBODY_ON_IT.to_string(),
        (Record::Ticket(_), Some(_)) => say!("On this ticket: {name}.", "Auf diesem Ticket: {name}."),
        (Record::Contact(_), Some(contact)) if contact.inactive => {
            say!("The contact {name} is inactive.", "Der Kontakt {name} ist inaktiv.")
        }
        (Record::Contact(_), _) => say!("The contact {name}.", "Der Kontakt {name}."),
    }
}

const NOBODY_ON_IT: Text = Text(["Nobody is on this ticket yet.", "Auf diesem Ticket steht noch niemand."]);

/// "1 person", "2 people".
pub(super) fn people(number: u64) -> String {
    count(number, Text(["person", "Person"]).words(), Text(["people", "Personen"]).words())
}

/// How many were found, and where.
#[must_use]
pub fn found_people(who: &Who, wanted: &str) -> String {
    let people = people(number(who.people.len()));
    let host = &who.host;
    match (who.people.is_empty(), who.known) {
        (false, _) => say!("{people} found", "{people} gefunden"),
        (true, KnownAs::Address) => say!(
            "Nobody in the directory at {host} has the address {wanted}.",
            "Niemand im Verzeichnis auf {host} hat die Adresse {wanted}.",
        ),
        (true, KnownAs::Phone) => say!(
            "Nobody in the directory at {host} has the number {wanted}, however it is written.",
            "Niemand im Verzeichnis auf {host} hat die Nummer {wanted}, gleich in welcher Schreibweise.",
        ),
        (true, KnownAs::Name) => say!(
            "Nobody in the directory at {host} is called {wanted}.",
            "Niemand im Verzeichnis auf {host} heißt {wanted}.",
        ),
    }
}

/// What to do when nobody was found.
pub const NOBODY_FOUND: Text = Text([
    "Try what else you know: another address, a number, or the name. The person may also be outside the part of the directory that the settings name.",
    "Versuchen Sie, was Sie sonst noch wissen: eine andere Adresse, eine Nummer oder den Namen. Vielleicht ist die Person auch in einem Teil des Verzeichnisses, den die Einstellungen nicht nennen.",
]);

/// What stands against a contact for somebody.
#[must_use]
pub fn standing(standing: &Standing) -> Option<String> {
    let same = match standing {
        Standing::Clear => return None,
        Standing::Disabled => Text([
            "The account is disabled: whoever asks may have left.",
            "Das Konto ist deaktiviert: Wer fragt, hat die Firma vielleicht verlassen.",
        ]),
        Standing::LeftOut => Text([
            "This company's rules leave the account out. To say that it is a person, open the company and sync.",
            "Die Regeln dieser Firma nehmen das Konto aus. Um zu sagen, dass es eine Person ist, öffnen Sie die Firma und gleichen Sie ab.",
        ]),
        Standing::Ignored => Text([
            "Somebody said to leave this account alone. To change that, open the company and sync.",
            "Jemand hat entschieden, dieses Konto so zu lassen. Um das zu ändern, öffnen Sie die Firma und gleichen Sie ab.",
        ]),
        Standing::Elsewhere(company) if company.is_empty() => Text([
            "The account belongs to another company as well. To decide that, open the company and sync.",
            "Das Konto gehört auch zu einer anderen Firma. Um das zu entscheiden, öffnen Sie die Firma und gleichen Sie ab.",
        ]),
        Standing::Elsewhere(company) => {
            return Some(say!(
                "The account belongs to {company} as well. To decide that, open the company and sync.",
                "Das Konto gehört auch zu {company}. Um das zu entscheiden, öffnen Sie die Firma und gleichen Sie ab.",
            ));
        }
    };
    Some(same.to_string())
}

/// Which contact somebody is, and how sure that is.
#[must_use]
pub fn fitting(contact: &Named, how: How) -> String {
    let name = &contact.name;
    match (how, contact.inactive) {
        (How::Linked, false) => say!("Is the contact {name}.", "Ist der Kontakt {name}."),
        (How::Linked, true) => {
            say!("Is the contact {name}, which is inactive.", "Ist der Kontakt {name}, der inaktiv ist.")
        }
        (How::Fits, false) => say!("Fits the contact {name}.", "Passt zum Kontakt {name}."),
        (How::Fits, true) => {
            say!("Fits the contact {name}, which is inactive.", "Passt zum Kontakt {name}, der inaktiv ist.")
        }
        (How::Maybe, false) => say!("May be the contact {name}.", "Ist vielleicht der Kontakt {name}."),
        (How::Maybe, true) => say!(
            "May be the contact {name}, which is inactive.",
            "Ist vielleicht der Kontakt {name}, der inaktiv ist.",
        ),
        (How::OnScreen, _) => say!(
            "Nothing says that this is the contact {name}.",
            "Nichts spricht dafür, dass das der Kontakt {name} ist.",
        ),
    }
}

/// Somebody has no contact.
pub const HAS_NO_CONTACT: Text = Text(["Has no contact yet.", "Hat noch keinen Kontakt."]);
/// Somebody is on the ticket.
pub const ON_IT: Text = Text(["Is on the ticket.", "Steht auf dem Ticket."]);

/// What a button does to a contact, and to the ticket.
#[must_use]
pub const fn deed(kind: Option<RowKind>, is_linked: bool, puts: bool) -> Text {
    match (kind, puts) {
        (None, _) => Text(["Put on the ticket", "Auf das Ticket setzen"]),
        (Some(RowKind::Create), true) => {
            Text(["Create the contact and put it on the ticket", "Kontakt anlegen und auf das Ticket setzen"])
        }
        (Some(RowKind::Create), false) => Text(["Create the contact", "Kontakt anlegen"]),
        (Some(RowKind::Reactivate), true) => Text([
            "Bring the contact back and put it on the ticket",
            "Kontakt reaktivieren und auf das Ticket setzen",
        ]),
        (Some(RowKind::Reactivate), false) => Text(["Bring the contact back", "Kontakt reaktivieren"]),
        (Some(_), true) => Text([
            "Link the contact and put it on the ticket",
            "Kontakt verknüpfen und auf das Ticket setzen",
        ]),
        (Some(RowKind::Update), false) if is_linked => {
            Text(["Bring the contact up to date", "Kontakt aktualisieren"])
        }
        (Some(_), false) => Text(["Link with this contact", "Mit diesem Kontakt verknüpfen"]),
    }
}

/// The same with its key and whom it is about, for those who do not see the button's place.
#[must_use]
pub fn deed_for(key: Option<usize>, deed: Text, person: &Person) -> String {
    let key = key.map(|key| format!("{key} ")).unwrap_or_default();
    format!("{key}{deed}: {}", person.name)
}

/// The fields that differ.
#[must_use]
pub fn differs(changes: &[FieldChange]) -> Option<String> {
    let mut fields: Vec<String> = changes.iter().map(|change| field(change.field).to_string()).collect();
    fields.dedup();
    let listed = listed(&fields);
    (!fields.is_empty()).then(|| say!("Differs in {listed}.", "Weicht ab bei: {listed}."))
}

/// What became of the contact; none where nothing was to be written of it.
#[must_use]
pub fn of_contact(kind: RowKind, outcome: Option<&Outcome>, name: &str) -> Markup {
    let words = match (outcome, kind) {
        (Some(Outcome::Applied), RowKind::Create) => {
            say!("The contact {name} was created.", "Der Kontakt {name} wurde angelegt.")
        }
        (Some(Outcome::Applied), RowKind::Reactivate) => {
            say!("The contact {name} is active again.", "Der Kontakt {name} ist wieder aktiv.")
        }
        (Some(Outcome::Applied), RowKind::Update) => {
            say!("The contact {name} is up to date.", "Der Kontakt {name} ist jetzt aktuell.")
        }
        (Some(Outcome::Applied), _) => {
            say!("The contact {name} is linked.", "Der Kontakt {name} ist jetzt verknüpft.")
        }
        (Some(Outcome::AlreadySo), _) => say!(
            "The contact {name} was as it should be already.",
            "Der Kontakt {name} war schon so, wie er sein soll.",
        ),
        (Some(Outcome::Moved(_) | Outcome::LeftAlone), _) => say!(
            "Nothing was written of {name}: things are otherwise than they looked. Open the company and sync to decide it.",
            "Zu {name} wurde nichts geschrieben: Es ist anders, als es aussah. Öffnen Sie die Firma und gleichen Sie ab, um darüber zu entscheiden.",
        ),
        (Some(Outcome::Rejected(refusal)), _) => return refusals::contact(refusal, name),
        (Some(Outcome::Unknown), _) => say!(
            "ConnectWise PSA did not say whether it wrote the contact {name}. The next sync finds that out; do not create it by hand meanwhile.",
            "ConnectWise PSA hat nicht gesagt, ob es den Kontakt {name} geschrieben hat. Der nächste Abgleich findet es heraus; legen Sie ihn bis dahin nicht von Hand an.",
        ),
        (None, _) => say!("Nothing was written of {name}.", "Zu {name} wurde nichts geschrieben."),
    };
    html! { (words) }
}

/// What became of the ticket.
#[must_use]
pub fn of_ticket(outcome: &OnTicket, name: &str) -> Markup {
    let words = match outcome {
        OnTicket::Later => say!(
            "The ticket was left as it is. Once the contact is there, open the ticket again and put them on it.",
            "Das Ticket blieb, wie es ist. Sobald der Kontakt da ist, öffnen Sie das Ticket erneut und setzen Sie ihn darauf.",
        ),
        OnTicket::Put => say!("{name} is on the ticket now.", "{name} steht jetzt auf dem Ticket."),
        OnTicket::AlreadySo => {
            say!("{name} was on the ticket already.", "{name} stand schon auf dem Ticket.")
        }
        OnTicket::Changed(Some(other)) => say!(
            "Somebody put {other} on the ticket meanwhile, so it was left as it is. Refresh the screen and look again.",
            "Inzwischen hat jemand {other} auf das Ticket gesetzt, deshalb blieb es, wie es ist. Laden Sie die Seite neu und sehen Sie noch einmal nach.",
        ),
        OnTicket::Changed(None) => say!(
            "Somebody took the contact off the ticket meanwhile, so it was left as it is. Refresh the screen and look again.",
            "Inzwischen hat jemand den Kontakt vom Ticket genommen, deshalb blieb es, wie es ist. Laden Sie die Seite neu und sehen Sie noch einmal nach.",
        ),
        OnTicket::NoContact => say!(
            "The ticket was left as it is: {name} has no active contact of this company. Refresh the screen and look again.",
            "Das Ticket blieb, wie es ist: {name} hat keinen aktiven Kontakt in dieser Firma. Laden Sie die Seite neu und sehen Sie noch einmal nach.",
        ),
        OnTicket::Gone => say!(
            "The ticket is gone, or another company's by now.",
            "Das Ticket gibt es nicht mehr, oder es gehört inzwischen einer anderen Firma.",
        ),
        OnTicket::Rejected(refusal) => return refusals::ticket(refusal),
        OnTicket::Unknown => say!(
            "ConnectWise PSA did not say whether it put {name} on the ticket. Refresh the screen to see who is on it.",
            "ConnectWise PSA hat nicht gesagt, ob es {name} auf das Ticket gesetzt hat. Laden Sie die Seite neu, um zu sehen, wer darauf steht.",
        ),
    };
    html! { (words) }
}

#[cfg(test)]
mod tests {
    use reconcile::{ContactId, Field};

    use super::*;
    use crate::text::{Language, speaking};

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

    #[test]
    fn finding_somebody_is_said_in_german() {
        let contact = Named { id: ContactId(1), name: "Ann Smith".to_owned(), inactive: true };
        let change = |field| FieldChange { field, old: None, new: String::new(), shortened: false };
        speaking(Language::German, || {
            assert_eq!(people(1), "1 Person");
            assert_eq!(people(2), "2 Personen");
            assert_eq!(fitting(&contact, How::Fits), "Passt zum Kontakt Ann Smith, der inaktiv ist.");
            let fields = differs(&[change(Field::FirstName), change(Field::Title)]).unwrap();
            assert!(fields.starts_with("Weicht ab bei: ") && fields.contains(" und "), "{fields}");
            assert_eq!(
                standing(&Standing::Elsewhere("Hafen GmbH".to_owned())).unwrap(),
                "Das Konto gehört auch zu Hafen GmbH. Um das zu entscheiden, öffnen Sie die Firma und gleichen Sie ab."
            );
        });
    }
}
