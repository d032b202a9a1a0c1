//! The pod at a company with many rows, as a dispatcher has it: the service, a simulated PSA whose company
//! screen holds the pod in a frame, one directory over LDAPS, and headless Chromium.
//!
//! Half of the rows are accounts: one in twenty has no contact yet, in another one in twenty the title
//! differs, the others have a contact that is right. The other half are contacts in the PSA only.
//!
//! "On screen" is the end of the frame that was drawn with it. What is typed into the filter counts until
//! the page is laid out anew: the drawing of it comes with the screen's next frame.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Args;
use fantoccini::wd::TimeoutConfiguration;
use integration::{
    browser::Browser,
    pod::{Pod as Screenless, settings_for},
    service::Deployment,
};
use psa_simulator::{Csv, Options};
use sample_directory::SampleDirectory;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    memory::proportional_kb,
    people::{companies, names, person, table_of_companies, table_of_contacts},
};

/// Of so many accounts one has no contact, and another one has another title.
const ONE_IN: usize = 20;

/// `pod`: a company with so many rows.
#[derive(Debug, Args)]
pub(crate) struct Pod {
    /// How many rows.
    #[arg(long, default_value_t = 10_000)]
    rows: u32,
}

/// What was measured. Times are milliseconds.
#[derive(Debug, Serialize)]
pub(crate) struct Figures {
    /// The bodies of the document, its scripts and its style, as they came for the first status: all that a
    /// company's screen loads when it is opened.
    wire_bytes: u64,
    /// The same with what Sync loads beside them, the WASM.
    whole_wire_bytes: u64,
    /// From the frame's start to the first status on screen, with an empty cache.
    first_status_ms: f64,
    /// The same when the company is opened again.
    next_status_ms: f64,
    /// Requests that went out when it was opened again.
    next_requests: usize,
    /// From Sync until the review is on screen.
    review_ready_ms: f64,
    /// From a letter typed into the filter until the page is laid out.
    filter_p50_ms: f64,
    /// The slowest but one in twenty.
    filter_p95_ms: f64,
    /// From one decision until it is on screen: the longest of several.
    decision_ms: f64,
    /// From one decision about many until it is on screen.
    bulk_ms: f64,
    /// How many that was about.
    bulk_rows: usize,
    /// The longest time between two frames while all rows go by.
    longest_scroll_task_ms: f64,
    /// How many rows went by.
    scrolled_rows: usize,
    /// The process that holds the page and the pod, in mebibytes, proportional set size.
    memory_mb: f64,
}

/// The end of the frame in which what was just changed is drawn.
const DRAWN: &str = "
const drawn = () => new Promise((resolve) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => resolve(performance.now());
  port2.postMessage(null);
}));
";

/// What the frame loaded, and when its status was drawn, which the browser remembers of elements that ask for
/// it by `elementtiming`.
const LOADED: &str = "
const [done] = arguments;
const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
const own = entries.filter(({ initiatorType: by, name }) => by === 'navigation' || /\\.(js|css|wasm)$/.test(name));
const bytes = own.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
const sent = entries.filter(({ transferSize }) => transferSize > 0).length;
new PerformanceObserver((list) => {
  const drawn = list.getEntries().find(({ identifier }) => identifier === 'status');
  if (drawn) done({ bytes, sent, status: drawn.renderTime });
}).observe({ type: 'element', buffered: true });
";

const SYNC: &str = "
const [done] = arguments;
const begun = performance.now();
new MutationObserver((_, observer) => {
  if (document.getElementById('pod').dataset.state !== 'review') return;
  observer.disconnect();
  drawn().then((at) => done(at - begun));
}).observe(document.getElementById('pod'), { attributeFilter: ['data-state'] });
document.getElementById('sync').click();
";

/// Types names letter by letter and takes them back.
const FILTER: &str = "
const [words] = arguments;
const filter = document.getElementById('filter');
const times = [];
const type = (text) => {
  const begun = performance.now();
  filter.value = text;
  filter.dispatchEvent(new InputEvent('input', { bubbles: true }));
  document.getElementById('review').scrollHeight;
  times.push(performance.now() - begun);
};
for (const word of words) {
  for (let length = 1; length <= word.length; length += 1) type(word.slice(0, length));
  for (let length = word.length - 1; length >= 0; length -= 1) type(word.slice(0, length));
}
return times;
";

/// Leaves some new people alone, one after another.
const DECIDE: &str = "
const [times, done] = arguments;
(async () => {
  let longest = 0;
  for (let time = 0; time < times; time += 1) {
    document.querySelector('[data-group=create] [data-row] [data-action=toggle]').click();
    await drawn();
    const answer = document.querySelector('[data-group=create] [data-action=ignore]');
    const begun = performance.now();
    answer.click();
    longest = Math.max(longest, (await drawn()) - begun);
  }
  done(longest);
})();
";

/// Keeps all contacts that need no look.
const MANY: &str = "
const [done] = arguments;
const count = () => Number(document.querySelector('[data-group=ignored] [data-count]')?.dataset.count ?? 0);
const before = count();
const begun = performance.now();
document.querySelector('[data-action=keep-all]').click();
drawn().then((at) => done([at - begun, count() - before]));
";

