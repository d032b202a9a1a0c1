//! The Hosted API as a pod meets it.

use psa_simulator::Kind;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::pod::{ACME, BOLT, Stage};

/// True once the pod has answered this many events.
pub(crate) fn answered(count: usize) -> String {
    format!("psa.log.filter((e) => e.direction === 'in' && e.text.includes('\"event\"')).length >= {count}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pod_is_greeted_told_the_record_and_given_a_proof() {
    let (stage, browser) = (Stage::new().await, Browser::new().await);
    browser.open(&stage.address(ACME, "member=Viewer1&frame_id=twice")).await;
    browser.until(&answered(1)).await;
    let heard = browser.heard().await;
    let frame_id = heard[0]["MessageFrameID"].as_str().expect("a string");
    assert_eq!(heard[1]["MessageFrameID"], frame_id, "twice the same");
    assert_eq!(heard[2]["event"], "onLoad");
    assert_eq!(heard[2]["data"]["screenObject"], json!({"screen": "company", "id": ACME, "hostedAs": "pod"}));
    assert_eq!(browser.in_pod("location.search").await, format!("?screen=company&id={ACME}"));
    assert_eq!(browser.in_pod("heard.every((m) => m.parent && m.origin !== location.origin)").await, true);

    browser.in_pod("say({ request: 'getMemberAuthentication' })").await;
    browser.in_pod("parent.postMessage({ hosted_request: 'getMemberAuthentication' }, '*')").await;
    browser
        .in_pod("parent.postMessage('{\"hosted_request\":\"setDirty\",\"args\":{\"dirty\":true}}', '*')")
        .await;
    browser.in_pod("say({ hosted_request: 'getMemberAuthentication' })").await;
    browser.until("psa.log.some((e) => e.text.includes('memberHash'))").await;
    let heard = browser.heard().await;
    let answers: Vec<&Value> = heard.iter().filter(|message| message.get("response").is_some()).collect();
    assert_eq!(answers.len(), 1, "the others are ignored");
    assert_eq!(answers[0]["response"], "getmemberauthentication");
    let proof = &answers[0]["data"];
    assert_eq!(proof["memberid"], "Viewer1");
    assert_eq!(proof["companyid"], "training");
    let live = stage.psa.world().lock().hash_of("Viewer1");
    assert_eq!(proof["memberHash"].as_str(), live.as_deref());
    let reasons =
        browser.value("psa.log.filter((e) => e.direction === 'ignored').map((e) => e.reason)").await;
    let expected = json!(["neither a request nor an awaited answer", "not a string", "wrong frameID"]);
    assert_eq!(reasons, expected);
    assert_eq!(browser.value("psa.dirty").await, false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_save_waits_for_the_pod() {
    let (stage, browser) = (Stage::new().await, Browser::new().await);
    browser.open(&stage.address(ACME, "save_timeout=300")).await;
    browser.until(&answered(1)).await;
    browser.value("document.querySelector('[name=city]').value = 'Bruges'").await;
    let city = || stage.psa.world().lock().record(Kind::Company, ACME).map(|company| company["city"].clone());

    browser.in_pod("answer = 'failure'").await;
    let refused = browser.value("psa.save()").await;
    assert_eq!(refused, json!({"outcome": "refused", "errors": ["The pod says no."]}));
    assert_eq!(city(), Some(json!("Ghent")));
    assert_eq!(browser.value("document.getElementById('messages').textContent").await, "The pod says no.");

    browser.in_pod("answer = 'success'").await;
    assert_eq!(browser.value("psa.save()").await["outcome"], "saved");
    assert_eq!(city(), Some(json!("Bruges")));

    browser.in_pod("answer = null").await;
    assert_eq!(browser.value("psa.save()").await["outcome"], "hung");
    assert_eq!(browser.value("document.getElementById('save').disabled").await, true);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_record_comes_without_a_new_frame_unless_said_otherwise() {
    let (stage, browser) = (Stage::new().await, Browser::new().await);
    browser.open(&stage.address(ACME, "onload_id=text")).await;
    browser.until(&answered(1)).await;
    assert_eq!(browser.value(&format!("psa.navigate({BOLT})")).await, true);
    browser.until(&answered(2)).await;
    let heard = browser.heard().await;
    let last = heard.last().expect("a message");
    assert_eq!(last["data"]["screenObject"]["id"], BOLT.to_string());
    assert_eq!(
        browser.in_pod("location.search").await,
        format!("?screen=company&id={ACME}"),
        "the same frame"
    );
    assert_eq!(browser.value("document.getElementById('record-name').textContent").await, "Bolt BV");

    browser.in_pod("say({ hosted_request: 'setDirty', args: { dirty: true } })").await;
    browser.until("psa.dirty && !document.getElementById('dirty-mark').hidden").await;
    browser.value(&format!("void (window.left = psa.navigate({ACME}))")).await;
    browser.click("#leave-stay").await;
    assert_eq!(browser.value("left").await, false, "the person stayed");
    browser
        .in_pod("say({ hosted_request: 'openScreen', args: { screen: 'company', id: 250, newTab: false } })")
        .await;
    browser.until("document.getElementById('leave-dialog').open").await;
    browser.click("#leave-go").await;
    browser.until(&format!("psa.record.id === {ACME}")).await;

    browser.open(&stage.address(ACME, "navigate=reload")).await;
    browser.until(&answered(1)).await;
    browser.value(&format!("psa.navigate({BOLT})")).await;
    browser.until(&answered(2)).await;
    assert_eq!(browser.in_pod("location.search").await, format!("?screen=company&id={BOLT}"), "a new frame");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_can_be_told_to_misbehave() {
    let (stage, browser) = (Stage::new().await, Browser::new().await);
    let proof = async |options: &str| {
        browser.open(&stage.address(ACME, options)).await;
        browser.value(&format!("fetch('/screen/proof?{options}').then((answer) => answer.json())")).await
    };
    let live = stage.psa.world().lock().hash_of("Dispatch1").expect("a session");
    let logged_out = proof("hash=logged_out").await;
    assert_eq!(logged_out["memberHash"], live, "it was good");
    let live = stage.psa.world().lock().hash_of("Dispatch1").expect("a session");
    assert_ne!(logged_out["memberHash"], live, "its session is over");
    let expired = proof("hash=expired&context=empty&case=upper").await;
    assert_ne!(expired["memberHash"], live);
    assert_eq!((&expired["memberContext"], &expired["memberid"]), (&json!(""), &json!("DISPATCH1")));
    let other = proof("hash=Admin1&tenant=other").await;
    let admin = stage.psa.world().lock().hash_of("Admin1");
    assert_eq!(other["memberHash"].as_str(), admin.as_deref());
    assert_eq!((&other["memberid"], &other["companyid"]), (&json!("Dispatch1"), &json!("other")));

    browser.open(&stage.address(ACME, "mode=nilear&cw_tokens=unreplaced")).await;
    browser.until(&answered(1)).await;
    let heard = browser.heard().await;
    assert!(heard.iter().all(|message| message.get("MessageFrameID").is_none()), "{heard:?}");
    assert_eq!(browser.in_pod("location.search").await, "?screen=[cw_screen]&id=[cw_id]");

    browser.open(&stage.address(ACME, "frame_id=late&order=onload_first&sibling=1")).await;
    browser
        .until(&format!("{} && psa.log.some((e) => e.text.includes('MessageFrameID'))", "psa.log.length > 1"))
        .await;
    let order = browser
        .value("psa.log.filter((e) => e.direction === 'out').map((e) => e.text.includes('onLoad'))")
        .await;
    assert_eq!(order, json!([true, false]));
    let mut spoken = false;
    while !spoken {
        spoken = browser.in_pod("heard.some((m) => !m.parent && m.data.includes('sibling'))").await == true;
    }
}
