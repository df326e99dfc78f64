//! What the user gets: a task's changes as hunks to accept or reject one by one, while typing goes on.
//!
//! [`Proposal`] holds what a finished task wants; a [`ReviewedFile`] holds the hunks of one text against the
//! user's live text. Everything here is a value: the session calls it under its lock.
//!
//! Invariants
//! - Only this module builds edits, and an edit of a pending hunk only ever replaces text that equals `old`.
//! - What the user typed wins: a hunk whose lines were touched is decided again by content alone.
//!
//! Absent on purpose
//! - Positions in UTF-16, URIs, the file system: the protocol and the session own those.
//! - "Apply to disk": accepting is the editor's edit, so undo works there.

mod edit;
mod entry;
mod file;
mod follow;
mod history;
mod hunk;
mod lines;
mod lookup;
mod needs;
mod patch;
mod proposal;
pub mod render;
mod splice;
mod spot;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod stories;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

pub use edit::LineEdit;
pub use entry::{Change, Entry};
pub use file::{Resolution, ReviewedFile, Selection};
pub use hunk::{Citation, Hunk, Place, TextChange};
pub use lines::{Lines, SplitLines, char_range, line_count};
pub use lookup::HunkView;
pub use patch::{Patch, git_patch};
pub use proposal::{Changed, FileChange, Proposal, ProposedFile, WholeHunk};
pub use render::{fenced, markdown, plain, sentence};
pub use splice::{DIFF_MS_MAX, Splice, refined, splice_of, splices, trimmed};

/// One hunk of one task. Shown, parsed and serialized as `3.2`: the second hunk of task 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HunkId {
    /// The task.
    pub task: u64,
    /// The number of the hunk in the task's proposal, from 1.
    pub hunk: u32,
}

impl fmt::Display for HunkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.task, self.hunk)
    }
}

/// The text does not name a hunk.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} does not name a hunk: expected a task and a hunk, as in 3.2")]
pub struct NotAHunkId(String);

impl FromStr for HunkId {
    type Err = NotAHunkId;

    fn from_str(text: &str) -> Result<Self, NotAHunkId> {
        let wrong = || NotAHunkId(text.to_owned());
        let (task, hunk) = text.split_once('.').ok_or_else(wrong)?;
        Ok(Self { task: task.parse().map_err(|_| wrong())?, hunk: hunk.parse().map_err(|_| wrong())? })
    }
}

impl Serialize for HunkId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for HunkId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

/// How the review of one hunk stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It waits for the user; the text at its place is what the task saw.
    Pending,
    /// Its lines are in the text, exactly as proposed.
    Accepted,
    /// It was accepted, and the user changed its lines since.
    Edited,
    /// The user does not want it, or kept their own lines in a conflict.
    Rejected,
    /// The text at its place is neither what the task saw nor what it proposes.
    /// [`ReviewedFile::conflict`] has the three texts.
    Conflicted,
    /// Another task's accepted change did the same.
    Superseded,
}

/// Three texts for the same place, and why they meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Why, in one sentence.
    pub reason: &'static str,
    /// What the task saw.
    pub base: String,
    /// What stands in the text now.
    pub mine: String,
    /// What the task proposes.
    pub theirs: String,
}

/// Who changed a text under review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Author {
    /// The user, or another program through the editor.
    User,
    /// Another task, by a hunk that the user accepted.
    Task,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hunk_is_named_by_task_and_number() {
        let id = HunkId { task: 3, hunk: 2 };
        assert_eq!(id.to_string(), "3.2");
        assert_eq!("3.2".parse(), Ok(id));
        for wrong in ["", "3", "3.", ".2", "a.b", "3.-1"] {
            assert!(wrong.parse::<HunkId>().is_err(), "{wrong}");
        }
    }
}
