//! Getting about in a long list.

use integration::{browser::Browser, harbor::set_up};
use reconcile::RowKind;
use serde_json::json;

use super::{keyboard::hire_out, open};

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
