//! How long planning takes, here and in a browser.

use std::{sync::Arc, time::Instant};

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crowd::crowd;
use integration::browser::Browser;
use reconcile::{Decision, Decisions, Planning, Policy, Subject, prepare};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// `plan`: a company of so many people, of whom three in a hundred differ.
#[derive(Debug, clap::Args)]
pub(crate) struct Plan {
    /// How many people.
    #[arg(long, default_value_t = 10_000)]
    people: u32,
    /// In headless Chromium instead of natively.
    #[arg(long)]
    wasm: bool,
}

/// Milliseconds.
#[expect(clippy::struct_field_names, reason = "the unit belongs to the names that are printed")]
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Figures {
    /// Everything from the two lists, without stored links.
    plan_ms: f64,
    /// The same with them.
    plan_linked_ms: f64,
    /// After one decision.
    replan_ms: f64,
}

/// Runs in the page: the first argument is the module in base64, the second how many people.
const SCRIPT: &str = "
const [base64, people, done] = arguments;
const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
WebAssembly.instantiate(bytes, {}).then(({ instance: { exports } }) => {
  const timed = (work) => { const begun = performance.now(); work(); return performance.now() - begun; };
  exports.make(people);
  const plan_linked_ms = timed(() => exports.plan(1));
  const plan_ms = timed(() => exports.plan(0));
  const replan_ms = timed(() => exports.replan(Math.floor(people / 2)));
  done({ plan_ms, plan_linked_ms, replan_ms });
}, (error) => done(String(error)));
";

impl Plan {
    pub(crate) async fn measure(&self) -> Result<Figures> {
        if self.wasm { self.in_a_browser().await } else { Ok(self.here()) }
    }

    fn here(&self) -> Figures {
        let company = crowd(self.people);
        let plan_from = |links: &[_]| {
            let (snapshot, contacts) = (company.snapshot.clone(), company.contacts.clone());
            let begun = Instant::now();
            let prepared = Arc::new(prepare(snapshot, contacts, &Policy::default()));
            let planning = Planning::new(prepared, links, Decisions::new());
            let plan = planning.plan();
            (begun.elapsed().as_secs_f64() * 1e3, planning, plan)
        };
        let (plan_linked_ms, ..) = plan_from(&company.links);
        let (plan_ms, mut planning, _) = plan_from(&[]);
        let subject = Subject::Account(planning.prepared().accounts()[self.people as usize / 2].id);
        let begun = Instant::now();
        planning.decide(subject, Some(Decision::Ignore));
        let plan = planning.plan();
        let replan_ms = begun.elapsed().as_secs_f64() * 1e3;
        drop(plan);
        Figures { plan_ms, plan_linked_ms, replan_ms }
    }

    async fn in_a_browser(&self) -> Result<Figures> {
        let out = std::env::temp_dir().join("connectactive-bench");
        let module = crowd::wasm::build(&out)?;
        let module = STANDARD.encode(std::fs::read(&module).context("read the module")?);
        let browser = Browser::start(800, 600).await?;
        // The browser's own first page compiles nothing.
        browser.client.goto("data:text/html,<title>Planner</title>").await?;
        let found = browser.client.execute_async(SCRIPT, vec![json!(module), json!(self.people)]).await?;
        serde_json::from_value(found.clone()).with_context(|| format!("the page said {found}"))
    }
}
