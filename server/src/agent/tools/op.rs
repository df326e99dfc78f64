//! What a model can ask for, parsed.

/// One call, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::agent) enum Op {
    /// Show a file, or lines of it.
    Read {
        /// The file, as the model names it.
        path: String,
        /// The first line, from 1, if it is not the first of the file.
        first: Option<u32>,
        /// The last line, included, if it is not the last.
        last: Option<u32>,
    },
    /// List files.
    List {
        /// Below this directory; all without one.
        path: Option<String>,
    },
    /// Show a file, or list a directory: the view of the text editor.
    View {
        /// Either.
        path: String,
        /// As for [`Self::Read`].
        first: Option<u32>,
        /// As for [`Self::Read`].
        last: Option<u32>,
    },
    /// Find lines.
    Search {
        /// A regular expression.
        pattern: String,
        /// In this file or below this directory; everywhere without one.
        path: Option<String>,
        /// Only in files whose names match.
        glob: Option<String>,
        /// Whether the pattern is a plain text.
        literal: bool,
    },
    /// Change files, in this order.
    Edit(Vec<Change>),
    /// Run a shell line.
    Run {
        /// The line.
        line: String,
        /// In this directory; without one in the root.
        directory: Option<String>,
        /// Stop it after so many seconds.
        seconds: Option<u32>,
    },
    /// A new shell is wanted; every command has one.
    Restart,
    /// The task is at its end.
    Finish(Finish),
}

/// One change of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::agent) enum Change {
    /// A text in it becomes another.
    Replace { path: String, old: String, new: String, all: bool },
    /// Lines come in after a line, from 1; 0 for the beginning.
    Insert { path: String, after: usize, text: String },
    /// It has this text now, whether or not it was there.
    Write { path: String, text: String },
    /// It is removed.
    Delete { path: String },
    /// It gets another name.
    Move { from: String, to: String },
    /// Its lines are changed by a patch.
    Patch { path: String, hunks: Vec<super::patch::PatchHunk> },
}

/// What a model says at the end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::agent) struct Finish {
    /// What was done, or the answer.
    pub(in crate::agent) summary: String,
    /// What it claims, each with what it cites.
    pub(in crate::agent) claims: Vec<(String, Vec<String>)>,
    /// What it did not do.
    pub(in crate::agent) not_done: Vec<String>,
    /// What a review found.
    pub(in crate::agent) findings: Vec<Found>,
}

/// A finding, as the model states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::agent) struct Found {
    pub(in crate::agent) path: String,
    pub(in crate::agent) first: u32,
    pub(in crate::agent) last: u32,
    pub(in crate::agent) message: String,
    pub(in crate::agent) severity: String,
}

impl Op {
    /// Whether it changes files by itself.
    pub(in crate::agent) const fn edits(&self) -> bool {
        matches!(self, Self::Edit(_))
    }
}
