//! Where a shadow lies in the cache, who owns it, and how it goes away.
//!
//! `CACHE/shadows/ID/` holds `home`, `tmp`, `kept`, and either `at/NAME` (a copy, named like the workspace) or the layers
//! of an overlay: `upper`, `work`, `seed`, `caches`, and `root`, on which the new root is built;
//! `CACHE/locks/ID` is locked by the process that owns it.
//!
//! Invariants
//! - The lock is held before the directory appears, so a sweep never takes a shadow that is being made.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use rustix::process::{Pid, Signal};

use super::plan::{ShadowError, Swept};

/// A shadow's directories. Removed on drop.
#[derive(Debug)]
pub(super) struct Place {
    /// Everything of it.
    pub(super) top: PathBuf,
    lock: PathBuf,
    _held: File,
    gone: bool,
    walled: bool,
}

/// A number that nobody guesses or has used.
pub(crate) fn random() -> u64 {
    let mut bytes = [0; 8];
    if rustix::rand::getrandom(&mut bytes, rustix::rand::GetRandomFlags::empty()) == Ok(bytes.len()) {
        return u64::from_ne_bytes(bytes);
    }
    // Early boot only: any number that differs from a neighbour's does, as directories are made exclusively.
    std::time::SystemTime::UNIX_EPOCH.elapsed().map(|age| u64::from(age.subsec_nanos())).unwrap_or_default()
}

impl Place {
    pub(super) fn make(cache: &Path) -> Result<Self, ShadowError> {
        let unusable = |error| ShadowError::Cache { path: cache.to_owned(), error };
        for directory in ["locks", "shadows"] {
            private_directory(&cache.join(directory)).map_err(unusable)?;
        }
        let cache = fs::canonicalize(cache).map_err(unusable)?;
        loop {
            let id = format!("{:016x}", random());
            let lock = cache.join("locks").join(&id);
            let held = File::create_new(&lock).map_err(unusable)?;
            flock(&held, FlockOperation::NonBlockingLockExclusive).map_err(|error| unusable(error.into()))?;
            if !lock.exists() {
                continue; // a sweep saw it between the two calls and removed it
            }
            let top = cache.join("shadows").join(&id);
            let place = Self { top, lock, _held: held, gone: false, walled: false };
            private_directory(&place.top).map_err(unusable)?;
            for directory in [place.home(), place.temporary()] {
                private_directory(&directory).map_err(unusable)?;
            }
            // As a temporary directory is everywhere; nobody else comes this far.
            let open = std::os::unix::fs::PermissionsExt::from_mode(0o1777);
            fs::set_permissions(place.temporary(), open).map_err(unusable)?;
            return Ok(place);
        }
    }

    /// Makes a directory in it.
    pub(super) fn directory(&self, name: impl AsRef<Path>) -> Result<PathBuf, ShadowError> {
        let path = self.top.join(name);
        private_directory(&path).map_err(|error| ShadowError::Cache { path: path.clone(), error })?;
        Ok(path)
    }

    pub(super) fn home(&self) -> PathBuf {
        self.top.join("home")
    }

    pub(super) fn temporary(&self) -> PathBuf {
        self.top.join("tmp")
    }

    pub(super) fn kept(&self) -> PathBuf {
        self.top.join("kept")
    }

    /// Processes of this shadow cannot outlive its zygote, as they are in its namespaces: none need be looked for.
    pub(super) fn is_walled(&mut self) {
        self.walled = true;
    }

    /// Removes everything.
    pub(super) fn remove(&mut self) -> io::Result<()> {
        if self.gone {
            return Ok(());
        }
        if !self.walled {
            end_processes_in(&self.top);
        }
        remove_tree(&self.top)?;
        remove_file(&self.lock)?;
        self.gone = true;
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.remove().ok(); // the next start sweeps what is left
    }
}

fn private_directory(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).recursive(true).create(path)
}

#[expect(clippy::disallowed_methods, reason = "removes only what a shadow made in the cache")]
fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Removes a tree in which a task may have taken away its own rights.
pub(crate) fn remove_tree(path: &Path) -> io::Result<()> {
    #[expect(clippy::disallowed_methods, reason = "removes only what a shadow made in the cache")]
    match fs::remove_dir_all(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            open_up(path);
            fs::remove_dir_all(path)
        }
        Err(error) => Err(error),
    }
}

