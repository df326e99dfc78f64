//! What every task needs from this process: the store and the proof that this machine confines.
//!
//! Invariants
//! - Both are made at the first task, not at start-up, and shared from then on.
//! - A failure is not remembered: the user mends the machine and tries again.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use vouchsafe_confine::{Enforced, Refusal, Shadow};
use vouchsafe_evidence::redact::Redactor;
use vouchsafe_evidence::store::{DATABASE, Options, Store, StoreError};

use super::{Dirs, restore};
use crate::config::Config;

/// The store and the sandbox of this process.
pub struct Services {
    /// Where everything lives.
    pub dirs: Dirs,
    launcher: PathBuf,
    store: Mutex<Option<Arc<Store>>>,
    /// The same where it cannot be written.
    readable: Mutex<Option<Arc<Store>>>,
    enforced: Mutex<Option<Enforced>>,
}

/// Why no task can be carried out now. Each is one sentence for the user.
#[derive(Debug, thiserror::Error)]
pub enum ServicesError {
    /// No evidence, no task.
    #[error("the record cannot be kept, so no task is started: {0}")]
    Store(#[from] StoreError),
    /// No confinement, no task.
    #[error("{0}")]
    Confine(#[from] Refusal),
    /// Our own executable is gone.
    #[error("vouchsafe cannot find its own executable to start the sandbox ({0}): restart it")]
    Launcher(#[from] std::io::Error),
}

impl Services {
    /// For this process. Costs nothing until the first task.
    ///
    /// # Errors
    /// When the operating system cannot name our own executable.
    pub fn new(dirs: Dirs) -> Result<Self, ServicesError> {
        let launcher = std::env::current_exe()?;
        Ok(Self {
            dirs,
            launcher,
            store: Mutex::new(None),
            readable: Mutex::new(None),
            enforced: Mutex::new(None),
        })
    }

    /// The record. Opened at the first call; what a dead process left unfinished is then marked as interrupted.
    ///
    /// # Errors
    /// One sentence saying why it cannot be written.
    pub fn store(&self) -> Result<Arc<Store>, ServicesError> {
        let mut store = locked(&self.store);
        if let Some(store) = &*store {
            return Ok(Arc::clone(store));
        }
        // Only what looks like a secret by its name is taken from the environment, and never written.
        let redactor = Redactor::new(std::env::vars(), &[]).unwrap_or_default();
        let options = Options { redactor, ..Options::default() };
        let opened = Arc::new(Store::open_with(&self.dirs.state, options)?);
        mark_interrupted(&opened)?;
        *store = Some(Arc::clone(&opened));
        Ok(opened)
    }

    /// The record, for a task under this configuration: what that calls a secret is not recorded from now on, in this
    /// task and every other of this process.
    ///
    /// # Errors
    /// As [`Self::store`].
    pub fn store_for(&self, config: &Config) -> Result<Arc<Store>, ServicesError> {
        let store = self.store()?;
        // Loading a configuration refuses a pattern that is none.
        store.redact(&config.redact).unwrap_or_default();
        Ok(store)
    }

    /// A text for people without what the record takes for a secret, as far as it is open.
    #[must_use]
    pub fn clean(&self, text: String) -> String {
        let redactor = locked(&self.store).as_ref().map(|store| store.redactor());
        redactor.map(|redactor| redactor.text(&text).into_owned()).unwrap_or(text)
    }

    /// The record, if there is one already: looking something up is no reason to begin one.
    #[must_use]
    pub fn store_if_begun(&self) -> Option<Arc<Store>> {
        self.dirs.state.join(DATABASE).exists().then(|| self.store().ok()).flatten()
    }

    /// The record for looking something up: that of [`Self::store`], or, where nothing can be written, what is there.
    ///
    /// # Errors
    /// One sentence saying why there is none or why it cannot be read.
    pub fn store_to_read(&self) -> Result<Arc<Store>, ServicesError> {
        let unwritable = match self.store() {
            Err(ServicesError::Store(
                error @ (StoreError::Unwritable { .. } | StoreError::Full { .. } | StoreError::File { .. }),
            )) => error,
            other => return other,
        };
        let mut readable = locked(&self.readable);
        if let Some(store) = &*readable {
            return Ok(Arc::clone(store));
        }
        if !self.dirs.state.join(DATABASE).exists() {
            return Err(unwritable.into());
        }
        let opened = Arc::new(Store::open_to_read(&self.dirs.state)?);
        *readable = Some(Arc::clone(&opened));
        Ok(opened)
    }

    /// As [`Self::store_to_read`], if there is a record: looking something up is no reason to begin one.
    #[must_use]
    pub fn to_read_if_begun(&self) -> Option<Arc<Store>> {
        self.dirs.state.join(DATABASE).exists().then(|| self.store_to_read().ok()).flatten()
    }

    /// The proof that this machine confines. Tried at the first call; what crashed tasks left is then removed.
    ///
    /// # Errors
    /// One sentence saying what the machine lacks.
    pub fn enforced(&self) -> Result<Enforced, ServicesError> {
        let mut enforced = locked(&self.enforced);
        if let Some(enforced) = &*enforced {
            return Ok(enforced.clone());
        }
        let proof = Enforced::probe(&self.launcher, &self.dirs.cache)?;
        // Left-overs cost disk space and nothing else: failing to remove them is no reason to refuse a task.
        drop(Shadow::sweep(&self.dirs.cache));
        *enforced = Some(proof.clone());
        Ok(proof)
    }
}

/// Ends the tasks whose process died, and brings their pages up to date.
///
/// # Errors
/// When the record cannot be read or written.
pub fn mark_interrupted(store: &Store) -> Result<(), StoreError> {
    for task in store.mark_interrupted()? {
        // The events are what counts; a page that lacks its last line is only less nice to read.
        drop(restore::rewrite_page(store, task));
    }
    Ok(())
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
