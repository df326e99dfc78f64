//! Hunks and conflicts as text for people: hover, *Compare*, the terminal.
//!
//! Invariants
//! - What is shown cannot deceive: control characters and those that turn the reading direction are made visible,
//!   and a fence is longer than any run of backticks inside.
//! - A block has at most [`LINES_MAX`] lines of each side, a line at most [`LINE_CHARS_MAX`] characters; what is
//!   left out is said.

use super::lines::{Lines, SplitLines as _, line_count};
use super::{Conflict, FileChange, HunkId, ProposedFile, ReviewedFile, State};

/// Unchanged lines shown around a hunk.
pub const CONTEXT_LINES: u32 = 3;
/// The most lines shown of each side of a hunk.
pub const LINES_MAX: usize = 200;
/// The most characters shown of one line.
pub const LINE_CHARS_MAX: usize = 400;

/// A hunk as a unified diff with the lines around it in the live text; a conflict as its three texts.
/// `None` if there is no such hunk.
#[must_use]
pub fn plain(file: &ReviewedFile, id: HunkId) -> Option<String> {
    let view = file.hunk(id)?;
    if let (State::Conflicted, Some(conflict)) = (view.state, file.conflict(id)) {
        return Some(conflict_text(&conflict, id));
    }
    let (old, new) = (&view.hunk.old, &view.hunk.new);
    let ends = mixed_line_ends(&[old, new]);
    let mut out = String::new();
    let at = view.at.unwrap_or(u32::MAX..u32::MAX);
    let above = at.start.saturating_sub(CONTEXT_LINES)..at.start;
    let below = at.end..at.end.saturating_add(CONTEXT_LINES).min(line_count(file.text()));
    push(&mut out, ' ', &Lines::of_rope(file.text(), above), ends);
    push(&mut out, '-', old, ends);
    push(&mut out, '+', new, ends);
    push(&mut out, ' ', &Lines::of_rope(file.text(), below), ends);
    Some(out)
}

/// The same in a fenced Markdown block, coloured as a diff where the editor does that.
#[must_use]
pub fn markdown(file: &ReviewedFile, id: HunkId) -> Option<String> {
    plain(file, id).map(|text| fenced(&text))
}

/// Text in a fenced `diff` block.
#[must_use]
pub fn fenced(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    format!("{fence}diff\n{text}{end}{fence}\n")
}

/// A change of a whole file, in one sentence without an end. A text says how many hunks it has.
#[must_use]
pub fn sentence(file: &ProposedFile) -> String {
    let path = visible(&file.path.to_string());
    match &file.change {
        FileChange::Text(text) if text.hunks.len() == 1 => format!("Change {path} in one place"),
        FileChange::Text(text) => format!("Change {path} in {} places", text.hunks.len()),
        FileChange::Create(entry) => format!("Create {path} ({})", entry.size()),
        FileChange::Delete(entry) => format!("Delete {path} ({})", entry.size()),
        FileChange::Rename { from } => format!("Rename {} to {path}", visible(&from.to_string())),
        FileChange::Binary { before, after } => {
            format!("Replace {path} (not text: {} bytes become {})", before.len(), after.len())
        }
        FileChange::Mode { from, to } if from & 0o111 == 0 && to & 0o111 != 0 => {
            format!("Make {path} executable")
        }
        FileChange::Mode { from, to } => {
            format!("Change the permissions of {path} from {from:03o} to {to:03o}")
        }
        FileChange::Symlink { from, to } => {
            let shown = |target: &[u8]| visible(&String::from_utf8_lossy(target));
            format!("Point the link {path} to {} instead of {}", shown(to), shown(from))
        }
        FileChange::Replace { before, after } => {
            format!("Replace {path} ({} by {})", before.size(), after.size())
        }
    }
}

fn conflict_text(conflict: &Conflict, id: HunkId) -> String {
    let texts = [&conflict.mine, &conflict.base, &conflict.theirs].map(|text| Lines::of(text));
    let ends = mixed_line_ends(&texts.each_ref());
    let [mine, base, theirs] = texts;
    let mut out = format!("{}\n<<<<<<< yours\n", conflict.reason);
    push(&mut out, '-', &mine, ends);
    out.push_str("||||||| before\n");
    push(&mut out, ' ', &base, ends);
    out.push_str("=======\n");
    push(&mut out, '+', &theirs, ends);
    out.push_str(&format!(">>>>>>> change {id}\n"));
    out
}

/// Adds lines with a sign before each.
fn push(out: &mut String, sign: char, lines: &Lines, ends: bool) {
    let count = lines.iter().len();
    // A block that is too long loses its middle.
    let (head, tail) = if count > LINES_MAX { (LINES_MAX / 2, LINES_MAX / 2) } else { (count, 0) };
    for line in lines.iter().take(head) {
        push_line(out, sign, line, ends);
    }
    if count > head + tail {
        out.push_str(&format!("{sign}… {} more lines …\n", count - head - tail));
    }
    for line in lines.iter().skip(count - tail) {
        push_line(out, sign, line, ends);
    }
}

