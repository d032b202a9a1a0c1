//! The simulator as a program.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use crate::openapi::{departments, file};
use psa_simulator::Switches;

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_psa-simulator"));
    command.args(arguments).env_remove("PSA_OPENAPI").env_remove("RUST_LOG");
    command
}

fn output(arguments: &[&str]) -> (bool, String) {
    let Output { status, stdout, stderr } = program(arguments).output().expect("a run");
    let text = [stdout, stderr].concat();
    (status.success(), String::from_utf8_lossy(&text).into_owned())
}

/// The program, listening.
struct Running {
    child: Child,
    lines: BufReader<ChildStdout>,
    origin: String,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let mut child = program(&["--port", "0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program");
        let mut lines = BufReader::new(child.stdout.take().expect("its output"));
        let mut origin = String::new();
        let mut line = String::new();
        while lines.read_line(&mut line).expect("a line") > 0 && !line.starts_with("Stop it") {
            if let Some(address) = line.trim().strip_prefix("company screen") {
                address.trim().trim_end_matches('/').clone_into(&mut origin);
            }
            line.clear();
        }
        assert!(origin.starts_with("http://"), "it did not say where it is");
        Self { child, lines, origin }
    }

    /// Tells it to stop; whether it ended well, and its last words.
    fn stop(mut self, signal: &str) -> (bool, String) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        assert!(sent.expect("kill").success());
        let mut last = String::new();
        self.lines.read_to_string(&mut last).expect("its last words");
        let status = self.child.wait().expect("its end");
        (status.success(), last)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended unless the test failed before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn help_lists_every_switch_with_its_default_and_every_fault() {
    let (success, help) = output(&["--help"]);
    assert!(success);
    assert!(help.contains(&Switches::table()), "{help}");
    for kind in ["status_429", "lost_after_write", "done_later", "truncated"] {
        assert!(help.contains(&format!("\n  {kind}\n")), "{kind}");
    }
}

#[test]
fn what_is_wrong_on_the_command_line_is_said_before_anything_starts() {
    for (arguments, part) in [
        (["--switch", "name_limits=1"], "no such switch"),
        (["--switch", "name_limit=many"], "name_limit=many"),
        (["--switch", "name_limit"], "NAME=VALUE"),
        (["--fault", "POST /company/contacts sluggish"], "lost_after_write"),
        (["--openapi", "/nowhere/psa.json"], "/nowhere/psa.json"),
    ] {
        let (success, text) = output(&arguments);
        assert!(!success && text.contains(part), "{arguments:?}: {text}");
    }
}

#[tokio::test]
async fn switches_and_faults_reach_the_simulator() {
    let psa = Running::start(&[
        "--switch",
        "requests_per_minute=1",
        "--fault",
        "GET /company/contacts/departments html_502",
    ]);
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(departments(&psa.origin).await);
    }
    assert_eq!(statuses, [502, 200, 429], "the fault once, then what the switch lets through");
    assert_eq!(psa.stop("-INT"), (true, String::new()));
}

#[tokio::test]
async fn a_program_that_did_not_fit_its_file_ends_badly_and_says_why() {
    let file = file();
    let psa = Running::start(&["--openapi", file.to_str().expect("a path")]);
    assert_eq!(departments(&psa.origin).await, 500);
    let (success, last) = psa.stop("-TERM");
    assert!(!success);
    assert!(last.contains("does not fit: GET /company/contacts/departments"), "{last}");
}
