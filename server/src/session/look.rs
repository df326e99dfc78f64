//! Looking at a change before deciding: its evidence, both texts side by side.
//!
//! Invariants
//! - What is shown is a file under the state directory, so every editor can show it; a difference is a document of
//!   our own scheme where the client asks for such.

use std::path::PathBuf;

use super::Session;
use super::content::compare_uri;
use super::outgoing::{Outgoing, Pick};
use super::reviews::{Kind, Review};
use crate::diff::unified;
use crate::review::{FileChange, HunkId, LineEdit, ProposedFile, Selection, plain, sentence};

impl Session {
    /// Shows the record of a task, at the step that made the picked change.
    pub(super) fn show_evidence(&self, pick: &Pick) -> Result<(), String> {
        let mut state = self.state();
        let steps: Vec<u32> = state.picked(pick).flat_map(|(_, review)| steps_of(review, pick)).collect();
        let Some(task) = state.tasks.get(&pick.task) else {
            return Err(format!("there is no task {} in this session", pick.task));
        };
        let Some(path) = task.record.clone() else {
            return Err(format!("task {} is still running: its record is shown when it ends", pick.task));
        };
        let cited = pick.hunk.and_then(|_| steps.iter().find_map(|seq| task.step(*seq)));
        let line = cited.map(|step| step.heading);
        drop(state);
        self.tell(Outgoing::Show { path, line });
        Ok(())
    }

    /// Shows the old and the new text of the picked change.
    pub(super) fn compare(&self, pick: &Pick) -> Result<(), String> {
        let mut state = self.state();
        let virtually = state.client.virtual_documents && state.client.shows_documents;
        let shown = state.picked(pick).find_map(|(_, review)| {
            let uri = pick.hunk.and_then(|hunk| compare_uri(pick.task, hunk, review.file.path.as_path()));
            compared(review, pick).map(|shown| (shown, uri.filter(|_| virtually)))
        });
        drop(state);
        let Some(((name, text), uri)) = shown else {
            return Err("this change no longer waits: it was decided already".to_owned());
        };
        if let Some(uri) = uri {
            self.tell(Outgoing::ShowVirtual { uri });
            return Ok(());
        }
        let path = self.services.dirs.state.join("tasks").join(pick.task.to_string()).join(name);
        put(&path, &text).map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
        self.tell(Outgoing::Show { path, line: Some(1) });
        Ok(())
    }
}

fn steps_of(review: &Review, pick: &Pick) -> Vec<u32> {
    match (&review.kind, pick.hunk) {
        (Kind::Text(file), Some(hunk)) => file
            .hunk(HunkId { task: pick.task, hunk })
            .map(|view| view.hunk.citations.iter().map(|cite| cite.step).collect())
            .unwrap_or_default(),
        (Kind::Text(_), None) => Vec::new(),
        (Kind::Whole(whole), _) => whole.steps.clone(),
    }
}

/// The file name and content that compare a change.
pub(super) fn compared(review: &Review, pick: &Pick) -> Option<(String, String)> {
    let name = |suffix| match pick.hunk {
        Some(hunk) => format!("compare-{hunk}.{suffix}"),
        None => format!("compare.{suffix}"),
    };
    let Kind::Text(file) = &review.kind else {
        return Some((name("diff"), whole_diff(&review.file)));
    };
    let id = HunkId { task: pick.task, hunk: pick.hunk? };
    if file.conflict(id).is_some() {
        return Some((name("diff"), plain(file, id)?));
    }
    let edits = file.accept(&Selection::Hunks(vec![id]));
    let after = LineEdit::apply(&edits, file.text()).to_string();
    Some((name("diff"), unified(&review.file.path, &file.text().to_string(), &after)))
}

fn whole_diff(file: &ProposedFile) -> String {
    let (before, after) = match &file.change {
        FileChange::Create(after) => (Some(""), after.text()),
        FileChange::Delete(before) => (before.text(), Some("")),
        _ => (None, None),
    };
    match (before, after) {
        (Some(before), Some(after)) => unified(&file.path, before, after),
        _ => format!("{}\n", sentence(file)),
    }
}

#[expect(clippy::disallowed_methods, reason = "a file of our own, under the state directory")]
pub(super) fn put(path: &PathBuf, text: &str) -> std::io::Result<()> {
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory)?;
    }
    std::fs::write(path, text)
}
