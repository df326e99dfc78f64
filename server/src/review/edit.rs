//! What to replace in the live text.

use std::ops::Range;

use ropey::Rope;

use super::lines::{SplitLines as _, char_range, fitting, line_count, number, slice};
use super::splice::Splice;
use super::spot::shifted;
use super::{Hunk, HunkId};

/// Lines to replace in the live text for one hunk (or for the hunks of one conflict).
///
/// All edits of one answer count lines in the same text, do not overlap and are in order; two insertions at one
/// gap are made in the order given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineEdit {
    /// The hunk; for a conflict the first of those that it settles.
    pub hunk: HunkId,
    /// The lines to replace; [`char_range`] gives their characters.
    pub lines: Range<u32>,
    /// What stands there.
    pub old_text: String,
    /// What shall stand there.
    pub new_text: String,
}

impl LineEdit {
    /// The edit that accepts a hunk whose `old` stands at `lines`.
    pub(super) fn of(hunk: &Hunk, lines: Range<u32>) -> Self {
        let (old_text, new_text) = (hunk.old.text().to_owned(), hunk.new.text().to_owned());
        Self { hunk: hunk.id, lines, old_text, new_text }
    }

    /// The text after some edits of one answer.
    #[must_use]
    pub fn apply(edits: &[Self], text: &Rope) -> Rope {
        let mut out = text.clone();
        for edit in edits.iter().rev() {
            let chars = char_range(text, &edit.lines);
            out.remove(chars.clone());
            out.insert(chars.start, &edit.new_text);
        }
        out
    }

    /// The same edits as splices, for what else follows the text.
    #[must_use]
    pub fn splices(edits: &[Self]) -> Vec<Splice> {
        let mut moved = 0;
        let splice = |edit: &Self| {
            let start = shifted(edit.lines.start, moved);
            let with = start..start + number(edit.new_text.split_lines().count());
            let splice = Splice { lines: edit.lines.clone(), with };
            moved += splice.shift();
            splice
        };
        edits.iter().map(splice).collect()
    }

    /// The same edit with the terminators that keep its lines apart from those around it. If the line above has
    /// none, that line is replaced with it.
    pub(super) fn fitted(mut self, text: &Rope) -> Self {
        let (head, tail) = fitting(text, &self.lines, &self.new_text);
        if !head.is_empty() {
            let above = self.lines.start.saturating_sub(1);
            let line = String::from(slice(text, above..self.lines.start));
            self.lines.start = above;
            self.new_text = [&line, head, &self.new_text].concat();
            self.old_text = line + &self.old_text;
        }
        self.new_text.push_str(tail);
        self
    }

    /// Without the edits that would make lines run together: such a line would be gone from the user's text.
    /// Each alone fits where it stands; only neighbours with lone `\r` can do that.
    pub(super) fn apart(edits: Vec<Self>, text: &Rope) -> Vec<Self> {
        if Self::stay_apart(&edits, text) {
            return edits;
        }
        let mut kept = Vec::with_capacity(edits.len());
        for edit in edits {
            kept.push(edit);
            if !Self::stay_apart(&kept, text) {
                kept.pop();
            }
        }
        kept
    }

    /// Whether every line is still one after the edits.
    pub(super) fn stay_apart(edits: &[Self], text: &Rope) -> bool {
        let moved = Self::splices(edits).iter().map(Splice::shift).sum();
        line_count(&Self::apply(edits, text)) == shifted(line_count(text), moved)
    }
}
