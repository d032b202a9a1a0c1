//! Taking back what a run wrote: as far as nobody changed it since, once, and for thirty days.

use std::{collections::BTreeMap, time::Duration};

use integration::{
    audit,
    history::{History, Undoable},
    pod::{Pod, undo_of},
    psa_contacts::{psa_contacts, writes},
    staff::{EIGHT, SEVEN, address, id, person, settled},
};
use pod_view::wire::{Counts, Purpose, RunKind, RunState, UndoRequest};
use psa_simulator::{Fault, FaultKind, Kind, Record};
use reconcile::{Account, ContactId, Decision, Field, Link, RowKind, Subject};
use serde_json::{Value, json};
use tempfile::TempDir;

const DAY: Duration = Duration::from_hours(24);
/// Longer than an answer that did not come may still come true.
const A_WHILE: Duration = Duration::from_mins(5);
const CONTACT: &str = "/company/contacts/*";

/// So many people, each with a contact; and where their store is.
async fn company(people: usize) -> (TempDir, History) {
    server::web::install_tls_provider();
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let history = settled(folder.path(), people).await.expect("the first review works");
    // So that later runs are later.
    history.pass(Duration::from_secs(1));
    (folder, history)
}

fn change(history: &History, number: usize, change: impl FnOnce(&mut Account)) {
    history.people(|people| change(people.get_mut(&id(number)).expect("they are in the directory")));
}

fn hire(history: &History, number: usize) {
    history.people(|people| drop(people.insert(id(number), person(number))));
}

/// The contact of one of the people, which has this address.
fn contact(history: &History, number: usize) -> Value {
    history.contact(&address(number)).expect("they have a contact")
}

fn contact_id(history: &History, number: usize) -> i64 {
    contact(history, number)["id"].as_i64().expect("it has an id")
}

/// Syncs; the id of that run, and what it came to.
async fn sync(history: &History) -> (String, Counts) {
    let counts = history.sync().await.expect("the sync works");
    (last(history).await, counts)
}

/// The run that was asked for last. A moment passes, so that the next one is later.
async fn last(history: &History) -> String {
    history.pass(Duration::from_secs(1));
    history.runs().await.expect("the store works").remove(0).id
}

async fn undo(history: &History, run: &str) -> Counts {
    let counts = history.undo(run).await.expect("it is taken back");
    history.pass(Duration::from_secs(1));
    counts
}

fn fault(history: &History, fault: Fault) {
    history.psa().world().lock().fault(fault);
}

/// How many requests of this method there were since the last look at this.
fn count(history: &History, method: &str) -> usize {
    let world = history.psa().world();
    let mut world = world.lock();
    let count = world.requests().iter().filter(|request| request.method == method).count();
    world.reset_log();
    count
}

fn record(value: &Value) -> Record {
    value.as_object().cloned().expect("a record is an object")
}

/// Everything that can change about one of the people does.
fn becomes_another(account: &mut Account) {
    account.title = Some("Head of sales".to_owned());
    account.mail = Some("ann@history.example".to_owned());
    account.mobile = Some("+32 470 55 00 01".to_owned());
    account.department = Some("Sales".to_owned());
}

