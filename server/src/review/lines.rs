//! Text as lines: the one place that says where a line ends.
//!
//! Invariants
//! - A line keeps its terminator: `\n`, `\r\n` or a lone `\r`, as LSP counts lines and as ropey counts them with
//!   its feature `cr_lines` alone. The last line may have none. The empty text has no line.
//! - Line numbers start at 0, and a range of lines is half open. `4..4` is the gap before line 4.

use std::ops::Range;
use std::sync::Arc;

use ropey::{Rope, RopeSlice};

/// Some consecutive lines of a text, shared and cheap to clone.
///
/// They remember where they were cut: two blocks of lines set side by side stay what they were, even when the
/// first does not end in a terminator.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Lines {
    text: Arc<str>,
    /// Where each line ends, in bytes.
    ends: Arc<[usize]>,
}

impl Lines {
    /// The lines of `text`.
    #[must_use]
    pub fn of(text: &str) -> Self {
        text.split_lines().collect()
    }

    /// The lines `range` of a rope; what lies outside of the text is left out.
    #[must_use]
    pub fn of_rope(text: &Rope, range: Range<u32>) -> Self {
        let block = String::from(slice(text, range));
        Self::of(&block)
    }

    /// The text, terminators included.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many lines there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        number(self.ends.len())
    }

    /// Whether there is no line.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Each line with its terminator.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        (0..self.ends.len()).map(|at| self.line(at))
    }

    fn line(&self, at: usize) -> &str {
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(at).and_then(|end| self.text.get(start..*end)).unwrap_or_default()
    }
}

impl<'a> FromIterator<&'a str> for Lines {
    fn from_iter<I: IntoIterator<Item = &'a str>>(lines: I) -> Self {
        let (mut text, mut ends) = (String::new(), Vec::new());
        for line in lines {
            text.push_str(line);
            ends.push(text.len());
        }
        Self { text: text.into(), ends: ends.into() }
    }
}

impl std::fmt::Debug for Lines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Splitting a text into lines that keep their terminators.
pub trait SplitLines {
    /// Each line with its terminator, in order.
    fn split_lines(&self) -> impl Iterator<Item = &str>;
}

impl SplitLines for str {
    fn split_lines(&self) -> impl Iterator<Item = &str> {
        let mut rest = self;
        std::iter::from_fn(move || {
            let end = line_end(rest)?;
            let (line, after) = rest.split_at_checked(end)?;
            rest = after;
            Some(line)
        })
    }
}

/// The length in bytes of the first line of `text`; `None` when there is no line.
fn line_end(text: &str) -> Option<usize> {
    let terminator = text.find(['\n', '\r']);
    match terminator {
        Some(at) if text.get(at..).is_some_and(|rest| rest.starts_with("\r\n")) => Some(at + 2),
        Some(at) => Some(at + 1),
        None => (!text.is_empty()).then_some(text.len()),
    }
}

/// A count as a number of lines. No text that a language server holds has more than `u32::MAX` of them.
pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// How many lines a text has: the empty line that an editor shows after the last terminator is none.
#[must_use]
pub fn line_count(text: &Rope) -> u32 {
    let shown = text.len_lines();
    let last_is_empty = text.line_to_char(shown.saturating_sub(1)) == text.len_chars();
    number(if last_is_empty { shown.saturating_sub(1) } else { shown })
}

/// Where some lines stand in a text, in `char`s as ropey counts them; clamped to the text.
#[must_use]
pub fn char_range(text: &Rope, lines: &Range<u32>) -> Range<usize> {
    let at = |line: u32| text.line_to_char((line as usize).min(text.len_lines()));
    let start = at(lines.start);
    start..at(lines.end).max(start)
}

/// Some lines of a text; clamped to the text.
pub(super) fn slice(text: &Rope, lines: Range<u32>) -> RopeSlice<'_> {
    text.slice(char_range(text, &lines))
}

/// The length of a range of lines.
pub(super) fn len(range: &Range<u32>) -> u32 {
    range.end.saturating_sub(range.start)
}

