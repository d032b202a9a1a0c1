//! What the pages show, and to whom.

use fantoccini::Locator;
use psa_simulator::Level;
use serde_json::json;

use crate::browser::Browser;
use crate::pod::{ACME, BOLT, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn contacts_are_live_escaped_and_marked() {
    let (stage, browser) = (Stage::new().await, Browser::new().await);
    browser.open(&format!("{}/?q=acme", stage.psa.url())).await;
    browser.click("#companies a").await;
    browser.until("document.title.startsWith('Acme <b>& Sons</b>')").await;
    browser.click("#tab-contacts").await;
    browser.until("document.querySelectorAll('#contacts tbody tr').length === 2").await;
    let rows = "[...document.querySelectorAll('#contacts tbody tr')].map((row) => [row.cells[0].textContent.trim(), row.dataset.inactive])";
    let expected = json!([["Ann <script>alert(1)</script>", "false"], ["Ben Roy Inactive", "true"]]);
    assert_eq!(browser.value(rows).await, expected);

    let world = stage.psa.world();
    let ann = world.lock().contacts_of(ACME)[0]["id"].as_i64().expect("an id");
    world.lock().edit(psa_simulator::Kind::Contact, ann, |contact| {
        contact.insert("inactiveFlag".into(), true.into());
    });
    browser.click("#refresh").await;
    browser.until(&format!("document.getElementById('contact-{ann}')?.dataset.inactive === 'true'")).await;
    let box_of = "(() => { const r = document.querySelector('iframe.pod').getBoundingClientRect(); return r.height; })()";
    assert_eq!(browser.value(box_of).await, 420);
    let narrow = browser.value("document.querySelector('iframe.pod').clientWidth").await;
    browser.click("#full-width").await;
    let wide = browser.value("document.querySelector('iframe.pod').clientWidth").await;
    assert!(narrow == 298 && wide.as_i64() > narrow.as_i64(), "300 with its borders: {narrow} {wide}");
    browser.click("#tab-sites").await;
    browser.until("document.querySelector('#sites tbody tr td')?.textContent === 'Main'").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn members_see_what_their_role_lets_them() {
    let (stage, browser) = (Stage::new().await, Browser::new().await);
    let shown = |selector: &str| format!("document.querySelector('{selector}') !== null");
    browser.open(&format!("{}/company/{ACME}/contacts", stage.psa.url())).await;
    assert_eq!(browser.value(&shown("#contacts")).await, true);
    let switcher = browser.client.find(Locator::Id("member")).await.expect("the switcher");
    switcher.select_by_value("Tech1").await.expect("a member");
    browser
        .until("document.getElementById('member')?.value === 'Tech1' && document.readyState === 'complete'")
        .await;
    assert_eq!(browser.value(&shown("#contacts")).await, false, "Tech1 may not see contacts");

    browser.open(&stage.address(ACME, "member=Viewer1")).await;
    assert_eq!(browser.value(&shown("[name=city]:read-only")).await, true);
    let saved = browser.value("psa.save()").await;
    assert_eq!(saved["outcome"], "failed", "{saved}");

    stage.psa.world().lock().hide_company("Viewer1", ACME);
    browser.open(&stage.address(ACME, "member=Viewer1")).await;
    assert_eq!(
        browser.value("document.getElementById('messages').textContent").await,
        "You may not see this company."
    );
    assert_eq!(browser.value(&shown("iframe")).await, false);
    browser.open(&format!("{}/?member=Viewer1", stage.psa.url())).await;
    assert_eq!(browser.value("document.querySelectorAll('#companies tbody tr').length").await, 1);

    let world = stage.psa.world();
    let member = |change: fn(&mut psa_simulator::Right)| {
        let mut world = world.lock();
        let viewer = world.member_mut("Viewer1").expect("the member");
        change(viewer.role.right_mut("Companies", "Company Maintenance").expect("the line"));
    };
    member(|right| right.inquire = Level::My);
    browser.open(&stage.address(BOLT, "member=Viewer1")).await;
    assert_eq!(browser.value(&shown("iframe")).await, false);
}
