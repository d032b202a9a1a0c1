//! What is ticked, and for how long.

use pod_view::{
    review::{Review, footer, frame},
    text,
};
use reconcile::{Account, Contact, ContactId, Decision, Link, Protection, RowKind, Subject};

use crate::{account, contact, id, open_row, review};

#[test]
fn a_protected_contact_is_deactivated_only_when_somebody_ticks_it() {
    let mut protected = contact(7, "Ann", "Smith");
    protected.protections.push(Protection::BillingContact);
    let links = [7, 8].map(|number| Link::new(id(u8::try_from(number).expect("small")), ContactId(number)));
    let mut review =
        review(vec![account(1, "Cy", "Young")], vec![protected, contact(8, "Bo", "Dahl")], &links);
    assert_eq!(review.ticked_in(RowKind::Deactivate), (1, 2));
    review.tick_group(RowKind::Deactivate, true);
    assert_eq!(review.ticked_in(RowKind::Deactivate), (1, 2), "a group's box does not tick it");
    review.tick(Subject::Account(id(7)), true);
    assert_eq!(review.ticked_in(RowKind::Deactivate), (2, 2));
    assert!(open_row(&review, Subject::Account(id(7))).contains("billing contact"));
}

#[test]
fn a_crowd_of_leavers_waits_until_somebody_ticks_the_group() {
    let names = ["Ann", "Bea", "Cy", "Dan", "Eve", "Fay", "Gil", "Hal"];
    let numbers = || (1..=8_u8).zip(names);
    let gone = |number, given| Account { enabled: number > 6, ..account(number, given, "Smith") };
    let accounts = numbers().map(|(number, given)| gone(number, given)).collect();
    let contacts = numbers().map(|(number, given)| contact(i64::from(number), given, "Smith")).collect();
    let links: Vec<Link> =
        numbers().map(|(number, _)| Link::new(id(number), ContactId(i64::from(number)))).collect();
    let mut review = review(accounts, contacts, &links);
    assert_eq!(review.ticked_in(RowKind::Deactivate), (0, 6));
    assert_eq!(review.to_look_at(), 6);
    assert!(open_row(&review, Subject::Account(id(1))).contains("more leave at once than usual"));
    review.tick_group(RowKind::Deactivate, true);
    assert_eq!(review.ticked_in(RowKind::Deactivate), (6, 6));
}

#[test]
fn an_untick_stays_whatever_the_row_becomes() {
    let contacts = vec![contact(7, "Anna", "Smyth"), contact(8, "Bo", "Dahl")];
    let mut review = review(vec![account(1, "Ann", "Smith")], contacts, &[]);
    let ann = Subject::Account(id(1));
    review.tick(ann, false);
    for decision in [Some(Decision::Match(ContactId(7))), Some(Decision::Match(ContactId(8))), None] {
        review.decide(&[(ann, decision)]);
        assert_eq!(review.ticked_counts(), [], "{decision:?}");
    }
    // Also one of the contact, from when it was a row of its own.
    review.tick(ann, true);
    let anna = Subject::Contact(ContactId(7));
    review.decide(&[(anna, Some(Decision::Deactivate))]);
    review.tick(anna, false);
    review.decide(&[(anna, None), (ann, Some(Decision::Match(ContactId(7))))]);
    assert_eq!(review.ticked_counts(), []);
    // Until somebody ticks it again.
    review.tick(ann, true);
    assert_eq!(review.ticked_counts(), [(RowKind::Update, 1)]);
}

#[test]
fn a_tick_holds_for_what_it_was_given_to() {
    let mut protected = contact(7, "Ann", "Smith");
    protected.protections.push(Protection::BillingContact);
    let mut review = review(vec![account(1, "Cy", "Young")], vec![protected], &[]);
    let ann = Subject::Contact(ContactId(7));
    review.decide(&[(ann, Some(Decision::Deactivate))]);
    review.tick(ann, true);
    assert_eq!(review.ticked_in(RowKind::Deactivate), (1, 1));
    // Another account takes the contact, and leaves it again: the same row as was ticked.
    let cy = Subject::Account(id(1));
    review.decide(&[(ann, None), (cy, Some(Decision::Match(ContactId(7))))]);
    assert_eq!(review.ticked_counts(), [(RowKind::Update, 1)], "it is another row, ticked as any other");
    review.decide(&[(cy, None), (ann, Some(Decision::Deactivate))]);
    assert_eq!(review.ticked_in(RowKind::Deactivate), (1, 1));
}