#[tokio::test]
async fn a_whole_run_goes_back_row_by_row() {
    let (_folder, history) = company(5).await;
    change(&history, 1, |ben| ben.department = Some("Workshop".to_owned()));
    let rules = "create departments\ntype \"Approver\" for title head*";
    history.set_rules(rules).await.expect("they are good rules");
    change(&history, 2, |cleo| cleo.enabled = false);
    sync(&history).await;
    // Somebody whom the PSA has, exactly as the directory.
    let like_finn = json!({
        "firstName": "Finn", "lastName": "Fransen", "title": "Clerk", "inactiveFlag": false,
        "company": { "id": SEVEN, "name": "Seven Ltd" },
    });
    let by_hand = history.psa().world().lock().add(Kind::Contact, record(&like_finn));
    let before = history.contacts();

    change(&history, 0, becomes_another);
    change(&history, 1, |ben| ben.department = Some("Sales".to_owned()));
    hire(&history, 2);
    change(&history, 2, |cleo| cleo.title = Some("Bookkeeper".to_owned()));
    change(&history, 3, |dirk| dirk.enabled = false);
    history.people(|people| {
        let mut finn = person(5);
        (finn.mail, finn.telephone) = (None, None);
        people.insert(finn.id, finn);
    });
    hire(&history, 6);
    let (run, counts) = sync(&history).await;
    let expected =
        Counts { created: 1, updated: 2, deactivated: 1, reactivated: 1, linked: 1, ..Counts::default() };
    assert_eq!(counts, expected);
    let now = history.contacts();
    let made = *now.keys().last().expect("there are contacts");
    assert!(!before.contains_key(&made));
    let ann = &now[&contact_id_of(&now, "Ann")];
    assert_eq!((&ann["department"]["name"], &ann["types"][0]["name"]), (&json!("Sales"), &json!("Approver")));

    assert_eq!(undo(&history, &run).await, Counts { undone: 6, ..Counts::default() });
    let mut after = history.contacts();
    let taken_back = after.remove(&made).expect("nothing is deleted");
    assert_eq!(taken_back["inactiveFlag"], true);
    assert_eq!(after, before);

    // It is a run itself, by whoever asked, and stands in the audit chain.
    let runs = history.runs().await.expect("the store works");
    let undoing = &runs[0];
    assert_eq!((undoing.kind, undoing.state), (RunKind::Undo, RunState::Done));
    assert_eq!((undoing.undoes.as_ref(), undoing.member.as_str()), (Some(&run), "Dispatch2"));
    let (service, company) = history.parts();
    let mut entries = audit::of_run(&service.store, &undoing.id).await.expect("the store works");
    entries.sort();
    let entry = |kind: &str, fields: &str| [kind, fields, "applied", "Dispatch2"].map(str::to_owned);
    let expected = [
        entry("deactivate", ""),
        entry("deactivate", "title"),
        entry("link", ""),
        entry("reactivate", ""),
        entry("update", "department"),
        entry("update", "title,department,email,mobile,type"),
    ];
    assert_eq!(entries, expected);
    let wrong = audit::unaccounted(&service.store, &company.key).await.expect("the store works");
    assert!(wrong.iter().all(|(_, count)| *count == 0), "{wrong:?}");

    // Whatever was taken back is left as it was, and nobody is asked about it.
    let decisions = history.decisions().await;
    for number in [0, 1, 2, 3, 5, 6] {
        let decision = decisions.get(&Subject::Account(id(number)));
        assert!(matches!(decision, Some(Decision::Left(_))), "{number}: {decision:?}");
    }
    let links = history.links().await.expect("the store works");
    let linked = |contact: i64| links.iter().any(|link| link.contact.0 == contact);
    assert_eq!((linked(made), linked(by_hand)), (true, false), "a contact that was made is not made twice");
    let plan = history.plan().await.expect("both sides can be read");
    assert_eq!((plan.writing().count(), plan.count(RowKind::NeedsDecision)), (0, 0), "{:?}", plan.rows);
    assert_eq!(plan.count(RowKind::Ignored), 6);
}

fn contact_id_of(contacts: &BTreeMap<i64, Value>, given: &str) -> i64 {
    let found = contacts.iter().find(|(_, contact)| contact["firstName"] == given);
    *found.expect("they have a contact").0
}

