//! The main job, as a dispatcher does it: in a browser, on a real domain controller.

use std::collections::{BTreeSet, HashMap};

use anyhow::Context;
use fantoccini::Locator;
use integration::{
    browser::Browser,
    domain_controller::DomainController,
    pod::Pod,
    psa_contacts::{PsaContact, psa_contacts, writes},
    service::Deployment,
};
use reconcile::{Account, ContactId, RowKind, Subject, normal};
use sample_directory::{Person, people};

/// Fills the settings form as a person does and saves it.
async fn enter_settings(browser: &Browser, directory: &DomainController) -> anyhow::Result<()> {
    browser.find("#settings-form").await?;
    for (field, text) in [
        ("#settings-host", directory.ldaps().ip().to_string()),
        ("#settings-base", directory.base().to_owned()),
        ("#settings-bind-name", directory.bind_name()),
        ("#settings-password", directory.password().to_owned()),
    ] {
        browser.find(field).await?.send_keys(&text).await?;
    }
    browser.click("input[name=trust][value=authority]").await?;
    browser.find("#settings-authority").await?.send_keys(directory.ca_pem()).await?;
    browser.screenshot("settings.png").await?;
    browser.click("#settings-save").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispatcher_makes_the_contacts_true() -> anyhow::Result<()> {
    let directory = tokio::task::spawn_blocking(|| DomainController::start(&people())).await??;
    let deployment = Deployment::start().await?;
    let company = deployment.company("HarborMfg");
    let before = psa_contacts(&deployment, company);
    let browser = Browser::start(1400, 1000).await?;

    browser.open_company(&deployment, company).await?;
    // Nothing is set up yet: the pod asks for the directory.
    if !browser.has("#settings-form").await? {
        browser.find("#pod[data-state=not-set-up] #settings, #settings-form").await?;
        if !browser.has("#settings-form").await? {
            browser.click("#settings").await?;
        }
    }
    enter_settings(&browser, &directory).await?;

    browser.find("#pod[data-state=status] #sync").await?;
    browser.screenshot("status.png").await?;
    browser.click("#sync").await?;
    browser.find("#pod[data-state=review] #apply").await?;
    browser.screenshot("review.png").await?;

    // What the pod shows is what a pod without a screen gets.
    let watcher = Pod::open(&deployment, "Dispatch1", company).await.expect("Dispatch1 may");
    let seen = watcher.review().await.expect("both sides can be read");
    let plan = seen.plan();
    for kind in [RowKind::Create, RowKind::Deactivate, RowKind::NeedsDecision, RowKind::Update] {
        assert!(plan.count(kind) > 0, "the sample has rows to {}", kind.code());
        let shown = browser.text(&format!("[data-group={}] [data-count]", kind.code())).await?;
        assert_eq!(shown, plan.count(kind).to_string(), "{}", kind.code());
    }

    // One account is ignored.
    let ignored = plan.rows.iter().find(|row| row.kind == RowKind::Create).expect("counted above");
    let ignored = ignored.account.expect("a creation has an account");
    let row = format!("[data-row=\"a:{ignored}\"]");
    browser.click(&format!("{row} [data-action=toggle]")).await?;
    browser.click(&format!("{row} [data-action=ignore]")).await?;
    browser.find(&format!("{row}[data-kind=ignored], [data-group=ignored] [data-count]")).await?;

    // One match is changed: a question gets its answer.
    let question = plan
        .rows
        .iter()
        .find(|row| row.kind == RowKind::NeedsDecision && !row.contacts.is_empty())
        .expect("the sample has questions with candidates");
    let (asked, chosen) = (question.account.expect("it is about an account"), question.contacts[0].id);
    let row = format!("[data-row=\"a:{asked}\"]");
    browser.click(&format!("{row} [data-action=toggle]")).await?;
    browser.screenshot("question.png").await?;
    browser.click(&format!("{row} [data-action=match][data-contact=\"{chosen}\"]")).await?;
    browser.find(&format!("{row}:not([data-kind=needs_decision])")).await?;
    browser.screenshot("decided.png").await?;

    browser.click("#apply").await?;
    browser.find("#pod[data-state=result] #sync-again").await?;
    browser.screenshot("result.png").await?;

    // Both answers are in force, and everybody else is right.
    let after = psa_contacts(&deployment, company);
    let again = watcher.review().await.expect("both sides can be read");
    assert_eq!(again.context.decisions.get(&Subject::Account(ignored)), Some(&reconcile::Decision::Ignore));
    let linked: HashMap<_, _> = again.context.links.iter().map(|link| (link.account, link.contact)).collect();
    assert_eq!(linked.get(&asked), Some(&chosen), "{question:?}");
    compare(again.prepared.accounts(), &linked, &again.plan(), ignored, &before, &after);

    // A second sync straight after finds nothing to write, and writes nothing.
    deployment.psa.world().lock().reset_log();
    browser.click("#sync-again").await?;
    browser.find("#pod[data-state=review]").await?;
    assert!(
        !again.plan().writing().any(|row| row.approved_by_default()),
        "{:?}",
        again.plan().writing().next()
    );
    assert_eq!(writes(&deployment), 0);

    life_goes_on(&browser, &deployment, &directory, &watcher).await?;
    let last = watcher.review().await.expect("both sides can be read");
    no_personal_data(&deployment, last.prepared.accounts(), last.prepared.contacts())?;
    it_fits(&browser, &deployment, company).await
}

/// The review fits narrow and wide columns: nothing is cut off at the side, and only its list
/// scrolls.
async fn it_fits(browser: &Browser, deployment: &Deployment, company: i64) -> anyhow::Result<()> {
    const OVERFLOW: &str = "const page = document.documentElement; \
        return [page.scrollWidth - page.clientWidth, page.scrollHeight - page.clientHeight, window.innerWidth];";
    for width in [320_u32, 400, 1200] {
        // The PSA's page has margins of its own beside the pod.
        browser.client.set_window_size(width + 50, 900).await?;
        let screen = format!("company/{company}?member=Dispatch1&full_width=1");
        browser.open_screen(deployment, &screen).await?;
        browser.click("#sync").await?;
        browser.find("#pod[data-state=review] #back").await?;
        let questions = browser.client.find_all(Locator::Css("[data-row] [data-action=toggle]")).await?;
        questions.first().context("the sample has rows")?.clone().click().await?;
        browser.screenshot(&format!("review-{width}.png")).await?;
        let overflow = browser.client.execute(OVERFLOW, vec![]).await?;
        assert_eq!(
            (overflow[0].as_i64(), overflow[1].as_i64()),
            (Some(0), Some(0)),
            "at {width}: {overflow}"
        );
    }
    Ok(())
}

/// One is disabled, one is deleted, one marries, one joins; the next sync follows all four.
async fn life_goes_on(
    browser: &Browser,
    deployment: &Deployment,
    directory: &DomainController,
    watcher: &Pod,
) -> anyhow::Result<()> {
    let linked = watcher.review().await.expect("both sides can be read");
    let contact_of = |logon: &str| {
        let account = linked.prepared.accounts().iter().find(|account| account.logon_name == logon);
        let account = account.unwrap_or_else(|| panic!("{logon} is in the sample"));
        let link = linked.context.links.iter().find(|link| link.account == account.id);
        link.unwrap_or_else(|| panic!("{logon} is linked")).contact
    };
    let (disabled, deleted, married) = (contact_of("asmith2"), contact_of("jvdberg"), contact_of("zbronte"));
    tokio::task::block_in_place(|| {
        directory.disable("asmith2")?;
        directory.remove("jvdberg")?;
        directory.set("zbronte", "sn", Some("Hill"))?;
        directory.add(&Person::new("nbrook", "Nora", "Brook", "Sales"))
    })?;
    browser.click("#back").await?;
    browser.click("#sync").await?;
    browser.find("#pod[data-state=review] #apply").await?;
    browser.click("#apply").await?;
    browser.find("#pod[data-state=result] #sync-again").await?;

    let contacts = psa_contacts(deployment, watcher.company);
    let contact =
        |id: ContactId| contacts.iter().find(|contact| contact.id == id.0).expect("nothing is deleted");
    assert!(contact(disabled).inactive && contact(deleted).inactive);
    assert_eq!(contact(married).name.1, "Hill");
    let joined: Vec<_> = contacts.iter().filter(|contact| contact.name.1 == "Brook").collect();
    assert!(matches!(joined.as_slice(), [one] if !one.inactive), "{joined:?}");

    // The disabled one returns: what we put away comes back unasked.
    tokio::task::block_in_place(|| directory.enable("asmith2"))?;
    let review = watcher.review().await.expect("both sides can be read");
    let back = review.plan().rows.iter().find(|row| row.contact == Some(disabled)).map(|row| row.kind);
    assert_eq!(back, Some(RowKind::Reactivate));
    Ok(())
}

/// The PSA against the directory, person by person.
fn compare(
    accounts: &[Account],
    linked: &HashMap<reconcile::AccountId, ContactId>,
    plan: &reconcile::Plan,
    ignored: reconcile::AccountId,
    before: &[PsaContact],
    after: &[PsaContact],
) {
    let contact =
        |id: ContactId| after.iter().find(|contact| contact.id == id.0).expect("links name contacts");
    let kinds: HashMap<_, _> = plan.rows.iter().filter_map(|row| Some((row.account?, row.kind))).collect();
    let (mut present, mut gone) = (0, 0);
    for account in accounts {
        let kind = kinds[&account.id];
        match kind {
            RowKind::NeedsDecision | RowKind::Excluded => continue,
            RowKind::Ignored => {
                assert_eq!(account.id, ignored);
                assert!(!linked.contains_key(&ignored), "{account:?}");
                continue;
            }
            _ => {}
        }
        let Some(&id) = linked.get(&account.id) else {
            assert!(!account.enabled, "an active account has no contact: {account:?} {kind:?}");
            continue;
        };
        let contact = contact(id);
        if account.enabled {
            present += 1;
            assert!(!contact.inactive, "{account:?} has an inactive contact");
            if let Some(address) = account.primary_address().and_then(normal::address) {
                assert!(contact.addresses.contains(&address), "{account:?} {contact:?}");
            }
            if let Some(surname) = &account.surname {
                let cut: String = surname.chars().take(30).collect();
                assert_eq!(normal::fold(&contact.name.1), normal::fold(&cut), "{account:?}");
            }
        } else {
            gone += 1;
            // Protected contacts wait until a person has looked at them.
            assert!(contact.inactive || kind == RowKind::Deactivate, "{account:?} {contact:?}");
        }
    }
    assert!(present > 120 && gone >= 5, "{present} {gone}");

    // Nobody is there twice.
    let mut of_account: HashMap<ContactId, reconcile::AccountId> = HashMap::new();
    for (account, contact) in linked {
        assert_eq!(of_account.insert(*contact, *account), None, "one contact, two accounts");
    }
    // Contacts that never had an account are as they were.
    let theirs: Vec<_> = linked.values().collect();
    for old in before.iter().filter(|old| !theirs.contains(&&ContactId(old.id))) {
        assert!(after.contains(old), "{old:?} was touched");
    }
    let made = after.iter().filter(|contact| before.iter().all(|old| old.id != contact.id));
    for made in made {
        assert!(theirs.contains(&&ContactId(made.id)), "{made:?} belongs to nobody");
    }
}

/// What the service keeps holds nobody's name, address or number.
fn no_personal_data(
    deployment: &Deployment,
    accounts: &[Account],
    contacts: &[reconcile::Contact],
) -> anyhow::Result<()> {
    let bytes = deployment.stored_bytes()?;
    // The search itself finds what is there.
    let known = [accounts[0].id.to_string(), "decision".to_owned()];
    assert!(held_in(&bytes, known.iter()).is_some(), "the store is not readable as bytes");
    let of_accounts = accounts.iter().flat_map(|account| {
        [&account.display_name, &account.surname, &account.mail, &account.telephone, &account.mobile]
            .into_iter()
            .flatten()
            .cloned()
            .chain([account.logon_name.clone()])
    });
    let of_contacts = contacts.iter().flat_map(|contact| {
        contact
            .communications
            .iter()
            .map(|item| item.value.clone())
            .chain([contact.last_name.clone(), format!("{} {}", contact.first_name, contact.last_name)])
    });
    // A few letters come about by chance in sealed bytes. As it is written, and as it is folded for a
    // key; not in any mixture of cases, which base64 is.
    let texts: BTreeSet<String> = of_accounts
        .chain(of_contacts)
        .map(|text| text.trim().to_owned())
        .filter(|text| text.len() >= SHORTEST)
        .collect();
    assert!(texts.len() > 500, "{}", texts.len());
    let forms: Vec<String> =
        texts.iter().flat_map(|text| [text.clone(), text.to_lowercase(), text.to_uppercase()]).collect();
    assert_eq!(held_in(&bytes, forms.iter()), None, "the store holds it");
    Ok(())
}

const SHORTEST: usize = 6;

/// The first of these texts that stands in the bytes; each has [`SHORTEST`] bytes at least. One pass for
/// all of them, by their beginnings.
fn held_in<'a>(bytes: &[u8], texts: impl Iterator<Item = &'a String>) -> Option<&'a String> {
    let mut by_beginning: HashMap<&[u8], Vec<&String>> = HashMap::new();
    for text in texts {
        by_beginning.entry(&text.as_bytes()[..SHORTEST]).or_default().push(text);
    }
    bytes.windows(SHORTEST).enumerate().find_map(|(at, window)| {
        let begun = by_beginning.get(window)?;
        begun.iter().copied().find(|text| bytes[at..].starts_with(text.as_bytes()))
    })
}
