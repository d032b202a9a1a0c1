//! Joining and leaving: by the page in a browser, by its endpoints, and by the command line.

use std::time::Duration;

use fantoccini::Locator;
use integration::{browser::Browser, harbor::HARBOR, pod::Pod, service::Deployment};
use psa_simulator::{Fault, FaultKind, Kind, Level, Options, PRIVATE_KEY, PUBLIC_KEY};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const LINE: Duration = Duration::from_secs(10);

/// A PSA and a service that nobody has joined, with the link that the first start printed.
async fn unjoined() -> anyhow::Result<(Deployment, String)> {
    let mut deployment = Deployment::unjoined(Options::default()).await?;
    let said = deployment.serve_and_hear()?;
    loop {
        let line = said.recv_timeout(LINE)?;
        if let Some(at) = line.find("http://localhost") {
            return Ok((deployment, line[at..].trim().to_owned()));
        }
    }
}

/// The code in a link.
fn code(link: &str) -> &str {
    link.rsplit('#').next().unwrap_or_default()
}

async fn ask(
    deployment: &Deployment,
    method: Method,
    path: &str,
    code: Option<&str>,
    body: Option<Value>,
) -> (StatusCode, Value) {
    let mut request = server::psa::http(&[]).request(method, format!("{}{path}", deployment.url));
    if let Some(code) = code {
        request = request.bearer_auth(code);
    }
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = request.send().await.expect("the service answers");
    let status = answer.status();
    let text = answer.text().await.expect("the answer ends");
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

fn good(deployment: &Deployment) -> Value {
    json!({
        "site": deployment.psa.url(), "login_company": "training", "public_key": PUBLIC_KEY,
        "private_key": PRIVATE_KEY, "toolbar_button": true,
    })
}

/// The states of the steps with this code.
fn states<'a>(answer: &'a Value, code: &str) -> Vec<&'a str> {
    let steps = answer["steps"].as_array().expect("there are steps");
    steps.iter().filter(|step| step["code"] == code).filter_map(|step| step["state"].as_str()).collect()
}

fn writes(deployment: &Deployment) -> usize {
    let world = deployment.psa.world();
    let world = world.lock();
    world.requests().iter().filter(|request| request.method != "GET").count()
}

