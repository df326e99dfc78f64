//! How a text changed, as the fewest replaced lines.
//!
//! Invariants
//! - The splices of one change are in order and do not overlap; both sides are never empty at once.
//! - A diff takes at most [`DIFF_MS_MAX`]; past it the answer is coarser but still whole.

use std::borrow::Cow;
use std::hash::Hash;
use std::ops::Range;
use std::time::{Duration, Instant};

use ropey::{Rope, RopeSlice};
use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices_deadline};

use super::lines::{SplitLines as _, len, line_count, number, slice};

/// The longest time one diff may take, in milliseconds.
pub const DIFF_MS_MAX: u64 = 200;

/// Lines of a text that were replaced by others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splice {
    /// The lines that were replaced, in the text before.
    pub lines: Range<u32>,
    /// The lines that took their place, in the text after.
    pub with: Range<u32>,
}

impl Splice {
    /// Whether some splices can be what led from `before` to `after`: in order, apart, and with the right count.
    pub(super) fn lead(splices: &[Self], before: &Rope, after: &Rope) -> bool {
        let (mut old, mut new) = (0, 0);
        let ordered = splices.iter().all(|splice| {
            let Self { lines, with } = splice;
            let same_gap = lines.start.checked_sub(old) == with.start.checked_sub(new) && lines.start >= old;
            (old, new) = (lines.end, with.end);
            same_gap && lines.start <= lines.end && with.start <= with.end
        });
        let left = (line_count(before).checked_sub(old), line_count(after).checked_sub(new));
        ordered && left.0.is_some() && left.0 == left.1
    }

    /// By how many lines everything below moves.
    pub(super) fn shift(&self) -> i64 {
        i64::from(len(&self.with)) - i64::from(len(&self.lines))
    }
}

/// Which lines changed when the characters `chars` of `before` were replaced and `after` came out.
///
/// One line more is looked at on the upper side, where a `\r` may have met a `\n`; trimming gives it back.
#[must_use]
pub fn splice_of(before: &Rope, after: &Rope, chars: &Range<usize>) -> Splice {
    let line = |at: usize| number(before.char_to_line(at.min(before.len_chars())));
    let first = line(chars.start).saturating_sub(1);
    let last = line(chars.end).saturating_add(1).min(line_count(before));
    // What stands below the last line is the same in both texts, so its length tells where the change ends.
    let below = line_count(before).saturating_sub(last);
    let with_end = line_count(after).saturating_sub(below).max(first);
    trimmed(before, after, Splice { lines: first..last.max(first), with: first..with_end })
}

/// What turns `before` into `after`.
#[must_use]
pub fn splices(before: &Rope, after: &Rope) -> Vec<Splice> {
    refined(before, after, Splice { lines: 0..line_count(before), with: 0..line_count(after) })
}

/// A splice without the equal lines at its begin and end.
#[must_use]
pub fn trimmed(before: &Rope, after: &Rope, splice: Splice) -> Splice {
    let (mut old, mut new) = (splice.lines, splice.with);
    let equal = equal_lines(before, after, (&old, &new));
    old.start += equal;
    new.start += equal;
    let same = |a: u32, b: u32| slice(before, a..a + 1) == slice(after, b..b + 1);
    while !old.is_empty() && !new.is_empty() && same(old.start, new.start) {
        old.start += 1;
        new.start += 1;
    }
    while !old.is_empty() && !new.is_empty() && same(old.end - 1, new.end - 1) {
        old.end -= 1;
        new.end -= 1;
    }
    Splice { lines: old, with: new }
}

/// How many lines at the begin are surely equal, found by comparing whole chunks of the ropes.
fn equal_lines(before: &Rope, after: &Rope, (old, new): (&Range<u32>, &Range<u32>)) -> u32 {
    let (left, right) = (slice(before, old.clone()), slice(after, new.clone()));
    let equal = equal_bytes(left.chunks(), right.chunks());
    // The last of these lines may go on differently, and a `\r` at its end may be half a terminator.
    let whole = |text: RopeSlice<'_>| text.byte_to_line(equal.min(text.len_bytes())).saturating_sub(1);
    number(whole(left).min(whole(right))).min(len(old)).min(len(new))
}

