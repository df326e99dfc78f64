//! The zygote's own namespaces and the root that its commands see.
//!
//! Invariants
//! - The new root holds what the server listed and nothing else; the old one is detached before the first command.
//! - Host's `/proc` lies below each command's own one only so that the kernel lets that be mounted; no command sees it.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, Mode, OFlags};
use rustix::mount::{
    FsMountFlags, FsOpenFlags, MountAttrFlags, MountFlags, MountPropagationFlags, MoveMountFlags,
    OpenTreeFlags, UnmountFlags, fsconfig_create, fsconfig_set_flag, fsconfig_set_string, fsmount, fsopen,
    mount, mount_change, move_mount, open_tree, unmount,
};

use super::super::message::{FromZygote, Mount, MountKind, NewRoot, ToZygote};
use super::super::sys;
use super::restrict::{Failed, step};
use super::{Request, receive, send};

const READ_ONLY: u64 = 1;
const NO_SUID: u64 = 2;
const NO_DEVICES: u64 = 4;

/// Enters new namespaces, of which the user namespace's maps are written by the server: only it is outside.
pub(super) fn enter(socket: &OwnedFd, own_root: bool) -> Result<(), Failed> {
    let mut kinds = libc::CLONE_NEWUSER | libc::CLONE_NEWNET;
    if own_root {
        kinds |= libc::CLONE_NEWNS | libc::CLONE_NEWIPC | libc::CLONE_NEWUTS;
    }
    step("making namespaces", sys::unshare(kinds))?;
    step("asking for user and group maps", send(socket, &FromZygote::Unshared))?;
    match step("waiting for user and group maps", receive(socket))? {
        Some(Request { message: ToZygote::Mapped, .. }) => {}
        _ => return step("user and group maps", Err(io::Error::from(io::ErrorKind::InvalidData))),
    }
    step("switching the loopback on", sys::loopback_up())
}

/// Builds the new root and makes it the only one.
pub(super) fn build(root: &NewRoot) -> Result<(), Failed> {
    let at = path(&root.at.0);
    let private = MountPropagationFlags::PRIVATE | MountPropagationFlags::REC;
    step("making mounts private", mount_change("/", private))?;
    let top = step(
        "making a new root",
        file_system("tmpfs", &[("size", "16m"), ("mode", "0755")], NO_SUID | NO_DEVICES),
    )?;
    step("mounting the new root", attach(&top, at))?;
    step("making /proc", fs::create_dir(at.join("proc")))?;
    step("binding /proc", bind(Path::new("/proc"), &at.join("proc"), 0))?;
    step("making /dev", devices(at, root.shm_bytes))?;
    for one in &root.mounts {
        let what = || format!("placing {} in the new root", String::from_utf8_lossy(&one.at.0));
        place(at, one).map_err(|error| Failed { step: what(), error })?;
    }
    step("entering the new root", pivot(at, &top))
}

fn path(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(bytes))
}

fn pivot(at: &Path, top: &OwnedFd) -> io::Result<()> {
    rustix::process::chdir(at)?;
    rustix::process::pivot_root(".", ".")?;
    unmount(".", UnmountFlags::DETACH)?;
    rustix::process::chdir("/")?;
    sys::add_mount_attributes(top.as_fd(), READ_ONLY, false)
}

fn file_system(kind: &str, options: &[(&str, &str)], attributes: u64) -> io::Result<OwnedFd> {
    let context = fsopen(kind, FsOpenFlags::FSOPEN_CLOEXEC)?;
    for (name, value) in options {
        fsconfig_set_string(context.as_fd(), *name, *value)?;
    }
    made(&context, attributes)
}

fn made(context: &OwnedFd, attributes: u64) -> io::Result<OwnedFd> {
    fsconfig_create(context.as_fd())?;
    let attributes = MountAttrFlags::from_bits_retain(u32::try_from(attributes).unwrap_or_default());
    Ok(fsmount(context.as_fd(), FsMountFlags::FSMOUNT_CLOEXEC, attributes)?)
}

fn attach(mount: &OwnedFd, at: &Path) -> io::Result<()> {
    Ok(move_mount(mount.as_fd(), "", CWD, at, MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH)?)
}

/// A copy of the mount at `from`, with all below it: only the whole of it is ours to copy.
fn bind(from: &Path, at: &Path, attributes: u64) -> io::Result<()> {
    let flags =
        OpenTreeFlags::OPEN_TREE_CLONE | OpenTreeFlags::OPEN_TREE_CLOEXEC | OpenTreeFlags::AT_RECURSIVE;
    let tree = open_tree(CWD, from, flags)?;
    if attributes != 0 {
        sys::add_mount_attributes(tree.as_fd(), attributes, true)?;
    }
    attach(&tree, at)
}

