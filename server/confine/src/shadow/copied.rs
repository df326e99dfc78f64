//! The shadow as a copy at another path: for machines and workspaces where no overlay can be mounted.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{Mode, OFlags, Stat};
use vouchsafe_base::{Digest, WorkspacePath};

use super::change::{Change, Entry};
use super::changes::{self, Digests};
use super::copy::{self, Known, Manifest, copying_failed, file_entry};
use super::file::{self, Root, Stamp};
use super::hidden::Hidden;
use super::place::{self, Place};
use super::plan::{Lacking, ShadowError, ShadowLimits};
use super::{git, walk};

/// A copied shadow.
#[derive(Debug)]
pub(super) struct Copied {
    pub(super) copy: PathBuf,
    root: Root,
    manifest: Manifest,
    /// Bytes of the copy before anybody wrote to it.
    bytes: u64,
}

impl Copied {
    /// Copies the workspace; also what the copy lacks, and the object directories that git will read.
    pub(super) fn make(
        workspace: &Path,
        place: &Place,
        hidden: &Arc<Hidden>,
        limits: &ShadowLimits,
    ) -> Result<(Self, Vec<Lacking>, Vec<PathBuf>), ShadowError> {
        let name = workspace.file_name().unwrap_or("workspace".as_ref());
        let copy = place.directory(Path::new("at").join(name))?;
        let copied = copy::copy(workspace, &copy, hidden, limits)?;
        let reads = repositories(workspace, &copy, &copied.manifest)?;
        let root = Root::open(&copy)
            .map_err(|error| ShadowError::System { what: format!("opening {}", copy.display()), error })?;
        Ok((Self { copy, root, manifest: copied.manifest, bytes: copied.bytes }, copied.lacks, reads))
    }

    /// Lays an unsaved buffer over the copy.
    pub(super) fn seed(&mut self, path: &WorkspacePath, bytes: &[u8]) -> Result<(), ShadowError> {
        let at = self.copy.join(path.as_path());
        let written = self.write_seed(path, &at, bytes).map_err(|error| copying_failed(&at, error))?;
        self.manifest.insert(path.clone(), written);
        Ok(())
    }

    fn write_seed(&mut self, path: &WorkspacePath, at: &Path, bytes: &[u8]) -> io::Result<Known> {
        fs::create_dir_all(at.parent().unwrap_or(at))?;
        for above in std::iter::successors(path.parent(), WorkspacePath::parent) {
            if let Some(stat) = self.root.stat(&above)?.filter(|_| !self.manifest.contains_key(&above)) {
                let entry = Entry::Directory { mode: file::mode(&stat) };
                self.manifest.insert(above, Known { entry, stamp: Stamp::of(&stat) });
            }
        }
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::TRUNC;
        let mut target = self.root.open_file(path, flags, Mode::from_raw_mode(0o644))?;
        io::Write::write_all(&mut target, bytes)?;
        let stat = rustix::fs::fstat(&target)?;
        let entry = file_entry(Digest::of(bytes), bytes.len() as u64, file::mode(&stat));
        Ok(Known { entry, stamp: Stamp::of(&stat) })
    }

    pub(super) fn changes(&self, digests: &mut Digests) -> Result<Vec<Change>, ShadowError> {
        let there = self.look(true)?;
        changes::compare(&self.root, &self.manifest, there, digests)
            .map_err(|(path, error)| ShadowError::Unreadable { path, error })
    }

    /// Every path that a change could be at. Files of the base count also when the task has made git ignore them.
    fn look(&self, ignores: bool) -> Result<BTreeMap<WorkspacePath, Stat>, ShadowError> {
        let (walked, complete) = self.walk(ignores);
        let walked = if complete {
            walked
        } else {
            place::open_up(&self.copy); // the task took its own rights away; look again with them
            self.walk(ignores).0
        };
        let mut found = BTreeMap::new();
        for path in walked.into_iter().chain(self.manifest.keys().cloned()) {
            let stat = self.stat(&path)?;
            found.extend(stat.map(|stat| (path, stat)));
        }
        Ok(found)
    }

    /// The paths below the copy, and whether all of it could be read.
    fn walk(&self, ignores: bool) -> (Vec<WorkspacePath>, bool) {
        let mut complete = true;
        let entries = walk::below(&self.copy, None, ignores).build().filter_map(|entry| {
            complete &= entry.is_ok();
            walk::inside(&self.copy, entry.ok()?.path())
        });
        let paths = entries.collect();
        (paths, complete)
    }

    fn stat(&self, path: &WorkspacePath) -> Result<Option<Stat>, ShadowError> {
        self.root.stat(path).map_err(|error| ShadowError::Unreadable { path: path.clone(), error })
    }

    pub(super) fn ignored_written(&self) -> Result<u64, ShadowError> {
        let (shown, all) = (self.look(true)?, self.look(false)?);
        let ignored = all
            .iter()
            .filter(|(path, stat)| !shown.contains_key(*path) && file::kind(stat) == file::Kind::File);
        Ok(ignored.count() as u64)
    }

    /// The copy's own directory.
    pub(super) fn root(&self) -> &Root {
        &self.root
    }

    pub(super) fn read(&self, path: &WorkspacePath) -> io::Result<Option<Vec<u8>>> {
        self.root.read(path)
    }

    /// What was at a path at the start.
    pub(super) fn base(&self, path: &WorkspacePath) -> Option<Entry> {
        self.manifest.get(path).map(|known| known.entry.clone())
    }

    /// Bytes and files that the copy itself takes.
    pub(super) fn size(&self) -> (u64, u64) {
        (self.bytes, self.manifest.len() as u64)
    }
}

/// Gives every directory of the copy that has a repository in the workspace one of its own.
fn repositories(workspace: &Path, copy: &Path, manifest: &Manifest) -> Result<Vec<PathBuf>, ShadowError> {
    let directories = manifest.iter().filter(|(_, known)| matches!(known.entry, Entry::Directory { .. }));
    let all = std::iter::once(Path::new("")).chain(directories.map(|(path, _)| path.as_path()));
    let mut reads = Vec::new();
    for directory in all {
        let (from, to) = (workspace.join(directory).join(".git"), copy.join(directory).join(".git"));
        if fs::symlink_metadata(&from).is_ok() && !to.exists() {
            reads.extend(git::seed(&from, &to).map_err(|error| copying_failed(&to, error))?);
        }
    }
    Ok(reads)
}
