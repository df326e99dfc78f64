//! Differences as text, for people.

use similar::TextDiff;
use vouchsafe_base::WorkspacePath;

use crate::review::Hunk;

/// One hunk as the lines of a diff, without context.
#[must_use]
pub fn hunk_diff(hunk: &Hunk) -> String {
    let line = |mark: char, line: &str| format!("{mark}{}\n", line.trim_end_matches(['\n', '\r']));
    let old = hunk.old.iter().map(|text| line('-', text));
    let new = hunk.new.iter().map(|text| line('+', text));
    old.chain(new).collect()
}

/// A unified diff of two texts of one file, for reading; `review::patch` writes what `git apply` takes.
#[must_use]
pub fn unified(path: &WorkspacePath, before: &str, after: &str) -> String {
    let name = path.to_string();
    TextDiff::from_lines(before, after).unified_diff().header(&name, &name).to_string()
}
