//! The system calls that no safe library offers, each behind a safe function.
#![expect(
    unsafe_code,
    reason = "the one place for calls that rustix does not wrap; each block says why it is sound"
)]

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

fn checked(result: libc::c_long) -> io::Result<libc::c_long> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

/// The ABI of the kernel's Landlock.
pub(crate) fn landlock_abi() -> io::Result<i32> {
    const VERSION: libc::c_ulong = 1;
    // SAFETY: a null attribute of size 0 with the version flag only asks for a number.
    let abi = unsafe {
        libc::syscall(libc::SYS_landlock_create_ruleset, std::ptr::null::<libc::c_void>(), 0usize, VERSION)
    };
    checked(abi).map(|abi| i32::try_from(abi).unwrap_or(i32::MAX))
}

/// Puts this thread into a new domain of `ruleset`, for good. Needs `no_new_privs`.
pub(crate) fn landlock_restrict_self(ruleset: BorrowedFd<'_>) -> io::Result<()> {
    // SAFETY: takes a descriptor and flags; touches no memory.
    checked(unsafe { libc::syscall(libc::SYS_landlock_restrict_self, ruleset.as_raw_fd(), 0u32) }).map(drop)
}

/// Installs a seccomp filter for this thread, for good.
pub(crate) fn seccomp(program: &[libc::sock_filter]) -> io::Result<()> {
    let len = u16::try_from(program.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    let header = libc::sock_fprog { len, filter: program.as_ptr().cast_mut() };
    // SAFETY: `header` describes `program`, which outlives the call; the kernel copies and only reads it.
    checked(unsafe {
        libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, 0u32, &raw const header)
    })
    .map(drop)
}

/// Renames as `renameat2` does, marked as our own for the filter.
pub(crate) fn rename_unheard(
    from: &OwnedFd,
    name: &[u8],
    to: &OwnedFd,
    new_name: &[u8],
    flags: u32,
) -> io::Result<()> {
    let (name, new_name) = (std::ffi::CString::new(name)?, std::ffi::CString::new(new_name)?);
    // SAFETY: the strings are null-terminated and outlive the call, which only reads them.
    let done = unsafe {
        libc::syscall(
            libc::SYS_renameat2,
            from.as_raw_fd(),
            name.as_ptr(),
            to.as_raw_fd(),
            new_name.as_ptr(),
            flags,
            super::seccomp::UNHEARD,
        )
    };
    checked(done).map(drop)
}

/// Keeps SIGCHLD back and gives a descriptor that is readable when a child has ended.
pub(crate) fn children_ended() -> io::Result<OwnedFd> {
    // SAFETY: the set is a live value that is made empty first; the calls only read and fill it.
    let made = unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut set);
        libc::sigaddset(&raw mut set, libc::SIGCHLD);
        libc::sigprocmask(libc::SIG_BLOCK, &raw const set, std::ptr::null_mut());
        libc::signalfd(-1, &raw const set, libc::SFD_CLOEXEC | libc::SFD_NONBLOCK)
    };
    checked(made.into())?;
    Ok(own(made))
}

/// Closes every descriptor from `first` up.
pub(crate) fn close_from(first: u32) -> io::Result<()> {
    // SAFETY: only the zygote calls it, at its start, when it holds no owned descriptor from `first` up.
    checked(unsafe { libc::syscall(libc::SYS_close_range, first, u32::MAX, 0u32) }).map(drop)
}

/// A process that ended: its id, its raw wait status, and the largest resident size in bytes of it or its children.
pub(crate) struct Reaped {
    pub(crate) pid: i32,
    pub(crate) status: i32,
    pub(crate) max_rss: u64,
}

