//! Which right opens what, one by one: all are asked of the PSA as the member.

use integration::{
    harbor::set_up,
    pod::{Pod, proof},
    service::Deployment,
};
use pod_view::wire::{Purpose, Record};
use psa_simulator::{Level, Right};

use crate::common::{deed, on_ticket, ticket_of};

const MEMBER: &str = "Admin1";

/// One of a line's levels.
type Of = fn(&mut Right) -> &mut Level;

/// Sets one level of one line of the member's role, and logs them in anew.
fn set(deployment: &Deployment, (module, function): (&str, &str), level: Of, to: Level) {
    let world = deployment.psa.world();
    let mut world = world.lock();
    let member = world.member_mut(MEMBER).expect("a member");
    *level(member.role.right_mut(module, function).expect("the role has the line")) = to;
    world.expire_hash(MEMBER);
}

const COMPANIES: (&str, &str) = ("Companies", "Company Maintenance");
const CONTACTS: (&str, &str) = ("Companies", "Contacts");
const TICKETS: (&str, &str) = ("Service Desk", "Service Tickets");

#[tokio::test(flavor = "multi_thread")]
async fn each_right_that_is_missing_takes_away_what_it_is_for() {
    let (deployment, directory, dispatcher) = set_up().await.expect("Harbor Manufacturing is set up");
    let ticket = ticket_of(&deployment, dispatcher.company);

    // Without these there is no pod on the ticket's screen.
    for line in [COMPANIES, CONTACTS, TICKETS] {
        set(&deployment, line, |right| &mut right.inquire, Level::None);
        let Err(refused) = Pod::open_on(&deployment, MEMBER, Record::Ticket(ticket)).await else {
            panic!("{line:?} is not needed")
        };
        assert_eq!(refused.problem.code, "not_allowed", "{line:?}");
        set(&deployment, line, |right| &mut right.inquire, Level::All);
    }

    let (pod, scene) = on_ticket(&deployment, MEMBER, ticket).await;
    let unknown = pod.who("Inés Flores").await.expect("the directory answers");
    let known = pod.who("Owen Wright").await.expect("the directory answers");
    let create = deed(&scene, &unknown, "Create the contact and put it on the ticket").request;
    let put = deed(&scene, &known, "Put on the ticket").request;

    // Adding and editing contacts, all of them.
    let (add, edit): (Of, Of) = (|right| &mut right.add, |right| &mut right.edit);
    for (level, given) in [(add, Level::None), (edit, Level::My)] {
        set(&deployment, CONTACTS, level, given);
        let (mut pod, scene) = on_ticket(&deployment, MEMBER, ticket).await;
        assert!(!scene.rights.apply && scene.rights.tickets);
        assert!(scene.deeds(&unknown).is_empty(), "nothing is offered that cannot be done");
        assert_eq!(scene.deeds(&known).len(), 1);
        pod.proof = proof(&deployment, MEMBER);
        let refused = pod.act(&create).await.expect_err("it is refused");
        assert_eq!(refused.code, "not_allowed");
        set(&deployment, CONTACTS, level, Level::All);
    }

    // Editing tickets, all of them.
    for given in [Level::None, Level::My] {
        set(&deployment, TICKETS, edit, given);
        let (pod, scene) = on_ticket(&deployment, MEMBER, ticket).await;
        assert!(scene.rights.apply && !scene.rights.tickets);
        assert!(scene.deeds(&known).is_empty());
        let only_made = deed(&scene, &unknown, "Create the contact").request;
        assert!(only_made.put.is_none());
        for request in [&create, &put] {
            let refused = pod.act(request).await.expect_err("it is refused");
            assert_eq!(refused.code, "not_allowed");
        }
        set(&deployment, TICKETS, edit, Level::All);
    }

    // Neither: not even a token.
    set(&deployment, TICKETS, edit, Level::None);
    set(&deployment, CONTACTS, edit, Level::None);
    let (pod, scene) = on_ticket(&deployment, MEMBER, ticket).await;
    assert!(scene.rights.see && !scene.rights.apply && !scene.rights.tickets);
    assert!(scene.deeds(&known).is_empty() && scene.deeds(&unknown).is_empty());
    let refused = pod.session(Purpose::Person(put.digest())).await.expect_err("it is refused");
    assert_eq!(refused.problem.code, "not_allowed");
    directory.stop().await;
}