#[tokio::test]
async fn single_rows_are_taken_back_and_the_others_stay() {
    let (_folder, history) = company(3).await;
    for number in 0..3 {
        change(&history, number, |somebody| somebody.title = Some("Head clerk".to_owned()));
    }
    let (run, _) = sync(&history).await;
    let of = |number: usize| move |row: &Undoable| row.approved.key.account == Some(id(number));
    let mut rows = history.undoable(&run).await;
    assert_eq!(rows.len(), 3);
    let changes: Vec<_> =
        rows[0].changes.iter().map(|change| (change.field, change.old.as_deref())).collect();
    assert_eq!(changes, [(Field::Title, Some("Clerk"))]);
    rows.retain(of(1));
    let counts = history.undo_rows(&run, rows.clone()).await.expect("it is taken back");
    assert_eq!(counts, Counts { undone: 1, ..Counts::default() });
    let titles: Vec<Value> = (0..3).map(|number| contact(&history, number)["title"].clone()).collect();
    assert_eq!(titles, ["Head clerk", "Clerk", "Head clerk"]);
    assert_eq!(history.undoable(&run).await.len(), 2);

    // Once more it is already so, and nothing is written.
    history.pass(Duration::from_secs(1));
    count(&history, "PATCH");
    let again = history.undo_rows(&run, rows).await.expect("it is done already");
    assert_eq!((again, count(&history, "PATCH")), (Counts { already_so: 1, ..Counts::default() }, 0));
    // What an undo wrote is no run's to take back: its row is decided about again instead.
    history.pass(Duration::from_secs(1));
    let undoing = last(&history).await;
    assert!(history.undoable(&undoing).await.is_empty());
    assert_eq!(undo(&history, &run).await, Counts { undone: 2, ..Counts::default() });
    assert!(history.undoable(&run).await.is_empty());
    assert_eq!(undo(&history, &run).await, Counts::default());
}

#[tokio::test]
async fn what_somebody_changed_since_is_left_alone_and_the_rest_of_its_row_goes_back() {
    let (_folder, history) = company(4).await;
    change(&history, 0, |ann| {
        ann.title = Some("Head clerk".to_owned());
        ann.mobile = Some("+32 470 55 00 01".to_owned());
        ann.telephone = Some("+32 9 555 01 01".to_owned());
    });
    change(&history, 1, |ben| ben.title = Some("Bookkeeper".to_owned()));
    change(&history, 2, |cleo| {
        cleo.title = Some("Bookkeeper".to_owned());
        cleo.mobile = Some("+32 470 55 00 02".to_owned());
    });
    change(&history, 3, |dirk| dirk.mobile = Some("+32 470 55 00 03".to_owned()));
    let before = contact(&history, 0);
    let (run, counts) = sync(&history).await;
    assert_eq!(counts.updated, 4);
    history.edit(&address(0), |ann| drop(ann.insert("title".into(), json!("By hand"))));
    history.edit(&address(1), |ben| drop(ben.insert("title".into(), json!("By hand"))));
    // The number that she got was taken from her again: that much is as it was.
    history.edit(&address(2), |cleo| {
        let items = cleo["communicationItems"].as_array_mut().expect("she has some");
        items.retain(|item| item["value"] != "+32 470 55 00 02");
    });
    // Where there was none, another one stands now.
    history.edit(&address(3), |dirk| {
        let items = dirk["communicationItems"].as_array_mut().expect("he has some");
        let mobile = items.iter_mut().find(|item| item["value"] == "+32 470 55 00 03");
        mobile.expect("it was written")["value"] = json!("+32 470 99 99 99");
    });
    let by_hand = contact(&history, 3)["communicationItems"].clone();
    let counts = undo(&history, &run).await;
    assert_eq!(counts, Counts { left_alone: 3, undone: 1, ..Counts::default() });
    let after = contact(&history, 0);
    assert_eq!(after["title"], "By hand");
    assert_eq!(after["communicationItems"], before["communicationItems"]);
    assert_eq!(contact(&history, 1)["title"], "By hand");
    assert_eq!(contact(&history, 2)["title"], "Clerk");
    assert_eq!(contact(&history, 3)["communicationItems"], by_hand);
    // Of two of them nothing went back: that can be tried again, should the values be ours once more.
    let mut left: Vec<_> = history.undoable(&run).await.iter().map(|row| row.approved.key.account).collect();
    left.sort();
    assert_eq!(left, [Some(id(1)), Some(id(3))]);
    history.edit(&address(1), |ben| drop(ben.insert("title".into(), json!("Bookkeeper"))));
    assert_eq!(undo(&history, &run).await.undone, 1);
    assert_eq!(contact(&history, 1)["title"], "Clerk");
}

