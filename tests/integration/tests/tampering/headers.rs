//! What every answer carries, and from where requests are taken.

use integration::{harbor::set_up, psa_contacts::writes};
use reqwest::Method;
use serde_json::json;

use crate::asking::{Answer, Asking, company_of, endpoints, send};

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn s2_every_answer_forbids_framing_sniffing_referrers_and_sets_no_cookie() {
    let (deployment, directory, pod) = set_up().await.expect("Harbor Manufacturing is set up");
    let company = company_of(&pod);
    let psa = deployment.psa.url();
    let get = async |address: &str| send(Method::GET, address, None, &[], None).await;
    let page = get(&format!("{}/pod?screen=company&id={company}", pod.base)).await;
    let frames = |answer: &Answer| {
        let policy = header(answer, "content-security-policy").to_owned();
        policy
            .split("frame-ancestors ")
            .nth(1)
            .map(|rest| rest.split(';').next().unwrap_or_default().to_owned())
    };
    assert_eq!(page.status, 200);
    assert_eq!(frames(&page).as_deref(), Some(psa), "the pod's own PSA may frame it, and nobody else");
    let policy = header(&page, "content-security-policy");
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert!(!policy.contains("'unsafe-inline'") && !policy.contains("'unsafe-eval'"), "{policy}");

    let mut others = Vec::new();
    let assets: Vec<&str> = page.text.split('"').filter(|part| part.starts_with("/assets/")).collect();
    assert!(assets.len() >= 4, "{assets:?}");
    for asset in assets {
        let answer = get(&format!("{}{asset}", deployment.url)).await;
        assert_eq!(answer.status, 200, "{asset}");
        others.push((asset.to_owned(), answer));
    }
    let nowhere = [
        "/",
        "/assets/none.js",
        "/assets/..%2f..%2fetc%2fpasswd",
        "/i/none/pod",
        "/i/%00/pod",
        "/i/none/companies/1/none",
        "/robots.txt",
    ];
    for path in nowhere {
        let answer = get(&format!("{}{path}", deployment.url)).await;
        assert_eq!(answer.says(), (404, "not_found".to_owned()), "{path}");
        others.push((path.to_owned(), answer));
    }
    let session = format!("{}/session", pod.base);
    others.push(("GET session".to_owned(), get(&session).await));
    for (body, status) in
        [(json!({}), 400), (json!({ "proof": pod.proof, "company": 1, "purpose": "pod" }), 403)]
    {
        let answer = send(Method::POST, &session, None, &[], Some(&body)).await;
        assert_eq!(answer.status, status, "{}", answer.text);
        others.push((format!("session {status}"), answer));
    }
    let open = json!({ "proof": pod.proof, "company": pod.company });
    let opened = send(Method::POST, &format!("{}/open", pod.base), None, &[], Some(&open)).await;
    assert_eq!(opened.status, 200, "{}", opened.text);
    others.push(("open".to_owned(), opened));
    let asking = Asking::with(&pod.base, &company, &pod.token);
    let nobody = Asking { authorization: None, ..Asking::with(&pod.base, &company, "") };
    for endpoint in endpoints() {
        for asking in [&asking, &nobody] {
            let answer = asking.ask(&endpoint).await;
            others.push((format!("{} {} {}", endpoint.method, endpoint.name, answer.status), answer));
        }
    }

    for (what, answer) in &others {
        assert_eq!(frames(answer).as_deref(), Some("'none'"), "{what}");
        let named =
            answer.headers.values().any(|value| value.to_str().is_ok_and(|value| value.contains(psa)));
        assert!(!named && !answer.text.contains(psa), "only the pod's page names the PSA: {what}");
    }
    others.push(("the pod".to_owned(), page));
    for (what, answer) in &others {
        assert_eq!(header(answer, "x-content-type-options"), "nosniff", "{what}");
        assert_eq!(header(answer, "referrer-policy"), "no-referrer", "{what}");
        assert!(!answer.headers.contains_key("set-cookie"), "{what}");
        let kept = what.starts_with("/assets/") && answer.status == 200;
        assert_eq!(header(answer, "cache-control") == "no-store", !kept, "{what}");
    }
    directory.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s4_requests_of_other_pages_are_refused() {
    let (deployment, directory, pod) = set_up().await.expect("Harbor Manufacturing is set up");
    let company = company_of(&pod);
    let before = writes(&deployment);
    for site in ["cross-site", "same-site", "none", ""] {
        let more = vec![("Sec-Fetch-Site", site)];
        let asking = Asking { more: more.clone(), ..Asking::with(&pod.base, &company, &pod.token) };
        asking.is_refused_everywhere(403, "not_allowed", site).await;
        let body = json!({ "proof": pod.proof, "company": pod.company, "purpose": "pod" });
        let session = send(Method::POST, &format!("{}/session", pod.base), None, &more, Some(&body)).await;
        assert_eq!(session.says(), (403, "not_allowed".to_owned()), "{site}");
        let body = json!({ "proof": pod.proof, "company": pod.company });
        let open = send(Method::POST, &format!("{}/open", pod.base), None, &more, Some(&body)).await;
        assert_eq!(open.says(), (403, "not_allowed".to_owned()), "{site}");
    }
    assert_eq!(writes(&deployment), before);
    let own = Asking {
        more: vec![("Sec-Fetch-Site", "same-origin")],
        ..Asking::with(&pod.base, &company, &pod.token)
    };
    assert_eq!(own.ask(&endpoints()[0]).await.says(), (200, String::new()));
    directory.stop().await;
}
