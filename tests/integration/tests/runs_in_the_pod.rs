//! Runs as a dispatcher sees them: one that the schedule began, one that goes on, one that is taken back.

use std::time::Duration;

use integration::{
    browser::Browser,
    harbor::set_up,
    pod::Pod,
    psa_contacts::{psa_contacts, writes},
};
use pod_view::wire::{Purpose, RunState, When};
use psa_simulator::{Fault, FaultKind};
use reconcile::RowKind;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_is_seen_and_taken_back() -> anyhow::Result<()> {
    let (deployment, directory, pod) = set_up().await?;
    let company = pod.company;
    let before = psa_contacts(&deployment, company);

    // The first night of a company only waits for somebody.
    deployment.make_due(company, 1).await?;
    let night = pod.night(1).await;
    assert_eq!((night.state, writes(&deployment)), (RunState::Waiting, 1), "the settings note, no contact");
    let browser = Browser::start(400, 900).await?;
    browser.open_company(&deployment, company).await?;
    let last = browser.find("#pod[data-state=status] #last-run[data-state=waiting]").await?;
    assert!(browser.text("#last-run").await?.contains("Waits for a first review"));
    assert!(browser.text("#next-run").await?.starts_with("Next run on "));
    let shown = serde_json::to_value(&last)?;
    browser.client.execute("arguments[0].scrollIntoView({block:'center'})", vec![shown]).await?;
    browser.screenshot("status-waiting-400.png").await?;

    // Somebody applies; another one who has the company open sees it happen.
    let review = pod.review().await.expect("both sides can be read");
    let request = review.approve(|row| row.kind == RowKind::Create);
    let mut slow = Fault::once("POST", "/company/contacts", FaultKind::Slow);
    (slow.times, slow.delay_ms) = (1_000, 500);
    deployment.psa.world().lock().fault(slow);
    let purpose = Purpose::Apply(request.digest());
    let token = pod.session(purpose).await.expect("Dispatch1 may").token;
    let applying = {
        let (pod, request) = (Pod::unopened(&deployment, pod.proof.clone(), company), request.clone());
        tokio::spawn(async move { pod.apply_with(&token, &request).await })
    };
    let deadline = tokio::time::Instant::now() + Duration::from_mins(1);
    while deployment.psa.world().lock().count("POST", "/company/contacts") == 0 {
        assert!(tokio::time::Instant::now() < deadline, "nothing is written");
        tokio::task::yield_now().await;
    }
    browser.open_company(&deployment, company).await?;
    let run = browser.find("#pod[data-state=status] #run[data-state=applying]").await?;
    let shown = serde_json::to_value(&run)?;
    browser.client.execute("arguments[0].scrollIntoView({block:'center'})", vec![shown]).await?;
    browser.screenshot("status-applying-400.png").await?;
    let applied = applying.await?.expect("it is accepted").expect("it ends");
    assert_eq!(applied.counts.created, request.approved.len() as u64);
    // What it came to takes its place by itself.
    browser.find("#pod[data-state=status] #app:not(:has(#run)) #last-run[data-state=done], #pod[data-state=status] #app:not(:has(#run)) #last-run[data-state=questions]").await?;
    assert!(browser.text("#last-run").await?.contains("by Dispatch1"));
    deployment.psa.world().lock().clear_faults();

    // One row is taken back.
    browser.click("#runs").await?;
    browser.find("#pod[data-state=runs] [data-run]").await?;
    browser.screenshot("runs-400.png").await?;
    browser.click("[data-run] [data-action=run]").await?;
    browser.find("#pod[data-state=run] [data-undo]").await?;
    browser.screenshot("run-400.png").await?;
    browser.click("[data-undo] [data-action=undo-row]").await?;
    browser.click("#undo-confirmed").await?;
    browser.find("#pod[data-state=result] #result-counts").await?;
    browser.screenshot("undone-400.png").await?;
    assert_eq!(browser.text("#result-counts").await?, "1 undone.");
    let active = |contacts: &[integration::psa_contacts::PsaContact]| {
        contacts.iter().filter(|contact| !contact.inactive).count()
    };
    let all = request.approved.len();
    assert_eq!(active(&psa_contacts(&deployment, company)), active(&before) + all - 1);

    // And then the rest.
    browser.click("#back").await?;
    browser.find("#pod[data-state=status] #last-run").await?;
    assert!(browser.text("#last-run").await?.starts_with("Last undone on"));
    browser.click("#runs").await?;
    browser.click("[data-run]:nth-child(2) [data-action=run]").await?;
    browser.click("#undo-run").await?;
    browser.screenshot("undo-asked-400.png").await?;
    browser.click("#undo-confirmed").await?;
    browser.find("#pod[data-state=result] #result-counts").await?;
    assert_eq!(active(&psa_contacts(&deployment, company)), active(&before));

    // No night does it again.
    deployment.psa.world().lock().reset_log();
    deployment.make_due(company, 2).await?;
    let night = pod.night(2).await;
    assert_eq!(night.counts.created + night.counts.reactivated, 0, "{night:?}");

    // Somebody chooses another time; the time zone is the browser's own.
    browser.click("#back").await?;
    browser.click("#settings").await?;
    browser.click("#settings-form [name=schedule][value=daily_at]").await?;
    let time = browser.find("#settings-time").await?;
    browser.client.execute("arguments[0].value = '22:30'", vec![serde_json::to_value(&time)?]).await?;
    let zone = browser.find("#settings-time-zone").await?.prop("value").await?.unwrap_or_default();
    let own =
        browser.client.execute("return Intl.DateTimeFormat().resolvedOptions().timeZone", vec![]).await?;
    assert_eq!(Some(zone.as_str()), own.as_str());
    browser.screenshot("schedule-400.png").await?;
    browser.click("#settings-save").await?;
    browser.find("#pod[data-state=status] #next-run").await?;
    let saved = pod.settings().await.expect("there are settings").schedule;
    assert_eq!((saved.when, saved.time_zone), (When::DailyAt { hour: 22, minute: 30 }, zone));
    let next = pod.status().await.expect("the status is there").next_run.expect("it is due one day");
    assert!(next.contains("T22:3"), "within ten minutes, UTC being the zone: {next}");
    directory.stop().await;
    Ok(())
}
