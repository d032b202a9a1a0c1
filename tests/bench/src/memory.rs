//! How much memory a process and its children have together.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

const LOOK: Duration = Duration::from_millis(50);

/// A process and its children, looked at twenty times a second.
pub(crate) struct Memory {
    peak_kb: Arc<AtomicU64>,
    over: Arc<AtomicBool>,
    task: Option<JoinHandle<()>>,
}

impl Memory {
    /// Watches from now on.
    pub(crate) fn watch(process: u32) -> Self {
        let (peak_kb, over) = (Arc::<AtomicU64>::default(), Arc::<AtomicBool>::default());
        let task = {
            let (peak_kb, over) = (Arc::clone(&peak_kb), Arc::clone(&over));
            thread::spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    peak_kb.fetch_max(together(process), Ordering::Relaxed);
                    thread::sleep(LOOK);
                }
            })
        };
        Self { peak_kb, over, task: Some(task) }
    }

    /// The most that there was, in mebibytes.
    pub(crate) fn peak_mb(mut self) -> f64 {
        self.end();
        let tenths = self.peak_kb.load(Ordering::Relaxed) * 10 / 1024;
        f64::from(u32::try_from(tenths).unwrap_or(u32::MAX)) / 10.0
    }

    fn end(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        if let Some(task) = self.task.take() {
            // It returns nothing, and one that panicked has said so.
            let _ = task.join();
        }
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.end();
    }
}

/// A child that has not begun its own program yet is the service's own memory once more, and is left out.
fn together(process: u32) -> u64 {
    let own = command_line(process);
    let children = children(process).filter(|child| command_line(*child) != own);
    proportional_kb(process) + children.map(proportional_kb).sum::<u64>()
}

fn command_line(process: u32) -> Vec<u8> {
    fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default()
}

/// What `proc_pid_stat(5)` says of the parents of all processes.
fn children(process: u32) -> impl Iterator<Item = u32> {
    let all = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = all.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    numbers.filter(move |number| parent(*number) == Some(process))
}

fn parent(process: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program stands in brackets, and may have any in it.
    let (_, after_the_name) = stat.rsplit_once(')')?;
    after_the_name.split_whitespace().nth(1)?.parse().ok()
}

/// The proportional set size: of a page that several processes map, each has its share. None of a process
/// that has ended.
pub(crate) fn proportional_kb(process: u32) -> u64 {
    let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    line.and_then(|rest| rest.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or(0)
}
