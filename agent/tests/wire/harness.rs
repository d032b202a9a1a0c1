//! Starts the reading program as the service does, and verifies what it streams.

use std::io::Write;
use std::process::{Command, ExitStatus, Stdio};

use agent::source::{Limits, Security, Trust};
use agent::stream::{Bounds, Sealed, StreamError, Verifier};
use agent::{Password, ReadError, Source};
use sample_directory::{Fault, Options, SampleDirectory, start};

/// What a run of the program left.
pub(crate) struct Outcome {
    pub(crate) stream: Result<Sealed, StreamError>,
    pub(crate) status: ExitStatus,
    /// Everything that it printed, to look for what must not be there.
    pub(crate) printed: String,
}

impl Outcome {
    /// The error that the program reported before it ended in an orderly way.
    pub(crate) fn error(self) -> ReadError {
        assert_eq!(self.status.code(), Some(1), "{}", self.printed);
        match self.stream.unwrap_err() {
            StreamError::Failed(error) => error,
            other => panic!("{other}: {}", self.printed),
        }
    }

    pub(crate) fn sealed(self) -> Sealed {
        assert!(self.status.success(), "{}", self.printed);
        self.stream.unwrap()
    }
}

pub(crate) async fn directory() -> SampleDirectory {
    start(Options::default()).await.unwrap()
}

/// A source that works.
pub(crate) fn source(directory: &SampleDirectory) -> Source {
    Source {
        host: directory.host().to_owned(),
        address: Some(directory.address()),
        port: directory.address().port(),
        security: Security::Ldaps,
        trust: Trust::Authority { pem: directory.ca_pem().to_owned() },
        bind_name: directory.bind_name(),
        password: Password::new(directory.password().to_owned()),
        base: directory.base().to_owned(),
        filter: None,
        find: None,
        places: None,
        groups: false,
        page_size: 50,
        limits: Limits { seconds: 60, ..Limits::default() },
    }
}

/// Runs the program on a source.
pub(crate) async fn run(source: &Source) -> Outcome {
    run_on(serde_json::to_vec(source).unwrap()).await
}

/// Runs the program on whatever stands on its standard input.
pub(crate) async fn run_on(input: Vec<u8>) -> Outcome {
    tokio::task::spawn_blocking(move || {
        let mut child = Command::new(env!("CARGO_BIN_EXE_connectactive-agent"))
            .args(["read", "--memory-mb", "128", "--seconds", "60"])
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It may refuse its input before it has read all of it.
        let _ = child.stdin.take().unwrap().write_all(&input);
        let output = child.wait_with_output().unwrap();
        let mut verifier = Verifier::new(Bounds { accounts: 10_000, bytes: 64 << 20 });
        let pushed = verifier.push(&output.stdout);
        let stream = pushed.and_then(|_| verifier.finish());
        let printed = [output.stdout, output.stderr].concat();
        Outcome { stream, status: output.status, printed: String::from_utf8_lossy(&printed).into_owned() }
    })
    .await
    .unwrap()
}

/// Runs the program on a server with this fault.
pub(crate) async fn run_with(fault: Fault) -> Outcome {
    let directory = directory().await;
    directory.set_fault(Some(fault));
    run(&source(&directory)).await
}
