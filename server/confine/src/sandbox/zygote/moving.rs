//! Moving a directory by copying it and removing the old one.
//!
//! Invariants
//! - It stays on one file system, and does not follow links: whoever swaps something meanwhile makes it fail, or has it
//!   copy what is its own.
//! - Nothing is removed at the new place but what was made there.
//!
//! Absent on purpose
//! - Hard links within it, which become files of their own, as everywhere in an overlay.
//! - Extended attributes.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};

use rustix::fs::{
    AtFlags, Dir, FileType, Mode, OFlags, Stat, Timespec, Timestamps, fstat, mkdirat, openat, statat,
    unlinkat,
};

/// How deep what is moved may be: each level holds two descriptors and a part of the stack.
const DEPTH_MAX: u32 = 200;

/// A name in a directory.
type Place<'a> = (&'a OwnedFd, &'a [u8]);

/// Moves a directory; what is at the new place must be nothing or, where it may be replaced, an empty directory.
///
/// # Errors
/// `ENOTEMPTY` and the like; `EXDEV` when something in it cannot be copied, and then all is as it was.
pub(super) fn directory(from: Place<'_>, to: Place<'_>, replace: bool) -> io::Result<()> {
    let source = opened(from)?;
    let stat = fstat(&source)?;
    if replace {
        match unlinkat(to.0, to.1, AtFlags::REMOVEDIR) {
            Ok(()) | Err(rustix::io::Errno::NOENT) => {}
            Err(error) => return Err(error.into()),
        }
    }
    mkdirat(to.0, to.1, Mode::RWXU)?;
    let copied = opened(to).and_then(|target| {
        copy_all(&source, &target, DEPTH_MAX)?;
        dress(&target, &stat)
    });
    if copied.is_err() {
        remove(to, DEPTH_MAX + 1).ok(); // what is left over is in the copy and will be seen
        return Err(io::Error::from_raw_os_error(libc::EXDEV));
    }
    remove(from, DEPTH_MAX + 1) // it counts the directory itself
}

fn opened((above, name): Place<'_>) -> io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(openat(above, name, flags, Mode::empty())?)
}

/// The names in a directory; read before anything is changed there.
fn names(directory: &OwnedFd) -> io::Result<Vec<Vec<u8>>> {
    let mut names = Vec::new();
    for entry in Dir::read_from(directory)? {
        let name = entry?.file_name().to_bytes().to_owned();
        if name != b"." && name != b".." {
            names.push(name);
        }
    }
    Ok(names)
}

fn copy_all(source: &OwnedFd, target: &OwnedFd, depth: u32) -> io::Result<()> {
    names(source)?.iter().try_for_each(|name| copy((source, name), (target, name), depth))
}

/// One level down; what is on another file system was mounted there and stays.
fn below(depth: u32, above: &OwnedFd, directory: &OwnedFd) -> io::Result<u32> {
    if fstat(above)?.st_dev != fstat(directory)?.st_dev {
        return Err(io::ErrorKind::CrossesDevices.into());
    }
    depth.checked_sub(1).ok_or_else(|| io::ErrorKind::InvalidInput.into())
}

fn copy(from: Place<'_>, to: Place<'_>, depth: u32) -> io::Result<()> {
    let stat = statat(from.0, from.1, AtFlags::SYMLINK_NOFOLLOW)?;
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::Directory => {
            let source = opened(from)?;
            let depth = below(depth, from.0, &source)?;
            mkdirat(to.0, to.1, Mode::RWXU)?;
            let target = opened(to)?;
            copy_all(&source, &target, depth)?;
            dress(&target, &stat)
        }
        FileType::RegularFile => {
            // It may have become something that an opening waits for.
            let flags = OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
            let mut source: File = openat(from.0, from.1, flags | OFlags::RDONLY, Mode::empty())?.into();
            if FileType::from_raw_mode(fstat(&source)?.st_mode) != FileType::RegularFile {
                return Err(io::ErrorKind::Unsupported.into());
            }
            let made = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL;
            let mut target: File = openat(to.0, to.1, flags | made, Mode::RUSR | Mode::WUSR)?.into();
            io::copy(&mut source, &mut target)?;
            dress(&target, &stat)
        }
        FileType::Symlink => {
            let target = rustix::fs::readlinkat(from.0, from.1, Vec::new())?;
            Ok(rustix::fs::symlinkat(target, to.0, to.1)?)
        }
        FileType::Fifo => {
            let mode = Mode::from_raw_mode(stat.st_mode & 0o777);
            Ok(rustix::fs::mknodat(to.0, to.1, FileType::Fifo, mode, 0)?)
        }
        _ => Err(io::ErrorKind::Unsupported.into()), // a socket has its owner
    }
}

/// Gives a copy the mode and times of what it was made from.
fn dress(copy: impl AsFd, stat: &Stat) -> io::Result<()> {
    rustix::fs::fchmod(&copy, Mode::from_raw_mode(stat.st_mode & 0o1777))?;
    let time = |tv_sec, nanos: u64| Timespec { tv_sec, tv_nsec: nanos.cast_signed() };
    let times = Timestamps {
        last_access: time(stat.st_atime, stat.st_atime_nsec),
        last_modification: time(stat.st_mtime, stat.st_mtime_nsec),
    };
    Ok(rustix::fs::futimens(&copy, &times)?)
}

fn remove(place: Place<'_>, depth: u32) -> io::Result<()> {
    match unlinkat(place.0, place.1, AtFlags::empty()) {
        Err(rustix::io::Errno::ISDIR) => {}
        other => return Ok(other?),
    }
    let directory = opened(place)?;
    let depth = below(depth, place.0, &directory)?;
    names(&directory)?.iter().try_for_each(|name| remove((&directory, name), depth))?;
    Ok(unlinkat(place.0, place.1, AtFlags::REMOVEDIR)?)
}
