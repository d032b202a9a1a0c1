//! A review as a person goes through it, without a browser.

mod many;
mod ticks;
mod undone;

use std::{collections::BTreeMap, sync::Arc};

use pod_view::{
    people::row_subject,
    review::{Decided, PER_GROUP, Review, Seen, answers, finds, row, summary},
    wire::ApplyRequest,
};
use reconcile::{
    Account, AccountId, Communication, Contact, ContactId, Coverage, Decision, Decisions, Link,
    LinkElsewhere, OtherCompany, Planning, Policy, RowKind, Slot, Snapshot, Subject, prepare,
};

fn id(number: u8) -> AccountId {
    AccountId::from_ldap_bytes([number; 16])
}

fn account(number: u8, given: &str, family: &str) -> Account {
    let mail = format!("{given}.{family}@harbor.example").to_lowercase();
    Account {
        id: id(number),
        dn: format!("CN={given} {family},DC=harbor,DC=example"),
        logon_name: format!("{given}.{family}").to_lowercase(),
        given_name: Some(given.to_owned()),
        surname: Some(family.to_owned()),
        display_name: Some(format!("{given} {family}")),
        mail: Some(mail),
        enabled: true,
        ..Account::default()
    }
}

fn contact(number: i64, given: &str, family: &str) -> Contact {
    Contact {
        id: ContactId(number),
        first_name: given.to_owned(),
        last_name: family.to_owned(),
        ..Contact::default()
    }
}

fn with_mail(mut contact: Contact, mail: &str) -> Contact {
    contact.communications.push(Communication {
        id: contact.id.0,
        slot: Slot::Email,
        value: mail.to_owned(),
        default: true,
    });
    contact
}

fn review(accounts: Vec<Account>, contacts: Vec<Contact>, links: &[Link]) -> Review {
    let snapshot = Snapshot { accounts, coverage: Coverage::Complete };
    let prepared = prepare(snapshot, contacts, &Policy::default());
    Review::new(Planning::new(Arc::new(prepared), links, Decisions::new()))
}

/// The request when everything is saved.
fn request(review: &Review) -> ApplyRequest {
    review.request(&BTreeMap::new())
}

fn open_row(review: &Review, subject: Subject) -> String {
    let found = review.row_of(subject).expect("the plan has a row about it");
    row(found, review, Seen { open: true, may_decide: true, held: review.is_held(found) }).into_string()
}

#[test]
fn s5_a_hostile_name_is_only_a_name() {
    let hostile = "<script>alert(1)</script>";
    let mut one = account(1, "Ann", "Smith");
    one.display_name = Some(hostile.to_owned());
    one.title = Some("\" onmouseover=\"alert(1)".to_owned());
    let review = review(vec![one], vec![contact(7, hostile, "Smith")], &[]);
    for row in [open_row(&review, Subject::Account(id(1))), open_row(&review, Subject::Contact(ContactId(7)))]
    {
        assert!(row.contains("&lt;script&gt;") && !row.contains("<script"), "{row}");
        assert!(!row.contains("\" onmouseover"), "{row}");
    }
    let found = review.row_of(Subject::Account(id(1))).expect("the account has a row");
    let finds = finds(found, &review, "script").into_string();
    assert!(finds.contains("&lt;script&gt;") && !finds.contains("<script"), "{finds}");
}

#[test]
fn matching_a_contact_that_was_in_the_psa_only_settles_nobody_else() {
    let mut review = review(
        vec![account(1, "Ann", "Smith")],
        vec![contact(7, "Carla", "Poe"), contact(8, "Bo", "Dahl")],
        &[],
    );
    assert_eq!(review.counts(), [(RowKind::Create, 1), (RowKind::PsaOnly, 2)]);
    let decided = review.decide(&[(Subject::Account(id(1)), Some(Decision::Match(ContactId(7))))]);
    assert_eq!(decided, Decided::default());
    assert_eq!(review.counts(), [(RowKind::Update, 1), (RowKind::PsaOnly, 1)]);
    // And back again.
    review.decide(&[(Subject::Account(id(1)), None)]);
    assert_eq!(review.counts(), [(RowKind::Create, 1), (RowKind::PsaOnly, 2)]);
}

#[test]
fn one_answer_may_settle_another_question() {
    // Two accounts and two contacts share one address each way: a question for both.
    let mail = "team@harbor.example";
    let mut one = account(1, "Ann", "Smith");
    let mut other = account(2, "Ann", "Smith");
    one.mail = Some(mail.to_owned());
    other.mail = Some(mail.to_owned());
    let contacts =
        vec![with_mail(contact(7, "Ann", "Smith"), mail), with_mail(contact(8, "Ann", "Smith"), mail)];
    let mut review = review(vec![one, other], contacts, &[]);
    assert_eq!(review.questions(), 2);
    let decided = review.decide(&[(Subject::Account(id(1)), Some(Decision::Match(ContactId(7))))]);
    assert_eq!(decided, Decided { settled: 1, ..Decided::default() });
    assert_eq!(review.questions(), 0);
}

