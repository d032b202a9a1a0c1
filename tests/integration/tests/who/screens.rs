//! The pod on the PSA's ticket and contact screens, in a browser, by keyboard alone.

use fantoccini::{Locator, key::Key};
use integration::{browser::Browser, harbor::set_up, service::Deployment};

use crate::common::{came_from, contact, contact_named, contact_on, ticket_of};

async fn open(browser: &Browser, deployment: &Deployment, screen: &str, id: i64) -> anyhow::Result<()> {
    browser.open_screen(deployment, &format!("{screen}/{id}?member=Dispatch1&full_width=1")).await
}

/// Presses keys wherever the keyboard is.
async fn press(browser: &Browser, keys: &str) -> anyhow::Result<()> {
    browser.client.active_element().await?.send_keys(keys).await?;
    Ok(())
}

/// Nothing is cut off at the side, and only what is meant to scrolls.
async fn fits(browser: &Browser, name: &str) -> anyhow::Result<()> {
    const OVERFLOW: &str = "const page = document.documentElement; \
        return [page.scrollWidth - page.clientWidth, page.scrollHeight - page.clientHeight];";
    browser.screenshot(name).await?;
    let overflow = browser.client.execute(OVERFLOW, vec![]).await?;
    anyhow::ensure!((overflow[0].as_i64(), overflow[1].as_i64()) == (Some(0), Some(0)), "{name}: {overflow}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispatcher_puts_somebody_unknown_on_the_ticket_with_two_keys() -> anyhow::Result<()> {
    let (deployment, directory, dispatcher) = set_up().await?;
    let ticket = ticket_of(&deployment, dispatcher.company);
    came_from(&deployment, ticket, "ines.flores@harbor.example");
    let browser = Browser::start(1250, 900).await?;
    for width in [320_u32, 400, 1200] {
        browser.client.set_window_size(width + 50, 900).await?;
        open(&browser, &deployment, "ticket", ticket).await?;
        browser.find("#pod[data-state=who] #who-form").await?;
        let field = browser.find("#who-text").await?;
        assert_eq!(field.prop("value").await?.as_deref(), Some("ines.flores@harbor.example"));
        fits(&browser, &format!("who-rest-{width}.png")).await?;
        field.send_keys(&Key::Enter.to_string()).await?;
        browser.find("#pod:has(#message:empty) #found [data-who='0']").await?;
        fits(&browser, &format!("who-found-{width}.png")).await?;
    }

    // The number of the button, wherever the keyboard is but in the field.
    press(&browser, "1").await?;
    browser.find("#pod[data-state=result] #who-contact[data-outcome=applied]").await?;
    let told = browser.text("#who-ticket").await?;
    assert_eq!(told, "Inés Flores is on the ticket now.");
    browser.screenshot("who-done-1200.png").await?;
    let id = contact_on(&deployment, ticket).expect("somebody is on it");
    assert_eq!(contact(&deployment, id)["lastName"], "Flores");

    // Refreshed, the screen shows it, and the pod knows it.
    let refresh = browser.find("#refresh").await?;
    refresh.send_keys(&Key::Enter.to_string()).await?;
    browser.client.enter_parent_frame().await?;
    let shown = browser.client.wait();
    shown.for_element(Locator::XPath("//*[@id='record']//a[contains(., 'Flores')]")).await?;
    open(&browser, &deployment, "ticket", ticket).await?;
    assert_eq!(browser.text("#pod[data-state=who] #app h1").await?, "On this ticket: Inés Flores.");
    directory.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_is_looked_for_and_what_is_not_there_is_said() -> anyhow::Result<()> {
    let (deployment, directory, dispatcher) = set_up().await?;
    let ticket = ticket_of(&deployment, dispatcher.company);
    let browser = Browser::start(450, 900).await?;
    open(&browser, &deployment, "ticket", ticket).await?;
    let ask = async |text: &str| -> anyhow::Result<String> {
        let field = browser.find("#who-text").await?;
        field.clear().await?;
        field.send_keys(&format!("{text}{}", Key::Enter)).await?;
        browser.find("#found:not(:has(.busy)) #found-title:focus").await?;
        browser.text("#found").await
    };
    let nobody = ask("nobody@harbor.example").await?;
    assert!(nobody.contains("Nobody in the directory at 127.0.0.1 has the address nobody@harbor.example."));
    fits(&browser, "who-nobody-400.png").await?;
    assert!(ask("1").await?.contains("too little"));
    let hostile = ask("Harriet Marks").await?;
    assert!(hostile.contains("<img src=x onerror=alert(1)>"), "it is text: {hostile}");
    let several = ask("Taylor").await?;
    assert!(several.contains("Chris Taylor") && several.contains("Charles Taylor"), "{several}");
    fits(&browser, "who-several-400.png").await?;
    // A digit in the field is a digit.
    browser.find("#who-text").await?.send_keys("1").await?;
    assert!(browser.has("#pod[data-state=who]").await?);

    // A company that is not set up says so, and who can do it; there is no field to fill in vain.
    let linden = ticket_of(&deployment, deployment.company("LindenLaw"));
    open(&browser, &deployment, "ticket", linden).await?;
    let words = browser.text("#pod[data-state=who]").await?;
    assert!(words.contains("not set up yet") && words.contains("company maintenance"), "{words}");
    assert!(!browser.has("#who-form").await?);
    fits(&browser, "who-not-set-up-400.png").await?;
    directory.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_contacts_screen_it_is_brought_back_by_one_key() -> anyhow::Result<()> {
    let (deployment, directory, dispatcher) = set_up().await?;
    let id = contact_named(&deployment, dispatcher.company, "Charles", "Taylor");
    let browser = Browser::start(1250, 900).await?;
    for width in [320_u32, 400, 1200] {
        browser.client.set_window_size(width + 50, 900).await?;
        open(&browser, &deployment, "contact", id).await?;
        assert_eq!(
            browser.text("#pod[data-state=who] #app h1").await?,
            "The contact Charles Taylor is inactive."
        );
        browser.find("#who-text").await?.send_keys(&Key::Enter.to_string()).await?;
        browser.find("#found [data-who]").await?;
        fits(&browser, &format!("who-contact-{width}.png")).await?;
    }
    press(&browser, "1").await?;
    browser.find("#pod[data-state=result] #who-contact[data-outcome=applied]").await?;
    assert_eq!(contact(&deployment, id)["inactiveFlag"], false);
    assert!(!browser.has("#who-ticket").await?);
    directory.stop().await;
    Ok(())
}
