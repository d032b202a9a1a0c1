//! The child process that reads.
//!
//! A hostile or broken directory server can bring the LDAP library down, stack and all; here that
//! ends a child that has an empty environment, no descriptor but its three, and limits of its own.

use std::{path::PathBuf, process::Stdio, time::Duration};

use agent::{
    ReadError, Source,
    stream::{Bounds, Event, StreamError, Verifier},
};
use pod_view::wire::Problem;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::Command,
    sync::Semaphore,
};
use zeroize::Zeroizing;

use super::{CompleteSnapshot, words};
use crate::security::egress::{Egress, EgressError};

/// Which program reads: usually this one, with the argument `read`.
#[derive(Clone, Debug)]
pub struct ReaderProgram {
    /// The executable.
    pub program: PathBuf,
    /// What comes before the limits on its command line.
    pub arguments: Vec<String>,
}

impl ReaderProgram {
    /// The program that is running now.
    pub fn this_program() -> std::io::Result<Self> {
        Ok(Self { program: std::env::current_exe()?, arguments: vec!["read".to_owned()] })
    }
}

/// Starts reads, a few at a time.
#[derive(Debug)]
pub struct Reader {
    program: ReaderProgram,
    egress: Egress,
    places: Semaphore,
}

/// Why there is no snapshot.
#[derive(Debug, thiserror::Error)]
pub enum ReadFailure {
    /// The host may not be connected to, or has no address.
    #[error(transparent)]
    Egress(#[from] EgressError),
    /// The reader says why.
    #[error(transparent)]
    Read(ReadError),
    /// The stream was no whole directory.
    #[error(transparent)]
    Stream(StreamError),
    /// The child process could not be started or talked to.
    #[error("the reading process failed: {0}")]
    Child(#[from] std::io::Error),
    /// Too many other directories are being read.
    #[error("no place to read became free in time")]
    Busy,
    /// The child did not end in time.
    #[error("the reading process took too long and was ended")]
    TookTooLong,
}

impl ReadFailure {
    /// In words for the person in the pod.
    #[must_use]
    pub fn problem(&self) -> Problem {
        words::problem(self)
    }
}

/// Beyond its own limits, for starting and ending.
const GRACE: Duration = Duration::from_secs(15);
/// How long a read waits for a free place.
const LONGEST_QUEUE: Duration = Duration::from_mins(2);
const MIB: u64 = 1 << 20;

impl Reader {
    /// At most two reads per core at a time; the others wait.
    #[must_use]
    pub fn new(program: ReaderProgram, egress: Egress) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { program, egress, places: Semaphore::new(cores * 2) }
    }

    /// Reads the whole directory, or says why not. `progress` is told how many accounts came.
    /// Dropping the future ends the child.
    pub async fn read(
        &self,
        mut source: Source,
        mut progress: impl FnMut(u64),
    ) -> Result<CompleteSnapshot, ReadFailure> {
        let place = tokio::time::timeout(LONGEST_QUEUE, self.places.acquire());
        let _place = place.await.map_err(|_| ReadFailure::Busy)?.expect("the semaphore is never closed");
        source.address = Some(self.egress.resolve(&source.host, source.port).await?);
        let limits = source.limits;
        let time = Duration::from_secs(limits.seconds) + GRACE;
        tokio::time::timeout(time, self.run(&source, &mut progress))
            .await
            .map_err(|_| ReadFailure::TookTooLong)?
    }

    async fn run(
        &self,
        source: &Source,
        progress: &mut impl FnMut(u64),
    ) -> Result<CompleteSnapshot, ReadFailure> {
        let mut child = Command::new(&self.program.program)
            .args(&self.program.arguments)
            .args(["--memory-mb", &(source.limits.memory_bytes / MIB).to_string()])
            .args(["--seconds", &source.limits.seconds.to_string()])
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let mut input = child.stdin.take().expect("it was piped");
        let mut output = child.stdout.take().expect("it was piped");

        let text = Zeroizing::new(serde_json::to_vec(source).map_err(std::io::Error::other)?);
        // A child that died at once closes the pipe; what it wrote before tells more than that.
        let written = input.write_all(&text).await;
        drop(input);
        drop(text);

        // The limit counts what the directory sends; the same as lines of JSON is longer.
        let bytes = source.limits.bytes.saturating_mul(4);
        let mut verifier = Verifier::new(Bounds { accounts: source.limits.accounts, bytes });
        let mut buffer = vec![0; 64 << 10];
        let mut accounts = 0;
        loop {
            let length = output.read(&mut buffer).await?;
            if length == 0 {
                break;
            }
            for event in verifier.push(&buffer[..length]).map_err(failure)? {
                if let Event::Account(_) = event {
                    accounts += 1;
                }
            }
            progress(accounts);
        }
        let sealed = verifier.finish().map_err(failure)?;
        written?;
        // A reader that sealed and then failed is not to be believed.
        if !child.wait().await?.success() {
            return Err(ReadFailure::Stream(StreamError::Incomplete { accounts }));
        }
        Ok(CompleteSnapshot::new(sealed))
    }
}

fn failure(error: StreamError) -> ReadFailure {
    match error {
        StreamError::Failed(error) => ReadFailure::Read(error),
        error => ReadFailure::Stream(error),
    }
}
