//! Who carries a task: a process that holds a lock on a file, so that its death is noticed even after `kill -9`.
//!
//! Invariants
//! - The file is locked before its name is written to a task, so a name without a lock is a dead owner's.
//!
//! Absent on purpose
//! - Process ids: they are reused, and mean nothing across containers.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::open::make_private_dir;

static COUNTER: AtomicU64 = AtomicU64::new(0);

/// This store's claim on the tasks it begins. The lock is taken with the first task.
pub(super) struct Owner {
    dir: PathBuf,
    held: Mutex<Option<Held>>,
}

struct Held {
    name: String,
    path: PathBuf,
    _lock: File,
}

/// Whether the process behind a name still lives.
pub(super) enum Claim {
    /// It does.
    Alive,
    /// It does not; the lock is ours while this lives, so no other process cleans up at the same time.
    Dead(Option<File>),
}

impl Owner {
    pub(super) fn new(state_dir: &Path) -> Self {
        Self { dir: state_dir.join("owners"), held: Mutex::new(None) }
    }

    /// The name under which tasks are begun.
    pub(super) fn name(&self) -> io::Result<String> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = &*held {
            return Ok(held.name.clone());
        }
        let new = self.take()?;
        Ok(held.insert(new).name.clone())
    }

    /// Whether it is this store's own name. A lock of our own would look free on a file system that locks by process.
    pub(super) fn is_own(&self, name: &str) -> bool {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().is_some_and(|held| held.name == name)
    }

    fn take(&self) -> io::Result<Held> {
        make_private_dir(&self.dir)?;
        loop {
            let count = COUNTER.fetch_add(1, Ordering::Relaxed);
            let nanos = std::time::UNIX_EPOCH.elapsed().unwrap_or_default().as_nanos();
            let name = format!("{}-{nanos:x}-{count}", std::process::id());
            let path = self.dir.join(&name);
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => {
                    file.lock()?;
                    return Ok(Held { name, path, _lock: file });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Asks whether the owner called `name` lives.
    pub(super) fn claim(&self, name: &str) -> io::Result<Claim> {
        let file = match File::open(self.dir.join(name)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Claim::Dead(None)),
            Err(error) => return Err(error),
        };
        match file.try_lock() {
            Ok(()) => Ok(Claim::Dead(Some(file))),
            Err(TryLockError::WouldBlock) => Ok(Claim::Alive),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Removes what a dead owner left.
    pub(super) fn forget(&self, name: &str) {
        remove(&self.dir.join(name));
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        remove(&self.path);
    }
}

#[expect(clippy::disallowed_methods, reason = "the lock file is this module's own")]
fn remove(path: &Path) {
    // A file that stays is harmless: nothing locks it, so its owner counts as dead.
    fs::remove_file(path).unwrap_or_default();
}
