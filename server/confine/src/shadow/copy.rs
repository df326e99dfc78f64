//! The copy: everything of the workspace that is not ignored, by reflink where the file system can, with the digest of
//! every file, so that the base is known whatever happens to the workspace afterwards.
//!
//! Invariants
//! - Only regular files, directories and links; modes and times are kept, set-user-id and the like are not.
//! - A file that changes while it is copied is copied again.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::{DirEntry, WalkState};
use rustix::fs::Timespec;
use vouchsafe_base::{Digest, WorkspacePath};

use super::change::Entry;
use super::file::{self, Kind, Stamp};
use super::hidden::Hidden;
use super::plan::{Lack, Lacking, ShadowError, ShadowLimits};
use super::{git, index, walk};

/// What a path held at the start, and the copy's stamp while nobody has touched it.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) entry: Entry,
    pub(super) stamp: Stamp,
}

/// Everything that the task saw at its start.
pub(super) type Manifest = BTreeMap<WorkspacePath, Known>;

/// The result of copying.
#[derive(Debug, Default)]
pub(super) struct Copied {
    pub(super) manifest: Manifest,
    pub(super) lacks: Vec<Lacking>,
    pub(super) bytes: u64,
}

/// Two are as good as more: creating files is the kernel's work.
const THREADS: usize = 2;
/// How often a file that keeps changing is tried.
const TRIES: u32 = 4;

struct Copier<'a> {
    hidden: &'a Hidden,
    from: &'a Path,
    to: &'a Path,
    limits: &'a ShadowLimits,
    reflink: AtomicBool,
    bytes: AtomicU64,
    files: AtomicU64,
    done: Mutex<Copied>,
    failed: Mutex<Option<ShadowError>>,
}

/// Copies `from` into the existing empty directory `to`.
pub(super) fn copy(
    from: &Path,
    to: &Path,
    hidden: &Arc<Hidden>,
    limits: &ShadowLimits,
) -> Result<Copied, ShadowError> {
    let copier = Copier {
        hidden,
        from,
        to,
        limits,
        reflink: AtomicBool::new(true),
        bytes: AtomicU64::new(0),
        files: AtomicU64::new(0),
        done: Mutex::default(),
        failed: Mutex::default(),
    };
    walk::below(from, Some(hidden), true).threads(THREADS).build_parallel().run(|| {
        Box::new(|entry| match copier.visit(entry) {
            Ok(()) => WalkState::Continue,
            Err(error) => {
                copier.failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                WalkState::Quit
            }
        })
    });
    copier.tracked()?;
    if let Some(error) = copier.failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    let mut copied = copier.done.into_inner().unwrap_or_else(PoisonError::into_inner);
    copied.bytes = copier.bytes.into_inner();
    finish_directories(to, &mut copied)?;
    list_lacking(from, hidden, &mut copied);
    Ok(copied)
}