async fn type_in(browser: &Browser, id: &str, text: &str) -> anyhow::Result<()> {
    let field = browser.find(&format!("#{id}")).await?;
    field.clear().await?;
    field.send_keys(text).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_joins_in_one_visit_and_leaves_again() -> anyhow::Result<()> {
    let (deployment, link) = unjoined().await?;
    let world = deployment.psa.world();
    let set_notes = |level| {
        let mut world = world.lock();
        let member = world.member_mut("ConnectActive").expect("the API member");
        member.role.right_mut("Companies", "Notes").expect("a line").edit = level;
    };
    set_notes(Level::My);
    let browser = Browser::start(1200, 1000).await?;
    browser.client.goto(&link).await?;
    browser.find("#join[data-state=ask]").await?;
    browser.find("#steps [data-step=host][data-state=waiting]").await?;
    browser.screenshot("join-1200-empty.png").await?;

    // Each thing is checked as it is typed.
    type_in(&browser, "site", "http://192.168.1.10").await?;
    browser.find("#steps [data-step=host][data-state=bad]").await?;
    type_in(&browser, "site", "no such place").await?;
    browser.find("#steps [data-step=host][data-state=bad]").await?;
    type_in(&browser, "site", deployment.psa.url()).await?;
    browser.find("#steps [data-step=host][data-state=good]").await?;
    type_in(&browser, "login_company", "somebodyelse").await?;
    browser.find("#steps [data-step=login_company][data-state=bad]").await?;
    type_in(&browser, "login_company", "training").await?;
    browser.find("#steps [data-step=login_company][data-state=good]").await?;
    type_in(&browser, "public_key", PUBLIC_KEY).await?;
    type_in(&browser, "private_key", "not the one").await?;
    browser.find("#steps [data-step=keys][data-state=bad]").await?;
    type_in(&browser, "private_key", PRIVATE_KEY).await?;
    browser.find("#steps [data-step=keys][data-state=good]").await?;
    // A right that is missing is named, with the place where it is given.
    let missing = browser.text("#steps [data-step=role][data-state=bad]").await?;
    assert!(missing.contains("Notes") && missing.contains("System > Security Roles"), "{missing}");
    assert!(browser.has("#go[disabled]").await?);
    browser.screenshot("join-1200-missing.png").await?;
    set_notes(Level::All);
    browser.find("#public_key").await?.send_keys(" ").await?;
    browser.find("#steps [data-step=role][data-state=good]").await?;
    browser.find("#go:not([disabled])").await?;
    browser.client.set_window_size(400, 1000).await?;
    browser.screenshot("join-400.png").await?;
    browser.client.set_window_size(1200, 1000).await?;
    browser.click("#go").await?;
    browser.find("#join[data-state=done]").await?;
    for piece in ["company_pod", "contact_pod", "ticket_pod", "toolbar_button", "menu_entry", "note_type"] {
        browser.find(&format!("#pieces .good[data-piece={piece}]")).await?;
    }
    assert!(!browser.has("#by_hand:not([hidden])").await?);
    browser.screenshot("join-1200-done.png").await?;

    // The link was good once; the pod is in the PSA's company screen, with the exact origin.
    browser.client.goto("about:blank").await?;
    browser.client.goto(&link).await?;
    browser.find("#refused [data-code=link_not_good]").await?;
    let company = deployment.company(HARBOR);
    browser.client.goto(&format!("{}/company/{company}?member=Dispatch1", deployment.psa.url())).await?;
    browser.enter_pod().await?;
    browser.find("#pod[data-state=settings]").await?;
    {
        let world = world.lock();
        let origins: Vec<_> = world.records(Kind::HostedSetup).map(|row| row["origin"].clone()).collect();
        assert_eq!(origins, vec![json!(deployment.url); 4]);
    }

    // With a link of its own the installation leaves.
    let installation = installation(&deployment);
    let link = deployment.prints(&["invite", "--for", &installation]).await?;
    browser.client.goto("about:blank").await?;
    browser.client.goto(link.trim()).await?;
    browser.find("#leaving:not([hidden])").await?;
    let shown = browser.client.find(Locator::Css("#login_company")).await?.prop("value").await?;
    assert_eq!(shown.as_deref(), Some("training"));
    type_in(&browser, "leave_company", "trainings").await?;
    browser.click("#leave").await?;
    browser.find("#busy [data-code=not_confirmed]").await?;
    type_in(&browser, "leave_company", "training").await?;
    browser.click("#leave").await?;
    browser.find("#join[data-state=gone]").await?;
    let world = world.lock();
    assert_eq!(world.records(Kind::HostedSetup).count() + world.records(Kind::MenuEntry).count(), 0);
    assert!(world.records(Kind::NoteType).all(|row| row["name"] != "ConnectActive"));
    drop(world);
    let stored = String::from_utf8_lossy(&deployment.stored_bytes()?).into_owned();
    assert!(!stored.contains(&installation), "nothing of it is left");
    Ok(())
}

/// The id of the installation whose pod is in the PSA.
fn installation(deployment: &Deployment) -> String {
    let world = deployment.psa.world();
    let world = world.lock();
    let row = world.records(Kind::HostedSetup).next().expect("a pod is registered");
    let url = row["url"].as_str().expect("it has an address");
    url.split("/i/").nth(1).and_then(|rest| rest.split('/').next()).expect("an installation's").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_administrator_sees_in_the_psa_what_is_wrong_and_puts_it_in_order() -> anyhow::Result<()> {
    let (deployment, link) = unjoined().await?;
    ask(&deployment, Method::POST, "/join", Some(code(&link)), Some(good(&deployment))).await;
    let world = deployment.psa.world();
    let entry = {
        let mut world = world.lock();
        let pod = world.records(Kind::HostedSetup).find(|row| row["screenId"] == 2).expect("the contact's");
        let pod = pod["id"].as_i64().expect("an id");
        world.remove(Kind::HostedSetup, pod);
        let member = world.member_mut("ConnectActive").expect("the API member");
        member.role.right_mut("Companies", "Contacts").expect("a line").add = Level::None;
        world.records(Kind::MenuEntry).find_map(|row| row["id"].as_i64()).expect("the entry")
    };
    let browser = Browser::start(1200, 900).await?;
    let page = |member: &str| format!("{}/menu/{entry}?member={member}", deployment.psa.url());
    browser.client.goto(&page("Viewer1")).await?;
    browser.enter_pod().await?;
    browser.find("#pod[data-state=refused] [data-code=not_allowed]").await?;

    browser.client.goto(&page("Admin1")).await?;
    browser.enter_pod().await?;
    browser.find("#pod[data-state=ready]").await?;
    let missing = browser.text("#needs [data-state=bad]").await?;
    assert!(missing.contains("Contacts: Add Level"), "{missing}");
    browser.find("#pieces [data-piece=contact_pod][data-state=bad]").await?;
    browser.find("#pieces [data-piece=company_pod][data-state=good]").await?;
    browser.screenshot("admin-1200.png").await?;
    browser.click("#register").await?;
    browser.find("#pieces [data-piece=contact_pod][data-state=good]").await?;
    assert_eq!(world.lock().records(Kind::HostedSetup).count(), 4);

    // Rules for all companies: a line that is none is named, and nothing is lost.
    let rules = browser.find("#rules").await?;
    rules.send_keys("leave out logon kiosk*\nleave out everybody").await?;
    browser.click("#save-rules").await?;
    let said = browser.find("#rules-said [data-code=rules_wrong]").await?.text().await?;
    assert!(said.contains("line 2: expected one of logon"), "{said}");
    rules.clear().await?;
    rules.send_keys("leave out logon kiosk*\nkeep title").await?;
    browser.click("#save-rules").await?;
    browser.find("#rules-said:not(:empty):not(:has([data-code]))").await?;
    browser.client.goto(&page("Admin1")).await?;
    browser.enter_pod().await?;
    let rules = browser.find("#pod[data-state=ready] #rules").await?;
    assert_eq!(rules.prop("value").await?.as_deref(), Some("leave out logon kiosk*\nkeep title"));
    let stored = String::from_utf8_lossy(&deployment.stored_bytes()?).into_owned();
    assert!(!stored.contains("kiosk"), "the store has them sealed");

    // Another right opens the page from now on, and the old one does not.
    let select = browser.find("#administrators").await?;
    select.select_by_value("members").await?;
    browser.find("#administrators-said:not(:empty)").await?;
    assert_eq!(browser.text("#administrators-said").await?, "Saved.");
    browser.screenshot("admin-1200.png").await?;
    browser.client.goto(&page("Dispatch1")).await?;
    browser.enter_pod().await?;
    browser.find("#pod[data-state=refused] [data-code=not_allowed]").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_closes_the_administrators_page_to_themselves() -> anyhow::Result<()> {
    let (deployment, link) = unjoined().await?;
    ask(&deployment, Method::POST, "/join", Some(code(&link)), Some(good(&deployment))).await;
    let world = deployment.psa.world();
    let entry = world.lock().records(Kind::MenuEntry).find_map(|row| row["id"].as_i64()).expect("the entry");
    let browser = Browser::start(700, 900).await?;
    // A dispatcher edits setup tables and no members.
    browser.client.goto(&format!("{}/menu/{entry}?member=Dispatch1", deployment.psa.url())).await?;
    browser.enter_pod().await?;
    let select = browser.find("#pod[data-state=ready] #administrators").await?;
    select.select_by_value("members").await?;
    browser.find("#administrators-said [data-code=not_allowed]").await?;
    assert_eq!(select.prop("value").await?.as_deref(), Some("table_setup"), "it shows what holds");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_toolbar_button_opens_the_pod_in_a_dialog() -> anyhow::Result<()> {
    let (deployment, link) = unjoined().await?;
    ask(&deployment, Method::POST, "/join", Some(code(&link)), Some(good(&deployment))).await;
    let browser = Browser::start(1400, 900).await?;
    let company = deployment.company(HARBOR);
    browser.client.goto(&format!("{}/company/{company}?member=Dispatch1", deployment.psa.url())).await?;
    browser.click("[data-toolbar]").await?;
    browser.find(".toolbar-dialog iframe").await?.enter_frame().await?;
    browser.find("#pod[data-state=settings]").await?;
    let name = browser.text("#pod .company").await?;
    assert_eq!(name, "Harbor Manufacturing");
    browser.screenshot("toolbar-1400.png").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn joining_again_changes_nothing_and_a_second_joiner_is_told() -> anyhow::Result<()> {
    let (deployment, link) = unjoined().await?;
    let (status, first) =
        ask(&deployment, Method::POST, "/join", Some(code(&link)), Some(good(&deployment))).await;
    assert_eq!(status, StatusCode::OK, "{first}");
    let pieces = first["pieces"].as_array().expect("pieces");
    assert!(pieces.iter().all(|piece| piece["changed"] == true && piece["problem"].is_null()), "{first}");

    // Another link for anybody is no way to take an installation over.
    let other = deployment.prints(&["invite"]).await?;
    let other = code(other.trim()).to_owned();
    let (status, told) = ask(&deployment, Method::POST, "/join", Some(&other), Some(good(&deployment))).await;
    assert_eq!((status, &told["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("joined_already")));

    // Its own link runs it again: nothing is written, and what somebody spoilt is mended.
    let id = installation(&deployment);
    let own = deployment.prints(&["invite", "--for", &id]).await?;
    deployment.psa.world().lock().reset_log();
    let (status, again) =
        ask(&deployment, Method::POST, "/join", Some(code(own.trim())), Some(good(&deployment))).await;
    assert_eq!((status, writes(&deployment)), (StatusCode::OK, 0), "{again}");
    let rows = {
        let world = deployment.psa.world();
        let mut world = world.lock();
        let rows: Vec<i64> = world.records(Kind::HostedSetup).filter_map(|row| row["id"].as_i64()).collect();
        for row in &rows {
            world.edit(Kind::HostedSetup, *row, |record| {
                record.insert("origin".into(), json!("*"));
            });
        }
        rows
    };
    let own = deployment.prints(&["invite", "--for", &id]).await?;
    let (status, mended) =
        ask(&deployment, Method::POST, "/join", Some(code(own.trim())), Some(good(&deployment))).await;
    assert_eq!(status, StatusCode::OK, "{mended}");
    let world = deployment.psa.world();
    // The pods of the three screens and the button.
    assert_eq!(rows.len(), 4);
    for row in rows {
        let origin = world.lock().record(Kind::HostedSetup, row).expect("it is there")["origin"].clone();
        assert_eq!(origin, json!(deployment.url));
    }
    assert_eq!(installation(&deployment), id, "one installation per PSA");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_join_at_the_same_time_one_has_joined() -> anyhow::Result<()> {
    let (deployment, link) = unjoined().await?;
    let other = deployment.prints(&["invite"]).await?;
    let join =
        |code: &'static str| ask(&deployment, Method::POST, "/join", Some(code), Some(good(&deployment)));
    // The links live as long as the test.
    let (one, two): (&'static str, &'static str) =
        (code(&link).to_owned().leak(), code(other.trim()).to_owned().leak());
    let answers = tokio::join!(join(one), join(two), join(one));
    let statuses = [answers.0.0, answers.1.0, answers.2.0];
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::OK).count(), 1, "{statuses:?}");
    // Its keys open: the one who came second has not spoilt them.
    let proof = integration::pod::proof(&deployment, "Dispatch1");
    let mut pod = Pod::unopened(&deployment, proof, deployment.company(HARBOR));
    pod.base = format!("{}/i/{}", deployment.url, installation(&deployment));
    pod.session(pod_view::wire::Purpose::Pod).await.expect("the member may");
    let world = deployment.psa.world();
    assert_eq!(world.lock().records(Kind::HostedSetup).count(), 4);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_join_that_broke_off_goes_on_with_the_same_link_and_leaves_nothing_behind() -> anyhow::Result<()> {
    let (deployment, link) = unjoined().await?;
    let world = deployment.psa.world();
    let mut fault = Fault::once("GET", "/system/menuentries", FaultKind::Status500);
    fault.times = 4;
    world.lock().fault(fault);
    let join = || ask(&deployment, Method::POST, "/join", Some(code(&link)), Some(good(&deployment)));
    let (status, told) = join().await;
    assert_eq!(status, StatusCode::BAD_GATEWAY, "{told}");
    assert_eq!(world.lock().records(Kind::HostedSetup).count(), 4, "what came before is made");
    let begun = installation(&deployment);
    let (status, joined) = join().await;
    assert_eq!(status, StatusCode::OK, "{joined}");
    assert_eq!(installation(&deployment), begun);
    let own = deployment.prints(&["invite", "--for", &begun]).await?;
    let typed = Some(json!({ "login_company": "TRAINING" }));
    let (status, _) = ask(&deployment, Method::POST, "/join/leave", Some(code(own.trim())), typed).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let world = world.lock();
    assert_eq!(world.records(Kind::HostedSetup).count() + world.records(Kind::MenuEntry).count(), 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_type_that_was_there_is_not_taken_away() -> anyhow::Result<()> {
    let (deployment, link) = unjoined().await?;
    let world = deployment.psa.world();
    let row = json!({ "identifier": "ConnectActive", "name": "ConnectActive" });
    let theirs = world.lock().add(Kind::NoteType, row.as_object().expect("an object").clone());
    ask(&deployment, Method::POST, "/join", Some(code(&link)), Some(good(&deployment))).await;
    let own = deployment.prints(&["invite", "--for", &installation(&deployment)]).await?;
    let typed = Some(json!({ "login_company": "training" }));
    let (status, _) = ask(&deployment, Method::POST, "/join/leave", Some(code(own.trim())), typed).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert!(world.lock().record(Kind::NoteType, theirs).is_some());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pod_that_may_not_be_registered_is_told_and_joining_goes_on() -> anyhow::Result<()> {
    let (deployment, link) = unjoined().await?;
    {
        let world = deployment.psa.world();
        let mut world = world.lock();
        let member = world.member_mut("ConnectActive").expect("the API member");
        member.role.right_mut("System", "Table Setup").expect("a line").add = Level::None;
    }
    let request = Some(good(&deployment));
    let (_, checked) =
        ask(&deployment, Method::POST, "/join/check", Some(code(&link)), request.clone()).await;
    assert!(states(&checked, "role").contains(&"good"), "only what is needed stops joining: {checked}");
    let (status, joined) = ask(&deployment, Method::POST, "/join", Some(code(&link)), request).await;
    assert_eq!(status, StatusCode::OK, "{joined}");
    let pieces = joined["pieces"].as_array().expect("pieces");
    assert!(pieces.iter().all(|piece| piece["problem"].is_string()), "{joined}");
    assert!(joined["pod"].as_str().is_some_and(|pod| pod.ends_with("/pod?screen=[cw_screen]&id=[cw_id]")));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_forgotten_while_something_is_left_in_the_psa() -> anyhow::Result<()> {
    let (deployment, link) = unjoined().await?;
    ask(&deployment, Method::POST, "/join", Some(code(&link)), Some(good(&deployment))).await;
    let id = installation(&deployment);
    let own = deployment.prints(&["invite", "--for", &id]).await?;
    let own = code(own.trim()).to_owned();
    let world = deployment.psa.world();
    world.lock().fault(Fault::once("DELETE", "/system/menuentries/*", FaultKind::Status500));
    let typed = Some(json!({ "login_company": "training" }));
    let (status, told) = ask(&deployment, Method::POST, "/join/leave", Some(&own), typed.clone()).await;
    assert_eq!((status, &told["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("not_removed")), "{told}");
    // What is gone already is as good, so it can be run again.
    let (status, _) = ask(&deployment, Method::POST, "/join/leave", Some(&own), typed).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(world.lock().records(Kind::MenuEntry).count(), 0);
    let proof = integration::pod::proof(&deployment, "Dispatch1");
    let mut pod = Pod::unopened(&deployment, proof, deployment.company(HARBOR));
    pod.base = format!("{}/i/{id}", deployment.url);
    let refused = pod.session(pod_view::wire::Purpose::Pod).await.map(|_| ()).map_err(|no| no.status);
    assert_eq!(refused, Err(StatusCode::UNAUTHORIZED), "its pods no longer open");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_good_link_nobody_gets_in() -> anyhow::Result<()> {
    let (mut deployment, link) = unjoined().await?;
    let good = Some(good(&deployment));
    deployment.psa.world().lock().reset_log();
    for bad in [None, Some(""), Some("00"), Some(&code(&link)[1..])] {
        for path in ["/join", "/join/check"] {
            let (status, told) = ask(&deployment, Method::POST, path, bad, good.clone()).await;
            assert_eq!((status, &told["code"]), (StatusCode::UNAUTHORIZED, &json!("link_not_good")));
        }
    }
    assert_eq!(deployment.psa.world().lock().requests().len(), 0, "no host is asked for a stranger");
    let mut last = StatusCode::OK;
    for _ in 0..100 {
        last = ask(&deployment, Method::GET, "/join/state", Some("guess"), None).await.0;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let (status, _) = ask(&deployment, Method::GET, "/join/state", Some(code(&link)), None).await;
    assert_eq!(status, StatusCode::OK, "who has a good link is not held up");

    // The code is in no file of the service, and a closed service takes nobody.
    let stored = String::from_utf8_lossy(&deployment.stored_bytes()?).into_owned();
    assert!(!stored.contains(code(&link)));
    deployment.terminate().await?;
    deployment.set("CONNECTACTIVE_JOINING", "closed");
    deployment.serve()?;
    let (status, told) = ask(&deployment, Method::POST, "/join", Some(code(&link)), good.clone()).await;
    assert_eq!((status, &told["code"]), (StatusCode::FORBIDDEN, &json!("joining_closed")));
    // Where joining is open, no link is needed.
    deployment.terminate().await?;
    deployment.set("CONNECTACTIVE_JOINING", "open");
    deployment.serve()?;
    let (status, told) = ask(&deployment, Method::POST, "/join", None, good).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s8_a_host_that_the_operator_does_not_allow_is_not_asked() -> anyhow::Result<()> {
    let (mut deployment, link) = unjoined().await?;
    let internal = psa_simulator::start(Options::default()).await?;
    let request = |site: &str| {
        let mut request = good(&deployment);
        request["site"] = json!(site);
        Some(request)
    };
    let requests =
        [request(internal.url()), request("https://169.254.169.254"), request("https://10.0.0.1:443")];
    for body in requests {
        let site = body.as_ref().map(|body| body["site"].clone());
        let (_, told) = ask(&deployment, Method::POST, "/join/check", Some(code(&link)), body).await;
        assert_eq!(states(&told, "host"), ["bad"], "{site:?} {told}");
        assert_eq!(states(&told, "login_company"), ["waiting"], "{told}");
    }
    assert_eq!(internal.world().lock().requests().len(), 0);
    internal.stop().await;

    // An installation whose PSA the operator no longer allows is not talked to either.
    let (status, _) =
        ask(&deployment, Method::POST, "/join", Some(code(&link)), Some(good(&deployment))).await;
    assert_eq!(status, StatusCode::OK);
    deployment.terminate().await?;
    deployment.set("CONNECTACTIVE_PRIVATE_NETWORKS", "10.99.0.0/16");
    deployment.serve()?;
    deployment.installation = installation(&deployment);
    deployment.psa.world().lock().reset_log();
    let refused = Pod::open(&deployment, "Dispatch1", deployment.company(HARBOR)).await.map(|_| ());
    assert_eq!(refused.map_err(|no| no.problem.code), Err("psa_unreachable".to_owned()));
    assert_eq!(deployment.psa.world().lock().requests().len(), 0);
    Ok(())
}
