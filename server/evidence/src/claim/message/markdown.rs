//! Markdown blocks: which parts of a message are statements and which are code, quotation or heading.

use std::ops::Range;

/// The block a statement stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A paragraph.
    Prose,
    /// A list item.
    Item,
    /// A row of a table, without its head.
    Row,
}

/// A stretch of the message that may hold statements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Where it is, in bytes.
    pub range: Range<usize>,
    /// The block.
    pub form: Form,
}

#[derive(Default)]
struct Reader {
    pieces: Vec<Piece>,
    open: Option<Piece>,
    fence: Option<String>,
    rows: Vec<Range<usize>>,
}

/// The statements of a message: paragraphs, list items and table rows.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut reader = Reader::default();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        reader.line(line, start);
        start += line.len();
    }
    reader.close();
    reader.pieces
}

impl Reader {
    fn line(&mut self, line: &str, start: usize) {
        let trimmed = line.trim();
        if self.in_fence(trimmed) {
            return;
        }
        if trimmed.starts_with('|') && trimmed.len() > 1 {
            self.close_open();
            self.rows.push(trimmed_range(line, start));
            return;
        }
        self.close_rows();
        let indented = line.starts_with("    ") || line.starts_with('\t');
        if is_aside(trimmed) || (indented && self.open.is_none()) {
            self.close_open();
        } else if let Some(marker) = item_marker(trimmed) {
            self.close_open();
            let range = trimmed_range(line, start);
            self.open = Some(Piece { range: range.start + marker..range.end, form: Form::Item });
        } else {
            self.extend(trimmed_range(line, start));
        }
    }

    fn in_fence(&mut self, trimmed: &str) -> bool {
        let mark = trimmed.get(..3).filter(|m| *m == "```" || *m == "~~~");
        match (&self.fence, mark) {
            (Some(open), Some(mark)) if open == mark && trimmed.trim_matches(['`', '~']).is_empty() => {
                self.fence = None;
                true
            }
            (Some(_), _) => true,
            (None, Some(mark)) if !trimmed.trim_start_matches(['`', '~']).contains('`') => {
                self.fence = Some(mark.to_owned());
                self.close();
                true
            }
            (None, _) => false,
        }
    }

    fn extend(&mut self, range: Range<usize>) {
        match &mut self.open {
            Some(piece) => piece.range.end = range.end,
            None => self.open = Some(Piece { range, form: Form::Prose }),
        }
    }

    fn close(&mut self) {
        self.close_open();
        self.close_rows();
    }

    fn close_open(&mut self) {
        self.pieces.extend(self.open.take().filter(|p| !p.range.is_empty()));
    }

    /// The first row of a table is its head, the second its rule.
    fn close_rows(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        let skip = if rows.len() > 2 { 2 } else { 0 };
        self.pieces.extend(rows.into_iter().skip(skip).map(|range| Piece { range, form: Form::Row }));
    }
}

fn trimmed_range(line: &str, start: usize) -> Range<usize> {
    let lead = line.len() - line.trim_start().len();
    start + lead..start + lead + line.trim().len()
}

/// Blank, comment, rule, quotation or heading.
fn is_aside(trimmed: &str) -> bool {
    trimmed.is_empty()
        || trimmed.starts_with("<!--")
        || is_rule(trimmed)
        || trimmed.starts_with('>')
        || is_heading(trimmed)
}

fn is_rule(trimmed: &str) -> bool {
    trimmed.len() >= 3 && trimmed.chars().all(|c| matches!(c, '-' | '=' | '*' | '_' | ' '))
}

fn is_heading(trimmed: &str) -> bool {
    let bold = trimmed.starts_with("**") && trimmed.ends_with("**") && trimmed.matches("**").count() == 2;
    let bare = trimmed.trim_matches('*').trim_end_matches([':', '\u{ff1a}']);
    let short =
        bold && bare.split_whitespace().count() <= 4 && !bare.contains('`') && !bare.ends_with(['.', '。']);
    trimmed.starts_with('#') && trimmed.trim_start_matches('#').starts_with(' ') || short
}

/// Length of a list marker with its blanks and task box, if the line starts with one.
fn item_marker(trimmed: &str) -> Option<usize> {
    let after = match trimmed.strip_prefix(['-', '*', '+', '•', '・']) {
        Some(rest) if rest.starts_with(' ') || trimmed.starts_with(['•', '・']) => rest,
        _ => {
            let rest = trimmed.trim_start_matches(|c: char| c.is_ascii_digit());
            let digits = trimmed.len() - rest.len();
            let rest = rest.strip_prefix(['.', ')']).filter(|r| r.starts_with(' '));
            rest.filter(|_| (1..=3).contains(&digits))?
        }
    };
    let mut rest = after.trim_start();
    for boxed in ["[x] ", "[X] ", "[ ] "] {
        rest = rest.strip_prefix(boxed).unwrap_or(rest);
    }
    Some(trimmed.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(message: &str) -> Vec<&str> {
        pieces(message).into_iter().map(|p| &message[p.range]).collect()
    }

    #[test]
    fn code_quotations_and_headings_are_not_statements() {
        let message = "# Summary\n\nIt works.\nReally.\n\n```\nall tests pass\n```\n> I tried\n\n- [x] one\n  more\n2. two\n";
        assert_eq!(texts(message), ["It works.\nReally.", "one\n  more", "two"]);
    }

    #[test]
    fn a_table_gives_its_rows_without_the_head() {
        assert_eq!(texts("| a | b |\n|---|---|\n| tests | ✅ |\n"), ["| tests | ✅ |"]);
    }
}
