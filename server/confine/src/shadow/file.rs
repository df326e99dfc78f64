//! Opening, reading and describing single files, without ever following a symbolic link.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{AtFlags, Mode, OFlags, ResolveFlags, Stat};
use vouchsafe_base::{Digest, WorkspacePath};

/// What tells whether a file was touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    size: i64,
    mtime: (i64, u64),
    ctime: (i64, u64),
    ino: u64,
    mode: u32,
}

impl Stamp {
    /// Seconds and nanoseconds of the last modification.
    pub(super) fn modified(&self) -> (i64, u64) {
        self.mtime
    }

    pub(super) fn of(stat: &Stat) -> Self {
        Self {
            size: stat.st_size,
            mtime: (stat.st_mtime, stat.st_mtime_nsec),
            ctime: (stat.st_ctime, stat.st_ctime_nsec),
            ino: stat.st_ino,
            mode: stat.st_mode,
        }
    }
}

/// A directory below which files are opened.
#[derive(Debug)]
pub(super) struct Root(OwnedFd);

impl Root {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self(rustix::fs::open(path, flags, Mode::empty())?))
    }

    pub(super) fn open_file(&self, path: &WorkspacePath, flags: OFlags, mode: Mode) -> io::Result<File> {
        let inside = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
        // A fifo must not block the opener; a mere handle takes no such flag.
        let wait = if flags.contains(OFlags::PATH) { OFlags::empty() } else { OFlags::NONBLOCK };
        let flags = flags | OFlags::CLOEXEC | OFlags::NOFOLLOW | wait;
        loop {
            match rustix::fs::openat2(&self.0, path.as_path(), flags, mode, inside) {
                Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => {} // something was renamed meanwhile
                other => return Ok(other?.into()),
            }
        }
    }

    /// The state of a path, `None` when nothing is there. Directories above it that are links lead nowhere.
    pub(super) fn stat(&self, path: &WorkspacePath) -> io::Result<Option<Stat>> {
        match self.open_file(path, OFlags::PATH, Mode::empty()) {
            Ok(file) => Ok(Some(rustix::fs::fstat(&file)?)),
            Err(error) if is_nowhere(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A file's bytes, or a link's target; `None` when there is neither.
    pub(super) fn read(&self, path: &WorkspacePath) -> io::Result<Option<Vec<u8>>> {
        let Some(stat) = self.stat(path)? else {
            return Ok(None);
        };
        match kind(&stat) {
            Kind::File => self
                .readable(path)?
                .map(|mut file| {
                    let mut bytes = Vec::new();
                    file.read_to_end(&mut bytes).map(|_| bytes)
                })
                .transpose(),
            Kind::Symlink => self.link(path).map(Some),
            Kind::Directory | Kind::Special => Ok(None),
        }
    }

    /// The bytes of a path that is known to be a regular file of about `size` bytes; `None` when nothing is there.
    pub(super) fn contents(&self, path: &WorkspacePath, size: u64) -> io::Result<Option<Vec<u8>>> {
        let read = |file: File| {
            // With room for one byte more the end shows at the first look.
            let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default().saturating_add(1));
            file.take(u64::MAX).read_to_end(&mut bytes).map(|_| bytes)
        };
        self.readable(path)?.map(read).transpose()
    }

    /// Where a symbolic link points.
    pub(super) fn link(&self, path: &WorkspacePath) -> io::Result<Vec<u8>> {
        let link = self.open_file(path, OFlags::PATH, Mode::empty())?;
        Ok(rustix::fs::readlinkat(&link, "", Vec::new())?.into_bytes())
    }

    /// Opens for reading also what a task has made unreadable for its owner.
    fn readable(&self, path: &WorkspacePath) -> io::Result<Option<File>> {
        match self.open_file(path, OFlags::RDONLY, Mode::empty()) {
            Err(error) if is_nowhere(&error) => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => self.forced(path).map(Some),
            other => other.map(Some),
        }
    }

    fn forced(&self, path: &WorkspacePath) -> io::Result<File> {
        let there = self.open_file(path, OFlags::PATH, Mode::empty())?;
        let by_descriptor = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&there));
        let mode = Mode::from_raw_mode(rustix::fs::fstat(&there)?.st_mode & 0o7777);
        rustix::fs::chmod(&by_descriptor, mode | Mode::RUSR)?;
        let file = self.open_file(path, OFlags::RDONLY, Mode::empty());
        rustix::fs::chmod(&by_descriptor, mode)?;
        file
    }

    /// Digest and size of a file's bytes.
    pub(super) fn digest(&self, path: &WorkspacePath) -> io::Result<Option<(Digest, u64)>> {
        self.readable(path)?.map(|mut file| digest(&mut file)).transpose()
    }
}

/// Digest and size of what a reader gives.
pub(super) fn digest(reader: &mut impl Read) -> io::Result<(Digest, u64)> {
    let mut hasher = blake3::Hasher::new();
    let bytes = io::copy(reader, &mut hasher)?;
    Ok((Digest::from_bytes(*hasher.finalize().as_bytes()), bytes))
}

/// Nothing there, or a link where a directory should be.
pub(super) fn is_nowhere(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::ENOENT | libc::ENOTDIR | libc::ELOOP | libc::EXDEV))
}

/// The kinds that matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Symlink,
    Directory,
    Special,
}

pub(super) fn kind(stat: &Stat) -> Kind {
    match rustix::fs::FileType::from_raw_mode(stat.st_mode) {
        rustix::fs::FileType::RegularFile => Kind::File,
        rustix::fs::FileType::Symlink => Kind::Symlink,
        rustix::fs::FileType::Directory => Kind::Directory,
        _ => Kind::Special,
    }
}

/// Permission bits that are carried: never set-user-id, set-group-id or sticky.
pub(super) fn mode(stat: &Stat) -> u32 {
    stat.st_mode & 0o777
}

/// The state of an absolute path, links not followed.
pub(super) fn lstat(path: &Path) -> io::Result<Stat> {
    Ok(rustix::fs::statat(rustix::fs::CWD, path, AtFlags::SYMLINK_NOFOLLOW)?)
}
