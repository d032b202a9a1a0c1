//! One process of the service among several: what can be done to it, and what it says.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::Duration,
};

use anyhow::Context;
use rustix::process::{Pid, Signal, kill_process};

/// How long a process may take until it serves.
const START: Duration = Duration::from_mins(1);

/// Starts `command` as `serve`, and waits until it does. Whoever wants may hear what it says on its
/// standard output.
pub(crate) fn serve(command: &mut Command) -> anyhow::Result<(Child, mpsc::Receiver<String>)> {
    let mut process = serving(command).spawn()?;
    let heard = hear(process.stdout.take().context("it was piped")?)?;
    Ok((process, heard))
}

fn serving(command: &mut Command) -> &mut Command {
    command.arg("serve").env("NO_COLOR", "1").stdout(Stdio::piped())
}

fn hear(output: impl Read + Send + 'static) -> anyhow::Result<mpsc::Receiver<String>> {
    let (sender, heard) = mpsc::channel();
    let (started, starting) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if line.contains("serving address=") {
                // The test may be over before the service says anything more.
                let _ = started.send(());
            }
            eprintln!("service: {line}");
            let _ = sender.send(line);
        }
    });
    starting.recv_timeout(START).context("the service did not start in time")?;
    Ok(heard)
}

/// A process of the service that others run beside, on the same store.
pub struct Replica {
    command: Command,
    process: Option<Child>,
    heard: Option<mpsc::Receiver<String>>,
    panics: Arc<AtomicUsize>,
    /// Where it listens, as `http://localhost:port`.
    pub url: String,
}

impl Replica {
    pub(crate) fn new(mut command: Command, url: String) -> Self {
        serving(&mut command).stderr(Stdio::piped());
        Self { command, process: None, heard: None, panics: Arc::default(), url }
    }

    /// Starts it, and waits until it serves.
    pub fn start(&mut self) -> anyhow::Result<()> {
        let mut process = self.command.spawn()?;
        let (output, errors) = (process.stdout.take(), process.stderr.take());
        self.process = Some(process);
        let (errors, panics) = (errors.context("it was piped")?, Arc::clone(&self.panics));
        std::thread::spawn(move || {
            for line in BufReader::new(errors).lines().map_while(Result::ok) {
                eprintln!("service: {line}");
                if line.contains("panicked at") {
                    panics.fetch_add(1, Ordering::SeqCst);
                }
            }
        });
        self.heard = Some(hear(output.context("it was piped")?)?);
        Ok(())
    }

    /// Kills it: nothing of it is done any more.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            // It may have ended by itself.
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    /// Takes every processor from it, as the pause of a virtual machine does.
    pub fn pause(&self) -> anyhow::Result<()> {
        self.signal(Signal::STOP)
    }

    /// Lets it go on as if no time had passed.
    pub fn wake(&self) -> anyhow::Result<()> {
        self.signal(Signal::CONT)
    }

    fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        let process = self.process.as_ref().context("it is running")?;
        let id = i32::try_from(process.id()).ok().and_then(Pid::from_raw);
        Ok(kill_process(id.context("a process has an id")?, signal)?)
    }

    /// Whether it has said something with these words in it since this was last asked.
    #[must_use]
    pub fn said(&self, words: &str) -> bool {
        let lines = self.heard.iter().flat_map(mpsc::Receiver::try_iter);
        lines.filter(|line| line.contains(words)).count() > 0
    }

    /// How often something in it panicked, all starts together.
    #[must_use]
    pub fn panics(&self) -> usize {
        self.panics.load(Ordering::SeqCst)
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        self.kill();
    }
}