#[tokio::test]
async fn a_creation_that_somebody_works_with_is_left_alone() {
    let (_folder, history) = company(2).await;
    for number in 2..7 {
        hire(&history, number);
    }
    let (run, counts) = sync(&history).await;
    assert_eq!(counts.created, 5);
    history.edit(&address(2), |contact| drop(contact.insert("title".into(), json!("By hand"))));
    let ticket = json!({
        "summary": "Printer", "company": { "id": SEVEN }, "closedFlag": false,
        "contact": { "id": contact_id(&history, 3), "name": "Dirk Dewit" },
    });
    history.psa().world().lock().add(Kind::Ticket, record(&ticket));
    history.edit(&address(4), |contact| drop(contact.insert("defaultFlag".into(), json!(true))));
    history.edit(&address(5), |contact| drop(contact.insert("inactiveFlag".into(), json!(true))));
    let counts = undo(&history, &run).await;
    assert_eq!(counts, Counts { left_alone: 3, already_so: 1, undone: 1, ..Counts::default() });
    let inactive = (2..7).map(|number| contact(&history, number)["inactiveFlag"] == true);
    assert_eq!(inactive.collect::<Vec<_>>(), [false, false, false, true, true]);
    let mut left: Vec<_> = history.undoable(&run).await.iter().map(|row| row.approved.key.account).collect();
    left.sort();
    assert_eq!(left, [Some(id(2)), Some(id(3)), Some(id(4))]);
    // Nobody is made again, and nobody is asked about; who was left alone is synced as ever.
    let night = history.night().await.expect("it is due");
    assert_eq!((night.state, night.counts), (RunState::Done, Counts { updated: 1, ..Counts::default() }));
}

#[tokio::test]
async fn what_is_as_it_was_already_is_not_written_again_by_a_later_run() {
    let (_folder, history) = company(6).await;
    change(&history, 0, |ann| ann.enabled = false);
    change(&history, 1, |ben| ben.title = Some("Head clerk".to_owned()));
    let night = history.night().await.expect("it is due");
    assert_eq!((night.counts.deactivated, night.counts.updated), (1, 1));
    // Somebody was faster than whoever takes it back.
    history.edit(&address(0), |ann| drop(ann.insert("inactiveFlag".into(), json!(false))));
    history.edit(&address(1), |ben| drop(ben.insert("title".into(), json!("Clerk"))));
    count(&history, "PATCH");
    assert_eq!(undo(&history, &night.id).await, Counts { already_so: 2, ..Counts::default() });
    let night = history.night().await.expect("it is due");
    assert_eq!((night.state, night.counts), (RunState::Done, Counts::default()));
    assert_eq!(count(&history, "PATCH"), 0);
    assert_eq!(contact(&history, 0)["inactiveFlag"], false);
}

#[tokio::test]
async fn a_pair_that_was_matched_otherwise_since_stays_so() {
    let (_folder, history) = company(3).await;
    change(&history, 0, |ann| ann.title = Some("Head clerk".to_owned()));
    let (run, _) = sync(&history).await;
    let other = json!({
        "firstName": "Ann", "lastName": "Aerts", "title": "Head clerk", "inactiveFlag": false,
        "company": { "id": SEVEN, "name": "Seven Ltd" }, "communicationItems": [],
    });
    let other = history.psa().world().lock().add(Kind::Contact, record(&other));
    let other = ContactId(other);
    let ann = Subject::Account(id(0));
    let counts = history.sync_deciding(&[(ann, Decision::Match(other))]).await.expect("the sync works");
    assert_eq!(counts.updated, 1, "{counts:?}");
    history.pass(Duration::from_secs(1));
    let rows: Vec<_> = history.undoable(&run).await;
    let first = rows[0].contact.expect("it changed one");
    assert_eq!(undo(&history, &run).await.undone, 1);
    assert_eq!(history.contacts()[&first.0]["title"], "Clerk", "of the contact it goes back");
    let links = history.links().await.expect("the store works");
    let link = links.iter().find(|link| link.account == id(0)).expect("she is linked");
    assert_eq!(link.contact, other);
    assert_eq!(history.decisions().await.get(&ann), None, "nothing is said of the other contact");
}

