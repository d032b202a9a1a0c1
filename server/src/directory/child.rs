//! The child process that reads.
//!
//! A hostile or broken directory server can bring the LDAP library down, stack and all; here that
//! ends a child that has an empty environment, no descriptor but its three, and limits of its own.

use std::{
    path::PathBuf,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use agent::{
    Find, ReadError, Source,
    find::MOST_FOUND,
    places::FoundPlaces,
    read::Milestone,
    stream::{Bounds, Event, StreamError, Verifier},
};
use pod_view::wire::Problem;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::Command,
    sync::{Semaphore, SemaphorePermit},
};
use zeroize::Zeroizing;

use super::{CompleteSnapshot, FoundAccounts, words};
use crate::security::egress::{Egress, EgressError, Found};

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

/// Where sealed streams come from, when no child of ours reads.
pub type Streams = Arc<dyn Fn(&Source) -> Vec<u8> + Send + Sync>;

enum How {
    Child(ReaderProgram),
    Streams(Streams),
}

impl std::fmt::Debug for How {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Child(program) => program.fmt(f),
            Self::Streams(_) => f.write_str("streams"),
        }
    }
}

/// Starts reads, a few at a time.
#[derive(Debug)]
pub struct Reader {
    how: How,
    egress: Egress,
    places: Semaphore,
    waiting: AtomicU32,
}

/// How far a read is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadProgress {
    /// The name has these addresses.
    LookedUp(Vec<Found>),
    /// The reader passed this point.
    Step(Milestone),
    /// So many other reads have to end before this one begins.
    Waiting(u32),
    /// So many accounts came.
    Accounts(u64),
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

    /// The same for somebody who sees the certificate beside it, and knows that nothing is written.
    #[must_use]
    pub fn cause(&self) -> Problem {
        words::cause(self)
    }
}

/// Beyond its own limits, for starting and ending.
const GRACE: Duration = Duration::from_secs(15);
/// How long a search for somebody may take: a person waits for it.
const LONGEST_SEARCH: Duration = Duration::from_mins(1);
/// How long a search for places may take: a person is typing.
const LONGEST_LOOK: Duration = Duration::from_secs(20);
/// Bytes of the places that one search looks through.
const LARGEST_PLACES: u64 = 4 << 20;
/// How long a read waits for a free place.
const LONGEST_QUEUE: Duration = Duration::from_mins(2);
const MIB: u64 = 1 << 20;

impl Reader {
    /// At most two reads per core at a time; the others wait.
    #[must_use]
    pub fn new(program: ReaderProgram, egress: Egress) -> Self {
        Self::reading(How::Child(program), egress)
    }

    /// Believes streams that somebody else read, by the same rules: whole and sealed.
    #[must_use]
    pub fn of_streams(streams: Streams, egress: Egress) -> Self {
        Self::reading(How::Streams(streams), egress)
    }