#[test]
fn what_is_sent_is_what_is_ticked_in_the_order_of_keys() {
    let mut review = review(vec![account(2, "Bo", "Dahl"), account(1, "Ann", "Smith")], Vec::new(), &[]);
    let request = self::request(&review);
    assert_eq!(request.approved.len(), 2);
    assert!(request.approved.iter().all(|row| row.kind == RowKind::Create));
    assert!(request.approved.is_sorted());
    review.tick(Subject::Account(id(1)), false);
    let less = self::request(&review);
    assert_eq!(less.approved.iter().map(|row| row.key.account).collect::<Vec<_>>(), [Some(id(2))]);
    assert_ne!(request.digest(), less.digest());
}

#[test]
fn a_request_carries_the_decisions_that_are_not_saved_and_no_others() {
    let contacts = vec![contact(7, "Bo", "Dahl"), contact(8, "Anna", "Smyth")];
    let mut review = review(vec![account(1, "Ann", "Smith")], contacts, &[]);
    let decided = [
        (Subject::Contact(ContactId(7)), Some(Decision::Deactivate)),
        (Subject::Account(id(1)), Some(Decision::Match(ContactId(8)))),
        (Subject::Contact(ContactId(8)), None),
    ];
    review.decide(&decided);
    assert_eq!(request(&review).changes, []);

    let unsaved = BTreeMap::from([decided[2], decided[1]]);
    let request = review.request(&unsaved);
    assert_eq!(request.changes, [decided[1], decided[2]]);
    assert!(request.changes.is_sorted_by_key(|change| change.0));
    // What is approved follows from all decisions, saved or not.
    let approved: Vec<_> = request.approved.iter().map(|row| (row.key.contact, row.kind)).collect();
    assert_eq!(approved, [(Some(ContactId(7)), RowKind::Deactivate), (Some(ContactId(8)), RowKind::Update)]);
}

#[test]
fn a_long_group_shows_its_beginning_and_then_more() {
    let contacts = (1..=120).map(|number| contact(number, "Ann", &format!("Nr{number}"))).collect();
    let mut review = review(vec![account(1, "Cy", "Young")], contacts, &[]);
    let shown = |review: &Review| {
        let groups = review.groups();
        let group = groups.iter().find(|group| group.kind == RowKind::PsaOnly).expect("the group has rows");
        (group.rows.len(), group.matching, group.all)
    };
    assert_eq!(shown(&review), (PER_GROUP, 120, 120));
    review.show_more(RowKind::PsaOnly);
    assert_eq!(shown(&review), (2 * PER_GROUP, 120, 120));
    review.show_more(RowKind::PsaOnly);
    assert_eq!(shown(&review), (120, 120, 120));
    review.set_filter("NR11");
    assert_eq!(shown(&review), (11, 11, 120));
}

#[test]
fn every_question_takes_an_answer() {
    let mut shared = account(1, "Info", "Desk");
    shared.recipient_type_details = Some(4);
    let mut other_name = account(2, "Ann", "Smith");
    other_name.mail = Some("front@harbor.example".to_owned());
    let contacts = vec![
        contact(7, "Info", "Desk"),
        with_mail(contact(8, "Bo", "Dahl"), "front@harbor.example"),
        contact(9, "Cy", "Young"),
    ];
    let links = [Link::new(id(1), ContactId(7))];
    let review = review(vec![shared, other_name], contacts, &links);
    let mut seen = Vec::new();
    for row in
        review.plan().rows.iter().filter(|row| matches!(row.kind, RowKind::NeedsDecision | RowKind::PsaOnly))
    {
        let (answers, ask) = answers(row, review.both());
        assert!(answers.len() >= 2 && ask.is_some(), "{row:?}");
        for answer in &answers {
            assert!(answer.decision.fits(answer.subject), "{answer:?}");
        }
        seen.push((
            row_subject(row).expect("each row has a key").to_string(),
            answers.iter().map(|answer| answer.reply.code()).collect::<Vec<_>>(),
        ));
    }
    assert_eq!(
        seen,
        [
            (Subject::Account(id(1)).to_string(), vec!["person", "deactivate", "ignore"]),
            (Subject::Account(id(2)).to_string(), vec!["create", "ignore", "nobody"]),
            ("c:8".to_owned(), vec!["deactivate", "keep"]),
            ("c:9".to_owned(), vec!["deactivate", "keep"]),
        ]
    );
}

