//! Confinement of the processes that a task starts.
//!
//! Invariants
//! - The order of the modules is the order of a command's life: what is wanted, what is allowed, proof that it holds,
//!   the request to the task's zygote, the child.
//! - `unsafe` lives in `sys` and `listener`, nowhere else.

#[cfg_attr(
    not(all(target_os = "linux", not(vouchsafe_unsupported))),
    allow(dead_code, reason = "without a sandbox nobody asks")
)]
mod cancel;
mod command;
#[cfg_attr(
    not(all(target_os = "linux", not(vouchsafe_unsupported))),
    allow(dead_code, reason = "without a sandbox nobody asks")
)]
mod environment;
mod limits;
mod observation;
#[cfg_attr(
    not(all(target_os = "linux", not(vouchsafe_unsupported))),
    allow(dead_code, reason = "without a sandbox nobody asks")
)]
mod policy;
mod refusal;
mod report;
#[cfg_attr(
    not(all(target_os = "linux", not(vouchsafe_unsupported))),
    allow(dead_code, reason = "without a sandbox nobody asks")
)]
mod toolchains;

#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod confined;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod denial;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod findings;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod kept;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod landlock;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod listener;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod maps;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod message;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod probe;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod probe_child;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod running;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod seccomp;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod setup;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod suits;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
pub(crate) mod sys;
#[cfg(not(all(target_os = "linux", not(vouchsafe_unsupported))))]
mod unsupported;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod wire;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod yard;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod zygote;

pub use cancel::Cancel;
pub use command::{Command, Program};
pub use limits::{Limits, TaskLimits};
pub use observation::{Denial, Ended, Observation, Output, Stopped, Stream};
pub(crate) use policy::Inside;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
pub(crate) use policy::OverlayDirs;
pub use policy::Policy;
pub use refusal::{Refusal, RunError};
pub use report::{Layer, LayerState, Report, Tier};

#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
pub(crate) use toolchains::without_secrets;
#[cfg(not(all(target_os = "linux", not(vouchsafe_unsupported))))]
pub use unsupported::{Confined, Enforced, become_zygote_if_asked};
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
pub use {confined::Confined, probe::Enforced, zygote::become_zygote_if_asked};
