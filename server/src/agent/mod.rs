//! How a task is attempted: by commands run in order, or by a language model with tools, in one shadow.
//!
//! Invariants
//! - Every step is an event on disk before its effect is shown to anybody.
//! - What comes back is plain values; nothing here knows the editor or writes to the workspace.

mod answer;
mod capture;
mod cites;
mod claims;
mod compact;
mod context;
mod data;
mod dirs;
mod follow;
mod guard;
mod job;
mod kept;
mod limits;
mod model;
mod origins;
mod prompts;
mod recheck;
mod restore;
mod run;
mod running;
mod scope;
mod services;
mod steering;
mod step;
mod stepping;
mod talk;
mod tools;
mod transcript;
mod watchdog;
mod words;

pub use answer::{Answer, CitedPlace, Claimed, ReviewFinding, Severity, Suspicion};
pub use claims::{CheckedClaim, ClaimCounts, Place};
pub use dirs::Dirs;
pub use follow::{MadeLine, follow_rename, made_lines, recall, remember};
pub use job::{CommandLine, Followed, Job, ModelWork, Work};
pub use kept::keep;
pub use limits::retention;
pub use model::{Model, Unanswered};
pub use origins::TrackedFiles;
pub use prompts::VERSION as PROMPTS_VERSION;
pub use recheck::{CheckWork, Uncheckable, checks_by_running, command as command_that_decides};
pub use restore::{Restored, restore};
pub use run::{Begun, Finished, Report, TaskError, begin};
pub use services::{Services, ServicesError, mark_interrupted};
pub use steering::Steering;
pub use step::StepInfo;
pub use words::tier as tier_in_words;
