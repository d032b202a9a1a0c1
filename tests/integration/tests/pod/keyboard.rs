//! A hundred rows and all that can be said of one, without a mouse.

use anyhow::Context;
use integration::{browser::Browser, harbor::set_up, service::Deployment};
use psa_simulator::Kind;
use reconcile::{Decision, RowKey, RowKind, Subject};
use serde_json::{Value, json};

use super::open;

const ESCAPE: &str = "\u{e00c}";
const BACKSPACE: &str = "\u{e003}";
pub(crate) const ENTER: &str = "\u{e007}";

pub(crate) async fn press(browser: &Browser, keys: &str) -> anyhow::Result<()> {
    Ok(browser.client.active_element().await?.send_keys(keys).await?)
}

/// Where the keyboard is: the key of a row, else an id.
pub(crate) async fn place(browser: &Browser) -> anyhow::Result<String> {
    const PLACE: &str = "const at = document.activeElement; \
        return at.closest('[data-row]')?.dataset.row ?? at.id ?? '';";
    let place = browser.client.execute(PLACE, Vec::new()).await?;
    Ok(place.as_str().unwrap_or_default().to_owned())
}

/// The group of the row that the keyboard is at.
async fn group(browser: &Browser) -> anyhow::Result<String> {
    const GROUP: &str = "return document.activeElement.closest('[data-group]')?.dataset.group ?? '';";
    let group = browser.client.execute(GROUP, Vec::new()).await?;
    Ok(group.as_str().unwrap_or_default().to_owned())
}

async fn count(browser: &Browser, kind: RowKind) -> anyhow::Result<u64> {
    const COUNT: &str = "return Number(document.querySelector(`[data-group=${arguments[0]}] [data-count]`)?.dataset.count ?? 0);";
    let count = browser.client.execute(COUNT, vec![json!(kind.code())]).await?;
    count.as_u64().context("a count is a number")
}

