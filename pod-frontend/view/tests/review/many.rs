//! What is done to many contacts at once.

use pod_view::review::{Many, Reply, Review, group_head};
use reconcile::{ContactId, Decision, Protection, RowKind, Subject};

use crate::{account, contact, open_row, review};

/// Whom "Keep" would be said of in the group of contacts in the PSA only.
fn kept(review: &Review) -> Vec<Subject> {
    let bulks = review.bulk(RowKind::PsaOnly);
    let keep = bulks.into_iter().find(|bulk| bulk.reply == Reply::Keep);
    keep.into_iter().flat_map(|bulk| bulk.changes).map(|(subject, _)| subject).collect()
}

#[test]
fn what_is_done_to_many_is_done_to_the_picked_or_to_what_is_shown() {
    let contacts = vec![contact(7, "Ann", "Smith"), contact(8, "Bo", "Dahl"), contact(9, "Anna", "Young")];
    let mut review = review(vec![account(1, "Cy", "Young")], contacts, &[]);
    let [ann, bo, anna] = [7, 8, 9].map(|id| Subject::Contact(ContactId(id)));
    assert_eq!(kept(&review), [ann, anna, bo]);
    let bulks = review.bulk(RowKind::PsaOnly);
    let offers: Vec<_> = bulks.iter().map(|bulk| (bulk.reply, bulk.changes.len())).collect();
    assert_eq!(review.bulk_offers(RowKind::PsaOnly), offers);
    review.set_filter("ann");
    assert_eq!(kept(&review), [ann, anna]);
    review.pick(anna, true);
    assert_eq!(kept(&review), [anna]);
    review.decide(&[(anna, Some(Decision::Deactivate))]);
    assert_eq!(review.picked_in(RowKind::PsaOnly), 0);
}

#[test]
fn of_many_that_are_deactivated_the_protected_stay_unticked_and_are_counted_apart() {
    let mut protected = contact(7, "Ann", "Smith");
    protected.protections.push(Protection::PortalLogin);
    let contacts = vec![protected, contact(8, "Bo", "Dahl"), contact(9, "Di", "Young")];
    let mut review = review(vec![account(1, "Cy", "Young")], contacts, &[]);
    let bulks = review.bulk(RowKind::PsaOnly);
    let many = bulks.into_iter().find(|bulk| bulk.reply == Reply::Deactivate).expect("it is offered");
    let changes: Vec<_> = many.changes.iter().map(|&(subject, decision)| (subject, Some(decision))).collect();
    review.decide(&changes);
    assert_eq!(review.became(&many.changes), Many { ticked: 2, to_look_at: 1 });
}

#[test]
fn a_contact_whose_namesake_is_disabled_is_not_done_with_the_many() {
    let mut gone = account(1, "Ann", "Smith");
    gone.enabled = false;
    let contacts = vec![contact(7, "Ann", "Smith"), contact(8, "Bo", "Dahl"), contact(9, "Di", "Young")];
    let mut review = review(vec![gone, account(2, "Cy", "Young")], contacts, &[]);
    let ann = Subject::Contact(ContactId(7));
    assert_eq!(review.row_of(ann).map(|row| row.kind), Some(RowKind::PsaOnly));
    assert!(open_row(&review, ann).contains("A disabled account has this name"));
    assert_eq!(kept(&review), [Subject::Contact(ContactId(8)), Subject::Contact(ContactId(9))]);
    let head = |review: &Review| {
        let groups = review.groups();
        let group = groups.iter().find(|group| group.kind == RowKind::PsaOnly).expect("it has rows");
        group_head(group, review, true).into_string()
    };
    let shown = head(&review);
    assert!(shown.contains("Keep all 2") && shown.contains("1 needs a look"), "{shown}");
    review.set_filter("ann smith");
    let shown = head(&review);
    assert!(!shown.contains("keep-all") && shown.contains("1 of 3"), "{shown}");
    // Picked by hand, somebody looked.
    review.pick(ann, true);
    assert_eq!(kept(&review), [ann]);
}

#[test]
fn accounts_are_answered_together_only_once_the_group_is_narrowed() {
    let people = [(1, "Cy", "Young"), (2, "Di", "Yard"), (3, "Ed", "Zorn")]
        .map(|(id, given, family)| account(id, given, family));
    let mut review = review(people.to_vec(), Vec::new(), &[]);
    assert!(review.bulk(RowKind::Create).is_empty());
    review.set_filter("y");
    let bulks = review.bulk(RowKind::Create);
    let offers: Vec<_> = bulks.iter().map(|bulk| (bulk.reply, bulk.changes.len())).collect();
    assert_eq!(review.bulk_offers(RowKind::Create), offers);
    let of = |reply| bulks.iter().find(|bulk| bulk.reply == reply).map(|bulk| bulk.changes.len());
    assert_eq!((of(Reply::Ignore), of(Reply::Nobody), of(Reply::Create)), (Some(2), Some(2), None));
}

#[test]
fn a_group_is_narrowed_to_one_reason() {
    let mut accounts = vec![account(1, "Cy", "Young"), account(2, "Di", "Yard"), account(3, "Ed", "Zorn")];
    for (account, logon) in accounts.iter_mut().zip(["svc_backup", "krbtgt", "svc_print"]) {
        account.logon_name = logon.to_owned();
    }
    let mut review = review(accounts, Vec::new(), &[]);
    let reasons = review.reasons_of(RowKind::Excluded).to_vec();
    assert_eq!(reasons.iter().map(|&(_, rows)| rows).collect::<Vec<_>>(), [2, 1]);
    let shown = |review: &Review| review.groups().iter().map(|group| group.rows.len()).sum::<usize>();
    review.choose_reason(RowKind::Excluded, Some(reasons[1].0));
    assert_eq!(shown(&review), 1);
    assert_eq!(review.reasons_of(RowKind::Excluded), reasons);
    review.choose_reason(RowKind::Excluded, None);
    assert_eq!(shown(&review), 3);
    // The last of a reason is answered: the others come back.
    review.choose_reason(RowKind::Excluded, Some(reasons[1].0));
    let last = review.groups().iter().find_map(|group| group.rows.first()?.account).expect("it is shown");
    review.decide(&[(Subject::Account(last), Some(Decision::Person))]);
    assert_eq!(review.chosen_reason(RowKind::Excluded), None);
    assert_eq!(shown(&review), 3);
}