fn place(root: &Path, one: &Mount) -> io::Result<()> {
    let bad = || io::Error::from(io::ErrorKind::InvalidInput);
    let at = root.join(path(&one.at.0).strip_prefix("/").map_err(|_| bad())?);
    let from = path(&one.from.first().ok_or_else(bad)?.0);
    match one.kind {
        MountKind::Link => {
            fs::create_dir_all(at.parent().ok_or_else(bad)?)?;
            match std::os::unix::fs::symlink(from, &at) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
                _ => Ok(()), // two ways may lead through one link
            }
        }
        MountKind::Copy => {
            fs::create_dir_all(at.parent().ok_or_else(bad)?)?;
            fs::copy(from, &at).map(drop)
        }
        MountKind::ReadOnly => {
            stand_in(from, &at)?;
            bind(from, &at, READ_ONLY | NO_SUID | NO_DEVICES)
        }
        MountKind::Device => {
            stand_in(from, &at)?;
            bind(from, &at, NO_SUID)
        }
        MountKind::Private => {
            stand_in(from, &at)?;
            bind(from, &at, NO_SUID | NO_DEVICES)
        }
        MountKind::Overlay | MountKind::Cache => {
            fs::create_dir_all(&at)?;
            match overlay(one, &at) {
                Err(_) if one.kind == MountKind::Cache => {
                    let lower = path(&one.from.last().ok_or_else(bad)?.0);
                    bind(lower, &at, READ_ONLY | NO_SUID | NO_DEVICES)
                }
                other => other,
            }
        }
    }
}

/// Something to mount on: a directory or an empty file.
fn stand_in(from: &Path, at: &Path) -> io::Result<()> {
    if from.is_dir() {
        return fs::create_dir_all(at);
    }
    if let Some(parent) = at.parent() {
        fs::create_dir_all(parent)?;
    }
    match fs::File::create_new(at) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Directories are named by descriptor: their paths may hold anything and be of any length.
fn overlay(one: &Mount, at: &Path) -> io::Result<()> {
    let context = fsopen("overlay", FsOpenFlags::FSOPEN_CLOEXEC)?;
    let names = ["upperdir", "workdir"].into_iter().chain(std::iter::repeat("lowerdir+"));
    let opened: Vec<(&str, OwnedFd)> = names
        .zip(&one.from)
        .map(|(name, from)| {
            let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
            Ok((name, rustix::fs::open(path(&from.0), flags, Mode::empty())?))
        })
        .collect::<io::Result<_>>()?;
    for (name, directory) in &opened {
        let by_descriptor = format!("/proc/self/fd/{}", directory.as_raw_fd());
        fsconfig_set_string(context.as_fd(), *name, by_descriptor)?;
    }
    // Without it the mount succeeds, and removing directories fails later.
    fsconfig_set_flag(context.as_fd(), "userxattr")?;
    attach(&made(&context, NO_SUID | NO_DEVICES)?, at)
}

/// An empty file that nobody may open, to stand in the place of what must not be there.
const CLOSED: &str = ".closed";

const DEVICES: &[&str] = &["null", "zero", "full", "random", "urandom", "tty"];

fn devices(root: &Path, shm_bytes: u64) -> io::Result<()> {
    let dev = root.join("dev");
    for directory in ["", "shm", "pts"] {
        fs::create_dir(dev.join(directory))?;
    }
    for name in DEVICES {
        let from = Path::new("/dev").join(name);
        let at: PathBuf = dev.join(name);
        stand_in(&from, &at)?;
        bind(&from, &at, NO_SUID)?;
    }
    let closed = fs::File::create_new(dev.join(CLOSED))?;
    closed.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o000))?;
    let terminals = [("ptmxmode", "0666"), ("mode", "0620")];
    attach(&file_system("devpts", &terminals, NO_SUID)?, &dev.join("pts"))?;
    let size = shm_bytes.to_string();
    let shared = [("size", size.as_str()), ("mode", "1777"), ("nr_inodes", "65536")];
    attach(&file_system("tmpfs", &shared, NO_SUID | NO_DEVICES)?, &dev.join("shm"))?;
    for (name, target) in [
        ("ptmx", "pts/ptmx"),
        ("fd", "/proc/self/fd"),
        ("stdin", "/proc/self/fd/0"),
        ("stdout", "/proc/self/fd/1"),
        ("stderr", "/proc/self/fd/2"),
    ] {
        std::os::unix::fs::symlink(target, dev.join(name))?;
    }
    Ok(())
}

/// Files of `/proc` that speak of the whole machine, keys and kernel memory, whatever namespaces one is in.
const MASKED: &[&str] = &[
    "/proc/kcore",
    "/proc/key-users",
    "/proc/keys",
    "/proc/kmsg",
    "/proc/kpagecgroup",
    "/proc/kpagecount",
    "/proc/kpageflags",
    "/proc/latency_stats",
    "/proc/sched_debug",
    "/proc/slabinfo",
    "/proc/sysrq-trigger",
    "/proc/timer_list",
    "/proc/vmallocinfo",
];

/// A `/proc` of the caller's own pid namespace over the one that is there, without what is [`MASKED`].
pub(super) fn own_proc() -> io::Result<()> {
    let flags = MountFlags::NOSUID | MountFlags::NODEV | MountFlags::NOEXEC;
    mount("proc", "/proc", "proc", flags, None)?;
    let there = MASKED.iter().map(Path::new).filter(|path| path.exists());
    for path in there {
        bind(&Path::new("/dev").join(CLOSED), path, READ_ONLY | NO_SUID | NO_DEVICES)?;
    }
    Ok(())
}