/// Reaps one child. `Ok(None)`: children are left but none has ended (only without `block`).
///
/// # Errors
/// `ECHILD` when no child is left.
pub(crate) fn reap(block: bool) -> io::Result<Option<Reaped>> {
    let mut status = 0;
    let mut usage = zeroed_usage();
    // Without __WALL: the guard, which lives as long as we do, is not to be waited for. Orphans always are.
    let flags = if block { 0 } else { libc::WNOHANG };
    // SAFETY: both pointers are to live, writable values of the right type.
    let pid = checked(unsafe { libc::wait4(-1, &raw mut status, flags, &raw mut usage) }.into())?;
    let pid = i32::try_from(pid).unwrap_or_default();
    Ok((pid != 0).then(|| Reaped { pid, status, max_rss: kibibytes(usage.ru_maxrss) }))
}

fn zeroed_usage() -> libc::rusage {
    // SAFETY: `rusage` is plain numbers, for which all zeros is a value.
    unsafe { std::mem::zeroed() }
}

fn kibibytes(count: libc::c_long) -> u64 {
    u64::try_from(count).unwrap_or_default().saturating_mul(1024)
}

/// User and system time of all reaped children, in nanoseconds.
pub(crate) fn children_cpu_ns() -> u64 {
    let mut usage = zeroed_usage();
    // SAFETY: the pointer is to a live, writable value of the right type.
    unsafe { libc::getrusage(libc::RUSAGE_CHILDREN, &raw mut usage) };
    let ns = |time: libc::timeval| {
        let (seconds, micros) = (u64::try_from(time.tv_sec), u64::try_from(time.tv_usec));
        seconds.unwrap_or_default().saturating_mul(1_000_000_000) + micros.unwrap_or_default() * 1_000
    };
    ns(usage.ru_utime).saturating_add(ns(usage.ru_stime))
}

/// Sends SIGKILL to everything that this process may signal, itself excepted.
///
/// The caller must be in a Landlock domain with the signal scope or be the first process of a pid namespace, and must
/// have *seen* that a process outside cannot be signalled: as root, anything less would end the machine's processes.
pub(crate) fn kill_all_reachable(_proof: SignalsStayInside) {
    // SAFETY: touches no memory. Failing (nobody left) is fine.
    unsafe { libc::kill(-1, libc::SIGKILL) };
}

/// Shown by trying: a signal to the process outside that started us was allowed before and is denied now.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SignalsStayInside(());

impl SignalsStayInside {
    /// The first process of a pid namespace reaches only what is in it.
    pub(crate) fn as_first_process() -> Option<Self> {
        rustix::process::getpid().is_init().then_some(Self(()))
    }

    /// Enters a domain by `restrict` and tries. `Ok(None)`: entered, but nothing could be shown.
    pub(crate) fn by_trying(restrict: impl FnOnce() -> io::Result<()>) -> io::Result<Option<Self>> {
        let parent = rustix::process::getppid().filter(|parent| !parent.is_init());
        let before = parent.map(rustix::process::test_kill_process);
        restrict()?;
        let after = parent.map(rustix::process::test_kill_process);
        let still_there = rustix::process::getppid() == parent;
        let shown = still_there && before == Some(Ok(())) && after == Some(Err(rustix::io::Errno::PERM));
        Ok(shown.then_some(Self(())))
    }
}

/// Takes over a descriptor that the kernel gave us in a raw number.
///
/// Only for descriptors that nobody else owns, for example standard input at the start of a zygote.
pub(crate) fn own(descriptor: i32) -> OwnedFd {
    // SAFETY: the callers (zygote start, clone with a pidfd) are the first and only owners.
    unsafe { OwnedFd::from_raw_fd(descriptor) }
}

/// Moves this process into new namespaces.
pub(crate) fn unshare(namespaces: i32) -> io::Result<()> {
    // SAFETY: touches no memory; no flag of ours unshares the descriptor table.
    checked(unsafe { libc::unshare(namespaces) }.into()).map(drop)
}

/// Starts a copy of this single-threaded process in new namespaces. Returns 0 in the copy.
pub(crate) fn fork_into(namespaces: i32) -> io::Result<i32> {
    let flags = libc::c_long::from(namespaces | libc::SIGCHLD);
    // SAFETY: without CLONE_VM and with no stack of its own this is fork: the copy goes on with its own memory. The
    // zygote has one thread, so no lock can be held by another.
    checked(unsafe { libc::syscall(libc::SYS_clone, flags, 0, 0, 0, 0) })
        .map(|pid| i32::try_from(pid).unwrap_or_default())
}

