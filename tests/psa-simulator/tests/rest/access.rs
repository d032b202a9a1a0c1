//! Who may call, and what they may do; where the interface is; TLS.

use crate::common::{ACME, BOLT, Psa, options, outcome};
use psa_simulator::{CLIENT_ID, Level, Options, PASSWORD, PRIVATE_KEY, PUBLIC_KEY, Role};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

const MYSELF: &str = "/system/myMembers/info";

async fn status(request: RequestBuilder) -> u16 {
    request.send().await.expect("an answer").status().as_u16()
}

#[tokio::test]
async fn keys_take_company_key_secret_and_client_id() {
    let psa = Psa::new().await;
    let with = |user: &str, secret: &str| psa.bare(Method::GET, MYSELF).basic_auth(user, Some(secret));
    let user = format!("training+{PUBLIC_KEY}");
    assert_eq!(status(with(&user, PRIVATE_KEY)).await, 200);
    assert_eq!(status(with(&user, "wrong")).await, 401);
    assert_eq!(status(with(&format!("other+{PUBLIC_KEY}"), PRIVATE_KEY)).await, 401);
    assert_eq!(status(with(PUBLIC_KEY, PRIVATE_KEY)).await, 401);
    assert_eq!(status(psa.bare(Method::GET, MYSELF)).await, 401);

    let url = format!("{}/v4_6_release/apis/3.0{MYSELF}", psa.simulator.url());
    let without_id = || psa.raw(&url).basic_auth(&user, Some(PRIVATE_KEY));
    assert_eq!(status(without_id()).await, 401);
    assert_eq!(status(without_id().header("clientId", "other")).await, 401);
    assert_eq!(status(without_id().header("clientid", CLIENT_ID)).await, 200);
    psa.simulator.world().lock().switches.missing_client_id_status = 403;
    assert_eq!(status(without_id()).await, 403);
}

#[tokio::test]
async fn a_member_is_proved_by_the_hash_of_a_session() {
    let psa = Psa::new().await;
    let login = format!("{}/v4_6_release/login/login.aspx?response=json", psa.simulator.url());
    let sign_in = async |password: &str| -> Value {
        let form = format!("CompanyName=training&UserName=dispatch1&Password={password}");
        psa.post_form(&login, form).await
    };
    assert_eq!(sign_in("wrong").await["Success"], false);
    let answer = sign_in(PASSWORD).await;
    let hash = answer["Hash"].as_str().expect("a hash").to_owned();

    let basic =
        |member: &str| psa.bare(Method::GET, MYSELF).basic_auth(format!("training+{member}"), Some(&hash));
    let (code, me) = outcome(basic("DISPATCH1").send().await.expect("an answer")).await;
    assert_eq!((code, &me["identifier"]), (200, &json!("Dispatch1")));
    assert_eq!(status(basic("Admin1")).await, 401, "a hash belongs to one member");

    let cookies = |text: String| psa.bare(Method::GET, MYSELF).header("Cookie", text);
    let all = format!("companyName=training; memberId=Dispatch1; memberHash={hash}; memberContext=web");
    assert_eq!(status(cookies(all.clone())).await, 200);
    assert_eq!(status(cookies(all.replace("; memberContext=web", ""))).await, 401);
    assert_eq!(status(cookies(all.replace("training", "other"))).await, 401);

    psa.simulator.world().lock().expire_hash("Dispatch1");
    assert_eq!(status(cookies(all)).await, 401);
    assert_eq!(status(psa.call_as("Dispatch1", Method::GET, MYSELF)).await, 200, "a new session");
    let world = psa.simulator.world();
    world.lock().member_mut("Dispatch1").expect("the member").inactive = true;
    assert!(world.lock().hash_of("Dispatch1").is_none());
}

#[tokio::test]
async fn members_may_do_what_their_security_says() {
    let psa = Psa::new().await;
    let ann = psa.ann();
    let patch = json!([{"op": "replace", "path": "title", "value": "x"}]);
    let company = format!("/company/companies/{ACME}");
    let notes = format!("{company}/notes");
    for (member, [read, write, company_write, note_write, setup]) in [
        ("Dispatch1", [200, 200, 200, 201, 201]),
        ("Viewer1", [200, 403, 403, 403, 403]),
        ("Tech1", [403, 403, 403, 403, 403]),
        ("Admin1", [200, 200, 200, 201, 201]),
    ] {
        let call = |method, path: &str| psa.call_as(member, method, path);
        assert_eq!(status(call(Method::GET, &ann)).await, read, "{member} reads a contact");
        assert_eq!(status(call(Method::PATCH, &ann).json(&patch)).await, write, "{member} writes a contact");
        let phone = json!([{"op": "replace", "path": "phoneNumber", "value": "1"}]);
        assert_eq!(status(call(Method::PATCH, &company).json(&phone)).await, company_write, "{member}");
        let note = json!({"text": "x"});
        assert_eq!(status(call(Method::POST, &notes).json(&note)).await, note_write, "{member}");
        let kind = json!({"name": format!("Of {member}")});
        assert_eq!(status(call(Method::POST, "/company/noteTypes").json(&kind)).await, setup, "{member}");
        assert_eq!(
            status(call(Method::GET, "/company/noteTypes")).await,
            200,
            "reading setup tables is free"
        );

        let rows = call(Method::GET, "/system/mySecurity?pageSize=1000").send().await.expect("an answer");
        let rows: Vec<Value> = rows.json().await.expect("a list");
        let contacts = rows
            .iter()
            .find(|row| row["moduleName"] == "Companies" && row["moduleFunctionName"] == "Contacts")
            .expect("the line");
        assert_eq!(contacts["inquireLevel"] == "All", read == 200, "{member}: {contacts}");
        assert_eq!(contacts["editLevel"] == "All", write == 200, "{member}: {contacts}");
    }
}

