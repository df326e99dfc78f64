//! The diagnostics of a document: what waits for the user there.
//!
//! Invariants
//! - Computed from the live state when it is sent, never stored.
//! - A finding says what it is about and which command it rests on in its message, for clients that show no more.

use std::ops::Range;

use super::Session;
use super::answers::{About, Finding, Related, Severity};
use super::document::DocumentId;
use super::reviews::{Kind, Review, Whole};
use super::state::{State, Task};
use super::tasks::counted;
use super::text;
use crate::review::{HunkView, State as Standing, line_count, sentence};

impl Session {
    /// The findings of a document, its URI and, if it is open, its version. `None` if it cannot be named.
    #[must_use]
    pub fn findings(&self, id: &DocumentId) -> Option<(String, Option<i32>, Vec<Finding>)> {
        let state = self.state();
        let uri = state.uri_of(id)?.to_string();
        let version = state.documents.get(id).map(|document| document.version);
        let reviews = state.reviews.get(id).map(Vec::as_slice).unwrap_or_default();
        let found = reviews.iter().filter_map(|review| {
            let task = state.tasks.get(&review.task)?;
            Some(match &review.kind {
                Kind::Text(file) => file
                    .hunks()
                    .filter(|view| matches!(view.state, Standing::Pending | Standing::Conflicted))
                    .filter_map(|view| state.of_hunk(review, task, &view))
                    .collect::<Vec<_>>(),
                Kind::Whole(whole) => state.of_whole(id, review, task, whole).into_iter().collect(),
            })
        });
        Some((uri, version, found.flatten().chain(state.of_notes(id)).collect()))
    }
}

impl State {
    fn of_hunk(&self, review: &Review, task: &Task, view: &HunkView<'_>) -> Option<Finding> {
        let Kind::Text(file) = &review.kind else { return None };
        let at = view.at.clone()?;
        let steps: Vec<_> = view.hunk.citations.iter().map(|cite| cite.step).collect();
        let what = what(view);
        let (severity, code, message) = if view.state == Standing::Conflicted {
            let reason = file.conflict(view.hunk.id).map(|conflict| conflict.reason).unwrap_or_default();
            (
                Severity::Warning,
                "conflict",
                format!("{}: {what}, in conflict with your text: {reason}", task.title),
            )
        } else {
            (Severity::Information, "proposed-change", format!("{}: {what}", task.title))
        };
        let needs = self.needs_in_words(view.hunk.id);
        let message = message + &cited(task, &steps) + &needs;
        let message = with_restriction(message, review, view.hunk.id.hunk);
        Some(Finding {
            range: self.range(file.text(), &at),
            severity,
            code,
            message,
            related: related(task, &steps),
            task: review.task,
            about: About::Hunk(view.hunk.id.hunk),
        })
    }

    fn of_whole(&self, id: &DocumentId, review: &Review, task: &Task, whole: &Whole) -> Option<Finding> {
        if !whole.is_open() {
            return None;
        }
        let empty = ropey::Rope::new();
        let shown = self.documents.get(id).map_or(&empty, |document| &document.text);
        let message = format!("{}: {}", task.title, sentence(&review.file)) + &cited(task, &whole.steps);
        let message = message + &self.needs_in_words(whole.id);
        Some(Finding {
            range: self.range(shown, &(whole.line..whole.line + 1)),
            severity: Severity::Information,
            code: "proposed-change",
            message: with_restriction(message, review, whole.id.hunk),
            related: related(task, &whole.steps),
            task: review.task,
            about: About::Hunk(whole.id.hunk),
        })
    }

    /// Some lines as a range that every editor can show: an empty one marks the line it stands before.
    pub(super) fn range(&self, shown: &ropey::Rope, lines: &Range<u32>) -> Range<text::Position> {
        let encoding = self.client.encoding;
        // As `ReviewedFile::at_line` has it: what has no line stands at the one below, at the end at the last one.
        let first = lines.start.min(line_count(shown).saturating_sub(1));
        let last = lines.end.saturating_sub(1).max(first);
        text::start_of_line(shown, first, encoding)..text::end_of_line(shown, last, encoding)
    }
}

/// `replaces 2 lines by 3`
pub(super) fn what(view: &HunkView<'_>) -> String {
    let (old, new) = (view.hunk.old.len() as usize, view.hunk.new.len() as usize);
    match (old, new) {
        (0, new) => format!("inserts {}", counted(new, "line")),
        (old, 0) => format!("deletes {}", counted(old, "line")),
        (1, 1) => "changes this line".to_owned(),
        (old, new) if old == new => format!("changes {}", counted(old, "line")),
        (old, new) => format!("replaces {} by {new}", counted(old, "line")),
    }
}

/// ` [2: cargo fmt → exit code 0]`
fn cited(task: &Task, steps: &[u32]) -> String {
    let shown = steps.iter().filter_map(|seq| {
        let step = task.step(*seq)?;
        Some(format!("{seq}: {}", step.cited()))
    });
    let shown: Vec<_> = shown.collect();
    if shown.is_empty() { String::new() } else { format!(" [{}]", shown.join("; ")) }
}

fn with_restriction(message: String, review: &Review, hunk: u32) -> String {
    match review.file.restriction(hunk) {
        Some(why) => format!("{message}. Accept it by itself: {why}"),
        None => message,
    }
}

fn related(task: &Task, steps: &[u32]) -> Vec<Related> {
    let Some(record) = &task.record else { return Vec::new() };
    steps
        .iter()
        .filter_map(|seq| task.step(*seq))
        .map(|step| {
            let line = step.output.as_ref().map_or(step.heading, |output| output.start);
            Related { path: record.clone(), line, text: format!("step {}: {}", step.seq, step.summary()) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::review::{HunkId, HunkView, State, TextChange};

    #[test]
    fn a_change_is_named_by_its_lines() {
        let what = |before, after| {
            let change = TextChange::new(HunkId { task: 1, hunk: 1 }, before, after, &|_| vec![2]);
            let hunk = change.hunks.first().unwrap();
            super::what(&HunkView { hunk, at: Some(0..1), state: State::Pending })
        };
        assert_eq!(what("a\n", "b\n"), "changes this line");
        assert_eq!(what("a\nb\n", "c\nd\n"), "changes 2 lines");
        assert_eq!(what("", "c\n"), "inserts 1 line");
        assert_eq!(what("c\nd\n", ""), "deletes 2 lines");
        assert_eq!(what("c\nd\n", "e\n"), "replaces 2 lines by 1");
    }
}
