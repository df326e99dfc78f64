//! Cited lines that were taken out of a document a short while ago, in case they come back.

use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::blame::TELLING_WORD_CHARS_MIN;
use super::pair::word_chars;

/// So many lines are remembered; the oldest stretch goes first.
const LINES_MAX: usize = 4_096;

/// Of one edit, so many lines are looked for at most; the rest of a larger one is the user's.
const SEARCHES_MAX: usize = 10_000;

/// The newest stretch is the last.
#[derive(Debug, Clone, Default)]
pub(super) struct Memory {
    stretches: VecDeque<Vec<Lost>>,
    lines: usize,
}

#[derive(Debug, Clone, Copy)]
struct Lost {
    text: u64,
    telling: bool,
    id: u32,
}

impl Memory {
    /// Remembers a stretch of lines, each with the number of its citation, if any of them is cited.
    pub(super) fn lose<'a>(&mut self, lines: impl Iterator<Item = (&'a str, u32)>) {
        let lost: Vec<Lost> = lines.take(LINES_MAX).map(|(text, id)| Lost::new(text, id)).collect();
        if lost.iter().any(|lost| lost.id != 0) {
            self.lines += lost.len();
            self.stretches.push_back(lost);
        }
        while self.lines > LINES_MAX {
            self.lines -= self.stretches.pop_front().map_or(self.lines, |oldest| oldest.len());
        }
    }

    /// For each line that came, the number of the citation it had; 0 if it is not known. What is found is forgotten,
    /// so that a second copy is the user's.
    pub(super) fn find(&mut self, came: &[&str]) -> Vec<u32> {
        if self.stretches.is_empty() {
            return vec![0; came.len()];
        }
        let came: Vec<Lost> = came.iter().map(|text| Lost::new(text, 0)).collect();
        // For a few lines, looking through everything is cheaper than an index.
        let known: Option<HashSet<u64>> =
            (came.len() > 64).then(|| self.stretches.iter().flatten().map(|lost| lost.text).collect());
        let mut searches = 0;
        let mut ids = Vec::with_capacity(came.len());
        while let Some(rest) = came.get(ids.len()..)
            && let Some(first) = rest.first()
        {
            let worth =
                searches < SEARCHES_MAX && known.as_ref().is_none_or(|known| known.contains(&first.text));
            searches += usize::from(worth);
            match worth.then(|| self.longest(rest, came.len())).flatten() {
                Some((stretch, from, len)) => ids.extend(self.take(stretch, from, len)),
                None => ids.push(0),
            }
        }
        ids
    }

    /// Where the longest remembered stretch lies that `rest` begins with, the newest first.
    fn longest(&self, rest: &[Lost], all: usize) -> Option<(usize, usize, usize)> {
        let mut best: Option<(usize, usize, usize)> = None;
        for (n, stretch) in self.stretches.iter().enumerate().rev() {
            for from in 0..stretch.len() {
                let lines = stretch.iter().skip(from).zip(rest).take_while(|(a, b)| a.text == b.text);
                let (len, telling) =
                    lines.fold((0, false), |(len, any), (lost, _)| (len + 1, any || lost.telling));
                let whole = len > 0 && len == stretch.len() && len == all;
                if (telling || whole) && best.is_none_or(|(_, _, longest)| len > longest) {
                    best = Some((n, from, len));
                }
            }
        }
        best
    }

    fn take(&mut self, stretch: usize, from: usize, len: usize) -> Vec<u32> {
        let Some(lines) = self.stretches.get_mut(stretch) else { return Vec::new() };
        let taken = lines.splice(from..from + len, []).map(|lost| lost.id).collect();
        self.lines -= len;
        if lines.is_empty() {
            self.stretches.remove(stretch);
        }
        taken
    }
}

impl Lost {
    fn new(text: &str, id: u32) -> Self {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        Self { text: hasher.finish(), telling: word_chars(text) >= TELLING_WORD_CHARS_MIN, id }
    }
}
