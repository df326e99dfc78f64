//! The system calls of [`super::write`].

use std::ffi::OsStr;
use std::io::{Read, Write as _};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::{self, AtFlags, FileType, Mode, OFlags, RenameFlags, ResolveFlags};
use rustix::io::Errno;
use vouchsafe_base::{Digest, WorkspacePath};

use super::ApplyError;
use crate::review::Entry;

pub(super) fn write(
    root: &Path,
    path: &WorkspacePath,
    before: Option<&Entry>,
    after: Option<&Entry>,
) -> Result<(), ApplyError> {
    let place = Place::open(root, path, after.is_some())?;
    if place.now()? != before.map(Seen::of) {
        return Err(ApplyError::Changed { path: path.clone() });
    }
    place.put(before, after).map_err(|errno| place.error(errno))
}

pub(super) fn set_mode(root: &Path, path: &WorkspacePath, mode: u32) -> Result<(), ApplyError> {
    let place = Place::open(root, path, false)?;
    match place.now()? {
        Some(Seen::File(_)) => place.chmod(mode).map_err(|errno| place.error(errno)),
        _ => Err(ApplyError::Changed { path: path.clone() }),
    }
}

pub(super) fn rename(root: &Path, from: &WorkspacePath, to: &WorkspacePath) -> Result<(), ApplyError> {
    let (old, new) = (Place::open(root, from, false)?, Place::open(root, to, true)?);
    if matches!(old.now()?, None | Some(Seen::Other)) {
        return Err(ApplyError::Changed { path: from.clone() });
    }
    let moved = fs::renameat_with(&old.directory, old.name, &new.directory, new.name, RenameFlags::NOREPLACE);
    moved.map_err(|errno| new.error(errno))
}

/// A directory that a task made gets the mode that `mkdir` gives: the umask decides.
const DIRECTORY_MODE: u32 = 0o777;

/// As much of an entry as decides whether it is what the task saw. Modes are left out: a mode that the user
/// changed meanwhile is no reason to refuse new content.
#[derive(PartialEq, Eq)]
enum Seen {
    File(Digest),
    Symlink(Vec<u8>),
    Directory,
    Other,
}

impl Seen {
    fn of(entry: &Entry) -> Self {
        match entry {
            Entry::File { bytes, .. } => Self::File(Digest::of(bytes)),
            Entry::Symlink { target } => Self::Symlink(target.to_vec()),
            Entry::Directory => Self::Directory,
        }
    }
}

/// An open directory of the workspace and a name in it.
struct Place<'a> {
    directory: OwnedFd,
    name: &'a OsStr,
    path: &'a WorkspacePath,
}

impl<'a> Place<'a> {
    fn open(root: &Path, path: &'a WorkspacePath, make_parents: bool) -> Result<Self, ApplyError> {
        let error = |errno: Errno| match errno {
            Errno::LOOP | Errno::XDEV => ApplyError::Link { path: path.clone() },
            errno => ApplyError::Io { path: path.clone(), error: errno.into() },
        };
        let flags = OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::RDONLY;
        let mut directory = fs::open(root, flags, Mode::empty()).map_err(error)?;
        for part in path.parent().iter().flat_map(WorkspacePath::parts) {
            let part = OsStr::from_bytes(part);
            if make_parents {
                match fs::mkdirat(&directory, part, Mode::from_raw_mode(0o777)) {
                    Ok(()) | Err(Errno::EXIST) => {}
                    Err(errno) => return Err(error(errno)),
                }
            }
            let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
            directory = fs::openat2(&directory, part, flags, Mode::empty(), resolve).map_err(error)?;
        }
        Ok(Self { directory, name: OsStr::from_bytes(path.name()), path })
    }

    fn error(&self, errno: Errno) -> ApplyError {
        match errno {
            // Somebody was faster between the look and the rename.
            Errno::EXIST => ApplyError::Changed { path: self.path.clone() },
            errno => ApplyError::Io { path: self.path.clone(), error: errno.into() },
        }
    }

