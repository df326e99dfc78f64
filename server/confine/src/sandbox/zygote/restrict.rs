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
use super::tree;

/// What the zygote holds while it serves.
pub(super) struct World {
    /// The workspace as commands see it.
    pub(super) root: OwnedFd,
    /// Entered by each command.
    pub(super) ruleset: OwnedFd,
    /// Whether one signal can reach all commands and nobody else.
    pub(super) signals: Option<SignalsStayInside>,
    /// For RLIMIT_NPROC, which counts all processes of the user.
    pub(super) processes_of_user: u64,
}

/// A step that failed.
pub(super) struct Failed {
    pub(super) step: String,
    pub(super) error: io::Error,
}

fn step<T, E: Into<io::Error>>(name: &str, result: Result<T, E>) -> Result<T, Failed> {
    result.map_err(|error| Failed { step: name.to_owned(), error: error.into() })
}

pub(super) fn build(setup: &Setup) -> Result<World, Failed> {
    let me = rustix::process::getpid();
    step("becoming the parent of orphans", rustix::process::set_child_subreaper(Some(me)))?;
    let hidden = rustix::process::DumpableBehavior::NotDumpable;
    step("hiding from tracers", rustix::process::set_dumpable_behavior(hidden))?;
    step("no_new_privs", rustix::thread::set_no_new_privs(true))?;
    step("dropping capabilities", drop_capabilities())?;
    let root = Path::new(OsStr::from_bytes(&setup.root.0));
    let flags = rustix::fs::OFlags::PATH | rustix::fs::OFlags::DIRECTORY | rustix::fs::OFlags::CLOEXEC;
    let root = step("opening the shadow", rustix::fs::open(root, flags, rustix::fs::Mode::empty()))?;
    let scopes = named(landlock::scopes_only(setup.landlock_abi))?;
    let ruleset = named(landlock::for_commands(setup.landlock_abi, &setup.rules, false))?;
    let signals = match scopes {
        Some(scopes) => step(
            "entering the zygote's Landlock domain",
            SignalsStayInside::by_trying(|| sys::landlock_restrict_self(scopes.as_fd())),
        )?,
        None => None,
    };
    let program = seccomp::program(seccomp::Wanted { own_network: false, own_processes: false });
    step("installing the system-call filter", seccomp::install(&program))?;
    let processes_of_user = tree::processes_of_user().saturating_add(setup.processes);
    Ok(World { root, ruleset, signals, processes_of_user })
}

fn named<T>(result: Result<T, landlock::RulesetFailed>) -> Result<T, Failed> {
    result.map_err(|error| Failed { step: format!("Landlock {error}"), error: io::Error::last_os_error() })
}

/// Empties the bounding set (so that a program run by uid 0 gains nothing) and every other set. Nothing to do for an
/// ordinary user, whose bounding set cannot be changed and gives nothing under `no_new_privs`.
fn drop_capabilities() -> io::Result<()> {
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