impl Copier<'_> {
    fn visit(&self, entry: Result<DirEntry, ignore::Error>) -> Result<(), ShadowError> {
        // An unreadable directory or a malformed ignore file: what could not be seen is listed as lacking later.
        let Ok(entry) = entry else { return Ok(()) };
        let Some(path) = walk::inside(self.from, entry.path()) else {
            return Ok(());
        };
        self.take(&path)
    }

    fn take(&self, path: &WorkspacePath) -> Result<(), ShadowError> {
        let path = path.clone();
        let (source, target) = (self.from.join(path.as_path()), self.to.join(path.as_path()));
        match self.one(&source, &target) {
            Ok(Ok(known)) => {
                let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
                done.manifest.insert(path, known);
                self.within_limits()
            }
            Ok(Err(why)) => {
                self.done.lock().unwrap_or_else(PoisonError::into_inner).lacks.push(Lacking { path, why });
                Ok(())
            }
            Err(error) => Err(copying_failed(&target, error)),
        }
    }

    /// What git tracks though an ignore file names it, with the directories above it.
    fn tracked(&self) -> Result<(), ShadowError> {
        let Some(git) = git::directory_of(&self.from.join(".git")) else { return Ok(()) };
        for path in index::tracked(&git).into_iter().filter(|path| !self.hidden.covers(path)) {
            let above: Vec<WorkspacePath> =
                std::iter::successors(Some(path), WorkspacePath::parent).collect();
            for path in above.iter().rev() {
                if !self.is_taken(path) && file::lstat(&self.from.join(path.as_path())).is_ok() {
                    self.take(path)?;
                }
                // Through a link, or whatever else is no directory now, nothing is followed.
                if !self.is_directory(path) {
                    break;
                }
            }
        }
        Ok(())
    }

    fn is_taken(&self, path: &WorkspacePath) -> bool {
        let done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.manifest.contains_key(path) || done.lacks.iter().any(|lacking| lacking.path == *path)
    }

    fn is_directory(&self, path: &WorkspacePath) -> bool {
        let done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.manifest.get(path).is_some_and(|known| matches!(known.entry, Entry::Directory { .. }))
    }

    fn within_limits(&self) -> Result<(), ShadowError> {
        let files = self.files.fetch_add(1, Ordering::Relaxed) + 1;
        let ShadowLimits { bytes_max, files_max, .. } = *self.limits;
        if files > files_max || self.bytes.load(Ordering::Relaxed) > bytes_max {
            return Err(ShadowError::TooLarge { limit_bytes: bytes_max, limit_files: files_max });
        }
        Ok(())
    }

    fn one(&self, from: &Path, to: &Path) -> io::Result<Result<Known, Lack>> {
        let Ok(stat) = file::lstat(from) else {
            return Ok(Err(Lack::Unreadable)); // deleted meanwhile, or not ours to see
        };
        match file::kind(&stat) {
            Kind::Directory => {
                fs::DirBuilder::new().mode(0o700 | file::mode(&stat)).create(to)?;
                Ok(Ok(Known { entry: Entry::Directory { mode: file::mode(&stat) }, stamp: Stamp::of(&stat) }))
            }
            Kind::Symlink => {
                let target = fs::read_link(from)?;
                std::os::unix::fs::symlink(&target, to)?;
                let target = target.into_os_string().into_encoded_bytes();
                Ok(Ok(Known { entry: Entry::Symlink { target }, stamp: Stamp::of(&file::lstat(to)?) }))
            }
            Kind::Special => Ok(Err(Lack::Special)),
            Kind::File if u64::try_from(stat.st_size).unwrap_or(u64::MAX) > self.limits.file_bytes_max => {
                Ok(Err(Lack::TooLarge))
            }
            Kind::File => self.file(from, to),
        }
    }

    fn file(&self, from: &Path, to: &Path) -> io::Result<Result<Known, Lack>> {
        for _ in 0..TRIES {
            let opened =
                File::options().read(true).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK).open(from);
            let Ok(mut source) = opened else {
                return Ok(Err(Lack::Unreadable));
            };
            let before = rustix::fs::fstat(&source)?;
            let mut target =
                File::options().read(true).write(true).create(true).truncate(true).mode(0o600).open(to)?;
            let (digest, bytes) = self.contents(&mut source, &mut target)?;
            if Stamp::of(&before) == Stamp::of(&rustix::fs::fstat(&source)?) {
                self.bytes.fetch_add(bytes, Ordering::Relaxed);
                let stamp = keep_times_and_mode(&target, &before)?;
                return Ok(Ok(Known { entry: file_entry(digest, bytes, file::mode(&before)), stamp }));
            }
        }
        #[expect(clippy::disallowed_methods, reason = "removes an incomplete file of the copy")]
        fs::remove_file(to)?;
        Ok(Err(Lack::Unreadable))
    }

    fn contents(&self, source: &mut File, target: &mut File) -> io::Result<(Digest, u64)> {
        if self.reflink.load(Ordering::Relaxed) {
            match rustix::fs::ioctl_ficlone(&*target, &*source) {
                Ok(()) => return file::digest(source),
                Err(_) => self.reflink.store(false, Ordering::Relaxed), // another file system, or one that cannot
            }
        }
        let mut hasher = blake3::Hasher::new();
        let mut buffer = vec![0; 128 << 10];
        let mut bytes = 0;
        loop {
            let count = source.read(&mut buffer)?;
            let Some(part) = buffer.get(..count).filter(|part| !part.is_empty()) else {
                return Ok((Digest::from_bytes(*hasher.finalize().as_bytes()), bytes));
            };
            hasher.update(part);
            target.write_all(part)?;
            bytes += count as u64;
        }
    }
}

