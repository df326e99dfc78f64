//! The shadow as an overlay at the workspace's own path: nothing is copied; what a task writes lands in the upper layer.
//!
//! The mount exists only in the zygote's namespaces. From outside, what a task sees is put together from the layers: the
//! upper one, the seed (unsaved buffers and masks), the workspace.
//!
//! Invariants
//! - A file of the workspace is taken for the base only while its change time is before the task's start: any write,
//!   replacement or renaming since then sets it, and then the base is not known (the overlay may show either).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, FileType, Mode, Stat};
use vouchsafe_base::{Digest, WorkspacePath};

use super::base::KEPT_FILE_BYTES_MAX;
use super::change::Entry;
use super::copy::{copying_failed, file_entry};
use super::file::{self, Kind, Root};
use super::git;
use super::hidden::Hidden;
use super::place::Place;
use super::plan::{Found, Lack, Lacking, ShadowError};
use crate::sandbox::OverlayDirs;

/// An overlaid shadow.
#[derive(Debug)]
pub(super) struct Overlaid {
    pub(super) workspace: PathBuf,
    pub(super) workspace_root: Root,
    pub(super) upper: PathBuf,
    pub(super) upper_root: Root,
    pub(super) dirs: OverlayDirs,
    pub(super) new_root: PathBuf,
    pub(super) caches: PathBuf,
    /// What unsaved buffers hold.
    seeds: BTreeMap<WorkspacePath, Entry>,
    /// Directories that exist only for them.
    seed_directories: BTreeSet<WorkspacePath>,
    masked: BTreeSet<WorkspacePath>,
    /// The file system's clock when the task began.
    started: (i64, i64),
}

/// Where a path is to be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Where {
    /// In the upper layer.
    Upper,
    /// Deleted by the task, or below something that is no directory now.
    Nowhere,
    /// Below the upper layer: as it was.
    Below,
}

/// What the task saw at a path at its start.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Base {
    pub(super) entry: Entry,
    /// Whether the digest is that of what the task saw.
    pub(super) known: bool,
}

/// The digest of a base that is not known any more.
pub(super) const UNKNOWN: Digest = Digest::from_bytes([0; 32]);

impl Overlaid {
    /// Prepares the layers; also what is masked, and the object directories that git will read.
    pub(super) fn make(
        workspace: &Path,
        place: &Place,
        hidden: &Hidden,
        masked: Vec<WorkspacePath>,
        seeds: &[(WorkspacePath, Vec<u8>)],
    ) -> Result<(Self, Vec<Lacking>, Vec<PathBuf>), ShadowError> {
        let (upper, work, seed) =
            (place.directory("upper")?, place.directory("work")?, place.directory("seed")?);
        let (new_root, caches) = (place.directory("root")?, place.directory("caches")?);
        let system = |path: &Path, error| copying_failed(path, error);
        let top = fs::symlink_metadata(workspace).map_err(|error| system(workspace, error))?;
        for layer in [&upper, &seed] {
            dress(layer, &top).map_err(|error| system(layer, error))?;
        }
        let open = |path: &Path| Root::open(path).map_err(|error| system(path, error));
        let stamp = fs::symlink_metadata(&upper).map_err(|error| system(&upper, error))?;
        let mut shadow = Self {
            workspace: workspace.to_owned(),
            workspace_root: open(workspace)?,
            upper_root: open(&upper)?,
            dirs: OverlayDirs { upper: upper.clone(), work, lowers: vec![workspace.to_owned()] },
            upper,
            new_root,
            caches,
            seeds: BTreeMap::new(),
            seed_directories: BTreeSet::new(),
            masked: masked.into_iter().collect(),
            started: (stamp.ctime(), stamp.ctime_nsec()),
        };
        let layer = Layer { at: &seed, workspace };
        let mut used = !shadow.masked.is_empty();
        for path in &shadow.masked {
            layer.mask(path).map_err(|error| system(&seed, error))?;
        }
        for (path, bytes) in seeds.iter().filter(|(path, _)| !hidden.covers(path)) {
            shadow.seed(&layer, path, bytes).map_err(|error| system(&seed, error))?;
            used = true;
        }
        let (in_layer, reads) = repository(workspace, &seed).map_err(|error| system(&seed, error))?;
        if used || in_layer {
            shadow.dirs.lowers.insert(0, seed);
        }
        let lacks =
            shadow.masked.iter().map(|path| Lacking { path: path.clone(), why: Lack::Hidden }).collect();
        Ok((shadow, lacks, reads))
    }

    fn seed(&mut self, layer: &Layer<'_>, path: &WorkspacePath, bytes: &[u8]) -> io::Result<()> {
        for above in std::iter::successors(path.parent(), WorkspacePath::parent) {
            if self.workspace_root.stat(&above)?.is_none() {
                self.seed_directories.insert(above);
            }
        }
        let at = layer.directory_for(path)?.join(path.as_path().file_name().unwrap_or_default());
        let mode = self.workspace_root.stat(path)?.map_or(0o644, |stat| file::mode(&stat));
        #[expect(clippy::disallowed_methods, reason = "writes to the shadow's own layer")]
        fs::write(&at, bytes)?;
        fs::set_permissions(&at, fs::Permissions::from_mode(mode))?;
        self.seeds.insert(path.clone(), file_entry(Digest::of(bytes), bytes.len() as u64, mode));
        Ok(())
    }

