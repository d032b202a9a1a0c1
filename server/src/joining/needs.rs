//! What the API member's security role has to allow.

use serde::Serialize;

use crate::psa::{Access, Permission, Permissions};

/// One right, at level All, and what it is for.
struct Need {
    permission: Permission,
    purpose: &'static str,
    /// Without it the installation cannot work at all.
    required: bool,
}

const fn need(
    module: &'static str,
    function: &'static str,
    access: Access,
    required: bool,
    purpose: &'static str,
) -> Need {
    Need { permission: Permission::new(module, function, access), purpose, required }
}

/// Everything, in the order of the PSA's list of modules.
const NEEDS: [Need; 16] = [
    need("Companies", "Company Maintenance", Access::Inquire, true, "reading companies"),
    need("Companies", "Contacts", Access::Add, true, "creating contacts"),
    need("Companies", "Contacts", Access::Edit, true, "updating and deactivating contacts"),
    need("Companies", "Contacts", Access::Inquire, true, "reading contacts"),
    need("Companies", "Notes", Access::Add, true, "keeping a company's settings in a note"),
    need("Companies", "Notes", Access::Edit, true, "keeping a company's settings in a note"),
    need("Companies", "Notes", Access::Inquire, true, "reading a company's settings"),
    need("Finance", "Agreements", Access::Edit, false, "keeping quantities of agreement additions"),
    need("Finance", "Agreements", Access::Inquire, false, "reading agreement additions"),
    need("Service Desk", "Service Tickets", Access::Add, false, "telling you by a ticket"),
    need(
        "Service Desk",
        "Service Tickets",
        Access::Edit,
        false,
        "closing that ticket again, and putting people on tickets",
    ),
    need(
        "Service Desk",
        "Service Tickets",
        Access::Inquire,
        false,
        "seeing open tickets, its own among them",
    ),
    need("System", "Manage Hosted API", Access::Inquire, false, "finding the screens for the pod"),
    need("System", "Table Setup", Access::Add, false, "putting the pod on the screens"),
    need("System", "Table Setup", Access::Edit, false, "correcting the pod's entry"),
    need("System", "Table Setup", Access::Delete, false, "taking the pod away when you leave"),
];

/// A right that the role does not give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// Which, and what cannot be done without it.
    pub message: String,
    /// Where the PSA's administrator gives it.
    pub place: String,
    /// Without it the installation cannot work at all.
    pub required: bool,
}

impl Missing {
    /// Everything that a role does not give.
    #[must_use]
    pub fn of(permissions: &Permissions) -> Vec<Self> {
        NEEDS.iter().filter(|need| !permissions.all(need.permission)).map(Self::from).collect()
    }
}

impl From<&Need> for Missing {
    fn from(need: &Need) -> Self {
        let Permission { module, function, access } = need.permission;
        let (line, purpose) = (format!("{module} > {function}: {}", access.column()), need.purpose);
        Self {
            message: if need.required {
                format!("Missing: {line}, for {purpose}.")
            } else {
                format!("Not given: {line}. Without it: no {purpose}.")
            },
            place: format!(
                "System > Security Roles > the API member's role > {module} > {function} > {}: All",
                access.column()
            ),
            required: need.required,
        }
    }
}
