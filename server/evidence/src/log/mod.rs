//! The typed events of a task, in the order in which they happened.
//!
//! Invariants
//! - Every event has exactly one JSON form: an object tagged by `type`, in which an unknown field is an error.
//! - Text is what was said or shown; bytes are named by digest and lie in the store.
//! - What the agent thought or said (`reasoning`, `message`) is never evidence for a claim.
//!
//! Absent on purpose
//! - Time: the store stamps an event when it takes it, so that one clock orders everything.

mod command;
mod end;
mod event;
mod ids;
mod step;

pub use command::{CommandRan, Exit, FileChanged, OutputRef, Stop};
pub use end::{Ended, RefusedBy};
pub use event::{Event, EventKind};
pub use ids::{NotATaskId, Seq, TaskId};
pub use step::{
    Approval, ClaimChecked, Decision, EditOp, FileEdit, FileRead, LineSpan, ModelTurn, Network, Place,
    Policy, ProposalReady, ReviewDecision, Ruling, Search, SearchHit, ShadowMade, Subject, TaskStarted,
    ToolError, Verdict,
};
