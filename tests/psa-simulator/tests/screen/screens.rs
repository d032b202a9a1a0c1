//! Pods on other screens than the company's, pages of type Tab, and who has which pod.

use psa_simulator::Kind;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::hosting::answered;
use crate::pod::{ACME, Stage};

/// Registers the test pod once more; the id of its row.
fn register(stage: &Stage, screen: &str, kind: &str) -> i64 {
    let world = stage.psa.world();
    let mut world = world.lock();
    let id = world.records(Kind::HostedScreen).find(|row| row["name"] == screen).expect("the screen")["id"]
        .clone();
    let row = json!({
        "screenId": id, "description": format!("{kind} on {screen}"), "type": kind, "origin": stage.pod,
        "url": format!("{}/pod?screen=[cw_screen]&id=[cw_id]", stage.pod), "podHeight": 320,
    });
    world.add(Kind::HostedSetup, row.as_object().cloned().expect("an object"))
}

fn first(stage: &Stage, kind: Kind) -> i64 {
    stage.psa.world().lock().records(kind).next().expect("one")["id"].as_i64().expect("an id")
}

fn screen_object(heard: &[Value]) -> Value {
    let told = heard.iter().rev().find(|message| message["event"] == "onLoad");
    told.expect("it was told the record")["data"]["screenObject"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn contacts_and_tickets_have_screens_with_their_own_pods() {
    let (stage, browser) = (Stage::new().await, Browser::new().await);
    register(&stage, "ContactDetail", "Pod");
    register(&stage, "ServiceTicket", "Pod");
    let (contact, ticket) = (first(&stage, Kind::Contact), first(&stage, Kind::Ticket));
    browser.open(&stage.address(ACME, "")).await;
    browser.click("#tab-contacts").await;
    browser.until("document.querySelector('#contacts a') !== null").await;
    browser.click("#contacts a").await;
    browser.until("document.title.startsWith('Ann <script>')").await;
    browser.until(&answered(1)).await;
    let object = screen_object(&browser.heard().await);
    assert_eq!(object, json!({ "screen": "contact", "id": contact, "hostedAs": "pod" }));
    assert_eq!(browser.in_pod("location.search").await, format!("?screen=contact&id={contact}"));

    browser.value("document.querySelector('[name=title]').value = 'Director'").await;
    assert_eq!(browser.value("psa.save()").await["outcome"], "saved");
    let title = stage.psa.world().lock().record(Kind::Contact, contact).expect("Ann")["title"].clone();
    assert_eq!(title, "Director");

    let open = format!("say({{ hosted_request: 'openScreen', args: {{ screen: 'ticket', id: {ticket} }} }})");
    browser.in_pod(&open).await;
    browser
        .until(&format!("location.pathname === '/ticket/{ticket}' && document.readyState === 'complete'"))
        .await;
    browser.until(&answered(1)).await;
    let object = screen_object(&browser.heard().await);
    assert_eq!(object, json!({ "screen": "ticket", "id": ticket, "hostedAs": "pod" }));

    browser.open(&format!("{}/contact/{contact}?member=Tech1", stage.psa.url())).await;
    let notice = browser.value("document.getElementById('messages').textContent").await;
    assert_eq!(notice, "You may not see this contact.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_type_tab_is_told_the_record_and_not_asked_about_a_save() {
    let (stage, browser) = (Stage::new().await, Browser::new().await);
    let row = register(&stage, "CompanyDetail", "Tab");
    browser.open(&stage.address(ACME, "")).await;
    browser.until(&answered(1)).await;
    browser.click(&format!("#tab-hosted-{row}")).await;
    browser.until(&answered(2)).await;
    let log = browser.value("psa.log.filter((e) => e.direction === 'out' && e.text.includes('onLoad')).map((e) => [e.pod, JSON.parse(e.text).data.screenObject.hostedAs])").await;
    assert_eq!(log[1], json!([format!("tab-{row}-frame"), "tab"]));
    assert_eq!(browser.value("psa.save()").await["outcome"], "saved");
    let asked = browser
        .value("psa.log.filter((e) => e.direction === 'out' && e.text.includes('beforeSave')).length")
        .await;
    assert_eq!(asked, 1, "the pod alone");
    browser.click("#tab-company").await;
    browser.until(&format!("document.getElementById('tab-{row}-frame') === null && document.getElementById('record-form') !== null")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_chooses_the_pods_of_a_screen() {
    let (stage, browser) = (Stage::new().await, Browser::new().await);
    stage.psa.world().lock().switches.new_pods_displayed = false;
    browser.open(&stage.address(ACME, "")).await;
    assert_eq!(browser.value("document.querySelector('iframe.pod')").await, Value::Null);
    browser.click("#arrange").await;
    browser.click("#not-displayed option").await;
    browser.click("#pod-add").await;
    browser.click("#arrange-save").await;
    browser
        .until("document.querySelector('iframe.pod') !== null && document.readyState === 'complete'")
        .await;
    browser.until(&answered(1)).await;
    browser.open(&stage.address(ACME, "member=Viewer1")).await;
    assert_eq!(browser.value("document.querySelector('iframe.pod')").await, Value::Null, "for oneself only");
    browser.open(&stage.address(ACME, "")).await;
    browser.click("#arrange").await;
    browser.click("#displayed option").await;
    browser.click("#pod-remove").await;
    browser.click("#arrange-save").await;
    browser
        .until("document.querySelector('iframe.pod') === null && document.readyState === 'complete'")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_that_a_pod_wants_anew_asks_before_something_is_lost() {
    let (stage, browser) = (Stage::new().await, Browser::new().await);
    browser.open(&stage.address(ACME, "")).await;
    browser.until(&answered(1)).await;
    browser.in_pod("say({ hosted_request: 'refreshScreen' })").await;
    browser.until(&answered(2)).await;
    browser.in_pod("say({ hosted_request: 'setDirty', args: { dirty: true } })").await;
    browser.until("psa.dirty").await;
    browser.in_pod("say({ hosted_request: 'refreshScreen', args: {} })").await;
    browser.until("document.getElementById('leave-dialog').open").await;
    browser.click("#leave-stay").await;
    let told = "psa.log.filter((e) => e.direction === 'out' && e.text.includes('onLoad')).length";
    assert_eq!(browser.value(told).await, 2, "it stays as it is");
    browser.in_pod("say({ hosted_request: 'refreshScreen', args: {} })").await;
    browser.until("document.getElementById('leave-dialog').open").await;
    browser.click("#leave-go").await;
    browser.until(&answered(3)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pod_may_get_no_frame_id_empty_tokens_and_a_name_in_small_letters() {
    let (stage, browser) = (Stage::new().await, Browser::new().await);
    browser.open(&stage.address(ACME, "frame_id=never&cw_tokens=empty")).await;
    browser.until("psa.log.some((e) => e.reason === 'wrong frameID')").await;
    let heard = browser.heard().await;
    assert!(heard.iter().all(|message| message.get("MessageFrameID").is_none()), "{heard:?}");
    assert_eq!(browser.in_pod("location.search").await, "?screen=&id=");
    let proof = browser.value("fetch('/screen/proof?case=lower').then((answer) => answer.json())").await;
    assert_eq!(proof["memberid"], "dispatch1");
}