pub(super) fn file_entry(digest: Digest, bytes: u64, mode: u32) -> Entry {
    Entry::File { digest, bytes, executable: mode & 0o100 != 0, mode }
}

fn keep_times_and_mode(target: &File, like: &rustix::fs::Stat) -> io::Result<Stamp> {
    target.set_permissions(fs::Permissions::from_mode(file::mode(like)))?;
    let time =
        |seconds, nanos: u64| Timespec { tv_sec: seconds, tv_nsec: nanos.try_into().unwrap_or_default() };
    let times = rustix::fs::Timestamps {
        last_access: time(like.st_atime, like.st_atime_nsec),
        last_modification: time(like.st_mtime, like.st_mtime_nsec),
    };
    rustix::fs::futimens(target, &times)?;
    Ok(Stamp::of(&rustix::fs::fstat(target)?))
}

/// Modes and times of directories, deepest first: only when everything below is there.
fn finish_directories(to: &Path, copied: &mut Copied) -> Result<(), ShadowError> {
    for (path, known) in copied.manifest.iter().rev() {
        if let Entry::Directory { mode } = known.entry {
            let at = to.join(path.as_path());
            let finished = File::open(&at).and_then(|directory| {
                let time = |(seconds, nanos): (i64, u64)| Timespec {
                    tv_sec: seconds,
                    tv_nsec: nanos.try_into().unwrap_or_default(),
                };
                let modified = time(known.stamp.modified());
                rustix::fs::futimens(
                    &directory,
                    &rustix::fs::Timestamps { last_access: modified, last_modification: modified },
                )?;
                directory.set_permissions(fs::Permissions::from_mode(mode))
            });
            finished.map_err(|error| copying_failed(&at, error))?;
        }
    }
    Ok(())
}

/// What the walk left out: in each copied directory, whatever was neither copied nor listed yet.
fn list_lacking(from: &Path, hidden: &Hidden, copied: &mut Copied) {
    let listed: std::collections::BTreeSet<WorkspacePath> =
        copied.lacks.iter().map(|lacking| lacking.path.clone()).collect();
    let directories =
        copied.manifest.iter().filter(|(_, known)| matches!(known.entry, Entry::Directory { .. }));
    let all = std::iter::once(PathBuf::new()).chain(directories.map(|(path, _)| path.as_path().to_owned()));
    let mut more = Vec::new();
    for directory in all {
        let Ok(entries) = fs::read_dir(from.join(&directory)) else {
            more.extend(
                WorkspacePath::from_relative(&directory)
                    .ok()
                    .map(|path| Lacking { path, why: Lack::Unreadable }),
            );
            continue;
        };
        for name in entries.flatten().map(|entry| entry.file_name()).filter(|name| name != OsStr::new(".git"))
        {
            let Ok(path) = WorkspacePath::from_relative(&directory.join(name)) else { continue };
            if !copied.manifest.contains_key(&path) && !listed.contains(&path) {
                let why = if hidden.matches(&path) { Lack::Hidden } else { Lack::Ignored };
                more.push(Lacking { path, why });
            }
        }
    }
    copied.lacks.extend(more);
    copied.lacks.sort_by(|a, b| a.path.cmp(&b.path));
}

pub(super) fn copying_failed(target: &Path, error: io::Error) -> ShadowError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            ShadowError::DiskFull { path: target.to_owned() }
        }
        _ => ShadowError::System { what: format!("copying to {}", target.display()), error },
    }
}

/// Copies a small tree as it is: the inside of a repository. Links are kept as links, anything special left out.
pub(super) fn plain(from: &Path, to: &Path) -> io::Result<()> {
    let meta = fs::symlink_metadata(from)?;
    if meta.is_symlink() {
        return std::os::unix::fs::symlink(fs::read_link(from)?, to);
    }
    if meta.is_dir() {
        fs::DirBuilder::new().recursive(true).mode(0o700 | (meta.mode() & 0o777)).create(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            plain(&entry.path(), &to.join(entry.file_name()))?;
        }
    } else if meta.is_file() {
        let (mut source, stat) = (File::open(from)?, file::lstat(from)?);
        let mut target = File::options().write(true).create(true).truncate(true).mode(0o600).open(to)?;
        io::copy(&mut source, &mut target)?;
        keep_times_and_mode(&target, &stat)?;
    }
    Ok(())
}
