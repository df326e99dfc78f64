//! Accepted lines on the user's own text, followed while it changes.
//!
//! Invariants
//! - A line is cited only while its text is, to the last byte, what was accepted. One that the user re-wrote is the user's.
//! - A line that was taken out and put back (undo, cut and paste) has its citation again.
//!
//! Absent on purpose
//! - Deletions: what is no longer there has no line to stand at. The review's record keeps them.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::correspond::{Part, correspond, kept};
use super::memory::Memory;
use super::runs::Runs;
use super::table::Table;
use super::{Origins, pair};
use crate::log::{Seq, TaskId};

/// The task and the steps that made a line.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// The task.
    pub task: TaskId,
    /// Its steps, in order.
    pub steps: Vec<Seq>,
}

/// The citations of one document, line by line; lines are counted from 0.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Blame {
    /// Number 0 is no citation: the line is the user's.
    citations: Table<Option<Citation>>,
    runs: Runs,
    /// Lines that were taken out a short while ago.
    memory: Memory,
}

/// Whole lines that took the place of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineEdit {
    /// The lines that went.
    pub lines: Range<u32>,
    /// How many came.
    pub with: u32,
}

impl LineEdit {
    /// The least edit that takes the whole lines `old`, the first of which is line `first`, to the whole lines `new`.
    #[must_use]
    pub fn between(first: u32, old: &str, new: &str) -> Self {
        let (old, new): (Vec<&str>, Vec<&str>) = (crate::lines(old).collect(), crate::lines(new).collect());
        let (start, end) = trim(&old, &new);
        let lines = first + count(start)..first + count(old.len() - end);
        Self { lines, with: count(new.len() - start - end) }
    }
}

impl Blame {
    /// A text of so many lines, all of them the user's.
    #[must_use]
    pub fn new(lines: u32) -> Self {
        Self { citations: Table::default(), runs: Runs::of(lines, 0), memory: Memory::default() }
    }

    /// How many lines the text has.
    #[must_use]
    pub fn lines(&self) -> u32 {
        self.runs.total()
    }

