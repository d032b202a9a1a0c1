//! The contacts that the PSA holds for the same people: most of them right, the rest in every way
//! in which a contact list drifts from a directory.

use anyhow::Context;
use serde::Serialize;

use crate::people::{MAIL_DOMAIN, Person};

/// One row of the PSA simulator's `contacts.csv`.
#[expect(clippy::struct_excessive_bools, reason = "each is a column of its own in the file")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// The company's identifier.
    pub company: String,
    /// First name; the PSA wants one.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Job title.
    pub title: String,
    /// The default e-mail address.
    pub email: String,
    /// The direct number.
    pub direct: String,
    /// The mobile number.
    pub mobile: String,
    /// The fax number.
    pub fax: String,
    /// Set aside.
    pub inactive: bool,
    /// The company's default contact.
    pub default: bool,
    /// The company's billing contact.
    pub billing: bool,
    /// May log in to the customer portal.
    pub portal: bool,
}

/// Harbor Manufacturing in the PSA.
pub const HARBOR: &str = "HarborMfg";

// The PSA's bounds (ConnectWise PSA REST schema, `Contact`).
const NAME_LENGTH: usize = 30;
const TITLE_LENGTH: usize = 100;

/// The whole file, for these people and for the other companies.
pub fn csv(people: &[Person]) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for contact in contacts(people).iter().chain(&elsewhere()) {
        writer.serialize(contact)?;
    }
    String::from_utf8(writer.into_inner().context("the file")?).context("the file")
}

/// Harbor Manufacturing's contacts.
pub fn contacts(people: &[Person]) -> Vec<Contact> {
    let mut contacts: Vec<Contact> =
        people.iter().enumerate().filter_map(|(number, person)| contact(number, person)).collect();
    contacts.extend(people.iter().find(|person| person.logon == DOUBLE).map(|person| Contact {
        first_name: initial(person),
        title: String::new(),
        ..plain(person)
    }));
    contacts.extend(without_account());
    contacts
}

/// At work, and nobody has made a contact: one in eight of the ordinary people, and these.
const WITHOUT_CONTACT: [&str; 4] = ["rknight", "abekele", "iflores", "pbaker"];
/// Left, and the contact was set aside.
const SET_ASIDE: [&str; 4] = ["nhunter", "odrake", "psantos", "rvanes"];
/// Left so long ago that there is no contact.
const FORGOTTEN: [&str; 2] = ["sgibson", "tbrandt"];
/// At work, though the contact was set aside by hand.
const SET_ASIDE_BY_HAND: &str = "ctaylor3";
/// Has two contacts.
const DOUBLE: &str = "tvisser";

fn contact(number: usize, person: &Person) -> Option<Contact> {
    let logon = person.logon.as_str();
    let person_at_all = matches!(person.units.last(), Some(&("People" | "Leavers")));
    let ordinary = person.mail.is_some() && !person.disabled && number < 138;
    if !person_at_all
        || FORGOTTEN.contains(&logon)
        || WITHOUT_CONTACT.contains(&logon)
        || (ordinary && number % 8 == 6)
    {
        return None;
    }
    let mut contact = plain(person);
    if ordinary {
        drift(number, &mut contact);
    }
    contact.inactive = SET_ASIDE.contains(&logon) || logon == SET_ASIDE_BY_HAND;
    contact.default = logon == "ldeclercq";
    contact.billing = logon == "asmith";
    contact.portal = matches!(logon, "pvdheuvel" | "dgraham");
    match logon {
        // His address has become somebody else's in the directory.
        "rking" => contact.email = format!("r.k@{MAIL_DOMAIN}"),
        // Known under the name and the address she had before she married.
        "lbakker" => {
            "Bakker".clone_into(&mut contact.last_name);
            contact.email = format!("laura.bakker@{MAIL_DOMAIN}");
        }
        // What a person would type instead of what the directory has.
        "hmarks" => "IT Manager".clone_into(&mut contact.title),
        _ => {}
    }
    Some(contact)
}

/// The contact as the directory has the person.
fn plain(person: &Person) -> Contact {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let cut = |text: String, length| text.chars().take(length).collect::<String>();
    Contact {
        company: HARBOR.to_owned(),
        first_name: cut(text(&person.given_name), NAME_LENGTH),
        last_name: cut(text(&person.surname), NAME_LENGTH),
        title: if person.disabled { String::new() } else { cut(text(&person.title), TITLE_LENGTH) },
        email: text(&person.mail),
        direct: text(&person.telephone),
        mobile: text(&person.mobile),
        ..Contact::default()
    }
}

fn initial(person: &Person) -> String {
    person.given_name.iter().flat_map(|name| name.chars().take(1)).chain(['.']).collect()
}

