//! The groups of the company.

use super::{Person, escape};

/// A group of the directory.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// `cn` and `sAMAccountName`, unescaped.
    pub name: &'static str,
    /// `description`.
    pub description: Option<&'static str>,
    /// Whoever is in this unit is a member.
    unit: Option<&'static str>,
    /// Groups that are members.
    groups: &'static [&'static str],
}

/// The unit that holds them.
pub const UNIT: &str = "Groups";

/// All groups.
pub const GROUPS: [Group; 5] = [
    Group { name: "Sales Team", description: Some("Everybody who sells"), unit: Some("Sales"), groups: &[] },
    Group {
        name: "Finance Team",
        description: Some("Invoices and payroll"),
        unit: Some("Finance"),
        groups: &[],
    },
    Group {
        name: "Office staff (R&D, sales)",
        description: Some("Whoever has a desk"),
        unit: Some("Engineering"),
        groups: &["Sales Team", "Finance Team"],
    },
    Group { name: "Printer Users", description: None, unit: None, groups: &["Office staff (R&D, sales)"] },
    Group { name: "VPN Users", description: Some("Nobody at the moment"), unit: None, groups: &[] },
];

impl Group {
    /// The distinguished name below a base.
    #[must_use]
    pub fn dn(&self, base: &str) -> String {
        format!("CN={},OU={UNIT},{base}", escape(self.name))
    }

    /// Whether somebody is a member, not counting groups within it.
    #[must_use]
    pub fn has(&self, person: &Person) -> bool {
        self.unit.is_some_and(|unit| person.units.contains(&unit))
    }

    /// Whether somebody is a member, also through groups within it.
    #[must_use]
    pub fn reaches(&self, person: &Person) -> bool {
        let within = |group: &&Group| self.groups.contains(&group.name);
        self.has(person) || GROUPS.iter().filter(within).any(|group| group.reaches(person))
    }
}
