//! Rules, from the settings note to what the PSA has afterwards.

use std::time::Duration;

use integration::history::{Ground, History, account};
use psa_simulator::{Csv, Kind, Options, Record};
use reconcile::{Account, Decision, Exclusion, Protection, Reason, RowKind, Subject};
use serde_json::{Value, json};

const SEVEN: i64 = 7;
const EIGHT: i64 = 8;

/// A PSA with two companies; one contact in the first.
async fn begin(name: &str) -> (tempfile::TempDir, History) {
    server::web::install_tls_provider();
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let ground = Ground::new(folder.path()).await.expect("the store opens");
    let options = Options {
        login_company: name.to_owned(),
        companies: Csv::Text(
            "id,identifier,name,status,city\n7,Seven,Seven Ltd,Active,Ghent\n8,Eight,Eight Ltd,Active,Bruges\n".into(),
        ),
        contacts: Csv::Text(
            "company,first_name,last_name,title,email,direct,mobile,fax,inactive,default,billing,portal\n\
             Seven,Ann,Aerts,Clerk,ann.aerts@history.example,,,,false,,,\n"
                .into(),
        ),
        ..Options::default()
    };
    let history = History::begin(&ground, &options, SEVEN).await.expect("it begins");
    (folder, history)
}

fn record(value: &Value) -> Record {
    value.as_object().expect("a record is an object").clone().into_iter().collect()
}

fn person(number: u128, given: &str, change: impl FnOnce(&mut Account)) -> Account {
    let mut person = account(number, given, "Aerts", true);
    person.telephone = None;
    change(&mut person);
    person
}

fn employ(history: &History, people: impl IntoIterator<Item = Account>) {
    history.people(|there| there.extend(people.into_iter().map(|person| (person.id, person))));
}

/// The contact of this address as the PSA has it.
fn contact(history: &History, address: &str) -> Value {
    let world = history.psa().world();
    let world = world.lock();
    let found = world.contacts_with_email(address);
    assert_eq!(found.len(), 1, "{address}");
    serde_json::to_value(found[0]).expect("a record is JSON")
}

#[tokio::test]
async fn references_are_written_by_rules_and_only_once() {
    let (_folder, history) = begin("references").await;
    {
        let world = history.psa().world();
        let mut world = world.lock();
        world.add(Kind::Department, record(&json!({ "name": "Sales & Marketing" })));
        let company = json!({ "id": SEVEN });
        world.add(Kind::Site, record(&json!({ "name": "Harbour", "company": company })));
    }
    history
        .set_rules(
            "create departments\nsite \"Harbour\" for office H*\ntype \"Approver\" for title *head*\n\
             employee id in field 3\ntake manager\ntake aliases",
        )
        .await
        .expect("they are good rules");
    let boss = person(1, "Ann", |ann| {
        ann.department = Some("sales & marketing".into());
        ann.title = Some("Head of Sales".into());
        ann.employee_id = Some("0042".into());
        ann.proxy_addresses = vec!["ann@history.example".into()];
    });
    let new = person(2, "Ben", |ben| {
        ben.department = Some("Workshop".into());
        ben.office = Some("H2".into());
        ben.manager = Some(boss.dn.clone());
    });
    employ(&history, [boss, new]);
    let first = history.sync().await.expect("the first sync works");
    assert_eq!((first.created, first.updated, first.rejected), (1, 1, 0), "{first:?}");
    let ann = contact(&history, "ann@history.example");
    assert_eq!(ann["department"]["name"], "Sales & Marketing", "the PSA's own spelling, nothing new");
    assert_eq!(ann["userDefinedField3"], "0042");
    assert!(ann["types"].as_array().is_some_and(|types| types.iter().any(|kind| kind["name"] == "Approver")));
    let ben = contact(&history, "ben.aerts@history.example");
    assert_eq!(ben["department"]["name"], "Workshop");
    assert_eq!(ben["site"]["name"], "Harbour");
    assert!(ben["managerContact"].is_null(), "the manager was not linked yet: {ben}");

    let second = history.sync().await.expect("the second sync works");
    assert_eq!((second.updated, second.rejected), (1, 0), "{second:?}");
    assert_eq!(contact(&history, "ben.aerts@history.example")["managerContact"]["id"], ann["id"]);
    let third = history.plan().await.expect("a third plan");
    assert_eq!(third.writing().count(), 0, "{:?}", third.rows);
    let world = history.psa().world();
    let world = world.lock();
    let made = world.records(Kind::Department).filter(|department| department["name"] == "Workshop").count();
    assert_eq!(made, 1);
}

