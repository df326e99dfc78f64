//! Why a line is as it is, or would become so: the citation of a proposed or accepted change.
//!
//! Invariants
//! - The first line says what; a proposed change shows its diff; at most [`LINES_MAX`] lines in all.

use std::fmt::Write;

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

impl Session {
    /// What is known about the line at this position.
    #[must_use]
    pub fn hover(&self, id: &DocumentId, at: Position) -> Option<HoverText> {
        let state = self.state();
        let reviews = state.reviews.get(id).map(Vec::as_slice).unwrap_or_default();
        let about = |review: &Review| {
            let (lines, mut text) = state.about(review, at.line)?;
            for claim in state.claims_at(id, review.task, &lines) {
                _ = writeln!(text, "{claim}");
            }
            Some((lines, text))
        };
        let mut found: Vec<_> = reviews.iter().filter_map(about).collect();
        found.extend(state.answers_at(id, at.line));
        let encoding = state.client.encoding;
        let (markdown, range) = match found.into_iter().reduce(|a, b| (a.0, a.1 + "\n\n---\n\n" + &b.1)) {
            Some((lines, markdown)) => {
                let shown = state.documents.get(id).map(|document| &document.text)?;
                let last = lines.end.saturating_sub(1).max(lines.start);
                let start = text::start_of_line(shown, lines.start, encoding);
                (markdown, start..text::end_of_line(shown, last, encoding))
            }
            None => {
                let (citation, shown) = state.remembered_line(id, at.line)?;
                let start = text::start_of_line(shown, at.line, encoding);
                let range = start..text::end_of_line(shown, at.line, encoding);
                drop(state);
                (self.remembered(&citation)?, range)
            }
        };
        let markdown = markdown.lines().take(LINES_MAX).collect::<Vec<_>>().join("\n");
        Some(HoverText { plain: plain(&markdown), markdown, range })
    }
}

impl State {
    /// What one review says about a line: the lines it speaks of, and the text.
    fn about(&self, review: &Review, line: u32) -> Option<(std::ops::Range<u32>, String)> {
        let task = self.tasks.get(&review.task)?;
        match &review.kind {
            Kind::Text(file) => {
                let here = file
                    .at_line(line)
                    .filter(|view| !matches!(view.state, Standing::Rejected | Standing::Superseded));
                let view =
                    here.min_by_key(|view| !matches!(view.state, Standing::Pending | Standing::Conflicted))?;
                let accepted = matches!(view.state, Standing::Accepted | Standing::Edited);
                let steps: Vec<u32> = match file.origin(line) {
                    Some((hunk, cites)) if accepted && hunk == view.hunk.id => {
                        cites.iter().map(|cite| cite.step).collect()
                    }
                    // A line that the user wrote into an accepted change is the user's.
                    None if matches!(view.state, Standing::Edited) => return None,
                    _ => view.hunk.citations.iter().map(|cite| cite.step).collect(),
                };
                let at = view.at.clone()?;
                Some((at, described(task, file, &view, &steps)))
            }
            Kind::Whole(whole) if whole.line == line && whole.is_open() => {
                let mut out = headline(review.task, task, "proposed");
                _ = write!(out, "\n\n{}\n", sentence(&review.file));
                cite(&mut out, task, &whole.steps);
                Some((line..line + 1, out))
            }
            Kind::Whole(_) => None,
        }
    }
}

fn headline(id: u64, task: &Task, state: &str) -> String {
    format!("**{}** — {state}, task {id}", task.title)
}

fn described(task: &Task, file: &ReviewedFile, view: &HunkView<'_>, steps: &[u32]) -> String {
    let state = match &view.state {
        Standing::Pending => "proposed",
        Standing::Accepted => "accepted",
        Standing::Edited => "accepted, then edited",
        Standing::Conflicted => "in conflict with your edit",
        Standing::Rejected | Standing::Superseded => "not wanted",
    };
    let mut out = headline(view.hunk.id.task, task, state);
    out.push('\n');
    cite(&mut out, task, steps);
    if matches!(view.state, Standing::Pending | Standing::Conflicted) {
        let block = markdown(file, view.hunk.id).unwrap_or_default();
        let lines: Vec<_> = block.lines().collect();
        let shown = lines.get(..lines.len().min(DIFF_LINES_MAX)).unwrap_or_default();
        _ = write!(out, "\n{}\n", shown.join("\n"));
        if let (true, Some(fence)) = (shown.len() < lines.len(), lines.last()) {
            _ = write!(out, "{fence}\n{} more lines: *Compare* shows all.\n", lines.len() - shown.len() - 1);
        }
    }
    out
}

/// One line for each step: the command, how it ended, and the link to the record.
fn cite(out: &mut String, task: &Task, steps: &[u32]) {
    for step in steps.iter().filter_map(|seq| task.step(*seq)) {
        let link = task.record.as_deref().and_then(|record| uri::of_line(record, step.heading));
        let link = link.map(|link| format!(" ([record]({link}))")).unwrap_or_default();
        _ = writeln!(out, "- step {}: {}{link}", step.seq, step.summary());
    }
}

/// Markdown as a client without it can show it.
fn plain(markdown: &str) -> String {
    let kept = markdown.lines().filter(|line| !line.starts_with("```"));
    kept.map(|line| line.replace("**", "").replace('`', "")).collect::<Vec<_>>().join("\n")
}
