//! What was undone: left as it was, asked again when the account changes, and taken back.

use pod_view::review::{Review, answers, footer};
use reconcile::{Account, AccountState, ContactId, Decision, Link, Protection, RowKind, Subject};

use crate::{account, contact, id, open_row, review};

const ANN: Subject = Subject::Account(reconcile::AccountId::from_ldap_bytes([1; 16]));

/// Ann's title is not in the PSA yet; writing it was undone while the account was in this state.
fn undone(state: impl Fn(&Review) -> AccountState) -> Review {
    let ann = Account { title: Some("Director".to_owned()), ..account(1, "Ann", "Smith") };
    let link = Link::new(id(1), ContactId(7));
    let mut review = review(vec![ann], vec![contact(7, "Ann", "Smith")], &[link]);
    let left = Decision::Left(state(&review));
    review.decide(&[(ANN, Some(left))]);
    review
}

#[test]
fn what_was_undone_says_so_and_can_be_asked_again() {
    let mut review = undone(|review| review.both().state_of(id(1)));
    assert_eq!(review.counts(), [(RowKind::Ignored, 1)]);
    let row = open_row(&review, ANN);
    assert!(row.contains("It was undone, and is left as it is until the account changes"), "{row}");
    assert!(row.contains("data-action=\"undo\">Ask again<"), "{row}");
    assert!(!row.contains("Stays as it is") && !row.contains("data-search"), "{row}");
    let found = review.row_of(ANN).expect("the account has a row");
    assert!(answers(found, review.both()).0.is_empty());
    let (subject, _) = review.decision_of(found).expect("it follows a decision");
    review.decide(&[(subject, None)]);
    assert_eq!(review.ticked_counts(), [(RowKind::Update, 1)], "{}", open_row(&review, ANN));
}

#[test]
fn once_the_account_has_changed_a_person_is_asked() {
    let mut review = undone(|_| AccountState::MISSING);
    let row = open_row(&review, ANN);
    assert!(row.contains("class=\"unticked\"> · Undone earlier, and the account has changed since"), "{row}");
    assert!(row.contains("Change title and e-mail address"), "{row}");
    assert!(!row.contains("data-action=\"undo\""), "there is nothing to take back: {row}");
    let foot = |review: &Review| footer(review, "Harbor", true).into_string();
    assert_eq!((review.ticked_in(RowKind::Update), review.to_look_at()), ((0, 1), 1));
    assert!(foot(&review).contains("1 needs a look"), "{}", foot(&review));
    review.tick_group(RowKind::Update, true);
    assert_eq!(review.ticked_in(RowKind::Update), (0, 1), "a group's box does not tick it");
    review.tick(ANN, true);
    assert_eq!((review.ticked_in(RowKind::Update), review.to_look_at()), ((1, 1), 0));
    // Any other answer takes its place.
    review.decide(&[(ANN, Some(Decision::Ignore))]);
    assert!(open_row(&review, ANN).contains("Undo this decision"));
}

#[test]
fn a_leaver_whose_deactivation_was_undone_is_named_with_the_reason() {
    let gone = Account { enabled: false, ..account(1, "Ann", "Smith") };
    let mut protected = contact(7, "Ann", "Smith");
    protected.protections.push(Protection::PortalLogin);
    for (contact, beside) in
        [(contact(7, "Ann", "Smith"), "Undone earlier"), (protected, "Not ticked: portal login")]
    {
        let link = Link::new(id(1), ContactId(7));
        let mut review = review(vec![gone.clone(), account(2, "Cy", "Young")], vec![contact], &[link]);
        review.decide(&[(ANN, Some(Decision::Left(AccountState::MISSING)))]);
        let row = open_row(&review, ANN);
        assert!(row.contains("Deactivate: the account is disabled") && row.contains(beside), "{row}");
        assert!(row.contains("it was undone earlier, and the account has changed since"), "{row}");
        review.decide(&[(ANN, Some(Decision::Left(review.both().state_of(id(1)))))]);
        assert!(open_row(&review, ANN).contains("It was undone"), "{}", open_row(&review, ANN));
    }
}

#[test]
fn an_answer_about_the_contact_is_taken_back_before_what_was_undone() {
    let mut review = undone(|review| review.both().state_of(id(1)));
    let contact = Subject::Contact(ContactId(7));
    review.decide(&[(contact, Some(Decision::Ignore))]);
    let row = review.row_of(ANN).expect("the account has a row");
    assert_eq!(review.decision_of(row), Some((contact, Decision::Ignore)));
    review.decide(&[(contact, None)]);
    assert!(open_row(&review, ANN).contains("It was undone"));
}