#[tokio::test]
async fn what_was_ignored_since_stays_ignored() {
    let (_folder, history) = company(3).await;
    change(&history, 0, |ann| ann.title = Some("Head clerk".to_owned()));
    let (run, _) = sync(&history).await;
    let ann = Subject::Account(id(0));
    history.decide(&[(ann, Decision::Ignore)]).await;
    assert_eq!(undo(&history, &run).await.undone, 1);
    assert_eq!(history.decisions().await.get(&ann), Some(&Decision::Ignore));
}

#[tokio::test]
async fn after_thirty_days_nothing_can_be_taken_back() {
    let (_folder, history) = company(3).await;
    change(&history, 0, |ann| ann.title = Some("Head clerk".to_owned()));
    let (run, _) = sync(&history).await;
    let (service, company) = history.parts();
    let forget = async || {
        let before = service.clock.now() - 30 * 24 * 3600;
        service.store.forget_undo(before).await.expect("the store works");
        let kept = service.store.undoable(&company.key, &run).await.expect("the store works");
        let row = service.store.run(&company.key, &run).await.expect("the store works");
        let shown = history.shown(&row.expect("it is there")).await.expect("the store works");
        let rows = service.store.approved(&run).await.expect("the store works");
        (kept.len(), rows.len(), history.undoable(&run).await.len(), shown.undoable)
    };
    history.pass(29 * DAY);
    assert_eq!(forget().await, (1, 1, 1, 1));
    history.pass(DAY);
    // Before anybody has swept it away as well.
    assert!(history.undoable(&run).await.is_empty());
    assert_eq!(forget().await, (0, 0, 0, 0));
    assert_eq!(undo(&history, &run).await, Counts::default());
    assert_eq!(contact(&history, 0)["title"], "Head clerk");
}

#[tokio::test]
async fn p3_an_answer_that_was_lost_in_an_undo_is_settled_by_reading() {
    let (_folder, history) = company(6).await;
    for number in 0..4 {
        change(&history, number, |somebody| somebody.title = Some("Head clerk".to_owned()));
    }
    hire(&history, 6);
    let (run, counts) = sync(&history).await;
    assert_eq!((counts.updated, counts.created), (4, 1));
    count(&history, "PATCH");
    fault(&history, Fault { skip: 1, times: 3, ..Fault::once("PATCH", CONTACT, FaultKind::LostAfterWrite) });
    assert_eq!(undo(&history, &run).await, Counts { undone: 5, ..Counts::default() });
    assert_eq!(count(&history, "PATCH"), 5, "nothing is sent twice");
    assert!((0..4).all(|number| contact(&history, number)["title"] == "Clerk"));
    assert_eq!(history.unsettled().await.expect("the store works"), 0);
    assert!(history.undoable(&run).await.is_empty());
}

#[tokio::test]
async fn p3_what_an_undo_may_not_have_written_is_tried_again_only_when_it_is_known() {
    let (_folder, history) = company(3).await;
    change(&history, 0, |ann| ann.title = Some("Head clerk".to_owned()));
    let (run, _) = sync(&history).await;
    fault(&history, Fault::once("PATCH", CONTACT, FaultKind::DropBefore));
    count(&history, "PATCH");
    for sent in [1, 0] {
        assert_eq!(undo(&history, &run).await, Counts { unknown: 1, ..Counts::default() });
        assert_eq!(count(&history, "PATCH"), sent, "the first may still be carried out");
    }
    history.pass(A_WHILE);
    assert_eq!(undo(&history, &run).await, Counts { undone: 1, ..Counts::default() });
    assert_eq!((count(&history, "PATCH"), &contact(&history, 0)["title"]), (1, &json!("Clerk")));

    // A type is taken back by a request of its own: what comes after it is not sent when its answer is lost.
    history.set_rules("type \"Approver\" for title head*").await.expect("they are good rules");
    change(&history, 0, |ann| ann.title = Some("Head of sales".to_owned()));
    history.sync_approving(&[], |_| true).await.expect("the sync works");
    let run = last(&history).await;
    let types = "/company/contacts/*/typeAssociations/*";
    fault(&history, Fault::once("DELETE", types, FaultKind::LostAfterWrite));
    assert_eq!(undo(&history, &run).await, Counts { unknown: 1, ..Counts::default() });
    assert_eq!(contact(&history, 0)["types"], json!([]));
    history.pass(A_WHILE);
    assert_eq!(undo(&history, &run).await, Counts { undone: 1, ..Counts::default() });
    assert_eq!(contact(&history, 0)["title"], "Clerk");
}

