//! The shadow of one task, as the rest of the product sees it.

use std::borrow::Cow;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use vouchsafe_base::{Digest, WorkspacePath};

use super::base::Kept;
use super::change::{Change, Entry};
use super::changes::Digests;
use super::copied::Copied;
use super::copy::copying_failed;
use super::file::Root;
use super::hidden::Hidden;
use super::layered::{self, Bases};
use super::overlaid::{Overlaid, UNKNOWN, Where};
use super::place::{self, Place};
use super::plan::{Lack, Lacking, ShadowError, ShadowPlan, Swept};
use super::{mapped, rename};
use crate::sandbox::{Enforced, Inside, Tier};

/// The private copy of a workspace in which one task works. Removed when dropped.
#[derive(Debug)]
pub struct Shadow {
    workspace: PathBuf,
    workspace_root: Root,
    kind: Kind,
    why_not_namespaces: Option<String>,
    lacks: Vec<Lacking>,
    /// Repositories' object directories, which git reads through alternates.
    reads: Vec<PathBuf>,
    home: PathBuf,
    temporary: PathBuf,
    caches: Mutex<Caches>,
    place: Place,
}

#[derive(Debug)]
enum Kind {
    Copied(Copied),
    Overlaid(Overlaid),
}

/// The kind of a shadow, for whoever looks into it.
pub(super) enum Within<'a> {
    Copied(&'a Copied),
    Overlaid(&'a Overlaid),
}

#[derive(Debug)]
struct Caches {
    digests: Digests,
    bases: Bases,
    kept: Kept,
}

impl Shadow {
    /// Makes a shadow. `enforced` proves that what works in it will be confined, and knows in which tier.
    ///
    /// # Errors
    /// One sentence for each thing that can be wrong with the workspace, the cache or the disk.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a plan is used once: whoever made it has no use for it afterwards"
    )]
    pub fn make(enforced: &Enforced, plan: ShadowPlan) -> Result<Self, ShadowError> {
        let unreadable = |error| ShadowError::Workspace { path: plan.workspace.clone(), error };
        let workspace = fs::canonicalize(&plan.workspace).map_err(unreadable)?;
        fs::read_dir(&workspace).map_err(unreadable)?;
        let workspace_root = Root::open(&workspace).map_err(unreadable)?;
        let hidden = Arc::new(Hidden::new(&plan.hidden)?);
        refuse_inside(&workspace, &plan.cache)?;
        let mut place = Place::make(&plan.cache)?;
        let verdict = enforced.namespaces_for(&workspace, &place.top);
        let (kind, mut lacks, mut reads) = if verdict.is_ok() {
            place.is_walled();
            let scan = enforced.scan(&workspace, &hidden);
            let (overlaid, lacks, reads) = Overlaid::make(&workspace, &place, &hidden, scan, &plan.seeds)?;
            (Kind::Overlaid(overlaid), lacks, reads)
        } else {
            let (mut copied, mut lacks, reads) = Copied::make(&workspace, &place, &hidden, &plan.limits)?;
            for (path, bytes) in plan.seeds.iter().filter(|(path, _)| !hidden.covers(path)) {
                copied.seed(path, bytes)?;
                lacks.retain(|lacking| lacking.path != *path);
            }
            (Kind::Copied(copied), lacks, reads)
        };
        let masked = plan.seeds.iter().filter(|(path, _)| hidden.covers(path));
        lacks.extend(masked.map(|(path, _)| Lacking { path: path.clone(), why: Lack::Hidden }));
        lacks.sort_by(|a, b| a.path.cmp(&b.path));
        lacks.dedup();
        reads.sort();
        reads.dedup();
        let mut kept = Kept::new(place.kept());
        for (_, bytes) in &plan.seeds {
            kept.keep(Digest::of(bytes), bytes).map_err(|error| copying_failed(&place.kept(), error))?;
        }
        Ok(Self {
            workspace,
            workspace_root,
            kind,
            why_not_namespaces: verdict.err(),
            lacks,
            reads,
            home: place.home(),
            temporary: place.temporary(),
            caches: Mutex::new(Caches { digests: Digests::new(), bases: Bases::new(), kept }),
            place,
        })
    }

    /// How strongly what works in it will be confined.
    #[must_use]
    pub fn tier(&self) -> Tier {
        match self.kind {
            Kind::Copied(_) => Tier::LandlockOnly,
            Kind::Overlaid(_) => Tier::Namespaces,
        }
    }

    /// One sentence why it is not in the stronger tier; `None` when it is.
    #[must_use]
    pub fn why_not_namespaces(&self) -> Option<&str> {
        self.why_not_namespaces.as_deref()
    }

    /// The workspace, canonical.
    #[must_use]
    pub fn workspace(&self) -> &Path {
        &self.workspace
    }

    /// The path under which commands see the workspace.
    #[must_use]
    pub fn seen_root(&self) -> &Path {
        match &self.kind {
            Kind::Copied(copied) => &copied.copy,
            Kind::Overlaid(_) => &self.workspace,
        }
    }

    /// What the workspace has and the shadow has not, sorted by path.
    #[must_use]
    pub fn lacks(&self) -> &[Lacking] {
        &self.lacks
    }

    /// Everything that differs from the base now, sorted by path; `.git`, ignored paths, and hidden files that the task
    /// did not create are not listed. In an overlay it costs what was changed; in a copy one look at every file. Where the
    /// base of a changed file is not known any more its digest is all zeros.
    ///
    /// # Errors
    /// When a file of the shadow cannot be read.
    pub fn changes(&self) -> Result<Vec<Change>, ShadowError> {
        let mut caches = self.caches();
        let changes = self.look(&mut caches)?.0;
        Ok(rename::pair(changes))
    }

    /// The changes, not yet paired, and how many ignored files were written. Bases that show are set aside.
    fn look(&self, caches: &mut Caches) -> Result<(Vec<Change>, u64), ShadowError> {
        let Caches { digests, bases, kept } = caches;
        let (changes, ignored) = match &self.kind {
            Kind::Copied(copied) => (copied.changes(digests)?, 0),
            Kind::Overlaid(overlaid) => layered::changes(overlaid, digests, bases, kept)
                .map_err(|(path, error)| ShadowError::Unreadable { path, error })?,
        };
        for change in &changes {
            if let Some(before) = &change.before {
                let set_aside = kept.keep_from(&self.workspace_root, &change.path, before);
                set_aside.map_err(|error| copying_failed(&self.place.kept(), error))?;
            }
        }
        Ok((changes, ignored))
    }

    /// How many ignored files the task has written: build output, which is never proposed.
    ///
    /// # Errors
    /// As [`Self::changes`].
    pub fn ignored_written(&self) -> Result<u64, ShadowError> {
        match &self.kind {
            Kind::Copied(copied) => copied.ignored_written(),
            Kind::Overlaid(_) => self.look(&mut self.caches()).map(|(_, ignored)| ignored),
        }
    }

    /// The shadow's bytes now; for a symbolic link, where it points. `None` when there is neither.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(&self, path: &WorkspacePath) -> Result<Option<Vec<u8>>, ShadowError> {
        let unreadable = |error| ShadowError::Unreadable { path: path.clone(), error };
        match &self.kind {
            Kind::Copied(copied) => copied.read(path).map_err(unreadable),
            Kind::Overlaid(overlaid) => self.read_layers(overlaid, path).map_err(unreadable),
        }
    }

    fn read_layers(&self, overlaid: &Overlaid, path: &WorkspacePath) -> io::Result<Option<Vec<u8>>> {
        match overlaid.locate(path)? {
            Where::Upper => overlaid.read_upper(path),
            Where::Nowhere => Ok(None),
            Where::Below if overlaid.is_masked(path) => Ok(None),
            Where::Below => match overlaid.seeded(path) {
                Some(digest) => Ok(self.caches().kept.find(&self.workspace_root, path, digest)),
                None => self.workspace_root.read(path),
            },
        }
    }

    /// What the task saw at its start; for a symbolic link, where it pointed. `None` when there was neither.
    ///
    /// # Errors
    /// [`ShadowError::BaseGone`] when the file was changed in the workspace meanwhile and no copy of it was kept.
    pub fn base(&self, path: &WorkspacePath) -> Result<Option<Vec<u8>>, ShadowError> {
        let gone = || ShadowError::BaseGone { path: path.clone() };
        let caches = self.caches();
        let entry = match (&self.kind, caches.bases.get(path)) {
            (_, Some(entry)) => Some(entry.clone()),
            (Kind::Copied(copied), None) => copied.base(path),
            (Kind::Overlaid(overlaid), None) => {
                let base = overlaid
                    .base(path, &mut |_, _| Ok(()))
                    .map_err(|error| ShadowError::Unreadable { path: path.clone(), error })?;
                if base.as_ref().is_some_and(|base| !base.known) {
                    return Err(gone());
                }
                base.map(|base| base.entry)
            }
        };
        match entry {
            None | Some(Entry::Directory { .. }) => Ok(None),
            Some(Entry::Symlink { target }) => Ok(Some(target)),
            Some(Entry::File { digest: UNKNOWN, .. }) => Err(gone()),
            Some(Entry::File { digest, .. }) => {
                caches.kept.find(&self.workspace_root, path, digest).map(Some).ok_or_else(gone)
            }
        }
    }

    /// Output with the shadow's path replaced by the workspace's; the same bytes where both are one.
    #[must_use]
    pub fn map_back<'o>(&self, output: &'o [u8]) -> Cow<'o, [u8]> {
        match &self.kind {
            Kind::Overlaid(_) => Cow::Borrowed(output),
            Kind::Copied(copied) => {
                let (ours, theirs) = (copied.copy.as_os_str(), self.workspace.as_os_str());
                mapped::replace(output, ours.as_encoded_bytes(), theirs.as_encoded_bytes())
            }
        }
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

    pub(super) fn within(&self) -> Within<'_> {
        match &self.kind {
            Kind::Copied(copied) => Within::Copied(copied),
            Kind::Overlaid(overlaid) => Within::Overlaid(overlaid),
        }
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

    /// Directories whose contents count as written by the task.
    pub(crate) fn measured(&self) -> Vec<PathBuf> {
        let mut all = vec![self.home.clone(), self.temporary.clone()];
        match &self.kind {
            Kind::Copied(copied) => all.push(copied.copy.clone()),
            Kind::Overlaid(overlaid) => all.extend([overlaid.upper.clone(), overlaid.caches.clone()]),
        }
        all
    }

    /// Bytes and files that the shadow took before anybody wrote to it.
    pub(crate) fn base_size(&self) -> (u64, u64) {
        match &self.kind {
            Kind::Copied(copied) => copied.size(),
            Kind::Overlaid(_) => (0, 0),
        }
    }

    /// What makes the root that commands see, in the tier that has one of its own. The user's home keeps its path, so that
    /// what tools wrote down there stays true, unless the workspace is at or above it.
    pub(crate) fn inside(&self, home: Option<PathBuf>) -> Option<Inside> {
        let Kind::Overlaid(overlaid) = &self.kind else { return None };
        let home = home.and_then(|home| fs::canonicalize(home).ok()).filter(|home| {
            !home.starts_with(&self.workspace) && *home != *Path::new("/") && !home.starts_with("/usr")
        });
        Some(Inside {
            new_root: overlaid.new_root.clone(),
            workspace: overlaid.dirs.clone(),
            home: home.unwrap_or_else(|| "/tmp/home".into()),
            temporary: "/tmp".into(),
            caches: overlaid.caches.clone(),
        })
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
