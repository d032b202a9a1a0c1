//! The pages, frames and messages that mean no good.

use serde_json::json;

use crate::browser::Browser;
use crate::hosting::answered;
use crate::pod::{ACME, BOLT, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_page_frames_whoever_lets_it() {
    let (stage, browser) = (Stage::new().await, Browser::new().await);
    let address = format!("{}/hostile?pod={}/pod&company={BOLT}", stage.psa.url(), stage.pod);
    browser.open(&address).await;
    browser.until("heard.some((text) => text.includes('onLoad'))").await;
    let script = format!("{}/hostile?pod=javascript:alert(1)", stage.psa.url());
    browser.open(&script).await;
    assert!(browser.client.source().await.expect("a page").contains("must be an http or https address"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_origin_that_begins_as_the_psa_does_is_another_one() {
    let (stage, browser) = (Stage::new().await, Browser::new().await);
    let look_alike = stage.psa.url().replace("127.0.0.1", "127.0.0.1.localhost");
    let address = format!("{}/hostile?pod={}/pod&company={BOLT}&look_alike=1", stage.psa.url(), stage.pod);
    browser.open(&address).await;
    browser.until("heard.some((text) => text.includes('onLoad'))").await;
    assert_eq!(browser.value("location.origin").await, look_alike);

    browser.open(&stage.address(ACME, "sibling=look_alike")).await;
    let mut spoken = false;
    while !spoken {
        let heard = format!(
            "heard.some((m) => !m.parent && m.origin === '{look_alike}' && m.data.includes('sibling'))"
        );
        spoken = browser.in_pod(&heard).await == true;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pods_can_be_flooded_overfed_and_lied_to() {
    let (stage, browser) = (Stage::new().await, Browser::new().await);
    browser.open(&stage.address(ACME, "")).await;
    browser.until(&answered(1)).await;
    let outcome = |answers: &serde_json::Value| answers[0]["result"].clone();
    let answers = browser.value(&format!("psa.claim({BOLT})")).await;
    assert_eq!(outcome(&answers), "success");
    assert_eq!(browser.value("psa.record.id").await, ACME, "the page stays where it is");
    assert_eq!(outcome(&browser.value("psa.huge(2_000_000)").await), "success");
    browser.value("psa.flood(600)").await;
    let mut heard = json!(0);
    while heard != 100 {
        heard = browser.in_pod("heard.filter(({ data }) => data === 'not JSON').length").await;
    }
    let longest = "Math.max(...heard.map(({ data }) => data.length))";
    assert!(browser.in_pod(longest).await.as_i64() > Some(2_000_000));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_companies_and_tickets_are_opened_for_a_pod() {
    let (stage, browser) = (Stage::new().await, Browser::new().await);
    browser.open(&stage.address(ACME, "")).await;
    browser.until(&answered(1)).await;
    for args in ["{ screen: 'contact', id: 57901 }", "{ screen: 'company', id: '../1' }"] {
        browser.in_pod(&format!("say({{ hosted_request: 'openScreen', args: {args} }})")).await;
    }
    browser.until("psa.log.some((e) => e.reason === \"not a record's id\")").await;
    assert_eq!(browser.value("psa.log.some((e) => e.reason === 'unknown screen')").await, true);
    assert_eq!(browser.value("psa.record.id").await, ACME);
    let opened = format!("{{ screen: 'company', id: {BOLT}, newTab: true }}");
    browser.in_pod(&format!("say({{ hosted_request: 'openScreen', args: {opened} }})")).await;
    while browser.client.windows().await.expect("windows").len() < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(browser.value("psa.record.id").await, ACME, "the other one is in a new tab");
}
