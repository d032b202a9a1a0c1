//! Getting about in a long list.

use anyhow::ensure;
use integration::{browser::Browser, harbor::set_up};
use reconcile::RowKind;
use serde_json::json;

use super::{
    keyboard::{ENTER, hire_out, place, press},
    open,
};

/// The rows of a group, stretch by stretch: each is full but the last, and says so.
async fn stretches(browser: &Browser, kind: RowKind) -> anyhow::Result<Vec<String>> {
    const STRETCHES: &str = "return [...document.querySelectorAll(`[data-group=${arguments[0]}] .stretch`)].map(\
        (stretch) => [stretch.hasAttribute('data-full'), [...stretch.children].map((row) => row.dataset.row)]);";
    let stretches = browser.client.execute(STRETCHES, vec![json!(kind.code())]).await?;
    let mut stretches: Vec<(bool, Vec<String>)> = serde_json::from_value(stretches)?;
    let last = stretches.pop().unwrap_or_default();
    ensure!(stretches.iter().all(|(full, rows)| *full && rows.len() == 50), "{stretches:?}");
    ensure!((1..=50).contains(&last.1.len()) && last.0 == (last.1.len() == 50), "{last:?}");
    stretches.push(last);
    Ok(stretches.into_iter().flat_map(|(_, rows)| rows).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_keep_their_order_when_one_of_them_goes_and_comes_back() -> anyhow::Result<()> {
    let (deployment, _directory, pod) = set_up().await?;
    for number in 0..130 {
        hire_out(&deployment, pod.company, number);
    }
    let browser = Browser::start(400, 700).await?;
    open(&browser, &deployment, "Dispatch1", pod.company).await?;
    browser.click("#sync").await?;
    browser.find("#pod[data-state=review] #apply").await?;
    press(&browser, "/").await?;
    press(&browser, "temp").await?;
    press(&browser, ENTER).await?;
    let first = place(&browser).await?;
    // From the end of one stretch into the next, and on to where more are shown than at first.
    press(&browser, &"j".repeat(120)).await?;
    let at = place(&browser).await?;
    let before = stretches(&browser, RowKind::PsaOnly).await?;
    assert_eq!((before.first(), before.get(120)), (Some(&first), Some(&at)));
    press(&browser, &"k".repeat(80)).await?;
    assert_eq!(Some(&place(&browser).await?), before.get(40));

    press(&browser, "i").await?;
    let after = stretches(&browser, RowKind::PsaOnly).await?;
    assert!(!after.contains(&before[40]) && after.iter().all(|row| before.contains(row)), "{after:?}");
    assert_eq!(Some(&place(&browser).await?), before.get(41));
    press(&browser, "u").await?;
    assert_eq!(stretches(&browser, RowKind::PsaOnly).await?[..100], before[..100]);

    // A letter more, a letter less.
    press(&browser, "/").await?;
    press(&browser, "worker00").await?;
    assert_eq!(stretches(&browser, RowKind::PsaOnly).await?, before[..10]);
    press(&browser, "\u{e003}").await?;
    assert_eq!(stretches(&browser, RowKind::PsaOnly).await?, before[..50]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_of_the_summary_leads_to_its_rows_however_many_are_between() -> anyhow::Result<()> {
    // How far the head is below the list's upper edge and above its lower one, once things have come to rest.
    const ROOM: &str = "const [kind, done] = arguments; \
        requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(() => { \
            const of = (selector) => document.querySelector(selector).getBoundingClientRect(); \
            const [head, list] = [of(`[data-group=${kind}] .group-head`), of('#review')]; \
            done([head.top - list.top, list.bottom - head.bottom]); \
        })));";
    let (deployment, _directory, pod) = set_up().await?;
    for number in 0..300 {
        hire_out(&deployment, pod.company, number);
    }
    // German rows are higher than English ones.
    for (width, language) in [(370, "de"), (1200, "en")] {
        let language = format!("--accept-lang={language}");
        let browser = Browser::start_with(width, 700, &[&language]).await?;
        open(&browser, &deployment, "Dispatch1", pod.company).await?;
        browser.click("#sync").await?;
        browser.find("#pod[data-state=review] #apply").await?;
        for kind in [
            RowKind::Unchanged,
            RowKind::NeedsDecision,
            RowKind::PsaOnly,
            RowKind::Create,
            RowKind::Excluded,
            RowKind::Link,
        ] {
            let number = format!("#summary [data-action=go][data-kind={}]", kind.code());
            let number = vec![serde_json::to_value(browser.find(&number).await?)?];
            browser.client.execute("arguments[0].click()", number).await?;
            let room = browser.client.execute_async(ROOM, vec![json!(kind.code())]).await?;
            let room: [f64; 2] = serde_json::from_value(room)?;
            assert!(room.iter().all(|room| *room >= -1.0), "{width} {kind:?}: {room:?}");
        }
    }
    Ok(())
}
