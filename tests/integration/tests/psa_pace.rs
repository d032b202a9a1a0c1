//! The client's pace and what it makes of a PSA's peculiarities, with a clock that moves only when
//! something waits.

use std::{sync::Arc, time::Duration};

use integration::history::Carrier;
use psa_simulator::{Fault, FaultKind, Kind, Options};
use reconcile::{Field, FieldChange, Wants};
use serde_json::json;
use server::psa::{Change, Psa, PsaError, ReadContacts, Rejection, Write};

const COMPANY: &str = "LindenLaw";

struct Bench {
    carrier: Arc<Carrier>,
    psa: Psa,
    company: i64,
}

fn bench(options: &Options) -> Bench {
    server::web::install_tls_provider();
    let carrier = Arc::new(Carrier::new(options).expect("the sample can be read"));
    let psa = carrier.client(options);
    let company = carrier.psa().world().lock().company_id(COMPANY).expect("it is one of the sample's");
    Bench { carrier, psa, company }
}

impl Bench {
    async fn read(&self) -> Result<ReadContacts, PsaError> {
        self.psa.contacts(self.company, Wants::default(), |_| {}).await
    }

    /// How long a read takes that is told once to slow down.
    async fn pause(&self, kind: FaultKind, retry_after: Option<&str>) -> (Duration, Result<(), PsaError>) {
        let mut fault = Fault::once("GET", "/company/contacts", kind);
        fault.retry_after = retry_after.map(str::to_owned);
        self.carrier.psa().world().lock().fault(fault);
        let began = self.carrier.psa().now();
        let read = self.read().await.map(|_| ());
        (self.carrier.psa().now().saturating_sub(began), read)
    }
}

#[tokio::test]
async fn p1_retry_after_is_obeyed_in_all_its_forms() {
    let seconds = Duration::from_secs_f64;
    for (retry_after, least, most) in [
        ("7", seconds(7.0), seconds(7.1)),
        ("0.75", seconds(0.75), seconds(0.8)),
        ("0", seconds(0.5), seconds(0.6)),
        // What makes no sense is as if nothing were said: half a minute.
        ("-5", seconds(30.0), seconds(30.1)),
        ("soon", seconds(30.0), seconds(30.1)),
        // A date that is over.
        ("Wed, 21 Oct 2015 07:28:00 GMT", seconds(0.5), seconds(0.6)),
    ] {
        let bench = bench(&Options::default());
        let (waited, read) = bench.pause(FaultKind::Status429, Some(retry_after)).await;
        assert_eq!(read, Ok(()), "{retry_after}");
        assert!((least..=most).contains(&waited), "{retry_after}: {waited:?}");
    }
    let silent = bench(&Options::default());
    let (waited, read) = silent.pause(FaultKind::Html429, None).await;
    assert_eq!((read, waited.as_secs()), (Ok(()), 30));
}

#[tokio::test]
async fn p1_when_the_psa_asks_for_an_hour_nobody_asks_it_meanwhile() {
    let bench = bench(&Options::default());
    let (waited, read) = bench.pause(FaultKind::Status429, Some("3600")).await;
    assert_eq!(read, Err(PsaError::Throttled));
    assert!(waited < Duration::from_secs(1), "{waited:?}");
    let asked = |bench: &Bench| bench.carrier.psa().world().lock().requests().len();
    let before = asked(&bench);
    assert_eq!(bench.read().await.map(|_| ()), Err(PsaError::Throttled));
    let written = bench.psa.add_note(bench.company, "A note.", None).await;
    assert!(matches!(written, Ok(Write::Rejected(Rejection::Throttled))), "{written:?}");
    assert_eq!(asked(&bench), before, "neither for this company nor for another");
    // However long it asks for, after ten minutes it is asked again.
    bench.carrier.pass(Duration::from_mins(10));
    assert!(bench.read().await.is_ok());
}

#[tokio::test]
async fn unattended_work_outlasts_a_pause_and_shares_the_pace() {
    let bench = bench(&Options::default());
    let night = bench.psa.unhurried();
    bench.read().await.expect("it can be read");
    let mut fault =
        Fault::once("GET", &format!("/company/companies/{}/notes", bench.company), FaultKind::Status429);
    fault.retry_after = Some("300".to_owned());
    bench.carrier.psa().world().lock().fault(fault);
    let began = bench.carrier.psa().now();
    assert_eq!(bench.psa.notes(bench.company).await.map(|_| ()), Err(PsaError::Throttled), "for a person");
    night.notes(bench.company).await.expect("the night has time");
    let waited = bench.carrier.psa().now().saturating_sub(began);
    let pause = Duration::from_mins(5);
    assert!((pause..pause + Duration::from_secs(1)).contains(&waited), "{waited:?}");
    // Together they are no faster than one.
    for _ in 0..50 {
        let reads = (night.notes(bench.company), bench.psa.notes(bench.company), night.notes(bench.company));
        let (one, two, three) = tokio::join!(reads.0, reads.1, reads.2);
        assert!(one.is_ok() && two.is_ok() && three.is_ok());
    }
    let took = bench.carrier.psa().now().saturating_sub(began + waited);
    assert!(took >= Duration::from_secs(50 / 13), "{took:?}");
}

