//! Proofs that prove nothing.

use integration::{
    harbor::HARBOR,
    pod::{Pod, proof},
    service::Deployment,
};
use pod_view::wire::{ApplyRequest, OpenRequest, Opened, Proof, Purpose};
use reqwest::Method;

use crate::asking::send;

async fn deployed() -> (Deployment, i64) {
    let deployment = Deployment::start().await.expect("the service starts");
    let company = deployment.company(HARBOR);
    deployment.psa.world().lock().reset_log();
    (deployment, company)
}

/// What a proof gets: 200 or the refusal's status and code.
async fn gets(deployment: &Deployment, proof: Proof, company: i64) -> (u16, String) {
    match Pod::unopened(deployment, proof, company).session(Purpose::Pod).await {
        Ok(_) => (200, String::new()),
        Err(refused) => (refused.status.as_u16(), refused.problem.code),
    }
}

/// What a proof gets that opens a company.
async fn opens(deployment: &Deployment, proof: Proof, company: i64) -> Result<Opened, (u16, String)> {
    let pod = Pod::unopened(deployment, proof.clone(), company);
    let request = OpenRequest { proof, company, record: None, lang: None, zone: None };
    let opened = pod.call(Method::POST, "open", Some(&request)).await;
    opened.map_err(|refused| (refused.status.as_u16(), refused.problem.code))
}

fn not_confirmed() -> (u16, String) {
    (401, "not_confirmed".to_owned())
}

