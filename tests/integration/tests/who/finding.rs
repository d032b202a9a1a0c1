//! Whom the directory knows by what stands on a ticket, and which contacts they are.

use std::collections::BTreeSet;

use integration::{
    domain_controller::DomainController,
    harbor::{HARBOR, set_up},
    pod::Pod,
    psa_contacts::writes,
    service::Deployment,
};
use pod_view::wire::{How, KnownAs, OnTicket, Record, Schedule, Security, Settings, Standing, Trust};
use reconcile::{ContactId, Field, RowKind};
use reqwest::StatusCode;
use sample_directory::{Person, people, people::BASE};
use serde_json::json;

use crate::common::{
    came_from, contact, contact_named, contact_on, deed, edit, on, on_ticket, only, ticket_of,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_found_by_any_address_number_and_name() {
    let (deployment, directory, pod) = set_up().await.expect("Harbor Manufacturing is set up");
    let ticket = ticket_of(&deployment, pod.company);
    came_from(&deployment, ticket, "laura.bakker@harbor.example");
    directory.people().change("owright", |person| {
        person.telephone = Some("+44 (0)20 7946 0771".to_owned());
        person.mobile = Some("07700 900 771".to_owned());
    });
    let (pod, scene) = on_ticket(&deployment, "Dispatch1", ticket).await;
    assert_eq!(scene.on.known, "laura.bakker@harbor.example", "it is what the field begins with");
    assert!(scene.on.contact.is_none());

    deployment.psa.world().lock().reset_log();
    for (text, known, logon) in [
        // Her address now, and the one from before she married.
        ("Laura.Jansen@Harbor.Example", KnownAs::Address, "Laura Jansen"),
        ("laura.bakker@harbor.example", KnownAs::Address, "Laura Jansen"),
        ("Laura Bakker <laura.bakker@harbor.example>", KnownAs::Address, "Laura Jansen"),
        ("02079460771", KnownAs::Phone, "Owen Wright"),
        ("+44 20 7946 0771", KnownAs::Phone, "Owen Wright"),
        ("(020) 7946-0771 ext. 12", KnownAs::Phone, "Owen Wright"),
        ("0044 7700 900771", KnownAs::Phone, "Owen Wright"),
        ("Owen Wright", KnownAs::Name, "Owen Wright"),
        ("wright, owen", KnownAs::Name, "Owen Wright"),
        ("Jan van der Berg", KnownAs::Name, "Jan van der Berg"),
        ("Zoë Brontë", KnownAs::Name, "Zoë Brontë"),
    ] {
        let who = pod.who(text).await.unwrap_or_else(|refused| panic!("{text}: {refused:?}"));
        assert_eq!((who.known, only(&who).name.as_str()), (known, logon), "{text}");
        assert_eq!(who.host, "127.0.0.1");
        assert!(!who.more);
    }
    // Looking writes nothing.
    assert_eq!(writes(&deployment), 0);

    // Whoever is not there is not made up.
    for text in ["nobody@harbor.example", "+44 20 7946 9999", "Walter Nobody"] {
        let who = pod.who(text).await.expect("the directory answers");
        assert!(who.people.is_empty() && !who.more, "{who:?}");
    }
    let refused = pod.who("142").await.expect_err("that says too little");
    assert_eq!(refused.problem.code, "too_little");
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s6_a_hostile_text_finds_who_is_called_so_and_nobody_else() {
    let (deployment, directory, pod) = set_up().await.expect("Harbor Manufacturing is set up");
    let hostile = Person::new("hostile", "Mal)(objectClass=*", "Ory\\2a*", "Sales");
    directory.people().hire(Person { mail: None, proxy_addresses: Vec::new(), ..hostile });
    let (pod, _) = on_ticket(&deployment, "Dispatch1", ticket_of(&deployment, pod.company)).await;
    let who = pod.who("Mal)(objectClass=* Ory\\2a*").await.expect("the directory answers");
    assert_eq!(only(&who).name, "Mal)(objectClass=* Ory\\2a*");
    for text in ["*)(objectClass=*", "x*)(|(cn=*", "a*@harbor.example", "*@*", "a)(mail=*@harbor.example"] {
        match pod.who(text).await {
            Ok(who) => assert!(who.people.is_empty(), "{text}: {who:?}"),
            Err(refused) => assert_eq!(refused.problem.code, "too_little", "{text}"),
        }
    }
    // The sample has somebody with brackets, a comma and a star in the name.
    let who = pod.who("Baker, Paul").await.expect("the directory answers");
    assert!(who.people.iter().any(|person| person.name.contains("Baker")), "{who:?}");
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_ten_are_shown_and_it_is_said_that_there_are_more() {
    let (deployment, directory, pod) = set_up().await.expect("Harbor Manufacturing is set up");
    for number in 10..22 {
        let person = Person::new(&format!("clone{number}"), "Quentin", &format!("Zuider{number}"), "Sales");
        directory.people().hire(person);
    }
    let (pod, _) = on_ticket(&deployment, "Dispatch1", ticket_of(&deployment, pod.company)).await;
    let who = pod.who("Quentin Zuider").await.expect("the directory answers");
    assert_eq!((who.people.len(), who.more), (10, true));
    let names: BTreeSet<_> = who.people.iter().map(|person| &person.name).collect();
    assert_eq!(names.len(), 10);
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_is_shown_with_the_contact_that_they_are() {
    let (deployment, directory, dispatcher) = set_up().await.expect("Harbor Manufacturing is set up");
    let (pod, scene) = on_ticket(&deployment, "Dispatch1", ticket_of(&deployment, dispatcher.company)).await;

    // Fits by the planner's own evidence; linked once that was applied.
    let who = pod.who("ghollow@corp.harbor.example").await.expect("the directory answers");
    let [fitting] = &only(&who).contacts[..] else { panic!("{who:?}") };
    assert_eq!((fitting.how, fitting.contact.name.as_str()), (How::Fits, "Greta Hollow"));
    let review = dispatcher.review().await.expect("both sides can be read");
    let account = only(&who).account;
    let request = review.approve(|row| row.account == Some(account));
    dispatcher.apply(&request).await.expect("the run ends");
    let who = pod.who("ghollow@corp.harbor.example").await.expect("the directory answers");
    assert_eq!(only(&who).contacts[0].how, How::Linked);
    assert_eq!(scene.deeds(&who).len(), 1, "she can be put on the ticket, and nothing else");

    // Nobody's contact: one can be made, as the plan would make it.
    let who = pod.who("inés flores").await.expect("the directory answers");
    let person = only(&who);
    assert!(person.contacts.is_empty() && person.standing == Standing::Clear);
    let create = person.create.as_ref().expect("one can be made");
    assert_eq!((create.approved.kind, create.decision), (RowKind::Create, None));
    let plan = dispatcher.review().await.expect("both sides can be read").plan();
    let row = plan.rows.iter().find(|row| row.account == Some(person.account)).expect("it is planned");
    assert_eq!((row.fingerprint, &row.changes), (create.approved.fingerprint, &create.changes));
    assert!(person.facts.contains(&"Test Engineer".to_owned()), "{:?}", person.facts);

    // Put away by hand: a question, which is answered by bringing it back.
    let who = pod.who("Charles Taylor").await.expect("the directory answers");
    let fitting = &only(&who).contacts[0];
    assert!(fitting.contact.inactive);
    assert_eq!(fitting.act.as_ref().map(|act| act.approved.kind), Some(RowKind::Reactivate));

    // A leaver is found, and nothing is offered but what is there.
    let who = pod.who("Stuart Gibson").await.expect("the directory answers");
    assert_eq!(only(&who).standing, Standing::Disabled);
    assert!(scene.deeds(&who).is_empty(), "{who:?}");

    // No person at all.
    let nobody = directory.people().all().into_iter().find(|person| person.logon == "info");
    let name = nobody.and_then(|person| person.display_name).expect("the sample has a shared mailbox");
    let who = pod.who(&name).await.expect("the directory answers");
    let shared = who.people.iter().find(|person| person.name == name).expect("it is found");
    assert!(shared.create.is_none() && shared.standing != Standing::Clear, "{shared:?}");
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_contacts_screen_its_own_account_comes_first() {
    let (deployment, directory, dispatcher) = set_up().await.expect("Harbor Manufacturing is set up");
    let company = dispatcher.company;
    let id = contact_named(&deployment, company, "Greta", "Hollow");
    let (pod, scene) = on(&deployment, "Dispatch1", Record::Contact(id)).await;
    assert_eq!(scene.on.contact.as_ref().map(|contact| contact.id.0), Some(id));
    assert_eq!(pod.company, company);
    let who = pod.who(&scene.on.known).await.expect("the directory answers");
    let deeds = scene.deeds(&who);
    let [deed] = &deeds[..] else { panic!("{deeds:?}") };
    assert!(deed.request.put.is_none());
    let acted = pod.act(&deed.request).await.expect("the run ends");
    assert_eq!(acted.row.map(|row| row.outcome), Some(pod_view::wire::Outcome::Applied));
    assert!(acted.ticket.is_none());

    // Linked: it comes before everybody else, and nobody else can be said to be it.
    directory.people().hire(Person::new("ahollow", "Aaron", "Hollow", "Sales"));
    let who = pod.who("Hollow").await.expect("the directory answers");
    let names: Vec<_> = who.people.iter().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["Greta Hollow", "Aaron Hollow"]);
    assert_eq!((who.people[0].contacts[0].how, who.linked_unseen), (How::Linked, false));
    assert!(who.people[1].contacts.iter().all(|fitting| fitting.contact.id.0 != id), "{who:?}");
    let who = pod.who("Owen Wright").await.expect("the directory answers");
    assert!(who.linked_unseen && only(&who).contacts.iter().all(|fitting| fitting.contact.id.0 != id));
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_open_is_asked_of_the_psa_as_the_member() {
    let (deployment, directory, dispatcher) = set_up().await.expect("Harbor Manufacturing is set up");
    let company = dispatcher.company;
    let ticket = ticket_of(&deployment, company);
    // A mail came in: who wrote says more than the contact that the PSA put there.
    edit(&deployment, ticket, |record| {
        record.insert("initialDescriptionFrom".into(), json!("owen.wright@harbor.example"));
    });
    let (pod, scene) = on_ticket(&deployment, "Dispatch1", ticket).await;
    assert_eq!(scene.on.known, "owen.wright@harbor.example");
    assert!(scene.on.contact.is_some());

    // Another company's ticket is that company's, which is not set up.
    let linden = deployment.company("LindenLaw");
    let theirs = ticket_of(&deployment, linden);
    let (other, scene) = on_ticket(&deployment, "Dispatch1", theirs).await;
    assert_eq!((scene.on.company, other.company), (linden, linden));
    let refused = other.who("Owen Wright").await.expect_err("there is no directory");
    assert_eq!(refused.problem.code, "not_set_up");
    // A token for one company's ticket is none for another company.
    let mut astray = other;
    astray.company = company;
    let refused = astray.who("Owen Wright").await.expect_err("it is another company's");
    assert_eq!((refused.status, refused.problem.code.as_str()), (StatusCode::FORBIDDEN, "not_allowed"));
    drop(pod);

    // A company that the member may not see, by its ticket, its contact, and records that are not there.
    deployment.psa.world().lock().hide_company("Dispatch1", company);
    let own = contact_named(&deployment, company, "Greta", "Hollow");
    for record in [Record::Ticket(ticket), Record::Contact(own), Record::Ticket(999_999), Record::Contact(0)]
    {
        let Err(refused) = Pod::open_on(&deployment, "Dispatch1", record).await else {
            panic!("{record:?} was shown")
        };
        assert_eq!(refused.problem.code, "not_allowed", "{record:?}");
    }
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_managers_what_is_offered_is_what_the_whole_read_plans() -> anyhow::Result<()> {
    let everybody = people();
    let boss =
        everybody.iter().find(|person| person.logon == "ghollow").expect("the sample has her").dn(BASE);
    let directory = tokio::task::spawn_blocking(move || -> anyhow::Result<_> {
        let directory = DomainController::start(&everybody)?;
        directory.set("iflores", "manager", Some(&boss))?;
        Ok(directory)
    })
    .await??;
    let deployment = Deployment::start().await?;
    let company = deployment.company(HARBOR);
    let dispatcher = Pod::open(&deployment, "Dispatch1", company).await.expect("Dispatch1 may");
    let settings = Settings {
        host: directory.ldaps().ip().to_string(),
        port: directory.ldaps().port(),
        security: Security::Ldaps,
        trust: Trust::Authority(directory.ca_pem().to_owned()),
        base: directory.base().to_owned(),
        bind_name: directory.bind_name(),
        password: Some(directory.password().to_owned()),
        filter: None,
        rules: "take manager".to_owned(),
        shared_rules: String::new(),
        schedule: Schedule::default(),
        generation: 0,
        password_set: false,
    };
    dispatcher.save_settings(&settings).await.expect("they can be saved");
    // Her manager is known once she is linked.
    let review = dispatcher.review().await.expect("both sides can be read");
    let boss = contact_named(&deployment, company, "Greta", "Hollow");
    let request = review.approve(|row| row.contact == Some(ContactId(boss)));
    dispatcher.apply(&request).await.expect("the run ends");

    let ticket = ticket_of(&deployment, company);
    let (pod, scene) = on_ticket(&deployment, "Dispatch1", ticket).await;
    let who = pod.who("Inés Flores").await.expect("the directory answers");
    let create = only(&who).create.as_ref().expect("a contact can be made");
    let manager = create.changes.iter().find(|change| change.field == Field::Manager);
    assert_eq!(manager.map(|change| change.new.clone()), Some(boss.to_string()));
    let chosen = deed(&scene, &who, "Create the contact and put it on the ticket");
    let acted = pod.act(&chosen.request).await.expect("the run ends");
    assert_eq!(acted.ticket, Some(OnTicket::Put), "{acted:?}");
    let made = contact(&deployment, contact_on(&deployment, ticket).expect("somebody is on it"));
    assert_eq!(made["managerContact"]["id"], boss);
    Ok(())
}
