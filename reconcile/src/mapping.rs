//! The mapping: which contact field takes which account attribute, who owns it, and when it really
//! differs. `docs/mapping.md` has it as a table.

use serde::{Deserialize, Serialize};

use crate::{
    Account, Contact, ContactId, Owner, Places, Policy, Rule, Slot, Test, UserFields, normal, rules::owner,
};

/// A contact field that the directory feeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// `firstName`, from `givenName`.
    FirstName,
    /// `lastName`, from `sn`.
    LastName,
    /// `title`, from `title`.
    Title,
    /// `department`, a reference, from `department`.
    Department,
    /// The e-mail item, from `mail`.
    Email,
    /// A further e-mail item, from `proxyAddresses`; one change for each.
    Aliases,
    /// The direct number, from `telephoneNumber`.
    Direct,
    /// The mobile number, from `mobile`.
    Mobile,
    /// The fax number, from `facsimileTelephoneNumber`.
    Fax,
    /// `managerContact`, from `manager`: the id of the contact that the manager's account is linked to.
    Manager,
    /// `site`, a reference, by rules.
    Site,
    /// One of `types`, by rules; one change for each.
    Type,
    /// The user-defined field that a rule names, from `employeeID`.
    EmployeeId,
    /// The user-defined field that a rule names, from `objectGUID`: the link, kept in the PSA as well.
    AccountId,
}

impl Field {
    /// All fields, in the order in which they are shown.
    pub const ALL: [Self; 14] = [
        Self::FirstName,
        Self::LastName,
        Self::Title,
        Self::Department,
        Self::Email,
        Self::Aliases,
        Self::Direct,
        Self::Mobile,
        Self::Fax,
        Self::Manager,
        Self::Site,
        Self::Type,
        Self::EmployeeId,
        Self::AccountId,
    ];

    /// The stable code of the field.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Title => "title",
            Self::Department => "department",
            Self::Email => "email",
            Self::Aliases => "aliases",
            Self::Direct => "direct",
            Self::Mobile => "mobile",
            Self::Fax => "fax",
            Self::Manager => "manager",
            Self::Site => "site",
            Self::Type => "type",
            Self::EmployeeId => "employee_id",
            Self::AccountId => "account_id",
        }
    }

    /// The communication slot that holds the field, for those that one communication item holds.
    #[must_use]
    pub const fn slot(self) -> Option<Slot> {
        match self {
            Self::Email => Some(Slot::Email),
            Self::Direct => Some(Slot::Direct),
            Self::Mobile => Some(Slot::Mobile),
            Self::Fax => Some(Slot::Fax),
            _ => None,
        }
    }

    /// Whether the field is one or several communication items.
    #[must_use]
    pub const fn is_communication(self) -> bool {
        self.slot().is_some() || matches!(self, Self::Aliases)
    }

    /// Who owns the field where no rule says otherwise.
    #[must_use]
    pub const fn usual_owner(self) -> Owner {
        match self {
            Self::Aliases | Self::Manager => Owner::Psa,
            _ => Owner::Directory,
        }
    }

    /// Whether rules may say who owns it. The others follow rules of their own.
    pub(crate) const fn may_be_owned(self) -> bool {
        !matches!(self, Self::Site | Self::Type | Self::EmployeeId | Self::AccountId)
    }

    /// The longest value in characters. Names and title: what the PSA enforced in its older
    /// specification (30, 30, 100); the others: its API specification 2025.16.
    #[must_use]
    pub const fn limit(self) -> usize {
        match self {
            Self::FirstName | Self::LastName | Self::Department => 30,
            Self::Title => 100,
            Self::Email | Self::Aliases | Self::Direct | Self::Mobile | Self::Fax => 250,
            Self::Manager | Self::Site | Self::Type | Self::EmployeeId | Self::AccountId => 50,
        }
    }
}

/// One field of a row: what the contact has and what it would get.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Which field.
    pub field: Field,
    /// The contact's value now; `None` when it has none, or gets one more.
    pub old: Option<String>,
    /// The value that it would get. Never empty: a blank never overwrites. Of a reference the name in
    /// the PSA, of a manager the contact's id.
    pub new: String,
    /// `new` had to be cut to the PSA's limit.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shortened: bool,
}

/// A value that the PSA has nothing to refer to for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unplaced {
    /// Which field.
    pub field: Field,
    /// What it would get, if the PSA had that.
    pub value: String,
}

