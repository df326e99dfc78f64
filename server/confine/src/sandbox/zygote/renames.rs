//! Renaming directories that were there before the task: an overlay refuses that (EXDEV), and only `mv` copes.
//!
//! Each rename of a command comes here first. That of a directory within the workspace is tried, and when the overlay
//! refuses, the directory is copied to its new place and removed from the old one, which is what `mv` does. Everything
//! else goes on into the kernel.
//!
//! Invariants
//! - Nothing is done here that the command may not do itself: both ends lie in the workspace's overlay, all of which is
//!   its own to write, and no link on the way down is followed after the two directories have been opened. Paths are
//!   read once, and what is opened by them is looked at: changing them meanwhile changes what is asked for, not what is
//!   allowed.
//! - A command that put a part of itself into a Landlock domain of its own means to give up more than that: from then on
//!   nothing is done here for it. (Its own filters come before ours, and chroot is denied.)

use std::cell::Cell;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, ResolveFlags, fstat, openat2, statat};

use super::super::listener::{Call, Listener};
use super::super::sys;
use super::moving;

const PATH_BYTES_MAX: usize = 4096;

/// Looks after the renames of a command.
pub(super) struct Renames {
    listener: Listener,
    /// The workspace's overlay.
    device: u64,
    /// Whether the command has made a Landlock domain of its own.
    stepped_down: Cell<bool>,
}

/// One end of a rename: a directory, and a name in it.
struct End {
    directory: OwnedFd,
    name: Vec<u8>,
}

impl Renames {
    pub(super) fn new(listener: Listener, root: &OwnedFd) -> io::Result<Self> {
        Ok(Self { listener, device: fstat(root)?.st_dev, stepped_down: Cell::new(false) })
    }

    pub(super) fn listener(&self) -> &Listener {
        &self.listener
    }

    /// Takes the call that waits.
    pub(super) fn one(&self) {
        let Ok(call) = self.listener.receive() else { return }; // its caller was killed
        match self.decide(&call) {
            Some(done) => self.listener.answer(&call, done),
            None => self.listener.go_on(&call),
        }
    }

    /// What to answer; `None` when the kernel is to decide.
    fn decide(&self, call: &Call) -> Option<Result<(), i32>> {
        if call.number == libc::SYS_landlock_restrict_self {
            self.stepped_down.set(true); // before the kernel is let do it
        }
        if self.stepped_down.get() {
            return None;
        }
        let [from, to, flags] = ends(call)?;
        let flags = u32::try_from(flags.1).ok()?;
        let from = self.end(call, from)?;
        let kind = statat(&from.directory, &*from.name, AtFlags::SYMLINK_NOFOLLOW).ok()?.st_mode;
        if FileType::from_raw_mode(kind) != FileType::Directory {
            return None;
        }
        let to = self.end(call, to)?;
        if !self.listener.waits(call) {
            return None;
        }
        match sys::rename_unheard(&from.directory, &from.name, &to.directory, &to.name, flags) {
            Ok(()) => Some(Ok(())),
            Err(error)
                if error.raw_os_error() == Some(libc::EXDEV) && flags & !libc::RENAME_NOREPLACE == 0 =>
            {
                let replace = flags & libc::RENAME_NOREPLACE == 0;
                let (from, to) = ((&from.directory, &*from.name), (&to.directory, &*to.name));
                let moved = moving::directory(from, to, replace);
                Some(moved.map_err(|error| error.raw_os_error().unwrap_or(libc::EXDEV)))
            }
            Err(_) => None,
        }
    }

    /// Opens the directory that a path of the caller's lies in; `None` when it is not in the overlay.
    fn end(&self, call: &Call, (directory, path): (u64, u64)) -> Option<End> {
        let path = text(call.thread, path)?;
        let path = path.strip_suffix(b"/").unwrap_or(&path);
        let cut = path.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
        let (above, name) = path.split_at(cut);
        if name.is_empty() || name == b"." || name == b".." {
            return None;
        }
        let base = base(call.thread, directory, path.starts_with(b"/"));
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let base = rustix::fs::openat(CWD, &base, flags, Mode::empty()).ok()?;
        let above = if above.is_empty() { b".".as_slice() } else { above };
        let directory = openat2(base, above, flags, Mode::empty(), ResolveFlags::NO_MAGICLINKS).ok()?;
        let ours = fstat(&directory).is_ok_and(|stat| stat.st_dev == self.device);
        ours.then(|| End { directory, name: name.to_owned() })
    }
}

/// Directory and path of both ends, and the flags, of a call of the rename family.
fn ends(call: &Call) -> Option<[(u64, u64); 3]> {
    let [one, two, three, four, five, _] = call.arguments;
    let here = u64::from(libc::AT_FDCWD.cast_unsigned());
    match call.number {
        #[cfg(target_arch = "x86_64")]
        libc::SYS_rename => Some([(here, one), (here, two), (0, 0)]),
        libc::SYS_renameat => Some([(one, two), (three, four), (0, 0)]),
        libc::SYS_renameat2 => Some([(one, two), (three, four), (0, five)]),
        _ => None,
    }
}

/// Where the caller's paths begin.
fn base(thread: u32, directory: u64, absolute: bool) -> PathBuf {
    // The kernel takes the number as an int.
    let number = u32::try_from(directory & u64::from(u32::MAX)).unwrap_or_default().cast_signed();
    match number {
        _ if absolute => PathBuf::from("/"),
        libc::AT_FDCWD => PathBuf::from(format!("/proc/{thread}/cwd")),
        number => PathBuf::from(format!("/proc/{thread}/fd/{number}")),
    }
}

/// A path in the caller's memory.
fn text(thread: u32, at: u64) -> Option<Vec<u8>> {
    let memory = File::open(Path::new("/proc").join(thread.to_string()).join("mem")).ok()?;
    let mut bytes = vec![0; PATH_BYTES_MAX];
    // Up to the end of a page, and then of the next: what lies behind need not be there.
    let first = usize::try_from(4096 - at % 4096).ok()?;
    let mut read = memory.read_at(bytes.get_mut(..first)?, at).ok()?;
    if !bytes.get(..read)?.contains(&0) {
        read += memory.read_at(bytes.get_mut(read..)?, at.saturating_add(read as u64)).unwrap_or_default();
    }
    let end = bytes.get(..read)?.iter().position(|byte| *byte == 0)?;
    bytes.truncate(end);
    (!bytes.is_empty()).then_some(bytes)
}
