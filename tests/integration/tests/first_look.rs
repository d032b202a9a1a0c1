//! What the pod loads, and when: the first look needs little, and stands without the rest.

use anyhow::Context;
use integration::{
    browser::{Browser, PATIENCE},
    harbor::set_up,
    service::Deployment,
};

const STATUS: &str = "#pod[data-state=status] #sync";

async fn open_company(browser: &Browser, deployment: &Deployment, company: i64) -> anyhow::Result<()> {
    browser.open_company(deployment, company).await?;
    browser.find(STATUS).await.map(|_| ())
}

/// What the frame has loaded so far, by name and without hashes, with what came over the wire.
async fn loaded(browser: &Browser) -> anyhow::Result<Vec<(String, u64)>> {
    let script = "return performance.getEntriesByType('resource').map(entry => \
                  [new URL(entry.name).pathname.split('/').pop(), entry.transferSize])";
    let all: Vec<(String, u64)> = serde_json::from_value(browser.client.execute(script, vec![]).await?)?;
    let mut all: Vec<_> = all
        .into_iter()
        .map(|(name, bytes)| match name.split('.').collect::<Vec<_>>()[..] {
            [stem, _, ending] => (format!("{stem}.{ending}"), bytes),
            _ => (name, bytes),
        })
        .collect();
    all.sort();
    Ok(all)
}

fn names(loaded: &[(String, u64)]) -> Vec<&str> {
    loaded.iter().map(|(name, _)| name.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_look_is_small_and_the_next_one_is_a_single_call() -> anyhow::Result<()> {
    let (deployment, directory, pod) = set_up().await?;
    let browser = Browser::start(400, 900).await?;
    open_company(&browser, &deployment, pod.company).await?;
    let first = loaded(&browser).await?;
    assert_eq!(names(&first), ["boot.js", "glance.js", "open", "pod.css"]);
    let document = "return performance.getEntriesByType('navigation')[0].transferSize";
    let document = browser.client.execute(document, vec![]).await?.as_u64().unwrap_or_default();
    let bytes = document + first.iter().map(|(_, bytes)| bytes).sum::<u64>();
    assert!((1_000..150_000).contains(&bytes), "{bytes} bytes: {first:?}");

    open_company(&browser, &deployment, pod.company).await?;
    let again = loaded(&browser).await?;
    let over_the_wire: Vec<_> = again.iter().filter(|(_, bytes)| *bytes > 0).cloned().collect();
    assert_eq!(names(&over_the_wire), ["open"], "{again:?}");

    // Pressed before the pod is there, a button does what it says all the same.
    browser.client.execute("document.querySelector('#settings, #sync').click()", vec![]).await?;
    browser.find("#pod:is([data-state=settings], [data-state=reading], [data-state=review])").await?;
    assert!(names(&loaded(&browser).await?).contains(&"pod.wasm"));
    directory.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn moments_are_told_by_the_clock_of_whoever_looks_before_and_after_the_pod_is_there()
-> anyhow::Result<()> {
    const ON_THE_CLOCK: &str = "return new Intl.DateTimeFormat('sv', { dateStyle: 'short', \
        timeStyle: 'short', timeZone: 'Asia/Kolkata' }).format(new Date(arguments[0]));";
    let (deployment, _directory, pod) = set_up().await?;
    deployment.make_due(pod.company, 1).await?;
    pod.night(1).await;
    let browser = Browser::start_in("Asia/Kolkata", 400, 900, &[]).await?;
    open_company(&browser, &deployment, pod.company).await?;
    let next = pod.status().await.expect("the status is there").next_run.context("it is due one day")?;
    let there = browser.client.execute(ON_THE_CLOCK, vec![next.into()]).await?;
    let there = there.as_str().context("a moment is a text")?.replace(' ', " at ");
    let next = browser.text("#next-run").await?;
    assert_eq!(next, format!("Next run on {there}."));
    browser.click("#settings").await?;
    browser.click("#settings-cancel").await?;
    assert_eq!(browser.text("#next-run").await?, next);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_pod_cannot_start_the_status_stays() -> anyhow::Result<()> {
    let (deployment, directory, pod) = set_up().await?;
    let browser = Browser::start(400, 900).await?;
    open_company(&browser, &deployment, pod.company).await?;
    browser.client.execute("delete globalThis.WebAssembly", vec![]).await?;
    browser.click("#sync").await?;
    browser.find("#message strong").await?;
    assert!(browser.has(STATUS).await?);
    assert!(browser.text("#message").await?.contains(pod_view::text::BROKEN.words()));
    browser.screenshot("without-wasm-400.png").await?;
    directory.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pod_comes_with_the_mouse_and_goes_on_from_what_is_there() -> anyhow::Result<()> {
    let (deployment, directory, pod) = set_up().await?;
    let browser = Browser::start(400, 900).await?;
    open_company(&browser, &deployment, pod.company).await?;
    assert!(!names(&loaded(&browser).await?).contains(&"pod.wasm"));
    browser.client.execute("document.querySelector('#sync').seen = true", vec![]).await?;
    let over = "document.querySelector('#sync').dispatchEvent(new Event('pointerover', { bubbles: true }))";
    browser.client.execute(over, vec![]).await?;
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !names(&loaded(&browser).await?).contains(&"pod.wasm") {
        assert!(tokio::time::Instant::now() < deadline, "the pod does not come");
        tokio::task::yield_now().await;
    }
    let same = browser.client.execute("return document.querySelector('#sync').seen", vec![]).await?;
    assert_eq!(same, true, "the screen is not drawn anew");
    browser.click("#sync").await?;
    browser.find("#pod[data-state=review]").await?;
    let loaded = loaded(&browser).await?;
    let asked = |name: &str| names(&loaded).iter().filter(|one| **one == name).count();
    assert_eq!((asked("open"), asked("session"), asked("status")), (1, 0, 0), "{loaded:?}");
    directory.stop().await;
    Ok(())
}
