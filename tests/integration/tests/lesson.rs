//! A match made by hand becomes a rule, in the browser.

use integration::{browser::Browser, harbor::set_up, pod::Pod, service::Deployment};
use psa_simulator::Kind;
use reconcile::{Account, ContactId, RowKind};
use serde_json::json;

/// Somebody typed the family name and an address of the domain that the company had before.
fn add_by_old_address(deployment: &Deployment, company: i64, account: &Account) -> ContactId {
    let mail = account.mail.as_deref().expect("the account has an address");
    let local = mail.split_once('@').expect("it is one").0;
    let record = json!({
        "firstName": account.surname, "company": { "id": company }, "inactiveFlag": false,
        "communicationItems": [{
            "id": 990_000, "type": { "id": 1, "name": "Email" }, "value": format!("{local}@before.example"),
            "defaultFlag": true, "communicationType": "Email",
        }],
    });
    let record = record.as_object().expect("it is an object").clone().into_iter().collect();
    ContactId(deployment.psa.world().lock().add(Kind::Contact, record))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_match_teaches_a_rule_that_settles_the_others() -> anyhow::Result<()> {
    let (deployment, directory, pod) = set_up().await?;
    let plan = pod.review().await.expect("both sides can be read");
    let newcomers: Vec<Account> = plan
        .plan()
        .rows
        .iter()
        .filter(|row| row.kind == RowKind::Create)
        .filter_map(|row| plan.prepared.account(row.account?).cloned())
        .filter(|account| account.mail.is_some() && account.surname.is_some())
        .take(3)
        .collect();
    assert_eq!(newcomers.len(), 3, "the sample has newcomers");
    let contacts: Vec<ContactId> =
        newcomers.iter().map(|account| add_by_old_address(&deployment, pod.company, account)).collect();

    let browser = Browser::start(400, 900).await?;
    browser.open_company(&deployment, pod.company).await?;
    browser.click("#sync").await?;
    browser.find("#pod[data-state=review] #apply").await?;
    let row = |account: &Account| format!("[data-row=\"a:{}\"]", account.id);
    for account in &newcomers {
        browser.find(&format!("{}[data-kind=needs_decision]", row(account))).await?;
    }
    let first = row(&newcomers[0]);
    browser.click(&format!("{first} [data-action=toggle]")).await?;
    browser.click(&format!("{first} [data-action=match][data-contact=\"{}\"]", contacts[0])).await?;
    let rule = format!(
        "domain before.example is {}",
        newcomers[0].mail.as_deref().and_then(|mail| mail.split_once('@')).expect("an address").1
    );
    browser.find(&format!("[data-action=teach][data-rule=\"{rule}\"]")).await?;
    let offer = browser.text("#message").await?;
    assert!(offer.contains("would settle 2 other questions"), "{offer}");
    browser.screenshot("lesson.png").await?;
    browser.click("[data-action=teach]").await?;
    browser.find("#message:not(:has([data-action=teach]))").await?;
    for account in &newcomers {
        assert!(!browser.has(&format!("{}[data-kind=needs_decision]", row(account))).await?);
    }
    let said = browser.text("#message").await?;
    assert!(said.contains("is a rule of this company now: it settled 2 questions"), "{said}");

    // It stands in the settings, and whoever looks later plans by it.
    let later = Pod::open(&deployment, "Admin1", pod.company).await.expect("the administrator may");
    assert_eq!(later.settings().await.expect("there are settings").rules, rule);
    let again = later.review().await.expect("both sides can be read").plan();
    for (account, contact) in newcomers.iter().zip(&contacts).skip(1) {
        let row = again.rows.iter().find(|row| row.account == Some(account.id)).expect("a row");
        assert_eq!((row.kind, row.contact), (RowKind::Update, Some(*contact)));
    }
    directory.stop().await;
    Ok(())
}
