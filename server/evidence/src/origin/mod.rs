//! Which step made this line.
//!
//! Invariants
//! - Lines and gaps are counted from 0, by [`crate::lines()`]; there is one gap more than lines.
//! - A line of the base cites nothing. An inserted line cites its step; a line that a later step re-wrote or moved
//!   cites that step and those of the lines it was made from.
//! - Where lines went away, the gap cites the step.
//!
//! Absent on purpose
//! - Exactness past the time limit: a diff that takes too long is cut short, its result is complete but coarser.

mod blame;
mod correspond;
mod file;
mod memory;
mod pair;
mod runs;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::{Deserialize, Serialize};

pub(crate) use blame::line_mark;
pub use blame::{Blame, Citation, LineEdit};
pub use correspond::DIFF_TIME_MAX;
pub use file::FileOrigins;

use crate::log::Seq;
use correspond::{Part, correspond};
use runs::Runs;
use table::Table;

/// The origins of one text, line by line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Origins {
    /// The sets of steps that occur; number 0 is the empty one.
    sets: Table<Box<[Seq]>>,
    runs: Runs,
    /// Gap to set; never the empty set.
    gaps: BTreeMap<u32, u32>,
}

impl Origins {
    /// A text of so many lines, all of which were there before the first step.
    #[must_use]
    pub fn base(lines: u32) -> Self {
        Self { sets: Table::default(), runs: Runs::of(lines, 0), gaps: BTreeMap::new() }
    }

    /// How many lines the text has.
    #[must_use]
    pub fn lines(&self) -> u32 {
        self.runs.total()
    }

    /// The step took the text from `before`, which these origins describe, to `after`.
    pub fn step(&mut self, before: &str, after: &str, step: Seq) {
        let old = self.runs.expand();
        let mut new = Runs::default();
        let old_gaps = std::mem::take(&mut self.gaps);
        let own = self.set([step]);
        for part in correspond(before, after) {
            match part {
                Part::Kept { old: from, new: to, len } => {
                    old.iter().skip(from as usize).take(len as usize).for_each(|id| new.push(1, *id));
                    for (gap, set) in old_gaps.range(from + 1..(from + len).max(from + 1)) {
                        self.mark(gap - from + to, *set);
                    }
                }
                Part::Changed(changed) => {
                    for from in &changed.sources {
                        let set =
                            if from.lines.is_empty() { own } else { self.union_of(&old, &from.lines, step) };
                        new.push(1, set);
                    }
                    let places = changed.places();
                    let place = |gap: u32| places.get((gap - changed.old.start) as usize).copied();
                    for (gap, set) in old_gaps.range(changed.old.start..=changed.old.end) {
                        self.mark(place(*gap).unwrap_or(changed.new.end), *set);
                    }
                    let gone: BTreeSet<u32> = changed.gone().filter_map(place).collect();
                    gone.into_iter().for_each(|gap| self.mark(gap, own));
                }
            }
        }
        self.runs = new;
    }

    /// The steps that made a line; empty for a line of the base, and past the end.
    #[must_use]
    pub fn of_line(&self, line: u32) -> &[Seq] {
        self.runs.get(line).map_or(&[], |id| self.sets.get(id))
    }

    /// The steps that took lines away just before `line` (at the end of the text: just after the last).
    #[must_use]
    pub fn of_gap(&self, line: u32) -> &[Seq] {
        self.gaps.get(&line).map_or(&[], |id| self.sets.get(*id))
    }

    /// The steps that a hunk cites which adds the lines `added` (empty for a pure deletion): those of its lines and of
    /// the gaps before, between and after them, in order, each once. Where a diff drew the hunk's border differently
    /// than the steps did, those of the nearest place that has any. Empty only if no step changed the text.
    #[must_use]
    pub fn citations(&self, added: Range<u32>) -> Vec<Seq> {
        let found: BTreeSet<Seq> = self.within(added.start, added.end).collect();
        let found = if found.is_empty() { self.nearest(&added) } else { found };
        found.into_iter().collect()
    }

    /// Lines of the user's took the place of others. Takes time in the number of runs, not of lines.
    pub fn splice(&mut self, lines: Range<u32>, with: u32) {
        let (from, to) = self.runs.splice(lines, &[(with, 0)]);
        self.splice_gaps(from..to, with);
    }

