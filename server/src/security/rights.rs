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
const ADMINISTER: [Permission; 1] = [Permission::new("System", "Table Setup", Access::Edit)];

/// The member's rights.
#[must_use]
pub fn rights(permissions: &Permissions) -> Rights {
    let has = |needed: &[Permission]| needed.iter().all(|one| permissions.all(*one));
    let see = has(&SEE);
    Rights {
        see,
        apply: see && has(&APPLY),
        settings: see && has(&SETTINGS),
        quantities: see && has(&QUANTITIES),
        approve_quantities: see && has(&QUANTITIES) && has(&APPROVE_QUANTITIES),
        tickets: see && has(&TICKETS),
        administer: has(&ADMINISTER),
    }
}
