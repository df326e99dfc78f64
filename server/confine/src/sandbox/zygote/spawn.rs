//! Starting one command: everything is prepared here, so that the child only makes system calls.

use std::ffi::{CStr, CString, OsStr};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;

use rustix::fs::{Mode, OFlags, ResolveFlags};

use super::super::message::Run;
use super::super::sys::{self, Child, ChildStep};
use super::super::wire::Bytes;
use super::restrict::World;

/// Starts the command; its process id, or the sentence why it did not start.
pub(super) fn spawn(world: &World, run: &Run, streams: Vec<OwnedFd>) -> Result<i32, String> {
    let Ok([stdin, stdout, stderr]) = <[OwnedFd; 3]>::try_from(streams) else {
        return Err("the request came without its three streams".into());
    };
    let (argv, env) = (strings(&run.argv)?, strings(&run.env)?);
    let name = argv.first().ok_or("there is no program")?;
    let directory = open_directory(world, run)?;
    let programs = candidates(name, &env)?;
    let limits = limits(world, run);
    match start(&programs, &argv, &env, [&stdin, &stdout, &stderr], &directory, world, &limits) {
        // A text file without `#!` is a shell script, as every shell and execvp have it.
        Err(Failure::Child(ChildStep::Exec, libc::ENOEXEC)) => {
            let mut script = vec![c"sh".to_owned(), programs.first().cloned().unwrap_or_default()];
            script.extend(argv.iter().skip(1).cloned());
            let shell = [c"/bin/sh".to_owned()];
            start(&shell, &script, &env, [&stdin, &stdout, &stderr], &directory, world, &limits)
        }
        other => other,
    }
    .map_err(|failure| sentence(&failure, name))
}

enum Failure {
    Clone(std::io::Error),
    Child(ChildStep, i32),
}

fn start(
    programs: &[CString],
    argv: &[CString],
    env: &[CString],
    stdio: [&OwnedFd; 3],
    directory: &OwnedFd,
    world: &World,
    limits: &[Limit],
) -> Result<i32, Failure> {
    let pointers = |strings: &[CString]| -> Vec<*const libc::c_char> {
        strings.iter().map(|string| string.as_ptr()).chain([std::ptr::null()]).collect()
    };
    let programs: Vec<_> = programs.iter().map(|program| program.as_ptr()).collect();
    let (argv, env) = (pointers(argv), pointers(env));
    let mut child = Child {
        programs: &programs,
        argv: &argv,
        env: &env,
        stdio: stdio.map(AsRawFd::as_raw_fd),
        directory: directory.as_raw_fd(),
        ruleset: world.ruleset.as_raw_fd(),
        limits,
        failed: None,
    };
    let pid = sys::spawn(&mut child).map_err(Failure::Clone)?;
    match child.failed {
        None => Ok(pid),
        Some((step, errno)) => Err(Failure::Child(step, errno)),
    }
}

fn sentence(failure: &Failure, name: &CStr) -> String {
    let name = name.to_string_lossy();
    let told = |errno: i32| std::io::Error::from_raw_os_error(errno);
    match failure {
        Failure::Child(ChildStep::Exec, libc::ENOENT | libc::ENOTDIR) => format!("command not found: {name}"),
        Failure::Child(ChildStep::Exec, libc::EACCES) => {
            format!("{name} cannot be run: it is not executable, or lies outside what a task may read")
        }
        Failure::Child(ChildStep::Exec, errno) => format!("{name} cannot be run: {}", told(*errno)),
        Failure::Child(step, errno) => format!("{name} was not started: {step:?} failed: {}", told(*errno)),
        Failure::Clone(error) => format!("{name} was not started: no new process: {error}"),
    }
}

fn strings(all: &[Bytes]) -> Result<Vec<CString>, String> {
    let one = |bytes: &Bytes| {
        CString::new(bytes.0.as_slice()).map_err(|_| "an argument holds a NUL byte".to_owned())
    };
    all.iter().map(one).collect()
}

/// Symbolic links are followed as long as they stay inside: that is where a command could go by itself.
fn open_directory(world: &World, run: &Run) -> Result<OwnedFd, String> {
    let path = if run.directory.0.is_empty() { b"." } else { run.directory.0.as_slice() };
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let inside = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS;
    rustix::fs::openat2(&world.root, OsStr::from_bytes(path), flags, Mode::empty(), inside)
        .map_err(|error| format!("the directory {} is not there: {error}", String::from_utf8_lossy(path)))
}

/// The paths that `execvp` would try.
fn candidates(name: &CStr, env: &[CString]) -> Result<Vec<CString>, String> {
    let bytes = name.to_bytes();
    if bytes.is_empty() {
        return Err("the program's name is empty".into());
    }
    if bytes.contains(&b'/') {
        return Ok(vec![name.to_owned()]);
    }
    let path = env.iter().find_map(|variable| variable.to_bytes().strip_prefix(b"PATH=")).unwrap_or_default();
    let join = |directory: &[u8]| CString::new([directory, b"/", bytes].concat()).ok();
    Ok(path.split(|byte| *byte == b':').filter(|part| !part.is_empty()).filter_map(join).collect())
}

/// Resource, soft and hard limit.
type Limit = (libc::__rlimit_resource_t, u64, u64);

fn limits(world: &World, run: &Run) -> Vec<Limit> {
    let both = |resource, most| (resource, most, most);
    let mut limits = vec![
        both(libc::RLIMIT_CORE, 0),
        both(libc::RLIMIT_FSIZE, run.file_bytes),
        both(libc::RLIMIT_NPROC, world.processes_of_user),
    ];
    // The soft limit sends SIGXCPU, by which the end is told from others; the hard one kills.
    limits.extend(run.cpu_seconds.map(|seconds| (libc::RLIMIT_CPU, seconds, seconds.saturating_add(1))));
    // Memory is watched. A limit on addresses (RLIMIT_AS, RLIMIT_DATA) would break what reserves terabytes that it never
    // touches: sanitizers, race detectors, some runtimes.
    for (resource, soft, hard) in &mut limits {
        // Raising a hard limit would be refused.
        *hard = (*hard).min(sys::hard_limit(*resource));
        *soft = (*soft).min(*hard);
    }
    limits
}