fn push_line(out: &mut String, sign: char, line: &str, ends: bool) {
    let text = line.trim_end_matches(['\n', '\r']);
    let end = line.get(text.len()..).unwrap_or_default();
    out.push(sign);
    let shown = visible(text);
    match shown.char_indices().nth(LINE_CHARS_MAX) {
        Some((cut, _)) => {
            let left = shown.chars().count() - LINE_CHARS_MAX;
            out.push_str(&format!("{}… ({left} more)", shown.get(..cut).unwrap_or_default()));
        }
        None => out.push_str(&shown),
    }
    match end {
        "" => out.push_str("\n\\ No newline at end of file"),
        "\r\n" if ends => out.push('␍'),
        "\r" => out.push('␍'),
        _ => {}
    }
    out.push('\n');
}

/// Whether lines end in more than one way, so that the ends must be seen.
fn mixed_line_ends(blocks: &[&Lines]) -> bool {
    let crlf = |line: &str| line.ends_with("\r\n");
    let lines = || blocks.iter().flat_map(|block| block.iter()).filter(|line| line.ends_with('\n'));
    lines().any(crlf) && !lines().all(crlf)
}

/// Text without characters that act instead of being read. Tabs stay.
fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => out.push(c),
            '\0'..='\u{1f}' => out.extend(char::from_u32(0x2400 + u32::from(c))),
            '\u{7f}' => out.push('␡'),
            '\u{80}'..='\u{9f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}' => out.push_str(&format!("<U+{:04X}>", u32::from(c))),
            _ => out.push(c),
        }
    }
    out
}

impl super::Entry {
    /// What it is and how large, for people.
    fn size(&self) -> String {
        match (self, self.text()) {
            (Self::File { .. }, Some(text)) => match text.split_lines().count() {
                0 => "empty".to_owned(),
                1 => "one line".to_owned(),
                lines => format!("{lines} lines"),
            },
            (Self::File { bytes, .. }, None) => format!("{} bytes, not text", bytes.len()),
            (Self::Symlink { target }, _) => format!("link to {}", visible(&String::from_utf8_lossy(target))),
            (Self::Directory, _) => "directory".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use ropey::Rope;
    use vouchsafe_base::WorkspacePath;

    use super::super::{Author, Entry, TextChange};
    use super::*;

    const ID: HunkId = HunkId { task: 1, hunk: 1 };

    fn reviewed(base: &str, proposed: &str) -> ReviewedFile {
        let change = TextChange::new(ID, base, proposed, &|_| Vec::new());
        ReviewedFile::new(&change, &Rope::from_str(base))
    }

    #[test]
    fn a_hunk_has_three_lines_around_it() {
        let file = reviewed("1\n2\n3\n4\n5\n6\n7\n8\n9", "1\n2\n3\n4\nV\n6\n7\n8\n9");
        assert_eq!(plain(&file, ID).unwrap(), " 2\n 3\n 4\n-5\n+V\n 6\n 7\n 8\n");
        assert_eq!(plain(&reviewed("a", "b\n"), ID).unwrap(), "-a\n\\ No newline at end of file\n+b\n");
        assert_eq!(plain(&file, HunkId { hunk: 9, ..ID }), None);
    }

    #[test]
    fn nothing_acts_and_no_fence_is_broken() {
        let file = reviewed("a\n", "```\n\u{1b}[2J\u{202e}x\n");
        assert_eq!(markdown(&file, ID).unwrap(), "````diff\n-a\n+```\n+␛[2J<U+202E>x\n````\n");
    }

    #[test]
    fn a_change_of_line_ends_is_seen() {
        assert_eq!(plain(&reviewed("a\n", "a\r\n"), ID).unwrap(), "-a\n+a␍\n");
        assert_eq!(plain(&reviewed("a\r\n", "b\r\n"), ID).unwrap(), "-a\n+b\n");
    }

    #[test]
    fn long_hunks_lose_their_middle() {
        let long = "x\n".repeat(1000) + &"y".repeat(500);
        let shown = plain(&reviewed("", &long), ID).unwrap();
        assert!(shown.contains("+… 801 more lines …\n"), "{shown}");
        assert!(shown.contains("y… (100 more)\n"));
    }

    #[test]
    fn a_conflict_shows_three_texts() {
        let mut file = reviewed("a\nb\n", "a\nB\n");
        file.edited(1..2, 1, &Rope::from_str("a\nmine\n"), Author::User);
        let shown = plain(&file, ID).unwrap();
        let (reason, texts) = shown.split_once('\n').unwrap();
        assert_eq!(reason, "You changed these lines while the change waited for review.");
        assert_eq!(texts, "<<<<<<< yours\n-mine\n||||||| before\n b\n=======\n+B\n>>>>>>> change 1.1\n");
    }

    #[test]
    fn whole_files_are_told_in_a_sentence() {
        let path = |text| WorkspacePath::parse(text).unwrap();
        let told = |change| {
            sentence(&ProposedFile {
                path: path("b"),
                stands_at: path("a"),
                change,
                whole: None,
                protected: None,
                apart: std::collections::BTreeMap::new(),
            })
        };
        let file = |bytes: &[u8]| Entry::File { bytes: bytes.into(), mode: 0o644 };
        assert_eq!(told(FileChange::Rename { from: path("a") }), "Rename a to b");
        assert_eq!(told(FileChange::Create(file(b"x\ny"))), "Create b (2 lines)");
        assert_eq!(told(FileChange::Delete(file(b"\0"))), "Delete b (1 bytes, not text)");
        assert_eq!(told(FileChange::Mode { from: 0o644, to: 0o755 }), "Make b executable");
    }
}
