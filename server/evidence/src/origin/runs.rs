//! A small number for every line, stored as runs of equal numbers.

use std::ops::Range;

/// Invariant: no run is empty and no two neighbours are equal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Runs {
    runs: Vec<(u32, u32)>,
    total: u32,
}

impl Runs {
    pub(super) fn of(len: u32, id: u32) -> Self {
        let mut runs = Self::default();
        runs.push(len, id);
        runs
    }

    /// How many lines there are.
    pub(super) fn total(&self) -> u32 {
        self.total
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.runs.iter().copied()
    }

    pub(super) fn push(&mut self, len: u32, id: u32) {
        if len == 0 {
            return;
        }
        self.total += len;
        match self.runs.last_mut() {
            Some((last, same)) if *same == id => *last += len,
            _ => self.runs.push((len, id)),
        }
    }

    pub(super) fn get(&self, line: u32) -> Option<u32> {
        let (index, _) = self.find(line);
        self.runs.get(index).map(|(_, id)| *id)
    }

    /// The number of every line, one by one.
    pub(super) fn expand(&self) -> Vec<u32> {
        self.iter().flat_map(|(len, id)| std::iter::repeat_n(id, len as usize)).collect()
    }

    /// The runs of some lines, cut to them.
    pub(super) fn slice(&self, lines: Range<u32>) -> Vec<(u32, u32)> {
        let (index, start) = self.find(lines.start);
        let mut at = start;
        let mut slice = Vec::new();
        for (len, id) in self.runs.iter().skip(index) {
            if at >= lines.end {
                break;
            }
            let (from, to) = (at.max(lines.start), (at + len).min(lines.end));
            if from < to {
                slice.push((to - from, *id));
            }
            at += len;
        }
        slice
    }

    /// Puts `pieces` in the place of `lines`, which are cut to what there is; returns where that was.
    pub(super) fn splice(&mut self, lines: Range<u32>, pieces: &[(u32, u32)]) -> (u32, u32) {
        let start = lines.start.min(self.total);
        let end = lines.end.clamp(start, self.total);
        let (first, first_start) = self.find(start);
        let (last, last_start) = self.find_from(first, first_start, end);
        let mut middle = Runs::default();
        if let Some((_, id)) = self.runs.get(first) {
            middle.push(start - first_start, *id);
        }
        pieces.iter().for_each(|(len, id)| middle.push(*len, *id));
        if let Some((len, id)) = self.runs.get(last) {
            middle.push(last_start + len - end, *id);
        }
        self.total = self.total - (end - start) + pieces.iter().map(|(len, _)| len).sum::<u32>();
        self.replace(first, (last + 1).min(self.runs.len()), middle);
        (start, end)
    }

    /// Replaces whole runs and joins equal neighbours at both ends.
    fn replace(&mut self, mut first: usize, mut last: usize, mut middle: Runs) {
        if let (Some((len, id)), Some(run)) = (before(&self.runs, first), middle.runs.first_mut())
            && id == run.1
        {
            run.0 += len;
            first -= 1;
        }
        if let (Some((len, id)), Some(run)) = (self.runs.get(last).copied(), middle.runs.last_mut())
            && id == run.1
        {
            run.0 += len;
            last += 1;
        }
        if middle.runs.is_empty() {
            let both = (before(&self.runs, first), self.runs.get(last).copied());
            if let (Some((left, id)), Some((right, same))) = both
                && id == same
            {
                middle.runs.push((left + right, id));
                (first, last) = (first - 1, last + 1);
            }
        }
        self.runs.splice(first..last, middle.runs);
    }

    /// The run that holds a line, and its first line; past the end, the number of runs and of lines.
    fn find(&self, line: u32) -> (usize, u32) {
        self.find_from(0, 0, line)
    }

    fn find_from(&self, index: usize, start: u32, line: u32) -> (usize, u32) {
        let mut at = start;
        for (n, (len, _)) in self.runs.iter().enumerate().skip(index) {
            if line < at + len {
                return (n, at);
            }
            at += len;
        }
        (self.runs.len(), at)
    }
}

fn before(runs: &[(u32, u32)], index: usize) -> Option<(u32, u32)> {
    runs.get(index.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn splices_do_what_a_plain_vector_does(edits in proptest::collection::vec((0u32..40, 0u32..10, 0u32..6, 0u32..3), 0..40)) {
            let mut plain: Vec<u32> = vec![0; 20];
            let mut runs = Runs::of(20, 0);
            for (start, len, with, id) in edits {
                runs.splice(start..start + len, &[(with, id)]);
                let from = (start as usize).min(plain.len());
                let to = ((start + len) as usize).min(plain.len());
                plain.splice(from..to, std::iter::repeat_n(id, with as usize));
                prop_assert_eq!(runs.expand(), plain.clone());
                prop_assert_eq!(runs.total() as usize, plain.len());
                prop_assert!(runs.runs.iter().all(|(len, _)| *len > 0));
                prop_assert!(runs.runs.windows(2).all(|pair| pair[0].1 != pair[1].1), "{:?}", runs);
                prop_assert_eq!(runs.get(3), plain.get(3).copied());
                let slice: u32 = runs.slice(2..9).iter().map(|(len, _)| len).sum();
                prop_assert_eq!(slice as usize, plain.len().clamp(2, 9) - 2);
            }
        }
    }
}
