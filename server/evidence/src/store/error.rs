//! What can go wrong with the store, as sentences for the user.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::log::{Seq, TaskId};

/// Why the store could not do what was asked. Without evidence there is no task, so the caller refuses the task.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The state directory cannot be written.
    #[error("the state directory {} cannot be written ({reason}); make it writable or set XDG_STATE_HOME", dir.display())]
    Unwritable {
        /// The directory.
        dir: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The disk is full.
    #[error("the disk that holds {} is full; free some space or run `vouchsafe gc`", dir.display())]
    Full {
        /// The state directory.
        dir: PathBuf,
    },
    /// A newer version of the program made it.
    #[error("the record {} was written by a newer version (its schema is {found}, this version knows {known}); it was left alone, please update", path.display())]
    Newer {
        /// The database.
        path: PathBuf,
        /// The schema it has.
        found: u32,
        /// The newest schema this version knows.
        known: u32,
    },
    /// The database was damaged while it was open.
    #[error("the record in {} is damaged ({detail}); `vouchsafe verify` says where; at its next start the server checks it and sets it aside if need be", dir.display())]
    Damaged {
        /// The state directory.
        dir: PathBuf,
        /// What SQLite said.
        detail: String,
    },
    /// Another process held the database too long.
    #[error("another process has been writing to the record in {} for too long; try again", dir.display())]
    Busy {
        /// The state directory.
        dir: PathBuf,
    },
    /// There is no such task.
    #[error("there is no task {0}; `vouchsafe log` lists them")]
    NoSuchTask(TaskId),
    /// The task has ended before and ends once.
    #[error("task {0} has already ended")]
    EndedBefore(TaskId),
    /// An event cannot be written down, or means something else once its secrets are replaced.
    #[error("an event of type {kind} cannot be recorded ({detail}); look at the configured secret patterns")]
    Unfit {
        /// Its type.
        kind: &'static str,
        /// What was wrong.
        detail: String,
    },
    /// A stored event makes no sense to this version.
    #[error("event {seq} of task {task} cannot be read ({detail}); `vouchsafe verify {task}` says more")]
    Unreadable {
        /// The task.
        task: TaskId,
        /// The event.
        seq: Seq,
        /// What was wrong.
        detail: String,
    },
    /// A file below the state directory could not be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Anything else that SQLite reports.
    #[error("the record in {} could not be used: {source}", dir.display())]
    Database {
        /// The state directory.
        dir: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
}

impl StoreError {
    /// Sorts an error of SQLite by what the user can do about it.
    pub(super) fn from_sqlite(dir: &Path, error: rusqlite::Error) -> Self {
        let dir = dir.to_owned();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full { dir },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { dir },
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::Unwritable { dir, reason: error.to_string() }
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged { dir, detail: error.to_string() }
            }
            _ => Self::Database { dir, source: error },
        }
    }

    /// Sorts an error of the file system.
    pub(crate) fn from_io(dir: &Path, path: &Path, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { dir: dir.to_owned() },
            io::ErrorKind::PermissionDenied
            | io::ErrorKind::ReadOnlyFilesystem
            | io::ErrorKind::NotADirectory => {
                Self::Unwritable { dir: dir.to_owned(), reason: source.to_string() }
            }
            _ => Self::File { path: path.to_owned(), source },
        }
    }
}