#[tokio::test]
async fn no_minute_has_more_requests_than_the_guide_advises() {
    let mut options = Options::default();
    options.switches.requests_per_minute = None;
    let bench = bench(&options);
    let mut at = Vec::new();
    for _ in 0..3000 {
        let before = bench.carrier.psa().world().lock().requests().len();
        bench.psa.notes(bench.company).await.expect("they can be read");
        let after = bench.carrier.psa().world().lock().requests().len();
        at.extend(std::iter::repeat_n(bench.carrier.psa().now(), after - before));
    }
    let minute = Duration::from_mins(1);
    let busiest =
        at.iter().map(|start| at.iter().filter(|now| (*start..*start + minute).contains(*now)).count());
    let busiest = busiest.max().expect("requests were made");
    assert!((800..1000).contains(&busiest), "{busiest}");
}

#[tokio::test]
async fn an_older_server_is_asked_for_what_it_offers() {
    let mut options = Options::default();
    options.switches.current_version = "2020.4".to_owned();
    let bench = bench(&options);
    let read = bench.read().await.expect("an older version does as well");
    let refused = |bench: &Bench| {
        let world = bench.carrier.psa().world();
        let world = world.lock();
        world.requests().iter().filter(|request| request.status == Some(400)).count()
    };
    let first = refused(&bench);
    assert!((1..=3).contains(&first), "{first}");
    // A write goes through at once by now.
    let fields = [FieldChange { field: Field::FirstName, old: None, new: "Noor".into(), shortened: false }];
    let new = server::psa::NewContact { company: bench.company, fields: &fields };
    let written = bench.psa.create_contact(&new, &read.references).await;
    assert!(matches!(written, Ok(Write::Applied(_))), "{written:?}");
    assert_eq!(refused(&bench), first);
}

#[tokio::test]
async fn an_old_fault_of_the_record_is_named_to_the_person() {
    let bench = bench(&Options::default());
    let read = bench.read().await.expect("it can be read");
    let contact = read.contacts.iter().find(|contact| !contact.inactive).expect("somebody works there");
    bench.carrier.psa().world().lock().edit(Kind::Contact, contact.id.0, |record| {
        record.insert("nickName".into(), json!("N".repeat(31)));
    });
    let fields = [FieldChange { field: Field::Title, old: None, new: "Partner".into(), shortened: false }];
    let change = Change { contact, fields: &fields, inactive: None };
    let written = bench.psa.change_contact(&change, &read.company, &read.references).await;
    let Ok(Write::Rejected(why)) = written else { panic!("{written:?}") };
    let Rejection::OldFault { fields, .. } = &why else { panic!("{why:?}") };
    assert_eq!(fields, "nickName");
    // A value of its own that is refused is no such case.
    let fields = [FieldChange { field: Field::FirstName, old: None, new: "N".repeat(31), shortened: false }];
    bench.carrier.psa().world().lock().edit(Kind::Contact, contact.id.0, |record| {
        record.remove("nickName");
    });
    let change = Change { contact, fields: &fields, inactive: None };
    let written = bench.psa.change_contact(&change, &read.company, &read.references).await;
    let Ok(Write::Rejected(why)) = written else { panic!("{written:?}") };
    assert!(matches!(&why, Rejection::Refused { fields, .. } if fields == &["firstName"]), "{why:?}");
}

#[tokio::test]
async fn one_address_is_changed_at_its_own_item_whatever_happened_to_the_others() {
    let bench = bench(&Options::default());
    let read = bench.read().await.expect("it can be read");
    let contact = read
        .contacts
        .iter()
        .find(|contact| contact.communications.len() > 1 && contact.in_slot(reconcile::Slot::Email).is_some())
        .expect("somebody has an address and a number");
    let email = contact.in_slot(reconcile::Slot::Email).expect("it was looked for").clone();
    // Somebody takes away the items before it, so that each place in the list is another's.
    bench.carrier.psa().world().lock().edit(Kind::Contact, contact.id.0, |record| {
        let items = record.get_mut("communicationItems").and_then(serde_json::Value::as_array_mut);
        items.expect("there are items").reverse();
    });
    let new = "new@linden.example".to_owned();
    let fields =
        [FieldChange { field: Field::Email, old: Some(email.value), new: new.clone(), shortened: false }];
    let change = Change { contact, fields: &fields, inactive: None };
    assert!(!change.depends_on_the_items());
    let written = bench.psa.change_contact(&change, &read.company, &read.references).await;
    assert_eq!(written, Ok(Write::Applied(())));
    let world = bench.carrier.psa().world();
    let world = world.lock();
    let record = world.record(Kind::Contact, contact.id.0).expect("it is there");
    let items = record["communicationItems"].as_array().expect("there are items");
    let changed: Vec<_> = items.iter().filter(|item| item["value"] == json!(new)).collect();
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0]["id"].as_i64(), Some(email.id));
}

#[tokio::test]
async fn p1_a_write_that_waited_too_long_is_not_sent() {
    let bench = bench(&Options::default());
    let read = bench.read().await.expect("it can be read");
    let contact = read.contacts.iter().find(|contact| !contact.inactive).expect("somebody works there");
    let path = format!("/company/contacts/{}", contact.id);
    let mut busy = Fault::once("PATCH", &path, FaultKind::Status429);
    busy.retry_after = Some("20".to_owned());
    bench.carrier.psa().world().lock().fault(busy);
    let fields = [FieldChange { field: Field::Title, old: None, new: "Partner".into(), shortened: false }];
    let change = Change { contact, fields: &fields, inactive: None };
    let written = bench.psa.change_contact(&change, &read.company, &read.references).await;
    assert_eq!(written, Ok(Write::Rejected(Rejection::TooLate)), "by now the contact may be otherwise");
    assert_eq!(bench.carrier.psa().world().lock().count("PATCH", &path), 1);
}
