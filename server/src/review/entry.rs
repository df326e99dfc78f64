//! The state of a path, and how a task changed it.

use std::sync::Arc;

use vouchsafe_base::WorkspacePath;

/// What is at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A regular file.
    File {
        /// Its content.
        bytes: Arc<[u8]>,
        /// Its permission bits, as in `0o644`.
        mode: u32,
    },
    /// A symbolic link.
    Symlink {
        /// The bytes it holds, which need not name anything.
        target: Arc<[u8]>,
    },
    /// A directory.
    Directory,
}

impl Entry {
    /// The content if it is text that an editor can show: UTF-8 without NUL.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::File { bytes, .. } if !bytes.contains(&0) => std::str::from_utf8(bytes).ok(),
            Self::File { .. } | Self::Symlink { .. } | Self::Directory => None,
        }
    }

    /// Whether the owner may execute it; `false` for what is not a file.
    #[must_use]
    pub fn executable(&self) -> bool {
        matches!(self, Self::File { mode, .. } if mode & 0o100 != 0)
    }

    /// Whether both have the same content, permissions aside.
    pub(super) fn same_content(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::File { bytes: a, .. }, Self::File { bytes: b, .. }) => a == b,
            (a, b) => a == b,
        }
    }
}

/// A path that a task left in another state than it found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The path, after the task.
    pub path: WorkspacePath,
    /// What was there before, or at `renamed_from` if that is set.
    pub before: Option<Entry>,
    /// What is there now.
    pub after: Option<Entry>,
    /// The path it had before, if it was renamed.
    pub renamed_from: Option<WorkspacePath>,
}
