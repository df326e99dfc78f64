//! What a task changed in one text, as the smallest hunks the diff gives.
//!
//! Invariants
//! - Two hunks of one text have at least one equal line between them in the text that the task saw.
//! - Hunks are in the order of the text. Replacing every `old` by its `new` gives the proposed text.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::HunkId;
use super::lines::{Lines, SplitLines as _, number};
use super::splice::{changed, diff};

/// A link from a line to the step of the task that made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Citation {
    /// The sequence number of the step in the task's record.
    pub step: u32,
}

/// A place in the proposed text whose origin is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A line of the proposed text.
    Line(u32),
    /// The gap before that line, where lines were deleted.
    Gap(u32),
}

/// Consecutive lines that a task replaced. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// Its name.
    pub id: HunkId,
    /// The lines that the task saw; none for an insertion.
    pub old: Lines,
    /// The lines it proposes; none for a deletion.
    pub new: Lines,
    /// Where `old` stood in the text that the task saw.
    pub base: Range<u32>,
    /// The steps that made it: of its added lines and of what it deleted, each once, in order.
    pub citations: Arc<[Citation]>,
    /// The steps that made each line of `new`.
    pub line_citations: Arc<[Arc<[Citation]>]>,
}

/// All that a task changed in one text.
#[derive(Debug, Clone)]
pub struct TextChange {
    /// The text that the task saw.
    pub before: Arc<str>,
    /// The text that it proposes.
    pub after: Arc<str>,
    /// What differs.
    pub hunks: Vec<Hunk>,
}

impl TextChange {
    /// Compares two texts. `first` names the first hunk, the others follow it; `cite` tells the steps that made
    /// a place of the proposed text.
    pub fn new(first: HunkId, before: &str, after: &str, cite: &dyn Fn(Place) -> Vec<u32>) -> Self {
        let old = before.split_lines().collect::<Vec<_>>();
        let new = after.split_lines().collect::<Vec<_>>();
        let pairs = changed(&diff(&old, &new));
        let hunks = pairs.into_iter().zip(0..).map(|((a, b), nth)| {
            let id = HunkId { task: first.task, hunk: first.hunk.saturating_add(nth) };
            let lines = |of: &[&str], range: &Range<usize>| -> Lines {
                of.get(range.clone()).unwrap_or_default().iter().copied().collect()
            };
            Hunk::new(id, &a, &b, (lines(&old, &a), lines(&new, &b)), cite)
        });
        Self { hunks: hunks.collect(), before: before.into(), after: after.into() }
    }
}

impl Hunk {
    fn new(
        id: HunkId,
        base: &Range<usize>,
        proposed: &Range<usize>,
        (old, new): (Lines, Lines),
        cite: &dyn Fn(Place) -> Vec<u32>,
    ) -> Self {
        let (start, end) = (number(proposed.start), number(proposed.end));
        let steps = |place: Place| cite(place).into_iter().map(|step| Citation { step });
        let line_citations = (start..end).map(|line| steps(Place::Line(line)).collect::<Arc<[_]>>());
        let line_citations = line_citations.collect::<Arc<[_]>>();
        let mut all = line_citations.iter().flat_map(|cites| cites.iter().copied()).collect::<BTreeSet<_>>();
        if !old.is_empty() {
            all.extend((start..=end).flat_map(|gap| steps(Place::Gap(gap))));
        }
        let base = number(base.start)..number(base.end);
        Self { id, old, new, base, citations: all.into_iter().collect(), line_citations }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hunks_are_small_and_cite_lines_and_gaps() {
        let change =
            TextChange::new(
                HunkId { task: 1, hunk: 4 },
                "a\nb\nc\nd\n",
                "A\nb\nd\ne",
                &|place| match place {
                    Place::Line(line) => vec![line + 10, 7],
                    Place::Gap(gap) => vec![gap + 20],
                },
            );
        let shown = change.hunks.iter().map(|hunk| {
            let steps = hunk.citations.iter().map(|cite| cite.step).collect::<Vec<_>>();
            (hunk.id.to_string(), hunk.old.text().to_owned(), hunk.new.text().to_owned(), steps)
        });
        let row = |id: &str, old: &str, new: &str, steps: &[u32]| {
            (id.to_owned(), old.to_owned(), new.to_owned(), steps.to_vec())
        };
        assert_eq!(
            shown.collect::<Vec<_>>(),
            [
                row("1.4", "a\n", "A\n", &[7, 10, 20, 21]),
                row("1.5", "c\n", "", &[22]),
                row("1.6", "", "e", &[7, 13]),
            ]
        );
    }
}
