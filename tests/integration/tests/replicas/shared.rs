//! Whichever replica a request reaches.

use std::time::Duration;

use integration::{
    pod::{Pod, proof},
    postgres::Postgres,
    replica::Replica,
};
use pod_view::wire::{Purpose, RowOutcome, RunKind};
use psa_simulator::{Fault, FaultKind, Options};
use reconcile::Row;
use server::{
    security::{keys::random_id, rights::Administrators},
    store::{CompanyKey, InstallationRow, NewRun},
};

use crate::{
    companies::{Companies, NEWCOMERS},
    records::{CONTACTS, until},
};

/// A dispatcher's pod at a company, by one of the replicas.
pub(crate) async fn pod_at(companies: &Companies, replica: &Replica, company: usize) -> Pod {
    let deployment = &companies.deployment;
    let mut pod = Pod::unopened(deployment, proof(deployment, "Dispatch1"), companies.keys[company].company);
    pod.base = format!("{}/i/{}", replica.url, deployment.installation);
    pod.token = pod.session(Purpose::Pod).await.expect("the member may").token;
    pod
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pod_may_speak_to_any_replica_and_follow_what_another_does() -> anyhow::Result<()> {
    let companies = Companies::set_up(Postgres::shared()?, 1, Options::default()).await?;
    let mut replicas = companies.replicas()?;
    replicas.iter_mut().try_for_each(Replica::start)?;
    companies.change(NEWCOMERS.len());
    let slow = Fault { times: 100, delay_ms: 2_000, ..Fault::once("POST", CONTACTS, FaultKind::Slow) };
    companies.psa().lock().fault(slow);

    let one = pod_at(&companies, &replicas[0], 0).await;
    // The token that the one gave is good at the other.
    let mut other = pod_at(&companies, &replicas[1], 0).await;
    other.token.clone_from(&one.token);
    let review = one.review().await.expect("both sides can be read");
    let request = review.approve(Row::approved_by_default);
    let following = async {
        let mut run = None;
        until("the other sees the run", Duration::from_secs(30), async || {
            let runs = other.runs().await.expect("it lists them");
            run = runs.into_iter().find(|run| run.state.is_live()).map(|run| run.id);
            run.is_some()
        })
        .await;
        other.follow(&run.expect("it was just seen")).await.expect("it is told to the end")
    };
    let (applied, followed) = tokio::join!(one.apply(&request), following);
    let applied = applied.expect("the run ends");
    assert_eq!(applied.counts.written(), request.approved.len() as u64);
    assert_eq!(followed.counts, applied.counts);
    let told = |rows: &[RowOutcome]| {
        let mut keys: Vec<_> = rows.iter().map(|row| row.key).collect();
        keys.sort();
        keys
    };
    assert_eq!(told(&followed.rows), told(&applied.rows));
    companies.everything_is_done(NEWCOMERS.len());
    companies.everything_is_accounted_for().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_installation_that_cannot_be_opened_holds_up_no_other() -> anyhow::Result<()> {
    let companies = Companies::set_up(Postgres::shared()?, 1, Options::default()).await?;
    let spoilt = InstallationRow {
        id: random_id(),
        psa_site: "https://spoilt.example".to_owned(),
        login_company: "spoilt".to_owned(),
        credentials: "no sealed text".to_owned(),
        administrators: Administrators::default().code().to_owned(),
        rules: String::new(),
        board: None,
        created_at: 0,
    };
    companies.store.save_installation(&spoilt).await?;
    let key = CompanyKey { installation: spoilt.id.clone(), company: 1 };
    let kind = RunKind::Schedule;
    let run = NewRun { id: "first", key: &key, kind, undoes: None, member_id: 0, member: "", rows: &[] };
    companies.store.queue_run(&run, 0, 0).await?;
    companies.change(1);
    let slot = companies.make_due().await;
    let [mut replica, _] = companies.replicas()?;
    replica.start()?;
    companies.wait_for_the_night(slot).await;
    companies.everything_is_done(1);
    Ok(())
}
