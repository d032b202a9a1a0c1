//! Tokens where they do not belong.

use futures_util::future::join_all;
use integration::{
    harbor::{HARBOR, set_up},
    pod::{Pod, proof},
    psa_contacts::writes,
    service::Deployment,
};
use pod_view::wire::{ApplyRequest, Proof, Purpose};
use reqwest::Method;

use crate::asking::{Asking, Endpoint, company_of, endpoints};

async fn open() -> (Deployment, Pod) {
    let deployment = Deployment::start().await.expect("the service starts");
    let company = deployment.company(HARBOR);
    let pod = Pod::open(&deployment, "Dispatch1", company).await.expect("Dispatch1 may");
    (deployment, pod)
}

async fn apply_token(pod: &Pod, request: &ApplyRequest) -> String {
    pod.session(Purpose::Apply(request.digest())).await.expect("the member may").token
}

const NOTHING: fn() -> ApplyRequest = || ApplyRequest { changes: Vec::new(), approved: Vec::new() };

#[tokio::test(flavor = "multi_thread")]
async fn s1_s3_a_token_opens_no_other_company() {
    let (deployment, pod) = open().await;
    let token_to_apply = apply_token(&pod, &NOTHING()).await;
    for company in [&deployment.company("LindenLaw").to_string(), "0", "-1", "x", "99999999999999999999"] {
        for token in [&pod.token, &token_to_apply] {
            let asking = Asking::with(&pod.base, company, token);
            asking.is_refused_everywhere(403, "not_allowed", &format!("company {company}")).await;
        }
    }
    assert_eq!(writes(&deployment), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_without_a_token_or_with_a_changed_one_nothing_opens() {
    let (deployment, pod) = open().await;
    let company = company_of(&pod);
    let mut wrong = vec![None];
    for other in
        [pod.token.clone(), format!("bearer {}", pod.token), "Basic QWRtaW4xOng=".into(), "Bearer ".into()]
    {
        wrong.push(Some(other));
    }
    // One letter in the head, in the claims, in the signature.
    let ends: Vec<usize> = pod.token.match_indices('.').map(|(at, _)| at).chain([pod.token.len()]).collect();
    assert_eq!(ends.len(), 3);
    for end in ends {
        let mut token = pod.token.clone().into_bytes();
        let place = &mut token[end - 8];
        *place = if *place == b'A' { b'B' } else { b'A' };
        wrong.push(Some(format!("Bearer {}", String::from_utf8(token).expect("letters for letters"))));
    }
    wrong.push(Some(format!("Bearer {}", &pod.token[..pod.token.len() - 1])));
    for authorization in wrong {
        let why = format!("{authorization:?}");
        let asking = Asking { authorization, ..Asking::with(&pod.base, &company, "") };
        asking.is_refused_everywhere(401, "sign_in_again", &why).await;
    }
    assert_eq!(writes(&deployment), 0);
    pod.status().await.expect("as it was given, the token is good");
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_s3_a_token_opens_no_other_installation() {
    let (deployment, pod) = open().await;
    let company = company_of(&pod);
    // The other PSA has a company of the same number, and a member of the same name.
    let (other_psa, other) = deployment.another_psa().await.expect("another PSA joins");
    other_psa.world().lock().reset_log();
    let other_base = format!("{}/i/{other}", deployment.url);
    let there = Asking::with(&other_base, &company, &pod.token);
    there.is_refused_everywhere(401, "sign_in_again", "another PSA").await;
    let to_apply = apply_token(&pod, &NOTHING()).await;
    let there = Asking::with(&other_base, &company, &to_apply);
    there.is_refused_everywhere(401, "sign_in_again", "another PSA, to apply").await;
    assert_eq!(other_psa.world().lock().requests().iter().filter(|asked| asked.method != "GET").count(), 0);

    // Nor does a proof of one PSA say anything to the other.
    let mut refused = Pod::unopened(&deployment, pod.proof.clone(), pod.company);
    refused.base.clone_from(&other_base);
    let refused = refused.session(Purpose::Pod).await.expect_err("a hash of another PSA");
    assert_eq!((refused.status.as_u16(), refused.problem.code.as_str()), (401, "not_confirmed"));
    let hash = other_psa.world().lock().hash_of("Dispatch1").expect("the member is one of the sample's");
    let mut there = Pod::unopened(&deployment, Proof { hash, ..pod.proof.clone() }, pod.company);
    there.base = other_base;
    let token = there.session(Purpose::Pod).await.expect("the other PSA knows its own member").token;
    let here = Asking::with(&pod.base, &company, &token);
    here.is_refused_everywhere(401, "sign_in_again", "the other way round").await;

    // A service of its own signs with a key of its own; and where nobody joined, nothing opens.
    let elsewhere = Deployment::start().await.expect("another service starts");
    for base in
        [format!("{}/i/{}", elsewhere.url, elsewhere.installation), format!("{}/i/none", deployment.url)]
    {
        let there = Asking::with(&base, &company, &pod.token);
        there.is_refused_everywhere(401, "sign_in_again", &base).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_a_token_is_good_for_one_purpose() {
    let (deployment, directory, pod) = set_up().await.expect("Harbor Manufacturing is set up");
    let company = company_of(&pod);
    let request = NOTHING();
    let to_apply = apply_token(&pod, &request).await;
    let body = Some(serde_json::to_value(&request).expect("it is JSON"));
    let apply = |body| Endpoint { method: Method::POST, name: "apply", body };

    let with_pods = Asking::with(&pod.base, &company, &pod.token).ask(&apply(body.clone())).await;
    assert_eq!(with_pods.says(), (401, "sign_in_again".to_owned()), "the pod's token does not apply");
    for endpoint in endpoints().iter().filter(|endpoint| endpoint.name != "apply") {
        let answer = Asking::with(&pod.base, &company, &to_apply).ask(endpoint).await;
        let says = (401, "sign_in_again".to_owned());
        assert_eq!(answer.says(), says, "{} {} with the token to apply", endpoint.method, endpoint.name);
    }

    // Another body than the one that the proof was given for.
    let review = pod.review().await.expect("both sides can be read");
    let other = review.approve(|_| true);
    assert!(!other.approved.is_empty());
    let refused = pod.apply_with(&to_apply, &other).await.expect_err("it is another request");
    assert_eq!((refused.status.as_u16(), refused.problem.code.as_str()), (401, "sign_in_again"));
    assert_eq!(writes(&deployment), 1, "the settings note, and no contact");

    // The right one, at the same time and once more: it is good once.
    let answers = join_all((0..4).map(|_| pod.apply_with(&to_apply, &request))).await;
    let refused: Vec<_> = answers.into_iter().filter_map(Result::err).collect();
    assert_eq!(refused.len(), 3);
    let again = pod.apply_with(&to_apply, &request).await.expect_err("it was used");
    for refused in refused.iter().chain([&again]) {
        assert_eq!((refused.status.as_u16(), refused.problem.code.as_str()), (409, "already_applied"));
    }
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_who_may_only_look_changes_nothing() {
    let deployment = Deployment::start().await.expect("the service starts");
    let company = deployment.company(HARBOR);
    let viewer = Pod::unopened(&deployment, proof(&deployment, "Viewer1"), company);
    let session = viewer.session(Purpose::Pod).await.expect("Viewer1 may look");
    assert_eq!((session.rights.apply, session.rights.settings), (false, false));
    let refused =
        viewer.session(Purpose::Apply(NOTHING().digest())).await.expect_err("Viewer1 may only look");
    assert_eq!((refused.status.as_u16(), refused.problem.code.as_str()), (403, "not_allowed"));

    let company = company.to_string();
    let asking = Asking::with(&viewer.base, &company, &session.token);
    for endpoint in endpoints() {
        let expected = match endpoint.name {
            "status" | "review" | "runs" | "story" => (200, String::new()),
            "runs/{run}" | "runs/{run}/lines" => (404, "no_such_run".to_owned()),
            "apply" | "person" | "runs/{run}/undo" => (401, "sign_in_again".to_owned()),
            "who" => (422, "not_set_up".to_owned()),
            _ => (403, "not_allowed".to_owned()),
        };
        assert_eq!(asking.ask(&endpoint).await.says(), expected, "{} {}", endpoint.method, endpoint.name);
    }
    assert_eq!(writes(&deployment), 0);
}