    /// Lines with origins of their own, from another text, took the place of `lines`.
    pub fn insert_from(&mut self, lines: Range<u32>, other: &Self, taken: Range<u32>) {
        let pieces: Vec<(u32, u32)> = other
            .runs
            .slice(taken.clone())
            .into_iter()
            .map(|(len, id)| (len, self.sets.id_of(other.sets.get(id).clone())))
            .collect();
        let (from, to) = self.runs.splice(lines, &pieces);
        self.splice_gaps(from..to, pieces.iter().map(|(len, _)| len).sum());
        for (gap, id) in other.gaps.range(taken.start..=taken.end.max(taken.start)) {
            let set = self.sets.id_of(other.sets.get(*id).clone());
            self.mark(gap - taken.start + from, set);
        }
    }

    /// Maximal stretches of lines with the same origins: how many lines, and the steps.
    pub fn runs(&self) -> impl Iterator<Item = (u32, &[Seq])> {
        self.runs.iter().map(|(len, id)| (len, &**self.sets.get(id)))
    }

    /// Every step that some line or gap cites, in order.
    #[must_use]
    pub fn steps(&self) -> Vec<Seq> {
        let all: BTreeSet<Seq> = self.within(0, self.lines()).collect();
        all.into_iter().collect()
    }

    fn within(&self, start: u32, end: u32) -> impl Iterator<Item = Seq> {
        let lines = self.runs.slice(start..end);
        let gaps = self.gaps.range(start..=end.max(start)).map(|(_, id)| *id);
        let ids: BTreeSet<u32> = lines.into_iter().map(|(_, id)| id).chain(gaps).collect();
        ids.into_iter().flat_map(|id| self.sets.get(id).iter().copied())
    }

    fn nearest(&self, around: &Range<u32>) -> BTreeSet<Seq> {
        let mut at = 0;
        let mut best: Option<(u32, u32)> = None;
        let mut offer = |start: u32, end: u32, id: u32| {
            let distance = start.saturating_sub(around.end).max(around.start.saturating_sub(end));
            if id != 0 && best.is_none_or(|(least, _)| distance < least) {
                best = Some((distance, id));
            }
        };
        for (len, id) in self.runs.iter() {
            offer(at, at + len, id);
            at += len;
        }
        self.gaps.iter().for_each(|(gap, id)| offer(*gap, *gap, *id));
        best.map(|(_, id)| self.sets.get(id).iter().copied().collect()).unwrap_or_default()
    }

    fn set(&mut self, steps: impl IntoIterator<Item = Seq>) -> u32 {
        let ordered: BTreeSet<Seq> = steps.into_iter().collect();
        self.sets.id_of(ordered.into_iter().collect())
    }

    fn union_of(&mut self, old: &[u32], lines: &[u32], step: Seq) -> u32 {
        let ids = lines.iter().filter_map(|line| old.get(*line as usize));
        let steps: Vec<Seq> = ids.flat_map(|id| self.sets.get(*id).iter().copied()).chain([step]).collect();
        self.set(steps)
    }

    fn mark(&mut self, gap: u32, set: u32) {
        let there = self.gaps.get(&gap).copied().unwrap_or_default();
        let both: Vec<Seq> =
            [there, set].into_iter().flat_map(|id| self.sets.get(id).iter().copied()).collect();
        let id = self.set(both);
        if id != 0 {
            self.gaps.insert(gap, id);
        }
    }

    fn splice_gaps(&mut self, lines: Range<u32>, with: u32) {
        let later = self.gaps.split_off(&(lines.start + 1));
        for (gap, set) in later {
            if gap <= lines.end {
                self.mark(if gap == lines.end { lines.start + with } else { lines.start }, set);
            } else {
                self.mark(gap - (lines.end - lines.start) + with, set);
            }
        }
    }
}

/// What is written down: no set is missing and none is out of order.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    sets: Vec<Box<[Seq]>>,
    runs: Vec<(u32, u32)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    gaps: Vec<(u32, u32)>,
}

impl From<Origins> for Stored {
    fn from(origins: Origins) -> Self {
        let gaps = origins.gaps.into_iter().collect();
        Self { sets: origins.sets.into_values(), runs: origins.runs.iter().collect(), gaps }
    }
}

impl TryFrom<Stored> for Origins {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let sets = Table::from_values(&stored.sets).ok_or("the sets of steps are not sound")?;
        let mut runs = Runs::default();
        for (len, id) in stored.runs {
            if !sets.has(id) || runs.total().checked_add(len).is_none() {
                return Err("a run names a set that is not there, or is too long");
            }
            runs.push(len, id);
        }
        let sound = stored.gaps.iter().all(|(gap, id)| *gap <= runs.total() && *id != 0 && sets.has(*id));
        if !sound {
            return Err("a gap lies outside the text or names a set that is not there");
        }
        Ok(Self { sets, runs, gaps: stored.gaps.into_iter().collect() })
    }
}
