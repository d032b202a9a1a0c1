//! Builds the pod for the browser and writes the table of files that `src/assets.rs` serves, so
//! that one `cargo build` makes one program with everything in it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "wasm-release";

/// Everything that the built pod depends on, from the workspace's root.
const SOURCES: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "pod-frontend/Cargo.toml",
    "pod-frontend/assets",
    "pod-frontend/src",
    "pod-frontend/view/Cargo.toml",
    "pod-frontend/view/src",
    "reconcile/Cargo.toml",
    "reconcile/build.rs",
    "reconcile/src",
    "rust-toolchain.toml",
    "server/assets",
    "server/build.rs",
];

type Outcome<T> = Result<T, String>;

fn main() {
    if let Err(problem) = build() {
        eprintln!("error: {problem}");
        std::process::exit(1);
    }
}

fn build() -> Outcome<()> {
    let root = folder("CARGO_MANIFEST_DIR")?.join("..");
    let out = folder("OUT_DIR")?;
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", root.join(source).display());
    }
    need_target()?;
    let wasm = compile(&root, &out)?;
    let (script, wasm) = bind(&wasm, &out)?;
    let sources = root.join("pod-frontend/assets");
    let boot = read(&sources.join("boot.js"))?;
    let glance = read(&sources.join("glance.js"))?;
    let style = read(&sources.join("pod.css"))?;
    let own = root.join("server/assets");
    let join_script = read(&own.join("join.js"))?;
    let admin_script = read(&own.join("admin.js"))?;
    let join_style = read(&own.join("join.css"))?;

    let mut table = Vec::new();
    for (name, stem, ending, content_type, bytes) in [
        ("BOOT_JS", "boot", "js", "text/javascript; charset=utf-8", boot),
        ("GLANCE_JS", "glance", "js", "text/javascript; charset=utf-8", glance),
        ("POD_JS", "pod", "js", "text/javascript; charset=utf-8", script),
        ("POD_WASM", "pod", "wasm", "application/wasm", wasm),
        ("POD_CSS", "pod", "css", "text/css; charset=utf-8", style),
        ("JOIN_JS", "join", "js", "text/javascript; charset=utf-8", join_script),
        ("ADMIN_JS", "admin", "js", "text/javascript; charset=utf-8", admin_script),
        ("JOIN_CSS", "join", "css", "text/css; charset=utf-8", join_style),
    ] {
        let hash = hex::encode(&Sha256::digest(&bytes)[..8]);
        write(&out.join(format!("{stem}.{ending}")), &bytes)?;
        write(&out.join(format!("{stem}.{ending}.br")), &squeeze(&bytes)?)?;
        table.push(format!(
            "static {name}: Asset = Asset {{\n    path: \"{stem}.{hash}.{ending}\",\n    content_type: \
             {content_type:?},\n    plain: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{stem}.{ending}\")),\n    \
             brotli: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{stem}.{ending}.br\")),\n}};\n"
        ));
    }
    write(&out.join("assets.rs"), table.concat().as_bytes())
}

/// Looks for the browser's target and installs it once when it is missing.
fn need_target() -> Outcome<()> {
    if target_is_there() {
        return Ok(());
    }
    let added = Command::new("rustup").args(["target", "add", TARGET]).status();
    if added.is_ok_and(|status| status.success()) && target_is_there() {
        return Ok(());
    }
    Err(format!("the pod needs Rust's browser target; install it with: rustup target add {TARGET}"))
}

fn target_is_there() -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    Command::new(rustc)
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .ok()
        .filter(|output| output.status.success())
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .is_some_and(|folder| Path::new(folder.trim()).exists())
}

/// Compiles the pod with a cargo of its own. Its target folder is its own too: the outer cargo
/// holds the lock on the usual one.
fn compile(root: &Path, out: &Path) -> Outcome<PathBuf> {
    let target_folder = out.join("wasm");
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(root)
        .args(["build", "--package", "pod-frontend", "--target", TARGET, "--profile", PROFILE, "--locked"])
        .arg("--target-dir")
        .arg(&target_folder);
    // What was set for the outer build is not meant for this one.
    for (name, _) in env::vars_os() {
        let Some(text) = name.to_str() else { continue };
        let foreign = matches!(
            text,
            "RUSTFLAGS" | "CARGO_ENCODED_RUSTFLAGS" | "RUSTC_WORKSPACE_WRAPPER" | "RUSTDOCFLAGS"
        ) || text.starts_with("CARGO_FEATURE_")
            || text.starts_with("CARGO_PROFILE_");
        if foreign {
            cargo.env_remove(&name);
        }
    }
    let status =
        cargo.status().map_err(|error| format!("cargo for the pod could not be started: {error}"))?;
    if !status.success() {
        return Err("the pod (package pod-frontend) did not compile; see cargo's messages above".to_owned());
    }
    Ok(target_folder.join(TARGET).join(PROFILE).join("pod_frontend.wasm"))
}

/// The script that loads the pod, and the pod as that script expects it.
fn bind(wasm: &Path, out: &Path) -> Outcome<(Vec<u8>, Vec<u8>)> {
    let bound = out.join("bound");
    if bound.exists() {
        fs::remove_dir_all(&bound).map_err(|error| format!("cannot empty {}: {error}", bound.display()))?;
    }
    Bindgen::new()
        .input_path(wasm)
        .out_name("pod")
        .web(true)
        .and_then(|bindgen| {
            bindgen
                .typescript(false)
                .remove_producers_section(true)
                .remove_name_section(true)
                .generate(&bound)
        })
        .map_err(|error| format!("wasm-bindgen failed on the pod: {error:#}"))?;
    if bound.join("snippets").exists() {
        return Err("a dependency of the pod brings scripts of its own, which nothing serves".to_owned());
    }
    Ok((read(&bound.join("pod.js"))?, read(&bound.join("pod_bg.wasm"))?))
}

fn squeeze(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut squeezed = Vec::new();
    let settings = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut squeezed, &settings)
        .map_err(|error| format!("brotli failed: {error}"))?;
    Ok(squeezed)
}

fn folder(variable: &str) -> Outcome<PathBuf> {
    env::var_os(variable).map(PathBuf::from).ok_or_else(|| format!("cargo did not set {variable}"))
}

fn read(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Outcome<()> {
    fs::write(path, bytes).map_err(|error| format!("cannot write {}: {error}", path.display()))
}
