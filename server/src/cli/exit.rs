//! Exit codes that mean something, and the failures that lead to them.

/// How the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// Done.
    Done,
    /// The command's own status, passed through.
    Command(u8),
    /// The command or a check failed.
    Failed,
    /// The command line is wrong.
    Usage,
    /// A rule of the policy refuses.
    Policy,
    /// Nothing can be confined here.
    Unconfinable,
    /// A limit was reached.
    Limit,
    /// The workspace has newer edits.
    Conflict,
    /// A part was done, and what was not is said.
    Partly,
    /// The agent gave up.
    GaveUp,
    /// The model cannot be reached or made sense of.
    Unreachable,
    /// The model refuses.
    Declined,
    /// Ended by Ctrl-C.
    Interrupted,
}

impl Exit {
    pub(super) const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Command(status) => status,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Policy => 3,
            Self::Unconfinable => 4,
            Self::Limit => 5,
            Self::Conflict => 6,
            Self::Partly => 7,
            Self::GaveUp => 8,
            Self::Unreachable => 9,
            Self::Declined => 10,
            Self::Interrupted => 130,
        }
    }
}

/// Why a subcommand could not do its work: one sentence.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The user asked for something that is not there.
    #[error("{0}")]
    Usage(String),
    /// The machine or the record refuses.
    #[error("{0}")]
    Refused(String),
    /// Standard output or the disk failed.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl Failure {
    pub(super) const fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) => Exit::Usage,
            Self::Refused(_) => Exit::Unconfinable,
            Self::Io(_) => Exit::Failed,
        }
    }
}