/// What a contact would get.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mapped {
    pub(crate) changes: Vec<FieldChange>,
    pub(crate) unplaced: Vec<Unplaced>,
}

/// The given and family name to create a contact with. Where the directory has only a display
/// name, "Family, Given" and "Given Family" are taken apart; a single word is the first name,
/// which the PSA requires.
pub(crate) fn name_parts(account: &Account) -> (String, String) {
    let given = account.given_name.as_deref().map(tidy).unwrap_or_default();
    let family = account.surname.as_deref().map(tidy).unwrap_or_default();
    if !given.is_empty() {
        return (given, family);
    }
    let display = account.display_name.as_deref().map(without_remarks).unwrap_or_default();
    if !family.is_empty() {
        // "Smith, Ann" or "Ann Smith" beside sn=Smith: what is left is the given name.
        let rest = display.replacen(&family, "", 1);
        let rest = tidy(rest.trim_matches(|sign: char| sign == ',' || sign.is_whitespace()));
        return if rest.is_empty() { (family, String::new()) } else { (rest, family) };
    }
    if let Some((family, given)) = display.split_once(',') {
        return (tidy(given), tidy(family));
    }
    match display.rsplit_once(' ') {
        Some((given, family)) => (given.to_owned(), family.to_owned()),
        None => (display, String::new()),
    }
}

/// A name that is shown, without what somebody added: `Ann Smith (left)`,
/// `zz_Ann Smith`, `Ann Smith | Harbor`.
pub(crate) fn without_remarks(display: &str) -> String {
    let mut outside = String::new();
    let mut depth = 0_u32;
    for sign in display.chars() {
        match sign {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            '|' if depth == 0 && !outside.trim().is_empty() => break,
            _ if depth == 0 => outside.push(sign),
            _ => {}
        }
    }
    let name = tidy(&outside);
    let name = ["zz_", "zz-", "x_", "_"].iter().find_map(|mark| name.strip_prefix(mark)).unwrap_or(&name);
    if name.trim().is_empty() { tidy(display) } else { tidy(name) }
}

/// White space at the ends gone, runs of it one space: the PSA folds line breaks and tabs anyway
/// (ConnectWise Developer Guide, escaping).
pub(crate) fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Cut to `field`'s limit; whether that was needed.
fn fitted(field: Field, text: &str) -> (String, bool) {
    let text = tidy(text);
    match text.char_indices().nth(field.limit()) {
        None => (text, false),
        Some((end, _)) => (text[..end].trim_end().to_owned(), true),
    }
}

/// The mapping of one company.
#[derive(Debug)]
pub(crate) struct Mapping {
    /// Those that the directory owns.
    fields: Vec<Field>,
    /// Those that a new contact gets: also what the PSA owns by a rule, because it has nothing there yet.
    first_fields: Vec<Field>,
    create_departments: bool,
    sites: Vec<(String, Test)>,
    types: Vec<(String, Test)>,
    places: Places,
}

/// What the directory would like a field to be.
enum Wish {
    Value(String),
    Nowhere(String),
}

impl Mapping {
    pub(crate) fn new(policy: &Policy) -> Self {
        let user_fields = UserFields::of(&policy.rules);
        let has_a_place = |field: &Field| {
            !policy.places.without.contains(field)
                && match field {
                    Field::EmployeeId => user_fields.employee_id.is_some(),
                    Field::AccountId => user_fields.account_id.is_some(),
                    _ => true,
                }
        };
        let directory = |owner: Owner| owner == Owner::Directory;
        let of = |wanted: &dyn Fn(Field) -> bool| -> Vec<Field> {
            Field::ALL.into_iter().filter(|field| has_a_place(field) && wanted(*field)).collect()
        };
        let named = |chosen: fn(&Rule) -> Option<(&String, &Test)>| {
            let rules = policy.rules.iter().filter_map(chosen);
            rules.map(|(name, test)| (name.clone(), test.clone())).collect()
        };
        Self {
            fields: of(&|field| directory(owner(&policy.rules, field))),
            first_fields: of(&|field| {
                directory(owner(&policy.rules, field)) || directory(field.usual_owner())
            }),
            create_departments: policy.rules.contains(&Rule::CreateDepartments),
            sites: named(|rule| if let Rule::Site(name, test) = rule { Some((name, test)) } else { None }),
            types: named(|rule| if let Rule::Type(name, test) = rule { Some((name, test)) } else { None }),
            places: policy.places.clone(),
        }
    }

