//! The same for a browser: `make(people)`, `plan(linked) -> u64`, `replan(place) -> u64`; the numbers are
//! the first halves of plans' digests.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};

const TARGET: &str = "wasm32-unknown-unknown";

/// Compiles this crate for WASM, in a target folder of its own below `out`; gives the file.
pub fn build(out: &Path) -> Result<PathBuf> {
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .args(["build", "--locked", "--package", "crowd", "--target", TARGET, "--profile", "wasm-release"])
        .arg("--target-dir")
        .arg(out)
        .status()
        .context("start cargo")?;
    ensure!(status.success(), "the planner did not compile for WASM; is the target {TARGET} installed?");
    Ok(out.join(TARGET).join("wasm-release/crowd.wasm"))
}