    fn reading(how: How, egress: Egress) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { how, egress, places: Semaphore::new(cores * 2), waiting: AtomicU32::new(0) }
    }

    /// Reads the whole directory, or says why not. Dropping the future ends the child.
    pub async fn read(
        &self,
        mut source: Source,
        progress: impl FnMut(ReadProgress),
    ) -> Result<CompleteSnapshot, ReadFailure> {
        source.find = None;
        source.places = None;
        let verifier = self.stream(source, progress).await?;
        CompleteSnapshot::new(verifier.finish().map_err(failure)?)
    }

    /// Finds a few people of a directory by the same way, or says why not. Whoever is not among them may
    /// be there all the same.
    pub async fn find(&self, mut source: Source, find: Find) -> Result<FoundAccounts, ReadFailure> {
        source.find = Some(find);
        source.limits.accounts = MOST_FOUND;
        source.limits.seconds = source.limits.seconds.min(LONGEST_SEARCH.as_secs());
        let verifier = self.stream(source, |_| {}).await?;
        Ok(FoundAccounts::new(verifier.finish_found().map_err(failure)?))
    }

    /// Finds the groups or units that a source looks for, by the same way, or says why not.
    pub async fn places(&self, mut source: Source) -> Result<FoundPlaces, ReadFailure> {
        source.limits.bytes = LARGEST_PLACES;
        source.limits.seconds = source.limits.seconds.min(LONGEST_LOOK.as_secs());
        let mut found = None;
        let verifier = self
            .stream(source, |reached| {
                if let ReadProgress::Step(Milestone::Places(places)) = reached {
                    found = Some(places);
                }
            })
            .await?;
        verifier.finish_found().map_err(failure)?;
        found.ok_or(ReadFailure::Stream(StreamError::Incomplete { accounts: 0 }))
    }

    /// A stream that came to its end, whatever that was.
    async fn stream(
        &self,
        mut source: Source,
        mut progress: impl FnMut(ReadProgress),
    ) -> Result<Verifier, ReadFailure> {
        let _place = self.place(&mut progress).await?;
        let found = self.egress.look_up(&source.host).await?;
        progress(ReadProgress::LookedUp(found.clone()));
        source.address = Some(self.egress.choose(&source.host, &found, source.port)?);
        let limits = source.limits;
        let program = match &self.how {
            How::Child(program) => program,
            How::Streams(streams) => return verified(&source, &streams(&source)),
        };
        let time = Duration::from_secs(limits.seconds) + GRACE;
        tokio::time::timeout(time, run(program, &source, &mut progress))
            .await
            .map_err(|_| ReadFailure::TookTooLong)?
    }

    async fn place(
        &self,
        progress: &mut impl FnMut(ReadProgress),
    ) -> Result<SemaphorePermit<'_>, ReadFailure> {
        if let Ok(place) = self.places.try_acquire() {
            return Ok(place);
        }
        let queued = Queued::behind(&self.waiting);
        progress(ReadProgress::Waiting(queued.others + 1));
        let place = tokio::time::timeout(LONGEST_QUEUE, self.places.acquire()).await;
        let place = place.map_err(|_| ReadFailure::Busy)?.expect("the semaphore is never closed");
        progress(ReadProgress::Accounts(0));
        Ok(place)
    }
}

/// How much of a stream is taken. The limit counts what the directory sends; the same as lines of
/// JSON is longer.
const fn bounds(source: &Source) -> Bounds {
    Bounds { accounts: source.limits.accounts, bytes: source.limits.bytes.saturating_mul(4) }
}

fn verified(source: &Source, stream: &[u8]) -> Result<Verifier, ReadFailure> {
    let mut verifier = Verifier::new(bounds(source));
    verifier.push(stream).map_err(failure)?;
    Ok(verifier)
}

async fn run(
    program: &ReaderProgram,
    source: &Source,
    progress: &mut impl FnMut(ReadProgress),
) -> Result<Verifier, ReadFailure> {
    let mut child = Command::new(&program.program)
        .args(&program.arguments)
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

    let mut verifier = Verifier::new(bounds(source));
    let mut buffer = vec![0; 64 << 10];
    let mut accounts = 0;
    loop {
        let length = output.read(&mut buffer).await?;
        if length == 0 {
            break;
        }
        let told = |event| match event {
            Event::Account(_) => accounts += 1,
            Event::Step(step) => progress(ReadProgress::Step(step)),
            Event::Progress { .. } => progress(ReadProgress::Accounts(accounts)),
            Event::Sealed => {}
        };
        verifier.push_telling(&buffer[..length], told).map_err(failure)?;
    }
    if !verifier.has_ended() {
        verifier.finish().map_err(failure)?;
        return Err(ReadFailure::Stream(StreamError::Incomplete { accounts }));
    }
    written?;
    // A reader that sealed and then failed is not to be believed.
    if !child.wait().await?.success() {
        return Err(ReadFailure::Stream(StreamError::Incomplete { accounts }));
    }
    Ok(verifier)
}

/// One that waits, for as long as this lives.
struct Queued<'a> {
    waiting: &'a AtomicU32,
    others: u32,
}

impl<'a> Queued<'a> {
    fn behind(waiting: &'a AtomicU32) -> Self {
        Self { waiting, others: waiting.fetch_add(1, Ordering::Relaxed) }
    }
}

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        self.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

