//! Pages and messages that play the PSA, in a browser.

use integration::{
    browser::Browser,
    harbor::{HARBOR, set_up},
    psa_contacts::writes,
    service::Deployment,
};
use psa_simulator::{Fault, FaultKind};
use sample_directory::Person;
use serde_json::{Value, json};

/// Opens a company's page in the PSA, with options, and goes into its pod.
async fn open(browser: &Browser, deployment: &Deployment, company: i64, options: &str) -> anyhow::Result<()> {
    let address = format!("{}/company/{company}?member=Dispatch1{options}", deployment.psa.url());
    browser.client.goto(&address).await?;
    browser.enter_pod().await
}

/// Runs a script of the PSA's page, and goes back into the pod. What it promises is waited for.
async fn on_the_page(browser: &Browser, script: &str) -> anyhow::Result<Value> {
    browser.client.clone().enter_parent_frame().await?;
    let value = browser.client.execute(script, vec![]).await?;
    browser.enter_pod().await?;
    Ok(value)
}

/// Lets the pod's frame count the messages that hold `mark`, after the pod has seen them itself.
async fn count_messages(browser: &Browser, mark: &str) -> anyhow::Result<()> {
    let script = "const mark = arguments[0]; window.counted = 0;
        addEventListener('message', (event) => { if (String(event.data).includes(mark)) window.counted += 1; });";
    browser.client.execute(script, vec![json!(mark)]).await?;
    Ok(())
}

/// Waits until so many of them came.
async fn counted(browser: &Browser, messages: u64) -> anyhow::Result<()> {
    let script = "const wanted = arguments[0];
        return new Promise((resolve) => {
            const look = () => (window.counted >= wanted ? resolve(window.counted) : setTimeout(look, 20));
            look();
        });";
    browser.client.execute(script, vec![json!(messages)]).await?;
    Ok(())
}

/// Expects that the pod still shows this company, and has told the PSA's page nothing that holds
/// `mark`. The save comes after everything that the pod has said so far.
async fn is_unmoved(browser: &Browser, company: &str, mark: &str) -> anyhow::Result<()> {
    assert_eq!(browser.text("#pod[data-state=status] h1").await?, company);
    let saved = on_the_page(browser, "return window.psa.save()").await?;
    assert_eq!(saved["outcome"], "saved");
    let log =
        on_the_page(browser, "return window.psa.log.filter(({direction}) => direction !== 'out')").await?;
    assert!(!log.to_string().contains(mark), "{log}");
    assert!(log.to_string().contains("beforeSave"), "{log}");
    Ok(())
}

