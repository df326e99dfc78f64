//! Remembers which lines of a workspace file came from accepted changes, across restarts.
//!
//! Invariants
//! - The memory is of a text, by its digest: it is asked for the text that is there, and answers what it knows.
//! - A file with lone `\r` as line ends is left out: the store counts such lines otherwise than editors do.

use std::path::Path;

use vouchsafe_base::WorkspacePath;
use vouchsafe_evidence::log::{Seq, TaskId};
use vouchsafe_evidence::origin::{Blame, Citation};
use vouchsafe_evidence::store::{Store, StoreError};
use vouchsafe_evidence::{lines, store::Recalled};

use crate::review::TextChange;

/// A line of the text, from 0, with the task and the steps that made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeLine {
    /// The line.
    pub line: u32,
    /// The task.
    pub task: u64,
    /// Its steps.
    pub steps: Vec<u32>,
}

/// The lines that a proposal's change of a text makes, in the proposed text.
#[must_use]
pub fn made_lines(change: &TextChange) -> Vec<MadeLine> {
    let mut shift = 0;
    let mut made = Vec::new();
    for hunk in &change.hunks {
        let first = i64::from(hunk.base.start) + shift;
        for (nth, cites) in (0..).zip(hunk.line_citations.iter()) {
            let line = u32::try_from(first + nth).unwrap_or(u32::MAX);
            made.push(MadeLine {
                line,
                task: hunk.id.task,
                steps: cites.iter().map(|cite| cite.step).collect(),
            });
        }
        shift += i64::from(hunk.new.len()) - i64::from(hunk.old.len());
    }
    made
}

/// Remembers the lines of `text` that are known to be made by tasks: those `made`, on top of what is `known` of this
/// very text, or else of what was remembered of the file before.
///
/// # Errors
/// When the store cannot be read or written.
pub fn remember(
    store: &Store,
    workspace: &str,
    path: &WorkspacePath,
    text: &str,
    known: Option<Blame>,
    made: &[MadeLine],
) -> Result<(), StoreError> {
    if has_lone_returns(text) {
        return Ok(());
    }
    let known = match known.filter(|known| known.lines() == lines::count(text)) {
        Some(known) => Some(known),
        None => recall(store, workspace, path, text)?,
    };
    if made.is_empty() && known.is_none() {
        return Ok(());
    }
    let mut blame = known.unwrap_or_else(|| Blame::new(lines::count(text)));
    for made in made.iter().filter(|made| made.line < lines::count(text)) {
        let citation = Citation {
            task: TaskId::new(made.task),
            steps: made.steps.iter().copied().map(Seq::new).collect(),
        };
        blame.cite(made.line..made.line + 1, &citation);
    }
    store.remember(workspace, path, text, &blame)
}

/// Which lines of `text` are known to be made by tasks; `None` when nothing is known about the file. A file that
/// nothing is known of may be one that another program renamed: then it has the text of one that is gone.
///
/// # Errors
/// When the store cannot be read.
pub fn recall(
    store: &Store,
    workspace: &str,
    path: &WorkspacePath,
    text: &str,
) -> Result<Option<Blame>, StoreError> {
    if has_lone_returns(text) {
        return Ok(None);
    }
    let blame = |Recalled { blame, .. }| blame;
    if let Some(known) = store.recall(workspace, path, text)? {
        return Ok(Some(blame(known)));
    }
    let is_gone = |old: &WorkspacePath| Path::new(workspace).join(old.as_path()).symlink_metadata().is_err();
    match store.followed_with_text(workspace, text)?.iter().find(|old| is_gone(old)) {
        Some(old) => Ok(store.recall(workspace, old, text)?.map(blame)),
        None => Ok(None),
    }
}

/// What was remembered of a file, or of the files below a directory, holds for its new name.
///
/// # Errors
/// When the store cannot be read or written.
pub fn follow_rename(
    store: &Store,
    workspace: &str,
    from: &WorkspacePath,
    to: &WorkspacePath,
) -> Result<(), StoreError> {
    for old in store.followed_files(workspace)? {
        let Ok(below) = old.as_path().strip_prefix(from.as_path()) else { continue };
        let new = match WorkspacePath::from_relative(below) {
            Ok(below) => to.join(&below),
            // Nothing is below it: it is the file itself.
            Err(_) => to.clone(),
        };
        store.rename_followed(workspace, &old, &new)?;
    }
    Ok(())
}

fn has_lone_returns(text: &str) -> bool {
    let returns = text.matches('\r').count();
    returns > 0 && returns != text.matches("\r\n").count()
}
