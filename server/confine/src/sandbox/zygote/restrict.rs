//! What the zygote does to itself before it serves, and the rulesets it keeps for its commands.
//!
//! Invariants
//! - Any step that fails ends the zygote: there is no weaker way to go on.

use std::ffi::OsStr;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::thread::{CapabilitySet, CapabilitySets};

use super::super::message::Setup;
use super::super::sys::SignalsStayInside;
use super::super::{landlock, seccomp, sys};
use super::{guard, namespaces, tree};

/// What the zygote holds while it serves.
pub(super) struct World {
    /// The workspace as commands see it.
    pub(super) root: OwnedFd,
    /// Entered by each command.
    pub(super) ruleset: OwnedFd,
    /// Whether one signal can reach all commands and nobody else.
    pub(super) signals: Option<SignalsStayInside>,
    /// For RLIMIT_NPROC, which counts all processes of the user (in the user namespace).
    pub(super) processes_of_user: u64,
    /// Whether each command gets a pid namespace of its own.
    pub(super) own_processes: bool,
    /// Whether there is a network namespace of the task's own.
    pub(super) own_network: bool,
    /// Installed by whatever starts commands: the zygote itself or their init.
    pub(super) filter: Vec<libc::sock_filter>,
    /// The same, with renames heard of.
    pub(super) heard: Vec<libc::sock_filter>,
    /// Hangs up when the zygote ends.
    pub(super) life_line: OwnedFd,
    held_open: Option<OwnedFd>,
}

impl World {
    /// For a copy of the zygote: only the zygote itself keeps the life line.
    pub(super) fn forget_life_line(&mut self) {
        self.held_open = None;
    }
}

/// A step that failed.
pub(super) struct Failed {
    pub(super) step: String,
    pub(super) error: io::Error,
}

pub(super) fn step<T, E: Into<io::Error>>(name: &str, result: Result<T, E>) -> Result<T, Failed> {
    result.map_err(|error| Failed { step: name.to_owned(), error: error.into() })
}

pub(super) fn build(socket: &OwnedFd, setup: &Setup) -> Result<World, Failed> {
    go_first_without_memory().ok(); // a kernel without it ends whom it likes
    let me = rustix::process::getpid();
    step("becoming the parent of orphans", rustix::process::set_child_subreaper(Some(me)))?;
    let own_processes = setup.new_root.is_some();
    let own_network = setup.own_network || own_processes;
    if own_network {
        namespaces::enter(socket, own_processes)?;
    }
    if let Some(root) = &setup.new_root {
        namespaces::build(root)?;
    }
    let hidden = rustix::process::DumpableBehavior::NotDumpable;
    step("hiding from tracers", rustix::process::set_dumpable_behavior(hidden))?;
    step("no_new_privs", rustix::thread::set_no_new_privs(true))?;
    let root = Path::new(OsStr::from_bytes(&setup.root.0));
    let flags = rustix::fs::OFlags::PATH | rustix::fs::OFlags::DIRECTORY | rustix::fs::OFlags::CLOEXEC;
    let root = step("opening the shadow", rustix::fs::open(root, flags, rustix::fs::Mode::empty()))?;
    let ruleset = named(landlock::for_commands(setup.landlock_abi, &setup.rules, own_network))?;
    let filter = seccomp::program(seccomp::Wanted { own_network, own_processes, heard: false });
    let heard = seccomp::program(seccomp::Wanted { own_network, own_processes, heard: own_processes });
    let taken = if own_processes { 0 } else { tree::processes_of_user() };
    let (life_line, held_open) =
        step("making a life line", rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC))?;
    // With a pid namespace for each command there is nobody else to reach, and mounting must stay possible here.
    let signals = if own_processes { None } else { give_up(setup, &filter, &life_line)? };
    Ok(World {
        root,
        ruleset,
        signals,
        processes_of_user: taken.saturating_add(setup.processes),
        own_processes,
        own_network,
        filter,
        heard,
        life_line,
        held_open: Some(held_open),
    })
}

/// Should the machine run out of memory before a look at the commands finds them at their limit, they are what the kernel
/// ends first: they inherit this.
fn go_first_without_memory() -> io::Result<()> {
    let flags = rustix::fs::OFlags::WRONLY | rustix::fs::OFlags::CLOEXEC;
    let score = rustix::fs::open("/proc/self/oom_score_adj", flags, rustix::fs::Mode::empty())?;
    rustix::io::write(score, b"1000")?;
    Ok(())
}

/// What the zygote itself gives up when its commands are its own children.
fn give_up(
    setup: &Setup,
    filter: &[libc::sock_filter],
    life_line: &OwnedFd,
) -> Result<Option<SignalsStayInside>, Failed> {
    step("dropping capabilities", drop_capabilities())?;
    let mut signals = None;
    if let Some(scopes) = named(landlock::scopes_only(setup.landlock_abi))? {
        let enter = || sys::landlock_restrict_self(scopes.as_fd());
        signals = step("entering the guard's Landlock domain", SignalsStayInside::by_trying(enter))?;
        if let Some(proof) = signals {
            step("starting the guard", guard::start(life_line, proof))?;
        }
        step("entering the zygote's Landlock domain", enter())?;
    }
    step("installing the system-call filter", seccomp::install(filter))?;
    Ok(signals)
}

fn named<T>(result: Result<T, landlock::RulesetFailed>) -> Result<T, Failed> {
    result.map_err(|error| Failed { step: format!("Landlock {error}"), error: io::Error::last_os_error() })
}

/// Empties the bounding set (so that a program run by uid 0 gains nothing) and every other set. Nothing to do for an
/// ordinary user, whose bounding set cannot be changed and gives nothing under `no_new_privs`.
pub(super) fn drop_capabilities() -> io::Result<()> {
    let have = rustix::thread::capabilities(None)?;
    if have.permitted.contains(CapabilitySet::SETPCAP) {
        if !have.effective.contains(CapabilitySet::SETPCAP) {
            let effective = have.permitted;
            rustix::thread::set_capabilities(None, CapabilitySets { effective, ..have })?;
        }
        for bit in 0..64 {
            let one = CapabilitySet::from_bits_retain(1 << bit);
            match rustix::thread::remove_capability_from_bounding_set(one) {
                Ok(()) => {}
                Err(rustix::io::Errno::INVAL) => break, // past the kernel's last capability
                Err(error) => return Err(error.into()),
            }
        }
    }
    rustix::thread::clear_ambient_capability_set().ok(); // only kernels before 4.3 lack it
    let none = CapabilitySet::empty();
    rustix::thread::set_capabilities(
        None,
        CapabilitySets { effective: none, permitted: none, inheritable: none },
    )?;
    Ok(())
}