    /// What stands there now.
    fn now(&self) -> Result<Option<Seen>, ApplyError> {
        let stat = match fs::statat(&self.directory, self.name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => stat,
            Err(Errno::NOENT) => return Ok(None),
            Err(errno) => return Err(self.error(errno)),
        };
        Ok(Some(match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => Seen::File(self.digest().map_err(|errno| self.error(errno))?),
            FileType::Symlink => {
                let target = fs::readlinkat(&self.directory, self.name, Vec::new());
                Seen::Symlink(target.map_err(|errno| self.error(errno))?.into_bytes())
            }
            FileType::Directory => Seen::Directory,
            _ => Seen::Other,
        }))
    }

    fn digest(&self) -> Result<Digest, Errno> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let mut file = std::fs::File::from(fs::openat(&self.directory, self.name, flags, Mode::empty())?);
        let mut hasher = blake3::Hasher::new();
        let mut block = vec![0; 1 << 16];
        loop {
            match file.read(&mut block).map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO))? {
                0 => return Ok(Digest::from_bytes(*hasher.finalize().as_bytes())),
                count => hasher.update(block.get(..count).unwrap_or_default()),
            };
        }
    }

    fn put(&self, before: Option<&Entry>, after: Option<&Entry>) -> Result<(), Errno> {
        let was_directory = matches!(before, Some(Entry::Directory));
        let becomes_directory = matches!(after, Some(Entry::Directory));
        let kinds_differ = was_directory != becomes_directory;
        if before.is_some() && (after.is_none() || kinds_differ) {
            let flags = if was_directory { AtFlags::REMOVEDIR } else { AtFlags::empty() };
            fs::unlinkat(&self.directory, self.name, flags)?;
        }
        let replaces = before.is_some() && !kinds_differ;
        match after {
            None => Ok(()),
            Some(Entry::Directory) if replaces => Ok(()),
            Some(Entry::Directory) => {
                fs::mkdirat(&self.directory, self.name, Mode::from_raw_mode(DIRECTORY_MODE))
            }
            Some(Entry::Symlink { target }) => self.replace(replaces, |temporary| {
                fs::symlinkat(OsStr::from_bytes(target), &self.directory, temporary)
            }),
            Some(Entry::File { bytes, mode }) => {
                self.replace(replaces, |temporary| self.file(temporary, bytes, *mode))
            }
        }
    }

    fn chmod(&self, mode: u32) -> Result<(), Errno> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let open = fs::openat(&self.directory, self.name, flags, Mode::empty())?;
        fs::fchmod(open, Mode::from_raw_mode(mode & 0o777))
    }

    fn file(&self, temporary: &OsStr, bytes: &[u8], mode: u32) -> Result<(), Errno> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = fs::openat(&self.directory, temporary, flags, Mode::from_raw_mode(0o600))?;
        let mut file = std::fs::File::from(file);
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        written.map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO))?;
        fs::fchmod(file.as_fd(), Mode::from_raw_mode(mode & 0o777))
    }

    /// Makes something under another name and moves it into place; the other name never stays behind.
    fn replace(&self, replaces: bool, make: impl FnOnce(&OsStr) -> Result<(), Errno>) -> Result<(), Errno> {
        let temporary = format!(".vouchsafe-{}-{:x}", std::process::id(), unique());
        let temporary = OsStr::new(&temporary);
        let flags = if replaces { RenameFlags::empty() } else { RenameFlags::NOREPLACE };
        let moved = make(temporary)
            .and_then(|()| fs::renameat_with(&self.directory, temporary, &self.directory, self.name, flags));
        if moved.is_err() {
            // The first error is the one to tell.
            _ = fs::unlinkat(&self.directory, temporary, AtFlags::empty());
        }
        moved
    }
}

/// Different at each call of this process.
fn unique() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
