//! How a task ended: outcomes that the user must be able to tell apart.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The last word on a task. Each case is a different thing to the user, in the record and in the exit code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case", deny_unknown_fields)]
pub enum Ended {
    /// It did what was asked.
    Finished,
    /// It ran to its end and there was nothing to change.
    NothingToDo,
    /// It did a part, and says what it left.
    Partly {
        /// What was not done, in the agent's words.
        not_done: Vec<String>,
    },
    /// The agent gave up.
    GaveUp {
        /// Why, in its words.
        reason: String,
    },
    /// A command of a recipe failed, or the task could not go on.
    Failed {
        /// What failed, as a sentence.
        reason: String,
    },
    /// It was refused.
    Refused {
        /// Who refused.
        by: RefusedBy,
        /// Why, as a sentence.
        reason: String,
    },
    /// It ran into a limit of its own.
    Limit {
        /// The name of the limit as in the configuration, such as `task_wall_ms_max`.
        limit: String,
        /// The same in words, with the figures.
        sentence: String,
    },
    /// The model could not be reached, or not made sense of.
    Unreachable {
        /// What happened, as a sentence.
        reason: String,
    },
    /// The user cancelled it.
    Cancelled,
    /// The server that carried it died; found at a later start.
    Interrupted,
}

/// Who refused a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusedBy {
    /// The model itself.
    Model,
    /// A rule of the policy.
    Policy,
    /// This machine cannot confine it.
    Confinement,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Finished => f.write_str("finished"),
            Self::NothingToDo => f.write_str("finished, nothing to change"),
            Self::Partly { not_done } => write!(f, "finished in part; not done: {}", not_done.join("; ")),
            Self::GaveUp { reason } => write!(f, "gave up: {reason}"),
            Self::Failed { reason } => write!(f, "failed: {reason}"),
            Self::Refused { by: RefusedBy::Model, reason } => write!(f, "refused by the model: {reason}"),
            Self::Refused { by: RefusedBy::Policy, reason } => write!(f, "refused by policy: {reason}"),
            Self::Refused { by: RefusedBy::Confinement, reason } => {
                write!(f, "refused, it cannot be confined here: {reason}")
            }
            Self::Limit { sentence, .. } => write!(f, "stopped at a limit: {sentence}"),
            Self::Unreachable { reason } => write!(f, "the model could not be reached: {reason}"),
            Self::Cancelled => f.write_str("cancelled"),
            Self::Interrupted => f.write_str("interrupted: the server ended while it ran"),
        }
    }
}