/// How often members were asked about.
fn members_asked(deployment: &Deployment) -> usize {
    let world = deployment.psa.world();
    let world = world.lock();
    let as_member = |who: &str| who.starts_with("member:");
    let company = |path: &str| path.starts_with("/company/companies/");
    world.requests().iter().filter(|request| as_member(&request.who) && company(&request.path)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn s2_a_page_that_plays_the_psa_may_not_frame_the_pod() -> anyhow::Result<()> {
    let deployment = Deployment::start().await?;
    let company = deployment.company(HARBOR);
    let browser = Browser::start(1200, 900).await?;
    let hostile = |origin: &str| {
        let pod = format!("{}/i/{}/pod", deployment.url, deployment.installation);
        format!("{origin}/hostile?pod={pod}&company={company}")
    };
    deployment.psa.world().lock().reset_log();

    // By another name it is the same machine, and not the same origin.
    let foreign = deployment.psa.url().replace("127.0.0.1", "localhost");
    browser.client.goto(&hostile(&foreign)).await?;
    let frame = browser.find("#pod").await?;
    frame.enter_frame().await?;
    let address = browser.client.execute("return document.URL", vec![]).await?;
    assert_eq!(address, "chrome-error://chromewebdata/", "the browser shows its refusal instead");
    browser.client.clone().enter_parent_frame().await?;
    assert_eq!(browser.client.execute("return window.heard", vec![]).await?, json!([]));
    assert_eq!(deployment.psa.world().lock().requests().len(), 0, "no session was asked for");

    // The same page at the PSA's own origin is framed, which shows that the page is a good trap.
    browser.client.goto(&hostile(deployment.psa.url())).await?;
    browser.find("iframe#pod").await?.enter_frame().await?;
    browser.find("#pod[data-state=error] #problem[data-code=not_confirmed]").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s2_messages_from_anybody_but_the_psas_page_change_nothing() -> anyhow::Result<()> {
    let (deployment, directory, pod) = set_up().await?;
    let (company, other) = (pod.company, deployment.company("LindenLaw"));
    let browser = Browser::start(1200, 900).await?;

    // A page of another origin that opened the PSA's page, and so can reach the frame in it.
    let foreign = deployment.psa.url().replace("127.0.0.1", "localhost");
    browser.client.goto(&foreign).await?;
    let foreign_window = browser.client.window().await?;
    let address = format!("{}/company/{company}?member=Dispatch1", deployment.psa.url());
    browser.client.execute("window.opened = window.open(arguments[0])", vec![json!(address)]).await?;
    let windows = browser.client.windows().await?;
    let psa_window = windows.into_iter().find(|window| *window != foreign_window).expect("it was opened");
    browser.client.switch_to_window(psa_window.clone()).await?;
    browser.enter_pod().await?;
    let shown = browser.text("#pod[data-state=status] h1").await?;
    count_messages(&browser, "foreign").await?;
    let asked = members_asked(&deployment);
    browser.client.switch_to_window(foreign_window).await?;
    let script = "const say = (message) => window.opened.frames[0].postMessage(JSON.stringify(message), '*');
        say({ MessageFrameID: 'foreign' });
        say({ event: 'onLoad', _id: 'foreign', data: { screenObject: { screen: 'company', id: arguments[0] } } });
        say({ event: 'beforeSave', _id: 'foreign', data: {} });
        say({ response: 'getmemberauthentication', _id: 'foreign', data: {} });";
    browser.client.execute(script, vec![json!(other)]).await?;
    browser.client.switch_to_window(psa_window).await?;
    browser.enter_pod().await?;
    counted(&browser, 4).await?;
    is_unmoved(&browser, &shown, "foreign").await?;
    assert_eq!(members_asked(&deployment), asked, "nobody was asked about because of a message");

    // A frame beside the pod, of the PSA's own origin.
    open(&browser, &deployment, company, "&sibling=1").await?;
    browser.find("#pod[data-state=status]").await?;
    count_messages(&browser, "sibling").await?;
    counted(&browser, 4).await?;
    is_unmoved(&browser, &shown, "sibling").await?;
    assert_eq!(members_asked(&deployment), asked + 1, "once, when the pod was opened again");
    directory.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s2_another_record_on_the_screen_drops_the_review() -> anyhow::Result<()> {
    let (deployment, directory, pod) = set_up().await?;
    let other = deployment.company("LindenLaw");
    let browser = Browser::start(1400, 1000).await?;
    open(&browser, &deployment, pod.company, "").await?;
    let shown = browser.text("#pod[data-state=status] h1").await?;
    browser.click("#sync").await?;
    browser.find("#pod[data-state=review] #apply").await?;
    let before = writes(&deployment);
    let moved = on_the_page(&browser, &format!("return window.psa.navigate({other})")).await?;
    assert_eq!(moved, true, "nothing is lost by leaving a review");
    // This company has no settings yet.
    browser.find("#pod[data-state=settings] #settings-form").await?;
    assert!(!browser.has("#apply").await? && !browser.has("[data-row]").await?);
    on_the_page(&browser, &format!("return window.psa.navigate({})", pod.company)).await?;
    assert_eq!(browser.text("#pod[data-state=status] h1").await?, shown);
    assert!(!browser.has("#apply").await? && !browser.has("[data-row]").await?);
    assert_eq!(writes(&deployment), before);
    directory.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_an_expired_proof_is_told_in_words() -> anyhow::Result<()> {
    let deployment = Deployment::start().await?;
    let browser = Browser::start(1200, 900).await?;
    open(&browser, &deployment, deployment.company(HARBOR), "&hash=expired").await?;
    let words = browser.text("#pod[data-state=error] #problem[data-code=not_confirmed]").await?;
    assert!(words.contains("does not confirm who you are") && words.contains("log in"), "{words}");
    browser.screenshot("expired.png").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_save_is_answered_while_the_pod_is_at_work() -> anyhow::Result<()> {
    let (deployment, directory, pod) = set_up().await?;
    let browser = Browser::start(1200, 900).await?;
    open(&browser, &deployment, pod.company, "").await?;
    browser.find("#pod[data-state=status] #sync").await?;
    let mut slow = Fault::once("GET", "/company/contacts", FaultKind::Slow);
    slow.delay_ms = 600_000;
    deployment.psa.world().lock().fault(slow);
    browser.click("#sync").await?;
    browser.find("#pod[data-state=reading] #cancel").await?;
    let saved = on_the_page(&browser, "return window.psa.save()").await?;
    assert_eq!(saved["outcome"], "saved");
    browser.find("#pod[data-state=reading] #cancel").await?;
    browser.click("#cancel").await?;
    browser.find("#pod[data-state=status] #sync").await?;
    directory.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_what_a_directory_says_is_text_and_nothing_else() -> anyhow::Result<()> {
    let (deployment, directory, pod) = set_up().await?;
    let hostile = "<img src=x onerror=top.owned=1>";
    let eve = Person { common_name: "Eve".to_owned(), ..Person::new("eve", "Eve", "Mallory", "Sales") };
    let eve = Person {
        given_name: Some("<b>Eve</b>".to_owned()),
        surname: Some(hostile.to_owned()),
        display_name: Some(hostile.to_owned()),
        title: Some("\"><script>top.owned=1</script>".to_owned()),
        ..eve
    };
    directory.people().hire(eve);
    let browser = Browser::start(1200, 900).await?;
    open(&browser, &deployment, pod.company, "").await?;
    browser.click("#pod[data-state=status] #sync").await?;
    browser.find("#pod[data-state=review] #apply").await?;
    browser.find("#filter").await?.send_keys("Eve").await?;
    browser.click("[data-row] [data-action=toggle]").await?;
    let found = browser
        .client
        .execute(
            "const name = [...document.querySelectorAll('#app *')].some((one) => one.textContent.includes(arguments[0]));
             return [name, document.querySelectorAll('#app img, #app b, #app script').length];",
            vec![json!("<b>Eve</b>")],
        )
        .await?;
    assert_eq!(found, json!([true, 0]));
    let owned = on_the_page(&browser, "return window.owned === undefined").await?;
    assert_eq!(owned, json!(true));
    directory.stop().await;
    Ok(())
}
