//! The client to the PSA, against the simulated one.

use std::time::{Duration, Instant};

use psa_simulator::{Csv, Fault, FaultKind, Kind, Level, Options, Simulator};
use reconcile::{ContactId, Field, FieldChange, Slot, Wants};
use secrecy::SecretString;
use serde_json::{Value, json};
use server::psa::{Caller, Change, Credentials, NewContact, Psa, PsaError, Rejection, Site, Write};
use server::security::egress::Egress;
use url::Url;

const CONTACTS: &str = "/company/contacts";
const LINDEN: &str = "LindenLaw";

async fn started(options: Options) -> Simulator {
    server::web::install_tls_provider();
    psa_simulator::start(options).await.expect("the simulator starts")
}

async fn psa() -> (Simulator, Psa) {
    let simulator = started(Options::default()).await;
    let psa = client(&simulator, &[]);
    (simulator, psa)
}

fn client(simulator: &Simulator, authorities: &[reqwest::Certificate]) -> Psa {
    client_with(simulator, authorities, "training", psa_simulator::PRIVATE_KEY)
}

fn client_with(
    simulator: &Simulator,
    authorities: &[reqwest::Certificate],
    login_company: &str,
    private_key: &str,
) -> Psa {
    Psa::new(
        std::sync::Arc::new(server::psa::Network::new(authorities, this_machine(simulator))),
        Site::parse(simulator.url()).expect("the simulator is on this machine"),
        login_company.to_owned(),
        Credentials {
            public_key: psa_simulator::PUBLIC_KEY.to_owned(),
            private_key: SecretString::from(private_key.to_owned()),
            client_id: None,
        },
        psa_simulator::CLIENT_ID.to_owned(),
    )
}

/// Nothing but the simulator may be asked.
fn this_machine(simulator: &Simulator) -> Egress {
    let url = Url::parse(simulator.url()).expect("an address");
    Egress {
        allowed_networks: vec![
            "127.0.0.0/8".parse().expect("a network"),
            "::1/128".parse().expect("a network"),
        ],
        allowed_ports: url.port().into_iter().collect(),
    }
}

fn company(simulator: &Simulator) -> i64 {
    simulator.world().lock().company_id(LINDEN).expect("it is one of the sample's")
}

fn set_fault(simulator: &Simulator, fault: Fault) {
    simulator.world().lock().fault(fault);
}

fn count(simulator: &Simulator, method: &str, path: &str) -> usize {
    simulator.world().lock().count(method, path)
}

fn field(field: Field, new: &str) -> FieldChange {
    FieldChange { field, old: None, new: new.to_owned(), shortened: false }
}

fn somebody() -> [FieldChange; 3] {
    [
        field(Field::FirstName, "Noor"),
        field(Field::LastName, "Bakker"),
        field(Field::Email, "noor@linden.example"),
    ]
}

/// How often somebody with that address is there.
fn made(simulator: &Simulator) -> usize {
    simulator.world().lock().contacts_with_email("noor@linden.example").len()
}

/// Creates somebody at the company, with the sample's communication types.
async fn create(psa: &Psa, company: i64, fields: &[FieldChange]) -> Result<Write<ContactId>, PsaError> {
    let references = psa.references(company, Wants::default()).await.expect("they can be read");
    psa.create_contact(&NewContact { company, fields }, &references).await
}

