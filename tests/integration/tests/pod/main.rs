//! The pod in a browser: every state that a person may see, and the review by keyboard alone.

mod keyboard;
mod list;
mod states;

use integration::{browser::Browser, service::Deployment};

/// Opens a company's screen as a member, as wide as the window, and goes into the pod.
async fn open(browser: &Browser, deployment: &Deployment, member: &str, company: i64) -> anyhow::Result<()> {
    browser.open_screen(deployment, &format!("company/{company}?member={member}&full_width=1")).await
}
