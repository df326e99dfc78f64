//! The record of all tasks of one user: one SQLite database, used by several processes at once.
//!
//! Invariants
//! - What [`Store::begin`] and [`Store::append`] acknowledged is on disk, with the blobs stored before it.
//! - Each event carries the BLAKE3 of the one before it; the task's row carries the last. [`Store::verify`] recomputes all.
//! - Secrets are replaced before anything is written; a blob is addressed by what is stored.
//! - Files and directories are for their owner alone (0600, 0700).
//! - A damaged store is set aside under another name, a newer one refused; neither is ever deleted.
//!
//! Absent on purpose
//! - Changing or removing an event. Only blobs go, by [`Store::gc`], and a retired blob is remembered as such.

mod append;
mod blob;
mod error;
mod followed;
mod gc;
mod group;
mod open;
mod owner;
mod read;
mod schema;
mod spool;
mod verify;
mod waiting;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use jiff::Timestamp;
use rusqlite::Connection;

pub use append::Recorded;
pub use error::StoreError;
pub use followed::Recalled;
pub use gc::{GcReport, Retention};
pub(crate) use open::make_private_dir;
pub use open::{DATABASE, Notice};
pub use read::{TaskFilter, TaskSummary};
pub use spool::{Spool, Spooled};
pub use verify::Problem;

use crate::redact::{BadPattern, Redactor};
use group::Queue;
use owner::Owner;

/// Tells the time of an event.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How a store is opened.
#[derive(Clone)]
pub struct Options {
    /// What counts as a secret.
    pub redactor: Redactor,
    /// Where time stamps come from.
    pub clock: Clock,
}

impl Default for Options {
    /// Known token shapes and the system's clock.
    fn default() -> Self {
        Self { redactor: Redactor::default(), clock: Arc::new(Timestamp::now) }
    }
}

/// The open record. Share it by reference or in an `Arc`; all methods block for a disk access at most.
pub struct Store {
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
    queue: Queue,
    redactor: RwLock<Arc<Redactor>>,
    clock: Clock,
    dir: PathBuf,
    owner: Owner,
    notices: Vec<Notice>,
}

impl Store {
    /// Opens the store below `state_dir`, making both if they are missing.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`], [`StoreError::Full`], [`StoreError::Newer`] or [`StoreError::Busy`].
    /// A damaged store is no error: it is set aside and [`Self::notices`] says so.
    pub fn open(state_dir: &Path) -> Result<Self, StoreError> {
        Self::open_with(state_dir, Options::default())
    }

    /// As [`Self::open`], with secrets and a clock of the caller's.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(state_dir: &Path, options: Options) -> Result<Self, StoreError> {
        let opened = open::open(state_dir, &options)?;
        Ok(Self::of(opened, state_dir, options))
    }

    /// Opens a store that is there and cannot be written: all that reads works, all that writes is refused.
    ///
    /// # Errors
    /// [`StoreError::Newer`], [`StoreError::Damaged`], or one that says why it cannot even be read.
    pub fn open_to_read(state_dir: &Path) -> Result<Self, StoreError> {
        Ok(Self::of(open::open_to_read(state_dir)?, state_dir, Options::default()))
    }

    fn of(opened: open::Opened, state_dir: &Path, options: Options) -> Self {
        Self {
            writer: Mutex::new(opened.writer),
            reader: Mutex::new(opened.reader),
            queue: Queue::default(),
            redactor: RwLock::new(Arc::new(options.redactor)),
            clock: options.clock,
            dir: state_dir.to_owned(),
            owner: Owner::new(state_dir),
            notices: opened.notices,
        }
    }

    /// The directory it lies in.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// What the user should hear about the opening.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// What it takes for a secret.
    #[must_use]
    pub fn redactor(&self) -> Arc<Redactor> {
        Arc::clone(&self.redactor.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on these patterns are secrets as well, in everything that is stored.
    ///
    /// # Errors
    /// [`BadPattern`] for a pattern that is not a regular expression; then nothing changed.
    pub fn redact(&self, patterns: &[String]) -> Result<(), BadPattern> {
        let known = self.redactor();
        if patterns.iter().all(|pattern| known.knows(pattern)) {
            return Ok(());
        }
        let mut redactor = self.redactor.write().unwrap_or_else(PoisonError::into_inner);
        let mut more = Redactor::clone(&redactor);
        more.add(patterns)?;
        *redactor = Arc::new(more);
        Ok(())
    }

    /// From now on this value is a secret as well, in everything that is stored; `label` stands in its place.
    ///
    /// # Errors
    /// [`BadPattern`] when it is too long to be looked for; then nothing changed.
    pub fn redact_value(&self, label: &str, value: &str) -> Result<(), BadPattern> {
        let mut redactor = self.redactor.write().unwrap_or_else(PoisonError::into_inner);
        let mut more = Redactor::clone(&redactor);
        more.tell(label, value)?;
        *redactor = Arc::new(more);
        Ok(())
    }

    fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// The connection for writing. A panic elsewhere cannot leave a transaction half done: it is rolled back.
    fn writer(&self) -> MutexGuard<'_, Connection> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reader(&self) -> MutexGuard<'_, Connection> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sorts an error; damage makes the next opening look closely.
    fn explain(&self, error: rusqlite::Error) -> StoreError {
        let error = StoreError::from_sqlite(&self.dir, error);
        if let StoreError::Damaged { .. } = error {
            open::suspect(&self.dir);
        }
        error
    }
}

const _: () = {
    const fn shared<T: Send + Sync>() {}
    shared::<Store>();
};
