//! Edits that the client has been asked to make, until its text shows that it made them.
//!
//! Invariants
//! - The client's answer is not trusted: a change is accepted when the text, or the disk, is what it should become.
//! - At most one edit of a document is under way; further decisions wait for it.

use std::path::PathBuf;

use ropey::Rope;
use vouchsafe_base::WorkspacePath;
use vouchsafe_evidence::log::Decision;

use super::document::DocumentId;
use super::reviews::{Kind, Review};
use super::state::State;
use crate::review::{Author, HunkId, HunkView, LineEdit, ProposedFile, ReviewedFile, State as Standing};

/// An edit under way.
pub(super) struct Applying {
    pub(super) id: u64,
    /// The document whose text will show it.
    pub(super) document: DocumentId,
    pub(super) task: u64,
    pub(super) what: What,
}

/// What it does.
pub(super) enum What {
    /// Replaces lines.
    Lines { edits: Vec<LineEdit>, expected: Rope },
    /// Carries out a change without lines.
    Whole { hunk: HunkId, expected: Expected, file: Box<ProposedFile>, workspace: PathBuf },
}

/// How the disk or a document shows that a change without lines was made.
pub(super) enum Expected {
    /// This text, on disk or in the editor.
    Text(Rope),
    /// The file is gone.
    Gone,
}

/// A decision that has been seen and is to be recorded.
pub(super) struct Decided {
    pub(super) task: u64,
    pub(super) hunk: HunkId,
    pub(super) path: WorkspacePath,
    pub(super) decision: Decision,
    pub(super) cites: Vec<u32>,
}

impl State {
    /// Takes a document's new text for the result of an edit under way, if it is that.
    pub(super) fn land(&mut self, id: &DocumentId, text: &Rope) -> bool {
        let is_it = |applying: &Applying| {
            applying.document == *id
                && match &applying.what {
                    What::Lines { expected, .. } | What::Whole { expected: Expected::Text(expected), .. } => {
                        expected == text
                    }
                    What::Whole { expected: Expected::Gone, .. } => false,
                }
        };
        let Some(at) = self.applying.iter().position(is_it) else { return false };
        let applying = self.applying.remove(at);
        self.landed(&applying, text);
        true
    }

    pub(super) fn landed(&mut self, applying: &Applying, text: &Rope) {
        let mut decided = Vec::new();
        self.confirming.remove(&applying.id);
        match &applying.what {
            What::Lines { edits, .. } => {
                let steps = LineEdit::splices(edits);
                for review in self.reviews.get_mut(&applying.document).into_iter().flatten() {
                    let (task, path) = (review.task, review.file.path.clone());
                    let Kind::Text(file) = &mut review.kind else { continue };
                    if task != applying.task {
                        file.spliced(&steps, text, Author::Task);
                        continue;
                    }
                    file.applied(edits, text);
                    decided.extend(edits.iter().map(|edit| accepted(edit, task, &path, file)));
                }
            }
            What::Whole { hunk, .. } => decided.extend(self.settle_whole(*hunk, Decision::Accepted)),
        }
        self.decided.extend(decided);
    }

    /// What the text shows of an edit under way whose parts the user confirms.
    pub(super) fn confirmed(&self, applying: usize) -> Vec<Decided> {
        let Some(applying) = self.applying.get(applying) else { return Vec::new() };
        let What::Lines { edits, .. } = &applying.what else { return Vec::new() };
        let reviews = self.reviews.get(&applying.document).into_iter().flatten();
        let of_task = reviews.filter(|review| review.task == applying.task);
        let decided = of_task.flat_map(|review| {
            let Kind::Text(file) = &review.kind else { return Vec::new() };
            let stands = |edit: &&LineEdit| {
                let view = file.hunk(edit.hunk);
                view.is_some_and(|view| matches!(view.state, Standing::Accepted | Standing::Edited))
            };
            let made = edits.iter().filter(stands);
            made.map(|edit| accepted(edit, review.task, &review.file.path, file)).collect()
        });
        decided.collect()
    }

    /// Marks a change without lines as decided. The lines of a file that it made are followed from then on.
    pub(super) fn settle_whole(&mut self, hunk: HunkId, decision: Decision) -> Option<Decided> {
        let is_it = |review: &Review| matches!(&review.kind, Kind::Whole(whole) if whole.id == hunk && whole.is_open());
        let (document, review) = self.reviews.iter_mut().find_map(|(document, reviews)| {
            Some((document.clone(), reviews.iter_mut().find(|review| is_it(review))?))
        })?;
        let Kind::Whole(whole) = &mut review.kind else { return None };
        whole.decided = true;
        let decided = Decided {
            task: hunk.task,
            hunk,
            path: review.file.path.clone(),
            decision,
            cites: whole.steps.clone(),
        };
        let file = review.file.clone();
        self.stale.push(document);
        if decision == Decision::Accepted {
            self.follow_new_file(hunk.task, file);
        }
        Some(decided)
    }

    fn follow_new_file(&mut self, task: u64, file: ProposedFile) {
        let lines = file.whole.as_ref().and_then(|whole| whole.lines.clone());
        let (Some(lines), Some(known)) = (lines, self.tasks.get(&task)) else { return };
        let document = DocumentId::File(known.workspace.join(file.path.as_path()));
        let kind =
            Kind::Text(ReviewedFile::resumed(&lines, &Rope::from_str(&lines.after), |_| Standing::Accepted));
        self.reviews.entry(document).or_default().push(Review { task, file, kind });
    }
}

/// The decision that an edit in the text stands for.
fn accepted(edit: &LineEdit, task: u64, path: &WorkspacePath, file: &ReviewedFile) -> Decided {
    let cites = |view: HunkView<'_>| view.hunk.citations.iter().map(|cite| cite.step).collect();
    Decided {
        task,
        hunk: edit.hunk,
        path: path.clone(),
        decision: Decision::Accepted,
        cites: file.hunk(edit.hunk).map(cites).unwrap_or_default(),
    }
}
