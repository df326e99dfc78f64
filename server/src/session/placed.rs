//! Where in the text that the user has something about the text that a task left stands.

use std::ops::Range;

use vouchsafe_base::WorkspacePath;
use vouchsafe_evidence::log::LineSpan;

use super::document::DocumentId;
use super::reviews::{Kind, Review};
use super::state::{State, Task};
use crate::review::line_count;

impl State {
    /// Where a note about these lines of the text that the task left stands now: at the change that made the lines, at the
    /// lines of an unchanged file, at the task's first change, or where the task was started.
    pub(super) fn place(
        &self,
        task: u64,
        about: Option<&(WorkspacePath, Option<LineSpan>)>,
    ) -> Option<(DocumentId, Range<u32>)> {
        let entry = self.tasks.get(&task)?;
        let of_file = about.and_then(|(path, lines)| self.place_in(task, entry, path, *lines));
        of_file
            .or_else(|| self.first_change(task))
            .or_else(|| Some((entry.started_at.clone(), entry.started_line..entry.started_line + 1)))
    }

    fn place_in(
        &self,
        task: u64,
        entry: &Task,
        path: &WorkspacePath,
        lines: Option<LineSpan>,
    ) -> Option<(DocumentId, Range<u32>)> {
        let reviewed = self.reviews.iter().find_map(|(document, reviews)| {
            let review = reviews.iter().find(|review| review.task == task && review.file.path == *path)?;
            Some((document.clone(), in_review(review, lines)))
        });
        let unchanged = || {
            let document = DocumentId::File(entry.workspace.join(path.as_path()));
            let lines = lines.map_or(0..1, |lines| lines.first.saturating_sub(1)..lines.last);
            let end = match self.documents.get(&document) {
                Some(open) => line_count(&open.text),
                None if document.path()?.is_file() => u32::MAX,
                None => return None,
            };
            Some((document, lines.start.min(end.saturating_sub(1))..lines.end.min(end)))
        };
        reviewed.or_else(unchanged)
    }

    /// The first change of a task, by path.
    fn first_change(&self, task: u64) -> Option<(DocumentId, Range<u32>)> {
        let all = self.reviews.iter().flat_map(|(document, reviews)| {
            reviews.iter().filter(|review| review.task == task).map(move |review| (document, review))
        });
        let (document, review) = all.min_by(|a, b| a.1.file.path.cmp(&b.1.file.path))?;
        Some((document.clone(), in_review(review, None)))
    }
}

/// The lines, in the text that the user has, of the change that made `lines` of the task's text, or of the one before
/// them; without lines those of the first change.
fn in_review(review: &Review, lines: Option<LineSpan>) -> Range<u32> {
    let Kind::Text(file) = &review.kind else { return 0..1 };
    let mut shift = 0_i64;
    let mut best: Option<Range<u32>> = None;
    for view in file.hunks() {
        let first = i64::from(view.hunk.base.start) + shift;
        shift += i64::from(view.hunk.new.len()) - i64::from(view.hunk.old.len());
        let wanted = lines.map_or(first, |lines| i64::from(lines.last) - 1);
        let at = view.at.map(|at| at.start..at.end.max(at.start + 1));
        if best.is_none() || first <= wanted {
            best = at.or(best);
        }
    }
    best.unwrap_or(0..1)
}
