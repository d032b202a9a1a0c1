//! A client that others wrote works against the simulator: `pyconnectwise`, with its own idea of what
//! a PSA answers (its models check every field).

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use psa_simulator::{CLIENT_ID, Kind, Options, PRIVATE_KEY, PUBLIC_KEY};
use serde_json::{Value, json};

use crate::common::{ACME, Psa, options};

const REQUIREMENTS: &str = include_str!("../pyconnectwise/requirements.txt");

fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| {
        panic!("{command:?} cannot be run ({error}); python3 with venv and pip is missing. Type: tests/run")
    })
}

/// A Python with what the script needs, made once and kept for later runs.
fn python() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pyconnectwise");
    let (stamp, python) = (folder.join("installed.txt"), folder.join("bin/python"));
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == REQUIREMENTS) {
        return python;
    }
    let made = run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder));
    let said = String::from_utf8_lossy(&made.stderr).into_owned();
    assert!(made.status.success(), "no environment for Python could be made. Type: tests/run\n{said}");
    let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pyconnectwise/requirements.txt");
    let pip = run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r"])
        .arg(requirements));
    let said = String::from_utf8_lossy(&pip.stderr).into_owned();
    assert!(pip.status.success(), "pyconnectwise could not be installed:\n{said}");
    fs::write(stamp, REQUIREMENTS).expect("there is room");
    python
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_others_wrote_reads_and_writes() {
    let python = tokio::task::spawn_blocking(python).await.expect("the environment is made");
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let tls = Options { tls_dir: Some(folder.path().to_owned()), ..options() };
    let psa = Psa::trusting(tls, folder.path()).await;
    let host = psa.simulator.url().trim_start_matches("https://").to_owned();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pyconnectwise/client.py");
    let authority = folder.path().join("ca.pem");
    let output = tokio::task::spawn_blocking(move || {
        let mut child = Command::new(python)
            .arg(script)
            .args([&host, &ACME.to_string()])
            .env("REQUESTS_CA_BUNDLE", authority)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("Python starts");
        let keys = json!({ "client_id": CLIENT_ID, "public": PUBLIC_KEY, "private": PRIVATE_KEY });
        let mut input = child.stdin.take().expect("it was piped");
        input.write_all(keys.to_string().as_bytes()).expect("Python listens");
        drop(input);
        child.wait_with_output().expect("Python ends")
    })
    .await
    .expect("the script was run");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    let seen: Value = serde_json::from_slice(&output.stdout).expect("one line of JSON");

    let world = psa.simulator.world();
    let world = world.lock();
    let made = seen["made"][0].as_i64().expect("an id");
    let before: Vec<i64> = world
        .contacts_of(ACME)
        .iter()
        .filter_map(|row| row["id"].as_i64())
        .filter(|id| *id != made)
        .collect();
    assert_eq!(seen["codebase"], "v4_6_release/");
    assert_eq!([&seen["listed"], &seen["paged"]], [&json!(before), &json!(before)]);
    assert_eq!(seen["count"], before.len());
    assert_eq!(seen["found"], json!(["Ann Lee"]));
    assert_eq!(seen["active"], json!(["Ann"]));
    assert_eq!(seen["made"], json!([made, false, "dirk@acme.example"]));
    assert_eq!((&seen["patched"], &seen["deactivated"]), (&json!("Buyer"), &json!([true, true])));
    let dirk = world.record(Kind::Contact, made).expect("he is there");
    assert_eq!([&dirk["title"], &dirk["inactiveFlag"]], [&json!("Buyer"), &json!(true)]);
    assert_eq!((&seen["refused"], &seen["missing"]), (&json!("firstName"), &json!("NotFound")));
    assert_eq!(seen["notes"], json!(["first line", "second", ["second"]]));
    assert_eq!(seen["agreement"], json!(["Managed Services", "Active"]));
    assert_eq!(seen["quantity"], json!([10.0, 12.0, 12.0, 540.0]));
    assert_eq!([&seen["addition"][1], &seen["addition"][2]], [&json!(3.0), &json!(12.5)]);
    assert_eq!(seen["bundle"], "product");
}
