//! The bytes that the task saw at its start.
//!
//! The digest of every base is known when it is first looked at, so any copy of the bytes proves itself: an unsaved
//! buffer that was laid over, bytes that were set aside when a file was first seen changed, or the workspace's own file
//! while it still holds them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use vouchsafe_base::{Digest, WorkspacePath};

use super::change::Entry;
use super::file::Root;

/// Bytes of one file that are set aside; larger ones are only looked for in the workspace.
pub(super) const KEPT_FILE_BYTES_MAX: u64 = 16 << 20;
/// Bytes that are set aside in all.
const KEPT_BYTES_MAX: u64 = 1 << 30;

/// Bytes set aside: one file, and where in it each digest's bytes begin.
#[derive(Debug)]
pub(super) struct Kept {
    path: PathBuf,
    file: Option<File>,
    places: BTreeMap<Digest, (u64, u64)>,
    bytes: u64,
}

impl Kept {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, file: None, places: BTreeMap::new(), bytes: 0 }
    }

    /// Sets bytes aside, unless they are too many.
    pub(super) fn keep(&mut self, digest: Digest, bytes: &[u8]) -> io::Result<()> {
        let size = bytes.len() as u64;
        if self.places.contains_key(&digest)
            || size > KEPT_FILE_BYTES_MAX
            || self.bytes + size > KEPT_BYTES_MAX
        {
            return Ok(());
        }
        if self.file.is_none() {
            self.file = Some(File::options().read(true).write(true).create_new(true).open(&self.path)?);
        }
        if let Some(file) = &self.file {
            file.write_all_at(bytes, self.bytes)?;
            self.places.insert(digest, (self.bytes, size));
            self.bytes += size;
        }
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
        if *bytes > KEPT_FILE_BYTES_MAX || self.places.contains_key(digest) {
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
        self.kept(digest).filter(proven).or_else(|| workspace.read(path).ok().flatten().filter(proven))
    }

    fn kept(&self, digest: Digest) -> Option<Vec<u8>> {
        let (start, size) = self.places.get(&digest)?;
        let mut bytes = vec![0; usize::try_from(*size).ok()?];
        self.file.as_ref()?.read_exact_at(&mut bytes, *start).ok()?;
        Some(bytes)
    }
}
