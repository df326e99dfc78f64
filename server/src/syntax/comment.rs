//! Orders in comments: `vouchsafe: make this iterative`.
//!
//! Invariants
//! - What is read is what is seen: characters that hide are dropped from an order.

use ropey::Rope;

/// How an order begins, in any case of letters.
const BEGINS: &str = "vouchsafe:";

/// The longest order, in characters.
const ORDER_CHARS_MAX: usize = 2000;

/// What begins a comment somewhere; the longer ones first.
const MARKS: &[&str] = &[
    "<!--", "{{!--", "--[[", "///", "//!", "/**", "//", "/*", "--", "(*", "{-", "{#", "<#", "#", ";", "%",
    "*", "\"", "'", "!", "REM ", "rem ",
];

/// What ends one, whatever follows it.
const ENDS_ANYWHERE: &[&str] = &["*/", "-->"];
/// What ends one as the last of its line.
const ENDS: &[&str] = &["--}}", "]]", "*)", "-}", "#}", "#>"];

/// An order to the agent, written as a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction {
    /// Its lines, from 0, the end excluded.
    pub lines: std::ops::Range<u32>,
    /// The order, without the marks of the comment.
    pub text: String,
}

/// The order in some lines that are all comment, `first` being the number of the first of them.
///
/// It goes on in the lines below as far as they are indented further than where it began.
pub(super) fn instruction_in(first: u32, lines: &[String]) -> Option<Instruction> {
    let (at, begin) = lines.iter().enumerate().find_map(|(at, line)| Some((at, Begin::read(line)?)))?;
    let mut text = begin.rest.to_owned();
    let mut end = at + 1;
    for line in lines.get(end..).unwrap_or_default() {
        let content = content(line);
        let deeper = content.start > begin.column && !content.words.is_empty();
        if !deeper || Begin::read(line).is_some() {
            break;
        }
        text.push(' ');
        text.push_str(content.words);
        end += 1;
    }
    let number = |at: usize| first.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
    let text = shown(&text);
    (!text.is_empty()).then(|| Instruction { lines: number(at)..number(end), text })
}

/// The order that begins on this line of a text, if its mark of a comment is on the same line.
///
/// For languages without a grammar: what looks like a comment is taken for one.
#[must_use]
pub fn instruction_on(text: &Rope, line: u32) -> Option<Instruction> {
    let read = |at: u32| {
        let line = text.get_line(at as usize)?;
        // A longer line was not written by hand.
        (line.len_bytes() <= 4096).then(|| line.to_string())
    };
    let first = read(line)?;
    let begin = Begin::read(&first)?;
    begin.marked.then_some(())?;
    let mut lines = vec![first];
    lines.extend((1..20).map_while(|below| {
        let next = read(line + below)?;
        let content = content(&next);
        (content.marked && !content.words.is_empty()).then_some(next)
    }));
    instruction_in(line, &lines)
}

/// Where an order begins in a line.
struct Begin<'a> {
    /// The column of the first letter, in bytes.
    column: usize,
    /// What follows the colon.
    rest: &'a str,
    /// Whether the mark of a comment stands before it.
    marked: bool,
}

impl<'a> Begin<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let start = line.to_ascii_lowercase().find(BEGINS)?;
        let before = line.get(..start)?.trim_end();
        let marked = MARKS.iter().any(|mark| before.ends_with(mark.trim_end()));
        // Inside of a comment that begins further up there is nothing before it.
        (marked || before.is_empty()).then_some(())?;
        let rest = without_end(line.get(start + BEGINS.len()..)?);
        Some(Self { column: start, rest, marked })
    }
}

struct Content<'a> {
    start: usize,
    words: &'a str,
    marked: bool,
}

/// What a line of a comment says, and where that begins.
fn content(line: &str) -> Content<'_> {
    let trimmed = line.trim_start();
    let mark = MARKS.iter().find(|mark| trimmed.starts_with(**mark));
    let inner = mark.and_then(|mark| trimmed.strip_prefix(mark)).unwrap_or(trimmed);
    let words = inner.trim_start();
    Content { start: line.len() - words.len(), words: without_end(words), marked: mark.is_some() }
}

fn without_end(text: &str) -> &str {
    let text = ENDS_ANYWHERE
        .iter()
        .filter_map(|end| text.split_once(end))
        .fold(text, |text, (before, _)| if before.len() < text.len() { before } else { text });
    let text = text.trim();
    ENDS.iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text).trim()
}

/// The order as people see it, and no longer than they would write.
fn shown(text: &str) -> String {
    let seen = text.chars().filter(|c| !vouchsafe_evidence::record::hides(*c));
    seen.take(ORDER_CHARS_MAX).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_syntax_of_comments_carries_an_order() {
        for line in [
            "  // vouchsafe: do it",
            "/// Vouchsafe: do it",
            "/* vouchsafe: do it */",
            "# VOUCHSAFE: do it",
            "-- vouchsafe: do it",
            "<!-- vouchsafe: do it -->",
            "; vouchsafe: do it",
            "% vouchsafe: do it",
            "(* vouchsafe: do it *)",
            "{- vouchsafe: do it -}",
            "let x = 1; // vouchsafe: do it",
            "--[[ vouchsafe: do it ]]",
        ] {
            let found = instruction_on(&Rope::from_str(line), 0).unwrap_or_else(|| panic!("{line}"));
            assert_eq!((found.text.as_str(), found.lines), ("do it", 0..1), "{line}");
        }
        for line in
            ["vouchsafe: x", "see vouchsafe: x", "// see vouchsafe: x", "// vouchsafe:", "// vouchsafes: x"]
        {
            assert_eq!(instruction_on(&Rope::from_str(line), 0), None, "{line}");
        }
    }

    #[test]
    fn an_order_goes_on_where_it_is_indented_further() {
        let text = Rope::from_str(
            "// vouchsafe: make this\n//    iterative,\n//    in place\n// Sorts.\nfn f() {}\n",
        );
        let found = instruction_on(&text, 0).unwrap();
        assert_eq!((found.text.as_str(), found.lines), ("make this iterative, in place", 0..3));
        assert_eq!(instruction_on(&text, 1), None);
    }

    #[test]
    fn what_hides_is_dropped() {
        let text = Rope::from_str("// vouchsafe: do\u{200b} it\u{e0041}\n");
        assert_eq!(instruction_on(&text, 0).unwrap().text, "do it");
    }
}