pub(crate) fn hire_out(deployment: &Deployment, company: i64, number: usize) {
    let record = json!({
        "firstName": "Temp", "lastName": format!("Worker{number:03}"), "company": { "id": company },
        "inactiveFlag": false, "communicationItems": [],
    });
    let Value::Object(record) = record else { unreachable!("it is an object") };
    deployment.psa.world().lock().add(Kind::Contact, record.into_iter().collect());
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_said_by_keyboard_alone() -> anyhow::Result<()> {
    let (deployment, _directory, pod) = set_up().await?;
    for number in 0..100 {
        hire_out(&deployment, pod.company, number);
    }
    let plan = pod.review().await.expect("both sides can be read").plan();
    // Today is the company's, not the browser's.
    let browser = Browser::start_in("Pacific/Kiritimati", 400, 700, &[]).await?;
    open(&browser, &deployment, "Dispatch1", pod.company).await?;
    browser.find("#sync").await?.send_keys(ENTER).await?;
    browser.find("#pod[data-state=review] #apply").await?;

    // From the filter to its first find, and on from there.
    press(&browser, "/").await?;
    assert_eq!(place(&browser).await?, "filter");
    press(&browser, "worker0").await?;
    press(&browser, ENTER).await?;
    assert_eq!(group(&browser).await?, "psa_only");
    let first = place(&browser).await?;
    press(&browser, "j").await?;
    let second = place(&browser).await?;
    press(&browser, "k").await?;
    assert_ne!(first, second);
    assert_eq!(place(&browser).await?, first);

    // What is said of a row takes it away, and the keyboard goes on at the row that takes its place.
    press(&browser, "i").await?;
    assert_eq!(place(&browser).await?, second);
    assert_eq!(group(&browser).await?, "psa_only");
    let told = browser.text("#message").await?;
    assert!(told.contains("Temp Worker000: left alone"), "{told}");
    press(&browser, "u").await?;
    let told = browser.text("#message").await?;
    assert!(told.contains("taken back"), "{told}");
    press(&browser, "t").await?;
    let today = browser.client.execute("return new Date().toISOString().slice(0, 10);", Vec::new()).await?;
    let today = today.as_str().context("a date is a text")?;
    let told = browser.text("#message").await?;
    assert!(told.contains(&format!("Temp Worker000: left alone until {today}.")), "{told}");
    press(&browser, "u").await?;
    // What was filtered by is typed over.
    press(&browser, "/").await?;
    press(&browser, "temp").await?;
    press(&browser, ESCAPE).await?;

    // A hundred rows, a key each.
    let before = count(&browser, RowKind::PsaOnly).await?;
    press(&browser, &"i".repeat(100)).await?;
    press(&browser, "/").await?;
    press(&browser, BACKSPACE).await?;
    press(&browser, ESCAPE).await?;
    assert_eq!(count(&browser, RowKind::PsaOnly).await?, before - 100);

    // A question: opened by its key, at the first match that is offered; Enter takes it.
    let question =
        plan.rows.iter().find(|row| row.kind == RowKind::NeedsDecision && !row.contacts.is_empty());
    let question = question.context("the sample has a question with a candidate")?;
    let account = question.account.context("it is about an account")?;
    let row = format!("[data-row=\"a:{account}\"]");
    browser.find(&format!("{row} .head [data-action=toggle]")).await?.send_keys("m").await?;
    assert_eq!(place(&browser).await?, format!("a:{account}"));
    press(&browser, "m").await?;
    let searching = browser
        .client
        .execute("return document.activeElement.hasAttribute('data-search');", Vec::new())
        .await?;
    assert_eq!(searching, json!(true));
    press(&browser, ESCAPE).await?;
    press(&browser, "1").await?;
    let told = browser.text("#message").await?;
    assert!(told.contains("matched"), "{told}");

    // The keys are shown over the screen, and the keyboard comes back from them.
    press(&browser, "j").await?;
    let at = place(&browser).await?;
    press(&browser, "?").await?;
    browser.find("#help[open]").await?;
    browser.screenshot("keys.png").await?;
    press(&browser, ESCAPE).await?;
    assert!(!browser.has("#help[open]").await?);
    assert_eq!(place(&browser).await?, at);

    // An unticked row is not applied; Apply is two keys away.
    let create = plan.rows.iter().find(|row| row.kind == RowKind::Create).context("somebody is new")?;
    let newcomer = create.account.context("it is about an account")?;
    let row = format!("[data-row=\"a:{newcomer}\"]");
    browser.find(&format!("{row} .head [data-action=toggle]")).await?.send_keys("x").await?;
    assert!(!browser.has(&format!("{row} [data-check]:checked")).await?);
    press(&browser, "a").await?;
    assert_eq!(place(&browser).await?, "apply");
    press(&browser, ENTER).await?;
    browser.find("#pod[data-state=result]").await?;

    let after = pod.review().await.expect("both sides can be read");
    let of_newcomer = after.plan().rows.iter().find(|row| row.account == Some(newcomer)).map(|row| row.kind);
    assert_eq!(of_newcomer, Some(RowKind::Create));
    let linked = after.context.links.iter().any(|link| link.account == account);
    assert!(linked, "the pair that was chosen is linked");
    // What was written is told of in each row.
    let story = pod.story(RowKey { account: Some(account), contact: None }).await.expect("it is told");
    assert_eq!(story.writes.len(), 1, "{story:?}");
    assert_eq!((story.writes[0].by.as_str(), story.writes[0].outcome.as_str()), ("Dispatch1", "applied"));
    let nobody = pod.story(RowKey { account: Some(newcomer), contact: None }).await.expect("it is told");
    assert!(nobody.writes.is_empty(), "{nobody:?}");
    browser.click("#sync-again").await?;
    browser.find("#pod[data-state=review] #back").await?;
    press(&browser, "/").await?;
    press(&browser, &after.prepared.account(account).context("it is there")?.logon_name).await?;
    browser.click(&format!("[data-row=\"a:{account}\"] .head [data-action=toggle]")).await?;
    browser.click(&format!("[data-row=\"a:{account}\"] [data-action=story]")).await?;
    browser.find(&format!("[data-row=\"a:{account}\"] .story li")).await?;
    let told = browser.text(&format!("[data-row=\"a:{account}\"] .story")).await?;
    assert!(told.contains("by Dispatch1"), "{told}");
    let kept = after.context.decisions.iter().filter(|(subject, decision)| {
        matches!(subject, Subject::Contact(_)) && **decision == Decision::Ignore
    });
    assert_eq!(kept.count(), 100);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_can_be_turned_off() -> anyhow::Result<()> {
    let (deployment, _directory, pod) = set_up().await?;
    let browser = Browser::start(400, 700).await?;
    open(&browser, &deployment, "Dispatch1", pod.company).await?;
    browser.click("#sync").await?;
    browser.find("#pod[data-state=review] #apply").await?;
    browser.click("#keys").await?;
    browser.click("#help [data-check=keys]").await?;
    browser.click("#help [data-action=close-help]").await?;
    let create = browser.find("[data-group=create] .head [data-action=toggle]").await?;
    let before = count(&browser, RowKind::Create).await?;
    create.send_keys("i").await?;
    // The dialog opens after the key before it was heard.
    create.send_keys("?").await?;
    browser.find("#help[open]").await?;
    assert_eq!(count(&browser, RowKind::Create).await?, before);
    browser.click("#help [data-check=keys]").await?;
    browser.click("#help [data-action=close-help]").await?;
    create.send_keys("i").await?;
    assert_eq!(count(&browser, RowKind::Create).await?, before - 1);
    Ok(())
}