/// Gives the owner all rights on every directory; links are not followed.
pub(super) fn open_up(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700)).ok(); // removal tells if it was in vain
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .for_each(|entry| open_up(&entry.path()));
}

/// Removes what servers that are gone have left.
pub(super) fn sweep(cache: &Path) -> Result<Swept, ShadowError> {
    let unusable = |error| ShadowError::Cache { path: cache.to_owned(), error };
    let mut swept = Swept::default();
    let Ok(cache) = fs::canonicalize(cache) else {
        return Ok(swept); // nothing was ever made here
    };
    for entry in list(&cache.join("shadows")).map_err(unusable)? {
        let name = entry.file_name().unwrap_or_default().to_owned();
        let lock = cache.join("locks").join(&name);
        if let Some(_held) = owner_is_gone(&lock).map_err(unusable)? {
            swept.processes += end_processes_in(&entry);
            remove_tree(&entry).map_err(unusable)?;
            remove_file(&lock).map_err(unusable)?;
            swept.shadows += 1;
        }
    }
    for lock in list(&cache.join("locks")).map_err(unusable)? {
        let orphaned = !cache.join("shadows").join(lock.file_name().unwrap_or_default()).exists();
        if orphaned && owner_is_gone(&lock).map_err(unusable)?.is_some() {
            remove_file(&lock).map_err(unusable)?;
        }
    }
    sweep_probes(&cache).map_err(unusable)?;
    Ok(swept)
}

/// Throw-away directories of probes carry their process id; a process that lives may still use its own.
fn sweep_probes(cache: &Path) -> io::Result<()> {
    for path in list(cache)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let pid = name.strip_prefix("probe-").and_then(|rest| rest.split('-').next()?.parse::<i32>().ok());
        if pid.is_some_and(|pid| !Path::new(&format!("/proc/{pid}")).exists()) {
            remove_tree(&path)?;
        }
    }
    Ok(())
}

fn list(directory: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
        Ok(entries) => entries.map(|entry| entry.map(|entry| entry.path())).collect(),
    }
}

/// The lock, when nobody holds it.
fn owner_is_gone(lock: &Path) -> io::Result<Option<File>> {
    let file = File::options().create(true).truncate(false).write(true).open(lock)?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(file)),
        Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Ends the user's processes that work in `directory` or were given a place in it; how many there were.
pub(crate) fn end_processes_in(directory: &Path) -> u32 {
    let mut ended = 0;
    // Once more each time one was found: it may have started another meanwhile. Bounded, as a kill cannot fail for long.
    for _ in 0..64 {
        let found: Vec<Pid> = processes_in(directory);
        if found.is_empty() {
            break;
        }
        for pid in found {
            if rustix::process::kill_process(pid, Signal::KILL).is_ok() {
                ended += 1;
                wait_for_end(pid);
            }
        }
    }
    ended
}

fn wait_for_end(pid: Pid) {
    if let Ok(process) = rustix::process::pidfd_open(pid, rustix::process::PidfdFlags::empty()) {
        let limit = rustix::event::Timespec { tv_sec: 1, tv_nsec: 0 };
        let mut ended = [rustix::event::PollFd::new(&process, rustix::event::PollFlags::IN)];
        rustix::event::poll(&mut ended, Some(&limit)).ok(); // then the next round finds it again
    }
}

fn processes_in(directory: &Path) -> Vec<Pid> {
    let me = rustix::process::getpid();
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok().and_then(Pid::from_raw));
    pids.filter(|pid| *pid != me && is_in(*pid, directory)).collect()
}

fn is_in(pid: Pid, directory: &Path) -> bool {
    let proc = PathBuf::from(format!("/proc/{pid}"));
    let stat = fs::read_to_string(proc.join("stat")).unwrap_or_default();
    let zombie = stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z'));
    let linked = |name: &str| fs::read_link(proc.join(name)).is_ok_and(|to| to.starts_with(directory));
    let told = || {
        let needle = directory.as_os_str().as_encoded_bytes();
        fs::read(proc.join("environ")).is_ok_and(|text| {
            text.split(|byte| *byte == 0).any(|variable| {
                [&b"HOME="[..], b"TMPDIR="]
                    .iter()
                    .any(|name| variable.strip_prefix(*name).is_some_and(|value| value.starts_with(needle)))
            })
        })
    };
    !zombie && (linked("cwd") || linked("exe") || linked("root") || told())
}
