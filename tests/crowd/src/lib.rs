//! An invented company of any size, of whose people three in a hundred differ between the directory and
//! the PSA: for measuring the planner, and for holding its plans here against those of a browser.
//!
//! Compiled for WASM, it exports what [`wasm`] names; [`wasm::build`] compiles it.

#[cfg(target_arch = "wasm32")]
mod exports;
#[cfg(not(target_arch = "wasm32"))]
pub mod wasm;

use reconcile::{Account, AccountId, Communication, Contact, ContactId, Coverage, Link, Slot, Snapshot};
use uuid::Uuid;

/// A company.
#[derive(Clone, Debug)]
pub struct Crowd {
    /// Its directory.
    pub snapshot: Snapshot,
    /// Its contacts.
    pub contacts: Vec<Contact>,
    /// Who was linked before: all but the newcomers.
    pub links: Vec<Link>,
}

/// Always the same numbers (the generator of Numerical Recipes; what matters is that it is the same
/// everywhere).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % most as u64).unwrap_or_default()
    }
}

const SYLLABLES: [&str; 20] = [
    "ba", "den", "fi", "gor", "ha", "jo", "kel", "li", "mar", "ne", "os", "pin", "ro", "sa", "ter", "ul",
    "van", "wi", "yor", "zu",
];
const TITLES: [&str; 5] = ["Clerk", "Nurse", "Driver", "Planner", "Welder"];

fn name(dice: &mut Dice, syllables: usize) -> String {
    let mut name: String = (0..syllables).map(|_| SYLLABLES[dice.below(SYLLABLES.len())]).collect();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    name
}

/// Makes a company of so many people. Of each hundred one is new, one has another title or name in the
/// PSA than in the directory, and one has left.
#[must_use]
pub fn crowd(people: u32) -> Crowd {
    let mut dice = Dice(7);
    let mut crowd = Crowd {
        snapshot: Snapshot { accounts: Vec::new(), coverage: Coverage::Complete },
        contacts: Vec::new(),
        links: Vec::new(),
    };
    for number in 1..=people {
        let (given, family) = (name(&mut dice, 2), name(&mut dice, 3));
        let mail = format!("{given}.{family}{number}@crowd.example").to_lowercase();
        let title = TITLES[dice.below(TITLES.len())];
        let id = AccountId(Uuid::from_u128(u128::from(number) << 64 | 0x8000_0000_0000_0000));
        let mut account = Account {
            id,
            dn: format!("CN={number},DC=crowd,DC=example"),
            logon_name: format!("u{number}"),
            principal_name: Some(mail.clone()),
            given_name: Some(given.clone()),
            surname: Some(family.clone()),
            display_name: Some(format!("{given} {family}")),
            mail: Some(mail.clone()),
            title: Some(title.to_owned()),
            telephone: Some(format!("+44 20 {number:08}")),
            enabled: true,
            ..Account::default()
        };
        let item = |id, slot, value| Communication { id, slot, value, default: true };
        let mut contact = Contact {
            id: ContactId(i64::from(number)),
            first_name: given,
            last_name: family,
            title: title.to_owned(),
            communications: vec![
                item(1, Slot::Email, mail),
                item(2, Slot::Direct, format!("+44 20 {number:08}")),
            ],
            ..Contact::default()
        };
        let difference = dice.below(100);
        match difference {
            1 if dice.below(2) == 0 => "Clerk of old".clone_into(&mut contact.title),
            1 => contact.last_name.push('x'),
            2 => account.enabled = false,
            _ => {}
        }
        crowd.snapshot.accounts.push(account);
        if difference != 0 {
            let link = Link::new(id, contact.id);
            crowd.links.push(link);
            crowd.contacts.push(contact);
        }
    }
    crowd
}
