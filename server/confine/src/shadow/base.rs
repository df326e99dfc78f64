//! The bytes that the task saw at its start.
//!
//! The manifest holds the digest of every file, so any copy of the bytes proves itself: an unsaved buffer that was laid
//! over, bytes that were set aside when a file was first seen changed, or the workspace's own file while it still holds them.

use std::fs;
use std::io;
use std::path::PathBuf;

use vouchsafe_base::{Digest, WorkspacePath};

use super::change::Entry;
use super::file::Root;

/// Bytes of one file that are set aside; larger ones are only looked for in the workspace.
const KEPT_FILE_BYTES_MAX: u64 = 64 << 20;
/// Bytes that are set aside in all.
const KEPT_BYTES_MAX: u64 = 1 << 30;

/// Bytes set aside, by digest.
#[derive(Debug)]
pub(super) struct Kept {
    directory: PathBuf,
    bytes: u64,
}

impl Kept {
    pub(super) fn new(directory: PathBuf) -> Self {
        Self { directory, bytes: 0 }
    }

    fn path(&self, digest: Digest) -> PathBuf {
        self.directory.join(digest.to_string())
    }

    /// Sets bytes aside, unless they are too many.
    #[expect(clippy::disallowed_methods, reason = "writes to the shadow's own directory")]
    pub(super) fn keep(&mut self, digest: Digest, bytes: &[u8]) -> io::Result<()> {
        let size = bytes.len() as u64;
        if self.path(digest).exists() || size > KEPT_FILE_BYTES_MAX || self.bytes + size > KEPT_BYTES_MAX {
            return Ok(());
        }
        fs::write(self.path(digest), bytes)?;
        self.bytes += size;
        Ok(())
    }

    /// Sets aside what the workspace still holds of a base that is about to be shown as changed.
    pub(super) fn keep_from(
        &mut self,
        workspace: &Root,
        path: &WorkspacePath,
        entry: &Entry,
    ) -> io::Result<()> {
        let Entry::File { digest, bytes, .. } = entry else { return Ok(()) };
        if *bytes > KEPT_FILE_BYTES_MAX || self.path(*digest).exists() {
            return Ok(());
        }
        match workspace.read(path) {
            Ok(Some(found)) if Digest::of(&found) == *digest => self.keep(*digest, &found),
            _ => Ok(()), // changed meanwhile: the base is gone, and asking for it will say so
        }
    }

    /// The bytes with this digest, wherever they still are.
    pub(super) fn find(&self, workspace: &Root, path: &WorkspacePath, digest: Digest) -> Option<Vec<u8>> {
        let proven = |bytes: &Vec<u8>| Digest::of(bytes) == digest;
        fs::read(self.path(digest))
            .ok()
            .filter(proven)
            .or_else(|| workspace.read(path).ok().flatten().filter(proven))
    }
}