#[tokio::test]
async fn what_the_psa_has_no_record_for_is_said_and_the_rest_is_written() {
    let (_folder, history) = begin("unplaced").await;
    let ann = person(1, "Ann", |ann| {
        ann.department = Some("Workshop".into());
        ann.title = Some("Owner".into());
    });
    employ(&history, [ann]);
    let plan = history.plan().await.expect("a plan");
    assert_eq!(plan.rows[0].unplaced[0].value, "Workshop");
    let counts = history.sync().await.expect("the sync works");
    assert_eq!((counts.updated, counts.rejected), (1, 0), "{counts:?}");
    assert_eq!(contact(&history, "ann.aerts@history.example")["title"], "Owner");
}

#[tokio::test]
async fn a_companys_rule_goes_before_that_of_all_companies() {
    let (_folder, mut history) = begin("layers").await;
    employ(&history, [person(1, "Ann", |_| {}), person(2, "Ben", |ben| ben.title = Some("Guest".into()))]);
    history.set_rules_for_all("leave out title guest*").await.expect("they are stored");
    let left_out = history.plan().await.expect("a plan");
    let row = left_out.rows.iter().find(|row| row.kind == RowKind::Excluded).expect("Ben is left out");
    assert_eq!(row.reasons, [Reason::LeftOut(Exclusion::Rule(0))]);
    history.set_rules("person logon ben.*").await.expect("they are good rules");
    assert_eq!(history.plan().await.expect("a plan").count(RowKind::Create), 1);
    let refused = history.set_rules("leave out everybody").await.expect_err("it is no rule");
    assert!(refused.to_string().contains("line 1: expected one of logon"), "{refused}");
}

#[tokio::test]
async fn of_one_directory_two_companies_each_take_their_own() {
    let (_folder, seven) = begin("shared").await;
    seven.set_rules("only office North").await.expect("they are good rules");
    let eight = seven.beside(EIGHT, "only office South").await.expect("it is set up");
    let office =
        |number, given, office: &str| person(number, given, |person| person.office = Some(office.to_owned()));
    employ(&seven, [office(1, "Ann", "North"), office(2, "Ben", "South"), office(3, "Cleo", "West")]);
    for (history, other, counts) in [(&seven, EIGHT, (0, 1)), (&eight, SEVEN, (1, 0))] {
        let plan = history.plan().await.expect("a plan");
        let reasons: Vec<Reason> = plan.rows.iter().flat_map(|row| row.reasons.clone()).collect();
        assert!(reasons.contains(&Reason::LeftOut(Exclusion::OtherCompany(other))), "{reasons:?}");
        assert!(reasons.contains(&Reason::LeftOut(Exclusion::Unclaimed)), "{reasons:?}");
        let done = history.sync().await.expect("the sync works");
        assert_eq!((done.created, done.linked), counts, "{done:?}");
    }
    // Ben moves: nobody makes him twice, and nobody puts him away unasked.
    seven.people(|people| {
        let ben = people.values_mut().find(|person| person.given_name.as_deref() == Some("Ben"));
        ben.expect("he is there").office = Some("North".into());
    });
    let plan = seven.plan().await.expect("a plan");
    let asked: Vec<_> = plan.rows.iter().filter(|row| row.kind == RowKind::NeedsDecision).collect();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].reasons, [Reason::LinkedElsewhere(EIGHT)]);
    let asked_about = asked[0].account;
    let plan = eight.plan().await.expect("a plan");
    let asked: Vec<_> = plan.rows.iter().filter(|row| row.kind == RowKind::NeedsDecision).collect();
    assert_eq!(asked[0].reasons, [Reason::LeftOut(Exclusion::OtherCompany(SEVEN))]);
    assert_eq!(plan.count(RowKind::Deactivate), 0);

    // Brought here, he is the same contact; there is nothing left of him there, and nothing to do.
    let there = contact(&seven, "ben.aerts@history.example");
    let ben = asked_about.expect("it is about an account");
    let done = seven.sync_deciding(&[(Subject::Account(ben), Decision::Move)]).await.expect("it works");
    assert_eq!((done.updated, done.rejected), (1, 0), "{done:?}");
    let here = contact(&seven, "ben.aerts@history.example");
    assert_eq!((&here["id"], &here["company"]["id"]), (&there["id"], &json!(SEVEN)));
    for history in [&seven, &eight] {
        let plan = history.plan().await.expect("a plan");
        assert_eq!((plan.writing().count(), plan.count(RowKind::NeedsDecision)), (0, 0), "{:?}", plan.rows);
    }
}

