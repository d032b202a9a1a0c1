//! Members, their roles, and their login sessions.

use std::collections::BTreeSet;

use rand::RngExt as _;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::World;
use crate::options::{Options, PASSWORD};
use crate::schema::Record;

/// How far a right reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub enum Level {
    /// Not at all.
    None,
    /// Records of the member's own companies.
    My,
    /// Every record.
    All,
}

/// One line of a security role, as `/system/mySecurity` shows it.
#[derive(Clone, Copy, Debug)]
pub struct Right {
    /// `moduleName`
    pub module: &'static str,
    /// `moduleFunctionName`
    pub function: &'static str,
    /// `addLevel`
    pub add: Level,
    /// `editLevel`
    pub edit: Level,
    /// `deleteLevel`
    pub delete: Level,
    /// `inquireLevel`
    pub inquire: Level,
}

/// A security role: a line that is not there is a no.
#[derive(Clone, Debug)]
pub struct Role {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: &'static str,
    /// Its lines.
    pub rights: Vec<Right>,
}

impl Role {
    /// The line for a function of a module; tests change it in place.
    pub fn right_mut(&mut self, module: &str, function: &str) -> Option<&mut Right> {
        self.rights.iter_mut().find(|right| right.module == module && right.function == function)
    }

    pub(crate) fn right(&self, module: &str, function: &str) -> Option<&Right> {
        self.rights.iter().find(|right| right.module == module && right.function == function)
    }
}

/// A person who signs in to the PSA, or an API member with a pair of keys.
#[derive(Clone, Debug)]
pub struct Member {
    /// The numeric id.
    pub id: i64,
    /// The login name.
    pub identifier: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Primary e-mail address.
    pub email: String,
    /// The password at `login/login.aspx`.
    pub password: String,
    /// An inactive member cannot sign in, and live sessions end.
    pub inactive: bool,
    /// The public and the private key of an API member.
    pub keys: Option<(String, String)>,
    /// What the member may do.
    pub role: Role,
    /// Companies (ids) that the member may not see at all.
    pub hidden: BTreeSet<i64>,
    /// Companies (ids) that the level `My` reaches.
    pub own: BTreeSet<i64>,
}

impl Member {
    pub(crate) fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// The member as `/system/members` and `/system/myMembers/info` show it.
    pub(crate) fn record(&self) -> Record {
        let class = if self.keys.is_some() { "A" } else { "F" };
        let value = json!({
            "id": self.id,
            "identifier": self.identifier,
            "licenseClass": class,
            "inactiveFlag": self.inactive,
            "firstName": self.first_name,
            "lastName": self.last_name,
            "fullName": self.full_name(),
            "defaultEmail": "Office",
            "officeEmail": self.email,
            "primaryEmail": self.email,
            "securityRole": {"id": self.role.id, "name": self.role.name},
            "adminFlag": self.role.name == "Admin",
            "defaultLocation": {"id": 2, "name": "Head Office"},
            "timeZone": {"id": 1, "name": "W. Europe Standard Time"},
        });
        as_record(value)
    }

    /// An API member as `/system/apiMembers` shows it.
    pub(crate) fn api_record(&self) -> Record {
        as_record(json!({
            "id": self.id,
            "identifier": self.identifier,
            "name": self.full_name(),
            "emailAddress": self.email,
            "inactiveFlag": self.inactive,
            "securityRole": {"id": self.role.id, "name": self.role.name},
            "defaultLocation": {"id": 2, "name": "Head Office"},
        }))
    }

    /// The rows of `/system/mySecurity`.
    pub(crate) fn security_rows(&self) -> Vec<Record> {
        let row = |(number, right): (i64, &Right)| {
            as_record(json!({
                "id": number,
                "addLevel": right.add,
                "editLevel": right.edit,
                "deleteLevel": right.delete,
                "inquireLevel": right.inquire,
                "customFlag": false,
                "member": {"id": self.id, "identifier": self.identifier, "name": self.full_name()},
                "moduleIdentifier": right.module.to_uppercase(),
                "moduleName": right.module,
                "moduleDescription": right.module,
                "moduleFunctionIdentifier": right.function.replace(' ', ""),
                "moduleFunctionName": right.function,
                "moduleFunctionDescription": right.function,
                "myAllFlag": true,
                "reportFlag": false,
                "restrictFlag": false,
                "sortOrder": number,
            }))
        };
        (1..).zip(&self.role.rights).map(row).collect()
    }
}

fn as_record(value: Value) -> Record {
    match value {
        Value::Object(record) => record,
        _ => Record::new(),
    }
}