/// Opens every group and goes down the list to its end.
const SCROLL: &str = "
const [done] = arguments;
const list = document.getElementById('review');
for (const head of document.querySelectorAll('[data-action=toggle-group][aria-expanded=false]')) head.click();
let [longest, last, still] = [0, 0, 0];
const step = (now) => {
  if (last) longest = Math.max(longest, now - last);
  last = now;
  const [top, height] = [list.scrollTop, list.scrollHeight];
  list.scrollTop += list.clientHeight;
  still = list.scrollTop === top && list.scrollHeight === height ? still + 1 : 0;
  if (still > 20) done([longest, document.querySelectorAll('[data-row]').length]);
  else requestAnimationFrame(step);
};
drawn().then(() => requestAnimationFrame(step));
";

/// The service, its PSA with one company, and the directory, which serves as long as it is held.
struct Ground {
    deployment: Deployment,
    _directory: SampleDirectory,
    company: i64,
    /// Names of some of its people.
    words: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Loaded {
    bytes: u64,
    sent: usize,
    status: f64,
}

impl Pod {
    pub(crate) async fn measure(&self) -> Result<Figures> {
        let Ground { deployment, company, words, .. } = &self.set_up().await?;
        let browser = Browser::start(1200, 800).await?;
        let patience = TimeoutConfiguration::new(Some(Duration::from_mins(5)), None, None);
        browser.client.update_timeouts(patience).await?;
        let url = format!("{}/company/{company}?member=Dispatch1", deployment.psa.url());
        let first = open(&browser, &url).await?;
        let next = open(&browser, &url).await?;
        let review_ready_ms = wait(&browser, SYNC, json!([])).await?;
        let whole: Loaded = wait(&browser, LOADED, json!([])).await?;
        let times = browser.client.execute(FILTER, vec![json!(words)]).await?;
        let mut times: Vec<f64> = serde_json::from_value(times)?;
        times.sort_by(f64::total_cmp);
        let decision_ms = wait(&browser, DECIDE, json!([10])).await?;
        let (longest_scroll_task_ms, scrolled_rows) = wait(&browser, SCROLL, json!([])).await?;
        let (bulk_ms, bulk_rows) = wait(&browser, MANY, json!([])).await?;
        let most = browser.renderers().into_iter().map(proportional_kb).max().context("a page is drawn")?;
        Ok(Figures {
            wire_bytes: first.bytes,
            whole_wire_bytes: whole.bytes,
            first_status_ms: first.status,
            next_status_ms: next.status,
            next_requests: next.sent,
            review_ready_ms,
            filter_p50_ms: times[times.len() / 2],
            filter_p95_ms: times[times.len() * 95 / 100],
            decision_ms,
            bulk_ms,
            bulk_rows,
            longest_scroll_task_ms,
            scrolled_rows,
            memory_mb: f64::from(u32::try_from(most)?) / 1024.0,
        })
    }

    async fn set_up(&self) -> Result<Ground> {
        let companies = companies(1);
        let company = companies.first().context("there is one")?;
        let names = names(self.rows);
        let half = names.len() / 2;
        ensure!(half > ONE_IN, "more rows are needed to measure anything");
        let everybody = names.iter().enumerate().map(|(number, name)| person(company, number, name));
        let everybody = everybody.collect::<Result<Vec<_>>>()?;
        let contacts = everybody.iter().enumerate();
        let contacts = contacts.filter(|(at, _)| *at >= half || at % ONE_IN != 0).map(|(_, person)| person);
        let contacts = contacts.cloned().collect();
        let options = Options {
            companies: Csv::Text(table_of_companies(&companies)?),
            contacts: Csv::Text(table_of_contacts(&companies, &[(company.base.clone(), contacts)].into())?),
            ..Options::default()
        };
        let mut accounts = everybody;
        accounts.truncate(half);
        let words = accounts.iter().step_by(half / 4).filter_map(|person| person.surname.clone()).collect();
        for person in accounts.iter_mut().skip(1).step_by(ONE_IN) {
            person.title = Some("Head of it all".to_owned());
        }
        let directory = sample_directory::start(sample_directory::Options {
            names: vec!["127.0.0.1".to_owned()],
            people: accounts,
            ..sample_directory::Options::default()
        })
        .await?;
        let environment = [("CONNECTACTIVE_DIRECTORY_PORTS", directory.address().port().to_string())];
        let deployment = Deployment::start_in(options, &environment).await?;
        let pod = Screenless::open(&deployment, "Dispatch1", company.id).await;
        let saved = pod.map_err(|refused| anyhow::anyhow!("{refused:?}"))?;
        let saved = saved.save_settings(&settings_for(&directory)).await;
        saved.map_err(|refused| anyhow::anyhow!("{refused:?}"))?;
        Ok(Ground { deployment, _directory: directory, company: company.id, words })
    }
}

/// Opens the company's screen, goes into the pod, and waits for its status.
async fn open(browser: &Browser, url: &str) -> Result<Loaded> {
    browser.client.goto(url).await?;
    browser.enter_pod().await?;
    browser.find("#pod[data-state=status]").await?;
    wait(browser, LOADED, json!([])).await
}

/// Runs a script that says when it is done, and with what.
async fn wait<T: serde::de::DeserializeOwned>(
    browser: &Browser,
    script: &str,
    arguments: serde_json::Value,
) -> Result<T> {
    let serde_json::Value::Array(arguments) = arguments else { anyhow::bail!("arguments are a list") };
    let answer = browser.client.execute_async(&format!("{DRAWN}{script}"), arguments).await?;
    serde_json::from_value(answer.clone()).with_context(|| format!("the page said {answer}"))
}
