//! The private copy in which a task works and the confinement of what it starts.
//!
//! Invariants
//! - A command can only be started through a value that proves confinement on this kernel: [`Enforced`] is made by
//!   a child that was denied, [`Confined`] is made by [`Enforced`], and only [`Confined`] runs commands.
//! - Nothing here writes to the workspace.
//! - Where the kernel cannot confine (or the system is not Linux) every task is refused with one sentence.
//!
//! Absent on purpose
//! - A way to run a task without confinement; async; LSP.

mod helper;
mod sandbox;
mod shadow;

pub use helper::{HelperError, ask_users_helper};
pub use sandbox::{
    Cancel, Command, Confined, Denial, Ended, Enforced, Layer, LayerState, Limits, Observation, Output,
    Policy, Program, Refusal, Report, RunError, Stopped, Stream, TaskLimits, Tier, become_zygote_if_asked,
};
pub use shadow::{
    Change, Entry, Found, HiddenFiles, Lack, Lacking, Shadow, ShadowError, ShadowLimits, ShadowPlan, Swept,
};
