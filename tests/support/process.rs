//! Looking at processes: who descends from whom, and who is still there.

use std::ffi::OsStr;
use std::fs;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, pidfd_open};

/// One process, named so that a reused id is not taken for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// Its id.
    pub id: i32,
    /// Its command line, for a failure.
    pub command: String,
    parent: i32,
    started: u64,
}

/// A built binary of this workspace, beside the test that is running.
///
/// # Panics
/// If it has not been built: the message says what to do.
#[must_use]
pub fn binary(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the path of the running test");
    let found = test.ancestors().skip(1).take(2).map(|dir| dir.join(name)).find(|file| file.is_file());
    found.unwrap_or_else(|| {
        panic!(
            "{name} is not built beside {}: run `tests/run`, or `cargo build --workspace` first",
            test.display()
        )
    })
}

/// All processes that descend from `id`, itself left out.
#[must_use]
pub fn descendants(id: i32) -> Vec<Process> {
    let all = all();
    let mut found: Vec<Process> = Vec::new();
    let mut parents = vec![id];
    while let Some(parent) = parents.pop() {
        for process in all.iter().filter(|process| process.parent == parent) {
            parents.push(process.id);
            found.push(process.clone());
        }
    }
    found
}

/// All processes that work in `dir`, name it on their command line or have it in their environment.
#[must_use]
pub fn touching(dir: &Path) -> Vec<Process> {
    let needle = dir.as_os_str().as_bytes();
    let mine = i32::try_from(std::process::id()).expect("a process id");
    let names = |file: PathBuf| fs::read(file).is_ok_and(|bytes| contains(&bytes, needle));
    let works_in = |id: i32| fs::read_link(format!("/proc/{id}/cwd")).is_ok_and(|cwd| cwd.starts_with(dir));
    let mut found = all();
    found.retain(|process| {
        let proc = PathBuf::from(format!("/proc/{}", process.id));
        process.id != mine
            && (works_in(process.id) || names(proc.join("cmdline")) || names(proc.join("environ")))
    });
    found
}

/// All living processes with exactly this command line.
#[must_use]
pub fn named(command: &str) -> Vec<Process> {
    all().into_iter().filter(|process| process.command == command && process.lives()).collect()
}

/// Waits until none of `processes` lives, at most `limit`; returns those that still do.
#[must_use]
pub fn survivors(processes: &[Process], limit: Duration) -> Vec<Process> {
    let until = Instant::now() + limit;
    processes.iter().filter(|process| process.lives() && !process.ends_before(until)).cloned().collect()
}

/// Waits for the process with this id to end, at most `limit`; says whether it did.
/// A child of ours counts as ended when it can be waited for.
#[must_use]
pub fn ends(id: u32, limit: Duration) -> bool {
    pidfd(i32::try_from(id).expect("a process id")).is_none_or(|fd| readable(&fd, Instant::now() + limit))
}

impl Process {
    /// Whether this very process is still there and not a zombie.
    #[must_use]
    pub fn lives(&self) -> bool {
        read(self.id).is_some_and(|(now, state)| now.started == self.started && state != 'Z')
    }

    fn ends_before(&self, until: Instant) -> bool {
        pidfd(self.id).is_none_or(|fd| readable(&fd, until)) || !self.lives()
    }
}

fn pidfd(id: i32) -> Option<OwnedFd> {
    pidfd_open(Pid::from_raw(id)?, PidfdFlags::empty()).ok()
}

fn readable(fd: &OwnedFd, until: Instant) -> bool {
    let left = until.saturating_duration_since(Instant::now());
    let timeout = Timespec::try_from(left).expect("a short time");
    let mut fds = [PollFd::new(fd, PollFlags::IN)];
    poll(&mut fds, Some(&timeout)).is_ok_and(|ready| ready > 0)
}

fn all() -> Vec<Process> {
    let entries = fs::read_dir("/proc").expect("/proc is mounted");
    let ids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter_map(|id| read(id).map(|(process, _)| process)).collect()
}

/// The process and the letter of its state.
fn read(id: i32) -> Option<(Process, char)> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name is in parentheses and may hold any character: count from the last closing one.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let line = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
    let words: Vec<_> =
        line.split(|byte| *byte == 0).map(|word| OsStr::from_bytes(word).to_string_lossy()).collect();
    let process = Process {
        id,
        command: words.join(" ").trim().to_owned(),
        parent: fields.get(1)?.parse().ok()?,
        started: fields.get(19)?.parse().ok()?,
    };
    Some((process, fields.first()?.chars().next()?))
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::{Command, Stdio};

    #[test]
    fn a_child_is_a_descendant_until_it_ends() {
        let dir = tempfile::tempdir().unwrap();
        let mut child = Command::new("cat").current_dir(dir.path()).stdin(Stdio::piped()).spawn().unwrap();
        let mine = i32::try_from(std::process::id()).unwrap();
        let id = i32::try_from(child.id()).unwrap();
        let found = descendants(mine).into_iter().filter(|process| process.id == id).collect::<Vec<_>>();
        assert_eq!(found.len(), 1);
        assert_eq!(survivors(&found, Duration::ZERO).len(), 1);
        assert!(!ends(child.id(), Duration::ZERO));
        drop(child.stdin.take());
        assert!(ends(child.id(), Duration::from_secs(10)));
        child.wait().unwrap();
        assert_eq!(survivors(&found, Duration::ZERO), []);
    }

    #[test]
    fn whoever_works_in_a_directory_is_found() {
        let dir = tempfile::tempdir().unwrap();
        let mut child = Command::new("cat").current_dir(dir.path()).stdin(Stdio::piped()).spawn().unwrap();
        // The child changes its directory before it becomes `cat`, so by the time spawn returns it is there.
        assert_eq!(touching(dir.path()).len(), 1);
        drop(child.stdin.take());
        child.wait().unwrap();
        assert_eq!(touching(dir.path()).len(), 0);
    }
}
