//! The probe's child: does what is allowed and tries what is not; its exit status says what it could do.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The first argument of the probe's child.
pub(super) const CHILD_ARGUMENT: &str = "--vouchsafe-probe-2";

pub(super) const SUCCEEDED: i32 = 64;
const WROTE: i32 = 1;
const READ: i32 = 2;
const CONNECTED: i32 = 4;
pub(super) const SIGNALLED: i32 = 8;

/// What a child that got its arguments could do.
pub(super) fn attempt(mut arguments: impl Iterator<Item = OsString>) -> i32 {
    let mut next = || arguments.next().unwrap_or_default();
    let (workspace, outside) = (PathBuf::from(next()), PathBuf::from(next()));
    let (server, address) = (next(), next());
    let server = server.to_str().and_then(|pid| pid.parse().ok()).and_then(rustix::process::Pid::from_raw);
    let address = address.to_str().and_then(|address| address.parse().ok());
    let connects = |address| TcpStream::connect_timeout(&address, Duration::from_secs(5)).is_ok();
    let outcomes = [
        (SUCCEEDED, works(&workspace).is_ok()),
        (WROTE, create(&outside.join("forbidden")).is_ok()),
        (READ, fs::File::open(outside.join("secret")).is_ok()),
        (CONNECTED, address.is_none_or(connects)),
        (SIGNALLED, server.is_none_or(|server| rustix::process::test_kill_process(server).is_ok())),
    ];
    outcomes.iter().filter(|(_, could)| *could).map(|(bit, _)| bit).sum()
}

fn create(path: &Path) -> io::Result<fs::File> {
    fs::OpenOptions::new().write(true).create_new(true).open(path)
}

/// What every tool needs of its workspace; an overlay that was mounted wrongly fails at removing directories.
#[expect(clippy::disallowed_methods, reason = "runs in the probe's throw-away directory")]
fn works(workspace: &Path) -> io::Result<()> {
    create(&workspace.join("twin"))?;
    fs::rename(workspace.join("twin"), workspace.join("old/twin"))?;
    fs::remove_dir_all(workspace.join("old"))?;
    fs::create_dir(workspace.join("old"))?;
    create(&workspace.join("old/again")).map(drop)
}

/// A sentence's part for what it should not have been able to do.
pub(super) fn escaped(status: i32) -> String {
    let could = [
        (WROTE, "write outside its directory"),
        (READ, "read outside the listed places"),
        (CONNECTED, "connect to the server"),
        (SIGNALLED, "signal the server"),
    ];
    let could: Vec<&str> = could.iter().filter(|(bit, _)| status & bit != 0).map(|(_, what)| *what).collect();
    format!("a confined child could {}", could.join(" and "))
}
