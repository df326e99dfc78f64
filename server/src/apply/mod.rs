//! Writes an accepted change into the workspace where the editor cannot, or where `--apply` asked for it.
//!
//! Invariants
//! - Nothing is followed out of the workspace: every path is opened beneath its root with no symbolic link on
//!   the way.
//! - What stands there must be what the task saw; anything else is refused and left alone.
//! - A file is replaced whole, by rename: no reader sees half of it.
//!
//! Absent on purpose
//! - Merging: that is `review`'s work, on texts.

#[cfg(target_os = "linux")]
mod linux;

use std::path::Path;

use vouchsafe_base::WorkspacePath;

use crate::review::Entry;

/// Why a change was not written. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The workspace has something else there by now.
    #[error("{path} was changed in the workspace meanwhile: nothing was written to it")]
    Changed {
        /// The path.
        path: WorkspacePath,
    },
    /// A part of the path is a symbolic link.
    #[error("{path} leads through a symbolic link, which is never followed when writing: change it by hand")]
    Link {
        /// The path.
        path: WorkspacePath,
    },
    /// The system refused.
    #[error("{path} could not be written: {error}")]
    Io {
        /// The path.
        path: WorkspacePath,
        /// What the system said.
        error: std::io::Error,
    },
    /// Not on this system.
    #[error("writing accepted changes is supported on Linux only")]
    Unsupported,
}

/// Makes one path of the workspace `after`, which must be `before` now (permissions aside); `None` means nothing.
///
/// # Errors
/// See [`ApplyError`]; the path is unchanged then.
pub fn write(
    root: &Path,
    path: &WorkspacePath,
    before: Option<&Entry>,
    after: Option<&Entry>,
) -> Result<(), ApplyError> {
    #[cfg(target_os = "linux")]
    return linux::write(root, path, before, after);
    #[cfg(not(target_os = "linux"))]
    {
        drop((root, path, before, after));
        Err(ApplyError::Unsupported)
    }
}

/// Gives a file these permission bits, whatever its content.
///
/// # Errors
/// See [`ApplyError`]; the file is unchanged then.
pub fn set_mode(root: &Path, path: &WorkspacePath, mode: u32) -> Result<(), ApplyError> {
    #[cfg(target_os = "linux")]
    return linux::set_mode(root, path, mode);
    #[cfg(not(target_os = "linux"))]
    {
        drop((root, path, mode));
        Err(ApplyError::Unsupported)
    }
}

/// Gives a file or link another name; what has that name already is never replaced.
///
/// # Errors
/// See [`ApplyError`]; both names are unchanged then.
pub fn rename(root: &Path, from: &WorkspacePath, to: &WorkspacePath) -> Result<(), ApplyError> {
    #[cfg(target_os = "linux")]
    return linux::rename(root, from, to);
    #[cfg(not(target_os = "linux"))]
    {
        drop((root, from, to));
        Err(ApplyError::Unsupported)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
