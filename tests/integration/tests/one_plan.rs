//! The planner in the service and the planner in the browser are one: the same input gives the same
//! plan, row for row.

use std::{path::Path, sync::Arc};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crowd::crowd;
use integration::browser::Browser;
use reconcile::{Decision, Decisions, Planning, Policy, Subject, prepare};
use serde_json::json;

const PEOPLE: u32 = 2_000;
const IGNORED: u32 = 700;

/// In the page: the digests of the plan with links, of the one without, and of that one after a decision.
const SCRIPT: &str = "
const [base64, people, ignored, done] = arguments;
const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
WebAssembly.instantiate(bytes, {}).then(({ instance: { exports } }) => {
  exports.make(people);
  const digests = [exports.plan(1), exports.plan(0), exports.replan(ignored)];
  done(digests.map((digest) => BigInt.asUintN(64, digest).toString(16)));
}, (error) => done(String(error)));
";

#[tokio::test(flavor = "multi_thread")]
async fn the_service_and_the_browser_plan_the_same() -> anyhow::Result<()> {
    let company = crowd(PEOPLE);
    let begin = |links: &[_]| {
        let (snapshot, contacts) = (company.snapshot.clone(), company.contacts.clone());
        Planning::new(Arc::new(prepare(snapshot, contacts, &Policy::default())), links, Decisions::new())
    };
    let digest = |planning: &Planning| format!("{:x}", planning.plan().digest() >> 64);
    let mut planning = begin(&[]);
    let mut here = vec![digest(&begin(&company.links)), digest(&planning)];
    let subject = Subject::Account(planning.prepared().accounts()[IGNORED as usize].id);
    planning.decide(subject, Some(Decision::Ignore));
    here.push(digest(&planning));

    let module = crowd::wasm::build(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("crowd"))?;
    let module = STANDARD.encode(std::fs::read(module)?);
    let browser = Browser::start(800, 600).await?;
    // The browser's own first page compiles nothing.
    browser.client.goto("data:text/html,<title>Planner</title>").await?;
    let there =
        browser.client.execute_async(SCRIPT, vec![json!(module), json!(PEOPLE), json!(IGNORED)]).await?;
    assert_eq!(there, json!(here));
    assert_eq!(here.iter().collect::<std::collections::BTreeSet<_>>().len(), 3, "three plans: {here:?}");
    Ok(())
}