#[tokio::test]
async fn the_level_my_reaches_own_companies_only() {
    let psa = Psa::new().await;
    let note = json!({"text": "x"});
    let post = |company: i64| {
        psa.call_as("Tech1", Method::POST, &format!("/company/companies/{company}/notes")).json(&note)
    };
    assert_eq!(status(post(ACME)).await, 403);
    let world = psa.simulator.world();
    world.lock().member_mut("Tech1").expect("the member").own.insert(ACME);
    assert_eq!(status(post(ACME)).await, 201);
    assert_eq!(status(post(BOLT)).await, 403);

    // A line that is gone is a no.
    let change = |change: fn(&mut Role)| {
        change(&mut world.lock().member_mut("Tech1").expect("the member").role);
    };
    change(|role| role.right_mut("Companies", "Notes").expect("the line").add = Level::All);
    assert_eq!(status(post(BOLT)).await, 201);
    change(|role| role.rights.retain(|right| right.function != "Notes"));
    assert_eq!(status(post(ACME)).await, 403);
}

#[tokio::test]
async fn a_hidden_company_is_not_there_for_a_member() {
    let psa = Psa::new().await;
    psa.simulator.world().lock().hide_company("Dispatch1", ACME);
    let call = |path: &str| psa.call_as("Dispatch1", Method::GET, path);
    assert_eq!(status(call(&format!("/company/companies/{ACME}"))).await, 403);
    assert_eq!(status(call(&format!("/company/companies/{ACME}/notes"))).await, 403);
    assert_eq!(status(call(&psa.ann())).await, 403);
    let list: Vec<Value> =
        call("/company/contacts").send().await.expect("an answer").json().await.expect("a list");
    assert_eq!(list.len(), 1, "only Bolt's");
    let count: Value =
        call("/company/companies/count").send().await.expect("an answer").json().await.expect("JSON");
    assert_eq!(count["count"], 1);
    psa.simulator.world().lock().show_company("Dispatch1", ACME);
    assert_eq!(status(call(&psa.ann())).await, 200);
}

#[tokio::test]
async fn the_rate_is_limited_by_key() {
    let psa = Psa::new().await;
    psa.simulator.world().lock().switches.requests_per_minute = Some(3);
    for _ in 0..3 {
        assert_eq!(status(psa.call(Method::GET, MYSELF)).await, 200);
    }
    let answer = psa.call(Method::GET, MYSELF).send().await.expect("an answer");
    assert_eq!(answer.status(), 429);
    assert_eq!(answer.headers()["retry-after"], "30");
    assert_eq!(status(psa.call_as("Admin1", Method::GET, MYSELF)).await, 200);
}

#[tokio::test]
async fn company_info_says_where_the_interface_is() {
    let psa = Psa::new().await;
    let info = |company: &str| format!("{}/login/companyinfo/{company}", psa.simulator.url());
    let ours: Value = psa.raw(&info("Training")).send().await.expect("an answer").json().await.expect("JSON");
    assert_eq!(ours["Codebase"], "v4_6_release/");
    assert_eq!(ours["IsCloud"], "False", "a string");
    let unknown = psa.raw(&info("nobody")).send().await.expect("an answer");
    assert_eq!((unknown.status().as_u16(), unknown.text().await.expect("text").as_str()), (200, "null"));
}