/// How ordinary contacts differ from their accounts, by number.
fn drift(number: usize, contact: &mut Contact) {
    match number % 5 {
        // The same number in other notations.
        1 => contact.direct = contact.direct.replace("+44 20 7946 ", "(020) 7946-"),
        2 => contact.direct = contact.direct.replace("+44 20 7946 ", "+44 (0)20 7946 "),
        3 => contact.direct = contact.direct.replace(' ', ""),
        _ => {}
    }
    match number % 24 {
        // Found by name only.
        4 => contact.email.clear(),
        16 => contact.email = contact.email.replace(MAIL_DOMAIN, "post.example"),
        _ => {}
    }
    match number % 26 {
        3 => "Trainee".clone_into(&mut contact.title),
        17 => contact.direct = format!("+44 20 7946 09{:02}", number % 100),
        _ => {}
    }
    if number % 3 == 1 {
        contact.mobile.clear();
    }
}

/// Contacts of Harbor Manufacturing that never had an account.
fn without_account() -> Vec<Contact> {
    let contact = |first_name: &str, last_name: &str, title: &str, email: &str| Contact {
        company: HARBOR.to_owned(),
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        title: title.to_owned(),
        email: email.to_owned(),
        ..Contact::default()
    };
    vec![
        contact("Reception", "Desk", "", "reception@harbor.example"),
        contact("Irene", "Ledger", "External Accountant", "irene@ledger.example"),
        contact("Gate", "Security", "Night Watch", ""),
        contact("Otto", "Harbor", "Founder", "otto@post.example"),
        contact("Mira", "Solano", "Elevator Maintenance", "mira@lifts.example"),
        contact("Bart", "Kuiper", "Landlord", "bart@wharf.example"),
    ]
}

/// A few people of the other companies.
fn elsewhere() -> Vec<Contact> {
    let contact =
        |company: &str, first_name: &str, last_name: &str, title: &str, domain: &str, number: u32| {
            let email = format!("{first_name}.{last_name}@{domain}").to_lowercase();
            Contact {
                company: company.to_owned(),
                first_name: first_name.to_owned(),
                last_name: last_name.to_owned(),
                title: title.to_owned(),
                email,
                direct: format!("+44 113 496 0{number:03}"),
                ..Contact::default()
            }
        };
    let mut contacts = vec![
        contact("LindenLaw", "Sample", "Counsel", "Partner", "linden.example", 101),
        contact("LindenLaw", "Petra", "Linden", "Partner", "linden.example", 102),
        contact("LindenLaw", "Ivo", "Klerk", "Paralegal", "linden.example", 103),
        contact("LindenLaw", "Joost", "Balie", "Office Manager", "linden.example", 104),
        contact("NorthClinic", "Amara", "Okafor", "Physician", "northclinic.example", 201),
        contact("NorthClinic", "Ruth", "Barnes", "Practice Manager", "northclinic.example", 202),
        contact("NorthClinic", "Dev", "Anand", "Pharmacist", "northclinic.example", 203),
        contact("NorthClinic", "Holly", "Marsh", "Receptionist", "northclinic.example", 204),
        contact("NorthClinic", "Ewan", "Blair", "Nurse", "northclinic.example", 205),
        contact("OldMill", "Lien", "Molenaar", "Baker", "oldmill.example", 301),
    ];
    for (position, default, billing) in [(0, true, true), (5, true, false), (9, true, true)] {
        contacts[position].default = default;
        contacts[position].billing = billing;
    }
    contacts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::people;

    #[test]
    fn the_simulators_file_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../psa-simulator/data/contacts.csv");
        let kept = std::fs::read_to_string(path).unwrap();
        let made = csv(&people()).unwrap();
        assert!(kept == made, "run: cargo run -p sample-directory -- --contacts > {path}");
    }

    #[test]
    fn the_list_has_every_kind_of_drift() {
        let people = people();
        let contacts = contacts(&people);
        let count = |fits: &dyn Fn(&Contact) -> bool| contacts.iter().filter(|contact| fits(contact)).count();
        let of =
            |contact: &Contact| people.iter().find(|person| person.mail.as_ref() == Some(&contact.email));
        assert!((160..=175).contains(&contacts.len()), "{}", contacts.len());
        assert!(count(&|contact| of(contact).is_some()) > 130);
        assert_eq!(count(&|contact| contact.inactive), 5);
        assert_eq!(count(&|contact| contact.default), 1);
        assert_eq!(count(&|contact| contact.billing), 1);
        assert_eq!(count(&|contact| contact.portal), 2);
        let disabled =
            |contact: &Contact| !contact.inactive && of(contact).is_some_and(|person| person.disabled);
        assert_eq!(count(&disabled), 7, "and Robert King, whose address is another's");
        let unnamed = |person: &&Person| {
            person.units.contains(&"People")
                && !contacts.iter().any(|contact| {
                    Some(&contact.first_name) == person.given_name.as_ref()
                        && (contact.last_name.is_empty()
                            || person
                                .surname
                                .as_ref()
                                .is_some_and(|name| name.starts_with(&contact.last_name)))
                })
        };
        let without = people.iter().filter(unnamed).count();
        assert!((19..=24).contains(&without), "{without}");
    }
}
