//! The page as a file: `tasks/<id>/record.md` below the state directory, read-only, replaced as a whole.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Record;
use crate::log::TaskId;
use crate::store::{StoreError, make_private_dir};

/// Where the record of a task is.
#[must_use]
pub fn record_path(state_dir: &Path, task: TaskId) -> PathBuf {
    state_dir.join("tasks").join(task.to_string()).join("record.md")
}

/// Writes the record; a reader sees the old page or the new one, never a part.
///
/// # Errors
/// [`StoreError::Unwritable`], [`StoreError::Full`] or [`StoreError::File`].
pub fn write_record(state_dir: &Path, task: TaskId, record: &Record) -> Result<PathBuf, StoreError> {
    let path = record_path(state_dir, task);
    replace(&path, record.markdown.as_bytes())
        .map_err(|error| StoreError::from_io(state_dir, &path, error))?;
    Ok(path)
}

#[expect(clippy::disallowed_methods, reason = "the record is this module's own file")]
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let dir = path.parent().unwrap_or(path);
    dir.parent().map_or(Ok(()), make_private_dir)?;
    make_private_dir(dir)?;
    let new = dir.join(format!(".record.{}.{:?}.tmp", std::process::id(), std::thread::current().id()));
    let written = write_new(&new, bytes).and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        fs::remove_file(&new).unwrap_or_default();
    }
    written
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    let mut permissions = file.metadata()?.permissions();
    permissions.set_readonly(true);
    file.set_permissions(permissions)
}