#[tokio::test]
async fn a_cloud_psa_moves_with_each_release() {
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path().join("tls");
    let psa = Psa::trusting(Options { cloud: true, tls_dir: Some(dir.clone()), ..options() }, &dir).await;
    assert!(psa.simulator.api_url().starts_with("https://localhost:"));
    assert_eq!(status(psa.call(Method::GET, MYSELF)).await, 200);

    let keys = |url: String| {
        psa.raw(&url)
            .header("clientId", CLIENT_ID)
            .basic_auth(format!("training+{PUBLIC_KEY}"), Some(PRIVATE_KEY))
    };
    let web = keys(format!("{}/v2026_4/apis/3.0{MYSELF}", psa.simulator.url()));
    let (_, body) = outcome(web.send().await.expect("an answer")).await;
    assert_eq!(body, json!({"code": "Security", "message": "SSL is required.", "errors": null}));

    let old = format!("{}/v2026_4/apis/3.0{MYSELF}", psa.simulator.api_url());
    psa.simulator.world().lock().release("v2026_5");
    let (code, body) = outcome(keys(old).send().await.expect("an answer")).await;
    assert_eq!((code, &body["message"]), (404, &json!("The endpoint does not exist.")));
    assert_eq!(status(psa.call(Method::GET, MYSELF)).await, 200);

    let legacy = format!("{}/v4_6_release/apis/3.0{MYSELF}", psa.simulator.api_url());
    assert_eq!(status(keys(legacy.clone())).await, 200);
    let wrong = psa.raw(&legacy).header("clientId", CLIENT_ID);
    assert_eq!(status(wrong).await, 404, "the old code base hides what is wrong");

    let authority = std::fs::read(dir.join("ca.pem")).expect("the authority");
    psa.simulator.stop().await;
    let again = Psa::trusting(Options { tls_dir: Some(dir.clone()), ..options() }, &dir).await;
    assert_eq!(std::fs::read(dir.join("ca.pem")).expect("the authority"), authority, "kept");
    assert_eq!(status(again.call(Method::GET, MYSELF)).await, 200);
    std::fs::write(dir.join("server.pem"), "nonsense").expect("a broken file");
    let renewed = Psa::trusting(Options { tls_dir: Some(dir.clone()), ..options() }, &dir).await;
    assert_eq!(status(renewed.call(Method::GET, MYSELF)).await, 200);
}

#[tokio::test]
async fn plain_http_is_refused_in_the_cloud() {
    let psa = Psa::with(Options { cloud: true, ..options() }).await;
    assert_eq!(status(psa.call(Method::GET, MYSELF)).await, 403);
    psa.simulator.world().lock().switches.plain_http_in_cloud = true;
    assert_eq!(status(psa.call(Method::GET, MYSELF)).await, 200);
}

#[tokio::test]
async fn hosted_pages_are_registered_by_those_who_may() {
    let psa = Psa::new().await;
    let screens = psa.get("/system/connectWiseHostedScreens").await;
    let screen = screens
        .as_array()
        .expect("a list")
        .iter()
        .find(|row| row["name"] == "CompanyDetail")
        .expect("the screen")
        .clone();
    let path = "/system/connectwisehostedsetups";
    let setup = json!({
        "screenId": screen["id"], "description": "Pod", "type": "Pod", "origin": "http://localhost:1",
        "url": "http://localhost:1/pod?id=[cw_id]", "podHeight": 400,
    });
    let (code, row) = psa.send(Method::POST, path, &setup).await;
    assert_eq!((code, &row["createdBy"]), (201, &json!("ConnectActive")), "{row}");
    for (field, value) in [
        ("description", json!("d".repeat(51))),
        ("url", json!(format!("http://localhost/{}", "u".repeat(1024)))),
        ("origin", json!("o".repeat(101))),
        ("type", json!("Window")),
        ("screenId", json!(99)),
    ] {
        let mut wrong = setup.clone();
        wrong[field] = value;
        assert_eq!(psa.send(Method::POST, path, &wrong).await.0, 400, "{field}");
    }
    let as_viewer = psa.call_as("Viewer1", Method::GET, path);
    assert_eq!(status(as_viewer).await, 403);
    assert_eq!(psa.get(&format!("{path}/count")).await, json!({"count": 1}));
}

#[tokio::test]
async fn refused_calls_say_why() {
    let psa = Psa::new().await;
    let call = |method, path: &str| psa.call(method, path);
    assert_eq!(status(call(Method::PUT, "/company/contacts")).await, 405);
    assert_eq!(status(call(Method::POST, "/company/contacts").body("{}")).await, 415);
    let json = |text: &'static str| {
        call(Method::POST, "/company/contacts").header("Content-Type", "application/json").body(text)
    };
    assert_eq!(status(json("{")).await, 400);
    assert_eq!(status(json("[]")).await, 400);
    let pinned = |version: &str| {
        call(Method::GET, "/company/communicationTypes")
            .header("Accept", format!("application/vnd.connectwise.com+json; version={version}"))
    };
    let answer = pinned("2025.16").send().await.expect("an answer");
    assert_eq!(answer.headers()["api-current-version"], "2026.4");
    assert_eq!(answer.headers()["content-type"], "application/vnd.connectwise.com+json; version=2025.16");
    let world = psa.simulator.world();
    world.lock().switches.refused_versions = vec![("/company/communicationTypes".into(), "2019.5".into())];
    assert_eq!(status(pinned("2019.5")).await, 400);
    assert_eq!(status(pinned("2020.4")).await, 200);
    let long = format!("/company/contacts?conditions=firstName=\"{}\"", "x".repeat(2_000));
    assert_eq!(status(call(Method::GET, &long)).await, 200);
    assert!(world.lock().requests().last().is_some_and(|request| request.long));
    let too_long = format!("/company/contacts?conditions=firstName=\"{}\"", "x".repeat(10_000));
    assert_eq!(status(call(Method::GET, &too_long)).await, 414);
}
