//! How a task is attempted: today by a recipe, a list of commands run in order in one shadow.
//!
//! Invariants
//! - Every command is an event on disk before its effect is shown to anybody.
//! - What comes back is plain values; nothing here knows the editor or writes to the workspace.

mod capture;
mod dirs;
mod follow;
mod job;
mod kept;
mod limits;
mod origins;
mod restore;
mod run;
mod running;
mod services;
mod step;
mod words;

pub use dirs::Dirs;
pub use follow::{MadeLine, follow_rename, made_lines, recall, remember};
pub use job::{CommandLine, Job};
pub use kept::keep;
pub use limits::retention;
pub use origins::TrackedFiles;
pub use restore::{Restored, restore};
pub use run::{Begun, Finished, Report, TaskError, begin};
pub use services::{Services, ServicesError, mark_interrupted};
pub use step::StepInfo;
pub use words::tier as tier_in_words;
