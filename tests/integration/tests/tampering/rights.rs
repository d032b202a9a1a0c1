//! What a member may do, line by line of the table in `server::security::rights`: each line of the
//! security role is what gives it, and "My" is not enough.

use integration::{
    harbor::HARBOR,
    pod::{Pod, Refused, proof},
    service::Deployment,
};
use pod_view::wire::{Purpose, Rights, Session};
use psa_simulator::{Level, Right};
use reqwest::{Method, StatusCode};

const MEMBER: &str = "Admin1";

struct Role {
    deployment: Deployment,
    company: i64,
}

impl Role {
    /// Somebody who may do everything.
    async fn of_everything() -> Self {
        let deployment = Deployment::start().await.expect("the service starts");
        let company = deployment.company(HARBOR);
        Self { deployment, company }
    }

    /// The same with one level of one line changed; what was there before is back afterwards.
    async fn with(
        &self,
        (module, function): (&str, &str),
        level: fn(&mut Right) -> &mut Level,
        given: Level,
    ) -> Result<Session, Refused> {
        let world = self.deployment.psa.world();
        let change = |to: Level| {
            let mut world = world.lock();
            let member = world.member_mut(MEMBER).expect("a member");
            let line = member.role.right_mut(module, function).expect("the role has the line");
            std::mem::replace(level(line), to)
        };
        let before = change(given);
        let pod = Pod::unopened(&self.deployment, proof(&self.deployment, MEMBER), self.company);
        let session = pod.session(Purpose::Pod).await;
        change(before);
        // The next one is a new login: what this one could do is remembered for a while.
        world.lock().expire_hash(MEMBER);
        session
    }

    /// The rights are these when the level is `All`, and those without `right` when it is less.
    async fn hangs_on(
        &self,
        line: (&str, &str),
        level: fn(&mut Right) -> &mut Level,
        without: impl Fn(&mut Rights),
    ) {
        let all = self.with(line, level, Level::All).await.expect("the member may see the pod").rights;
        assert_eq!(all, everything());
        let mut less = all;
        without(&mut less);
        assert_ne!(less, all);
        for given in [Level::None, Level::My] {
            let rights = self.with(line, level, given).await.expect("the member may see the pod").rights;
            assert_eq!(rights, less, "{line:?} {given:?}");
        }
    }

    async fn is_needed_for_the_pod(&self, line: (&str, &str), level: fn(&mut Right) -> &mut Level) {
        for given in [Level::None, Level::My] {
            let session = self.with(line, level, given).await;
            let code = session.map(|session| session.rights).map_err(|refused| refused.problem.code);
            assert_eq!(code, Err("not_allowed".to_owned()), "{line:?} {given:?}");
        }
    }
}

fn everything() -> Rights {
    Rights {
        see: true,
        apply: true,
        settings: true,
        quantities: true,
        approve_quantities: true,
        tickets: true,
        administer: true,
    }
}

const COMPANIES: (&str, &str) = ("Companies", "Company Maintenance");
const CONTACTS: (&str, &str) = ("Companies", "Contacts");
const NOTES: (&str, &str) = ("Companies", "Notes");
const AGREEMENTS: (&str, &str) = ("Finance", "Agreements");
const TICKETS: (&str, &str) = ("Service Desk", "Service Tickets");
const TABLES: (&str, &str) = ("System", "Table Setup");

#[tokio::test(flavor = "multi_thread")]
async fn to_see_the_pod_it_takes_companies_and_contacts_and_the_record() {
    let role = Role::of_everything().await;
    role.is_needed_for_the_pod(COMPANIES, |right| &mut right.inquire).await;
    role.is_needed_for_the_pod(CONTACTS, |right| &mut right.inquire).await;
    role.deployment.psa.world().lock().hide_company(MEMBER, role.company);
    role.is_needed_for_the_pod(NOTES, |right| &mut right.inquire).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn to_decide_and_apply_it_takes_adding_and_editing_all_contacts() {
    let role = Role::of_everything().await;
    role.hangs_on(CONTACTS, |right| &mut right.add, |rights| rights.apply = false).await;
    role.hangs_on(CONTACTS, |right| &mut right.edit, |rights| rights.apply = false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn for_settings_it_takes_editing_companies_and_notes() {
    let role = Role::of_everything().await;
    role.hangs_on(COMPANIES, |right| &mut right.edit, |rights| rights.settings = false).await;
    role.hangs_on(NOTES, |right| &mut right.edit, |rights| rights.settings = false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn for_quantities_it_takes_agreements() {
    let role = Role::of_everything().await;
    let neither = |rights: &mut Rights| (rights.quantities, rights.approve_quantities) = (false, false);
    role.hangs_on(AGREEMENTS, |right| &mut right.inquire, neither).await;
    role.hangs_on(AGREEMENTS, |right| &mut right.edit, |rights| rights.approve_quantities = false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn to_put_a_person_on_a_ticket_it_takes_editing_tickets() {
    let role = Role::of_everything().await;
    role.hangs_on(TICKETS, |right| &mut right.edit, |rights| rights.tickets = false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn for_the_administrators_pages_it_takes_editing_setup_tables() {
    let role = Role::of_everything().await;
    role.hangs_on(TABLES, |right| &mut right.edit, |rights| rights.administer = false).await;

    let session = |member: &'static str| {
        let deployment = &role.deployment;
        async move { Pod::unopened(deployment, proof(deployment, member), 0).session(Purpose::Administer).await }
    };
    let admin = session(MEMBER).await.expect("the administrator may");
    assert_eq!(admin.company, "");
    let viewer = session("Viewer1").await.map(|_| ()).map_err(|refused| refused.problem.code);
    assert_eq!(viewer, Err("not_allowed".to_owned()));
    // A token for a company opens nothing of the administrator's.
    let pod = Pod::open(&role.deployment, MEMBER, role.company).await.expect("the member may see the pod");
    let body = serde_json::json!({ "rules": "keep title" });
    let refused = pod.call::<()>(Method::PUT, "admin/rules", Some(&body)).await.map_err(|no| no.status);
    assert_eq!(refused, Err(StatusCode::UNAUTHORIZED));
    // That token opens no company.
    let mut pod = Pod::unopened(&role.deployment, proof(&role.deployment, MEMBER), role.company);
    pod.token = admin.token;
    assert!(pod.status().await.is_err());
}
