//! Creating, bringing back, and putting on the ticket.

use integration::{
    audit,
    documented::{OPERATIONS, operation},
    harbor::set_up,
    psa_contacts::psa_contacts,
    service::Deployment,
};
use pod_view::wire::{OnTicket, Outcome, PersonRequest, Purpose, Put, Record, Refusal, RunKind, RunState};
use psa_simulator::{Fault, FaultKind, Kind, Level};
use reconcile::{ContactId, RowKind};
use reqwest::StatusCode;
use serde_json::json;
use server::store::{CompanyKey, Store};

use crate::common::{
    came_from, contact, contact_named, contact_on, deed, edit, on, on_ticket, only, ticket_of,
};

const CREATE: &str = "Create the contact and put it on the ticket";
const BRING_BACK: &str = "Bring the contact back and put it on the ticket";
const PUT: &str = "Put on the ticket";

async fn store(deployment: &Deployment) -> Store {
    let address = format!("sqlite:{}", deployment.database().display());
    Store::open(&address).await.expect("the service's own database")
}

/// How often a ticket was written.
fn patches(deployment: &Deployment) -> usize {
    let world = deployment.psa.world();
    let world = world.lock();
    let is_patch = |request: &&psa_simulator::Request| {
        request.method == "PATCH" && request.path.starts_with("/service/tickets")
    };
    world.requests().iter().filter(is_patch).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_contact_is_made_and_put_on_the_ticket() {
    let (deployment, directory, dispatcher) = set_up().await.expect("Harbor Manufacturing is set up");
    let company = dispatcher.company;
    let ticket = ticket_of(&deployment, company);
    came_from(&deployment, ticket, "ines.flores@harbor.example");
    let before = psa_contacts(&deployment, company).len();
    let (pod, scene) = on_ticket(&deployment, "Dispatch1", ticket).await;
    let who = pod.who(&scene.on.known).await.expect("the directory answers");
    let chosen = deed(&scene, &who, CREATE);
    let acted = pod.act(&chosen.request).await.expect("the run ends");
    assert_eq!(acted.row.map(|row| row.outcome), Some(Outcome::Applied));
    assert_eq!(acted.ticket, Some(OnTicket::Put));
    for asked in deployment.psa.world().lock().requests().iter().map(operation) {
        assert!(OPERATIONS.contains(&asked), "{asked} is not in the document");
    }

    let contacts = psa_contacts(&deployment, company);
    assert_eq!(contacts.len(), before + 1);
    let id = contact_on(&deployment, ticket).expect("somebody is on it");
    let made = contact(&deployment, id);
    assert_eq!((&made["firstName"], &made["lastName"]), (&json!("Inés"), &json!("Flores")));
    let review = dispatcher.review().await.expect("both sides can be read");
    let link = review.context.links.iter().find(|link| link.account == only(&who).account);
    assert_eq!(link.map(|link| link.contact), Some(ContactId(id)));
    assert!(deployment.psa.world().lock().mails().is_empty(), "nobody outside hears of it");

    // A run of its own, which stands in the audit chain and can be taken back.
    let run = pod.runs().await.expect("there are runs").remove(0);
    assert_eq!((run.kind, run.state, run.member.as_str()), (RunKind::Person, RunState::Done, "Dispatch1"));
    let store = store(&deployment).await;
    let chain = audit::of_run(&store, &run.id).await.expect("the database answers");
    let steps: Vec<_> = chain.iter().map(|[kind, _, outcome, _]| (kind.as_str(), outcome.as_str())).collect();
    assert_eq!(steps, [("create", "applied"), ("ticket", "open"), ("ticket", "applied")]);
    let key = CompanyKey { installation: deployment.installation.clone(), company };
    let unaccounted = audit::unaccounted(&store, &key).await.expect("the database answers");
    assert!(unaccounted.iter().all(|(_, count)| *count == 0), "{unaccounted:?}");
    // One person is no review of the company: the first night still waits for one.
    assert_eq!(store.reviewed_scope(&key).await.expect("the database answers"), None);

    let details = dispatcher.run(&run.id).await.expect("it is there");
    assert_eq!(details.rows.len(), 1);
    // Somebody works with it while it is on the open ticket.
    let kept = dispatcher.undo(&run.id, &details.rows).await.expect("it is looked at");
    assert_eq!((kept.counts.left_alone, &contact(&deployment, id)["inactiveFlag"]), (1, &json!(false)));
    edit(&deployment, ticket, |record| {
        record.remove("contact");
    });
    let undone = dispatcher.undo(&run.id, &details.rows).await.expect("it can be taken back");
    assert_eq!(undone.counts.undone, 1);
    assert_eq!(contact(&deployment, id)["inactiveFlag"], true);
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_is_brought_back_and_put_on_the_ticket() {
    let (deployment, directory, dispatcher) = set_up().await.expect("Harbor Manufacturing is set up");
    let ticket = ticket_of(&deployment, dispatcher.company);
    let id = contact_named(&deployment, dispatcher.company, "Charles", "Taylor");
    assert_eq!(contact(&deployment, id)["inactiveFlag"], true);
    let (pod, scene) = on_ticket(&deployment, "Dispatch1", ticket).await;
    let who = pod.who("Charles Taylor").await.expect("the directory answers");
    let chosen = deed(&scene, &who, BRING_BACK);
    let acted = pod.act(&chosen.request).await.expect("the run ends");
    assert_eq!(
        acted.row.map(|row| (row.kind, row.outcome)),
        Some((Some(RowKind::Reactivate), Outcome::Applied))
    );
    assert_eq!(acted.ticket, Some(OnTicket::Put));
    assert_eq!(contact(&deployment, id)["inactiveFlag"], false);
    assert_eq!(contact_on(&deployment, ticket), Some(id));
    // The answer that was given is used up.
    let review = dispatcher.review().await.expect("both sides can be read");
    assert!(review.context.decisions.is_empty(), "{:?}", review.context.decisions);
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_active_contact_costs_one_write_and_needs_no_run() {
    let (deployment, directory, dispatcher) = set_up().await.expect("Harbor Manufacturing is set up");
    let ticket = ticket_of(&deployment, dispatcher.company);
    let id = contact_named(&deployment, dispatcher.company, "Owen", "Wright");
    let (pod, scene) = on_ticket(&deployment, "Dispatch1", ticket).await;
    let who = pod.who("Owen Wright").await.expect("the directory answers");
    let chosen = deed(&scene, &who, PUT);
    deployment.psa.world().lock().reset_log();
    let acted = pod.act(&chosen.request).await.expect("it is done");
    assert!(acted.row.is_none());
    assert_eq!((acted.ticket, contact_on(&deployment, ticket)), (Some(OnTicket::Put), Some(id)));
    assert_eq!(integration::psa_contacts::writes(&deployment), 1);
    assert!(pod.runs().await.expect("the list is there").is_empty());
    // Once more it is so already: nothing is sent.
    let mut again = chosen.request;
    if let Some(put) = &mut again.put {
        put.seen = Some(ContactId(id));
    }
    let acted = pod.act(&again).await.expect("it is done");
    assert_eq!((acted.ticket, patches(&deployment)), (Some(OnTicket::AlreadySo), 1));
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c6_a_ticket_that_somebody_gave_another_contact_meanwhile_is_left_alone() {
    let (deployment, directory, dispatcher) = set_up().await.expect("Harbor Manufacturing is set up");
    let company = dispatcher.company;
    let ticket = ticket_of(&deployment, company);
    let (pod, scene) = on_ticket(&deployment, "Dispatch1", ticket).await;
    let who = pod.who("Owen Wright").await.expect("the directory answers");
    let request = deed(&scene, &who, PUT).request;
    let other = contact_named(&deployment, company, "Greta", "Hollow");
    edit(&deployment, ticket, |record| {
        record.insert("contact".into(), json!({ "id": other, "name": "Greta Hollow" }));
    });
    deployment.psa.world().lock().reset_log();
    let acted = pod.act(&request).await.expect("it is looked at");
    assert_eq!(acted.ticket, Some(OnTicket::Changed(Some("Greta Hollow".to_owned()))));
    assert_eq!((contact_on(&deployment, ticket), patches(&deployment)), (Some(other), 0));
    edit(&deployment, ticket, |record| {
        record.remove("contact");
    });
    let acted = pod.act(&request).await.expect("it is looked at");
    assert_eq!((acted.ticket, patches(&deployment)), (Some(OnTicket::Changed(None)), 0));

    // A contact of another company, or one that somebody put away, goes on no ticket.
    let linden = deployment.company("LindenLaw");
    let theirs = psa_contacts(&deployment, linden)[0].id;
    let mine = contact_named(&deployment, company, "Owen", "Wright");
    deployment.psa.world().lock().edit(Kind::Contact, mine, |record| {
        record.insert("inactiveFlag".into(), json!(true));
    });
    for contact in [theirs, mine, 999_999] {
        let put = Some(Put { ticket, seen: None, contact: Some(ContactId(contact)) });
        let request = PersonRequest { decision: None, approved: None, put };
        let acted = pod.act(&request).await.expect("it is looked at");
        assert_eq!((acted.ticket, patches(&deployment)), (Some(OnTicket::NoContact), 0));
    }
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p3_an_answer_lost_on_the_ticket_is_looked_up_and_never_sent_again() {
    let (deployment, directory, dispatcher) = set_up().await.expect("Harbor Manufacturing is set up");
    let ticket = ticket_of(&deployment, dispatcher.company);
    let id = contact_named(&deployment, dispatcher.company, "Owen", "Wright");
    let before = contact_on(&deployment, ticket);
    let path = format!("/service/tickets/{ticket}");
    let fault = |kind| deployment.psa.world().lock().fault(Fault::once("PATCH", &path, kind));
    let (pod, scene) = on_ticket(&deployment, "Dispatch1", ticket).await;
    let who = pod.who("Owen Wright").await.expect("the directory answers");
    let request = deed(&scene, &who, PUT).request;
    deployment.psa.world().lock().reset_log();

    // It was not done as far as can be seen; it may still be.
    fault(FaultKind::Status500);
    let acted = pod.act(&request).await.expect("it is looked up");
    assert_eq!((acted.ticket, contact_on(&deployment, ticket)), (Some(OnTicket::Unknown), before));
    assert_eq!(patches(&deployment), 1);
    // It was done.
    fault(FaultKind::LostAfterWrite);
    let acted = pod.act(&request).await.expect("it is looked up");
    assert_eq!((acted.ticket, contact_on(&deployment, ticket)), (Some(OnTicket::Put), Some(id)));
    assert_eq!(patches(&deployment), 2);
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p1_p11_a_ticket_that_is_left_alone_for_no_word_of_the_psa_says_why() {
    let (deployment, directory, dispatcher) = set_up().await.expect("Harbor Manufacturing is set up");
    let ticket = ticket_of(&deployment, dispatcher.company);
    let (pod, scene) = on_ticket(&deployment, "Dispatch1", ticket).await;
    let who = pod.who("Owen Wright").await.expect("the directory answers");
    let request = deed(&scene, &who, PUT).request;
    let told = |refusal| match refusal {
        Some(OnTicket::Rejected(Refusal::Problem(problem))) => problem.code,
        other => panic!("{other:?}"),
    };
    let may_edit = |level| {
        let world = deployment.psa.world();
        let mut world = world.lock();
        let member = world.member_mut("ConnectActive").expect("it is the integrator");
        member.role.right_mut("Service Desk", "Service Tickets").expect("it has a line").edit = level;
    };
    may_edit(Level::None);
    let acted = pod.act(&request).await.expect("it is looked at");
    assert_eq!(told(acted.ticket), "ticket_rights");
    may_edit(Level::All);

    let path = format!("/service/tickets/{ticket}");
    let mut busy = Fault::once("PATCH", &path, FaultKind::Status429);
    busy.retry_after = Some("3600".to_owned());
    deployment.psa.world().lock().fault(busy);
    let acted = pod.act(&request).await.expect("it is looked at");
    assert_eq!(told(acted.ticket), "psa_busy");
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p3_an_answer_lost_on_the_contact_makes_no_second_one() {
    let (deployment, directory, dispatcher) = set_up().await.expect("Harbor Manufacturing is set up");
    let company = dispatcher.company;
    let ticket = ticket_of(&deployment, company);
    let before = psa_contacts(&deployment, company).len();
    let (pod, scene) = on_ticket(&deployment, "Dispatch1", ticket).await;
    let who = pod.who("Inés Flores").await.expect("the directory answers");
    let request = deed(&scene, &who, CREATE).request;
    deployment.psa.world().lock().fault(Fault::once("POST", "/company/contacts", FaultKind::LostAfterWrite));
    let acted = pod.act(&request).await.expect("the run ends");
    assert_eq!(acted.row.map(|row| row.outcome), Some(Outcome::Applied));
    assert_eq!(acted.ticket, Some(OnTicket::Put));
    assert_eq!(psa_contacts(&deployment, company).len(), before + 1);

    // Two dispatchers, one after the other: the second finds it done.
    let acted = pod.act(&request).await.expect("the run ends");
    assert_eq!(acted.row.map(|row| row.outcome), Some(Outcome::AlreadySo));
    assert_eq!(acted.ticket, Some(OnTicket::AlreadySo));
    assert_eq!(psa_contacts(&deployment, company).len(), before + 1);
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c6_what_is_otherwise_by_then_is_neither_written_nor_put_on_the_ticket() {
    let (deployment, directory, dispatcher) = set_up().await.expect("Harbor Manufacturing is set up");
    let ticket = ticket_of(&deployment, dispatcher.company);
    let on_it = contact_on(&deployment, ticket);
    let (pod, scene) = on_ticket(&deployment, "Dispatch1", ticket).await;
    let who = pod.who("Inés Flores").await.expect("the directory answers");
    let request = deed(&scene, &who, CREATE).request;
    directory.people().change("iflores", |person| person.title = Some("Chief Engineer".to_owned()));
    let acted = pod.act(&request).await.expect("the run ends");
    assert!(matches!(acted.row.map(|row| row.outcome), Some(Outcome::Moved(_))));
    assert_eq!((acted.ticket, contact_on(&deployment, ticket)), (None, on_it));
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_a_token_is_good_for_one_request_on_one_ticket_once() {
    let (deployment, directory, dispatcher) = set_up().await.expect("Harbor Manufacturing is set up");
    let ticket = ticket_of(&deployment, dispatcher.company);
    let (pod, scene) = on_ticket(&deployment, "Dispatch1", ticket).await;
    let who = pod.who("Owen Wright").await.expect("the directory answers");
    let request = deed(&scene, &who, PUT).request;
    let token = async |pod: &integration::pod::Pod, request: &PersonRequest| {
        pod.session(Purpose::Person(request.digest())).await.expect("the member may").token
    };
    let on_it = contact_on(&deployment, ticket);
    deployment.psa.world().lock().reset_log();

    // The pod's own token, and one for another request.
    let refused = pod.act_with(&pod.token, &request).await.expect_err("it is not for writing");
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    let other = PersonRequest { put: request.put.map(|put| Put { seen: None, ..put }), ..request.clone() };
    let refused = pod.act_with(&token(&pod, &other).await, &request).await.expect_err("it is for another");
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    // One from another record of the same company: from its screen, from a contact's, from another ticket's.
    let closed = ticket + 1;
    let mine = contact_named(&deployment, dispatcher.company, "Owen", "Wright");
    let (elsewhere, _) = on_ticket(&deployment, "Dispatch1", closed).await;
    assert_eq!(elsewhere.company, dispatcher.company);
    let (of_contact, _) = on(&deployment, "Dispatch1", Record::Contact(mine)).await;
    for astray in [&dispatcher, &elsewhere, &of_contact] {
        let refused = pod.act_with(&token(astray, &request).await, &request).await;
        let refused = refused.expect_err("it is another record");
        assert_eq!((refused.status, refused.problem.code.as_str()), (StatusCode::FORBIDDEN, "not_allowed"));
    }
    assert_eq!((patches(&deployment), contact_on(&deployment, ticket)), (0, on_it));

    let once = token(&pod, &request).await;
    let acted = pod.act_with(&once, &request).await.expect("it is taken").expect("it is done");
    assert_eq!(acted.ticket, Some(OnTicket::Put));
    let refused = pod.act_with(&once, &request).await.expect_err("it was used");
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(patches(&deployment), 1);

    // Nothing but what the pod can ask for.
    let review = dispatcher.review().await.expect("both sides can be read");
    let leaver = review.approve(|row| row.kind == RowKind::Deactivate).approved[0];
    for senseless in [
        PersonRequest { decision: None, approved: Some(leaver), put: None },
        PersonRequest { decision: None, approved: None, put: None },
        PersonRequest { decision: Some(reconcile::Decision::Ignore), ..request.clone() },
        PersonRequest { put: request.put.map(|put| Put { contact: None, ..put }), ..request.clone() },
    ] {
        let refused = pod.act(&senseless).await.expect_err("it makes no sense");
        assert_eq!(refused.code, "bad_request", "{senseless:?}");
    }
    directory.stop().await;
}