    /// Whether the directory owns the field.
    pub(crate) fn takes(&self, field: Field) -> bool {
        self.fields.contains(&field)
    }

    /// The fields of a contact made for `account`.
    pub(crate) fn created(&self, account: &Account, manager: Option<ContactId>) -> Mapped {
        let (given, family) = name_parts(account);
        let mut mapped = Mapped::default();
        for &field in &self.first_fields {
            let wishes = match field {
                Field::FirstName => vec![Wish::Value(given.clone())],
                Field::LastName => vec![Wish::Value(family.clone())],
                _ => self.wishes(account, manager, field),
            };
            mapped.take(field, wishes, None);
        }
        mapped
    }

    /// The fields in which `contact` really differs from what `account` says.
    pub(crate) fn differences(
        &self,
        account: &Account,
        contact: &Contact,
        manager: Option<ContactId>,
    ) -> Mapped {
        let mut mapped = Mapped::default();
        for &field in &self.fields {
            mapped.take(field, self.wishes(account, manager, field), Some(contact));
        }
        mapped
    }

    fn wishes(&self, account: &Account, manager: Option<ContactId>, field: Field) -> Vec<Wish> {
        let one = |text: Option<&str>| text.map(|text| Wish::Value(text.to_owned())).into_iter().collect();
        match field {
            Field::FirstName => one(account.given_name.as_deref()),
            Field::LastName => one(account.surname.as_deref()),
            Field::Title => one(account.title.as_deref()),
            Field::Email => one(primary(account)),
            Field::Direct => one(account.telephone.as_deref()),
            Field::Mobile => one(account.mobile.as_deref()),
            Field::Fax => one(account.fax.as_deref()),
            Field::EmployeeId => one(account.employee_id.as_deref()),
            Field::AccountId => vec![Wish::Value(account.id.to_string())],
            Field::Aliases => aliases(account).map(|alias| Wish::Value(alias.to_owned())).collect(),
            Field::Manager => manager.map(|id| Wish::Value(id.to_string())).into_iter().collect(),
            Field::Department => {
                let Some(department) = account.department.as_deref().map(tidy) else { return Vec::new() };
                self.department(&department).into_iter().collect()
            }
            Field::Site => by_rules(account, &self.sites, self.places.sites.as_ref()).take(1).collect(),
            Field::Type => by_rules(account, &self.types, self.places.types.as_ref()).collect(),
        }
    }

    fn department(&self, department: &str) -> Option<Wish> {
        let known = self.places.departments.as_ref()?;
        let (cut, _) = fitted(Field::Department, department);
        if normal::fold(&cut).is_empty() {
            return None;
        }
        Some(match called(known, &cut) {
            Some(known) => Wish::Value(known.clone()),
            None if self.create_departments => Wish::Value(department.to_owned()),
            None => Wish::Nowhere(department.to_owned()),
        })
    }
}

/// The names that the rules give to the account, each as the PSA writes it. None where the names were
/// not read.
fn by_rules<'a>(
    account: &'a Account,
    rules: &'a [(String, Test)],
    known: Option<&'a Vec<String>>,
) -> impl Iterator<Item = Wish> + 'a {
    known.into_iter().flat_map(move |known| {
        rules.iter().filter(|(_, test)| test.fits(account)).map(move |(name, _)| match called(known, name) {
            Some(known) => Wish::Value(known.clone()),
            None => Wish::Nowhere(name.clone()),
        })
    })
}

/// The one of these names that is the same but for case and signs.
fn called<'a>(known: &'a [String], name: &str) -> Option<&'a String> {
    let folded = normal::fold(name);
    known
        .iter()
        .find(|known| *known == name)
        .or_else(|| known.iter().find(|known| normal::fold(known) == folded))
}

fn primary(account: &Account) -> Option<&str> {
    account.primary_address().filter(|text| normal::address(text).is_some())
}

/// More than this is a distribution list's history, not a person's addresses.
const MOST_ALIASES: usize = 10;

