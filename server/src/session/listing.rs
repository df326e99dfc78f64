//! What a client with views of its own asks for: the open changes with their lines.
//!
//! Invariants
//! - Nothing here is needed by an editor that shows diagnostics, hover and code actions: it is the same in data.
//! - Lines are zero-based and half open, in the text as the client last sent it.

use std::path::PathBuf;

use serde::Serialize;
use serde_json::{Value, json};

use super::Session;
use super::document::DocumentId;
use super::findings::what;
use super::reviews::{Kind, Review, Whole};
use super::state::{State, Task};
use crate::review::{Entry, FileChange, HunkId, HunkView, ReviewedFile, State as Standing, sentence};

impl Session {
    /// The open changes of one task, or of all, by task and number; docs/protocol.md has the fields.
    #[must_use]
    pub fn changes_listed(&self, task: Option<u64>) -> Value {
        let state = self.state();
        let mut found: Vec<Listed> = Vec::new();
        for (document, reviews) in &state.reviews {
            for review in reviews.iter().filter(|review| task.is_none_or(|task| task == review.task)) {
                found.extend(state.listed(document, review));
            }
        }
        drop(state);
        found.sort_by_key(|change| (change.task, change.hunk));
        json!(found)
    }
}

/// An open change as it is listed.
#[derive(Serialize)]
struct Listed {
    task: u64,
    hunk: u32,
    title: String,
    uri: String,
    path: String,
    protected: Option<String>,
    record: Option<PathBuf>,
    needs: Vec<u32>,
    #[serde(flatten)]
    change: Change,
}

/// What it does, and where.
#[derive(Serialize)]
struct Change {
    kind: &'static str,
    state: &'static str,
    start_line: u32,
    end_line: u32,
    old: Option<String>,
    new: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mine: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    what: String,
    cites: Vec<Value>,
    line: Option<u32>,
}

impl State {
    fn listed(&self, document: &DocumentId, review: &Review) -> Vec<Listed> {
        let (Some(task), Some(uri)) = (self.tasks.get(&review.task), self.uri_of(document)) else {
            return Vec::new();
        };
        let changes: Vec<_> = match &review.kind {
            Kind::Text(file) => file
                .hunks()
                .filter(|view| matches!(view.state, Standing::Pending | Standing::Conflicted))
                .filter_map(|view| Some((view.hunk.id, hunk(file, &view, task)?)))
                .collect(),
            Kind::Whole(it) if it.is_open() => vec![(it.id, whole(review, it, task))],
            Kind::Whole(_) => Vec::new(),
        };
        let common = |(id, change): (HunkId, Change)| Listed {
            task: id.task,
            hunk: id.hunk,
            title: task.title.clone(),
            uri: uri.to_string(),
            path: review.file.path.to_string(),
            protected: review.file.restriction(id.hunk).map(str::to_owned),
            record: task.record.clone(),
            needs: self.unmet(id).into_iter().map(|what| what.hunk).collect(),
            change,
        };
        changes.into_iter().map(common).collect()
    }
}

fn hunk(file: &ReviewedFile, view: &HunkView<'_>, task: &Task) -> Option<Change> {
    let at = view.at.clone()?;
    let steps: Vec<u32> = view.hunk.citations.iter().map(|cite| cite.step).collect();
    let mut change = Change {
        kind: "text",
        state: "pending",
        start_line: at.start,
        end_line: at.end,
        old: Some(view.hunk.old.text().to_owned()),
        new: Some(view.hunk.new.text().to_owned()),
        mine: None,
        reason: None,
        what: what(view),
        cites: cites(task, &steps),
        line: heading(task, &steps),
    };
    if let Some(conflict) = file.conflict(view.hunk.id) {
        change.state = "conflict";
        change.old = Some(conflict.base);
        change.mine = Some(conflict.mine);
        change.new = Some(conflict.theirs);
        change.reason = Some(conflict.reason);
    }
    Some(change)
}

fn whole(review: &Review, whole: &Whole, task: &Task) -> Change {
    let text = |entry: &Entry| entry.text().map(str::to_owned);
    let (kind, old, new) = match &review.file.change {
        FileChange::Text(_) => ("text", None, None),
        FileChange::Create(after) => ("create", None, text(after)),
        FileChange::Delete(before) => ("delete", text(before), None),
        FileChange::Rename { .. } => ("rename", None, None),
        FileChange::Binary { .. } => ("binary", None, None),
        FileChange::Mode { .. } => ("mode", None, None),
        FileChange::Symlink { .. } => ("symlink", None, None),
        FileChange::Replace { .. } => ("replace", None, None),
    };
    Change {
        kind,
        state: "pending",
        start_line: whole.line,
        end_line: whole.line,
        old,
        new,
        mine: None,
        reason: None,
        what: sentence(&review.file),
        cites: cites(task, &whole.steps),
        line: heading(task, &whole.steps),
    }
}

/// What each step ran and how it ended.
pub(super) fn cites(task: &Task, steps: &[u32]) -> Vec<Value> {
    let known = steps.iter().filter_map(|seq| task.step(*seq));
    known
        .map(|step| json!({ "step": step.seq, "command": step.shown, "exit": step.exit.as_ref().map(ToString::to_string), "line": step.heading }))
        .collect()
}

/// The one-based line of the record at which the first known step stands.
pub(super) fn heading(task: &Task, steps: &[u32]) -> Option<u32> {
    steps.iter().find_map(|seq| task.step(*seq)).map(|step| step.heading)
}