fn equal_bytes<'a>(left: impl Iterator<Item = &'a str>, right: impl Iterator<Item = &'a str>) -> usize {
    let (mut left, mut right) = (left.map(str::as_bytes), right.map(str::as_bytes));
    let (mut a, mut b, mut equal) = (&[][..], &[][..], 0);
    loop {
        a = if a.is_empty() { left.next().unwrap_or_default() } else { a };
        b = if b.is_empty() { right.next().unwrap_or_default() } else { b };
        let both = a.len().min(b.len());
        let ((head_a, rest_a), (head_b, rest_b)) = (a.split_at(both), b.split_at(both));
        if both == 0 || head_a != head_b {
            return equal + head_a.iter().zip(head_b).take_while(|(a, b)| a == b).count();
        }
        equal += both;
        (a, b) = (rest_a, rest_b);
    }
}

/// The smallest splices that do what `splice` does; none if it changes nothing.
#[must_use]
pub fn refined(before: &Rope, after: &Rope, splice: Splice) -> Vec<Splice> {
    let Splice { lines, with } = trimmed(before, after, splice);
    if lines.is_empty() && with.is_empty() {
        return Vec::new();
    }
    if lines.is_empty() || with.is_empty() || (len(&lines) == 1 && len(&with) == 1) {
        return vec![Splice { lines, with }];
    }
    let (old, new) = (block(before, lines.clone()), block(after, with.clone()));
    let (old, new) = (old.split_lines().collect::<Vec<_>>(), new.split_lines().collect::<Vec<_>>());
    changed(&diff(&old, &new))
        .into_iter()
        .map(|(a, b)| Splice { lines: moved(&a, lines.start), with: moved(&b, with.start) })
        .collect()
}

fn block(text: &Rope, lines: Range<u32>) -> Cow<'_, str> {
    slice(text, lines).into()
}

fn moved(range: &Range<usize>, by: u32) -> Range<u32> {
    number(range.start).saturating_add(by)..number(range.end).saturating_add(by)
}

/// The operations that turn `old` into `new`.
pub(super) fn diff<T: Eq + Hash>(old: &[T], new: &[T]) -> Vec<DiffOp> {
    let deadline = Instant::now() + Duration::from_millis(DIFF_MS_MAX);
    capture_diff_slices_deadline(Algorithm::Myers, old, new, Some(deadline))
}

/// The ranges that differ, adjacent ones joined.
pub(super) fn changed(ops: &[DiffOp]) -> Vec<(Range<usize>, Range<usize>)> {
    let mut out: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for op in ops.iter().filter(|op| op.tag() != DiffTag::Equal) {
        let (old, new) = (op.old_range(), op.new_range());
        match out.last_mut() {
            Some(last) if last.0.end == old.start && last.1.end == new.start => {
                last.0.end = old.end;
                last.1.end = new.end;
            }
            _ => out.push((old, new)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn applied(before: &Rope, after: &Rope, splices: &[Splice]) -> String {
        let (mut out, mut at) = (String::new(), 0);
        for splice in splices {
            out.push_str(&block(before, at..splice.lines.start));
            out.push_str(&block(after, splice.with.clone()));
            at = splice.lines.end;
        }
        out + &block(before, at..line_count(before))
    }

    #[test]
    fn a_whole_text_becomes_small_splices() {
        let (before, after) = (Rope::from_str("a\nb\nc\nd\n"), Rope::from_str("a\nB\nc\nd\ne"));
        assert_eq!(
            splices(&before, &after),
            [Splice { lines: 1..2, with: 1..2 }, Splice { lines: 4..4, with: 4..5 }]
        );
        assert_eq!(splices(&before, &before), []);
    }

    proptest! {
        #[test]
        fn splices_lead_from_before_to_after(before in "[ab\r\n]{0,20}", after in "[ab\r\n]{0,20}") {
            let (before, after) = (Rope::from_str(&before), Rope::from_str(&after));
            prop_assert_eq!(applied(&before, &after, &splices(&before, &after)), after.to_string());
        }

        #[test]
        fn an_edit_of_characters_becomes_lines(
            text in "[ab\r\n]{0,20}", with in "[ab\r\n]{0,5}", a in 0usize..21, b in 0usize..21,
        ) {
            let before = Rope::from_str(&text);
            let (start, end) = (a.min(b).min(text.len()), a.max(b).min(text.len()));
            let mut after = before.clone();
            after.remove(start..end);
            after.insert(start, &with);
            let splice = splice_of(&before, &after, &(start..end));
            prop_assert_eq!(applied(&before, &after, &[splice]), after.to_string());
        }
    }
}
