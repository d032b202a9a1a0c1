//! A directory that breaks off, errs or answers with nobody deactivates nobody; in the browser and
//! without it.

use integration::{
    browser::Browser,
    harbor::set_up,
    pod::Pod,
    psa_contacts::{psa_contacts, writes},
};
use pod_view::wire::ApplyRequest;
use reconcile::RowKind;
use sample_directory::{Fault, SampleDirectory};

/// A company that is in order, and an approval to deactivate somebody who has just left.
async fn somebody_left(directory: &SampleDirectory, pod: &Pod) -> ApplyRequest {
    let first = pod.review().await.expect("both sides can be read");
    pod.apply(&first.approve(reconcile::Row::approved_by_default)).await.expect("the run ends");
    let linked = pod.review().await.expect("both sides can be read");
    let plan = linked.plan();
    let leaver = plan
        .rows
        .iter()
        .find(|row| {
            let contact = row.contact.and_then(|id| linked.prepared.contact(id));
            row.kind == RowKind::Unchanged && contact.is_some_and(|contact| contact.protections.is_empty())
        })
        .expect("somebody is linked and nothing depends on them");
    let leaver = leaver.account.and_then(|id| linked.prepared.account(id)).expect("it has an account");
    assert!(directory.people().remove(&leaver.logon_name));
    let request = pod
        .review()
        .await
        .expect("both sides can be read")
        .approve(|row| row.kind == RowKind::Deactivate && row.protections.is_empty());
    assert_eq!(request.approved.len(), 1, "the first run left nobody else to deactivate");
    request
}

/// The message and the advice on the pod's screen.
async fn problem(browser: &Browser, code: &str) -> anyhow::Result<String> {
    browser.text(&format!("#pod[data-state=error] #problem[data-code={code}]")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn d1_a_read_that_breaks_off_deactivates_nobody() -> anyhow::Result<()> {
    let (deployment, directory, pod) = set_up().await?;
    let approval = somebody_left(&directory, &pod).await;
    let last_run = pod.status().await.expect("the status is there").last_run;
    let contacts = psa_contacts(&deployment, pod.company);
    let world = deployment.psa.world();
    world.lock().reset_log();
    let everybody = directory.people().all();

    let browser = Browser::start(1400, 1000).await?;
    browser.open_company(&deployment, pod.company).await?;
    browser.find("#pod[data-state=status] #sync").await?;

    let nobody = || everybody.iter().for_each(|person| assert!(directory.people().remove(&person.logon)));
    let cases: [(&str, Option<Fault>, &[&str]); 3] = [
        ("cut_off", Some(Fault::Cut { page: 2, after: 7 }), &["broke off on page 2", "deactivates no one"]),
        ("directory_error", Some(Fault::Answer { page: 2, rc: 51 }), &["error 51", "deactivates no one"]),
        ("nothing_found", None, &["no account at all", "Nobody is deactivated"]),
    ];
    for (button, (code, fault, words)) in ["#sync", "#retry", "#retry"].into_iter().zip(cases) {
        if fault.is_none() {
            nobody();
        }
        directory.set_fault(fault);
        browser.click(button).await?;
        let said = problem(&browser, code).await?;
        for words in words.iter().chain(&["Nothing was changed"]) {
            assert!(said.contains(words), "{said}");
        }
        browser.screenshot(&format!("{code}.png")).await?;
        assert!(!browser.has("#apply").await?, "there is nothing to apply");

        // Also not what was approved before.
        let applied = pod.apply(&approval).await.expect_err("a run needs both sides whole");
        assert_eq!(applied.code, code);
        assert_eq!(psa_contacts(&deployment, pod.company), contacts, "{code}");
    }
    assert_eq!(writes(&deployment), 0);
    let status = pod.status().await.expect("the status is there");
    assert_eq!(status.last_run, last_run, "a run that failed is not the last one that was applied");

    for person in everybody {
        directory.people().hire(person);
    }
    browser.click("#retry").await?;
    browser.find("#pod[data-state=review] [data-group=deactivate]").await?;
    let applied = pod.apply(&approval).await.expect("the run ends");
    assert_eq!((applied.counts.deactivated, writes(&deployment)), (1, 1));
    directory.stop().await;
    Ok(())
}
