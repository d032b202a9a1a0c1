//! Every state of the pod, as it looks in narrow and wide columns, and to people who cannot see or point.

use anyhow::{Context, ensure};
use integration::{browser::Browser, harbor::set_up, pod::Pod, service::Deployment};
use pod_view::{people::account_name, wire::RunState};
use psa_simulator::{Fault, FaultKind, Level};
use reconcile::RowKind;
use sample_directory::{Fault as DirectoryFault, SampleDirectory};
use serde_json::json;

use super::open;

/// The browser's own setting for pages that can be dark.
const DARK: &str = "--blink-settings=preferredColorScheme=0";
/// The languages that its user reads, best first.
const GERMAN: &str = "--accept-lang=de-AT,de,en";
const WITHOUT_WASM: &str = "--js-flags=--jitless";
const MARGINS: u32 = 50;

/// Looks at what is shown now: nothing is wrong with it, nothing sticks out of it at any width, and pictures of
/// it are kept.
async fn look(browser: &Browser, name: &str) -> anyhow::Result<()> {
    look_at(browser, name, "#pod").await
}

/// The same of what is scrolled to: the element with this selector.
async fn look_at(browser: &Browser, name: &str, selector: &str) -> anyhow::Result<()> {
    const OVERFLOW: &str = "const page = document.documentElement; \
        return [page.scrollWidth - page.clientWidth, page.scrollHeight - page.clientHeight];";
    for width in [320, 400, 1200] {
        browser.client.set_window_size(width + MARGINS, 700).await?;
        let scroll = "document.querySelector(arguments[0]).scrollIntoView(true);";
        browser.client.execute(scroll, vec![json!(selector)]).await?;
        let picture = format!("{name}-{width}.png");
        if browser.client.execute("return window.parent === window;", Vec::new()).await? == json!(true) {
            browser.screenshot(&picture).await?;
        } else {
            browser.pod_screenshot(&picture).await?;
        }
        let overflow = browser.client.execute(OVERFLOW, Vec::new()).await?;
        ensure!(overflow == json!([0, 0]), "{name} at {width}: {overflow}");
    }
    let violations = browser.violations().await?;
    ensure!(violations.is_empty(), "{name}: {violations:#?}");
    let english = browser.client.execute(ENGLISH, Vec::new()).await?;
    ensure!(english == json!([]), "{name} is not all in the page's language: {english:#}");
    Ok(())
}

/// What is said in English on a page that is in another language. Names, what both sides hold, and what is
/// marked as English may be.
const ENGLISH: &str = r#"
if (document.documentElement.lang === "en") return [];
const held = "[lang=en], script, del, ins, .name, [data-action=place], kbd, code, textarea, [hidden]";
const english = /\b(the|and|of|is|are|not|you|your|with|this|that|to|it|by|for|from|no|has|have)\b/i;
const said = (element) => element.closest(held) === null;
const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const found = [];
while (words.nextNode()) if (said(words.currentNode.parentElement)) found.push(words.currentNode.data);
for (const name of ["aria-label", "placeholder", "title"])
  for (const element of document.querySelectorAll(`[${name}]`))
    if (said(element)) found.push(element.getAttribute(name));
return found.filter((text) => english.test(text));
"#;