    /// Whether a path is masked, itself or by a directory above it.
    pub(super) fn is_masked(&self, path: &WorkspacePath) -> bool {
        std::iter::successors(Some(path.clone()), WorkspacePath::parent)
            .any(|above| self.masked.contains(&above))
    }

    /// The digest of the unsaved buffer that lies over a path.
    pub(super) fn seeded(&self, path: &WorkspacePath) -> Option<Digest> {
        match self.seeds.get(path) {
            Some(Entry::File { digest, .. }) => Some(*digest),
            _ => None,
        }
    }

    /// What unsaved buffers put at a path, or above another one.
    pub(super) fn base_kind(&self, path: &WorkspacePath) -> Option<Found> {
        match self.seeds.get(path) {
            Some(Entry::File { bytes, .. }) => Some(Found::File { bytes: *bytes }),
            _ => self.seed_directories.contains(path).then_some(Found::Directory),
        }
    }

    /// What unsaved buffers put directly into a directory.
    pub(super) fn seeded_in<'s>(
        &'s self,
        directory: &'s WorkspacePath,
    ) -> impl Iterator<Item = WorkspacePath> + 's {
        let all = self.seeds.keys().chain(&self.seed_directories);
        all.filter(|path| path.parent().as_ref() == Some(directory)).cloned()
    }

    /// In which layer a path is decided.
    pub(super) fn locate(&self, path: &WorkspacePath) -> io::Result<Where> {
        let mut opaque = false;
        let prefixes: Vec<WorkspacePath> =
            std::iter::successors(Some(path.clone()), WorkspacePath::parent).collect();
        for prefix in prefixes.iter().rev() {
            let Some(stat) = self.upper_root.stat(prefix)? else {
                return Ok(if opaque { Where::Nowhere } else { Where::Below });
            };
            match file::kind(&stat) {
                _ if is_whiteout(&stat) => return Ok(Where::Nowhere),
                Kind::Directory => opaque = opaque || self.is_opaque(prefix) || self.replaces(prefix)?,
                _ if prefix == path => return Ok(Where::Upper),
                _ => return Ok(Where::Nowhere),
            }
        }
        Ok(Where::Upper)
    }

    /// A directory of the upper layer where the base has something else.
    fn replaces(&self, path: &WorkspacePath) -> io::Result<bool> {
        if self.seed_directories.contains(path) {
            return Ok(false);
        }
        let below = if self.is_masked(path) { None } else { self.workspace_root.stat(path)? };
        Ok(self.seeds.contains_key(path) || below.is_none_or(|stat| file::kind(&stat) != Kind::Directory))
    }

    /// Whether nothing below a directory of the upper layer shows through.
    pub(super) fn is_opaque(&self, path: &WorkspacePath) -> bool {
        let mut value = [0; 4];
        let at = self.upper.join(path.as_path());
        rustix::fs::lgetxattr(&at, "user.overlay.opaque", &mut value)
            .is_ok_and(|length| value.get(..length) == Some(b"y"))
    }

    /// What the task saw at a path at its start, digest and all. `keep` is given the bytes of a known one, if not too many.
    pub(super) fn base(
        &self,
        path: &WorkspacePath,
        keep: &mut dyn FnMut(Digest, &[u8]) -> io::Result<()>,
    ) -> io::Result<Option<Base>> {
        if let Some(entry) = self.seeds.get(path) {
            return Ok(Some(Base { entry: entry.clone(), known: true }));
        }
        if self.seed_directories.contains(path) {
            return Ok(Some(Base { entry: Entry::Directory { mode: 0o755 }, known: true }));
        }
        if self.is_masked(path) {
            return Ok(None);
        }
        let Some(stat) = self.workspace_root.stat(path)? else {
            return Ok(None);
        };
        let known = self.is_older(&stat);
        let entry = match file::kind(&stat) {
            Kind::Directory => Entry::Directory { mode: file::mode(&stat) },
            Kind::Symlink => Entry::Symlink { target: self.workspace_root.link(path)? },
            Kind::Special => return Ok(None),
            Kind::File => {
                let size = u64::try_from(stat.st_size).unwrap_or_default();
                let digest = match known {
                    false => None,
                    true if size <= KEPT_FILE_BYTES_MAX => self
                        .workspace_root
                        .contents(path, size)?
                        .map(|bytes| {
                            let digest = Digest::of(&bytes);
                            keep(digest, &bytes).map(|()| (digest, bytes.len() as u64))
                        })
                        .transpose()?,
                    true => self.workspace_root.digest(path)?,
                };
                let (digest, bytes) = digest.unwrap_or((UNKNOWN, size));
                file_entry(digest, bytes, file::mode(&stat))
            }
        };
        Ok(Some(Base { entry, known }))
    }

    /// The base of a file that the user has deleted meanwhile: there was one, and its bytes are not known.
    pub(super) fn lost(&self, path: &WorkspacePath) -> io::Result<Option<Base>> {
        let now = self.upper_root.stat(path)?.filter(|stat| file::kind(stat) == Kind::File);
        let entry = now.map(|stat| file_entry(UNKNOWN, 0, file::mode(&stat)));
        Ok(entry.map(|entry| Base { entry, known: false }))
    }

    /// Whether a directory of the workspace has other entries than when the task began.
    pub(super) fn has_changed(&self, directory: Option<&WorkspacePath>) -> bool {
        let stat = match directory {
            Some(path) => self.workspace_root.stat(path).ok().flatten(),
            None => file::lstat(&self.workspace).ok(),
        };
        stat.is_none_or(|stat| !self.is_older(&stat))
    }

    /// Whether there was anything at a path.
    pub(super) fn had(&self, path: &WorkspacePath) -> io::Result<bool> {
        let seeded = self.seeds.contains_key(path) || self.seed_directories.contains(path);
        Ok(seeded || (!self.is_masked(path) && self.workspace_root.stat(path)?.is_some()))
    }

    /// Strictly before: a clock tick is some milliseconds long, and a change in the same one could have come after.
    fn is_older(&self, stat: &Stat) -> bool {
        (stat.st_ctime, i64::try_from(stat.st_ctime_nsec).unwrap_or(i64::MAX)) < self.started
    }

    /// A path's bytes as the task sees them, but for files below the upper layer, which are the base's.
    pub(super) fn read_upper(&self, path: &WorkspacePath) -> io::Result<Option<Vec<u8>>> {
        self.upper_root.read(path)
    }
}

