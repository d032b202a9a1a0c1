//! The settings form as an administrator uses it: tried, mended by what the test found, previewed, saved.

use fantoccini::Locator;
use integration::{
    browser::Browser,
    harbor::{HARBOR, set_up},
    pod::Pod,
    psa_contacts::writes,
    service::Deployment,
};
use pod_view::{settings::members_of, wire::Trust};
use sample_directory::{Options, SampleDirectory, people};

/// Fills a field anew, whatever is in it.
async fn fill(browser: &Browser, selector: &str, text: &str) -> anyhow::Result<()> {
    let field = browser.find(selector).await?;
    field.clear().await?;
    field.send_keys(text).await?;
    Ok(())
}

async fn open(browser: &Browser, deployment: &Deployment, company: i64) -> anyhow::Result<()> {
    browser.open_screen(deployment, &format!("company/{company}?member=Dispatch1&full_width=1")).await
}

async fn mark(browser: &Browser, step: &str, mark: &str) -> anyhow::Result<()> {
    browser.find(&format!("#trial-steps [data-step={step}][data-mark={mark}]")).await.map(drop)
}

/// A picture at each width that a pod has; the narrow ones low, as the PSA's columns are.
async fn pictures(browser: &Browser, name: &str, what: &str) -> anyhow::Result<()> {
    const OVERFLOW: &str = "const page = document.documentElement; \
        return [page.scrollWidth - page.clientWidth, page.scrollHeight - page.clientHeight];";
    for (width, height) in [(320_u32, 900), (400, 900), (1200, 900)] {
        // The PSA's page has margins of its own beside the pod.
        browser.client.set_window_size(width + 50, height).await?;
        let shown = serde_json::to_value(browser.find(what).await?)?;
        browser.client.execute("arguments[0].scrollIntoView({block:'start'})", vec![shown]).await?;
        browser.screenshot(&format!("{name}-{width}.png")).await?;
        let overflow = browser.client.execute(OVERFLOW, vec![]).await?;
        assert_eq!(overflow[0].as_i64(), Some(0), "at {width}: {overflow}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_tested_pinned_previewed_and_saved() -> anyhow::Result<()> {
    let options = Options { names: vec!["127.0.0.1".to_owned()], ..Options::default() };
    let directory: SampleDirectory = sample_directory::start(options).await?;
    let port = directory.address().port().to_string();
    let environment = [("CONNECTACTIVE_DIRECTORY_PORTS", port.clone())];
    let deployment = Deployment::start_in(psa_simulator::Options::default(), &environment).await?;
    let company = deployment.company(HARBOR);
    let browser = Browser::start(450, 900).await?;
    open(&browser, &deployment, company).await?;

    // What cannot be tried is said at the fields.
    browser.click("#settings-test").await?;
    browser.find("#settings-host[aria-invalid=true]").await?;
    for (field, text) in [
        ("#settings-host", "127.0.0.1"),
        ("#settings-port", port.as_str()),
        ("#settings-base", "OU=Gone,DC=corp,DC=harbor,DC=example"),
        ("#settings-bind-name", &directory.bind_name()),
        ("#settings-password", directory.password()),
    ] {
        fill(&browser, field, text).await?;
    }

    // Nobody vouches for the certificate: it is shown, and pinned by one click.
    browser.click("#settings-test").await?;
    mark(&browser, "name", "done").await?;
    mark(&browser, "protect", "failed").await?;
    assert_eq!(directory.binds(), 0, "nobody logged in");
    pictures(&browser, "test-certificate", "#trial").await?;
    browser.click("[data-action=pin]").await?;

    // The test goes on to a base that is not there; the server says which is.
    mark(&browser, "log-in", "done").await?;
    mark(&browser, "base", "failed").await?;
    let pin = browser.find("#settings-pin").await?.prop("value").await?;
    assert_eq!(pin, Some(directory.certificate_sha256()));
    browser.click("[data-action=base]").await?;
    mark(&browser, "accounts", "done").await?;
    let steps = browser.client.find_all(Locator::Css("#trial-steps > li")).await?;
    assert_eq!(steps.len(), 6);
    assert!(!browser.has("#trial-now").await?);
    let found = browser.text("#trial-steps [data-step=accounts]").await?;
    assert!(found.contains(&format!("{} accounts read", people().len())), "{found}");
    assert!(found.contains("For example") && found.contains("Disabled: "), "{found}");
    pictures(&browser, "test-passed", "#trial").await?;
    pictures(&browser, "test-accounts", "#trial-steps [data-step=accounts]").await?;
    assert_eq!(writes(&deployment), 0, "nothing was saved");

    browser.click("#settings-save").await?;
    browser.find("#pod[data-state=status] #sync").await?;
    let pod = Pod::open(&deployment, "Dispatch1", company).await.expect("Dispatch1 may");
    assert_eq!(
        pod.settings().await.expect("they are saved").trust,
        Trust::Pinned(directory.certificate_sha256())
    );
    let review = pod.review().await.expect("both sides can be read");
    pod.apply(&review.approve(reconcile::Row::approved_by_default)).await.expect("it is written");

    // A narrower base, beside what is saved; the stored password is enough.
    browser.click("#settings").await?;
    browser.find("#settings-form").await?;
    fill(&browser, "#settings-base", "OU=Sales,OU=People,DC=corp,DC=harbor,DC=example").await?;
    deployment.psa.world().lock().reset_log();
    browser.click("#settings-preview").await?;
    mark(&browser, "outcome", "done").await?;
    let scope = browser.text("#trial-scope").await?;
    assert!(scope.starts_with("Now ") && scope.contains("with these settings "), "{scope}");
    let effect = browser.text("#trial-steps [data-step=outcome]").await?;
    assert!(
        effect.contains("No longer in scope: ") && effect.contains("Contacts that would be deactivated: "),
        "{effect}"
    );
    pictures(&browser, "preview", "#trial").await?;
    assert_eq!(writes(&deployment), 0, "nothing was written");

    // What changes afterwards is not what was previewed.
    assert_eq!(browser.find("#trial").await?.attr("data-old").await?.as_deref(), Some(""));
    fill(&browser, "#settings-base", directory.base()).await?;
    let old = browser.find("#trial").await?.attr("data-old").await?;
    assert!(old.is_some_and(|old| old.contains("has changed since")));
    pictures(&browser, "settings", "#settings-form h1").await?;

    // What is in force is shown, and a figure of it becomes a rule that can be changed.
    browser.click(".in-force summary").await?;
    browser.click("#in-force [data-action=rule][data-value^='at most 2 or 10%']").await?;
    let rules = browser.find("#settings-rules").await?.prop("value").await?;
    assert_eq!(rules.as_deref(), Some("at most 2 or 10% deactivations"));
    fill(&browser, "#settings-rules", "at most 5 deactivations").await?;
    let limit = browser.text("#in-force li").await?;
    assert!(limit.starts_with("Deactivations in one night: at most 5"), "{limit}");
    pictures(&browser, "in-force", ".in-force").await?;
    browser.click("#settings-save").await?;
    browser.find("#pod[data-state=status] #sync").await?;
    assert_eq!(pod.settings().await.expect("they are saved").rules, "at most 5 deactivations");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_and_a_unit_are_chosen_by_name() -> anyhow::Result<()> {
    let (deployment, directory, pod) = set_up().await?;
    let browser = Browser::start(450, 900).await?;
    open(&browser, &deployment, pod.company).await?;
    browser.click("#settings").await?;
    deployment.psa.world().lock().reset_log();
    browser.click("#settings-form [name=scope][value=group]").await?;
    let value = async |field: &str| anyhow::Ok(browser.find(field).await?.prop("value").await?);

    // A pause after two letters is enough; the password that is stored goes where it was entered for.
    fill(&browser, "#settings-group", "te").await?;
    let sales = "#settings-group-places [data-value^='CN=Sales Team,']";
    browser.find(sales).await?;
    let said = browser.text("#settings-group-places [role=status]").await?;
    assert_eq!(said, "3 groups found.");
    pictures(&browser, "places", "#settings-form [name=scope]").await?;
    browser.click(sales).await?;
    let group = format!("CN=Sales Team,OU=Groups,{}", directory.base());
    assert_eq!(value("#settings-group").await?.as_deref(), Some(group.as_str()));
    assert!(!browser.has("#settings-group-places li").await?, "what was chosen needs no others");
    let here = browser.client.execute("return document.activeElement.id;", vec![]).await?;
    assert_eq!(here, "settings-group", "the keyboard goes on in the field");

    // Its members are tried, previewed, and saved only by Save.
    browser.click("#settings-test").await?;
    mark(&browser, "accounts", "done").await?;
    let members = people().iter().filter(|person| person.units.contains(&"Sales")).count();
    let found = browser.text("#trial-steps [data-step=accounts]").await?;
    assert!(found.contains(&format!("{members} accounts read")), "{found}");
    assert_eq!(writes(&deployment), 0, "nothing was saved");
    assert_eq!(pod.settings().await.expect("they are saved").filter, None);

    // By the keyboard: Enter takes the first that was found, and saves nothing.
    let field = browser.find("#settings-base").await?;
    field.clear().await?;
    field.send_keys("eng").await?;
    browser.find("#settings-base-places [data-value^='OU=Engineering,']").await?;
    browser.find("#settings-base-places [data-value='DC=corp,DC=harbor,DC=example']").await?;
    field.send_keys("\u{e007}").await?;
    browser.find("#settings-base-places:not(:has(li))").await?;
    let unit = format!("OU=Engineering,OU=People,{}", directory.base());
    assert_eq!(value("#settings-base").await?.as_deref(), Some(unit.as_str()));
    assert_eq!(browser.find("#pod").await?.attr("data-state").await?.as_deref(), Some("settings"));
    fill(&browser, "#settings-base", directory.base()).await?;
    browser.click("#settings-save").await?;
    browser.find("#pod[data-state=status] #sync").await?;
    let saved = pod.settings().await.expect("they are saved");
    assert_eq!((saved.base.as_str(), saved.filter), (directory.base(), Some(members_of(&group))));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_is_refused_is_not_tried_again_by_typing() -> anyhow::Result<()> {
    let (deployment, directory, pod) = set_up().await?;
    let browser = Browser::start(450, 900).await?;
    open(&browser, &deployment, pod.company).await?;
    browser.click("#settings").await?;
    let says = async |code: &str| {
        browser.find(&format!("#settings-base-places[data-code={code}]:not([data-asking])")).await.map(drop)
    };

    // Another server needs the password first: nobody is asked.
    fill(&browser, "#settings-host", "localhost").await?;
    let binds = directory.binds();
    fill(&browser, "#settings-base", "sales").await?;
    browser.find("#settings-base-places:not([data-asking]) [role=status]:not(:empty)").await?;
    let said = browser.text("#settings-base-places [role=status]").await?;
    assert!(said.starts_with("To choose by name, fill in the server"), "{said}");
    assert_eq!(directory.binds(), binds);
    fill(&browser, "#settings-host", "127.0.0.1").await?;

    fill(&browser, "#settings-password", "Spilt-Ink-93").await?;
    fill(&browser, "#settings-base", "sales").await?;
    says("bad_credentials").await?;
    assert_eq!(directory.binds(), binds + 1);
    pictures(&browser, "places-refused", "#settings-password").await?;
    browser.find("#settings-base").await?.send_keys(" east").await?;
    says("bad_credentials").await?;
    assert_eq!(directory.binds(), binds + 1, "typing locks no account");

    // With the right one it goes on.
    fill(&browser, "#settings-password", directory.password()).await?;
    fill(&browser, "#settings-base", "sales").await?;
    browser.find("#settings-base-places:not([data-code]) [data-value^='OU=Sales,']").await?;
    assert_eq!(directory.binds(), binds + 2);
    Ok(())
}