#[test]
fn the_bar_is_drawn_to_scale_without_gaps() {
    let drawing =
        summary(&[(RowKind::Create, 1), (RowKind::Update, 1), (RowKind::Unchanged, 1)]).into_string();
    for part in [
        "x=\"0\" y=\"0\" width=\"333\"",
        "x=\"333\" y=\"0\" width=\"333\"",
        "x=\"666\" y=\"0\" width=\"334\"",
    ] {
        assert!(drawing.contains(part), "{part}: {drawing}");
    }
}

#[test]
fn who_loses_a_contact_to_a_match_is_marked_before_and_named_after() {
    let mail = "james.mills@harbor.example";
    let mut review = review(
        vec![account(1, "Ann", "Smith"), account(2, "James", "Mills")],
        vec![with_mail(contact(7, "James", "Mills"), mail)],
        &[],
    );
    let ann = Subject::Account(id(1));
    let row = review.row_of(ann).expect("the account has a row");
    let found = finds(row, &review, "mills").into_string();
    assert!(found.contains("now with James Mills"), "{found}");
    let decided = review.decide(&[(ann, Some(Decision::Match(ContactId(7))))]);
    let james = Subject::Account(id(2));
    assert_eq!(decided, Decided { left: Some((james, RowKind::Create)), ..Decided::default() });
    let row = review.row_of(james).expect("the account has a row");
    assert!(finds(row, &review, "mills").into_string().contains("now with Ann Smith"));
    let decided = review.decide(&[(ann, None)]);
    assert_eq!(decided, Decided { changed: 1, ..Decided::default() });
}

#[test]
fn rows_stand_by_name_and_one_just_decided_is_shown_where_it_lands() {
    let mut contacts: Vec<Contact> =
        (1..=120).map(|number| contact(number, "Ann", &format!("Nr{number:03}"))).collect();
    contacts.push(contact(121, "Eli", "Abbot"));
    contacts.push(contact(122, "élan", "Zed"));
    let mut review = review(vec![account(1, "Cy", "Young")], contacts, &[]);
    let ids = |review: &Review, kind| -> Vec<Option<i64>> {
        let groups = review.groups();
        let group = groups.iter().find(|group| group.kind == kind).expect("the group has rows");
        group.rows.iter().map(|row| row.contact.map(|contact| contact.0)).collect()
    };
    review.set_filter("el");
    assert_eq!(ids(&review, RowKind::PsaOnly), [Some(122), Some(121)]);
    review.set_filter("");
    let all: Vec<_> =
        (1..=120).map(|number| (Subject::Contact(ContactId(number)), Some(Decision::Ignore))).collect();
    review.decide(&all);
    assert_eq!(ids(&review, RowKind::Ignored).len(), PER_GROUP);
    review.decide(&[(Subject::Contact(ContactId(121)), Some(Decision::Ignore))]);
    let shown = ids(&review, RowKind::Ignored);
    assert_eq!((shown.len(), shown.last()), (PER_GROUP + 1, Some(&Some(121))));
}

#[test]
fn whoever_is_another_companys_is_asked_about_in_its_name() {
    let others = vec![OtherCompany {
        id: 99,
        name: "Sister & Sons".to_owned(),
        takes: vec!["name Carl*".parse().expect("a test")],
        linked: vec![LinkElsewhere { account: id(1), contact: ContactId(70) }],
    }];
    let rules = vec!["only name *Smith".parse().expect("a rule")];
    let policy = Policy { rules, others, ..Policy::default() };
    let accounts = vec![account(1, "Ann", "Smith"), account(2, "Carl", "Poe"), account(3, "Dora", "Dahl")];
    let snapshot = Snapshot { accounts, coverage: Coverage::Complete };
    let prepared = Arc::new(prepare(snapshot, Vec::new(), &policy));
    let mut review = Review::new(Planning::new(prepared, &[], Decisions::new()));
    let row = |review: &Review, number| open_row(review, Subject::Account(id(number)));
    let linked = row(&review, 1);
    for words in ["linked to a contact of Sister &amp; Sons", "Bring its contact here", "Second contact here"]
    {
        assert!(linked.contains(words), "{words}: {linked}");
    }
    assert!(row(&review, 2).contains("belongs to Sister &amp; Sons"), "{}", row(&review, 2));
    assert!(
        row(&review, 3).contains("No company&#39;s rules take it")
            || row(&review, 3).contains("No company's rules take it")
    );
    assert!(row(&review, 3).contains("Take it into this company"));
    review.decide(&[(Subject::Account(id(1)), Some(Decision::Move))]);
    assert_eq!(review.ticked_in(RowKind::Move), (1, 1));
    review.decide(&[(Subject::Account(id(3)), Some(Decision::Person))]);
    assert_eq!(review.ticked_in(RowKind::Create), (1, 1));
}
