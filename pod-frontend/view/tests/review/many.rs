//! What is done to many contacts at once.

use pod_view::review::{Many, Review, group_head};
use reconcile::{ContactId, Decision, Protection, RowKind, Subject};

use crate::{account, contact, open_row, review};

#[test]
fn what_is_done_to_many_is_done_to_the_picked_or_to_what_is_shown() {
    let contacts = vec![contact(7, "Ann", "Smith"), contact(8, "Bo", "Dahl"), contact(9, "Anna", "Young")];
    let mut review = review(vec![account(1, "Cy", "Young")], contacts, &[]);
    assert_eq!(review.many().len(), 3);
    review.set_filter("ann");
    assert_eq!(review.many(), [Subject::Contact(ContactId(7)), Subject::Contact(ContactId(9))]);
    review.pick(ContactId(9), true);
    assert_eq!(review.many(), [Subject::Contact(ContactId(9))]);
    review.decide(&[(Subject::Contact(ContactId(9)), Some(Decision::Deactivate))]);
    assert_eq!(review.picked(), 0);
}

#[test]
fn of_many_that_are_deactivated_the_protected_stay_unticked_and_are_counted_apart() {
    let mut protected = contact(7, "Ann", "Smith");
    protected.protections.push(Protection::PortalLogin);
    let contacts = vec![protected, contact(8, "Bo", "Dahl"), contact(9, "Di", "Young")];
    let mut review = review(vec![account(1, "Cy", "Young")], contacts, &[]);
    let many = review.many();
    let changes: Vec<_> = many.iter().map(|&subject| (subject, Some(Decision::Deactivate))).collect();
    review.decide(&changes);
    assert_eq!(review.became(&many), Many { ticked: 2, to_look_at: 1 });
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
    assert_eq!(review.many(), [Subject::Contact(ContactId(8)), Subject::Contact(ContactId(9))]);
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
    review.pick(ContactId(7), true);
    assert_eq!(review.many(), [ann]);
}
