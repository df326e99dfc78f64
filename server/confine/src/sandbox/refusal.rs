//! Why nothing can be confined, or why a command could not be run: one sentence each.

use std::io;
use std::path::PathBuf;

/// Why nothing can be confined here.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Not Linux.
    #[error(
        "tasks need Linux, where Landlock confines what they start; this system has nothing that Vouchsafe can enforce, \
         so no task is run"
    )]
    Unsupported,
    /// Landlock is missing or switched off.
    #[error(
        "this kernel has no Landlock ({why}): boot a kernel of version 6.7 or newer with `lsm=landlock,…` to run tasks"
    )]
    NoLandlock {
        /// What the kernel said.
        why: String,
    },
    /// Landlock is too old.
    #[error(
        "this kernel's Landlock is too old (ABI {found}, 4 is needed): boot a kernel of version 6.7 or newer to run tasks"
    )]
    OldLandlock {
        /// The ABI found.
        found: i32,
    },
    /// The launcher could not be started or did not answer.
    #[error("the sandbox launcher {} does not start: {why}", launcher.display())]
    Launcher {
        /// The executable.
        launcher: PathBuf,
        /// What went wrong.
        why: String,
    },
    /// A step of the confinement failed.
    #[error("the sandbox could not be made: {step} failed ({error})")]
    Step {
        /// Which step.
        step: String,
        /// What the kernel said.
        error: io::Error,
    },
    /// The probe's child was not denied what it must be denied, or not allowed what it must be allowed.
    #[error("the sandbox does not hold on this machine ({what}), so no task is run")]
    NotEnforced {
        /// What the child could or could not do.
        what: String,
    },
    /// The cache directory cannot be used.
    #[error("the cache directory {} cannot be used ({error}): make it writable or configure another one", path.display())]
    Cache {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A path that the user allowed cannot be opened.
    #[error("{} is listed as readable but cannot be opened ({error}): correct the configuration", path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

/// Why a command could not be run at all. (That it was stopped or failed is an [`crate::Observation`].)
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The task's zygote is gone.
    #[error("the task's sandbox has ended ({why}): start the task again")]
    ZygoteGone {
        /// How.
        why: String,
    },
    /// The command line and environment are too long.
    #[error("the command is too long: {bytes} bytes of arguments and environment, {max} are allowed")]
    TooLong {
        /// Bytes asked for.
        bytes: usize,
        /// Bytes allowed.
        max: usize,
    },
    /// A name or argument holds a NUL byte, or there is no program.
    #[error("the command cannot be run: {0}")]
    Malformed(&'static str),
    /// The system refused a pipe, a descriptor or the like.
    #[error("the command could not be prepared ({0})")]
    System(#[from] io::Error),
}
