//! Chromium by its `WebDriver`.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_mins(1);

/// A browser that ends with its test.
pub(crate) struct Browser {
    driver: Child,
    profile: TempDir,
    pub(crate) client: Client,
}

impl Browser {
    pub(crate) async fn new() -> Self {
        let profile = tempfile::tempdir().expect("a folder");
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is missing: install the packages chromium and chromium-driver");
        let mut lines = BufReader::new(driver.stdout.take().expect("it is piped")).lines();
        let port = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                line.split_once("started successfully on port ").map(|(_, port)| port.to_owned())
            })
            .expect("chromedriver says its port");
        // It goes on writing; somebody has to read.
        std::thread::spawn(move || lines.for_each(drop));
        let options = json!({
            "args": [
                "--headless", "--window-size=1280,900", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
                "--disable-background-networking", "--disable-component-update",
                format!("--user-data-dir={}", profile.path().display()),
            ],
        });
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("goog:chromeOptions".into(), options);
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{}", port.trim_end_matches('.')))
            .await
            .expect("a session");
        Self { driver, profile, client }
    }

    pub(crate) async fn open(&self, address: &str) {
        self.client.goto(address).await.expect("a page");
    }

    /// The value of an expression in the page, a promise included.
    pub(crate) async fn value(&self, expression: &str) -> Value {
        let script = format!(
            "const done = arguments[arguments.length - 1]; Promise.resolve({expression}).then(done, (e) => done(String(e)));"
        );
        self.client.execute_async(&script, Vec::new()).await.expect("a value")
    }

    /// Come back when the expression is true. It is no promise: a page that is loaded anew meanwhile would
    /// never answer for the one before it.
    pub(crate) async fn until(&self, expression: &str) {
        let start = std::time::Instant::now();
        let script = format!("try {{ return ({expression}) === true; }} catch {{ return false; }}");
        let is_true =
            async || self.client.execute(&script, Vec::new()).await.expect("a value") == json!(true);
        while !is_true().await {
            assert!(
                start.elapsed() < PATIENCE,
                "never true: {expression}; the log is {}",
                self.value("window.psa && psa.log").await
            );
            tokio::task::yield_now().await;
        }
    }

    pub(crate) async fn click(&self, selector: &str) {
        let element = self.client.find(Locator::Css(selector)).await.expect(selector);
        element.click().await.expect(selector);
    }

    /// The value of an expression in the pod.
    pub(crate) async fn in_pod(&self, expression: &str) -> Value {
        let frame = self.client.find(Locator::Css("iframe.pod")).await.expect("the pod");
        frame.enter_frame().await.expect("the frame");
        let value = self.value(expression).await;
        self.client.enter_parent_frame().await.expect("the page");
        value
    }

    /// What the pod heard so far, read as JSON.
    pub(crate) async fn heard(&self) -> Vec<Value> {
        let heard = self.in_pod("heard.map(({ data }) => JSON.parse(data))").await;
        heard.as_array().cloned().unwrap_or_default()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        drop(self.driver.kill());
        drop(self.driver.wait());
        integration::browser::end_browser(self.profile.path());
    }
}
