//! The processes below the zygote: counting, measuring and ending them.
//!
//! The zygote is the parent of orphans (subreaper), so every process of a command is below it whatever it does with
//! sessions and groups, and waiting until there is no child left means that none is left.

use std::io;

use rustix::process::{Pid, Signal};

use super::super::message::End;
use super::super::sys::{self, Reaped, SignalsStayInside};

/// What the processes of a command hold together. A thread counts as a process, as it does for the kernel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) processes: u32,
    pub(super) resident_bytes: u64,
}

/// Looks at every process below this one.
pub(super) fn held() -> Held {
    let page = rustix::param::page_size() as u64;
    let (all, threads) = descendants();
    let resident = |pid: &Pid| {
        let text = std::fs::read_to_string(format!("/proc/{pid}/statm")).unwrap_or_default();
        text.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or_default() * page
    };
    Held { processes: threads, resident_bytes: all.iter().map(resident).sum() }
}

/// Every process below this one, parents first, and how many threads they have.
fn descendants() -> (Vec<Pid>, u32) {
    let (mut found, _) = children(rustix::process::getpid());
    let (mut next, mut threads) = (0, 0u32);
    while let Some(pid) = found.get(next).copied() {
        let (more, own) = children(pid);
        found.extend(more);
        threads = threads.saturating_add(own.max(1)); // one that has ended meanwhile was there
        next += 1;
    }
    (found, threads)
}

/// The children of a process, and how many threads it has.
fn children(pid: Pid) -> (Vec<Pid>, u32) {
    let Ok(entries) = std::fs::read_dir(format!("/proc/{pid}/task")) else {
        return (Vec::new(), 0); // it has ended meanwhile
    };
    let (mut text, mut threads) = (String::new(), 0);
    for thread in entries.flatten() {
        threads += 1;
        text.push_str(&std::fs::read_to_string(thread.path().join("children")).unwrap_or_default());
    }
    (text.split_whitespace().filter_map(|pid| pid.parse().ok().and_then(Pid::from_raw)).collect(), threads)
}

/// What was reaped while a command ran.
#[derive(Debug, Default)]
pub(super) struct Reaping {
    /// The raw wait status of the command's own process, once it ended.
    pub(super) status: Option<i32>,
    pub(super) max_rss: u64,
    /// Processes that we had to kill after that.
    pub(super) killed: u32,
}

impl Reaping {
    /// What is told of it.
    pub(super) fn end(&self, cpu_ns: u64) -> End {
        End {
            status: self.status.unwrap_or(libc::SIGKILL),
            cpu_ns,
            max_rss: self.max_rss,
            killed: self.killed,
            out_of_memory: None,
            too_many: None,
            unreached: None,
        }
    }

    /// Takes every child that has ended; `false` when none is left.
    pub(super) fn collect(&mut self, main: i32) -> bool {
        loop {
            match sys::reap(false) {
                Ok(Some(reaped)) => self.count(&reaped, main),
                Ok(None) => return true,
                Err(error) => return error.kind() == io::ErrorKind::Interrupted,
            }
        }
    }

    /// Waits for one child to end; `false` when none is left.
    pub(super) fn collect_one(&mut self, main: i32) -> bool {
        match sys::reap(true) {
            Ok(Some(reaped)) => self.count(&reaped, main),
            Ok(None) => {}
            Err(error) => return error.kind() == io::ErrorKind::Interrupted,
        }
        true
    }

    fn count(&mut self, reaped: &Reaped, main: i32) {
        self.max_rss = self.max_rss.max(reaped.max_rss);
        if reaped.pid == main && self.status.is_none() {
            self.status = Some(reaped.status);
        } else if self.status.is_some() && libc::WIFSIGNALED(reaped.status) {
            self.killed =
                self.killed.saturating_add(u32::from(libc::WTERMSIG(reaped.status) == libc::SIGKILL));
        }
    }

    /// Ends everything below the zygote and waits until nothing is left.
    pub(super) fn end_all(&mut self, main: i32, signals: Option<SignalsStayInside>) {
        loop {
            match signals {
                // One call under the kernel's lock on the process list: no fork can slip through.
                Some(proof) => sys::kill_all_reachable(proof),
                None => descendants().0.into_iter().for_each(kill),
            }
            if !self.collect(main) {
                return;
            }
            pause();
        }
    }
}

fn kill(pid: Pid) {
    rustix::process::kill_process(pid, Signal::KILL).ok(); // it may have ended by itself
}

/// A moment for the killed to die; a child of a killed process becomes ours only then.
fn pause() {
    let moment = rustix::event::Timespec { tv_sec: 0, tv_nsec: 300_000 };
    rustix::event::poll(&mut [], Some(&moment)).ok();
}

/// Threads and processes that this user has now.
pub(super) fn processes_of_user() -> u64 {
    let me = rustix::process::getuid().as_raw();
    let Ok(all) = std::fs::read_dir("/proc") else {
        return 0;
    };
    let mine = |status: &str| {
        let field = |name| {
            let line = status.lines().find_map(|line: &str| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse::<u64>().ok()
        };
        if field("Uid:") == Some(me.into()) { field("Threads:").unwrap_or(1) } else { 0 }
    };
    all.flatten()
        .filter(|entry| entry.file_name().as_encoded_bytes().first().is_some_and(u8::is_ascii_digit))
        .filter_map(|entry| std::fs::read_to_string(entry.path().join("status")).ok())
        .map(|status| mine(&status))
        .sum()
}
