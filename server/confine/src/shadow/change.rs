//! What differs between the base and the copy.

use serde::{Deserialize, Serialize};
use vouchsafe_base::{Digest, WorkspacePath};

/// What is at a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// A regular file.
    File {
        /// Of its bytes.
        digest: Digest,
        /// Its size.
        bytes: u64,
        /// Whether its owner may execute it.
        executable: bool,
        /// Permission bits; set-user-id, set-group-id and sticky are stripped.
        mode: u32,
    },
    /// A symbolic link.
    Symlink {
        /// Where it points, as it is written.
        target: Vec<u8>,
    },
    /// A directory.
    Directory {
        /// Permission bits.
        mode: u32,
    },
}

/// One path that differs.
///
/// - Created: only `after`. Deleted: only `before`. Modified, mode changed or of another kind: both.
/// - Renamed (a deleted and a created file of the same bytes): one change at the new path, `renamed_from` the old one,
///   `before` what was there; the old path has no change of its own.
/// - A deleted directory is its deleted files; a created one its created files. A directory itself is listed only when it
///   is empty, or takes or leaves the place of something else. Modes of directories are not compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Where.
    pub path: WorkspacePath,
    /// What the task saw at its start.
    pub before: Option<Entry>,
    /// What is there now.
    pub after: Option<Entry>,
    /// Where it was before.
    pub renamed_from: Option<WorkspacePath>,
}