fn failure(error: StreamError) -> ReadFailure {
    match error {
        StreamError::Failed(error) => ReadFailure::Read(error),
        error => ReadFailure::Stream(error),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use agent::{Password, read::Sink, source, stream::Writer};
    use futures_util::future::join_all;
    use reconcile::Account;

    use super::*;
    use crate::security::egress::DIRECTORY_PORTS;

    fn reader(script: &str) -> Reader {
        let program =
            ReaderProgram { program: "/bin/sh".into(), arguments: vec!["-c".into(), script.into()] };
        let loopback = vec!["127.0.0.0/8".parse().unwrap()];
        Reader::new(program, Egress { allowed_networks: loopback, allowed_ports: DIRECTORY_PORTS.to_vec() })
    }

    fn source() -> Source {
        Source {
            host: "127.0.0.1".into(),
            address: None,
            port: 636,
            security: source::Security::Ldaps,
            trust: source::Trust::PublicAuthorities,
            bind_name: "reader".into(),
            password: Password::new("secret".into()),
            base: "DC=corp,DC=harbor,DC=example".into(),
            filter: None,
            find: None,
            places: None,
            groups: false,
            page_size: 100,
            limits: source::Limits::default(),
        }
    }

    #[tokio::test]
    async fn reads_beyond_the_places_are_told_that_they_wait() {
        let reader = reader("cat > /dev/null; sleep 0.2");
        let places = reader.places.available_permits();
        let told = Mutex::new(Vec::new());
        let reads =
            (0..places + 2).map(|_| reader.read(source(), |progress| told.lock().unwrap().push(progress)));
        for outcome in join_all(reads).await {
            // A program that says nothing has not read a directory.
            assert!(matches!(outcome, Err(ReadFailure::Stream(StreamError::Incomplete { accounts: 0 }))));
        }
        let told = told.into_inner().unwrap();
        let waits: Vec<_> = told.iter().filter(|told| matches!(told, ReadProgress::Waiting(_))).collect();
        assert_eq!(waits, [&ReadProgress::Waiting(1), &ReadProgress::Waiting(2)]);
        assert_eq!(reader.waiting.load(Ordering::Relaxed), 0);
    }

    /// A reader whose stream is sealed over so many accounts, and that ends like this.
    fn sealed(accounts: u128, end: &str) -> Reader {
        let mut stream = Vec::new();
        let mut writer = Writer::new(&mut stream);
        for number in 1..=accounts {
            let id = format!("00000000-0000-4000-8000-{number:012}").parse().unwrap();
            writer.account(Account { id, ..Account::default() }).unwrap();
        }
        writer.seal().unwrap();
        let stream = String::from_utf8(stream).unwrap();
        reader(&format!("cat > /dev/null; printf '%s' '{stream}'; {end}"))
    }

    #[tokio::test]
    async fn a_reader_that_fails_after_its_seal_is_not_believed() {
        assert!(sealed(1, "exit 0").read(source(), |_| {}).await.is_ok());
        let failed = sealed(1, "exit 1").read(source(), |_| {}).await;
        assert!(matches!(failed, Err(ReadFailure::Stream(StreamError::Incomplete { .. }))), "{failed:?}");
    }

    #[tokio::test]
    async fn nobody_at_all_is_no_directory_however_well_it_is_sealed() {
        let nobody = sealed(0, "exit 0").read(source(), |_| {}).await;
        assert!(matches!(nobody, Err(ReadFailure::Read(ReadError::NothingFound))), "{nobody:?}");
    }

    #[tokio::test]
    async fn what_a_search_finds_is_taken_by_a_search_only() {
        let find = Find::default;
        // A reader that takes a search for a whole read, and one that does the opposite.
        let whole = sealed(1, "exit 0").find(source(), find()).await;
        assert!(matches!(whole, Err(ReadFailure::Stream(StreamError::Incomplete { .. }))), "{whole:?}");
        let mut stream = Vec::new();
        Writer::new(&mut stream).found().unwrap();
        let stream = String::from_utf8(stream).unwrap();
        let nobody = reader(&format!("cat > /dev/null; printf '%s' '{stream}'"));
        let read = nobody.read(source(), |_| {}).await;
        assert!(matches!(read, Err(ReadFailure::Stream(StreamError::Incomplete { .. }))), "{read:?}");
        assert!(nobody.find(source(), find()).await.unwrap().into_accounts().is_empty());
    }

    #[tokio::test]
    async fn a_program_that_is_not_there_says_so() {
        let program = ReaderProgram { program: "/nonexistent/reader".into(), arguments: Vec::new() };
        let reader = Reader { how: How::Child(program), ..reader("") };
        assert!(matches!(reader.read(source(), |_| {}).await, Err(ReadFailure::Child(_))));
    }
}