/// Two companies of one directory, of which the second brought the first one's Ann to itself; the id of
/// that run.
async fn moved() -> (TempDir, History, History, String) {
    let (folder, seven) = company(3).await;
    let eight = seven.beside(EIGHT, "only logon ann.*").await.expect("it is set up");
    let counts = eight.sync_deciding(&[(Subject::Account(id(0)), Decision::Move)]).await;
    assert_eq!(counts.expect("the sync works").updated, 1);
    let run = last(&eight).await;
    assert_eq!(home(&seven), EIGHT);
    (folder, seven, eight, run)
}

/// The company that Ann's contact is at.
fn home(history: &History) -> Value {
    contact(history, 0)["company"]["id"].clone()
}

/// Ann is where she was before she was brought to the other company.
async fn is_back(seven: &History, eight: &History) {
    assert_eq!(home(seven), SEVEN);
    let ann = |links: Vec<Link>| links.iter().any(|link| link.account == id(0));
    assert!(ann(seven.links().await.expect("the store works")));
    assert!(!ann(eight.links().await.expect("the store works")));
    assert!(matches!(eight.decisions().await.get(&Subject::Account(id(0))), Some(Decision::Left(_))));
    assert_eq!(eight.unsettled().await.expect("the store works"), 0);
    let plan = seven.plan().await.expect("both sides can be read");
    assert_eq!(plan.writing().count(), 0, "{:?}", plan.rows);
}

#[tokio::test]
async fn a_contact_that_was_brought_from_another_company_goes_back_there() {
    let (_folder, seven, eight, run) = moved().await;
    assert_eq!(undo(&eight, &run).await, Counts { undone: 1, ..Counts::default() });
    is_back(&seven, &eight).await;
    assert!(eight.undoable(&run).await.is_empty());
}

#[tokio::test]
async fn p3_a_move_back_whose_answer_was_lost_is_looked_up_where_the_contact_is() {
    let (_folder, seven, eight, run) = moved().await;
    fault(&eight, Fault::once("PATCH", CONTACT, FaultKind::LostAfterWrite));
    count(&eight, "PATCH");
    assert_eq!(undo(&eight, &run).await, Counts { undone: 1, ..Counts::default() });
    assert_eq!(count(&eight, "PATCH"), 1);
    is_back(&seven, &eight).await;
}

#[tokio::test]
async fn p3_a_move_back_that_was_not_made_is_not_taken_for_one() {
    let (_folder, seven, eight, run) = moved().await;
    fault(&eight, Fault::once("PATCH", CONTACT, FaultKind::DropBefore));
    assert_eq!(undo(&eight, &run).await, Counts { unknown: 1, ..Counts::default() });
    let linked = eight.links().await.expect("the store works").iter().any(|link| link.account == id(0));
    assert!(linked, "she is still here");
    eight.pass(A_WHILE);
    assert_eq!(undo(&eight, &run).await, Counts { undone: 1, ..Counts::default() });
    is_back(&seven, &eight).await;
}

