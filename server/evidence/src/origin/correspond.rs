//! Which line of the new text each line of the old one became.
//!
//! Invariants
//! - Parts cover both texts in order; the first and the last are [`Part::Changed`], and kinds alternate.
//! - A changed part may be empty on one side or both.

use std::collections::BTreeSet;
use std::ops::Range;
use std::time::{Duration, Instant};

use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

use super::pair::pair;

/// After this time a diff gives what it has: complete, but coarser.
pub const DIFF_TIME_MAX: Duration = Duration::from_millis(200);

/// A stretch of both texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// The same lines.
    Kept { old: u32, new: u32, len: u32 },
    /// Other lines.
    Changed(Changed),
}

/// A stretch in which lines were inserted, deleted or re-written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Changed {
    pub(super) old: Range<u32>,
    pub(super) new: Range<u32>,
    /// For each new line, what it was made from.
    pub(super) sources: Vec<Source>,
}

/// The lines of the old text from which a line was made; none for a line that is really new.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Source {
    pub(super) lines: Vec<u32>,
    /// Whether it is one of them, unchanged to the last byte, in another place.
    pub(super) exact: bool,
}

impl Changed {
    fn new(old: Range<u32>, new: Range<u32>) -> Self {
        let sources = new.clone().map(|_| Source::default()).collect();
        Self { old, new, sources }
    }

    /// For each gap of the old stretch, from its start to its end, the gap of the new text that is its place now: behind
    /// every line that was made from lines before it.
    pub(super) fn places(&self) -> Vec<u32> {
        let mut behind = vec![0; self.old.len() + 1];
        for (n, source) in (1u32..).zip(&self.sources) {
            for line in source.lines.iter().filter(|line| self.old.contains(line)) {
                let after = (line - self.old.start) as usize + 1;
                behind.get_mut(after).into_iter().for_each(|most| *most = n.max(*most));
            }
        }
        let mut most = 0;
        for place in &mut behind {
            most = most.max(*place);
            *place = self.new.start + most;
        }
        if let (Some(last), false) = (behind.last_mut(), self.old.is_empty()) {
            *last = self.new.end;
        }
        behind
    }

    /// The old lines from which nothing in this place was made.
    pub(super) fn gone(&self) -> impl Iterator<Item = u32> {
        let used: BTreeSet<u32> =
            self.sources.iter().flat_map(|source| source.lines.iter().copied()).collect();
        self.old.clone().filter(move |line| !used.contains(line))
    }
}

/// Compares two texts line by line.
pub(super) fn correspond(before: &str, after: &str) -> Vec<Part> {
    let deadline = Instant::now() + DIFF_TIME_MAX;
    let old: Vec<&str> = crate::lines(before).collect();
    let new: Vec<&str> = crate::lines(after).collect();
    let mut parts = parts(&capture_diff_slices_deadline(Algorithm::Myers, &old, &new, Some(deadline)));
    let changed = parts.iter_mut().filter_map(|part| match part {
        Part::Changed(changed) => Some(changed),
        Part::Kept { .. } => None,
    });
    pair(&mut changed.collect::<Vec<_>>(), &old, &new, deadline);
    parts
}

/// The stretches of equal items of two sequences: old and new index, length.
pub(super) fn kept<T: std::hash::Hash + Eq + Ord>(old: &[T], new: &[T]) -> Vec<(u32, u32, u32)> {
    let deadline = Instant::now() + DIFF_TIME_MAX;
    let ops = capture_diff_slices_deadline(Algorithm::Myers, old, new, Some(deadline));
    ops.iter().filter_map(equal).collect()
}

fn equal(op: &DiffOp) -> Option<(u32, u32, u32)> {
    match op {
        DiffOp::Equal { old_index, new_index, len } => {
            Some((narrow(*old_index), narrow(*new_index), narrow(*len)))
        }
        DiffOp::Delete { .. } | DiffOp::Insert { .. } | DiffOp::Replace { .. } => None,
    }
}

fn parts(ops: &[DiffOp]) -> Vec<Part> {
    let mut parts = Vec::new();
    let (mut old_at, mut new_at) = (0, 0);
    let (mut old_end, mut new_end) = (0, 0);
    for op in ops {
        let (old, new) = (op.old_range(), op.new_range());
        if let Some((old, new, len)) = equal(op) {
            match parts.last_mut() {
                Some(Part::Kept { len: before, .. }) if old_at == old && new_at == new => *before += len,
                _ => {
                    parts.push(Part::Changed(Changed::new(old_at..old, new_at..new)));
                    parts.push(Part::Kept { old, new, len });
                }
            }
            (old_at, new_at) = (old + len, new + len);
        }
        (old_end, new_end) = (narrow(old.end), narrow(new.end));
    }
    parts.push(Part::Changed(Changed::new(old_at..old_end.max(old_at), new_at..new_end.max(new_at))));
    parts
}

/// Texts with more than four thousand million lines are cut off.
fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