impl World {
    /// A member by identifier, in any case.
    pub fn member(&self, identifier: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.identifier.eq_ignore_ascii_case(identifier))
    }

    /// A member to change.
    pub fn member_mut(&mut self, identifier: &str) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| member.identifier.eq_ignore_ascii_case(identifier))
    }

    /// Every member, API members included.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Hide a company from a member: its records are 403 and absent from lists.
    pub fn hide_company(&mut self, identifier: &str, company: i64) {
        if let Some(member) = self.member_mut(identifier) {
            member.hidden.insert(company);
        }
    }

    /// Undo [`World::hide_company`].
    pub fn show_company(&mut self, identifier: &str, company: i64) {
        if let Some(member) = self.member_mut(identifier) {
            member.hidden.remove(&company);
        }
    }

    /// The hash of a member's live session, which begins when there is none.
    pub fn hash_of(&mut self, identifier: &str) -> Option<String> {
        let member = self.member(identifier).filter(|member| !member.inactive)?;
        let identifier = member.identifier.clone();
        let live = self.sessions.iter().find(|(_, owner)| **owner == identifier);
        if let Some((hash, _)) = live {
            return Some(hash.clone());
        }
        let hash = fresh_hash();
        self.sessions.insert(hash.clone(), identifier);
        Some(hash)
    }

    /// End a member's sessions: the hashes handed out so far are worth nothing.
    pub fn expire_hash(&mut self, identifier: &str) {
        self.sessions.retain(|_, owner| !owner.eq_ignore_ascii_case(identifier));
    }
}

/// A hash that belongs to nobody has the same look.
pub(crate) fn fresh_hash() -> String {
    let bytes: [u8; 16] = rand::rng().random();
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

use Level::{All, My, None as No};

/// Every function that the interface asks about.
const FUNCTIONS: [(&str, &str); 12] = [
    ("Companies", "Company Maintenance"),
    ("Companies", "Contacts"),
    ("Companies", "Notes"),
    ("Companies", "Manage Attachments"),
    ("Finance", "Agreements"),
    ("Procurement", "Product Catalog"),
    ("Service Desk", "Service Tickets"),
    ("System", "API Reports"),
    ("System", "Manage Hosted API"),
    ("System", "Member Maintenance"),
    ("System", "My Company"),
    ("System", "Table Setup"),
];

/// A role from `[add, edit, delete, inquire]` per function; what `levels` leaves out is all `None`.
fn role(id: i64, name: &'static str, levels: impl Fn(&str) -> [Level; 4]) -> Role {
    let rights = FUNCTIONS
        .iter()
        .map(|&(module, function)| {
            let [add, edit, delete, inquire] = levels(function);
            Right { module, function, add, edit, delete, inquire }
        })
        .collect();
    Role { id, name, rights }
}

fn dispatcher(function: &str) -> [Level; 4] {
    match function {
        "Company Maintenance" | "Contacts" | "Notes" => [All, All, All, All],
        "Agreements" => [No, All, No, All],
        "Service Tickets" | "Table Setup" => [All, All, No, All],
        "Manage Hosted API" | "My Company" | "Product Catalog" => [No, No, No, All],
        _ => [No; 4],
    }
}

fn viewer(function: &str) -> [Level; 4] {
    match function {
        "Company Maintenance" | "Contacts" => [No, No, No, All],
        _ => [No; 4],
    }
}

fn technician(function: &str) -> [Level; 4] {
    match function {
        "Company Maintenance" => [No, My, No, All],
        "Notes" => [My, My, No, All],
        "Service Tickets" => [All, My, No, All],
        _ => [No; 4],
    }
}

fn integrator(function: &str) -> [Level; 4] {
    match function {
        "Company Maintenance" => [No, All, No, All],
        "Contacts" | "Notes" | "Table Setup" => [All, All, All, All],
        "Agreements" | "Service Tickets" => [All, All, No, All],
        "Manage Hosted API" | "Product Catalog" | "My Company" | "Member Maintenance" => [No, No, No, All],
        _ => [No; 4],
    }
}

/// The members of a new PSA: the integrator with the keys of `options`, and four people.
pub(super) fn default_members(options: &Options) -> Vec<Member> {
    let person = |id, identifier: &str, first: &str, last: &str, role| Member {
        id,
        identifier: identifier.into(),
        first_name: first.into(),
        last_name: last.into(),
        email: format!("{}@msp.example", identifier.to_lowercase()),
        password: PASSWORD.into(),
        inactive: false,
        keys: None,
        role,
        hidden: BTreeSet::new(),
        own: BTreeSet::new(),
    };
    let mut api =
        person(150, "ConnectActive", "ConnectActive", "Integration", role(60, "Integrator", integrator));
    api.keys = Some((options.public_key.clone(), options.private_key.clone()));
    vec![
        api,
        person(201, "Dispatch1", "Dana", "Dispatcher", role(61, "Dispatch", dispatcher)),
        person(202, "Viewer1", "Vera", "Viewer", role(62, "View only", viewer)),
        person(203, "Tech1", "Tom", "Technician", role(63, "Technician", technician)),
        person(204, "Admin1", "Ada", "Administrator", role(64, "Admin", |_| [All; 4])),
    ]
}