/// Starts a copy of this single-threaded process that is no child to be waited for. Returns 0 in the copy.
pub(crate) fn fork_silently() -> io::Result<i32> {
    // SAFETY: as in `fork_into`; without an exit signal `wait4` does not see it unless asked to.
    checked(unsafe { libc::syscall(libc::SYS_clone, 0, 0, 0, 0, 0) })
        .map(|pid| i32::try_from(pid).unwrap_or_default())
}

/// Adds attributes to a mount (`MOUNT_ATTR_*`), with all below it when `recursive`.
pub(crate) fn add_mount_attributes(
    mount: BorrowedFd<'_>,
    attributes: u64,
    recursive: bool,
) -> io::Result<()> {
    let attr = libc::mount_attr { attr_set: attributes, attr_clr: 0, propagation: 0, userns_fd: 0 };
    let flags = libc::AT_EMPTY_PATH | if recursive { libc::AT_RECURSIVE } else { 0 };
    // SAFETY: the path is an empty string and `attr` lives through the call, with its true size.
    checked(unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            mount.as_raw_fd(),
            c"".as_ptr(),
            flags,
            &raw const attr,
            size_of::<libc::mount_attr>(),
        )
    })
    .map(drop)
}

/// Switches the loopback interface of this network namespace on.
pub(crate) fn loopback_up() -> io::Result<()> {
    use rustix::net::{AddressFamily, SocketFlags, SocketType, socket_with};
    let socket = socket_with(AddressFamily::INET, SocketType::DGRAM, SocketFlags::CLOEXEC, None)?;
    // SAFETY: `ifreq` is plain bytes and numbers, for which all zeros is a value.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    for (to, from) in request.ifr_name.iter_mut().zip(c"lo".to_bytes()) {
        *to = from.cast_signed();
    }
    request.ifr_ifru.ifru_flags = i16::try_from(libc::IFF_UP | libc::IFF_RUNNING).unwrap_or_default();
    // SAFETY: the request lives through the call and is what SIOCSIFFLAGS reads.
    checked(unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCSIFFLAGS, &raw const request) }.into())
        .map(drop)
}

/// Ends this process at once, running nothing that belongs to the process it was copied from.
pub(crate) fn exit_now(status: i32) -> ! {
    // SAFETY: never returns; leaves all clean-up to the kernel.
    unsafe { libc::_exit(status) }
}

/// Everything that a child needs between clone and exec. It shares our memory and must neither allocate nor lock.
pub(crate) struct Child<'a> {
    /// Candidates for `execve`, tried in order, null-terminated strings.
    pub(crate) programs: &'a [*const libc::c_char],
    /// Null-terminated array.
    pub(crate) argv: &'a [*const libc::c_char],
    /// Null-terminated array.
    pub(crate) env: &'a [*const libc::c_char],
    pub(crate) stdio: [i32; 3],
    pub(crate) directory: i32,
    pub(crate) ruleset: i32,
    /// Resource, soft and hard limit.
    pub(crate) limits: &'a [(libc::__rlimit_resource_t, u64, u64)],
    /// Set by the child when it fails: which step, and the error number.
    pub(crate) failed: Option<(ChildStep, i32)>,
}

/// Where a child failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChildStep {
    Streams,
    Directory,
    Limits,
    Landlock,
    Descriptors,
    Exec,
}

/// Stack of the child between clone and exec.
const STACK_BYTES: usize = 64 << 10;