#[tokio::test]
async fn a_contact_that_went_on_to_a_third_company_is_left_alone() {
    let (_folder, _seven, eight, run) = moved().await;
    let third = json!({ "identifier": "Nine", "name": "Nine Ltd" });
    let third = eight.psa().world().lock().add(Kind::Company, record(&third));
    eight.edit(&address(0), |ann| {
        drop(ann.insert("company".into(), json!({ "id": third, "name": "Nine Ltd" })));
    });
    assert_eq!(undo(&eight, &run).await, Counts { left_alone: 1, ..Counts::default() });
    assert_eq!(home(&eight), third);
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_only_who_may_takes_back_a_run_of_the_company_that_they_opened() {
    let (deployment, directory, pod) = integration::harbor::set_up().await.expect("the company is set up");
    let before = psa_contacts(&deployment, pod.company);
    let review = pod.review().await.expect("both sides can be read");
    let request = review.approve(|row| row.kind == RowKind::Update);
    pod.apply(&request).await.expect("the run ends");
    let run = pod.runs().await.expect("they are listed").remove(0);
    let details = pod.run(&run.id).await.expect("it is shown");
    assert_eq!(details.rows.len(), request.approved.len());
    assert_eq!(run.undoable, details.rows.len() as u64);
    assert!(details.rows.iter().all(|row| !row.name.is_empty() && !row.changes.is_empty()));
    let (one, others) = details.rows.split_first().expect("something was written");
    let undo = undo_of(&run.id, std::slice::from_ref(one));
    let token = pod.session(Purpose::Apply(undo.digest())).await.expect("Dispatch1 may").token;
    deployment.psa.world().lock().reset_log();

    // A token is good for one request: not for another one, and none that was asked for to look.
    let refused = async |pod: &Pod, token: &str, at: &str, request: &UndoRequest| {
        let refused = pod.undo_with(token, at, request).await.expect_err("it is refused");
        (refused.status.as_u16(), refused.problem.code)
    };
    let others = undo_of(&run.id, others);
    assert_eq!(refused(&pod, &token, &run.id, &others).await.0, 401);
    assert_eq!(refused(&pod, &pod.token, &run.id, &undo).await.0, 401);
    // Nor is it for another run, one that there is not, or one of another company.
    let elsewhere = UndoRequest { run: "0".repeat(32), ..undo.clone() };
    let for_elsewhere = pod.session(Purpose::Apply(elsewhere.digest())).await.expect("Dispatch1 may").token;
    let answer = refused(&pod, &for_elsewhere, &run.id, &elsewhere).await;
    assert_eq!(answer, (400, "bad_undo".to_owned()));
    assert_eq!(refused(&pod, &for_elsewhere, &elsewhere.run, &elsewhere).await.0, 404);
    let linden = deployment.company("LindenLaw");
    let linden = Pod::open(&deployment, "Dispatch1", linden).await.expect("Dispatch1 may");
    let there = linden.session(Purpose::Apply(undo.digest())).await.expect("Dispatch1 may").token;
    let answer = refused(&linden, &there, &run.id, &undo).await;
    assert_eq!(answer, (404, "no_such_run".to_owned()));
    assert_eq!(refused(&pod, &there, &run.id, &undo).await.0, 403, "the token is the other company's");
    let seen = linden.run(&run.id).await.expect_err("it is not to be seen there");
    assert_eq!(seen.status.as_u16(), 404);
    assert!(linden.runs().await.expect("they are listed").is_empty());

    // Who may only look gets no token for it, and the one for looking will not do.
    let viewer = Pod::open(&deployment, "Viewer1", pod.company).await.expect("Viewer1 may look");
    let denied = viewer.session(Purpose::Apply(undo.digest())).await.expect_err("Viewer1 may not change any");
    assert_eq!(denied.status.as_u16(), 403);
    assert_eq!(refused(&viewer, &viewer.token, &run.id, &undo).await.0, 401);
    assert_eq!(writes(&deployment), 0);

    // Dispatch1 may, once.
    let undone = pod.undo_with(&token, &run.id, &undo).await.expect("it is begun").expect("it ends");
    assert_eq!((undone.counts.undone, undone.rows.len()), (1, 1));
    let answer = refused(&pod, &token, &run.id, &undo).await;
    assert_eq!(answer, (409, "undone_already".to_owned()));
    let rest = pod.run(&run.id).await.expect("it is shown");
    assert_eq!(rest.rows.len(), details.rows.len() - 1);
    let undone = pod.undo(&run.id, &rest.rows).await.expect("it ends");
    assert_eq!(undone.counts.undone, rest.rows.len() as u64);
    assert_eq!(psa_contacts(&deployment, pod.company), before);
    let runs = pod.runs().await.expect("they are listed");
    let of_the_first: Vec<_> = runs.iter().map(|run| (run.kind, run.undoes.clone(), run.undoable)).collect();
    let undoing = (RunKind::Undo, Some(run.id.clone()), 0);
    assert_eq!(of_the_first, [undoing.clone(), undoing, (RunKind::Review, None, 0)]);
    directory.stop().await;
}