    /// Whether no line is cited.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.runs.iter().all(|(_, id)| id == 0)
    }

    /// What made a line; `None` for one of the user's, and past the end.
    #[must_use]
    pub fn lookup(&self, line: u32) -> Option<&Citation> {
        self.citations.get(self.runs.get(line)?).as_ref()
    }

    /// Maximal stretches of lines with the same citation: how many lines, and which.
    pub fn runs(&self) -> impl Iterator<Item = (u32, Option<&Citation>)> {
        self.runs.iter().map(|(len, id)| (len, self.citations.get(id).as_ref()))
    }

    /// Every citation that some line has, each once.
    pub fn citations(&self) -> impl Iterator<Item = &Citation> {
        let used: BTreeSet<u32> = self.runs.iter().map(|(_, id)| id).collect();
        used.into_iter().filter_map(|id| self.citations.get(id).as_ref())
    }

    /// The user accepted a hunk: the lines `added` of the proposal took the place of `replaced`. Each new line cites its
    /// own origins, or the hunk's where it has none.
    pub fn accept(&mut self, replaced: Range<u32>, task: TaskId, origins: &Origins, added: Range<u32>) {
        let whole = origins.citations(added.clone());
        let mut pieces = Runs::default();
        for line in added {
            let own = origins.of_line(line);
            let steps = if own.is_empty() { whole.clone() } else { own.to_vec() };
            let citation = (!steps.is_empty()).then_some(Citation { task, steps });
            pieces.push(1, self.citations.id_of(citation));
        }
        self.runs.splice(replaced, &pieces.iter().collect::<Vec<_>>());
    }

    /// Says what made some lines, whatever was known of them before.
    pub fn cite(&mut self, lines: Range<u32>, citation: &Citation) {
        let end = lines.end.min(self.lines());
        let id = self.citations.id_of(Some(citation.clone()));
        self.runs.splice(lines.start..end, &[(end.saturating_sub(lines.start), id)]);
    }

    /// `with` lines of the user's took the place of `lines`. Takes time in the number of runs, not of lines.
    pub fn splice(&mut self, lines: Range<u32>, with: u32) {
        self.runs.splice(lines, &[(with, 0)]);
    }

    /// The whole lines `new` took the place of the whole lines `old`, the first of which is line `first`. As
    /// [`Self::splice`] for what really changed, and lines that come back have their citations again.
    pub fn edit(&mut self, first: u32, old: &str, new: &str) {
        let (old, new): (Vec<&str>, Vec<&str>) = (crate::lines(old).collect(), crate::lines(new).collect());
        let (start, end) = trim(&old, &new);
        let gone = old.get(start..old.len() - end).unwrap_or_default();
        let came = new.get(start..new.len() - end).unwrap_or_default();
        let at = first + count(start);
        let lines = at..at + count(gone.len());
        let ids: Vec<u32> = self.runs.slice(lines.clone()).into_iter().flat_map(repeat).collect();
        self.memory.lose(gone.iter().copied().zip(ids));
        let mut pieces = Runs::default();
        self.memory.find(came).into_iter().for_each(|id| pieces.push(1, id));
        self.runs.splice(lines, &pieces.iter().collect::<Vec<_>>());
    }

    /// The text was changed elsewhere, from `old`, which this describes, to `new`. Lines that stayed or moved as they
    /// were keep their citations, all others lose them.
    pub fn reanchor(&mut self, old: &str, new: &str) {
        let before = self.runs.expand();
        let mut after = Runs::default();
        for part in correspond(old, new) {
            match part {
                Part::Kept { old, len, .. } => {
                    before.iter().skip(old as usize).take(len as usize).for_each(|id| after.push(1, *id));
                }
                Part::Changed(changed) => {
                    for source in &changed.sources {
                        let from = source.lines.first().filter(|_| source.exact);
                        let id = from.and_then(|line| before.get(*line as usize)).copied();
                        after.push(1, id.unwrap_or_default());
                    }
                }
            }
        }
        self.runs = after;
    }

    /// Lines without a citation take the one they have in `other`, whose text had lines with these `marks`, where a
    /// stretch of lines is the same and at least one of them tells something.
    pub(crate) fn fill_from(&mut self, other: &Self, marks: &[u64], text: &str) {
        let lines: Vec<&str> = crate::lines(text).collect();
        let now: Vec<u64> = lines.iter().map(|line| line_mark(line)).collect();
        let theirs = other.runs.expand();
        let mut ours = self.runs.expand();
        for (old, new, len) in kept(marks, &now) {
            let stretch = lines.get(new as usize..(new + len) as usize).unwrap_or_default();
            if stretch.iter().all(|line| pair::word_chars(line) < TELLING_WORD_CHARS_MIN) {
                continue;
            }
            let both = ours.iter_mut().skip(new as usize).zip(theirs.iter().skip(old as usize));
            for (own, their) in both.take(len as usize).filter(|(own, _)| **own == 0) {
                *own = self.citations.id_of(other.citations.get(*their).clone());
            }
        }
        self.runs = Runs::default();
        ours.into_iter().for_each(|id| self.runs.push(1, id));
    }
}

/// A stretch of lines is recognised only if one of them has so many letters and digits.
pub(super) const TELLING_WORD_CHARS_MIN: usize = 4;

/// Stands for the text of a line where the text itself shall not be kept. Stable across versions.
pub(crate) fn line_mark(line: &str) -> u64 {
    let digest = vouchsafe_base::Digest::of(line.as_bytes());
    digest.as_bytes().iter().take(8).fold(0, |mark, byte| (mark << 8) | u64::from(*byte))
}

/// How many lines at the start and at the end are the same in both.
fn trim(old: &[&str], new: &[&str]) -> (usize, usize) {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - start;
    let end = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    (start, end)
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn repeat((len, id): (u32, u32)) -> impl Iterator<Item = u32> {
    std::iter::repeat_n(id, len as usize)
}

impl PartialEq for Blame {
    /// The same text in the same state; what was taken out before does not count.
    fn eq(&self, other: &Self) -> bool {
        self.lines() == other.lines() && self.runs().eq(other.runs())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    citations: Vec<Option<Citation>>,
    runs: Vec<(u32, u32)>,
}

impl From<Blame> for Stored {
    fn from(blame: Blame) -> Self {
        Self { citations: blame.citations.into_values(), runs: blame.runs.iter().collect() }
    }
}

impl TryFrom<Stored> for Blame {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let citations = Table::from_values(&stored.citations).ok_or("the citations are not sound")?;
        let mut runs = Runs::default();
        for (len, id) in stored.runs {
            if !citations.has(id) || runs.total().checked_add(len).is_none() {
                return Err("a run names a citation that is not there, or is too long");
            }
            runs.push(len, id);
        }
        Ok(Self { citations, runs, memory: Memory::default() })
    }
}
