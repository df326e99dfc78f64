//! One text that says what happened and what the user sees: the whole of an assertion.
//!
//! Invariants
//! - The last line is always `disk  unchanged` or `disk  changed: …`: nothing may be written before a save.
//! - The server's own sentences are left out, so that rewording one does not break fifty tests; `messages` has them.

use std::collections::BTreeSet;

use expect_test::Expect;
use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use super::Editor;

impl Editor {
    /// Compares what happened since the last time, what is shown now, and the disk. `UPDATE_EXPECT=1` rewrites.
    #[expect(clippy::print_stderr, reason = "the comparison panics by itself; the log belongs beside it")]
    pub fn expect(&mut self, expected: &Expect) {
        self.catch_up();
        let shown = self.render();
        let same = shown.lines().map(str::trim).eq(expected.data().trim().lines().map(str::trim));
        if !same && std::env::var_os("UPDATE_EXPECT").is_none() {
            eprintln!("{}", self.wire.story());
        }
        expected.assert_eq(&shown);
    }

    fn render(&mut self) -> String {
        let mut lines = self.take_events();
        for (path, diagnostics) in &self.diagnostics {
            let notes: BTreeSet<(u64, String)> = diagnostics.iter().map(|one| note(path, one)).collect();
            lines.extend(notes.into_iter().map(|(_, note)| note));
        }
        lines.push(format!("disk  {}", self.yard.disk()));
        lines.join("\n") + "\n"
    }
}

fn note(path: &str, diagnostic: &Value) -> (u64, String) {
    let line = |end: &str| diagnostic["range"][end]["line"].as_u64().unwrap_or_default() + 1;
    let severity = match diagnostic["severity"].as_u64() {
        Some(1) => "error",
        Some(2) => "warning",
        Some(3) => "information",
        Some(4) => "hint",
        _ => "unrated",
    };
    let code = diagnostic["code"].as_str().unwrap_or("without-code");
    (line("start"), format!("note  {path}:{} {code} {severity}", line("start")))
}

/// The lines that differ, numbered as in the text each belongs to.
pub(super) fn changed_lines(before: &str, after: &str) -> Vec<String> {
    let diff = TextDiff::from_lines(before, after);
    let changes = diff.iter_all_changes().filter_map(|change| {
        let (sign, index) = match change.tag() {
            ChangeTag::Equal => return None,
            ChangeTag::Delete => ('-', change.old_index()),
            ChangeTag::Insert => ('+', change.new_index()),
        };
        let text = change.value().trim_end_matches(['\n', '\r']);
        Some(format!("  {} {sign} {text}", index.unwrap_or_default() + 1))
    });
    changes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_changed_lines_with_their_numbers() {
        assert_eq!(changed_lines("a\nb\nc\n", "a\nB\nc\nd\n"), ["  2 - b", "  2 + B", "  4 + d"]);
    }
}