#[tokio::test]
async fn who_is_on_an_open_ticket_is_not_put_away_unseen() {
    let (_folder, history) = begin("tickets").await;
    employ(&history, [person(1, "Ann", |_| {}), person(2, "Ben", |_| {})]);
    history.sync().await.expect("the first sync works");
    let ann = contact(&history, "ann.aerts@history.example");
    let ticket = |closed: bool| {
        record(&json!({
            "summary": "Printer", "company": { "id": SEVEN }, "contact": { "id": ann["id"], "name": "Ann Aerts" },
            "closedFlag": closed,
        }))
    };
    let world = history.psa().world();
    {
        let mut world = world.lock();
        let there: Vec<i64> =
            world.records(Kind::Ticket).filter_map(|ticket| ticket["id"].as_i64()).collect();
        for id in there {
            world.remove(Kind::Ticket, id);
        }
        world.add(Kind::Ticket, ticket(true));
    }
    history.people(|people| {
        let ann = people.values_mut().find(|person| person.given_name.as_deref() == Some("Ann"));
        ann.expect("she is there").enabled = false;
    });
    let protections = async || history.plan().await.expect("a plan").rows[0].protections.clone();
    assert_eq!(protections().await, []);
    world.lock().add(Kind::Ticket, ticket(false));
    assert_eq!(protections().await, [Protection::OpenTickets]);
    let counts = history.sync().await.expect("the sync works");
    assert_eq!(counts.deactivated, 0, "{counts:?}");
    // Without the right to see tickets they are not seen, and all else works.
    {
        let mut world = world.lock();
        let api = world.member_mut("ConnectActive").expect("it is the integrator");
        let right =
            api.role.right_mut("Service Desk", "Service Tickets").expect("the role has a line for it");
        right.inquire = psa_simulator::Level::None;
    }
    assert_eq!(protections().await, []);
}

#[tokio::test]
async fn since_when_somebody_is_missing_is_known_from_the_first_read_that_lacked_them() {
    let (_folder, history) = begin("missing").await;
    employ(&history, [person(1, "Ann", |_| {}), person(2, "Ben", |_| {})]);
    history.sync().await.expect("the first sync works");
    let since = async || {
        let links = history.links().await.expect("the store works");
        links.iter().filter_map(|link| link.missing_since).collect::<Vec<_>>()
    };
    assert_eq!(since().await, [0_i64; 0]);
    let ann = history.people(std::collections::BTreeMap::pop_first).expect("she is there").1;
    // Nobody applies anything for a while.
    history.review().await.expect("both sides can be read");
    let first = since().await;
    assert_eq!(first.len(), 1);
    history.pass(Duration::from_hours(7));
    history.review().await.expect("both sides can be read");
    assert_eq!(since().await, first);
    employ(&history, [ann]);
    history.review().await.expect("both sides can be read");
    assert_eq!(since().await, [0_i64; 0]);
}

#[tokio::test]
async fn a_rule_says_which_number_is_the_default() {
    let (_folder, history) = begin("phones").await;
    history.set_rules("default phone mobile").await.expect("they are good rules");
    let with_numbers = |number, given, mobile: Option<&str>| {
        person(number, given, |person| {
            person.telephone = Some(format!("+32 9 555 00 {number}"));
            person.mobile = mobile.map(str::to_owned);
        })
    };
    employ(&history, [with_numbers(2, "Ben", Some("+32 470 55 00 02")), with_numbers(3, "Cleo", None)]);
    assert_eq!(history.sync().await.expect("the sync works").created, 2);
    let default = |address: &str| {
        let contact = contact(&history, address);
        let items = contact["communicationItems"].as_array().cloned().unwrap_or_default();
        let phones = items.into_iter().filter(|item| item["communicationType"] == "Phone");
        let defaults: Vec<Value> = phones.filter(|item| item["defaultFlag"] == true).collect();
        assert_eq!(defaults.len(), 1, "{defaults:?}");
        defaults[0]["value"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(default("ben.aerts@history.example"), "+32 470 55 00 02");
    assert_eq!(default("cleo.aerts@history.example"), "+32 9 555 00 3", "the only one that there is");
}
