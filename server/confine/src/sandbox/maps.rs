//! The user and group maps of a zygote's user namespace, written by the server, which is outside.
//!
//! Invariants
//! - Everybody keeps their own number: a file that is written inside belongs to the same user outside.
//! - An ordinary user can map only themself; root maps all that it has, so that files of other users stay usable.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Writes both maps for the process.
pub(super) fn write(pid: u32) -> io::Result<()> {
    let proc = PathBuf::from(format!("/proc/{pid}"));
    let (uid, gid) = (rustix::process::geteuid(), rustix::process::getegid());
    if uid.is_root() && all(&proc, "uid_map").is_ok() {
        return all(&proc, "gid_map");
    }
    put(&proc.join("setgroups"), "deny")?;
    put(&proc.join("uid_map"), &format!("{0} {0} 1", uid.as_raw()))?;
    put(&proc.join("gid_map"), &format!("{0} {0} 1", gid.as_raw()))
}

/// Every number that exists here, as itself.
fn all(proc: &Path, name: &str) -> io::Result<()> {
    let own = fs::read_to_string(Path::new("/proc/self").join(name))?;
    let line = |line: &str| {
        let mut numbers = line.split_whitespace();
        let (inside, _outside, count) = (numbers.next()?, numbers.next()?, numbers.next()?);
        Some(format!("{inside} {inside} {count}\n"))
    };
    put(&proc.join(name), &own.lines().filter_map(line).collect::<String>())
}

/// In one write, as the kernel wants it.
#[expect(clippy::disallowed_methods, reason = "a map of a process that we started")]
fn put(path: &Path, text: &str) -> io::Result<()> {
    fs::write(path, text)
}
