//! A Markdown page that knows the number of its next line.

use super::blobs::{Ends, Line};
use super::{LINE_CHARS_MAX, Shown, visible};

#[derive(Default)]
pub(super) struct Page {
    text: String,
    /// How many lines are complete.
    lines: u32,
}

impl Page {
    /// The number of the line that will be written next, from 1.
    pub(super) fn next_line(&self) -> u32 {
        self.lines + 1
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// Writes one line of ours. Line ends inside cannot be: everything foreign went through [`code`] or a block.
    pub(super) fn line(&mut self, text: &str) {
        for part in text.split('\n') {
            self.text.push_str(part);
            self.text.push('\n');
            self.lines += 1;
        }
    }

    /// Writes a paragraph: a line and an empty one.
    pub(super) fn paragraph(&mut self, text: &str) {
        self.line(text);
        self.line("");
    }

    /// Writes a heading below which something follows; returns its line.
    pub(super) fn heading(&mut self, text: &str) -> u32 {
        let at = self.next_line();
        self.paragraph(&format!("## {text}"));
        at
    }

    /// Writes foreign text in a fence.
    pub(super) fn block(&mut self, language: &str, text: &str) {
        self.ends(language, &Ends::of(text.as_bytes()));
    }

    /// Writes foreign lines in a fence; returns which of them stand where.
    pub(super) fn ends(&mut self, language: &str, ends: &Ends) -> Vec<Shown> {
        let first: Vec<String> = ends.head.iter().map(shown_line).collect();
        let last: Vec<String> = ends.tail.iter().map(shown_line).collect();
        let (head, tail) = (count(&first), count(&last));
        let fence = fence(first.iter().chain(&last));
        self.line(&format!("{fence}{language}"));
        let mut shown = vec![Shown { first: 1, lines: head, at: self.next_line() }];
        first.iter().for_each(|line| self.line(line));
        if ends.left_out() > 0 {
            self.line(&format!(
                "[… {} lines are not shown here, from line {} on …]",
                ends.left_out(),
                head + 1
            ));
        }
        shown.push(Shown { first: ends.lines - tail + 1, lines: tail, at: self.next_line() });
        last.iter().for_each(|line| self.line(line));
        self.paragraph(&fence);
        shown.retain(|part| part.lines > 0);
        shown
    }
}

fn count(lines: &[String]) -> u32 {
    u32::try_from(lines.len()).unwrap_or(u32::MAX)
}

fn shown_line(line: &Line) -> String {
    let text = visible(&line.start);
    match text.char_indices().nth(LINE_CHARS_MAX) {
        None => text,
        Some((end, _)) => {
            let rest = text.get(end..).unwrap_or_default();
            let more = rest.len() as u64 + line.more_bytes;
            format!("{} [… {more} more bytes]", text.get(..end).unwrap_or_default())
        }
    }
}

/// A fence that no line contains.
fn fence<'a>(lines: impl Iterator<Item = &'a String>) -> String {
    "`".repeat(lines.map(|line| longest_ticks(line)).max().unwrap_or_default().max(2) + 1)
}

fn longest_ticks(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or_default()
}

/// Foreign text as a code span on one line.
pub(super) fn code(text: &str) -> String {
    let lines: Vec<String> = crate::lines(text).map(|line| visible(line.as_bytes())).collect();
    let text = clip(&lines.join("␊"), 160);
    let ticks = "`".repeat(longest_ticks(&text) + 1);
    let pad =
        if text.is_empty() || text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// Foreign words on one line, behind words of ours: what could become a link, an image or HTML is escaped. Emphasis is
/// left alone, since most people read the page as it is written.
pub(super) fn plain(text: &str) -> String {
    let lines: Vec<String> = crate::lines(text).map(|line| visible(line.as_bytes())).collect();
    let mut out = String::new();
    for c in clip(&lines.join(" "), 400).chars() {
        if matches!(c, '\\' | '[' | ']' | '<' | '>' | '&') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn clip(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_cannot_be_ended_from_inside() {
        let mut page = Page::default();
        let shown = page.ends("text", &Ends::of(b"a\n`````\n# not a heading"));
        assert_eq!(shown, [Shown { first: 1, lines: 3, at: 2 }]);
        assert_eq!(page.into_text(), "``````text\na\n`````\n# not a heading\n``````\n\n");
    }

    #[test]
    fn long_output_is_cut_in_the_middle() {
        let mut page = Page::default();
        let output: String = (1..=4_000).map(|n| format!("line {n}\n")).collect();
        let shown = page.ends("", &Ends::of(output.as_bytes()));
        assert_eq!(shown[1], Shown { first: 2_501, lines: 1_500, at: 1_503 });
        let text = page.into_text();
        assert_eq!(text.lines().nth(1_502), Some("line 2501"));
        assert_eq!(text.lines().nth(1_501), Some("[… 1000 lines are not shown here, from line 1501 on …]"));
    }

    #[test]
    fn a_very_long_line_is_cut() {
        let mut page = Page::default();
        page.block("", &"x".repeat(100_000));
        let text = page.into_text();
        assert_eq!(text.lines().nth(1).unwrap().len(), 2_000 + " [… 98000 more bytes]".len());
    }

    #[test]
    fn foreign_words_stay_on_their_line() {
        assert_eq!(code("a`b\nc"), "``a`b␊c``");
        assert_eq!(code(""), "`  `");
        assert_eq!(plain("![x](http://y)\n# <b>"), "!\\[x\\](http://y) # \\<b\\>");
    }
}
