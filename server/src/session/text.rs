//! Positions in a text as editors count them, and the one place where they become indices of a rope.
//!
//! Invariants
//! - Nothing here can fail: a position past the end of its line or text is clamped, as LSP demands.
//! - Lines end at `\n`, `\r\n` or `\r`, as in LSP; other line breaks of Unicode are ordinary characters.

use std::ops::Range;

use ropey::{Rope, RopeSlice};
use serde::{Deserialize, Serialize};

/// The unit in which a client counts columns, negotiated once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// Code units of UTF-16, the default of LSP.
    #[default]
    Utf16,
    /// Code points.
    Utf32,
}

/// A place in a text: zero-based line, and column in the client's [`Encoding`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// Zero-based line.
    pub line: u32,
    /// Column in units of the encoding.
    #[serde(rename = "character")]
    pub column: u32,
}

/// One change of a text as the client reports it: the replaced range (`None`: everything) and the new text.
#[derive(Debug, Clone)]
pub struct TextChange {
    /// What is replaced; `None` means the whole text.
    pub range: Option<Range<Position>>,
    /// What it is replaced by.
    pub text: String,
}

/// The character index of a position, clamped to its line and to the text.
#[must_use]
pub(super) fn char_index(text: &Rope, at: Position, encoding: Encoding) -> usize {
    let line = at.line as usize;
    if line >= text.len_lines() {
        return text.len_chars();
    }
    let content = without_terminator(text.line(line));
    text.line_to_char(line) + column_to_char(content, at.column as usize, encoding)
}

fn column_to_char(line: RopeSlice<'_>, column: usize, encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf8 => line.byte_to_char(column.min(line.len_bytes())),
        Encoding::Utf16 => line.utf16_cu_to_char(column.min(line.len_utf16_cu())),
        Encoding::Utf32 => column.min(line.len_chars()),
    }
}

/// A line without its terminator.
#[must_use]
pub(super) fn without_terminator(line: RopeSlice<'_>) -> RopeSlice<'_> {
    let mut end = line.len_chars();
    if end > 0 && line.char(end - 1) == '\n' {
        end -= 1;
    }
    if end > 0 && line.char(end - 1) == '\r' {
        end -= 1;
    }
    line.slice(..end)
}

/// The position just after the last character of a line; the end of the text for a line past it.
#[must_use]
pub(super) fn end_of_line(text: &Rope, line: u32, encoding: Encoding) -> Position {
    let last = text.len_lines().saturating_sub(1);
    let line = (line as usize).min(last);
    let content = without_terminator(text.line(line));
    let column = match encoding {
        Encoding::Utf8 => content.len_bytes(),
        Encoding::Utf16 => content.len_utf16_cu(),
        Encoding::Utf32 => content.len_chars(),
    };
    Position { line: index(line), column: index(column) }
}

/// The position where a line begins, or the end of the text when it has no such line.
#[must_use]
pub(super) fn start_of_line(text: &Rope, line: u32, encoding: Encoding) -> Position {
    if (line as usize) < text.len_lines() {
        Position { line, column: 0 }
    } else {
        end_of_line(text, line, encoding)
    }
}

/// The position of a character index, clamped to the text.
#[must_use]
pub(super) fn position(text: &Rope, index_of: usize, encoding: Encoding) -> Position {
    let at = index_of.min(text.len_chars());
    let line = text.char_to_line(at);
    let before = text.slice(text.line_to_char(line)..at);
    let column = match encoding {
        Encoding::Utf8 => before.len_bytes(),
        Encoding::Utf16 => before.len_utf16_cu(),
        Encoding::Utf32 => before.len_chars(),
    };
    Position { line: index(line), column: index(column) }
}

/// A count as LSP carries it. Texts longer than `u32::MAX` lines cannot be sent by a client.
#[must_use]
pub(super) fn index(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u32, column: u32) -> Position {
        Position { line, column }
    }

    #[test]
    fn columns_are_counted_in_the_clients_unit_and_clamped() {
        let text = Rope::from_str("aé😀z\r\nb");
        for (encoding, columns) in [
            (Encoding::Utf8, [0, 1, 3, 7, 8]),
            (Encoding::Utf16, [0, 1, 2, 4, 5]),
            (Encoding::Utf32, [0, 1, 2, 3, 4]),
        ] {
            let seen = columns.map(|column| char_index(&text, at(0, column), encoding));
            assert_eq!(seen, [0, 1, 2, 3, 4], "{encoding:?}");
            assert_eq!(
                char_index(&text, at(0, 99), encoding),
                4,
                "clamped to the line, before its terminator"
            );
            assert_eq!(char_index(&text, at(9, 0), encoding), text.len_chars(), "clamped to the text");
        }
    }

    #[test]
    fn a_column_inside_a_surrogate_pair_goes_to_its_start() {
        assert_eq!(char_index(&Rope::from_str("😀"), at(0, 1), Encoding::Utf16), 0);
        assert_eq!(char_index(&Rope::from_str("é"), at(0, 1), Encoding::Utf8), 0);
    }

    #[test]
    fn only_the_line_breaks_of_lsp_end_a_line() {
        let text = Rope::from_str("a\u{2028}b\u{b}c\rd\ne\r\nf");
        assert_eq!(text.len_lines(), 4);
        assert_eq!(end_of_line(&text, 1, Encoding::Utf16), at(1, 1));
        assert_eq!(end_of_line(&text, 9, Encoding::Utf16), at(3, 1));
    }
}