/// Whether a line that ends in `left` and one that begins with `right` stay two lines when set side by side.
/// `None` is the begin or the end of the text.
fn stays_apart(left: Option<char>, right: Option<char>) -> bool {
    match (left, right) {
        (None | Some('\n'), _) | (_, None) => true,
        (Some('\r'), Some(first)) => first != '\n',
        (Some(_), Some(_)) => false,
    }
}

/// Whether `new` can be set in place of the lines `at` so that every line, inside and around, stays a line:
/// nothing is glued to an unterminated line and no `\r` meets a `\n`.
pub(super) fn fits(text: &Rope, at: &Range<u32>, new: &Lines) -> bool {
    let chars = char_range(text, at);
    let before = chars.start.checked_sub(1).and_then(|last| text.get_char(last));
    let after = text.get_char(chars.end);
    let (first, last) = (new.text().chars().next(), new.text().chars().next_back());
    if new.is_empty() {
        return stays_apart(before, after);
    }
    stays_apart(before, first) && stays_apart(last, after)
}

/// The terminators that `new` needs before and after it to fit in place of the lines `at`.
pub(super) fn fitting(text: &Rope, at: &Range<u32>, new: &str) -> (&'static str, &'static str) {
    let chars = char_range(text, at);
    let before = chars.start.checked_sub(1).and_then(|last| text.get_char(last));
    let (first, last) = (new.chars().next(), new.chars().next_back());
    let needed = |left, right| match left {
        _ if stays_apart(left, right) => "",
        Some('\r') => "\n",
        _ => newline_of(text),
    };
    (needed(before, first), needed(last, text.get_char(chars.end)))
}

/// The terminator of the first line, else `\n`.
fn newline_of(text: &Rope) -> &'static str {
    let end = text.line_to_char(1.min(text.len_lines()));
    let nth_last = |nth: usize| end.checked_sub(nth).and_then(|at| text.get_char(at));
    match (nth_last(2), nth_last(1)) {
        (Some('\r'), Some('\n')) => "\r\n",
        (_, Some('\r')) => "\r",
        _ => "\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str) -> Vec<&str> {
        text.split_lines().collect()
    }

    #[test]
    fn a_line_keeps_its_terminator() {
        assert_eq!(split(""), Vec::<&str>::new());
        assert_eq!(split("a\r\nb\rc\n\nd"), ["a\r\n", "b\r", "c\n", "\n", "d"]);
        assert_eq!(split("\u{feff}a\u{2028}b\u{b}c\u{85}"), ["\u{feff}a\u{2028}b\u{b}c\u{85}"]);
    }

    #[test]
    fn what_would_be_glued_does_not_fit() {
        let open = Rope::from_str("a");
        assert!(!fits(&open, &(1..1), &Lines::of("b\n")));
        assert!(fits(&open, &(0..1), &Lines::of("b")));
        let closed = Rope::from_str("a\rb\n");
        assert!(!fits(&closed, &(1..1), &Lines::of("\n")), "a lone CR would become CRLF");
        assert!(!fits(&closed, &(1..1), &Lines::of("x")), "x would be glued to b");
        assert!(fits(&closed, &(1..1), &Lines::of("x\n")));
        assert_eq!(fitting(&open, &(1..1), "b"), ("\n", ""));
        assert_eq!(fitting(&Rope::from_str("a\r\nb\r\n"), &(1..1), "x"), ("", "\r\n"));
    }

    proptest! {
        /// The rope, the splitting helper and `Lines` agree on what a line is.
        #[test]
        fn the_rope_counts_the_same_lines(text in "[ab\n\r\u{b}\u{c}\u{85}\u{2028}é\u{feff}]{0,30}") {
            let rope = Rope::from_str(&text);
            let lines = Lines::of(&text);
            prop_assert_eq!(line_count(&rope), lines.len());
            prop_assert_eq!(lines.text(), &text);
            for (at, line) in lines.iter().enumerate() {
                let at = number(at);
                let same = slice(&rope, at..at + 1) == *line;
                prop_assert!(same);
            }
        }
    }
}
