//! The shadow of one task, as the rest of the product sees it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::fs::{Mode, OFlags};
use vouchsafe_base::{Digest, WorkspacePath};

use super::base::Kept;
use super::change::{Change, Entry};
use super::changes::{self, Digests};
use super::copy::{self, Known, Manifest, copying_failed, file_entry};
use super::file::{self, Root, Stamp};
use super::hidden::Hidden;
use super::place::{self, Place};
use super::plan::{Lack, Lacking, ShadowError, ShadowPlan, Swept};
use super::{git, rename, walk};
use crate::sandbox::Enforced;

/// The private copy of a workspace in which one task works. Removed when dropped.
#[derive(Debug)]
pub struct Shadow {
    workspace: PathBuf,
    workspace_root: Root,
    root: Root,
    manifest: Manifest,
    lacks: Vec<Lacking>,
    hidden: Arc<Hidden>,
    /// Repositories' object directories, which git reads through alternates.
    reads: Vec<PathBuf>,
    home: PathBuf,
    temporary: PathBuf,
    /// Bytes of the copy before anybody wrote to it.
    base_bytes: u64,
    caches: Mutex<Caches>,
    place: Place,
}

#[derive(Debug)]
struct Caches {
    digests: Digests,
    kept: Kept,
}

impl Shadow {
    /// Makes a shadow. `enforced` proves that what works in it will be confined.
    ///
    /// # Errors
    /// One sentence for each thing that can be wrong with the workspace, the cache or the disk.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a plan is used once: whoever made it has no use for it afterwards"
    )]
    pub fn make(_enforced: &Enforced, plan: ShadowPlan) -> Result<Self, ShadowError> {
        let unreadable = |error| ShadowError::Workspace { path: plan.workspace.clone(), error };
        let workspace = fs::canonicalize(&plan.workspace).map_err(unreadable)?;
        fs::read_dir(&workspace).map_err(unreadable)?;
        let hidden = Arc::new(Hidden::new(&plan.hidden)?);
        let name = workspace.file_name().unwrap_or("workspace".as_ref());
        refuse_inside(&workspace, &plan.cache)?;
        let place = Place::make(&plan.cache, name)?;
        let copied = copy::copy(&workspace, &place.copy, &hidden, &plan.limits)?;
        let reads = repositories(&workspace, &place.copy, &copied.manifest)?;
        let open = |path: &Path| {
            Root::open(path)
                .map_err(|error| ShadowError::System { what: format!("opening {}", path.display()), error })
        };
        let mut shadow = Self {
            workspace_root: open(&workspace)?,
            root: open(&place.copy)?,
            workspace,
            manifest: copied.manifest,
            lacks: copied.lacks,
            hidden,
            reads,
            home: place.home(),
            temporary: place.temporary(),
            base_bytes: copied.bytes,
            caches: Mutex::new(Caches { digests: Digests::new(), kept: Kept::new(place.kept()) }),
            place,
        };
        for (path, bytes) in &plan.seeds {
            shadow.seed(path, bytes)?;
        }
        Ok(shadow)
    }

    /// Lays an unsaved buffer over the copy.
    fn seed(&mut self, path: &WorkspacePath, bytes: &[u8]) -> Result<(), ShadowError> {
        if self.hidden.covers(path) {
            self.lacks.push(Lacking { path: path.clone(), why: Lack::Hidden });
            return Ok(());
        }
        let at = self.place.copy.join(path.as_path());
        let written = self.write_seed(path, bytes).map_err(|error| copying_failed(&at, error))?;
        self.lacks.retain(|lacking| lacking.path != *path);
        self.manifest.insert(path.clone(), written);
        Ok(())
    }

    fn write_seed(&mut self, path: &WorkspacePath, bytes: &[u8]) -> io::Result<Known> {
        let at = self.place.copy.join(path.as_path());
        let before = at.parent().map(Path::to_owned).unwrap_or_default();
        fs::create_dir_all(&before)?;
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
        let digest = Digest::of(bytes);
        let caches = self.caches.get_mut().unwrap_or_else(PoisonError::into_inner);
        caches.kept.keep(digest, bytes)?;
        Ok(Known {
            entry: file_entry(digest, bytes.len() as u64, file::mode(&stat)),
            stamp: Stamp::of(&stat),
        })
    }

    /// The workspace, canonical.
    #[must_use]
    pub fn workspace(&self) -> &Path {
        &self.workspace
    }

    /// The path under which commands see the workspace.
    #[must_use]
    pub fn seen_root(&self) -> &Path {
        &self.place.copy
    }

    /// What the workspace has and the copy has not, sorted by path.
    #[must_use]
    pub fn lacks(&self) -> &[Lacking] {
        &self.lacks
    }

    /// Everything that differs from the base now, sorted by path; `.git`, ignored paths, and hidden files that the task
    /// did not create are not listed. Costs one look at every file, and reading those that were touched.
    ///
    /// # Errors
    /// When a file of the copy cannot be read.
    pub fn changes(&self) -> Result<Vec<Change>, ShadowError> {
        let there = self.look(true)?;
        let mut caches = self.caches();
        let Caches { digests, kept } = &mut *caches;
        let changes = changes::compare(&self.root, &self.manifest, there, digests)
            .map_err(|(path, error)| ShadowError::Unreadable { path, error })?;
        for change in &changes {
            if let Some(before) = &change.before {
                kept.keep_from(&self.workspace_root, &change.path, before)
                    .map_err(|error| copying_failed(&self.place.kept(), error))?;
            }
        }
        Ok(rename::pair(changes))
    }

    /// Every path that a change could be at. Files of the base count also when the task has made git ignore them.
    fn look(&self, ignores: bool) -> Result<BTreeMap<WorkspacePath, rustix::fs::Stat>, ShadowError> {
        let mut found = BTreeMap::new();
        for entry in walk::below(&self.place.copy, None, ignores).build() {
            let Ok(entry) = entry else {
                place::open_up(&self.place.copy); // the task took its own rights away; look again with them
                return self.look_again(ignores);
            };
            if let Some(path) = walk::inside(&self.place.copy, entry.path()) {
                let stat = self.stat(&path)?;
                found.extend(stat.map(|stat| (path, stat)));
            }
        }
        for path in self.manifest.keys().filter(|_| ignores) {
            if !found.contains_key(path) {
                let stat = self.stat(path)?;
                found.extend(stat.map(|stat| (path.clone(), stat)));
            }
        }
        Ok(found)
    }

    fn look_again(&self, ignores: bool) -> Result<BTreeMap<WorkspacePath, rustix::fs::Stat>, ShadowError> {
        let mut found = BTreeMap::new();
        let walked = walk::below(&self.place.copy, None, ignores).build().filter_map(Result::ok);
        let paths = walked.filter_map(|entry| walk::inside(&self.place.copy, entry.path()));
        for path in paths.chain(self.manifest.keys().cloned()) {
            let stat = self.stat(&path)?;
            found.extend(stat.map(|stat| (path, stat)));
        }
        Ok(found)
    }

    fn stat(&self, path: &WorkspacePath) -> Result<Option<rustix::fs::Stat>, ShadowError> {
        self.root.stat(path).map_err(|error| ShadowError::Unreadable { path: path.clone(), error })
    }

    /// How many ignored files the task has written: build output, which is never proposed.
    ///
    /// # Errors
    /// As [`Self::changes`].
    pub fn ignored_written(&self) -> Result<u64, ShadowError> {
        let (shown, all) = (self.look(true)?, self.look(false)?);
        let ignored = all
            .iter()
            .filter(|(path, stat)| !shown.contains_key(*path) && file::kind(stat) == file::Kind::File);
        Ok(ignored.count() as u64)
    }

    /// The copy's bytes now; for a symbolic link, where it points. `None` when there is neither.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(&self, path: &WorkspacePath) -> Result<Option<Vec<u8>>, ShadowError> {
        self.root.read(path).map_err(|error| ShadowError::Unreadable { path: path.clone(), error })
    }

    /// What the task saw at its start; for a symbolic link, where it pointed. `None` when there was neither.
    ///
    /// # Errors
    /// [`ShadowError::BaseGone`] when the file was changed in the workspace meanwhile and no copy of it was kept.
    pub fn base(&self, path: &WorkspacePath) -> Result<Option<Vec<u8>>, ShadowError> {
        match self.manifest.get(path).map(|known| &known.entry) {
            None | Some(Entry::Directory { .. }) => Ok(None),
            Some(Entry::Symlink { target }) => Ok(Some(target.clone())),
            Some(Entry::File { digest, .. }) => {
                match self.caches().kept.find(&self.workspace_root, path, *digest) {
                    Some(bytes) => Ok(Some(bytes)),
                    None => Err(ShadowError::BaseGone { path: path.clone() }),
                }
            }
        }
    }

    /// Output with the copy's path replaced by the workspace's.
    #[must_use]
    pub fn map_back<'o>(&self, output: &'o [u8]) -> Cow<'o, [u8]> {
        let (ours, theirs) = (self.place.copy.as_os_str(), self.workspace.as_os_str());
        replace(output, ours.as_encoded_bytes(), theirs.as_encoded_bytes())
    }

    /// Removes it now.
    ///
    /// # Errors
    /// When something of it cannot be removed; the next [`Self::sweep`] tries again.
    pub fn drop_now(mut self) -> Result<(), ShadowError> {
        let removed = self.place.remove();
        removed.map_err(|error| ShadowError::System {
            what: format!("removing {}", self.place.top.display()),
            error,
        })
    }

    /// Removes what crashed servers left below `cache`: processes and directories. Shadows of live servers stay.
    ///
    /// # Errors
    /// When the cache cannot be used.
    pub fn sweep(cache: &Path) -> Result<Swept, ShadowError> {
        place::sweep(cache)
    }

    pub(crate) fn home(&self) -> &Path {
        &self.home
    }

    pub(crate) fn temporary(&self) -> &Path {
        &self.temporary
    }

    pub(crate) fn reads(&self) -> &[PathBuf] {
        &self.reads
    }

    /// Bytes and files that the copy itself takes.
    pub(crate) fn base_size(&self) -> (u64, u64) {
        (self.base_bytes, self.manifest.len() as u64)
    }

    fn caches(&self) -> MutexGuard<'_, Caches> {
        self.caches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn refuse_inside(workspace: &Path, cache: &Path) -> Result<(), ShadowError> {
    let existing = cache.ancestors().find_map(|above| fs::canonicalize(above).ok()).unwrap_or_default();
    if existing.starts_with(workspace) {
        return Err(ShadowError::CacheInside { path: cache.to_owned() });
    }
    Ok(())
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
    reads.sort();
    reads.dedup();
    Ok(reads)
}

fn replace<'o>(output: &'o [u8], old: &[u8], new: &[u8]) -> Cow<'o, [u8]> {
    let find = |text: &[u8]| text.windows(old.len()).position(|part| part == old);
    let Some(mut at) = find(output) else {
        return Cow::Borrowed(output);
    };
    let (mut mapped, mut rest) = (Vec::with_capacity(output.len()), output);
    loop {
        let (before, after) = rest.split_at(at);
        mapped.extend_from_slice(before);
        mapped.extend_from_slice(new);
        rest = after.get(old.len()..).unwrap_or_default();
        match find(rest) {
            Some(next) => at = next,
            None => {
                mapped.extend_from_slice(rest);
                return Cow::Owned(mapped);
            }
        }
    }
}