/// Starts a child as `vfork` does: sharing memory, this thread suspended until it has become its program or ended.
///
/// # Errors
/// What `clone` says. A failure inside the child is in `child.failed` afterwards.
pub(crate) fn spawn(child: &mut Child<'_>) -> io::Result<i32> {
    let mut stack = vec![0u128; STACK_BYTES / 16];
    let top = stack.as_mut_ptr_range().end;
    // SAFETY: the stack is aligned, large enough and outlives the child's use of it, as CLONE_VFORK suspends us until
    // the child has left our memory; `child` likewise, and nobody else touches it meanwhile (single-threaded).
    let pid = unsafe {
        libc::clone(
            become_program,
            top.cast(),
            libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD,
            std::ptr::from_mut(child).cast(),
        )
    };
    checked(pid.into()).map(|_| pid)
}

/// The child. Raw calls only: it runs in its parent's memory.
extern "C" fn become_program(child: *mut libc::c_void) -> libc::c_int {
    // SAFETY: `spawn` passes a valid, exclusive pointer and waits.
    let child = unsafe { &mut *child.cast::<Child<'_>>() };
    let step = match prepare(child) {
        Ok(()) => ChildStep::Exec,
        Err(step) => step,
    };
    let errno = if step == ChildStep::Exec { exec(child) } else { last_errno() };
    child.failed = Some((step, errno));
    // SAFETY: ends this child at once without running destructors that belong to the parent.
    unsafe { libc::_exit(127) }
}

fn last_errno() -> i32 {
    // SAFETY: the pointer to the thread's errno is always valid.
    unsafe { *libc::__errno_location() }
}

fn prepare(child: &Child<'_>) -> Result<(), ChildStep> {
    let done = |result: libc::c_long, step| if result < 0 { Err(step) } else { Ok(()) };
    // SAFETY: plain calls on descriptors and numbers; the pointers are to live values on this stack. Signal state is
    // this child's own, as CLONE_SIGHAND is not set.
    unsafe {
        libc::setsid();
        let mut none: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut none);
        libc::sigprocmask(libc::SIG_SETMASK, &raw const none, std::ptr::null_mut());
        for signal in [libc::SIGPIPE, libc::SIGINT, libc::SIGTERM, libc::SIGHUP] {
            libc::signal(signal, libc::SIG_DFL);
        }
        for (target, source) in (0..).zip(child.stdio) {
            done(libc::dup2(source, target).into(), ChildStep::Streams)?;
        }
        done(libc::fchdir(child.directory).into(), ChildStep::Directory)?;
        for (resource, soft, hard) in child.limits {
            let limit = libc::rlimit64 { rlim_cur: *soft, rlim_max: *hard };
            let none = std::ptr::null_mut::<libc::rlimit64>();
            done(libc::prlimit64(0, *resource, &raw const limit, none).into(), ChildStep::Limits)?;
        }
        // Its parent, who listens, waits for this child and could not answer.
        let restrict = libc::SYS_landlock_restrict_self;
        let entered = libc::syscall(restrict, child.ruleset, 0u32, 0, 0, 0, super::seccomp::UNHEARD);
        done(entered, ChildStep::Landlock)?;
        let all = libc::syscall(libc::SYS_close_range, 3u32, u32::MAX, libc::CLOSE_RANGE_CLOEXEC);
        done(all, ChildStep::Descriptors)
    }
}

/// Tries each candidate as `execvp` does; returns the error that tells most.
fn exec(child: &Child<'_>) -> i32 {
    let mut told = libc::ENOENT;
    for program in child.programs {
        // SAFETY: all three are null-terminated and outlive the call.
        unsafe { libc::execve(*program, child.argv.as_ptr(), child.env.as_ptr()) };
        match last_errno() {
            libc::ENOENT | libc::ENOTDIR => {}
            other => told = other,
        }
        if !matches!(told, libc::ENOENT | libc::EACCES) {
            break;
        }
    }
    told
}

/// The hard limit of a resource of this process.
pub(crate) fn hard_limit(resource: libc::__rlimit_resource_t) -> u64 {
    let mut limit = libc::rlimit64 { rlim_cur: 0, rlim_max: u64::MAX };
    // SAFETY: the pointer is to a live, writable value of the right type.
    unsafe { libc::getrlimit64(resource, &raw mut limit) };
    limit.rlim_max
}
