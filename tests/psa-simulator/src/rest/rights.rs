//! Which line of a security role a call takes, and at which of its four levels.

use super::reply::Refusal;
use crate::world::{Level, Member, Right};

/// A function of a module in the security roles.
#[derive(Clone, Copy, Debug)]
pub(super) struct Function {
    module: &'static str,
    name: &'static str,
}

const fn function(module: &'static str, name: &'static str) -> Function {
    Function { module, name }
}

pub(super) const COMPANIES: Function = function("Companies", "Company Maintenance");
pub(super) const CONTACTS: Function = function("Companies", "Contacts");
pub(super) const NOTES: Function = function("Companies", "Notes");
pub(super) const AGREEMENTS: Function = function("Finance", "Agreements");
pub(super) const CATALOG: Function = function("Procurement", "Product Catalog");
pub(super) const TICKETS: Function = function("Service Desk", "Service Tickets");
pub(super) const TABLES: Function = function("System", "Table Setup");
pub(super) const MY_COMPANY: Function = function("System", "My Company");
pub(super) const HOSTED_API: Function = function("System", "Manage Hosted API");
pub(super) const MEMBERS: Function = function("System", "Member Maintenance");

/// What a call takes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Need {
    /// To be somebody.
    SignedIn,
    Inquire(Function),
    Add(Function),
    Edit(Function),
    Delete(Function),
}

impl Need {
    /// How far the member's right reaches; a refusal when it is `None` or has no line.
    pub(super) fn reach(self, member: &Member) -> Result<Level, Refusal> {
        let level = |function: Function, level: fn(&Right) -> Level| {
            let right = member.role.right(function.module, function.name);
            match right.map_or(Level::None, level) {
                Level::None => Err(Refusal::forbidden()),
                reach => Ok(reach),
            }
        };
        match self {
            Self::SignedIn => Ok(Level::All),
            Self::Inquire(function) => level(function, |right| right.inquire),
            Self::Add(function) => level(function, |right| right.add),
            Self::Edit(function) => level(function, |right| right.edit),
            Self::Delete(function) => level(function, |right| right.delete),
        }
    }
}
