//! Why a line is as it is, or would become so: the citation of a proposed or accepted change.
//!
//! Invariants
//! - The first line says what; a proposed change shows its diff; at most [`LINES_MAX`] lines in all.

use std::fmt::Write;
use std::ops::Range;

use vouchsafe_base::WorkspacePath;

use super::Session;
use super::answers::HoverText;
use super::document::DocumentId;
use super::reviews::{Kind, Review};
use super::state::{State, Task};
use super::text::{self, Position};
use crate::review::{HunkView, ReviewedFile, State as Standing, markdown, sentence};
use crate::uri;

/// The most lines a hover has.
const LINES_MAX: usize = 20;
/// The most lines of a diff in a hover; the record has all.
const DIFF_LINES_MAX: usize = 12;

/// What is known about a line, in parts.
pub(super) struct About {
    /// The lines it speaks of.
    pub(super) lines: Range<u32>,
    pub(super) task: u64,
    /// The file; `None` for one outside of every folder.
    pub(super) path: Option<WorkspacePath>,
    /// What, in one line.
    pub(super) headline: String,
    /// One line for each step.
    pub(super) cites: String,
    /// The difference, for what is not decided.
    pub(super) rest: String,
}

impl Session {
    /// What is known about the line at this position.
    #[must_use]
    pub fn hover(&self, id: &DocumentId, at: Position) -> Option<HoverText> {
        let state = self.state();
        let reviews = state.reviews.get(id).map(Vec::as_slice).unwrap_or_default();
        let found: Vec<_> = reviews.iter().filter_map(|review| state.about(review, at.line)).collect();
        let answers = state.answers_at(id, at.line);
        let encoding = state.client.encoding;
        let first =
            found.first().map(|about| &about.lines).or_else(|| answers.first().map(|(lines, _)| lines));
        let (told, range) = match first.cloned() {
            Some(lines) => {
                let shown = state.documents.get(id).map(|document| &document.text)?;
                let last = lines.end.saturating_sub(1).max(lines.start);
                let start = text::start_of_line(shown, lines.start, encoding);
                let range = start..text::end_of_line(shown, last, encoding);
                drop(state);
                (found, range)
            }
            None => {
                let (citation, shown) = state.remembered_line(id, at.line)?;
                let start = text::start_of_line(shown, at.line, encoding);
                let range = start..text::end_of_line(shown, at.line, encoding);
                drop(state);
                (vec![self.remembered(id, at.line, &citation)?], range)
            }
        };
        let told: Vec<_> = told
            .iter()
            .map(|about| self.with_claims(about))
            .chain(answers.into_iter().map(|(_, answer)| answer))
            .collect();
        let markdown = cut(&told.join("\n\n---\n\n"));
        Some(HoverText { plain: plain(&markdown), markdown, range })
    }
}

impl State {
    /// What one review says about a line.
    fn about(&self, review: &Review, line: u32) -> Option<About> {
        let path = Some(review.file.path.clone());
        let task = self.tasks.get(&review.task)?;
        match &review.kind {
            Kind::Text(file) => {
                let waits =
                    |view: &HunkView<'_>| matches!(view.state, Standing::Pending | Standing::Conflicted);
                let waiting = file.at_line(line).find(waits);
                // An accepted change speaks of the lines it made: what stands around them is the user's.
                let (view, steps): (_, Vec<u32>) = match (waiting, file.origin(line)) {
                    (Some(view), _) => {
                        let steps = view.hunk.citations.iter().map(|cite| cite.step).collect();
                        (view, steps)
                    }
                    (None, Some((hunk, cites))) => {
                        (file.hunk(hunk)?, cites.iter().map(|cite| cite.step).collect())
                    }
                    (None, None) => return None,
                };
                Some(About {
                    lines: view.at.clone()?,
                    task: review.task,
                    path,
                    headline: headline(review.task, task, in_words(view.state)),
                    cites: cited(task, &steps),
                    rest: difference(file, &view),
                })
            }
            Kind::Whole(whole) if whole.line == line && whole.is_open() => {
                let cites = cited(task, &whole.steps);
                Some(About {
                    lines: line..line + 1,
                    task: review.task,
                    path,
                    headline: headline(review.task, task, "proposed"),
                    cites: format!("\n{}\n{cites}", sentence(&review.file)),
                    rest: String::new(),
                })
            }
            Kind::Whole(_) => None,
        }
    }
}

fn headline(id: u64, task: &Task, state: &str) -> String {
    format!("**{}** — {state}, task {id}", task.title)
}

fn in_words(state: Standing) -> &'static str {
    match state {
        Standing::Pending => "proposed",
        Standing::Accepted => "accepted",
        Standing::Edited => "accepted, then edited",
        Standing::Conflicted => "in conflict with your edit",
        Standing::Rejected | Standing::Superseded => "not wanted",
    }
}

/// The difference that waits, as a block; nothing for what is decided.
fn difference(file: &ReviewedFile, view: &HunkView<'_>) -> String {
    if !matches!(view.state, Standing::Pending | Standing::Conflicted) {
        return String::new();
    }
    let block = markdown(file, view.hunk.id).unwrap_or_default();
    let lines: Vec<_> = block.lines().collect();
    let shown = lines.get(..lines.len().min(DIFF_LINES_MAX)).unwrap_or_default();
    let mut out = format!("\n{}\n", shown.join("\n"));
    if let (true, Some(fence)) = (shown.len() < lines.len(), lines.last()) {
        _ = write!(out, "{fence}\n{} more lines: *Compare* shows all.\n", lines.len() - shown.len() - 1);
    }
    out
}

/// One line for each step: the command, how it ended, and the link to the record.
fn cited(task: &Task, steps: &[u32]) -> String {
    let mut out = String::new();
    for step in steps.iter().filter_map(|seq| task.step(*seq)) {
        let link = task.record.as_deref().and_then(|record| uri::of_line(record, step.heading));
        let link = link.map(|link| format!(" ([record]({link}))")).unwrap_or_default();
        _ = writeln!(out, "- step {}: {}{link}", step.seq, step.summary());
    }
    out
}

/// At most [`LINES_MAX`] lines; a block that is cut in two is closed.
fn cut(markdown: &str) -> String {
    let mut kept: Vec<&str> = markdown.lines().take(LINES_MAX).collect();
    let fences: Vec<&str> = kept.iter().copied().filter(|line| line.starts_with("```")).collect();
    if let (1, Some(open)) = (fences.len() % 2, fences.last()) {
        let ticks = open.len() - open.trim_start_matches('`').len();
        if let (Some(last), Some(close)) = (kept.last_mut(), open.get(..ticks)) {
            *last = close;
        }
    }
    kept.join("\n")
}

/// Markdown as a client without it can show it.
fn plain(markdown: &str) -> String {
    let kept = markdown.lines().filter(|line| !line.starts_with("```"));
    kept.map(|line| line.replace("**", "").replace('`', "")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hover_has_at_most_twenty_lines_and_no_open_block() {
        let short = "**a**\n\n```diff\n+x\n```";
        assert_eq!(cut(short), short);
        let long = format!("**a**\n\n````diff\n{}````\nend", "+x\n".repeat(40));
        let shown = cut(&long);
        assert_eq!((shown.lines().count(), shown.lines().last()), (LINES_MAX, Some("````")));
        assert_eq!(plain(&shown).lines().filter(|line| line.contains('`')).count(), 0);
    }
}