async fn every_state(browser: &Browser, shade: &str) -> anyhow::Result<()> {
    let name = |state: &str| format!("{state}{shade}");
    let (deployment, directory, pod) = set_up().await?;
    let go = |member: &'static str, company| open(browser, &deployment, member, company);

    // Not in a PSA at all, or on a screen of something else.
    browser.client.goto(&format!("{}/i/{}/pod", deployment.url, deployment.installation)).await?;
    browser.find("#pod[data-state=outside]").await?;
    look(browser, &name("outside")).await?;

    // Somebody who may not see it.
    {
        let world = deployment.psa.world();
        let mut world = world.lock();
        let member = world.member_mut("Admin1").expect("the member is one of the sample's");
        member.role.right_mut("Companies", "Contacts").expect("the role has the line").inquire = Level::None;
    }
    go("Admin1", pod.company).await?;
    browser.find("#pod[data-state=no-permission]").await?;
    look(browser, &name("no-permission")).await?;

    // A company without a directory: the form for who may fill it in, and the words for who may not.
    let other = deployment.company("LindenLaw");
    go("Dispatch1", other).await?;
    browser.find("#pod[data-state=settings]").await?;
    look(browser, &name("set-up")).await?;
    go("Viewer1", other).await?;
    browser.find("#pod[data-state=not-set-up]").await?;
    look(browser, &name("not-set-up")).await?;

    // Somebody who may only look.
    go("Viewer1", pod.company).await?;
    browser.click("#sync").await?;
    browser.find("#pod[data-state=review] #back").await?;
    look(browser, &name("review-look-only")).await?;

    // Before the first review, and after the first night.
    go("Dispatch1", pod.company).await?;
    browser.find("#pod[data-state=status]").await?;
    look(browser, &name("status-new")).await?;
    browser.click("#settings").await?;
    browser.find("#pod[data-state=settings]").await?;
    look(browser, &name("settings")).await?;
    browser.click("#settings-test").await?;
    browser.find("#trial-steps [data-step=accounts][data-mark=done]").await?;
    look_at(browser, &name("settings-tested"), "#trial").await?;
    browser.click("#settings-preview").await?;
    browser.find("#trial-scope").await?;
    look_at(browser, &name("settings-previewed"), "#trial").await?;
    browser.click("#settings-form [name=scope][value=group]").await?;
    browser.find("#settings-group").await?.send_keys("te").await?;
    browser.find("#settings-group-places [data-action=place]").await?;
    look_at(browser, &name("settings-places"), "#settings-group").await?;
    who(browser, &deployment, &pod, shade).await?;
    deployment.make_due(pod.company, 1).await?;
    ensure!(pod.night(1).await.state == RunState::Waiting, "nobody reviewed it yet");
    go("Dispatch1", pod.company).await?;
    browser.find("#last-run[data-state=waiting]").await?;
    look(browser, &name("status-waiting")).await?;

    reviewed(browser, &deployment, &pod, shade).await?;

    // The directory stops answering.
    directory.set_fault(Some(DirectoryFault::Cut { page: 1, after: 0 }));
    deployment.make_due(pod.company, 2).await?;
    ensure!(pod.night(2).await.state == RunState::Failed, "nothing can be read");
    go("Dispatch1", pod.company).await?;
    browser.find("#run[data-state=failed]").await?;
    look(browser, &name("status-failed")).await?;
    browser.click("#sync").await?;
    browser.find("#pod[data-state=error]").await?;
    look(browser, &name("error")).await?;
    directory.set_fault(None);
    nothing_to_do(browser, &directory, &pod, &name("review-nothing")).await
}

/// On a contact's screen.
async fn who(browser: &Browser, deployment: &Deployment, pod: &Pod, shade: &str) -> anyhow::Result<()> {
    let review = pod.review().await.expect("both sides can be read");
    let plan = review.plan();
    let row = plan.rows.iter().find(|row| row.kind == RowKind::Update).context("somebody differs")?;
    let contact = row.contact.context("a change is of a contact")?;
    let account = row.account.and_then(|id| review.prepared.account(id)).context("and of an account")?;
    let name = account_name(account);
    browser.open_screen(deployment, &format!("contact/{contact}?member=Dispatch1&full_width=1")).await?;
    browser.find("#pod[data-state=who] #who-form").await?;
    look(browser, &format!("who{shade}")).await?;
    for (known, found, state) in [
        ("nobody@harbor.example", "#found-title", "who-nobody"),
        (name.as_str(), "#found [data-who]", "who-found"),
    ] {
        let field = browser.find("#who-text").await?;
        field.clear().await?;
        field.send_keys(known).await?;
        browser.click("#who-ask").await?;
        browser.find(found).await?;
        look(browser, &format!("{state}{shade}")).await?;
    }
    Ok(())
}

