//! What a member may do with us, by what their security role in the PSA lets them do there.

use pod_view::wire::Rights;

use crate::psa::{Access, Permission, Permissions};

const COMPANIES: &str = "Companies";
const FINANCE: &str = "Finance";

const SEE: [Permission; 2] = [
    Permission::new(COMPANIES, "Company Maintenance", Access::Inquire),
    Permission::new(COMPANIES, "Contacts", Access::Inquire),
];
const APPLY: [Permission; 2] = [
    Permission::new(COMPANIES, "Contacts", Access::Add),
    Permission::new(COMPANIES, "Contacts", Access::Edit),
];
const SETTINGS: [Permission; 2] = [
    Permission::new(COMPANIES, "Company Maintenance", Access::Edit),
    Permission::new(COMPANIES, "Notes", Access::Edit),
];
const QUANTITIES: [Permission; 1] = [Permission::new(FINANCE, "Agreements", Access::Inquire)];
const APPROVE_QUANTITIES: [Permission; 1] = [Permission::new(FINANCE, "Agreements", Access::Edit)];
const TICKETS: [Permission; 1] = [Permission::new("Service Desk", "Service Tickets", Access::Edit)];

/// The right that opens the administrator's pages; an installation names one of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Administrators {
    /// Editing setup tables.
    #[default]
    TableSetup,
    /// Editing the own company's data.
    MyCompany,
    /// Editing members.
    Members,
}

impl Administrators {
    /// All of them, the default first.
    pub const ALL: [Self; 3] = [Self::TableSetup, Self::MyCompany, Self::Members];

    /// As it is stored and sent.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TableSetup => "table_setup",
            Self::MyCompany => "my_company",
            Self::Members => "members",
        }
    }

    /// From its code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// Where the PSA's security roles have it: edit, All.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::TableSetup => "System > Table Setup, edit",
            Self::MyCompany => "System > My Company, edit",
            Self::Members => "System > Member Maintenance, edit",
        }
    }

    const fn permission(self) -> Permission {
        let function = match self {
            Self::TableSetup => "Table Setup",
            Self::MyCompany => "My Company",
            Self::Members => "Member Maintenance",
        };
        Permission::new("System", function, Access::Edit)
    }

    /// Whether somebody with these permissions has it.
    #[must_use]
    pub fn held_by(self, permissions: &Permissions) -> bool {
        permissions.all(self.permission())
    }
}

/// The member's rights with an installation whose administrators are these.
#[must_use]
pub fn rights(permissions: &Permissions, administrators: Administrators) -> Rights {
    let has = |needed: &[Permission]| needed.iter().all(|one| permissions.all(*one));
    let see = has(&SEE);
    Rights {
        see,
        apply: see && has(&APPLY),
        settings: see && has(&SETTINGS),
        quantities: see && has(&QUANTITIES),
        approve_quantities: see && has(&QUANTITIES) && has(&APPROVE_QUANTITIES),
        tickets: see && has(&TICKETS),
        administer: administrators.held_by(permissions),
    }
}