#[test]
fn a_tick_is_not_carried_over_to_a_protected_row() {
    // A shared mailbox holds a protected contact: updated as a person's, or deactivated.
    let mut one = account(1, "Info", "Desk");
    one.recipient_type_details = Some(4);
    let mut protected = contact(7, "Info", "Desk");
    protected.protections.push(Protection::BillingContact);
    let links = [Link::new(id(1), ContactId(7))];
    let mut review = review(vec![one], vec![protected], &links);
    let (desk, contact) = (Subject::Account(id(1)), Subject::Contact(ContactId(7)));
    review.decide(&[(desk, Some(Decision::Person))]);
    review.tick(desk, true);
    assert_eq!(review.ticked_counts(), [(RowKind::Update, 1)]);
    review.decide(&[(desk, None), (contact, Some(Decision::Deactivate))]);
    assert_eq!(review.ticked_in(RowKind::Deactivate), (0, 1));
}

#[test]
fn unticks_are_laid_over_the_next_review_and_ticks_only_where_nothing_moved() {
    let mut protected = contact(7, "Ann", "Smith");
    protected.protections.push(Protection::PortalLogin);
    let link = Link::new(id(7), ContactId(7));
    let read = |contact: &Contact| review(vec![account(1, "Cy", "Young")], vec![contact.clone()], &[link]);
    let (ann, cy) = (Subject::Account(id(7)), Subject::Account(id(1)));
    let mut first = read(&protected);
    assert_eq!(first.ticked_counts(), [(RowKind::Create, 1)]);
    first.tick(cy, false);
    first.tick(ann, true);
    let second = read(&protected).with_ticks(first.into_ticks());
    assert_eq!(second.ticked_counts(), [(RowKind::Deactivate, 1)]);
    // Meanwhile invoices go to the contact as well: that is not what was ticked.
    protected.protections.push(Protection::BillingContact);
    let third = read(&protected).with_ticks(second.into_ticks());
    assert_eq!(third.ticked_counts(), []);
}

#[test]
fn in_a_directory_where_nobody_fits_no_creation_is_ticked() {
    let accounts = || vec![account(1, "Cy", "Young"), account(2, "Di", "Wu")];
    let contacts = || vec![contact(7, "Ann", "Smith"), contact(8, "Bo", "Dahl"), contact(9, "Ed", "Ek")];
    let warned =
        |review: &Review| frame(review, "Harbor", true).into_string().contains(text::STRANGER.words());

    let mut strange = review(accounts(), contacts(), &[]);
    assert!(warned(&strange));
    assert_eq!(strange.ticked_counts(), []);
    strange.tick(Subject::Account(id(1)), true);
    assert_eq!(strange.ticked_counts(), [(RowKind::Create, 1)], "it may still be ticked");

    // Somebody fits, somebody was linked, or there are too few to say.
    let mut fits = contacts();
    fits[0] = contact(7, "Di", "Wu");
    let link = Link::new(id(1), ContactId(5));
    for known in [
        review(accounts(), fits, &[]),
        review(accounts(), contacts(), &[link]),
        review(accounts(), contacts()[..2].to_vec(), &[]),
    ] {
        assert!(!warned(&known));
        assert!(known.ticked_counts().iter().any(|(kind, _)| *kind == RowKind::Create));
    }
}

#[test]
fn a_protected_row_that_is_not_ticked_says_so_and_is_counted_below() {
    let mut protected = contact(7, "Ann", "Smith");
    protected.protections.push(Protection::PortalLogin);
    let mut review = review(vec![account(1, "Cy", "Young")], vec![protected], &[]);
    let ann = Subject::Contact(ContactId(7));
    review.decide(&[(ann, Some(Decision::Deactivate))]);
    assert!(open_row(&review, ann).contains("Not ticked: portal login"));
    let foot = |review: &Review| footer(review, "Harbor", true).into_string();
    assert!(foot(&review).contains("1 needs a look"), "{}", foot(&review));
    review.tick(ann, true);
    assert!(!foot(&review).contains("needs a look"), "{}", foot(&review));
}
