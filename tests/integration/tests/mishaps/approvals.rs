//! What people approved, and what others approved before it was written.

use integration::history::account;
use pod_view::wire::Outcome;
use reconcile::{ContactId, Decision, Subject};

use crate::company::{address, apply, approved, begin, contacts, employ, found, writes};

#[tokio::test]
async fn c7_one_contact_in_two_approvals_goes_to_the_first() {
    let (_folder, history) = begin(&[("Carl", "Claes")]).await;
    employ(&history, 1, "Ann", "Aerts");
    employ(&history, 2, "Ben", "Brouwer");
    let carl = found(&history, &address("Carl", "Claes"))[0]["id"].as_i64().map(ContactId);
    let carl = carl.expect("it has an id");
    let [ann, ben] = [(1, "Ann", "Aerts"), (2, "Ben", "Brouwer")]
        .map(|(number, given, family)| account(number, given, family, true).id);
    let is = |id| move |row: &reconcile::Row| row.account == Some(id) && row.contact == Some(carl);
    let for_ann = approved(history.parts(), &[(Subject::Account(ann), Decision::Match(carl))], is(ann)).await;
    assert_eq!(for_ann.len(), 1);
    // A colleague undoes that choice and makes another one.
    let (service, company) = history.parts();
    let none = [(Subject::Account(ann), None::<Decision>)];
    service.store.save_decisions(&company.key, &none, 2, 0).await.expect("the store works");
    let for_ben = approved(history.parts(), &[(Subject::Account(ben), Decision::Match(carl))], is(ben)).await;
    assert_eq!(for_ben.len(), 1);

    // Both in one request: it may be written once at most.
    let (outcomes, end) = apply(history.parts(), [for_ann.clone(), for_ben.clone()].concat()).await;
    end.expect("the run ends");
    let written = outcomes.iter().filter(|outcome| **outcome == Outcome::Applied).count();
    let moved = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Moved(_))).count();
    assert_eq!((written, moved), (1, 1), "{outcomes:?}");
    let links = history.links().await.expect("the store works");
    assert_eq!(links.iter().map(|link| (link.account, link.contact)).collect::<Vec<_>>(), [(ben, carl)]);

    // And the first one's approval, once more: the contact is taken.
    history.psa().world().lock().reset_log();
    let (outcomes, end) = apply(history.parts(), for_ann).await;
    end.expect("the run ends");
    assert!(matches!(outcomes[..], [Outcome::Moved(_)]), "{outcomes:?}");
    assert_eq!((writes(&history), contacts(&history)), (0, 1));
}

#[tokio::test]
async fn c7_a_part_of_what_belongs_together_may_be_approved() {
    let (_folder, history) = begin(&[("Ann", "Aerts")]).await;
    // Ann has left; a newcomer got her address.
    employ(&history, 1, "Ann", "Aerts");
    history.sync().await.expect("it is applied");
    history.people(|people| {
        people.clear();
        let newcomer = account(2, "Ben", "Brouwer", true);
        let newcomer = reconcile::Account { mail: Some(address("Ann", "Aerts")), ..newcomer };
        people.insert(newcomer.id, newcomer);
    });
    let ben = account(2, "Ben", "Brouwer", true).id;
    let only_ben = |row: &reconcile::Row| row.account == Some(ben);
    let rows = approved(history.parts(), &[(Subject::Account(ben), Decision::Create)], only_ben).await;
    assert_eq!(rows.len(), 1);
    let (outcomes, end) = apply(history.parts(), rows).await;
    end.expect("the run ends");
    assert_eq!(outcomes, [Outcome::Applied]);
    let there = found(&history, &address("Ann", "Aerts"));
    let states: Vec<_> =
        there.iter().map(|one| (one["firstName"].clone(), one["inactiveFlag"].clone())).collect();
    assert_eq!(states, [("Ann".into(), false.into()), ("Ben".into(), false.into())]);
}