/// From Sync to the result, and what is kept of it.
async fn reviewed(browser: &Browser, deployment: &Deployment, pod: &Pod, shade: &str) -> anyhow::Result<()> {
    let name = |state: &str| format!("{state}{shade}");
    let psa = deployment.psa.world();
    let slow = |method: &str, path: &str| {
        let mut slow = Fault::once(method, path, FaultKind::Slow);
        (slow.times, slow.delay_ms) = (1, 15_000);
        slow
    };
    psa.lock().fault(slow("GET", "/company/contacts"));
    browser.click("#sync").await?;
    browser.find("#pod[data-state=reading]").await?;
    look(browser, &name("reading")).await?;
    psa.lock().clear_faults();
    browser.find("#pod[data-state=review] #apply").await?;
    look(browser, &name("review")).await?;
    for kind in [RowKind::NeedsDecision, RowKind::Create, RowKind::PsaOnly] {
        let head = format!("[data-group={}] [data-row] [data-action=toggle]", kind.code());
        browser.click(&head).await?;
        let opened = format!("[data-group={}] [data-row]:has(.detail)", kind.code());
        browser.find(&opened).await?;
        look_at(browser, &name(&format!("review-{}", kind.code())), &opened).await?;
        browser.click(&head).await?;
    }
    browser.click("#keys").await?;
    browser.find("#help[open]").await?;
    look(browser, &name("keys")).await?;
    browser.click("#help [data-action=close-help]").await?;
    psa.lock().fault(slow("POST", "/company/contacts"));
    browser.click("#apply").await?;
    browser.find("#pod[data-state=applying] #writing-count:not(:empty)").await?;
    look(browser, &name("applying")).await?;
    psa.lock().clear_faults();
    browser.find("#pod[data-state=result]").await?;
    look(browser, &name("result")).await?;
    browser.click("#back").await?;
    browser.find("#pod[data-state=status]").await?;
    look(browser, &name("status")).await?;
    browser.click("#runs").await?;
    browser.find("#pod[data-state=runs]").await?;
    look(browser, &name("runs")).await?;
    let review =
        format!("[data-action=run][data-run=\"{}\"]", pod.runs().await.expect("they are listed")[0].id);
    browser.click(&review).await?;
    browser.find("#pod[data-state=run]").await?;
    look(browser, &name("run")).await
}

/// Nobody differs any more.
async fn nothing_to_do(
    browser: &Browser,
    directory: &SampleDirectory,
    pod: &Pod,
    name: &str,
) -> anyhow::Result<()> {
    let review = pod.review().await.expect("both sides can be read");
    let plan = review.plan();
    let open = plan.rows.iter().filter(|row| row.kind == RowKind::NeedsDecision || row.kind.writes());
    let of = |row: &reconcile::Row| row.account.and_then(|id| review.prepared.account(id));
    for account in open.filter_map(|row| of(row)) {
        directory.people().remove(&account.logon_name);
    }
    browser.click("#retry").await?;
    browser.find("#pod[data-state=review] #back").await?;
    look(browser, name).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_is_fit_to_be_seen() -> anyhow::Result<()> {
    every_state(&Browser::start(400, 700).await?, "").await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_is_fit_to_be_seen_in_the_dark() -> anyhow::Result<()> {
    every_state(&Browser::start_with(400, 700, &[DARK]).await?, "-dark").await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_is_fit_to_be_seen_in_another_language() -> anyhow::Result<()> {
    let browser = Browser::start_with(400, 700, &[GERMAN]).await?;
    every_state(&browser, "-german").await?;
    let spoken = browser.client.execute("return document.documentElement.lang;", Vec::new()).await?;
    ensure!(spoken == json!("de"), "{spoken}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_wasm_it_says_so_and_shows_where_the_company_stands() -> anyhow::Result<()> {
    let (deployment, _directory, pod) = set_up().await?;
    let browser = Browser::start_with(400, 700, &[WITHOUT_WASM]).await?;
    open(&browser, &deployment, "Dispatch1", pod.company).await?;
    browser.click("#pod[data-state=status] #sync").await?;
    browser.find("#message strong").await?;
    look(&browser, "broken").await
}