fn asked(deployment: &Deployment) -> usize {
    deployment.psa.world().lock().requests().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_a_proof_must_be_the_members_own_and_present() {
    let (deployment, company) = deployed().await;
    let dispatcher = proof(&deployment, "Dispatch1");
    assert_eq!(gets(&deployment, dispatcher.clone(), company).await, (200, String::new()));
    let shouted = Proof { member: "DISPATCH1".to_owned(), ..dispatcher.clone() };
    assert_eq!(gets(&deployment, shouted, company).await, (200, String::new()), "names have no case");

    let admins = Proof { hash: proof(&deployment, "Admin1").hash, ..dispatcher.clone() };
    assert_eq!(gets(&deployment, admins, company).await, not_confirmed(), "a colleague's hash");
    let as_admin = Proof { member: "Admin1".to_owned(), ..dispatcher.clone() };
    assert_eq!(gets(&deployment, as_admin, company).await, not_confirmed(), "under a colleague's name");
    let without = Proof { context: String::new(), ..dispatcher.clone() };
    assert_eq!(gets(&deployment, without, company).await, not_confirmed(), "no context");
    deployment.psa.world().lock().expire_hash("Dispatch1");
    assert_eq!(gets(&deployment, dispatcher.clone(), company).await, not_confirmed(), "logged out");
    let fresh = proof(&deployment, "Dispatch1");
    assert_eq!(gets(&deployment, fresh.clone(), company).await, (200, String::new()));
    deployment.psa.world().lock().member_mut("Dispatch1").expect("a member").inactive = true;
    assert_eq!(gets(&deployment, fresh, company).await, not_confirmed(), "no longer with the MSP");
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_another_login_company_or_no_company_is_refused_unasked() {
    let (deployment, company) = deployed().await;
    let dispatcher = proof(&deployment, "Dispatch1");
    let elsewhere = Proof { login_company: "elsewhere".to_owned(), ..dispatcher.clone() };
    assert_eq!(gets(&deployment, elsewhere, company).await, not_confirmed());
    for nothing in [0, -1] {
        assert_eq!(gets(&deployment, dispatcher.clone(), nothing).await, not_confirmed());
    }
    assert_eq!(asked(&deployment), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_who_may_not_see_the_company_in_the_psa_may_not_here() {
    let (deployment, company) = deployed().await;
    let dispatcher = proof(&deployment, "Dispatch1");
    let not_allowed = (403, "not_allowed".to_owned());
    assert_eq!(gets(&deployment, dispatcher.clone(), 1).await, not_allowed, "no such company");
    deployment.psa.world().lock().hide_company("Dispatch1", company);
    assert_eq!(gets(&deployment, dispatcher.clone(), company).await, not_allowed, "hidden");
    deployment.psa.world().lock().show_company("Dispatch1", company);
    assert_eq!(gets(&deployment, dispatcher, company).await, (200, String::new()));
    assert_eq!(gets(&deployment, proof(&deployment, "Tech1"), company).await, not_allowed, "no contacts");
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_a_company_opens_for_the_same_proofs_and_for_nothing_more() {
    let (deployment, company) = deployed().await;
    let dispatcher = proof(&deployment, "Dispatch1");
    let wrong = Proof { hash: proof(&deployment, "Admin1").hash, ..dispatcher.clone() };
    assert_eq!(opens(&deployment, wrong, company).await.err(), Some(not_confirmed()));
    let not_allowed = Some((403, "not_allowed".to_owned()));
    assert_eq!(opens(&deployment, proof(&deployment, "Tech1"), company).await.err(), not_allowed);
    assert_eq!(opens(&deployment, dispatcher.clone(), 1).await.err(), not_allowed);
    assert_eq!(opens(&deployment, dispatcher.clone(), 0).await.err(), Some(not_confirmed()));

    let opened = opens(&deployment, dispatcher.clone(), company).await.expect("the member may");
    assert_eq!((opened.state.as_str(), opened.goes_on), ("loading", true), "its settings come first");
    let mut pod = Pod::unopened(&deployment, dispatcher, company);
    pod.token = opened.session.token;
    pod.status().await.expect("the token is good for the pod");
    let request = ApplyRequest { changes: Vec::new(), approved: Vec::new() };
    let refused = pod.apply_with(&pod.token, &request).await.expect_err("and for nothing that writes");
    assert_eq!(refused.status.as_u16(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_a_proof_cannot_smuggle_a_second_cookie_or_header() {
    let (deployment, company) = deployed().await;
    let good = proof(&deployment, "Dispatch1");
    let admin = proof(&deployment, "Admin1");
    let smuggled = format!("; memberId=Admin1; memberHash={}", admin.hash);
    for (number, bad) in
        [smuggled.as_str(), "\r\nX-Evil: 1", "\n", "\"", ",", " ", "\\", "\0", "é"].into_iter().enumerate()
    {
        // Each under another name: too many failures of one are refused for another reason.
        let member = format!("Someone{number}");
        let named = Proof { member: format!("{member}{bad}"), ..good.clone() };
        let hashed = Proof { member: member.clone(), hash: format!("{}{bad}", good.hash), ..good.clone() };
        let placed = Proof { member, context: format!("web{bad}"), ..good.clone() };
        for proof in [named, hashed, placed] {
            assert_eq!(gets(&deployment, proof, company).await, not_confirmed(), "{bad:?}");
        }
    }
    let colon = Proof { member: "Dispatch1:Admin1".to_owned(), ..good.clone() };
    assert_eq!(gets(&deployment, colon, company).await, not_confirmed());
    let endless = Proof { hash: "a".repeat(10_000), ..good };
    assert_eq!(gets(&deployment, endless, company).await, not_confirmed());
    assert_eq!(asked(&deployment), 0, "the PSA is never asked with such a proof");
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_where_cookies_are_refused_the_proof_is_shown_as_basic() {
    let (deployment, company) = deployed().await;
    deployment.psa.world().lock().switches.member_cookies = false;
    let dispatcher = proof(&deployment, "Dispatch1");
    assert_eq!(gets(&deployment, dispatcher, company).await, (200, String::new()));
    // Once that is known, nobody is asked in vain again.
    deployment.psa.world().lock().reset_log();
    let admin = proof(&deployment, "Admin1");
    assert_eq!(gets(&deployment, admin.clone(), company).await, (200, String::new()));
    let refused = |deployment: &Deployment| {
        let world = deployment.psa.world();
        let world = world.lock();
        world.requests().iter().filter(|request| request.status == Some(401)).count()
    };
    assert_eq!(refused(&deployment), 0);
    let wrong = Proof { hash: "somebody-elses".to_owned(), ..admin };
    assert_eq!(gets(&deployment, wrong, company).await, not_confirmed());
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_after_ten_failures_a_member_waits() {
    let (deployment, company) = deployed().await;
    let good = proof(&deployment, "Dispatch1");
    let guess = |number: usize| Proof { hash: format!("guess-{number}"), ..good.clone() };
    for number in 0..10 {
        assert_eq!(gets(&deployment, guess(number), company).await, not_confirmed(), "{number}");
    }
    let before = asked(&deployment);
    let too_many = (429, "too_many_attempts".to_owned());
    assert_eq!(gets(&deployment, guess(10), company).await, too_many);
    let shouted = Proof { member: "DISPATCH1".to_owned(), ..guess(11) };
    assert_eq!(gets(&deployment, shouted, company).await, too_many, "a name in capitals is the same one");
    assert_eq!(gets(&deployment, good, company).await, too_many, "nor could a guess be told from the proof");
    assert_eq!(asked(&deployment), before, "the PSA is spared");
    let colleague = gets(&deployment, proof(&deployment, "Admin1"), company).await;
    assert_eq!(colleague, (200, String::new()), "a colleague goes on working");
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_a_member_at_work_is_not_locked_out_by_others_guesses() {
    let (deployment, company) = deployed().await;
    let good = proof(&deployment, "Dispatch1");
    assert_eq!(gets(&deployment, good.clone(), company).await, (200, String::new()));
    for number in 0..12 {
        let guess = Proof { hash: format!("guess-{number}"), ..good.clone() };
        assert_ne!(gets(&deployment, guess, company).await, (200, String::new()), "{number}");
    }
    assert_eq!(gets(&deployment, good.clone(), company).await, (200, String::new()));
    // The same refused proof again and again is one failure, and one question to the PSA.
    let before = asked(&deployment);
    let wrong = Proof { member: "Admin1".to_owned(), ..good };
    for _ in 0..15 {
        assert_eq!(gets(&deployment, wrong.clone(), company).await, not_confirmed());
    }
    assert_eq!(asked(&deployment) - before, 2, "in two forms");
    let admin = proof(&deployment, "Admin1");
    assert_eq!(gets(&deployment, admin, company).await, (200, String::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_for_applying_the_psa_is_asked_again_in_any_case() {
    let (deployment, company) = deployed().await;
    let good = proof(&deployment, "Dispatch1");
    let pod = Pod::unopened(&deployment, good.clone(), company);
    for _ in 0..3 {
        pod.session(Purpose::Pod).await.expect("the member may");
    }
    let infos =
        |deployment: &Deployment| deployment.psa.world().lock().count("GET", "/system/myMembers/info");
    assert_eq!(infos(&deployment), 1, "confirmed a moment ago");
    pod.session(Purpose::Apply("digest".to_owned())).await.expect("the member may");
    assert_eq!(infos(&deployment), 2);

    // A right that was taken away meanwhile is noticed then.
    let world = deployment.psa.world();
    let take = |world: &mut psa_simulator::World| {
        let member = world.member_mut("Dispatch1").expect("a member");
        member.role.right_mut("Companies", "Contacts").expect("a line").edit = psa_simulator::Level::My;
    };
    take(&mut world.lock());
    let refused =
        pod.session(Purpose::Apply("digest".to_owned())).await.map(|_| ()).map_err(|no| no.problem.code);
    assert_eq!(refused, Err("not_allowed".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn s2_a_page_cannot_name_the_psa_that_is_to_confirm_it() {
    let (deployment, company) = deployed().await;
    let rogue = psa_simulator::start(psa_simulator::Options::default()).await.expect("a rogue PSA starts");
    let hash = rogue.world().lock().hash_of("Dispatch1").expect("it confirms whoever asks it");
    let body = |more: serde_json::Value| {
        let mut body = serde_json::json!({
            "proof": { "login_company": "training", "member": "Dispatch1", "hash": hash, "context": "web" },
            "company": company, "purpose": "pod",
        });
        for (name, value) in more.as_object().expect("an object") {
            body["proof"][name] = value.clone();
        }
        body
    };
    let address = format!("{}/i/{}/session", deployment.url, deployment.installation);
    for more in [
        serde_json::json!({}),
        serde_json::json!({ "site": rogue.url() }),
        serde_json::json!({ "codeBase": format!("{}/v4_6_release", rogue.url()) }),
    ] {
        let answer = send(Method::POST, &address, None, &[], Some(&body(more.clone()))).await;
        assert!([400, 401].contains(&answer.status.as_u16()), "{more}: {}", answer.text);
    }
    assert_eq!(rogue.world().lock().requests().len(), 0, "nobody asks it");
    rogue.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s10_no_proof_token_or_key_is_ever_logged() {
    let (mut deployment, company) = deployed().await;
    // A service that has answered listens to signals as well.
    let good = proof(&deployment, "Dispatch1");
    assert_eq!(gets(&deployment, good.clone(), company).await, (200, String::new()));
    deployment.terminate().await.expect("it stops");
    deployment.set("RUST_LOG", "trace");
    let said = deployment.serve_and_hear().expect("it starts");
    let pod = Pod::open(&deployment, "Dispatch1", company).await.expect("the member may");
    let wrong = Proof { hash: "a-refused-proof-of-somebody".to_owned(), ..good.clone() };
    assert_eq!(gets(&deployment, wrong.clone(), company).await, not_confirmed());
    let smuggled = Proof { context: "a-context\r\nX: 1".to_owned(), ..good.clone() };
    assert_eq!(gets(&deployment, smuggled, company).await, not_confirmed());
    pod.status().await.expect("the member may");
    deployment.terminate().await.expect("it stops");
    let lines: Vec<String> = said.iter().collect();
    assert!(lines.len() > 20, "tracing was on: {}", lines.len());
    for secret in [&good.hash, &wrong.hash, &pod.token, "a-context", psa_simulator::PRIVATE_KEY] {
        let spilt: Vec<_> = lines.iter().filter(|line| line.contains(secret)).collect();
        assert!(spilt.is_empty(), "{spilt:?}");
    }
}