fn many(number: usize) -> Options {
    let header =
        "company,first_name,last_name,title,email,direct,mobile,fax,inactive,default,billing,portal\n";
    let rows = (0..number)
        .map(|at| format!("{LINDEN},First{at},Last{at},,first{at}@linden.example,,,,{},,,\n", at % 7 == 0));
    Options { contacts: Csv::Text(header.to_owned() + &rows.collect::<String>()), ..Options::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn over_https_the_authority_must_be_known() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    for cloud in [false, true] {
        let tls_dir = Some(folder.path().to_owned());
        let simulator = started(Options { tls_dir, cloud, ..Options::default() }).await;
        assert!(simulator.url().starts_with("https://"));
        let refused = client(&simulator, &[]).communication_types().await;
        assert!(matches!(refused, Err(PsaError::Unreachable(_))), "{refused:?}");
        assert_eq!(simulator.world().lock().requests().len(), 0, "nothing was sent to a stranger");

        let pem = std::fs::read(folder.path().join("ca.pem")).expect("the simulator wrote it");
        let authority = reqwest::Certificate::from_pem(&pem).expect("it is a certificate");
        let trusting = client(&simulator, &[authority]);
        let read =
            trusting.contacts(company(&simulator), Wants::default(), |_| {}).await.expect("it can be read");
        assert!(!read.contacts.is_empty());
        let written = create(&trusting, company(&simulator), &somebody()).await;
        assert!(matches!(written, Ok(Write::Applied(_))), "{written:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cloud_that_moved_to_a_new_release_is_found_again() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let options = Options { tls_dir: Some(folder.path().to_owned()), cloud: true, ..Options::default() };
    let simulator = started(options).await;
    let pem = std::fs::read(folder.path().join("ca.pem")).expect("the simulator wrote it");
    let psa = client(&simulator, &[reqwest::Certificate::from_pem(&pem).expect("it is a certificate")]);
    let id = company(&simulator);
    let before = psa.contacts(id, Wants::default(), |_| {}).await.expect("it can be read").contacts;

    simulator.world().lock().release("v2026_5");
    simulator.world().lock().reset_log();
    let after = psa.contacts(id, Wants::default(), |_| {}).await.expect("it is found again").contacts;
    assert_eq!(after, before);
    let missed = |simulator: &Simulator| {
        let world = simulator.world();
        let world = world.lock();
        world.requests().iter().filter(|request| request.status == Some(404)).count()
    };
    // Three requests were under way: the company, its contacts and its tickets. After them everybody knows
    // the new place.
    assert!((1..=3).contains(&missed(&simulator)));
    simulator.world().lock().reset_log();

    // A record that is not there is no reason to look for the API.
    let gone = psa.company(Caller::Integrator, 1).await;
    assert_eq!(gone.map(|company| company.id), Err(PsaError::NotFound));
    assert_eq!(missed(&simulator), 1);

    // The next release falls between a read and a write.
    simulator.world().lock().release("v2026_6");
    let types = psa.contacts(id, Wants::default(), |_| {}).await.expect("it is found again").references;
    simulator.world().lock().release("v2026_7");
    let fields = somebody();
    let written = psa.create_contact(&NewContact { company: id, fields: &fields }, &types).await;
    assert!(matches!(written, Ok(Write::Applied(_))), "{written:?}");
    assert_eq!(made(&simulator), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_contacts_come_in_as_few_calls_as_pages() {
    for (number, pages) in [(2_350, 3), (1_000, 1)] {
        let simulator = started(many(number)).await;
        let mut seen = Vec::new();
        let id = company(&simulator);
        let read = client(&simulator, &[]).contacts(id, Wants::default(), |so_far| seen.push(so_far)).await;
        let mut ids: Vec<i64> =
            read.expect("it can be read").contacts.iter().map(|contact| contact.id.0).collect();
        ids.dedup();
        let world = simulator.world();
        let world = world.lock();
        let mut expected: Vec<i64> =
            world.contacts_of(id).iter().filter_map(|record| record["id"].as_i64()).collect();
        expected.sort_unstable();
        assert_eq!(ids, expected);
        assert_eq!(ids.len(), number);
        assert!(seen.is_sorted() && seen.last() == Some(&number), "{seen:?}");
        let (lists, all) = (world.count("GET", CONTACTS), world.requests().len());
        // The end of a list that fills its last page may show only by an empty one.
        assert!((pages..=pages + 1).contains(&lists), "{lists} calls for {number}");
        assert!(all <= lists + 3, "{all} calls in all");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s7_contacts_of_other_companies_never_come_along() {
    let (simulator, psa) = psa().await;
    let harbor = simulator.world().lock().company_id("HarborMfg").expect("it is one of the sample's");
    let wants = Wants::default();
    let (one, other) =
        tokio::join!(psa.contacts(harbor, wants, |_| {}), psa.contacts(company(&simulator), wants, |_| {}));
    let (one, other) = (one.expect("it can be read"), other.expect("it can be read"));
    assert!(!one.contacts.is_empty() && !other.contacts.is_empty());
    assert!(one.contacts.iter().all(|contact| other.contacts.iter().all(|there| there.id != contact.id)));
}

#[tokio::test(flavor = "multi_thread")]
async fn p1_told_to_wait_it_waits_and_then_succeeds() {
    let (simulator, psa) = psa().await;
    let id = company(&simulator);
    let busy = |method: &str, seconds: &str| {
        let mut fault = Fault::once(method, CONTACTS, FaultKind::Status429);
        fault.retry_after = Some(seconds.to_owned());
        fault
    };
    for method in ["GET", "POST"] {
        simulator.world().lock().reset_log();
        set_fault(&simulator, busy(method, "1"));
        let began = Instant::now();
        if method == "GET" {
            psa.contacts(id, Wants::default(), |_| {}).await.expect("it waited");
        } else {
            // Nothing was done yet, so here a write may be sent again.
            let written = create(&psa, id, &somebody()).await;
            assert!(matches!(written, Ok(Write::Applied(_))), "{written:?}");
            assert_eq!(made(&simulator), 1);
        }
        assert!(began.elapsed() >= Duration::from_secs(1), "{method} did not wait");
        assert_eq!(count(&simulator, method, CONTACTS), 2);
    }

    // Nobody in front of the pod waits for an hour.
    set_fault(&simulator, busy("GET", "3600"));
    assert_eq!(psa.contacts(id, Wants::default(), |_| {}).await.map(|_| ()), Err(PsaError::Throttled));
    set_fault(&simulator, busy("POST", "3600"));
    let written = create(&psa, id, &[field(Field::FirstName, "Late")]).await;
    assert!(matches!(written, Ok(Write::Rejected(_))), "{written:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn p2_after_an_error_a_read_is_tried_again_and_a_write_is_not() {
    let (simulator, psa) = psa().await;
    let id = company(&simulator);
    for kind in [FaultKind::Status500, FaultKind::Status503, FaultKind::Html502, FaultKind::DropBefore] {
        simulator.world().lock().reset_log();
        set_fault(&simulator, Fault::once("GET", CONTACTS, kind));
        psa.contacts(id, Wants::default(), |_| {}).await.unwrap_or_else(|error| panic!("{kind:?}: {error}"));
        assert_eq!(count(&simulator, "GET", CONTACTS), 2, "{kind:?}");

        set_fault(&simulator, Fault::once("POST", CONTACTS, kind));
        assert_eq!(create(&psa, id, &somebody()).await, Ok(Write::Unknown), "{kind:?}");
        assert_eq!(count(&simulator, "POST", CONTACTS), 1, "{kind:?}");
    }
    assert_eq!(made(&simulator), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn p3_p4_an_answer_that_is_lost_leaves_open_whether_it_was_written() {
    let (simulator, psa) = psa().await;
    let id = company(&simulator);
    for (kind, there) in [(FaultKind::LostAfterWrite, 1), (FaultKind::Truncated, 2), (FaultKind::Html200, 2)]
    {
        simulator.world().lock().reset_log();
        set_fault(&simulator, Fault::once("POST", CONTACTS, kind));
        assert_eq!(create(&psa, id, &somebody()).await, Ok(Write::Unknown), "{kind:?}");
        assert_eq!(count(&simulator, "POST", CONTACTS), 1, "{kind:?}");
        assert_eq!(made(&simulator), there, "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p2_a_page_of_html_is_not_the_api() {
    let (simulator, psa) = psa().await;
    let id = company(&simulator);
    set_fault(&simulator, Fault::once("GET", &format!("/company/companies/{id}"), FaultKind::Html200));
    let record = psa.company(Caller::Integrator, id).await.map(|company| company.id);
    let Err(error @ PsaError::NotTheApi(_)) = record else { panic!("{record:?}") };
    assert_eq!(error.problem().code, "psa_address");
    set_fault(&simulator, Fault::once("GET", CONTACTS, FaultKind::Html200));
    let list = psa.contacts(id, Wants::default(), |_| {}).await.map(|_| ());
    assert!(matches!(list, Err(PsaError::NotTheApi(_))), "{list:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn p7_a_list_that_breaks_off_is_an_error_and_never_a_part_of_it() {
    let simulator = started(many(1_500)).await;
    let psa = client(&simulator, &[]);
    let id = company(&simulator);
    let mut broken = Fault::once("GET", CONTACTS, FaultKind::Truncated);
    broken.skip = 1;
    set_fault(&simulator, broken.clone());
    let read = psa
        .contacts(id, Wants::default(), |_| {})
        .await
        .expect("the second page comes when it is asked for again");
    assert_eq!(read.contacts.len(), 1_500);

    simulator.world().lock().reset_log();
    broken.times = 100;
    set_fault(&simulator, broken);
    let mut seen = Vec::new();
    let list =
        psa.contacts(id, Wants::default(), |so_far| seen.push(so_far)).await.map(|read| read.contacts.len());
    assert!(matches!(list, Err(PsaError::Unreachable(_))), "{list:?}");
    assert_eq!(seen, [1_000], "the first page had come");
    assert!(count(&simulator, "GET", CONTACTS) <= 6, "it gives up");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_patch_changes_names_and_numbers_and_leaves_the_defaults_right() {
    let row = "company,first_name,last_name,title,email,direct,mobile,fax,inactive,default,billing,portal\n\
               LindenLaw,Ann,Lee,Partner,ann@linden.example,+31 30 1,,,false,,,\n\
               LindenLaw,Ben,Roy,,,,,,false,,,\n";
    let simulator = started(Options { contacts: Csv::Text(row.to_owned()), ..Options::default() }).await;
    let psa = client(&simulator, &[]);
    let id = company(&simulator);
    let read = psa.contacts(id, Wants::default(), |_| {}).await.expect("it can be read");
    let [ann, ben] = read.contacts.as_slice() else { panic!("{:?}", read.contacts) };

    let fields = [
        field(Field::FirstName, "Anna"),
        field(Field::LastName, "Lee-Roy"),
        field(Field::Email, "anna@linden.example"),
        field(Field::Mobile, "+31 6 1"),
        field(Field::Fax, "+31 30 9"),
    ];
    let change = Change { contact: ann, fields: &fields, inactive: Some(true) };
    assert_eq!(psa.change_contact(&change, &read.company, &read.references).await, Ok(Write::Applied(())));
    // Somebody without any number gets a mobile one before a direct one.
    let fields = [field(Field::Mobile, "+31 6 2"), field(Field::Direct, "+31 30 2")];
    let change = Change { contact: ben, fields: &fields, inactive: None };
    assert_eq!(psa.change_contact(&change, &read.company, &read.references).await, Ok(Write::Applied(())));
    for contact in [ann, ben] {
        assert_eq!(count(&simulator, "PATCH", &format!("{CONTACTS}/{}", contact.id)), 1);
    }

    let again = psa.contacts(id, Wants::default(), |_| {}).await.expect("it can be read");
    let items = |at: usize| {
        let items = again.contacts[at].communications.iter();
        items.map(|item| (item.slot, item.value.as_str(), item.default)).collect::<Vec<_>>()
    };
    let anna = &again.contacts[0];
    assert_eq!(
        (anna.first_name.as_str(), anna.last_name.as_str(), anna.title.as_str(), anna.inactive),
        ("Anna", "Lee-Roy", "Partner", true)
    );
    assert_eq!(
        items(0),
        [
            (Slot::Email, "anna@linden.example", true),
            (Slot::Direct, "+31 30 1", true),
            (Slot::Mobile, "+31 6 1", false),
            (Slot::Fax, "+31 30 9", true),
        ]
    );
    assert_eq!(items(1), [(Slot::Mobile, "+31 6 2", false), (Slot::Direct, "+31 30 2", true)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_contact_has_all_it_was_given() {
    let (simulator, psa) = psa().await;
    let id = company(&simulator);
    let fields = [
        &somebody()[..],
        &[field(Field::Title, "Clerk"), field(Field::Direct, "+31 30 3"), field(Field::Mobile, "+31 6 3")],
    ]
    .concat();
    let written = create(&psa, id, &fields).await;
    let Ok(Write::Applied(ContactId(new))) = written else { panic!("{written:?}") };
    let world = simulator.world();
    let record = Value::Object(world.lock().record(Kind::Contact, new).expect("it is there").clone());
    assert_eq!(record["company"]["id"], json!(id));
    assert_eq!([&record["firstName"], &record["lastName"], &record["title"]], ["Noor", "Bakker", "Clerk"]);
    let items = record["communicationItems"].as_array().expect("it has items");
    let items: Vec<_> = items
        .iter()
        .map(|item| (item["type"]["name"].as_str(), item["value"].as_str(), item["defaultFlag"].as_bool()))
        .collect();
    let item = |name, value, default| (Some(name), Some(value), Some(default));
    assert_eq!(
        items,
        [
            item("Email", "noor@linden.example", true),
            item("Direct", "+31 30 3", true),
            item("Mobile", "+31 6 3", false)
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn p8_what_the_psa_refuses_is_told_with_the_field() {
    let (simulator, psa) = psa().await;
    let id = company(&simulator);
    for fields in [vec![field(Field::FirstName, &"N".repeat(31))], vec![field(Field::LastName, "Bakker")]] {
        let written = create(&psa, id, &fields).await;
        let Ok(Write::Rejected(Rejection::Refused { words, fields })) = &written else {
            panic!("{written:?}")
        };
        assert!(words.contains("firstName") && fields == &["firstName"], "{words}");
    }
    let gone = create(&psa, 1, &somebody()).await;
    assert!(matches!(gone, Ok(Write::Rejected(_))), "{gone:?}");
    assert_eq!(made(&simulator), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn p11_missing_rights_and_wrong_keys_are_told_apart() {
    let (simulator, psa) = psa().await;
    let id = company(&simulator);
    let set_rights = |add, inquire| {
        let world = simulator.world();
        let mut world = world.lock();
        let api = world.member_mut("ConnectActive").expect("it is the integrator");
        let right = api.role.right_mut("Companies", "Contacts").expect("the role has a line for it");
        (right.add, right.inquire) = (add, inquire);
    };
    set_rights(Level::None, Level::All);
    assert_eq!(create(&psa, id, &somebody()).await, Err(PsaError::Forbidden));
    set_rights(Level::All, Level::None);
    let read = psa.contacts(id, Wants::default(), |_| {}).await.map(|_| ());
    assert_eq!(read, Err(PsaError::Forbidden));
    assert_eq!(PsaError::Forbidden.problem().code, "psa_rights");
    set_rights(Level::All, Level::All);

    simulator.world().lock().reset_log();
    let wrong = client_with(&simulator, &[], "training", "not the key");
    assert_eq!(wrong.communication_types().await, Err(PsaError::Unauthorized));
    // What was still under way before is in the log as well.
    let world = simulator.world();
    let refused = world.lock().requests().iter().filter(|request| request.status == Some(401)).count();
    assert_eq!(refused, 1, "wrong keys are not tried again");
    assert_eq!(PsaError::Unauthorized.problem().code, "psa_keys");

    let nobody = client_with(&simulator, &[], "nobody", psa_simulator::PRIVATE_KEY);
    let unknown = nobody.communication_types().await;
    assert_eq!(unknown, Err(PsaError::UnknownLoginCompany("nobody".to_owned())));
    assert!(PsaError::UnknownLoginCompany("nobody".to_owned()).to_string().contains("nobody"));
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_are_added_and_changed() {
    let (simulator, psa) = psa().await;
    let id = company(&simulator);
    let written = psa.add_note(id, "first\ntext", None).await;
    let Ok(Write::Applied(note)) = written else { panic!("{written:?}") };
    assert_eq!(note.text, "first text", "the PSA folds line breaks");
    assert!(matches!(psa.change_note(id, note.id, "second").await, Ok(Write::Applied(_))));
    let notes = psa.notes(id).await.expect("they can be read");
    let ours: Vec<_> = notes.iter().filter(|there| there.id == note.id).collect();
    assert_eq!(ours.len(), 1);
    assert_eq!(
        (ours[0].text.as_str(), ours[0].info.updated_by.as_deref()),
        ("second", Some("ConnectActive"))
    );

    set_fault(
        &simulator,
        Fault::once("POST", &format!("/company/companies/{id}/notes"), FaultKind::LostAfterWrite),
    );
    let before = psa.notes(id).await.expect("they can be read").len();
    assert!(matches!(psa.add_note(id, "third", None).await, Ok(Write::Unknown)));
    assert_eq!(psa.notes(id).await.expect("they can be read").len(), before + 1);
}