/// A whiteout: a character device with number 0.
pub(super) fn is_whiteout(stat: &Stat) -> bool {
    FileType::from_raw_mode(stat.st_mode) == FileType::CharacterDevice && stat.st_rdev == 0
}

/// Gives a directory of a layer the looks of the one that it stands over: an overlay shows the topmost one's.
fn dress(layer: &Path, like: &fs::Metadata) -> io::Result<()> {
    fs::set_permissions(layer, fs::Permissions::from_mode(like.mode() & 0o777 | 0o700))?;
    if rustix::process::geteuid().is_root() {
        std::os::unix::fs::chown(layer, Some(like.uid()), Some(like.gid()))?;
    }
    let time = rustix::fs::Timespec { tv_sec: like.mtime(), tv_nsec: like.mtime_nsec() };
    let times = rustix::fs::Timestamps { last_access: time, last_modification: time };
    Ok(rustix::fs::utimensat(CWD, layer, &times, rustix::fs::AtFlags::empty())?)
}

/// The layer between the workspace and the upper one.
struct Layer<'a> {
    at: &'a Path,
    workspace: &'a Path,
}

impl Layer<'_> {
    /// The directory that a path lies in, made like that of the workspace.
    fn directory_for(&self, path: &WorkspacePath) -> io::Result<PathBuf> {
        let above: Vec<WorkspacePath> = std::iter::successors(path.parent(), WorkspacePath::parent).collect();
        for directory in above.iter().rev() {
            let at = self.at.join(directory.as_path());
            match fs::DirBuilder::new().mode(0o755).create(&at) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
                Ok(()) => {
                    if let Ok(like) = fs::symlink_metadata(self.workspace.join(directory.as_path())) {
                        dress(&at, &like)?;
                    }
                }
            }
        }
        Ok(path.parent().map_or_else(|| self.at.to_owned(), |above| self.at.join(above.as_path())))
    }

    fn mask(&self, path: &WorkspacePath) -> io::Result<()> {
        let at = self.directory_for(path)?.join(path.as_path().file_name().unwrap_or_default());
        Ok(rustix::fs::mknodat(CWD, &at, FileType::CharacterDevice, Mode::empty(), 0)?)
    }
}

/// A repository of its own where the workspace's `.git` is a file, and a configuration without secrets where it holds
/// some. Whether anything was put into the layer, and what git will read.
fn repository(workspace: &Path, seed: &Path) -> io::Result<(bool, Vec<PathBuf>)> {
    let (git, ours) = (workspace.join(".git"), seed.join(".git"));
    let Ok(meta) = fs::symlink_metadata(&git) else {
        return Ok((false, Vec::new()));
    };
    if !meta.is_dir() {
        let reads = git::seed(&git, &ours)?;
        return Ok((ours.exists(), reads));
    }
    let reads = git::alternates(&git.join("objects"));
    let Ok(text) = fs::read_to_string(git.join("config")) else {
        return Ok((false, reads));
    };
    let clean = git::without_credentials(&text);
    if clean == text {
        return Ok((false, reads));
    }
    fs::create_dir_all(&ours)?;
    #[expect(clippy::disallowed_methods, reason = "writes to the shadow's own layer")]
    fs::write(ours.join("config"), clean)?;
    dress(&ours, &meta)?;
    Ok((true, reads))
}