/// The addresses beside the primary one, without those that a Microsoft 365 tenant makes for routing.
fn aliases(account: &Account) -> impl Iterator<Item = &str> {
    let first = primary(account).and_then(normal::address);
    account
        .proxy_addresses
        .iter()
        .map(String::as_str)
        .filter(move |text| {
            normal::address(text).is_some_and(|address| {
                Some(&address) != first.as_ref() && !address.ends_with(".onmicrosoft.com")
            })
        })
        .take(MOST_ALIASES)
}

impl Mapped {
    fn take(&mut self, field: Field, wishes: Vec<Wish>, contact: Option<&Contact>) {
        for wish in wishes {
            let (text, nowhere) = match wish {
                Wish::Value(text) => (text, false),
                Wish::Nowhere(text) => (text, true),
            };
            let (new, shortened) = fitted(field, &text);
            let known = self.changes.iter().any(|change| change.field == field && change.new == new);
            if new.is_empty() || known || contact.is_some_and(|contact| is_held(contact, field, &new)) {
                continue;
            }
            if nowhere {
                self.unplaced.push(Unplaced { field, value: new });
                continue;
            }
            let old = contact.and_then(|contact| current(contact, field));
            self.changes.push(FieldChange { field, old, new, shortened });
        }
    }
}

/// Whether the contact has this value already, however it writes it.
fn is_held(contact: &Contact, field: Field, new: &str) -> bool {
    let same_words = |old: &str| normal::fold(new) == normal::fold(old);
    match field {
        Field::FirstName => same_words(&contact.first_name),
        Field::LastName => same_words(&contact.last_name),
        Field::Department => same_words(&contact.department),
        Field::Site => same_words(&contact.site),
        Field::Type => contact.types.iter().any(|held| same_words(held)),
        Field::Title => new == tidy(&contact.title),
        Field::EmployeeId => new == tidy(&contact.employee_id),
        Field::AccountId => new.eq_ignore_ascii_case(contact.account_id.trim()),
        Field::Manager => contact.manager.is_some_and(|manager| manager.to_string() == new),
        Field::Email | Field::Aliases => {
            let wanted = normal::address(new);
            contact.addresses().any(|held| normal::address(held) == wanted)
        }
        Field::Direct | Field::Mobile | Field::Fax => {
            current(contact, field).is_some_and(|old| old == new || normal::same_number(&old, new))
        }
    }
}

impl FieldChange {
    /// Whether the contact has the new value, however the PSA writes it.
    #[must_use]
    pub fn is_made(&self, contact: &Contact) -> bool {
        is_held(contact, self.field, &self.new)
    }

    /// Whether the contact has the old value again: of a value that was added, whether it is gone, and where
    /// there is room for one only, whether no other took its place. A site has another one by itself.
    #[must_use]
    pub fn is_undone(&self, contact: &Contact) -> bool {
        match &self.old {
            Some(old) => is_held(contact, self.field, old),
            None if matches!(self.field, Field::Aliases | Field::Type | Field::Site) => {
                !self.is_made(contact)
            }
            None => current(contact, self.field).is_none(),
        }
    }

    /// The place among the contact's communication items of the one that has the new value.
    #[must_use]
    pub fn place_in(&self, contact: &Contact) -> Option<usize> {
        let items = &contact.communications;
        let wanted = normal::address(&self.new);
        match self.field {
            Field::Email | Field::Aliases => items.iter().position(|item| {
                matches!(item.slot, Slot::Email | Slot::OtherEmail) && normal::address(&item.value) == wanted
            }),
            field => {
                let held = contact.in_slot(field.slot()?)?;
                items.iter().position(|item| item.id == held.id)
            }
        }
    }
}

/// What the contact has in a field that holds one value.
fn current(contact: &Contact, field: Field) -> Option<String> {
    let text = match field {
        Field::FirstName => &contact.first_name,
        Field::LastName => &contact.last_name,
        Field::Title => &contact.title,
        Field::Department => &contact.department,
        Field::Site => &contact.site,
        Field::EmployeeId => &contact.employee_id,
        Field::AccountId => &contact.account_id,
        Field::Manager => return contact.manager.map(|manager| manager.to_string()),
        Field::Aliases | Field::Type => return None,
        Field::Email | Field::Direct | Field::Mobile | Field::Fax => {
            return contact.in_slot(field.slot()?).map(|item| item.value.clone());
        }
    };
    (!text.is_empty()).then(|| text.clone())
}
