//! Chromium, driven through its `WebDriver`.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, bail};
use fantoccini::{Client, ClientBuilder, Locator, elements::Element};
use hyper_util::client::legacy::connect::HttpConnector;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use tempfile::TempDir;

use crate::{programs::system_program, service::Deployment};

/// How long anything on the screen may take to appear.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// A browser of its own, with a fresh profile. It ends when dropped.
pub struct Browser {
    driver: Child,
    profile: TempDir,
    /// The `WebDriver` client.
    pub client: Client,
}

impl Browser {
    /// Starts a browser with a window of this size.
    pub async fn start(width: u32, height: u32) -> anyhow::Result<Self> {
        Self::start_with(width, height, &[]).await
    }

    /// The same with more on its command line.
    pub async fn start_with(width: u32, height: u32, arguments: &[&str]) -> anyhow::Result<Self> {
        Self::start_in("UTC", width, height, arguments).await
    }

    /// The same in a time zone, by its name in the tz database.
    pub async fn start_in(zone: &str, width: u32, height: u32, arguments: &[&str]) -> anyhow::Result<Self> {
        let profile = tempfile::tempdir()?;
        let mut driver = Command::new(system_program("chromedriver"))
            .arg("--port=0")
            // What the browser leaves behind goes with the profile.
            .env("TMPDIR", profile.path())
            .env("TZ", zone)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut lines = BufReader::new(driver.stdout.take().context("it was piped")?).lines();
        let port = loop {
            let Some(line) = lines.next().transpose()? else { bail!("chromedriver ended at once") };
            if let Some((_, rest)) = line.split_once("started successfully on port ") {
                break rest.trim_end_matches('.').to_owned();
            }
        };
        // It goes on writing; somebody has to read.
        std::thread::spawn(move || lines.for_each(drop));
        let capabilities = json!({ "goog:chromeOptions": {
            "binary": system_program("chromium"),
            "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--force-color-profile=srgb",
                format!("--window-size={width},{height}"),
                format!("--user-data-dir={}", profile.path().display()),
            ],
        }});
        let serde_json::Value::Object(mut capabilities) = capabilities else {
            bail!("the capabilities are an object")
        };
        let own = capabilities["goog:chromeOptions"]["args"].as_array_mut().context("they have arguments")?;
        own.extend(arguments.iter().map(|&argument| json!(argument)));
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await?;
        Ok(Self { driver, profile, client })
    }

    /// The processes that draw its pages.
    #[must_use]
    pub fn renderers(&self) -> Vec<u32> {
        let own = self.profile.path().display().to_string();
        let is_renderer = |line: &str| line.contains(&own) && line.contains("--type=renderer");
        let ids = processes_that(is_renderer).into_iter();
        ids.filter_map(|process| u32::try_from(process.as_raw_nonzero().get()).ok()).collect()
    }

    /// The element with this CSS selector, once it is there.
    pub async fn find(&self, selector: &str) -> anyhow::Result<Element> {
        let wait = self.client.wait().at_most(PATIENCE).every(Duration::from_millis(50));
        match wait.for_element(Locator::Css(selector)).await {
            Ok(element) => Ok(element),
            Err(error) => {
                let page = self.client.source().await.unwrap_or_default();
                bail!("{selector} did not appear ({error}); the page is: {page}")
            }
        }
    }

    /// Clicks the element with this selector, once it is there.
    pub async fn click(&self, selector: &str) -> anyhow::Result<()> {
        let element = self.find(selector).await?;
        self.client
            .execute("arguments[0].scrollIntoView({block:'center'})", vec![serde_json::to_value(&element)?])
            .await?;
        element.click().await.with_context(|| format!("{selector} cannot be clicked"))
    }

    /// The text of the element with this selector, once it is there.
    pub async fn text(&self, selector: &str) -> anyhow::Result<String> {
        Ok(self.find(selector).await?.text().await?)
    }

    /// Whether an element with this selector is there now.
    pub async fn has(&self, selector: &str) -> anyhow::Result<bool> {
        Ok(!self.client.find_all(Locator::Css(selector)).await?.is_empty())
    }

    /// Opens a screen of the PSA, such as `company/250?member=Dispatch1`, and goes into its pod.
    pub async fn open_screen(&self, deployment: &Deployment, screen: &str) -> anyhow::Result<()> {
        self.client.goto(&format!("{}/{screen}", deployment.psa.url())).await?;
        self.enter_pod().await
    }

    /// Opens a company's screen as the dispatcher, and goes into its pod.
    pub async fn open_company(&self, deployment: &Deployment, company: i64) -> anyhow::Result<()> {
        self.open_screen(deployment, &format!("company/{company}?member=Dispatch1")).await
    }

    /// Goes into the pod's frame on the PSA page.
    pub async fn enter_pod(&self) -> anyhow::Result<()> {
        self.find("#pods iframe").await?.enter_frame().await?;
        Ok(())
    }

    /// What `axe-core` finds wrong with the frame that is shown, for people who cannot see or point: rule, help
    /// and where.
    pub async fn violations(&self) -> anyhow::Result<Vec<String>> {
        const RUN: &str = "const [done] = arguments; axe.run(document).then(({ violations }) => done(violations.map(\
            ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(' | ')}`)),\
            (error) => done([String(error)]));";
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("node_modules/axe-core/axe.min.js");
        let axe = std::fs::read_to_string(&path);
        let axe = axe.with_context(|| format!("{} is missing. Type: tests/run", path.display()))?;
        self.client.execute(&axe, Vec::new()).await?;
        Ok(serde_json::from_value(self.client.execute_async(RUN, Vec::new()).await?)?)
    }

    /// Saves a picture of the pod, whose frame this is in, whatever the PSA's page around it has scrolled to.
    pub async fn pod_screenshot(&self, name: &str) -> anyhow::Result<()> {
        self.client.clone().enter_parent_frame().await?;
        let frame = self.find("#pods iframe").await?;
        let shown = vec![serde_json::to_value(&frame)?];
        self.client.execute("arguments[0].scrollIntoView(true)", shown).await?;
        let picture = frame.screenshot().await?;
        frame.enter_frame().await?;
        let folder = screenshots();
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join(name), picture)?;
        Ok(())
    }

    /// Saves a picture of the window, or of an element of it.
    pub async fn screenshot(&self, name: &str) -> anyhow::Result<()> {
        let folder = screenshots();
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join(name), self.client.screenshot().await?)?;
        Ok(())
    }

    /// The profile's folder.
    #[must_use]
    pub fn profile(&self) -> PathBuf {
        self.profile.path().to_owned()
    }
}

/// Where pictures go: `target/screenshots`.
#[must_use]
pub fn screenshots() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target"), PathBuf::from);
    target.join("screenshots")
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Without its driver the browser would go on: it is found by the profile that only it has.
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        end_browser(self.profile.path());
    }
}

/// Ends every process of the browser that runs with this profile.
pub fn end_browser(profile: &Path) {
    let profile = profile.display().to_string();
    for process in processes_that(|line| line.contains(&profile)) {
        // It may have ended by itself.
        let _ = kill_process(process, Signal::KILL);
    }
}

/// The processes with such a command line.
fn processes_that(fits: impl Fn(&str) -> bool) -> Vec<Pid> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok);
    entries
        .filter(|entry| {
            std::fs::read(entry.path().join("cmdline"))
                .is_ok_and(|line| fits(&String::from_utf8_lossy(&line)))
        })
        .filter_map(|entry| Pid::from_raw(entry.file_name().to_str()?.parse().ok()?))
        .collect()
}
